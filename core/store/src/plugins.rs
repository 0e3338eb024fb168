//! Which plugins are switched on, which library was approved, and how each is configured. No secrets here.

use crate::audit::{Actor, Entry};
use crate::error::Result;
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use crate::{StoreError, Thing};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use zhengai_model::ids::PluginId;

/// What an administrator chose for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginChoice {
    /// The plugin.
    pub id: PluginId,
    /// Switched on.
    pub enabled: bool,
    /// Version that was chosen.
    pub version: String,
    /// SHA-256 of the library that was approved, in hex; `None` for packs without one.
    pub sha256: Option<String>,
    /// Its configuration.
    pub config: Value,
}

/// A choice as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginRecord {
    /// The choice.
    #[serde(flatten)]
    pub choice: PluginChoice,
    /// When it was made.
    pub updated_at: DateTime<Utc>,
    /// Who made it.
    pub by: String,
}

const SELECT: &str = "SELECT id, enabled, version, sha256, config, updated_at, actor FROM plugin_state";

impl Record {
    /// Records the choice for a plugin; the same choice again writes nothing.
    pub async fn plugin_set(&self, actor: &Actor, choice: &PluginChoice) -> Result<PluginRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, &choice.id).await?;
        if let Some(before) = before.as_ref().filter(|before| &before.choice == choice) {
            return Ok(before.clone());
        }
        let sql = Sql::new(
            "INSERT INTO plugin_state (id, enabled, version, sha256, config, updated_at, actor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, \
             version = excluded.version, sha256 = excluded.sha256, config = excluded.config, \
             updated_at = excluded.updated_at, actor = excluded.actor",
        )
        .text(choice.id.as_str())
        .int(i64::from(choice.enabled))
        .text(&*choice.version)
        .maybe(choice.sha256.as_deref())
        .text(json(&choice.config)?)
        .text(change.at())
        .text(change.by());
        change.run(sql).await?;
        let after = inside(&mut change, &choice.id).await?;
        let after = after.ok_or_else(|| StoreError::NotFound { thing: Thing::Plugin, id: choice.id.to_string() })?;
        let action = if choice.enabled { "plugin.enable" } else { "plugin.disable" };
        let mut entry = Entry::new(action, Thing::Plugin, &choice.id).after(&after)?;
        if let Some(before) = &before {
            entry = entry.before(before)?;
        }
        change.commit(entry).await?;
        Ok(after)
    }

    /// The choice for a plugin, if one was ever made.
    pub async fn plugin_find(&self, id: &PluginId) -> Result<Option<PluginRecord>> {
        self.row("plugin_state", Sql::new(SELECT).only("id = ", id.as_str())).await?.as_ref().map(read).transpose()
    }

    /// All choices, by plugin.
    pub async fn plugin_list(&self) -> Result<Vec<PluginRecord>> {
        self.rows("plugin_state", Sql::new(SELECT).push(" ORDER BY id")).await?.iter().map(read).collect()
    }
}

async fn inside(change: &mut Change<'_>, id: &PluginId) -> Result<Option<PluginRecord>> {
    change.row("plugin_state", Sql::new(SELECT).only("id = ", id.as_str())).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<PluginRecord> {
    Ok(PluginRecord {
        choice: PluginChoice {
            id: row.parsed("id")?,
            enabled: row.int("enabled")? != 0,
            version: row.text("version")?,
            sha256: row.maybe("sha256")?,
            config: row.json("config")?,
        },
        updated_at: row.time("updated_at")?,
        by: row.text("actor")?,
    })
}
