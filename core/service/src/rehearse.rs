//! Rehearsal (预演): what a draft, or other thresholds, would have said of past periods. The definitions in force and the
//! draft are judged over the same rows, those that the run of the period read, so that what differs is the draft's doing.
//! Nothing is written.

use crate::college::College;
use crate::drafts::{DraftBody, text_order};
use crate::error::ServiceError;
use crate::results::inputs;
use crate::transforms::HostTransforms;
use std::collections::BTreeSet;
use zhengai_engine::{
    CancelFlag, Compiled, DiagnoseRequest, Engine, Rehearsal, RehearsalDifference, Rehearsed, Source,
};
use zhengai_model::fault::Explain;
use zhengai_model::ids::{IndicatorCode, PeriodId, RuleId, RunId};
use zhengai_model::indicator::{Indicator, IndicatorText};
use zhengai_model::layer::Layer;
use zhengai_model::pack::Definitions;
use zhengai_model::period::Period;
use zhengai_model::rights::Right;
use zhengai_model::threshold::{Threshold, ThresholdText};
use zhengai_store::RunRecord;

/// Periods that are replayed when nobody names any.
const USUAL: usize = 4;

/// What to rehearse.
#[derive(Debug, Clone, Default)]
pub struct RehearseOrder {
    /// The indicator.
    pub code: String,
    /// Its definition as it would be; as it is in force when absent.
    pub form: Option<IndicatorText>,
    /// Thresholds as they would be, held to have been in force all the time.
    pub thresholds: Vec<ThresholdText>,
    /// Past periods; the newest that runs have computed when empty.
    pub periods: Vec<String>,
}

impl RehearseOrder {
    /// A draft.
    pub fn of(code: &str, body: DraftBody, periods: Vec<String>) -> Self {
        Self { code: code.to_owned(), form: Some(body.form), thresholds: body.thresholds, periods }
    }
}

/// One period replayed.
#[derive(Debug, Clone)]
pub struct RehearsedPeriod {
    /// The period.
    pub period: PeriodId,
    /// The run whose rows were read; the newest rows where no run has computed the period.
    pub run: Option<RunId>,
    /// What would be different.
    pub difference: RehearsalDifference,
}

/// What a rehearsal found.
#[derive(Debug, Clone)]
pub struct RehearsalReport {
    /// The indicator.
    pub code: IndicatorCode,
    /// Periods, the newest first.
    pub periods: Vec<RehearsedPeriod>,
    /// Indicators whose warnings were looked at.
    pub indicators: Vec<IndicatorCode>,
    /// Rules that were looked at.
    pub rules: Vec<RuleId>,
}

/// How far a rehearsal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearseStep {
    /// The period at work.
    pub period: PeriodId,
    /// Halves of periods done.
    pub done: u64,
    /// Halves of periods in all: each is judged twice.
    pub total: u64,
}

impl College {
    /// Replays past periods.
    pub async fn rehearse_indicator(
        &self,
        order: &RehearseOrder,
        progress: &(dyn Fn(RehearseStep) + Send + Sync),
        cancel: &CancelFlag,
    ) -> Result<RehearsalReport, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let indicator = self.rehearsed(order)?;
        let after = self.compile_trial(&self.with_thresholds(&indicator, &order.thresholds)?)?;
        let before = self.compile_trial(&self.definitions)?;
        let runs = self.computed_periods().await?;
        let periods = self.replayed(order, &indicator, &runs)?;
        let (mut found, total) = (Vec::new(), periods.len() as u64 * 2);
        let (mut indicators, mut rules) = (BTreeSet::new(), BTreeSet::new());
        for (index, period) in periods.into_iter().enumerate() {
            let step = |half: u64| RehearseStep { period: period.id.clone(), done: index as u64 * 2 + half, total };
            let covers = |(run, computed): &&(RunRecord, BTreeSet<PeriodId>)| {
                computed.contains(&period.id) && run.layers.contains(&indicator.layer)
            };
            let run = runs.iter().find(covers).map(|(run, _)| run);
            let replay = Replay { period: &period, run, cancel };
            progress(step(0));
            let (new, reach) = self.judge(&after, &before, &indicator.code, &replay).await?;
            progress(step(1));
            let (old, _) = self.judge(&before, &after, &indicator.code, &replay).await?;
            progress(step(2));
            indicators.extend(reach.0);
            rules.extend(reach.1);
            let difference = RehearsalDifference::between(&old, &new);
            found.push(RehearsedPeriod { period: period.id.clone(), run: run.map(|run| run.id.clone()), difference });
        }
        let (indicators, rules) = (indicators.into_iter().collect(), rules.into_iter().collect());
        Ok(RehearsalReport { code: indicator.code, periods: found, indicators, rules })
    }

    /// The definition as it would be.
    fn rehearsed(&self, order: &RehearseOrder) -> Result<Indicator, ServiceError> {
        match &order.form {
            Some(form) => form.read().map_err(|faults| ServiceError::Fields { faults }),
            None => self.indicator(&order.code).cloned(),
        }
    }

    fn compile_trial(&self, definitions: &Definitions) -> Result<Compiled, ServiceError> {
        Engine::compile(definitions, &self.calendar)
            .map_err(|faults| ServiceError::Indicators { faults: faults.iter().map(Explain::message).collect() })
    }

    /// The definitions with the indicator and its thresholds as if these had always held.
    fn with_thresholds(&self, indicator: &Indicator, texts: &[ThresholdText]) -> Result<Definitions, ServiceError> {
        let mut definitions = self.trial(std::slice::from_ref(indicator));
        for text in texts {
            let order = text_order(&indicator.code, text)?;
            let threshold = Threshold { from: None, to: None, ..self.ordered(&definitions, &order)? };
            definitions.thresholds.retain(|known| !same_seat(known, &threshold));
            definitions.thresholds.push(threshold);
        }
        Ok(definitions)
    }

    /// The periods to replay: those named, or the newest that runs have computed, or the newest that is over.
    fn replayed(
        &self,
        order: &RehearseOrder,
        indicator: &Indicator,
        runs: &[(RunRecord, BTreeSet<PeriodId>)],
    ) -> Result<Vec<Period>, ServiceError> {
        if !order.periods.is_empty() {
            return order.periods.iter().map(|id| self.period(id)).collect();
        }
        let of_layer = runs.iter().filter(|(run, _)| run.layers.contains(&indicator.layer));
        let known: BTreeSet<&PeriodId> = of_layer.flat_map(|(_, periods)| periods).collect();
        let mut found: Vec<Period> = known.into_iter().filter_map(|id| self.calendar.get(id)).collect();
        found.retain(|period| period.kind == indicator.period && period.is_over(self.opening.today));
        found.sort_by_key(|period| std::cmp::Reverse(period.start));
        found.truncate(USUAL);
        if found.is_empty() {
            found.push(self.last_period(indicator.period)?);
        }
        Ok(found)
    }

    /// Judges one period with one set of definitions; over the datasets that either set needs, so that both see the same.
    async fn judge(
        &self,
        definitions: &Compiled,
        other: &Compiled,
        code: &IndicatorCode,
        replay: &Replay<'_>,
    ) -> Result<(Rehearsed, (Vec<IndicatorCode>, Vec<RuleId>)), ServiceError> {
        let disabled: BTreeSet<Layer> = self.plugins.disabled_layers().into_iter().collect();
        // A draft of something new was not there before: nothing to judge.
        if definitions.definitions.indicator(code).is_none() {
            return Ok((Rehearsed::default(), (Vec::new(), Vec::new())));
        }
        let plan = Rehearsal::new(definitions, code, replay.period, &disabled)?;
        let mut datasets: BTreeSet<_> = plan.datasets().into_iter().collect();
        if other.definitions.indicator(code).is_some() {
            datasets.extend(Rehearsal::new(other, code, replay.period, &disabled)?.datasets());
        }
        let kept = replay.run.map(inputs).transpose()?;
        let pinned = kept.as_ref().map(|kept| kept.datasets.clone()).unwrap_or_default();
        let datasets: Vec<_> = datasets.into_iter().collect();
        let source = Source::pinned(&self.warehouse, &datasets, &pinned).await?;
        let run = RunId::new("rehearsal").map_err(|error| ServiceError::Internal { what: error.to_string() })?;
        let request = DiagnoseRequest {
            view: kept.as_ref().map_or_else(|| self.usual_view(), |kept| Ok(kept.view))?,
            today: kept.as_ref().map_or(self.opening.today, |kept| kept.today.max(replay.period.end)),
            ..DiagnoseRequest::new(run, replay.period.id.clone(), self.opening.today)
        };
        let history = self.recalled(&plan.history(), &definitions.definitions).await?;
        let transforms = HostTransforms::new(&self.plugins);
        let found = plan.run(&source, &request, &history, &transforms, &|_| {}, replay.cancel).await?;
        if replay.cancel.is_cancelled() {
            return Err(ServiceError::Cancelled);
        }
        Ok((found, plan.reach()))
    }
}

/// A period and the rows over which it is replayed.
struct Replay<'a> {
    period: &'a Period,
    run: Option<&'a RunRecord>,
    cancel: &'a CancelFlag,
}

/// Whether one takes the place of the other whenever it holds.
fn same_seat(one: &Threshold, other: &Threshold) -> bool {
    let seat = |threshold: &Threshold| {
        let Threshold { indicator, kind, grain, scope, category, level, .. } = threshold.clone();
        (indicator, kind, grain, scope, category, level)
    };
    seat(one) == seat(other)
}
