//! The host as a worker sees it: services, and rows that the plugin pulls.

use super::frame::{Fed, FromWorker, encode};
use super::rows::{RowDecoder, read_piece};
use crate::runner::Rows;
use crate::{LogLevel, Services};
use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What a thread of the worker waits for, by number.
struct Waiting<T> {
    arrived: Mutex<(BTreeMap<u64, T>, Open)>,
    bell: Condvar,
}

/// Whether anything will still arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Yes,
    No,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Waiting<T> {
    fn new() -> Self {
        Self { arrived: Mutex::new((BTreeMap::new(), Open::Yes)), bell: Condvar::new() }
    }

    fn put(&self, number: u64, value: T) {
        lock(&self.arrived).0.insert(number, value);
        self.bell.notify_all();
    }

    fn close(&self) {
        lock(&self.arrived).1 = Open::No;
        self.bell.notify_all();
    }

    /// `None` when it will not arrive any more.
    fn take(&self, number: u64) -> Option<T> {
        let mut arrived = lock(&self.arrived);
        loop {
            if let Some(value) = arrived.0.remove(&number) {
                return Some(value);
            }
            if arrived.1 == Open::No {
                return None;
            }
            arrived = self.bell.wait(arrived).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The host, from inside a worker.
pub(crate) struct Remote {
    control: Mutex<Arc<UnixStream>>,
    data: UnixStream,
    cancelled: AtomicBool,
    last_secret: AtomicU64,
    secrets: Waiting<Option<String>>,
    fed: Waiting<Fed>,
    /// One pull at a time: pieces stand on the data descriptor in the order of their frames.
    pulling: Mutex<()>,
}

impl Remote {
    /// Over these two descriptors.
    pub(crate) fn new(control: Arc<UnixStream>, data: UnixStream) -> Self {
        Self {
            control: Mutex::new(control),
            data,
            cancelled: AtomicBool::new(false),
            last_secret: AtomicU64::new(0),
            secrets: Waiting::new(),
            fed: Waiting::new(),
            pulling: Mutex::new(()),
        }
    }

    /// Says something to the host. A frame that is too long is said to be.
    pub(crate) fn say(&self, frame: &FromWorker) -> io::Result<()> {
        let bytes = encode(frame).map_err(io::Error::other)?;
        (&**lock(&self.control)).write_all(&bytes)
    }

    /// Writes a piece; an error when the host does not want rows any more.
    pub(crate) fn give(&self, piece: &[u8]) -> io::Result<()> {
        (&self.data).write_all(piece)
    }

    /// Reads a piece.
    pub(crate) fn piece(&self, bytes: u64) -> io::Result<arrow::buffer::Buffer> {
        read_piece(&mut &self.data, bytes, || {})
    }

    /// The host asked to stop: whoever waits for it waits no longer.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        self.close();
    }

    /// Nothing will arrive any more.
    pub(crate) fn close(&self) {
        self.secrets.close();
        self.fed.close();
    }

    /// The answer to a secret.
    pub(crate) fn secret_arrived(&self, id: u64, value: Option<String>) {
        self.secrets.put(id, value);
    }

    /// The answer to a pull.
    pub(crate) fn fed(&self, input: u64, fed: Fed) {
        self.fed.put(input, fed);
    }

    /// Rows of the host as an input for the plugin.
    pub(crate) fn input(self: &Arc<Self>, input: u64, decoder: RowDecoder) -> Rows {
        let schema = decoder.schema();
        let pulled = Pulled { remote: Arc::clone(self), input, decoder, ended: false };
        Rows { schema, batches: Box::new(pulled) }
    }

    fn pull(&self, input: u64, decoder: &mut RowDecoder) -> Result<Option<RecordBatch>, ArrowError> {
        let failed = |text: String| ArrowError::ExternalError(text.into());
        let _pulling = lock(&self.pulling);
        self.say(&FromWorker::Pull { input }).map_err(|error| failed(error.to_string()))?;
        match self.fed.take(input) {
            None => Err(failed("the host gives no more rows".to_owned())),
            Some(Fed::End) => Ok(None),
            Some(Fed::Error { text }) => Err(failed(text)),
            Some(Fed::Batch { bytes }) => {
                let piece = self.piece(bytes).map_err(|error| failed(error.to_string()))?;
                decoder.batch(piece).map(Some).map_err(failed)
            }
        }
    }
}

impl Services for Remote {
    fn log(&self, level: LogLevel, target: &str, message: &str, fields: &str) {
        let (target, message, fields) = (target.to_owned(), message.to_owned(), fields.to_owned());
        // A host that does not listen any more needs no log.
        let _ = self.say(&FromWorker::Log { level: level.into(), target, message, fields });
    }

    fn progress(&self, stream: &str, done: u64, total: Option<u64>, unit: &str) {
        let (stream, unit) = (stream.to_owned(), unit.to_owned());
        let _ = self.say(&FromWorker::Progress { stream, done, total, unit });
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn secret(&self, name: &str) -> Option<String> {
        let id = self.last_secret.fetch_add(1, Ordering::Relaxed);
        self.say(&FromWorker::Secret { id, name: name.to_owned() }).ok()?;
        self.secrets.take(id).flatten()
    }
}

struct Pulled {
    remote: Arc<Remote>,
    input: u64,
    decoder: RowDecoder,
    ended: bool,
}

impl Iterator for Pulled {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.remote.pull(self.input, &mut self.decoder).transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}
