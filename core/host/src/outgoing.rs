//! Rows that we hand to a plugin, as an Arrow stream that never panics into it.

use crate::runner::Rows;
use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ffi_stream::FFI_ArrowArrayStream;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zhengai_plugin_abi::ArrowArrayStream;

/// Streams for one call. What the plugin leaves, this releases.
pub(crate) struct Outgoing(Vec<ArrowArrayStream>);

impl Outgoing {
    /// Streams over these rows.
    pub(crate) fn new(inputs: Vec<Rows>) -> Self {
        Self(inputs.into_iter().map(stream_of).collect())
    }

    /// The first stream and their number.
    pub(crate) fn as_parts(&mut self) -> (*mut ArrowArrayStream, usize) {
        (self.0.as_mut_ptr(), self.0.len())
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        for stream in &mut self.0 {
            if let Some(release) = stream.release {
                // SAFETY: still set, so the plugin did not move the stream out; released once.
                unsafe { release(stream) };
            }
        }
    }
}

fn stream_of(rows: Rows) -> ArrowArrayStream {
    let reader = Guarded::new(rows);
    let stream = ManuallyDrop::new(FFI_ArrowArrayStream::new(Box::new(reader)));
    // SAFETY: both structs have the layout of the specification; arrow's copy is never dropped.
    unsafe { std::ptr::read((&raw const stream).cast::<ArrowArrayStream>()) }
}

/// Rows that keep to their schema and never panic into who takes them.
pub(crate) struct Guarded {
    schema: SchemaRef,
    batches: Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>,
    ended: bool,
}

impl Guarded {
    /// Guards these rows.
    pub(crate) fn new(rows: Rows) -> Self {
        Self { schema: rows.schema, batches: rows.batches, ended: false }
    }
}

impl Iterator for Guarded {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = catch_unwind(AssertUnwindSafe(|| self.batches.next()))
            .unwrap_or_else(|_| Some(Err(plain("the host failed while it made rows"))));
        let next = next.map(|batch| {
            let batch = batch.map_err(|error| plain(&error.to_string()))?;
            let promised = self.schema.fields().iter().map(|field| field.data_type());
            if promised.eq(batch.columns().iter().map(|column| column.data_type())) {
                Ok(batch)
            } else {
                Err(plain("the host made a batch of other types than it promised"))
            }
        });
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl RecordBatchReader for Guarded {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// arrow's exporter panics on an error text with NUL, and a panic there ends the process.
fn plain(text: &str) -> ArrowError {
    ArrowError::ExternalError(text.replace('\0', "\u{fffd}").into())
}
