//! Datasets (数据集): what a college's rows look like, declared by packs or by the user at run time.

mod check;

pub use check::check_dataset;

use crate::ids::{DatasetId, FieldName, ObjectKind};
use crate::layer::Layer;
use crate::text::Names;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A dataset: fields, key, time, code tables, privacy, how it describes objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Identity and SQL table name.
    pub id: DatasetId,
    /// Labels.
    pub names: Names,
    /// The layer that declares it, absent for user datasets.
    #[serde(default)]
    pub layer: Option<Layer>,
    /// What it is for, in both languages.
    #[serde(default)]
    pub about: Option<Names>,
    /// Field names whose values together identify a row. Never empty.
    pub key: Vec<FieldName>,
    /// Which field says when a row happened; absent for data that has no time.
    #[serde(default)]
    pub time: Option<TimeField>,
    /// Who may see rows.
    #[serde(default)]
    pub privacy: Privacy,
    /// How an import is applied when the user does not say.
    #[serde(default)]
    pub load: LoadMode,
    /// Set when each row describes one object of a kind.
    #[serde(default)]
    pub object: Option<ObjectRows>,
    /// Fields in the order of the file template.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Edges of the hierarchy that rows of this dataset state.
    #[serde(default, rename = "edge")]
    pub edges: Vec<EdgeRows>,
    /// Code tables used by fields of type `code`, by name.
    #[serde(default, rename = "codes")]
    pub code_tables: IndexMap<String, CodeTable>,
    /// Row checks beyond types, each an SQL predicate that good rows satisfy.
    #[serde(default, rename = "check")]
    pub checks: Vec<RowCheck>,
    /// Numbers of this dataset in national tables, by (platform version, table number), for later adapters.
    #[serde(default, rename = "table_number")]
    pub table_numbers: Vec<TableNumber>,
}

impl Dataset {
    /// The field with this name.
    pub fn field(&self, name: &FieldName) -> Option<&Field> {
        self.fields.iter().find(|field| &field.name == name)
    }
}

/// One field (字段) of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Column name in files made by us and in SQL.
    pub name: FieldName,
    /// Labels; the Chinese label is also accepted as a column header.
    pub names: Names,
    /// Type of the stored value.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// An empty cell is rejected. Key fields are always required.
    #[serde(default)]
    pub required: bool,
    /// Unit of the stored value, for example `分`, `元`, `㎡`. Required for money.
    #[serde(default)]
    pub unit: Option<String>,
    /// Digits after the point for `decimal` and `money`; 2 when absent.
    #[serde(default)]
    pub scale: Option<u8>,
    /// Smallest value accepted (number or ISO date, as text).
    #[serde(default)]
    pub min: Option<String>,
    /// Largest value accepted (number or ISO date, as text).
    #[serde(default)]
    pub max: Option<String>,
    /// Code table name, required for type `code`.
    #[serde(default)]
    pub codes: Option<String>,
    /// The kind of object that the value identifies: makes the field a grain.
    #[serde(default)]
    pub object: Option<ObjectKind>,
    /// The value must exist in the key of this master dataset: `dataset.field`.
    #[serde(default)]
    pub references: Option<String>,
    /// Other column headers accepted for this field, as colleges and platforms write them.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Types of stored values. All are exact; there is no floating point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// Text, trimmed. Arrow `Utf8`.
    Text,
    /// Whole number. Arrow `Int64`.
    Integer,
    /// Decimal with [`Field::scale`] digits. Arrow `Decimal128(28, scale)`.
    Decimal,
    /// Money: a decimal that must have a unit (元 or 万元). Arrow `Decimal128(28, scale)`.
    Money,
    /// Calendar day. Arrow `Date32`.
    Date,
    /// Day and time, no zone; files are read to the second. Arrow `Timestamp(Microsecond)`: Delta has no coarser unit.
    DateTime,
    /// Yes or no (是/否). Arrow `Boolean`.
    Bool,
    /// One of a code table; the canonical code is stored. Arrow `Utf8`.
    Code,
}

/// Which field says when a row happened, and how to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeField {
    /// The field.
    pub field: FieldName,
    /// How the field says it.
    pub by: TimeBy,
}

/// How a time field speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeBy {
    /// A date or date-time: the row belongs to each period that contains it.
    Date,
    /// A period id such as `AY2025-T1`: the row belongs to that period and all that contain it.
    Period,
    /// The date of a snapshot (时点): of several snapshots within a period the latest counts.
    Snapshot,
}

/// Who may see rows of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Privacy {
    /// May be published.
    Public,
    /// Staff.
    #[default]
    Internal,
    /// About named persons: scoped by role, reads audited.
    Personal,
    /// Psychological, card and health data: purpose-limited as well; rules on it ship disabled.
    Sensitive,
}

/// How the rows of an import meet the rows that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadMode {
    /// Only new keys are expected; a different row under an existing key is rejected as a conflict.
    Append,
    /// New keys are added, different rows replace.
    #[default]
    Upsert,
    /// The file is the whole truth: rows that it lacks are gone.
    Full,
}

/// Rows of this dataset describe objects of a kind, one object a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectRows {
    /// The kind of object.
    pub kind: ObjectKind,
    /// Labels of the kind, for example 学生 / student.
    pub names: Names,
    /// Field that identifies the object.
    pub id: FieldName,
    /// Field that names it for people.
    pub name: FieldName,
    /// First day on which it exists, absent: always.
    #[serde(default)]
    pub from: Option<FieldName>,
    /// First day on which it no longer exists, absent or empty: still there.
    #[serde(default)]
    pub to: Option<FieldName>,
}

/// Rows state that a child object belongs to a parent object, for a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdgeRows {
    /// Kind of the child.
    pub child: ObjectKind,
    /// Field with the child's id.
    pub child_field: FieldName,
    /// Kind of the parent.
    pub parent: ObjectKind,
    /// Field with the parent's id; an empty value states no edge.
    pub parent_field: FieldName,
    /// First day of the membership. Absent: the edge is a default that dated edges of other datasets override.
    #[serde(default)]
    pub from: Option<FieldName>,
    /// First day after the membership; empty: still holds.
    #[serde(default)]
    pub to: Option<FieldName>,
}

/// A closed list of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTable {
    /// Codes by their canonical spelling, which is what is stored.
    pub code: IndexMap<String, Code>,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Chinese label, accepted in files.
    pub zh: String,
    /// English label, accepted in files.
    pub en: String,
    /// Other spellings accepted in files.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A predicate that every good row satisfies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowCheck {
    /// Short id, unique in the dataset.
    pub id: String,
    /// SQL over the fields of the row; NULL counts as satisfied.
    pub sql: String,
    /// What is wrong when it does not hold.
    pub message: Names,
}

/// Where a dataset stands in a national collection (状态数据平台, 高基报表).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableNumber {
    /// Collection and edition, for example `状态数据 2.16`.
    pub platform: String,
    /// Table number in it.
    pub number: String,
    /// Whether somebody has checked it against the official text.
    #[serde(default)]
    pub verified: bool,
}
