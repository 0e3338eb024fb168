//! One indicator: its formula, measures, population, units and thresholds, each checked with its place.

use super::base::{self, Kinds};
use super::fault::{Cause, EngineFault, Place};
use super::measure::{From, Measured, Parser, RowMeasure, over_aggregate, over_conditions};
use super::{Compiled, Ready, dataset_of, grain_of_input, is_top};
use std::collections::BTreeSet;
use zhengai_model::expr::Expr;
use zhengai_model::fault::Explain;
use zhengai_model::ids::{IndicatorCode, MeasureName, ObjectKind};
use zhengai_model::indicator::{Indicator, Measure};
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Definitions, Subject};
use zhengai_model::period::Calendar;
use zhengai_model::threshold::check_thresholds;
use zhengai_model::unit::{self, Unit, Units};

/// The result table holds so many digits after the point.
pub(crate) const MOST_DECIMALS: u8 = 10;

/// What compiling one indicator looks at.
pub(super) struct Context<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) calendar: &'a Calendar,
    pub(super) kinds: &'a Kinds,
    pub(super) parser: &'a Parser,
    /// Indicators compiled so far: all inputs are among them, unless they are at fault.
    pub(super) done: &'a Compiled,
}

impl Context<'_> {
    /// A layer that the indicator's pack says it reads and whose pack is not there: what is unknown may be its.
    fn absent_layer(&self, indicator: &Indicator) -> Option<Layer> {
        self.definitions.absent_layer(&Subject::Indicator(indicator.code.to_string()))
    }
}

/// Compiles, or tells every fault of the indicator.
pub(super) fn compile(
    context: &Context<'_>,
    indicator: &Indicator,
    value: Expr,
    hash: String,
) -> Result<Ready, Vec<EngineFault>> {
    let code = &indicator.code;
    let mut faults = Vec::new();
    let mut ready = Ready {
        definition: indicator.clone(),
        hash,
        measures: Vec::with_capacity(indicator.measures.len()),
        applies: None,
        datasets: BTreeSet::new(),
        inputs: BTreeSet::new(),
        missing: None,
        value,
    };
    if indicator.decimals > MOST_DECIMALS {
        faults.push(EngineFault::new(code, Place::Definition, Cause::Decimals(indicator.decimals)));
    }
    if context.absent_layer(indicator).is_some() {
        // Objects of a layer that is not installed do not exist, nor does the way to them.
        let described = context.definitions.object_kinds();
        let grain = indicator.grain.clone();
        let there =
            |kind: &ObjectKind| is_top(kind) || (described.contains_key(kind) && context.kinds.reaches(&grain, kind));
        ready.definition.also.retain(there);
    }
    let indicator = &ready.definition.clone();
    check_names(context, &mut ready, &mut faults);
    check_grains(context, &mut ready, &mut faults);
    for (name, definition) in &indicator.measures {
        match measure(context, indicator, name, definition) {
            Ok(measured) => ready.measures.push(measured),
            Err(fault) => match (&fault.cause, context.absent_layer(indicator)) {
                (cause, Some(layer)) if cause.may_be_of_an_absent_layer() => {
                    ready.measures.push(Measured {
                        name: name.clone(),
                        absent: definition.absent,
                        unit: None,
                        from: From::Off,
                    });
                    ready.missing = Some(layer);
                }
                _ => faults.push(fault),
            },
        }
    }
    applies(context, &mut ready, &mut faults);
    collect_reads(context, &mut ready);
    if faults.is_empty() && ready.missing.is_none() {
        check_units(context, &ready, &mut faults);
    }
    check_values(context, indicator, &mut faults);
    if faults.is_empty() { Ok(ready) } else { Err(faults) }
}

/// Every measure and indicator that the formula names exists.
fn check_names(context: &Context<'_>, ready: &mut Ready, faults: &mut Vec<EngineFault>) {
    let indicator = &ready.definition;
    let find =
        |word: &str| indicator.value.find(word).and_then(|byte| Some(indicator.value.get(..byte)?.chars().count() + 1));
    let mut missing = None;
    for name in ready.value.measures() {
        if !indicator.measures.contains_key(&name) {
            let position = find(name.as_str());
            faults.push(EngineFault::new(&indicator.code, Place::Value, Cause::UnknownMeasure(name)).at(position));
        }
    }
    let counts = indicator.min_n.iter().map(|minimum| &minimum.measure).chain(&indicator.active);
    for name in counts.filter(|name| !indicator.measures.contains_key(*name)) {
        let cause = Cause::UnknownMeasure(name.clone());
        faults.push(EngineFault::new(&indicator.code, Place::Definition, cause));
    }
    let (now, previous, last_year) = ready.value.indicators();
    for input in now.into_iter().chain(previous).chain(last_year) {
        let Some(definition) = context.definitions.indicators.get(&input) else {
            match context.absent_layer(indicator) {
                Some(layer) => missing = Some(layer),
                None => {
                    let position = find(input.as_str());
                    let cause = Cause::UnknownIndicator(input);
                    faults.push(EngineFault::new(&indicator.code, Place::Value, cause).at(position));
                }
            }
            continue;
        };
        // A year cannot be told from one of its terms; the other way round the year in force is read.
        if context.calendar.declares(indicator.period, definition.period) && indicator.period != definition.period {
            let cause = Cause::PeriodOfInput { indicator: input.clone(), kind: definition.period };
            faults.push(EngineFault::new(&indicator.code, Place::Value, cause).at(find(input.as_str())));
        }
        for grain in std::iter::once(&indicator.grain).chain(&indicator.also) {
            if grain_of_input(context.kinds, grain, definition).is_none() {
                if let Some(layer) = context.absent_layer(indicator) {
                    missing = Some(layer);
                    continue;
                }
                let cause = Cause::GrainOfInput { indicator: input.clone(), kind: grain.clone() };
                faults.push(EngineFault::new(&indicator.code, Place::Value, cause).at(find(input.as_str())));
            }
        }
    }
    ready.missing = missing;
}

/// Some dataset describes the objects of every grain.
fn check_grains(context: &Context<'_>, ready: &mut Ready, faults: &mut Vec<EngineFault>) {
    let indicator = &ready.definition;
    let described = context.definitions.object_kinds();
    let mut missing = None;
    for grain in std::iter::once(&indicator.grain).chain(&indicator.also) {
        if !described.contains_key(grain) && !is_top(grain) {
            match context.absent_layer(indicator) {
                Some(layer) => missing = Some(layer),
                None => {
                    faults.push(EngineFault::new(&indicator.code, Place::Definition, Cause::NoMaster(grain.clone())));
                }
            }
        }
    }
    ready.missing = ready.missing.or(missing);
}

fn measure(
    context: &Context<'_>,
    indicator: &Indicator,
    name: &MeasureName,
    definition: &Measure,
) -> Result<Measured, EngineFault> {
    let fault = |place: Place, (cause, position): (Cause, Option<usize>)| {
        EngineFault::new(&indicator.code, place, cause).at(position)
    };
    let aggregate = || Place::Aggregate(name.clone());
    let filter = || Place::Filter(name.clone());
    match (&definition.dataset, &definition.over) {
        (Some(id), None) => {
            let dataset = context
                .definitions
                .dataset(id)
                .ok_or_else(|| fault(aggregate(), (Cause::UnknownDataset(id.clone()), None)))?;
            let (agg, agg_sql, unit) =
                context.parser.aggregate(&definition.agg, dataset).map_err(|found| fault(aggregate(), found))?;
            let condition = definition
                .filter
                .as_ref()
                .map(|text| context.parser.condition(text, dataset))
                .transpose()
                .map_err(|found| fault(filter(), found))?;
            let grains: Vec<ObjectKind> = std::iter::once(&indicator.grain).chain(&indicator.also).cloned().collect();
            let base = base::choose(context.kinds, dataset, definition.by.as_ref(), &grains)
                .map_err(|cause| fault(aggregate(), (cause, None)))?;
            let measure = RowMeasure { agg, agg_sql, filter: condition };
            let from = From::Rows { dataset: id.clone(), base, timing: indicator.time, measure };
            Ok(Measured { name: name.clone(), absent: definition.absent, unit, from })
        }
        (None, Some(input)) => over(context, indicator, name, definition, input),
        _ => Err(fault(aggregate(), (Cause::DatasetOrOver, None))),
    }
}

fn over(
    context: &Context<'_>,
    indicator: &Indicator,
    name: &MeasureName,
    definition: &Measure,
    input: &IndicatorCode,
) -> Result<Measured, EngineFault> {
    let fault = |place: Place, cause: Cause| EngineFault::new(&indicator.code, place, cause);
    let unknown = || fault(Place::Aggregate(name.clone()), Cause::UnknownIndicator(input.clone()));
    let read = context.definitions.indicator(input).ok_or_else(unknown)?;
    let (at, _) = context.done.ready(input).ok_or_else(unknown)?;
    let kind = definition.over_grain.clone().unwrap_or_else(|| read.grain.clone());
    let computed = kind == read.grain || read.also.contains(&kind);
    let below = std::iter::once(&indicator.grain)
        .chain(&indicator.also)
        .all(|grain| grain != &kind && context.kinds.reaches(&kind, grain));
    if !computed || !below {
        let cause = Cause::GrainOfInput { indicator: input.clone(), kind };
        return Err(fault(Place::Aggregate(name.clone()), cause));
    }
    if read.period != indicator.period {
        let cause = Cause::PeriodOfInput { indicator: input.clone(), kind: read.period };
        return Err(fault(Place::Aggregate(name.clone()), cause));
    }
    let agg = over_aggregate(&definition.agg)
        .ok_or_else(|| fault(Place::Aggregate(name.clone()), Cause::Over { text: definition.agg.clone() }))?;
    let conditions = match &definition.filter {
        None => Vec::new(),
        Some(text) => over_conditions(text)
            .ok_or_else(|| fault(Place::Filter(name.clone()), Cause::Over { text: text.clone() }))?,
    };
    let unit = agg.can_be_null().then(|| read.unit.clone());
    Ok(Measured {
        name: name.clone(),
        absent: definition.absent,
        unit,
        from: From::Over { indicator: at, kind, agg, conditions },
    })
}

/// The population: SQL over the master of the grain.
fn applies(context: &Context<'_>, ready: &mut Ready, faults: &mut Vec<EngineFault>) {
    let Some(text) = &ready.definition.applies else { return };
    let kinds = context.definitions.object_kinds();
    let Some((master, _)) = kinds.get(&ready.definition.grain) else { return };
    match context.parser.condition(text, master) {
        Ok(canonical) => {
            ready.applies = Some(canonical);
            ready.datasets.insert(master.id.clone());
        }
        Err((cause, position)) => {
            faults.push(EngineFault::new(&ready.definition.code, Place::Applies, cause).at(position));
        }
    }
}

/// What it reads, directly and through others.
fn collect_reads(context: &Context<'_>, ready: &mut Ready) {
    let (now, previous, last_year) = ready.value.indicators();
    let mut direct: BTreeSet<IndicatorCode> = now.into_iter().chain(previous).chain(last_year).collect();
    direct.extend(ready.definition.measures.values().filter_map(|measure| measure.over.clone()));
    ready.datasets.extend(ready.measures.iter().filter_map(dataset_of).cloned());
    for code in &direct {
        if let Some((_, input)) = context.done.ready(code) {
            ready.datasets.extend(input.datasets.iter().cloned());
            ready.inputs.extend(input.inputs.iter().cloned());
            ready.missing = ready.missing.or(input.missing);
        }
    }
    ready.inputs.extend(direct);
}

fn check_units(context: &Context<'_>, ready: &Ready, faults: &mut Vec<EngineFault>) {
    let units = KnownUnits { context, ready };
    if let Err(fault) = unit::check_units(&ready.value, &units, &ready.definition.unit) {
        faults.push(EngineFault::new(&ready.definition.code, Place::Value, Cause::Units(fault.message())));
    }
}

/// Units of measures and indicators as far as they are declared.
struct KnownUnits<'a> {
    context: &'a Context<'a>,
    ready: &'a Ready,
}

impl Units for KnownUnits<'_> {
    fn measure(&self, name: &MeasureName) -> Unit {
        let Some(measured) = self.ready.measures.iter().find(|measured| &measured.name == name) else {
            return Unit::Unknown;
        };
        match (&measured.from, &measured.unit) {
            (From::Rows { measure, .. }, _) if !measure.agg.can_be_null() => Unit::Count,
            (From::Over { agg, .. }, _) if !agg.can_be_null() => Unit::Count,
            (_, Some(unit)) => Unit::Known(unit.clone()),
            (_, None) => Unit::Unknown,
        }
    }

    fn indicator(&self, code: &IndicatorCode) -> Unit {
        self.context.definitions.indicator(code).map_or(Unit::Unknown, |input| Unit::Known(input.unit.clone()))
    }
}

/// 目标 标准 预警 do not contradict each other, on any day on which one of them begins to hold.
fn check_values(context: &Context<'_>, indicator: &Indicator, faults: &mut Vec<EngineFault>) {
    let thresholds = context.definitions.thresholds_of(&indicator.code);
    let mut days: BTreeSet<_> = thresholds.iter().filter_map(|threshold| threshold.from).collect();
    days.insert(chrono::NaiveDate::MIN);
    let mut told = Vec::new();
    for day in days {
        for contradiction in check_thresholds(indicator, &thresholds, day) {
            let message = contradiction.message();
            if !told.contains(&message) {
                told.push(message);
            }
        }
    }
    for message in told {
        faults.push(EngineFault::new(&indicator.code, Place::Thresholds, Cause::Contradiction(message)));
    }
}
