//! Which indicators are computed for which periods.

use crate::compile::{Compiled, Ready};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::layer::Layer;
use zhengai_model::period::{Calendar, Period, PeriodKind};

/// One indicator in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Step {
    /// Position of the indicator among the compiled ones.
    pub(crate) indicator: usize,
    /// Position of the period in [`Plan::periods`].
    pub(crate) period: usize,
}

/// Steps in the order of evaluation.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Periods in the order of their kind and time.
    pub(crate) periods: Vec<Period>,
    /// Steps: inputs before readers, earlier periods before later ones.
    pub(crate) steps: Vec<Step>,
    /// Steps whose values are results; the rest is read by others only.
    pub(crate) results: BTreeSet<Step>,
}

/// The periods of a kind that a diagnosis of `asked` covers: that one; or those that end in it; or the one around it.
pub(crate) fn covered(calendar: &Calendar, asked: &Period, kind: PeriodKind) -> Vec<Period> {
    if asked.kind == kind {
        return vec![asked.clone()];
    }
    let mut ending = calendar.overlapping(kind, asked.start, asked.end);
    ending.retain(|period| period.end <= asked.end);
    if ending.is_empty() {
        return calendar.of_kind_containing(asked, kind).into_iter().collect();
    }
    ending
}

/// The period for which an indicator of kind `kind` is read by one that is computed for `reader`.
pub(crate) fn read_period(calendar: &Calendar, reader: &Period, kind: PeriodKind) -> Option<Period> {
    if reader.kind == kind {
        return Some(reader.clone());
    }
    calendar.of_kind_containing(reader, kind).or_else(|| covered(calendar, reader, kind).pop())
}

/// Plans the layers (all when empty) for a period.
pub(crate) fn plan(compiled: &Compiled, asked: &Period, layers: &BTreeSet<Layer>) -> Plan {
    let calendar = &compiled.calendar;
    let mut results: Vec<(usize, Period)> = Vec::new();
    for (at, ready) in compiled.indicators.iter().enumerate() {
        if layers.is_empty() || layers.contains(&ready.definition.layer) {
            results.extend(covered(calendar, asked, ready.definition.period).into_iter().map(|period| (at, period)));
        }
    }
    with_inputs(compiled, &results)
}

/// Plans one indicator for a period of its own kind.
pub(crate) fn plan_one(compiled: &Compiled, indicator: usize, period: &Period) -> Plan {
    with_inputs(compiled, &[(indicator, period.clone())])
}

/// Plans some indicators for all periods of their kinds that a diagnosis of `asked` covers.
pub(crate) fn plan_some(compiled: &Compiled, indicators: &BTreeSet<usize>, asked: &Period) -> Plan {
    let known = indicators.iter().filter_map(|at| Some((*at, compiled.indicators.get(*at)?)));
    let covered = known.flat_map(|(at, ready)| {
        let periods = covered(&compiled.calendar, asked, ready.definition.period);
        periods.into_iter().map(move |period| (at, period))
    });
    with_inputs(compiled, &covered.collect::<Vec<_>>())
}

/// Adds what the results read.
fn with_inputs(compiled: &Compiled, results: &[(usize, Period)]) -> Plan {
    let calendar = &compiled.calendar;
    let mut wanted: BTreeMap<usize, Vec<Period>> = BTreeMap::new();
    let mut open: Vec<(usize, Period)> = results.to_vec();
    while let Some((at, period)) = open.pop() {
        let known = wanted.entry(at).or_default();
        if known.contains(&period) {
            continue;
        }
        known.push(period.clone());
        let Some(ready) = compiled.indicators.get(at) else { continue };
        for input in inputs_now(compiled, ready) {
            let Some(kind) = compiled.indicators.get(input).map(|input| input.definition.period) else { continue };
            open.extend(read_period(calendar, &period, kind).map(|period| (input, period)));
        }
    }
    let mut plan = Plan::default();
    let mut periods: Vec<Period> = wanted.values().flatten().cloned().collect();
    periods.sort_by(|a, b| (a.kind, a.start, &a.id).cmp(&(b.kind, b.start, &b.id)));
    periods.dedup();
    let position = |period: &Period| periods.iter().position(|known| known == period);
    for (at, own) in &wanted {
        let mut positions: Vec<usize> = own.iter().filter_map(position).collect();
        positions.sort_unstable();
        plan.steps.extend(positions.into_iter().map(|period| Step { indicator: *at, period }));
    }
    plan.results =
        results.iter().filter_map(|(at, period)| Some(Step { indicator: *at, period: position(period)? })).collect();
    plan.periods = periods;
    plan
}

/// Indicators read for the same period, through the formula or `over`.
fn inputs_now(compiled: &Compiled, ready: &Ready) -> BTreeSet<usize> {
    let (now, _, _) = ready.value.indicators();
    let over = ready.definition.measures.values().filter_map(|measure| measure.over.clone());
    now.into_iter().chain(over).filter_map(|code| compiled.index.get(&code).copied()).collect()
}
