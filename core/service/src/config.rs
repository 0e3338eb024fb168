//! Configuration: default < file < environment < command line, each value with its origin, validated once into a
//! runtime type. Unknown keys are refused with file, line and column.

mod serve;

pub use serve::{Clear, ServeSettings};

use crate::college::Opening;
use crate::error::ServiceError;
use rust_decimal::Decimal;
use serde::Deserialize;
use serve::FileServe;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use zhengai_host::{Limits, WorkerSettings};
use zhengai_model::fault::Explain;
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

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
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
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Language => "language",
            Self::Share => "share",
            Self::Count => "count",
            Self::Review => "review",
            Self::Address => "address",
            Self::Socket => "socket",
            Self::Clear => "clear",
        }
    }
}

/// Keys that another command is for: the identity of the college and where its record is.
const FIXED: [&str; 3] = ["college.id", RECORD_URL, "record.password_file"];

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

/// One key: name, kind, default. Its explanation is the catalogue entry `config-<name with dashes>`.
struct Key {
    name: &'static str,
    kind: Kind,
    default: &'static str,
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
fn keys() -> impl Iterator<Item = &'static Key> + Clone {
    OWN.iter().chain(&serve::KEYS)
}

impl Key {
    /// The value as TOML.
    fn written(&self, value: &str) -> String {
        match self.kind {
            Kind::Count => value.to_owned(),
            _ => toml::Value::String(value.to_owned()).to_string(),
        }
    }

    /// The value as people may see it: an address without its password.
    fn shown(&self, value: &str) -> String {
        if self.kind != Kind::Address || value.is_empty() {
            return value.to_owned();
        }
        match zhengai_store::Address::parse(value) {
            Ok(address) => address.split_password().0,
            Err(error) => error.message().args.into_iter().map(|(_, value)| value).next().unwrap_or_default(),
        }
    }
}

/// The file as it is written. Every key is optional; an unknown one is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileConfig {
    language: Option<String>,
    #[serde(default)]
    college: FileCollege,
    #[serde(default)]
    import: FileImport,
    #[serde(default)]
    sync: FileSync,
    #[serde(default)]
    workers: FileWorkers,
    #[serde(default)]
    query: FileQuery,
    #[serde(default)]
    engine: FileEngine,
    #[serde(default)]
    portrait: FilePortrait,
    #[serde(default)]
    record: FileRecord,
    #[serde(default)]
    serve: FileServe,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCollege {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileImport {
    review: Option<String>,
    max_delete_share: Option<String>,
    hold_reject_share: Option<String>,
    max_unpacked_bytes: Option<u64>,
    max_line_bytes: Option<u64>,
    max_cells: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSync {
    chunk_rows: Option<u64>,
    attempts: Option<u64>,
    first_wait_ms: Option<u64>,
    longest_wait_ms: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWorkers {
    memory_mb: Option<u64>,
    cpu_seconds: Option<u64>,
    open_files: Option<u64>,
    stall_seconds: Option<u64>,
    grace_seconds: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileQuery {
    rows: Option<u64>,
    seconds: Option<u64>,
    memory_mb: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEngine {
    view: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePortrait {
    min_peers: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRecord {
    url: Option<String>,
    password_file: Option<String>,
}

impl FileConfig {
    fn values(self) -> Vec<(&'static str, Option<String>)> {
        let count = |number: Option<u64>| number.map(|number| number.to_string());
        let mut values = vec![
            ("college.id", self.college.id),
            ("college.name", self.college.name),
            ("language", self.language),
            ("import.review", self.import.review),
            ("import.max_delete_share", self.import.max_delete_share),
            ("import.hold_reject_share", self.import.hold_reject_share),
            ("import.max_unpacked_bytes", count(self.import.max_unpacked_bytes)),
            ("import.max_line_bytes", count(self.import.max_line_bytes)),
            ("import.max_cells", count(self.import.max_cells)),
            ("sync.chunk_rows", count(self.sync.chunk_rows)),
            ("sync.attempts", count(self.sync.attempts)),
            ("sync.first_wait_ms", count(self.sync.first_wait_ms)),
            ("sync.longest_wait_ms", count(self.sync.longest_wait_ms)),
            ("workers.memory_mb", count(self.workers.memory_mb)),
            ("workers.cpu_seconds", count(self.workers.cpu_seconds)),
            ("workers.open_files", count(self.workers.open_files)),
            ("workers.stall_seconds", count(self.workers.stall_seconds)),
            ("workers.grace_seconds", count(self.workers.grace_seconds)),
            ("query.rows", count(self.query.rows)),
            ("query.seconds", count(self.query.seconds)),
            ("query.memory_mb", count(self.query.memory_mb)),
            ("engine.view", self.engine.view),
            ("portrait.min_peers", count(self.portrait.min_peers)),
            (RECORD_URL, self.record.url),
            ("record.password_file", self.record.password_file),
        ];
        values.extend(self.serve.values());
        values
    }
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
        match self.text("language") {
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
mod tests {
    use super::{Config, Origin};
    use crate::error::ServiceError;
    use crate::text::texts;
    use std::collections::BTreeMap;
    use zhengai_model::text::Language;

    fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, ServiceError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("zhengai.toml");
        std::fs::write(&path, file).expect("a file");
        let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Config::load(&path, &pairs(environment).into_iter().collect::<BTreeMap<_, _>>(), &pairs(flags))
    }

    fn origin(config: &Config, key: &str) -> (String, Origin) {
        let found = config.explain().into_iter().find(|line| line.key == key).expect("a known key");
        (found.value, found.origin)
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
        let key = "import.review";
        let file = "[import]\nreview = \"hold\"\n";
        let environment = [("ZHENGAI_IMPORT_REVIEW", "auto")];
        let of = |file, environment: &[_], flags: &[_]| origin(&load(file, environment, flags).expect("valid"), key);
        assert_eq!(of("", &[], &[]), ("auto".to_owned(), Origin::Default));
        assert_eq!(of(file, &[], &[]), ("hold".to_owned(), Origin::File));
        assert_eq!(of(file, &environment, &[]), ("auto".to_owned(), Origin::Environment));
        assert_eq!(of(file, &environment, &[(key, "hold")]), ("hold".to_owned(), Origin::Flag));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let refused = load("[import]\nreviw = \"hold\"\n", &[], &[]);
        assert!(matches!(refused, Err(ServiceError::BadFile { line: 2, column: 1, .. })), "{refused:?}");
        let refused = load("", &[], &[("import.reviw", "hold")]);
        assert!(matches!(refused, Err(ServiceError::UnknownSetting { .. })), "{refused:?}");
    }

    #[test]
    fn an_impossible_value_is_refused_wherever_it_comes_from() {
        for refused in [
            load("[import]\nmax_delete_share = \"1.5\"\n", &[], &[]),
            load("", &[("ZHENGAI_LANGUAGE", "fr")], &[]),
            load("", &[], &[("import.max_cells", "0")]),
        ] {
            assert!(matches!(refused, Err(ServiceError::BadSetting { .. })), "{refused:?}");
        }
    }

    #[test]
    fn the_password_of_a_record_is_shown_neither_when_it_is_right_nor_when_it_is_wrong() {
        let good = load("[record]\nurl = \"postgres://u:geheim@h/d\"\n", &[], &[]).expect("an address");
        assert_eq!(good.record_url(), "postgres://u:geheim@h/d");
        assert_eq!(origin(&good, "record.url"), ("postgres://u@h/d".to_owned(), Origin::File));
        for bad in ["postgres://u:geheim@h", "mysql://u:geheim@h/d", "u:geheim@h/d"] {
            let refused = load("", &[("ZHENGAI_RECORD_URL", bad)], &[]).expect_err("no address");
            assert!(
                matches!(&refused, ServiceError::BadSetting { value, .. } if !value.contains("geheim")),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn the_sample_in_the_tree_is_the_one_that_is_printed() {
        let sample = Config::sample(&texts(Language::Chinese));
        assert_eq!(
            sample,
            include_str!("../../../config/zhengai.sample.toml"),
            "run `zhengai --lang zh-CN config sample`"
        );
    }

    #[test]
    fn the_sample_is_a_valid_file_when_every_comment_mark_before_a_key_is_taken_away() {
        let sample = Config::sample(&texts(Language::English));
        let lines: Vec<String> = sample
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") => rest.to_owned(),
                _ => line.to_owned(),
            })
            .collect();
        assert!(load(&lines.join("\n"), &[], &[]).is_ok(), "{lines:?}");
    }
}
