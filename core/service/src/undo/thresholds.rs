//! Thresholds that were set or withdrawn.

use super::{Later, Reversal, because, read};
use crate::college::College;
use crate::error::ServiceError;
use crate::thresholds::{of, same_place};
use serde::Deserialize;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::threshold::Threshold;
use zhengai_store::{AuditRow, Override, ThresholdRecord};

pub(super) struct Thresholds;

/// A threshold as a row of the audit has it.
#[derive(Debug, Deserialize)]
struct Set {
    threshold: Threshold,
    overrides: Option<Override>,
}

/// What was in force at the place before and after the change.
struct Moved {
    before: Option<Set>,
    after: Option<Set>,
}

impl Moved {
    fn read(row: &AuditRow) -> Result<Self, ServiceError> {
        let set = |said: &Option<serde_json::Value>| said.as_ref().map(|said| read(row, Some(said))).transpose();
        Ok(Self { before: set(&row.before)?, after: set(&row.after)? })
    }

    /// What is in force at the place now.
    async fn now(&self, college: &College) -> Result<Option<ThresholdRecord>, ServiceError> {
        let Some(place) = self.after.as_ref().or(self.before.as_ref()) else { return Ok(None) };
        let set = college.record.threshold_list(&of(&place.threshold.indicator)).await?;
        Ok(set.into_iter().find(|known| same_place(&known.threshold, &place.threshold)))
    }
}

impl Reversal for Thresholds {
    fn actions(&self) -> &'static [&'static str] {
        &["threshold.set", "threshold.withdraw"]
    }

    fn right(&self) -> Right {
        Right::PublishIndicators
    }

    fn told(&self, rows: &[AuditRow]) -> Message {
        let row = rows.first();
        let action = row.map(|row| row.action.replace('.', "-")).unwrap_or_default();
        let said = row.and_then(|row| row.after.as_ref().or(row.before.as_ref()));
        let field = |name: &str| said.and_then(|said| said.pointer(name)?.as_str()).unwrap_or_default().to_owned();
        Message::new(&format!("undo-{action}"))
            .with("indicator", field("/threshold/indicator"))
            .with("kind", field("/threshold/kind"))
            .with("when", field("/threshold/when"))
    }

    fn obstacle<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, Option<Message>> {
        Box::pin(async move {
            for row in rows {
                let moved = Moved::read(row)?;
                let now = moved.now(college).await?;
                let same = match (&now, &moved.after) {
                    (None, None) => true,
                    (Some(now), Some(after)) => now.threshold == after.threshold && now.overrides == after.overrides,
                    _ => false,
                };
                if !same {
                    return college.changed_since(row).await.map(Some);
                }
            }
            Ok(None)
        })
    }

    fn revert<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, ()> {
        Box::pin(async move {
            for row in rows {
                let moved = Moved::read(row)?;
                match (&moved.before, moved.now(college).await?) {
                    (Some(before), _) => {
                        college.may_stand(&before.threshold).await?;
                        let overrides = before.overrides.as_ref();
                        let (actor, why) = (college.actor(), because(row));
                        college.record.threshold_set(actor, &before.threshold, &why, overrides).await?;
                    }
                    (None, Some(now)) => {
                        college.record.threshold_withdraw(college.actor(), now.id, &because(row)).await?;
                    }
                    (None, None) => {}
                }
            }
            Ok(())
        })
    }
}
