//! What the runs of the record tell: rules that never or always fire, datasets and sources that nobody renewed.
//!
//! A rule is looked at in the runs that read it as it is now: a rule that was changed has no past.

use super::definitions::first_of;
use super::{Check, Finding, Patient};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_engine::{Counts, Inputs};
use zhengai_model::batch::BatchState;
use zhengai_model::hash::content_hash;
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectKind, RuleId};
use zhengai_model::layer::Layer;
use zhengai_model::pack::Definitions;
use zhengai_model::period::Calendar;
use zhengai_model::threshold::ThresholdKind;
use zhengai_model::verdict::Attainment;
use zhengai_store::{Record, RunFilter, RunRecord, RunState, SyncFilter, SyncState};

/// A rule that found nobody in fewer runs than this may simply be kept by all: nobody is told of it yet.
const ENOUGH_RUNS: usize = 3;

pub(super) async fn look(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    let Some(record) = &patient.record else { return };
    if let Some(definitions) = &patient.definitions {
        rules(record, definitions, found).await;
        if let Some(calendar) = &patient.calendar {
            datasets(patient, definitions, calendar, found);
        }
    }
    sources(record, found).await;
}

/// What is kept of a finished run, as far as rules go.
struct Past {
    inputs: Inputs,
    counts: Counts,
}

fn past(run: &RunRecord) -> Option<Past> {
    let summary = run.summary.as_ref()?;
    let counts = serde_json::from_value(summary.get("counts")?.clone()).ok()?;
    Some(Past { inputs: crate::results::inputs(run).ok()?, counts })
}

async fn rules(record: &Record, definitions: &Definitions, found: &mut Vec<Finding>) {
    let finished = RunFilter { states: vec![RunState::Finished], ..RunFilter::default() };
    // A record that cannot be read has been told of already.
    let runs = record.run_list(&finished).await.unwrap_or_default();
    let runs: Vec<Past> = runs.iter().filter_map(past).collect();
    let mut silent: BTreeMap<Layer, BTreeSet<String>> = BTreeMap::new();
    for rule in definitions.rules.values().filter(|rule| rule.enabled && !definitions.disabled.contains(&rule.layer)) {
        let hash = content_hash(rule);
        let read: Vec<&Past> = runs.iter().filter(|run| run.inputs.rules.get(&rule.id) == Some(&hash)).collect();
        let judged = |run: &&Past| -> u64 {
            let of = |code: &IndicatorCode| numbers(&run.counts, code, Some(&rule.grain));
            rule.indicators().iter().map(of).max().unwrap_or(0)
        };
        if tell(&rule.id, &read, judged, found) == Fired::Never {
            silent.entry(rule.layer).or_default().insert(rule.id.to_string());
        }
    }
    for indicator in definitions.indicators.values().filter(|one| !definitions.disabled.contains(&one.layer)) {
        let thresholds = definitions.thresholds_of(&indicator.code);
        let warns = thresholds.iter().any(|threshold| threshold.kind == ThresholdKind::Warning);
        let Ok(rule) = RuleId::new(indicator.code.as_str()) else { continue };
        if warns {
            let hash = content_hash(&thresholds);
            let own = |run: &&Past| run.inputs.thresholds.get(&indicator.code) == Some(&hash);
            let read: Vec<&Past> = runs.iter().filter(own).collect();
            let judged = |run: &&Past| numbers(&run.counts, &indicator.code, None);
            if tell(&rule, &read, judged, found) == Fired::Never {
                silent.entry(indicator.layer).or_default().insert(rule.to_string());
            }
        }
    }
    for (layer, rules) in silent {
        let names = first_of(rules.iter().map(String::as_str));
        found.push(Finding::new(Check::NeverFires, layer).with("count", rules.len()).with("names", names));
    }
}

/// Values of an indicator that are numbers and were judged, for one kind of object or all.
fn numbers(counts: &Counts, code: &IndicatorCode, kind: Option<&ObjectKind>) -> u64 {
    let Some(kinds) = counts.indicators.get(code) else { return 0 };
    let chosen = kinds.iter().filter(|(own, _)| kind.is_none_or(|kind| kind == *own));
    let number = |attainment: &Attainment| {
        !matches!(attainment, Attainment::Undetermined | Attainment::NotApplicable | Attainment::NotDue)
    };
    chosen.flat_map(|(_, counts)| counts).filter(|(attainment, _)| number(attainment)).map(|(_, count)| count).sum()
}

/// What the past of a rule says about it.
#[derive(PartialEq, Eq)]
enum Fired {
    /// For nobody, in enough runs to ask why.
    Never,
    /// As rules do, or too seldom to say.
    Sometimes,
}

/// Looks at the runs that had somebody to look at; a rule that fired for everybody in each is told at once.
fn tell(rule: &RuleId, runs: &[&Past], judged: impl Fn(&&Past) -> u64, found: &mut Vec<Finding>) -> Fired {
    let pairs: Vec<(u64, u64)> = runs
        .iter()
        .map(|run| (judged(run), run.counts.firings.get(rule).copied().unwrap_or(0)))
        .filter(|(judged, _)| *judged > 0)
        .collect();
    let (judged, fired) = pairs.iter().fold((0, 0), |(judged, fired), (more, also)| (judged + more, fired + also));
    if fired == 0 {
        return if pairs.len() < ENOUGH_RUNS { Fired::Sometimes } else { Fired::Never };
    }
    if pairs.iter().all(|(judged, fired)| fired >= judged) {
        found.push(Finding::new(Check::AlwaysFires, rule).with("runs", pairs.len()).with("objects", judged));
    }
    Fired::Sometimes
}

/// Datasets with a time in their rows whose newest batch came before the last period of those who read them had ended.
fn datasets(patient: &Patient<'_>, definitions: &Definitions, calendar: &Calendar, found: &mut Vec<Finding>) {
    let mut newest: BTreeMap<&DatasetId, NaiveDate> = BTreeMap::new();
    for batch in patient.batches.iter().filter(|batch| batch.state == BatchState::Applied) {
        let day = batch.updated_at.date_naive();
        let known = newest.entry(&batch.dataset).or_insert(day);
        *known = day.max(*known);
    }
    for (dataset, overdue) in crate::freshness::overdue(definitions, calendar, patient.opening.today, &newest) {
        let finding = Finding::new(Check::StaleDataset, dataset).with("period", overdue.period);
        let day = newest.get(dataset).map(NaiveDate::to_string).unwrap_or_default();
        found.push(finding.with("end", overdue.end).with("newest", day));
    }
}

/// Sources whose last sync failed, and those that were last read before the datasets that they fill were due.
async fn sources(record: &Record, found: &mut Vec<Finding>) {
    let Ok(sources) = record.source_list().await else { return };
    let stale: BTreeSet<String> = found
        .iter()
        .filter(|finding| finding.check == Check::StaleDataset)
        .map(|finding| finding.subject.clone())
        .collect();
    for source in sources.into_iter().map(|record| record.source).filter(|source| source.enabled) {
        let last = SyncFilter { source: Some(source.id.clone()), limit: Some(1), ..SyncFilter::default() };
        let Ok(last) = record.sync_list(&last).await else { continue };
        match last.first() {
            Some(sync) if matches!(sync.state, SyncState::Failed | SyncState::Interrupted) => {
                let day = sync.at.date_naive();
                found.push(Finding::new(Check::FailingSource, &source.id).with("sync", &sync.id).with("day", day));
            }
            last => {
                let fills: Vec<String> = source.streams.iter().map(|stream| stream.dataset.to_string()).collect();
                let late: Vec<String> = fills.into_iter().filter(|dataset| stale.contains(dataset)).collect();
                if last.is_none() || !late.is_empty() {
                    let day = last.map_or_else(|| "-".to_owned(), |sync| sync.at.date_naive().to_string());
                    let finding = Finding::new(Check::StaleSource, &source.id).with("day", day);
                    found.push(finding.with("datasets", late.join(", ")));
                }
            }
        }
    }
}
