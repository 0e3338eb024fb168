//! What is particular to PostgreSQL: settings of a session, how changes queue, telling a record from other databases,
//! and what its error codes mean.

use crate::address::Address;
use crate::error::{Result, StoreError};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::PgDatabaseError;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Row, Transaction};
use std::time::Duration;

/// What the first migration writes as comment of `audit_head`, as `application_id` does on SQLite.
const MARK: &str = "zhengai record";

/// Settings of every session. A commit is on the disk when it is answered, even where the server is set up to answer
/// earlier; nobody waits for ever, neither for a lock nor for a statement, and a process that hangs in the middle of a
/// change does not keep the others from theirs.
const SETTINGS: &str = "SET application_name = 'zhengai'; SET lock_timeout = '60s'; SET statement_timeout = '10min'; \
                        SET idle_in_transaction_session_timeout = '10min'; SET tcp_keepalives_idle = 60; \
                        SET default_transaction_isolation = 'read committed'; \
                        SELECT set_config('synchronous_commit', 'on', false) \
                        WHERE current_setting('synchronous_commit') = 'off';";

/// How long somebody waits for a connection. A server that restarts is back within it, and the wait ends in success.
const TURN: Duration = Duration::from_secs(20);

/// Connections that read, and connections that write. Writers queue in the database, at the end of the audit chain.
const READERS: u32 = 4;
const WRITERS: u32 = 4;

/// Tables in the schema that new tables would go to, without those of extensions; the mark; the encoding. A first
/// start that was killed right after the migrator made its own table has left nothing but that table.
const LOOK: &str = "\
    SELECT count(*) AS tables, \
    coalesce(obj_description(to_regclass('audit_head'), 'pg_class'), '') AS mark, \
    current_setting('server_encoding') AS encoding \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
    AND c.relname <> '_sqlx_migrations' \
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";

/// Refuses a database that another program made or that cannot hold Chinese, before anything of it is touched.
pub(crate) async fn recognise(address: &Address) -> Result<()> {
    let failed = |source| address.failed(source);
    let mut connection = connect(address).await?;
    let found = sqlx::query(LOOK).fetch_one(&mut connection).await;
    let closed = connection.close().await;
    let row = found.map_err(failed)?;
    closed.map_err(failed)?;
    let tables: i64 = row.try_get("tables").map_err(failed)?;
    let mark: String = row.try_get("mark").map_err(failed)?;
    let encoding: String = row.try_get("encoding").map_err(failed)?;
    let place = || address.place().to_owned();
    if encoding != "UTF8" {
        return Err(StoreError::NotUtf8 { place: place(), encoding });
    }
    if tables == 0 || mark == MARK { Ok(()) } else { Err(StoreError::Foreign { place: place() }) }
}

/// Whether the server answers at all.
pub(crate) async fn probe(address: &Address) -> Result<()> {
    connect(address).await?.close().await.map_err(|source| address.failed(source))
}

/// A connection outside the pools: it fails at once and with the cause, where a pool tries again until its time is up.
async fn connect(address: &Address) -> Result<AnyConnection> {
    AnyConnection::connect_with(address.options()).await.map_err(|source| match source {
        sqlx::Error::Io(_) => StoreError::NoServer { place: address.place().to_owned(), source },
        other => address.failed(other),
    })
}

/// Two pools. Each connection is tried before it is given out, so that a restart of the server costs nothing but the
/// change that was under way.
pub(crate) async fn pools(options: &AnyConnectOptions) -> sqlx::Result<(AnyPool, AnyPool)> {
    let pool = |connections: u32| {
        AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(TURN)
            .test_before_acquire(true)
            .after_connect(|connection, _| {
                Box::pin(async move { sqlx::raw_sql(SETTINGS).execute(connection).await.map(drop) })
            })
            .connect_with(options.clone())
    };
    let writer = pool(WRITERS).await?;
    let readers = pool(READERS).await?;
    Ok((readers, writer))
}

/// Begins a change and waits for its turn: whoever holds the row of the chain's end is the only writer, and each
/// statement that follows sees everything that was committed before.
pub(crate) async fn begin(writer: &AnyPool) -> sqlx::Result<Transaction<'static, Any>> {
    let mut transaction = writer.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
    sqlx::query("SELECT seq FROM audit_head WHERE id = 1 FOR UPDATE").fetch_optional(&mut *transaction).await?;
    Ok(transaction)
}

/// Sorts by SQLSTATE, <https://www.postgresql.org/docs/current/errcodes-appendix.html>. Server messages may quote
/// values, never the password.
pub(crate) fn cause(place: &str, source: sqlx::Error) -> StoreError {
    let place = place.to_owned();
    match &source {
        sqlx::Error::PoolTimedOut => return StoreError::Busy { place, source },
        sqlx::Error::Tls(_) => return StoreError::Tls { place, source },
        // An established connection that breaks; one that cannot be made is `NoServer`.
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => return StoreError::Lost { place, source },
        _ => {}
    }
    let database = source.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let code = database.map(|error| error.code().to_owned()).unwrap_or_default();
    match code.as_str() {
        "28P01" | "28000" => StoreError::Login { place, source },
        "3D000" => StoreError::NoDatabase { place, source },
        "42501" => StoreError::NotAllowed { place, source },
        "25006" => StoreError::ReadOnly { place, source },
        "53100" => StoreError::Full { place, source },
        "53300" | "53200" | "53000" | "53400" => StoreError::Exhausted { place, source },
        "55P03" | "57014" | "40001" | "40P01" => StoreError::Busy { place, source },
        "57P03" => StoreError::NoServer { place, source },
        "25P03" | "57P01" | "57P02" | "57P04" | "57P05" => StoreError::Lost { place, source },
        "XX001" | "XX002" => StoreError::Damaged { place, source },
        "22021" => StoreError::NulInText { place, source },
        code if code.starts_with("08") => StoreError::Lost { place, source },
        _ => StoreError::Refused { place, source },
    }
}
