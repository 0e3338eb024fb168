//! Runs fused scans and keeps their answers as parts: numbers by object of the base and epoch.

use super::cells::{self, Numbers};
use super::rollup::Part;
use super::time::Slice;
use super::{sql, time};
use crate::compile::measure::{Base, RowMeasure};
use crate::error::EngineError;
use crate::objects::{NOBODY, Objects};
use crate::source::Source;
use arrow::array::RecordBatch;
use std::collections::BTreeMap;
use zhengai_model::ids::DatasetId;

/// Parts of all measures of one scan.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// Object of each group; [`NOBODY`] for unknown ids and rows without one.
    pub(crate) objects: Vec<u32>,
    /// Epoch of each group.
    pub(crate) epochs: Vec<u32>,
    /// One column for each measure.
    pub(crate) columns: Vec<PartColumn>,
    /// Rows of the dataset in the slice.
    pub(crate) rows: u64,
    /// Ids that no master row describes, with their rows.
    pub(crate) unknown: BTreeMap<String, u64>,
}

/// Parts of one measure, aligned with [`Parts::objects`].
#[derive(Debug, Default)]
pub(crate) struct PartColumn {
    /// Digits after the point.
    pub(crate) scale: u8,
    /// The parts.
    pub(crate) cells: Vec<Part>,
}

/// What is scanned.
pub(crate) struct Scan<'a> {
    /// The dataset.
    pub(crate) dataset: &'a DatasetId,
    /// What rows are grouped by.
    pub(crate) base: &'a Base,
    /// Rows that count.
    pub(crate) slice: &'a time::Slice,
    /// The measures.
    pub(crate) measures: &'a [RowMeasure],
}

/// Runs the fused scan.
pub(crate) async fn fused(source: &Source, scan: &Scan<'_>, objects: Option<&Objects>) -> Result<Parts, EngineError> {
    let text = sql::fused(scan.dataset, scan.base, scan.slice, scan.measures);
    read(&source.rows(&text).await?, scan, objects)
}

/// Runs the distinct counts of one grain. `places` is the registered table of children and parents; without it the
/// answer is by base.
pub(crate) async fn distinct(
    source: &Source,
    scan: &Scan<'_>,
    places: Option<&str>,
    objects: Option<&Objects>,
) -> Result<Parts, EngineError> {
    let text = sql::distinct(scan.dataset, scan.base, scan.slice, scan.measures, places);
    read(&source.rows(&text).await?, scan, objects)
}

fn read(batches: &[RecordBatch], scan: &Scan<'_>, objects: Option<&Objects>) -> Result<Parts, EngineError> {
    let keys = cells::texts(batches, 0)?;
    let epochs = cells::numbers(batches, 1)?;
    let rows = cells::numbers(batches, 2)?;
    let mut parts = Parts::default();
    // A grouping by constants may answer one group without rows; it is no group.
    let present: Vec<usize> =
        (0..keys.len()).filter(|row| rows.values.get(*row).copied().flatten().unwrap_or(0) > 0).collect();
    for row in &present {
        let found = rows.values.get(*row).copied().flatten().and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0);
        parts.rows += found;
        let object = match (keys.get(*row).and_then(Option::as_ref), objects) {
            (Some(key), Some(objects)) => {
                let object = objects.find(key);
                if object == NOBODY {
                    *parts.unknown.entry(key.clone()).or_default() += found;
                }
                object
            }
            _ => NOBODY,
        };
        parts.objects.push(object);
        let epoch = epochs.values.get(*row).copied().flatten().and_then(|epoch| u32::try_from(epoch).ok());
        parts.epochs.push(epoch.unwrap_or(0));
    }
    let mut position = 3;
    for measure in scan.measures {
        let numbers = cells::numbers(batches, position)?;
        position += 1;
        let mut matching = None;
        if measure.agg.can_be_null() {
            matching = Some(cells::numbers(batches, position)?);
            position += 1;
        }
        let cells = present.iter().map(|row| part(&numbers, matching.as_ref(), *row)).collect();
        parts.columns.push(PartColumn { scale: numbers.scale, cells });
    }
    Ok(parts)
}

fn part(numbers: &Numbers, matching: Option<&Numbers>, row: usize) -> Part {
    match numbers.values.get(row).copied().flatten() {
        Some(number) => Part::Number(number),
        None => match matching.and_then(|matching| matching.values.get(row).copied().flatten()) {
            Some(rows) if rows > 0 => Part::Empty,
            _ => Part::NoMatch,
        },
    }
}

/// The slice's SQL for people: the scan of one measure alone.
pub(crate) fn text(dataset: &DatasetId, base: &Base, slice: &Slice, measure: &RowMeasure) -> String {
    sql::fused(dataset, base, slice, std::slice::from_ref(measure))
}
