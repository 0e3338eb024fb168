//! Effects: what the frame wants done outside itself, as data. They can be compared, recorded and left undone.

mod clipboard;
mod drafts;
mod port;
mod run;

pub use clipboard::osc52;
pub use drafts::Drafts;
pub use port::{BoxFuture, BoxStream, ClientPort, Downloaded, Link, Port};
pub use run::Runner;

use crate::app::load::RequestId;
use std::path::PathBuf;
use zhengai_model::text::Language;
use zhengai_wire::Request;

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request; the answer comes back as an event.
    Call {
        /// Its number.
        id: RequestId,
        /// The request.
        request: Request,
    },
    /// Nobody waits for this one any more: stop it if it still runs.
    Forget {
        /// Its number.
        id: RequestId,
    },
    /// Follow a job until it is over.
    Watch {
        /// Id of the job.
        job: String,
    },
    /// Fetch a file.
    Download {
        /// Number of the request.
        id: RequestId,
        /// Comes back with the answer.
        tag: String,
        /// The request.
        request: Request,
        /// Where to.
        to: PathBuf,
    },
    /// Send a file.
    Upload {
        /// Number of the request.
        id: RequestId,
        /// Comes back with the answer.
        tag: String,
        /// The file.
        from: PathBuf,
    },
    /// Keep a draft.
    KeepDraft {
        /// Its name.
        key: String,
        /// The draft.
        text: String,
    },
    /// Throw a draft away.
    DropDraft {
        /// Its name.
        key: String,
    },
    /// Read a draft.
    ReadDraft {
        /// Number of the request.
        id: RequestId,
        /// Comes back with the answer.
        tag: String,
        /// Its name.
        key: String,
    },
    /// Put text into the clipboard of the terminal.
    Copy {
        /// The text.
        text: String,
    },
    /// Speak this language to the server from now on.
    Speak(Language),
    /// Take the mouse, or give it back to the terminal.
    Mouse(Mouse),
    /// Draw everything anew: what the terminal shows may be anything.
    Repaint,
    /// Write the recording to a file.
    SaveRecording,
    /// End.
    Quit,
}

/// Who has the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The console: clicks and wheel.
    Console,
    /// The terminal: selecting text as usual.
    Terminal,
}
