//! Behaviour of the connector, from the outside: files in, batches out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

mod books;
mod catalogue;
mod columns;
mod fuzz_books;
mod fuzz_text;
mod random;
mod refusals;
mod sheets;
mod text;
mod xls_file;

use crate::FileConnector;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use encoding_rs::Encoding;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;
use zhengai_plugin::{HostHandle, Instance, Plugin, PluginError, Result};

/// A table as it was read.
#[derive(Debug)]
struct Got {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    lines: Vec<i64>,
    faults: Vec<Option<Value>>,
    batches: Vec<usize>,
    metadata: std::collections::HashMap<String, String>,
    state: Value,
}

impl Got {
    fn texts(&self) -> Vec<Vec<&str>> {
        self.rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("")).collect()).collect()
    }

    fn rules(&self) -> Vec<&str> {
        let rule = |fault: &Option<Value>| fault.as_ref().and_then(|fault| fault["rule"].as_str().map(str::to_owned));
        self.faults.iter().map(|fault| rule(fault).map_or("", |rule| Box::leak(rule.into_boxed_str()))).collect()
    }

    fn notices(&self) -> Vec<String> {
        let notices = self.state["notices"].as_array().cloned().unwrap_or_default();
        notices.iter().filter_map(|notice| notice["rule"].as_str().map(str::to_owned)).collect()
    }
}

fn instance(config: Value) -> Box<dyn Instance> {
    FileConnector.create("file", config, HostHandle::detached()).unwrap()
}

fn read_path(path: &Path, options: Value, config: Value) -> Result<Got> {
    let request = json!({ "path": path, "options": options });
    let mut reader = instance(config).read(request)?;
    let schema = reader.schema();
    let columns: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let width = columns.len() - 2;
    assert_eq!(columns[width..], ["_line", "_fault"]);
    let mut got = Got {
        columns: columns[..width].to_vec(),
        rows: Vec::new(),
        lines: Vec::new(),
        faults: Vec::new(),
        batches: Vec::new(),
        metadata: schema.metadata().clone(),
        state: Value::Null,
    };
    while let Some(batch) = reader.next()? {
        got.batches.push(batch.num_rows());
        collect(&batch, width, &mut got);
    }
    got.state = reader.state()?.unwrap();
    assert_eq!(got.state["rows"], json!(got.rows.len()));
    assert_eq!(got.state["complete"], json!(true));
    Ok(got)
}

fn collect(batch: &RecordBatch, width: usize, got: &mut Got) {
    for row in 0..batch.num_rows() {
        let text = |column: usize| {
            let array = batch.column(column).as_string::<i32>();
            (!array.is_null(row)).then(|| array.value(row).to_owned())
        };
        got.rows.push((0..width).map(text).collect());
        got.lines.push(batch.column(width).as_primitive::<Int64Type>().value(row));
        got.faults.push(text(width + 1).map(|fault| serde_json::from_str(&fault).unwrap()));
    }
}

fn file(name: &str, bytes: &[u8]) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read_with(name: &str, bytes: &[u8], options: Value) -> Result<Got> {
    let (_folder, path) = file(name, bytes);
    read_path(&path, options, Value::Null)
}

fn read(name: &str, bytes: &[u8]) -> Result<Got> {
    read_with(name, bytes, json!({}))
}

fn refused(name: &str, bytes: &[u8]) -> PluginError {
    read(name, bytes).unwrap_err()
}

fn discover(name: &str, bytes: &[u8]) -> Result<Value> {
    let (_folder, path) = file(name, bytes);
    instance(Value::Null).discover(json!({ "path": path }))
}

fn arg<'a>(error: &'a PluginError, name: &str) -> &'a str {
    error.args.iter().find(|(arg, _)| arg == name).map_or("", |(_, value)| value)
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lost) = encoding.encode(text);
    assert!(!lost, "the test's text fits its encoding");
    bytes.into_owned()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}
