//! What a plugin says about itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who a plugin is and which components it has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Describe {
    /// Its id, the same as in `plugin.toml`.
    pub id: String,
    /// Its version, semver.
    pub version: String,
    /// Its components.
    #[serde(default)]
    pub components: Vec<Component>,
}

/// One component: something that can be configured and made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Its name, handed to `create`.
    pub name: String,
    /// What it can: `check`, `discover`, `schema`, `read`, `transform`, `call`, `write`.
    #[serde(default)]
    pub can: Vec<String>,
    /// Transforms by name, for components that can `transform`.
    #[serde(default)]
    pub transforms: Vec<String>,
    /// Configuration as JSON Schema 2020-12; an empty object accepts anything.
    #[serde(default)]
    pub config: Value,
}

impl Describe {
    /// A plugin without components yet.
    #[must_use]
    pub fn new(id: &str, version: &str) -> Self {
        Self { id: id.to_owned(), version: version.to_owned(), components: Vec::new() }
    }

    /// The same with one more component.
    #[must_use]
    pub fn component(mut self, component: Component) -> Self {
        self.components.push(component);
        self
    }
}

impl Component {
    /// A component that takes any configuration and can nothing yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            can: Vec::new(),
            transforms: Vec::new(),
            config: Value::Object(serde_json::Map::new()),
        }
    }

    /// The same with these abilities.
    #[must_use]
    pub fn can(mut self, abilities: &[&str]) -> Self {
        self.can.extend(abilities.iter().map(|ability| (*ability).to_owned()));
        self
    }

    /// The same with one more transform; the component can `transform`.
    #[must_use]
    pub fn transform(mut self, name: &str) -> Self {
        if !self.can.iter().any(|ability| ability == "transform") {
            self.can.push("transform".to_owned());
        }
        self.transforms.push(name.to_owned());
        self
    }

    /// The same with this JSON Schema for its configuration.
    #[must_use]
    pub fn config(mut self, schema: Value) -> Self {
        self.config = schema;
        self
    }
}
