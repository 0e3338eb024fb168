//! Values: formula → rounding → verdict, a whole column of objects at a time. What is printed is what was judged.

use crate::compile::measure::{From, Measured, all_hold};
use crate::compile::{Ready, is_top};
use crate::error::EngineError;
use crate::gather::{Columns, World};
use crate::judge::{Choices, Setting, verdict};
use crate::objects::{NOBODY, Objects};
use crate::plan::{Plan, Step, read_period};
use crate::request::{CancelFlag, History, Met, Progress, ProgressFn, Stage};
use crate::scan::rollup::{Column, Part};
use crate::scan::time::last_day;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use zhengai_model::exact::{Exact, round_half_up};
use zhengai_model::expr::{Inputs, When};
use zhengai_model::ids::{IndicatorCode, LevelId, MeasureName, ObjectId, ObjectKind};
use zhengai_model::indicator::Absent;
use zhengai_model::period::Period;
use zhengai_model::value::{Gap, NotApplicable, Value};
use zhengai_model::verdict::Attainment;

/// The value of one object, judged.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) value: Value,
    /// Before rounding.
    pub(crate) exact: Option<Exact>,
    /// Cases, when the indicator names a measure that counts them.
    pub(crate) n: Option<u64>,
    pub(crate) attainment: Attainment,
    pub(crate) warning: Option<LevelId>,
}

/// All values of one indicator for one grain and period.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) step: Step,
    pub(crate) grain: ObjectKind,
    /// By object of the kind; `None` for objects that did not live in the period.
    pub(crate) cells: Vec<Option<Cell>>,
    /// Measures behind the values, in the order of the definition.
    pub(crate) measures: Vec<Used>,
    pub(crate) choices: Choices,
}

/// A measure column as an indicator uses it.
#[derive(Debug, Clone)]
pub(crate) struct Used {
    pub(crate) name: MeasureName,
    pub(crate) absent: Absent,
    pub(crate) column: Arc<Column>,
}

impl Used {
    /// The measure for an object.
    pub(crate) fn read(&self, object: usize) -> Result<Exact, Gap> {
        self.column.read(object, self.absent, &self.name)
    }
}

/// Values of earlier periods, by object number.
type Earlier = HashMap<(IndicatorCode, When), Option<Vec<Option<Value>>>>;

/// Everything evaluated, by step and grain.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub(crate) columns: BTreeMap<(Step, ObjectKind), Judged>,
    /// What was met on the way.
    pub(crate) met: Met,
}

impl Values {
    /// The values of an indicator for a grain and period.
    pub(crate) fn get(&self, indicator: usize, period: usize, grain: &ObjectKind) -> Option<&Judged> {
        self.columns.get(&(Step { indicator, period }, grain.clone()))
    }
}

/// What evaluation is handed besides the world.
pub(crate) struct Evaluation<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) columns: &'a Columns,
    pub(crate) history: &'a dyn History,
}

/// Evaluates all steps in their order.
pub(crate) fn evaluate(
    evaluation: &Evaluation<'_>,
    progress: ProgressFn<'_>,
    cancel: &CancelFlag,
) -> Result<Values, EngineError> {
    let mut values = Values { met: evaluation.columns.met(), ..Values::default() };
    let total = evaluation.plan.steps.len();
    for (done, step) in evaluation.plan.steps.iter().enumerate() {
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        progress(Progress { stage: Stage::Evaluate, done, total, met: values.met });
        let (Some(ready), Some(period)) =
            (evaluation.world.compiled.indicators.get(step.indicator), evaluation.plan.periods.get(step.period))
        else {
            continue;
        };
        for grain in ready.grains() {
            let judged = column(evaluation, &values, *step, (ready, period), grain);
            let cells = judged.cells.iter().flatten();
            let (all, open) = cells.fold((0, 0), |(all, open), cell| {
                (all + 1, open + u64::from(matches!(cell.value, Value::Undetermined(_))))
            });
            values.met.values += all;
            values.met.undetermined += open;
            values.columns.insert((*step, grain.clone()), judged);
        }
    }
    progress(Progress { stage: Stage::Evaluate, done: total, total, met: values.met });
    Ok(values)
}

fn column(
    evaluation: &Evaluation<'_>,
    values: &Values,
    step: Step,
    (ready, period): (&Ready, &Period),
    grain: &ObjectKind,
) -> Judged {
    let world = evaluation.world;
    let definitions = &world.compiled.definitions;
    let nobody = Objects::default();
    let objects = world.cast.get(grain).unwrap_or(&nobody);
    let thresholds =
        if ready.definition.quantity { Vec::new() } else { definitions.thresholds_of(&ready.definition.code) };
    let setting = Setting {
        cast: world.cast,
        places: world.places,
        levels: &definitions.levels,
        view: world.view,
        today: world.today,
    };
    let choices = Choices::make(thresholds, grain, last_day(period), &setting);
    let off = world.off_at(ready, grain);
    let due = period.is_over(world.today);
    let measures = if off.is_some() || !due {
        Vec::new()
    } else {
        ready.measures.iter().map(|measured| used(evaluation, values, ready, measured, step, grain)).collect()
    };
    let others =
        if off.is_some() || !due { Others::default() } else { others(evaluation, values, ready, period, grain) };
    let applies = ready
        .applies
        .as_ref()
        .filter(|_| *grain == ready.definition.grain)
        .and_then(|sql| world.populations.get(&(grain.clone(), sql.clone())));
    let minimum = ready.definition.min_n.as_ref();
    let cells = (0..objects.len())
        .map(|object| {
            if !objects.lives_in(object, period) {
                return None;
            }
            let applies = applies.is_none_or(|applies| applies.get(object).copied().unwrap_or(false));
            let mut n = None;
            let mut exact = None;
            let value = if let Some(layer) = off {
                Value::NotApplicable(NotApplicable::LayerDisabled { layer })
            } else if !applies {
                Value::NotApplicable(NotApplicable::Population)
            } else if !due {
                Value::NotDue
            } else {
                let inputs = Row { measures: &measures, others: &others, object };
                let cases = minimum.map(|minimum| (inputs.measure(&minimum.measure), minimum.at_least));
                n = cases.as_ref().and_then(|(cases, _)| whole(cases.as_ref().ok()?));
                match compute(ready, &inputs, cases) {
                    Ok((number, rounded)) => {
                        exact = Some(number);
                        Value::Number(rounded)
                    }
                    Err(gap) => idle(ready, &inputs, &gap).map_or(Value::Undetermined(gap), Value::NotApplicable),
                }
            };
            let (attainment, warning) = match choices.set(choices.of(object)) {
                Some(judging) => verdict(&value, judging, &definitions.levels),
                None => (Attainment::Unjudged, None),
            };
            Some(Cell { value, exact, n, attainment, warning })
        })
        .collect();
    Judged { step, grain: grain.clone(), cells, measures, choices }
}

/// Why there is nothing to compute, when nothing took place in the period: a true zero, not missing rows.
fn idle(ready: &Ready, inputs: &Row<'_>, gap: &Gap) -> Option<NotApplicable> {
    let measure = ready.definition.active.as_ref().filter(|_| gap.is_empty())?;
    let count = inputs.measure(measure).ok()?;
    count.is_zero().then(|| NotApplicable::Idle { measure: measure.clone() })
}

fn whole(exact: &Exact) -> Option<u64> {
    (exact.denominator() == 1).then(|| u64::try_from(exact.numerator()).ok()).flatten()
}

/// The exact value and the rounded one.
fn compute(ready: &Ready, inputs: &Row<'_>, cases: Option<(Result<Exact, Gap>, u64)>) -> Result<(Exact, Decimal), Gap> {
    if let Some((cases, minimum)) = cases {
        let cases = cases?;
        if cases < Exact::from(minimum) {
            return Err(Gap::BelowMinimum { n: whole(&cases).unwrap_or(0), minimum });
        }
    }
    let exact = ready.value.eval(inputs)?;
    let rounded = round_half_up(exact, u32::from(ready.definition.decimals)).ok_or(Gap::Overflow)?;
    Ok((exact, rounded))
}

fn used(
    evaluation: &Evaluation<'_>,
    values: &Values,
    ready: &Ready,
    measured: &Measured,
    step: Step,
    grain: &ObjectKind,
) -> Used {
    let column = match &measured.from {
        From::Rows { .. } => evaluation.columns.get(ready, measured, step.period, grain).unwrap_or_default(),
        From::Over { indicator, kind, .. } => {
            let below = values.get(*indicator, step.period, kind);
            below.map(|below| Arc::new(over(evaluation, below, measured, step, grain))).unwrap_or_default()
        }
        From::Off => Arc::default(),
    };
    Used { name: measured.name.clone(), absent: measured.absent, column }
}

/// Aggregates printed values of children: they are numbers of their own right, such as a count of students below 60.
fn over(evaluation: &Evaluation<'_>, below: &Judged, measured: &Measured, step: Step, grain: &ObjectKind) -> Column {
    let From::Over { agg, conditions, kind, .. } = &measured.from else { return Column::default() };
    let world = evaluation.world;
    let size = world.cast.get(grain).map_or(0, Objects::len);
    let scale = world
        .compiled
        .indicators
        .get(below.step.indicator)
        .map_or(0, |input| if agg.can_be_null() { input.definition.decimals } else { 0 });
    let mut column = Column { scale, cells: vec![Part::Absent; size], any_rows: false };
    let Some(period) = evaluation.plan.periods.get(step.period) else { return column };
    let day = world.view.day(last_day(period), world.today);
    let places = world.places.parents(world.cast, kind, grain, day);
    for (cell, place) in below.cells.iter().zip(places.iter()).filter(|(_, place)| **place != NOBODY) {
        let Some(number) = cell.as_ref().and_then(|cell| cell.value.number()) else { continue };
        column.any_rows = true;
        let Some(target) = usize::try_from(*place).ok().and_then(|place| column.cells.get_mut(place)) else { continue };
        let holds = all_hold(conditions, number);
        let part = match (agg.can_be_null(), holds) {
            (false, holds) => Part::Number(i128::from(holds)),
            (true, false) => Part::NoMatch,
            (true, true) => unscaled(number, scale),
        };
        *target = target.merge(part, *agg);
    }
    column
}

fn unscaled(number: Decimal, scale: u8) -> Part {
    let digits = u32::from(scale);
    match number.scale() <= digits {
        true => 10_i128
            .checked_pow(digits - number.scale())
            .and_then(|factor| number.mantissa().checked_mul(factor))
            .map_or(Part::Overflow, Part::Number),
        false => Part::Overflow,
    }
}

/// One indicator that a formula reads: its values, and for each object of the reader the place in them, where the grains differ.
type Other<'a> = (IndicatorCode, Option<&'a Judged>, Option<Arc<Vec<u32>>>);

/// Columns of other indicators that a formula reads, already looked up.
#[derive(Default)]
struct Others<'a> {
    now: Vec<Other<'a>>,
    earlier: Earlier,
}

fn others<'a>(
    evaluation: &Evaluation<'_>,
    values: &'a Values,
    ready: &Ready,
    period: &Period,
    grain: &ObjectKind,
) -> Others<'a> {
    let world = evaluation.world;
    let calendar = &world.compiled.calendar;
    let (now, previous, last_year) = ready.value.indicators();
    let mut found = Others::default();
    for code in now {
        let input = world.compiled.ready(&code).and_then(|(at, input)| {
            let other = world.compiled.grain_of_input(grain, input)?;
            let read = read_period(calendar, period, input.definition.period)?;
            let position = evaluation.plan.periods.iter().position(|known| *known == read)?;
            let day = world.view.day(last_day(period), world.today);
            let places = (other != grain).then(|| world.places.parents(world.cast, grain, other, day));
            Some((values.get(at, position, other)?, places))
        });
        match input {
            Some((judged, places)) => found.now.push((code, Some(judged), places)),
            None => found.now.push((code, None, None)),
        }
    }
    let pairs = previous.into_iter().map(|code| (code, When::Previous));
    for (code, when) in pairs.chain(last_year.into_iter().map(|code| (code, When::LastYear))) {
        let column = world.compiled.ready(&code).and_then(|(_, input)| {
            let other = world.compiled.grain_of_input(grain, input)?;
            let read = read_period(calendar, period, input.definition.period)?;
            let before = match when {
                When::Previous => calendar.previous(&read)?,
                _ => calendar.last_year(&read)?,
            };
            let own = earlier(evaluation, values, &code, other, &before)?;
            if other == grain {
                return Some(own);
            }
            let day = world.view.day(last_day(period), world.today);
            let places = world.places.parents(world.cast, grain, other, day);
            let at = |place: &u32| own.get(usize::try_from(*place).ok()?).cloned().flatten();
            Some(places.iter().map(at).collect())
        });
        found.earlier.insert((code, when), column);
    }
    found
}

/// The values of an earlier period by object: of this very run where it covers that period, otherwise from history.
pub(crate) fn earlier(
    evaluation: &Evaluation<'_>,
    values: &Values,
    code: &IndicatorCode,
    kind: &ObjectKind,
    period: &Period,
) -> Option<Vec<Option<Value>>> {
    let world = evaluation.world;
    let own = evaluation
        .plan
        .periods
        .iter()
        .position(|known| known == period)
        .and_then(|position| values.get(world.compiled.ready(code)?.0, position, kind));
    if let Some(judged) = own {
        return Some(judged.cells.iter().map(|cell| cell.as_ref().map(|cell| cell.value.clone())).collect());
    }
    let stored: BTreeMap<ObjectId, Value> = evaluation.history.values(code, kind, &period.id)?;
    let objects = world.cast.get(kind)?;
    if is_top(kind) && stored.len() == 1 && objects.len() == 1 {
        return Some(vec![stored.into_values().next()]);
    }
    Some(objects.ids.iter().map(|id| stored.get(id).cloned()).collect())
}

/// The inputs of a formula for one object.
struct Row<'a> {
    measures: &'a [Used],
    others: &'a Others<'a>,
    object: usize,
}

impl Inputs for Row<'_> {
    fn measure(&self, name: &MeasureName) -> Result<Exact, Gap> {
        match self.measures.iter().find(|measure| measure.name == *name) {
            Some(measure) => measure.read(self.object),
            None => Err(Gap::NoData { measure: name.clone() }),
        }
    }

    fn indicator(&self, code: &IndicatorCode, when: When) -> Result<Exact, Gap> {
        let gap = || Gap::Input { indicator: code.clone() };
        if when == When::Now {
            let (_, judged, places) = self.others.now.iter().find(|(known, _, _)| known == code).ok_or_else(gap)?;
            let object = match places {
                None => self.object,
                Some(places) => {
                    let place = places.get(self.object).copied().filter(|place| *place != NOBODY).ok_or_else(gap)?;
                    usize::try_from(place).map_err(|_| gap())?
                }
            };
            let cell = judged.and_then(|judged| judged.cells.get(object)?.as_ref());
            return cell.and_then(|cell| cell.exact).ok_or_else(gap);
        }
        let column = self.others.earlier.get(&(code.clone(), when)).and_then(Option::as_ref).ok_or_else(gap)?;
        let value = column.get(self.object).and_then(Option::as_ref).and_then(Value::number).ok_or_else(gap)?;
        Ok(Exact::from(value))
    }
}
