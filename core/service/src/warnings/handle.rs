//! What people do with warnings, one or many: the model says what is allowed, the record does all of it in one change.

use super::scope::missing;
use crate::college::College;
use crate::error::ServiceError;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use zhengai_model::fault::Explain;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::warning::{Action, ActionRefused, Handling, Resolution, Warning, apply_action};
use zhengai_store::{Absent, WarningAct, WarningFilter, WarningId, WarningRecord};

/// How many warnings one change takes.
pub const MOST: u32 = 10_000;

/// What a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// 确认
    Acknowledge,
    /// 指派: from now on somebody works on it.
    Assign {
        /// Who.
        to: String,
        /// Until when.
        due: Option<NaiveDate>,
    },
    /// 备注: the warning stays as it is.
    Comment {
        /// The words.
        text: String,
    },
    /// 静默
    Silence {
        /// First day on which it speaks again.
        until: NaiveDate,
        /// Why.
        why: String,
    },
    /// 办结
    Resolve {
        /// Why it is done.
        resolution: Resolution,
        /// In words.
        why: Option<String>,
    },
    /// 重开
    Reopen {
        /// Why.
        why: String,
    },
    /// 抑制
    Inhibit {
        /// The fault that explains it.
        by: String,
    },
    /// 搁置
    Shelve,
    /// Takes silence, inhibition or shelving back.
    Speak,
}

impl Deed {
    /// The audit says `warning.<word>`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Assign { .. } => "assign",
            Self::Comment { .. } => "comment",
            Self::Silence { .. } => "silence",
            Self::Resolve { .. } => "resolve",
            Self::Reopen { .. } => "reopen",
            Self::Inhibit { .. } => "inhibit",
            Self::Shelve => "shelve",
            Self::Speak => "speak",
        }
    }

    fn why(&self) -> Option<&str> {
        match self {
            Self::Comment { text } => Some(text),
            Self::Silence { why, .. } | Self::Reopen { why } => Some(why),
            Self::Resolve { resolution, why } => Some(why.as_deref().unwrap_or(resolution_word(*resolution))),
            Self::Inhibit { by } => Some(by),
            Self::Acknowledge | Self::Assign { .. } | Self::Shelve | Self::Speak => None,
        }
    }

    /// The warning after it.
    fn apply(&self, warning: &Warning, by: &str, today: NaiveDate) -> Result<Warning, ActionRefused> {
        let given = |text: &str| if text.trim().is_empty() { Err(ActionRefused::NoReason) } else { Ok(()) };
        let action = match self {
            Self::Acknowledge => Action::Acknowledge,
            Self::Assign { to, .. } => {
                given(to)?;
                // Giving a warning to somebody else does not begin it a second time.
                if warning.handling == Handling::InProgress {
                    return Ok(warning.clone());
                }
                Action::Start
            }
            Self::Comment { text } => {
                given(text)?;
                return Ok(warning.clone());
            }
            Self::Silence { until, why } => Action::Silence { until: *until, by: by.to_owned(), why: why.clone() },
            Self::Resolve { resolution, .. } => {
                Action::Resolve { resolution: *resolution, why: self.why().unwrap_or_default().to_owned() }
            }
            Self::Reopen { why } => Action::Reopen { why: why.clone() },
            Self::Inhibit { by } => Action::Inhibit { by: by.clone() },
            Self::Shelve => Action::Shelve,
            Self::Speak => Action::Speak,
        };
        apply_action(warning, &action, today)
    }
}

fn resolution_word(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Cured => "cured",
        Resolution::DataError => "data-error",
        Resolution::ThresholdWrong => "threshold-wrong",
        Resolution::AcceptedRisk => "accepted-risk",
        Resolution::Duplicate => "duplicate",
    }
}

/// A warning of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The warning.
    pub id: WarningId,
    /// Its revision when it was seen; it is taken as it is without one.
    pub revision: Option<i64>,
}

/// What came of a deed on many.
#[derive(Debug, Default)]
pub struct Handled {
    /// Warnings as they are now.
    pub done: Vec<WarningRecord>,
    /// Those left as they are, each with the reason.
    pub refused: Vec<(WarningId, Message)>,
    /// How many more the filter finds.
    pub left: u64,
}

impl College {
    /// Does something with one warning. With a revision it is refused when somebody changed the warning since.
    pub async fn handle_warning(&self, chosen: Chosen, deed: &Deed) -> Result<WarningRecord, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        let seen = self.reachable_warning(chosen.id).await?;
        unchanged(&seen, chosen.revision)?;
        let refused = |source| ServiceError::Action { warning: chosen.id.to_string(), source };
        let act = self.act(&seen, deed).map_err(refused)?;
        Ok(self.record.warning_act(self.actor(), &seen, &act).await?)
    }

    /// Does the same with a selection. What the rules or somebody else's change forbid is left and told; the rest is one
    /// change.
    pub async fn handle_warnings(&self, chosen: &[Chosen], deed: &Deed) -> Result<Handled, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        if chosen.len() > MOST as usize {
            return Err(ServiceError::TooMany { what: "warning", count: chosen.len() as u64, most: u64::from(MOST) });
        }
        let filter = WarningFilter {
            with_closed: true,
            ids: chosen.iter().map(|one| one.id).collect(),
            ..WarningFilter::default()
        };
        let filter =
            if filter.ids.is_empty() { return Ok(Handled::default()) } else { self.reachable(&filter).await? };
        let mut seen: BTreeMap<WarningId, WarningRecord> =
            self.record.warning_list(&filter).await?.into_iter().map(|record| (record.id, record)).collect();
        let mut handled = Handled::default();
        let mut taken = Vec::with_capacity(seen.len());
        for one in chosen {
            match seen.remove(&one.id) {
                None => handled.refused.push((one.id, missing(one.id).message())),
                Some(record) => match unchanged(&record, one.revision) {
                    Ok(()) => taken.push(record),
                    Err(error) => handled.refused.push((one.id, error.message())),
                },
            }
        }
        self.handle_these(taken, deed, handled).await
    }

    /// Does the same with all that a filter finds, up to `MOST` at once.
    pub async fn handle_filtered(&self, filter: &WarningFilter, deed: &Deed) -> Result<Handled, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        let filter = self.reachable(filter).await?;
        let limit = filter.limit.unwrap_or(MOST).min(MOST);
        let found = self.record.warning_list(&WarningFilter { limit: Some(limit), ..filter.clone() }).await?;
        let total = self.record.warning_count(&filter).await?;
        let left = total.saturating_sub(found.len() as u64);
        self.handle_these(found, deed, Handled { left, ..Handled::default() }).await
    }

    async fn handle_these(
        &self,
        seen: Vec<WarningRecord>,
        deed: &Deed,
        mut handled: Handled,
    ) -> Result<Handled, ServiceError> {
        let mut acts = Vec::with_capacity(seen.len());
        for record in seen {
            match self.act(&record, deed) {
                Ok(act) => acts.push((record, act)),
                Err(refused) => handled.refused.push((record.id, refused.message())),
            }
        }
        handled.done = self.record.warning_acts(self.actor(), &acts).await?;
        Ok(handled)
    }

    fn act<'a>(&self, seen: &WarningRecord, deed: &'a Deed) -> Result<WarningAct<'a>, ActionRefused> {
        let after = deed.apply(&seen.warning, &self.actor().name, self.opening.today)?;
        let (assignee, due) = match deed {
            Deed::Assign { to, due } => (Some(to.trim().to_owned()), *due),
            _ => (None, None),
        };
        Ok(WarningAct { action: deed.word(), after, assignee, due, absent: Absent::Keeps, why: deed.why() })
    }
}

/// Whether a warning still is as it was seen.
fn unchanged(record: &WarningRecord, revision: Option<i64>) -> Result<(), ServiceError> {
    if revision.is_none_or(|revision| revision == record.revision) {
        return Ok(());
    }
    Err(zhengai_store::StoreError::Stale { thing: zhengai_store::Thing::Warning, id: record.id.to_string() }.into())
}
