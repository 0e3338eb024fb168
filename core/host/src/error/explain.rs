//! What to tell a person about an error of the host, by keys of the catalogue.

use super::{HostError, ManifestRule};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_plugin_abi::{ErrorClass, ZG_ABI_MAJOR};

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
            | Self::Key { .. }
            | Self::NoLibrary { .. } => Fault::Invalid,
            Self::NotSigned { .. } | Self::BadSignature { .. } | Self::UnknownKey { .. } => Fault::Forbidden,
            Self::Twice { .. } | Self::Changed { .. } | Self::NeedsRestart { .. } => Fault::Conflict,
            Self::Config { .. } => Fault::Invalid,
            Self::Limit { .. } => Fault::Exhausted,
            Self::File { .. } | Self::Worker { .. } | Self::Stalled { .. } => Fault::Unavailable,
            Self::LibraryMissing { .. } | Self::NoComponent { .. } => Fault::NotFound,
            Self::Malformed { .. } | Self::Poisoned { .. } | Self::Crashed { .. } | Self::Incomplete { .. } => {
                Fault::Internal
            }
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
            Self::Config { plugin, component, pointer, rule } => Message::new("host-config")
                .with("plugin", plugin)
                .with("component", component)
                .with("pointer", if pointer.is_empty() { "/" } else { pointer })
                .with("rule", rule),
            Self::Crashed { plugin, how } => Message::new("host-crashed").with("plugin", plugin).with("how", how),
            Self::Incomplete { plugin, rule } => {
                Message::new("host-incomplete").with("plugin", plugin).with("rule", rule)
            }
            Self::Stalled { plugin, after } => {
                Message::new("host-stalled").with("plugin", plugin).with("seconds", after.as_secs())
            }
            Self::Limit { plugin, what, limit } => {
                let (key, shown) = match *what {
                    "cpu" => ("host-limit-cpu", *limit),
                    "file" => ("host-limit-file", limit / (1024 * 1024)),
                    _ => ("host-limit-memory", limit / (1024 * 1024)),
                };
                Message::new(key).with("plugin", plugin).with("limit", shown)
            }
            Self::Worker { plugin, .. } => Message::new("host-worker").with("plugin", plugin),
            Self::Key { reason } => Message::new("host-key").with("reason", reason),
            Self::NotSigned { plugin } => Message::new("host-not-signed").with("plugin", plugin),
            Self::BadSignature { plugin, reason } => {
                Message::new("host-bad-signature").with("plugin", plugin).with("reason", reason)
            }
            Self::UnknownKey { plugin, key } => {
                Message::new("host-unknown-key").with("plugin", plugin).with("key", key)
            }
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
