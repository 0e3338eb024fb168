//! The runner for libraries in our own process.

use crate::import::{Stream, take_schema};
use crate::outgoing::Outgoing;
use crate::runner::{Rows, Runner, RunningInstance, RunningRead};
use crate::services::HostTable;
use crate::wire::{cancelled, json, malformed, outcome, unsupported};
use crate::{HostError, Services};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::Value;
use std::mem::offset_of;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::{
    ArrowSchema, ErrorClass, ZG_ABI, ZG_ABI_MAJOR, ZG_E_ABI, ZgBuf, ZgError, ZgInstance, ZgOpen, ZgPlugin, ZgReader,
    ZgStr, abi_major, abi_minor, read_table,
};

/// Room for the table of a plugin that is newer than we are and does not keep to the room that it was given.
#[repr(C)]
struct Room {
    table: ZgPlugin,
    slack: [u8; 4096],
}

/// A plugin in our process.
pub(crate) struct InProcess {
    plugin: PluginId,
    table: ZgPlugin,
}

// SAFETY: the interface says that `describe` and `create` may be called from any thread; the rest goes through `Live`.
unsafe impl Send for InProcess {}
// SAFETY: as above.
unsafe impl Sync for InProcess {}

impl InProcess {
    /// Asks a plugin for its table, and refuses one that cannot be used.
    ///
    /// # Safety
    /// `entry` is `zg_plugin_open` as the header says, and its code is never unloaded.
    pub(crate) unsafe fn open(plugin: PluginId, entry: ZgOpen) -> Result<Self, HostError> {
        let mut room = Box::new(Room { table: ZgPlugin::empty(), slack: [0; 4096] });
        let mut error = ZgError::empty();
        // SAFETY: the caller's promise; there is more room than the table says.
        let code = unsafe { entry(ZG_ABI, std::ptr::null(), (&raw mut *room).cast(), &mut error) };
        // SAFETY: the plugin filled the error or left it empty.
        let opened = unsafe { outcome(&plugin, code, &mut error) };
        if code == ZG_E_ABI {
            let spoken = room.table.abi;
            let abi = match opened {
                _ if spoken != 0 => format!("{}.{}", abi_major(spoken), abi_minor(spoken)),
                Err(HostError::Plugin(failure)) => failure.text,
                _ => "?".to_owned(),
            };
            return Err(HostError::Abi { plugin, abi });
        }
        opened?;
        let size = room.table.struct_size as usize;
        if size < offset_of!(ZgPlugin, cancel) || size > size_of::<ZgPlugin>() {
            let rule = format!("struct_size is {size}, the room was {}", size_of::<ZgPlugin>());
            return Err(malformed(&plugin, "zg_plugin_open", rule));
        }
        // SAFETY: `size` lies within the room.
        let table = unsafe { read_table(&raw const room.table) };
        if abi_major(table.abi) != ZG_ABI_MAJOR {
            let abi = format!("{}.{}", abi_major(table.abi), abi_minor(table.abi));
            return Err(HostError::Abi { plugin, abi });
        }
        if table.describe.is_none() || table.create.is_none() || table.destroy.is_none() {
            return Err(malformed(&plugin, "zg_plugin_open", "describe, create and destroy must be there"));
        }
        Ok(Self { plugin, table })
    }
}

impl Runner for InProcess {
    fn describe(&self) -> Result<Value, HostError> {
        let describe = self.table.describe.ok_or_else(|| unsupported(&self.plugin, "describe"))?;
        // SAFETY: the plugin's own `ctx`; buffers are ours to be filled.
        unsafe { call_json(&self.plugin, "describe", |out, error| describe(self.table.ctx, out, error)) }
    }

    fn create(
        &self,
        component: &str,
        config: &Value,
        services: Arc<dyn Services>,
    ) -> Result<Arc<dyn RunningInstance>, HostError> {
        let create = self.table.create.ok_or_else(|| unsupported(&self.plugin, "create"))?;
        let host = HostTable::new(services);
        let config = config.to_string();
        let mut raw = std::ptr::null_mut();
        let mut error = ZgError::empty();
        // SAFETY: the plugin's own `ctx`; texts live for the call, the host table until after `destroy`.
        let code = unsafe {
            let (component, config) = (ZgStr::new(component), ZgStr::new(&config));
            create(self.table.ctx, component, config, host.as_ptr(), &mut raw, &mut error)
        };
        // SAFETY: the plugin filled the error or left it empty.
        unsafe { outcome(&self.plugin, code, &mut error) }?;
        if raw.is_null() {
            return Err(malformed(&self.plugin, "create", "no error and no instance"));
        }
        Ok(Arc::new(Live {
            plugin: self.plugin.clone(),
            table: self.table,
            raw,
            turn: Mutex::new(()),
            poisoned: AtomicBool::new(false),
            host,
        }))
    }
}

/// Runs a call whose answer is JSON.
///
/// # Safety
/// `work` calls a function of the plugin with these two as its outputs.
unsafe fn call_json(
    plugin: &PluginId,
    name: &'static str,
    work: impl FnOnce(*mut ZgBuf, *mut ZgError) -> i32,
) -> Result<Value, HostError> {
    let (mut buffer, mut error) = (ZgBuf::empty(), ZgError::empty());
    let code = work(&mut buffer, &mut error);
    // SAFETY: the plugin filled error and buffer, or left them empty.
    unsafe {
        let done = outcome(plugin, code, &mut error);
        match done {
            Ok(()) => json(plugin, name, &mut buffer),
            Err(error) => {
                buffer.discard();
                Err(error)
            }
        }
    }
}

/// An instance in our process. Destroyed when it and all its reads are gone.
struct Live {
    plugin: PluginId,
    table: ZgPlugin,
    raw: *mut ZgInstance,
    turn: Mutex<()>,
    poisoned: AtomicBool,
    host: HostTable,
}

// SAFETY: the interface says that an instance may be called from different threads, one at a time, which `turn` makes
// sure of; `cancel` may overlap.
unsafe impl Send for Live {}
// SAFETY: as above.
unsafe impl Sync for Live {}

impl Live {
    /// Waits for the turn of this call.
    fn turn(&self) -> Result<MutexGuard<'_, ()>, HostError> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.poisoned.load(Ordering::Acquire) {
            return Err(HostError::Poisoned { plugin: self.plugin.clone() });
        }
        if self.host.is_cancelled() {
            return Err(cancelled(&self.plugin));
        }
        Ok(turn)
    }

    /// Remembers a panic, so that the plugin is not asked again.
    fn note<T>(&self, result: Result<T, HostError>) -> Result<T, HostError> {
        if let Err(HostError::Plugin(failure)) = &result
            && failure.class == ErrorClass::Panic
        {
            self.poisoned.store(true, Ordering::Release);
        }
        result
    }

    /// # Safety
    /// `work` calls a function of the plugin with these two as its outputs.
    unsafe fn json(
        &self,
        name: &'static str,
        work: impl FnOnce(*mut ZgBuf, *mut ZgError) -> i32,
    ) -> Result<Value, HostError> {
        let _turn = self.turn()?;
        // SAFETY: the caller's promise.
        self.note(unsafe { call_json(&self.plugin, name, work) })
    }

    /// # Safety
    /// `work` calls a function of the plugin with these two as its outputs.
    unsafe fn rows(
        self: Arc<Self>,
        work: impl FnOnce(*mut ZgReader, *mut ZgError) -> i32,
    ) -> Result<Box<dyn RunningRead>, HostError> {
        let opened = {
            let _turn = self.turn()?;
            let mut reader = Box::new(ZgReader::empty());
            let mut error = ZgError::empty();
            let code = work(&mut *reader, &mut error);
            // SAFETY: the plugin filled the error or left it empty; a reader without error is its promise.
            let opened =
                unsafe { outcome(&self.plugin, code, &mut error).and_then(|()| Stream::open(&self.plugin, reader)) };
            self.note(opened)?
        };
        Ok(Box::new(LiveRead { stream: Some(opened), live: self }))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(destroy) = self.table.destroy {
            // SAFETY: the instance came from `create`; every read holds an Arc of this, so none is left.
            unsafe { destroy(self.raw) };
        }
    }
}

impl RunningInstance for Live {
    fn check(&self) -> Result<Value, HostError> {
        let check = self.table.check.ok_or_else(|| unsupported(&self.plugin, "check"))?;
        // SAFETY: the instance is alive; texts live for the call.
        unsafe { self.json("check", |out, error| check(self.raw, out, error)) }
    }

    fn discover(&self, request: &Value) -> Result<Value, HostError> {
        let discover = self.table.discover.ok_or_else(|| unsupported(&self.plugin, "discover"))?;
        let request = request.to_string();
        // SAFETY: the instance is alive; texts live for the call.
        unsafe { self.json("discover", |out, error| discover(self.raw, ZgStr::new(&request), out, error)) }
    }

    fn schema(&self, stream: &Value) -> Result<SchemaRef, HostError> {
        let schema = self.table.schema.ok_or_else(|| unsupported(&self.plugin, "schema"))?;
        let stream = stream.to_string();
        let _turn = self.turn()?;
        let (mut raw, mut error) = (ArrowSchema::empty(), ZgError::empty());
        // SAFETY: the instance is alive; texts live for the call; a schema without error is the plugin's promise.
        unsafe {
            let code = schema(self.raw, ZgStr::new(&stream), &mut raw, &mut error);
            self.note(outcome(&self.plugin, code, &mut error))?;
            let schema = take_schema(raw).map_err(|rule| malformed(&self.plugin, "schema", rule))?;
            Ok(Arc::new(schema))
        }
    }

    fn read(self: Arc<Self>, request: &Value) -> Result<Box<dyn RunningRead>, HostError> {
        let read = self.table.read.ok_or_else(|| unsupported(&self.plugin, "read"))?;
        let (raw, request) = (self.raw, request.to_string());
        // SAFETY: the instance is alive; texts live for the call.
        unsafe { self.rows(|reader, error| read(raw, ZgStr::new(&request), reader, error)) }
    }

    fn transform(self: Arc<Self>, request: &Value, inputs: Vec<Rows>) -> Result<Box<dyn RunningRead>, HostError> {
        let transform = self.table.transform.ok_or_else(|| unsupported(&self.plugin, "transform"))?;
        let (raw, request) = (self.raw, request.to_string());
        let mut inputs = Outgoing::new(inputs);
        let (first, count) = inputs.as_parts();
        // SAFETY: the instance is alive; texts live for the call; the plugin moves the streams that it keeps.
        unsafe { self.rows(|reader, error| transform(raw, ZgStr::new(&request), first, count, reader, error)) }
    }

    fn write(&self, request: &Value, input: Rows) -> Result<Value, HostError> {
        let write = self.table.write.ok_or_else(|| unsupported(&self.plugin, "write"))?;
        let request = request.to_string();
        let mut inputs = Outgoing::new(vec![input]);
        let (first, _) = inputs.as_parts();
        // SAFETY: the instance is alive; texts live for the call; the plugin moves the stream when it keeps it.
        unsafe { self.json("write", |out, error| write(self.raw, ZgStr::new(&request), first, out, error)) }
    }

    fn call(&self, method: &str, args: &Value) -> Result<Value, HostError> {
        let call = self.table.call.ok_or_else(|| unsupported(&self.plugin, "call"))?;
        let args = args.to_string();
        // SAFETY: the instance is alive; texts live for the call.
        unsafe { self.json("call", |out, error| call(self.raw, ZgStr::new(method), ZgStr::new(&args), out, error)) }
    }

    fn cancel(&self) {
        self.host.cancel();
        if let Some(cancel) = self.table.cancel {
            // SAFETY: the instance is alive, and `cancel` may overlap with other calls.
            unsafe { cancel(self.raw) };
        }
    }
}

/// A read of an instance; it keeps the instance alive and takes turns with its calls.
struct LiveRead {
    /// Taken only by `drop`.
    stream: Option<Stream>,
    live: Arc<Live>,
}

impl RunningRead for LiveRead {
    fn schema(&self) -> SchemaRef {
        self.stream.as_ref().map_or_else(|| Arc::new(arrow::datatypes::Schema::empty()), Stream::schema)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, HostError> {
        let _turn = self.live.turn()?;
        let next = self.stream.as_mut().map_or(Ok(None), Stream::next);
        // What a plugin returns after it was asked to stop is not the end of its rows.
        if matches!(next, Ok(None)) && self.live.host.is_cancelled() {
            return Err(cancelled(&self.live.plugin));
        }
        self.live.note(next)
    }

    fn state(&mut self) -> Result<Option<Value>, HostError> {
        let _turn = self.live.turn()?;
        let state = self.stream.as_mut().map_or(Ok(None), Stream::state);
        self.live.note(state)
    }
}

impl Drop for LiveRead {
    fn drop(&mut self) {
        let _turn = self.live.turn.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.stream.take());
    }
}
