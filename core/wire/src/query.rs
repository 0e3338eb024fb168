//! The query desk (查询台): SQL over the datasets that reads and nothing else.

use crate::call::Call;
use crate::rejects::SheetFormat;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A query.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryRequest {
    /// One statement: `SELECT`, `WITH` or `EXPLAIN`.
    pub sql: String,
    /// Leave out so many rows first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many rows (100; never more than `query.rows` of the configuration).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueryColumn {
    /// Its name.
    pub name: String,
    /// Its type in Arrow's words.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether its values are numbers.
    pub numeric: bool,
}

/// What ended an answer before its rows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QueryCut {
    /// As many rows as were asked for or are allowed.
    Rows,
    /// Texts as long as allowed.
    Bytes,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueryAnswer {
    /// Columns in their order.
    pub columns: Vec<QueryColumn>,
    /// Rows as text; null is SQL's NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// How many rows stand before the first of these.
    pub offset: u64,
    /// Set when there are more rows.
    pub cut: Option<QueryCut>,
    /// Which version of each dataset was read.
    pub versions: BTreeMap<String, i64>,
    /// Fields that this person sees masked: `dataset.field`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// Why they are, for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why_masked: Vec<String>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// How the rows of a query would be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueryPlan {
    /// A line for each step, the last step first, indented by its depth.
    pub steps: Vec<String>,
}

/// What may be written into a query, for completion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueryWords {
    /// Datasets that this person may read.
    pub datasets: Vec<QueryDataset>,
    /// Functions.
    pub functions: Vec<String>,
    /// Words of SQL.
    pub keywords: Vec<String>,
}

/// A dataset that may be queried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueryDataset {
    /// Its id, which is its name in SQL.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its columns.
    pub fields: Vec<QueryField>,
}

/// A column of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueryField {
    /// Its name in SQL.
    pub field: String,
    /// Its name for people.
    pub name: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it tells who a row is about: masked for those who may not see that.
    pub telling: bool,
}

/// Rows that a client has loaded, to be made a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryExport {
    /// The format.
    pub format: SheetFormat,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Option<String>>>,
}

/// `POST /v1/query`. Ending the connection stops the query.
pub fn run(request: &QueryRequest) -> Call<QueryAnswer> {
    Call::post(&["query"]).body(request)
}

/// `POST /v1/query/plan`.
pub fn plan(request: &QueryRequest) -> Call<QueryPlan> {
    Call::post(&["query", "plan"]).body(request)
}

/// `GET /v1/query/words`.
pub fn words() -> Call<QueryWords> {
    Call::get(&["query", "words"])
}

/// `POST /v1/query/export`: the rows sent, as a file; nothing is run again.
pub fn export(request: &QueryExport) -> Call<()> {
    Call::post(&["query", "export"]).body(request)
}
