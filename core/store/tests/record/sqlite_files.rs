//! What is particular to SQLite: schema and migrations, settings, guards inside the file, files that are no record.

use crate::contract::Place;
use crate::contract::samples::{admin, batch, clock, finish, raised, refused, run};
use crate::sqlite::SqlitePlace;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Row};
use std::path::Path;
use zhengai_model::fault::Fault;
use zhengai_store::{BatchFilter, Record};

/// Tables, indexes and triggers as SQLite keeps them.
async fn schema(place: &SqlitePlace) -> Vec<String> {
    let mut tool = place.tool().await;
    let rows = sqlx::query("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetch_all(&mut tool).await;
    let text = |row: &sqlx::any::AnyRow, at: usize| row.try_get::<Option<String>, _>(at).unwrap().unwrap_or_default();
    rows.unwrap().iter().map(|row| format!("{} {} {}", text(row, 0), text(row, 1), text(row, 2))).collect()
}

async fn number(tool: &mut AnyConnection, sql: &'static str) -> i64 {
    sqlx::query(sql).fetch_one(tool).await.unwrap().try_get(0).unwrap()
}

async fn folder_of_migrations() -> Migrator {
    Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite").as_path()).await.unwrap()
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let place = SqlitePlace::fresh();
    place.open().await.close().await;
    let first = schema(&place).await;
    place.open().await.close().await;
    assert_eq!(schema(&place).await, first);
    assert!(first.iter().any(|line| line.starts_with("table audit ")));
}

#[tokio::test]
async fn a_fresh_record_equals_one_migrated_from_any_earlier_version() {
    let fresh = SqlitePlace::fresh();
    fresh.open().await.close().await;
    let want = schema(&fresh).await;
    let scripts = folder_of_migrations().await;
    for script in scripts.iter() {
        let old = SqlitePlace::fresh();
        let mut tool = old.tool().await;
        scripts.run_to(script.version, &mut tool).await.unwrap();
        drop(tool);
        old.open().await.close().await;
        assert_eq!(schema(&old).await, want, "from {}", script.version);
    }
}

#[tokio::test]
async fn the_binary_carries_every_migration_of_the_folder_unchanged() {
    let place = SqlitePlace::fresh();
    place.open().await.close().await;
    let mut tool = place.tool().await;
    let rows =
        sqlx::query("SELECT version, checksum FROM _sqlx_migrations ORDER BY version").fetch_all(&mut tool).await;
    let applied: Vec<(i64, Vec<u8>)> =
        rows.unwrap().iter().map(|row| (row.try_get(0).unwrap(), row.try_get(1).unwrap())).collect();
    let folder = folder_of_migrations().await;
    let want: Vec<_> = folder.iter().map(|script| (script.version, script.checksum.to_vec())).collect();
    assert_eq!(applied, want);
}

#[tokio::test]
async fn columns_are_text_or_bigint_only() {
    let place = SqlitePlace::fresh();
    place.open().await.close().await;
    let sql = "SELECT t.name || '.' || c.name || ' ' || c.type FROM sqlite_master t, pragma_table_info(t.name) c \
               WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND c.type NOT IN ('TEXT', 'BIGINT')";
    let rows = sqlx::query(sql).fetch_all(&mut place.tool().await).await.unwrap();
    let others: Vec<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
    assert_eq!(others, Vec::<String>::new());
}

#[tokio::test]
async fn a_record_of_a_newer_program_is_refused_and_left_alone() {
    let place = SqlitePlace::fresh();
    place.open().await.close().await;
    let newer = "INSERT INTO _sqlx_migrations SELECT 99990101000000, 'future', installed_on, success, checksum, \
                 execution_time FROM _sqlx_migrations LIMIT 1";
    sqlx::raw_sql(newer).execute(&mut place.tool().await).await.unwrap();
    let before = schema(&place).await;
    refused(Record::open_file(&place.file(), clock).await, "newer", Fault::Conflict);
    assert_eq!(schema(&place).await, before);
}

#[tokio::test]
async fn a_migration_that_was_altered_is_refused() {
    let place = SqlitePlace::fresh();
    place.open().await.close().await;
    let alter = "UPDATE _sqlx_migrations SET checksum = x'00'";
    sqlx::raw_sql(alter).execute(&mut place.tool().await).await.unwrap();
    refused(Record::open_file(&place.file(), clock).await, "altered-migration", Fault::Conflict);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let place = SqlitePlace::fresh();
    let text = "学号,姓名\n".repeat(500);
    std::fs::write(place.file(), &text).unwrap();
    refused(Record::open_file(&place.file(), clock).await, "not-a-database", Fault::Invalid);
    assert_eq!(std::fs::read_to_string(place.file()).unwrap(), text);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let place = SqlitePlace::fresh();
    let other = "CREATE TABLE book (title TEXT); INSERT INTO book VALUES ('红楼梦')";
    sqlx::raw_sql(other).execute(&mut place.tool().await).await.unwrap();
    let before = std::fs::read(place.file()).unwrap();
    refused(Record::open_file(&place.file(), clock).await, "foreign", Fault::Invalid);
    assert_eq!(std::fs::read(place.file()).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_record_is_named_as_such() {
    let place = SqlitePlace::fresh();
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    record.close().await;
    let mut bytes = std::fs::read(place.file()).unwrap();
    // Everything behind the first page, which holds the schema, becomes nonsense.
    bytes.iter_mut().skip(4096).for_each(|byte| *byte = 0xA5);
    std::fs::write(place.file(), bytes).unwrap();
    let result = match Record::open_file(&place.file(), clock).await {
        Ok(record) => record.batch_list(&BatchFilter::default()).await.map(drop),
        Err(error) => Err(error),
    };
    refused(result, "damaged", Fault::Unavailable);
}

#[tokio::test]
async fn an_empty_file_becomes_a_record() {
    let place = SqlitePlace::fresh();
    std::fs::write(place.file(), "").unwrap();
    assert_eq!(place.open().await.audit_verify().await.unwrap().sound, 0);
}

#[tokio::test]
async fn a_first_start_that_was_cut_off_before_its_first_migration_is_resumed() {
    let place = SqlitePlace::fresh();
    folder_of_migrations().await.run_to(1, &mut place.tool().await).await.unwrap();
    assert!(!schema(&place).await.is_empty(), "the migrator's own table is there");
    assert_eq!(place.open().await.audit_verify().await.unwrap().sound, 0);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let place = SqlitePlace::fresh();
    let missing = place.file().join("record.db");
    let opened = Record::open_file(&missing, clock).await;
    refused(opened, "unreachable", Fault::Unavailable);
}

#[tokio::test]
async fn addresses_of_no_lasting_database_are_refused() {
    for address in ["sqlite::memory:", "sqlite:x?mode=memory", "mysql://a:b@c/d", "record.db", ""] {
        let opened = Record::open(address, clock).await;
        refused(opened, "bad-address", Fault::Invalid);
    }
}

#[tokio::test]
async fn a_record_that_may_only_be_read_says_so_when_it_is_changed() {
    let place = SqlitePlace::fresh();
    place.open().await.close().await;
    place.tool().await;
    let address = format!("sqlite:{}?mode=ro", place.file().with_file_name("tool.db").display());
    let record = Record::open(&address, clock).await.unwrap();
    assert!(record.batch_list(&BatchFilter::default()).await.unwrap().is_empty());
    refused(record.batch_create(&admin(), &batch("B1")).await, "read-only", Fault::Unavailable);
}

#[tokio::test]
async fn a_transaction_cut_off_by_a_crash_is_not_there_afterwards() {
    let place = SqlitePlace::fresh();
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    let mut tool = place.tool().await;
    let half = "BEGIN IMMEDIATE; UPDATE audit_head SET seq = 2, hash = 'x'; \
                INSERT INTO meta (key, value) VALUES ('half', 'done')";
    sqlx::raw_sql(half).execute(&mut tool).await.unwrap();
    // What the disk holds at this instant, as a power cut would leave it: the file and its write-ahead log.
    let after = SqlitePlace::fresh();
    for ending in ["", "-wal"] {
        let name = |place: &SqlitePlace| {
            let mut name = place.file().into_os_string();
            name.push(ending);
            name
        };
        std::fs::copy(name(&place), name(&after)).unwrap();
    }
    let survivor = after.open().await;
    assert_eq!(survivor.meta_get("half").await.unwrap(), None);
    assert_eq!(survivor.batch_list(&BatchFilter::default()).await.unwrap().len(), 1);
    let check = survivor.audit_verify().await.unwrap();
    assert_eq!((check.sound, check.broken), (1, None));
}

#[tokio::test]
async fn the_file_itself_refuses_changes_to_audit_settled_runs_and_published_versions() {
    let place = SqlitePlace::fresh();
    let record = place.open().await;
    raised(&record, &[]).await;
    finish(&record, "R1").await;
    let mut tool = place.tool().await;
    let publish = "INSERT INTO indicator_version VALUES ('A', 1, 'h', 1, '{}', NULL, '', '')";
    sqlx::raw_sql(publish).execute(&mut tool).await.unwrap();
    for sql in [
        "UPDATE audit SET why = ''",
        "DELETE FROM audit",
        "UPDATE run SET summary = '{}'",
        "UPDATE run SET state = 'running'",
        "DELETE FROM run",
        "UPDATE indicator_version SET body = '{}'",
    ] {
        assert!(sqlx::raw_sql(sql).execute(&mut tool).await.is_err(), "{sql}");
    }
    record.run_start(&admin(), &run("R2")).await.unwrap();
    finish(&record, "R2").await;
    sqlx::raw_sql("UPDATE run SET superseded_by = 'R2' WHERE id = 'R1'").execute(&mut tool).await.unwrap();
}

#[tokio::test]
async fn the_file_is_in_wal_mode_and_marked_as_a_record() {
    let place = SqlitePlace::fresh();
    let record = place.open().await;
    let mut tool = place.tool().await;
    let mode: String = sqlx::query("PRAGMA journal_mode").fetch_one(&mut tool).await.unwrap().try_get(0).unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(number(&mut tool, "PRAGMA application_id").await, 0x5A48_4149);
    record.close().await;
}
