//! What can go wrong between the host and a plugin, sorted by cause.

use std::path::PathBuf;
use zhengai_model::fault::{Explain, Fault};
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
    /// The plugin returned an error.
    #[error("plugin `{}`: {}", .0.plugin, .0.text)]
    Plugin(Box<PluginFailure>),
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

impl Explain for HostError {
    fn fault(&self) -> Fault {
        match self {
            Self::ManifestMissing { .. }
            | Self::Manifest { .. }
            | Self::Contradiction { .. }
            | Self::NotText { .. }
            | Self::TooLarge { .. }
            | Self::Abi { .. }
            | Self::Open { .. }
            | Self::Entry { .. }
            | Self::OtherPlugin { .. }
            | Self::NoLibrary { .. } => Fault::Invalid,
            Self::Twice { .. } | Self::Changed { .. } | Self::NeedsRestart { .. } => Fault::Conflict,
            Self::File { .. } => Fault::Unavailable,
            Self::LibraryMissing { .. } | Self::NoComponent { .. } => Fault::NotFound,
            Self::Malformed { .. } | Self::Poisoned { .. } => Fault::Internal,
            Self::Plugin(failure) => match failure.class {
                ErrorClass::Config | ErrorClass::Data | ErrorClass::Unsupported => Fault::Invalid,
                ErrorClass::Auth => Fault::Forbidden,
                ErrorClass::Transient | ErrorClass::System | ErrorClass::Timeout | ErrorClass::RateLimit => {
                    Fault::Unavailable
                }
                ErrorClass::Cancelled => Fault::Cancelled,
                ErrorClass::Abi | ErrorClass::Panic => Fault::Internal,
            },
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::ManifestMissing { dir } => Message::new("host-manifest-missing").with("dir", dir.display()),
            Self::Manifest { dir, faults } => {
                let first = faults.first();
                Message::new("host-manifest-faults")
                    .with("dir", dir.display())
                    .with("count", faults.len())
                    .with("file", first.map_or("plugin.toml", |fault| fault.file.as_str()))
                    .with("line", first.map_or(0, |fault| fault.line))
                    .with("column", first.map_or(0, |fault| fault.column))
            }
            Self::Contradiction { manifest, plugin, rule } => {
                let message = match rule {
                    ManifestRule::LibraryWithoutAbi => Message::new("host-library-without-abi"),
                    ManifestRule::AbiUnreadable(abi) => Message::new("host-abi-unreadable").with("abi", abi),
                    ManifestRule::LibraryName(name) => Message::new("host-library-name").with("name", name),
                    ManifestRule::NeedsLibrary => Message::new("host-needs-library"),
                };
                message.with("file", manifest.display()).with("plugin", plugin)
            }
            Self::Twice { plugin, first, second } => Message::new("host-plugin-twice")
                .with("plugin", plugin)
                .with("first", first.display())
                .with("second", second.display()),
            Self::File { path, .. } => Message::new("host-file-unreadable").with("path", path.display()),
            Self::NotText { path } => Message::new("host-file-not-text").with("path", path.display()),
            Self::TooLarge { path, limit } => {
                Message::new("host-file-too-large").with("path", path.display()).with("limit", limit / (1024 * 1024))
            }
            Self::Abi { plugin, abi } => {
                Message::new("host-abi-other").with("plugin", plugin).with("abi", abi).with("host", ZG_ABI_MAJOR)
            }
            Self::NoLibrary { plugin } => Message::new("host-no-library").with("plugin", plugin),
            Self::LibraryMissing { plugin, path } => {
                Message::new("host-library-missing").with("plugin", plugin).with("path", path.display())
            }
            Self::Changed { plugin, what, expected, found } => Message::new("host-changed")
                .with("plugin", plugin)
                .with("what", what)
                .with("expected", expected)
                .with("found", found),
            Self::NeedsRestart { plugin, path } => {
                Message::new("host-needs-restart").with("plugin", plugin).with("path", path.display())
            }
            Self::Open { plugin, path, .. } => {
                Message::new("host-open-failed").with("plugin", plugin).with("path", path.display())
            }
            Self::Entry { plugin, path, .. } => {
                Message::new("host-no-entry").with("plugin", plugin).with("path", path.display())
            }
            Self::OtherPlugin { plugin, described } => {
                Message::new("host-other-plugin").with("plugin", plugin).with("described", described)
            }
            Self::NoComponent { plugin, component } => {
                Message::new("host-no-component").with("plugin", plugin).with("component", component)
            }
            Self::Malformed { plugin, call, rule } => {
                Message::new("host-malformed").with("plugin", plugin).with("call", call).with("rule", rule)
            }
            Self::Poisoned { plugin } => Message::new("host-poisoned").with("plugin", plugin),
            Self::Plugin(failure) => {
                let key = match failure.class {
                    ErrorClass::Abi => "host-plugin-abi",
                    ErrorClass::Config => "host-plugin-config",
                    ErrorClass::Transient => "host-plugin-transient",
                    ErrorClass::System => "host-plugin-system",
                    ErrorClass::Data => "host-plugin-data",
                    ErrorClass::Auth => "host-plugin-auth",
                    ErrorClass::Unsupported => "host-plugin-unsupported",
                    ErrorClass::Cancelled => "host-plugin-cancelled",
                    ErrorClass::Timeout => "host-plugin-timeout",
                    ErrorClass::RateLimit => "host-plugin-rate-limit",
                    ErrorClass::Panic => "host-plugin-panic",
                };
                Message::new(key).with("plugin", &failure.plugin).with("text", &failure.text)
            }
        }
    }
}
