//! Datasets (数据集): what rows look like, how many there are, how fresh they are.

use crate::call::Call;
use crate::data::{Mode, TextFile};
use crate::page::Page;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::dataset::{FieldType, Privacy};
use zhengai_model::layer::Layer;

/// Which datasets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DatasetQuery {
    /// Of this layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub layer: Option<Layer>,
    /// With this text in id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A dataset in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetLine {
    /// Its id, and its name in SQL.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The layer that declares it; absent for those of users.
    #[schema(value_type = Option<String>)]
    pub layer: Option<Layer>,
    /// Who may see its rows.
    #[schema(value_type = String)]
    pub privacy: Privacy,
    /// Filled by a plugin and not by imports.
    pub computed: bool,
    /// Rows in it; absent when it has no table yet.
    pub rows: Option<u64>,
    /// Version of its table.
    pub version: Option<i64>,
    /// Bytes of its data files.
    pub bytes: Option<u64>,
    /// When rows last came in.
    pub fresh_at: Option<DateTime<Utc>>,
    /// Batches that wait for a person.
    pub waiting: u64,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldLine {
    /// Its name in SQL and in files of ours.
    pub field: String,
    /// Its name for people.
    pub name: String,
    /// Type of its values.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: FieldType,
    /// An empty cell is rejected.
    pub required: bool,
    /// Part of the key.
    pub key: bool,
    /// Unit of its values.
    pub unit: Option<String>,
    /// Codes that it may have, each with its label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeLine>,
    /// Other headers that are taken for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Smallest value.
    pub min: Option<String>,
    /// Largest value.
    pub max: Option<String>,
    /// The kind of object that its values identify.
    pub object: Option<String>,
    /// Dataset and field in which its values must exist.
    pub references: Option<String>,
}

/// A code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeLine {
    /// As it is stored.
    pub code: String,
    /// In Chinese, as files have it.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A check over a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckLine {
    /// Its id.
    pub id: String,
    /// What is wrong when it does not hold.
    pub text: String,
    /// The condition, SQL over the fields of the row.
    pub sql: String,
}

/// A dataset with its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetDetail {
    /// What lists show of it.
    pub line: DatasetLine,
    /// What it is for.
    pub about: Option<String>,
    /// Fields that identify a row.
    pub key: Vec<String>,
    /// How an import is applied when nobody says otherwise.
    pub load: Mode,
    /// The field that says when a row happened.
    pub time: Option<String>,
    /// Its fields in the order of the file template.
    pub fields: Vec<FieldLine>,
    /// Checks over its rows.
    pub checks: Vec<CheckLine>,
}

/// `GET /v1/datasets`: by id.
pub fn list(query: &DatasetQuery) -> Call<Page<DatasetLine>> {
    Call::get(&["datasets"]).query(query)
}

/// `GET /v1/datasets/{id}`.
pub fn show(id: &str) -> Call<DatasetDetail> {
    Call::get(&["datasets", id])
}

/// `POST /v1/datasets`: defines a dataset from a TOML file, or extends one.
pub fn define(file: &TextFile) -> Call<DatasetLine> {
    Call::post(&["datasets"]).body(file)
}
