//! Reading data files row by row, in the order in which they were written, as the table's newest columns see them.

use crate::error::{Result, WarehouseError};
use arrow::array::new_null_array;
use arrow::compute::cast;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Rows that are read at a time.
pub(crate) const READ_ROWS: usize = 8192;

/// The rows of one Parquet file.
pub(crate) struct FileRows {
    path: PathBuf,
    schema: SchemaRef,
    reader: ParquetRecordBatchReader,
}

impl FileRows {
    /// Opens a file for the columns of `schema`; those that it lacks come as nulls.
    pub(crate) fn open(path: &Path, schema: SchemaRef) -> Result<Self> {
        Self::build(path, schema, None)
    }

    /// Opens a file for the columns of `schema` and only the rows of these runs (first row, number of rows), which are
    /// in order.
    pub(crate) fn open_runs(path: &Path, schema: SchemaRef, runs: &[(u64, u64)]) -> Result<Self> {
        Self::build(path, schema, Some(runs))
    }

    fn build(path: &Path, schema: SchemaRef, runs: Option<&[(u64, u64)]>) -> Result<Self> {
        let file = File::open(path).map_err(|source| WarehouseError::io(path, source))?;
        let failed = |source| WarehouseError::parquet(path, source);
        let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?.with_batch_size(READ_ROWS);
        let names = schema.fields().iter().map(|field| field.name().as_str());
        let mask = ProjectionMask::columns(builder.parquet_schema(), names);
        builder = builder.with_projection(mask);
        if let Some(runs) = runs {
            let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
            let ranges = runs.iter().map(|(first, count)| {
                let first = usize::try_from(*first).unwrap_or(usize::MAX).min(rows);
                first..first.saturating_add(usize::try_from(*count).unwrap_or(usize::MAX)).min(rows)
            });
            builder = builder.with_row_selection(RowSelection::from_consecutive_ranges(ranges, rows));
        }
        let reader = builder.build().map_err(failed)?;
        Ok(Self { path: path.to_owned(), schema, reader })
    }
}

impl Iterator for FileRows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(match batch {
            Ok(batch) => conform(&batch, &self.schema),
            Err(source) => Err(WarehouseError::parquet(&self.path, source.into())),
        })
    }
}

/// The batch with exactly the columns of `schema`, in that order: missing ones null, others cast where the file has a
/// kindred type.
pub(crate) fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let mut columns = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        columns.push(match batch.column_by_name(field.name()) {
            None => new_null_array(field.data_type(), batch.num_rows()),
            Some(column) if column.data_type() == field.data_type() => column.clone(),
            Some(column) => cast(column, field.data_type())?,
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?)
}

/// The columns of `schema` with these names, in the order of the names.
pub(crate) fn project(schema: &Schema, names: &[&str]) -> SchemaRef {
    let fields: Vec<_> = names.iter().filter_map(|name| schema.field_with_name(name).ok().cloned()).collect();
    SchemaRef::new(Schema::new(fields))
}
