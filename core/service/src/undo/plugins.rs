//! Plugins that were switched on or off. Trust is never given back by an undo: it lets code into our process.

use super::{Later, Reversal, read};
use crate::college::College;
use crate::error::ServiceError;
use crate::plugins::Switch;
use serde::Deserialize;
use zhengai_model::ids::PluginId;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::AuditRow;

pub(super) struct Switches;

/// A choice as a row of the audit has it.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Chosen {
    enabled: bool,
    sha256: Option<String>,
    files_sha256: Option<String>,
}

/// Whether it was on before; what ships is on until somebody chooses.
fn was_on(college: &College, row: &AuditRow) -> Result<bool, ServiceError> {
    match &row.before {
        Some(before) => Ok(read::<Chosen>(row, Some(before))?.enabled),
        None => Ok(college.plugins.get(&row.subject)?.ships),
    }
}

impl Reversal for Switches {
    fn actions(&self) -> &'static [&'static str] {
        &["plugin.enable", "plugin.disable"]
    }

    fn right(&self) -> Right {
        Right::ManagePlugins
    }

    fn reversible(&self, college: &College, row: &AuditRow) -> bool {
        // Files that were accepted anew while the plugin stayed on are no switch, nor is the first word on one that ships.
        // A plugin that is no longer there is an obstacle, which is said.
        let is_on = row.after.as_ref().and_then(|said| said.get("enabled")?.as_bool());
        was_on(college, row).map_or(true, |was_on| Some(was_on) != is_on)
    }

    fn told(&self, rows: &[AuditRow]) -> Message {
        let action = rows.first().map(|row| row.action.replace('.', "-")).unwrap_or_default();
        let subject = rows.first().map(|row| row.subject.as_str()).unwrap_or_default();
        Message::new(&format!("undo-{action}")).with("plugin", subject)
    }

    fn obstacle<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, Option<Message>> {
        Box::pin(async move {
            for row in rows {
                let left: Chosen = read(row, row.after.as_ref())?;
                let id = PluginId::new(row.subject.clone()).ok();
                let now = match &id {
                    Some(id) => college.record.plugin_find(id).await?.map(|record| record.choice),
                    None => None,
                };
                let now = now.map(|choice| Chosen {
                    enabled: choice.enabled,
                    sha256: choice.sha256,
                    files_sha256: choice.files_sha256,
                });
                if now.as_ref() != Some(&left) {
                    return college.changed_since(row).await.map(Some);
                }
                // Switching it on accepts the files as they are: they must be those that were on before.
                let found = &college.plugins.get(&row.subject)?.found;
                let same = found.sha256 == left.sha256 && Some(&found.files_sha256) == left.files_sha256.as_ref();
                if was_on(college, row)? && !same {
                    return Ok(Some(Message::new("service-undo-plugin-changed").with("plugin", &row.subject)));
                }
            }
            Ok(None)
        })
    }

    fn revert<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, ()> {
        Box::pin(async move {
            for row in rows {
                let to = if was_on(college, row)? { Switch::On } else { Switch::Off };
                college.switch_plugin(&row.subject, to).await?;
            }
            Ok(())
        })
    }
}
