//! What an administrator looks at and sets for a plugin: how it stands, its settings, whether it keeps to the contract.

use crate::college::College;
use crate::error::ServiceError;
use crate::pinned::PluginLock;
use crate::plugins::PluginState;
use serde_json::Value;
use std::sync::Arc;
use zhengai_host::check::{Report, Settings, check};
use zhengai_host::{Component, NoServices};
use zhengai_model::pack::PluginKind;
use zhengai_model::rights::Right;
use zhengai_store::PluginRecord;

/// A plugin against the lock of the college.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockStanding {
    /// The college has no lock.
    None,
    /// As it was accepted.
    AsAccepted,
    /// It differs in these.
    Differs(Vec<String>),
    /// It is not in the lock.
    NotLocked,
}

impl PluginState {
    /// `enabled`, `disabled`, `changed` or `quarantined`.
    pub fn standing(&self) -> &'static str {
        match (self.enabled, self.changed) {
            (_, true) => "changed",
            (true, false) if self.quarantine.is_some() => "quarantined",
            (true, false) => "enabled",
            (false, false) => "disabled",
        }
    }

    /// Whether sources can be made of it. The connector for files reads what an import hands to it, and fetches nothing.
    pub fn fetches(&self) -> bool {
        self.found.manifest.kind == PluginKind::Connector && self.found.id().as_str() != crate::files::CONNECTOR
    }

    /// Where its code runs: `inside`, `trusted` or `worker`; empty for data alone.
    pub fn place(&self) -> &'static str {
        match (self.found.library.is_some(), self.ships, self.trusted) {
            (false, ..) => "",
            (true, true, _) => "inside",
            (true, false, true) => "trusted",
            (true, false, false) => "worker",
        }
    }
}

impl College {
    /// What the record says of a plugin: settings, crashes, who chose.
    pub async fn plugin_record(&self, id: &str) -> Result<Option<PluginRecord>, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        Ok(self.record.plugin_find(self.plugins.get(id)?.found.id()).await?)
    }

    /// A plugin against the lock of the college.
    pub fn lock_standing(&self, id: &str) -> Result<LockStanding, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let state = self.plugins.get(id)?;
        let Some(lock) = PluginLock::read(self.opening.data.root())? else { return Ok(LockStanding::None) };
        let what = lock.differences(&state.found);
        Ok(match what.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => LockStanding::AsAccepted,
            ["new"] => LockStanding::NotLocked,
            _ => LockStanding::Differs(what),
        })
    }

    /// What a plugin wants to be told, component by component. Runs its description of itself.
    pub fn plugin_form(&self, id: &str) -> Result<Vec<Component>, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let state = self.plugins.get(id)?;
        if state.found.library.is_none() {
            return Ok(Vec::new());
        }
        Ok(self.plugins.load(state.found.id())?.described().components.clone())
    }

    /// Sets the configuration of a plugin, after each of its components has accepted it.
    pub async fn configure_plugin(&self, id: &str, config: &Value) -> Result<PluginRecord, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let state = self.plugins.get(id)?;
        if state.found.library.is_some() {
            let plugin = self.plugins.load(state.found.id())?;
            for component in &plugin.described().components {
                drop(plugin.create(&component.name, config, Arc::new(NoServices))?);
            }
        }
        let mut choice = self.choice(state).await?;
        choice.config = config.clone();
        Ok(self.record.plugin_set(self.actor(), &choice).await?)
    }

    /// Runs the conformance check on a plugin of the college.
    pub fn check_plugin(&self, id: &str) -> Result<Report, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let state = self.plugins.get(id)?;
        let settings = Settings::new(self.opening.worker.executable.clone());
        Ok(check(&state.found.dir, &settings)?)
    }
}
