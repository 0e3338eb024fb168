//! Lines as rows: text columns in batches, and a cursor that covers what was given.

use crate::folder::{Stream, object, refused};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::sync::Arc;
use zhengai_plugin::arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use zhengai_plugin::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use zhengai_plugin::serde_json::json;
use zhengai_plugin::{HostHandle, Reader, Result, Value};

/// Every field is text: what type it has is for the mapping to say, not for us to guess.
pub fn schema(fields: &[String]) -> SchemaRef {
    Arc::new(Schema::new(fields.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect::<Vec<_>>()))
}

/// A running read.
pub struct Lines {
    stream: Stream,
    fields: Vec<String>,
    lines: BufReader<File>,
    /// How many lines were given, from the start of the file: the cursor.
    line: u64,
    batch_rows: usize,
    host: HostHandle,
}

impl Lines {
    /// Opens the file behind the lines that an earlier read gave. A file that is shorter by now has nothing to give.
    pub fn open(stream: Stream, after: u64, batch_rows: usize, host: HostHandle) -> Result<Self> {
        let fields = stream.fields()?;
        let mut lines = stream.open()?;
        let mut skipped = Vec::new();
        for _ in 0..after {
            host.check_cancelled()?;
            skipped.clear();
            if lines.read_until(b'\n', &mut skipped).map_err(|error| refused(&stream.path, &error))? == 0 {
                break;
            }
        }
        Ok(Self { stream, fields, lines, line: after, batch_rows, host })
    }

    /// The next complete line. One that its writer has not ended yet is for the next read.
    fn next_line(&mut self) -> Result<Option<String>> {
        let mut text = String::new();
        self.lines.read_line(&mut text).map_err(|error| refused(&self.stream.path, &error))?;
        Ok(text.ends_with('\n').then_some(text))
    }
}

impl Reader for Lines {
    fn schema(&self) -> SchemaRef {
        schema(&self.fields)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.host.check_cancelled()?;
        let mut columns: Vec<StringBuilder> = self.fields.iter().map(|_| StringBuilder::new()).collect();
        let (mut rows, mut line) = (0, self.line);
        while rows < self.batch_rows {
            let Some(text) = self.next_line()? else { break };
            line += 1;
            let object = object(&self.stream, line, text.trim_end())?;
            for (name, column) in self.fields.iter().zip(&mut columns) {
                match object.get(name) {
                    None | Some(Value::Null) => column.append_null(),
                    Some(Value::String(text)) => column.append_value(text),
                    Some(other) => column.append_value(other.to_string()),
                }
            }
            rows += 1;
        }
        // Only what is given is covered: after an error in this batch the cursor still stands before it.
        self.line = line;
        self.host.progress(&self.stream.name, self.line, 0, "line");
        if rows == 0 || columns.is_empty() {
            return Ok(None);
        }
        let columns = columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        Ok(Some(RecordBatch::try_new(self.schema(), columns)?))
    }

    fn state(&mut self) -> Result<Option<Value>> {
        Ok(Some(json!({ "line": self.line })))
    }
}
