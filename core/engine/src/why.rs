//! `why`: everything behind one value, recomputed at the versions of its run. What it shows is what was computed.

mod measures;
mod told;

pub(crate) use measures::sample_rows;
pub use told::{BeatenThreshold, Child, InputWhy, MeasureWhy, RuleWhy, SampleRow, SourceRows, ThresholdWhy, Why};

use crate::compile::{Compiled, Ready};
use crate::diagnose::{Listeners, Recomputed, disabled, period, recompute};
use crate::diagnosis::Inputs;
use crate::error::EngineError;
use crate::evaluate::{Cell, Evaluation, Judged};
use crate::gather::World;
use crate::judge::Judging;
use crate::objects::{NOBODY, Objects};
use crate::plan::plan_one;
use crate::request::{CancelFlag, DiagnoseRequest, History, Transforms};
use crate::rules;
use crate::scan::time::last_day;
use crate::source::Source;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectId, ObjectKind, PeriodId, RuleId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;
use zhengai_model::threshold::ThresholdKind;

/// Which value is to be explained, as its run computed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyRequest {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// The period of the value.
    pub period: PeriodId,
    /// Versions of the datasets.
    pub versions: BTreeMap<DatasetId, i64>,
    /// Which hierarchy counted.
    pub view: View,
    /// The day on which the run was asked.
    pub today: NaiveDate,
    /// Layers that were off.
    pub disabled: BTreeSet<Layer>,
    /// How many sample rows to show for each measure.
    pub rows: usize,
}

impl WhyRequest {
    /// For a value of a run with these inputs.
    pub fn of(inputs: &Inputs, indicator: IndicatorCode, kind: ObjectKind, object: ObjectId, period: PeriodId) -> Self {
        Self {
            indicator,
            kind,
            object,
            period,
            versions: inputs.datasets.clone(),
            view: inputs.view,
            today: inputs.today,
            disabled: inputs.disabled.clone(),
            rows: 10,
        }
    }
}

/// Explains one value.
pub(crate) async fn why(
    source: &Source,
    compiled: &Compiled,
    request: &WhyRequest,
    history: &dyn History,
    transforms: &dyn Transforms,
) -> Result<Why, EngineError> {
    let unknown = || EngineError::UnknownIndicator { indicator: request.indicator.clone() };
    let (at, ready) = compiled.ready(&request.indicator).ok_or_else(unknown)?;
    if !ready.grains().any(|grain| *grain == request.kind) {
        return Err(EngineError::NotThisGrain { indicator: request.indicator.clone(), kind: request.kind.clone() });
    }
    let asked = period(compiled, &request.period)?;
    let run = RunId::new("why").map_err(|_| unknown())?;
    let diagnose = DiagnoseRequest {
        run,
        period: request.period.clone(),
        layers: BTreeSet::new(),
        today: request.today,
        view: request.view,
        disabled: request.disabled.clone(),
    };
    let cancel = CancelFlag::new();
    let listeners = Listeners { history, transforms, progress: &|_| {}, cancel: &cancel };
    let again = recompute(compiled, source, plan_one(compiled, at, &asked), &diagnose, listeners).await?;
    let nobody = Objects::default();
    let objects = again.prepared.cast.get(&request.kind).unwrap_or(&nobody);
    let missing = || EngineError::UnknownObject {
        kind: request.kind.clone(),
        object: request.object.clone(),
        period: request.period.clone(),
    };
    let object = usize::try_from(objects.find(request.object.as_str())).ok().filter(|object| *object < objects.len());
    let object = object.ok_or_else(missing)?;
    let position = again.plan.periods.iter().position(|known| *known == asked).ok_or_else(missing)?;
    let judged = again.values.get(at, position, &request.kind).ok_or_else(missing)?;
    let cell = judged.cells.get(object).and_then(Option::as_ref).ok_or_else(missing)?;
    let off = disabled(compiled, &diagnose);
    let world = again.prepared.world(compiled, source, &diagnose, &off);
    let about = About { world: &world, again: &again, ready, judged, cell, object, position };
    let mut measures = Vec::with_capacity(ready.measures.len());
    for measured in &ready.measures {
        measures.push(about.measure(measured, request, transforms).await?);
    }
    let evaluation = Evaluation { world: &world, plan: &again.plan, columns: &again.columns, history };
    let fired = rules::run(&evaluation, &again.values, &|_| {}, &cancel)?;
    let on = last_day(&asked);
    let day = request.view.day(on, request.today);
    Ok(Why {
        indicator: request.indicator.clone(),
        version: ready.hash.clone(),
        layer: ready.definition.layer,
        formula: ready.definition.value.clone(),
        basis: ready.definition.basis.clone(),
        unit: ready.definition.unit.clone(),
        kind: request.kind.clone(),
        object: request.object.clone(),
        object_name: objects.names.get(object).cloned().unwrap_or_default(),
        period: asked.clone(),
        measures,
        inputs: about.inputs(&asked),
        applies: ready.applies.clone(),
        value: cell.value.clone(),
        exact: cell.exact.map(|exact| exact.to_string()),
        decimals: ready.definition.decimals,
        attainment: cell.attainment,
        warning: cell.warning.clone(),
        thresholds: about.thresholds(),
        view: request.view,
        units: again.prepared.places.hierarchy.ancestors(&request.kind, &request.object, day),
        hierarchy: again.prepared.places.hierarchy.fingerprint().to_owned(),
        rules: fired
            .firings
            .into_iter()
            .filter(|firing| firing.kind == request.kind && firing.object == request.object)
            .filter(|firing| firing.period == request.period)
            .filter(|firing| about.concerns(&firing.rule))
            .map(|firing| RuleWhy { rule: firing.rule, level: firing.level, because: firing.because })
            .collect(),
        versions: request.versions.clone(),
    })
}

struct About<'a> {
    world: &'a World<'a>,
    again: &'a Recomputed,
    ready: &'a Ready,
    judged: &'a Judged,
    cell: &'a Cell,
    object: usize,
    position: usize,
}

impl About<'_> {
    /// Rules that look at this indicator.
    fn concerns(&self, rule: &RuleId) -> bool {
        let code = &self.ready.definition.code;
        rule.as_str() == code.as_str()
            || self.world.compiled.definitions.rule(rule).is_some_and(|rule| rule.indicators().contains(code))
    }

    fn inputs(&self, period: &Period) -> Vec<InputWhy> {
        let compiled = self.world.compiled;
        let (now, _, _) = self.ready.value.indicators();
        let tell = |code: IndicatorCode| {
            let (at, input) = compiled.ready(&code)?;
            let kind = compiled.grain_of_input(&self.judged.grain, input)?;
            let read = crate::plan::read_period(&compiled.calendar, period, input.definition.period)?;
            let position = self.again.plan.periods.iter().position(|known| *known == read)?;
            let day = self.world.view.day(last_day(period), self.world.today);
            let places = self.world.places.parents(self.world.cast, &self.judged.grain, kind, day);
            let object = usize::try_from(places.get(self.object).copied().filter(|place| *place != NOBODY)?).ok()?;
            let cell = self.again.values.get(at, position, kind)?.cells.get(object)?.as_ref()?;
            let id = self.world.cast.get(kind)?.ids.get(object)?.clone();
            Some(InputWhy {
                indicator: code,
                kind: kind.clone(),
                object: id,
                period: read.id,
                value: cell.value.clone(),
            })
        };
        now.into_iter().filter_map(tell).collect()
    }

    fn thresholds(&self) -> Vec<ThresholdWhy> {
        let choices = &self.judged.choices;
        let Some(judging) = choices.set(choices.of(self.object)) else { return Vec::new() };
        let positions = chosen(judging);
        let beaten = |kind: ThresholdKind| -> Vec<BeatenThreshold> {
            let others = choices.thresholds.iter().enumerate();
            others
                .filter(|(position, threshold)| threshold.kind == kind && !positions.contains(position))
                .map(|(_, threshold)| BeatenThreshold {
                    threshold: threshold.clone(),
                    scope: threshold.scope.to_string(),
                })
                .collect()
        };
        let mut told = Vec::new();
        let mut kinds = BTreeSet::new();
        for threshold in positions.iter().filter_map(|position| choices.thresholds.get(*position)) {
            told.push(ThresholdWhy {
                scope: threshold.scope.to_string(),
                holds: self.cell.value.number().map(|number| threshold.when.holds(number)),
                beaten: if kinds.insert(threshold.kind) { beaten(threshold.kind) } else { Vec::new() },
                threshold: threshold.clone(),
            });
        }
        told
    }
}

fn chosen(judging: &Judging) -> Vec<usize> {
    let chosen = &judging.chosen;
    let goals = [chosen.target, chosen.standard, chosen.process];
    goals.into_iter().flatten().chain(chosen.warnings.iter().copied()).collect()
}
