//! How far a period is settled, and which late rows are still let in. Signing is for people, and it is final.

use super::{Calendar, Period, PeriodState};
use crate::fault::{Explain, Fault};
use crate::ids::{DatasetId, PeriodId};
use crate::text::Message;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Leave for late rows of one dataset (or all) into a locked period: by a name, for a reason, until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateException {
    /// The locked period.
    pub period: PeriodId,
    /// The dataset; all when absent.
    #[serde(default)]
    pub dataset: Option<DatasetId>,
    /// Who allowed it.
    pub by: String,
    /// Why.
    pub why: String,
    /// First day on which it no longer holds.
    pub until: NaiveDate,
}

/// How rows into a period are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// In time.
    InTime,
    /// Late, within the days of grace.
    Late,
    /// Late, under an exception.
    Excepted(LateException),
}

/// Rows into a settled period are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("period {period} is {state:?}")]
pub struct LateRefused {
    /// The period.
    pub period: PeriodId,
    /// `Locked` or `Signed`.
    pub state: PeriodState,
}

impl Explain for LateRefused {
    fn fault(&self) -> Fault {
        Fault::Conflict
    }

    fn message(&self) -> Message {
        let key = if self.state == PeriodState::Signed { "model-period-signed" } else { "model-period-locked" };
        Message::new(key).with("period", &self.period)
    }
}

/// A change of state that the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("period {period} cannot go from {from:?} to {to:?}")]
pub struct StateChangeRefused {
    /// The period.
    pub period: PeriodId,
    /// Its state.
    pub from: PeriodState,
    /// The state wanted.
    pub to: PeriodState,
}

impl Explain for StateChangeRefused {
    fn fault(&self) -> Fault {
        Fault::Conflict
    }

    fn message(&self) -> Message {
        Message::new("model-period-state-change")
            .with("period", &self.period)
            .with("from", self.from)
            .with("to", self.to)
    }
}

/// What decides whether rows come in: what people recorded, and the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement {
    /// The state that a person set, if one did.
    pub recorded: Option<PeriodState>,
    /// Exceptions on record.
    pub exceptions: Vec<LateException>,
}

impl Settlement {
    /// The state on a day: what was recorded, otherwise open until the end, then grace, then locked.
    pub fn state(&self, calendar: &Calendar, period: &Period, today: NaiveDate) -> PeriodState {
        if let Some(recorded) = self.recorded {
            return recorded;
        }
        if !period.is_over(today) {
            return PeriodState::Open;
        }
        match period.end.checked_add_days(Days::new(u64::from(calendar.grace_days()))) {
            Some(locks) if locks <= today => PeriodState::Locked,
            _ => PeriodState::Grace,
        }
    }

    /// Whether rows of a dataset may come into the period on that day. An exception opens a locked period, never a
    /// signed one.
    pub fn accept(
        &self,
        calendar: &Calendar,
        period: &Period,
        dataset: &DatasetId,
        today: NaiveDate,
    ) -> Result<Acceptance, LateRefused> {
        let state = self.state(calendar, period, today);
        match state {
            PeriodState::Open => Ok(Acceptance::InTime),
            PeriodState::Grace => Ok(Acceptance::Late),
            PeriodState::Signed => Err(LateRefused { period: period.id.clone(), state }),
            PeriodState::Locked => self
                .exceptions
                .iter()
                .find(|exception| {
                    exception.period == period.id
                        && exception.dataset.as_ref().is_none_or(|wanted| wanted == dataset)
                        && today < exception.until
                })
                .cloned()
                .map(Acceptance::Excepted)
                .ok_or(LateRefused { period: period.id.clone(), state }),
        }
    }
}

/// Whether a person may set this state. A locked period may be opened again for grace; a signed one is final, and
/// only a locked one can be signed.
pub fn change_state(period: &PeriodId, from: PeriodState, to: PeriodState) -> Result<PeriodState, StateChangeRefused> {
    use PeriodState::{Grace, Locked, Open, Signed};
    match (from, to) {
        (Open, Grace | Locked) | (Grace, Open | Locked) | (Locked, Grace | Signed) => Ok(to),
        (Open, Open) | (Grace, Grace) | (Locked, Locked) => Ok(to),
        _ => Err(StateChangeRefused { period: period.clone(), from, to }),
    }
}
