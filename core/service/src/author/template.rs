//! New plugins from templates: files of this repository, with a few words put in. Connectors begin as the complete
//! examples of the guide, so that what authors start from is what the tests build.

use super::{io, write_new};
use crate::error::ServiceError;
use std::path::{Path, PathBuf};
use zhengai_model::fault::Explain;
use zhengai_model::ids::PluginId;

/// What the plugin is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rows in.
    Connector,
    /// Definitions, and what SQL cannot say.
    Layer,
    /// Messages out.
    Notifier,
}

/// What it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// With the SDK.
    Rust,
    /// With the header.
    C,
}

/// A plugin to be made.
#[derive(Debug, Clone)]
pub struct NewPlugin {
    /// Its id.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// What it is written in.
    pub language: Language,
    /// Its folder, new or empty; a folder with its name when absent.
    pub dir: Option<PathBuf>,
    /// Folder of the SDK (`plugins/sdk` of a checkout); looked for above the new folder when absent.
    pub sdk: Option<PathBuf>,
}

type Files = &'static [(&'static str, &'static str)];

macro_rules! files {
    ($from:literal: $($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $from, "/", $path, ".in")))),*]
    };
}

macro_rules! example {
    ($from:literal: $($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../docs/guide/examples/", $from, "/", $path)))),*]
    };
}

const LAYER_RUST: Files = files!("templates/plugin/layer-rust":
    "plugin.toml", "src/lib.rs", "datasets/loans.toml", "datasets/overdue.toml", "indicators/reading.toml",
    "tests/transforms/overdue.json", "locales/en.ftl", "locales/zh-CN.ftl");
const LAYER_C: Files = files!("templates/plugin/layer-c":
    "plugin.toml", "layer.c", "datasets/loans.toml", "datasets/overdue.toml", "indicators/reading.toml",
    "tests/transforms/overdue.json", "locales/en.ftl", "locales/zh-CN.ftl");
const NOTIFIER_RUST: Files = files!("templates/plugin/notifier-rust":
    "plugin.toml", "src/lib.rs", "tests/config/good.json", "tests/config/bad-no-folder.json", "locales/en.ftl",
    "locales/zh-CN.ftl");
const NOTIFIER_C: Files = files!("templates/plugin/notifier-c":
    "plugin.toml", "notifier.c", "tests/config/good.json", "tests/config/bad-no-folder.json", "locales/en.ftl",
    "locales/zh-CN.ftl");
const CONNECTOR_RUST: Files = example!("connector-rust":
    "plugin.toml", "src/lib.rs", "src/folder.rs", "src/rows.rs", "tests/config/good.json",
    "tests/config/bad-no-folder.json", "tests/config/bad-batch.json", "tests/data/loans.jsonl", "tests/data/visits.jsonl",
    "locales/en.ftl", "locales/zh-CN.ftl");
const CONNECTOR_C: Files = example!("connector-c":
    "plugin.toml", "connector.c", "journal.c", "journal.h", "tests/config/bad-batch-rows.json", "tests/config/bad-key.json", "tests/config/bad-path.json", "tests/config/good.json",
    "tests/swipes.tsv", "locales/en.ftl", "locales/zh-CN.ftl");
/// What every plugin in C shares: errors, JSON, Arrow by hand.
const C_HELP: Files = example!("connector-c": "columns.c", "columns.h", "fault.c", "fault.h", "json.c", "json.h");
const C_ROWS: Files = files!("templates/plugin": "rows.h");
const HEADER: &str = include_str!("../../../../plugins/abi/include/zhengai_plugin.h");
const CARGO: &str = include_str!("../../templates/plugin/cargo.toml.in");
const MAKEFILE: &str = include_str!("../../templates/plugin/makefile.in");
const README: &str = include_str!("../../templates/plugin/readme.md.in");
const IGNORED: &str = "/target\n/*.so\n";

/// Writes a complete small plugin that builds and passes the check as it is; its folder.
pub fn new_plugin(new: &NewPlugin) -> Result<PathBuf, ServiceError> {
    let bad = || ServiceError::BadArgument { what: "plugin", value: new.name.clone() };
    let id = PluginId::new(&new.name).map_err(|error| {
        tracing::debug!(key = %error.message().key, "no plugin id");
        bad()
    })?;
    if id.as_str().contains('.') {
        return Err(bad());
    }
    let dir = new.dir.clone().unwrap_or_else(|| PathBuf::from(id.as_str()));
    std::fs::create_dir_all(&dir).map_err(|source| io(&dir, source))?;
    if std::fs::read_dir(&dir).map_err(|source| io(&dir, source))?.next().is_some() {
        return Err(ServiceError::NotEmpty { data: dir });
    }
    let dir = dir.canonicalize().map_err(|source| io(&dir, source))?;
    let sdk = match (&new.sdk, new.language) {
        (_, Language::C) => None,
        (Some(sdk), Language::Rust) => Some(sdk.canonicalize().map_err(|source| io(sdk, source))?),
        (None, Language::Rust) => sdk_above(&dir),
    };
    let words = Words::new(id.as_str(), sdk.as_deref(), new.language);
    for (path, text) in files(new.kind, new.language) {
        write(&dir, path, &words.put_into(text))?;
    }
    // Versions as the SDK was tested with, so that the first build needs no network where the SDK's own needed none.
    let locked = sdk.as_deref().and_then(|sdk| std::fs::read_to_string(sdk.join("../../Cargo.lock")).ok());
    if let Some(locked) = locked {
        write(&dir, "Cargo.lock", &locked)?;
    }
    Ok(dir)
}

fn files(kind: Kind, language: Language) -> Vec<(&'static str, &'static str)> {
    let own = match (kind, language) {
        (Kind::Connector, Language::Rust) => CONNECTOR_RUST,
        (Kind::Connector, Language::C) => CONNECTOR_C,
        (Kind::Layer, Language::Rust) => LAYER_RUST,
        (Kind::Layer, Language::C) => LAYER_C,
        (Kind::Notifier, Language::Rust) => NOTIFIER_RUST,
        (Kind::Notifier, Language::C) => NOTIFIER_C,
    };
    let mut files = own.to_vec();
    match language {
        Language::Rust => files.push(("Cargo.toml", CARGO)),
        Language::C => {
            files.extend(C_HELP);
            if kind != Kind::Connector {
                files.extend(C_ROWS);
            }
            files.extend([("Makefile", MAKEFILE), ("zhengai_plugin.h", HEADER)]);
        }
    }
    files.extend([("README.md", README), (".gitignore", IGNORED)]);
    files
}

/// Words of a new plugin in the places of those of its template.
struct Words(Vec<(&'static str, String)>);

impl Words {
    fn new(id: &str, sdk: Option<&Path>, language: Language) -> Self {
        let snake = id.replace('-', "_");
        let sdk = sdk.map_or_else(|| "../zhengai/plugins/sdk".to_owned(), |sdk| sdk.display().to_string());
        let build = match language {
            Language::Rust => format!("cargo build && cp target/debug/lib{snake}.so ."),
            Language::C => "make".to_owned(),
        };
        Self(vec![
            ("@ID@", id.to_owned()),
            ("@LIBRARY@", snake.clone()),
            ("@SNAKE@", snake.clone()),
            ("@KEBAB@", id.to_owned()),
            ("@UPPER@", id.to_uppercase()),
            ("@SDK@", sdk),
            ("@BUILD@", build),
            // What the examples are called.
            ("connector-exports", id.to_owned()),
            ("connector_exports", snake.clone()),
            ("connector-journal", id.to_owned()),
            ("library = \"journal\"", format!("library = \"{snake}\"")),
            ("version = \"1.0.0\"", "version = \"0.1.0\"".to_owned()),
            ("\\\"version\\\":\\\"1.0.0\\\"", "\\\"version\\\":\\\"0.1.0\\\"".to_owned()),
        ])
    }

    fn put_into(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}

/// The SDK of a checkout that the folder lies in.
fn sdk_above(dir: &Path) -> Option<PathBuf> {
    dir.ancestors().map(|above| above.join("plugins/sdk")).find(|sdk| sdk.join("Cargo.toml").is_file())
}

fn write(dir: &Path, path: &str, text: &str) -> Result<(), ServiceError> {
    let place = dir.join(path);
    if let Some(parent) = place.parent() {
        std::fs::create_dir_all(parent).map_err(|source| io(parent, source))?;
    }
    write_new(&place, text, 0o644)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhengai_host::Found;
    use zhengai_model::pack::parse_pack;

    #[test]
    fn every_new_plugin_has_a_manifest_and_definitions_that_can_be_read_and_no_word_left_open() {
        let folder = tempfile::tempdir().expect("a folder");
        for kind in [Kind::Connector, Kind::Layer, Kind::Notifier] {
            for language in [Language::Rust, Language::C] {
                let dir = folder.path().join(format!("{kind:?}-{language:?}"));
                let new = NewPlugin { name: "my-plugin".to_owned(), kind, language, dir: Some(dir), sdk: None };
                let dir = new_plugin(&new).expect("is written");
                let found = Found::open(&dir).expect("a plugin");
                assert_eq!((found.id().as_str(), found.manifest.version.as_str()), ("my-plugin", "0.1.0"));
                parse_pack(&found.files).expect("definitions");
                for (path, text) in files(kind, language) {
                    let text = Words::new("my-plugin", None, language).put_into(text);
                    assert!(!text.contains("@ID@") && !text.contains("@SDK@"), "{path}");
                    assert!(dir.join(path).is_file(), "{path}");
                }
                assert!(matches!(new_plugin(&new), Err(ServiceError::NotEmpty { .. })));
            }
        }
    }

    #[test]
    fn a_name_that_is_no_id_is_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["", "My Plugin", "../x", "a.b"] {
            let dir = Some(folder.path().join("new"));
            let new = NewPlugin { name: name.to_owned(), kind: Kind::Layer, language: Language::C, dir, sdk: None };
            assert!(matches!(new_plugin(&new), Err(ServiceError::BadArgument { .. })), "{name}");
            assert!(!folder.path().join("new").exists());
        }
    }
}
