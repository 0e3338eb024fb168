//! What is particular to PostgreSQL: servers that are not there, refuse, break off or come back, and databases that
//! are no record.

use crate::contract::Place;
use crate::contract::samples::{admin, audit_rows, batch, clock, finish, raised, refused, run};
use crate::postgres::PostgresPlace;
use std::error::Error;
use zhengai_model::fault::Fault;
use zhengai_store::{BatchFilter, NewBatch, Record};
use zhengai_test_postgres::{GUEST, Stop, own, shared};

/// The password of a guest, escaped.
const ESCAPED: &str = "p%40ss%3Aw%2Frd%20%E5%AF%86%231%25%3F";

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    for url in ["postgres://u@127.0.0.1:1/d", "postgres://u@localhost/d?host=/nowhere", "postgres://u@no.invalid/d"] {
        refused(Record::open(url, clock).await, "no-server", Fault::Unavailable);
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_shown_nowhere() {
    let Some(place) = PostgresPlace::fresh() else { return };
    for login in ["guest", "guest:geheim", "nobody:geheim"] {
        let opened = Record::open(&place.database.url_of(login), clock).await;
        let error = opened.as_ref().unwrap_err();
        let mut told = format!("{error:?} {error}");
        let mut cause = error.source();
        while let Some(next) = cause {
            told.push_str(&format!(" {next:?} {next}"));
            cause = next.source();
        }
        assert!(!told.contains("geheim"), "{told}");
        refused(opened, "login", Fault::Unauthenticated);
    }
}

#[tokio::test]
async fn a_user_who_may_log_in_but_make_no_tables_is_told_so() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let opened = Record::open(&place.database.url_of(&format!("{GUEST}:{ESCAPED}")), clock).await;
    refused(opened, "not-allowed", Fault::Forbidden);
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(place.database.sql(tables), "0\n");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let url = place.database.url().replace(&place.database.name, "elsewhere");
    refused(Record::open(&url, clock).await, "no-database", Fault::Invalid);
}

#[tokio::test]
async fn a_server_without_encryption_is_refused_when_it_is_asked_for() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let opened = Record::open(&format!("{}&sslmode=require", place.database.url()), clock).await;
    refused(opened, "tls", Fault::Invalid);
}

#[tokio::test]
async fn a_server_that_has_no_connection_left_says_so() {
    let Some(place) = PostgresPlace::fresh() else { return };
    place.database.sql("DO $$ BEGIN CREATE ROLE crowd LOGIN CONNECTION LIMIT 0; EXCEPTION WHEN OTHERS THEN END $$");
    refused(Record::open(&place.database.url_of("crowd"), clock).await, "exhausted", Fault::Exhausted);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let Some(place) = PostgresPlace::fresh() else { return };
    place.database.sql("CREATE TABLE book (title text)");
    refused(Record::open(&place.database.url(), clock).await, "foreign", Fault::Invalid);
    let tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(place.database.sql(tables), "book\n");
}

#[tokio::test]
async fn a_database_that_cannot_hold_chinese_is_refused() {
    let Some(cluster) = shared() else { return };
    let options = "TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'";
    let opened = Record::open(&cluster.database_with(options).url(), clock).await;
    refused(opened, "not-utf8", Fault::Invalid);
}

#[tokio::test]
async fn a_first_start_that_was_cut_off_before_its_first_migration_is_resumed() {
    let Some(place) = PostgresPlace::fresh() else { return };
    place.open().await.close().await;
    let begun = place.sibling();
    let table = "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on \
                 TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time \
                 BIGINT NOT NULL)";
    begun.database.sql(table);
    assert_eq!(begun.open().await.audit_verify().await.unwrap().sound, 0);
}

#[tokio::test]
async fn a_record_of_a_newer_program_or_with_an_altered_migration_is_refused() {
    let Some(place) = PostgresPlace::fresh() else { return };
    place.open().await.close().await;
    let newer = "INSERT INTO _sqlx_migrations SELECT 99990101000000, 'future', installed_on, success, checksum, \
                 execution_time FROM _sqlx_migrations LIMIT 1";
    place.database.sql(newer);
    refused(Record::open(&place.database.url(), clock).await, "newer", Fault::Conflict);
    place.database.sql("DELETE FROM _sqlx_migrations WHERE version = 99990101000000");
    place.database.sql("UPDATE _sqlx_migrations SET checksum = '\\x00'");
    refused(Record::open(&place.database.url(), clock).await, "altered-migration", Fault::Conflict);
}

#[tokio::test]
async fn a_server_that_may_only_be_read_is_named() {
    let Some(place) = PostgresPlace::fresh() else { return };
    place.open().await.close().await;
    let database = &place.database;
    database.sql(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name));
    refused(Record::open(&database.url(), clock).await, "read-only", Fault::Unavailable);
}

/// Makes inserting a batch fail as the server does with this code.
fn fails_with(place: &PostgresPlace, state: &str) {
    place.database.sql(&format!(
        "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '{state}'; END $$; \
         CREATE OR REPLACE TRIGGER fail BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION fail()"
    ));
}

#[tokio::test]
async fn what_a_server_says_is_told_by_its_cause_and_nothing_is_kept() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    for (state, code, fault) in [
        ("53100", "full", Fault::Exhausted),
        ("53200", "exhausted", Fault::Exhausted),
        ("55P03", "busy", Fault::Unavailable),
        ("57014", "busy", Fault::Unavailable),
        ("42501", "not-allowed", Fault::Forbidden),
        ("25006", "read-only", Fault::Unavailable),
        ("XX001", "damaged", Fault::Unavailable),
        ("08006", "lost", Fault::Unavailable),
        ("P0001", "refused", Fault::Internal),
    ] {
        fails_with(&place, state);
        refused(record.batch_create(&admin(), &batch("B1")).await, code, fault);
    }
    place.database.sql("DROP TRIGGER fail ON batch");
    assert_eq!(audit_rows(&record).await, 0);
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
}

#[tokio::test]
async fn a_text_that_postgres_cannot_keep_is_refused() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    let bad = NewBatch { file: "考勤\0.csv".to_owned(), ..batch("B1") };
    refused(record.batch_create(&admin(), &bad).await, "nul-in-text", Fault::Invalid);
    assert_eq!(audit_rows(&record).await, 0);
}

/// Ends all sessions in the database but the one that asks.
const END_ALL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test]
async fn sessions_that_ended_between_changes_cost_nothing() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    assert_ne!(place.database.sql(END_ALL), "0\n");
    record.batch_create(&admin(), &batch("B2")).await.unwrap();
    assert_eq!(record.batch_list(&BatchFilter::default()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_of_a_change_is_told_and_nothing_of_it_is_kept() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    place.database.sql(
        "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; \
         CREATE TRIGGER leave AFTER INSERT ON batch FOR EACH ROW EXECUTE FUNCTION leave()",
    );
    refused(record.batch_create(&admin(), &batch("B1")).await, "lost", Fault::Unavailable);
    place.database.sql("DROP TRIGGER leave ON batch");
    assert!(record.batch_list(&BatchFilter::default()).await.unwrap().is_empty());
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_of_a_commit_leaves_doubt_and_says_so() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    place.database.sql(
        "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; \
         CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON batch DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION leave()",
    );
    refused(record.batch_create(&admin(), &batch("B1")).await, "commit-unknown", Fault::Unavailable);
}

#[tokio::test]
async fn a_server_that_crashes_and_comes_back_has_what_was_committed_and_the_record_goes_on() {
    let Some(cluster) = own() else { return };
    let database = cluster.database();
    let record = Record::open(&database.url(), clock).await.unwrap();
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    cluster.stop(Stop::Crash);
    refused(Record::open(&database.url(), clock).await, "no-server", Fault::Unavailable);
    cluster.go();
    record.batch_create(&admin(), &batch("B2")).await.unwrap();
    let check = record.audit_verify().await.unwrap();
    assert_eq!((check.sound, check.broken), (2, None));
}

#[tokio::test]
async fn the_database_itself_refuses_changes_to_audit_settled_runs_and_published_versions() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let record = place.open().await;
    raised(&record, &[]).await;
    finish(&record, "R1").await;
    place.database.sql("INSERT INTO indicator_version VALUES ('A', 1, 'h', 1, '{}', NULL, '', '')");
    for sql in [
        "UPDATE audit SET why = ''",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE run SET summary = '{}'",
        "UPDATE run SET state = 'running'",
        "DELETE FROM run",
        "TRUNCATE run CASCADE",
        "UPDATE indicator_version SET body = '{}'",
    ] {
        let guarded = format!(
            "DO $$ BEGIN {sql}; RAISE EXCEPTION 'not refused' USING ERRCODE = 'ZZ000'; \
             EXCEPTION WHEN raise_exception THEN END $$"
        );
        place.database.sql(&guarded);
    }
    record.run_start(&admin(), &run("R2")).await.unwrap();
    finish(&record, "R2").await;
    place.database.sql("UPDATE run SET superseded_by = 'R2' WHERE id = 'R1'");
}

#[tokio::test]
async fn only_one_process_holds_a_record_and_the_next_one_has_its_turn() {
    let Some(place) = PostgresPlace::fresh() else { return };
    let (first, second) = (place.open().await, place.open().await);
    let held = first.hold().await.unwrap();
    refused(second.hold().await, "in-use", Fault::Unavailable);
    assert!(second.batch_list(&BatchFilter::default()).await.unwrap().is_empty(), "reading needs no hold");
    drop(held);
    second.hold().await.unwrap();
}
