//! The host as an instance sees it: log, progress, cancel, secrets.

use crate::{ErrorClass, PluginError, Result};
use serde_json::Value;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use zhengai_plugin_abi::{ZG_OK, ZgBuf, ZgHost, ZgStr, read_table};

/// How important a line of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// A person must act.
    Error = 1,
    /// Something is odd.
    Warn = 2,
    /// Worth knowing.
    Info = 3,
    /// For looking closer.
    Debug = 4,
    /// For looking very close.
    Trace = 5,
}

/// A secret value. It never shows itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value: hand it to the other side, never to a log, an error or a state.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Services of the host for one instance. Cheap to clone, usable from any thread; after the instance is destroyed its
/// calls do nothing.
#[derive(Clone)]
pub struct HostHandle {
    shared: Arc<Shared>,
}

struct Shared {
    cancelled: AtomicBool,
    table: RwLock<Option<HostTable>>,
}

struct HostTable(ZgHost);

// SAFETY: the interface says that the host's functions are callable from any thread until `destroy` returns; the lock
// around the table ends its use before that.
unsafe impl Send for HostTable {}
// SAFETY: as above.
unsafe impl Sync for HostTable {}

impl HostHandle {
    /// A handle without a host, for the author's own tests: logs go nowhere, nothing is cancelled, there are no secrets.
    #[must_use]
    pub fn detached() -> Self {
        Self { shared: Arc::new(Shared { cancelled: AtomicBool::new(false), table: RwLock::new(None) }) }
    }

    /// # Safety
    /// `host` is NULL or points to a host table whose functions stay callable until [`HostHandle::close`] returns.
    pub(crate) unsafe fn attach(host: *const ZgHost) -> Self {
        let handle = Self::detached();
        if !host.is_null() {
            // SAFETY: the caller's promise.
            let table = HostTable(unsafe { read_table(host) });
            *handle.shared.table.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
        }
        handle
    }

    /// Cuts the handle from the host and waits for calls that are under way.
    pub(crate) fn close(&self) {
        self.shared.cancelled.store(true, Ordering::Release);
        *self.shared.table.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Asks everything that polls this handle to stop.
    pub(crate) fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Release);
    }

    fn with_table<T>(&self, absent: T, present: impl FnOnce(&ZgHost) -> T) -> T {
        let table = self.shared.table.read().unwrap_or_else(PoisonError::into_inner);
        table.as_ref().map_or(absent, |table| present(&table.0))
    }

    /// Writes a line to the host's log. `fields` is a JSON object, or NULL for none.
    pub fn log(&self, level: LogLevel, target: &str, message: &str, fields: &Value) {
        let fields = if fields.is_null() { String::new() } else { fields.to_string() };
        self.with_table((), |host| {
            if let Some(log) = host.log {
                // SAFETY: the host is alive while the table is held; the texts live for the call.
                unsafe { log(host.ctx, level as i32, ZgStr::new(target), ZgStr::new(message), ZgStr::new(&fields)) };
            }
        });
    }

    /// True when the work should stop soon. Ask in every loop over rows.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::Acquire)
            || self.with_table(false, |host| {
                // SAFETY: the host is alive while the table is held.
                host.cancelled.is_some_and(|cancelled| unsafe { cancelled(host.ctx) } != 0)
            })
    }

    /// An error when the work should stop: `host.check_cancelled()?`.
    pub fn check_cancelled(&self) -> Result<()> {
        if self.is_cancelled() { Err(PluginError::cancelled()) } else { Ok(()) }
    }

    /// Reports progress of a stream; a total of 0 means unknown.
    pub fn progress(&self, stream: &str, done: u64, total: u64, unit: &str) {
        self.with_table((), |host| {
            if let Some(progress) = host.progress {
                // SAFETY: the host is alive while the table is held; the texts live for the call.
                unsafe { progress(host.ctx, ZgStr::new(stream), done, total, ZgStr::new(unit)) };
            }
        });
    }

    /// The value of a secret that the configuration names by `{"$secret": "name"}`.
    pub fn secret(&self, name: &str) -> Result<Secret> {
        let missing =
            || PluginError::new(ErrorClass::Auth, "", format!("the host has no secret `{name}`")).with("secret", name);
        let value = self.with_table(None, |host| {
            let secret = host.secret?;
            let mut value = ZgBuf::empty();
            // SAFETY: the host is alive while the table is held; `value` is ours to fill.
            let code = unsafe { secret(host.ctx, ZgStr::new(name), &mut value) };
            // SAFETY: the host filled the buffer or left it empty.
            let bytes = unsafe { value.take() };
            (code == ZG_OK).then_some(bytes)
        });
        String::from_utf8(value.ok_or_else(missing)?).map(Secret).map_err(|_| missing())
    }
}

impl fmt::Debug for HostHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HostHandle").field("cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}
