//! Which plugins are switched on, which files were approved, which code is trusted in our own process, which version
//! is kept out because it crashed, and how each is configured. No secrets here.

use crate::audit::{Actor, Entry};
use crate::error::Result;
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use crate::{StoreError, Thing};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zhengai_model::ids::PluginId;
use zhengai_model::text::Message;

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
    /// SHA-256 over the text files that were approved, in hex; `None` for choices of older programs.
    pub files_sha256: Option<String>,
    /// Its code may run in our own process.
    pub trusted: bool,
    /// Its configuration.
    pub config: Value,
}

/// A version that is kept out because it crashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// SHA-256 of the library that crashed; another library is another version.
    pub sha256: String,
    /// Version of the manifest.
    pub version: String,
    /// What happened last.
    pub why: Message,
    /// When it was kept out.
    pub at: DateTime<Utc>,
}

/// A crash, or an end that cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginFault {
    /// The plugin.
    pub id: PluginId,
    /// SHA-256 of the library that ran.
    pub sha256: String,
    /// Version of the manifest.
    pub version: String,
    /// What happened.
    pub why: Message,
}

/// A choice as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PluginRecord {
    /// The choice.
    #[serde(flatten)]
    pub choice: PluginChoice,
    /// Crashes since it was last enabled.
    pub faults: u32,
    /// The version that is kept out, if any.
    pub quarantine: Option<Quarantine>,
    /// When it was made.
    pub updated_at: DateTime<Utc>,
    /// Who made it.
    pub by: String,
}

const SELECT: &str = "SELECT id, enabled, version, sha256, files_sha256, trusted, faults, quarantine, config, updated_at, \
                      actor FROM plugin_state";

impl Record {
    /// Records the choice for a plugin; the same choice again writes nothing. A choice that enables it releases it from
    /// quarantine and counts its faults anew.
    pub async fn plugin_set(&self, actor: &Actor, choice: &PluginChoice) -> Result<PluginRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, &choice.id).await?;
        let releases = |before: &PluginRecord| choice.enabled && (before.faults > 0 || before.quarantine.is_some());
        if let Some(before) = before.as_ref().filter(|before| &before.choice == choice && !releases(before)) {
            return Ok(before.clone());
        }
        let sql = Sql::new(
            "INSERT INTO plugin_state (id, enabled, version, sha256, files_sha256, trusted, faults, config, updated_at, \
             actor) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET \
             enabled = excluded.enabled, version = excluded.version, sha256 = excluded.sha256, \
             files_sha256 = excluded.files_sha256, trusted = excluded.trusted, config = excluded.config, \
             updated_at = excluded.updated_at, actor = excluded.actor",
        )
        .text(choice.id.as_str())
        .int(i64::from(choice.enabled))
        .text(&*choice.version)
        .maybe(choice.sha256.as_deref())
        .maybe(choice.files_sha256.as_deref())
        .int(i64::from(choice.trusted))
        .text(json(&choice.config)?)
        .text(change.at())
        .text(change.by());
        change.run(sql).await?;
        if choice.enabled {
            let release = Sql::new("UPDATE plugin_state SET faults = 0, quarantine = NULL");
            change.run(release.only("id = ", choice.id.as_str())).await?;
        }
        let after = inside(&mut change, &choice.id).await?.ok_or_else(|| missing(&choice.id))?;
        let mut entry = Entry::new(action(before.as_ref(), choice), Thing::Plugin, &choice.id).after(&after)?;
        if let Some(before) = &before {
            entry = entry.before(before)?;
        }
        change.commit(entry).await?;
        Ok(after)
    }

    /// Counts a crash of a plugin, and keeps this version out when `quarantine` is [`Quarantined::Yes`].
    pub async fn plugin_fault(
        &self,
        actor: &Actor,
        fault: &PluginFault,
        kept_out: Quarantined,
    ) -> Result<PluginRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, &fault.id).await?;
        let now = change.at();
        // What ships has no row until somebody chooses something; it is on without one.
        let sql = Sql::new(
            "INSERT INTO plugin_state (id, enabled, version, trusted, faults, config, updated_at, actor) \
             VALUES ($1, 1, $2, 0, 1, '{}', $3, $4) ON CONFLICT (id) DO UPDATE SET faults = plugin_state.faults + 1",
        )
        .text(fault.id.as_str())
        .text(&*fault.version)
        .text(now)
        .text(change.by());
        change.run(sql).await?;
        if kept_out == Quarantined::Yes {
            let quarantine = Quarantine {
                sha256: fault.sha256.clone(),
                version: fault.version.clone(),
                why: fault.why.clone(),
                at: change.now(),
            };
            let sql = Sql::new("UPDATE plugin_state SET quarantine = $1 WHERE id = $2").text(json(&quarantine)?);
            change.run(sql.text(fault.id.as_str())).await?;
        }
        let after = inside(&mut change, &fault.id).await?.ok_or_else(|| missing(&fault.id))?;
        let action = match kept_out {
            Quarantined::Yes => "plugin.quarantine",
            Quarantined::No => "plugin.fault",
        };
        let mut entry = Entry::new(action, Thing::Plugin, &fault.id).why(Some(&fault.why.key)).after(&after)?;
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

/// Whether a version is kept out from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quarantined {
    /// Only counted.
    No,
    /// Kept out until a person enables it again.
    Yes,
}

/// The audit's word for a choice: trust is one of its own, because it lets code into our process.
fn action(before: Option<&PluginRecord>, choice: &PluginChoice) -> &'static str {
    let was = before.is_some_and(|before| before.choice.trusted);
    match (was, choice.trusted, choice.enabled) {
        (false, true, _) => "plugin.trust",
        (true, false, true) => "plugin.untrust",
        (_, _, true) => "plugin.enable",
        (_, _, false) => "plugin.disable",
    }
}

fn missing(id: &PluginId) -> StoreError {
    StoreError::NotFound { thing: Thing::Plugin, id: id.to_string() }
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
            files_sha256: row.maybe("files_sha256")?,
            trusted: row.int("trusted")? != 0,
            config: row.json("config")?,
        },
        faults: u32::try_from(row.int("faults")?).unwrap_or(u32::MAX),
        quarantine: row.maybe_json("quarantine")?,
        updated_at: row.time("updated_at")?,
        by: row.text("actor")?,
    })
}
