//! Rejected rows: noted while a batch of rows is read, kept in a Parquet file with place, rule and reason, read back in
//! the order of the file.

use super::files::{StageFile, close_parquet};
use crate::error::{Result, WarehouseError};
use arrow::array::{Array, AsArray, FixedSizeBinaryBuilder, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zhengai_model::batch::Reject;
use zhengai_model::text::Message;

/// The first rule that a row breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowFault {
    /// Header of the column at fault, when one is.
    pub column: Option<String>,
    /// Rule id.
    pub rule: String,
    /// The text that broke it.
    pub value: Option<String>,
    /// What to tell a person.
    pub reason: Message,
}

/// The faults of one batch of rows, at most one for each row: the first that was noted.
#[derive(Debug)]
pub(crate) struct Faults {
    rows: Vec<Option<Box<RowFault>>>,
    count: usize,
}

impl Faults {
    /// No fault in any of the rows.
    pub(crate) fn none(rows: usize) -> Self {
        Self { rows: vec![None; rows], count: 0 }
    }

    /// Notes a fault of a row, unless it has one.
    pub(crate) fn note(&mut self, row: usize, fault: RowFault) {
        if let Some(place @ None) = self.rows.get_mut(row) {
            *place = Some(Box::new(fault));
            self.count += 1;
        }
    }

    /// Whether the row has a fault.
    pub(crate) fn has(&self, row: usize) -> bool {
        self.rows.get(row).is_some_and(Option::is_some)
    }

    /// How many rows have one.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The rows with their faults, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &RowFault)> {
        self.rows.iter().enumerate().filter_map(|(row, fault)| Some((row, fault.as_deref()?)))
    }
}

/// Number of rejects that are gathered before they are written.
const GATHERED: usize = 4096;

/// Writes rejects to a file, which exists only when there are any.
pub(crate) struct RejectWriter {
    path: PathBuf,
    schema: SchemaRef,
    writer: Option<ArrowWriter<File>>,
    line: Int64Builder,
    column: StringBuilder,
    rule: StringBuilder,
    value: StringBuilder,
    reason: StringBuilder,
    cells: StringBuilder,
    key: FixedSizeBinaryBuilder,
    gathered: usize,
}

impl RejectWriter {
    /// A writer for the file.
    pub(crate) fn new(path: PathBuf) -> Self {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let schema = Schema::new(vec![
            Field::new("line", DataType::Int64, false),
            text("column"),
            text("rule"),
            text("value"),
            text("reason"),
            text("cells"),
            Field::new("key", DataType::FixedSizeBinary(16), true),
        ]);
        Self {
            path,
            schema: Arc::new(schema),
            writer: None,
            line: Int64Builder::new(),
            column: StringBuilder::new(),
            rule: StringBuilder::new(),
            value: StringBuilder::new(),
            reason: StringBuilder::new(),
            cells: StringBuilder::new(),
            key: FixedSizeBinaryBuilder::new(16),
            gathered: 0,
        }
    }

    /// Adds one row: its line, its fault, its cells as read, and the hash of its key when that could be read.
    pub(crate) fn add(&mut self, line: i64, fault: &RowFault, cells: &[(&str, &str)], key: Option<u128>) -> Result<()> {
        let damaged = |source| WarehouseError::Damaged { path: self.path.clone(), source };
        let reason = serde_json::to_string(&fault.reason).map_err(damaged)?;
        let cells = serde_json::to_string(cells).map_err(damaged)?;
        self.line.append_value(line);
        self.column.append_option(fault.column.as_deref());
        self.rule.append_value(&fault.rule);
        self.value.append_option(fault.value.as_deref());
        self.reason.append_value(reason);
        self.cells.append_value(cells);
        match key {
            Some(key) => self.key.append_value(key.to_be_bytes())?,
            None => self.key.append_null(),
        }
        self.gathered += 1;
        if self.gathered >= GATHERED { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        if self.gathered == 0 {
            return Ok(());
        }
        self.gathered = 0;
        let batch = RecordBatch::try_new(
            self.schema.clone(),
            vec![
                Arc::new(self.line.finish()),
                Arc::new(self.column.finish()),
                Arc::new(self.rule.finish()),
                Arc::new(self.value.finish()),
                Arc::new(self.reason.finish()),
                Arc::new(self.cells.finish()),
                Arc::new(self.key.finish()),
            ],
        )?;
        let failed = |source| WarehouseError::parquet(&self.path, source);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            empty => {
                let file = File::create(&self.path).map_err(|source| WarehouseError::io(&self.path, source))?;
                let writer = ArrowWriter::try_new(file, self.schema.clone(), Some(super::stage::file_properties()));
                empty.insert(writer.map_err(failed)?)
            }
        };
        writer.write(&batch).map_err(failed)
    }

    /// Finishes the file.
    pub(crate) fn close(mut self) -> Result<()> {
        self.flush()?;
        match self.writer.take() {
            Some(writer) => close_parquet(&self.path, writer),
            None => Ok(()),
        }
    }
}

/// Rejects of a file in its order, at most `limit`; none when there is no such file.
pub(crate) fn read(path: &Path, stage: &StageFile, limit: Option<usize>) -> Result<Vec<Reject>> {
    let mut rejects = Vec::new();
    let wanted = limit.unwrap_or(usize::MAX);
    each_batch(path, |batch| {
        let texts = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>().cloned());
        let lines = batch.column_by_name("line").and_then(|column| column.as_primitive_opt::<Int64Type>());
        let (Some(lines), Some(columns), Some(rules), Some(values), Some(reasons), Some(cells)) =
            (lines, texts("column"), texts("rule"), texts("value"), texts("reason"), texts("cells"))
        else {
            return Ok(false);
        };
        let damaged = |source| WarehouseError::Damaged { path: path.to_owned(), source };
        for row in 0..batch.num_rows() {
            if rejects.len() >= wanted {
                return Ok(false);
            }
            rejects.push(Reject {
                file: stage.file.clone(),
                sheet: stage.sheet.clone(),
                line: lines.value(row).unsigned_abs(),
                column: columns.is_valid(row).then(|| columns.value(row).to_owned()),
                rule: rules.value(row).to_owned(),
                value: values.is_valid(row).then(|| values.value(row).to_owned()),
                reason: serde_json::from_str(reasons.value(row)).map_err(damaged)?,
                cells: serde_json::from_str(cells.value(row)).map_err(damaged)?,
            });
        }
        Ok(true)
    })?;
    Ok(rejects)
}

/// Hashes of the keys of rejected rows, as far as they could be read: rows that the file speaks of after all.
pub(crate) fn keys(path: &Path) -> Result<Vec<u128>> {
    let mut keys = Vec::new();
    each_batch(path, |batch| {
        if let Some(column) = batch.column_by_name("key").and_then(|column| column.as_fixed_size_binary_opt()) {
            let present = (0..column.len()).filter(|row| column.is_valid(*row));
            keys.extend(present.filter_map(|row| Some(u128::from_be_bytes(column.value(row).try_into().ok()?))));
        }
        Ok(true)
    })?;
    Ok(keys)
}

/// Reads the batches of a rejects file until `take` says no.
fn each_batch(path: &Path, mut take: impl FnMut(&RecordBatch) -> Result<bool>) -> Result<()> {
    let file = match File::open(path) {
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        outcome => outcome.map_err(|source| WarehouseError::io(path, source))?,
    };
    let failed = |source| WarehouseError::parquet(path, source);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build()).map_err(failed)?;
    for batch in reader {
        if !take(&batch?)? {
            break;
        }
    }
    Ok(())
}
