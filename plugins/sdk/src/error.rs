//! The one error of plugins: a class that says who must act, a text for logs, a key and arguments for people.

use serde_json::{Map, Value, json};
pub use zhengai_plugin_abi::ErrorClass;

/// Result of everything a plugin does.
pub type Result<T, E = PluginError> = std::result::Result<T, E>;

/// What went wrong in a plugin.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct PluginError {
    /// Who must act.
    pub class: ErrorClass,
    /// English, for logs.
    pub message: String,
    /// Key in the plugin's own catalogue (`locales/*.ftl`); empty when it has no text of its own.
    pub key: String,
    /// Arguments of that text.
    pub args: Vec<(String, String)>,
    /// Whatever helps to find the place: field pointer, stream, vendor code. NULL when there is nothing.
    pub detail: Value,
    /// For [`ErrorClass::RateLimit`]: how long to wait; 0 when unknown.
    pub retry_after_ms: u32,
}

impl PluginError {
    /// An error of the class, with a key of the plugin's catalogue and a text for logs.
    #[must_use]
    pub fn new(class: ErrorClass, key: &str, message: impl Into<String>) -> Self {
        Self {
            class,
            message: message.into(),
            key: key.to_owned(),
            args: Vec::new(),
            detail: Value::Null,
            retry_after_ms: 0,
        }
    }

    /// Configuration or request is wrong.
    #[must_use]
    pub fn config(key: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorClass::Config, key, message)
    }

    /// The data cannot be read.
    #[must_use]
    pub fn data(key: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorClass::Data, key, message)
    }

    /// The system refused.
    #[must_use]
    pub fn system(key: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorClass::System, key, message)
    }

    /// Somebody asked to stop.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(ErrorClass::Cancelled, "", "cancelled")
    }

    /// The plugin does not do this.
    #[must_use]
    pub fn unsupported(what: &str) -> Self {
        Self::new(ErrorClass::Unsupported, "", format!("`{what}` is not supported")).with("what", what)
    }

    /// The same with one more argument of its text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// The same with details for finding the place.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }

    /// The same with a time to wait before the next try.
    #[must_use]
    pub fn retry_after_ms(mut self, milliseconds: u32) -> Self {
        self.retry_after_ms = milliseconds;
        self
    }

    /// Key, arguments and details as the JSON that crosses the interface.
    #[must_use]
    pub fn to_detail_json(&self) -> Value {
        let args: Map<String, Value> =
            self.args.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
        let mut object = Map::new();
        if !self.key.is_empty() {
            object.insert("key".to_owned(), Value::String(self.key.clone()));
        }
        if !args.is_empty() {
            object.insert("args".to_owned(), Value::Object(args));
        }
        if !self.detail.is_null() {
            object.insert("detail".to_owned(), self.detail.clone());
        }
        json!(object)
    }
}

impl From<arrow::error::ArrowError> for PluginError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::system("", format!("arrow: {error}"))
    }
}

impl From<std::io::Error> for PluginError {
    fn from(error: std::io::Error) -> Self {
        Self::system("", format!("input or output: {error}"))
    }
}

impl From<serde_json::Error> for PluginError {
    fn from(error: serde_json::Error) -> Self {
        Self::config("", format!("JSON: {error}"))
    }
}
