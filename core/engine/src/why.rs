//! `why`: everything behind one value, recomputed at the versions of its run. What it shows is what was computed.

use crate::behind::{self, Behind};
use crate::compile::measure::{Base, From, Measured, RowMeasure};
use crate::compile::{Compiled, Ready, is_top};
use crate::diagnose::{Listeners, Recomputed, period, recompute};
use crate::diagnosis::Inputs;
use crate::error::EngineError;
use crate::evaluate::{Cell, Evaluation, Judged};
use crate::gather::World;
use crate::judge::Judging;
use crate::objects::{NOBODY, Objects};
use crate::plan::plan_one;
use crate::request::{CancelFlag, DiagnoseRequest, History, Transforms};
use crate::result::scope_text;
use crate::rules;
use crate::scan::rollup::Part;
use crate::scan::time::last_day;
use crate::scan::{run, sql};
use crate::source::Source;
use arrow::array::{Array, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, IndicatorCode, LevelId, ObjectId, ObjectKind, PeriodId, RuleId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;
use zhengai_model::rule::Because;
use zhengai_model::threshold::{Threshold, ThresholdKind};
use zhengai_model::value::Value;
use zhengai_model::verdict::Attainment;

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

/// The explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Hash of its definition.
    pub version: String,
    /// Its layer.
    pub layer: Layer,
    /// The formula as written.
    pub formula: String,
    /// Where the formula comes from.
    pub basis: Option<String>,
    /// Unit of the value.
    pub unit: String,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its name.
    pub object_name: String,
    /// The period with its dates.
    pub period: Period,
    /// Measures in the order of the definition.
    pub measures: Vec<MeasureWhy>,
    /// Other indicators that the formula reads, with their values.
    pub inputs: Vec<InputWhy>,
    /// SQL of the population, and whether the object satisfies it.
    pub applies: Option<String>,
    /// The value.
    pub value: Value,
    /// Before rounding: a decimal, or a fraction where it has none.
    pub exact: Option<String>,
    /// Digits to which it was rounded, half up, once.
    pub decimals: u8,
    /// The verdict on target and standard.
    pub attainment: Attainment,
    /// Level of the breached warning value.
    pub warning: Option<LevelId>,
    /// Thresholds in force.
    pub thresholds: Vec<ThresholdWhy>,
    /// Which hierarchy counted.
    pub view: View,
    /// Units above the object on the last day of the period.
    pub units: Vec<(ObjectKind, ObjectId)>,
    /// Hash of the hierarchy.
    pub hierarchy: String,
    /// Rules that fired for the object.
    pub rules: Vec<RuleWhy>,
    /// Versions of the datasets.
    pub versions: BTreeMap<DatasetId, i64>,
}

/// One measure behind a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureWhy {
    /// Its name in the formula.
    pub name: String,
    /// Its number; `None` when there is none.
    pub value: Option<String>,
    /// Unit of the number, when known.
    pub unit: Option<String>,
    /// The dataset, for measures over rows.
    pub dataset: Option<DatasetId>,
    /// The indicator, for measures over values.
    pub over: Option<IndicatorCode>,
    /// The aggregate and filter as compiled.
    pub aggregate: String,
    /// The query that was run.
    pub sql: Option<String>,
    /// Objects whose parts were put together, when the grain is coarser than the rows; the largest parts first.
    pub children: Vec<Child>,
    /// How many there are in all.
    pub children_total: usize,
    /// The query for all rows behind the number.
    pub rows_sql: Option<String>,
    /// Some of these rows.
    pub rows: Vec<SampleRow>,
    /// When a plugin computed the dataset: some of the imported rows that it was computed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceRows>,
}

/// Rows of an imported dataset that went into a computed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRows {
    /// The imported dataset.
    pub dataset: DatasetId,
    /// The query for these rows.
    pub sql: String,
    /// Some of them.
    pub rows: Vec<SampleRow>,
}

/// A part of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its part.
    pub value: String,
}

/// One row behind a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRow {
    /// The batch that brought it.
    pub batch: String,
    /// Line in the file of the batch.
    pub line: i64,
    /// Field and text, in the order of the dataset.
    pub cells: Vec<(String, Option<String>)>,
}

/// Another indicator that the formula reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputWhy {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Kind of the object for which it was read.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// The period.
    pub period: PeriodId,
    /// Its value.
    pub value: Value,
}

/// A threshold in force, and those that gave way to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThresholdWhy {
    /// The threshold.
    pub threshold: Threshold,
    /// Its scope in one word.
    pub scope: String,
    /// Whether the value satisfies the condition; `None` without a number.
    pub holds: Option<bool>,
    /// Others of the same kind for the indicator that were not chosen.
    pub beaten: Vec<BeatenThreshold>,
}

/// A threshold that was not chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeatenThreshold {
    /// The threshold.
    pub threshold: Threshold,
    /// Its scope in one word.
    pub scope: String,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleWhy {
    /// The rule.
    pub rule: RuleId,
    /// Its level.
    pub level: LevelId,
    /// Why.
    pub because: Vec<Because>,
}

/// How many children an explanation lists.
const CHILDREN: usize = 50;
/// How many children a query for rows names.
const NAMED: usize = 500;

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
    let off = crate::diagnose::disabled(compiled, &diagnose);
    let world = World {
        compiled,
        source,
        cast: &again.prepared.cast,
        places: &again.prepared.places,
        view: request.view,
        today: request.today,
        disabled: &off,
        populations: &again.prepared.populations,
    };
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

    async fn measure(
        &self,
        measured: &Measured,
        request: &WhyRequest,
        transforms: &dyn Transforms,
    ) -> Result<MeasureWhy, EngineError> {
        let used = self.judged.measures.iter().find(|used| used.name == measured.name);
        let mut told = MeasureWhy {
            name: measured.name.to_string(),
            value: used.and_then(|used| used.read(self.object).ok()).map(|exact| exact.to_string()),
            unit: measured.unit.clone(),
            dataset: None,
            over: None,
            aggregate: String::new(),
            sql: None,
            children: Vec::new(),
            children_total: 0,
            rows_sql: None,
            rows: Vec::new(),
            sources: Vec::new(),
        };
        match &measured.from {
            From::Off => {}
            From::Over { indicator, kind, .. } => self.over(*indicator, kind, measured, &mut told),
            From::Rows { dataset, base, measure, .. } => {
                told.dataset = Some(dataset.clone());
                told.aggregate = sql::aggregate(measure);
                if let Some(slice) = self.again.columns.slice(measured, self.position).cloned() {
                    told.sql = Some(run::text(dataset, base, &slice, measure));
                    let rows = Rows { dataset, base, slice: &slice, measure };
                    self.rows(&rows, request, transforms, &mut told).await?;
                }
            }
        }
        Ok(told)
    }

    fn over(&self, indicator: usize, kind: &ObjectKind, measured: &Measured, told: &mut MeasureWhy) {
        let Some(below) = self.again.values.get(indicator, self.position, kind) else { return };
        let code = self.world.compiled.indicators.get(indicator).map(|input| input.definition.code.clone());
        told.over = code;
        let definition = self.ready.definition.measures.get(&measured.name);
        told.aggregate = definition
            .map(|definition| match &definition.filter {
                Some(filter) => format!("{} FILTER (WHERE {filter})", definition.agg),
                None => definition.agg.clone(),
            })
            .unwrap_or_default();
        let nobody = Objects::default();
        let children = self.world.cast.get(kind).unwrap_or(&nobody);
        let Some(period) = self.again.plan.periods.get(self.position) else { return };
        let day = self.world.view.day(last_day(period), self.world.today);
        let places = self.world.places.parents(self.world.cast, kind, &self.judged.grain, day);
        for (child, (cell, place)) in below.cells.iter().zip(places.iter()).enumerate() {
            let number = cell.as_ref().and_then(|cell| cell.value.number());
            if let (Some(number), Some(id)) = (number, children.ids.get(child))
                && usize::try_from(*place).is_ok_and(|place| place == self.object)
            {
                told.children_total += 1;
                if told.children.len() < CHILDREN {
                    told.children.push(Child { kind: kind.clone(), object: id.clone(), value: number.to_string() });
                }
            }
        }
    }

    /// Children with their parts, and rows with the batch and line that they came from.
    async fn rows(
        &self,
        rows: &Rows<'_>,
        request: &WhyRequest,
        transforms: &dyn Transforms,
        told: &mut MeasureWhy,
    ) -> Result<(), EngineError> {
        let Some(period) = self.again.plan.periods.get(self.position) else { return Ok(()) };
        let computed = self.world.compiled.definitions.is_computed(rows.dataset);
        crate::computed::provide(self.world, rows.dataset, period, transforms).await?;
        let mut members = None;
        if let Base::Field { kind, .. } = rows.base {
            if *kind == self.judged.grain {
                members = Some(vec![request.object.to_string()]);
            } else {
                let found = self.members(rows, kind).await?;
                told.children_total = found.len();
                told.children = found.iter().take(CHILDREN).cloned().collect();
                // The college has everybody: naming them all would say nothing.
                if !is_top(&self.judged.grain) {
                    members = Some(found.into_iter().take(NAMED).map(|child| child.object.to_string()).collect());
                }
            }
        }
        let text = sql::sample(rows.dataset, rows.base, rows.slice, rows.measure, members.as_deref(), request.rows);
        if members.as_ref().is_none_or(|members| !members.is_empty()) {
            told.rows = sample_rows(&self.world.source.rows(&text).await?)?;
        }
        told.rows_sql = Some(text);
        if computed {
            if let (Base::Field { kind, .. }, Some(objects)) = (rows.base, &members) {
                let behind =
                    Behind { dataset: rows.dataset, kind, objects: objects.as_slice(), period, limit: request.rows };
                told.sources = behind::rows(self.world, &behind).await?;
            }
            crate::computed::forget(self.world);
        }
        Ok(())
    }

    /// The objects of the base that belong to this object, each with its part.
    async fn members(&self, rows: &Rows<'_>, kind: &ObjectKind) -> Result<Vec<Child>, EngineError> {
        let nobody = Objects::default();
        let children = self.world.cast.get(kind).unwrap_or(&nobody);
        let measures = [rows.measure.clone()];
        let scan = run::Scan { dataset: rows.dataset, base: rows.base, slice: rows.slice, measures: &measures };
        let parts = run::fused(self.world.source, &scan, Some(children)).await?;
        let mut found: BTreeMap<usize, Part> = BTreeMap::new();
        let Some(column) = parts.columns.first() else { return Ok(Vec::new()) };
        for ((object, epoch), part) in parts.objects.iter().zip(&parts.epochs).zip(&column.cells) {
            let day = usize::try_from(*epoch).ok().and_then(|epoch| rows.slice.days.get(epoch)).copied();
            let (Some(day), Ok(child)) = (day, usize::try_from(*object)) else { continue };
            let places = self.world.places.parents(self.world.cast, kind, &self.judged.grain, day);
            let place = places.get(child).copied().filter(|place| *place != NOBODY);
            if place.and_then(|place| usize::try_from(place).ok()) == Some(self.object) {
                let known = found.entry(child).or_default();
                *known = known.merge(*part, rows.measure.agg);
            }
        }
        let mut told: Vec<(i128, Child)> = found
            .into_iter()
            .filter_map(|(child, part)| {
                let Part::Number(number) = part else { return None };
                let scale = 10_i128.checked_pow(u32::from(column.scale))?;
                let value = zhengai_model::exact::Exact::new(number, scale)?.to_string();
                Some((number, Child { kind: kind.clone(), object: children.ids.get(child)?.clone(), value }))
            })
            .collect();
        told.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.object.cmp(&b.1.object)));
        Ok(told.into_iter().map(|(_, child)| child).collect())
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
                    scope: scope_text(&threshold.scope),
                })
                .collect()
        };
        let mut told = Vec::new();
        let mut kinds = BTreeSet::new();
        for threshold in positions.iter().filter_map(|position| choices.thresholds.get(*position)) {
            told.push(ThresholdWhy {
                scope: scope_text(&threshold.scope),
                holds: self.cell.value.number().map(|number| threshold.when.holds(number)),
                beaten: if kinds.insert(threshold.kind) { beaten(threshold.kind) } else { Vec::new() },
                threshold: threshold.clone(),
            });
        }
        told
    }
}

/// What rows are asked for.
struct Rows<'a> {
    dataset: &'a DatasetId,
    base: &'a Base,
    slice: &'a crate::scan::time::Slice,
    measure: &'a RowMeasure,
}

fn chosen(judging: &Judging) -> Vec<usize> {
    let chosen = &judging.chosen;
    let goals = [chosen.target, chosen.standard, chosen.process];
    goals.into_iter().flatten().chain(chosen.warnings.iter().copied()).collect()
}

/// Rows as text, with the batch and the line that they came from.
pub(crate) fn sample_rows(batches: &[RecordBatch]) -> Result<Vec<SampleRow>, EngineError> {
    let mut found = Vec::new();
    let options = FormatOptions::default();
    for batch in batches {
        let schema = batch.schema();
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            let formatter = ArrayFormatter::try_new(column.as_ref(), &options).map_err(EngineError::shape)?;
            columns.push((field.name().clone(), column, formatter));
        }
        for row in 0..batch.num_rows() {
            let mut sample = SampleRow { batch: String::new(), line: 0, cells: Vec::new() };
            for (field, column, formatter) in &columns {
                let text = (!column.is_null(row)).then(|| formatter.value(row).to_string());
                match field.as_str() {
                    "_batch" => sample.batch = text.unwrap_or_default(),
                    "_line" => sample.line = text.and_then(|text| text.parse().ok()).unwrap_or(0),
                    "_school" => {}
                    _ => sample.cells.push((field.clone(), text)),
                }
            }
            found.push(sample);
        }
    }
    Ok(found)
}
