//! 128-bit hashes of keys and of contents: two rows are the same row when their keys agree, and the same values when their
//! contents do.

use arrow::array::ArrayRef;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::row::{RowConverter, SortField};
use twox_hash::XxHash3_128;

/// Hashes some columns of batches of one schema.
pub(crate) struct Hasher {
    converter: RowConverter,
    columns: Vec<usize>,
}

impl Hasher {
    /// A hasher of the columns with these names, which `schema` has.
    pub(crate) fn new(schema: &Schema, names: &[&str]) -> Result<Self, ArrowError> {
        let columns = names.iter().map(|name| schema.index_of(name)).collect::<Result<Vec<_>, _>>()?;
        let fields = columns.iter().map(|column| SortField::new(schema.field(*column).data_type().clone())).collect();
        Ok(Self { converter: RowConverter::new(fields)?, columns })
    }

    /// The hash of every row.
    pub(crate) fn hashes(&self, batch: &RecordBatch) -> Result<Vec<u128>, ArrowError> {
        let columns: Vec<ArrayRef> = self.columns.iter().map(|column| batch.column(*column).clone()).collect();
        let rows = self.converter.convert_columns(&columns)?;
        Ok(rows.iter().map(|row| XxHash3_128::oneshot(row.as_ref())).collect())
    }
}
