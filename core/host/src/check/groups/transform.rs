//! Rows from rows: every transform of the manifest is there, survives nothing at all, and does what its examples say.

use super::{settled, table};
use crate::check::bench::{Bench, short};
use crate::check::fixtures::{Config, Example};
use crate::check::report::Outcome;
use crate::{ErrorClass, HostError, Rows};
use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use serde_json::json;
use std::sync::Arc;
use zhengai_model::text::Message;

/// Each computed dataset names a transform that some component has.
pub(in crate::check) fn known(bench: &mut Bench) -> Outcome {
    settled(names(bench).and_then(|names| {
        let computed = &bench.found.manifest.computed;
        match computed.iter().find(|computed| !names.iter().any(|(_, name)| name == &computed.transform)) {
            Some(lost) => Err(Outcome::Fail(
                Message::new("check-why-no-transform").with("name", &lost.transform).with("dataset", &lost.dataset),
            )),
            None => Ok(Outcome::GOOD),
        }
    }))
}

/// Without a row, and even without a column, a transform gives rows of its schema or says in words what it misses.
pub(in crate::check) fn empty(bench: &mut Bench) -> Outcome {
    settled(without_rows(bench))
}

fn without_rows(bench: &mut Bench) -> Result<Outcome, Outcome> {
    for (component, name) in names(bench)? {
        let computed = bench.found.manifest.computed.iter().find(|computed| computed.transform == name);
        let inputs = computed.map_or(1, |computed| computed.inputs.len());
        for count in [inputs, 0] {
            let nothing = || Rows::new(Arc::new(Schema::empty()), Vec::new());
            let inputs = (0..count).map(|_| nothing()).collect();
            match run(bench, &component, &name, inputs)? {
                Ok(_) => {}
                Err(error) => match error.failure().map(|failure| failure.class) {
                    Some(ErrorClass::Data | ErrorClass::Config) => bench.hear_error("transform", &error),
                    _ => return Err(bench.failed("transform", &error)),
                },
            }
        }
    }
    Ok(Outcome::GOOD)
}

/// Every example gives exactly the rows that it says, twice.
pub(in crate::check) fn examples(bench: &mut Bench) -> Outcome {
    settled(as_examples_say(bench))
}

fn as_examples_say(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let names = names(bench)?;
    let examples = bench.fixtures.examples.clone();
    if examples.is_empty() {
        return Err(Outcome::Skip(Message::new("check-why-no-examples")));
    }
    for (file, example) in &examples {
        let Some((component, name)) = names.iter().find(|(_, name)| name == &example.transform) else {
            let message = Message::new("check-why-fixture").with("file", format!("tests/transforms/{file}"));
            return Err(Outcome::Fail(message.with("reason", format!("no transform `{}`", example.transform))));
        };
        for _ in 0..2 {
            one(bench, component, name, file, example)?;
        }
    }
    Ok(Outcome::Pass(Some(Message::new("check-note-examples").with("count", examples.len()))))
}

fn one(bench: &mut Bench, component: &str, name: &str, file: &str, example: &Example) -> Result<(), Outcome> {
    let inputs: Result<Vec<Rows>, String> = example.inputs.iter().map(table::rows).collect();
    let inputs = inputs.map_err(|reason| {
        let message = Message::new("check-why-fixture").with("file", format!("tests/transforms/{file}"));
        Outcome::Fail(message.with("reason", reason))
    })?;
    let batches = run(bench, component, name, inputs)?.map_err(|error| bench.failed("transform", &error))?;
    let expected = table::expected(&example.expect);
    let found = table::in_columns(&batches, &example.expect);
    let same = found.as_ref().is_some_and(|found| {
        let cells = |left: &Vec<String>, right: &Vec<String>| {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| table::same_cell(left, right))
        };
        found.len() == expected.len() && found.iter().zip(&expected).all(|(left, right)| cells(left, right))
    });
    if same {
        return Ok(());
    }
    let message =
        Message::new("check-why-example").with("file", file).with("expected", short(&format!("{expected:?}")));
    let found = found.map_or_else(|| "a column is missing".to_owned(), |found| format!("{found:?}"));
    Err(Outcome::Fail(message.with("found", short(&found))))
}

/// Component and name of each transform.
fn names(bench: &mut Bench) -> Result<Vec<(String, String)>, Outcome> {
    let plugin = bench.plugin()?;
    let components = plugin.described().components.iter();
    let names: Vec<(String, String)> = components
        .flat_map(|component| component.transforms.iter().map(|name| (component.name.clone(), name.clone())))
        .collect();
    if names.is_empty() && bench.found.manifest.computed.is_empty() {
        return Err(Outcome::Skip(Message::new("check-why-cannot").with("what", "transform")));
    }
    Ok(names)
}

type Answer = Result<Vec<RecordBatch>, HostError>;

fn run(bench: &mut Bench, component: &str, name: &str, inputs: Vec<Rows>) -> Result<Answer, Outcome> {
    let config = Config { file: String::new(), component: Some(component.to_owned()), value: json!({}) };
    let instance = bench.create(&config)?;
    Ok(instance.transform(&json!({ "transform": name }), inputs).and_then(Iterator::collect))
}
