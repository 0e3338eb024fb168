//! What is particular to SQLite: addresses, settings of a connection, and telling a record from other files.

use crate::address::Address;
use crate::error::{Result, StoreError};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection, Row};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// `application_id` of a record: the letters ZHAI. The first migration writes it.
const APPLICATION_ID: i64 = 0x5A48_4149;

/// Settings of every connection. WAL lets readers go on while one writes; FULL makes a commit survive a power cut.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                        PRAGMA busy_timeout = 15000; PRAGMA cache_size = -65536;";

/// `SQLITE_IOERR_SHMSIZE`.
const SHARED_MEMORY_SIZE: i64 = 4874;

/// How long a reader or writer of this process waits for its turn. A bulk save of a large run takes seconds.
const TURN: Duration = Duration::from_secs(60);

/// Connections that read.
const READERS: u32 = 4;

/// The address of a file, created when it is not there.
pub(crate) fn address(path: &Path) -> Result<String> {
    let bad = || StoreError::BadAddress { place: path.display().to_string() };
    let text = path.to_str().ok_or_else(bad)?;
    if text.is_empty() {
        return Err(bad());
    }
    let mut url = String::from("sqlite:");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.') {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("writing to a String never fails");
        }
    }
    url.push_str("?mode=rwc");
    Ok(url)
}

/// Refuses a sound database that another program made, before anything of it is touched.
pub(crate) async fn recognise(address: &Address) -> Result<()> {
    let failed = |source| address.failed(source);
    let mut connection = AnyConnection::connect_with(address.options()).await.map_err(failed)?;
    let found = look(&mut connection).await;
    let closed = connection.close().await;
    let (id, tables) = found.map_err(failed)?;
    closed.map_err(failed)?;
    let fresh = tables == 0 && id == 0;
    let place = address.place().to_owned();
    if fresh || id == APPLICATION_ID { Ok(()) } else { Err(StoreError::Foreign { place }) }
}

async fn look(connection: &mut AnyConnection) -> sqlx::Result<(i64, i64)> {
    sqlx::raw_sql("PRAGMA busy_timeout = 15000").execute(&mut *connection).await?;
    let id = sqlx::query("PRAGMA application_id").fetch_one(&mut *connection).await?.try_get(0)?;
    // A first start that was killed right after the migrator made its own table has left nothing but that table.
    let tables = sqlx::query("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE '%sqlx_migrations%'")
        .fetch_one(connection)
        .await?
        .try_get(0)?;
    Ok((id, tables))
}

/// Two pools: many readers, one writer. The single writer makes changes queue in this process fairly instead of
/// meeting each other in the database's own lock.
pub(crate) async fn pools(options: &AnyConnectOptions) -> sqlx::Result<(AnyPool, AnyPool)> {
    let pool = |connections: u32| {
        AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(TURN)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move { sqlx::raw_sql(SETTINGS).execute(connection).await.map(drop) })
            })
            .connect_with(options.clone())
    };
    // A pool tries again for a minute and then says that it is busy, whatever is wrong. So one connection goes first.
    let mut first = AnyConnection::connect_with(options).await?;
    sqlx::raw_sql(SETTINGS).execute(&mut first).await?;
    // The settings are made without the index of the write-ahead log; the first look at a table needs it.
    sqlx::query("SELECT count(*) FROM sqlite_master").fetch_one(&mut first).await?;
    let writer = pool(1).await?;
    let readers = pool(READERS).await?;
    first.close().await?;
    Ok((readers, writer))
}

/// Sorts by result code, <https://sqlite.org/rescode.html>. Extended codes keep the primary one in their low byte.
pub(crate) fn cause(place: &str, source: sqlx::Error) -> StoreError {
    let place = place.to_owned();
    if matches!(source, sqlx::Error::PoolTimedOut) {
        return StoreError::Busy { place, source };
    }
    let Some(code) = source.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned()) else {
        return match source {
            sqlx::Error::Io(_) => StoreError::Unreachable { place, source },
            _ => StoreError::Refused { place, source },
        };
    };
    let code = code.parse::<i64>();
    // "The underlying filesystem volume is out of space", says SQLite of its index of the write-ahead log.
    if code == Ok(SHARED_MEMORY_SIZE) {
        return StoreError::Full { place, source };
    }
    match code.map(|code| code & 0xff) {
        Ok(5 | 6) => StoreError::Busy { place, source },
        Ok(8) => StoreError::ReadOnly { place, source },
        Ok(11) => StoreError::Damaged { place, source },
        Ok(13) => StoreError::Full { place, source },
        Ok(10 | 14) => StoreError::Unreachable { place, source },
        Ok(26) => StoreError::NotADatabase { place, source },
        _ => StoreError::Refused { place, source },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // A test may.
mod tests {
    use super::*;

    #[test]
    fn blanks_chinese_and_signs_in_a_path_are_escaped() {
        let url = address(Path::new("/数据/a b?#%.db")).unwrap();
        assert_eq!(url, "sqlite:/%E6%95%B0%E6%8D%AE/a%20b%3F%23%25.db?mode=rwc");
    }
}
