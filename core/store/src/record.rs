//! Opening the record, reading from it, and the one way to change it: a transaction that ends in an audit row.

use crate::address::Address;
use crate::audit::{self, Actor, Entry};
use crate::backend::{self, Backend};
use crate::clock::Clock;
use crate::error::{Result, StoreError};
use crate::migrations;
use crate::row::Row;
use crate::sql::Sql;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Any, AnyPool, Transaction};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a file that others are just opening or closing is asked again, as long as one statement would wait.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two such tries.
const AGAIN: Duration = Duration::from_millis(20);

/// The record of one college. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Record {
    inner: Arc<Inner>,
    undoes: Option<u64>,
}

struct Inner {
    readers: AnyPool,
    writer: AnyPool,
    clock: Arc<dyn Clock>,
    address: Address,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("place", &self.inner.address.place()).finish_non_exhaustive()
    }
}

impl Record {
    /// Opens the record in a file, makes it when it is not there, and brings it to the newest schema.
    ///
    /// # Errors
    /// A file that is no database, that another program made, that a newer zhengai wrote, that is damaged, that may
    /// not be written or that cannot be reached, each with its own variant.
    pub async fn open_file(path: &Path, clock: impl Clock + 'static) -> Result<Self> {
        Self::open_at(&Address::file(path)?, clock).await
    }

    /// Opens the record at an address: `sqlite:/path/record.db?mode=rwc` (with `%` escapes) or
    /// `postgres://user:password@host/database`. A database in memory is refused: a record is kept. See
    /// [`Record::open_at`] for errors.
    pub async fn open(url: &str, clock: impl Clock + 'static) -> Result<Self> {
        Self::open_at(&Address::parse(url)?, clock).await
    }

    /// Opens the record at an address and brings it to the newest schema; an empty database becomes a record.
    ///
    /// # Errors
    /// One variant for each cause: no server, refused login, no such database, another program's database, a newer
    /// schema, no right to write, no room, …; see [`StoreError`].
    pub async fn open_at(address: &Address, clock: impl Clock + 'static) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let begun = Instant::now();
        let mut again = tokio::time::interval(AGAIN);
        loop {
            again.tick().await;
            match Self::open_once(address, &clock).await {
                // While the last other connection closes, SQLite refuses at once instead of waiting its own time
                // (<https://sqlite.org/wal.html>, section 9).
                Err(StoreError::Busy { .. }) if address.backend() == Backend::Sqlite && begun.elapsed() < PATIENCE => {}
                opened => return opened,
            }
        }
    }

    async fn open_once(address: &Address, clock: &Arc<dyn Clock>) -> Result<Self> {
        backend::recognise(address).await?;
        let (readers, writer) = backend::pools(address).await?;
        if let Err(error) = migrations::migrate(&writer, address).await {
            readers.close().await;
            writer.close().await;
            return Err(error);
        }
        let inner = Inner { readers, writer, clock: Arc::clone(clock), address: address.clone() };
        Ok(Self { inner: Arc::new(inner), undoes: None })
    }

    /// The same record for changes that take back what the audit row with this number tells: their own rows say so.
    #[must_use]
    pub fn undoing(&self, seq: u64) -> Self {
        Self { inner: self.inner.clone(), undoes: Some(seq) }
    }

    /// Closes all connections. Changes that were committed are safe without it; it folds the write-ahead log away.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    /// Where the record is, for people: a path, or an address without user and password.
    pub fn place(&self) -> &str {
        self.inner.address.place()
    }

    /// The kind of its database.
    pub fn backend(&self) -> Backend {
        self.inner.address.backend()
    }

    pub(crate) fn address(&self) -> &Address {
        &self.inner.address
    }

    pub(crate) fn readers(&self) -> &AnyPool {
        &self.inner.readers
    }

    pub(crate) fn failed(&self, source: sqlx::Error) -> StoreError {
        self.inner.address.failed(source)
    }

    /// Why a read failed. A pool that gave up says only that it did; the server may say more.
    async fn read_failed(&self, source: sqlx::Error) -> StoreError {
        match source {
            sqlx::Error::PoolTimedOut => backend::no_turn(&self.inner.address).await,
            other => self.failed(other),
        }
    }

    /// All rows of a query on `table`.
    pub(crate) async fn rows(&self, table: &'static str, sql: Sql) -> Result<Vec<Row>> {
        match sql.query().fetch_all(&self.inner.readers).await {
            Ok(rows) => Ok(rows.into_iter().map(|row| Row::new(table, row)).collect()),
            Err(source) => Err(self.read_failed(source).await),
        }
    }

    /// The first row of a query on `table`.
    pub(crate) async fn row(&self, table: &'static str, sql: Sql) -> Result<Option<Row>> {
        match sql.query().fetch_optional(&self.inner.readers).await {
            Ok(row) => Ok(row.map(|row| Row::new(table, row))),
            Err(source) => Err(self.read_failed(source).await),
        }
    }

    /// Writes something that nobody decided, such as when a token was used: the one way past the audit.
    pub(crate) async fn note(&self, sql: Sql) -> Result<()> {
        match sql.query().execute(&self.inner.writer).await {
            Ok(_) => Ok(()),
            Err(source) => Err(self.read_failed(source).await),
        }
    }

    /// Starts a change by this person. Dropping it leaves the record as it was.
    pub(crate) async fn change<'a>(&'a self, actor: &'a Actor) -> Result<Change<'a>> {
        if actor.name.trim().is_empty() || actor.role.trim().is_empty() {
            return Err(StoreError::Nobody);
        }
        let transaction = backend::begin(&self.inner.address, &self.inner.writer).await?;
        let mut change = Change { record: self, actor, now: self.inner.clock.now(), transaction, spoilt: None };
        let newest = change.row("audit", Sql::new(NEWEST)).await?;
        if let Some(newest) = newest.map(|row| row.time("at")).transpose()? {
            change.now = after(newest, change.now);
        }
        Ok(change)
    }

    /// When the newest change was made, as the record has it: a clock that shows less went back. Changes made meanwhile
    /// are timed right after it, so that their order stays true.
    pub async fn newest(&self) -> Result<Option<DateTime<Utc>>> {
        self.row("audit", Sql::new(NEWEST)).await?.map(|row| row.time("at")).transpose()
    }
}

/// The newest row of the audit chain: every change has one.
const NEWEST: &str = "SELECT at FROM audit ORDER BY seq DESC LIMIT 1";

/// The time of a change: that of the clock, unless it lies before the newest change.
fn after(newest: DateTime<Utc>, clock: DateTime<Utc>) -> DateTime<Utc> {
    if clock < newest { newest + TimeDelta::microseconds(1) } else { clock }
}

/// A change under way. It ends in [`Change::commit`], which writes the audit row; nothing else commits.
pub(crate) struct Change<'a> {
    record: &'a Record,
    actor: &'a Actor,
    now: DateTime<Utc>,
    transaction: Transaction<'static, Any>,
    /// The code of the first error. PostgreSQL answers a commit after an error with a silent rollback, so that a
    /// change goes no further than its first error on either database.
    spoilt: Option<&'static str>,
}

impl Change<'_> {
    /// The time of this change, as stored.
    pub(crate) fn at(&self) -> String {
        crate::clock::stored(self.now)
    }

    /// The time of this change.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The person's name.
    pub(crate) fn by(&self) -> String {
        self.actor.name.clone()
    }

    /// The person.
    pub(crate) fn actor(&self) -> &Actor {
        self.actor
    }

    /// Runs a statement and gives the number of rows that it touched.
    pub(crate) async fn run(&mut self, sql: Sql) -> Result<u64> {
        match sql.query().execute(&mut *self.transaction).await {
            Ok(result) => Ok(result.rows_affected()),
            Err(source) => Err(self.spoil(source)),
        }
    }

    /// [`Change::run`] for a statement with very many arguments.
    pub(crate) async fn run_wide(&mut self, sql: Sql) -> Result<u64> {
        self.run(if self.record.backend() == Backend::Sqlite { sql.nameless() } else { sql }).await
    }

    fn spoil(&mut self, source: sqlx::Error) -> StoreError {
        let error = self.record.failed(source);
        self.spoilt.get_or_insert(error.code());
        error
    }

    /// Inserts one thing; a second one with its key is [`StoreError::Exists`].
    pub(crate) async fn insert(&mut self, thing: crate::Thing, id: &str, sql: Sql) -> Result<()> {
        match self.run(sql).await {
            Err(error) if error.is_duplicate() => Err(StoreError::Exists { thing, id: id.to_owned() }),
            other => other.map(drop),
        }
    }

    /// The first row of a query on `table`, as this transaction sees it.
    pub(crate) async fn row(&mut self, table: &'static str, sql: Sql) -> Result<Option<Row>> {
        match sql.query().fetch_optional(&mut *self.transaction).await {
            Ok(row) => Ok(row.map(|row| Row::new(table, row))),
            Err(source) => Err(self.spoil(source)),
        }
    }

    /// All rows of a query on `table`, as this transaction sees them.
    pub(crate) async fn rows(&mut self, table: &'static str, sql: Sql) -> Result<Vec<Row>> {
        match sql.query().fetch_all(&mut *self.transaction).await {
            Ok(rows) => Ok(rows.into_iter().map(|row| Row::new(table, row)).collect()),
            Err(source) => Err(self.spoil(source)),
        }
    }

    /// Takes `count` numbers from a counter and gives the first.
    pub(crate) async fn numbers(&mut self, counter: &'static str, count: i64) -> Result<i64> {
        let sql = Sql::new("UPDATE counter SET last = last + $1 WHERE name = $2 RETURNING last").int(count);
        let row = self.row("counter", sql.text(counter)).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { thing: crate::Thing::Setting, id: counter.to_owned() })?;
        Ok(row.int("last")? - count + 1)
    }

    /// The number of the audit row that this change takes back.
    pub(crate) fn undoes(&self) -> Option<u64> {
        self.record.undoes
    }

    /// Writes the audit row and commits.
    pub(crate) async fn commit(self, entry: Entry) -> Result<()> {
        self.commit_all(vec![entry]).await
    }

    /// Writes an audit row for each thing that was changed and commits.
    pub(crate) async fn commit_all(mut self, entries: Vec<Entry>) -> Result<()> {
        audit::append(&mut self, entries).await?;
        if let Some(code) = self.spoilt {
            return Err(StoreError::Spoilt { code });
        }
        let record = self.record;
        self.transaction.commit().await.map_err(|source| match record.failed(source) {
            StoreError::Lost { place, source } => StoreError::CommitUnknown { place, source },
            other => other,
        })
    }
}
