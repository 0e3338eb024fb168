//! What tables a record has and how to read one of them in the order of its key, on either database.

use crate::backend::Backend;
use crate::error::{Result, StoreError};
use crate::sql::Sql;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// Every table of the record in the order of its name. A migration that adds one adds it here; a test compares this
/// list with the schema. Tables that a database administrator put beside ours are not ours to dump.
pub(crate) const TABLES: [&str; 24] = [
    "account",
    "account_role",
    "audit",
    "audit_head",
    "batch",
    "counter",
    "cycle",
    "cycle_step",
    "draft",
    "finding",
    "indicator_version",
    "meta",
    "period_exception",
    "period_state",
    "plugin_state",
    "run",
    "source",
    "source_cursor",
    "sync_run",
    "threshold",
    "token",
    "user_dataset",
    "warning",
    "warning_event",
];

/// Tables in which a migration puts rows: a record that holds nothing else is empty.
pub(crate) const SEEDED: [&str; 2] = ["audit_head", "counter"];

/// The two column types that every database of ours has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Int,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Place in the primary key from 1, 0 outside of it.
    key: i64,
}

/// A table as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<Column>,
}

/// A value of a key.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
}

const SQLITE: &str = "SELECT c.name AS name, lower(c.type) AS kind, CAST(c.pk AS BIGINT) AS pk \
                      FROM pragma_table_info($1) c ORDER BY c.cid";
const POSTGRES: &str = "\
    SELECT a.attname::text AS name, format_type(a.atttypid, NULL)::text AS kind, \
    coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint AS pk \
    FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/// The tables of the record that are there; an older schema has fewer.
pub(crate) async fn tables(backend: Backend, connection: &mut AnyConnection) -> sqlx::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for name in TABLES {
        let sql = Sql::new(match backend {
            Backend::Sqlite => SQLITE,
            Backend::Postgres => POSTGRES,
        });
        let rows = sql.text(name).query().fetch_all(&mut *connection).await?;
        let columns = rows.iter().map(column).collect::<sqlx::Result<Vec<_>>>()?;
        if !columns.is_empty() {
            tables.push(Table { name, columns });
        }
    }
    Ok(tables)
}

fn column(row: &AnyRow) -> sqlx::Result<Column> {
    let kind = match row.try_get::<String, _>("kind")?.as_str() {
        "bigint" => Kind::Int,
        _ => Kind::Text,
    };
    Ok(Column { name: row.try_get("name")?, kind, key: row.try_get("pk")? })
}

impl Table {
    /// Columns of the primary key in their order there, each with its place in the table.
    fn key(&self) -> Vec<(usize, &Column)> {
        let mut key: Vec<_> = self.columns.iter().enumerate().filter(|(_, column)| column.key > 0).collect();
        key.sort_by_key(|(_, column)| column.key);
        key
    }

    /// `"a", "b"`
    pub(crate) fn names(&self) -> String {
        quoted(self.columns.iter().map(|column| column.name.as_str()))
    }
}

/// Names between quotes: some of ours are words of SQL.
fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect::<Vec<_>>().join(", ")
}

/// The rows that follow a key, or the first ones, in the order of the key. Texts compare by their bytes on both
/// databases: SQLite does by itself, the columns on PostgreSQL are declared so.
pub(crate) fn page(table: &Table, after: Option<&[Value]>, rows: u32) -> Sql {
    let key = quoted(table.key().into_iter().map(|(_, column)| column.name.as_str()));
    let mut sql = Sql::built(format!("SELECT {} FROM \"{}\"", table.names(), table.name));
    if let Some(after) = after {
        let places: Vec<String> = (1..=after.len()).map(|number| format!("${number}")).collect();
        sql = sql.append(&format!(" WHERE ({key}) > ({})", places.join(", ")));
        for value in after {
            sql = match value {
                Value::Text(text) => sql.text(text.as_str()),
                Value::Int(number) => sql.int(*number),
            };
        }
    }
    sql.append(&format!(" ORDER BY {key}")).page(Some(rows), 0)
}

/// The key of a row.
pub(crate) fn key(table: &Table, row: &AnyRow) -> Result<Vec<Value>> {
    let bad = |source: sqlx::Error| StoreError::BadRow { table: table.name, column: "", source: source.into() };
    let value = |(at, column): (usize, &Column)| match column.kind {
        Kind::Text => row.try_get(at).map(Value::Text).map_err(bad),
        Kind::Int => row.try_get(at).map(Value::Int).map_err(bad),
    };
    table.key().into_iter().map(value).collect()
}
