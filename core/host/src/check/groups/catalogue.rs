//! What a connector says that it can read.

use super::settled;
use crate::check::bench::Bench;
use crate::check::report::Outcome;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhengai_model::text::Message;

/// A catalogue is read by people and kept in the record; one that is larger is data in the wrong place.
const LARGEST: usize = 4 << 20;

/// `check` answers for a good configuration.
pub(in crate::check) fn works(bench: &mut Bench) -> Outcome {
    settled(tried(bench))
}

fn tried(bench: &mut Bench) -> Result<Outcome, Outcome> {
    if !bench.can("check")? {
        return Err(cannot("check"));
    }
    if bench.fixtures.good.is_empty() {
        return Err(Outcome::Skip(Message::new("check-why-no-fixtures")));
    }
    let config = bench.good();
    let instance = bench.create(&config)?;
    bench.answer("check", instance.check())?;
    Ok(Outcome::GOOD)
}

/// Streams have names of their own, fields with names of their own, and keys among their fields.
pub(in crate::check) fn answer(bench: &mut Bench) -> Outcome {
    settled(answered(bench))
}

fn answered(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let answers = answers(bench)?;
    let mut count = 0;
    for (needs_fields, answer) in &answers {
        if answer.to_string().len() > LARGEST {
            return Err(Outcome::Fail(Message::new("check-why-large").with("call", "discover").with("limit", LARGEST)));
        }
        let Some(streams) = answer.get("streams").and_then(Value::as_array) else {
            return Err(Outcome::Fail(Message::new("check-why-not-streams")));
        };
        let mut names = BTreeSet::new();
        for stream in streams {
            let name = stream.get("name").and_then(Value::as_str).unwrap_or_default();
            if name.is_empty() || !names.insert(name) {
                return Err(Outcome::Fail(Message::new("check-why-stream-name").with("name", name)));
            }
            if let Some(rule) = wrong_stream(stream, *needs_fields) {
                return Err(Outcome::Fail(Message::new("check-why-stream").with("name", name).with("rule", rule)));
            }
            count += 1;
        }
    }
    Ok(Outcome::Pass(Some(Message::new("check-note-streams").with("count", count))))
}

/// The rule that a stream breaks, in English for the author.
fn wrong_stream(stream: &Value, needs_fields: bool) -> Option<String> {
    let fields = stream.get("fields").and_then(Value::as_array);
    let Some(fields) = fields else {
        return needs_fields.then(|| "`fields` must be a list of {\"name\", \"type\"}".to_owned());
    };
    let mut names = BTreeSet::new();
    for field in fields {
        match field.get("name").and_then(Value::as_str) {
            Some(name) if !name.is_empty() && names.insert(name) => {}
            other => return Some(format!("field name {other:?} is missing or comes twice")),
        }
    }
    if stream.get("incremental").is_some_and(|value| !value.is_boolean()) {
        return Some("`incremental` must be true or false".to_owned());
    }
    let keys = stream.get("key").and_then(Value::as_array).into_iter().flatten();
    let lone = keys.filter_map(Value::as_str).find(|key| !names.contains(key));
    lone.map(|key| format!("key `{key}` is not among the fields"))
}

/// Asked twice, the catalogue is the same.
pub(in crate::check) fn stable(bench: &mut Bench) -> Outcome {
    settled(answers(bench).and_then(|first| {
        let again = answers(bench)?;
        Ok(match first == again {
            true => Outcome::GOOD,
            false => Outcome::Fail(Message::new("check-why-unstable").with("call", "discover")),
        })
    }))
}

/// The catalogue for each request, and whether its streams are read by name and so must say their fields.
fn answers(bench: &mut Bench) -> Result<Vec<(bool, Value)>, Outcome> {
    if !bench.can("discover")? {
        return Err(cannot("discover"));
    }
    let mut answers = Vec::new();
    for (_, request) in bench.requests() {
        if request.discover.is_none() && request.read.is_some() {
            continue;
        }
        let config = bench.config_of(&request);
        let instance = bench.create(&config)?;
        let by_name = request.read.is_none();
        let asked = request.discover.unwrap_or_else(|| json!({}));
        answers.push((by_name, bench.answer("discover", instance.discover(&asked))?));
    }
    Ok(answers)
}

fn cannot(what: &str) -> Outcome {
    Outcome::Skip(Message::new("check-why-cannot").with("what", what))
}

/// What a release offers, for the comparison with the next one: schemas of configurations and streams with their fields.
pub(in crate::check) fn survey(bench: &mut Bench) -> Value {
    let schemas = bench.plugin().map(|plugin| json!(plugin.described().components)).unwrap_or_default();
    let streams = answers(bench).unwrap_or_default();
    let streams: Vec<&Value> = streams
        .iter()
        .filter(|(by_name, _)| *by_name)
        .filter_map(|(_, answer)| answer.get("streams"))
        .filter_map(Value::as_array)
        .flatten()
        .collect();
    json!({ "components": schemas, "streams": streams })
}
