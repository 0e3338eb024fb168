//! Runs of the diagnosis (诊断运行): starting them, what they found, how two of them differ, and files of their results.

use crate::call::Call;
use crate::job::Job;
use crate::page::Page;
use crate::periods::PeriodRow;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use zhengai_model::layer::Layer;

/// In place of a run's id: the newest finished run.
pub const LATEST: &str = "latest";

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// At work, or interrupted by a crash.
    Running,
    /// Done; immutable.
    Finished,
    /// Ended without a result; immutable.
    Failed,
}

/// Which runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RunQuery {
    /// Over this period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Of this cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<String>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RunState>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A run in a list: everything but what it read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunLine {
    /// Its id.
    pub id: String,
    /// The cycle that it belongs to.
    pub cycle: Option<String>,
    /// The period diagnosed.
    pub period: String,
    /// The layers diagnosed.
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// Where it stands.
    pub state: RunState,
    /// The view of the hierarchy: `as-was`, `as-is` or a date.
    pub view: String,
    /// Fingerprint of everything that it read; there when finished.
    pub fingerprint: Option<String>,
    /// How many results of each verdict; there when finished.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, u64>,
    /// Why it failed: a word such as `interrupted`, or the key of a text.
    pub reason: Option<String>,
    /// When it started.
    pub at: DateTime<Utc>,
    /// Who started it.
    pub by: String,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The run that takes its place.
    pub superseded_by: Option<String>,
}

/// A run as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// The cycle that it belongs to.
    pub cycle: Option<String>,
    /// The period diagnosed.
    pub period: String,
    /// The layers diagnosed.
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// Where it stands.
    pub state: RunState,
    /// What was asked for: view, day.
    #[schema(value_type = Object)]
    pub request: serde_json::Value,
    /// Fingerprint of everything that it read; there when finished.
    pub fingerprint: Option<String>,
    /// Counts, inputs and gaps; there when finished.
    #[schema(value_type = Option<Object>)]
    pub summary: Option<serde_json::Value>,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it started.
    pub at: DateTime<Utc>,
    /// Who started it.
    pub by: String,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The run that takes its place.
    pub superseded_by: Option<String>,
}

impl Run {
    /// What a list shows of it.
    pub fn line(&self) -> RunLine {
        let counts = self.summary.as_ref().and_then(|summary| summary.pointer("/counts/attainment"));
        RunLine {
            id: self.id.clone(),
            cycle: self.cycle.clone(),
            period: self.period.clone(),
            layers: self.layers.clone(),
            state: self.state,
            view: self.request.get("view").and_then(|view| view.as_str()).unwrap_or_default().to_owned(),
            fingerprint: self.fingerprint.clone(),
            counts: counts.and_then(|counts| serde_json::from_value(counts.clone()).ok()).unwrap_or_default(),
            reason: self.reason.clone(),
            at: self.at,
            by: self.by.clone(),
            ended_at: self.ended_at,
            superseded_by: self.superseded_by.clone(),
        }
    }
}

/// What a run says of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerCounts {
    /// The layer's word.
    pub layer: String,
    /// Its name.
    pub label: String,
    /// How many results of each verdict.
    pub counts: BTreeMap<String, u64>,
    /// Open warnings about the periods of the run.
    pub warnings: u64,
}

/// A run with its counts by layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunDetail {
    /// The run.
    pub run: Run,
    /// Layers that it judged, in the order of reports.
    pub layers: Vec<LayerCounts>,
}

/// Which results of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResultQuery {
    /// Of this layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub layer: Option<Layer>,
    /// Of this object: `kind/id`, or the id alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Of this indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// With this verdict: `achieved`, `met`, `unmet`, `undetermined`, `not-applicable`, `not-due`, `unjudged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// With this text in the object's id or name or in the indicator's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Ordered by this column, from the small end; with `-` before it from the large end. By layer, indicator, kind, object
    /// and period when absent, and always so among equals. Columns: `layer`, `indicator`, `grain`, `object`,
    /// `object_name`, `period`, `value`, `attainment`, `level`, `n`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// One result: an indicator of an object in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultLine {
    /// The layer's word.
    pub layer: String,
    /// The indicator's code.
    pub indicator: String,
    /// Its name as it is now; absent when it is no longer defined.
    pub indicator_name: Option<String>,
    /// Its unit as it is now.
    pub unit: Option<String>,
    /// Content hash of the definition that it was computed by.
    pub version: String,
    /// Kind of the object.
    pub grain: String,
    /// The object.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: String,
    /// `number`, `undetermined`, `not-applicable` or `not-due`.
    pub state: String,
    /// Why there is no number.
    pub gap: Option<String>,
    /// The number, exact, as it was judged.
    pub value: Option<String>,
    /// Cases, where the indicator counts them.
    pub n: Option<i64>,
    /// Measures by name, as JSON text.
    pub measures: Option<String>,
    /// The target in words.
    pub target: Option<String>,
    /// The standard in words.
    pub standard: Option<String>,
    /// The warning value in words.
    pub warning: Option<String>,
    /// Scope of the standard.
    pub threshold_scope: Option<String>,
    /// Source of the standard.
    pub threshold_source: Option<String>,
    /// Whether somebody has verified the thresholds.
    pub verified: bool,
    /// The verdict.
    pub attainment: String,
    /// Level of the warning value that is breached.
    pub level: Option<String>,
}

/// A piece of the results of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Results {
    /// The run that they are of.
    pub run: String,
    /// The piece.
    #[serde(flatten)]
    pub page: Page<ResultLine>,
}

/// Which differences between two runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// Of this layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub layer: Option<Layer>,
    /// Of this indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// Explained by this: `data`, `definition`, `standard`, `hierarchy`, `calendar`, `period`, `layers`, `history`, `engine`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// That moved so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movement: Option<Movement>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// How a verdict moved from one run to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// To a better verdict.
    Better,
    /// To a worse verdict.
    Worse,
    /// The verdict stayed, the value did not.
    Same,
    /// From or to a verdict that is neither better nor worse, such as 无法判定.
    Other,
    /// Only the later run has it.
    Appeared,
    /// Only the earlier run has it.
    Gone,
}

/// What one run says about one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultSide {
    /// `number`, `undetermined`, `not-applicable` or `not-due`.
    pub state: String,
    /// The number, exact.
    pub value: Option<String>,
    /// The verdict.
    pub attainment: String,
    /// Level of the warning value that is breached.
    pub level: Option<String>,
}

/// One result on which two runs do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DifferenceLine {
    /// The layer's word.
    pub layer: String,
    /// The indicator's code.
    pub indicator: String,
    /// Its name as it is now; absent when it is no longer defined.
    pub indicator_name: Option<String>,
    /// Kind of the object.
    pub grain: String,
    /// The object.
    pub object: String,
    /// Its name, as the later run knows it.
    pub object_name: String,
    /// The period of the later value.
    pub period: String,
    /// What the earlier run says, when it says anything.
    pub before: Option<ResultSide>,
    /// What the later run says, when it says anything.
    pub after: Option<ResultSide>,
    /// How the verdict moved.
    pub movement: Movement,
    /// The inputs that explain it, the weightiest first: words as in [`CompareQuery::cause`].
    pub causes: Vec<String>,
}

/// Counts over all differences between two runs, filtered or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparisonSummary {
    /// Differences in all.
    pub differences: u64,
    /// How the verdicts moved.
    pub movements: BTreeMap<Movement, u64>,
    /// How many each cause explains; one difference may have several.
    pub causes: BTreeMap<String, u64>,
    /// How many in each layer.
    pub layers: BTreeMap<String, u64>,
}

/// How two runs differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    /// The earlier run.
    pub earlier: RunLine,
    /// The later run.
    pub later: RunLine,
    /// Counts over all differences.
    pub summary: ComparisonSummary,
    /// The piece asked for.
    #[serde(flatten)]
    pub page: Page<DifferenceLine>,
}

/// What to diagnose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiagnoseOrder {
    /// The period.
    pub period: String,
    /// The layers; those of the cycle, or else all enabled ones, when empty.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub layers: Vec<Layer>,
    /// The cycle that the run belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<String>,
    /// The view of the hierarchy: `as-was`, `as-is` or a date; the configured one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// The day taken as today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<NaiveDate>,
}

/// What a job of kind `diagnose` ends with. Its progress counts `rows` read and values `undetermined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Diagnosed {
    /// The run.
    pub run: String,
}

/// A layer that may be diagnosed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerChoice {
    /// The layer.
    #[schema(value_type = String)]
    pub layer: Layer,
    /// Its name.
    pub label: String,
    /// Whether its plugin is switched on.
    pub enabled: bool,
}

/// An open cycle that a run may belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its period.
    pub period: String,
}

/// What a person chooses from before a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiagnoseChoices {
    /// Periods, the newest of each kind first.
    pub periods: Vec<PeriodRow>,
    /// The period that is diagnosed unless another is chosen.
    pub period: Option<String>,
    /// All layers.
    pub layers: Vec<LayerChoice>,
    /// Open cycles, the newest first.
    pub cycles: Vec<CycleChoice>,
    /// The configured view.
    pub view: String,
}

/// A file of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Name of the file; its extension says what it is: `csv`, `parquet`, `json`, `xlsx`.
    pub file: String,
}

/// `GET /v1/runs`: runs, the newest first.
pub fn list(query: &RunQuery) -> Call<Page<RunLine>> {
    Call::get(&["runs"]).query(query)
}

/// `GET /v1/runs/choices`: what a diagnosis may be about.
pub fn choices() -> Call<DiagnoseChoices> {
    Call::get(&["runs", "choices"])
}

/// `POST /v1/runs`: starts a diagnosis; the job ends with [`Diagnosed`]. An equal order that is under way is joined.
pub fn diagnose(order: &DiagnoseOrder) -> Call<Job> {
    Call::post(&["runs"]).body(order)
}

/// `GET /v1/runs/{run}`; [`LATEST`] is the newest finished one.
pub fn show(run: &str) -> Call<RunDetail> {
    Call::get(&["runs", run])
}

/// `GET /v1/runs/{run}/results`; [`LATEST`] is the newest finished one.
pub fn results(run: &str, query: &ResultQuery) -> Call<Results> {
    Call::get(&["runs", run, "results"]).query(query)
}

/// `GET /v1/runs/{earlier}/compare/{later}`.
pub fn compare(earlier: &str, later: &str, query: &CompareQuery) -> Call<Comparison> {
    Call::get(&["runs", earlier, "compare", later]).query(query)
}

/// `GET /v1/runs/{run}/export`: a file, streamed. Equal fingerprints give equal bytes.
pub fn export(run: &str, file: &str) -> Call<()> {
    Call::get(&["runs", run, "export"]).query(&ExportQuery { file: file.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{CompareQuery, Movement, ResultQuery, RunQuery, RunState};
    use zhengai_model::layer::Layer;

    #[test]
    fn queries_carry_words_and_leave_out_what_is_not_asked() {
        let query = ResultQuery {
            layer: Some(Layer::Student),
            search: Some("李&王".to_owned()),
            sort: Some("-value".to_owned()),
            limit: Some(50),
            ..ResultQuery::default()
        };
        let call = super::results(super::LATEST, &query);
        assert_eq!(call.request().path, "/v1/runs/latest/results");
        assert_eq!(call.request().query, "layer=student&search=%E6%9D%8E%26%E7%8E%8B&sort=-value&limit=50");
        let query = CompareQuery { movement: Some(Movement::Worse), ..CompareQuery::default() };
        let call = super::compare("R20261121-001", "R20261122-001", &query);
        assert_eq!(call.request().path, "/v1/runs/R20261121-001/compare/R20261122-001");
        assert_eq!(call.request().query, "movement=worse");
        let query = RunQuery { state: Some(RunState::Finished), ..RunQuery::default() };
        assert_eq!(super::list(&query).request().query, "state=finished");
    }

    #[test]
    fn a_line_of_a_run_has_its_view_and_counts_and_one_without_a_summary_has_none() {
        let mut run: super::Run = serde_json::from_value(serde_json::json!({
            "id": "R1", "cycle": null, "period": "CY2025", "layers": ["school"], "state": "finished",
            "request": { "view": "as-is" }, "fingerprint": "ab", "reason": null, "at": "2026-11-21T08:00:00Z",
            "by": "王", "ended_at": null, "superseded_by": null,
            "summary": { "counts": { "attainment": { "met": 7, "unmet": 2 } } },
        }))
        .expect("a run");
        let line = run.line();
        assert_eq!(
            (line.view.as_str(), line.counts.get("met"), line.counts.get("unmet")),
            ("as-is", Some(&7), Some(&2))
        );
        run.summary = None;
        assert!(run.line().counts.is_empty());
    }
}
