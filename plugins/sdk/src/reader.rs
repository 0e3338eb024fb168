//! A running read, and the ready-made one over batches in memory.

use crate::{PluginError, Result};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::Value;

/// A running read. Every batch must have exactly the types of [`Reader::schema`]; one that has not becomes an error.
pub trait Reader: Send {
    /// Schema of every batch.
    fn schema(&self) -> SchemaRef;

    /// The next batch; `None` at the end.
    fn next(&mut self) -> Result<Option<RecordBatch>>;

    /// The cursor that covers every batch returned so far; `None` when there is no checkpoint here.
    fn state(&mut self) -> Result<Option<Value>> {
        Ok(None)
    }
}

/// A reader over any iterator of batches.
pub struct Batches<I> {
    schema: SchemaRef,
    batches: I,
}

impl<I> Batches<I>
where
    I: Iterator<Item = Result<RecordBatch>> + Send,
{
    /// A reader of this schema over these batches.
    pub fn new(schema: SchemaRef, batches: I) -> Self {
        Self { schema, batches }
    }
}

impl Batches<std::iter::Once<Result<RecordBatch>>> {
    /// A reader of one batch: what most transforms return.
    #[must_use]
    pub fn one(batch: RecordBatch) -> Box<dyn Reader> {
        Box::new(Batches::new(batch.schema(), std::iter::once(Ok::<_, PluginError>(batch))))
    }
}

impl<I> Reader for Batches<I>
where
    I: Iterator<Item = Result<RecordBatch>> + Send,
{
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.batches.next().transpose()
    }
}
