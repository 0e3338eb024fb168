//! For whom a threshold holds, and how that is written in one word: `college`, `unit:department:D1`,
//! `group:major:category=x`, `object:teacher:T1`.

use crate::fault::{Explain, Fault};
use crate::ids::{ObjectId, ObjectKind};
use crate::text::Message;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// For whom a threshold holds. The most specific one wins: object > group > unit > college > province > nation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "level", deny_unknown_fields)]
pub enum Scope {
    /// 国家
    Nation,
    /// 省
    Province,
    /// 学校
    College,
    /// An organisational unit and everything below it.
    Unit {
        /// Kind of the unit, for example `department`.
        kind: ObjectKind,
        /// Its id.
        id: ObjectId,
    },
    /// All objects of a kind whose master row has this value in this field, for example majors of one category.
    Group {
        /// Kind of the objects.
        kind: ObjectKind,
        /// Field of the master dataset.
        field: String,
        /// Its value.
        value: String,
    },
    /// One object.
    Object {
        /// Its kind.
        kind: ObjectKind,
        /// Its id.
        id: ObjectId,
    },
}

impl Scope {
    /// How specific it is; the greater wins.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Nation => 0,
            Self::Province => 1,
            Self::College => 2,
            Self::Unit { .. } => 3,
            Self::Group { .. } => 4,
            Self::Object { .. } => 5,
        }
    }

    /// The word used in files and messages.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Province => "province",
            Self::College => "college",
            Self::Unit { .. } => "unit",
            Self::Group { .. } => "group",
            Self::Object { .. } => "object",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nation | Self::Province | Self::College => f.write_str(self.word()),
            Self::Unit { kind, id } | Self::Object { kind, id } => write!(f, "{}:{kind}:{id}", self.word()),
            Self::Group { kind, field, value } => write!(f, "{}:{kind}:{field}={value}", self.word()),
        }
    }
}

/// A text that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no scope: write for example `college`, `unit:department:D1` or `object:teacher:T1`")]
pub struct BadScope {
    /// What was given.
    pub text: String,
}

impl Explain for BadScope {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        Message::new("model-bad-scope").with("text", &self.text)
    }
}

impl FromStr for Scope {
    type Err = BadScope;

    fn from_str(text: &str) -> Result<Self, BadScope> {
        parse(text).ok_or_else(|| BadScope { text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<Scope> {
    let mut parts = text.splitn(3, ':');
    let word = parts.next()?;
    let named = parts.next().zip(parts.next());
    match (word, named) {
        ("nation", None) if word == text => Some(Scope::Nation),
        ("province", None) if word == text => Some(Scope::Province),
        ("college", None) if word == text => Some(Scope::College),
        ("unit", Some((kind, id))) => {
            Some(Scope::Unit { kind: ObjectKind::new(kind).ok()?, id: ObjectId::new(id).ok()? })
        }
        ("object", Some((kind, id))) => {
            Some(Scope::Object { kind: ObjectKind::new(kind).ok()?, id: ObjectId::new(id).ok()? })
        }
        ("group", Some((kind, test))) => {
            let (field, value) =
                test.split_once('=').filter(|(field, value)| !field.is_empty() && !value.is_empty())?;
            Some(Scope::Group { kind: ObjectKind::new(kind).ok()?, field: field.to_owned(), value: value.to_owned() })
        }
        _ => None,
    }
}
