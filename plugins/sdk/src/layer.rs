//! A layer whose library only turns rows into rows: its transforms by name, each with the inputs that it takes. What every
//! such layer would write again stands here; a layer that needs more writes [`Plugin`] and [`Instance`] itself.

#[cfg(test)]
mod tests;

use crate::{Batches, Component, Describe, HostHandle, Input, Instance, Plugin, PluginError, Reader, Result, Table};
use arrow::array::RecordBatch;
use serde_json::Value;
use std::sync::Arc;

type Body = dyn Fn(&[Table]) -> Result<RecordBatch> + Send + Sync;

/// A transform: its name and what it does.
#[derive(Clone)]
struct Transform {
    name: &'static str,
    body: Arc<Body>,
}

/// A plugin made of transforms, under one component named `layer`.
#[derive(Clone)]
pub struct Layer {
    id: &'static str,
    version: &'static str,
    transforms: Vec<Transform>,
}

impl Layer {
    /// A layer without transforms, by the plugin's id and version.
    #[must_use]
    pub fn new(id: &'static str, version: &'static str) -> Self {
        Self { id, version, transforms: Vec::new() }
    }

    /// Adds a transform. How many inputs it takes is how many its pattern names: `|[scores, policy]| …`.
    #[must_use]
    pub fn transform<const N: usize>(
        mut self,
        name: &'static str,
        body: fn([&Table; N]) -> Result<RecordBatch>,
    ) -> Self {
        let body = move |tables: &[Table]| {
            let inputs: Vec<&Table> = tables.iter().collect();
            body(inputs.try_into().map_err(|_| wrong_inputs(name, N, tables.len()))?)
        };
        self.transforms.push(Transform { name, body: Arc::new(body) });
        self
    }

    fn run(&self, name: &str, tables: &[Table]) -> Result<RecordBatch> {
        let found = self.transforms.iter().find(|transform| transform.name == name).ok_or_else(|| {
            PluginError::config("layer-unknown-transform", format!("no transform `{name}`")).with("transform", name)
        })?;
        (found.body)(tables)
    }
}

impl Plugin for Layer {
    fn describe(&self) -> Describe {
        let component = Component::new("layer");
        let component = self.transforms.iter().fold(component, |made, transform| made.transform(transform.name));
        Describe::new(self.id, self.version).component(component)
    }

    fn create(&self, _component: &str, _config: Value, _host: HostHandle) -> Result<Box<dyn Instance>> {
        Ok(Box::new(self.clone()))
    }
}

/// Nothing is kept between calls.
impl Instance for Layer {
    fn transform(&mut self, request: Value, inputs: Vec<Input>) -> Result<Box<dyn Reader>> {
        let name = request.get("transform").and_then(Value::as_str).unwrap_or_default();
        let tables = inputs.into_iter().map(Table::read).collect::<Result<Vec<_>>>()?;
        self.run(name, &tables).map(Batches::one)
    }
}

fn wrong_inputs(name: &str, wanted: usize, found: usize) -> PluginError {
    PluginError::config("layer-wrong-inputs", format!("`{name}` needs {wanted} inputs, not {found}"))
        .with("transform", name)
        .with("wanted", wanted)
        .with("found", found)
}

/// The one row of a policy input, column by column.
pub fn policy<const N: usize>(transform: &str, table: &Table, names: [&str; N]) -> Result<[i64; N]> {
    let mut found = [0; N];
    for (slot, name) in found.iter_mut().zip(names) {
        let first = table.integers(name)?.into_iter().next().flatten();
        *slot = first.ok_or_else(|| {
            PluginError::config("layer-empty-policy", format!("no `{name}` in the policy of `{transform}`"))
                .with("transform", transform)
        })?;
    }
    Ok(found)
}
