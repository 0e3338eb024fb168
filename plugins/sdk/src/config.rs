//! Reading a configuration with errors that point at the field. The host has held it against the schema already; a plugin
//! looks again, because it is also run by others than the host.

use crate::{HostHandle, PluginError, Result, Secret};
use serde_json::{Map, Value};

/// An object of settings, read member by member.
#[derive(Debug, Clone)]
pub struct Config {
    members: Map<String, Value>,
}

impl Config {
    /// Takes an object with no other members than these.
    pub fn new(value: Value, known: &[&str]) -> Result<Self> {
        let Value::Object(members) = value else { return Err(wrong("", "must be an object")) };
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(wrong(&format!("/{name}"), "is not a setting of this component")),
            None => Ok(Self { members }),
        }
    }

    /// Whether the member is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// A text that holds something, or what counts when it is not there.
    pub fn text_or(&self, name: &str, otherwise: &str) -> Result<String> {
        if self.has(name) { self.text(name) } else { Ok(otherwise.to_owned()) }
    }

    /// A text that must be there and hold something.
    pub fn text(&self, name: &str) -> Result<String> {
        match self.members.get(name).and_then(Value::as_str) {
            Some(text) if !text.is_empty() && !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(wrong(&format!("/{name}"), "must be a text")),
        }
    }

    /// A whole number within bounds, or what counts when it is not there.
    pub fn whole(&self, name: &str, otherwise: u64, bounds: std::ops::RangeInclusive<u64>) -> Result<u64> {
        let Some(value) = self.members.get(name) else { return Ok(otherwise) };
        value.as_u64().filter(|number| bounds.contains(number)).ok_or_else(|| {
            wrong(&format!("/{name}"), &format!("must be a whole number from {} to {}", bounds.start(), bounds.end()))
        })
    }

    /// True or false, or what counts when it is not there.
    pub fn flag(&self, name: &str, otherwise: bool) -> Result<bool> {
        match self.members.get(name) {
            None => Ok(otherwise),
            Some(value) => value.as_bool().ok_or_else(|| wrong(&format!("/{name}"), "must be true or false")),
        }
    }

    /// The secret that `{"$secret": "name"}` refers to, when the member is there.
    pub fn secret(&self, name: &str, host: &HostHandle) -> Result<Option<Secret>> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        match value.get("$secret").and_then(Value::as_str) {
            Some(secret) => host.secret(secret).map(Some),
            None => Err(wrong(&format!("/{name}"), "must refer to a secret: {\"$secret\": \"name\"}")),
        }
    }
}

/// A setting that cannot be: the error points at it.
fn wrong(pointer: &str, rule: &str) -> PluginError {
    PluginError::config("", format!("`{pointer}` {rule}")).with("pointer", pointer).with("rule", rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorClass;
    use serde_json::json;

    fn pointer<T: std::fmt::Debug>(result: Result<T>) -> String {
        let error = result.expect_err("refused");
        assert_eq!(error.class, ErrorClass::Config);
        error.args[0].1.clone()
    }

    #[test]
    fn settings_are_read_and_what_is_missing_has_its_default() {
        let config = Config::new(json!({ "url": "x", "n": 3 }), &["url", "n", "on"]).expect("an object");
        assert_eq!(config.text("url").expect("a text"), "x");
        assert_eq!((config.whole("n", 1, 1..=9).ok(), config.flag("on", true).ok()), (Some(3), Some(true)));
        assert_eq!(config.secret("key", &HostHandle::detached()).expect("none"), None);
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_pointer() {
        assert_eq!(pointer(Config::new(json!([]), &[])), "");
        assert_eq!(pointer(Config::new(json!({ "odd": 1 }), &["url"])), "/odd");
        let config = Config::new(json!({ "url": "", "n": 10, "on": "yes", "key": "abc" }), &["url", "n", "on", "key"]);
        let config = config.expect("an object");
        assert_eq!(pointer(config.text("url")), "/url");
        assert_eq!(pointer(config.whole("n", 1, 1..=9)), "/n");
        assert_eq!(pointer(config.flag("on", true)), "/on");
        assert_eq!(pointer(config.secret("key", &HostHandle::detached())), "/key");
    }
}
