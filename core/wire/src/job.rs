//! Work that takes long: started by a request, watched over server-sent events, cancelled by another request.

use crate::call::Call;
use crate::problem::Problem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Waits for its turn: one job writes at a time.
    Queued,
    /// At work.
    Running,
    /// Somebody asked it to stop; it stops at the next safe point.
    Cancelling,
    /// Did what it was to do; `result` says what.
    Done,
    /// Could not; `problem` says why.
    Failed,
    /// Stopped on request. What was committed before stays.
    Cancelled,
}

impl JobState {
    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// What it does now, in the language of the one who started it.
    pub stage: String,
    /// Word of the stage, for programs.
    pub stage_id: String,
    /// Done so far, in `unit`.
    pub done: u64,
    /// To be done in all, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// What is counted: `rows`, `files`, `indicators`, `bytes`, …
    #[serde(default)]
    pub unit: String,
    /// What is worked on: a file, an indicator, a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// What else was counted on the way, by word: `rows`, `rejected`, `undetermined`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, u64>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its number on this server.
    pub id: String,
    /// What kind: `diagnose`, `import`, `sync`, `backup`, …
    pub kind: String,
    /// What it is about, for people: a file, a period.
    pub subject: String,
    /// Who started it.
    pub actor: String,
    /// Where it is.
    pub state: JobState,
    /// How far it is.
    pub progress: Progress,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// What came of it, by kind of job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value)]
    pub result: Option<serde_json::Value>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What the stream of a job's events carries: the whole job after each change, at most five times a second.
pub type JobEvent = Job;

/// `GET /v1/jobs`: jobs that this person may see, newest first.
pub fn list() -> Call<Vec<Job>> {
    Call::get(&["jobs"])
}

/// `GET /v1/jobs/{id}`.
pub fn show(id: &str) -> Call<Job> {
    Call::get(&["jobs", id])
}

/// `DELETE /v1/jobs/{id}`: asks it to stop.
pub fn cancel(id: &str) -> Call<Job> {
    Call::delete(&["jobs", id])
}

/// `GET /v1/jobs/{id}/events`: server-sent events, each a [`Job`]; the stream ends when the job is over.
pub fn events(id: &str) -> Call<JobEvent> {
    Call::get(&["jobs", id, "events"])
}
