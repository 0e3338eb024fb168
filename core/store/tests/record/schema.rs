//! The schema on both databases: what was migrated step by step equals what was made at once, and the same version
//! means the same tables, columns, keys, guards and order of texts.

use crate::contract::Place;
use crate::contract::samples::clock;
use crate::postgres::PostgresPlace;
use crate::sqlite::SqlitePlace;
use sqlx::any::AnyConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection, Row};
use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;
use zhengai_store::Record;

async fn scripts(database: &str) -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(database);
    Migrator::new(folder.as_path()).await.unwrap()
}

async fn tool(place: &PostgresPlace) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let options = AnyConnectOptions::from_str(&place.database.url()).unwrap();
    AnyConnection::connect_with(&options).await.unwrap()
}

/// One row of the first schema in each table that later migrations touched.
const ROWS: &str = "\
    INSERT INTO plugin_state (id, enabled, version, config, updated_at, actor) VALUES ('p', 1, '1', '{}', 't', 'a'); \
    INSERT INTO batch (id, dataset, state, file, mode, detail, at, actor, updated_at) \
    VALUES ('B1', 'd', 'applied', 'f', 'append', 'null', 't', 'a', 't'); \
    INSERT INTO run (id, period, layers, state, request, at, actor) VALUES ('R1', 'P', '[]', 'failed', '{}', 't', 'a')";

/// What a database says of itself, one line a fact.
const POSTGRES: &str = "\
    SELECT 'column ' || c.relname || ' ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) \
        || ' ' || a.attnotnull || ' ' || coalesce(l.collname, '') || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') \
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
        LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> 0 \
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
    UNION SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
    UNION SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
    UNION SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
    UNION SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
    UNION SELECT 'comment ' || objoid::regclass || ' ' || description FROM pg_description \
        WHERE objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
    UNION SELECT 'seed ' || name || ' ' || last FROM counter UNION SELECT 'seed head ' || seq || hash FROM audit_head \
    ORDER BY 1";

#[tokio::test]
async fn on_postgres_a_fresh_record_equals_one_migrated_from_any_earlier_version_and_keeps_its_rows() {
    let Some(fresh) = PostgresPlace::fresh() else { return };
    fresh.open().await.close().await;
    let want = fresh.database.sql(POSTGRES);
    assert!(want.contains("column audit 1 seq bigint true"), "{want}");
    fresh.open().await.close().await;
    assert_eq!(fresh.database.sql(POSTGRES), want, "migrating twice changes nothing");
    let scripts = scripts("postgres").await;
    for script in scripts.iter() {
        let old = fresh.sibling();
        let mut tool = tool(&old).await;
        scripts.run_to(script.version, &mut tool).await.unwrap();
        tool.close().await.unwrap();
        old.database.sql(ROWS);
        old.open().await.close().await;
        assert_eq!(old.database.sql(POSTGRES), want, "from {}", script.version);
        assert_eq!(old.database.sql("SELECT id FROM batch UNION ALL SELECT id FROM plugin_state"), "B1\np\n");
    }
}

#[tokio::test]
async fn on_sqlite_rows_of_an_earlier_version_are_kept() {
    let scripts = scripts("sqlite").await;
    for script in scripts.iter() {
        let old = SqlitePlace::fresh();
        let mut tool = old.tool().await;
        scripts.run_to(script.version, &mut tool).await.unwrap();
        sqlx::raw_sql(ROWS).execute(&mut tool).await.unwrap();
        old.open().await.close().await;
        let kept = "SELECT id FROM batch UNION ALL SELECT id FROM plugin_state UNION ALL SELECT id FROM run";
        assert_eq!(columns(&mut tool, kept).await, ["B1", "p", "R1"], "from {}", script.version);
    }
}

/// Tables with their columns in order: name, type, whether it may be empty, place in the key.
async fn columns(connection: &mut AnyConnection, sql: &'static str) -> Vec<String> {
    let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.try_get::<String, _>(0).unwrap()).collect()
}

#[tokio::test]
async fn both_databases_have_the_same_versions_tables_columns_keys_and_indexes() {
    let versions = |scripts: Migrator| scripts.iter().map(|s| (s.version, s.description.clone())).collect::<Vec<_>>();
    assert_eq!(versions(scripts("sqlite").await), versions(scripts("postgres").await));
    let Some(server) = PostgresPlace::fresh() else { return };
    let file = SqlitePlace::fresh();
    server.open().await.close().await;
    file.open().await.close().await;
    let (mut server, mut file) = (tool(&server).await, file.tool().await);
    let on_file = "SELECT m.name || ' ' || c.cid || ' ' || c.name || ' ' || lower(c.type) || ' ' || c.\"notnull\" || ' ' \
                   || c.pk || ' ' || coalesce(c.dflt_value, '') FROM sqlite_master m, pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND m.name NOT LIKE '%sqlx%' ORDER BY m.name, c.cid";
    let on_server = "SELECT c.relname || ' ' || (row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) - 1) || ' ' \
                     || a.attname || ' ' || format_type(a.atttypid, NULL) || ' ' || a.attnotnull::int || ' ' \
                     || coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) || ' ' \
                     || coalesce(replace(pg_get_expr(d.adbin, d.adrelid), '::bigint', ''), '') \
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
                     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
                     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations' \
                     ORDER BY c.relname COLLATE \"C\", a.attnum";
    assert_eq!(columns(&mut server, on_server).await, columns(&mut file, on_file).await);
    let on_file = "SELECT m.name || ' ' || i.name || ' ' || i.\"unique\" || ' ' || i.partial || ' ' \
                   || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
                   FROM sqlite_master m, pragma_index_list(m.name) i WHERE i.origin = 'c' ORDER BY 1";
    let on_server = "SELECT t.relname || ' ' || c.relname || ' ' || i.indisunique::int || ' ' \
                     || (i.indpred IS NOT NULL)::int || ' ' || (SELECT string_agg(a.attname, ',' ORDER BY k.at) \
                     FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, at) \
                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) \
                     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
                     WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary ORDER BY 1";
    let sorted = |lines: Vec<String>| lines.into_iter().collect::<BTreeSet<_>>();
    let (server, file) = (columns(&mut server, on_server).await, columns(&mut file, on_file).await);
    assert!(server.contains(&"warning warning_one_open 1 1 rule,kind,object,period".to_owned()), "{server:?}");
    assert_eq!(sorted(server), sorted(file));
}

#[tokio::test]
async fn both_databases_have_the_same_guards_and_references() {
    let Some(server) = PostgresPlace::fresh() else { return };
    let file = SqlitePlace::fresh();
    server.open().await.close().await;
    file.open().await.close().await;
    let mut file = file.tool().await;
    // Emptying a whole table is a statement of PostgreSQL alone.
    let guards = "SELECT tgname || ' ' || tgrelid::regclass FROM pg_trigger \
                  WHERE NOT tgisinternal AND tgname NOT LIKE '%\\_emptied' ORDER BY tgname COLLATE \"C\"";
    let on_file = "SELECT name || ' ' || tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name";
    assert_eq!(lines(&server.database.sql(guards)), columns(&mut file, on_file).await);
    let references = "SELECT conrelid::regclass || ' ' || a.attname || ' ' || confrelid::regclass FROM pg_constraint \
                      JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1] WHERE contype = 'f'";
    let on_file = "SELECT m.name || ' ' || f.\"from\" || ' ' || f.\"table\" FROM sqlite_master m, \
                   pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
    let sorted = |lines: Vec<String>| lines.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(sorted(lines(&server.database.sql(references))), sorted(columns(&mut file, on_file).await));
    let fixed = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable";
    assert_eq!(server.database.sql(fixed), "", "a dump is loaded table by table");
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn texts_on_postgres_compare_by_their_bytes_and_nothing_but_text_and_bigint_is_there() {
    let Some(place) = PostgresPlace::fresh() else { return };
    place.open().await.close().await;
    let others = "SELECT table_name || '.' || column_name FROM information_schema.columns \
                  WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' \
                  AND NOT (data_type = 'bigint' OR data_type = 'text' AND collation_name = 'C')";
    assert_eq!(place.database.sql(others), "");
    assert_eq!(
        place.database.sql("SELECT 'B' < 'a' COLLATE \"C\", 'B' < 'a'"),
        "t|f\n",
        "and it makes a difference here"
    );
}

#[tokio::test]
async fn a_dump_holds_every_table_of_the_schema() {
    let place = SqlitePlace::fresh();
    let record = place.open().await;
    let summary = record.dump(std::io::sink()).await.unwrap();
    let dumped: Vec<String> = summary.tables.into_iter().map(|table| table.name).collect();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlx%' ORDER BY name";
    assert_eq!(dumped, columns(&mut place.tool().await, sql).await, "name the new table in src/tables.rs");
}

#[tokio::test]
async fn tables_that_others_put_beside_ours_are_left_out_of_a_dump() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    let before = record.dump(std::io::sink()).await.unwrap();
    place.database.sql("CREATE TABLE statistics (day date, size numeric); INSERT INTO statistics VALUES (now(), 1.5)");
    assert_eq!(place.open().await.dump(std::io::sink()).await.unwrap(), before);
}

#[tokio::test]
async fn the_binary_carries_every_migration_for_postgres_unchanged() {
    let Some(place) = PostgresPlace::fresh() else { return };
    Record::open(&place.database.url(), clock).await.unwrap().close().await;
    let applied = place.database.sql("SELECT version, encode(checksum, 'hex') FROM _sqlx_migrations ORDER BY version");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let folder = scripts("postgres").await;
    let want: Vec<String> =
        folder.iter().map(|script| format!("{}|{}", script.version, hex(&script.checksum))).collect();
    assert_eq!(lines(&applied), want);
}
