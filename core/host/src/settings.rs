//! Configurations against the JSON Schema 2020-12 of their component, before the plugin sees them.
//!
//! Secrets stand in a configuration as `{"$secret": "name"}`. For the schema each is a text; which one is nobody's
//! business here, so rules about the content of that text are left to the plugin.

use crate::HostError;
use crate::plugin::Component;
use crate::wire::malformed;
use jsonschema::{ValidationError, draft202012};
use serde_json::Value;
use zhengai_model::ids::PluginId;

/// Member that marks a reference to a secret.
const SECRET: &str = "$secret";

/// Refuses a configuration that breaks its schema. A schema that is missing or empty accepts anything.
pub(crate) fn check(plugin: &PluginId, component: &Component, config: &Value) -> Result<(), HostError> {
    let schema = &component.config;
    if schema.is_null() || schema.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(());
    }
    let validator = draft202012::new(schema).map_err(|error| {
        let rule = format!("the schema of `{}` is none, at `{}`", component.name, error.instance_path());
        malformed(plugin, "describe", rule)
    })?;
    let mut secrets = Vec::new();
    let shown = without_secrets(config, String::new(), &mut secrets);
    for error in validator.iter_errors(&shown) {
        let pointer = error.instance_path().to_string();
        if secrets.contains(&pointer) && error.kind().keyword() != "type" {
            continue;
        }
        return Err(HostError::Config {
            plugin: plugin.clone(),
            component: component.name.clone(),
            rule: rule(schema, &error),
            pointer,
        });
    }
    Ok(())
}

/// The configuration with a text for each secret, and where those are.
fn without_secrets(config: &Value, pointer: String, secrets: &mut Vec<String>) -> Value {
    match config {
        Value::Object(members) if members.len() == 1 && members.get(SECRET).is_some_and(Value::is_string) => {
            secrets.push(pointer);
            Value::String("secret".to_owned())
        }
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                (name.clone(), without_secrets(value, format!("{pointer}/{escaped}"), secrets))
            })
            .collect(),
        Value::Array(list) => {
            let inside = list.iter().enumerate();
            inside.map(|(index, value)| without_secrets(value, format!("{pointer}/{index}"), secrets)).collect()
        }
        other => other.clone(),
    }
}

/// The rule as the schema has it: `minimum: 1`, `required: ["path"]`. Nothing of the configuration but names.
fn rule(schema: &Value, error: &ValidationError<'_>) -> String {
    use jsonschema::error::ValidationErrorKind as Kind;
    match error.kind() {
        Kind::Required { property } => format!("required: {property}"),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("unknown: {}", unexpected.join(", "))
        }
        _ => match schema.pointer(&error.schema_path().to_string()) {
            Some(value) if !value.is_object() => format!("{}: {value}", error.kind().keyword()),
            _ => error.kind().keyword().to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{check, without_secrets};
    use crate::HostError;
    use crate::plugin::Component;
    use serde_json::{Value, json};
    use zhengai_model::ids::PluginId;

    fn component(config: Value) -> Component {
        Component { name: "rows".to_owned(), can: Vec::new(), transforms: Vec::new(), config }
    }

    fn checked(schema: Value, config: &Value) -> Result<(), (String, String)> {
        match check(&PluginId::new("zoo").unwrap(), &component(schema), config) {
            Ok(()) => Ok(()),
            Err(HostError::Config { pointer, rule, .. }) => Err((pointer, rule)),
            Err(other) => unreachable!("{other}"),
        }
    }

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["host"],
            "additionalProperties": false,
            "properties": {
                "host": { "type": "string" },
                "port": { "type": "integer", "minimum": 1 },
                "password": { "type": "string", "pattern": "^[0-9]+$", "minLength": 12 },
                "a/b": { "type": "array", "items": { "enum": ["x", "y"] } },
            },
        })
    }

    #[test]
    fn a_configuration_that_fits_passes_and_no_schema_accepts_anything() {
        assert_eq!(checked(schema(), &json!({ "host": "h", "port": 1, "a/b": ["x"] })), Ok(()));
        assert_eq!(checked(json!({}), &json!([1])), Ok(()));
        assert_eq!(checked(Value::Null, &json!(7)), Ok(()));
    }

    #[test]
    fn a_fault_names_its_place_and_the_rule() {
        let fault = |pointer: &str, rule: &str| Err((pointer.to_owned(), rule.to_owned()));
        assert_eq!(checked(schema(), &json!({})), fault("", "required: \"host\""));
        assert_eq!(checked(schema(), &json!({ "host": "h", "port": 0 })), fault("/port", "minimum: 1"));
        assert_eq!(checked(schema(), &json!({ "host": 1 })), fault("/host", "type: \"string\""));
        assert_eq!(checked(schema(), &json!({ "host": "h", "a/b": ["z"] })), fault("/a~1b/0", "enum: [\"x\",\"y\"]"));
        assert_eq!(checked(schema(), &json!({ "host": "h", "hots": 1 })), fault("", "unknown: hots"));
    }

    #[test]
    fn a_secret_is_a_text_whose_content_is_not_judged() {
        let secret = json!({ "$secret": "pw" });
        assert_eq!(checked(schema(), &json!({ "host": "h", "password": secret })), Ok(()));
        let wrong = checked(schema(), &json!({ "host": "h", "port": secret }));
        assert_eq!(wrong, Err(("/port".to_owned(), "type: \"integer\"".to_owned())));
    }

    #[test]
    fn only_an_object_with_nothing_else_is_a_secret() {
        let mut secrets = Vec::new();
        let config = json!({ "a": { "$secret": "x" }, "b": [{ "$secret": "y", "z": 1 }, { "$secret": 1 }] });
        let shown = without_secrets(&config, String::new(), &mut secrets);
        assert_eq!(secrets, ["/a"]);
        assert_eq!(shown["a"], "secret");
        assert_eq!(shown["b"], config["b"]);
    }

    #[test]
    fn a_schema_that_is_none_is_the_plugins_fault() {
        let plugin = PluginId::new("zoo").unwrap();
        let error = check(&plugin, &component(json!({ "type": 7 })), &json!({})).unwrap_err();
        assert!(matches!(error, HostError::Malformed { call: "describe", .. }), "{error}");
    }
}
