//! What can go wrong between the host and a plugin, sorted by cause.

mod explain;
mod retry;

pub use retry::Retry;

use std::path::PathBuf;
use std::time::Duration;
use zhengai_model::ids::PluginId;
use zhengai_model::pack::PackFault;
use zhengai_model::text::Message;
use zhengai_plugin_abi::{ErrorClass, ZG_ABI_MAJOR};

/// An error that a plugin returned.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginFailure {
    /// Which plugin.
    pub plugin: PluginId,
    /// Who must act.
    pub class: ErrorClass,
    /// The plugin's own English text, for logs.
    pub text: String,
    /// Key in the plugin's own catalogue; empty when it has no text of its own.
    pub key: String,
    /// Arguments of that text.
    pub args: Vec<(String, String)>,
    /// Whatever helps to find the place; NULL when there is nothing.
    pub detail: serde_json::Value,
    /// For [`ErrorClass::RateLimit`]: how long to wait; 0 when unknown.
    pub retry_after_ms: u32,
}

impl PluginFailure {
    /// The text in the plugin's own catalogue, when it has one.
    #[must_use]
    pub fn own_message(&self) -> Option<Message> {
        (!self.key.is_empty()).then(|| Message { key: self.key.clone(), args: self.args.clone() })
    }
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A folder of plugins holds one without manifest.
    #[error("`{}` has neither plugin.toml nor pack.toml", dir.display())]
    ManifestMissing {
        /// The folder.
        dir: PathBuf,
    },
    /// The manifest breaks rules.
    #[error("the manifest in `{}` has {} faults", dir.display(), faults.len())]
    Manifest {
        /// The folder.
        dir: PathBuf,
        /// Each fault with file, line and column.
        faults: Vec<PackFault>,
    },
    /// The manifest says something that cannot be.
    #[error("`{}`: {rule:?}", manifest.display())]
    Contradiction {
        /// The manifest.
        manifest: PathBuf,
        /// Which plugin.
        plugin: PluginId,
        /// The rule.
        rule: ManifestRule,
    },
    /// Two folders bring the same plugin.
    #[error("plugin `{plugin}` is in `{}` and in `{}`", first.display(), second.display())]
    Twice {
        /// Which plugin.
        plugin: PluginId,
        /// The folder that counts.
        first: PathBuf,
        /// The folder that does not.
        second: PathBuf,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{}`", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that must be text is not UTF-8.
    #[error("`{}` is not UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A definition file is larger than any definition.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// The plugin was built for another interface.
    #[error("plugin `{plugin}` speaks ABI {abi}, this program speaks {ZG_ABI_MAJOR}")]
    Abi {
        /// Which plugin.
        plugin: PluginId,
        /// The version that it speaks.
        abi: String,
    },
    /// The plugin has no library: it is data only.
    #[error("plugin `{plugin}` has no library")]
    NoLibrary {
        /// Which plugin.
        plugin: PluginId,
    },
    /// The library that the manifest names is not there.
    #[error("plugin `{plugin}`: `{}` is not there", path.display())]
    LibraryMissing {
        /// Which plugin.
        plugin: PluginId,
        /// Where it should be.
        path: PathBuf,
    },
    /// The library or the files are not those that were accepted, or changed since they were found.
    #[error("plugin `{plugin}`: {what} has SHA-256 {found}, expected {expected}")]
    Changed {
        /// Which plugin.
        plugin: PluginId,
        /// `library` or `files`.
        what: &'static str,
        /// The hash that was accepted.
        expected: String,
        /// The hash now.
        found: String,
    },
    /// The library was replaced after this process had opened it; code in memory cannot be replaced.
    #[error("plugin `{plugin}`: `{}` was replaced while this process was using it", path.display())]
    NeedsRestart {
        /// Which plugin.
        plugin: PluginId,
        /// The library.
        path: PathBuf,
    },
    /// The system cannot open the library.
    #[error("plugin `{plugin}`: cannot open `{}`", path.display())]
    Open {
        /// Which plugin.
        plugin: PluginId,
        /// The library.
        path: PathBuf,
        /// Why.
        #[source]
        source: libloading::Error,
    },
    /// The library has no entry symbol.
    #[error("plugin `{plugin}`: `{}` does not export zg_plugin_open", path.display())]
    Entry {
        /// Which plugin.
        plugin: PluginId,
        /// The library.
        path: PathBuf,
        /// Why.
        #[source]
        source: libloading::Error,
    },
    /// The library says that it is another plugin.
    #[error("the manifest says `{plugin}`, the library says `{described}`")]
    OtherPlugin {
        /// The id in the manifest.
        plugin: PluginId,
        /// The id that the library gave.
        described: String,
    },
    /// The plugin has no such component.
    #[error("plugin `{plugin}` has no component `{component}`")]
    NoComponent {
        /// Which plugin.
        plugin: PluginId,
        /// The component.
        component: String,
    },
    /// The plugin broke the interface.
    #[error("plugin `{plugin}`, {call}: {rule}")]
    Malformed {
        /// Which plugin.
        plugin: PluginId,
        /// The function.
        call: &'static str,
        /// The rule that it broke, in English, for its author.
        rule: String,
    },
    /// An earlier call of this instance failed badly.
    #[error("plugin `{plugin}`: an earlier call panicked, the instance is of no use")]
    Poisoned {
        /// Which plugin.
        plugin: PluginId,
    },
    /// A key, or the password of one, is of no use.
    #[error("the key is of no use: {reason}")]
    Key {
        /// Why, in English.
        reason: String,
    },
    /// Nobody signed the plugin.
    #[error("plugin `{plugin}` is not signed")]
    NotSigned {
        /// Which plugin.
        plugin: PluginId,
    },
    /// The signature was made for other files, or not by the key that it names.
    #[error("plugin `{plugin}`: the signature does not fit: {reason}")]
    BadSignature {
        /// Which plugin.
        plugin: PluginId,
        /// Why, in English.
        reason: String,
    },
    /// The signature was made with a key that nobody added.
    #[error("plugin `{plugin}` is signed with the unknown key {key}")]
    UnknownKey {
        /// Which plugin.
        plugin: PluginId,
        /// Id of the key.
        key: String,
    },
    /// The plugin returned an error.
    #[error("plugin `{}`: {}", .0.plugin, .0.text)]
    Plugin(Box<PluginFailure>),
    /// The configuration breaks the schema that the plugin gave for it. No value of it is told: it may be secret.
    #[error("plugin `{plugin}`, configuration of `{component}` at `{pointer}`: {rule}")]
    Config {
        /// Which plugin.
        plugin: PluginId,
        /// The component.
        component: String,
        /// JSON pointer to the place; empty for the whole.
        pointer: String,
        /// The rule of the schema.
        rule: String,
    },
    /// The worker of the plugin died.
    #[error("plugin `{plugin}`: its worker died ({how})")]
    Crashed {
        /// Which plugin.
        plugin: PluginId,
        /// Name of the signal, or the exit status.
        how: String,
    },
    /// Rows ended without proof that they are all.
    #[error("plugin `{plugin}`: its rows are not complete: {rule}")]
    Incomplete {
        /// Which plugin.
        plugin: PluginId,
        /// The rule that its worker broke, in English.
        rule: String,
    },
    /// The worker gave no sign of life and was ended.
    #[error("plugin `{plugin}`: no sign of life for {} s", after.as_secs())]
    Stalled {
        /// Which plugin.
        plugin: PluginId,
        /// For how long.
        after: Duration,
    },
    /// The worker met one of its limits.
    #[error("plugin `{plugin}`: its worker met the limit of {what} ({limit})")]
    Limit {
        /// Which plugin.
        plugin: PluginId,
        /// `memory`, `file` (bytes) or `cpu` (seconds).
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A worker cannot be started or reached.
    #[error("plugin `{plugin}`: cannot run a worker")]
    Worker {
        /// Which plugin.
        plugin: PluginId,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What a manifest must not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestRule {
    /// A library without `abi`.
    LibraryWithoutAbi,
    /// `abi` that is not `major.minor`.
    AbiUnreadable(String),
    /// A name of a library with anything but letters, digits, `_` and `-`.
    LibraryName(String),
    /// A connector, a notifier or a pack with computed datasets, but without a library.
    NeedsLibrary,
}

impl HostError {
    /// The plugin's own error, when it is one: the text of its own catalogue goes to people.
    #[must_use]
    pub fn failure(&self) -> Option<&PluginFailure> {
        match self {
            Self::Plugin(failure) => Some(failure),
            _ => None,
        }
    }

    /// Faults of a manifest, each with its place.
    #[must_use]
    pub fn faults(&self) -> &[PackFault] {
        match self {
            Self::Manifest { faults, .. } => faults,
            _ => &[],
        }
    }
}
