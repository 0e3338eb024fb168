//! Warnings (预警) as people meet them: one record per warning with its four axes, who has it, and its history.
//!
//! The rules of the state machine are in `zhengai_model::warning`; this room stores what it decides, guards that at
//! most one warning is open per rule, object and period, and that nobody overwrites what somebody else just did.

use crate::audit::Actor;
use crate::error::{Result, StoreError, Thing};
use crate::record::Record;
use crate::row::Row;
use crate::sql::Sql;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use zhengai_model::ids::{ObjectId, ObjectKind, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::warning::{Mode, Suppression, Warning};

/// Number of a warning, given by the record, for people to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WarningId(pub i64);

impl fmt::Display for WarningId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for WarningId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, ParseIntError> {
        text.trim().parse().map(Self)
    }
}

/// A warning as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WarningRecord {
    /// Its number.
    pub id: WarningId,
    /// Increases with every change; a change based on an older one is refused.
    pub revision: i64,
    /// Identity and the four axes.
    pub warning: Warning,
    /// The layer of its object.
    pub layer: Layer,
    /// The object's name when it was last seen.
    pub object_name: String,
    /// The units of the object, see [`unit_path`].
    pub unit: String,
    /// Why the rule fired, as the engine recorded it.
    pub because: Value,
    /// Raised live, or out of backfilled history.
    pub mode: Mode,
    /// Who should act.
    pub assignee: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// The run that raised it.
    pub first_run: RunId,
    /// The last run that changed it.
    pub last_run: RunId,
    /// When it was raised.
    pub at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// One entry in the history of a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WarningEvent {
    /// The warning.
    pub warning: WarningId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What happened: `raised`, `changed`, `acknowledge`, …
    pub action: String,
    /// The reason given.
    pub why: Option<String>,
    /// The run, when a run did it.
    pub run: Option<RunId>,
    /// The warning after it.
    pub after: Warning,
}

/// The word of the third axis.
pub(crate) fn suppression(suppression: &Suppression) -> &'static str {
    match suppression {
        Suppression::None => "none",
        Suppression::Silenced { .. } => "silenced",
        Suppression::Inhibited { .. } => "inhibited",
        Suppression::Shelved => "shelved",
    }
}

/// What the suppression waits for, when it waits for something.
pub(crate) fn cause(suppression: &Suppression) -> Option<&str> {
    match suppression {
        Suppression::Inhibited { by } => Some(by),
        _ => None,
    }
}

/// The units of an object in one text, the coarsest first: `>department/D1>major/M1>`. Whatever lies below a unit has
/// its [`unit_step`] in it; the college itself has none.
pub fn unit_path<'a>(units: impl IntoIterator<Item = (&'a ObjectKind, &'a ObjectId)>) -> String {
    let steps: String = units.into_iter().map(|(kind, id)| unit_step(kind, id).split_off(1)).collect();
    if steps.is_empty() { steps } else { format!(">{steps}") }
}

/// A unit within a path of units.
pub fn unit_step(kind: &ObjectKind, id: &ObjectId) -> String {
    format!(">{kind}/{}>", id.as_str().replace('>', "%3E"))
}

pub(crate) const SELECT: &str = "SELECT id, revision, body, layer, object_name, unit, because, mode, assignee, \
                                 due, first_run, last_run, at, updated_at FROM warning";

/// Leaves out pending ones that were withdrawn: there never was a warning.
pub(crate) const STANDS: &str = "condition <> 'withdrawn'";

impl Record {
    /// The warning with this number.
    pub async fn warning_get(&self, id: WarningId) -> Result<WarningRecord> {
        let row = self.row("warning", Sql::new(SELECT).only_int("id = ", id.0).only_where(STANDS)).await?;
        read(&row.ok_or_else(|| missing(id))?)
    }

    /// The history of a warning, oldest first.
    pub async fn warning_events(&self, id: WarningId) -> Result<Vec<WarningEvent>> {
        let sql = Sql::new("SELECT warning, at, actor, role, action, why, run, after_json FROM warning_event")
            .only_int("warning = ", id.0)
            .push(" ORDER BY id");
        self.rows("warning_event", sql).await?.iter().map(read_event).collect()
    }
}

/// The database's refusal of a second open warning, by its own name.
pub(crate) fn second_open(error: StoreError) -> StoreError {
    if error.is_duplicate() { StoreError::WarningOpen } else { error }
}

pub(crate) fn missing(id: WarningId) -> StoreError {
    StoreError::NotFound { thing: Thing::Warning, id: id.to_string() }
}

pub(crate) fn read(row: &Row) -> Result<WarningRecord> {
    Ok(WarningRecord {
        id: WarningId(row.int("id")?),
        revision: row.int("revision")?,
        warning: row.json("body")?,
        layer: row.word("layer")?,
        object_name: row.text("object_name")?,
        unit: row.maybe("unit")?.unwrap_or_default(),
        because: row.json("because")?,
        mode: row.word("mode")?,
        assignee: row.maybe("assignee")?,
        due: row.maybe_day("due")?,
        first_run: row.parsed("first_run")?,
        last_run: row.parsed("last_run")?,
        at: row.time("at")?,
        updated_at: row.time("updated_at")?,
    })
}

fn read_event(row: &Row) -> Result<WarningEvent> {
    Ok(WarningEvent {
        warning: WarningId(row.int("warning")?),
        at: row.time("at")?,
        actor: Actor::new(row.text("actor")?, row.text("role")?),
        action: row.text("action")?,
        why: row.maybe("why")?,
        run: row.maybe_parsed("run")?,
        after: row.json("after_json")?,
    })
}
