//! Control frames between a host and its worker: four bytes of length, then JSON.
//!
//! Fields that one side does not know are ignored. A frame that is too long, cut off or not JSON is an error; memory
//! grows with what has arrived, never with what a length promises.

use super::trouble::Trouble;
use super::{Access, Confinement, Limits};
use crate::LogLevel;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::path::PathBuf;

/// No frame is larger: the largest JSON that a plugin may hand over, and what stands around it.
pub(crate) const FRAME_LIMIT: usize = 65 * 1024 * 1024;
/// Bytes of the length before each frame.
const PREFIX: usize = 4;

/// What the host says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "kebab-case")]
pub(crate) enum ToWorker {
    /// The first frame: who you are and what you may.
    Open(Box<Open>),
    /// Who the plugin is; answered by `Answer`.
    Describe {
        id: u64,
    },
    /// Makes the instance of this worker; answered by `Answer`.
    Create {
        id: u64,
        component: String,
        config: Value,
    },
    /// Answered by `Answer`, like the next ones.
    Check {
        id: u64,
    },
    Discover {
        id: u64,
        request: Value,
    },
    Call {
        id: u64,
        method: String,
        args: Value,
    },
    Write {
        id: u64,
        request: Value,
        input: InputHead,
    },
    /// Answered by `Shape`.
    Schema {
        id: u64,
        stream: Value,
    },
    /// Answered by `Opened`; the id names the read from then on.
    Read {
        id: u64,
        request: Value,
    },
    Transform {
        id: u64,
        request: Value,
        inputs: Vec<InputHead>,
    },
    /// One more batch of this read may be sent.
    More {
        read: u64,
    },
    /// Nobody wants the rest of this read; answered by `Dropped`.
    Drop {
        read: u64,
    },
    /// Answers `Pull`: a batch of so many bytes follows on the data descriptor, or the end, or an error.
    Feed {
        input: u64,
        fed: Fed,
    },
    /// Answers `Secret`.
    Secret {
        id: u64,
        value: Option<Concealed>,
    },
    /// Stop what runs.
    Cancel,
    /// End the instance and yourself.
    Destroy,
    /// A frame of a newer host.
    #[serde(other)]
    Unknown,
}

/// What a worker must know before it opens a library.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Open {
    /// Id of the plugin.
    pub(crate) plugin: String,
    /// Process that must be the parent.
    pub(crate) parent: i32,
    /// The private folder, when there is one.
    pub(crate) folder: Option<PathBuf>,
    /// The library; `None` for a worker that only tells how it is confined.
    pub(crate) library: Option<PathBuf>,
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    /// Seconds between the polite and the hard end of CPU time.
    pub(crate) grace_seconds: u64,
}

/// Rows that go to the worker: their number, and how many bytes of schema stand on the data descriptor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InputHead {
    pub(crate) input: u64,
    pub(crate) bytes: u64,
}

/// What comes for a pull.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fed {
    Batch { bytes: u64 },
    End,
    Error { text: String },
}

/// What the worker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "kebab-case")]
pub(crate) enum FromWorker {
    /// The library is open (when there is one); this is in force.
    Ready {
        confinement: Confinement,
    },
    Answer {
        id: u64,
        answer: Value,
    },
    Failed {
        id: u64,
        error: Trouble,
    },
    /// A schema of so many bytes follows on the data descriptor.
    Shape {
        id: u64,
        bytes: u64,
    },
    /// The same for a read, with the cursor before its first batch.
    Opened {
        id: u64,
        bytes: u64,
        cursor: Cursor,
    },
    /// A batch of so many bytes follows on the data descriptor; the cursor covers it.
    Batch {
        read: u64,
        rows: u64,
        bytes: u64,
        cursor: Cursor,
    },
    /// The read is complete: this is everything that was sent.
    End {
        read: u64,
        batches: u64,
        rows: u64,
        bytes: u64,
        cursor: Cursor,
    },
    /// The read failed; what was sent before stands.
    Broken {
        read: u64,
        error: Trouble,
    },
    Dropped {
        read: u64,
    },
    /// The plugin wants the next batch of an input.
    Pull {
        input: u64,
    },
    Log {
        level: Level,
        target: String,
        message: String,
        fields: String,
    },
    Progress {
        stream: String,
        done: u64,
        total: Option<u64>,
        unit: String,
    },
    Secret {
        id: u64,
        name: String,
    },
    /// The instance is destroyed; exit status 0 follows.
    Bye,
    /// A frame of a newer worker.
    #[serde(other)]
    Unknown,
}

/// Where a read is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cursor {
    /// No checkpoint here.
    #[default]
    None,
    At(Value),
    Failed(Trouble),
}

/// [`LogLevel`] on the wire.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl From<LogLevel> for Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::Error,
            LogLevel::Warn => Self::Warn,
            LogLevel::Info => Self::Info,
            LogLevel::Debug => Self::Debug,
            LogLevel::Trace => Self::Trace,
        }
    }
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warn => Self::Warn,
            Level::Info => Self::Info,
            Level::Debug => Self::Debug,
            Level::Trace => Self::Trace,
        }
    }
}

/// A secret value on its way; it never shows itself.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Concealed(pub(crate) String);

impl fmt::Debug for Concealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// Why bytes are no frame. The text holds nothing of the bytes themselves: they may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameFault {
    /// The length says more than any frame has.
    #[error("a control frame of {0} bytes, at most {FRAME_LIMIT} are allowed")]
    TooLong(usize),
    /// The bytes end within a frame.
    #[error("a control frame that ends after {0} bytes")]
    CutOff(usize),
    /// Not JSON, or not the JSON of a frame.
    #[error("a control frame that is none ({kind}, byte {at})")]
    Unreadable {
        /// Kind of the fault.
        kind: &'static str,
        /// Where in the frame.
        at: usize,
    },
}

/// A frame as bytes.
pub(crate) fn encode(frame: &impl Serialize) -> Result<Vec<u8>, FrameFault> {
    let mut bytes = vec![0; PREFIX];
    serde_json::to_writer(&mut bytes, frame).map_err(|error| unreadable(&error))?;
    let length = bytes.len() - PREFIX;
    let prefix = u32::try_from(length).ok().filter(|_| length <= FRAME_LIMIT).ok_or(FrameFault::TooLong(length))?;
    bytes.splice(..PREFIX, prefix.to_be_bytes());
    Ok(bytes)
}

/// Collects bytes and gives frames.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    bytes: Vec<u8>,
    /// Bytes at the front that are done with.
    used: usize,
}

impl Decoder {
    /// Bytes that arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.used > 0 && self.used == self.bytes.len() {
            self.bytes.clear();
            self.used = 0;
        } else if self.used > 64 * 1024 {
            self.bytes.drain(..self.used);
            self.used = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame with its size in bytes; `None` until more bytes arrive. After an error nothing else is to
    /// be believed.
    pub(crate) fn next<T: DeserializeOwned>(&mut self) -> Result<Option<(T, usize)>, FrameFault> {
        let rest = self.bytes.get(self.used..).unwrap_or_default();
        let Some((prefix, rest)) = rest.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let length = u32::from_be_bytes(*prefix) as usize;
        if length > FRAME_LIMIT {
            return Err(FrameFault::TooLong(length));
        }
        let Some(body) = rest.get(..length) else { return Ok(None) };
        let frame = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
        self.used += PREFIX + length;
        if self.bytes.capacity() > 1024 * 1024 && self.used == self.bytes.len() {
            *self = Self::default();
        }
        Ok(Some((frame, length)))
    }

    /// Says whether the bytes ended where a frame ended.
    pub(crate) fn end(&self) -> Result<(), FrameFault> {
        match self.bytes.len() - self.used {
            0 => Ok(()),
            left => Err(FrameFault::CutOff(left)),
        }
    }
}

fn unreadable(error: &serde_json::Error) -> FrameFault {
    let kind = match error.classify() {
        serde_json::error::Category::Io => "io",
        serde_json::error::Category::Syntax => "syntax",
        serde_json::error::Category::Data => "data",
        serde_json::error::Category::Eof => "cut off",
    };
    FrameFault::Unreadable { kind, at: error.column() }
}

#[cfg(test)]
mod tests;
