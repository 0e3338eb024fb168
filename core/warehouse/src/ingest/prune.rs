//! Which files of the table cannot hold a key of the batch, told from the smallest and largest key values alone.
//!
//! Only values that statistics state exactly are used; in doubt a file is read.

use crate::error::Result;
use crate::table::Bounds;
use arrow::array::AsArray;
use arrow::compute::{max, max_string, min, min_string};
use arrow::datatypes::{DataType, Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use chrono::{Days, NaiveDate};
use serde_json::Value;
use zhengai_model::dataset::Dataset;

/// Texts that are longer may be cut in the statistics.
const EXACT_TEXT: usize = 32;

/// The smallest and largest value of each orderable key column of a batch.
pub(crate) struct KeyBounds {
    columns: Vec<(String, Option<Span>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Span {
    Whole(i64, i64),
    Text(String, String),
}

impl KeyBounds {
    /// Bounds of no rows yet.
    pub(crate) fn new(dataset: &Dataset) -> Self {
        Self { columns: dataset.key.iter().map(|name| (name.to_string(), None)).collect() }
    }

    /// Takes more rows in.
    pub(crate) fn extend(&mut self, batch: &RecordBatch) -> Result<()> {
        for (name, span) in &mut self.columns {
            let Some(column) = batch.column_by_name(name) else { continue };
            let more = match column.data_type() {
                DataType::Int64 => {
                    let values = column.as_primitive::<Int64Type>();
                    min(values).zip(max(values)).map(|(low, high)| Span::Whole(low, high))
                }
                DataType::Date32 => {
                    let values = column.as_primitive::<Date32Type>();
                    let ends = min(values).zip(max(values));
                    ends.and_then(|(low, high)| Some(Span::Text(day(low)?, day(high)?)))
                }
                DataType::Utf8 => {
                    let values = column.as_string::<i32>();
                    min_string(values)
                        .zip(max_string(values))
                        .map(|(low, high)| Span::Text(low.to_owned(), high.to_owned()))
                }
                _ => None,
            };
            *span = match (span.take(), more) {
                (Some(known), Some(more)) => known.with(more),
                (None, more) => more,
                (known, None) => known,
            };
        }
        Ok(())
    }

    /// Whether a file with these statistics holds no key of the rows.
    pub(crate) fn excludes(&self, file: &Bounds) -> bool {
        self.columns.iter().any(|(name, span)| match (span, file.of(name)) {
            (Some(span), Some((low, high))) => span.misses(low, high),
            _ => false,
        })
    }
}

impl Span {
    fn with(self, more: Self) -> Option<Self> {
        match (self, more) {
            (Self::Whole(low, high), Self::Whole(lower, higher)) => Some(Self::Whole(low.min(lower), high.max(higher))),
            (Self::Text(low, high), Self::Text(lower, higher)) => Some(Self::Text(low.min(lower), high.max(higher))),
            _ => None,
        }
    }

    fn misses(&self, low: &Value, high: &Value) -> bool {
        match self {
            Self::Whole(first, last) => match (low.as_i64(), high.as_i64()) {
                (Some(low), Some(high)) => *last < low || *first > high,
                _ => false,
            },
            Self::Text(first, last) => match (low.as_str(), high.as_str()) {
                (Some(low), Some(high)) if low.len() < EXACT_TEXT && high.len() < EXACT_TEXT => {
                    last.as_str() < low || first.as_str() > high
                }
                _ => false,
            },
        }
    }
}

/// A day as the log writes it, which sorts as text.
fn day(number: i32) -> Option<String> {
    let epoch = NaiveDate::default();
    let distance = Days::new(u64::from(number.unsigned_abs()));
    let day = if number < 0 { epoch.checked_sub_days(distance)? } else { epoch.checked_add_days(distance)? };
    Some(day.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_outside_the_span_are_excluded_and_long_texts_never() {
        let whole = Span::Whole(10, 20);
        assert!(whole.misses(&21.into(), &30.into()));
        assert!(whole.misses(&1.into(), &9.into()));
        assert!(!whole.misses(&20.into(), &30.into()));
        let text = Span::Text("2025-09-01".to_owned(), "2025-09-01".to_owned());
        assert!(text.misses(&"2025-08-01".into(), &"2025-08-31".into()));
        assert!(!text.misses(&"2025-08-01".into(), &"2025-09-01".into()));
        assert!(!text.misses(&"3".repeat(40).into(), &"4".repeat(40).into()));
        assert_eq!(day(0).as_deref(), Some("1970-01-01"));
        assert_eq!(day(-1).as_deref(), Some("1969-12-31"));
    }
}
