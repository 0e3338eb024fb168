//! A release against the one before: what a college has set up with the old one must go on working with the new one.

use super::fixtures::Fixtures;
use super::job::{Event, Work};
use super::report::{Check, Group, Outcome};
use super::{Settings, parent};
use crate::found::Found;
use crate::{Component, HostError, settings};
use serde_json::Value;
use std::path::Path;
use zhengai_model::fault::Explain;
use zhengai_model::ids::PluginId;
use zhengai_model::text::Message;

/// Compares with the release in another folder.
pub(super) fn check(
    found: &Found,
    against: &Path,
    settings: &Settings,
    checks: &mut Vec<Check>,
) -> Result<(), HostError> {
    let mut put = |id, outcome| checks.push(Check::new(id, Group::Compatibility, outcome));
    let old = match super::open(against, None) {
        Ok(old) => old,
        Err(error) => {
            put("compatibility.identity", Outcome::Fail(error.message()));
            return Ok(());
        }
    };
    put("compatibility.identity", identity(&old, found));
    if old.library.is_none() || found.library.is_none() {
        return Ok(());
    }
    let surveyed = |found: &Found| -> Result<Value, HostError> {
        let seen = parent::probe(found, settings, Work::Survey)?;
        let survey = seen.events.into_iter().find_map(|event| match event {
            Event::Surveyed(survey) => Some(survey),
            _ => None,
        });
        Ok(survey.unwrap_or_default())
    };
    let (before, after) = (surveyed(&old)?, surveyed(found)?);
    put("compatibility.streams", streams(&before, &after));
    let (fixtures, _) = Fixtures::read(&old.dir, Path::new("/scratch"));
    put("compatibility.config", configs(&fixtures, &after));
    Ok(())
}

fn identity(old: &Found, new: &Found) -> Outcome {
    let (old, new) = (&old.manifest, &new.manifest);
    for (what, before, after) in
        [("id", old.id.to_string(), new.id.to_string()), ("kind", format!("{:?}", old.kind), format!("{:?}", new.kind))]
    {
        if before != after {
            let message = Message::new("check-why-other-identity").with("what", what);
            return Outcome::Fail(message.with("before", before).with("after", after));
        }
    }
    Outcome::GOOD
}

/// Streams and fields are only added; types and keys stay.
fn streams(before: &Value, after: &Value) -> Outcome {
    let list = |survey: &Value| survey.get("streams").and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let after = list(after);
    for stream in list(before) {
        let gone = |what: String| Outcome::Fail(Message::new("check-why-taken-away").with("what", what));
        let Some(now) = after.iter().find(|now| name(now) == name(&stream)) else { return gone(name(&stream)) };
        if stream.get("key") != now.get("key") {
            return gone(format!("{}, key", name(&stream)));
        }
        let fields = |stream: &Value| stream.get("fields").and_then(Value::as_array).cloned().unwrap_or_default();
        let now_fields = fields(now);
        for field in fields(&stream) {
            let kept = now_fields.iter().find(|now| name(now) == name(&field));
            if kept.is_none_or(|kept| kept.get("type") != field.get("type")) {
                return gone(format!("{}.{}", name(&stream), name(&field)));
            }
        }
    }
    Outcome::GOOD
}

/// Every configuration that worked with the old release still fits the schema of the new one.
fn configs(fixtures: &Fixtures, after: &Value) -> Outcome {
    if fixtures.good.is_empty() {
        return Outcome::Skip(Message::new("check-why-no-fixtures"));
    }
    let components = after.get("components").and_then(Value::as_array).cloned().unwrap_or_default();
    for config in &fixtures.good {
        let of = |component: &&Value| match &config.component {
            Some(name) => component.get("name").and_then(Value::as_str) == Some(name),
            None => true,
        };
        let schema = components.iter().find(of).and_then(|component| component.get("config"));
        if let Some((pointer, rule)) = schema.and_then(|schema| broken(schema, &config.value)) {
            let message = Message::new("check-why-old-config").with("file", &config.file);
            return Outcome::Fail(message.with("reason", format!("{pointer}: {rule}")));
        }
    }
    Outcome::GOOD
}

/// The first rule of a schema that a configuration breaks: where, and which. NULL is the schema that accepts anything.
pub(super) fn broken(schema: &Value, config: &Value) -> Option<(String, String)> {
    if schema.is_null() {
        return None;
    }
    let nobody = PluginId::new("checked").ok()?;
    let component = Component { name: String::new(), can: Vec::new(), transforms: Vec::new(), config: schema.clone() };
    match settings::check(&nobody, &component, config) {
        Err(HostError::Config { pointer, rule, .. }) => Some((pointer, rule)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn survey(fields: Value, key: Value) -> Value {
        json!({ "streams": [{ "name": "people", "key": key, "fields": fields }] })
    }

    #[test]
    fn what_is_added_is_welcome_and_what_is_taken_away_is_named() {
        let old = survey(json!([{ "name": "id", "type": "text" }]), json!(["id"]));
        let more = survey(json!([{ "name": "n", "type": "integer" }, { "name": "id", "type": "text" }]), json!(["id"]));
        assert_eq!(streams(&old, &more), Outcome::GOOD);
        let what = |outcome: Outcome| outcome.message().map(|message| message.args[0].1.clone()).unwrap_or_default();
        assert_eq!(what(streams(&more, &old)), "people.n");
        assert_eq!(
            what(streams(&old, &survey(json!([{ "name": "id", "type": "integer" }]), json!(["id"])))),
            "people.id"
        );
        assert_eq!(what(streams(&old, &survey(json!([{ "name": "id", "type": "text" }]), json!([])))), "people, key");
        assert_eq!(what(streams(&old, &json!({ "streams": [] }))), "people");
    }

    #[test]
    fn a_configuration_of_the_last_release_that_no_longer_fits_is_named() {
        let mut fixtures = Fixtures::default();
        let config = |value| super::super::fixtures::Config { file: "good.json".to_owned(), component: None, value };
        fixtures.good = vec![config(json!({ "url": "x" }))];
        let schema = json!({ "type": "object", "required": ["url", "key"] });
        let after = json!({ "components": [{ "name": "c", "config": schema }] });
        assert!(matches!(configs(&fixtures, &after), Outcome::Fail(_)));
        fixtures.good = vec![config(json!({ "url": "x", "key": "y" }))];
        assert_eq!(configs(&fixtures, &after), Outcome::GOOD);
    }
}
