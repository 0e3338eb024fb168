//! What one evaluation does to a warning. Only the condition and the level change here, and a resolved warning may be
//! reopened; handling otherwise belongs to people. No data neither raises nor clears, and an object that is gone is
//! never cured.

use super::{ConditionState, Handling, Identity, Resolution, Suppression, Warning};
use crate::ids::LevelId;
use crate::rule::Outcome;
use crate::threshold::Condition;
use crate::value::Value;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What an evaluation saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The rule fired, or the warning value is breached.
    Bad(LevelId),
    /// It did not, and the recovery value (or the standard, or nothing more) is satisfied.
    Good,
    /// It did not, but the recovery value is not satisfied yet.
    Between,
    /// It cannot be said.
    NoData,
    /// The evaluation failed.
    Error,
    /// The object is closed.
    Gone,
}

/// Combines what a rule says with the recovery value. `leave` is the condition under which a warning may clear: the
/// recovery value, otherwise the standard; without either, not firing is enough.
pub fn seen(outcome: &Outcome, level: &LevelId, value: &Value, leave: Option<&Condition>) -> Seen {
    match outcome {
        Outcome::Fired(_) => Seen::Bad(level.clone()),
        Outcome::Unknown(_) => Seen::NoData,
        Outcome::Quiet => match (leave, value) {
            (None, _) => Seen::Good,
            (Some(leave), Value::Number(number)) if leave.holds(*number) => Seen::Good,
            (Some(_), Value::Number(_)) => Seen::Between,
            (Some(_), _) => Seen::NoData,
        },
    }
}

/// One evaluation of one rule for one subject and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// What it is about.
    pub identity: Identity,
    /// What was seen.
    pub seen: Seen,
    /// The day of the evaluation.
    pub today: NaiveDate,
    /// Live, or a backfill of history.
    pub mode: Mode,
}

/// Whether an evaluation is about the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The present: what rises is told at once.
    #[default]
    Live,
    /// History put in afterwards: what rises goes into a digest, never out as new.
    Backfill,
}

/// How many evaluations in a row it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StepPolicy {
    /// Bad ones before a warning is active, at least 1.
    pub raise_after: u32,
    /// Good ones before it is inactive, at least 1.
    pub clear_after: u32,
}

impl Default for StepPolicy {
    fn default() -> Self {
        Self { raise_after: 1, clear_after: 1 }
    }
}

/// What happened, for the log of the warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// Bad, not yet for long enough.
    Pending,
    /// Bad no longer before it was long enough: there never was a warning.
    Withdrawn,
    /// Now a warning.
    Raised,
    /// Was over, and a person had resolved it; bad again.
    Reopened,
    /// Was over or nearly over, is bad again, and nobody had resolved it.
    Relapsed,
    /// The level changed.
    LevelChanged {
        /// The level before.
        from: LevelId,
        /// The level now.
        to: LevelId,
    },
    /// Good again, not yet for long enough.
    Recovering,
    /// Over. What people do with it stays theirs.
    Cleared,
    /// It cannot be said any more.
    NoData,
    /// It can be said again, and it is as bad as before.
    DataBack,
    /// Evaluation fails.
    Error,
    /// The object is closed.
    Gone,
}

/// How people hear of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notify {
    /// As something new.
    New,
    /// In a digest.
    Digest,
    /// Not at all.
    Silent,
}

/// What comes of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The warning afterwards; `None`: there is none (a pending one that was withdrawn is dropped).
    pub warning: Option<Warning>,
    /// What happened; `None`: nothing worth a line.
    pub event: Option<Event>,
    /// How people hear of it.
    pub notify: Notify,
}

/// Moves the warning of one identity by one evaluation. Since it maps at most one warning to at most one, there is never
/// more than one for an identity.
pub fn step(before: Option<Warning>, evaluation: &Evaluation, policy: StepPolicy) -> Transition {
    let (warning, event) = match before {
        Some(warning) => move_on(warning, evaluation, policy),
        None => begin(evaluation, policy),
    };
    let notify = match (&event, &warning) {
        (Some(event), Some(warning)) => loudness(event, warning, evaluation),
        _ => Notify::Silent,
    };
    Transition { warning, event, notify }
}

fn loudness(event: &Event, warning: &Warning, evaluation: &Evaluation) -> Notify {
    if !warning.speaks(evaluation.today) {
        return Notify::Silent;
    }
    match event {
        Event::Raised | Event::Reopened | Event::Relapsed | Event::LevelChanged { .. } => match evaluation.mode {
            Mode::Live => Notify::New,
            Mode::Backfill => Notify::Digest,
        },
        Event::Cleared | Event::Gone | Event::NoData | Event::Error => Notify::Digest,
        Event::Pending | Event::Withdrawn | Event::Recovering | Event::DataBack => Notify::Silent,
    }
}

fn begin(evaluation: &Evaluation, policy: StepPolicy) -> (Option<Warning>, Option<Event>) {
    let Seen::Bad(level) = &evaluation.seen else { return (None, None) };
    let active = policy.raise_after <= 1;
    let warning = Warning {
        identity: evaluation.identity.clone(),
        condition: if active { ConditionState::Active } else { ConditionState::Pending },
        good_in_a_row: 0,
        bad_in_a_row: 1,
        handling: Handling::New,
        resolution: None,
        suppression: Suppression::None,
        level: level.clone(),
    };
    (Some(warning), Some(if active { Event::Raised } else { Event::Pending }))
}

fn move_on(mut warning: Warning, evaluation: &Evaluation, policy: StepPolicy) -> (Option<Warning>, Option<Event>) {
    let pending = warning.condition == ConditionState::Pending;
    let event = match &evaluation.seen {
        Seen::Bad(level) => bad(&mut warning, level, policy),
        Seen::Good if pending => return (None, Some(Event::Withdrawn)),
        Seen::Between if pending => return (None, Some(Event::Withdrawn)),
        Seen::Gone if pending => return (None, Some(Event::Withdrawn)),
        Seen::Good => good(&mut warning, policy),
        Seen::Between => between(&mut warning),
        Seen::NoData => rest(&mut warning, ConditionState::NoData, Event::NoData),
        Seen::Error => rest(&mut warning, ConditionState::Error, Event::Error),
        Seen::Gone => rest(&mut warning, ConditionState::Gone, Event::Gone),
    };
    (Some(warning), event)
}

fn bad(warning: &mut Warning, level: &LevelId, policy: StepPolicy) -> Option<Event> {
    let old_level = std::mem::replace(&mut warning.level, level.clone());
    let old_condition = warning.condition;
    warning.good_in_a_row = 0;
    warning.bad_in_a_row = warning.bad_in_a_row.saturating_add(1);
    match old_condition {
        ConditionState::Pending if warning.bad_in_a_row < policy.raise_after => return None,
        ConditionState::Inactive => return Some(rise_again(warning)),
        _ => {}
    }
    warning.condition = ConditionState::Active;
    match old_condition {
        ConditionState::Pending => Some(Event::Raised),
        ConditionState::Recovering => Some(Event::Relapsed),
        _ if old_level != warning.level => Some(Event::LevelChanged { from: old_level, to: warning.level.clone() }),
        ConditionState::NoData | ConditionState::Error | ConditionState::Gone => Some(Event::DataBack),
        ConditionState::Active | ConditionState::Inactive => None,
    }
}

/// What was over is bad again. A person who resolved it hears of it, unless the risk was accepted or the warning was a
/// duplicate of another.
fn rise_again(warning: &mut Warning) -> Event {
    warning.condition = ConditionState::Active;
    warning.bad_in_a_row = 1;
    let settled = matches!(warning.resolution, Some(Resolution::AcceptedRisk | Resolution::Duplicate));
    if warning.handling == Handling::Resolved && !settled {
        warning.handling = Handling::Reopened;
        warning.resolution = None;
        return Event::Reopened;
    }
    Event::Relapsed
}

fn good(warning: &mut Warning, policy: StepPolicy) -> Option<Event> {
    if warning.condition == ConditionState::Inactive {
        return None;
    }
    let was_recovering = warning.condition == ConditionState::Recovering;
    warning.good_in_a_row = warning.good_in_a_row.saturating_add(1);
    warning.bad_in_a_row = 0;
    if warning.good_in_a_row >= policy.clear_after {
        warning.condition = ConditionState::Inactive;
        warning.good_in_a_row = 0;
        return Some(Event::Cleared);
    }
    warning.condition = ConditionState::Recovering;
    (!was_recovering).then_some(Event::Recovering)
}

/// Neither breached nor recovered: what is active stays active, and good evaluations have to begin anew.
fn between(warning: &mut Warning) -> Option<Event> {
    warning.good_in_a_row = 0;
    match warning.condition {
        ConditionState::Inactive | ConditionState::Active | ConditionState::Pending => None,
        ConditionState::Recovering => {
            warning.condition = ConditionState::Active;
            None
        }
        ConditionState::NoData | ConditionState::Error | ConditionState::Gone => {
            warning.condition = ConditionState::Active;
            Some(Event::DataBack)
        }
    }
}

/// Nothing can be said: what is over stays over, what is pending stays pending, anything else waits.
fn rest(warning: &mut Warning, state: ConditionState, event: Event) -> Option<Event> {
    let waits = !matches!(warning.condition, ConditionState::Inactive | ConditionState::Pending);
    // An object that is gone stays gone until it is seen again.
    let gone = warning.condition == ConditionState::Gone;
    if !waits || gone || warning.condition == state {
        return None;
    }
    warning.condition = state;
    Some(event)
}
