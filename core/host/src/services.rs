//! What the host offers to an instance: log, progress, cancel, secrets; and the C table behind which it stands.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zhengai_plugin_abi::{ZG_ABI, ZG_E_AUTH, ZG_OK, ZgBuf, ZgHost, ZgStr};

/// A line of a plugin's log is cut here.
const LOG_LIMIT: usize = 16 * 1024;

/// How important a line of a plugin's log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// A person must act.
    Error,
    /// Something is odd.
    Warn,
    /// Worth knowing.
    Info,
    /// For looking closer.
    Debug,
    /// For looking very close.
    Trace,
}

impl LogLevel {
    fn from_number(number: i32) -> Self {
        match number {
            i32::MIN..=1 => Self::Error,
            2 => Self::Warn,
            3 => Self::Info,
            4 => Self::Debug,
            5..=i32::MAX => Self::Trace,
        }
    }
}

/// Services for one instance, called from whatever thread the plugin works on.
pub trait Services: Send + Sync {
    /// A line of the plugin's log; `fields` is a JSON object or empty. Goes to `tracing` unless overridden.
    fn log(&self, level: LogLevel, target: &str, message: &str, fields: &str) {
        match level {
            LogLevel::Error => tracing::error!(target: "zhengai::plugin", part = target, fields, "{message}"),
            LogLevel::Warn => tracing::warn!(target: "zhengai::plugin", part = target, fields, "{message}"),
            LogLevel::Info => tracing::info!(target: "zhengai::plugin", part = target, fields, "{message}"),
            LogLevel::Debug => tracing::debug!(target: "zhengai::plugin", part = target, fields, "{message}"),
            LogLevel::Trace => tracing::trace!(target: "zhengai::plugin", part = target, fields, "{message}"),
        }
    }

    /// Progress of a stream; `None` when the total is unknown.
    fn progress(&self, _stream: &str, _done: u64, _total: Option<u64>, _unit: &str) {}

    /// True when the work should stop soon, besides [`crate::CancelHandle`].
    fn cancelled(&self) -> bool {
        false
    }

    /// The value of a secret; `None` when there is none of this name.
    fn secret(&self, _name: &str) -> Option<String> {
        None
    }
}

/// Services that log to `tracing` and do nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoServices;

impl Services for NoServices {}

/// The C table for one instance. Its address stays the same until it is dropped, which must be after `destroy`.
pub(crate) struct HostTable {
    context: Arc<Context>,
    table: Arc<ZgHost>,
}

struct Context {
    services: Arc<dyn Services>,
    cancelled: AtomicBool,
}

// SAFETY: the table holds function pointers and a pointer to `context`, which is Send and Sync and kept alive here.
unsafe impl Send for HostTable {}
// SAFETY: as above.
unsafe impl Sync for HostTable {}

impl HostTable {
    /// A table in front of the services.
    pub(crate) fn new(services: Arc<dyn Services>) -> Self {
        let context = Arc::new(Context { services, cancelled: AtomicBool::new(false) });
        let table = ZgHost {
            struct_size: size_of::<ZgHost>() as u32,
            abi: ZG_ABI,
            ctx: Arc::as_ptr(&context).cast_mut().cast(),
            log: Some(log),
            cancelled: Some(cancelled),
            progress: Some(progress),
            secret: Some(secret),
        };
        #[expect(clippy::arc_with_non_send_sync, reason = "shared only inside HostTable, which says why it may cross")]
        let table = Arc::new(table);
        Self { context, table }
    }

    /// The table for the plugin.
    pub(crate) fn as_ptr(&self) -> *const ZgHost {
        Arc::as_ptr(&self.table)
    }

    /// From now on `cancelled` answers 1.
    pub(crate) fn cancel(&self) {
        self.context.cancelled.store(true, Ordering::Release);
    }

    /// Whether somebody asked to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.context.is_cancelled()
    }
}

impl Context {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire) || self.services.cancelled()
    }
}

/// Runs a service. A panic of ours must not run into the plugin's frames.
///
/// # Safety
/// `context` is NULL or the `ctx` of a living [`HostTable`].
unsafe fn serve<T>(context: *mut c_void, failed: T, work: impl FnOnce(&Context) -> T) -> T {
    // SAFETY: the caller's promise.
    let Some(context) = (unsafe { context.cast::<Context>().as_ref() }) else { return failed };
    catch_unwind(AssertUnwindSafe(|| work(context))).unwrap_or(failed)
}

/// # Safety
/// `text` is readable for the call.
unsafe fn text_of(text: ZgStr) -> String {
    // SAFETY: the caller's promise; the bytes are copied.
    let bytes = unsafe { text.bytes() };
    String::from_utf8_lossy(bytes.get(..LOG_LIMIT).unwrap_or(bytes)).into_owned()
}

unsafe extern "C" fn log(context: *mut c_void, level: i32, target: ZgStr, message: ZgStr, fields: ZgStr) {
    // SAFETY: the plugin passes the table's `ctx` before `destroy` returns, and texts that live for the call.
    unsafe {
        serve(context, (), |context| {
            let level = LogLevel::from_number(level);
            context.services.log(level, &text_of(target), &text_of(message), &text_of(fields));
        });
    }
}

unsafe extern "C" fn cancelled(context: *mut c_void) -> i32 {
    // SAFETY: the plugin passes the table's `ctx` before `destroy` returns.
    unsafe { serve(context, 1, |context| i32::from(context.is_cancelled())) }
}

unsafe extern "C" fn progress(context: *mut c_void, stream: ZgStr, done: u64, total: u64, unit: ZgStr) {
    // SAFETY: the plugin passes the table's `ctx` before `destroy` returns, and texts that live for the call.
    unsafe {
        serve(context, (), |context| {
            let total = (total > 0).then_some(total);
            context.services.progress(&text_of(stream), done, total, &text_of(unit));
        });
    }
}

unsafe extern "C" fn secret(context: *mut c_void, name: ZgStr, out: *mut ZgBuf) -> i32 {
    // SAFETY: the plugin passes the table's `ctx` before `destroy` returns, a text that lives for the call, and room
    // for a buffer, or NULL.
    unsafe {
        serve(context, ZG_E_AUTH, |context| match context.services.secret(&text_of(name)) {
            Some(value) if !out.is_null() => {
                out.write(ZgBuf::from_vec(value.into_bytes()));
                ZG_OK
            }
            _ => ZG_E_AUTH,
        })
    }
}
