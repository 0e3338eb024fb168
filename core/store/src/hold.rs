//! Being the only process that works on a record. A file is guarded by the lock of its data directory; a server may be
//! reached from many machines, so the lock is taken there and ends with the connection that holds it.

use crate::backend::Backend;
use crate::error::{Result, StoreError};
use crate::record::Record;
use sqlx::{AnyConnection, Connection};
use std::sync::Mutex;

/// `ZHAI`, the number of the lock; PostgreSQL keeps such locks apart by database.
const LOCK: &str = "SELECT pg_advisory_lock(1514684745)";

/// A process that just ended is gone from the server within moments. An idle session is the point here, whatever the
/// server thinks of it.
const SETTINGS: &str = "SET application_name = 'zhengai lock'; SET lock_timeout = '5s'; SET tcp_keepalives_idle = 60; \
                        SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout';";

/// Held while this process is the only one to work on a record. Dropping it lets go.
#[derive(Debug)]
pub struct Hold {
    // Nobody reads it; the lock only lets a college that holds it be looked at by several threads.
    _connection: Mutex<Option<AnyConnection>>,
}

impl Record {
    /// Takes the record for this process.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it.
    pub async fn hold(&self) -> Result<Hold> {
        if self.backend() == Backend::Sqlite {
            return Ok(Hold { _connection: Mutex::new(None) });
        }
        let connected = AnyConnection::connect_with(self.address().options()).await;
        let mut connection = connected.map_err(|source| self.failed(source))?;
        sqlx::raw_sql(SETTINGS).execute(&mut connection).await.map_err(|source| self.failed(source))?;
        match sqlx::raw_sql(LOCK).execute(&mut connection).await.map_err(|source| self.failed(source)) {
            Ok(_) => Ok(Hold { _connection: Mutex::new(Some(connection)) }),
            Err(StoreError::Busy { place, .. }) => Err(StoreError::InUse { place }),
            Err(other) => Err(other),
        }
    }
}
