//! What people may do with a warning. The machine's condition is out of their reach.

use super::{ConditionState, Handling, Resolution, Suppression, Warning};
use crate::fault::{Explain, Fault};
use crate::text::Message;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An action of a person. Who did it is recorded by the store with the action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "action")]
pub enum Action {
    /// 确认: somebody has seen it.
    Acknowledge,
    /// 开始处理
    Start,
    /// 办结, for a reason.
    Resolve {
        /// Why it is done.
        resolution: Resolution,
        /// In words.
        why: String,
    },
    /// 重开
    Reopen {
        /// In words.
        why: String,
    },
    /// 静默 until a day.
    Silence {
        /// First day on which it speaks again.
        until: NaiveDate,
        /// Who.
        by: String,
        /// Why.
        why: String,
    },
    /// 抑制, because another fault explains it.
    Inhibit {
        /// The fault.
        by: String,
    },
    /// 搁置
    Shelve,
    /// Takes silence, inhibition or shelving back.
    Speak,
}

/// Why an action is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActionRefused {
    /// The handling does not allow it.
    #[error("a warning that is {handling:?} cannot be changed this way")]
    Handling {
        /// The handling now.
        handling: Handling,
    },
    /// The object is closed; that is never a cure.
    #[error("the object is gone, which is no cure")]
    GoneIsNotCured,
    /// It is still pending, so there is no warning yet.
    #[error("the warning is still pending")]
    Pending,
    /// No reason was given.
    #[error("a reason is missing")]
    NoReason,
    /// The silence would end before it begins.
    #[error("the silence ends on {until}, which has come")]
    SilencePast {
        /// The day given.
        until: NaiveDate,
    },
}

impl Explain for ActionRefused {
    fn fault(&self) -> Fault {
        match self {
            Self::Handling { .. } | Self::GoneIsNotCured | Self::Pending => Fault::Conflict,
            Self::NoReason | Self::SilencePast { .. } => Fault::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Handling { handling } => Message::new("model-warning-handling").with("handling", handling.as_str()),
            Self::GoneIsNotCured => Message::new("model-warning-gone-not-cured"),
            Self::Pending => Message::new("model-warning-pending"),
            Self::NoReason => Message::new("model-warning-no-reason"),
            Self::SilencePast { until } => Message::new("model-warning-silence-past").with("until", until),
        }
    }
}

impl Handling {
    /// The word used in files and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Acknowledged => "acknowledged",
            Self::InProgress => "in-progress",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
        }
    }
}

/// The warning after the action. The condition stays as the machine sees it.
pub fn apply_action(warning: &Warning, action: &Action, today: NaiveDate) -> Result<Warning, ActionRefused> {
    if warning.condition == ConditionState::Pending {
        return Err(ActionRefused::Pending);
    }
    let mut after = warning.clone();
    let refused = || Err(ActionRefused::Handling { handling: warning.handling });
    match action {
        Action::Acknowledge => match warning.handling {
            Handling::New | Handling::Reopened => after.handling = Handling::Acknowledged,
            _ => return refused(),
        },
        Action::Start => match warning.handling {
            Handling::New | Handling::Acknowledged | Handling::Reopened => after.handling = Handling::InProgress,
            _ => return refused(),
        },
        Action::Resolve { resolution, why } => {
            if warning.handling == Handling::Resolved {
                return refused();
            }
            if *resolution == Resolution::Cured && warning.condition == ConditionState::Gone {
                return Err(ActionRefused::GoneIsNotCured);
            }
            given(why)?;
            after.handling = Handling::Resolved;
            after.resolution = Some(*resolution);
        }
        Action::Reopen { why } => {
            if warning.handling != Handling::Resolved {
                return refused();
            }
            given(why)?;
            after.handling = Handling::Reopened;
            after.resolution = None;
        }
        Action::Silence { until, by, why } => {
            given(why)?;
            given(by)?;
            if *until <= today {
                return Err(ActionRefused::SilencePast { until: *until });
            }
            after.suppression = Suppression::Silenced { until: *until, by: by.clone(), why: why.clone() };
        }
        Action::Inhibit { by } => {
            given(by)?;
            after.suppression = Suppression::Inhibited { by: by.clone() };
        }
        Action::Shelve => after.suppression = Suppression::Shelved,
        Action::Speak => after.suppression = Suppression::None,
    }
    Ok(after)
}

fn given(text: &str) -> Result<(), ActionRefused> {
    if text.trim().is_empty() { Err(ActionRefused::NoReason) } else { Ok(()) }
}
