//! What callers hold: an instance of a component, its reads, and the handle that stops them.

use crate::HostError;
use crate::runner::{Rows, RunningInstance, RunningRead};
use crate::worker::Confinement;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, Weak};
use zhengai_model::ids::PluginId;

/// A configured component of a plugin. Every call blocks; calls on one instance wait for each other.
///
/// An instance lives until it and all its readers are dropped.
#[derive(Clone)]
pub struct Instance {
    plugin: PluginId,
    component: String,
    running: Arc<dyn RunningInstance>,
}

impl Instance {
    pub(crate) fn new(plugin: PluginId, component: String, running: Arc<dyn RunningInstance>) -> Self {
        Self { plugin, component, running }
    }

    /// Which plugin.
    #[must_use]
    pub fn plugin(&self) -> &PluginId {
        &self.plugin
    }

    /// Which component of it.
    #[must_use]
    pub fn component(&self) -> &str {
        &self.component
    }

    /// Tries whether the configuration works; a report as JSON.
    pub fn check(&self) -> Result<Value, HostError> {
        self.running.check()
    }

    /// What can be read.
    pub fn discover(&self, request: &Value) -> Result<Value, HostError> {
        self.running.discover(request)
    }

    /// Schema of one stream, without reading it.
    pub fn schema(&self, stream: &Value) -> Result<SchemaRef, HostError> {
        self.running.schema(stream)
    }

    /// Rows in.
    pub fn read(&self, request: &Value) -> Result<HostReader, HostError> {
        Arc::clone(&self.running).read(request).map(HostReader::new)
    }

    /// Rows from rows. The request names the transform: `{"transform": "name", …}`. The inputs must not be readers of
    /// this same instance: they would wait for each other.
    pub fn transform(&self, request: &Value, inputs: Vec<Rows>) -> Result<HostReader, HostError> {
        Arc::clone(&self.running).transform(request, inputs).map(HostReader::new)
    }

    /// Rows out; the plugin's result as JSON.
    pub fn write(&self, request: &Value, input: Rows) -> Result<Value, HostError> {
        self.running.write(request, input)
    }

    /// Anything small: a method with its arguments as JSON.
    pub fn call(&self, method: &str, args: &Value) -> Result<Value, HostError> {
        self.running.call(method, args)
    }

    /// Asks whatever runs to stop. The instance is of no use afterwards: every further call is refused as cancelled.
    pub fn cancel(&self) {
        self.running.cancel();
    }

    /// Ends the instance and says whether it ended well. For a worker this is its exit status: rows that were read to
    /// their end are complete, but only a plugin that also ended well is one to be trusted with the next read. A reader
    /// that outlives its instance does this at its end.
    pub fn finish(self) -> Result<(), HostError> {
        self.running.finish()
    }

    /// What holds the plugin's code back; `None` when it runs in our own process.
    #[must_use]
    pub fn confinement(&self) -> Option<Confinement> {
        self.running.confinement()
    }

    /// A handle that cancels from another thread, without keeping the instance alive.
    #[must_use]
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle { running: Arc::downgrade(&self.running) }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, component, .. } = self;
        formatter.debug_struct("Instance").field("plugin", plugin).field("component", component).finish_non_exhaustive()
    }
}

/// Cancels an instance from another thread.
#[derive(Clone)]
pub struct CancelHandle {
    running: Weak<dyn RunningInstance>,
}

impl CancelHandle {
    /// Asks whatever runs to stop; nothing happens when the instance is gone.
    pub fn cancel(&self) {
        if let Some(running) = self.running.upgrade() {
            running.cancel();
        }
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CancelHandle").finish_non_exhaustive()
    }
}

/// A read that is under way: an iterator of batches that all have its schema. After an error it is at its end; only a
/// read that ended without one is complete.
pub struct HostReader {
    running: Box<dyn RunningRead>,
    schema: SchemaRef,
    ended: bool,
}

impl HostReader {
    fn new(running: Box<dyn RunningRead>) -> Self {
        let schema = running.schema();
        Self { running, schema, ended: false }
    }

    /// Schema of every batch.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The cursor that covers every batch returned so far; `None` when the plugin has no checkpoint here.
    pub fn state(&mut self) -> Result<Option<Value>, HostError> {
        self.running.state()
    }
}

impl Iterator for HostReader {
    type Item = Result<RecordBatch, HostError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.running.next().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl fmt::Debug for HostReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HostReader").field("schema", &self.schema).finish_non_exhaustive()
    }
}
