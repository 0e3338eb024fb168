//! Everything that can happen to the console, in one enum over one channel: what happened first is handled first.

use crate::app::load::{Reply, RequestId};
use crate::effect::Link;
use crossterm::event::{KeyEvent, MouseEvent};
use zhengai_wire::{Failure, Job};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has this size now.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The window has the focus again.
    Focus,
    /// The process goes on after it was stopped.
    Continued,
    /// There is a server to speak to, or there is none.
    Linked(Result<Link, Failure>),
    /// An answer came.
    Answer {
        /// To which request.
        id: RequestId,
        /// What came.
        outcome: Result<Reply, Failure>,
    },
    /// A job moved on.
    Job(Box<Job>),
    /// A job cannot be followed any more; it may still run.
    JobLost {
        /// Which.
        id: String,
        /// Why.
        failure: Failure,
    },
    /// A draft could not be kept.
    DraftLost {
        /// What the system says.
        cause: String,
    },
    /// The recording was written, or not.
    Recorded(Result<String, String>),
    /// The time that [`App::due`](super::App::due) named has come.
    Tick,
    /// Somebody wants the process to end: no questions are asked.
    Terminate,
}
