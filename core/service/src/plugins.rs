//! Plugins of a college: found beside the binary and in the data directory, switched on or off, pinned by hash, trusted
//! or not, kept out when they crash.
//!
//! What ships is on unless somebody switched it off. What a user dropped into the data directory is off until an
//! administrator enables it: that is the moment at which its hashes are pinned and its code may run, in a worker process
//! unless an administrator trusts it.

use crate::college::{College, Opening};
use crate::definitions::parsed;
use crate::error::ServiceError;
use crate::pinned::PluginLock;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use zhengai_host::{Access, Found, HostError, Pin, Placement, Plugin, WorkerSettings, scan};
use zhengai_model::fault::Explain;
use zhengai_model::ids::PluginId;
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Pack, PackFault, PluginKind};
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::{PluginChoice, PluginRecord, Quarantine, Record};

/// One plugin as this college has it.
#[derive(Debug, Clone)]
pub struct PluginState {
    /// What was found on disk.
    pub found: Found,
    /// Whether it is switched on.
    pub enabled: bool,
    /// It came with the program, not with the data directory.
    pub ships: bool,
    /// Its hashes differ from those that an administrator accepted.
    pub changed: bool,
    /// An administrator lets its code into our own process.
    pub trusted: bool,
    /// This very version is kept out because it crashed.
    pub quarantine: Option<Quarantine>,
    /// Its settings.
    pub config: Value,
}

impl PluginState {
    /// Whether its code runs in our own process.
    pub fn runs_inside(&self) -> bool {
        self.ships || self.trusted
    }
}

/// All plugins that were found.
pub struct Plugins {
    states: BTreeMap<PluginId, PluginState>,
    pins: BTreeMap<PluginId, Pin>,
    refused: Vec<HostError>,
    loaded: Mutex<BTreeMap<PluginId, Plugin>>,
    /// How workers are made for this college.
    worker: WorkerSettings,
    /// What was accepted file by file, where the college has a lock.
    lock: Option<PluginLock>,
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugins").field("states", &self.states.keys()).finish_non_exhaustive()
    }
}

impl Plugins {
    /// Looks for plugins and reads what administrators chose. Runs none of their code.
    pub(crate) async fn find(opening: &Opening, record: &Record) -> Result<Self, ServiceError> {
        let shipped = opening.home.plugins();
        let looked = scan(&[shipped.clone(), opening.data.plugins()]);
        let choices: BTreeMap<PluginId, PluginRecord> =
            record.plugin_list().await?.into_iter().map(|record| (record.choice.id.clone(), record)).collect();
        let mut states = BTreeMap::new();
        let mut pins = BTreeMap::new();
        for found in looked.found {
            let ships = found.dir.starts_with(&shipped);
            let record = choices.get(found.id());
            let choice = record.map(|record| &record.choice);
            let pin = choice
                .filter(|_| !ships)
                .map(|choice| Pin { library: choice.sha256.clone(), files: choice.files_sha256.clone() });
            let changed = pin.as_ref().is_some_and(|pin| found.check_pin(pin).is_err());
            if let Some(pin) = pin {
                pins.insert(found.id().clone(), pin);
            }
            let quarantine = record.and_then(|record| record.quarantine.clone());
            let quarantine = quarantine.filter(|kept_out| found.sha256.as_ref() == Some(&kept_out.sha256));
            let enabled = choice.map_or(ships, |choice| choice.enabled) && !changed;
            let trusted = !ships && !changed && choice.is_some_and(|choice| choice.trusted);
            let config = choice.map_or_else(|| Value::Object(serde_json::Map::new()), |choice| choice.config.clone());
            let state = PluginState { found, enabled, ships, changed, trusted, quarantine, config };
            states.insert(state.found.id().clone(), state);
        }
        let lock = PluginLock::read(opening.data.root())?;
        let worker = opening.config.worker(opening.worker.clone());
        Ok(Self { states, pins, refused: looked.refused, loaded: Mutex::default(), worker, lock })
    }

    /// All plugins, by id.
    pub fn all(&self) -> impl Iterator<Item = &PluginState> {
        self.states.values()
    }

    /// Folders that are no plugins, each with the reason.
    pub fn refused(&self) -> &[HostError] {
        &self.refused
    }

    /// The plugin with this id.
    pub fn get(&self, id: &str) -> Result<&PluginState, ServiceError> {
        let wanted = PluginId::new(id).ok().and_then(|id| self.states.get(&id));
        wanted.ok_or_else(|| match self.refused.iter().find(|error| speaks_of(error, id)) {
            Some(error) => ServiceError::BadPlugin { fault: error.fault(), message: error.message() },
            None => ServiceError::not_found("plugin", id, self.states.keys().map(PluginId::as_str)),
        })
    }

    /// Layers that have an enabled plugin.
    pub fn enabled_layers(&self) -> Vec<Layer> {
        let on = |layer: &Layer| {
            self.states.values().any(|state| state.enabled && state.found.manifest.layer == Some(*layer))
        };
        Layer::ALL.into_iter().filter(on).collect()
    }

    /// Layers that have none.
    pub fn disabled_layers(&self) -> Vec<Layer> {
        let enabled = self.enabled_layers();
        Layer::ALL.into_iter().filter(|layer| !enabled.contains(layer)).collect()
    }

    /// Packs of the layer plugins, switched off ones included (what depends on those is 不适用 with a reason), and of
    /// enabled data packs.
    pub(crate) fn packs(&self, faults: &mut Vec<PackFault>) -> Vec<Pack> {
        self.states
            .values()
            .filter(|state| match state.found.manifest.kind {
                PluginKind::Layer => true,
                PluginKind::Pack => state.enabled,
                PluginKind::Connector | PluginKind::Notifier => false,
            })
            .filter_map(|state| parsed(&state.found.dir, &state.found.files, faults))
            .collect()
    }

    /// Catalogues of all plugins, for their own messages.
    pub fn catalogues(&self) -> impl Iterator<Item = (&str, &str)> {
        self.states
            .values()
            .flat_map(|state| state.found.locales.iter().map(|(tag, source)| (tag.as_str(), source.as_str())))
    }

    /// Keys for which plugins bring texts of their own.
    pub(crate) fn text_keys(&self) -> TextKeys {
        let keys = self.catalogues().flat_map(|(_, source)| source.lines()).filter_map(|line| line.split_once('='));
        let keys =
            keys.map(|(key, _)| key.trim_end()).filter(|key| key.starts_with(|one: char| one.is_ascii_lowercase()));
        TextKeys(keys.map(str::to_owned).collect())
    }

    /// The plugin, loaded; the first call runs its code for the first time, after hash and manifest were settled.
    pub(crate) fn load(&self, id: &PluginId) -> Result<Plugin, ServiceError> {
        let state = self.usable(id)?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plugin) = loaded.get(id) {
            return Ok(plugin.clone());
        }
        let plugin = Plugin::load(&state.found, self.placement(state, Access::default()), self.pins.get(id))?;
        loaded.insert(id.clone(), plugin.clone());
        Ok(plugin)
    }

    /// The plugin, loaded for one job whose worker may reach this much.
    pub(crate) fn load_with(&self, id: &PluginId, access: Access) -> Result<Plugin, ServiceError> {
        let state = self.usable(id)?;
        if state.runs_inside() {
            return self.load(id);
        }
        Ok(Plugin::load(&state.found, self.placement(state, access), self.pins.get(id))?)
    }

    /// The plugin, unless it is switched off or kept out.
    fn usable(&self, id: &PluginId) -> Result<&PluginState, ServiceError> {
        let state = self.get(id.as_str())?;
        if !state.enabled {
            let state = if state.changed { "changed" } else { "disabled" };
            return Err(ServiceError::WrongState { what: "plugin", name: id.to_string(), state: state.to_owned() });
        }
        if let Some(lock) = &self.lock {
            lock.check(&state.found)?;
        }
        match &state.quarantine {
            None => Ok(state),
            Some(kept_out) => Err(ServiceError::Quarantined {
                plugin: id.to_string(),
                version: kept_out.version.clone(),
                day: kept_out.at.date_naive().to_string(),
                why: kept_out.why.clone(),
            }),
        }
    }

    /// Where the code of a plugin runs.
    fn placement(&self, state: &PluginState, access: Access) -> Placement {
        if state.runs_inside() {
            Placement::InProcess
        } else {
            Placement::Worker(WorkerSettings { access, ..self.worker.clone() })
        }
    }
}

/// Whether a refusal is about the plugin of this id or the folder of this name.
fn speaks_of(error: &HostError, id: &str) -> bool {
    error.message().args.iter().any(|(name, value)| match name.as_str() {
        "plugin" => value == id,
        "dir" | "file" | "path" => Path::new(value).components().any(|part| part.as_os_str() == id),
        _ => false,
    })
}

/// Keys for which plugins bring texts of their own.
#[derive(Debug, Clone)]
pub(crate) struct TextKeys(BTreeSet<String>);

impl TextKeys {
    /// What the plugin itself says where a catalogue has the text, otherwise what the host says of it.
    pub(crate) fn message(&self, error: &HostError) -> Message {
        let own = match error {
            HostError::Plugin(failure) => failure.own_message(),
            _ => None,
        };
        own.filter(|message| self.0.contains(&message.key)).unwrap_or_else(|| error.message())
    }
}

/// Whether a plugin is to be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Whether the code of a plugin may run in our own process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It may.
    Given,
    /// It runs in a worker.
    Withdrawn,
}

impl College {
    /// Switches a plugin on or off. Enabling accepts library and files as they are now, pins their hashes and releases
    /// the plugin from quarantine. Files that changed since trust was given are trusted no more.
    pub async fn switch_plugin(&self, id: &str, to: Switch) -> Result<PluginRecord, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let state = self.plugins.get(id)?;
        if to == Switch::On && state.found.library.is_some() {
            // Load it once now, so that a library that cannot work is refused here and not in the middle of a run.
            Plugin::load(&state.found, self.plugins.placement(state, Access::default()), None)?;
        }
        let choice = PluginChoice { enabled: to == Switch::On, ..self.choice(state).await? };
        Ok(self.record.plugin_set(self.actor(), &choice).await?)
    }

    /// Lets the code of a plugin of others into our own process, or back into a worker. Trust accepts library and files
    /// as they are now; it switches nothing on.
    pub async fn trust_plugin(&self, id: &str, to: Trust) -> Result<PluginRecord, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let state = self.plugins.get(id)?;
        if state.ships {
            return Err(ServiceError::ShippedPlugin { plugin: id.to_owned() });
        }
        if to == Trust::Given && state.changed {
            let (name, state) = (id.to_owned(), "changed".to_owned());
            return Err(ServiceError::WrongState { what: "plugin", name, state });
        }
        let choice = PluginChoice { trusted: to == Trust::Given, ..self.choice(state).await? };
        Ok(self.record.plugin_set(self.actor(), &choice).await?)
    }

    /// What stands for a plugin now, with the hashes that it has now.
    pub(crate) async fn choice(&self, state: &PluginState) -> Result<PluginChoice, ServiceError> {
        let known = self.record.plugin_find(state.found.id()).await?.map(|record| record.choice);
        Ok(PluginChoice {
            id: state.found.id().clone(),
            enabled: state.enabled,
            version: state.found.manifest.version.clone(),
            sha256: state.found.sha256.clone(),
            files_sha256: Some(state.found.files_sha256.clone()),
            trusted: state.trusted,
            config: known.map_or_else(|| Value::Object(serde_json::Map::new()), |known| known.config),
        })
    }
}
