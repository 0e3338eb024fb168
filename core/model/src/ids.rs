//! Newtype identifiers. Each is parsed once, at the edge; inside the house an identifier is always well formed.

use crate::fault::{Explain, Fault};
use crate::text::Message;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind}: {rule}")]
pub struct BadId {
    /// What was given.
    pub text: String,
    /// The kind of identifier wanted, for example `dataset id`.
    pub kind: &'static str,
    /// The rule that it broke, in English, for logs; people read the catalogue entry `model-bad-id`.
    pub rule: &'static str,
}

impl Explain for BadId {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        Message::new("model-bad-id").with("text", &self.text).with("kind", self.kind.replace(' ', "-"))
    }
}

fn lower_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn lower_kebab(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))
}

fn upper_kebab(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
}

fn sortable(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

fn visible(text: &str) -> bool {
    !text.is_empty() && text.len() <= 256 && text.trim() == text && !text.chars().any(char::is_control)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal, $check:path, $rule:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the text, or says which rule it breaks.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                if $check(&text) { Ok(Self(text)) } else { Err(BadId { text, kind: $kind, rule: $rule }) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> { Self::new(text) }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> { Self::new(text) }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(&self.0) }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str { &self.0 }
        }
    )*};
}

ids! {
    /// A dataset (数据集), for example `attendance`. It is also its table name in SQL.
    DatasetId, "dataset id", lower_snake, "lower-case letters, digits and _, starting with a letter";
    /// A field of a dataset (字段), also its column name in SQL.
    FieldName, "field name", lower_snake, "lower-case letters, digits and _, starting with a letter";
    /// A measure (度量) inside an indicator.
    MeasureName, "measure name", lower_snake, "lower-case letters, digits and _, starting with a letter";
    /// A kind of object that is diagnosed: `school`, `department`, `major`, `course`, `class`, `teacher`, `student`, …
    ObjectKind, "object kind", lower_snake, "lower-case letters, digits and _, starting with a letter";
    /// An indicator (指标), for example `STU-ATTENDANCE`.
    IndicatorCode, "indicator code", upper_kebab, "upper-case letters, digits and -, starting with a letter";
    /// A 质控点 (quality control point) or an inner node of their tree, for example `student.learning.attendance`.
    PointId, "control point id", lower_kebab, "lower-case letters, digits, - and ., starting with a letter";
    /// A warning rule (预警规则).
    RuleId, "rule id", upper_kebab, "upper-case letters, digits and -, starting with a letter";
    /// One object of some kind: a student number, a course code. Any visible text.
    ObjectId, "object id", visible, "visible text without blanks at its ends, at most 256 bytes";
    /// A period (期间), for example `AY2025-T1`; ids sort in time within one kind.
    PeriodId, "period id", sortable, "letters, digits, - and _";
    /// One import of rows (批次).
    BatchId, "batch id", sortable, "letters, digits, - and _";
    /// One diagnosis run (诊断运行).
    RunId, "run id", sortable, "letters, digits, - and _";
    /// One diagnosis cycle (诊断周期).
    CycleId, "cycle id", sortable, "letters, digits, - and _";
    /// A plugin (插件), for example `layer-student`.
    PluginId, "plugin id", lower_kebab, "lower-case letters, digits, - and ., starting with a letter";
    /// A source (数据源) that a connector reads again and again, for example `jiaowu`.
    SourceId, "source id", lower_kebab, "lower-case letters, digits, - and ., starting with a letter";
    /// A warning level (预警级别), for example `serious`; their order is policy data.
    LevelId, "warning level", lower_kebab, "lower-case letters, digits, - and ., starting with a letter";
}
