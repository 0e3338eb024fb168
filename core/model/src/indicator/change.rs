//! What differs between two versions of an indicator, field by field, for people who are to agree to it.

use super::{Indicator, IndicatorText};
use crate::pack::meaning_hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field, as the text form names it; measures by their names: `value`, `measures.taken.where`.
    pub field: String,
    /// Its text before; absent when it was empty.
    pub before: Option<String>,
    /// Its text after; absent when it is empty.
    pub after: Option<String>,
}

/// Every field that differs, in the order of the form.
pub fn changes(before: &IndicatorText, after: &IndicatorText) -> Vec<FieldChange> {
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<&String> = before.iter().chain(&after).map(|(name, _)| name).collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let find = |list: &[(String, String)], name: &str| {
        list.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    };
    let change =
        |name: &String| FieldChange { field: name.clone(), before: find(&before, name), after: find(&after, name) };
    let mut found: Vec<FieldChange> = names.into_iter().map(change).filter(|one| one.before != one.after).collect();
    let place = |one: &FieldChange| after.iter().position(|(name, _)| *name == one.field).unwrap_or(usize::MAX);
    found.sort_by_key(place);
    found
}

/// Whether values of the two may stand in one trend line: the change is editorial.
pub fn is_comparable(before: &Indicator, after: &Indicator) -> bool {
    meaning_hash(before) == meaning_hash(after)
}

/// All fields that are not empty: name and text.
fn fields(form: &IndicatorText) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Ok(Value::Object(mut whole)) = serde_json::to_value(form) else { return found };
    let measures: BTreeMap<String, Value> = form
        .measures
        .iter()
        .filter_map(|measure| Some((measure.name.clone(), serde_json::to_value(measure).ok()?)))
        .collect();
    // The tree may or may not keep the order of keys, so the order of the form is spelt out.
    for name in ORDER {
        match (name, whole.remove(name)) {
            ("measures", _) => {
                for measure in &form.measures {
                    let Some(Value::Object(mut parts)) = measures.get(&measure.name).cloned() else { continue };
                    for part in MEASURE {
                        if let Some(value) = parts.remove(part) {
                            put(format!("measures.{}.{part}", measure.name), &value, &mut found);
                        }
                    }
                }
            }
            (_, Some(value)) => put(name.to_owned(), &value, &mut found),
            (_, None) => {}
        }
    }
    found
}

/// Fields of the form in its order.
const ORDER: [&str; 27] = [
    "code",
    "names",
    "layer",
    "point",
    "system",
    "quantity",
    "weight",
    "unit",
    "direction",
    "grain",
    "also",
    "period",
    "time",
    "decimals",
    "value",
    "measures",
    "min_n_measure",
    "min_n_at_least",
    "applies",
    "active",
    "values",
    "owners",
    "sources",
    "advice",
    "basis",
    "privacy",
    "meaning",
];

/// Fields of a measure in their order; its name is part of every field's name.
const MEASURE: [&str; 7] = ["dataset", "agg", "where", "by", "absent", "over", "over_grain"];

fn put(name: String, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if !text.trim().is_empty() => found.push((name, text.clone())),
        Value::Bool(true) => found.push((name, "true".to_owned())),
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            if texts.len() == items.len() && !texts.is_empty() {
                found.push((name, texts.join(", ")));
            } else {
                for (index, item) in items.iter().enumerate() {
                    put(format!("{name}.{}", index + 1), item, found);
                }
            }
        }
        Value::Object(parts) => {
            let mut parts: Vec<_> = parts.iter().collect();
            parts.sort_by_key(|(part, _)| (PARTS.iter().position(|known| known == part), (*part).clone()));
            for (part, value) in parts {
                put(format!("{name}.{part}"), value, found);
            }
        }
        _ => {}
    }
}

/// Parts of labels and values in their order.
const PARTS: [&str; 12] = [
    "zh", "en", "start", "process", "target", "standard", "warning", "recovery", "level", "grains", "source",
    "verified",
];

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::indicator::{IndicatorText, MeasureText};

    fn form() -> IndicatorText {
        let mut form = IndicatorText { code: "X".into(), value: "100 * a / b".into(), ..IndicatorText::default() };
        form.measures = ["a", "b"].map(|name| MeasureText { name: name.into(), ..MeasureText::default() }).to_vec();
        form
    }

    #[test]
    fn a_form_does_not_differ_from_itself() {
        assert!(changes(&form(), &form()).is_empty());
    }

    #[test]
    fn each_field_that_differs_is_named_with_both_texts_and_measures_by_their_names() {
        let mut after = form();
        after.value = "100 * a / (a + b)".into();
        after.measures.swap(0, 1);
        after.measures[0].filter = "x > 1".into();
        after.values.target = ">= 95".into();
        after.names.zh = "名".into();
        let found: Vec<_> = changes(&form(), &after)
            .into_iter()
            .map(|one| (one.field, one.before.unwrap_or_default(), one.after.unwrap_or_default()))
            .collect();
        let expected = [
            ("names.zh", "", "名"),
            ("value", "100 * a / b", "100 * a / (a + b)"),
            ("measures.b.where", "", "x > 1"),
            ("values.target", "", ">= 95"),
        ];
        assert_eq!(found, expected.map(|(field, one, two)| (field.to_owned(), one.to_owned(), two.to_owned())));
    }

    #[test]
    fn every_field_of_the_form_has_its_place_in_the_order() {
        let Ok(serde_json::Value::Object(whole)) = serde_json::to_value(form()) else { panic!("an object") };
        for name in whole.keys() {
            assert!(super::ORDER.contains(&name.as_str()), "{name}");
        }
        let Ok(serde_json::Value::Object(measure)) = serde_json::to_value(MeasureText::default()) else {
            panic!("an object")
        };
        assert!(measure.keys().all(|name| name == "name" || super::MEASURE.contains(&name.as_str())));
    }
}
