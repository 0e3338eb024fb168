//! Warning rules, evaluated per object after all values are known. Every indicator with a warning value has an implicit
//! rule named like its code.

use crate::compile::asked;
use crate::diagnosis::{Evaluated, Firing, UnknownFiring};
use crate::error::EngineError;
use crate::evaluate::{Cell, Evaluation, Judged, Values, earlier};
use crate::objects::NOBODY;
use crate::plan::read_period;
use crate::request::{CancelFlag, HistoryNeeds, Progress, ProgressFn, Stage};
use crate::scan::time::last_day;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use zhengai_model::ids::{DatasetId, IndicatorCode, LevelId, ObjectId, ObjectKind, RuleId};
use zhengai_model::indicator::Direction;
use zhengai_model::period::Period;
use zhengai_model::rule::{Because, Facts, Outcome, Rule, Standing, evaluate};
use zhengai_model::threshold::Condition;
use zhengai_model::value::{Gap, Value};
use zhengai_model::verdict::Attainment;

/// What became of all rules.
#[derive(Debug, Default)]
pub(crate) struct Fired {
    pub(crate) firings: Vec<Firing>,
    pub(crate) unknown: Vec<UnknownFiring>,
    pub(crate) evaluated: BTreeSet<Evaluated>,
}

/// Evaluates the implicit and the written rules.
pub(crate) fn run(
    evaluation: &Evaluation<'_>,
    values: &Values,
    progress: ProgressFn<'_>,
    cancel: &CancelFlag,
) -> Result<Fired, EngineError> {
    let mut fired = Fired::default();
    implicit(evaluation, values, &mut fired);
    let definitions = &evaluation.world.compiled.definitions;
    let rules: Vec<&Rule> = definitions
        .rules
        .values()
        .filter(|rule| rule.enabled && !evaluation.world.disabled.contains(&rule.layer))
        .collect();
    for (done, rule) in rules.iter().enumerate() {
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        progress(Progress { stage: Stage::Rules, done, total: rules.len(), met: values.met });
        for period in periods_of(evaluation, rule) {
            written(evaluation, values, rule, &period, &mut fired);
        }
    }
    fired
        .firings
        .sort_by(|a, b| (&a.rule, &a.period, &a.kind, &a.object).cmp(&(&b.rule, &b.period, &b.kind, &b.object)));
    fired
        .unknown
        .sort_by(|a, b| (&a.rule, &a.period, &a.kind, &a.object).cmp(&(&b.rule, &b.period, &b.kind, &b.object)));
    Ok(fired)
}

/// The warning values of indicators.
fn implicit(evaluation: &Evaluation<'_>, values: &Values, fired: &mut Fired) {
    let world = evaluation.world;
    for judged in values.columns.values().filter(|judged| evaluation.plan.results.contains(&judged.step)) {
        let (Some(ready), Some(period), Some(objects)) = (
            world.compiled.indicators.get(judged.step.indicator),
            evaluation.plan.periods.get(judged.step.period),
            world.cast.get(&judged.grain),
        ) else {
            continue;
        };
        let Ok(rule) = RuleId::new(ready.definition.code.as_str()) else { continue };
        if judged.choices.sets.iter().all(|judging| judging.warnings.is_empty()) {
            continue;
        }
        fired.evaluated.insert(Evaluated { rule: rule.clone(), kind: judged.grain.clone(), period: period.id.clone() });
        for (object, cell) in judged.cells.iter().enumerate() {
            let (Some(cell), Some(id), Some(label)) = (cell, objects.ids.get(object), objects.names.get(object)) else {
                continue;
            };
            let Some(judging) = judged.choices.set(judged.choices.of(object)) else { continue };
            if cell.attainment == Attainment::Undetermined && !judging.warnings.is_empty() {
                fired.unknown.push(UnknownFiring {
                    rule: rule.clone(),
                    kind: judged.grain.clone(),
                    object: id.clone(),
                    period: period.id.clone(),
                });
            }
            let (Some(level), Some(value)) = (&cell.warning, cell.value.number()) else { continue };
            let breached = judging.warnings.iter().find(|(when, own)| own == level && when.holds(value));
            let Some((when, _)) = breached else { continue };
            fired.firings.push(Firing {
                rule: rule.clone(),
                layer: ready.definition.layer,
                kind: judged.grain.clone(),
                object: id.clone(),
                object_name: label.clone(),
                period: period.id.clone(),
                level: level.clone(),
                cap: None,
                because: vec![Because::Warning {
                    indicator: ready.definition.code.clone(),
                    value,
                    when: *when,
                    level: level.clone(),
                }],
            });
        }
    }
}

/// The periods for which a rule is evaluated: those of its first indicator that is a result of this run and over; for a
/// rule that looks at none, the period asked for.
fn periods_of(evaluation: &Evaluation<'_>, rule: &Rule) -> Vec<Period> {
    let asked = asked(&rule.when);
    let plan = evaluation.plan;
    let steps = |code: &IndicatorCode| -> Vec<Period> {
        let Some((at, _)) = evaluation.world.compiled.ready(code) else { return Vec::new() };
        let own = plan.results.iter().filter(|step| step.indicator == at);
        own.filter_map(|step| plan.periods.get(step.period))
            .filter(|period| period.is_over(evaluation.world.today))
            .cloned()
            .collect()
    };
    // The finest kind decides: a rule on a term's value and a year's quantity speaks of terms.
    let mut candidates: Vec<Vec<Period>> =
        asked.indicators.keys().map(steps).filter(|periods| !periods.is_empty()).collect();
    candidates.sort_by_key(|periods| periods.first().map(|period| std::cmp::Reverse(period.kind)));
    candidates.into_iter().next().unwrap_or_else(|| {
        let looks_at_none = asked.indicators.is_empty();
        plan.periods.iter().filter(|_| looks_at_none).max_by_key(|period| period.end).cloned().into_iter().collect()
    })
}

/// A column that a rule reads, as numbers by object of the rule's grain.
struct Seen<'a> {
    direction: Direction,
    now: Option<(&'a Judged, Option<Arc<Vec<u32>>>)>,
    earlier: Vec<Option<Vec<Option<Value>>>>,
    last_year: Option<Vec<Option<Value>>>,
    /// Numbers of all objects, sorted: peers are counted in it.
    sorted: Vec<Decimal>,
}

struct Book<'a> {
    seen: HashMap<IndicatorCode, Seen<'a>>,
    /// By rule, for each period back.
    fired: HashMap<RuleId, Vec<Option<BTreeSet<ObjectId>>>>,
    ages: HashMap<DatasetId, Option<u32>>,
}

fn written(evaluation: &Evaluation<'_>, values: &Values, rule: &Rule, period: &Period, fired: &mut Fired) {
    let world = evaluation.world;
    let Some(objects) = world.cast.get(&rule.grain) else { return };
    let book = open_book(evaluation, values, rule, period);
    fired.evaluated.insert(Evaluated { rule: rule.id.clone(), kind: rule.grain.clone(), period: period.id.clone() });
    for object in (0..objects.len()).filter(|object| objects.lives_in(*object, period)) {
        let (Some(id), Some(label)) = (objects.ids.get(object), objects.names.get(object)) else { continue };
        match evaluate(rule, &About { book: &book, object, id }) {
            Outcome::Quiet => {}
            Outcome::Unknown(_) => fired.unknown.push(UnknownFiring {
                rule: rule.id.clone(),
                kind: rule.grain.clone(),
                object: id.clone(),
                period: period.id.clone(),
            }),
            Outcome::Fired(because) => fired.firings.push(Firing {
                rule: rule.id.clone(),
                layer: rule.layer,
                kind: rule.grain.clone(),
                object: id.clone(),
                object_name: label.clone(),
                period: period.id.clone(),
                level: rule.level.clone(),
                cap: rule.cap,
                because,
            }),
        }
    }
}

fn open_book<'a>(evaluation: &Evaluation<'_>, values: &'a Values, rule: &Rule, period: &Period) -> Book<'a> {
    let world = evaluation.world;
    let calendar = &world.compiled.calendar;
    let asked = asked(&rule.when);
    let mut book = Book { seen: HashMap::new(), fired: HashMap::new(), ages: HashMap::new() };
    for (code, back) in &asked.indicators {
        let Some((at, ready)) = world.compiled.ready(code) else { continue };
        let Some(grain) = world.compiled.grain_of_input(&rule.grain, ready) else { continue };
        let Some(read) = read_period(calendar, period, ready.definition.period) else { continue };
        let day = world.view.day(last_day(period), world.today);
        let places = (*grain != rule.grain).then(|| world.places.parents(world.cast, &rule.grain, grain, day));
        let position = evaluation.plan.periods.iter().position(|known| *known == read);
        let now = position.and_then(|position| values.get(at, position, grain)).map(|judged| (judged, places.clone()));
        let placed = |column: Vec<Option<Value>>| match &places {
            None => column,
            Some(places) => {
                places.iter().map(|place| column.get(usize::try_from(*place).ok()?).cloned().flatten()).collect()
            }
        };
        let past = |before: Option<Period>| {
            before.and_then(|before| earlier(evaluation, values, code, grain, &before)).map(placed)
        };
        let mut before = Some(read.clone());
        let mut columns = Vec::new();
        for _ in 0..*back {
            before = before.and_then(|period| calendar.previous(&period));
            columns.push(past(before.clone()));
        }
        let wants_year = asked.last_year.contains(code);
        let last_year = if wants_year { past(calendar.last_year(&read)) } else { None };
        let mut sorted: Vec<Decimal> = now
            .iter()
            .flat_map(|(judged, _)| judged.cells.iter().flatten())
            .filter_map(|cell| cell.value.number())
            .collect();
        sorted.sort_unstable();
        let direction = ready.definition.direction;
        book.seen.insert(code.clone(), Seen { direction, now, earlier: columns, last_year, sorted });
    }
    for (id, back) in &asked.rules {
        let mut before = Some(period.clone());
        let mut columns = Vec::new();
        for _ in 0..*back {
            before = before.and_then(|period| calendar.previous(&period));
            columns.push(before.as_ref().and_then(|before| evaluation.history.fired(id, &rule.grain, &before.id)));
        }
        book.fired.insert(id.clone(), columns);
    }
    for id in &asked.datasets {
        let newest = evaluation.history.newest_batch(id);
        let age = newest.map(|newest| u32::try_from((world.today - newest).num_days()).unwrap_or(0));
        book.ages.insert(id.clone(), age);
    }
    book
}

/// The facts about one object.
struct About<'a> {
    book: &'a Book<'a>,
    object: usize,
    id: &'a ObjectId,
}

impl About<'_> {
    fn judged(&self, indicator: &IndicatorCode) -> Option<(&Judged, usize)> {
        let (judged, places) = self.book.seen.get(indicator)?.now.as_ref()?;
        let object = match places {
            None => self.object,
            Some(places) => {
                let place = places.get(self.object).copied().filter(|place| *place != NOBODY)?;
                usize::try_from(place).ok()?
            }
        };
        Some((judged, object))
    }

    fn cell(&self, indicator: &IndicatorCode) -> Option<&Cell> {
        let (judged, object) = self.judged(indicator)?;
        judged.cells.get(object)?.as_ref()
    }
}

impl Facts for About<'_> {
    fn value(&self, indicator: &IndicatorCode) -> Value {
        match self.cell(indicator) {
            Some(cell) => cell.value.clone(),
            None => Value::Undetermined(Gap::Input { indicator: indicator.clone() }),
        }
    }

    fn earlier(&self, indicator: &IndicatorCode, back: u32) -> Option<Value> {
        let columns = &self.book.seen.get(indicator)?.earlier;
        let column = columns.get(usize::try_from(back).ok()?.checked_sub(1)?)?.as_ref()?;
        column.get(self.object)?.clone()
    }

    fn last_year(&self, indicator: &IndicatorCode) -> Option<Value> {
        self.book.seen.get(indicator)?.last_year.as_ref()?.get(self.object)?.clone()
    }

    fn plan(&self, indicator: &IndicatorCode) -> Option<Condition> {
        let (judged, object) = self.judged(indicator)?;
        let chosen = &judged.choices.set(judged.choices.of(object))?.chosen;
        Some(judged.choices.thresholds.get(chosen.process?)?.when)
    }

    fn warnings(&self, indicator: &IndicatorCode) -> Vec<(Condition, LevelId)> {
        let found = self
            .judged(indicator)
            .and_then(|(judged, object)| Some(judged.choices.set(judged.choices.of(object))?.warnings.clone()));
        found.unwrap_or_default()
    }

    fn peers(&self, indicator: &IndicatorCode) -> Vec<Decimal> {
        let mut all = self.book.seen.get(indicator).map(|seen| seen.sorted.clone()).unwrap_or_default();
        let own = self.cell(indicator).and_then(|cell| cell.value.number());
        if let Some(at) = own.and_then(|own| all.binary_search(&own).ok()) {
            all.remove(at);
        }
        all
    }

    fn standing(&self, indicator: &IndicatorCode, value: Decimal) -> Standing {
        let Some(seen) = self.book.seen.get(indicator) else { return Standing { worse: 0, better: 0, peers: 0 } };
        let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
        let below = count(seen.sorted.partition_point(|other| *other < value));
        let above = count(seen.sorted.len() - seen.sorted.partition_point(|other| *other <= value));
        let peers = count(seen.sorted.len()).saturating_sub(1);
        match seen.direction {
            Direction::Lower => Standing { worse: above, better: below, peers },
            _ => Standing { worse: below, better: above, peers },
        }
    }

    fn direction(&self, indicator: &IndicatorCode) -> Direction {
        self.book.seen.get(indicator).map_or(Direction::Higher, |seen| seen.direction)
    }

    fn dataset_age(&self, dataset: &DatasetId) -> Option<u32> {
        self.book.ages.get(dataset).copied().flatten()
    }

    fn fired(&self, rule: &RuleId, back: u32) -> Option<bool> {
        let columns = self.book.fired.get(rule)?;
        let column = columns.get(usize::try_from(back).ok()?.checked_sub(1)?)?.as_ref()?;
        Some(column.contains(self.id))
    }
}

/// What the rules and formulas of a run will ask history for.
pub(crate) fn needs(evaluation_plan: &crate::plan::Plan, compiled: &crate::compile::Compiled) -> HistoryNeeds {
    let mut needs = HistoryNeeds::default();
    let calendar = &compiled.calendar;
    for step in &evaluation_plan.steps {
        let (Some(ready), Some(period)) =
            (compiled.indicators.get(step.indicator), evaluation_plan.periods.get(step.period))
        else {
            continue;
        };
        let (_, previous, last_year) = ready.value.indicators();
        let mut want = |code: &IndicatorCode, grain: &ObjectKind, before: Option<Period>| {
            if let Some(before) = before {
                needs.values.insert((code.clone(), grain.clone(), before.id));
            }
        };
        for grain in ready.grains() {
            for (codes, year) in [(&previous, Back::Previous), (&last_year, Back::Year)] {
                for code in codes {
                    let Some((_, input)) = compiled.ready(code) else { continue };
                    let Some(other) = compiled.grain_of_input(grain, input) else { continue };
                    let read = read_period(calendar, period, input.definition.period);
                    let before = read.and_then(|read| match year {
                        Back::Previous => calendar.previous(&read),
                        Back::Year => calendar.last_year(&read),
                    });
                    want(code, other, before);
                }
            }
        }
    }
    for rule in compiled.definitions.rules.values().filter(|rule| rule.enabled) {
        rule_needs(evaluation_plan, compiled, rule, &mut needs);
    }
    needs
}

#[derive(Clone, Copy)]
enum Back {
    Previous,
    Year,
}

fn rule_needs(plan: &crate::plan::Plan, compiled: &crate::compile::Compiled, rule: &Rule, needs: &mut HistoryNeeds) {
    let calendar = &compiled.calendar;
    let asked = asked(&rule.when);
    needs.datasets.extend(asked.datasets.iter().cloned());
    for period in &plan.periods {
        for (code, back) in &asked.indicators {
            let Some((_, ready)) = compiled.ready(code) else { continue };
            let Some(grain) = compiled.grain_of_input(&rule.grain, ready) else { continue };
            let Some(read) = read_period(calendar, period, ready.definition.period) else { continue };
            let year = asked.last_year.contains(code).then(|| calendar.last_year(&read)).flatten();
            let mut before = Some(read);
            for _ in 0..*back {
                before = before.and_then(|period| calendar.previous(&period));
                needs.values.extend(before.iter().map(|before| (code.clone(), grain.clone(), before.id.clone())));
            }
            needs.values.extend(year.map(|year| (code.clone(), grain.clone(), year.id)));
        }
        for (id, back) in &asked.rules {
            let mut before = Some(period.clone());
            for _ in 0..*back {
                before = before.and_then(|period| calendar.previous(&period));
                needs.firings.extend(before.iter().map(|before| (id.clone(), rule.grain.clone(), before.id.clone())));
            }
        }
    }
}

/// How many rules fired, by rule.
pub(crate) fn counts(firings: &[Firing]) -> BTreeMap<RuleId, u64> {
    let mut counts: BTreeMap<RuleId, u64> = BTreeMap::new();
    for firing in firings {
        *counts.entry(firing.rule.clone()).or_default() += 1;
    }
    counts
}
