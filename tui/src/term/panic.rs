//! What happens when something of ours breaks: on the thread of the console the terminal is given back first, so that the
//! message can be read; on any other thread the screen stays, and the work that broke becomes a failure.

use super::guard::give_back;
use std::io::Write as _;
use std::panic::{self, PanicHookInfo};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync + 'static;
/// What is done before the process ends: the recording is saved. Gives what is to be said about it.
pub type LastWords = Box<dyn FnMut() -> Option<String> + Send>;

/// Puts the hook in place, and takes it away when dropped.
pub struct PanicGuard {
    before: Arc<Hook>,
}

impl PanicGuard {
    /// From now on, a panic on this thread gives the terminal back, then says what it has to say.
    pub fn here(last_words: LastWords) -> Self {
        let before: Arc<Hook> = Arc::from(panic::take_hook());
        let (ui, old): (ThreadId, Arc<Hook>) = (std::thread::current().id(), Arc::clone(&before));
        let last_words = Mutex::new(last_words);
        panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() != ui {
                tracing::error!(%info, "work of the console broke");
                return;
            }
            tracing::error!(%info, "the console broke");
            give_back();
            old(info);
            let mut last_words = last_words.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(words) = last_words() {
                let _ = writeln!(std::io::stderr(), "{words}");
            }
        }));
        Self { before }
    }
}

impl Drop for PanicGuard {
    fn drop(&mut self) {
        // Not while panicking: the hook cannot be changed then, and the process is ending anyway.
        if !std::thread::panicking() {
            let before = Arc::clone(&self.before);
            panic::set_hook(Box::new(move |info| before(info)));
        }
    }
}
