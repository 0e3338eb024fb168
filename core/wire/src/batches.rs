//! Batches (批次): what an import or a sync would do, did, or waits to do; their plans row by row.

use crate::call::Call;
use crate::data::{Counts, Deletes, FileRef, Mode};
use crate::job::Job;
use crate::page::Page;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::batch::{BatchState, RowFate};

/// Which batches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BatchQuery {
    /// Of this dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// In this state: `held` are those that wait for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub state: Option<BatchState>,
    /// Read from this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// Where its rows go.
    pub dataset: String,
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: BatchState,
    /// File name without folder, or source and stream.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// How rows meet the rows that are there.
    pub mode: Mode,
    /// Counts of its plan, once there is one.
    pub counts: Option<Counts>,
    /// Version of the table that holds it, once applied.
    pub table_version: Option<i64>,
    /// Word or text of why it was held, refused or failed.
    pub reason: Option<String>,
    /// The same for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_text: String,
    /// The batch whose rejected rows it mends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mends: Option<String>,
    /// How it was read: digest, mapping, format, source and stream.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// When it was created.
    pub at: DateTime<Utc>,
    /// Who created it.
    pub by: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Which rows of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanQuery {
    /// With this fate: `new`, `changed`, `gone`, `unchanged`.
    #[param(value_type = String)]
    pub fate: RowFate,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A row of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanLine {
    /// Line in the file; absent for rows that are gone.
    pub line: Option<u64>,
    /// Fields of the key with their texts, in order.
    pub key: Vec<PlanKey>,
    /// What changes; all fields with a value for a new or gone row.
    pub changes: Vec<PlanChange>,
}

/// A field of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanKey {
    /// The field.
    pub field: String,
    /// Its text.
    pub value: String,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanChange {
    /// The field.
    pub field: String,
    /// Text of the value that is there; absent: empty.
    pub before: Option<String>,
    /// Text of the value that comes; absent: empty.
    pub after: Option<String>,
}

/// An approval.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Why, kept in the audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whether a full load may delete more than the set share.
    #[serde(default, skip_serializing_if = "Deletes::is_guarded")]
    pub deletes: Deletes,
}

/// What an approval did: the result of its job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Approved {
    /// The batch.
    pub batch: String,
    /// What it did.
    pub counts: Counts,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Why, kept in the audit.
    pub why: String,
}

/// `GET /v1/batches`: the newest first.
pub fn list(query: &BatchQuery) -> Call<Page<Batch>> {
    Call::get(&["batches"]).query(query)
}

/// `GET /v1/batches/{id}`.
pub fn show(id: &str) -> Call<Batch> {
    Call::get(&["batches", id])
}

/// `GET /v1/batches/{id}/plan`: rows of the plan of a batch that waits, in the order of the file.
pub fn plan(id: &str, query: &PlanQuery) -> Call<Page<PlanLine>> {
    Call::get(&["batches", id, "plan"]).query(query)
}

/// `POST /v1/batches/{id}/approve`: a job whose result is [`Approved`].
pub fn approve(id: &str, approval: &Approval) -> Call<Job> {
    Call::post(&["batches", id, "approve"]).body(approval)
}

/// `POST /v1/batches/{id}/refuse`: its rejected rows stay.
pub fn refuse(id: &str, refusal: &Refusal) -> Call<Batch> {
    Call::post(&["batches", id, "refuse"]).body(refusal)
}

/// `POST /v1/batches/{id}/replay`: takes a mended file in under the mapping of this batch; a job whose result is
/// [`crate::imports::Imported`].
pub fn replay(id: &str, file: &FileRef) -> Call<Job> {
    Call::post(&["batches", id, "replay"]).body(file)
}
