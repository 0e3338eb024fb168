//! What a thing was and what it became, field by field.

use crate::theme::Role;
use crate::widgets::Piece;
use serde_json::Value;
use std::collections::BTreeMap;

/// A line for each field that changed, `-` before and `+` after; what stayed is not said again.
pub(super) fn pieces(before: Option<&Value>, after: Option<&Value>) -> Vec<Piece> {
    let (was, is) = (fields(before), fields(after));
    let mut pieces = Vec::new();
    for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
        let (old, new) = (was.get(name), is.get(name));
        if old == new {
            continue;
        }
        pieces.push(Piece::new(if name.is_empty() { "·" } else { name }, Role::Header));
        if let Some(old) = old {
            pieces.push(Piece::new(["- ", old].concat(), Role::Bad).indent(2));
        }
        if let Some(new) = new {
            pieces.push(Piece::new(["+ ", new].concat(), Role::Good).indent(2));
        }
    }
    pieces
}

/// All leaves by their path.
fn fields(value: Option<&Value>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(value) = value {
        leaves(value, String::new(), &mut found);
    }
    found
}

fn leaves(value: &Value, path: String, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { [path.as_str(), ".", name].concat() };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                leaves(member, below(name), found);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (at, member) in list.iter().enumerate() {
                leaves(member, below(&at.to_string()), found);
            }
        }
        Value::String(text) => drop(found.insert(path, text.clone())),
        other => drop(found.insert(path, other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_said_with_what_it_was_and_what_it_became() {
        let before = json!({ "state": "active", "roles": [{ "role": "reader" }], "label": "李华" });
        let after = json!({ "state": "disabled", "roles": [], "label": "李华" });
        let shown: Vec<String> = pieces(Some(&before), Some(&after)).into_iter().map(|piece| piece.text).collect();
        assert_eq!(shown, ["roles.0.role", "- reader", "state", "- active", "+ disabled", "roles", "+ []"]);
        assert!(pieces(None, None).is_empty());
        assert_eq!(pieces(None, Some(&json!("x"))).len(), 2);
    }
}
