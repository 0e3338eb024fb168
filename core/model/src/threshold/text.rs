//! A threshold as somebody is writing it: text in every field, nothing checked yet.

use serde::{Deserialize, Serialize};

/// Every field of a threshold as text; empty text is a field that is not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThresholdText {
    /// `target`, `standard`, `warning`, …
    pub kind: String,
    /// The condition: `>= 95`.
    pub when: String,
    /// For whom: `college`, `unit:department:D1`, …; the college when empty.
    pub scope: String,
    /// For this grain only.
    pub grain: String,
    /// Level of a warning value.
    pub level: String,
    /// First day on which it holds.
    pub from: String,
    /// First day on which it no longer holds.
    pub until: String,
    /// Decision or plan that it comes from.
    pub source: String,
    /// Whether somebody has checked it against the source.
    pub verified: bool,
    /// Why it may be looser than a floor until that day.
    pub leave: String,
}
