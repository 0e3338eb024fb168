//! Library of the school layer: what SQL cannot say about the college as a whole.
//!
//! Pure and deterministic: rows in, rows out. No threshold stands here; limits and weights come in as rows from the
//! queries in `plugin.toml`.

mod cards;
mod reliability;

use zhengai_plugin::arrow::array::RecordBatch;
use zhengai_plugin::{
    Batches, Component, Describe, HostHandle, Input, Instance, Plugin, PluginError, Reader, Result, Table, Value,
};

/// The plugin.
struct SchoolLayer;

impl Plugin for SchoolLayer {
    fn describe(&self) -> Describe {
        let layer = Component::new("layer").transform("cards").transform("survey-reliability");
        Describe::new("layer-school", env!("CARGO_PKG_VERSION")).component(layer)
    }

    fn create(&self, _component: &str, _config: Value, _host: HostHandle) -> Result<Box<dyn Instance>> {
        Ok(Box::new(Transforms))
    }
}

zhengai_plugin::export_plugin!(SchoolLayer);

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
        ("cards", [parts, clauses, policy]) => cards::cards(parts, clauses, policy),
        ("survey-reliability", [answers]) => reliability::reliability(answers),
        ("cards", _) => Err(wrong_inputs(name, 3, tables.len())),
        ("survey-reliability", _) => Err(wrong_inputs(name, 1, tables.len())),
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

/// The one row of a policy input, column by column.
fn policy<const N: usize>(transform: &str, table: &Table, names: [&str; N]) -> Result<[i64; N]> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_transform_and_a_missing_input_are_told_apart() {
        assert_eq!(run("nonsense", &[]).expect_err("unknown").key, "layer-unknown-transform");
        assert_eq!(run("cards", &[]).expect_err("no inputs").key, "layer-wrong-inputs");
    }
}
