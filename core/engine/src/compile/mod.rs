//! Definitions, parsed and typed once, in the order in which they are evaluated. Nothing here reads a row.

pub(crate) mod base;
pub mod fault;
mod graph;
mod indicator;
pub(crate) mod measure;
mod rule;

use base::{Kinds, TOP};
use fault::{Cause, EngineFault, Place};
use indicator::Context;
use measure::{From, Measured};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use zhengai_model::expr::Expr;
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectKind};
use zhengai_model::indicator::Indicator;
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Definitions, indicator_hash};
use zhengai_model::period::Calendar;

pub(crate) use rule::asked;

/// Definitions ready to run against any data.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// What was compiled.
    pub definitions: Arc<Definitions>,
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// Indicators, inputs before readers.
    pub(crate) indicators: Vec<Ready>,
    pub(crate) index: HashMap<IndicatorCode, usize>,
    pub(crate) kinds: Kinds,
}

/// One compiled indicator.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) definition: Indicator,
    pub(crate) hash: String,
    pub(crate) value: Expr,
    pub(crate) measures: Vec<Measured>,
    /// SQL over the master of the grain, in canonical spelling.
    pub(crate) applies: Option<String>,
    /// Datasets read, directly or through other indicators, the master that `applies` reads included.
    pub(crate) datasets: BTreeSet<DatasetId>,
    /// Indicators read, directly or through others.
    pub(crate) inputs: BTreeSet<IndicatorCode>,
    /// A layer whose pack is not there at all.
    pub(crate) missing: Option<Layer>,
}

impl Ready {
    /// The kinds of object for which it is computed.
    pub(crate) fn grains(&self) -> impl Iterator<Item = &ObjectKind> {
        std::iter::once(&self.definition.grain).chain(&self.definition.also)
    }
}

impl Compiled {
    /// The compiled indicator with this code.
    pub(crate) fn ready(&self, code: &IndicatorCode) -> Option<(usize, &Ready)> {
        let at = *self.index.get(code)?;
        Some((at, self.indicators.get(at)?))
    }

    /// The grain at which a reader at `grain` finds the values of an input: its own, or the nearest above.
    pub(crate) fn grain_of_input<'a>(&self, grain: &ObjectKind, input: &'a Ready) -> Option<&'a ObjectKind> {
        grain_of_input(&self.kinds, grain, &input.definition)
    }
}

/// The grain of `input` that is `grain` or the nearest above it.
pub(crate) fn grain_of_input<'a>(kinds: &Kinds, grain: &ObjectKind, input: &'a Indicator) -> Option<&'a ObjectKind> {
    let above: Vec<&ObjectKind> =
        std::iter::once(&input.grain).chain(&input.also).filter(|other| kinds.reaches(grain, other)).collect();
    above.iter().copied().find(|near| above.iter().all(|other| kinds.reaches(near, other)))
}

/// Compiles everything, or tells every fault at once.
pub(crate) fn compile(definitions: &Definitions, calendar: &Calendar) -> Result<Compiled, Vec<EngineFault>> {
    compile_some(definitions, calendar, None)
}

/// Compiles one indicator and what it reads; faults elsewhere do not matter.
pub(crate) fn compile_one(
    definitions: &Definitions,
    calendar: &Calendar,
    code: &IndicatorCode,
) -> Result<Compiled, Vec<EngineFault>> {
    compile_some(definitions, calendar, Some(code))
}

fn compile_some(
    definitions: &Definitions,
    calendar: &Calendar,
    only: Option<&IndicatorCode>,
) -> Result<Compiled, Vec<EngineFault>> {
    let kinds = Kinds::of(definitions.datasets.values());
    let mut faults = Vec::new();
    let mut values = BTreeMap::new();
    for (code, indicator) in &definitions.indicators {
        match Expr::parse(&indicator.value) {
            Ok(value) => {
                values.insert(code.clone(), value);
            }
            Err(error) => {
                let position = Some(error.position);
                faults.push(EngineFault::new(code, Place::Value, Cause::Expression(error)).at(position));
            }
        }
    }
    let reads = reads(definitions, &values);
    let order = match order(definitions, &values, &reads) {
        Ok(order) => order,
        Err(path) => {
            let owner = path.first().map(ToString::to_string).unwrap_or_default();
            faults.push(EngineFault::new(owner, Place::Value, Cause::Cycle { path }));
            return Err(of_interest(faults, &reads, only));
        }
    };
    let wanted = only.map(|code| closure(&reads, code));
    let parser = measure::Parser::new();
    let mut compiled = Compiled {
        definitions: Arc::new(definitions.clone()),
        calendar: Arc::new(calendar.clone()),
        indicators: Vec::with_capacity(order.len()),
        index: HashMap::new(),
        kinds,
    };
    for code in order {
        let (Some(indicator), Some(value)) = (definitions.indicators.get(&code), values.remove(&code)) else {
            continue;
        };
        if wanted.as_ref().is_some_and(|wanted| !wanted.contains(&code)) {
            continue;
        }
        let context = Context { definitions, calendar, kinds: &compiled.kinds, parser: &parser, done: &compiled };
        match indicator::compile(&context, indicator, value, indicator_hash(indicator)) {
            Ok(ready) => {
                compiled.index.insert(code, compiled.indicators.len());
                compiled.indicators.push(ready);
            }
            Err(found) => faults.extend(found),
        }
    }
    if only.is_none() {
        for rule in definitions.rules.values() {
            rule::check(definitions, &compiled.kinds, rule, &mut faults);
        }
    }
    let faults = of_interest(faults, &reads, only);
    if faults.is_empty() { Ok(compiled) } else { Err(faults) }
}

/// Faults of one indicator and its inputs, or all.
fn of_interest(
    faults: Vec<EngineFault>,
    reads: &BTreeMap<IndicatorCode, BTreeSet<IndicatorCode>>,
    only: Option<&IndicatorCode>,
) -> Vec<EngineFault> {
    let Some(code) = only else { return faults };
    let wanted: BTreeSet<String> = closure(reads, code).iter().map(ToString::to_string).collect();
    faults.into_iter().filter(|fault| wanted.contains(&fault.owner)).collect()
}

/// Everything that an indicator reads in any period, itself included.
fn closure(reads: &BTreeMap<IndicatorCode, BTreeSet<IndicatorCode>>, code: &IndicatorCode) -> BTreeSet<IndicatorCode> {
    let mut found = BTreeSet::from([code.clone()]);
    let mut open = vec![code.clone()];
    while let Some(next) = open.pop() {
        for input in reads.get(&next).into_iter().flatten() {
            if found.insert(input.clone()) {
                open.push(input.clone());
            }
        }
    }
    found
}

/// Direct inputs in any period.
fn reads(
    definitions: &Definitions,
    values: &BTreeMap<IndicatorCode, Expr>,
) -> BTreeMap<IndicatorCode, BTreeSet<IndicatorCode>> {
    let inputs = |code: &IndicatorCode| {
        let (now, previous, last_year) = values.get(code).map(Expr::indicators).unwrap_or_default();
        let over = definitions.indicators.get(code).into_iter().flat_map(|indicator| indicator.measures.values());
        now.into_iter()
            .chain(previous)
            .chain(last_year)
            .chain(over.filter_map(|measure| measure.over.clone()))
            .collect::<BTreeSet<_>>()
    };
    definitions.indicators.keys().map(|code| (code.clone(), inputs(code))).collect()
}

/// Inputs before readers. Readers of earlier periods come after as well where that is possible, so that a run over a
/// year reads its own earlier terms; a circle through earlier periods is no circle.
fn order(
    definitions: &Definitions,
    values: &BTreeMap<IndicatorCode, Expr>,
    reads: &BTreeMap<IndicatorCode, BTreeSet<IndicatorCode>>,
) -> Result<Vec<IndicatorCode>, Vec<IndicatorCode>> {
    let of_now = |code: &IndicatorCode| {
        let now = values.get(code).map(|value| value.indicators().0).unwrap_or_default();
        let over = definitions.indicators.get(code).into_iter().flat_map(|indicator| indicator.measures.values());
        now.into_iter().chain(over.filter_map(|measure| measure.over.clone())).collect::<BTreeSet<_>>()
    };
    let now: BTreeMap<_, _> = reads.keys().map(|code| (code.clone(), of_now(code))).collect();
    let strict = graph::order(&now)?;
    let without_self = reads.iter().map(|(code, inputs)| {
        let own = now.get(code).is_some_and(|now| now.contains(code));
        (code.clone(), inputs.iter().filter(|input| own || *input != code).cloned().collect())
    });
    Ok(graph::order(&without_self.collect()).unwrap_or(strict))
}

/// Whether the kind is the college itself.
pub(crate) fn is_top(kind: &ObjectKind) -> bool {
    kind.as_str() == TOP
}

/// All datasets that some rows of a measure come from.
pub(crate) fn dataset_of(measured: &Measured) -> Option<&DatasetId> {
    match &measured.from {
        From::Rows { dataset, .. } => Some(dataset),
        From::Over { .. } | From::Off => None,
    }
}
