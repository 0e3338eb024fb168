//! Sources that were changed, switched on or off. Their cursors stay where they are.

use super::{Later, Reversal, read};
use crate::college::College;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::{AuditRow, NewSource};

pub(super) struct Changes;

impl Reversal for Changes {
    fn actions(&self) -> &'static [&'static str] {
        &["source.change"]
    }

    fn right(&self) -> Right {
        Right::ManageSources
    }

    fn told(&self, rows: &[AuditRow]) -> Message {
        let row = rows.first();
        let enabled = |said: Option<&serde_json::Value>| said.and_then(|said| said.get("enabled")?.as_bool());
        let (was, is) = row.map_or((None, None), |row| (enabled(row.before.as_ref()), enabled(row.after.as_ref())));
        let key = match (was, is) {
            (Some(false), Some(true)) => "undo-source-enable",
            (Some(true), Some(false)) => "undo-source-disable",
            _ => "undo-source-change",
        };
        Message::new(key).with("source", row.map(|row| row.subject.as_str()).unwrap_or_default())
    }

    fn obstacle<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, Option<Message>> {
        Box::pin(async move {
            for row in rows {
                let left: NewSource = read(row, row.after.as_ref())?;
                let now = college.record.source_find(&left.id).await?.map(|record| record.source);
                if now != Some(left) {
                    return college.changed_since(row).await.map(Some);
                }
            }
            Ok(None)
        })
    }

    fn revert<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, ()> {
        Box::pin(async move {
            for row in rows {
                let was: NewSource = read(row, row.before.as_ref())?;
                college.record.source_change(college.actor(), &was).await?;
            }
            Ok(())
        })
    }
}
