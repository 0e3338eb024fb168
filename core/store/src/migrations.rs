//! The schema: forward-only migrations with a time stamp, embedded in the binary, one folder per database. A version
//! means the same tables in both, see `tests/record/schema.rs`.

use crate::address::Address;
use crate::backend::Backend;
use crate::error::{Result, StoreError};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, Row, SqlSafeStr};
use std::borrow::Cow;

/// `(version, what it does, SQL)`, oldest first. The version is the time stamp of the file's name.
pub(crate) type Script = (i64, &'static str, &'static str);

/// The file of a migration in the folder of a database.
macro_rules! script {
    ($version:literal, $name:literal, $file:literal) => {
        ($version, $name, include_str!(concat!("../../../migrations/", $file)))
    };
}

/// Migrations for SQLite.
pub(crate) const SQLITE: [Script; 4] = [
    script!(20_261_121_220_000, "record", "sqlite/20261121220000_record.sql"),
    script!(20_261_122_013_000, "sources", "sqlite/20261122013000_sources.sql"),
    script!(20_261_122_050_000, "users", "sqlite/20261122050000_users.sql"),
    script!(20_261_122_060_000, "console", "sqlite/20261122060000_console.sql"),
];

/// Migrations for PostgreSQL.
pub(crate) const POSTGRES: [Script; 4] = [
    script!(20_261_121_220_000, "record", "postgres/20261121220000_record.sql"),
    script!(20_261_122_013_000, "sources", "postgres/20261122013000_sources.sql"),
    script!(20_261_122_050_000, "users", "postgres/20261122050000_users.sql"),
    script!(20_261_122_060_000, "console", "postgres/20261122060000_console.sql"),
];

/// The newest version that this program knows.
pub(crate) fn newest(scripts: &[Script]) -> i64 {
    scripts.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

fn migrator(scripts: &[Script]) -> Migrator {
    let migrations = scripts.iter().map(|(version, name, sql)| {
        Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, (*sql).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Brings the database to the newest schema. One that was applied is skipped. Several processes may do this at once.
pub(crate) async fn migrate(pool: &AnyPool, address: &Address) -> Result<()> {
    migrate_to(pool, address, newest(address.backend().scripts())).await
}

/// [`migrate`] to a version that is not the newest, for a dump of that time.
pub(crate) async fn migrate_to(pool: &AnyPool, address: &Address, version: i64) -> Result<()> {
    let scripts: Vec<Script> =
        address.backend().scripts().iter().filter(|script| script.0 <= version).copied().collect();
    run(pool, address.backend(), &scripts).await.map_err(|error| cause(error, address, newest(&scripts)))
}

/// sqlx takes a lock of its own on PostgreSQL and has none for SQLite. There the write lock of the database stands in
/// for one, so that the second of two processes finds the work of the first done; where nothing is pending no lock is
/// taken, and readers open beside a writer.
async fn run(pool: &AnyPool, backend: Backend, scripts: &[Script]) -> std::result::Result<(), MigrateError> {
    // `Migrator::run` would do the same, but its future cannot be sent to another thread.
    let migrator = migrator(scripts);
    let mut connection = pool.acquire().await?;
    if backend == Backend::Postgres || !pending(&mut connection, scripts).await? {
        return migrator.run_direct(None, &mut *connection, false).await;
    }
    drop(connection);
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    migrator.run_direct(None, &mut *transaction, false).await?;
    Ok(transaction.commit().await?)
}

async fn pending(connection: &mut AnyConnection, scripts: &[Script]) -> sqlx::Result<bool> {
    let table = "SELECT count(*) AS n FROM sqlite_master WHERE name = '_sqlx_migrations'";
    if sqlx::query(table).fetch_one(&mut *connection).await?.try_get::<i64, _>("n")? == 0 {
        return Ok(true);
    }
    let rows = sqlx::query("SELECT version FROM _sqlx_migrations").fetch_all(connection).await?;
    let applied: Vec<i64> = rows.iter().map(|row| row.try_get("version")).collect::<sqlx::Result<_>>()?;
    Ok(scripts.iter().any(|(version, ..)| !applied.contains(version)))
}

/// The version of the schema that the database has.
pub(crate) async fn version(connection: &mut AnyConnection) -> sqlx::Result<i64> {
    let row = sqlx::query("SELECT max(version) AS version FROM _sqlx_migrations").fetch_one(connection).await?;
    row.try_get("version")
}

fn cause(error: MigrateError, address: &Address, known: i64) -> StoreError {
    let place = || address.place().to_owned();
    match error {
        MigrateError::VersionMissing(found) if found > known => StoreError::Newer { place: place(), found, known },
        MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
            StoreError::AlteredMigration { place: place(), version }
        }
        MigrateError::Execute(source) => address.failed(source),
        // A statement of a migration that the user may not run, or for which there is no room, has that cause.
        MigrateError::ExecuteMigration(source, version) => match address.failed(source) {
            StoreError::Refused { source, .. } => {
                StoreError::Migration { place: place(), source: MigrateError::ExecuteMigration(source, version) }
            }
            other => other,
        },
        source => StoreError::Migration { place: place(), source },
    }
}
