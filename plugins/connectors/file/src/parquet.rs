//! Parquet: every column as text, the row number as line. Decimals and dates keep what they are, numbers lose no digit.

use crate::fault;
use crate::header::check_names;
use crate::number;
use crate::options::{Format, Limits};
use crate::source::Source;
use crate::table::TableInfo;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float16Type, Float32Type, Float64Type, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use zhengai_plugin::{HostHandle, Reader, Result};

/// Opens the file and looks at its footer.
pub fn open(source: &Source, limits: &Limits) -> Result<(TableInfo, ParquetRecordBatchReader)> {
    let source = source.seekable(limits)?;
    let place = &source.place;
    let file = source.file()?;
    let opened = catch_unwind(AssertUnwindSafe(|| {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        let rows = builder.metadata().file_metadata().num_rows();
        let columns: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let width = columns.len().max(1);
        let reader = builder.with_batch_size(limits.batch_rows.min((1 << 20) / width).max(1)).build()?;
        Ok::<_, parquet::errors::ParquetError>((columns, rows, reader))
    }));
    let (columns, rows, reader) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => return Err(fault::bad_parquet(place, &error.to_string())),
        Err(_) => return Err(fault::bad_parquet(place, "panic")),
    };
    if columns.is_empty() {
        return Err(fault::empty(place));
    }
    check_names(place, 1, &columns)?;
    let mut info = TableInfo::new(place.clone(), Format::Parquet, source.gz);
    info.columns = columns;
    info.rows = u64::try_from(rows).ok();
    Ok((info, reader))
}

/// The stream of text batches.
pub struct ParquetReader {
    info: TableInfo,
    schema: SchemaRef,
    rows: ParquetRecordBatchReader,
    host: HostHandle,
    count: u64,
    complete: bool,
}

impl ParquetReader {
    /// Over an opened file.
    pub fn new(info: TableInfo, rows: ParquetRecordBatchReader, host: HostHandle) -> Self {
        Self { schema: info.schema(), info, rows, host, count: 0, complete: false }
    }

    fn convert(&self, rows: &RecordBatch) -> Result<RecordBatch> {
        let bad = |error: arrow::error::ArrowError| fault::bad_parquet(&self.info.place, &error.to_string());
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(rows.num_columns() + 2);
        for column in rows.columns() {
            arrays.push(as_text(column).map_err(bad)?);
        }
        let first = i64::try_from(self.count).unwrap_or(i64::MAX - (1 << 32)) + 1;
        let lines = (first..).take(rows.num_rows());
        arrays.push(Arc::new(Int64Array::from_iter_values(lines)));
        arrays.push(new_null_array(&DataType::Utf8, rows.num_rows()));
        Ok(RecordBatch::try_new(self.schema.clone(), arrays)?)
    }
}

impl Reader for ParquetReader {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.host.check_cancelled()?;
        let place = &self.info.place;
        let rows = match catch_unwind(AssertUnwindSafe(|| self.rows.next())) {
            Ok(None) => {
                self.complete = true;
                return Ok(None);
            }
            Ok(Some(Ok(rows))) => rows,
            Ok(Some(Err(error))) => return Err(fault::bad_parquet(place, &error.to_string())),
            Err(_) => return Err(fault::bad_parquet(place, "panic")),
        };
        let batch = self.convert(&rows)?;
        self.count += rows.num_rows() as u64;
        self.host.progress(&place.file, self.count, self.info.rows.unwrap_or(0), "row");
        Ok(Some(batch))
    }

    fn state(&mut self) -> Result<Option<Value>> {
        let notices: Vec<Value> = self.info.notices.iter().map(crate::notice::Notice::to_json).collect();
        Ok(Some(json!({
            "rows": self.count, "complete": self.complete, "faults": 0, "blank": 0, "notices": notices,
        })))
    }
}

/// A column as text: empty text is NULL as in every other format.
fn as_text(column: &ArrayRef) -> Result<ArrayRef, arrow::error::ArrowError> {
    let texts: StringArray = match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().clone(),
        DataType::Float64 => floats(column.as_primitive::<Float64Type>().iter()),
        // Widened through its own shortest text, so that 0.1 stays 0.1.
        DataType::Float32 => texts(column.as_primitive::<Float32Type>().iter().map(|value| value.map(narrow))),
        DataType::Float16 => {
            texts(column.as_primitive::<Float16Type>().iter().map(|value| value.map(|value| narrow(value.to_f32()))))
        }
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(..)
        | DataType::Struct(_)
        | DataType::Map(..) => {
            let options = FormatOptions::default();
            let formatter = ArrayFormatter::try_new(column, &options)?;
            let rows = (0..column.len()).map(|row| (!column.is_null(row)).then(|| formatter.value(row).to_string()));
            texts(rows)
        }
        _ => {
            let options = CastOptions { safe: false, format_options: FormatOptions::default() };
            cast_with_options(column, &DataType::Utf8, &options)?.as_string::<i32>().clone()
        }
    };
    if texts.iter().any(|text| text == Some("")) {
        return Ok(Arc::new(texts.iter().map(|text| text.filter(|text| !text.is_empty())).collect::<StringArray>()));
    }
    Ok(Arc::new(texts))
}

fn texts(values: impl Iterator<Item = Option<String>>) -> StringArray {
    values.collect()
}

fn floats(values: impl Iterator<Item = Option<f64>>) -> StringArray {
    texts(values.map(|value| value.map(number::from_f64)))
}

fn narrow(value: f32) -> String {
    number::canonical(&value.to_string())
}
