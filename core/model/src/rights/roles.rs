//! Roles and purposes as data: `config/roles.toml`, checked when it is loaded.

use super::Right;
use crate::fault::{Explain, Fault};
use crate::layer::Layer;
use crate::text::{Message, Names};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How far a role may reach when it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reaches {
    /// The whole college, unless units are named.
    College,
    /// Named units only; at least one must be named.
    Units,
    /// The own person only; the user must be somebody.
    Own,
}

/// A role (角色): a name for a set of rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Its id, for example `quality-officer`.
    pub id: String,
    /// Labels.
    pub names: Names,
    /// For whom it is.
    pub about: Names,
    /// How far it may reach.
    pub reach: Reaches,
    /// Layers it is for, unless others are named when it is given.
    pub layers: BTreeSet<Layer>,
    /// What it may do.
    pub rights: BTreeSet<Right>,
    /// Purposes for which it may read personal rows.
    pub purposes: BTreeSet<String>,
}

/// A purpose (用途) for which rows about persons may be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its id, for example `student-care`.
    pub id: String,
    /// Labels.
    pub names: Names,
    /// It opens psychological, card and health data as well.
    #[serde(default)]
    pub sensitive: bool,
}

/// The roles and purposes in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    roles: IndexMap<String, Role>,
    purposes: IndexMap<String, Purpose>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "purpose")]
    purposes: Vec<Purpose>,
    #[serde(default, rename = "role")]
    roles: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    names: Names,
    about: Names,
    reach: Reaches,
    #[serde(default)]
    layers: Vec<String>,
    rights: Vec<String>,
    #[serde(default)]
    purposes: Vec<String>,
}

/// One thing that is wrong with a file of roles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleFault {
    /// The text is no TOML, or has other fields.
    #[error("{problem}")]
    Form {
        /// Line from 1; 0 when unknown.
        line: usize,
        /// The parser's words.
        problem: String,
    },
    /// An id that is not made of lower-case letters, digits and `-`.
    #[error("`{id}` is no id")]
    BadId {
        /// The id.
        id: String,
    },
    /// Two roles or two purposes have one id.
    #[error("`{id}` stands twice")]
    Twice {
        /// The id.
        id: String,
    },
    /// A label is empty in one of the languages.
    #[error("`{id}` has an empty label")]
    Nameless {
        /// The id.
        id: String,
    },
    /// A right that does not exist.
    #[error("role `{role}` has no such right: {right}")]
    UnknownRight {
        /// The role.
        role: String,
        /// The word.
        right: String,
    },
    /// A layer that does not exist.
    #[error("role `{role}` has no such layer: {layer}")]
    UnknownLayer {
        /// The role.
        role: String,
        /// The word.
        layer: String,
    },
    /// A purpose that the file does not define.
    #[error("role `{role}` has no such purpose: {purpose}")]
    UnknownPurpose {
        /// The role.
        role: String,
        /// The word.
        purpose: String,
    },
    /// A role without rights.
    #[error("role `{role}` has no rights")]
    Powerless {
        /// The role.
        role: String,
    },
    /// It may read personal rows, but for no purpose; or has purposes without the right.
    #[error("role `{role}`: personal rows and purposes belong together")]
    Purposeless {
        /// The role.
        role: String,
    },
    /// No role for the whole college has this right, so that nobody could ever use it.
    #[error("nobody may {right}")]
    Nobody {
        /// The right.
        right: Right,
    },
}

impl Explain for RoleFault {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Form { line, problem } => {
                Message::new("model-roles-form").with("line", line).with("problem", problem)
            }
            Self::BadId { id } => Message::new("model-roles-bad-id").with("id", id),
            Self::Twice { id } => Message::new("model-roles-twice").with("id", id),
            Self::Nameless { id } => Message::new("model-roles-nameless").with("id", id),
            Self::UnknownRight { role, right } => {
                let known = Right::ALL.map(Right::as_str).join(", ");
                Message::new("model-roles-unknown-right").with("role", role).with("right", right).with("known", known)
            }
            Self::UnknownLayer { role, layer } => {
                let known = Layer::ALL.map(Layer::as_str).join(", ");
                Message::new("model-roles-unknown-layer").with("role", role).with("layer", layer).with("known", known)
            }
            Self::UnknownPurpose { role, purpose } => {
                Message::new("model-roles-unknown-purpose").with("role", role).with("purpose", purpose)
            }
            Self::Powerless { role } => Message::new("model-roles-powerless").with("role", role),
            Self::Purposeless { role } => Message::new("model-roles-purposeless").with("role", role),
            Self::Nobody { right } => Message::new("model-roles-nobody").with("right", right),
        }
    }
}

/// Everything that is wrong with a file of roles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} faults in roles", .0.len())]
pub struct RoleFaults(pub Vec<RoleFault>);

impl Roles {
    /// Reads and checks the text of `roles.toml`.
    ///
    /// # Errors
    /// All faults at once.
    pub fn from_toml(text: &str) -> Result<Self, RoleFaults> {
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text.get(..span.start).unwrap_or("").lines().count().max(1));
            RoleFaults(vec![RoleFault::Form { line, problem: error.message().to_owned() }])
        })?;
        let mut faults = Vec::new();
        let mut made = Self::default();
        for purpose in file.purposes {
            check_labels(&purpose.id, &[&purpose.names], &mut faults);
            if let Some(twice) = made.purposes.insert(purpose.id.clone(), purpose) {
                faults.push(RoleFault::Twice { id: twice.id });
            }
        }
        for row in file.roles {
            let role = made.role_of(row, &mut faults);
            if let Some(twice) = made.roles.insert(role.id.clone(), role) {
                faults.push(RoleFault::Twice { id: twice.id });
            }
        }
        for right in Right::ALL {
            let somebody = |role: &Role| role.reach == Reaches::College && role.rights.contains(&right);
            if !made.roles.values().any(somebody) {
                faults.push(RoleFault::Nobody { right });
            }
        }
        if faults.is_empty() { Ok(made) } else { Err(RoleFaults(faults)) }
    }

    fn role_of(&self, row: Row, faults: &mut Vec<RoleFault>) -> Role {
        check_labels(&row.id, &[&row.names, &row.about], faults);
        let role = || row.id.clone();
        let mut rights = BTreeSet::new();
        for right in &row.rights {
            match Right::parse(right) {
                Some(right) => drop(rights.insert(right)),
                None => faults.push(RoleFault::UnknownRight { role: role(), right: right.clone() }),
            }
        }
        let mut layers = BTreeSet::new();
        for layer in &row.layers {
            match Layer::parse(layer) {
                Some(layer) => drop(layers.insert(layer)),
                None => faults.push(RoleFault::UnknownLayer { role: role(), layer: layer.clone() }),
            }
        }
        if row.layers.is_empty() {
            layers.extend(Layer::ALL);
        }
        for purpose in row.purposes.iter().filter(|purpose| !self.purposes.contains_key(*purpose)) {
            faults.push(RoleFault::UnknownPurpose { role: role(), purpose: purpose.clone() });
        }
        if row.rights.is_empty() {
            faults.push(RoleFault::Powerless { role: role() });
        }
        if rights.contains(&Right::ReadPersonal) == row.purposes.is_empty() {
            faults.push(RoleFault::Purposeless { role: role() });
        }
        let purposes = row.purposes.into_iter().collect();
        Role { id: row.id, names: row.names, about: row.about, reach: row.reach, layers, rights, purposes }
    }

    /// The role with this id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.get(id)
    }

    /// All roles, in the order of the file.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// The purpose with this id.
    pub fn purpose(&self, id: &str) -> Option<&Purpose> {
        self.purposes.get(id)
    }

    /// All purposes, in the order of the file.
    pub fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.purposes.values()
    }

    /// Ids of the roles that have a right, in the order of the file.
    pub fn with_right(&self, right: Right) -> Vec<&str> {
        self.roles().filter(|role| role.rights.contains(&right)).map(|role| role.id.as_str()).collect()
    }
}

fn check_labels(id: &str, labels: &[&Names], faults: &mut Vec<RoleFault>) {
    let good = id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id.len() <= 64
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    if !good {
        faults.push(RoleFault::BadId { id: id.to_owned() });
    }
    if labels.iter().any(|names| names.zh.trim().is_empty() || names.en.trim().is_empty()) {
        faults.push(RoleFault::Nameless { id: id.to_owned() });
    }
}
