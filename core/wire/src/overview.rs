//! The overview (总览): five layers × five systems with verdicts and open warnings, cycles, the trend over periods, how fresh
//! the data are, and what waits for somebody.

use crate::call::Call;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use zhengai_model::layer::Layer;
use zhengai_model::period::PeriodKind;

/// How many results of each verdict, by its word: `achieved`, `met`, `unmet`, `undetermined`, `not-applicable`, `not-due`,
/// `unjudged`.
pub type Verdicts = BTreeMap<String, u64>;

/// The share of values that meet their standard among those that were held against one, in tenths of a percent; none when
/// there is no such value.
pub fn share_met(verdicts: &Verdicts) -> Option<u64> {
    let count = |word: &str| verdicts.get(word).copied().unwrap_or(0);
    let good = count("achieved") + count("met");
    let all = good + count("unmet");
    (all > 0).then(|| u64::try_from(u128::from(good) * 1000 / u128::from(all)).unwrap_or(0))
}

/// The state of a college at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// The day at the college.
    pub today: NaiveDate,
    /// Levels of warnings, mild first.
    pub levels: Vec<Level>,
    /// The systems, in the order of the source documents.
    pub systems: Vec<SystemName>,
    /// The layers, in the order of reports; those outside the reader's scope are left out.
    pub layers: Vec<LayerTile>,
    /// Open cycles, the newest first.
    pub cycles: Vec<CycleBar>,
    /// The newest run of each period, the oldest period first, at most twelve of each kind of period; empty for a reader
    /// who may not see the whole college.
    pub trend: Vec<TrendPoint>,
    /// How fresh the data are.
    pub freshness: Freshness,
    /// Batches that wait for a person, the newest first, at most eight.
    pub waiting: Vec<WaitingBatch>,
    /// How many wait in all.
    pub waiting_total: u64,
}

/// A level of warnings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Level {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
}

/// A system (五纵).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemName {
    /// Its word: `command`, `generation`, `resources`, `support`, `control`; `none` for indicators that name no system.
    pub system: String,
    /// Its name.
    pub label: String,
}

/// A layer (五横).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerTile {
    /// The layer.
    #[schema(value_type = String)]
    pub layer: Layer,
    /// Its name.
    pub label: String,
    /// Whether its plugin is switched on.
    pub enabled: bool,
    /// The newest finished run that judged it.
    pub run: Option<RunName>,
    /// Results in this run.
    pub verdicts: Verdicts,
    /// Open warnings by level.
    pub warnings: BTreeMap<String, u64>,
    /// The same by system, in the order of [`Overview::systems`]; systems without an indicator are left out.
    pub systems: Vec<SystemTile>,
}

/// A run, as far as it must be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunName {
    /// Its id.
    pub id: String,
    /// The period diagnosed.
    pub period: String,
    /// Name of the period.
    pub period_name: String,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A system within a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemTile {
    /// Its word.
    pub system: String,
    /// Indicators that it answers for.
    pub indicators: u64,
    /// Their results.
    pub verdicts: Verdicts,
    /// Open warnings by level.
    pub warnings: BTreeMap<String, u64>,
    /// The rules that these warnings are of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// How far a cycle is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleBar {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Name of its present step.
    pub step: String,
    /// Steps that were left.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
    /// Finished runs that belong to it.
    pub runs: u64,
    /// Days from today to the end of its period; negative when that is over.
    pub days_left: i64,
}

/// A run in the trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrendPoint {
    /// The run.
    pub run: RunName,
    /// The kind of its period.
    #[schema(value_type = String)]
    pub kind: PeriodKind,
    /// Results of all layers.
    pub verdicts: Verdicts,
    /// Results by layer.
    pub layers: BTreeMap<String, Verdicts>,
    /// Warning values that were breached, by level.
    pub warnings: BTreeMap<String, u64>,
}

/// How fresh the data are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Freshness {
    /// Datasets with rows.
    pub datasets: u64,
    /// When rows last came in.
    pub fresh_at: Option<DateTime<Utc>>,
    /// Datasets whose rows should have come.
    pub stale: Vec<StaleDataset>,
    /// Sources, by name.
    pub sources: Vec<SourceState>,
}

/// A dataset whose rows should have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaleDataset {
    /// Its id.
    pub dataset: String,
    /// Its name.
    pub label: String,
    /// The day of its newest batch.
    pub newest: NaiveDate,
    /// The period that is over and whose rows may be missing.
    pub period: String,
    /// The first day after that period.
    pub end: NaiveDate,
}

/// How a source does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceState {
    /// Its name.
    pub source: String,
    /// Whether it may be synced.
    pub enabled: bool,
    /// State of its last sync: `running`, `finished`, `failed`, `cancelled`, `interrupted`; absent when there was none.
    pub state: Option<String>,
    /// When that began.
    pub at: Option<DateTime<Utc>>,
    /// Names of the datasets that it fills and that are stale.
    pub stale: Vec<String>,
}

/// A batch that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingBatch {
    /// Its id.
    pub id: String,
    /// Where its rows go.
    pub dataset: String,
    /// Name of that dataset.
    pub label: String,
    /// File name without folder, or source and stream.
    pub file: String,
    /// Rows that would be new, changed or gone.
    pub rows: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// `GET /v1/overview`.
pub fn show() -> Call<Overview> {
    Call::get(&["overview"])
}

#[cfg(test)]
mod tests {
    use super::{Verdicts, share_met};

    #[test]
    fn the_share_counts_only_what_was_held_against_a_standard() {
        let verdicts = |pairs: &[(&str, u64)]| -> Verdicts {
            pairs.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
        };
        assert_eq!(share_met(&verdicts(&[("achieved", 1), ("met", 1), ("unmet", 1), ("undetermined", 90)])), Some(666));
        assert_eq!(share_met(&verdicts(&[("unmet", 3)])), Some(0));
        assert_eq!(share_met(&verdicts(&[("unjudged", 3), ("not-due", 2)])), None);
    }
}
