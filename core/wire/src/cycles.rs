//! Cycles (诊断周期): a template of steps applied to layers, objects and a period, and where it stands.

use crate::call::Call;
use crate::page::Page;
use crate::runs::Run;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::cycle::CycleTemplate;
use zhengai_model::layer::Layer;

/// Whether a cycle takes runs and steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CycleState {
    /// Under way.
    Open,
    /// Over; nothing of it changes any more.
    Closed,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Not entered yet.
    Pending,
    /// The present step.
    Current,
    /// Left; the template may lead back to it.
    Done,
}

/// Which cycles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CycleQuery {
    /// Over this period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CycleState>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A template, as a pack brings it: id, names, layers, kind of period, steps with names, loop, responsible, evidence, next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct CycleTemplateRow(
    /// The template.
    pub CycleTemplate,
);

/// A cycle as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cycle {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The template as it was when the cycle was created.
    #[schema(value_type = Object)]
    pub template: CycleTemplate,
    /// The layers that it covers.
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// The objects that it covers, each with `kind` and `id`; all when empty.
    #[schema(value_type = Object)]
    pub objects: serde_json::Value,
    /// The period that it spans.
    pub period: String,
    /// Open or closed.
    pub state: CycleState,
    /// Id of the present step.
    pub step: String,
    /// When it was created.
    pub at: DateTime<Utc>,
    /// Who created it.
    pub by: String,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// Why, or with what result.
    pub close_reason: Option<String>,
}

/// One step of a cycle, in the order of the template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleStep {
    /// Its id in the template.
    pub step: String,
    /// Where it stands.
    pub state: StepState,
    /// How often it was entered.
    pub round: u64,
    /// When it was last entered.
    pub entered_at: Option<DateTime<Utc>>,
    /// When it was last left.
    pub left_at: Option<DateTime<Utc>>,
    /// Who last moved it.
    pub by: Option<String>,
    /// Evidence given when it was left.
    #[schema(value_type = Object)]
    pub evidence: serde_json::Value,
}

/// How far a cycle is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleProgress {
    /// Steps that were left.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
    /// Finished runs that belong to it.
    pub runs: u64,
    /// Days from today at the college to the end of its period; negative when the period is over.
    pub days_left: i64,
}

/// A cycle in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleLine {
    /// The cycle.
    pub cycle: Cycle,
    /// How far it is.
    pub progress: CycleProgress,
}

/// A cycle with its steps and runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleDetail {
    /// The cycle.
    pub cycle: Cycle,
    /// Its steps.
    pub steps: Vec<CycleStep>,
    /// Its runs, the newest first.
    pub runs: Vec<Run>,
    /// How far it is.
    pub progress: CycleProgress,
    /// Steps that may follow the present one; none when it is closed.
    pub next: Vec<String>,
}

/// A cycle to be created.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCycle {
    /// Id of the template.
    pub template: String,
    /// The period.
    pub period: String,
    /// Layers; those of the template when empty.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// Objects as `kind/id`; all when empty.
    #[serde(default)]
    pub objects: Vec<String>,
    /// Its name; made from template and period when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A step to be entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleMove {
    /// Id of the step that is entered.
    pub to: String,
    /// What shows that the present step is done, a line each: a file, a decision, a link.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// How a cycle ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleClose {
    /// Why, or with what result.
    pub why: String,
}

/// `GET /v1/cycle-templates`: templates that packs bring, by id.
pub fn templates() -> Call<Vec<CycleTemplateRow>> {
    Call::get(&["cycle-templates"])
}

/// `GET /v1/cycles`: cycles, the newest first.
pub fn list(query: &CycleQuery) -> Call<Page<CycleLine>> {
    Call::get(&["cycles"]).query(query)
}

/// `POST /v1/cycles`.
pub fn create(new: &NewCycle) -> Call<Cycle> {
    Call::post(&["cycles"]).body(new)
}

/// `GET /v1/cycles/{cycle}`.
pub fn show(cycle: &str) -> Call<CycleDetail> {
    Call::get(&["cycles", cycle])
}

/// `POST /v1/cycles/{cycle}/move`: leaves the present step with evidence and enters one that the template lets follow.
pub fn advance(cycle: &str, to: &CycleMove) -> Call<Cycle> {
    Call::post(&["cycles", cycle, "move"]).body(to)
}

/// `POST /v1/cycles/{cycle}/close`.
pub fn close(cycle: &str, why: &str) -> Call<Cycle> {
    Call::post(&["cycles", cycle, "close"]).body(&CycleClose { why: why.to_owned() })
}
