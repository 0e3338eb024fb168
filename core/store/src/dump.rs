//! The whole record as text that belongs to no database: JSON lines, one state of the record, the same bytes from
//! SQLite and from PostgreSQL. Backups and moves are made of it.
//!
//! ```text
//! {"line":"dump","format":1,"schema":20261122013000}
//! {"line":"table","name":"audit","columns":["seq int","at text",…]}
//! [1,"2026-03-01T08:00:00.000000Z",…]                       one row a line, in the order of the key
//! {"line":"end","name":"audit","rows":1,"sha256":"…"}       over the lines of the table before this one
//! {"line":"total","tables":23,"rows":41,"audit":{"seq":1,"hash":"…"},"sha256":"…"}
//! ```

use crate::canonical::hex;
use crate::error::{Result, StoreError};
use crate::migrations;
use crate::record::Record;
use crate::sql::Sql;
use crate::tables::{self, Column, Kind, Table};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Row, Transaction};
use std::fmt::{self, Write as _};
use std::io::Write;

/// Version of the form of a dump.
pub(crate) const FORMAT: u32 = 1;

/// Rows read at a time.
const PAGE: u32 = 1_000;

/// What a dump holds, to be compared with another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DumpSummary {
    /// Version of the schema.
    pub schema: i64,
    /// Tables in the order of their names.
    pub tables: Vec<TableSummary>,
    /// End of the audit chain.
    pub audit: Head,
    /// SHA-256 over all lines but the last, in hex.
    pub sha256: String,
}

impl DumpSummary {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// One table of a dump.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over its lines, in hex.
    pub sha256: String,
}

/// The end of the audit chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Position of the last row, 0 for an empty chain.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

/// What a dump that cannot be loaded breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DumpRule {
    /// It is no dump of a record, or of a form that this program does not know.
    Form,
    /// Made with a schema that this program does not know.
    Schema,
    /// A line that cannot be read, or one where another is due.
    Line,
    /// A table or column that the schema does not have, or does not have in this place.
    Table,
    /// Rows are missing or too many.
    Count,
    /// Not what was written.
    Hash,
    /// The audit chain does not hold.
    Chain,
    /// It ends before its last line.
    Cut,
}

impl DumpRule {
    /// The word for catalogues.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Schema => "schema",
            Self::Line => "line",
            Self::Table => "table",
            Self::Count => "count",
            Self::Hash => "hash",
            Self::Chain => "chain",
            Self::Cut => "cut",
        }
    }
}

impl fmt::Display for DumpRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Mark {
    Dump { format: u32, schema: i64 },
    Table { name: String, columns: Vec<String> },
    End { name: String, rows: u64, sha256: String },
    Total { tables: u64, rows: u64, audit: Head, sha256: String },
}

/// How a column stands in the head of a table: `seq int`.
pub(crate) fn headed(column: &Column) -> String {
    format!("{} {}", column.name, column.kind.as_str())
}

impl Record {
    /// Writes everything that the record holds. It sees one state of the database, however long it takes, and keeps
    /// nobody from writing.
    ///
    /// # Errors
    /// [`StoreError::DumpIo`] when the sink takes no more; what was written so far is then of no use.
    pub async fn dump(&self, sink: impl Write + Send) -> Result<DumpSummary> {
        let begun = self.readers().begin_with(self.backend().snapshot()).await;
        let mut snapshot = begun.map_err(|source| self.failed(source))?;
        let summary = write(self, &mut snapshot, sink).await;
        // It read only: there is nothing to keep.
        let ended = snapshot.rollback().await.map_err(|source| self.failed(source));
        let summary = summary?;
        ended.map(|()| summary)
    }
}

async fn write(record: &Record, snapshot: &mut Transaction<'static, Any>, sink: impl Write) -> Result<DumpSummary> {
    let failed = |source| record.failed(source);
    let schema = migrations::version(snapshot).await.map_err(failed)?;
    let tables = tables::tables(record.backend(), snapshot).await.map_err(failed)?;
    let mut sink = Hashed { sink, whole: Sha256::new(), part: Sha256::new() };
    sink.mark(&Mark::Dump { format: FORMAT, schema })?;
    let (mut summaries, mut audit) = (Vec::new(), Head::default());
    for table in &tables {
        sink.part = Sha256::new();
        let name = || table.name.to_owned();
        sink.mark(&Mark::Table { name: name(), columns: table.columns.iter().map(headed).collect() })?;
        let rows = write_rows(record, snapshot, table, &mut sink).await?;
        let sha256 = hex(&sink.part.finalize_reset());
        sink.mark(&Mark::End { name: name(), rows, sha256: sha256.clone() })?;
        summaries.push(TableSummary { name: name(), rows, sha256 });
        if table.name == "audit_head" {
            audit = head(record, snapshot).await?;
        }
    }
    let sha256 = hex(&sink.whole.finalize_reset());
    let summary = DumpSummary { schema, tables: summaries, audit, sha256 };
    let (tables, rows) = (summary.tables.len() as u64, summary.rows());
    sink.mark(&Mark::Total { tables, rows, audit: summary.audit.clone(), sha256: summary.sha256.clone() })?;
    sink.sink.flush().map_err(|source| StoreError::DumpIo { source })?;
    Ok(summary)
}

/// The end of the chain as this connection sees it.
pub(crate) async fn head(record: &Record, connection: &mut AnyConnection) -> Result<Head> {
    let sql = Sql::new("SELECT seq, hash FROM audit_head WHERE id = 1");
    let row = sql.query().fetch_one(connection).await.map_err(|source| record.failed(source))?;
    let row = crate::row::Row::new("audit_head", row);
    Ok(Head { seq: u64::try_from(row.int("seq")?).unwrap_or(0), hash: row.text("hash")? })
}

/// Pages along the key, so that a table of any size needs the memory of one page.
async fn write_rows(
    record: &Record,
    connection: &mut AnyConnection,
    table: &Table,
    sink: &mut Hashed<impl Write>,
) -> Result<u64> {
    let mut rows = 0;
    let mut after = None;
    loop {
        let page = tables::page(table, after.as_deref(), PAGE).query().fetch_all(&mut *connection).await;
        let page = page.map_err(|source| record.failed(source))?;
        for row in &page {
            sink.line(&row_line(table, row)?)?;
        }
        rows += page.len() as u64;
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = Some(tables::key(table, last)?),
            _ => return Ok(rows),
        }
    }
}

fn row_line(table: &Table, row: &AnyRow) -> Result<String> {
    let mut line = String::from("[");
    for (at, column) in table.columns.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let bad = |source: sqlx::Error| StoreError::BadRow { table: table.name, column: "", source: source.into() };
        match column.kind {
            Kind::Int => match row.try_get::<Option<i64>, _>(at).map_err(bad)? {
                Some(number) => write!(line, "{number}").expect("writing to a String never fails"),
                None => line.push_str("null"),
            },
            Kind::Text => {
                let text = row.try_get::<Option<String>, _>(at).map_err(bad)?;
                line.push_str(&serde_json::to_string(&text).map_err(|source| StoreError::Encode { source })?);
            }
        }
    }
    line.push(']');
    Ok(line)
}

/// A sink that hashes what goes through it: all of it, and the table under way.
struct Hashed<W> {
    sink: W,
    whole: Sha256,
    part: Sha256,
}

impl<W: Write> Hashed<W> {
    fn line(&mut self, line: &str) -> Result<()> {
        for bytes in [line.as_bytes(), b"\n"] {
            self.whole.update(bytes);
            self.part.update(bytes);
            self.sink.write_all(bytes).map_err(|source| StoreError::DumpIo { source })?;
        }
        Ok(())
    }

    fn mark(&mut self, mark: &Mark) -> Result<()> {
        let line = serde_json::to_string(mark).map_err(|source| StoreError::Encode { source })?;
        self.line(&line)
    }
}
