//! How many staged rows fall into a stretch of time: what a locked period asks before it lets a batch in.

use super::plan::staged_for;
use crate::error::{Result, WarehouseError};
use crate::warehouse::Warehouse;
use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use chrono::{Datelike, NaiveDate};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use zhengai_model::dataset::{Dataset, TimeBy};
use zhengai_model::ids::BatchId;
use zhengai_model::period::Period;

/// Days from the first of January of the year 1 to the first of January 1970.
const EPOCH: i32 = 719_163;

impl Warehouse {
    /// Staged rows of a batch whose time lies in the period. `inside` says whether a period id does, for datasets whose
    /// rows name periods. Datasets without time have none.
    pub async fn staged_within(
        &self,
        dataset: &Dataset,
        batch: &BatchId,
        period: &Period,
        inside: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<u64> {
        let Some(time) = &dataset.time else { return Ok(0) };
        let area = self.staging(batch)?;
        staged_for(&area, dataset, batch)?;
        let path = area.rows();
        let file = File::open(&path).map_err(|source| WarehouseError::io(&path, source))?;
        let parquet = |source: parquet::errors::ParquetError| WarehouseError::io(&path, std::io::Error::other(source));
        let arrow = |source: arrow::error::ArrowError| WarehouseError::io(&path, std::io::Error::other(source));
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(parquet)?;
        let mask = ProjectionMask::columns(builder.parquet_schema(), [time.field.as_str()]);
        let mut count = 0;
        for rows in builder.with_projection(mask).build().map_err(parquet)? {
            let rows = rows.map_err(arrow)?;
            let Some(column) = rows.columns().first() else { continue };
            count += match time.by {
                TimeBy::Date | TimeBy::Snapshot => days_within(column, period.start, period.end).map_err(arrow)?,
                TimeBy::Period => periods_within(column, inside).map_err(arrow)?,
            };
        }
        Ok(count)
    }
}

fn days_within(
    column: &ArrayRef,
    start: NaiveDate,
    end: NaiveDate,
) -> std::result::Result<u64, arrow::error::ArrowError> {
    let (start, end) = (start.num_days_from_ce() - EPOCH, end.num_days_from_ce() - EPOCH);
    let days = cast(column, &DataType::Date32)?;
    let days = days.as_primitive::<Date32Type>();
    Ok(days.iter().flatten().filter(|day| (start..end).contains(day)).count() as u64)
}

fn periods_within(
    column: &ArrayRef,
    inside: &(dyn Fn(&str) -> bool + Sync),
) -> std::result::Result<u64, arrow::error::ArrowError> {
    let texts = cast(column, &DataType::Utf8)?;
    let texts = texts.as_string::<i32>();
    Ok(texts.iter().flatten().filter(|text| inside(text)).count() as u64)
}
