//! Opening the record, reading from it, and the one way to change it: a transaction that ends in an audit row.

use crate::audit::{self, Actor, Entry};
use crate::clock::Clock;
use crate::error::{Result, StoreError};
use crate::row::Row;
use crate::sql::Sql;
use crate::{migrations, sqlite};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::any::AnyConnectOptions;
use sqlx::{Any, AnyPool, Transaction};
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

/// The record of one college. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Record {
    inner: Arc<Inner>,
}

struct Inner {
    readers: AnyPool,
    writer: AnyPool,
    clock: Arc<dyn Clock>,
    place: String,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("place", &self.inner.place).finish_non_exhaustive()
    }
}

impl Record {
    /// Opens the record in a file, makes it when it is not there, and brings it to the newest schema.
    ///
    /// # Errors
    /// A file that is no database, that another program made, that a newer zhengai wrote, that is damaged, that may
    /// not be written or that cannot be reached, each with its own variant.
    pub async fn open_file(path: &Path, clock: impl Clock + 'static) -> Result<Self> {
        Self::open(&sqlite::address(path)?, clock).await
    }

    /// Opens the record at an address: `sqlite:/path/record.db?mode=rwc` (with `%` escapes). A database in memory is
    /// refused: a record is kept. See [`Record::open_file`] for errors.
    pub async fn open(url: &str, clock: impl Clock + 'static) -> Result<Self> {
        let place = place(url);
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        if !url.starts_with("sqlite:") || in_memory {
            return Err(StoreError::BadAddress { place });
        }
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(url).map_err(|_| StoreError::BadAddress { place: place.clone() })?;
        sqlite::recognise(&options, &place).await?;
        let (readers, writer) = sqlite::pools(&options, &place).await?;
        if let Err(error) = migrations::migrate(&writer, &migrations::SQLITE, &place).await {
            readers.close().await;
            writer.close().await;
            return Err(error);
        }
        Ok(Self { inner: Arc::new(Inner { readers, writer, clock: Arc::new(clock), place }) })
    }

    /// Closes all connections. Changes that were committed are safe without it; it folds the write-ahead log away.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    /// Where the record is, for people: a path, or an address without user and password.
    pub fn place(&self) -> &str {
        &self.inner.place
    }

    fn failed(&self, source: sqlx::Error) -> StoreError {
        StoreError::from_sql(&self.inner.place, source)
    }

    /// All rows of a query on `table`.
    pub(crate) async fn rows(&self, table: &'static str, sql: Sql) -> Result<Vec<Row>> {
        let rows = sql.query().fetch_all(&self.inner.readers).await.map_err(|error| self.failed(error))?;
        Ok(rows.into_iter().map(|row| Row::new(table, row)).collect())
    }

    /// The first row of a query on `table`.
    pub(crate) async fn row(&self, table: &'static str, sql: Sql) -> Result<Option<Row>> {
        let row = sql.query().fetch_optional(&self.inner.readers).await.map_err(|error| self.failed(error))?;
        Ok(row.map(|row| Row::new(table, row)))
    }

    /// Starts a change by this person. Dropping it leaves the record as it was.
    pub(crate) async fn change<'a>(&'a self, actor: &'a Actor) -> Result<Change<'a>> {
        if actor.name.trim().is_empty() || actor.role.trim().is_empty() {
            return Err(StoreError::Nobody);
        }
        // IMMEDIATE takes SQLite's write lock at once: a change that reads first can never fail half-way because
        // somebody else wrote in between.
        let transaction = self.inner.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| self.failed(error))?;
        let mut change = Change { record: self, actor, now: self.inner.clock.now(), transaction };
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

/// A path or address without user, password and options.
fn place(url: &str) -> String {
    let bare = url.split('?').next().unwrap_or(url);
    if let Some(path) = bare.strip_prefix("sqlite:") {
        return unescape(path.strip_prefix("//").unwrap_or(path));
    }
    match (bare.split_once("://"), bare.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => bare.to_owned(),
    }
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).filter(|_| *first == b'%');
        let hex = escaped.and_then(|pair| std::str::from_utf8(pair).ok());
        match hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A change under way. It ends in [`Change::commit`], which writes the audit row; nothing else commits.
pub(crate) struct Change<'a> {
    record: &'a Record,
    actor: &'a Actor,
    now: DateTime<Utc>,
    transaction: Transaction<'static, Any>,
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
        let done = sql.query().execute(&mut *self.transaction).await;
        done.map(|result| result.rows_affected()).map_err(|error| self.record.failed(error))
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
        let row = sql.query().fetch_optional(&mut *self.transaction).await;
        row.map(|row| row.map(|row| Row::new(table, row))).map_err(|error| self.record.failed(error))
    }

    /// Takes `count` numbers from a counter and gives the first.
    pub(crate) async fn numbers(&mut self, counter: &'static str, count: i64) -> Result<i64> {
        let sql = Sql::new("UPDATE counter SET last = last + $1 WHERE name = $2 RETURNING last").int(count);
        let row = self.row("counter", sql.text(counter)).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { thing: crate::Thing::Setting, id: counter.to_owned() })?;
        Ok(row.int("last")? - count + 1)
    }

    /// Writes the audit row and commits.
    pub(crate) async fn commit(mut self, entry: Entry) -> Result<()> {
        audit::append(&mut self, entry).await?;
        let record = self.record;
        self.transaction.commit().await.map_err(|error| record.failed(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_shows_neither_password_nor_options() {
        assert_eq!(place("sqlite:/%E6%95%B0/a%20b.db?mode=rwc"), "/数/a b.db");
        assert_eq!(place("postgres://zhengai:secret@db.example/qa?sslmode=require"), "postgres://db.example/qa");
        assert_eq!(place("sqlite://rel.db"), "rel.db");
    }
}
