//! Diagnosis (诊断): one run over a period, its results in the warehouse, its findings and warnings in the record, all
//! of it or nothing. A later run over the same period and layers supersedes it; neither is ever changed.

use crate::college::{College, next_id, stem};
use crate::error::ServiceError;
use crate::transforms::HostTransforms;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_engine::{CancelFlag, Compiled, DiagnoseRequest, Diagnosis, Engine, ProgressFn};
use zhengai_model::fault::Explain;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{CycleId, PeriodId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::pack::Definitions;
use zhengai_model::period::{Period, PeriodKind};
use zhengai_model::rights::Right;
use zhengai_store::{Finding, NewRun, RunFilter, RunOutcome, RunRecord, RunState};
use zhengai_warehouse::ResultFilter;

/// Results by layer and verdict.
pub type LayerCounts = BTreeMap<String, BTreeMap<String, u64>>;

/// What to diagnose.
#[derive(Debug, Clone)]
pub struct DiagnoseOrder {
    /// The period.
    pub period: String,
    /// The layers; all enabled ones when empty.
    pub layers: Vec<Layer>,
    /// The cycle that the run belongs to.
    pub cycle: Option<String>,
    /// The hierarchy view; the configured one when absent.
    pub view: Option<String>,
    /// The day taken as today.
    pub today: Option<NaiveDate>,
}

impl College {
    /// The period with this id.
    pub fn period(&self, id: &str) -> Result<Period, ServiceError> {
        PeriodId::new(id)
            .ok()
            .and_then(|id| self.calendar.get(&id))
            .ok_or_else(|| ServiceError::BadArgument { what: "period", value: id.to_owned() })
    }

    /// The newest period of a kind that is over on the day of this command.
    pub fn last_period(&self, kind: PeriodKind) -> Result<Period, ServiceError> {
        let now = self.calendar.on(kind, self.opening.today);
        now.and_then(|now| self.calendar.previous(&now))
            .ok_or_else(|| ServiceError::BadArgument { what: "period", value: crate::words::word(&kind) })
    }

    /// Compiles the definitions in force.
    pub(crate) fn compile(&self) -> Result<Compiled, ServiceError> {
        self.compile_these(&self.definitions)
    }

    /// Compiles definitions, and checks what no compiler sees: dates and levels of thresholds, rules, templates.
    pub(crate) fn compile_these(&self, definitions: &Definitions) -> Result<Compiled, ServiceError> {
        let compiled = Engine::compile(definitions, &self.calendar)
            .map_err(|faults| ServiceError::Indicators { faults: faults.iter().map(Explain::message).collect() })?;
        let faults = definitions.check(self.opening.today);
        if faults.is_empty() { Ok(compiled) } else { Err(ServiceError::Packs { faults }) }
    }

    /// Runs a diagnosis to its end.
    pub async fn diagnose(
        &self,
        order: &DiagnoseOrder,
        progress: ProgressFn<'_>,
        cancel: &CancelFlag,
    ) -> Result<RunRecord, ServiceError> {
        self.permit(Right::RunDiagnosis)?;
        let period = self.period(&order.period)?;
        let cycle = match &order.cycle {
            Some(id) => Some(self.open_cycle(id).await?),
            None => None,
        };
        let layers = self.layers_of(order, cycle.as_ref().map(|cycle| cycle.layers.as_slice()));
        let compiled = self.compile()?;
        let view = parse_view(order.view.as_deref().unwrap_or(self.config().view()))?;
        let today = order.today.unwrap_or(self.opening.today);
        let run = self.next_run().await?;
        let disabled: BTreeSet<Layer> = self.plugins.disabled_layers().into_iter().collect();
        let request = DiagnoseRequest {
            run: run.clone(),
            period: period.id.clone(),
            layers: layers.iter().copied().collect(),
            today,
            view,
            disabled,
        };
        let new = NewRun {
            id: run.clone(),
            cycle: cycle.map(|cycle| cycle.id),
            period: period.id.clone(),
            layers,
            request: json!({ "view": request.view.to_string(), "today": today }),
        };
        self.record.run_start(self.actor(), &new).await?;
        match self.carry_out(&compiled, &request, progress, cancel).await {
            Ok(record) => Ok(record),
            Err(error) => {
                if let Err(second) = self.record.run_fail(self.actor(), &run, &error.message().key).await {
                    // The record is on the same disk, as a rule; the next writer finds the run interrupted.
                    tracing::warn!(error = %second, %run, "the run could not be ended");
                }
                Err(error)
            }
        }
    }

    fn layers_of(&self, order: &DiagnoseOrder, cycle: Option<&[Layer]>) -> Vec<Layer> {
        let asked: BTreeSet<Layer> = match (order.layers.as_slice(), cycle) {
            ([], Some(layers)) if !layers.is_empty() => layers.iter().copied().collect(),
            ([], _) => Layer::ALL.into_iter().collect(),
            (layers, _) => layers.iter().copied().collect(),
        };
        let enabled = self.plugins.enabled_layers();
        asked.into_iter().filter(|layer| enabled.contains(layer)).collect()
    }

    async fn next_run(&self) -> Result<RunId, ServiceError> {
        let stem = stem('R', self.opening.today);
        let known = self.record.run_ids(&stem).await?.into_iter().map(|run| run.to_string());
        RunId::new(next_id(&stem, known)).map_err(|error| ServiceError::Internal { what: error.to_string() })
    }

    async fn carry_out(
        &self,
        compiled: &Compiled,
        request: &DiagnoseRequest,
        progress: ProgressFn<'_>,
        cancel: &CancelFlag,
    ) -> Result<RunRecord, ServiceError> {
        let history = self.history(compiled, request).await?;
        let transforms = HostTransforms::new(&self.plugins);
        let diagnosis =
            Engine::diagnose(&self.warehouse, compiled, request, &history, &transforms, progress, cancel).await?;
        if cancel.is_cancelled() {
            return Err(ServiceError::Cancelled);
        }
        self.warehouse.write_results(&request.run, diagnosis.results.clone()).await?;
        let moved = self.move_warnings(request, &diagnosis).await?;
        let findings: Vec<Finding> = diagnosis.findings.iter().map(finding).collect();
        let summary = summary(&diagnosis, &moved.held_back);
        let outcome = RunOutcome {
            fingerprint: &diagnosis.fingerprint,
            summary: &summary,
            findings: &findings,
            warnings: &moved.writes,
        };
        let earlier = self.earlier(&request.run).await?;
        let (record, _) = self.record.run_finish_over(self.actor(), &request.run, outcome, &earlier).await?;
        Ok(record)
    }

    /// Earlier finished runs over the same period whose layers this one covers: they give way to it.
    async fn earlier(&self, run: &RunId) -> Result<Vec<RunId>, ServiceError> {
        let run = self.record.run_get(run).await?;
        let filter =
            RunFilter { period: Some(run.period.clone()), states: vec![RunState::Finished], ..RunFilter::default() };
        let gives_way = |earlier: &RunRecord| {
            let covered = earlier.layers.iter().all(|layer| run.layers.contains(layer));
            earlier.superseded_by.is_none() && covered && earlier.cycle == run.cycle
        };
        let known = self.record.run_list(&filter).await?;
        Ok(known.into_iter().filter(gives_way).map(|earlier| earlier.id).collect())
    }

    async fn open_cycle(&self, id: &str) -> Result<zhengai_store::CycleRecord, ServiceError> {
        let cycle = self.cycle(id).await?;
        if cycle.state != zhengai_store::CycleState::Open {
            let state = crate::words::word(&cycle.state);
            return Err(ServiceError::WrongState { what: "cycle", name: id.to_owned(), state });
        }
        Ok(cycle)
    }

    /// The run with this id, or the newest finished one when none is named.
    pub async fn run(&self, id: Option<&str>) -> Result<RunRecord, ServiceError> {
        self.permit(Right::ReadResults)?;
        let finished = RunFilter { states: vec![RunState::Finished], limit: Some(1), ..RunFilter::default() };
        let Some(id) = id else {
            return self.runs_where(&finished).await?.into_iter().next().ok_or(ServiceError::NoRun);
        };
        let wanted = RunId::new(id).map_err(|_| ServiceError::BadArgument { what: "run", value: id.to_owned() })?;
        match self.record.run_find(&wanted).await? {
            Some(run) if self.scope().await?.is_everything() => Ok(run),
            Some(run) => Ok(without_counts(run)),
            None => {
                let known = self.runs().await?;
                Err(ServiceError::not_found("run", id, known.iter().map(|run| run.id.as_str())))
            }
        }
    }

    /// Runs, the newest first.
    pub async fn runs(&self) -> Result<Vec<RunRecord>, ServiceError> {
        self.runs_where(&RunFilter::default()).await
    }

    /// Runs that fit, the newest first.
    pub async fn runs_where(&self, filter: &RunFilter) -> Result<Vec<RunRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let whole = self.scope().await?.is_everything();
        let runs = self.record.run_list(filter).await?.into_iter();
        Ok(runs.map(|run| if whole { run } else { without_counts(run) }).collect())
    }

    /// Results of a run by layer and verdict, those within the scope.
    pub async fn layer_counts(&self, run: &RunRecord) -> Result<LayerCounts, ServiceError> {
        let scope = self.scope().await?;
        if scope.is_everything() {
            let kept = run.summary.as_ref().and_then(|summary| summary.pointer("/counts/layers")).cloned();
            return Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default());
        }
        let mut counts = LayerCounts::new();
        if run.state == RunState::Finished {
            let filter = self.results_within(&run.id, &scope, ResultFilter::all()).await?;
            for counted in self.warehouse.count_results(&run.id, &filter, &["layer", "attainment"]).await? {
                if let [Some(layer), Some(verdict)] = counted.texts.as_slice() {
                    counts.entry(layer.clone()).or_default().insert(verdict.clone(), counted.count);
                }
            }
        }
        Ok(counts)
    }

    /// Layers whose plugins are on.
    pub fn enabled_layers(&self) -> BTreeSet<Layer> {
        self.plugins.enabled_layers().into_iter().collect()
    }

    /// The newest finished run that judged one of these layers; the newest of all when none did.
    pub(crate) async fn newest_of(&self, layers: &BTreeSet<Layer>) -> Result<RunRecord, ServiceError> {
        let finished = RunFilter { states: vec![RunState::Finished], ..RunFilter::default() };
        let runs = self.record.run_list(&finished).await?;
        let judged = |run: &RunRecord| run.superseded_by.is_none() && run.layers.iter().any(|one| layers.contains(one));
        match runs.into_iter().find(judged) {
            Some(run) => Ok(run),
            None => self.finished(None).await,
        }
    }

    /// A finished run: only those have results.
    pub(crate) async fn finished(&self, id: Option<&str>) -> Result<RunRecord, ServiceError> {
        let run = self.run(id).await?;
        if run.state != RunState::Finished {
            let (name, state) = (run.id.to_string(), crate::words::word(&run.state));
            return Err(ServiceError::WrongState { what: "run", name, state });
        }
        Ok(run)
    }

    /// The cycle with this id.
    pub async fn cycle(&self, id: &str) -> Result<zhengai_store::CycleRecord, ServiceError> {
        self.permit(Right::ReadResults)?;
        let wanted = CycleId::new(id).map_err(|_| ServiceError::BadArgument { what: "cycle", value: id.to_owned() })?;
        let known = self.cycles().await?;
        match known.iter().find(|cycle| cycle.id == wanted) {
            Some(cycle) => Ok(cycle.clone()),
            None => Err(ServiceError::not_found("cycle", id, known.iter().map(|cycle| cycle.id.as_str()))),
        }
    }
}

impl College {
    /// The hierarchy view that the configuration names.
    pub(crate) fn usual_view(&self) -> Result<View, ServiceError> {
        parse_view(self.config().view())
    }
}

fn parse_view(text: &str) -> Result<View, ServiceError> {
    match text {
        "as-was" => Ok(View::AsWas),
        "as-is" => Ok(View::AsIs),
        date => date
            .strip_prefix("as-of:")
            .unwrap_or(date)
            .parse()
            .map(View::AsOf)
            .map_err(|_| ServiceError::BadArgument { what: "view", value: text.to_owned() }),
    }
}

fn finding(found: &zhengai_engine::Finding) -> Finding {
    Finding {
        what: "unmet".to_owned(),
        layer: found.layer,
        indicator: Some(found.indicator.clone()),
        kind: found.kind.clone(),
        object: found.object.clone(),
        object_name: found.object_name.clone(),
        level: found.level.clone(),
        detail: json!({ "value": found.value, "standard": found.standard, "period": found.period }),
    }
}

/// What is kept of a run beside its rows.
fn summary(diagnosis: &Diagnosis, held_back: &std::collections::BTreeMap<String, usize>) -> Value {
    json!({
        "counts": diagnosis.counts,
        "inputs": diagnosis.inputs,
        "gaps": diagnosis.gaps,
        "held_back": held_back,
    })
}

/// A run for somebody who may not see the whole college, over which its counts were taken.
fn without_counts(mut run: RunRecord) -> RunRecord {
    if let Some(Value::Object(summary)) = &mut run.summary {
        summary.remove("counts");
    }
    run
}
