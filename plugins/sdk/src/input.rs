//! Rows that the host hands to a transform or a write.

use crate::{PluginError, Result};
use arrow::array::{RecordBatch, RecordBatchOptions, StructArray};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use std::ffi::CStr;
use std::sync::Arc;
use zhengai_plugin_abi::{ArrowArray, ArrowArrayStream, ArrowSchema};

/// One input: an iterator of batches that all have its schema. After an error it is at its end.
pub struct Input {
    schema: SchemaRef,
    source: Source,
}

enum Source {
    Memory(std::vec::IntoIter<RecordBatch>),
    Host(HostStream),
    Ended,
}

impl Input {
    /// An input over batches in memory, for the author's own tests.
    #[must_use]
    pub fn from_batches(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, source: Source::Memory(batches.into_iter()) }
    }

    /// Schema of every batch.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Everything in one batch.
    pub fn all(self) -> Result<RecordBatch> {
        let schema = self.schema();
        let batches = self.collect::<Result<Vec<_>>>()?;
        Ok(arrow::compute::concat_batches(&schema, &batches)?)
    }

    /// Takes over a stream of the host.
    ///
    /// # Safety
    /// `stream` points to a stream as the Arrow specification says; it is moved from.
    pub(crate) unsafe fn take(stream: *mut ArrowArrayStream) -> Result<Self> {
        // SAFETY: the caller's promise; the source is left released, as moving asks.
        let mut stream = HostStream(unsafe { std::ptr::replace(stream, ArrowArrayStream::empty()) });
        let schema = stream.schema()?;
        Ok(Self { schema, source: Source::Host(stream) })
    }
}

impl Iterator for Input {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match &mut self.source {
            Source::Memory(batches) => batches.next().map(Ok),
            Source::Host(stream) => stream.next(&self.schema).transpose(),
            Source::Ended => None,
        };
        if !matches!(next, Some(Ok(_))) {
            self.source = Source::Ended;
        }
        next
    }
}

/// A stream of the host. The host checks nothing less than we would, so its buffers are trusted; its codes are not.
struct HostStream(ArrowArrayStream);

// SAFETY: the specification allows a stream to be used from any one thread at a time, and `&mut` guarantees that.
unsafe impl Send for HostStream {}

impl HostStream {
    fn schema(&mut self) -> Result<SchemaRef> {
        let get_schema = self.0.get_schema.filter(|_| self.0.release.is_some()).ok_or_else(released)?;
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the stream is not released; arrow's struct has the layout of the specification's.
        let code = unsafe { get_schema(&mut self.0, (&raw mut schema).cast::<ArrowSchema>()) };
        if code != 0 {
            return Err(self.failure("get_schema", code));
        }
        if schema.release.is_none() {
            return Err(PluginError::system("", "the host's stream gave no schema"));
        }
        Ok(Arc::new(Schema::try_from(&schema)?))
    }

    fn next(&mut self, schema: &SchemaRef) -> Result<Option<RecordBatch>> {
        let get_next = self.0.get_next.filter(|_| self.0.release.is_some()).ok_or_else(released)?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the stream is not released; arrow's struct has the layout of the specification's.
        let code = unsafe { get_next(&mut self.0, (&raw mut array).cast::<ArrowArray>()) };
        if code != 0 {
            return Err(self.failure("get_next", code));
        }
        if array.is_released() {
            return Ok(None);
        }
        let fields = arrow::datatypes::DataType::Struct(schema.fields().clone());
        // SAFETY: the array came from the host's stream of this schema.
        let data = unsafe { from_ffi_and_data_type(array, fields) }?;
        let rows = RecordBatchOptions::new().with_row_count(Some(data.len()));
        let (_, columns, _) = StructArray::from(data).into_parts();
        Ok(Some(RecordBatch::try_new_with_options(schema.clone(), columns, &rows)?))
    }

    fn failure(&mut self, step: &str, code: i32) -> PluginError {
        let text = self.0.get_last_error.and_then(|last| {
            // SAFETY: the stream is not released; the text is copied before the next call.
            let text = unsafe { last(&mut self.0) };
            // SAFETY: not NULL, and NUL-terminated as the specification says.
            (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
        });
        let text = text.unwrap_or_else(|| "no text".to_owned());
        PluginError::system("", format!("input stream: {step} returned {code}: {text}"))
    }
}

impl Drop for HostStream {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: not released yet, and dropped once.
            unsafe { release(&mut self.0) };
        }
    }
}

fn released() -> PluginError {
    PluginError::system("", "the host's stream is already released")
}
