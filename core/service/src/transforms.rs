//! Transforms of layer plugins, for the engine: rows out to the library, rows back, nothing else crosses.

use crate::plugins::Plugins;
use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use std::sync::Arc;
use zhengai_engine::Transforms;
use zhengai_host::{HostError, NoServices, Rows};
use zhengai_model::fault::Explain;
use zhengai_model::ids::PluginId;
use zhengai_model::text::Message;

/// Component of a layer plugin that transforms.
const COMPONENT: &str = "layer";

/// The engine's door to the libraries of layer plugins.
pub(crate) struct HostTransforms<'a> {
    plugins: &'a Plugins,
}

impl<'a> HostTransforms<'a> {
    /// Over these plugins.
    pub(crate) fn new(plugins: &'a Plugins) -> Self {
        Self { plugins }
    }

    fn rows(
        &self,
        plugin: &PluginId,
        transform: &str,
        inputs: Vec<Vec<RecordBatch>>,
    ) -> Result<Vec<RecordBatch>, Message> {
        let config = self.plugins.get(plugin.as_str()).map_err(|error| error.message())?.config.clone();
        let plugin = self.plugins.load(plugin).map_err(|error| error.message())?;
        let texts = self.plugins.text_keys();
        let host = |error: HostError| texts.message(&error);
        let component = plugin
            .described()
            .components
            .iter()
            .find(|component| component.transforms.iter().any(|name| name == transform))
            .map_or(COMPONENT, |component| component.name.as_str());
        let instance = plugin.create(component, &config, Arc::new(NoServices)).map_err(host)?;
        let inputs = inputs.into_iter().map(rows_of).collect();
        let request = serde_json::json!({ "transform": transform });
        instance.transform(&request, inputs).map_err(host)?.collect::<Result<_, _>>().map_err(host)
    }
}

/// A query that found nothing may come without a batch and so without a schema; the plugin then sees no columns.
fn rows_of(batches: Vec<RecordBatch>) -> Rows {
    let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
    Rows::new(schema, batches)
}

impl Transforms for HostTransforms<'_> {
    fn run(
        &self,
        plugin: &PluginId,
        transform: &str,
        inputs: Vec<Vec<RecordBatch>>,
    ) -> Result<Vec<RecordBatch>, Message> {
        self.rows(plugin, transform, inputs)
    }

    fn identity(&self, plugin: &PluginId) -> Option<String> {
        self.plugins.get(plugin.as_str()).ok()?.found.sha256.clone()
    }
}
