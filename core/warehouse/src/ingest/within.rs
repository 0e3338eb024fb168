//! How many staged rows fall into a stretch of time: what a locked period asks before it lets a batch in.

use super::plan::staged_for;
use crate::error::Result;
use crate::schema::arrow_schema;
use crate::table::read::{FileRows, project};
use crate::warehouse::Warehouse;
use arrow::array::{ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use chrono::{Datelike, NaiveDate};
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
        let column = project(&arrow_schema(dataset), &[time.field.as_str()]);
        let mut count = 0;
        for rows in FileRows::open(&area.rows(), column)? {
            let rows = rows?;
            let Some(column) = rows.columns().first() else { continue };
            count += match time.by {
                TimeBy::Date | TimeBy::Snapshot => days_within(column, period.start, period.end)?,
                TimeBy::Period => periods_within(column, inside)?,
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
