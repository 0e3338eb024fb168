//! The result table: one row for each indicator, grain, object and period. No time stamps, no floats, one order.

use crate::compile::{Compiled, Ready};
use crate::diagnosis::{Counts, DataGap, Finding, GapReason};
use crate::error::EngineError;
use crate::evaluate::{Cell, Judged, Values};
use crate::objects::{Cast, Objects};
use crate::plan::Plan;
use arrow::array::{
    ArrayRef, BooleanArray, BooleanBuilder, Decimal128Array, Decimal128Builder, Int16Builder, Int64Builder,
    RecordBatch, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use zhengai_model::ids::{ObjectKind, RunId};
use zhengai_model::period::Period;
use zhengai_model::threshold::Threshold;
use zhengai_model::value::{Gap, NotApplicable, Value};
use zhengai_model::verdict::Attainment;

/// Digits of the `value` column.
const PRECISION: u8 = 38;
/// Digits after the point of the `value` column; the `decimals` column says how many of them count.
const SCALE: i8 = 10;
/// Rows of one batch.
const ROWS: usize = 65_536;

/// The schema of results.
pub fn result_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    Arc::new(Schema::new(vec![
        text("run"),
        text("layer"),
        text("indicator"),
        text("version"),
        text("grain"),
        text("object"),
        text("object_name"),
        text("period"),
        text("state"),
        text("gap"),
        Field::new("value", DataType::Decimal128(PRECISION, SCALE), true),
        Field::new("decimals", DataType::Int16, true),
        Field::new("n", DataType::Int64, true),
        text("measures"),
        text("target"),
        text("standard"),
        text("warning"),
        text("threshold_scope"),
        text("threshold_source"),
        Field::new("verified", DataType::Boolean, true),
        text("attainment"),
        text("level"),
    ]))
}

/// The word of an attainment as results store it.
pub fn attainment_word(attainment: Attainment) -> &'static str {
    match attainment {
        Attainment::Achieved => "achieved",
        Attainment::Met => "met",
        Attainment::Unmet => "unmet",
        Attainment::Undetermined => "undetermined",
        Attainment::NotApplicable => "not-applicable",
        Attainment::NotDue => "not-due",
        Attainment::Unjudged => "unjudged",
    }
}

/// What is written beside the rows.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) batches: Vec<RecordBatch>,
    pub(crate) counts: Counts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: BTreeSet<DataGap>,
}

/// What writing looks at.
pub(crate) struct Writing<'a> {
    pub(crate) run: &'a RunId,
    pub(crate) compiled: &'a Compiled,
    pub(crate) plan: &'a Plan,
    pub(crate) cast: &'a Cast,
    pub(crate) values: &'a Values,
}

/// Writes all results in their order: layer, indicator, grain, object, period.
pub(crate) fn write(writing: &Writing<'_>) -> Result<Outcome, EngineError> {
    let mut outcome = Outcome::default();
    let mut builder = Builder::default();
    for ((ready, grain), columns) in groups(writing) {
        let nobody = Objects::default();
        let objects = writing.cast.get(grain).unwrap_or(&nobody);
        for object in 0..objects.len() {
            for (period, judged) in &columns {
                let Some(cell) = judged.cells.get(object).and_then(Option::as_ref) else { continue };
                let row = Row { run: writing.run, ready, grain, period, judged, objects, object, cell };
                row.count(&mut outcome);
                builder.push(&row)?;
                if builder.rows == ROWS {
                    outcome.batches.push(std::mem::take(&mut builder).finish()?);
                }
            }
        }
        for (period, judged) in &columns {
            count_gaps(ready, grain, period, judged, &mut outcome.gaps);
        }
    }
    if builder.rows > 0 || outcome.batches.is_empty() {
        outcome.batches.push(builder.finish()?);
    }
    Ok(outcome)
}

type Group<'a> = ((&'a Ready, &'a ObjectKind), Vec<(&'a Period, &'a Judged)>);

/// Columns of one indicator and grain, all periods, in the order of results.
fn groups<'a>(writing: &'a Writing<'_>) -> Vec<Group<'a>> {
    let mut found: BTreeMap<(&str, &str, &str), Group<'a>> = BTreeMap::new();
    for ((step, grain), judged) in &writing.values.columns {
        let (Some(ready), Some(period)) =
            (writing.compiled.indicators.get(step.indicator), writing.plan.periods.get(step.period))
        else {
            continue;
        };
        if writing.plan.results.contains(step) {
            let key = (ready.definition.layer.as_str(), ready.definition.code.as_str(), grain.as_str());
            found.entry(key).or_insert(((ready, grain), Vec::new())).1.push((period, judged));
        }
    }
    let mut groups: Vec<Group<'a>> = found.into_values().collect();
    for (_, columns) in &mut groups {
        columns.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    }
    groups
}

/// One row to be.
struct Row<'a> {
    run: &'a RunId,
    ready: &'a Ready,
    grain: &'a ObjectKind,
    period: &'a Period,
    judged: &'a Judged,
    objects: &'a Objects,
    object: usize,
    cell: &'a Cell,
}

impl Row<'_> {
    fn count(&self, outcome: &mut Outcome) {
        let (definition, attainment) = (&self.ready.definition, self.cell.attainment);
        let counts = &mut outcome.counts;
        counts.results += 1;
        *counts.attainment.entry(attainment).or_default() += 1;
        *counts.layers.entry(definition.layer).or_default().entry(attainment).or_default() += 1;
        if !counts.indicators.contains_key(&definition.code) {
            counts.indicators.insert(definition.code.clone(), BTreeMap::new());
        }
        if let Some(by_grain) = counts.indicators.get_mut(&definition.code) {
            if !by_grain.contains_key(self.grain) {
                by_grain.insert(self.grain.clone(), BTreeMap::new());
            }
            if let Some(by_attainment) = by_grain.get_mut(self.grain) {
                *by_attainment.entry(attainment).or_default() += 1;
            }
        }
        if let Some(level) = &self.cell.warning {
            match counts.warnings.get_mut(level) {
                Some(count) => *count += 1,
                None => {
                    counts.warnings.insert(level.clone(), 1);
                }
            }
        }
        if let (Attainment::Unmet, Some(value)) = (attainment, self.cell.value.number()) {
            outcome.findings.extend(self.finding(value));
        }
    }

    fn finding(&self, value: Decimal) -> Option<Finding> {
        let judging = self.judged.choices.set(self.judged.choices.of(self.object))?;
        Some(Finding {
            layer: self.ready.definition.layer,
            indicator: self.ready.definition.code.clone(),
            kind: self.grain.clone(),
            object: self.objects.ids.get(self.object)?.clone(),
            object_name: self.objects.names.get(self.object)?.clone(),
            period: self.period.id.clone(),
            value,
            standard: judging.standard.or(judging.target)?.to_string(),
            level: self.cell.warning.clone(),
        })
    }

    /// The threshold that decided: the standard, else the target, else the first warning value.
    fn deciding(&self) -> Option<&Threshold> {
        let choices = &self.judged.choices;
        let chosen = &choices.set(choices.of(self.object))?.chosen;
        let position = chosen.standard.or(chosen.target).or_else(|| chosen.warnings.first().copied())?;
        choices.thresholds.get(position)
    }

    fn measures(&self) -> String {
        let mut text = String::from("{");
        for (position, used) in self.judged.measures.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            // Names have no letters that JSON escapes; writing to a String cannot fail.
            let _ = match used.read(self.object) {
                Ok(exact) => write!(text, "{comma}\"{}\":\"{exact}\"", used.name),
                Err(_) => write!(text, "{comma}\"{}\":null", used.name),
            };
        }
        text.push('}');
        text
    }
}

/// The word for a gap or a reason why an indicator does not apply, with what it names after a colon.
pub(crate) fn gap_word(value: &Value) -> Option<String> {
    match value {
        Value::Number(_) | Value::NotDue => None,
        Value::Undetermined(gap) => Some(match gap {
            Gap::NoData { measure } => format!("no-data:{measure}"),
            Gap::Input { indicator } => format!("input:{indicator}"),
            Gap::ZeroDenominator => "zero-denominator".to_owned(),
            Gap::BelowMinimum { n, minimum } => format!("below-minimum:{n}<{minimum}"),
            Gap::Overflow => "overflow".to_owned(),
        }),
        Value::NotApplicable(why) => Some(match why {
            NotApplicable::Population => "population".to_owned(),
            NotApplicable::LayerDisabled { layer } => format!("layer-disabled:{layer}"),
            NotApplicable::Closed => "closed".to_owned(),
            NotApplicable::Idle { measure } => format!("idle:{measure}"),
        }),
    }
}

#[derive(Default)]
struct Builder {
    rows: usize,
    /// Text columns in the order of the schema.
    texts: [StringBuilder; 18],
    values: Vec<Option<i128>>,
    decimals: Int16Builder,
    n: Int64Builder,
    verified: BooleanBuilder,
}

impl Builder {
    fn push(&mut self, row: &Row<'_>) -> Result<(), EngineError> {
        let definition = &row.ready.definition;
        let judging = row.judged.choices.set(row.judged.choices.of(row.object));
        let deciding = row.deciding();
        let object = row.objects.ids.get(row.object).map_or("", |id| id.as_str());
        let warnings = judging.map(|judging| {
            let all: Vec<String> = judging.warnings.iter().map(|(when, _)| when.to_string()).collect();
            all.join("; ")
        });
        let gap = gap_word(&row.cell.value);
        let target = judging.and_then(|judging| judging.target).map(|when| when.to_string());
        let standard = judging.and_then(|judging| judging.standard).map(|when| when.to_string());
        let scope = deciding.map(|threshold| threshold.scope.to_string());
        let measures = row.measures();
        let texts: [Option<&str>; 18] = [
            Some(row.run.as_str()),
            Some(definition.layer.as_str()),
            Some(definition.code.as_str()),
            Some(row.ready.hash.as_str()),
            Some(row.grain.as_str()),
            Some(object),
            row.objects.names.get(row.object).map(String::as_str),
            Some(row.period.id.as_str()),
            Some(row.cell.value.word()),
            gap.as_deref(),
            Some(measures.as_str()),
            target.as_deref(),
            standard.as_deref(),
            warnings.as_deref().filter(|text| !text.is_empty()),
            scope.as_deref(),
            deciding.map(|threshold| threshold.source.as_str()),
            Some(attainment_word(row.cell.attainment)),
            row.cell.warning.as_ref().map(|level| level.as_str()),
        ];
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_option(text);
        }
        let too_large = || EngineError::TooLarge {
            indicator: definition.code.clone(),
            object: row.objects.ids.get(row.object).cloned().unwrap_or_else(crate::objects::nameless),
        };
        self.values.push(row.cell.value.number().map(|number| unscaled(number).ok_or_else(too_large)).transpose()?);
        self.decimals.append_value(i16::from(definition.decimals));
        self.n.append_option(row.cell.n.and_then(|n| i64::try_from(n).ok()));
        self.verified.append_option(deciding.map(|threshold| threshold.verified));
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<RecordBatch, EngineError> {
        let mut values = Decimal128Builder::with_capacity(self.values.len());
        for value in &self.values {
            values.append_option(*value);
        }
        let values: Decimal128Array =
            values.finish().with_precision_and_scale(PRECISION, SCALE).map_err(EngineError::shape)?;
        let verified: BooleanArray = self.verified.finish();
        let mut texts = self.texts.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef);
        let mut columns: Vec<ArrayRef> = texts.by_ref().take(10).collect();
        columns.push(Arc::new(values));
        columns.push(Arc::new(self.decimals.finish()));
        columns.push(Arc::new(self.n.finish()));
        columns.extend(texts.by_ref().take(6));
        columns.push(Arc::new(verified));
        columns.extend(texts);
        RecordBatch::try_new(result_schema(), columns).map_err(EngineError::shape)
    }
}

/// The number in units of the column's last digit.
fn unscaled(number: Decimal) -> Option<i128> {
    let digits = u32::try_from(SCALE).ok()?.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.checked_pow(digits)?)
}

fn count_gaps(ready: &Ready, grain: &ObjectKind, period: &Period, judged: &Judged, gaps: &mut BTreeSet<DataGap>) {
    let mut counts: BTreeMap<GapReason, u64> = BTreeMap::new();
    for cell in judged.cells.iter().flatten() {
        if let Value::Undetermined(gap) = &cell.value {
            *counts.entry(GapReason::from(gap)).or_default() += 1;
        }
    }
    gaps.extend(counts.into_iter().map(|(reason, objects)| DataGap::Undetermined {
        indicator: ready.definition.code.clone(),
        kind: grain.clone(),
        period: period.id.clone(),
        reason,
        objects,
    }));
}
