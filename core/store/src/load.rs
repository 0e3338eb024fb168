//! A dump into an empty record: all of it or nothing, with every count, hash and link of the audit chain checked
//! before anything is kept.

use crate::address::Address;
use crate::audit::Link;
use crate::backend::{self, Backend};
use crate::canonical::hex;
use crate::clock::Clock;
use crate::dump::{DumpRule, DumpSummary, FORMAT, Head, Mark, TableSummary, headed};
use crate::error::{Result, StoreError};
use crate::migrations;
use crate::record::Record;
use crate::sql::Sql;
use crate::tables::{self, Kind, SEEDED, Table};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AnyPool};
use std::io::{BufRead, Read};

/// Longest line that is read. The longest texts of a record are definitions and summaries of runs.
const LONGEST: u64 = 256 << 20;

/// Rows of one statement.
const CHUNK: usize = 20;

impl Record {
    /// Loads a dump into the database at an address, which must be empty or an empty record. See [`Record::load_at`].
    pub async fn load(url: &str, source: impl BufRead + Send, clock: impl Clock + 'static) -> Result<DumpSummary> {
        Self::load_at(&Address::parse(url)?, source, clock).await
    }

    /// Loads a dump in one transaction and brings the schema to the newest version afterwards. An error leaves an
    /// empty record, so that it can be tried again.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`], [`StoreError::BadDump`] with line and rule, [`StoreError::Newer`] for a dump of a
    /// newer program, and what can go wrong when a record is opened.
    pub async fn load_at(
        address: &Address,
        source: impl BufRead + Send,
        clock: impl Clock + 'static,
    ) -> Result<DumpSummary> {
        let mut lines = Lines { source, number: 0, whole: Sha256::new(), part: Sha256::new() };
        let schema = lines.header(address)?;
        backend::recognise(address).await?;
        let (readers, writer) = backend::pools(address).await?;
        let loaded = load(address, &writer, schema, &mut lines).await;
        readers.close().await;
        writer.close().await;
        let summary = loaded?;
        // Opening brings the schema to the newest version.
        Self::open_at(address, clock).await?.close().await;
        Ok(summary)
    }
}

async fn load(
    address: &Address,
    writer: &AnyPool,
    schema: i64,
    lines: &mut Lines<impl BufRead>,
) -> Result<DumpSummary> {
    migrations::migrate_to(writer, address, schema).await.map_err(|error| match error {
        // A record that is there already, with a newer schema than the dump.
        StoreError::Newer { place, .. } => StoreError::NotEmpty { place },
        other => other,
    })?;
    let failed = |source| address.failed(source);
    let mut transaction = backend::begin(address, writer).await?;
    // Rows come table by table, and a run may be superseded by a later one: references are checked at the end.
    let defer = match address.backend() {
        Backend::Sqlite => "PRAGMA defer_foreign_keys = ON",
        Backend::Postgres => "SET CONSTRAINTS ALL DEFERRED",
    };
    sqlx::raw_sql(defer).execute(&mut *transaction).await.map_err(failed)?;
    let tables = tables::tables(address.backend(), &mut transaction).await.map_err(failed)?;
    make_room(address, &mut transaction, &tables).await?;
    let mut summary = DumpSummary { schema, tables: Vec::new(), audit: Head::default(), sha256: String::new() };
    let mut chain = Chain::default();
    for table in &tables {
        summary.tables.push(load_table(address, &mut transaction, table, lines, &mut chain).await?);
    }
    let whole = hex(&lines.whole.clone().finalize());
    let Mark::Total { tables, rows, audit, sha256 } = lines.mark()? else { return Err(lines.bad(DumpRule::Line)) };
    if tables != summary.tables.len() as u64 || rows != summary.rows() {
        return Err(lines.bad(DumpRule::Count));
    }
    if sha256 != whole {
        return Err(lines.bad(DumpRule::Hash));
    }
    if chain.seen != chain.head || audit != chain.head {
        return Err(lines.bad(DumpRule::Chain));
    }
    lines.end()?;
    (summary.audit, summary.sha256) = (audit, sha256);
    transaction.commit().await.map_err(failed)?;
    Ok(summary)
}

/// Takes away what the migrations put into an empty record, which the dump brings itself.
async fn make_room(address: &Address, connection: &mut AnyConnection, tables: &[Table]) -> Result<()> {
    let failed = |source| address.failed(source);
    for table in tables.iter().filter(|table| !SEEDED.contains(&table.name)) {
        let sql = Sql::built(format!("SELECT 1 AS one FROM \"{}\" LIMIT 1", table.name));
        if sql.query().fetch_optional(&mut *connection).await.map_err(failed)?.is_some() {
            return Err(StoreError::NotEmpty { place: address.place().to_owned() });
        }
    }
    for name in SEEDED {
        Sql::built(format!("DELETE FROM \"{name}\"")).query().execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

async fn load_table(
    address: &Address,
    connection: &mut AnyConnection,
    table: &Table,
    lines: &mut Lines<impl BufRead>,
    chain: &mut Chain,
) -> Result<TableSummary> {
    lines.part = Sha256::new();
    let Mark::Table { name, columns } = lines.mark()? else { return Err(lines.bad(DumpRule::Line)) };
    if name != table.name || columns != table.columns.iter().map(headed).collect::<Vec<_>>() {
        return Err(lines.bad(DumpRule::Table));
    }
    let mut rows = 0;
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let part = hex(&lines.part.clone().finalize());
        match lines.next()? {
            Line::Row(row) => {
                let fits = |(value, column): (&Value, &tables::Column)| match column.kind {
                    Kind::Int => value.is_null() || value.as_i64().is_some(),
                    Kind::Text => value.is_null() || value.is_string(),
                };
                if row.len() != table.columns.len() || !row.iter().zip(&table.columns).all(fits) {
                    return Err(lines.bad(DumpRule::Table));
                }
                if !chain.follow(table, &row)? {
                    return Err(lines.bad(DumpRule::Chain));
                }
                rows += 1;
                chunk.push(row);
                if chunk.len() == CHUNK {
                    insert(address, connection, table, &mut chunk).await?;
                }
            }
            Line::Mark(Mark::End { name, rows: said, sha256 }) => {
                if name != table.name || said != rows {
                    return Err(lines.bad(DumpRule::Count));
                }
                if sha256 != part {
                    return Err(lines.bad(DumpRule::Hash));
                }
                insert(address, connection, table, &mut chunk).await?;
                return Ok(TableSummary { name, rows, sha256 });
            }
            Line::Mark(_) => return Err(lines.bad(DumpRule::Line)),
        }
    }
}

async fn insert(
    address: &Address,
    connection: &mut AnyConnection,
    table: &Table,
    chunk: &mut Vec<Vec<Value>>,
) -> Result<()> {
    if chunk.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::built(format!("INSERT INTO \"{}\" ({})", table.name, table.names()));
    sql = sql.values(table.columns.len(), "", chunk.len());
    for row in chunk.drain(..) {
        for (value, column) in row.into_iter().zip(&table.columns) {
            sql = match (column.kind, value) {
                (Kind::Int, value) => sql.maybe_int(value.as_i64()),
                (Kind::Text, Value::String(text)) => sql.text(text),
                (Kind::Text, _) => sql.maybe(None::<String>),
            };
        }
    }
    sql.query().execute(connection).await.map(drop).map_err(|source| address.failed(source))
}

/// Walks the audit chain while its rows pass by.
#[derive(Default)]
struct Chain {
    /// The last row that passed.
    seen: Head,
    /// The end as `audit_head` has it.
    head: Head,
}

impl Chain {
    /// Whether the row of the table agrees with those before it.
    fn follow(&mut self, table: &Table, row: &[Value]) -> Result<bool> {
        let value = |name: &str| {
            let at = table.columns.iter().position(|column| column.name == name);
            at.and_then(|at| row.get(at)).unwrap_or(&Value::Null)
        };
        let text = |name: &str| value(name).as_str().map(ToOwned::to_owned);
        let seq = value("seq").as_i64().unwrap_or(0);
        let here = Head { seq: u64::try_from(seq).unwrap_or(0), hash: text("hash").unwrap_or_default() };
        match table.name {
            "audit_head" => self.head = here,
            "audit" => {
                let link = Link {
                    seq,
                    at: text("at").unwrap_or_default(),
                    actor: text("actor").unwrap_or_default(),
                    role: text("role").unwrap_or_default(),
                    action: text("action").unwrap_or_default(),
                    thing: text("thing").unwrap_or_default(),
                    subject: text("subject").unwrap_or_default(),
                    why: text("why"),
                    before: text("before_json"),
                    after: text("after_json"),
                };
                if here.seq != self.seen.seq + 1 || link.hash(&self.seen.hash)? != here.hash {
                    return Ok(false);
                }
                self.seen = here;
            }
            _ => {}
        }
        Ok(true)
    }
}

/// A line of a dump.
enum Line {
    Row(Vec<Value>),
    Mark(Mark),
}

/// The lines of a dump, hashed as they are read.
struct Lines<R> {
    source: R,
    number: u64,
    whole: Sha256,
    part: Sha256,
}

impl<R: BufRead> Lines<R> {
    fn bad(&self, rule: DumpRule) -> StoreError {
        StoreError::BadDump { line: self.number, rule }
    }

    /// The line without its end.
    fn text(&mut self) -> Result<Vec<u8>> {
        self.number += 1;
        let mut line = Vec::new();
        let read = self.source.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        read.map_err(|source| StoreError::DumpIo { source })?;
        if line.pop() != Some(b'\n') {
            return Err(self.bad(DumpRule::Cut));
        }
        for bytes in [line.as_slice(), b"\n"] {
            self.whole.update(bytes);
            self.part.update(bytes);
        }
        Ok(line)
    }

    fn next(&mut self) -> Result<Line> {
        let line = self.text()?;
        let parsed = if line.first() == Some(&b'[') {
            serde_json::from_slice(&line).map(Line::Row)
        } else {
            serde_json::from_slice(&line).map(Line::Mark)
        };
        parsed.map_err(|_| self.bad(DumpRule::Line))
    }

    fn mark(&mut self) -> Result<Mark> {
        match self.next()? {
            Line::Mark(mark) => Ok(mark),
            Line::Row(_) => Err(self.bad(DumpRule::Line)),
        }
    }

    /// Version of the schema, when it is one that this program knows.
    fn header(&mut self, address: &Address) -> Result<i64> {
        let Ok(Mark::Dump { format: FORMAT, schema }) = self.mark() else { return Err(self.bad(DumpRule::Form)) };
        let scripts = address.backend().scripts();
        let known = migrations::newest(scripts);
        if schema > known {
            return Err(StoreError::Newer { place: address.place().to_owned(), found: schema, known });
        }
        if scripts.iter().all(|(version, ..)| *version != schema) {
            return Err(self.bad(DumpRule::Schema));
        }
        Ok(schema)
    }

    /// Nothing may follow the last line.
    fn end(&mut self) -> Result<()> {
        self.number += 1;
        let rest = self.source.fill_buf().map_err(|source| StoreError::DumpIo { source })?;
        if rest.is_empty() { Ok(()) } else { Err(self.bad(DumpRule::Line)) }
    }
}
