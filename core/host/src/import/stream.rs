//! A plugin's stream: codes, texts and ends.

use super::array::{OwnedArray, take_batch};
use super::schema::{OwnedSchema, take_schema};
use crate::HostError;
use crate::wire::{class_of_errno, cut, failed, json, malformed, outcome};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::Value;
use std::ffi::CStr;
use std::mem::{ManuallyDrop, offset_of};
use std::sync::Arc;
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::{
    ArrowArray, ArrowArrayStream, ArrowSchema, ErrorClass, ZG_E_UNSUPPORTED, ZG_OK, ZgBuf, ZgError, ZgReader,
};

/// A stream of a plugin, released once.
pub(crate) struct Stream {
    plugin: PluginId,
    raw: Box<ZgReader>,
    schema: SchemaRef,
    ended: bool,
}

// SAFETY: the interface says that a reader may be used from different threads, one at a time; `&mut` is one at a time.
unsafe impl Send for Stream {}

/// A reader that is released when dropped, whatever became of it.
struct Owned(Box<ZgReader>);

impl Drop for Owned {
    fn drop(&mut self) {
        release(&mut self.0);
    }
}

fn release(reader: &mut ZgReader) {
    if let Some(release) = reader.stream.release {
        // SAFETY: still set, and emptied below, so this happens once even where the plugin forgets to clear it.
        unsafe { release(&mut reader.stream) };
        reader.stream = ArrowArrayStream::empty();
    }
}

impl Stream {
    /// Takes a reader that a plugin filled, and asks for its schema.
    ///
    /// # Safety
    /// Functions in it that are not NULL do what the interface says.
    pub(crate) unsafe fn open(plugin: &PluginId, raw: Box<ZgReader>) -> Result<Self, HostError> {
        let mut owned = Owned(raw);
        let reader = owned.0.as_mut();
        if reader.stream.release.is_none() {
            return Err(malformed(plugin, "read", "the stream is released"));
        }
        if reader.stream.get_next.is_none() {
            return Err(malformed(plugin, "read", "the stream has no get_next"));
        }
        if (reader.struct_size as usize) < offset_of!(ZgReader, reserved) || reader.struct_size as usize > 4096 {
            let rule = format!("the reader's struct_size is {}", reader.struct_size);
            return Err(malformed(plugin, "read", rule));
        }
        let Some(get_schema) = reader.stream.get_schema else {
            return Err(malformed(plugin, "read", "the stream has no get_schema"));
        };
        let mut schema = ArrowSchema::empty();
        // SAFETY: the stream is not released, and there is room for a schema.
        let code = unsafe { get_schema(&mut reader.stream, &mut schema) };
        let schema = OwnedSchema(schema);
        if code != 0 {
            // SAFETY: get_schema returned this code just now.
            return Err(unsafe { stream_error(plugin, reader, code) });
        }
        let schema = ManuallyDrop::new(schema);
        // SAFETY: moved out once, the original is not dropped; its pointers are the plugin's promise.
        let schema = unsafe { take_schema(std::ptr::read(&raw const schema.0)) };
        let schema = schema.map_err(|rule| malformed(plugin, "get_schema", rule))?;
        let owned = ManuallyDrop::new(owned);
        // SAFETY: the box moves out once, the original is not dropped.
        let raw = unsafe { std::ptr::read(&raw const owned.0) };
        Ok(Self { plugin: plugin.clone(), raw, schema: Arc::new(schema), ended: false })
    }

    /// Schema of every batch.
    pub(crate) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The next batch; `None` at the end, and after an error.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, HostError> {
        let get_next = self.raw.stream.get_next.filter(|_| self.raw.stream.release.is_some() && !self.ended);
        let Some(get_next) = get_next else { return Ok(None) };
        let mut array = ArrowArray::empty();
        // SAFETY: the stream is not released, and there is room for an array.
        let code = unsafe { get_next(&mut self.raw.stream, &mut array) };
        let array = OwnedArray(array);
        if code != 0 {
            self.ended = true;
            // An array beside an error is not ours to believe in.
            std::mem::forget(array);
            // SAFETY: get_next returned this code just now.
            return Err(unsafe { stream_error(&self.plugin, &mut self.raw, code) });
        }
        if array.0.release.is_none() {
            self.ended = true;
            return Ok(None);
        }
        // SAFETY: the array is not released; its pointers are the plugin's promise.
        let batch = unsafe { take_batch(array, &self.schema) };
        self.ended = batch.is_err();
        batch.map(Some).map_err(|rule| malformed(&self.plugin, "get_next", rule))
    }

    /// The cursor that covers every batch returned so far.
    pub(crate) fn state(&mut self) -> Result<Option<Value>, HostError> {
        let fits = self.raw.struct_size as usize >= offset_of!(ZgReader, state) + size_of::<usize>();
        let state = self.raw.state.filter(|_| fits && self.raw.stream.release.is_some());
        let Some(state) = state else { return Ok(None) };
        let mut buffer = ZgBuf::empty();
        // SAFETY: the reader is not released, and there is room for a buffer.
        let code = unsafe { state(&mut *self.raw, &mut buffer) };
        match code {
            // SAFETY: the plugin filled the buffer.
            ZG_OK => unsafe { json(&self.plugin, "state", &mut buffer) }.map(Some),
            ZG_E_UNSUPPORTED => Ok(None),
            // SAFETY: the plugin returned this code just now.
            _ => Err(unsafe { plugin_error(&self.plugin, &mut self.raw, ErrorClass::from_code(code)) }
                .unwrap_or_else(|| failed(&self.plugin, ErrorClass::from_code(code), format!("state: code {code}")))),
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        release(&mut self.raw);
    }
}

/// What the plugin says about the code that a step of its stream returned.
///
/// # Safety
/// The reader is not released, and its last step returned `code`.
unsafe fn stream_error(plugin: &PluginId, reader: &mut ZgReader, code: i32) -> HostError {
    // SAFETY: the caller's promise.
    if let Some(error) = unsafe { plugin_error(plugin, reader, class_of_errno(code)) } {
        return error;
    }
    let text = reader.stream.get_last_error.and_then(|last_error| {
        // SAFETY: the stream is not released.
        let text = unsafe { last_error(&mut reader.stream) };
        // SAFETY: not NULL; NUL-terminated and valid until the next call, as the specification says.
        (!text.is_null()).then(|| cut(unsafe { CStr::from_ptr(text) }.to_bytes()))
    });
    let text = text.filter(|text| !text.is_empty()).unwrap_or_else(|| format!("errno {code}"));
    failed(plugin, class_of_errno(code), text)
}

/// The details that our interface adds to Arrow's, when the plugin has them; a plugin that gives no code means `otherwise`.
///
/// # Safety
/// The reader is not released.
unsafe fn plugin_error(plugin: &PluginId, reader: &mut ZgReader, otherwise: ErrorClass) -> Option<HostError> {
    let fits = reader.struct_size as usize >= offset_of!(ZgReader, error) + size_of::<usize>();
    let ask = reader.error.filter(|_| fits)?;
    let mut error = ZgError::empty();
    // SAFETY: the caller's promise; there is room for an error of the size that it says.
    let asked = unsafe { ask(reader, &mut error) };
    if asked != ZG_OK {
        // SAFETY: the plugin filled the error or left it empty.
        let _ = unsafe { outcome(plugin, ZG_OK, &mut error) };
        return None;
    }
    let code = if error.code == ZG_OK { otherwise.code() } else { error.code };
    // SAFETY: the plugin filled the error.
    unsafe { outcome(plugin, code, &mut error) }.err()
}
