//! The audit: who did what, what it was before and after, and whether anybody touched the chain.

use crate::call::Call;
use crate::job::Job;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which rows; the newest ones when nothing is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// On the thing with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// By this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// On this kind of thing: `batch`, `warning`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<String>,
    /// With this action: `batch.create`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// From this day on, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = Date)]
    pub since: Option<NaiveDate>,
    /// Before this position: for the piece after the one that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// At most so many, the newest (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One row of the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditRow {
    /// Position, from 1 without holes.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// What was done: `batch.create`, `warning.resolve`, …
    pub action: String,
    /// Kind of the thing.
    pub thing: String,
    /// Its id.
    pub subject: String,
    /// The reason given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The thing before, as far as it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value)]
    pub before: Option<serde_json::Value>,
    /// The thing after, as far as it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value)]
    pub after: Option<serde_json::Value>,
    /// Hash over the previous row's hash and this row.
    pub hash: String,
}

/// Whether the chain holds: the result of the job that [`verify`] starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditCheck {
    /// Sound rows, from the first on.
    pub sound: u64,
    /// Hash of the last sound row.
    pub head: String,
    /// Where it breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<AuditBreak>,
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditBreak {
    /// Position of the row.
    pub seq: u64,
    /// Word of what is wrong.
    pub cause: String,
}

/// `GET /v1/audit`: newest first.
pub fn list(query: &AuditQuery) -> Call<Vec<AuditRow>> {
    Call::get(&["audit"]).query(query)
}

/// `GET /v1/audit/{seq}`: one row.
pub fn show(seq: u64) -> Call<AuditRow> {
    Call::get(&["audit", &seq.to_string()])
}

/// `POST /v1/audit/verify`: a job that recomputes the whole chain; its result is an [`AuditCheck`].
pub fn verify() -> Call<Job> {
    Call::post(&["audit", "verify"])
}
