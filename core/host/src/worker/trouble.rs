//! Errors on their way from a worker to the host: what the runner in the worker says is what callers get.

use crate::{HostError, PluginFailure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ffi::CString;
use std::path::PathBuf;
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::ErrorClass;

/// An error as it crosses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Trouble {
    /// The plugin returned an error.
    Plugin {
        class: i32,
        text: String,
        #[serde(default)]
        key: String,
        #[serde(default)]
        args: Vec<(String, String)>,
        #[serde(default)]
        detail: Value,
        #[serde(default)]
        retry_after_ms: u32,
    },
    /// The plugin broke the interface.
    Malformed { call: String, rule: String },
    /// The plugin was built for another interface.
    Abi { abi: String },
    /// An earlier call panicked.
    Poisoned,
    /// The system cannot open the library.
    Open { text: String },
    /// The library has no entry symbol.
    Entry { text: String },
    /// Something else failed in the worker.
    Other { text: String },
}

/// Functions by their names: what crosses is text, what an error holds is `'static`.
const CALLS: [&str; 16] = [
    "zg_plugin_open",
    "describe",
    "create",
    "destroy",
    "cancel",
    "check",
    "discover",
    "schema",
    "read",
    "transform",
    "write",
    "call",
    "get_schema",
    "get_next",
    "state",
    "error",
];

impl From<&HostError> for Trouble {
    fn from(error: &HostError) -> Self {
        match error {
            HostError::Plugin(failure) => Self::Plugin {
                class: failure.class.code(),
                text: failure.text.clone(),
                key: failure.key.clone(),
                args: failure.args.clone(),
                detail: failure.detail.clone(),
                retry_after_ms: failure.retry_after_ms,
            },
            HostError::Malformed { call, rule, .. } => Self::Malformed { call: (*call).to_owned(), rule: rule.clone() },
            HostError::Abi { abi, .. } => Self::Abi { abi: abi.clone() },
            HostError::Poisoned { .. } => Self::Poisoned,
            HostError::Open { source, .. } => Self::Open { text: said(source) },
            HostError::Entry { source, .. } => Self::Entry { text: said(source) },
            other => Self::Other { text: other.to_string() },
        }
    }
}

impl Trouble {
    /// The error for callers. `library` is where the library was found.
    pub(crate) fn into_error(self, plugin: &PluginId, library: &std::path::Path) -> HostError {
        let plugin = plugin.clone();
        let path: PathBuf = library.to_owned();
        match self {
            Self::Plugin { class, text, key, args, detail, retry_after_ms } => {
                let class = ErrorClass::from_code(class);
                HostError::Plugin(Box::new(PluginFailure { plugin, class, text, key, args, detail, retry_after_ms }))
            }
            Self::Malformed { call, rule } => {
                let call = CALLS.into_iter().find(|known| *known == call).unwrap_or("call");
                HostError::Malformed { plugin, call, rule }
            }
            Self::Abi { abi } => HostError::Abi { plugin, abi },
            Self::Poisoned => HostError::Poisoned { plugin },
            Self::Open { text } => {
                let source = c_text(&text).as_c_str().into();
                HostError::Open { plugin, path, source: libloading::Error::DlOpen { source } }
            }
            Self::Entry { text } => {
                let source = c_text(&text).as_c_str().into();
                HostError::Entry { plugin, path, source: libloading::Error::DlSym { source } }
            }
            Self::Other { text } => HostError::Worker { plugin, source: std::io::Error::other(text) },
        }
    }

    /// The same with every text passed through `hide`.
    pub(crate) fn hiding(self, hide: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Plugin { class, text, key, args, detail, retry_after_ms } => Self::Plugin {
                class,
                text: hide(&text),
                key,
                args: args.into_iter().map(|(name, value)| (name, hide(&value))).collect(),
                detail: hidden(detail, hide),
                retry_after_ms,
            },
            Self::Malformed { call, rule } => Self::Malformed { call, rule: hide(&rule) },
            Self::Open { text } => Self::Open { text: hide(&text) },
            Self::Entry { text } => Self::Entry { text: hide(&text) },
            Self::Other { text } => Self::Other { text: hide(&text) },
            other @ (Self::Abi { .. } | Self::Poisoned) => other,
        }
    }
}

fn hidden(value: Value, hide: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(hide(&text)),
        Value::Array(list) => Value::Array(list.into_iter().map(|one| hidden(one, hide)).collect()),
        Value::Object(map) => Value::Object(map.into_iter().map(|(name, one)| (name, hidden(one, hide))).collect()),
        other => other,
    }
}

/// An error of the loader with its cause: in the host there is only this text.
fn said(error: &libloading::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}
