//! What the callers of a worker and the thread that tends it share: frames both ways, signs of life, orders, the end.

use super::frame::{FromWorker, ToWorker, encode};
use super::spawn::Process;
use crate::{HostError, Services};
use std::collections::VecDeque;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use zhengai_model::ids::PluginId;

/// Frames that wait for a caller hold at most so many bytes: callers take them, so more is a worker gone wild.
const INBOX_LIMIT: usize = 256 * 1024 * 1024;
/// Shorter secrets are too short to look for in texts.
const SECRET_LENGTH: usize = 4;

/// How a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was asked to, said goodbye, and its exit status was 0.
    Clean,
    /// It ended with exit status 0 and nobody had asked.
    Early,
    /// Its exit status was another one.
    Status(i32),
    /// A signal that we did not send.
    Signal(i32),
    /// One of its limits.
    Limit(&'static str, u64),
    /// No sign of life for so long.
    Stalled(Duration),
    /// It was asked to stop and did not in time, or was stopped with work left.
    Cancelled,
    /// It broke the rules between host and worker.
    Broke(String),
}

impl Ending {
    /// The error for a caller that wanted more.
    pub(crate) fn error(&self, plugin: &PluginId) -> HostError {
        let plugin = plugin.clone();
        match self {
            Self::Clean | Self::Early => {
                HostError::Incomplete { plugin, rule: "the worker ended before its work did".to_owned() }
            }
            Self::Status(code) => HostError::Crashed { plugin, how: format!("exit status {code}") },
            Self::Signal(number) => HostError::Crashed { plugin, how: signal_name(*number) },
            Self::Limit(what, limit) => HostError::Limit { plugin, what, limit: *limit },
            Self::Stalled(after) => HostError::Stalled { plugin, after: *after },
            Self::Cancelled => crate::wire::cancelled(&plugin),
            Self::Broke(rule) => HostError::Incomplete { plugin, rule: rule.clone() },
        }
    }
}

fn signal_name(number: i32) -> String {
    use rustix::process::Signal;
    let named = [
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::ILL, "SIGILL"),
        (Signal::KILL, "SIGKILL"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::SYS, "SIGSYS"),
        (Signal::TERM, "SIGTERM"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
    ];
    let name = named.into_iter().find(|(signal, _)| signal.as_raw() == number);
    name.map_or_else(|| format!("signal {number}"), |(_, name)| name.to_owned())
}

/// What callers have ordered.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Since when the work should stop.
    pub(crate) cancel: Option<Instant>,
    /// Since when the worker should end.
    pub(crate) close: Option<Instant>,
    /// A caller met the end of the data; the worker is about to end, or broken.
    pub(crate) hung_up: Option<Instant>,
    /// A caller saw a rule broken.
    pub(crate) broke: Option<String>,
}

/// Frames for callers.
#[derive(Default)]
struct Inbox {
    frames: VecDeque<(FromWorker, usize)>,
    bytes: usize,
    ending: Option<Ending>,
}

/// One worker, shared.
pub(crate) struct Link {
    pub(crate) plugin: PluginId,
    pub(crate) services: Arc<dyn Services>,
    /// Rows, both ways; used under the turn.
    pub(crate) data: UnixStream,
    /// Where the tending thread listens for news of callers.
    pub(crate) news: UnixStream,
    bell: UnixStream,
    inbox: Mutex<Inbox>,
    arrived: Condvar,
    outgoing: Mutex<VecDeque<Vec<u8>>>,
    orders: Mutex<Orders>,
    /// When a waiting caller last saw a sign of life; `None` while nobody waits for the worker.
    waiting: Mutex<Option<Instant>>,
    cancelled: AtomicBool,
    secrets: Mutex<Vec<String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Link {
    /// For a process that was started.
    pub(crate) fn new(plugin: PluginId, services: Arc<dyn Services>, process: &Process) -> io::Result<Self> {
        let (news, bell) = UnixStream::pair()?;
        news.set_nonblocking(true)?;
        bell.set_nonblocking(true)?;
        Ok(Self {
            plugin,
            services,
            data: process.data.try_clone()?,
            news,
            bell,
            inbox: Mutex::default(),
            arrived: Condvar::new(),
            outgoing: Mutex::default(),
            orders: Mutex::default(),
            waiting: Mutex::new(None),
            cancelled: AtomicBool::new(false),
            secrets: Mutex::default(),
        })
    }

    /// Sends a frame. It never blocks; what cannot be sent any more is known by how the worker ended.
    pub(crate) fn send(&self, frame: &ToWorker) -> Result<(), HostError> {
        let bytes = encode(frame)
            .map_err(|fault| crate::wire::failed(&self.plugin, crate::ErrorClass::Config, fault.to_string()))?;
        lock(&self.outgoing).push_back(bytes);
        self.ring();
        Ok(())
    }

    /// Frames that wait to be sent.
    pub(crate) fn outgoing(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        lock(&self.outgoing)
    }

    /// Wakes the tending thread. A full bell rings already.
    pub(crate) fn ring(&self) {
        let _ = (&self.bell).write(&[1]);
    }

    /// Changes the orders and tells the tending thread.
    pub(crate) fn order(&self, change: impl FnOnce(&mut Orders)) {
        change(&mut lock(&self.orders));
        self.ring();
    }

    /// The orders.
    pub(crate) fn orders(&self) -> MutexGuard<'_, Orders> {
        lock(&self.orders)
    }

    /// Asks whatever runs to stop, once.
    pub(crate) fn cancel(&self) {
        if !self.cancelled.swap(true, Ordering::AcqRel) {
            let _ = self.send(&ToWorker::Cancel);
            // Nobody wants rows any more; a worker that waits for us to take some is free to stop.
            let _ = self.data.shutdown(Shutdown::Both);
            self.order(|orders| orders.cancel = Some(Instant::now()));
        }
    }

    /// Whether somebody asked to stop. Services that want to stop are heard here too.
    pub(crate) fn is_cancelled(&self) -> bool {
        if !self.cancelled.load(Ordering::Acquire) && self.services.cancelled() {
            self.cancel();
        }
        self.cancelled.load(Ordering::Acquire)
    }

    /// A sign of life.
    pub(crate) fn alive(&self) {
        if let Some(since) = &mut *lock(&self.waiting) {
            *since = Instant::now();
        }
    }

    /// From now on a caller waits for the worker, or no longer.
    pub(crate) fn waits(&self, waits: Waits) {
        *lock(&self.waiting) = match waits {
            Waits::ForWorker => Some(Instant::now()),
            Waits::No => None,
        };
    }

    /// Since when a caller has waited without a sign of life.
    pub(crate) fn waiting_since(&self) -> Option<Instant> {
        *lock(&self.waiting)
    }

    /// Hands a frame to callers. An error when nobody takes them.
    pub(crate) fn deliver(&self, frame: FromWorker, size: usize) -> Result<(), String> {
        let mut inbox = lock(&self.inbox);
        inbox.bytes += size + size_of::<FromWorker>();
        if inbox.bytes > INBOX_LIMIT {
            return Err(format!("more than {INBOX_LIMIT} bytes of control frames wait"));
        }
        inbox.frames.push_back((frame, size));
        self.arrived.notify_all();
        Ok(())
    }

    /// The worker is gone.
    pub(crate) fn ended(&self, ending: Ending) {
        let _ = self.data.shutdown(Shutdown::Both);
        lock(&self.inbox).ending = Some(ending);
        self.arrived.notify_all();
    }

    /// Waits for the next frame; an error is how the worker ended.
    pub(crate) fn wait(&self) -> Result<FromWorker, Ending> {
        let mut inbox = lock(&self.inbox);
        loop {
            if let Some((frame, size)) = inbox.frames.pop_front() {
                inbox.bytes = inbox.bytes.saturating_sub(size + size_of::<FromWorker>());
                return Ok(frame);
            }
            if let Some(ending) = &inbox.ending {
                return Err(ending.clone());
            }
            inbox = self.arrived.wait(inbox).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for the end, whatever still arrives.
    pub(crate) fn wait_for_end(&self) -> Ending {
        loop {
            if let Err(ending) = self.wait() {
                return ending;
            }
        }
    }

    /// A secret that this worker knows now: from here on it is hidden in what the worker says.
    pub(crate) fn knows(&self, secret: &str) {
        let mut secrets = lock(&self.secrets);
        if secret.len() >= SECRET_LENGTH && !secrets.iter().any(|known| known == secret) {
            secrets.push(secret.to_owned());
        }
    }

    /// A text of the worker without the secrets that it knows.
    pub(crate) fn hide(&self, text: &str) -> String {
        lock(&self.secrets).iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "•••"))
    }
}

/// Whether a caller waits for the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// It does; from now on silence counts.
    ForWorker,
    /// It does not: silence is ours.
    No,
}
