//! The text of the queries. Nothing else in the engine writes SQL for facts, so that what `why` shows is what ran.

use super::time::Slice;
use crate::compile::measure::{Base, RowMeasure};
use chrono::NaiveDate;
use std::fmt::Write as _;
use zhengai_model::ids::DatasetId;

/// A text as an SQL literal.
pub(crate) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The absent day of a dataset that has no field for it.
pub(crate) const NO_DAY: &str = "CAST(NULL AS DATE)";

/// A name as a quoted SQL identifier.
pub(crate) fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A day as an SQL literal.
pub(crate) fn day(date: NaiveDate) -> String {
    format!("DATE '{}'", date.format("%Y-%m-%d"))
}

/// One aggregate with its filter, as it stands in a select list.
pub(crate) fn aggregate(measure: &RowMeasure) -> String {
    match &measure.filter {
        Some(filter) => format!("{} FILTER (WHERE {filter})", measure.agg_sql),
        None => measure.agg_sql.clone(),
    }
}

/// Rows that satisfy the measure's filter: tells a sum over nothing from a sum over empty cells.
fn matching(measure: &RowMeasure) -> String {
    match &measure.filter {
        Some(filter) => format!("count(*) FILTER (WHERE {filter})"),
        None => "count(*)".to_owned(),
    }
}

/// Select-list columns of the measures: `m<i>`, and for those that can be NULL over present rows also `n<i>`, the rows
/// that the filter lets through.
fn columns(measures: &[RowMeasure]) -> String {
    let mut text = String::new();
    for (position, measure) in measures.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, ",\n  {} AS m{position}", aggregate(measure));
        if measure.agg.can_be_null() {
            let _ = write!(text, ", {} AS n{position}", matching(measure));
        }
    }
    text
}

/// The fused scan: base, epoch, rows of the group, then the measures.
pub(crate) fn fused(dataset: &DatasetId, base: &Base, slice: &Slice, measures: &[RowMeasure]) -> String {
    let key = key_expression(base);
    format!(
        "SELECT {key} AS _object, {} AS _epoch, count(*) AS _rows{}\nFROM {}{}\nGROUP BY 1, 2",
        slice.epoch,
        columns(measures),
        name(dataset.as_str()),
        where_clause(slice)
    )
}

/// Distinct counts for one grain through a registered table `places` of (`_child`, `_epoch`, `_parent`); without it
/// the grain is the base itself, or the whole dataset.
pub(crate) fn distinct(
    dataset: &DatasetId,
    base: &Base,
    slice: &Slice,
    measures: &[RowMeasure],
    places: Option<&str>,
) -> String {
    let key = key_expression(base);
    let columns = columns(measures);
    let table = name(dataset.as_str());
    let filter = where_clause(slice);
    match places {
        None => format!(
            "SELECT {key} AS _object, 0 AS _epoch, count(*) AS _rows{columns}\nFROM {table}{filter}\nGROUP BY 1"
        ),
        Some(places) => format!(
            "SELECT _parent AS _object, 0 AS _epoch, count(*) AS _rows{columns}\nFROM (SELECT *, {key} AS _key, {} AS _slice FROM \
             {table}{filter}) JOIN {places} ON _key = _child AND _slice = _epoch\nGROUP BY 1",
            slice.epoch
        ),
    }
}

/// Rows behind one measure, for people: newest batch first is of no use to an auditor, so by batch and line.
pub(crate) fn sample(
    dataset: &DatasetId,
    base: &Base,
    slice: &Slice,
    measure: &RowMeasure,
    objects: Option<&[String]>,
    limit: usize,
) -> String {
    let mut conditions: Vec<String> = slice.filter.iter().cloned().collect();
    if let Some(filter) = &measure.filter {
        conditions.push(format!("({filter})"));
    }
    if let (Base::Field { field, .. }, Some(objects)) = (base, objects) {
        let list: Vec<String> = objects.iter().map(|id| quote(id)).collect();
        conditions.push(match list.is_empty() {
            // A list of nothing is no SQL.
            true => "FALSE".to_owned(),
            false => format!("{} IN ({})", name(field.as_str()), list.join(", ")),
        });
    }
    let filter = if conditions.is_empty() { String::new() } else { format!("\nWHERE {}", conditions.join("\n  AND ")) };
    format!("SELECT * FROM {}{filter}\nORDER BY \"_batch\", \"_line\"\nLIMIT {limit}", name(dataset.as_str()))
}

fn key_expression(base: &Base) -> String {
    match base {
        Base::Whole => "CAST(NULL AS VARCHAR)".to_owned(),
        Base::Field { field, .. } => format!("CAST({} AS VARCHAR)", name(field.as_str())),
    }
}

fn where_clause(slice: &Slice) -> String {
    slice.filter.as_ref().map(|filter| format!("\nWHERE {filter}")).unwrap_or_default()
}
