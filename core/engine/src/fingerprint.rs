//! What a run read, by content, and one hash over it: the same fingerprint gives byte-identical results.

use crate::compile::Compiled;
use crate::diagnosis::{Inputs, Reads};
use crate::places::Places;
use crate::plan::Plan;
use crate::request::DiagnoseRequest;
use crate::source::Source;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hash::content_hash;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, PluginId};
use zhengai_model::layer::Layer;
use zhengai_model::pack::meaning_hash;

/// Grows whenever the engine computes something differently from the same inputs.
pub const ENGINE_REVISION: u32 = 1;

/// Collects what a run reads.
pub(crate) fn inputs(
    compiled: &Compiled,
    request: &DiagnoseRequest,
    plan: &Plan,
    source: &Source,
    places: &Places,
    disabled: &BTreeSet<Layer>,
) -> Inputs {
    let definitions = &compiled.definitions;
    let used = || plan.steps.iter().filter_map(|step| compiled.indicators.get(step.indicator));
    let mut indicators = BTreeMap::new();
    let mut meanings = BTreeMap::new();
    let mut thresholds = BTreeMap::new();
    let mut reads = BTreeMap::new();
    for ready in used() {
        let code = &ready.definition.code;
        indicators.insert(code.clone(), ready.hash.clone());
        // The definition as written: compiling leaves out grains whose layer is not installed.
        let written = definitions.indicator(code).unwrap_or(&ready.definition);
        meanings.insert(code.clone(), meaning_hash(written));
        thresholds.insert(code.clone(), content_hash(&definitions.thresholds_of(code)));
        let read = Reads { datasets: ready.datasets.clone(), indicators: ready.inputs.clone() };
        reads.insert(code.clone(), read);
    }
    let hash_of = |id: &DatasetId| Some((id.clone(), content_hash(definitions.dataset(id)?)));
    Inputs {
        engine: ENGINE_REVISION,
        period: request.period.clone(),
        periods: plan.periods.iter().map(|period| (period.id.clone(), period.is_over(request.today))).collect(),
        layers: request.layers.clone(),
        disabled: disabled.clone(),
        datasets: source.versions.clone(),
        dataset_definitions: source.versions.keys().filter_map(hash_of).collect(),
        indicators,
        meanings,
        thresholds,
        rules: definitions.rules.iter().map(|(id, rule)| (id.clone(), content_hash(rule))).collect(),
        calendar: calendar(plan),
        hierarchy: places.hierarchy.fingerprint().to_owned(),
        view: request.view,
        today: request.today,
        plugins: plugins(compiled),
        history: String::new(),
        reads,
    }
}

/// The calendar as far as the run looks at it.
fn calendar(plan: &Plan) -> String {
    content_hash(&plan.periods)
}

/// The fingerprint.
pub(crate) fn fingerprint(inputs: &Inputs) -> String {
    let today = match inputs.view {
        View::AsIs => inputs.today,
        View::AsWas | View::AsOf(_) => NaiveDate::MIN,
    };
    content_hash(&Inputs { today, ..inputs.clone() })
}

/// Plugins whose libraries compute datasets.
fn plugins(compiled: &Compiled) -> BTreeMap<PluginId, String> {
    let definitions = &compiled.definitions;
    let version = |id: &PluginId| Some((id.clone(), definitions.manifests.get(id)?.version.clone()));
    definitions.computed.values().filter_map(|(id, _)| version(id)).collect()
}
