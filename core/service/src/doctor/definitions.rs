//! Definitions: what contradicts itself, what nobody answers for, what nobody checked, what nobody reads; plugins.

use super::{Check, Finding, Patient};
use crate::indicators::below_floors;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_engine::Engine;
use zhengai_model::dataset::Dataset;
use zhengai_model::fault::Explain;
use zhengai_model::ids::DatasetId;
use zhengai_model::indicator::Indicator;
use zhengai_model::pack::{Definitions, PackFault};
use zhengai_model::rule::Test;
use zhengai_model::threshold::Threshold;

/// Names that are listed of definitions from one source.
const NAMED: usize = 6;

pub(super) async fn look(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    plugins(patient, found).await;
    let Some(definitions) = &patient.definitions else { return };
    found.extend(definitions.check(patient.opening.today).iter().map(fault));
    if let Some(calendar) = &patient.calendar
        && let Err(faults) = Engine::compile(definitions, calendar)
    {
        found.extend(faults.iter().map(|fault| {
            let message = fault.message();
            let owner = message.args.iter().find(|(name, _)| name == "owner").map(|(_, owner)| owner.clone());
            Finding::new(Check::Definition, owner.unwrap_or_default()).says(message)
        }));
    }
    for indicator in judged(definitions) {
        if indicator.sources.is_empty() {
            found.push(Finding::new(Check::NoSource, &indicator.code));
        }
        if indicator.owners.is_empty() {
            found.push(Finding::new(Check::NoOwner, &indicator.code));
        }
        let floors = below_floors(indicator, definitions);
        found.extend(floors.into_iter().map(|floor| Finding::new(Check::BelowFloor, &indicator.code).says(floor)));
    }
    thresholds(patient, definitions, found);
    unread(patient, definitions, found);
}

/// A fault of a pack with its place.
pub(super) fn fault(fault: &PackFault) -> Finding {
    let place = match fault.line {
        0 => fault.file.clone(),
        line => format!("{}:{line}:{}", fault.file, fault.column),
    };
    Finding::new(Check::Definition, place).says(fault.message.clone())
}

/// Indicators that people are held to; a named quantity is only a step on the way to one.
fn judged(definitions: &Definitions) -> impl Iterator<Item = &Indicator> {
    definitions.indicators.values().filter(|indicator| !indicator.quantity)
}

/// Thresholds of all indicators, those written inside them included.
fn all_thresholds(definitions: &Definitions) -> Vec<Threshold> {
    definitions.indicators.keys().flat_map(|code| definitions.thresholds_of(code)).collect()
}

fn thresholds(patient: &Patient<'_>, definitions: &Definitions, found: &mut Vec<Finding>) {
    let today = patient.opening.today;
    let all = all_thresholds(definitions);
    let mut unverified: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for threshold in all.iter().filter(|threshold| threshold.in_force(today) && !threshold.verified) {
        unverified.entry(&threshold.source).or_default().insert(threshold.indicator.as_str());
    }
    for rule in definitions.rules.values().filter(|rule| rule.enabled && !rule.verified) {
        unverified.entry(rule.source.as_deref().unwrap_or_default()).or_default().insert(rule.id.as_str());
    }
    for (source, subjects) in unverified {
        let names = first_of(subjects.iter().copied());
        found.push(Finding::new(Check::Unverified, source).with("count", subjects.len()).with("names", names));
    }
    let over = |threshold: &&Threshold| threshold.to.is_some_and(|to| to <= today);
    for threshold in all.iter().filter(over) {
        let same = |other: &&Threshold| {
            (&other.indicator, other.kind, &other.grain, &other.scope, &other.category)
                == (&threshold.indicator, threshold.kind, &threshold.grain, &threshold.scope, &threshold.category)
        };
        if !all.iter().filter(same).any(|other| other.in_force(today)) {
            let to = threshold.to.map(|to| to.to_string()).unwrap_or_default();
            let finding = Finding::new(Check::Expired, &threshold.indicator).with("kind", threshold.kind);
            found.push(finding.with("when", threshold.when).with("to", to).with("source", &threshold.source));
        }
    }
}

/// The first few names, and a sign that there are more.
pub(super) fn first_of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    names.take(NAMED).collect::<Vec<_>>().join(", ") + more
}

/// Datasets with rows that nothing reads: no measure, no computed dataset, no rule, no hierarchy, no other dataset.
fn unread(patient: &Patient<'_>, definitions: &Definitions, found: &mut Vec<Finding>) {
    let read = read_by_something(definitions);
    for log in patient.logs.iter().filter(|log| log.folder != "results") {
        let files = log.newest().map(|newest| log.live_files(newest).len()).unwrap_or(0);
        let known = DatasetId::new(log.table.as_str()).ok();
        if files > 0 && known.is_some_and(|id| !read.contains(&id)) {
            found.push(Finding::new(Check::Unread, &log.table));
        }
    }
}

fn read_by_something(definitions: &Definitions) -> BTreeSet<DatasetId> {
    let mut read: BTreeSet<DatasetId> = BTreeSet::new();
    for indicator in definitions.indicators.values() {
        read.extend(indicator.measures.values().filter_map(|measure| measure.dataset.clone()));
    }
    for rule in definitions.rules.values() {
        rule.when.visit(&mut |test| {
            if let Test::Stale { dataset, .. } = test {
                read.insert(dataset.clone());
            }
        });
    }
    let inputs = || definitions.computed.values().flat_map(|(_, computed)| &computed.inputs);
    for dataset in definitions.datasets.values() {
        let describes = dataset.object.is_some() || !dataset.edges.is_empty();
        if describes || inputs().any(|sql| names(sql, dataset.id.as_str())) {
            read.insert(dataset.id.clone());
        }
        read.extend(references(dataset));
    }
    read
}

/// Datasets whose keys the fields of another must be found in.
fn references(dataset: &Dataset) -> impl Iterator<Item = DatasetId> + '_ {
    let targets = dataset.fields.iter().filter_map(|field| field.references.as_deref()?.split('.').next());
    targets.filter_map(|id| DatasetId::new(id).ok())
}

/// Whether SQL names a table: its id as a whole word.
fn names(sql: &str, table: &str) -> bool {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    sql.split(|letter| !word(letter)).any(|found| found == table)
}

async fn plugins(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    let (Some(plugins), Some(record)) = (&patient.plugins, &patient.record) else { return };
    for state in plugins.all().filter(|state| state.changed) {
        let finding = Finding::new(Check::PluginChanged, state.found.id());
        found.push(finding.with("folder", state.found.dir.display()));
    }
    found.extend(plugins.refused().iter().map(|error| Finding::new(Check::PluginRefused, "").says(error.message())));
    let Ok(choices) = record.plugin_list().await else { return };
    for choice in choices.into_iter().map(|record| record.choice).filter(|choice| choice.enabled) {
        if plugins.get(choice.id.as_str()).is_err() {
            found.push(Finding::new(Check::PluginGone, choice.id).with("version", choice.version));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_table_is_named_by_its_whole_id_only() {
        assert!(names("SELECT * FROM exam_score s JOIN student USING (id)", "student"));
        assert!(!names("SELECT * FROM student_award", "student"));
        assert!(!names("SELECT students FROM x", "student"));
    }
}
