//! The closed set of error classes. Exit codes, HTTP status and plugin results all derive from it.

use crate::text::Message;
use serde::{Deserialize, Serialize};

/// Who must act, and how: every error of every room falls in exactly one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The input breaks a rule; the sender mends it.
    Invalid,
    /// The thing named does not exist.
    NotFound,
    /// The thing is in a state that forbids this, for example a locked period.
    Conflict,
    /// The person may not do this.
    Forbidden,
    /// Nobody has said who they are.
    Unauthenticated,
    /// A limit was reached: size, memory, disk.
    Exhausted,
    /// Something needed is not there now: locked directory, lost disk.
    Unavailable,
    /// Somebody asked to stop.
    Cancelled,
    /// A defect of ours.
    Internal,
}

/// An error that knows what to tell a person.
pub trait Explain: std::error::Error {
    /// Its class.
    fn fault(&self) -> Fault;
    /// What to tell a person: the thing, the place, the rule and the next step are arguments or wording of the entry.
    fn message(&self) -> Message;
}
