//! From planned steps to measure columns: groups measures into fused scans, runs them, rolls up.

use crate::compile::base::{Kinds, TOP};
use crate::compile::measure::{Agg, Base, From, Measured, RowMeasure};
use crate::compile::{Compiled, Ready, is_top};
use crate::computed;
use crate::diagnosis::DataGap;
use crate::error::EngineError;
use crate::objects::{Cast, NOBODY, Objects};
use crate::places::Places;
use crate::plan::Plan;
use crate::request::{CancelFlag, Met, Progress, ProgressFn, Stage, Transforms};
use crate::scan::rollup::{Column, Target, roll};
use crate::scan::run::{self, Parts, Scan};
use crate::scan::time::{self, Cut, Membership, Slice};
use crate::source::Source;
use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt32Array};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use zhengai_model::dataset::Dataset;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, ObjectKind};
use zhengai_model::indicator::Timing;
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;

/// One scan: everything about it that its measures share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    period: usize,
    dataset: DatasetId,
    base: Base,
    timing: TimingKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum TimingKey {
    Flow,
    Stock,
}

/// Whose parts are summed for a grain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Want {
    grain: ObjectKind,
    /// SQL of the population, when it is one of base objects.
    population: Option<String>,
}

/// Measures of a scan, with the grains at which each is wanted.
type Wants = BTreeMap<RowMeasure, BTreeSet<Want>>;

/// Measure columns of a run.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    columns: HashMap<(Key, RowMeasure, Want), Arc<Column>>,
    /// Slices by scan, for `why`.
    slices: BTreeMap<Key, Option<Slice>>,
    /// What the data lack.
    pub(crate) gaps: BTreeSet<DataGap>,
    /// Rows that the scans have read.
    pub(crate) rows: u64,
}

/// What gathering reads.
pub(crate) struct World<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) source: &'a Source,
    pub(crate) cast: &'a Cast,
    pub(crate) places: &'a Places,
    pub(crate) view: View,
    pub(crate) today: NaiveDate,
    pub(crate) disabled: &'a BTreeSet<Layer>,
    /// Objects of a kind that satisfy an `applies`, by kind and SQL.
    pub(crate) populations: &'a BTreeMap<(ObjectKind, String), Vec<bool>>,
}

impl World<'_> {
    /// The layer that is off and without which the indicator makes no sense, if any.
    pub(crate) fn off(&self, ready: &Ready) -> Option<Layer> {
        if ready.missing.is_some() {
            return ready.missing;
        }
        let definitions = &self.compiled.definitions;
        let of_datasets = ready.datasets.iter().filter_map(|id| definitions.dataset(id)?.layer);
        let of_inputs = ready.inputs.iter().filter_map(|code| Some(definitions.indicator(code)?.layer));
        let own = std::iter::once(ready.definition.layer);
        own.chain(of_datasets).chain(of_inputs).find(|layer| self.disabled.contains(layer))
    }

    /// The same for one grain: a layer that is off may also state the memberships that lead from rows to the grain.
    pub(crate) fn off_at(&self, ready: &Ready, grain: &ObjectKind) -> Option<Layer> {
        let off = self.off(ready);
        if off.is_some() || self.disabled.is_empty() {
            return off;
        }
        let definitions = &self.compiled.definitions;
        let is_off = |dataset: &&Dataset| dataset.layer.is_some_and(|layer| self.disabled.contains(&layer));
        let left = Kinds::of(definitions.datasets.values().filter(|dataset| !is_off(dataset)));
        let broken = ready.measures.iter().any(|measured| match &measured.from {
            From::Rows { base: Base::Field { kind, .. }, .. } | From::Over { kind, .. } => !left.reaches(kind, grain),
            From::Rows { base: Base::Whole, .. } | From::Off => false,
        });
        let states_edges = |dataset: &&Dataset| is_off(dataset) && !dataset.edges.is_empty();
        definitions.datasets.values().filter(|_| broken).find(states_edges).and_then(|dataset| dataset.layer)
    }
}

fn key(measured: &Measured, period: usize) -> Option<(Key, RowMeasure)> {
    let From::Rows { dataset, base, timing, measure } = &measured.from else { return None };
    let timing = match timing {
        Timing::Flow => TimingKey::Flow,
        Timing::Stock => TimingKey::Stock,
    };
    Some((Key { period, dataset: dataset.clone(), base: base.clone(), timing }, measure.clone()))
}

/// The population counts where the rows name objects of the very kind that `applies` speaks of.
fn want(ready: &Ready, measured: &Measured, grain: &ObjectKind) -> Want {
    let of_base = match &measured.from {
        From::Rows { base: Base::Field { kind, .. }, .. } => *kind == ready.definition.grain,
        _ => false,
    };
    Want { grain: grain.clone(), population: ready.applies.clone().filter(|_| of_base) }
}

impl Columns {
    /// The column of a measure at a grain.
    pub(crate) fn get(
        &self,
        ready: &Ready,
        measured: &Measured,
        period: usize,
        grain: &ObjectKind,
    ) -> Option<Arc<Column>> {
        let (key, measure) = key(measured, period)?;
        self.columns.get(&(key, measure, want(ready, measured, grain))).cloned()
    }

    /// The slice of rows that a measure was computed from; `None` when there was nothing in the period.
    pub(crate) fn slice(&self, measured: &Measured, period: usize) -> Option<&Slice> {
        let (key, _) = key(measured, period)?;
        self.slices.get(&key)?.as_ref()
    }

    /// What was met, before anything is evaluated.
    pub(crate) fn met(&self) -> Met {
        Met { rows: self.rows, ..Met::default() }
    }

    /// Keeps a column that does not come from rows.
    fn put(&mut self, key: Key, measure: RowMeasure, want: Want, column: Column) {
        self.columns.insert((key, measure, want), Arc::new(column));
    }
}

/// Scans everything that the plan reads in periods that are over.
pub(crate) async fn gather(
    world: &World<'_>,
    plan: &Plan,
    transforms: &dyn Transforms,
    progress: ProgressFn<'_>,
    cancel: &CancelFlag,
) -> Result<Columns, EngineError> {
    let mut scans: BTreeMap<Key, Wants> = BTreeMap::new();
    for step in &plan.steps {
        let (Some(ready), Some(period)) =
            (world.compiled.indicators.get(step.indicator), plan.periods.get(step.period))
        else {
            continue;
        };
        if !period.is_over(world.today) || world.off(ready).is_some() {
            continue;
        }
        for measured in &ready.measures {
            let Some((key, measure)) = key(measured, step.period) else { continue };
            let wants = scans.entry(key).or_default().entry(measure).or_default();
            wants.extend(ready.grains().map(|grain| want(ready, measured, grain)));
        }
    }
    let mut columns = Columns::default();
    let total = scans.len();
    let mut computed_for = None;
    for (done, (key, wants)) in scans.into_iter().enumerate() {
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        progress(Progress { stage: Stage::Scan, done, total, met: columns.met() });
        let Some(period) = plan.periods.get(key.period) else { continue };
        if computed_for != Some(key.period) {
            computed_for = Some(key.period);
            computed::forget(world);
        }
        columns.gaps.extend(computed::provide(world, &key.dataset, period, transforms).await?);
        scan(world, period, key, wants, &mut columns).await?;
    }
    computed::forget(world);
    progress(Progress { stage: Stage::Scan, done: total, total, met: columns.met() });
    Ok(columns)
}

async fn scan(
    world: &World<'_>,
    period: &Period,
    key: Key,
    wants: Wants,
    columns: &mut Columns,
) -> Result<(), EngineError> {
    let empty = |columns: &mut Columns, key: &Key, wants: Wants| {
        for (measure, wants) in wants {
            for want in wants {
                columns.put(key.clone(), measure.clone(), want, Column::default());
            }
        }
        columns.slices.insert(key.clone(), None);
    };
    if !computed::has(world.source, &key.dataset) {
        if !world.compiled.definitions.is_computed(&key.dataset) {
            columns.gaps.insert(DataGap::NoTable { dataset: key.dataset.clone() });
        }
        empty(columns, &key, wants);
        return Ok(());
    }
    let Some(dataset) = world.compiled.definitions.dataset(&key.dataset) else { return Ok(()) };
    let changes = world.places.hierarchy.change_dates(period.start, period.end);
    let rolls_up = wants.values().flatten().any(|want| match &key.base {
        Base::Whole => false,
        Base::Field { kind, .. } => *kind != want.grain && !is_top(&want.grain),
    });
    let membership = match world.view {
        View::AsWas if rolls_up => Membership::AsWas(&changes),
        View::AsWas => Membership::AsWas(&[]),
        View::AsIs => Membership::On(world.today),
        View::AsOf(day) => Membership::On(day),
    };
    let timing = match key.timing {
        TimingKey::Flow => Timing::Flow,
        TimingKey::Stock => Timing::Stock,
    };
    let cut = Cut { dataset, timing, period, membership };
    let Some(slice) = time::slice(world.source, &world.compiled.calendar, &cut).await? else {
        columns.gaps.insert(DataGap::NoRows { dataset: key.dataset.clone(), period: period.id.clone() });
        empty(columns, &key, wants);
        return Ok(());
    };
    let (distinct, mergeable): (Vec<_>, Vec<_>) =
        wants.into_iter().partition(|(measure, _)| measure.agg == Agg::Distinct);
    let mut rows = None;
    if !mergeable.is_empty() {
        let measures: Vec<RowMeasure> = mergeable.iter().map(|(measure, _)| measure.clone()).collect();
        let scan = Scan { dataset: &key.dataset, base: &key.base, slice: &slice, measures: &measures };
        let parts = run::fused(world.source, &scan, base_objects(world, &key.base)).await?;
        for ((measure, wants), parts_of) in mergeable.into_iter().zip(&parts.columns) {
            for want in wants {
                let column = roll_one(world, &key.base, &slice, &parts, parts_of, measure.agg, &want);
                columns.put(key.clone(), measure.clone(), want, column);
            }
        }
        rows = Some(parts.rows);
        tell_unknown(&key, period, &parts, columns);
    }
    for (grain_want, measures) in by_want(distinct) {
        let parts = distinct_one(world, &key, &slice, &measures, &grain_want).await?;
        rows = rows.max(Some(parts.rows));
        for (measure, parts_of) in measures.into_iter().zip(&parts.columns) {
            let size = world.cast.get(&grain_want.grain).map_or(0, Objects::len);
            let target = if is_top(&grain_want.grain) { Target::All } else { Target::Itself };
            let column = roll(&parts, parts_of, measure.agg, &target, size, None);
            columns.put(key.clone(), measure, grain_want.clone(), column);
        }
    }
    columns.rows += rows.unwrap_or(0);
    if rows == Some(0) {
        columns.gaps.insert(DataGap::NoRows { dataset: key.dataset.clone(), period: period.id.clone() });
    }
    columns.slices.insert(key, Some(slice));
    Ok(())
}

fn base_objects<'a>(world: &World<'a>, base: &Base) -> Option<&'a Objects> {
    match base {
        Base::Whole => None,
        Base::Field { kind, .. } => world.cast.get(kind),
    }
}

fn population<'a>(world: &World<'a>, base: &Base, want: &Want) -> Option<&'a [bool]> {
    let Base::Field { kind, .. } = base else { return None };
    world.populations.get(&(kind.clone(), want.population.clone()?)).map(Vec::as_slice)
}

/// For each epoch, where the objects of the base belong.
fn places_of(world: &World<'_>, base: &Base, slice: &Slice, grain: &ObjectKind) -> Vec<Arc<Vec<u32>>> {
    let Base::Field { kind, .. } = base else { return Vec::new() };
    slice.days.iter().map(|day| world.places.parents(world.cast, kind, grain, *day)).collect()
}

fn roll_one(
    world: &World<'_>,
    base: &Base,
    slice: &Slice,
    parts: &Parts,
    parts_of: &run::PartColumn,
    agg: Agg,
    want: &Want,
) -> Column {
    let size = world.cast.get(&want.grain).map_or(0, Objects::len);
    let counts = population(world, base, want);
    let places;
    let target = match base {
        _ if want.grain.as_str() == TOP => Target::All,
        Base::Field { kind, .. } if *kind == want.grain => Target::Itself,
        _ => {
            places = places_of(world, base, slice, &want.grain);
            Target::Places(&places)
        }
    };
    roll(parts, parts_of, agg, &target, size, counts)
}

fn by_want(measures: Vec<(RowMeasure, BTreeSet<Want>)>) -> BTreeMap<Want, Vec<RowMeasure>> {
    let mut grouped: BTreeMap<Want, Vec<RowMeasure>> = BTreeMap::new();
    for (measure, wants) in measures {
        for want in wants {
            grouped.entry(want).or_default().push(measure.clone());
        }
    }
    grouped
}

/// The name under which children and parents are registered for a distinct count.
const PLACES: &str = "_places";

async fn distinct_one(
    world: &World<'_>,
    key: &Key,
    slice: &Slice,
    measures: &[RowMeasure],
    want: &Want,
) -> Result<Parts, EngineError> {
    let target = world.cast.get(&want.grain);
    let counts = population(world, &key.base, want);
    let (base, places) = match &key.base {
        Base::Whole => (Base::Whole, None),
        Base::Field { .. } if is_top(&want.grain) && counts.is_none() => (Base::Whole, None),
        Base::Field { kind, .. } if *kind == want.grain && counts.is_none() => (key.base.clone(), None),
        Base::Field { kind, .. } => {
            let table = places_table(world, kind, slice, want, counts)?;
            (key.base.clone(), Some(table))
        }
    };
    let scan = Scan { dataset: &key.dataset, base: &base, slice, measures };
    match places {
        None => run::distinct(world.source, &scan, None, target).await,
        Some(table) => {
            let failed = |source| EngineError::Query { sql: PLACES.to_owned(), source: Box::new(source) };
            world.source.session.register_batch(PLACES, table).map_err(failed)?;
            let parts = run::distinct(world.source, &scan, Some(PLACES), target).await;
            world.source.session.deregister_table(PLACES).map_err(failed)?;
            parts
        }
    }
}

/// (`_child`, `_epoch`, `_parent`) for all children that have a parent and count.
fn places_table(
    world: &World<'_>,
    kind: &ObjectKind,
    slice: &Slice,
    want: &Want,
    counts: Option<&[bool]>,
) -> Result<RecordBatch, EngineError> {
    let nobody = Objects::default();
    let children = world.cast.get(kind).unwrap_or(&nobody);
    let parents = world.cast.get(&want.grain).unwrap_or(&nobody);
    let (mut child, mut epochs, mut parent) = (Vec::new(), Vec::new(), Vec::new());
    for (epoch, day) in (0_u32..).zip(&slice.days) {
        let places = world.places.parents(world.cast, kind, &want.grain, *day);
        for (object, place) in places.iter().enumerate().filter(|(_, place)| **place != NOBODY) {
            let counted = counts.is_none_or(|counts| counts.get(object).copied().unwrap_or(false));
            let above = usize::try_from(*place).ok().and_then(|place| parents.ids.get(place));
            if let (true, Some(id), Some(above)) = (counted, children.ids.get(object), above) {
                child.push(id.as_str());
                epochs.push(epoch);
                parent.push(above.as_str());
            }
        }
    }
    let columns: [(&str, ArrayRef); 3] = [
        ("_child", Arc::new(StringArray::from(child))),
        ("_epoch", Arc::new(UInt32Array::from(epochs))),
        ("_parent", Arc::new(StringArray::from(parent))),
    ];
    RecordBatch::try_from_iter(columns).map_err(EngineError::shape)
}

/// How many unknown ids a gap shows.
const SAMPLE: usize = 5;

fn tell_unknown(key: &Key, period: &Period, parts: &Parts, columns: &mut Columns) {
    let Base::Field { kind, .. } = &key.base else { return };
    if parts.unknown.is_empty() {
        return;
    }
    columns.gaps.insert(DataGap::UnknownObjects {
        dataset: key.dataset.clone(),
        kind: kind.clone(),
        period: period.id.clone(),
        objects: u64::try_from(parts.unknown.len()).unwrap_or(u64::MAX),
        rows: parts.unknown.values().sum(),
        sample: parts.unknown.keys().take(SAMPLE).cloned().collect(),
    });
}
