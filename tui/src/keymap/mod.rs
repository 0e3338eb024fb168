//! Which key does what: read from `config/keymap.toml`, checked when loaded. A key that means two things in one place is
//! an error that names both.

mod action;
mod chord;

pub use action::Action;
pub use chord::{Chord, Keys, fold};

use crate::app::command::CommandId;
use std::collections::BTreeMap;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

/// The key map of the house.
pub const DEFAULT: &str = include_str!("../../../config/keymap.toml");

/// The table of actions that many screens know.
const GENERAL: &str = "keys";

/// Why a key map cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// It is not TOML, or not of this shape.
    #[error("key map {file}: {cause}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the parser says.
        cause: String,
    },
    /// A key that does not exist.
    #[error("key map {file}: [{table}] {action}: no key {key:?}")]
    Key {
        /// The file.
        file: String,
        /// The table.
        table: String,
        /// The action.
        action: String,
        /// What stands there.
        key: String,
    },
    /// A table or an action that the house does not know.
    #[error("key map {file}: [{table}] {action}: unknown")]
    Unknown {
        /// The file.
        file: String,
        /// The table.
        table: String,
        /// The action.
        action: String,
    },
    /// One key, two meanings.
    #[error("key map {file}: {key} means both {first} and {second}")]
    Conflict {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// One meaning.
        first: String,
        /// The other.
        second: String,
    },
}

impl Explain for KeymapError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Unreadable { file, cause } => {
                Message::new("keymap-unreadable").with("file", file).with("cause", cause)
            }
            Self::Key { file, table, action, key } => Message::new("keymap-no-key")
                .with("file", file)
                .with("table", table)
                .with("action", action)
                .with("key", key),
            Self::Unknown { file, table, action } => {
                Message::new("keymap-unknown").with("file", file).with("table", table).with("action", action)
            }
            Self::Conflict { file, key, first, second } => Message::new("keymap-conflict")
                .with("file", file)
                .with("key", key)
                .with("first", first)
                .with("second", second),
        }
    }
}

type Table = BTreeMap<String, Vec<Keys>>;

/// Which key does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    tables: BTreeMap<String, Table>,
}

/// What a key means at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// An action or the word of a command of the place's own.
    Act(Action),
    /// The word of a command of the place's own.
    Own(String),
    /// The beginning of a longer one.
    Begins,
    /// Nothing.
    Nothing,
}

impl Keymap {
    /// The key map of the house.
    pub fn house() -> Result<Self, KeymapError> {
        Self::read("config/keymap.toml", DEFAULT, None)
    }

    /// The key map of the house with the changes of a file: an action that stands there has the keys given there and no
    /// others.
    pub fn with_changes(file: &str, text: &str) -> Result<Self, KeymapError> {
        Self::read(file, text, Some(Self::house()?))
    }

    fn read(file: &str, text: &str, base: Option<Self>) -> Result<Self, KeymapError> {
        let read: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(text)
            .map_err(|error| KeymapError::Unreadable { file: file.to_owned(), cause: error.message().to_owned() })?;
        let is_house = base.is_none();
        let mut tables = base.map(|base| base.tables).unwrap_or_default();
        for (table, actions) in read {
            for (action, words) in actions {
                let known = match tables.get(&table) {
                    Some(known) if !is_house => known.contains_key(&action),
                    _ => is_house && (table != GENERAL || Action::parse(&action).is_some()),
                };
                if !known {
                    return Err(KeymapError::Unknown { file: file.to_owned(), table, action });
                }
                let keys: Result<Vec<Keys>, KeymapError> = words
                    .iter()
                    .map(|word| {
                        Keys::parse(word).ok_or_else(|| KeymapError::Key {
                            file: file.to_owned(),
                            table: table.clone(),
                            action: action.clone(),
                            key: word.clone(),
                        })
                    })
                    .collect();
                tables.entry(table.clone()).or_default().insert(action, keys?);
            }
        }
        let map = Self { tables };
        map.conflict(file).map_or(Ok(map), Err)
    }

    /// The first key that means two things in one place: within a table, or in a table and among the general ones.
    fn conflict(&self, file: &str) -> Option<KeymapError> {
        let empty = Table::new();
        let general = self.tables.get(GENERAL).unwrap_or(&empty);
        for (place, table) in &self.tables {
            let own = table.iter().map(|entry| (place.as_str(), entry));
            let shared = general.iter().filter(|_| place != GENERAL).map(|entry| (GENERAL, entry));
            let mut seen: Vec<(&Keys, String)> = Vec::new();
            for (from, (action, all)) in shared.chain(own) {
                let name = format!("[{from}] {action}");
                for keys in all {
                    let clash =
                        seen.iter().find(|(other, _)| other.0.starts_with(&keys.0) || keys.0.starts_with(&other.0));
                    if let Some((_, first)) = clash.filter(|(_, first)| *first != name) {
                        return Some(KeymapError::Conflict {
                            file: file.to_owned(),
                            key: keys.to_string(),
                            first: first.clone(),
                            second: name,
                        });
                    }
                    seen.push((keys, name.clone()));
                }
            }
        }
        None
    }

    /// What the chords typed so far mean at a place: its own table first, then the general one.
    pub fn meaning(&self, place: &str, typed: &[Chord]) -> Meaning {
        let mut begins = false;
        for table in [place, GENERAL] {
            let Some(entries) = self.tables.get(table) else { continue };
            for (word, all) in entries {
                for keys in all {
                    if keys.0 == typed {
                        return match (table == GENERAL).then(|| Action::parse(word)).flatten() {
                            Some(action) => Meaning::Act(action),
                            None => Meaning::Own(word.clone()),
                        };
                    }
                    begins |= keys.0.starts_with(typed);
                }
            }
        }
        if begins { Meaning::Begins } else { Meaning::Nothing }
    }

    /// The keys of a command at a place, those that work under an input method first.
    pub fn keys(&self, place: &str, id: CommandId) -> &[Keys] {
        let found = match id {
            CommandId::Act(action) => self.tables.get(GENERAL).and_then(|table| table.get(action.word())),
            CommandId::Own(word) => self.tables.get(place).and_then(|table| table.get(word)),
        };
        found.map_or(&[], Vec::as_slice)
    }

    /// All entries, for checks: place, word, keys.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str, &[Keys])> {
        self.tables.iter().flat_map(|(place, table)| {
            table.iter().map(|(word, keys)| (place.as_str(), word.as_str(), keys.as_slice()))
        })
    }
}

#[cfg(test)]
mod tests;
