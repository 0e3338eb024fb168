//! What a run does to warnings, many at a time: one transaction, statements of many rows that are prepared once, one
//! audit row with counts and a digest.

use crate::audit::{Actor, Entry};
use crate::canonical::digest;
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{json, word};
use crate::runs;
use crate::sql::Sql;
use crate::warnings::{WarningRecord, cause, second_open, suppression};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use zhengai_model::ids::RunId;
use zhengai_model::layer::Layer;
use zhengai_model::warning::{Event, Mode, Transition, Warning};

/// Whether a warning is still there after the transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It is.
    Stands,
    /// It was pending and never became one; it is neither listed nor loaded any more.
    Withdrawn,
}

/// A warning to be raised, or moved by the state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningWrite {
    /// The warning as it was loaded; `None` raises a new one.
    pub seen: Option<(crate::WarningId, i64)>,
    /// Identity and axes after the transition.
    pub warning: Warning,
    /// The layer of its object.
    pub layer: Layer,
    /// Rank of the level, the most severe highest: the order of lists.
    pub severity: i64,
    /// The object's name.
    pub object_name: String,
    /// The units of the object, see [`crate::unit_path`].
    pub unit: String,
    /// Why the rule fired.
    pub because: Value,
    /// What happened, for the history; without it the warning changes and no line is written.
    pub event: Option<Event>,
    /// Whether it is still there.
    pub fate: Fate,
    /// Live or backfilled; counts when raised only.
    pub mode: Mode,
    /// Until when somebody should act; counts when raised only.
    pub due: Option<NaiveDate>,
}

impl WarningWrite {
    /// What the state machine made of a warning that was loaded; a transition without a warning withdraws it. Layer,
    /// name, units, day and mode stay.
    pub fn moved(seen: &WarningRecord, transition: &Transition, because: Value, severity: i64) -> Self {
        let (warning, fate) = match &transition.warning {
            Some(warning) => (warning.clone(), Fate::Stands),
            None => (seen.warning.clone(), Fate::Withdrawn),
        };
        Self {
            seen: Some((seen.id, seen.revision)),
            warning,
            layer: seen.layer,
            severity,
            object_name: seen.object_name.clone(),
            unit: seen.unit.clone(),
            because,
            event: transition.event.clone(),
            fate,
            mode: seen.mode,
            due: seen.due,
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// Warnings raised.
    pub raised: u64,
    /// Warnings moved.
    pub moved: u64,
    /// SHA-256 over all of them in the order given, with their numbers.
    pub digest: String,
}

const INSERT: &str = "INSERT INTO warning (id, revision, is_open, rule, kind, object, period, layer, object_name, \
                      unit, level, severity, condition, handling, suppression, cause, body, because, mode, due, \
                      first_run, last_run, at, updated_at)";
const COLUMNS: usize = 20;
/// Run, run, time, time.
const TAIL: &str = ",$1,$1,$2,$2";
const MOVE: &str = " ON CONFLICT (id) DO UPDATE SET revision = warning.revision + 1, is_open = excluded.is_open, \
                    object_name = excluded.object_name, unit = excluded.unit, level = excluded.level, \
                    severity = excluded.severity, condition = excluded.condition, handling = excluded.handling, \
                    suppression = excluded.suppression, cause = excluded.cause, body = excluded.body, \
                    because = excluded.because, last_run = excluded.last_run, updated_at = excluded.updated_at \
                    WHERE warning.revision = excluded.revision AND warning.rule = excluded.rule AND \
                    warning.kind = excluded.kind AND warning.object = excluded.object AND \
                    warning.period = excluded.period";
const EVENT: &str = "INSERT INTO warning_event (id, warning, action, after_json, run, at, actor, role)";
const EVENT_COLUMNS: usize = 4;
const EVENT_TAIL: &str = ",$1,$2,$3,$4";
/// Rows of one statement; all chunks but the last share one prepared text.
const CHUNK: usize = 100;

impl Record {
    /// Writes what a running diagnosis did to warnings. [`Record::run_finish`] does the same together with the rest
    /// of the outcome, which is the way to have all or nothing of a run.
    ///
    /// # Errors
    /// [`StoreError::StaleWarnings`] when one of them was changed by somebody after it was loaded,
    /// [`StoreError::WarningOpen`] when a second one of an identity would be open; nothing is kept then.
    pub async fn warning_save(&self, actor: &Actor, run: &RunId, writes: &[WarningWrite]) -> Result<Saved> {
        let mut change = self.change(actor).await?;
        runs::running(&mut change, run).await?;
        let saved = save(&mut change, run, writes).await?;
        let entry = Entry::new("warning.evaluate", Thing::Run, run).after(&saved)?;
        change.commit(entry).await?;
        Ok(saved)
    }
}

/// Writes warnings and their events within a change.
pub(crate) async fn save(change: &mut Change<'_>, run: &RunId, writes: &[WarningWrite]) -> Result<Saved> {
    let count = i64::try_from(writes.len()).unwrap_or(i64::MAX);
    let fresh = writes.iter().filter(|write| write.seen.is_none()).count();
    let mut next = change.numbers("warning", i64::try_from(fresh).unwrap_or(i64::MAX)).await?;
    let mut event = change.numbers("warning_event", count).await?;
    let (at, by, role) = (change.at(), change.by(), change.actor().role.clone());
    let mut links = Vec::with_capacity(writes.len());
    // Moves come first: one that closes makes room for a new one of the same identity.
    let (moves, raises): (Vec<_>, Vec<_>) = writes.iter().partition(|write| write.seen.is_some());
    for chunk in moves.chunks(CHUNK).chain(raises.chunks(CHUNK)) {
        let rows = Sql::new(INSERT).text(run.as_str()).text(&*at);
        let mut rows = rows.values(COLUMNS, TAIL, chunk.len()).push(MOVE);
        let told = chunk.iter().filter(|write| write.event.is_some()).count();
        let events = Sql::new(EVENT).text(run.as_str()).text(&*at).text(&*by).text(&*role);
        let mut events = events.values(EVENT_COLUMNS, EVENT_TAIL, told);
        for write in chunk {
            let (id, revision) = match write.seen {
                Some((id, revision)) => (id.0, revision),
                None => {
                    next += 1;
                    (next - 1, 0)
                }
            };
            let warning = &write.warning;
            let body = json(warning)?;
            let (open, condition) = match write.fate {
                Fate::Stands => (warning.is_open(), word(&warning.condition)?),
                Fate::Withdrawn => (false, "withdrawn".to_owned()),
            };
            links.push(digest([id.to_string().as_str(), condition.as_str(), body.as_str()]));
            rows = rows
                .int(id)
                .int(revision)
                .int(i64::from(open))
                .text(warning.identity.rule.as_str())
                .text(warning.identity.kind.as_str())
                .text(warning.identity.object.as_str())
                .text(warning.identity.period.as_str())
                .text(write.layer.as_str())
                .text(&*write.object_name)
                .text(&*write.unit)
                .text(warning.level.as_str())
                .int(write.severity)
                .text(condition)
                .text(word(&warning.handling)?)
                .text(suppression(&warning.suppression))
                .maybe(cause(&warning.suppression))
                .text(body.clone())
                .text(json(&write.because)?)
                .text(word(&write.mode)?)
                .maybe(write.due.map(|day| day.to_string()));
            if let Some(happened) = &write.event {
                events = events.int(event).int(id).text(event_word(happened)).text(body);
                event += 1;
            }
        }
        let touched = change.run_wide(rows).await.map_err(second_open)?;
        if touched != chunk.len() as u64 {
            return Err(StoreError::StaleWarnings { count: (chunk.len() as u64).saturating_sub(touched) });
        }
        if told > 0 {
            change.run_wide(events).await?;
        }
    }
    Ok(Saved {
        raised: fresh as u64,
        moved: (writes.len() - fresh) as u64,
        digest: digest(links.iter().map(String::as_str)),
    })
}

/// The word of an event in the history.
fn event_word(event: &Event) -> &'static str {
    match event {
        Event::Pending => "pending",
        Event::Withdrawn => "withdrawn",
        Event::Raised => "raised",
        Event::Reopened => "reopened",
        Event::Relapsed => "relapsed",
        Event::LevelChanged { .. } => "level-changed",
        Event::Recovering => "recovering",
        Event::Cleared => "cleared",
        Event::NoData => "no-data",
        Event::DataBack => "data-back",
        Event::Error => "error",
        Event::Gone => "gone",
    }
}
