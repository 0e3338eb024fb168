//! From cells to values: one compiled reader per field, which turns a column of text into a column of the field's type and
//! notes for each row the first rule that it breaks.

mod date;
mod number;
mod words;

pub(crate) use number::Conversion;
pub(crate) use words::{folded, trimmed};

use crate::error::{Result, WarehouseError};
use crate::ingest::reject::{Faults, RowFault};
use crate::schema::{PRECISION, scale};
use arrow::array::{
    Array, ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringArray, StringBuilder,
    TimestampMicrosecondBuilder,
};
use chrono::{NaiveDate, NaiveDateTime};
use date::{DateFault, DateReader};
use number::NumberFault;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use words::CodeReader;
use zhengai_model::dataset::{Dataset, Field, FieldType};
use zhengai_model::mapping::FieldMapping;
use zhengai_model::text::Message;

/// How the cells of one field are read.
pub(crate) struct FieldReader {
    /// Header or, without a column, field name: what messages call the place.
    place: String,
    required: bool,
    default: Option<String>,
    replaced: HashMap<String, String>,
    kind: Kind,
}

enum Kind {
    Text,
    Integer { unit: Units, range: Range<i128> },
    Decimal { digits: u8, unit: Units, range: Range<i128> },
    Date { reader: DateReader, range: Range<NaiveDate> },
    DateTime { reader: DateReader, range: Range<NaiveDateTime> },
    Bool,
    Code(CodeReader),
}

/// Conversion of the column's unit, and of a percent sign in a cell where the field is a ratio.
#[derive(Clone, Copy)]
struct Units {
    column: Conversion,
    percent: Option<Conversion>,
}

struct Range<T> {
    low: Option<(T, String)>,
    high: Option<(T, String)>,
}

impl<T: PartialOrd> Range<T> {
    fn fault(&self, value: &T) -> Option<(&'static str, Message)> {
        if let Some((low, text)) = &self.low
            && value < low
        {
            return Some(("range.min", Message::new("warehouse-reject-range-min").with("limit", text)));
        }
        if let Some((high, text)) = &self.high
            && value > high
        {
            return Some(("range.max", Message::new("warehouse-reject-range-max").with("limit", text)));
        }
        None
    }
}

impl FieldReader {
    /// Compiles the reader of a field whose cells are in the unit that `conversion` starts from.
    pub(crate) fn new(
        dataset: &Dataset,
        field: &Field,
        place: String,
        mapping: Option<&FieldMapping>,
        conversion: Conversion,
    ) -> Result<Self> {
        let bad =
            |rule| WarehouseError::BadDefinition { dataset: dataset.id.clone(), field: field.name.to_string(), rule };
        let percent = field.unit.as_deref().and_then(|unit| Conversion::between("%", unit));
        let unit = Units { column: conversion, percent };
        let pattern = mapping.and_then(|mapping| mapping.date.as_deref());
        let reader = || {
            DateReader::new(pattern).ok_or_else(|| WarehouseError::MappingDate {
                field: field.name.clone(),
                pattern: pattern.unwrap_or_default().to_owned(),
            })
        };
        let numbers = |digits: u8| {
            range(field, |text| number::parse(text).and_then(|bound| bound.to_scale(digits, Conversion::SAME)).ok())
                .ok_or_else(|| bad("bound"))
        };
        let plain = DateReader::new(None).ok_or_else(|| bad("bound"))?;
        let kind = match field.kind {
            FieldType::Text => Kind::Text,
            FieldType::Bool => Kind::Bool,
            FieldType::Integer => Kind::Integer { unit, range: numbers(0)? },
            FieldType::Decimal | FieldType::Money => {
                Kind::Decimal { digits: scale(field), unit, range: numbers(scale(field))? }
            }
            FieldType::Date => Kind::Date {
                reader: reader()?,
                range: range(field, |text| plain.date(text).ok()).ok_or_else(|| bad("bound"))?,
            },
            FieldType::DateTime => Kind::DateTime {
                reader: reader()?,
                range: range(field, |text| plain.moment(text).ok()).ok_or_else(|| bad("bound"))?,
            },
            FieldType::Code => {
                let table = field.codes.as_ref().and_then(|name| dataset.code_tables.get(name));
                Kind::Code(CodeReader::new(table.ok_or_else(|| bad("codes"))?))
            }
        };
        let replaced = mapping.map(|mapping| &mapping.codes).into_iter().flatten();
        Ok(Self {
            place,
            required: field.required || dataset.key.contains(&field.name),
            default: mapping.and_then(|mapping| mapping.default.clone()),
            replaced: replaced.map(|(text, code)| (folded(text), code.clone())).collect(),
            kind,
        })
    }

    /// Header or field name, for messages.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The values of a column of cells; rows that break a rule are empty there and noted in `faults`.
    pub(crate) fn read(&self, cells: &StringArray, empty: &HashSet<String>, faults: &mut Faults) -> ArrayRef {
        match &self.kind {
            Kind::Text => {
                let mut out = StringBuilder::with_capacity(cells.len(), cells.value_data().len());
                self.each(cells, empty, faults, |text| {
                    out.append_option(text);
                    Ok(())
                });
                Arc::new(out.finish())
            }
            Kind::Code(codes) => {
                let mut out = StringBuilder::with_capacity(cells.len(), cells.len() * 4);
                self.each(cells, empty, faults, |text| {
                    let code = text.map(|text| codes.read(text).ok_or_else(|| unknown_code(codes)));
                    keep(code, |code| out.append_option(code))
                });
                Arc::new(out.finish())
            }
            Kind::Bool => {
                let mut out = BooleanBuilder::with_capacity(cells.len());
                self.each(cells, empty, faults, |text| {
                    let value = text.map(|text| words::yes_or_no(text).ok_or_else(|| wrong("type.bool")));
                    keep(value, |value| out.append_option(value))
                });
                Arc::new(out.finish())
            }
            Kind::Integer { unit, range } => {
                let mut out = Int64Builder::with_capacity(cells.len());
                self.each(cells, empty, faults, |text| {
                    keep(text.map(|text| integer(text, *unit, range)), |value| out.append_option(value))
                });
                Arc::new(out.finish())
            }
            Kind::Decimal { digits, unit, range } => {
                let mut out = Decimal128Builder::with_capacity(cells.len());
                self.each(cells, empty, faults, |text| {
                    keep(text.map(|text| decimal(text, *digits, *unit, range)), |value| out.append_option(value))
                });
                let values = out.finish().with_precision_and_scale(PRECISION, digits.cast_signed());
                Arc::new(values.expect("the scale was checked when the table was made"))
            }
            Kind::Date { reader, range } => {
                let mut out = Date32Builder::with_capacity(cells.len());
                self.each(cells, empty, faults, |text| {
                    let value =
                        text.map(|text| in_range(reader.date(text).map_err(|fault| no_day(fault, "type.date")), range));
                    keep(value, |day| out.append_option(day.map(day_number)))
                });
                Arc::new(out.finish())
            }
            Kind::DateTime { reader, range } => {
                let mut out = TimestampMicrosecondBuilder::with_capacity(cells.len());
                self.each(cells, empty, faults, |text| {
                    let value = text.map(|text| {
                        in_range(reader.moment(text).map_err(|fault| no_day(fault, "type.datetime")), range)
                    });
                    keep(value, |moment| out.append_option(moment.map(|moment| moment.and_utc().timestamp_micros())))
                });
                Arc::new(out.finish())
            }
        }
    }

    /// Hands every cell, cleaned, to `take`, which must append exactly one value whatever it returns.
    fn each<'a>(
        &'a self,
        cells: &'a StringArray,
        empty: &HashSet<String>,
        faults: &mut Faults,
        mut take: impl FnMut(Option<&'a str>) -> Result<(), (&'static str, Message)>,
    ) {
        for row in 0..cells.len() {
            let raw = if cells.is_null(row) { "" } else { trimmed(cells.value(row)) };
            let text = if raw.is_empty() || (!empty.is_empty() && empty.contains(raw)) { None } else { Some(raw) };
            let text = text.or(self.default.as_deref());
            let text = match text {
                Some(text) if !self.replaced.is_empty() => {
                    Some(self.replaced.get(&folded(text)).map_or(text, String::as_str))
                }
                other => other,
            };
            let text = text.filter(|text| !text.is_empty());
            let outcome = take(text);
            let outcome = match outcome {
                Ok(()) if self.required && text.is_none() => {
                    Err(("required", Message::new("warehouse-reject-required")))
                }
                other => other,
            };
            if let Err((rule, reason)) = outcome {
                let value = (!raw.is_empty()).then(|| shortened(raw));
                let reason = reason.with("column", &self.place).with("value", value.as_deref().unwrap_or_default());
                faults.note(row, RowFault { column: Some(self.place.clone()), rule: rule.to_owned(), value, reason });
            }
        }
    }
}

/// The longest text that a message repeats.
const SHOWN: usize = 200;

/// The text, cut where it would fill a screen.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

type Refusal = (&'static str, Message);

/// Appends the value, or an empty one in place of a refused cell.
fn keep<T>(value: Option<Result<T, Refusal>>, mut append: impl FnMut(Option<T>)) -> Result<(), Refusal> {
    match value {
        None => append(None),
        Some(Ok(value)) => append(Some(value)),
        Some(Err(refusal)) => {
            append(None);
            return Err(refusal);
        }
    }
    Ok(())
}

fn range<T>(field: &Field, read: impl Fn(&str) -> Option<T>) -> Option<Range<T>> {
    let bound = |text: &Option<String>| match text {
        None => Some(None),
        Some(text) => read(text).map(|value| Some((value, text.clone()))),
    };
    Some(Range { low: bound(&field.min)?, high: bound(&field.max)? })
}

fn in_range<T: PartialOrd>(value: Result<T, Refusal>, range: &Range<T>) -> Result<T, Refusal> {
    let value = value?;
    match range.fault(&value) {
        Some(refusal) => Err(refusal),
        None => Ok(value),
    }
}

fn integer(text: &str, unit: Units, range: &Range<i128>) -> Result<i64, Refusal> {
    let value = scaled(text, 0, unit, "type.integer")?;
    let value = in_range(Ok(value), range)?;
    i64::try_from(value).map_err(|_| wrong("number.overflow"))
}

fn decimal(text: &str, digits: u8, unit: Units, range: &Range<i128>) -> Result<i128, Refusal> {
    in_range(scaled(text, digits, unit, "type.decimal"), range)
}

fn scaled(text: &str, digits: u8, unit: Units, rule: &'static str) -> Result<i128, Refusal> {
    let found = number::parse(text).and_then(|number| {
        let unit = match (number.percent, unit.percent) {
            (false, _) => unit.column,
            (true, Some(percent)) => percent,
            (true, None) => return Err(NumberFault::NotANumber),
        };
        number.to_scale(digits, unit)
    });
    found.map_err(|fault| match fault {
        NumberFault::NotANumber => wrong(rule),
        NumberFault::Overflow => wrong("number.overflow"),
        NumberFault::Digits if digits == 0 => wrong("type.integer"),
        NumberFault::Digits => ("number.digits", Message::new("warehouse-reject-number-digits").with("digits", digits)),
    })
}

fn no_day(fault: DateFault, rule: &'static str) -> Refusal {
    match fault {
        DateFault::NotADate => wrong(rule),
        DateFault::Ambiguous => (rule, Message::new("warehouse-reject-date-ambiguous")),
        DateFault::HasTime => (rule, Message::new("warehouse-reject-date-time")),
    }
}

fn unknown_code(codes: &CodeReader) -> Refusal {
    ("code.unknown", Message::new("warehouse-reject-code-unknown").with("known", codes.some()))
}

/// The refusal whose catalogue entry is named for the rule.
fn wrong(rule: &'static str) -> Refusal {
    (rule, Message::new(&format!("warehouse-reject-{}", rule.replace('.', "-"))))
}

fn day_number(day: NaiveDate) -> i32 {
    let epoch = NaiveDate::default();
    i32::try_from(day.signed_duration_since(epoch).num_days()).expect("four-digit years fit")
}
