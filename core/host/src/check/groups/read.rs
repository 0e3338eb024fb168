//! Rows in: to the end, as promised, the same again; and nothing for a stream that does not exist.

use super::settled;
use crate::check::Preview;
use crate::check::bench::{Bench, texts};
use crate::check::report::Outcome;
use crate::{ErrorClass, HostError};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use zhengai_model::text::Message;

/// Every source is read to its end.
pub(in crate::check) fn complete(bench: &mut Bench) -> Outcome {
    settled(bench.sources().and_then(|sources| {
        let mut rows = 0;
        for source in &sources {
            rows += bench.take(source, None)?.rows.len();
        }
        Ok(Outcome::Pass(Some(Message::new("check-note-read").with("rows", rows).with("streams", sources.len()))))
    }))
}

/// The schema that is promised without reading, and the fields of the catalogue, are those of the rows.
pub(in crate::check) fn schema(bench: &mut Bench) -> Outcome {
    settled(as_promised(bench))
}

fn as_promised(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let asks = bench.can("schema")?;
    for source in bench.sources()? {
        let (instance, reader) = bench.start(&source, None)?;
        let read = reader.schema();
        drop(reader);
        let names: Vec<&str> = read.fields().iter().map(|field| field.name().as_str()).collect();
        let differs = |promised: String| {
            let message = Message::new("check-why-schema-differs").with("stream", &source.label);
            Outcome::Fail(message.with("promised", promised).with("found", names.join(", ")))
        };
        if asks {
            let request = source.stream.clone().unwrap_or_else(|| source.request.clone());
            let promised = instance.schema(&request).map_err(|error| bench.failed("schema", &error))?;
            let shape = |schema: &arrow::datatypes::Schema| -> Vec<(String, arrow::datatypes::DataType)> {
                schema.fields().iter().map(|field| (field.name().clone(), field.data_type().clone())).collect()
            };
            if shape(&promised) != shape(&read) {
                let promised: Vec<&str> = promised.fields().iter().map(|field| field.name().as_str()).collect();
                return Err(differs(promised.join(", ")));
            }
        }
        let fields = source.stream.as_ref().and_then(|stream| stream.get("fields")).and_then(Value::as_array);
        if let Some(fields) = fields {
            let fields: Vec<&str> = fields.iter().filter_map(|field| field.get("name")?.as_str()).collect();
            // The host takes `_line` and `_fault` for itself; a plugin may give them without listing them.
            let plain: Vec<&str> = names.iter().copied().filter(|name| !name.starts_with('_')).collect();
            if fields != plain && fields != names {
                return Err(differs(fields.join(", ")));
            }
        }
    }
    Ok(Outcome::GOOD)
}

/// A full read gives each key once: what comes twice cannot be the same thing.
pub(in crate::check) fn keys(bench: &mut Bench) -> Outcome {
    settled(bench.sources().and_then(|sources| {
        let mut looked = 0;
        for source in &sources {
            let keys = source.stream.as_ref().and_then(|stream| stream.get("key")).and_then(Value::as_array);
            let keys: Vec<&str> = keys.into_iter().flatten().filter_map(Value::as_str).collect();
            if keys.is_empty() {
                continue;
            }
            looked += 1;
            let (_instance, reader) = bench.start(source, None)?;
            let mut seen = BTreeSet::new();
            for batch in reader {
                let batch = batch.map_err(|error| bench.failed("read", &error))?;
                let schema = batch.schema();
                let places: Vec<usize> = keys.iter().filter_map(|key| schema.index_of(key).ok()).collect();
                for row in texts(&batch) {
                    let key: Vec<String> = places.iter().filter_map(|place| row.get(*place).cloned()).collect();
                    if key.len() < keys.len() || !seen.insert(key.clone()) {
                        let message = Message::new("check-why-key-twice").with("stream", &source.label);
                        return Err(Outcome::Fail(message.with("key", key.join(", "))));
                    }
                }
            }
        }
        match looked {
            0 => Err(Outcome::Skip(Message::new("check-why-no-key"))),
            _ => Ok(Outcome::GOOD),
        }
    }))
}

/// Read twice, the rows are the same.
pub(in crate::check) fn again(bench: &mut Bench) -> Outcome {
    settled(bench.sources().and_then(|sources| {
        for source in &sources {
            let (first, second) = (bench.take(source, None)?, bench.take(source, None)?);
            if first.rows != second.rows || first.schema != second.schema {
                let message = Message::new("check-why-rows-differ").with("stream", &source.label);
                return Err(Outcome::Fail(message.with("first", first.rows.len()).with("second", second.rows.len())));
            }
        }
        Ok(Outcome::GOOD)
    }))
}

/// A stream that does not exist is refused in words; it is never an empty one.
pub(in crate::check) fn unknown(bench: &mut Bench) -> Outcome {
    settled(refused(bench))
}

fn refused(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let sources = bench.sources()?;
    let Some(source) = sources.iter().find(|source| source.stream.is_some()) else {
        return Err(Outcome::Skip(Message::new("check-why-by-request")));
    };
    let requests = [
        (json!({ "stream": { "name": "zz-no-such-stream" }, "state": null, "options": {} }), true),
        // What no host would ask is at least survived.
        (json!({ "stream": "zz", "state": 7 }), false),
        (json!([]), false),
        (Value::Null, false),
    ];
    for (request, must_refuse) in requests {
        let instance = bench.create(&source.config)?;
        let read = instance.read(&request).and_then(|mut reader| match reader.next() {
            Some(Err(error)) => Err(error),
            _ => Ok(()),
        });
        match read {
            Ok(()) if !must_refuse => {}
            Ok(()) => {
                return Err(Outcome::Fail(Message::new("check-why-unknown-read").with("request", request)));
            }
            Err(error) if soft(&error) => bench.hear_error("read", &error),
            Err(error) => return Err(bench.failed("read", &error)),
        }
    }
    Ok(Outcome::GOOD)
}

/// An error in words, by a plugin that is still of use.
fn soft(error: &HostError) -> bool {
    error
        .failure()
        .is_some_and(|failure| matches!(failure.class, ErrorClass::Config | ErrorClass::Data | ErrorClass::Unsupported))
}

/// How many rows a second; measured, never judged.
pub(in crate::check) fn speed(bench: &mut Bench) -> Outcome {
    settled(bench.sources().and_then(|sources| {
        let (mut rows, mut took) = (0, Duration::ZERO);
        for source in &sources {
            let taken = bench.take(source, None)?;
            rows += taken.rows.len();
            took += taken.took;
        }
        let rate = (rows as f64 / took.as_secs_f64().max(1e-9)) as u64;
        let note = Message::new("check-note-speed").with("rows", rows).with("rate", rate);
        Ok(Outcome::Pass(Some(note.with("ms", took.as_millis()))))
    }))
}

/// The first rows of each source.
pub(in crate::check) fn first_rows(bench: &mut Bench, most: usize) -> Result<Vec<Preview>, Outcome> {
    let mut previews = Vec::new();
    for source in bench.sources()? {
        let (_instance, mut reader) = bench.start(&source, None)?;
        let columns = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
        let mut preview = Preview { stream: source.label.clone(), columns, rows: Vec::new() };
        while preview.rows.len() < most {
            match reader.next() {
                Some(Ok(batch)) => preview.rows.extend(texts(&batch.slice(0, batch.num_rows().min(most)))),
                Some(Err(error)) => return Err(bench.failed("read", &error)),
                None => break,
            }
        }
        preview.rows.truncate(most);
        previews.push(preview);
    }
    Ok(previews)
}
