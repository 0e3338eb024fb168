//! The guard around everything that the host can call: no panic leaves the plugin.

use crate::{ErrorClass, PluginError, Result};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Keeps panics under the guard off the screen, which belongs to the host, and remembers where they happened.
/// Panics outside the guard go to the hook that was there before.
pub(crate) fn install_hook() {
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if DEPTH.try_with(Cell::get).unwrap_or(0) == 0 {
                before(info);
            } else {
                let place = info.location().map(|at| format!("{}:{}:{}", at.file(), at.line(), at.column()));
                let _ = PLACE.try_with(|slot| *slot.borrow_mut() = place);
            }
        }));
    });
}

struct Depth;

impl Depth {
    fn enter() -> Self {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Self
    }
}

impl Drop for Depth {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

/// Runs the work. A panic becomes an error of class `Panic` and poisons: whatever shares the flag runs no more.
pub(crate) fn guarded<T>(poisoned: &AtomicBool, work: impl FnOnce() -> Result<T>) -> Result<T> {
    if poisoned.load(Ordering::Acquire) {
        return Err(PluginError::new(ErrorClass::Panic, "", "an earlier call panicked; this instance is of no use"));
    }
    run(work).unwrap_or_else(|error| {
        poisoned.store(true, Ordering::Release);
        Err(error)
    })
}

/// Drops a value of the author's, whose `drop` may panic too.
pub(crate) fn drop_guarded<T>(value: T) {
    // A panic in `drop` has nobody to be told to: the instance is gone.
    let _ = run(move || drop(value));
}

fn run<T>(work: impl FnOnce() -> T) -> std::result::Result<T, PluginError> {
    let depth = Depth::enter();
    let outcome = catch_unwind(AssertUnwindSafe(work));
    let outcome = outcome.map_err(|payload| {
        let text = text_of(payload.as_ref());
        // The payload is the author's and its `drop` may panic.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(payload)));
        let place = PLACE.with(|slot| slot.borrow_mut().take()).unwrap_or_else(|| "unknown place".to_owned());
        PluginError::new(ErrorClass::Panic, "", format!("panic at {place}: {text}"))
            .detail(serde_json::json!({ "place": place }))
    });
    drop(depth);
    outcome
}

fn text_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no text".to_owned())
}
