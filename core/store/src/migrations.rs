//! The schema: forward-only migrations with a time stamp, embedded in the binary, one folder per database.

use crate::error::{Result, StoreError};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyPool, SqlSafeStr};
use std::borrow::Cow;

/// `(version, what it does, SQL)`, oldest first. The version is the time stamp of the file's name.
pub(crate) type Script = (i64, &'static str, &'static str);

/// Migrations for SQLite.
pub(crate) const SQLITE: [Script; 2] = [
    (20_261_121_220_000, "record", include_str!("../../../migrations/sqlite/20261121220000_record.sql")),
    (20_261_122_013_000, "sources", include_str!("../../../migrations/sqlite/20261122013000_sources.sql")),
];

fn migrator(scripts: &[Script]) -> Migrator {
    let migrations = scripts.iter().map(|(version, name, sql)| {
        Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, (*sql).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Brings the database to the newest schema. Each migration is one transaction; one that was applied is skipped.
pub(crate) async fn migrate(pool: &AnyPool, scripts: &[Script], place: &str) -> Result<()> {
    let place = || place.to_owned();
    migrator(scripts).run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => {
            let known = scripts.iter().map(|(version, ..)| *version).max().unwrap_or(0);
            if found > known {
                StoreError::Newer { place: place(), found, known }
            } else {
                StoreError::AlteredMigration { place: place(), version: found }
            }
        }
        MigrateError::VersionMismatch(version) => StoreError::AlteredMigration { place: place(), version },
        MigrateError::Execute(source) => StoreError::from_sql(&place(), source),
        source => StoreError::Migration { place: place(), source },
    })
}
