//! Rehearsal (预演): one indicator with what reads it, judged for a past period as if other definitions had been in force
//! then. Nothing is written. Two rehearsals over the same data, one with the definitions in force and one with a draft,
//! differ by the draft alone.

use crate::compile::{Compiled, asked};
use crate::diagnose::{Listeners, datasets, prepare};
use crate::diagnosis::Firing;
use crate::error::EngineError;
use crate::evaluate::{Evaluation, evaluate};
use crate::gather::gather;
use crate::plan::{Plan, plan_some};
use crate::request::{CancelFlag, DiagnoseRequest, History, HistoryNeeds, ProgressFn, Transforms};
use crate::rules;
use crate::source::Source;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhengai_model::ids::{DatasetId, IndicatorCode, LevelId, ObjectId, ObjectKind, PeriodId, RuleId};
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;
use zhengai_model::verdict::Attainment;

/// One indicator, its readers and the rules on them, planned for a period.
pub struct Rehearsal {
    compiled: Compiled,
    plan: Plan,
    own: usize,
    disabled: BTreeSet<Layer>,
}

/// What a rehearsal found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rehearsed {
    /// Values of the indicator itself.
    pub values: BTreeMap<Seat, RehearsedValue>,
    /// Warnings of the indicator, of its readers, and of the rules on any of them.
    pub warnings: BTreeMap<(RuleId, Seat), RehearsedWarning>,
}

/// An object in a period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seat {
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// The period.
    pub period: PeriodId,
}

/// A value of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsedValue {
    /// Name of the object.
    pub object_name: String,
    /// The number, where there is one.
    pub value: Option<Decimal>,
    /// The verdict.
    pub attainment: Attainment,
    /// Level of the warning value that it breaches.
    pub level: Option<LevelId>,
}

/// A warning of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsedWarning {
    /// Name of the object.
    pub object_name: String,
    /// Its level.
    pub level: LevelId,
}

impl Rehearsal {
    /// Plans the indicator for a period, with everything that reads it and every rule that looks at any of these.
    pub fn new(
        compiled: &Compiled,
        indicator: &IndicatorCode,
        period: &Period,
        disabled: &BTreeSet<Layer>,
    ) -> Result<Self, EngineError> {
        let unknown = || EngineError::UnknownIndicator { indicator: indicator.clone() };
        let (own, _) = compiled.ready(indicator).ok_or_else(unknown)?;
        let mut compiled = compiled.clone();
        let readers = compiled.indicators.iter().filter(|ready| ready.inputs.contains(indicator));
        let touched: BTreeSet<IndicatorCode> =
            readers.map(|ready| ready.definition.code.clone()).chain([indicator.clone()]).collect();
        let definitions = Arc::make_mut(&mut compiled.definitions);
        definitions.rules.retain(|_, rule| asked(&rule.when).indicators.keys().any(|code| touched.contains(code)));
        // A rule that looks at several indicators needs all of them to say anything.
        let looked = definitions.rules.values().flat_map(|rule| asked(&rule.when).indicators.into_keys());
        let wanted: BTreeSet<IndicatorCode> = looked.chain(touched).collect();
        let positions: BTreeSet<usize> = wanted.iter().filter_map(|code| compiled.index.get(code).copied()).collect();
        let plan = plan_some(&compiled, &positions, period);
        let disabled = compiled.definitions.disabled.union(disabled).copied().collect();
        Ok(Self { compiled, plan, own, disabled })
    }

    /// The datasets that it reads.
    pub fn datasets(&self) -> Vec<DatasetId> {
        datasets(&self.compiled, &self.plan, &self.disabled)
    }

    /// What earlier runs will be asked for.
    pub fn history(&self) -> HistoryNeeds {
        rules::needs(&self.plan, &self.compiled)
    }

    /// Codes of the indicators whose warnings it looks at, and ids of the rules.
    pub fn reach(&self) -> (Vec<IndicatorCode>, Vec<RuleId>) {
        let steps = self.plan.results.iter().filter_map(|step| self.compiled.indicators.get(step.indicator));
        let codes: BTreeSet<IndicatorCode> = steps.map(|ready| ready.definition.code.clone()).collect();
        (codes.into_iter().collect(), self.compiled.definitions.rules.keys().cloned().collect())
    }

    /// Judges over a source that has the datasets of [`Rehearsal::datasets`].
    pub async fn run(
        &self,
        source: &Source,
        request: &DiagnoseRequest,
        history: &dyn History,
        transforms: &dyn Transforms,
        progress: ProgressFn<'_>,
        cancel: &CancelFlag,
    ) -> Result<Rehearsed, EngineError> {
        let listeners = Listeners { history, transforms, progress, cancel };
        let prepared = prepare(&self.compiled, source, &self.plan, &self.disabled).await?;
        let world = prepared.world(&self.compiled, source, request, &self.disabled);
        let columns = gather(&world, &self.plan, listeners.transforms, listeners.progress, listeners.cancel).await?;
        let evaluation = Evaluation { world: &world, plan: &self.plan, columns: &columns, history: listeners.history };
        let values = evaluate(&evaluation, listeners.progress, listeners.cancel)?;
        let fired = rules::run(&evaluation, &values, listeners.progress, listeners.cancel)?;
        let mut found = Rehearsed::default();
        for ((step, kind), judged) in values.columns.iter().filter(|((step, _), _)| step.indicator == self.own) {
            let (Some(objects), Some(period)) = (prepared.cast.get(kind), self.plan.periods.get(step.period)) else {
                continue;
            };
            for (object, cell) in judged.cells.iter().enumerate() {
                let (Some(cell), Some(id), Some(label)) = (cell, objects.ids.get(object), objects.names.get(object))
                else {
                    continue;
                };
                let seat = Seat { kind: kind.clone(), object: id.clone(), period: period.id.clone() };
                let value = RehearsedValue {
                    object_name: label.clone(),
                    value: cell.value.number(),
                    attainment: cell.attainment,
                    level: cell.warning.clone(),
                };
                found.values.insert(seat, value);
            }
        }
        found.warnings.extend(fired.firings.into_iter().map(warning));
        Ok(found)
    }
}

fn warning(firing: Firing) -> ((RuleId, Seat), RehearsedWarning) {
    let seat = Seat { kind: firing.kind, object: firing.object, period: firing.period };
    ((firing.rule, seat), RehearsedWarning { object_name: firing.object_name, level: firing.level })
}

/// How one warning or verdict would differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shift {
    /// Was not there and would be.
    Appears,
    /// Was there and would not be.
    Disappears,
    /// Is there in both, and different.
    Changes,
}

/// A value with what it was and what it would be.
pub type ValueDifference = (Seat, Option<RehearsedValue>, Option<RehearsedValue>);
/// A warning with what it was and what it would be.
pub type WarningDifference = (Shift, RuleId, Seat, Option<RehearsedWarning>, Option<RehearsedWarning>);

/// What differs between two rehearsals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RehearsalDifference {
    /// Objects with a value, before and after.
    pub objects: (u64, u64),
    /// Verdicts before and after.
    pub attainment: BTreeMap<Attainment, (u64, u64)>,
    /// Warnings by level, before and after.
    pub levels: BTreeMap<LevelId, (u64, u64)>,
    /// Values that differ in number or verdict, with both.
    pub values: Vec<ValueDifference>,
    /// Warnings that differ, with both.
    pub warnings: Vec<WarningDifference>,
}

impl RehearsalDifference {
    /// Warnings that appear, disappear or change their level.
    pub fn count(&self, shift: Shift) -> u64 {
        self.warnings.iter().filter(|(own, ..)| *own == shift).count() as u64
    }

    /// What would be different from before.
    pub fn between(before: &Rehearsed, after: &Rehearsed) -> Self {
        let mut found = Self { objects: (before.values.len() as u64, after.values.len() as u64), ..Self::default() };
        for value in before.values.values() {
            found.attainment.entry(value.attainment).or_default().0 += 1;
        }
        for value in after.values.values() {
            found.attainment.entry(value.attainment).or_default().1 += 1;
        }
        for warning in before.warnings.values() {
            found.levels.entry(warning.level.clone()).or_default().0 += 1;
        }
        for warning in after.warnings.values() {
            found.levels.entry(warning.level.clone()).or_default().1 += 1;
        }
        let seats: BTreeSet<&Seat> = before.values.keys().chain(after.values.keys()).collect();
        for seat in seats {
            let (old, new) = (before.values.get(seat), after.values.get(seat));
            if old != new {
                found.values.push((seat.clone(), old.cloned(), new.cloned()));
            }
        }
        let places: BTreeSet<&(RuleId, Seat)> = before.warnings.keys().chain(after.warnings.keys()).collect();
        for place in places {
            let (old, new) = (before.warnings.get(place), after.warnings.get(place));
            let shift = match (old, new) {
                (None, Some(_)) => Shift::Appears,
                (Some(_), None) => Shift::Disappears,
                (Some(old), Some(new)) if old.level != new.level => Shift::Changes,
                _ => continue,
            };
            found.warnings.push((shift, place.0.clone(), place.1.clone(), old.cloned(), new.cloned()));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(object: &str) -> Seat {
        let kind = ObjectKind::new("student").expect("a kind");
        let period = PeriodId::new("AY2025-T1").expect("a period");
        Seat { kind, object: ObjectId::new(object).expect("an id"), period }
    }

    fn rehearsed(values: &[(&str, i64, Attainment)], warnings: &[(&str, &str)]) -> Rehearsed {
        let mut found = Rehearsed::default();
        for (object, number, attainment) in values {
            let value = RehearsedValue {
                object_name: (*object).to_owned(),
                value: Some(Decimal::from(*number)),
                attainment: *attainment,
                level: None,
            };
            found.values.insert(seat(object), value);
        }
        for (object, level) in warnings {
            let warning =
                RehearsedWarning { object_name: (*object).to_owned(), level: LevelId::new(*level).expect("a level") };
            found.warnings.insert((RuleId::new("X").expect("a rule"), seat(object)), warning);
        }
        found
    }

    #[test]
    fn what_appears_disappears_and_changes_is_told_apart_and_what_stays_is_not_told() {
        let before = rehearsed(&[], &[("S1", "notice"), ("S2", "notice"), ("S3", "general")]);
        let after = rehearsed(&[], &[("S2", "serious"), ("S3", "general"), ("S4", "notice")]);
        let found = RehearsalDifference::between(&before, &after);
        let told: Vec<_> = found.warnings.iter().map(|(shift, _, seat, ..)| (*shift, seat.object.as_str())).collect();
        assert_eq!(told, [(Shift::Disappears, "S1"), (Shift::Changes, "S2"), (Shift::Appears, "S4")]);
        let levels: Vec<_> = found.levels.iter().map(|(level, counts)| (level.as_str(), *counts)).collect();
        assert_eq!(levels, [("general", (1, 1)), ("notice", (2, 1)), ("serious", (0, 1))]);
        assert_eq!(found.count(Shift::Appears), 1);
    }

    #[test]
    fn values_that_differ_in_number_or_verdict_are_told_and_all_are_counted() {
        let (met, unmet) = (Attainment::Met, Attainment::Unmet);
        let before = rehearsed(&[("S1", 80, met), ("S2", 59, unmet), ("S3", 70, met)], &[]);
        let after = rehearsed(&[("S1", 80, met), ("S2", 59, met), ("S3", 71, met)], &[]);
        let found = RehearsalDifference::between(&before, &after);
        let told: Vec<&str> = found.values.iter().map(|(seat, ..)| seat.object.as_str()).collect();
        assert_eq!(told, ["S2", "S3"]);
        assert_eq!(found.attainment, BTreeMap::from([(met, (2, 3)), (unmet, (1, 0))]));
        assert_eq!(found.objects, (3, 3));
    }
}
