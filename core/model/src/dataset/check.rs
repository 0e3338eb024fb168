//! Whether a dataset makes sense by itself: names used once, key and time and object fields there, money with a unit,
//! code tables there, defaults of the right type.

use super::{Dataset, Field, FieldType, TimeBy};
use crate::ids::FieldName;
use crate::text::Message;
use crate::unit;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Everything that is wrong with a dataset.
pub fn check_dataset(dataset: &Dataset) -> Vec<Message> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for field in &dataset.fields {
        if !seen.insert(&field.name) {
            faults.push(Message::new("model-dataset-field-twice").with("field", &field.name));
        }
        check_field(dataset, field, &mut faults);
    }
    check_headers(dataset, &mut faults);
    if dataset.key.is_empty() {
        faults.push(Message::new("model-dataset-no-key"));
    }
    let mut wanted: Vec<(&'static str, &FieldName)> = dataset.key.iter().map(|name| ("key", name)).collect();
    if let Some(time) = &dataset.time {
        wanted.push(("time", &time.field));
        check_time(dataset, time.by, &time.field, &mut faults);
    }
    if let Some(object) = &dataset.object {
        wanted.extend([("object", &object.id), ("object", &object.name)]);
        wanted.extend([&object.from, &object.to].into_iter().flatten().map(|name| ("object", name)));
        check_object(dataset, &mut faults);
    }
    for edge in &dataset.edges {
        wanted.extend([("edge", &edge.child_field), ("edge", &edge.parent_field)]);
        wanted.extend([&edge.from, &edge.to].into_iter().flatten().map(|name| ("edge", name)));
        if edge.to.is_some() && edge.from.is_none() {
            faults.push(Message::new("model-dataset-edge-without-start").with("child", &edge.child));
        }
    }
    for (part, name) in wanted {
        if dataset.field(name).is_none() {
            faults.push(Message::new("model-dataset-no-field").with("part", part).with("field", name));
        }
    }
    let mut checks = BTreeSet::new();
    for check in &dataset.checks {
        if !checks.insert(&check.id) {
            faults.push(Message::new("model-dataset-check-twice").with("check", &check.id));
        }
        if check.sql.trim().is_empty() {
            faults.push(Message::new("model-dataset-check-empty").with("check", &check.id));
        }
    }
    faults
}

fn check_field(dataset: &Dataset, field: &Field, faults: &mut Vec<Message>) {
    let of = |key: &str| Message::new(key).with("field", &field.name);
    match (field.kind, &field.codes) {
        (FieldType::Code, None) => faults.push(of("model-dataset-code-without-table")),
        (FieldType::Code, Some(table)) => match dataset.code_tables.get(table) {
            None => faults.push(of("model-dataset-no-table").with("table", table)),
            Some(codes) if codes.code.is_empty() => faults.push(of("model-dataset-empty-table").with("table", table)),
            Some(_) => {}
        },
        (_, Some(_)) => faults.push(of("model-dataset-table-without-code")),
        (_, None) => {}
    }
    if field.kind == FieldType::Money && !field.unit.as_deref().is_some_and(unit::is_money) {
        faults.push(of("model-dataset-money-without-unit"));
    }
    if field.kind != FieldType::Money && field.unit.as_deref().is_some_and(unit::is_money) {
        faults.push(of("model-dataset-money-type"));
    }
    let numeric = matches!(field.kind, FieldType::Integer | FieldType::Decimal | FieldType::Money);
    if field.scale.is_some_and(|scale| scale > 10 || !matches!(field.kind, FieldType::Decimal | FieldType::Money)) {
        faults.push(of("model-dataset-scale"));
    }
    let dated = matches!(field.kind, FieldType::Date | FieldType::DateTime);
    let mut bounds = Vec::new();
    for bound in [&field.min, &field.max].into_iter().flatten() {
        let good = (numeric && bound.parse::<Decimal>().is_ok()) || (dated && bound.parse::<NaiveDate>().is_ok());
        if good {
            bounds.push(bound);
        } else {
            faults.push(of("model-dataset-bound").with("bound", bound));
        }
    }
    if let [low, high] = bounds.as_slice() {
        let crossed = match (low.parse::<Decimal>(), high.parse::<Decimal>()) {
            (Ok(low), Ok(high)) => low > high,
            _ => low > high,
        };
        if crossed {
            faults.push(of("model-dataset-bounds-crossed"));
        }
    }
    if let Some(reference) = &field.references {
        let good = reference
            .split_once('.')
            .is_some_and(|(dataset, name)| crate::ids::DatasetId::new(dataset).is_ok() && FieldName::new(name).is_ok());
        if !good {
            faults.push(of("model-dataset-reference").with("reference", reference));
        }
    }
}

/// A column header must mean one field.
fn check_headers(dataset: &Dataset, faults: &mut Vec<Message>) {
    let mut owners: Vec<(String, &FieldName)> = Vec::new();
    for field in &dataset.fields {
        let own = [field.name.as_str(), &field.names.zh, &field.names.en];
        let mut headers: Vec<String> =
            own.into_iter().chain(field.aliases.iter().map(String::as_str)).map(folded).collect();
        headers.sort();
        headers.dedup();
        for header in headers {
            match owners.iter().find(|(other, _)| *other == header) {
                Some((_, first)) => faults.push(
                    Message::new("model-dataset-header-twice")
                        .with("header", &header)
                        .with("first", first)
                        .with("field", &field.name),
                ),
                None => owners.push((header, &field.name)),
            }
        }
    }
}

fn folded(header: &str) -> String {
    header.trim().to_lowercase()
}

fn check_time(dataset: &Dataset, by: TimeBy, name: &FieldName, faults: &mut Vec<Message>) {
    let Some(field) = dataset.field(name) else { return };
    let good = match by {
        TimeBy::Date => matches!(field.kind, FieldType::Date | FieldType::DateTime),
        TimeBy::Period => matches!(field.kind, FieldType::Text | FieldType::Code),
        TimeBy::Snapshot => field.kind == FieldType::Date,
    };
    if !good {
        faults.push(Message::new("model-dataset-time-type").with("field", name));
    }
}

/// A row that describes an object is found by the object's id alone.
fn check_object(dataset: &Dataset, faults: &mut Vec<Message>) {
    let Some(object) = &dataset.object else { return };
    if !dataset.key.contains(&object.id) {
        faults.push(Message::new("model-dataset-object-key").with("field", &object.id));
    }
    for name in [&object.from, &object.to].into_iter().flatten() {
        if dataset.field(name).is_some_and(|field| field.kind != FieldType::Date) {
            faults.push(Message::new("model-dataset-object-dates").with("field", name));
        }
    }
}

#[cfg(test)]
mod tests;
