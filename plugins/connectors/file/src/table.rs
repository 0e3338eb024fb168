//! What every format becomes: rows with a description, and the stream of batches over them.

use crate::batch::{self, BatchBuilder};
use crate::fault::Place;
use crate::notice::Notice;
use crate::options::{Format, Limits};
use crate::row::Row;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::{Value, json};
use std::collections::HashMap;
use zhengai_plugin::{HostHandle, Reader, Result};

/// What was found out about one table of a file.
#[derive(Debug, Clone)]
pub struct TableInfo {
    /// File and sheet.
    pub place: Place,
    /// Its format.
    pub format: Format,
    /// True when the file is gz.
    pub gz: bool,
    /// Encoding, of text formats.
    pub encoding: Option<String>,
    /// Delimiter, of delimited text.
    pub delimiter: Option<String>,
    /// Names of the columns in file order.
    pub columns: Vec<String>,
    /// First line of the header; absent where columns have names of their own.
    pub header_line: Option<u64>,
    /// Number of rows, where it is known without reading them.
    pub rows: Option<u64>,
    /// Worth telling.
    pub notices: Vec<Notice>,
}

impl TableInfo {
    /// Nothing but place and format yet.
    pub fn new(place: Place, format: Format, gz: bool) -> Self {
        Self {
            place,
            format,
            gz,
            encoding: None,
            delimiter: None,
            columns: Vec::new(),
            header_line: None,
            rows: None,
            notices: Vec::new(),
        }
    }

    /// The entry in the catalogue of `discover`.
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.place.sheet.as_ref().unwrap_or(&self.place.file),
            "sheet": self.place.sheet,
            "format": self.format.name(),
            "compression": if self.gz { Some("gz") } else { None },
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "columns": self.columns,
            "header_line": self.header_line,
            "rows": self.rows,
            "notices": notices_json(&self.notices),
        })
    }

    /// The schema of its batches; what was detected travels as metadata.
    pub fn schema(&self) -> SchemaRef {
        let mut metadata = HashMap::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                metadata.insert(name.to_owned(), value);
            }
        };
        put("file", Some(self.place.file.clone()));
        put("sheet", self.place.sheet.clone());
        put("format", Some(self.format.name().to_owned()));
        put("encoding", self.encoding.clone());
        put("delimiter", self.delimiter.clone());
        put("header_line", self.header_line.map(|line| line.to_string()));
        put("notices", Some(notices_json(&self.notices).to_string()));
        batch::schema(&self.columns, metadata)
    }
}

fn notices_json(notices: &[Notice]) -> Value {
    Value::Array(notices.iter().map(Notice::to_json).collect())
}

/// Rows of one table, one after another.
pub trait Rows: Send {
    /// Fills the row with the next one; false at the end.
    fn next(&mut self, row: &mut Row) -> Result<bool>;

    /// Bytes of the file read so far, for progress.
    fn offset(&self) -> u64 {
        0
    }
}

/// A table that is ready to be read.
pub struct Table {
    /// What it is.
    pub info: TableInfo,
    /// Where its rows come from.
    pub rows: Box<dyn Rows>,
}

/// The stream of batches of a table. Rows without any content are left out and counted.
pub struct TableReader {
    info: TableInfo,
    schema: SchemaRef,
    rows: Box<dyn Rows>,
    builder: BatchBuilder,
    row: Row,
    host: HostHandle,
    total_bytes: u64,
    count: u64,
    faults: u64,
    blank: u64,
    complete: bool,
}

impl TableReader {
    /// Over a table of a file of this size.
    pub fn new(table: Table, limits: &Limits, host: HostHandle, total_bytes: u64) -> Self {
        let schema = table.info.schema();
        let encoding = table.info.encoding.clone().unwrap_or_default();
        Self {
            builder: BatchBuilder::new(schema.clone(), limits.batch_rows, &encoding),
            schema,
            rows: table.rows,
            row: Row::default(),
            host,
            // A compressed file is read by its unpacked bytes, of which the total is not known.
            total_bytes: if table.info.gz { 0 } else { total_bytes },
            count: 0,
            faults: 0,
            blank: 0,
            complete: false,
            info: table.info,
        }
    }
}

impl Reader for TableReader {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.host.check_cancelled()?;
        while !self.complete && !self.builder.is_full() {
            if !self.rows.next(&mut self.row)? {
                self.complete = true;
                break;
            }
            if self.row.fault.is_none() && self.row.bad_offset.is_none() && self.row.is_blank() {
                // A line of length zero is not even a row without content.
                self.blank += u64::from(self.row.cells.len() > 1 || !self.row.text.is_empty());
                continue;
            }
            self.builder.push(&mut self.row);
            self.count += 1;
            if self.row.fault.is_some() {
                self.faults += 1;
            }
        }
        if self.builder.rows() == 0 {
            return Ok(None);
        }
        let stream = self.info.place.sheet.as_ref().unwrap_or(&self.info.place.file);
        let done = self.rows.offset();
        if done > 0 {
            self.host.progress(stream, done, self.total_bytes, "byte");
        } else {
            self.host.progress(stream, self.count, self.info.rows.unwrap_or(0), "row");
        }
        self.builder.finish().map(Some)
    }

    fn state(&mut self) -> Result<Option<Value>> {
        let mut notices = self.info.notices.clone();
        if self.complete && self.blank > 0 {
            notices.push(Notice::blank_rows(&self.info.place, self.blank));
        }
        Ok(Some(json!({
            "rows": self.count,
            "complete": self.complete && self.builder.rows() == 0,
            "faults": self.faults,
            "blank": self.blank,
            "notices": notices_json(&notices),
        })))
    }
}
