//! The machine word of an enum, as files, JSON and catalogues spell it.

use serde::Serialize;

/// The word that serde writes for a variant without fields; empty for anything else.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(fields)) => {
            // Variants with fields are told apart by their tag.
            fields.values().find_map(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        }
        _ => String::new(),
    }
}
