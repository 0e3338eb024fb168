//! What an author gives the checker to work with, in the plugin's `tests/` folder.
//!
//! ```text
//! tests/config/good*.json     configurations that must work
//! tests/config/bad*.json      configurations that must be refused, with a pointer to the field; other names are the author's
//! tests/requests/*.json       {"config": "good.json", "discover": {…}, "read": {…}, "options": {…}}, all optional
//! tests/transforms/*.json     {"transform": "name", "inputs": [{"columns": …, "rows": …}], "expect": {…}}
//! tests/secrets.json          {"name": "value"} for references {"$secret": "name"}
//! ```
//! In texts, `{plugin}` stands for the plugin's folder and `{scratch}` for a folder that it may write to. A configuration
//! for a component other than the first is written `{"component": "name", "config": {…}}`.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A configuration of a component.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    /// File that it comes from; empty when the checker made it.
    pub(super) file: String,
    /// The component; `None` for the first one.
    pub(super) component: Option<String>,
    /// The configuration.
    pub(super) value: Value,
}

/// What to ask a connector for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Request {
    /// File in `tests/config`.
    pub(super) config: Option<String>,
    /// Request of `discover`.
    pub(super) discover: Option<Value>,
    /// Request of `read`, for connectors that are not read by stream.
    pub(super) read: Option<Value>,
    /// Options of each stream's read.
    pub(super) options: Option<Value>,
}

/// A table in JSON: for inputs and results of transforms.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JsonTable {
    /// Name and type: `text`, `integer`, `number`, `boolean`, `date`.
    pub(super) columns: Vec<(String, String)>,
    /// Rows of values, in the order of the columns.
    pub(super) rows: Vec<Vec<Value>>,
}

/// A transform with what must come out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    /// Name of the transform.
    pub(super) transform: String,
    /// Its inputs.
    pub(super) inputs: Vec<JsonTable>,
    /// What must come out, in this order.
    pub(super) expect: JsonTable,
}

/// All fixtures of a plugin.
#[derive(Debug, Clone, Default)]
pub(super) struct Fixtures {
    pub(super) good: Vec<Config>,
    pub(super) bad: Vec<Config>,
    pub(super) requests: Vec<(String, Request)>,
    pub(super) examples: Vec<(String, Example)>,
    pub(super) secrets: BTreeMap<String, String>,
}

impl Fixtures {
    /// Reads them; the faulty ones are told by place and reason, the others count.
    pub(super) fn read(dir: &Path, scratch: &Path) -> (Self, Vec<(String, String)>) {
        let mut found = Self::default();
        let mut faults = Vec::new();
        let tests = dir.join("tests");
        let places = [("{plugin}", dir), ("{scratch}", scratch)];
        let mut each = |folder: &str, take: &mut dyn FnMut(String, Value) -> Result<(), String>| {
            for path in json_files(&tests.join(folder)) {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let taken = value_of(&path, &places).and_then(|value| take(name.clone(), value));
                if let Err(reason) = taken {
                    faults.push((format!("tests/{folder}/{name}").replace("//", "/"), reason));
                }
            }
        };
        each("config", &mut |name, value| {
            if name.starts_with("good") {
                found.good.push(config_of(name, value));
            } else if name.starts_with("bad") {
                found.bad.push(config_of(name, value));
            }
            Ok(())
        });
        each("requests", &mut |name, value| {
            found.requests.push((name, serde_json::from_value(value).map_err(|error| error.to_string())?));
            Ok(())
        });
        each("transforms", &mut |name, value| {
            found.examples.push((name, serde_json::from_value(value).map_err(|error| error.to_string())?));
            Ok(())
        });
        let secrets = tests.join("secrets.json");
        if secrets.is_file() {
            let read = value_of(&secrets, &places)
                .and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()));
            match read {
                Ok(read) => found.secrets = read,
                Err(reason) => faults.push(("tests/secrets.json".to_owned(), reason)),
            }
        }
        (found, faults)
    }
}

fn config_of(file: String, value: Value) -> Config {
    let of_component = value.as_object().filter(|object| object.len() == 2 && object.contains_key("config"));
    match of_component.and_then(|object| Some((object.get("component")?.as_str()?.to_owned(), object.get("config")?))) {
        Some((component, config)) => Config { file, component: Some(component), value: config.clone() },
        None => Config { file, component: None, value },
    }
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    files
}

fn value_of(path: &Path, places: &[(&str, &Path)]) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Ok(filled(value, places))
}

/// The value with `{plugin}` and `{scratch}` in its texts replaced.
fn filled(value: Value, places: &[(&str, &Path)]) -> Value {
    match value {
        Value::String(text) => Value::String(
            places.iter().fold(text, |text, (mark, path)| text.replace(mark, &path.display().to_string())),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| filled(item, places)).collect()),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, member)| (name, filled(member, places)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Names of the secrets that a configuration refers to.
pub(super) fn secret_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let (1, Some(Value::String(name))) = (members.len(), members.get("$secret")) {
                names.push(name.clone());
            }
            members.values().for_each(|member| secret_names(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| secret_names(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fixtures_are_sorted_into_good_and_bad_and_faulty_ones_are_named() {
        let dir = tempfile::tempdir().expect("a folder");
        let config = dir.path().join("tests/config");
        std::fs::create_dir_all(&config).expect("a folder");
        for (name, text) in [
            ("good.json", r#"{"folder": "{plugin}/data", "token": {"$secret": "t"}}"#),
            ("good-b.json", r#"{"component": "b", "config": {"n": 1}}"#),
            ("bad.json", "{}"),
            ("bad-json.json", "{"),
            ("other.json", "{}"),
            ("notes.txt", "x"),
        ] {
            std::fs::write(config.join(name), text).expect("a file");
        }
        let (found, faults) = Fixtures::read(dir.path(), Path::new("/scratch"));
        assert_eq!(found.good.len(), 2);
        assert_eq!((found.good[0].component.as_deref(), &found.good[0].value), (Some("b"), &json!({ "n": 1 })));
        let folder = format!("{}/data", dir.path().display());
        assert_eq!(found.good[1].value["folder"], json!(folder));
        assert_eq!(found.bad.len(), 1);
        let places: Vec<&str> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["tests/config/bad-json.json"]);
        let mut names = Vec::new();
        secret_names(&found.good[1].value, &mut names);
        assert_eq!(names, ["t"]);
    }
}
