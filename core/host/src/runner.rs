//! The seam between what callers use and where a plugin's code runs.
//!
//! There are two runners: the library in our own process, and a worker process. Whoever calls [`crate::Instance`] does
//! not notice which.

use crate::worker::{Confinement, WorkerSettings};
use crate::{HostError, Services};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use serde_json::Value;
use std::sync::Arc;

/// Where a plugin's code runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Placement {
    /// In our own process: for what ships with the product, and for what an administrator has marked trusted.
    #[default]
    InProcess,
    /// In a process of its own for each instance: for everything else.
    Worker(WorkerSettings),
}

/// Rows for a transform or a write: every batch has the schema's types.
pub struct Rows {
    /// Schema of every batch.
    pub schema: SchemaRef,
    /// The batches; an error ends them.
    pub batches: Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>,
}

impl Rows {
    /// Rows in memory.
    #[must_use]
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches: Box::new(batches.into_iter().map(Ok)) }
    }
}

/// A plugin whose code is ready to run.
pub trait Runner: Send + Sync {
    /// Who it is and what it can, as JSON.
    fn describe(&self) -> Result<Value, HostError>;

    /// Makes an instance of a component.
    fn create(
        &self,
        component: &str,
        config: &Value,
        services: Arc<dyn Services>,
    ) -> Result<Arc<dyn RunningInstance>, HostError>;
}

/// An instance whose code is ready to run. Calls on one instance wait for each other, `cancel` excepted.
pub trait RunningInstance: Send + Sync {
    /// Tries whether the configuration works.
    fn check(&self) -> Result<Value, HostError>;
    /// What can be read.
    fn discover(&self, request: &Value) -> Result<Value, HostError>;
    /// Schema of one stream.
    fn schema(&self, stream: &Value) -> Result<SchemaRef, HostError>;
    /// Rows in.
    fn read(self: Arc<Self>, request: &Value) -> Result<Box<dyn RunningRead>, HostError>;
    /// Rows from rows.
    fn transform(self: Arc<Self>, request: &Value, inputs: Vec<Rows>) -> Result<Box<dyn RunningRead>, HostError>;
    /// Rows out.
    fn write(&self, request: &Value, input: Rows) -> Result<Value, HostError>;
    /// Anything small.
    fn call(&self, method: &str, args: &Value) -> Result<Value, HostError>;
    /// Asks whatever runs to stop; from any thread. The instance is of no use afterwards.
    fn cancel(&self);
    /// Ends the instance now and says whether it ended well; it is of no use afterwards.
    fn finish(&self) -> Result<(), HostError> {
        Ok(())
    }
    /// What holds its code back; `None` in our own process.
    fn confinement(&self) -> Option<Confinement> {
        None
    }
}

/// A read that is under way.
pub trait RunningRead: Send {
    /// Schema of every batch.
    fn schema(&self) -> SchemaRef;
    /// The next batch; `None` at the end.
    fn next(&mut self) -> Result<Option<RecordBatch>, HostError>;
    /// The cursor that covers every batch returned so far; `None` when there is no checkpoint here.
    fn state(&mut self) -> Result<Option<Value>, HostError>;
}
