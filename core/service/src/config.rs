//! Configuration: default < file < environment < command line, each value with its origin, validated once into a
//! runtime type. Unknown keys are refused with file, line and column.

mod console;
mod file;
mod keys;
mod serve;

pub use console::ConsoleSettings;
pub(crate) use keys::RECORD_URL;
pub use serve::{Clear, ServeSettings};

use crate::college::Opening;
use crate::error::ServiceError;
use file::FileConfig;
use keys::{FIXED, Key, Kind, keys};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use zhengai_host::{Limits, WorkerSettings};
use zhengai_model::rights::Right;
use zhengai_model::text::Language;
use zhengai_warehouse::DeskLimits;

/// Where a value comes from, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Built in.
    Default,
    /// `zhengai.toml` of the data directory.
    File,
    /// `ZHENGAI_<KEY>` with dots as underscores.
    Environment,
    /// `--set KEY=VALUE`.
    Flag,
}

impl Origin {
    /// The word of the origin, used in catalogue keys and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

impl Explained {
    /// Whether the file may be changed here: nothing stronger says the value, and no other command is for it.
    pub fn is_editable(&self) -> bool {
        self.origin <= Origin::File && !FIXED.contains(&self.key)
    }
}

/// Sets a value in the file of a college, or takes it out so that the default counts again. What people wrote besides
/// stays.
pub async fn set(opening: &Opening, key: &str, value: Option<&str>) -> Result<(), ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let unknown = || ServiceError::UnknownSetting {
        key: key.to_owned(),
        known: keys().map(|key| key.name).collect::<Vec<_>>().join(", "),
    };
    let known = keys().find(|known| known.name == key).ok_or_else(unknown)?;
    if FIXED.contains(&known.name) {
        return Err(ServiceError::SettingFixed { key: known.name });
    }
    let origin = opening.config.origin(known.name);
    if origin > Origin::File {
        return Err(ServiceError::SettingElsewhere { key: known.name, origin: origin.as_str() });
    }
    let before = opening.config.text(known.name).to_owned();
    let path = opening.data.config_file();
    let text = crate::config_edit::with_value(&path, known.name, value.map(|value| known.written(value)).as_deref())?;
    // Read as it will be read, so that a value that is none is refused before anything is written.
    Config::of_text(&path, &text, &BTreeMap::new(), &[])?;
    crate::export::write_whole(&path, text.as_bytes())?;
    let record = crate::records::look(opening).await?;
    let note = zhengai_store::Note {
        action: "config.set".to_owned(),
        thing: "setting".to_owned(),
        subject: key.to_owned(),
        why: None,
        detail: Some(serde_json::json!({ "before": before, "after": value })),
    };
    let noted = record.audit_note(&opening.actor, &note).await;
    record.close().await;
    Ok(noted?)
}

/// What becomes of a plan that has nothing alarming in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Applied at once when the automatic rules find nothing.
    Auto,
    /// Held until a person approves.
    Hold,
}

/// Values in force, each with its origin.
#[derive(Debug, Clone)]
pub struct Config {
    values: BTreeMap<&'static str, (String, Origin)>,
}

/// One line of `config explain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Dotted key.
    pub key: &'static str,
    /// Value in force.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Word of what a value looks like.
    pub kind: &'static str,
    /// The value without any file.
    pub default: &'static str,
}

impl Config {
    /// Reads the file if it is there, then the environment, then the flags, and validates.
    pub fn load(
        file: &Path,
        environment: &BTreeMap<String, String>,
        flags: &[(String, String)],
    ) -> Result<Self, ServiceError> {
        let text = match file.exists() {
            true => {
                std::fs::read_to_string(file).map_err(|source| ServiceError::Io { path: file.to_path_buf(), source })?
            }
            false => String::new(),
        };
        Self::of_text(file, &text, environment, flags)
    }

    /// The same from the text of the file.
    fn of_text(
        file: &Path,
        text: &str,
        environment: &BTreeMap<String, String>,
        flags: &[(String, String)],
    ) -> Result<Self, ServiceError> {
        let mut values: BTreeMap<&'static str, (String, Origin)> =
            keys().map(|key| (key.name, (key.default.to_owned(), Origin::Default))).collect();
        let parsed: FileConfig = toml::from_str(text).map_err(|source| ServiceError::config(file, text, &source))?;
        for (name, value) in parsed.values() {
            if let Some(value) = value {
                values.insert(name, (value, Origin::File));
            }
        }
        for key in keys() {
            let name = format!("ZHENGAI_{}", key.name.replace('.', "_").to_uppercase());
            if let Some(value) = environment.get(&name) {
                values.insert(key.name, (value.clone(), Origin::Environment));
            }
        }
        for (name, value) in flags {
            let key = keys().find(|key| key.name == name).ok_or_else(|| ServiceError::UnknownSetting {
                key: name.clone(),
                known: keys().map(|key| key.name).collect::<Vec<_>>().join(", "),
            })?;
            values.insert(key.name, (value.clone(), Origin::Flag));
        }
        let config = Self { values };
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ServiceError> {
        for key in keys() {
            let value = self.text(key.name);
            let good = match key.kind {
                Kind::Text => !value.chars().any(char::is_control),
                Kind::Language => matches!(value, "" | "zh-CN" | "en"),
                Kind::Share => {
                    value.parse::<Decimal>().is_ok_and(|share| share >= Decimal::ZERO && share <= Decimal::ONE)
                }
                Kind::Count => value.parse::<u64>().is_ok_and(|count| count > 0),
                Kind::Review => matches!(value, "auto" | "hold"),
                Kind::Socket => value.parse::<SocketAddr>().is_ok(),
                Kind::Clear => matches!(value, "loopback" | "anywhere"),
                Kind::OneOf(words) => words.contains(&value),
                Kind::Address => value.is_empty() || zhengai_store::Address::parse(value).is_ok(),
            };
            if !good {
                return Err(ServiceError::BadSetting { key: key.name.to_owned(), value: key.shown(value) });
            }
        }
        Ok(())
    }

    fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |(value, _)| value.as_str())
    }

    /// Where a value comes from.
    pub(crate) fn origin(&self, name: &str) -> Origin {
        self.values.get(name).map_or(Origin::Default, |(_, origin)| *origin)
    }

    /// Where the record is: an address, or nothing for the file of the data directory.
    pub(crate) fn record_url(&self) -> &str {
        self.text(RECORD_URL)
    }

    /// The file with the password of the record, or nothing.
    pub(crate) fn record_password_file(&self) -> &str {
        self.text("record.password_file")
    }

    fn count(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(u64::MAX)
    }

    fn share(&self, name: &str) -> Decimal {
        self.text(name).parse().unwrap_or(Decimal::ONE)
    }

    /// All keys with value and origin.
    pub fn explain(&self) -> Vec<Explained> {
        keys()
            .filter_map(|key| {
                let (value, origin) = self.values.get(key.name)?;
                Some(Explained {
                    key: key.name,
                    value: key.shown(value),
                    origin: *origin,
                    kind: key.kind.word(),
                    default: key.default,
                })
            })
            .collect()
    }

    /// The commented sample file in the language of the texts: every key with its default.
    pub fn sample(texts: &crate::text::Texts) -> String {
        let mut out = format!("# {}\n\n", texts.text("config-sample-head", &[]));
        let mut section = "";
        let (flat, nested): (Vec<&Key>, Vec<&Key>) = keys().partition(|key| !key.name.contains('.'));
        for key in flat.into_iter().chain(nested) {
            let (group, name) = key.name.split_once('.').unwrap_or(("", key.name));
            if group != section {
                out.push_str(&format!("[{group}]\n"));
                section = group;
            }
            let explanation = texts.text(&format!("config-{}", key.name.replace(['.', '_'], "-")), &[]);
            let value = match key.kind {
                Kind::Count => key.default.to_owned(),
                _ => format!("\"{}\"", key.default),
            };
            out.push_str(&format!("# {explanation}\n# {name} = {value}\n\n"));
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// Identity of the college, the first partition of every table.
    pub fn college_id(&self) -> &str {
        self.text("college.id")
    }

    /// Name of the college as reports print it; its id when it has none.
    pub fn college_name(&self) -> &str {
        let name = self.text("college.name");
        if name.is_empty() { self.college_id() } else { name }
    }

    /// The language, when the file or the environment states one.
    pub fn language(&self) -> Option<Language> {
        self.language_of("language")
    }

    fn language_of(&self, name: &str) -> Option<Language> {
        match self.text(name) {
            "zh-CN" => Some(Language::Chinese),
            "en" => Some(Language::English),
            _ => None,
        }
    }

    /// What becomes of unalarming plans.
    pub fn review(&self) -> Review {
        if self.text("import.review") == "hold" { Review::Hold } else { Review::Auto }
    }

    /// Largest share of a dataset that one full load may delete.
    pub fn max_delete_share(&self) -> Decimal {
        self.share("import.max_delete_share")
    }

    /// Share of rejected rows from which a plan is held for a person.
    pub fn hold_reject_share(&self) -> Decimal {
        self.share("import.hold_reject_share")
    }

    /// Limits of the file connector, as its configuration wants them.
    pub fn connector_limits(&self) -> serde_json::Value {
        serde_json::json!({
            "max_unpacked_bytes": self.count("import.max_unpacked_bytes"),
            "max_line_bytes": self.count("import.max_line_bytes"),
            "max_cells": self.count("import.max_cells"),
        })
    }

    /// Rows after which a batch of a stream closes at the next checkpoint.
    pub fn chunk_rows(&self) -> u64 {
        self.count("sync.chunk_rows")
    }

    /// Tries in a row that bring nothing, before a stream gives up.
    pub fn sync_attempts(&self) -> u64 {
        self.count("sync.attempts")
    }

    /// Wait before the second try.
    pub fn first_wait(&self) -> Duration {
        Duration::from_millis(self.count("sync.first_wait_ms"))
    }

    /// Longest wait between two tries.
    pub fn longest_wait(&self) -> Duration {
        Duration::from_millis(self.count("sync.longest_wait_ms"))
    }

    /// Workers of this program, with the limits that are set.
    pub(crate) fn worker(&self, program: WorkerSettings) -> WorkerSettings {
        WorkerSettings {
            limits: Limits {
                memory_bytes: self.count("workers.memory_mb").saturating_mul(1 << 20),
                cpu_seconds: self.count("workers.cpu_seconds"),
                open_files: self.count("workers.open_files"),
                ..program.limits
            },
            stall: Duration::from_secs(self.count("workers.stall_seconds")),
            grace: Duration::from_secs(self.count("workers.grace_seconds")),
            ..program
        }
    }

    /// What one query of the query desk may take.
    pub(crate) fn desk_limits(&self) -> DeskLimits {
        let size = |name: &str| usize::try_from(self.count(name)).unwrap_or(usize::MAX);
        let memory = size("query.memory_mb").saturating_mul(1 << 20);
        // Texts of an answer stand in memory beside what the query needs; a quarter of that is plenty.
        let bytes = memory / 4;
        DeskLimits { rows: size("query.rows"), bytes, memory, time: Duration::from_secs(self.count("query.seconds")) }
    }

    /// How many peers an object must have, itself included, before it is compared with them: fewer would tell of persons.
    pub fn min_peers(&self) -> u64 {
        self.count("portrait.min_peers")
    }

    /// The hierarchy view of diagnoses: `as-was`, `as-is` or a date.
    pub fn view(&self) -> &str {
        self.text("engine.view")
    }
}

#[cfg(test)]
mod tests;
