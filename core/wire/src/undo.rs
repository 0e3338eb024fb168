//! Undo (撤销): the last reversible change of the one who asks, out of the audit log.

use crate::call::Call;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A change that was made and can be taken back, or could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Undo {
    /// Number of its row in the audit; the first of them when it changed many things.
    pub seq: u64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What was done: `warning.acknowledge`, `threshold.set`, …
    pub action: String,
    /// Kind of the thing: `warning`, `threshold`, …
    pub thing: String,
    /// Its id; the first one's when there are many.
    pub subject: String,
    /// How many things it changed.
    pub count: u64,
    /// The change in words.
    pub text: String,
    /// Why it cannot be taken back any more; nothing when it can.
    pub obstacle: Option<String>,
}

/// Which change to take back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoOrder {
    /// The change that was shown; refused when it is not the last one any more. Without it: the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
}

/// `GET /v1/undo`: nothing when there is nothing to take back.
pub fn show() -> Call<Option<Undo>> {
    Call::get(&["undo"])
}

/// `POST /v1/undo`: gives what was taken back.
pub fn take_back(order: &UndoOrder) -> Call<Undo> {
    Call::post(&["undo"]).body(order)
}
