//! A connector of a source, ready to make instances; what it says of itself and of what can be read.

use super::secret::{Discreet, SourceServices};
use crate::college::College;
use crate::error::ServiceError;
use crate::plugins::TextKeys;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use zhengai_host::{Access, HostError, HostReader, Instance, Plugin};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::{NewSource, SourceStream};
use zhengai_warehouse::CancelFlag;

/// What a connector can read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Catalogue {
    /// Its streams.
    pub streams: Vec<CatalogueStream>,
}

/// One stream of a connector.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CatalogueStream {
    /// Its name.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub label: Option<String>,
    /// Columns that tell rows apart.
    #[serde(default)]
    pub key: Vec<String>,
    /// Whether it can be read from a state on.
    #[serde(default)]
    pub incremental: bool,
    /// Its columns.
    #[serde(default)]
    pub fields: Vec<CatalogueField>,
    /// Whatever else the connector wants to see again when the stream is read.
    #[serde(flatten)]
    pub more: serde_json::Map<String, Value>,
}

/// One column of a stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CatalogueField {
    /// Its name.
    pub name: String,
    /// Its type, in the connector's words.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A connector with the configuration and the secrets of one source.
pub(crate) struct Connector<'a> {
    plugin: Plugin,
    source: &'a NewSource,
    pub(crate) texts: TextKeys,
    pub(crate) discreet: Arc<Discreet>,
    cancel: CancelFlag,
}

impl<'a> Connector<'a> {
    /// Settles plugin and secrets. Runs none of the connector's code beyond its description.
    pub(crate) fn open(college: &College, source: &'a NewSource, cancel: &CancelFlag) -> Result<Self, ServiceError> {
        let state = college.plugins.get(source.plugin.as_str())?;
        if !state.fetches() {
            return Err(ServiceError::FetchesNothing { plugin: source.plugin.to_string() });
        }
        let plugin = college.plugins.load_with(&source.plugin, reach(college, source)?)?;
        let discreet = Arc::new(Discreet::open(&college.vault(), &source.config)?);
        Ok(Self { plugin, source, texts: college.plugins.text_keys(), discreet, cancel: cancel.clone() })
    }

    /// A new instance: with a worker, a new process.
    pub(crate) fn instance(&self) -> Result<Instance, HostError> {
        let services = SourceServices { discreet: Arc::clone(&self.discreet), cancel: self.cancel.clone() };
        let made = self.plugin.create(&self.source.component, &self.source.config, Arc::new(services));
        made.map_err(|error| self.discreet.error(error))
    }

    fn can(&self, what: &str) -> bool {
        let component = self.plugin.described().components.iter().find(|one| one.name == self.source.component);
        component.is_some_and(|component| component.can.iter().any(|one| one == what))
    }

    /// What can be read; `None` when the connector does not tell.
    pub(crate) fn discover(&self, instance: &Instance) -> Result<Option<Catalogue>, HostError> {
        if !self.can("discover") {
            return Ok(None);
        }
        let answer = instance.discover(&json!({})).map_err(|error| self.discreet.error(error))?;
        serde_json::from_value(answer).map(Some).map_err(|error| HostError::Malformed {
            plugin: self.plugin.id().clone(),
            call: "discover",
            rule: format!("not a catalogue: {error}"),
        })
    }

    /// Begins to read a stream, as the catalogue describes it, from a state.
    pub(crate) fn read(
        &self,
        instance: &Instance,
        entry: Option<&CatalogueStream>,
        stream: &SourceStream,
        state: Option<&Value>,
    ) -> Result<HostReader, HostError> {
        let entry = entry.map_or_else(|| json!({ "name": stream.stream }), |entry| json!(entry));
        let options = stream.options.clone().unwrap_or_else(|| json!({}));
        let request = json!({ "stream": entry, "state": state, "options": options });
        instance.read(&request).map_err(|error| self.discreet.error(error))
    }

    /// What to tell a person about a failure.
    pub(crate) fn message(&self, error: &HostError) -> Message {
        self.texts.message(error)
    }

    /// The failure as an error of the use case.
    pub(crate) fn refused(&self, error: HostError) -> ServiceError {
        match error.fault() {
            Fault::Cancelled => ServiceError::Cancelled,
            _ => ServiceError::Connector { message: self.message(&error), source: error },
        }
    }
}

/// What the worker of a connector may reach: files and folders that the configuration names where the schema has
/// `"format": "path"`, and the network when the manifest has the capability `network`. Nothing else.
fn reach(college: &College, source: &NewSource) -> Result<Access, ServiceError> {
    let state = college.plugins.get(source.plugin.as_str())?;
    if state.runs_inside() {
        return Ok(Access::default());
    }
    let described = college.plugins.load(&source.plugin)?;
    let component = described.described().components.iter().find(|one| one.name == source.component);
    let properties = component.and_then(|component| component.config.get("properties")?.as_object());
    let is_path =
        |name: &String| properties.is_some_and(|all| all.get(name).is_some_and(|one| one["format"] == "path"));
    let fields = source.config.as_object().into_iter().flatten();
    let read = fields.filter(|(name, _)| is_path(name)).filter_map(|(_, value)| value.as_str()).map(PathBuf::from);
    let network = state.found.manifest.capabilities.iter().any(|capability| capability == "network");
    Ok(Access { read: read.collect(), write: Vec::new(), network })
}

impl College {
    /// Lets the connector try the configuration of a source; its report as JSON.
    pub async fn source_check(&self, name: &str, cancel: &CancelFlag) -> Result<Value, ServiceError> {
        self.permit(Right::ManageSources)?;
        let source = self.source(name).await?.source;
        let connector = Connector::open(self, &source, cancel)?;
        let report = connector.instance().and_then(|instance| instance.check());
        let report = report.map_err(|error| connector.refused(connector.discreet.error(error)))?;
        Ok(connector.discreet.json(report))
    }

    /// What the connector of a source can read.
    pub async fn source_discover(&self, name: &str, cancel: &CancelFlag) -> Result<Catalogue, ServiceError> {
        self.permit(Right::ManageSources)?;
        let source = self.source(name).await?.source;
        self.catalogue(&source, cancel)
    }

    pub(crate) fn catalogue(&self, source: &NewSource, cancel: &CancelFlag) -> Result<Catalogue, ServiceError> {
        let connector = Connector::open(self, source, cancel)?;
        let found = connector.instance().and_then(|instance| connector.discover(&instance));
        let found = found.map_err(|error| connector.refused(error))?;
        found.ok_or_else(|| ServiceError::NoCatalogue { plugin: source.plugin.to_string() })
    }
}
