//! Configurations that a schema forbids, and a few that no author thinks of.

use serde_json::{Map, Value, json};

/// A configuration to try, and what was done to it, in English for the author.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mutation {
    /// Where and what.
    pub(super) what: String,
    /// The configuration.
    pub(super) config: Value,
}

/// Changes a good configuration in every way that its schema names, once each, and in some that no schema names.
pub(super) fn mutations(schema: &Value, good: &Value) -> Vec<Mutation> {
    let mut made: Vec<Mutation> = [json!([]), json!("text"), json!(7), json!(true), Value::Null, deep()]
        .into_iter()
        .map(|config| Mutation { what: format!("the whole configuration is {}", kind(&config)), config })
        .collect();
    let empty = Map::new();
    let good = good.as_object().unwrap_or(&empty);
    let mut with = |what: String, name: &str, value: Option<Value>| {
        let mut config = good.clone();
        match value {
            Some(value) => config.insert(name.to_owned(), value),
            None => config.remove(name),
        };
        made.push(Mutation { what, config: Value::Object(config) });
    };
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        with(format!("/{name} is missing"), name, None);
    }
    with("/zz_unknown is there".to_owned(), "zz_unknown", Some(json!(1)));
    for (name, rule) in schema.get("properties").and_then(Value::as_object).unwrap_or(&empty) {
        for value in wrong_values(rule) {
            with(format!("/{name} is {}", kind(&value)), name, Some(value));
        }
    }
    made
}

/// Values that break a rule, or that only a hostile person would give.
fn wrong_values(rule: &Value) -> Vec<Value> {
    let mut values = vec![Value::Null, json!({ "$secret": "no such secret" }), json!([[[]]])];
    let types: Vec<&str> = match rule.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if types.contains(&"string") {
        values.extend([json!(42), json!(""), json!("a\0b"), json!("x".repeat(1 << 20)), json!("\u{202e}../../..")]);
    }
    if types.contains(&"integer") || types.contains(&"number") {
        values.extend([json!("7"), json!(-1), json!(0), json!(u64::MAX), json!(i64::MIN), json!(1e300), json!(0.5)]);
    }
    if types.contains(&"boolean") {
        values.push(json!("yes"));
    }
    for (bound, step) in [("minimum", -1), ("maximum", 1)] {
        if let Some(limit) = rule.get(bound).and_then(Value::as_i64) {
            values.push(json!(limit.saturating_add(step)));
        }
    }
    if rule.get("enum").is_some() {
        values.push(json!("zz_not_in_the_list"));
    }
    values
}

/// Nested deeper than any form, but not deeper than a JSON reader allows.
fn deep() -> Value {
    (0..100).fold(json!({}), |inner, _| json!({ "a": inner }))
}

/// What a value is, in a few words.
fn kind(value: &Value) -> String {
    match value {
        Value::String(text) if text.len() > 40 => format!("a text of {} bytes", text.len()),
        Value::Object(members) if members.contains_key("a") => "nested 100 deep".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_schema_is_broken_once_and_the_rest_stays_good() {
        let schema = json!({
            "type": "object", "required": ["url"], "additionalProperties": false,
            "properties": { "url": { "type": "string" }, "page": { "type": "integer", "minimum": 1 } },
        });
        let made = mutations(&schema, &json!({ "url": "x", "page": 5 }));
        let config = |what: &str| &made.iter().find(|one| one.what == what).unwrap_or_else(|| panic!("{what}")).config;
        assert_eq!(config("/url is missing"), &json!({ "page": 5 }));
        assert_eq!(config("/page is 0"), &json!({ "url": "x", "page": 0 }));
        assert_eq!(config("/url is 42"), &json!({ "url": 42, "page": 5 }));
        assert_eq!(config("/zz_unknown is there")["zz_unknown"], 1);
        let validator = jsonschema::draft202012::new(&schema).expect("a schema");
        assert!(made.iter().filter(|one| !validator.is_valid(&one.config)).count() > 10);
    }
}
