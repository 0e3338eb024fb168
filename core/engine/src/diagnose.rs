//! A diagnosis from request to results: objects and hierarchy, scans, values, rules, the result table.

use crate::compile::base::TOP;
use crate::compile::measure::{Base, From};
use crate::compile::{Compiled, Ready};
use crate::diagnosis::{DataGap, Diagnosis};
use crate::error::EngineError;
use crate::evaluate::{Evaluation, Values, evaluate};
use crate::fingerprint;
use crate::gather::{Columns, World, gather};
use crate::objects::{Cast, Objects};
use crate::places::{self, Places};
use crate::plan::{Plan, plan};
use crate::request::{
    CancelFlag, DiagnoseRequest, History, HistoryNeeds, Met, Progress, ProgressFn, Stage, Transforms,
};
use crate::result::{self, Writing};
use crate::rules;
use crate::scan::cells;
use crate::scan::sql::name;
use crate::source::Source;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hash::content_hash;
use zhengai_model::hierarchy::Hierarchy;
use zhengai_model::ids::{DatasetId, ObjectKind, PeriodId};
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;
use zhengai_model::threshold::Scope;

/// The period asked for.
pub(crate) fn period(compiled: &Compiled, id: &PeriodId) -> Result<Period, EngineError> {
    compiled.calendar.get(id).ok_or_else(|| EngineError::UnknownPeriod { period: id.clone() })
}

/// All layers that are off: of the definitions and of the request.
pub(crate) fn disabled(compiled: &Compiled, request: &DiagnoseRequest) -> BTreeSet<Layer> {
    compiled.definitions.disabled.union(&request.disabled).copied().collect()
}

/// The datasets that a diagnosis of these layers reads: facts, masters, edges, inputs of computed ones.
pub(crate) fn datasets(compiled: &Compiled, plan: &Plan, off: &BTreeSet<Layer>) -> Vec<DatasetId> {
    let definitions = &compiled.definitions;
    let mut wanted: BTreeSet<DatasetId> = BTreeSet::new();
    let used = plan.steps.iter().filter_map(|step| compiled.indicators.get(step.indicator));
    for ready in used {
        wanted.extend(ready.datasets.iter().cloned());
    }
    let describes =
        definitions.datasets.values().filter(|dataset| dataset.object.is_some() || !dataset.edges.is_empty());
    wanted.extend(describes.map(|dataset| dataset.id.clone()));
    if wanted.iter().any(|id| definitions.is_computed(id)) {
        // The SQL of inputs may name any dataset; only those it mentions are opened.
        let texts: Vec<&String> = definitions.computed.values().flat_map(|(_, computed)| &computed.inputs).collect();
        let mentioned = |id: &DatasetId| texts.iter().any(|text| mentions(text, id));
        wanted.extend(definitions.datasets.keys().filter(|id| mentioned(id)).cloned());
    }
    let on = |id: &DatasetId| {
        definitions.dataset(id).is_some_and(|dataset| dataset.layer.is_none_or(|layer| !off.contains(&layer)))
    };
    wanted.into_iter().filter(|id| on(id) && !definitions.is_computed(id)).collect()
}

/// Whether a text of SQL has the name of the dataset as a word: right after FROM or JOIN or a comma, or anywhere else.
/// A field of the same name opens a table for nothing; that is all.
pub(crate) fn mentions(text: &str, id: &DatasetId) -> bool {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).any(|word| word == id.as_str())
}

/// Everything that is read before the first scan.
pub(crate) struct Stage0 {
    pub(crate) cast: Cast,
    pub(crate) places: Places,
    pub(crate) populations: BTreeMap<(ObjectKind, String), Vec<bool>>,
    pub(crate) gaps: BTreeSet<DataGap>,
}

impl Stage0 {
    /// What values of a request are computed in.
    pub(crate) fn world<'a>(
        &'a self,
        compiled: &'a Compiled,
        source: &'a Source,
        request: &DiagnoseRequest,
        off: &'a BTreeSet<Layer>,
    ) -> World<'a> {
        World {
            compiled,
            source,
            cast: &self.cast,
            places: &self.places,
            view: request.view,
            today: request.today,
            disabled: off,
            populations: &self.populations,
        }
    }
}

/// Reads objects, hierarchy and populations.
pub(crate) async fn prepare(
    compiled: &Compiled,
    source: &Source,
    plan: &Plan,
    off: &BTreeSet<Layer>,
) -> Result<Stage0, EngineError> {
    let definitions = &compiled.definitions;
    let on = |layer: Option<Layer>| layer.is_none_or(|layer| !off.contains(&layer));
    let mut groups: BTreeSet<String> = BTreeSet::new();
    let steps: BTreeSet<usize> = plan.steps.iter().map(|step| step.indicator).collect();
    let used: Vec<&Ready> = steps.iter().filter_map(|at| compiled.indicators.get(*at)).collect();
    for ready in &used {
        for threshold in definitions.thresholds_of(&ready.definition.code) {
            if let Scope::Group { field, .. } = &threshold.scope {
                groups.insert(field.clone());
            }
            groups.extend(threshold.category.map(|category| category.field));
        }
    }
    let mut edges = BTreeSet::new();
    for dataset in definitions.datasets.values().filter(|dataset| !dataset.edges.is_empty() && on(dataset.layer)) {
        edges.extend(places::edges(source, dataset).await?);
    }
    let mut cast = Cast::new();
    for (kind, (dataset, _)) in definitions.object_kinds() {
        if on(dataset.layer) {
            cast.insert(kind.clone(), Objects::read(source, dataset, &groups).await?);
        }
    }
    if let Ok(top) = ObjectKind::new(TOP)
        && cast.get(&top).is_none_or(|objects| objects.len() == 0)
    {
        cast.insert(top, Objects::college());
    }
    // Kinds that facts are grouped by and that no master describes are known from the edges alone.
    let bases = used.iter().flat_map(|ready| &ready.measures).filter_map(|measured| match &measured.from {
        From::Rows { base: Base::Field { kind, .. }, .. } => Some(kind),
        _ => None,
    });
    for kind in bases {
        if !cast.contains_key(kind) && !definitions.object_kinds().contains_key(kind) {
            let children = edges.iter().filter(|edge| edge.child_kind == *kind).map(|edge| edge.child.to_string());
            cast.insert(kind.clone(), Objects::bare(children.collect()));
        }
    }
    let hierarchy = Hierarchy::new(edges);
    let mut gaps = BTreeSet::new();
    for fault in hierarchy.faults() {
        gaps.insert(DataGap::Hierarchy { fault: serde_json::to_string(fault).unwrap_or_default() });
    }
    let mut populations = BTreeMap::new();
    for ready in &used {
        if let Some(sql) = &ready.applies {
            let key = (ready.definition.grain.clone(), sql.clone());
            if let Entry::Vacant(free) = populations.entry(key) {
                let members = population(compiled, source, &cast, free.key()).await?;
                free.insert(members);
            }
        }
    }
    Ok(Stage0 { cast, places: Places::new(hierarchy), populations, gaps })
}

/// Which objects of a kind satisfy a condition on their master row.
async fn population(
    compiled: &Compiled,
    source: &Source,
    cast: &Cast,
    (kind, sql): &(ObjectKind, String),
) -> Result<Vec<bool>, EngineError> {
    let Some(objects) = cast.get(kind) else { return Ok(Vec::new()) };
    let mut members = vec![false; objects.len()];
    let kinds = compiled.definitions.object_kinds();
    let Some((dataset, rows)) = kinds.get(kind).filter(|(dataset, _)| source.has(&dataset.id)) else {
        return Ok(members);
    };
    let text = format!("SELECT {} FROM {} WHERE {sql}", name(rows.id.as_str()), name(dataset.id.as_str()));
    for id in cells::texts(&source.rows(&text).await?, 0)?.into_iter().flatten() {
        let found = usize::try_from(objects.find(&id)).ok().and_then(|object| members.get_mut(object));
        if let Some(member) = found {
            *member = true;
        }
    }
    Ok(members)
}

/// What history a diagnosis will ask for.
pub(crate) fn history_needs(compiled: &Compiled, request: &DiagnoseRequest) -> Result<HistoryNeeds, EngineError> {
    let asked = period(compiled, &request.period)?;
    Ok(rules::needs(&plan(compiled, &asked, &request.layers), compiled))
}

/// Who listens while a diagnosis runs.
#[derive(Clone, Copy)]
pub(crate) struct Listeners<'a> {
    pub(crate) history: &'a dyn History,
    pub(crate) transforms: &'a dyn Transforms,
    pub(crate) progress: ProgressFn<'a>,
    pub(crate) cancel: &'a CancelFlag,
}

/// Runs a diagnosis over a source that has the datasets of [`datasets`].
pub(crate) async fn diagnose(
    compiled: &Compiled,
    source: &Source,
    request: &DiagnoseRequest,
    listeners: Listeners<'_>,
) -> Result<Diagnosis, EngineError> {
    let asked = period(compiled, &request.period)?;
    let plan = plan(compiled, &asked, &request.layers);
    let off = disabled(compiled, request);
    (listeners.progress)(Progress { stage: Stage::Objects, done: 0, total: 1, met: Met::default() });
    let prepared = prepare(compiled, source, &plan, &off).await?;
    let world = prepared.world(compiled, source, request, &off);
    let columns = gather(&world, &plan, listeners.transforms, listeners.progress, listeners.cancel).await?;
    let evaluation = Evaluation { world: &world, plan: &plan, columns: &columns, history: listeners.history };
    let values = evaluate(&evaluation, listeners.progress, listeners.cancel)?;
    let fired = rules::run(&evaluation, &values, listeners.progress, listeners.cancel)?;
    (listeners.progress)(Progress { stage: Stage::Results, done: 0, total: 1, met: values.met });
    let writing = Writing { run: &request.run, compiled, plan: &plan, cast: &prepared.cast, values: &values };
    let mut written = result::write(&writing)?;
    written.counts.firings = rules::counts(&fired.firings);
    let mut inputs = fingerprint::inputs(compiled, request, &plan, source, &prepared.places, &off);
    for (plugin, version) in &mut inputs.plugins {
        if let Some(identity) = listeners.transforms.identity(plugin) {
            *version = format!("{version} {identity}");
        }
    }
    inputs.history = history_hash(compiled, request, &plan, listeners.history);
    let Columns { gaps, .. } = columns;
    written.gaps.extend(gaps);
    written.gaps.extend(prepared.gaps);
    (listeners.progress)(Progress { stage: Stage::Results, done: 1, total: 1, met: values.met });
    Ok(Diagnosis {
        fingerprint: fingerprint::fingerprint(&inputs),
        inputs,
        results: written.batches,
        counts: written.counts,
        findings: written.findings,
        firings: fired.firings,
        unknown: fired.unknown,
        evaluated: fired.evaluated.into_iter().collect(),
        gaps: written.gaps.into_iter().collect(),
    })
}

/// Everything that was asked of history, by content.
fn history_hash(compiled: &Compiled, request: &DiagnoseRequest, plan: &Plan, history: &dyn History) -> String {
    let needs = rules::needs(plan, compiled);
    let values: Vec<_> = needs
        .values
        .iter()
        .map(|(code, kind, period)| {
            let column = history.values(code, kind, period);
            (code, kind, period, column.map(|column| column.into_iter().collect::<Vec<_>>()))
        })
        .collect();
    let firings: Vec<_> = needs
        .firings
        .iter()
        .map(|(rule, kind, period)| (rule, kind, period, history.fired(rule, kind, period)))
        .collect();
    let ages: Vec<_> = needs
        .datasets
        .iter()
        .map(|id| (id, history.newest_batch(id).map(|newest| (request.today - newest).num_days())))
        .collect();
    content_hash(&(values, firings, ages))
}

/// Values of a few indicators with all that stands behind them, for `why` and `check`.
pub(crate) struct Recomputed {
    pub(crate) plan: Plan,
    pub(crate) prepared: Stage0,
    pub(crate) columns: Columns,
    pub(crate) values: Values,
}

/// Recomputes one indicator and what it reads for the period.
pub(crate) async fn recompute(
    compiled: &Compiled,
    source: &Source,
    plan: Plan,
    request: &DiagnoseRequest,
    listeners: Listeners<'_>,
) -> Result<Recomputed, EngineError> {
    let off = disabled(compiled, request);
    let prepared = prepare(compiled, source, &plan, &off).await?;
    let (columns, values) = {
        let world = prepared.world(compiled, source, request, &off);
        let columns = gather(&world, &plan, listeners.transforms, listeners.progress, listeners.cancel).await?;
        let evaluation = Evaluation { world: &world, plan: &plan, columns: &columns, history: listeners.history };
        let values = evaluate(&evaluation, listeners.progress, listeners.cancel)?;
        (columns, values)
    };
    Ok(Recomputed { plan, prepared, columns, values })
}
