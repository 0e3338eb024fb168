//! How fresh data are: a dataset is stale when its newest batch came before the last period of those who read it had
//! ended. Data for a year need not come every week.

use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::ids::{DatasetId, PeriodId};
use zhengai_model::pack::Definitions;
use zhengai_model::period::{Calendar, PeriodKind};

/// Why a dataset is stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The period that is over and whose rows may be missing.
    pub period: PeriodId,
    /// The first day after it.
    pub end: NaiveDate,
}

/// Datasets with a time in their rows that should have come since, by the day of their newest batch.
pub(crate) fn overdue<'a>(
    definitions: &'a Definitions,
    calendar: &Calendar,
    today: NaiveDate,
    newest: &BTreeMap<&DatasetId, NaiveDate>,
) -> BTreeMap<&'a DatasetId, Overdue> {
    let late = |(dataset, kinds): (&'a DatasetId, BTreeSet<PeriodKind>)| {
        definitions.dataset(dataset).filter(|dataset| dataset.time.is_some())?;
        let newest = newest.get(dataset)?;
        // The longest of the periods in which it is read.
        let ended = kinds.iter().filter_map(|kind| last_ended(calendar, *kind, today)).min_by_key(|over| over.end)?;
        (*newest < ended.end).then_some((dataset, ended))
    };
    readers(definitions).into_iter().filter_map(late).collect()
}

/// The last period of a kind that is over.
fn last_ended(calendar: &Calendar, kind: PeriodKind, today: NaiveDate) -> Option<Overdue> {
    let last = calendar.on(kind, today).and_then(|now| calendar.previous(&now))?;
    Some(Overdue { period: last.id, end: last.end })
}

/// For which kinds of period each dataset is read.
fn readers(definitions: &Definitions) -> BTreeMap<&DatasetId, BTreeSet<PeriodKind>> {
    let mut kinds: BTreeMap<&DatasetId, BTreeSet<PeriodKind>> = BTreeMap::new();
    for indicator in definitions.indicators.values() {
        for dataset in indicator.measures.values().filter_map(|measure| measure.dataset.as_ref()) {
            kinds.entry(dataset).or_default().insert(indicator.period);
        }
    }
    kinds
}
