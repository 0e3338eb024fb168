//! What a diagnosis is asked for, and what it is handed: earlier runs, transforms of plugins, a place to report to.

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectId, ObjectKind, PeriodId, PluginId, RuleId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::text::Message;
use zhengai_model::value::Value;

pub use zhengai_warehouse::CancelFlag;

/// What to diagnose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnoseRequest {
    /// Identity of the run; it never enters the fingerprint.
    pub run: RunId,
    /// The period. Indicators of a finer kind are computed for every period of their kind inside it, those of a coarser
    /// kind for the period that ends in it or else contains it.
    pub period: PeriodId,
    /// The layers; all when empty.
    pub layers: BTreeSet<Layer>,
    /// The day on which it is asked: periods that are not over by then are 未到期.
    pub today: NaiveDate,
    /// Which hierarchy counts.
    pub view: View,
    /// Layers that are switched off: what depends on them is 不适用.
    pub disabled: BTreeSet<Layer>,
}

impl DiagnoseRequest {
    /// All layers, hierarchy as it was.
    pub fn new(run: RunId, period: PeriodId, today: NaiveDate) -> Self {
        Self { run, period, layers: BTreeSet::new(), today, view: View::AsWas, disabled: BTreeSet::new() }
    }
}

/// How far a diagnosis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it does.
    pub stage: Stage,
    /// Steps done in this stage.
    pub done: usize,
    /// Steps of this stage.
    pub total: usize,
    /// What was met so far.
    pub met: Met,
}

/// What a diagnosis has met so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Met {
    /// Rows that scans have read; a row that two scans read counts twice.
    pub rows: u64,
    /// Values computed.
    pub values: u64,
    /// Values among them that could not be determined.
    pub undetermined: u64,
}

/// Stages of a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Objects and hierarchy.
    Objects,
    /// Scans of datasets.
    Scan,
    /// Values and verdicts.
    Evaluate,
    /// Warning rules.
    Rules,
    /// The result table.
    Results,
}

/// Called now and then with the progress; must be quick.
pub type ProgressFn<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// What a plugin computes. Implemented by the service over the plugin host.
pub trait Transforms: Send + Sync {
    /// Runs the transform of a plugin over its inputs, in order.
    fn run(
        &self,
        plugin: &PluginId,
        transform: &str,
        inputs: Vec<Vec<RecordBatch>>,
    ) -> Result<Vec<RecordBatch>, Message>;

    /// What tells two builds of a plugin's library apart, such as its hash; it enters the fingerprint beside the version.
    fn identity(&self, _plugin: &PluginId) -> Option<String> {
        None
    }
}

/// No plugin has a library: every transform is refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTransforms;

impl Transforms for NoTransforms {
    fn run(&self, _: &PluginId, _: &str, _: Vec<Vec<RecordBatch>>) -> Result<Vec<RecordBatch>, Message> {
        Err(Message::new("engine-no-transforms"))
    }
}

/// What earlier runs found. Asked in whole columns, never object by object.
pub trait History: Send + Sync {
    /// Values of an indicator in an earlier period, by object, from the run that stands for it; `None` without one.
    fn values(
        &self,
        indicator: &IndicatorCode,
        kind: &ObjectKind,
        period: &PeriodId,
    ) -> Option<BTreeMap<ObjectId, Value>>;
    /// Objects for which a rule fired in an earlier period; `None` when it was not evaluated then.
    fn fired(&self, rule: &RuleId, kind: &ObjectKind, period: &PeriodId) -> Option<BTreeSet<ObjectId>>;
    /// The day of the newest accepted batch of a dataset.
    fn newest_batch(&self, dataset: &DatasetId) -> Option<NaiveDate>;
}

/// A column of an earlier period that a diagnosis will ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryNeeds {
    /// Values: indicator, kind of object, period.
    pub values: BTreeSet<(IndicatorCode, ObjectKind, PeriodId)>,
    /// Firings: rule, kind of object, period.
    pub firings: BTreeSet<(RuleId, ObjectKind, PeriodId)>,
    /// Datasets whose newest batch a rule looks at.
    pub datasets: BTreeSet<DatasetId>,
}

/// History in memory: what a caller has fetched for [`HistoryNeeds`], or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryTable {
    /// See [`History::values`].
    pub values: BTreeMap<(IndicatorCode, ObjectKind, PeriodId), BTreeMap<ObjectId, Value>>,
    /// See [`History::fired`].
    pub firings: BTreeMap<(RuleId, ObjectKind, PeriodId), BTreeSet<ObjectId>>,
    /// See [`History::newest_batch`].
    pub batches: BTreeMap<DatasetId, NaiveDate>,
}

impl History for HistoryTable {
    fn values(
        &self,
        indicator: &IndicatorCode,
        kind: &ObjectKind,
        period: &PeriodId,
    ) -> Option<BTreeMap<ObjectId, Value>> {
        self.values.get(&(indicator.clone(), kind.clone(), period.clone())).cloned()
    }

    fn fired(&self, rule: &RuleId, kind: &ObjectKind, period: &PeriodId) -> Option<BTreeSet<ObjectId>> {
        self.firings.get(&(rule.clone(), kind.clone(), period.clone())).cloned()
    }

    fn newest_batch(&self, dataset: &DatasetId) -> Option<NaiveDate> {
        self.batches.get(dataset).copied()
    }
}
