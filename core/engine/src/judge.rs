//! Thresholds chosen for whole columns, and verdicts. Where no scope distinguishes objects, one choice serves all.

use crate::objects::{Cast, Objects, nameless};
use crate::places::Places;
use chrono::NaiveDate;
use std::collections::HashMap;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{LevelId, ObjectKind};
use zhengai_model::threshold::{Condition, ObjectContext, Scope, Threshold, ThresholdKind, choose, choose_warnings};
use zhengai_model::value::Value;
use zhengai_model::verdict::{Attainment, Levels, judge_all};

/// The thresholds that hold for an object, as positions in the list of its indicator.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Chosen {
    pub(crate) target: Option<usize>,
    pub(crate) standard: Option<usize>,
    pub(crate) process: Option<usize>,
    /// Mild first.
    pub(crate) warnings: Vec<usize>,
}

/// The choices of one indicator, grain and period.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    /// All thresholds of the indicator.
    pub(crate) thresholds: Vec<Threshold>,
    /// The different choices.
    pub(crate) sets: Vec<Judging>,
    /// Which of them each object has; the first for all when empty.
    by_object: Vec<u32>,
}

/// A choice, ready to judge with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judging {
    pub(crate) chosen: Chosen,
    pub(crate) target: Option<Condition>,
    pub(crate) standard: Option<Condition>,
    pub(crate) warnings: Vec<(Condition, LevelId)>,
}

/// What choosing looks at besides thresholds.
pub(crate) struct Setting<'a> {
    pub(crate) cast: &'a Cast,
    pub(crate) places: &'a Places,
    pub(crate) levels: &'a Levels,
    pub(crate) view: View,
    pub(crate) today: NaiveDate,
}

impl Choices {
    /// The number of the choice of an object.
    pub(crate) fn of(&self, object: usize) -> u32 {
        self.by_object.get(object).copied().unwrap_or(0)
    }

    /// A choice by its number.
    pub(crate) fn set(&self, number: u32) -> Option<&Judging> {
        self.sets.get(usize::try_from(number).ok()?)
    }

    /// Chooses for all objects of a kind, as in force on a day.
    pub(crate) fn make(thresholds: Vec<Threshold>, kind: &ObjectKind, on: NaiveDate, setting: &Setting<'_>) -> Self {
        let objects = setting.cast.get(kind);
        let mut made = Self { thresholds, ..Self::default() };
        let tells_apart = |threshold: &Threshold| {
            !matches!(threshold.scope, Scope::Nation | Scope::Province | Scope::College) || threshold.category.is_some()
        };
        let (Some(objects), true) = (objects, made.thresholds.iter().any(tells_apart)) else {
            let id = nameless();
            let context = ObjectContext { kind: kind.clone(), id, units: Vec::new(), groups: Vec::new() };
            let chosen = pick(&made.thresholds, &context, on, setting.levels);
            made.sets.push(ready(&made.thresholds, chosen, setting.levels));
            return made;
        };
        let needs_units = made.thresholds.iter().any(|threshold| matches!(threshold.scope, Scope::Unit { .. }));
        let day = setting.view.day(on, setting.today);
        let mut known: HashMap<Chosen, u32> = HashMap::new();
        for object in 0..objects.len() {
            let Some(context) = context(objects, object, kind, needs_units.then_some((setting.places, day))) else {
                continue;
            };
            let chosen = pick(&made.thresholds, &context, on, setting.levels);
            let number = match known.get(&chosen) {
                Some(number) => *number,
                None => {
                    let number = u32::try_from(made.sets.len()).unwrap_or(u32::MAX);
                    made.sets.push(ready(&made.thresholds, chosen.clone(), setting.levels));
                    known.insert(chosen, number);
                    number
                }
            };
            made.by_object.push(number);
        }
        made
    }
}

/// What thresholds may look at of an object.
pub(crate) fn context(
    objects: &Objects,
    object: usize,
    kind: &ObjectKind,
    units: Option<(&Places, NaiveDate)>,
) -> Option<ObjectContext> {
    let id = objects.ids.get(object)?.clone();
    let units = units.map(|(places, day)| places.hierarchy.ancestors(kind, &id, day)).unwrap_or_default();
    let group = |(field, values): (&String, &Vec<Option<String>>)| Some((field.clone(), values.get(object)?.clone()?));
    Some(ObjectContext { kind: kind.clone(), id, units, groups: objects.groups.iter().filter_map(group).collect() })
}

fn pick(thresholds: &[Threshold], context: &ObjectContext, on: NaiveDate, levels: &Levels) -> Chosen {
    let position = |found: &Threshold| thresholds.iter().position(|threshold| std::ptr::eq(threshold, found));
    let one = |kind| choose(thresholds, context, kind, on).and_then(position);
    let mut warnings = choose_warnings(thresholds, context, on);
    warnings.sort_by_key(|threshold| threshold.level.as_ref().or(levels.usual()).map(|level| levels.severity(level)));
    Chosen {
        target: one(ThresholdKind::Target),
        standard: one(ThresholdKind::Standard),
        process: one(ThresholdKind::Process),
        warnings: warnings.into_iter().filter_map(position).collect(),
    }
}

fn ready(thresholds: &[Threshold], chosen: Chosen, levels: &Levels) -> Judging {
    let when = |position: Option<usize>| Some(thresholds.get(position?)?.when);
    let warning = |position: &usize| {
        let threshold = thresholds.get(*position)?;
        Some((threshold.when, threshold.level.clone().or_else(|| levels.usual().cloned())?))
    };
    Judging {
        target: when(chosen.target),
        standard: when(chosen.standard),
        warnings: chosen.warnings.iter().filter_map(warning).collect(),
        chosen,
    }
}

/// The verdict: attainment, and the position of the breached warning among the choice's.
pub(crate) fn verdict(value: &Value, judging: &Judging, levels: &Levels) -> (Attainment, Option<LevelId>) {
    let found = judge_all(value, judging.target.as_ref(), judging.standard.as_ref(), &judging.warnings, levels);
    (found.attainment, found.warning)
}
