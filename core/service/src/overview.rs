//! The overview (总览): what the newest runs say of each layer and system, what waits for somebody, how fresh the data are.
//!
//! Whoever may see the whole college gets the counts that the runs kept; for everybody else they are counted anew over what
//! lies within the scope.

use crate::college::College;
use crate::cycles::CycleProgress;
use crate::error::ServiceError;
use crate::freshness::{Overdue, overdue};
use crate::rights::ScopeFilter;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_engine::Counts;
use zhengai_model::batch::BatchState;
use zhengai_model::ids::{DatasetId, IndicatorCode, LevelId, RuleId};
use zhengai_model::layer::{Layer, System};
use zhengai_model::period::{Period, PeriodKind};
use zhengai_model::rights::Right;
use zhengai_model::verdict::Attainment;
use zhengai_store::{
    BatchFilter, BatchRecord, CycleFilter, CycleRecord, CycleState, RunFilter, RunRecord, RunState, SyncFilter,
    SyncRecord, TallyBy, WarningTally,
};
use zhengai_warehouse::ResultFilter;

/// Runs of a kind of period that the trend goes back over.
const TREND: usize = 12;
/// Batches that are shown of those that wait.
const WAITING: usize = 8;

/// How many results of each verdict.
pub type Verdicts = BTreeMap<Attainment, u64>;
/// How many warnings of each level.
pub type Levels = BTreeMap<LevelId, u64>;

/// The state of a college at a glance.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The five layers, in the order of reports; those outside the reader's scope are left out.
    pub layers: Vec<LayerState>,
    /// Open cycles, the newest first.
    pub cycles: Vec<(CycleRecord, CycleProgress)>,
    /// The newest run of each period, oldest period first, so many of each kind; none for a reader who may not see the
    /// whole college.
    pub trend: Option<Vec<TrendPoint>>,
    /// Datasets whose rows should have come.
    pub stale: Vec<StaleDataset>,
    /// Datasets with rows.
    pub datasets: u64,
    /// When rows last came in.
    pub fresh_at: Option<DateTime<Utc>>,
    /// Sources with their last sync; none for a reader who may not see rows.
    pub sources: Vec<SourceState>,
    /// Batches that wait for a person, the newest first; none for a reader who may not see rows.
    pub waiting: Vec<BatchRecord>,
    /// How many wait in all.
    pub waiting_total: u64,
}

/// What is known of a layer.
#[derive(Debug, Clone)]
pub struct LayerState {
    /// The layer.
    pub layer: Layer,
    /// Whether its plugin is switched on.
    pub enabled: bool,
    /// The newest finished run that judged it.
    pub run: Option<RunRecord>,
    /// By system; `None` for indicators and rules that name none.
    pub systems: BTreeMap<Option<System>, SystemState>,
}

/// What is known of a system within a layer.
#[derive(Debug, Clone, Default)]
pub struct SystemState {
    /// Indicators that it answers for.
    pub indicators: u64,
    /// Their results in the newest run.
    pub verdicts: Verdicts,
    /// Open warnings.
    pub warnings: Levels,
    /// Rules that these are of.
    pub rules: BTreeSet<RuleId>,
}

impl LayerState {
    /// Results of all systems.
    pub fn verdicts(&self) -> Verdicts {
        let mut sum = Verdicts::new();
        for (attainment, count) in self.systems.values().flat_map(|system| &system.verdicts) {
            *sum.entry(*attainment).or_default() += count;
        }
        sum
    }

    /// Open warnings of all systems.
    pub fn warnings(&self) -> Levels {
        let mut sum = Levels::new();
        for (level, count) in self.systems.values().flat_map(|system| &system.warnings) {
            *sum.entry(level.clone()).or_default() += count;
        }
        sum
    }
}

/// A run in the trend.
#[derive(Debug, Clone)]
pub struct TrendPoint {
    /// The run.
    pub run: RunRecord,
    /// The kind of its period: a term and a year are not points of one line.
    pub kind: PeriodKind,
    /// Its results by layer.
    pub layers: BTreeMap<Layer, Verdicts>,
    /// Warning values that were breached, by level.
    pub warnings: Levels,
}

/// A dataset whose rows should have come.
#[derive(Debug, Clone)]
pub struct StaleDataset {
    /// The dataset.
    pub dataset: DatasetId,
    /// The day of its newest batch.
    pub newest: NaiveDate,
    /// What it lacks.
    pub overdue: Overdue,
}

/// How a source does.
#[derive(Debug, Clone)]
pub struct SourceState {
    /// Its name.
    pub source: String,
    /// Whether it may be synced.
    pub enabled: bool,
    /// Its last sync.
    pub last: Option<SyncRecord>,
    /// Datasets that it fills and that are stale.
    pub stale: Vec<DatasetId>,
}

impl College {
    /// The state of the college at a glance, within the reader's scope.
    pub async fn overview(&self) -> Result<Overview, ServiceError> {
        self.permit(Right::ReadResults)?;
        let scope = self.scope().await?;
        let finished = RunFilter { states: vec![RunState::Finished], ..RunFilter::default() };
        let runs = self.record.run_list(&finished).await?;
        let standing: Vec<&RunRecord> = runs.iter().filter(|run| run.superseded_by.is_none()).collect();
        let open = CycleFilter { state: Some(CycleState::Open), ..CycleFilter::default() };
        let mut cycles = Vec::new();
        for cycle in self.record.cycle_list(&open).await? {
            let progress = self.cycle_progress(&cycle).await?;
            cycles.push((cycle, progress));
        }
        let newest = self.newest_batches().await?;
        let stale = self.stale(&newest);
        let rows = self.actor().may(Right::ReadRows);
        let (waiting, waiting_total) = if rows { self.held_batches().await? } else { (Vec::new(), 0) };
        Ok(Overview {
            layers: self.layer_states(&standing, &scope).await?,
            cycles,
            trend: scope.is_everything().then(|| self.trend(&standing)).transpose()?,
            datasets: newest.len() as u64,
            fresh_at: newest.values().max().copied(),
            sources: if rows { self.source_states(&stale).await? } else { Vec::new() },
            stale,
            waiting,
            waiting_total,
        })
    }

    async fn layer_states(&self, runs: &[&RunRecord], scope: &ScopeFilter) -> Result<Vec<LayerState>, ServiceError> {
        let enabled = self.plugins.enabled_layers();
        let seen = scope.layers();
        let tally = self.tally(scope).await?;
        let mut states = Vec::new();
        for layer in Layer::ALL.into_iter().filter(|layer| seen.contains(layer)) {
            let run = runs.iter().find(|run| run.layers.contains(&layer)).copied();
            let mut systems: BTreeMap<Option<System>, SystemState> = BTreeMap::new();
            for indicator in self.definitions.indicators.values() {
                if indicator.layer == layer && !indicator.quantity {
                    systems.entry(indicator.system).or_default().indicators += 1;
                }
            }
            if let Some(run) = run {
                for (code, verdicts) in self.verdicts(run, layer, scope).await? {
                    let of = systems.entry(self.system_of(&code)).or_default();
                    for (attainment, count) in verdicts {
                        *of.verdicts.entry(attainment).or_default() += count;
                    }
                }
            }
            for counted in tally.iter().filter(|counted| counted.layer == layer) {
                let of = systems.entry(self.system_of_rule(&counted.rule)).or_default();
                *of.warnings.entry(counted.level.clone()).or_default() += counted.count;
                of.rules.insert(counted.rule.clone());
            }
            states.push(LayerState { layer, enabled: enabled.contains(&layer), run: run.cloned(), systems });
        }
        Ok(states)
    }

    /// Verdicts of a layer's indicators in a run.
    async fn verdicts(
        &self,
        run: &RunRecord,
        layer: Layer,
        scope: &ScopeFilter,
    ) -> Result<BTreeMap<IndicatorCode, Verdicts>, ServiceError> {
        let mut found: BTreeMap<IndicatorCode, Verdicts> = BTreeMap::new();
        if scope.is_everything() {
            for (code, kinds) in counts(run)?.indicators {
                if self.definitions.indicator(&code).is_some_and(|indicator| indicator.layer == layer) {
                    let of = found.entry(code).or_default();
                    for (attainment, count) in kinds.into_values().flatten() {
                        *of.entry(attainment).or_default() += count;
                    }
                }
            }
            return Ok(found);
        }
        let filter = self.results_within(&run.id, scope, ResultFilter::all().with("layer", layer.as_str())).await?;
        for counted in self.warehouse.count_results(&run.id, &filter, &["indicator", "attainment"]).await? {
            let [Some(code), Some(word)] = counted.texts.as_slice() else { continue };
            if let (Ok(code), Some(attainment)) = (IndicatorCode::new(code.clone()), attainment(word)) {
                *found.entry(code).or_default().entry(attainment).or_default() += counted.count;
            }
        }
        Ok(found)
    }

    /// Open warnings within the scope.
    async fn tally(&self, scope: &ScopeFilter) -> Result<Vec<WarningTally>, ServiceError> {
        if scope.is_everything() {
            return Ok(self.record.warning_tally(TallyBy::Rule).await?);
        }
        let mut tally = self.record.warning_tally(TallyBy::Object).await?;
        scope.keep(&mut tally, |counted| {
            let object = counted.object.as_ref().map_or("", |object| object.as_str());
            (counted.layer.as_str(), counted.kind.as_str(), object)
        });
        Ok(tally)
    }

    fn system_of(&self, code: &IndicatorCode) -> Option<System> {
        self.definitions.indicator(code).and_then(|indicator| indicator.system)
    }

    /// The system of the first indicator that a rule looks at and that has one.
    fn system_of_rule(&self, rule: &RuleId) -> Option<System> {
        match self.definitions.rule(rule) {
            Some(rule) => rule.indicators().iter().find_map(|code| self.system_of(code)),
            // The rule that an indicator with a warning value has by itself bears its code.
            None => IndicatorCode::new(rule.as_str()).ok().and_then(|code| self.system_of(&code)),
        }
    }

    /// The newest run of each period, by the day on which the period begins.
    fn trend(&self, runs: &[&RunRecord]) -> Result<Vec<TrendPoint>, ServiceError> {
        let mut chosen: Vec<(&RunRecord, Period)> = Vec::new();
        for run in runs {
            if let Some(period) = self.calendar.get(&run.period)
                && !chosen.iter().any(|(other, _)| other.period == run.period)
            {
                chosen.push((run, period));
            }
        }
        chosen.sort_by_key(|(_, period)| (period.start, period.end));
        let mut points = Vec::new();
        for (at, (run, period)) in chosen.iter().enumerate() {
            let later = chosen.iter().skip(at + 1).filter(|(_, other)| other.kind == period.kind).count();
            if later < TREND {
                let counts = counts(run)?;
                let (layers, warnings) = (counts.layers, counts.warnings);
                points.push(TrendPoint { run: (*run).clone(), kind: period.kind, layers, warnings });
            }
        }
        Ok(points)
    }

    /// When rows of each dataset last came in.
    async fn newest_batches(&self) -> Result<BTreeMap<DatasetId, DateTime<Utc>>, ServiceError> {
        let filter = BatchFilter { states: vec![BatchState::Applied], ..BatchFilter::default() };
        let mut newest: BTreeMap<DatasetId, DateTime<Utc>> = BTreeMap::new();
        for batch in self.record.batch_list(&filter).await? {
            let known = newest.entry(batch.dataset).or_insert(batch.updated_at);
            *known = batch.updated_at.max(*known);
        }
        Ok(newest)
    }

    fn stale(&self, newest: &BTreeMap<DatasetId, DateTime<Utc>>) -> Vec<StaleDataset> {
        let days: BTreeMap<&DatasetId, NaiveDate> =
            newest.iter().map(|(dataset, at)| (dataset, at.date_naive())).collect();
        overdue(&self.definitions, &self.calendar, self.opening.today, &days)
            .into_iter()
            .filter_map(|(dataset, overdue)| {
                Some(StaleDataset { dataset: dataset.clone(), newest: *days.get(dataset)?, overdue })
            })
            .collect()
    }

    async fn source_states(&self, stale: &[StaleDataset]) -> Result<Vec<SourceState>, ServiceError> {
        let mut states = Vec::new();
        for record in self.record.source_list().await? {
            let source = record.source;
            let last = SyncFilter { source: Some(source.id.clone()), limit: Some(1), ..SyncFilter::default() };
            let fills = |late: &&StaleDataset| source.streams.iter().any(|stream| stream.dataset == late.dataset);
            states.push(SourceState {
                source: source.id.to_string(),
                enabled: source.enabled,
                last: self.record.sync_list(&last).await?.into_iter().next(),
                stale: stale.iter().filter(fills).map(|late| late.dataset.clone()).collect(),
            });
        }
        Ok(states)
    }

    async fn held_batches(&self) -> Result<(Vec<BatchRecord>, u64), ServiceError> {
        let filter = BatchFilter { states: vec![BatchState::Held], ..BatchFilter::default() };
        let mut held = self.record.batch_list(&filter).await?;
        let total = held.len() as u64;
        held.truncate(WAITING);
        Ok((held, total))
    }
}

/// What a run counted.
pub(crate) fn counts(run: &RunRecord) -> Result<Counts, ServiceError> {
    let kept = run.summary.as_ref().and_then(|summary| summary.get("counts")).cloned();
    let kept = kept.unwrap_or_else(|| serde_json::json!(Counts::default()));
    serde_json::from_value(kept)
        .map_err(|error| ServiceError::Internal { what: format!("counts of run {}: {error}", run.id) })
}

/// A verdict from its word.
pub(crate) fn attainment(word: &str) -> Option<Attainment> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}
