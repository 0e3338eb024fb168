//! An instance as the interface holds it: the author's object, its host handle, and whether it is poisoned.

use crate::guard::guarded;
use crate::{HostHandle, Instance, Result};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_plugin_abi::ZgInstance;

/// What a `ZgInstance *` points to.
pub(crate) struct Cell {
    instance: Mutex<Box<dyn Instance>>,
    /// Its link to the host.
    pub(crate) host: HostHandle,
    /// Set by a panic in a call or in a stream of this instance.
    pub(crate) poisoned: Arc<AtomicBool>,
}

impl Cell {
    /// Hands the instance out as an opaque pointer.
    pub(crate) fn into_raw(instance: Box<dyn Instance>, host: HostHandle) -> *mut ZgInstance {
        let cell = Self { instance: Mutex::new(instance), host, poisoned: Arc::new(AtomicBool::new(false)) };
        Box::into_raw(Box::new(cell)).cast()
    }

    /// # Safety
    /// `raw` is NULL or came from [`Cell::into_raw`] and was not destroyed.
    pub(crate) unsafe fn borrow<'a>(raw: *mut ZgInstance) -> Option<&'a Self> {
        // SAFETY: the caller's promise.
        unsafe { raw.cast::<Self>().as_ref() }
    }

    /// # Safety
    /// As for [`Cell::borrow`]; nothing uses the pointer afterwards.
    pub(crate) unsafe fn from_raw(raw: *mut ZgInstance) -> Option<Box<Self>> {
        // SAFETY: the caller's promise.
        (!raw.is_null()).then(|| unsafe { Box::from_raw(raw.cast::<Self>()) })
    }

    /// Runs a call of the author's under the guard. The lock keeps a host that breaks the rule about overlapping calls
    /// from reaching the object twice.
    pub(crate) fn run<T>(&self, work: impl FnOnce(&mut dyn Instance) -> Result<T>) -> Result<T> {
        guarded(&self.poisoned, || {
            let mut instance = self.instance.lock().unwrap_or_else(PoisonError::into_inner);
            work(instance.as_mut())
        })
    }
}
