//! Writing data files. They are invisible until a commit names them; a crash in between leaves files that nobody reads.

use super::Table;
use crate::error::{Result, WarehouseError};
use crate::table::store::{Disk, Owed};
use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use deltalake::datafile::writer::{DeltaWriter, WriterConfig};
use deltalake::kernel::Add;
use deltalake::operations::get_num_idx_cols_and_stats_columns;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::Arc;

/// Size at which a new data file is begun: small enough that rewriting one for a changed row stays cheap.
const FILE_BYTES: NonZeroU64 = NonZeroU64::new(64 * 1024 * 1024).expect("not zero");

/// Writes rows of one partition into new files of a table.
pub(crate) struct FileWriter<'a> {
    table: &'a Table,
    writer: DeltaWriter,
    owed: Owed,
    schema: SchemaRef,
    constants: Vec<(String, String)>,
}

impl<'a> FileWriter<'a> {
    /// A writer for batches of `columns`; the partition columns with their values are added here.
    pub(crate) fn new(table: &'a Table, columns: &Schema, partition: &[(&str, &str)]) -> Result<Self> {
        let mut fields: Vec<Arc<Field>> = columns.fields().iter().cloned().collect();
        for (column, _) in partition {
            fields.push(Arc::new(Field::new(*column, DataType::Utf8, true)));
        }
        let schema = Arc::new(Schema::new(fields));
        let (indexed, named) = get_num_idx_cols_and_stats_columns(None, HashMap::new());
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let config = WriterConfig::new(
            schema.clone(),
            partition.iter().map(|(column, _)| (*column).to_owned()).collect(),
            Some(properties),
            Some(FILE_BYTES),
            None,
            indexed,
            named,
        );
        let (disk, owed) = Disk::for_data(table.root()).map_err(|source| table.failed(source.into()))?;
        let writer = DeltaWriter::new(Arc::new(disk), config);
        let constants = partition.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect();
        Ok(Self { table, writer, owed, schema, constants })
    }

    /// Writes a batch, which has the columns given at the start.
    pub(crate) async fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let mut columns = batch.columns().to_vec();
        for (_, value) in &self.constants {
            let constant: ArrayRef = Arc::new(StringArray::from(vec![value.as_str(); batch.num_rows()]));
            columns.push(constant);
        }
        let whole = RecordBatch::try_new(self.schema.clone(), columns)?;
        self.writer.write(&whole).await.map_err(|source| self.table.failed(source))
    }

    /// Finishes the files and says what a commit has to add.
    pub(crate) async fn close(self) -> Result<Vec<Add>> {
        let (table, owed) = (self.table, self.owed);
        let files = self.writer.close().await;
        match owed.take() {
            Some((path, error)) => Err(WarehouseError::io(&path, error)),
            None => files.map_err(|source| table.failed(source)),
        }
    }
}
