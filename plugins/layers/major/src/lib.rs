//! Library of the major layer: runs of falling years, and how much majors overlap.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod similarity;
mod trends;

use zhengai_plugin::arrow::array::RecordBatch;
use zhengai_plugin::{
    Batches, Component, Describe, HostHandle, Input, Instance, Plugin, PluginError, Reader, Result, Table, Value,
};

/// The plugin.
struct MajorLayer;

impl Plugin for MajorLayer {
    fn describe(&self) -> Describe {
        let layer = Component::new("layer").transform("trends").transform("similarity");
        Describe::new("layer-major", env!("CARGO_PKG_VERSION")).component(layer)
    }

    fn create(&self, _component: &str, _config: Value, _host: HostHandle) -> Result<Box<dyn Instance>> {
        Ok(Box::new(Transforms))
    }
}

zhengai_plugin::export_plugin!(MajorLayer);

/// Its transforms; they keep nothing between calls.
struct Transforms;

impl Instance for Transforms {
    fn transform(&mut self, request: Value, inputs: Vec<Input>) -> Result<Box<dyn Reader>> {
        let name = request.get("transform").and_then(Value::as_str).unwrap_or_default();
        let tables = inputs.into_iter().map(Table::read).collect::<Result<Vec<_>>>()?;
        run(name, &tables).map(Batches::one)
    }
}

fn run(name: &str, tables: &[Table]) -> Result<RecordBatch> {
    match (name, tables) {
        ("trends", [shares]) => trends::trends(shares),
        ("similarity", [curriculum]) => similarity::similarity(curriculum),
        ("trends", _) => Err(wrong_inputs(name, 1, tables.len())),
        ("similarity", _) => Err(wrong_inputs(name, 1, tables.len())),
        _ => {
            let error = PluginError::config("layer-unknown-transform", format!("no transform `{name}`"));
            Err(error.with("transform", name))
        }
    }
}

fn wrong_inputs(name: &str, wanted: usize, found: usize) -> PluginError {
    PluginError::config("layer-wrong-inputs", format!("`{name}` needs {wanted} inputs, not {found}"))
        .with("transform", name)
        .with("wanted", wanted)
        .with("found", found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_transform_and_a_missing_input_are_told_apart() {
        assert_eq!(run("nonsense", &[]).expect_err("unknown").key, "layer-unknown-transform");
        assert_eq!(run("trends", &[]).expect_err("no inputs").key, "layer-wrong-inputs");
    }
}
