//! Printing: the same rows as a table, as JSON lines of one array, or as CSV. Widths are measured in cells.

use crate::cli::Format;
use anyhow::Result;
use comfy_table::presets::{NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde_json::{Map, Value};
use std::io::Write;

/// A line on standard output. Unlike `println!`, a reader that went away is an error to be returned, not a panic.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout().lock(), $($words)*)?
    }};
}
pub(crate) use say;

/// How a column stands in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A column: the key in JSON and CSV, the label in tables.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) align: Align,
}

/// Rows of values under columns, printable in each format.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Rows {
    /// No rows yet.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Prints all rows to standard output.
    pub(crate) fn print(&self, format: Format, width: Option<u16>) -> Result<()> {
        let mut out = std::io::stdout().lock();
        match format {
            Format::Json => {
                let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
                serde_json::to_writer_pretty(&mut out, &rows)?;
                writeln!(out)?;
            }
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(&mut out);
                writer.write_record(self.columns.iter().map(|column| &column.key))?;
                for row in &self.rows {
                    writer.write_record(
                        row.iter().map(|value| zhengai_service::export::safe_cell(&plain(value)).into_owned()),
                    )?;
                }
                writer.flush()?;
            }
            _ => writeln!(out, "{}", self.table(width))?,
        }
        Ok(())
    }

    fn object(&self, row: &[Value]) -> Value {
        let pairs = self.columns.iter().zip(row).map(|(column, value)| (column.key.to_owned(), value.clone()));
        Value::Object(pairs.collect::<Map<String, Value>>())
    }

    fn table(&self, width: Option<u16>) -> Table {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.set_header(self.columns.iter().map(|column| column.label.clone()));
        for row in &self.rows {
            table.add_row(row.iter().map(plain));
        }
        for (index, column) in self.columns.iter().enumerate() {
            if column.align == Align::Right
                && let Some(cells) = table.column_mut(index)
            {
                cells.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

/// Label and value, one a line, for a single thing.
pub(crate) fn pairs(rows: &[(String, String)], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for (label, value) in rows {
        table.add_row([label, value]);
    }
    // The last column is padded to its widest cell; nobody wants those blanks in a file.
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// A JSON value as a person reads it in a cell.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
