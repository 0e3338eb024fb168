//! The part of a college in which a right counts.

use crate::fault::{Explain, Fault};
use crate::ids::{ObjectId, ObjectKind};
use crate::layer::Layer;
use crate::text::Message;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One object: a unit such as `department/D03`, or a person such as `teacher/T00001`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its id.
    pub id: ObjectId,
}

impl Place {
    /// A place.
    pub fn new(kind: ObjectKind, id: ObjectId) -> Self {
        Self { kind, id }
    }
}

/// A text that names no object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an object")]
pub struct BadPlace {
    /// What was given.
    pub text: String,
}

impl Explain for BadPlace {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        Message::new("model-bad-place").with("text", &self.text)
    }
}

impl FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        let bad = || BadPlace { text: text.to_owned() };
        let (kind, id) = text.split_once('/').ok_or_else(bad)?;
        let (kind, id) = (ObjectKind::new(kind), ObjectId::new(id));
        Ok(Self { kind: kind.map_err(|_| bad())?, id: id.map_err(|_| bad())? })
    }
}

impl TryFrom<String> for Place {
    type Error = BadPlace;

    fn try_from(text: String) -> Result<Self, BadPlace> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// Which objects of the layers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// All objects of the college.
    College,
    /// These units and everything below them.
    Units(BTreeSet<Place>),
    /// Nothing but the person that the user is.
    Own,
}

/// Layers and objects in which a right counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// These layers; none when empty.
    pub layers: BTreeSet<Layer>,
    /// These objects of them.
    pub reach: Reach,
}

impl Scope {
    /// All layers and all objects.
    pub fn everything() -> Self {
        Self { layers: Layer::ALL.into(), reach: Reach::College }
    }

    /// These units with everything below them, in all layers.
    pub fn units(units: impl IntoIterator<Item = Place>) -> Self {
        Self { layers: Layer::ALL.into(), reach: Reach::Units(units.into_iter().collect()) }
    }

    /// The own person only.
    pub fn own() -> Self {
        Self { layers: Layer::ALL.into(), reach: Reach::Own }
    }

    /// The same in these layers only.
    #[must_use]
    pub fn within(mut self, layers: &[Layer]) -> Self {
        self.layers = layers.iter().copied().collect();
        self
    }

    /// Whether nothing lies outside.
    pub fn is_everything(&self) -> bool {
        self.reach == Reach::College && Layer::ALL.iter().all(|layer| self.layers.contains(layer))
    }

    /// Whether an object lies inside: in one of the layers, and being or lying below one of the units, or being the
    /// person. `above` are all its ancestors.
    pub fn holds(&self, layer: Layer, object: &Place, above: &[Place], person: Option<&Place>) -> bool {
        self.layers.contains(&layer)
            && match &self.reach {
                Reach::College => true,
                Reach::Units(units) => units.contains(object) || above.iter().any(|place| units.contains(place)),
                Reach::Own => person == Some(object),
            }
    }
}
