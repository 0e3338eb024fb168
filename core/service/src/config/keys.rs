//! The keys of the configuration: what each is called, what its value looks like, and what it is without any file.

use super::{console, serve};
use zhengai_model::fault::Explain;

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Language,
    Share,
    Count,
    Review,
    /// Address of a record; it may hold a password.
    Address,
    /// Address and port on which to listen.
    Socket,
    /// Where requests may come in that are not encrypted.
    Clear,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Language => "language",
            Self::Share => "share",
            Self::Count => "count",
            Self::Review => "review",
            Self::Address => "address",
            Self::Socket => "socket",
            Self::Clear => "clear",
            Self::OneOf(_) => "choice",
        }
    }
}

/// Keys that another command is for: the identity of the college and where its record is.
pub(super) const FIXED: [&str; 3] = ["college.id", RECORD_URL, "record.password_file"];

/// One key: name, kind, default. Its explanation is the catalogue entry `config-<name with dashes>`.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) default: &'static str,
}

/// The key that says where the record is.
pub(crate) const RECORD_URL: &str = "record.url";

const OWN: [Key; 25] = [
    Key { name: "college.id", kind: Kind::Text, default: "college" },
    Key { name: "college.name", kind: Kind::Text, default: "" },
    Key { name: "language", kind: Kind::Language, default: "" },
    Key { name: "import.review", kind: Kind::Review, default: "auto" },
    Key { name: "import.max_delete_share", kind: Kind::Share, default: "0.2" },
    Key { name: "import.hold_reject_share", kind: Kind::Share, default: "1" },
    Key { name: "import.max_unpacked_bytes", kind: Kind::Count, default: "1073741824" },
    Key { name: "import.max_line_bytes", kind: Kind::Count, default: "16777216" },
    Key { name: "import.max_cells", kind: Kind::Count, default: "100000000" },
    Key { name: "sync.chunk_rows", kind: Kind::Count, default: "200000" },
    Key { name: "sync.attempts", kind: Kind::Count, default: "5" },
    Key { name: "sync.first_wait_ms", kind: Kind::Count, default: "1000" },
    Key { name: "sync.longest_wait_ms", kind: Kind::Count, default: "300000" },
    Key { name: "workers.memory_mb", kind: Kind::Count, default: "4096" },
    Key { name: "workers.cpu_seconds", kind: Kind::Count, default: "14400" },
    Key { name: "workers.open_files", kind: Kind::Count, default: "1024" },
    Key { name: "workers.stall_seconds", kind: Kind::Count, default: "300" },
    Key { name: "workers.grace_seconds", kind: Kind::Count, default: "5" },
    Key { name: "query.rows", kind: Kind::Count, default: "10000" },
    Key { name: "query.seconds", kind: Kind::Count, default: "60" },
    Key { name: "query.memory_mb", kind: Kind::Count, default: "1024" },
    Key { name: "engine.view", kind: Kind::Text, default: "as-was" },
    Key { name: "portrait.min_peers", kind: Kind::Count, default: "5" },
    Key { name: RECORD_URL, kind: Kind::Address, default: "" },
    Key { name: "record.password_file", kind: Kind::Text, default: "" },
];

/// All keys, in the order of the sample file.
pub(super) fn keys() -> impl Iterator<Item = &'static Key> + Clone {
    OWN.iter().chain(&console::KEYS).chain(&serve::KEYS)
}

impl Key {
    /// The value as TOML.
    pub(super) fn written(&self, value: &str) -> String {
        match self.kind {
            Kind::Count => value.to_owned(),
            _ => toml::Value::String(value.to_owned()).to_string(),
        }
    }

    /// The value as people may see it: an address without its password.
    pub(super) fn shown(&self, value: &str) -> String {
        if self.kind != Kind::Address || value.is_empty() {
            return value.to_owned();
        }
        match zhengai_store::Address::parse(value) {
            Ok(address) => address.split_password().0,
            Err(error) => error.message().args.into_iter().map(|(_, value)| value).next().unwrap_or_default(),
        }
    }
}
