//! The file connector: CSV, TSV, XLSX, XLS, Parquet and JSON lines, each also as gz, as rows of text.
//!
//! Every column comes as text in file order, followed by `_line` (line of the file or row of the sheet, from 1) and
//! `_fault` (why the row cannot be taken, as JSON, or NULL). What is in a file is decided by its content; what is
//! wrong with a row never stops the others; what is wrong with the whole file is an error that names the place and the
//! next step. It never changes a value: formulas are neither run nor neutralised, and an empty cell is NULL, never 0.

mod batch;
mod csv;
mod delimiter;
mod encoding;
mod fault;
mod header;
mod json_line;
mod jsonl;
mod notice;
mod number;
mod ole;
mod options;
mod parquet;
mod record;
mod row;
mod sniff;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod transcode;
mod workbook;
mod xls;
mod xlsx;

use fault::Place;
use options::{Format, Limits, ReadOptions, Request};
use serde_json::json;
use source::Source;
use table::{TableInfo, TableReader};
use workbook::{Opening, Workbook};
use zhengai_plugin::{Component, Describe, HostHandle, Instance, Plugin, PluginError, Reader, Result, Value};

/// Message catalogues of this connector: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

/// The plugin.
pub struct FileConnector;

impl Plugin for FileConnector {
    fn describe(&self) -> Describe {
        let whole = |minimum: u64| json!({ "type": "integer", "minimum": minimum });
        let config = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "max_unpacked_bytes": whole(1),
                "max_ratio": whole(1),
                "max_cells": whole(1),
                "max_line_bytes": whole(1),
                "max_text_bytes": whole(1),
                "batch_rows": whole(1),
            },
        });
        Describe::new("connector-file", env!("CARGO_PKG_VERSION"))
            .component(Component::new("file").can(&["check", "discover", "schema", "read"]).config(config))
    }

    fn create(&self, component: &str, config: Value, host: HostHandle) -> Result<Box<dyn Instance>> {
        if component != "file" {
            return Err(fault::bad_config(component));
        }
        Ok(Box::new(FileInstance { limits: Limits::from_config(config)?, host }))
    }
}

zhengai_plugin::export_plugin!(FileConnector);

struct FileInstance {
    limits: Limits,
    host: HostHandle,
}

impl Instance for FileInstance {
    fn check(&mut self) -> Result<Value> {
        Ok(json!({ "ok": true }))
    }

    fn discover(&mut self, request: Value) -> Result<Value> {
        let request = Request::from_json(request)?;
        let source = Source::open(&request.path)?;
        let (format, notices) = sniff::sniff(&source, &request.options, &self.limits)?;
        let found: Vec<(String, Result<TableInfo>)> = match workbook(format, &source, &self.limits)? {
            Some(mut book) => opening(&source, &request.options, &self.limits).discover(book.as_mut()),
            None => vec![(source.place.file.clone(), single(format, &source, &request.options, &self.limits))],
        };
        if found.is_empty() {
            return Err(fault::empty(&source.place));
        }
        let mut streams = Vec::new();
        let alone = found.len() == 1;
        for (name, info) in found {
            match info {
                Ok(mut info) => {
                    workbook::prepend(&mut info, &notices);
                    streams.push(info.to_json());
                }
                Err(error) if alone => return Err(error),
                Err(error) => streams.push(refused(&source.place, &name, format, &error)),
            }
        }
        Ok(json!({ "streams": streams }))
    }

    fn schema(&mut self, stream: Value) -> Result<zhengai_plugin::arrow::datatypes::SchemaRef> {
        Ok(self.open(Request::from_json(stream)?)?.schema())
    }

    fn read(&mut self, request: Value) -> Result<Box<dyn Reader>> {
        self.open(Request::from_json(request)?)
    }
}

impl FileInstance {
    fn open(&self, request: Request) -> Result<Box<dyn Reader>> {
        let source = Source::open(&request.path)?;
        let options = &request.options;
        let (format, notices) = sniff::sniff(&source, options, &self.limits)?;
        let mut table = match format {
            Format::Csv => csv::open(&source, options, &self.limits)?,
            Format::JsonLines => jsonl::open(&source, options, &self.limits)?,
            Format::Parquet => {
                let (mut info, rows) = parquet::open(&source, &self.limits)?;
                workbook::prepend(&mut info, &notices);
                return Ok(Box::new(parquet::ParquetReader::new(info, rows, self.host.clone())));
            }
            Format::Xlsx => {
                opening(&source, options, &self.limits).open(&mut xlsx::XlsxWorkbook::open(&source, &self.limits)?)?
            }
            Format::Xls => {
                opening(&source, options, &self.limits).open(&mut xls::XlsWorkbook::open(&source, &self.limits)?)?
            }
        };
        workbook::prepend(&mut table.info, &notices);
        Ok(Box::new(TableReader::new(table, &self.limits, self.host.clone(), source.bytes)))
    }
}

fn opening<'a>(source: &Source, options: &'a ReadOptions, limits: &'a Limits) -> Opening<'a> {
    Opening { place: source.place.clone(), gz: source.gz, options, limits }
}

fn workbook(format: Format, source: &Source, limits: &Limits) -> Result<Option<Box<dyn Workbook>>> {
    Ok(match format {
        Format::Xlsx => Some(Box::new(xlsx::XlsxWorkbook::open(source, limits)?)),
        Format::Xls => Some(Box::new(xls::XlsWorkbook::open(source, limits)?)),
        Format::Csv | Format::JsonLines | Format::Parquet => None,
    })
}

/// The only table of a file without sheets.
fn single(format: Format, source: &Source, options: &ReadOptions, limits: &Limits) -> Result<TableInfo> {
    match format {
        Format::JsonLines => jsonl::open(source, options, limits).map(|table| table.info),
        Format::Parquet => parquet::open(source, limits).map(|(info, _)| info),
        Format::Csv | Format::Xlsx | Format::Xls => csv::open(source, options, limits).map(|table| table.info),
    }
}

/// A sheet that cannot be read, in a workbook where others can.
fn refused(place: &Place, sheet: &str, format: Format, error: &PluginError) -> Value {
    let mut entry = TableInfo::new(place.sheet(sheet), format, false).to_json();
    if let Some(object) = entry.as_object_mut() {
        object.insert("error".to_owned(), error.to_detail_json());
    }
    entry
}
