//! What a rule reads: checked when definitions are compiled, fetched before rules are evaluated.

use super::base::Kinds;
use super::fault::{Cause, EngineFault, Place};
use super::grain_of_input;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::ids::{DatasetId, IndicatorCode, RuleId};
use zhengai_model::pack::{Definitions, Subject};
use zhengai_model::rule::{Against, Rule, Test};

/// What a rule asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Indicators, with how many periods back.
    pub(crate) indicators: BTreeMap<IndicatorCode, u32>,
    /// Indicators of a year earlier.
    pub(crate) last_year: BTreeSet<IndicatorCode>,
    /// Rules, with how many periods back.
    pub(crate) rules: BTreeMap<RuleId, u32>,
    /// Datasets whose freshness counts.
    pub(crate) datasets: BTreeSet<DatasetId>,
}

/// What the test of a rule asks for.
pub(crate) fn asked(test: &Test) -> Asked {
    let mut found = Asked::default();
    walk(test, &mut found);
    found
}

fn walk(test: &Test, found: &mut Asked) {
    let mut indicator = |code: &IndicatorCode, back: u32| {
        let known = found.indicators.entry(code.clone()).or_default();
        *known = (*known).max(back);
    };
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| walk(test, found)),
        Test::Not(test) => walk(test, found),
        Test::Value { indicator: code, .. }
        | Test::Warning { indicator: code }
        | Test::Pace { indicator: code }
        | Test::Peers { indicator: code, .. }
        | Test::Missing { indicator: code }
        | Test::Due { indicator: code, .. } => indicator(code, 0),
        Test::Consecutive { indicator: code, periods, .. } => indicator(code, periods.saturating_sub(1)),
        Test::Cumulative { indicator: code, within, .. } => indicator(code, within.saturating_sub(1)),
        Test::Change { indicator: code, against, .. } => match against {
            Against::Previous => indicator(code, 1),
            Against::LastYear => {
                indicator(code, 0);
                found.last_year.insert(code.clone());
            }
        },
        Test::Stale { dataset, .. } => {
            found.datasets.insert(dataset.clone());
        }
        Test::History { rule, within, times, .. } => {
            let known = found.rules.entry(rule.clone()).or_default();
            *known = (*known).max(*within).max(*times);
        }
    }
}

/// Everything that the rule names exists and is computed for the objects that it looks at.
pub(super) fn check(definitions: &Definitions, kinds: &Kinds, rule: &Rule, faults: &mut Vec<EngineFault>) {
    let asked = asked(&rule.when);
    let lacks_layer = definitions.absent_layer(&Subject::Rule(rule.id.to_string())).is_some();
    let mut fault = |cause| faults.push(EngineFault::new(&rule.id, Place::Test, cause));
    for code in asked.indicators.keys() {
        match definitions.indicator(code) {
            None if lacks_layer => {}
            None => fault(Cause::UnknownIndicator(code.clone())),
            Some(indicator) if grain_of_input(kinds, &rule.grain, indicator).is_none() && !lacks_layer => {
                fault(Cause::GrainOfInput { indicator: code.clone(), kind: rule.grain.clone() });
            }
            Some(_) => {}
        }
    }
    for dataset in asked.datasets.iter().filter(|dataset| definitions.dataset(dataset).is_none() && !lacks_layer) {
        fault(Cause::UnknownDataset(dataset.clone()));
    }
    for id in asked.rules.keys() {
        let implicit = IndicatorCode::new(id.as_str()).is_ok_and(|code| definitions.indicator(&code).is_some());
        if definitions.rule(id).is_none() && !implicit && !lacks_layer {
            fault(Cause::UnknownRule(id.clone()));
        }
    }
}
