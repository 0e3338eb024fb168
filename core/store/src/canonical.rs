//! Canonical JSON and SHA-256: the same content always gives the same bytes, whatever features other crates switch on
//! in `serde_json` (one of them changes the order of keys).

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The value as JSON text without blanks, with the keys of every object sorted.
pub(crate) fn canonical<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let mut out = String::new();
    write_value(&serde_json::to_value(value)?, &mut out)?;
    Ok(out)
}

fn write_value(value: &Value, out: &mut String) -> serde_json::Result<()> {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|left, right| left.0.cmp(right.0));
            out.push('{');
            for (index, (key, inner)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(key)?);
                out.push(':');
                write_value(inner, out)?;
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, inner) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(inner, out)?;
            }
            out.push(']');
        }
        scalar => out.push_str(&serde_json::to_string(scalar)?),
    }
    Ok(())
}

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts collide, in lower-case hex.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a String never fails");
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // A test may.
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let text = canonical(&json!({"b": [{"z": 1, "a": null}], "a": "甲\n"})).unwrap();
        assert_eq!(text, r#"{"a":"甲\n","b":[{"a":null,"z":1}]}"#);
    }

    #[test]
    fn moving_text_between_parts_changes_the_digest() {
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_eq!(digest(["ab", "c"]).len(), 64);
    }
}
