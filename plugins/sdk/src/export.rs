//! The functions that fill the plugin's table: each turns C arguments into the author's types, runs under the guard,
//! and turns the answer back. Used by `export_plugin!` only.

use crate::guard::{drop_guarded, guarded, install_hook};
use crate::instance::Cell;
use crate::{ErrorClass, HostHandle, Input, Plugin, PluginError, Reader, Result, stream};
use arrow::ffi::FFI_ArrowSchema;
use serde_json::Value;
use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use zhengai_plugin_abi::{
    ArrowArrayStream, ArrowSchema, ZG_ABI, ZG_ABI_MAJOR, ZG_OK, ZgBuf, ZgError, ZgHost, ZgInstance, ZgPlugin, ZgReader,
    ZgStr, abi_major, abi_minor, write_table,
};

struct Opened {
    plugin: Box<dyn Plugin>,
    poisoned: AtomicBool,
}

/// Answers `zg_plugin_open`.
///
/// # Safety
/// As the header says: `out` is NULL or points to a table with its room in `struct_size`, `error` is NULL or points to
/// an error with its size, `_host` is not kept.
pub unsafe fn open<P: Plugin>(
    constructor: impl FnOnce() -> P,
    host_abi: u32,
    _host: *const ZgHost,
    out: *mut ZgPlugin,
    error: *mut ZgError,
) -> i32 {
    install_hook();
    let made = guarded(&AtomicBool::new(false), || {
        if abi_major(host_abi) != ZG_ABI_MAJOR || out.is_null() {
            let (major, minor) = (abi_major(host_abi), abi_minor(host_abi));
            let text = format!("this plugin speaks ABI {ZG_ABI_MAJOR}, the host asked for {major}.{minor}");
            return Err(PluginError::new(ErrorClass::Abi, "", text));
        }
        Ok(Box::new(Opened { plugin: Box::new(constructor()), poisoned: AtomicBool::new(false) }))
    });
    // SAFETY: the caller's promise about `error` and `out`.
    unsafe {
        finish(
            error,
            made.map(|opened| {
                // The plugin lives as long as the process: libraries are never unloaded.
                let table = ZgPlugin { ctx: Box::into_raw(opened).cast(), ..TABLE };
                write_table(&table, out);
            }),
        )
    }
}

const TABLE: ZgPlugin = ZgPlugin {
    struct_size: size_of::<ZgPlugin>() as u32,
    abi: ZG_ABI,
    ctx: std::ptr::null_mut(),
    describe: Some(describe),
    create: Some(create),
    destroy: Some(destroy),
    cancel: Some(cancel),
    check: Some(check),
    discover: Some(discover),
    schema: Some(schema),
    read: Some(read),
    write: Some(write),
    transform: Some(transform),
    call: Some(call),
};

/// # Safety
/// `out` is NULL or points to writable memory for a buffer.
pub(crate) unsafe fn put_json(out: *mut ZgBuf, value: &Value) {
    if !out.is_null() {
        // SAFETY: the caller's promise; what was there is the host's and is not read.
        unsafe { out.write(ZgBuf::from_vec(value.to_string().into_bytes())) };
    }
}

/// # Safety
/// `out` is NULL or points to an error with its size in `struct_size`.
pub(crate) unsafe fn put_error(out: *mut ZgError, error: &PluginError) {
    // SAFETY: the caller's promise. Version 1.0 is the smallest error there is: a smaller room takes nothing.
    let Some(out) = (unsafe { out.as_mut() }).filter(|out| out.struct_size as usize >= size_of::<ZgError>()) else {
        return;
    };
    out.code = error.class.code();
    out.retry_after_ms = error.retry_after_ms;
    out.message = ZgBuf::from_vec(error.message.clone().into_bytes());
    out.detail = ZgBuf::from_vec(error.to_detail_json().to_string().into_bytes());
}

/// # Safety
/// As for [`put_error`].
unsafe fn finish(out: *mut ZgError, result: Result<()>) -> i32 {
    match result {
        Ok(()) => ZG_OK,
        Err(error) => {
            // SAFETY: the caller's promise.
            unsafe { put_error(out, &error) };
            error.class.code()
        }
    }
}

/// # Safety
/// `text` is readable for the call.
unsafe fn text_of(text: ZgStr) -> Result<String> {
    // SAFETY: the caller's promise; the bytes are copied.
    String::from_utf8(unsafe { text.bytes() }.to_vec())
        .map_err(|_| PluginError::config("", "a text from the host is not UTF-8"))
}

/// # Safety
/// `text` is readable for the call.
unsafe fn json_of(text: ZgStr) -> Result<Value> {
    // SAFETY: the caller's promise; the bytes are parsed into owned values.
    let bytes = unsafe { text.bytes() };
    if bytes.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_slice(bytes)?) }
}

/// # Safety
/// `instance` is NULL or alive.
unsafe fn cell<'a>(instance: *mut ZgInstance) -> Result<&'a Cell> {
    // SAFETY: the caller's promise.
    unsafe { Cell::borrow(instance) }.ok_or_else(|| PluginError::config("", "the instance is NULL"))
}

fn exported(reader: Box<dyn Reader>, cell: &Cell) -> ZgReader {
    let schema = reader.schema();
    stream::export(reader, schema, Arc::clone(&cell.poisoned))
}

unsafe extern "C" fn describe(ctx: *mut c_void, json: *mut ZgBuf, error: *mut ZgError) -> i32 {
    // SAFETY: `ctx` is what `open` put into the table and lives as long as the process; the rest as the header says.
    unsafe {
        let opened = &*ctx.cast::<Opened>();
        let described = guarded(&opened.poisoned, || Ok(serde_json::to_value(opened.plugin.describe())?));
        finish(error, described.map(|value| put_json(json, &value)))
    }
}

unsafe extern "C" fn create(
    ctx: *mut c_void,
    component: ZgStr,
    config: ZgStr,
    host: *const ZgHost,
    out: *mut *mut ZgInstance,
    error: *mut ZgError,
) -> i32 {
    // SAFETY: `ctx` is what `open` put into the table and lives as long as the process; the rest as the header says.
    unsafe {
        let opened = &*ctx.cast::<Opened>();
        let made = guarded(&opened.poisoned, || {
            let (component, config) = (text_of(component)?, json_of(config)?);
            let handle = HostHandle::attach(host);
            let instance = opened.plugin.create(&component, config, handle.clone()).inspect_err(|_| handle.close())?;
            Ok(Cell::into_raw(instance, handle))
        });
        finish(error, made.map(|instance| out.write(instance)))
    }
}

unsafe extern "C" fn destroy(instance: *mut ZgInstance) {
    // SAFETY: the host destroys an instance once and uses it no more.
    if let Some(cell) = unsafe { Cell::from_raw(instance) } {
        let host = cell.host.clone();
        drop_guarded(cell);
        host.close();
    }
}

unsafe extern "C" fn cancel(instance: *mut ZgInstance) {
    // SAFETY: the host cancels an instance that is alive; the flag may be set from any thread.
    if let Some(cell) = unsafe { Cell::borrow(instance) } {
        cell.host.cancel();
    }
}

unsafe extern "C" fn check(instance: *mut ZgInstance, report: *mut ZgBuf, error: *mut ZgError) -> i32 {
    // SAFETY: arguments as the header says.
    unsafe {
        let result = cell(instance).and_then(|cell| cell.run(|instance| instance.check()));
        finish(error, result.map(|value| put_json(report, &value)))
    }
}

unsafe extern "C" fn discover(
    instance: *mut ZgInstance,
    request: ZgStr,
    catalog: *mut ZgBuf,
    error: *mut ZgError,
) -> i32 {
    // SAFETY: arguments as the header says.
    unsafe {
        let result = cell(instance).and_then(|cell| cell.run(|instance| instance.discover(json_of(request)?)));
        finish(error, result.map(|value| put_json(catalog, &value)))
    }
}

unsafe extern "C" fn schema(
    instance: *mut ZgInstance,
    stream: ZgStr,
    out: *mut ArrowSchema,
    error: *mut ZgError,
) -> i32 {
    // SAFETY: arguments as the header says; arrow's struct has the layout of the specification's.
    unsafe {
        let result = cell(instance).and_then(|cell| {
            cell.run(|instance| Ok(FFI_ArrowSchema::try_from(instance.schema(json_of(stream)?)?.as_ref())?))
        });
        finish(error, result.map(|schema| out.cast::<FFI_ArrowSchema>().write(schema)))
    }
}

unsafe extern "C" fn read(instance: *mut ZgInstance, request: ZgStr, out: *mut ZgReader, error: *mut ZgError) -> i32 {
    // SAFETY: arguments as the header says.
    unsafe {
        let result =
            cell(instance).and_then(|cell| cell.run(|instance| Ok(exported(instance.read(json_of(request)?)?, cell))));
        finish(error, result.map(|reader| out.write(reader)))
    }
}

unsafe extern "C" fn write(
    instance: *mut ZgInstance,
    request: ZgStr,
    input: *mut ArrowArrayStream,
    out: *mut ZgBuf,
    error: *mut ZgError,
) -> i32 {
    // SAFETY: arguments as the header says.
    unsafe {
        let result = cell(instance).and_then(|cell| {
            cell.run(|instance| {
                let inputs = take_inputs(input, 1)?;
                let input = inputs.into_iter().next().ok_or_else(|| PluginError::config("", "no input"))?;
                instance.write(json_of(request)?, input)
            })
        });
        finish(error, result.map(|value| put_json(out, &value)))
    }
}

unsafe extern "C" fn transform(
    instance: *mut ZgInstance,
    request: ZgStr,
    inputs: *mut ArrowArrayStream,
    count: usize,
    out: *mut ZgReader,
    error: *mut ZgError,
) -> i32 {
    // SAFETY: arguments as the header says.
    unsafe {
        let result = cell(instance).and_then(|cell| {
            cell.run(|instance| {
                let inputs = take_inputs(inputs, count)?;
                Ok(exported(instance.transform(json_of(request)?, inputs)?, cell))
            })
        });
        finish(error, result.map(|reader| out.write(reader)))
    }
}

unsafe extern "C" fn call(
    instance: *mut ZgInstance,
    method: ZgStr,
    args: ZgStr,
    out: *mut ZgBuf,
    error: *mut ZgError,
) -> i32 {
    // SAFETY: arguments as the header says.
    unsafe {
        let result =
            cell(instance).and_then(|cell| cell.run(|instance| instance.call(&text_of(method)?, json_of(args)?)));
        finish(error, result.map(|value| put_json(out, &value)))
    }
}

/// Moves every stream out, so that none is left behind when one of them is bad.
///
/// # Safety
/// `inputs` is NULL or points to `count` streams.
unsafe fn take_inputs(inputs: *mut ArrowArrayStream, count: usize) -> Result<Vec<Input>> {
    if inputs.is_null() {
        return if count == 0 { Ok(Vec::new()) } else { Err(PluginError::config("", "the inputs are NULL")) };
    }
    // SAFETY: the caller's promise about `count`.
    let taken: Vec<Result<Input>> = (0..count).map(|index| unsafe { Input::take(inputs.add(index)) }).collect();
    taken.into_iter().collect()
}
