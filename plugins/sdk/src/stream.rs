//! A reader of the author's as the interface's `ZgReader`: an Arrow stream whose every step is guarded and checked.

use crate::export::{put_error, put_json};
use crate::guard::{drop_guarded, guarded};
use crate::{PluginError, Reader, Result};
use arrow::array::{Array, RecordBatch, StructArray};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use std::ffi::{CString, c_char, c_int};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use zhengai_plugin_abi::{
    ArrowArray, ArrowArrayStream, ArrowSchema, ZG_E_SYSTEM, ZG_E_UNSUPPORTED, ZG_OK, ZgBuf, ZgError, ZgReader,
};

/// `EIO` on every system: the errno that Arrow streams return; the exact class travels in `ZgReader::error`.
const EIO: c_int = 5;

struct State {
    reader: Box<dyn Reader>,
    schema: SchemaRef,
    poisoned: Arc<AtomicBool>,
    ended: bool,
    error: Option<PluginError>,
    text: CString,
}

/// Hands a reader out. Its panics poison the instance that it came from.
pub(crate) fn export(reader: Box<dyn Reader>, schema: SchemaRef, poisoned: Arc<AtomicBool>) -> ZgReader {
    let state = State { reader, schema, poisoned, ended: false, error: None, text: CString::default() };
    let stream = ArrowArrayStream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release),
        private_data: Box::into_raw(Box::new(state)).cast(),
    };
    ZgReader {
        stream,
        struct_size: size_of::<ZgReader>() as u32,
        reserved: 0,
        state: Some(state_of),
        error: Some(error_of),
    }
}

impl State {
    /// # Safety
    /// `stream` is NULL, or a stream that [`export`] made.
    unsafe fn of<'a>(stream: *mut ArrowArrayStream) -> Option<&'a mut Self> {
        // SAFETY: the caller's promise; `private_data` is the box until release, NULL after it.
        unsafe { stream.as_mut().and_then(|stream| stream.private_data.cast::<Self>().as_mut()) }
    }

    fn fail(&mut self, error: PluginError) -> c_int {
        // A C text cannot hold NUL; a text that has one loses it, never the process.
        self.text = CString::new(error.message.replace('\0', "\u{fffd}")).unwrap_or_default();
        self.error = Some(error);
        EIO
    }

    fn next(&mut self) -> Result<Option<FFI_ArrowArray>> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        if self.ended {
            return Ok(None);
        }
        let Self { reader, schema, poisoned, .. } = self;
        let next = guarded(poisoned, || match reader.next()? {
            Some(batch) => {
                check_types(schema, &batch)?;
                Ok(Some(FFI_ArrowArray::new(&StructArray::from(batch).to_data())))
            }
            None => Ok(None),
        })?;
        self.ended = next.is_none();
        Ok(next)
    }
}

/// Arrays cross without their types, so a batch of other types would be read as something it is not.
fn check_types(schema: &Schema, batch: &RecordBatch) -> Result<()> {
    if schema.fields().len() != batch.num_columns() {
        let (want, have) = (schema.fields().len(), batch.num_columns());
        return Err(PluginError::system("", format!("the reader promised {want} columns and returned {have}")));
    }
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        if field.data_type() != column.data_type() {
            let (name, want, have) = (field.name(), field.data_type(), column.data_type());
            let text = format!("column `{name}`: the reader promised {want} and returned {have}");
            return Err(PluginError::system("", text));
        }
    }
    Ok(())
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: called through a stream that `export` made.
    let Some(state) = (unsafe { State::of(stream) }).filter(|_| !out.is_null()) else { return EIO };
    let schema = guarded(&state.poisoned, || Ok(FFI_ArrowSchema::try_from(state.schema.as_ref())?));
    match schema {
        Ok(schema) => {
            // SAFETY: `out` is room for a schema; arrow's struct has the layout of the specification's.
            unsafe { out.cast::<FFI_ArrowSchema>().write(schema) };
            0
        }
        Err(error) => state.fail(error),
    }
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: called through a stream that `export` made.
    let Some(state) = (unsafe { State::of(stream) }).filter(|_| !out.is_null()) else { return EIO };
    match state.next() {
        Ok(array) => {
            // SAFETY: `out` is room for an array; arrow's struct has the layout of the specification's.
            unsafe { out.cast::<FFI_ArrowArray>().write(array.unwrap_or_else(FFI_ArrowArray::empty)) };
            0
        }
        Err(error) => state.fail(error),
    }
}

unsafe extern "C" fn get_last_error(stream: *mut ArrowArrayStream) -> *const c_char {
    // SAFETY: called through a stream that `export` made.
    let state = unsafe { State::of(stream) };
    state.filter(|state| state.error.is_some()).map_or(std::ptr::null(), |state| state.text.as_ptr())
}

unsafe extern "C" fn release(stream: *mut ArrowArrayStream) {
    // SAFETY: called through a stream that `export` made, or NULL.
    let Some(stream) = (unsafe { stream.as_mut() }) else { return };
    let state = std::mem::replace(&mut stream.private_data, std::ptr::null_mut()).cast::<State>();
    stream.release = None;
    if !state.is_null() {
        // SAFETY: the box of `export`, taken out of the stream above, so once.
        drop_guarded(unsafe { Box::from_raw(state) });
    }
}

unsafe extern "C" fn state_of(reader: *mut ZgReader, out: *mut ZgBuf) -> i32 {
    // SAFETY: the stream is the first member of a reader that `export` made.
    let Some(state) = (unsafe { State::of(reader.cast()) }) else { return ZG_E_SYSTEM };
    let State { reader, poisoned, .. } = &mut *state;
    match guarded(poisoned, || reader.state()) {
        Ok(Some(cursor)) => {
            // SAFETY: the host gives room for a buffer, or NULL.
            unsafe { put_json(out, &cursor) };
            ZG_OK
        }
        Ok(None) => ZG_E_UNSUPPORTED,
        Err(error) => {
            let code = error.class.code();
            state.fail(error);
            code
        }
    }
}

unsafe extern "C" fn error_of(reader: *mut ZgReader, out: *mut ZgError) -> i32 {
    // SAFETY: the stream is the first member of a reader that `export` made.
    let state = unsafe { State::of(reader.cast()) };
    match state.and_then(|state| state.error.as_ref()) {
        Some(error) => {
            // SAFETY: the host gives room for an error, or NULL.
            unsafe { put_error(out, error) };
            ZG_OK
        }
        None => ZG_E_UNSUPPORTED,
    }
}
