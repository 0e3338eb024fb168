//! What people did with warnings. Only their axes go back: handling, suppression, assignee and day; what the machine saw
//! meanwhile stays.

use super::{Later, Reversal, read};
use crate::college::College;
use crate::error::ServiceError;
use crate::warnings::missing;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use zhengai_model::fault::Explain;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_model::warning::Warning;
use zhengai_store::{Absent, AuditRow, WarningAct, WarningFilter, WarningId, WarningRecord};

pub(super) struct Deeds;

/// A warning as a row of the audit has it, as far as people move it.
#[derive(Debug, Deserialize)]
struct Hands {
    warning: Warning,
    assignee: Option<String>,
    due: Option<NaiveDate>,
}

impl Hands {
    fn holds(&self, record: &WarningRecord) -> bool {
        let now = &record.warning;
        (&self.assignee, self.due) == (&record.assignee, record.due)
            && (self.warning.handling, self.warning.resolution, &self.warning.suppression)
                == (now.handling, now.resolution, &now.suppression)
    }
}

fn id(row: &AuditRow) -> Option<WarningId> {
    row.subject.parse().ok()
}

/// The warnings as they are now, as far as this person may handle them.
async fn now(college: &College, rows: &[AuditRow]) -> Result<BTreeMap<WarningId, WarningRecord>, ServiceError> {
    let ids: Vec<WarningId> = rows.iter().filter_map(id).collect();
    let filter = WarningFilter { with_closed: true, ids, ..WarningFilter::default() };
    if filter.ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = college.record.warning_list(&college.reachable(&filter).await?).await?;
    Ok(found.into_iter().map(|record| (record.id, record)).collect())
}

impl Reversal for Deeds {
    fn actions(&self) -> &'static [&'static str] {
        // A comment changes nothing that could go back.
        &[
            "warning.acknowledge",
            "warning.assign",
            "warning.silence",
            "warning.resolve",
            "warning.reopen",
            "warning.inhibit",
            "warning.shelve",
            "warning.speak",
        ]
    }

    fn right(&self) -> Right {
        Right::HandleWarnings
    }

    fn told(&self, rows: &[AuditRow]) -> Message {
        let action = rows.first().map(|row| row.action.replace('.', "-")).unwrap_or_default();
        let subject = rows.first().map(|row| row.subject.as_str()).unwrap_or_default();
        let many = if rows.len() > 1 { "-many" } else { "" };
        Message::new(&format!("undo-{action}{many}")).with("count", rows.len()).with("subject", subject)
    }

    fn obstacle<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, Option<Message>> {
        Box::pin(async move {
            let now = now(college, rows).await?;
            for row in rows {
                let left: Hands = read(row, row.after.as_ref())?;
                match id(row).and_then(|id| now.get(&id)) {
                    Some(record) if left.holds(record) => {}
                    Some(_) => return college.changed_since(row).await.map(Some),
                    None => return Ok(Some(missing(&row.subject).message())),
                }
            }
            Ok(None)
        })
    }

    fn revert<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, ()> {
        Box::pin(async move {
            let mut now = now(college, rows).await?;
            let mut acts = Vec::with_capacity(rows.len());
            for row in rows {
                let was: Hands = read(row, row.before.as_ref())?;
                let Some(record) = id(row).and_then(|id| now.remove(&id)) else { continue };
                let after = Warning {
                    handling: was.warning.handling,
                    resolution: was.warning.resolution,
                    suppression: was.warning.suppression,
                    ..record.warning.clone()
                };
                let (assignee, due) = (was.assignee, was.due);
                acts.push((
                    record,
                    WarningAct { action: "undo", after, assignee, due, absent: Absent::Clears, why: None },
                ));
            }
            college.record.warning_acts(college.actor(), &acts).await?;
            Ok(())
        })
    }
}
