//! The life of a warning (预警): four independent axes, never one enum.

mod action;
mod cap;
mod step;

pub use action::{Action, ActionRefused, apply_action};
pub use cap::{Capped, cap};
pub use step::{Evaluation, Event, Mode, Notify, Seen, StepPolicy, Transition, seen, step};

use crate::ids::{LevelId, ObjectId, ObjectKind, PeriodId, RuleId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a warning is about. At most one is open for each identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// The rule that raised it.
    pub rule: RuleId,
    /// Kind of the subject.
    pub kind: ObjectKind,
    /// The subject.
    pub object: ObjectId,
    /// The period.
    pub period: PeriodId,
}

/// First axis: what the machine sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionState {
    /// Nothing wrong.
    Inactive,
    /// Wrong, not yet for long enough.
    Pending,
    /// Wrong.
    Active,
    /// Right again, not yet for long enough.
    Recovering,
    /// It cannot be said: there is no number.
    NoData,
    /// Evaluation failed.
    Error,
    /// The object is closed; this is never "cured".
    Gone,
}

/// Second axis: what people did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// Nobody has looked.
    New,
    /// Somebody has.
    Acknowledged,
    /// Somebody works on it.
    InProgress,
    /// Done.
    Resolved,
    /// Done once, open again.
    Reopened,
}

/// Why a warning was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// 已整改
    Cured,
    /// 数据错误
    DataError,
    /// 阈值不当
    ThresholdWrong,
    /// 接受风险
    AcceptedRisk,
    /// 重复
    Duplicate,
}

/// Third axis: why nobody is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "suppression")]
pub enum Suppression {
    /// Everybody concerned is told.
    #[default]
    None,
    /// Until a day, by somebody, for a reason.
    Silenced {
        /// First day on which it speaks again.
        until: NaiveDate,
        /// Who.
        by: String,
        /// Why.
        why: String,
    },
    /// Another fault explains it, for example a stale connector.
    Inhibited {
        /// The fault.
        by: String,
    },
    /// Put aside until somebody takes it up again.
    Shelved,
}

/// A warning with its four axes; the fourth is the level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What it is about.
    pub identity: Identity,
    /// First axis.
    pub condition: ConditionState,
    /// Good evaluations in a row while recovering.
    pub good_in_a_row: u32,
    /// Bad evaluations in a row while pending.
    #[serde(default)]
    pub bad_in_a_row: u32,
    /// Second axis.
    pub handling: Handling,
    /// Set when handling is resolved.
    pub resolution: Option<Resolution>,
    /// Third axis.
    pub suppression: Suppression,
    /// Fourth axis.
    pub level: LevelId,
}

impl Warning {
    /// Whether it is still open: something is wrong or cannot be said, or nobody has finished with it.
    pub fn is_open(&self) -> bool {
        self.condition != ConditionState::Inactive || self.handling != Handling::Resolved
    }

    /// Whether people are told about it on that day.
    pub fn speaks(&self, today: NaiveDate) -> bool {
        match &self.suppression {
            Suppression::None => true,
            Suppression::Silenced { until, .. } => *until <= today,
            Suppression::Inhibited { .. } | Suppression::Shelved => false,
        }
    }

    /// Whether it should have been resolved before that day.
    pub fn is_overdue(&self, due: NaiveDate, today: NaiveDate) -> bool {
        self.handling != Handling::Resolved && due < today
    }
}

#[cfg(test)]
mod tests;
