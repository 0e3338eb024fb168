//! Events as they are written into recordings, and read back.

use super::recorder::Privacy;
use crate::app::Event;
use crate::app::load::{Reply, RequestId};
use crate::effect::Link;
use crate::keymap::Chord;
use chrono::{DateTime, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_wire::{Failure, Job, Problem};

/// What stands in place of a secret.
const REDACTED: &str = "(redacted)";
/// Names of fields whose values are secrets, in answers and jobs.
const SECRETS: [&str; 7] = ["token", "secret", "password", "passphrase", "private_key", "credential", "authorization"];
/// What an event without text takes.
const SMALL: usize = 64;

/// An event with its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub event: Taken,
}

/// An event as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// A key, as people write it.
    Key(String),
    /// Pasted text.
    Paste(String),
    /// The mouse: what, column, row.
    Mouse(String, u16, u16),
    /// Another size.
    Resize(u16, u16),
    /// The window has the focus again.
    Focus,
    /// The process goes on.
    Continued,
    /// There is a server: its address, and whether paths mean the same here and there.
    Linked(String, bool),
    /// There is no server.
    NotLinked(Failed),
    /// An answer.
    Answer {
        /// To which request.
        id: RequestId,
        /// What came.
        body: Value,
        /// Version of the thing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        etag: Option<String>,
    },
    /// No answer.
    Failed {
        /// To which request.
        id: RequestId,
        /// Why.
        failure: Failed,
    },
    /// A job moved on.
    Job(Box<Job>),
    /// A job cannot be followed any more.
    JobLost(String, Failed),
    /// A draft could not be kept.
    DraftLost(String),
    /// Time went by.
    Tick,
    /// The end.
    Terminate,
}

/// A failure as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failed {
    /// What the server said.
    Problem(Box<Problem>),
    /// The server, and what the network said.
    Unreachable(String, String),
    /// The path, and what the parser said.
    Unreadable(String, String),
}

impl Taken {
    /// An event as it is written, and how much room it takes.
    pub(super) fn of(event: &Event, privacy: Privacy) -> Option<(Self, usize)> {
        Some(match event {
            Event::Key(key) => (Self::Key(pressed(key, privacy)), SMALL),
            Event::Paste(_) if privacy == Privacy::Secret => (Self::Paste(REDACTED.to_owned()), SMALL),
            Event::Paste(text) => (Self::Paste(text.clone()), SMALL + text.len()),
            Event::Mouse(mouse) => (Self::Mouse(mouse_word(mouse.kind).to_owned(), mouse.column, mouse.row), SMALL),
            Event::Resize { width, height } => (Self::Resize(*width, *height), SMALL),
            Event::Focus => (Self::Focus, SMALL),
            Event::Continued => (Self::Continued, SMALL),
            Event::Linked(Ok(link)) => (Self::Linked(link.server.clone(), link.local), SMALL),
            Event::Linked(Err(failure)) => (Self::NotLinked(Failed::of(failure)), SMALL),
            Event::Answer { id, outcome: Ok(reply) } => {
                let mut body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
                redact(&mut body);
                // A parsed value takes a few times the room of its text.
                let size = SMALL + reply.body.len().saturating_mul(3);
                (Self::Answer { id: *id, body, etag: reply.etag.clone() }, size)
            }
            Event::Answer { id, outcome: Err(failure) } => {
                (Self::Failed { id: *id, failure: Failed::of(failure) }, SMALL)
            }
            Event::Job(job) => {
                let mut job = job.clone();
                job.result.iter_mut().for_each(redact);
                (Self::Job(job), 1024)
            }
            Event::JobLost { id, failure } => (Self::JobLost(id.clone(), Failed::of(failure)), SMALL),
            Event::DraftLost { cause } => (Self::DraftLost(cause.clone()), SMALL),
            Event::Recorded(_) => return None,
            Event::Tick => (Self::Tick, SMALL),
            Event::Terminate => (Self::Terminate, SMALL),
        })
    }

    /// The event again; none when it is a key that this version does not know.
    pub fn event(self) -> Option<Event> {
        Some(match self {
            Self::Key(text) => Event::Key(Chord::parse_raw(&text)?.event()),
            Self::Paste(text) => Event::Paste(text),
            Self::Mouse(word, column, row) => {
                let kind = mouse_kind(&word)?;
                Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
            }
            Self::Resize(width, height) => Event::Resize { width, height },
            Self::Focus => Event::Focus,
            Self::Continued => Event::Continued,
            Self::Linked(server, local) => Event::Linked(Ok(Link { server, local })),
            Self::NotLinked(failed) => Event::Linked(Err(failed.failure())),
            Self::Answer { id, body, etag } => {
                let body = serde_json::to_vec(&body).unwrap_or_default().into();
                Event::Answer { id, outcome: Ok(Reply { body, etag }) }
            }
            Self::Failed { id, failure } => Event::Answer { id, outcome: Err(failure.failure()) },
            Self::Job(job) => Event::Job(job),
            Self::JobLost(id, failed) => Event::JobLost { id, failure: failed.failure() },
            Self::DraftLost(cause) => Event::DraftLost { cause },
            Self::Tick => Event::Tick,
            Self::Terminate => Event::Terminate,
        })
    }
}

impl Failed {
    fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Problem(problem) => Self::Problem(problem.clone()),
            Failure::Unreachable { server, cause } => Self::Unreachable(server.clone(), cause.clone()),
            Failure::Unreadable { path, cause } => Self::Unreadable(path.clone(), cause.clone()),
        }
    }

    fn failure(self) -> Failure {
        match self {
            Self::Problem(problem) => Failure::Problem(problem),
            Self::Unreachable(server, cause) => Failure::Unreachable { server, cause },
            Self::Unreadable(path, cause) => Failure::Unreadable { path, cause },
        }
    }
}

fn pressed(key: &KeyEvent, privacy: Privacy) -> String {
    let is_text = matches!(key.code, KeyCode::Char(_)) && (key.modifiers - KeyModifiers::SHIFT).is_empty();
    if is_text && privacy == Privacy::Secret {
        return "*".to_owned();
    }
    Chord { code: key.code, modifiers: key.modifiers }.to_string()
}

/// Takes the values of secret fields out.
fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_ascii_lowercase();
                if value.is_string() && SECRETS.iter().any(|secret| name.contains(secret)) {
                    *value = Value::String(REDACTED.to_owned());
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

const MOUSE: [(&str, MouseEventKind); 9] = [
    ("left-down", MouseEventKind::Down(MouseButton::Left)),
    ("left-up", MouseEventKind::Up(MouseButton::Left)),
    ("left-drag", MouseEventKind::Drag(MouseButton::Left)),
    ("right-down", MouseEventKind::Down(MouseButton::Right)),
    ("right-up", MouseEventKind::Up(MouseButton::Right)),
    ("middle-down", MouseEventKind::Down(MouseButton::Middle)),
    ("middle-up", MouseEventKind::Up(MouseButton::Middle)),
    ("wheel-up", MouseEventKind::ScrollUp),
    ("wheel-down", MouseEventKind::ScrollDown),
];

fn mouse_word(kind: MouseEventKind) -> &'static str {
    MOUSE.iter().find(|(_, known)| *known == kind).map_or("other", |(word, _)| word)
}

fn mouse_kind(word: &str) -> Option<MouseEventKind> {
    MOUSE.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}
