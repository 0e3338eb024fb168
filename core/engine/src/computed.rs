//! Datasets that a layer's library computes: inputs by SQL, rows by the plugin, registered under the dataset's id.

use crate::diagnosis::DataGap;
use crate::error::EngineError;
use crate::gather::World;
use crate::request::Transforms;
use crate::scan::sql::{day, quote};
use crate::source::Source;
use arrow::array::{ArrayRef, RecordBatch, new_null_array};
use arrow::datatypes::SchemaRef;
use datafusion::datasource::MemTable;
use std::sync::Arc;
use zhengai_model::ids::DatasetId;
use zhengai_model::period::Period;

/// Whether the dataset can be read: it has a table, or a plugin has filled it for the period at hand.
pub(crate) fn has(source: &Source, dataset: &DatasetId) -> bool {
    source.has(dataset) || source.session.table_exist(dataset.as_str()).unwrap_or(false)
}

/// Fills the dataset for a period, if a plugin computes it and it is not there yet. A plugin that fails leaves a gap:
/// what depends on it has no data, everything else goes on.
pub(crate) async fn provide(
    world: &World<'_>,
    id: &DatasetId,
    period: &Period,
    transforms: &dyn Transforms,
) -> Result<Option<DataGap>, EngineError> {
    let definitions = &world.compiled.definitions;
    let (Some((plugin, computed)), Some(dataset)) = (definitions.computed.get(id), definitions.dataset(id)) else {
        return Ok(None);
    };
    if has(world.source, id) {
        return Ok(None);
    }
    let mut inputs = Vec::with_capacity(computed.inputs.len());
    for text in &computed.inputs {
        if let Some(lacking) = lacking(world, text) {
            return Ok(Some(DataGap::NoTable { dataset: lacking }));
        }
        match world.source.rows(&fill(text, period)).await {
            Ok(rows) => inputs.push(rows),
            Err(error) => {
                tracing::warn!(%plugin, dataset = %id, %error, "input of a transform failed");
                let said = "engine-query".to_owned();
                return Ok(Some(DataGap::NotComputed { dataset: id.clone(), plugin: plugin.clone(), said }));
            }
        }
    }
    let rows = match transforms.run(plugin, &computed.transform, inputs) {
        Ok(rows) => rows,
        Err(said) => {
            tracing::warn!(%plugin, dataset = %id, key = %said.key, "transform failed");
            let gap = DataGap::NotComputed { dataset: id.clone(), plugin: plugin.clone(), said: said.key };
            return Ok(Some(gap));
        }
    };
    let schema = Arc::new(crate::compile::measure::arrow_schema(dataset));
    let rows = rows.iter().map(|batch| conform(batch, &schema)).collect::<Result<Vec<_>, _>>()?;
    let unregistered = |source| EngineError::Query { sql: id.to_string(), source: Box::new(source) };
    let table = MemTable::try_new(schema, vec![rows]).map_err(unregistered)?;
    world.source.session.register_table(id.as_str(), Arc::new(table)).map_err(unregistered)?;
    Ok(None)
}

/// A dataset that the SQL of an input names and that has no table.
fn lacking(world: &World<'_>, text: &str) -> Option<DatasetId> {
    let named = |id: &&DatasetId| crate::diagnose::mentions(text, id);
    let definitions = &world.compiled.definitions;
    definitions.datasets.keys().filter(named).find(|id| !has(world.source, id)).cloned()
}

/// Puts the period into the SQL of an input: inside quotes as it is, otherwise as a literal.
fn fill(text: &str, period: &Period) -> String {
    text.replace("'{start}'", &quote(&period.start.to_string()))
        .replace("'{end}'", &quote(&period.end.to_string()))
        .replace("'{period}'", &quote(period.id.as_str()))
        .replace("{start}", &day(period.start))
        .replace("{end}", &day(period.end))
        .replace("{period}", &quote(period.id.as_str()))
}

/// The plugin's columns by name, cast to the types that the dataset declares; what it does not give is empty.
fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, EngineError> {
    let column = |field: &Arc<arrow::datatypes::Field>| -> Result<ArrayRef, EngineError> {
        match batch.column_by_name(field.name()) {
            Some(array) => arrow::compute::cast(array, field.data_type()).map_err(EngineError::shape),
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
        }
    };
    let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(schema.clone(), columns).map_err(EngineError::shape)
}

/// Takes computed datasets out of the session: they hold for one period.
pub(crate) fn forget(world: &World<'_>) {
    for id in world.compiled.definitions.computed.keys().filter(|id| !world.source.has(id)) {
        // A table that was never there is no trouble.
        let _ = world.source.session.deregister_table(id.as_str());
    }
}
