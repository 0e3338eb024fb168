//! A loaded plugin: its code may run, it has said who it is, and it makes instances.

use crate::found::{Found, Pin};
use crate::inprocess::InProcess;
use crate::runner::{Placement, Runner};
use crate::worker::Workers;
use crate::{HostError, Instance, Services, library, settings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::ZgOpen;

/// What a library says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Described {
    /// Its id; the same as in the manifest.
    pub id: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
    /// Its components.
    #[serde(default)]
    pub components: Vec<Component>,
}

/// One component of a plugin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// What it can: `check`, `discover`, `schema`, `read`, `transform`, `call`, `write`.
    #[serde(default)]
    pub can: Vec<String>,
    /// Its transforms.
    #[serde(default)]
    pub transforms: Vec<String>,
    /// Its configuration as JSON Schema.
    #[serde(default)]
    pub config: Value,
}

/// A loaded plugin. Cheap to clone.
#[derive(Clone)]
pub struct Plugin {
    id: PluginId,
    described: Arc<Described>,
    runner: Arc<dyn Runner>,
}

impl Plugin {
    /// Loads a plugin that was found. Refused before any of its code runs: a library that is missing, is not the
    /// accepted one, or changed since it was found. Refused before it may work: one that says it is another plugin.
    pub fn load(found: &Found, placement: Placement, pin: Option<&Pin>) -> Result<Self, HostError> {
        if let Some(pin) = pin {
            found.check_pin(pin)?;
        }
        match placement {
            Placement::Worker(settings) => {
                let workers = Workers::new(found, settings)?;
                Self::with_runner(found.id().clone(), Arc::new(workers))
            }
            Placement::InProcess => {
                let (path, sha256) = found.checked_library()?;
                let entry = library::open(found.id(), path, sha256)?;
                // SAFETY: the symbol has the name that only plugins of this interface export, and its library is never
                // unloaded. That it keeps the interface is what trust in an in-process plugin means.
                unsafe { Self::from_entry(found.id().clone(), entry) }
            }
        }
    }

    /// Takes a plugin by its entry function: for tests, and for plugins that are linked in.
    ///
    /// # Safety
    /// The function is `zg_plugin_open` as the header says, and its code stays in memory as long as the process lives.
    pub unsafe fn from_entry(id: PluginId, entry: ZgOpen) -> Result<Self, HostError> {
        // SAFETY: the caller's promise.
        let runner = unsafe { InProcess::open(id.clone(), entry) }?;
        Self::with_runner(id, Arc::new(runner))
    }

    /// Takes a plugin that some runner is ready to run.
    pub fn with_runner(id: PluginId, runner: Arc<dyn Runner>) -> Result<Self, HostError> {
        let described: Described = serde_json::from_value(runner.describe()?).map_err(|error| {
            HostError::Malformed { plugin: id.clone(), call: "describe", rule: format!("not a description: {error}") }
        })?;
        if described.id != id.as_str() {
            return Err(HostError::OtherPlugin { plugin: id, described: described.id });
        }
        Ok(Self { id, described: Arc::new(described), runner })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.id
    }

    /// What it says about itself.
    #[must_use]
    pub fn described(&self) -> &Described {
        &self.described
    }

    /// Makes an instance of a component from its configuration, which must fit the component's schema.
    pub fn create(&self, component: &str, config: &Value, services: Arc<dyn Services>) -> Result<Instance, HostError> {
        let Some(known) = self.described.components.iter().find(|known| known.name == component) else {
            return Err(HostError::NoComponent { plugin: self.id.clone(), component: component.to_owned() });
        };
        settings::check(&self.id, known, config)?;
        let running = self.runner.create(component, config, services)?;
        Ok(Instance::new(self.id.clone(), component.to_owned(), running))
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Plugin").field("described", &self.described).finish_non_exhaustive()
    }
}
