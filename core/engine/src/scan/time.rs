//! Which rows of a dataset belong to a period, and into which epochs they fall.
//!
//! An epoch is a stretch of time in which no membership changes; rows are grouped by epoch, so that a row counts for
//! the class that the student was in on the day of the row.

use super::cells;
use super::sql::{day, name, quote};
use crate::error::EngineError;
use crate::source::Source;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use zhengai_model::dataset::{Dataset, TimeBy};
use zhengai_model::ids::PeriodId;
use zhengai_model::indicator::Timing;
use zhengai_model::period::{Calendar, Period};

/// The rows of one dataset that count for one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slice {
    /// SQL predicate; `None` takes every row.
    pub(crate) filter: Option<String>,
    /// SQL expression that numbers the epoch of a row.
    pub(crate) epoch: String,
    /// The day on which memberships are looked up, for each epoch.
    pub(crate) days: Vec<NaiveDate>,
}

/// How memberships are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership<'a> {
    /// On the day of the row; memberships change on these days.
    AsWas(&'a [NaiveDate]),
    /// On one day for all rows.
    On(NaiveDate),
}

/// What a slice is cut by.
pub(crate) struct Cut<'a> {
    /// The dataset.
    pub(crate) dataset: &'a Dataset,
    /// 时点 or 时期.
    pub(crate) timing: Timing,
    /// The period.
    pub(crate) period: &'a Period,
    /// Memberships.
    pub(crate) membership: Membership<'a>,
}

/// The last day of a period: on it the state of a stock is taken.
pub(crate) fn last_day(period: &Period) -> NaiveDate {
    period.end.pred_opt().unwrap_or(period.end)
}

/// The slice, or `None` when the dataset has nothing in the period: no snapshot, no row labelled with it.
pub(crate) async fn slice(source: &Source, calendar: &Calendar, cut: &Cut<'_>) -> Result<Option<Slice>, EngineError> {
    let at_end = Slice { filter: None, epoch: "0".to_owned(), days: vec![cut.fixed_day(last_day(cut.period))] };
    let Some(time) = &cut.dataset.time else {
        return Ok(Some(Slice { filter: validity(cut), ..at_end }));
    };
    let column = Column { table: name(cut.dataset.id.as_str()), field: name(time.field.as_str()) };
    match time.by {
        TimeBy::Date => Ok(Some(by_date(cut, &column.field, at_end))),
        TimeBy::Snapshot => by_snapshot(source, cut, &column, at_end).await,
        TimeBy::Period => by_period(source, calendar, cut, &column, at_end).await,
    }
}

/// The column of time and its table, as SQL names them.
struct Column {
    table: String,
    field: String,
}

impl Cut<'_> {
    fn fixed_day(&self, usual: NaiveDate) -> NaiveDate {
        match self.membership {
            Membership::AsWas(_) => usual,
            Membership::On(date) => date,
        }
    }
}

/// Master rows without a time field count while their object exists.
fn validity(cut: &Cut<'_>) -> Option<String> {
    let object = cut.dataset.object.as_ref()?;
    let (first, after) = match cut.timing {
        Timing::Flow => (cut.period.start, cut.period.end),
        Timing::Stock => (last_day(cut.period), cut.period.end),
    };
    let mut conditions = Vec::new();
    if let Some(from) = &object.from {
        let from = name(from.as_str());
        conditions.push(format!("({from} IS NULL OR {from} < {})", day(after)));
    }
    if let Some(to) = &object.to {
        let to = name(to.as_str());
        conditions.push(format!("({to} IS NULL OR {to} > {})", day(first)));
    }
    (!conditions.is_empty()).then(|| conditions.join(" AND "))
}

fn by_date(cut: &Cut<'_>, field: &str, at_end: Slice) -> Slice {
    let before_end = format!("{field} < {}", day(cut.period.end));
    match cut.timing {
        // A stock of dated rows is what has come together by the end of the period.
        Timing::Stock => Slice { filter: Some(before_end), ..at_end },
        Timing::Flow => {
            let filter = Some(format!("{field} >= {} AND {before_end}", day(cut.period.start)));
            let Membership::AsWas(changes) = cut.membership else { return Slice { filter, ..at_end } };
            let inside: BTreeSet<NaiveDate> =
                changes.iter().copied().filter(|date| *date > cut.period.start && *date < cut.period.end).collect();
            if inside.is_empty() {
                return Slice { filter, ..at_end };
            }
            let arms: Vec<String> = inside
                .iter()
                .enumerate()
                .map(|(epoch, date)| format!("WHEN {field} < {} THEN {epoch}", day(*date)))
                .collect();
            let epoch = format!("CASE {} ELSE {} END", arms.join(" "), inside.len());
            let days = inside.iter().filter_map(NaiveDate::pred_opt).chain([last_day(cut.period)]).collect();
            Slice { filter, epoch, days }
        }
    }
}

async fn by_snapshot(
    source: &Source,
    cut: &Cut<'_>,
    Column { table, field }: &Column,
    at_end: Slice,
) -> Result<Option<Slice>, EngineError> {
    let newest = source
        .rows(&format!(
            "SELECT max({field}) FROM {table} WHERE {field} >= {} AND {field} < {}",
            day(cut.period.start),
            day(cut.period.end)
        ))
        .await?;
    let Some(newest) = cells::dates(&newest, 0)?.into_iter().flatten().next() else { return Ok(None) };
    let days = vec![cut.fixed_day(newest)];
    let after = newest.succ_opt().unwrap_or(newest);
    Ok(Some(Slice { filter: Some(format!("{field} >= {} AND {field} < {}", day(newest), day(after))), days, ..at_end }))
}

async fn by_period(
    source: &Source,
    calendar: &Calendar,
    cut: &Cut<'_>,
    Column { table, field }: &Column,
    at_end: Slice,
) -> Result<Option<Slice>, EngineError> {
    let labels = source.rows(&format!("SELECT DISTINCT {field} FROM {table} ORDER BY 1")).await?;
    let mut inside: Vec<Period> = cells::texts(&labels, 0)?
        .into_iter()
        .flatten()
        .filter_map(|label| calendar.get(&PeriodId::new(label).ok()?))
        .filter(|period| calendar.contains(cut.period, period))
        .collect();
    if cut.timing == Timing::Stock {
        // The state at the end: the labels that end last; of those the longest, which is the period itself if it is there.
        inside.sort_by(|a, b| (b.end, a.start).cmp(&(a.end, b.start)));
        inside.truncate(1);
    }
    if inside.is_empty() {
        return Ok(None);
    }
    let list: Vec<String> = inside.iter().map(|period| quote(period.id.as_str())).collect();
    let filter = Some(format!("{field} IN ({})", list.join(", ")));
    let mut days: Vec<NaiveDate> = inside.iter().map(|period| cut.fixed_day(last_day(period))).collect();
    days.sort_unstable();
    days.dedup();
    if days.len() == 1 {
        return Ok(Some(Slice { filter, days, ..at_end }));
    }
    let arms: Vec<String> = inside
        .iter()
        .filter_map(|period| {
            let epoch = days.binary_search(&last_day(period)).ok()?;
            Some(format!("WHEN {} THEN {epoch}", quote(period.id.as_str())))
        })
        .collect();
    Ok(Some(Slice { filter, epoch: format!("CASE {field} {} END", arms.join(" ")), days }))
}
