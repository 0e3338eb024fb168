//! What a diagnosis gives back.

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{
    DatasetId, IndicatorCode, LevelId, MeasureName, ObjectId, ObjectKind, PeriodId, PluginId, RuleId,
};
use zhengai_model::layer::Layer;
use zhengai_model::rule::Because;
use zhengai_model::value::Gap;
use zhengai_model::verdict::Attainment;

/// The outcome of a run: immutable, and byte-identical for equal fingerprints.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// SHA-256 over everything that was read.
    pub fingerprint: String,
    /// What was read: kept with the run, so that two runs can be compared.
    pub inputs: Inputs,
    /// The result table, sorted by layer, indicator, grain, period, object.
    pub results: Vec<RecordBatch>,
    /// How many of what.
    pub counts: Counts,
    /// Values that are 不达标.
    pub findings: Vec<Finding>,
    /// Rules that fired, in the order of rule, period and object.
    pub firings: Vec<Firing>,
    /// For each (rule, kind, period) that was evaluated: objects of which it could not be said whether it fires.
    pub unknown: Vec<UnknownFiring>,
    /// Rules evaluated; an open warning of one of these that is not in `firings` or `unknown` is no longer true.
    pub evaluated: Vec<Evaluated>,
    /// What the data lack.
    pub gaps: Vec<DataGap>,
}

/// Everything that a run read, by content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Grows when the engine computes differently from the same inputs.
    pub engine: u32,
    /// The period.
    pub period: PeriodId,
    /// Periods whose values were computed, and whether they were over.
    pub periods: BTreeMap<PeriodId, bool>,
    /// Layers diagnosed.
    pub layers: BTreeSet<Layer>,
    /// Layers that were off.
    pub disabled: BTreeSet<Layer>,
    /// Version of each dataset read.
    pub datasets: BTreeMap<DatasetId, i64>,
    /// Hash of the definition of each dataset read.
    pub dataset_definitions: BTreeMap<DatasetId, String>,
    /// Hash of each indicator.
    pub indicators: BTreeMap<IndicatorCode, String>,
    /// Hash of what each indicator means: labels, advice and thresholds do not count.
    pub meanings: BTreeMap<IndicatorCode, String>,
    /// Hash of the thresholds of each indicator.
    pub thresholds: BTreeMap<IndicatorCode, String>,
    /// Hash of each rule.
    pub rules: BTreeMap<RuleId, String>,
    /// Hash of the calendar.
    pub calendar: String,
    /// Hash of the hierarchy.
    pub hierarchy: String,
    /// Which hierarchy counted.
    pub view: View,
    /// The day on which it was asked. It enters the fingerprint only where it decides something: through `periods`, and
    /// as the day of the hierarchy as it is.
    pub today: NaiveDate,
    /// Versions of the plugins that computed datasets.
    pub plugins: BTreeMap<PluginId, String>,
    /// Hash of what earlier runs were asked for.
    pub history: String,
    /// What each indicator reads, directly or through others.
    pub reads: BTreeMap<IndicatorCode, Reads>,
}

/// What an indicator reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// Datasets.
    pub datasets: BTreeSet<DatasetId>,
    /// Other indicators.
    pub indicators: BTreeSet<IndicatorCode>,
}

/// Counts over all results.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Results.
    pub results: u64,
    /// By attainment.
    pub attainment: BTreeMap<Attainment, u64>,
    /// By layer and attainment.
    pub layers: BTreeMap<Layer, BTreeMap<Attainment, u64>>,
    /// By indicator, grain and attainment.
    pub indicators: BTreeMap<IndicatorCode, BTreeMap<ObjectKind, BTreeMap<Attainment, u64>>>,
    /// Warning values breached, by level.
    pub warnings: BTreeMap<LevelId, u64>,
    /// Rules fired, by rule.
    pub firings: BTreeMap<RuleId, u64>,
}

/// One value that is 不达标.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The layer.
    pub layer: Layer,
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: PeriodId,
    /// The value as printed.
    pub value: Decimal,
    /// The standard that it misses, as text; the target where no standard is set.
    pub standard: String,
    /// Level of the warning value, if that is breached too.
    pub level: Option<LevelId>,
}

/// A rule that fired for an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// The rule; the indicator's code for the implicit rule of its warning value.
    pub rule: RuleId,
    /// The layer.
    pub layer: Layer,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: PeriodId,
    /// Level.
    pub level: LevelId,
    /// Most warnings of the rule that a run may raise.
    pub cap: Option<u32>,
    /// Why.
    pub because: Vec<Because>,
}

/// A rule of which it cannot be said whether it fires: this neither raises nor clears a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownFiring {
    /// The rule.
    pub rule: RuleId,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// The period.
    pub period: PeriodId,
}

/// A rule evaluated for all objects of a kind in a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evaluated {
    /// The rule.
    pub rule: RuleId,
    /// Kind of the objects.
    pub kind: ObjectKind,
    /// The period.
    pub period: PeriodId,
}

/// Something that the data lack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "lack")]
pub enum DataGap {
    /// A dataset that indicators read has never been imported.
    NoTable {
        /// The dataset.
        dataset: DatasetId,
    },
    /// A dataset has rows, none of the period.
    NoRows {
        /// The dataset.
        dataset: DatasetId,
        /// The period.
        period: PeriodId,
    },
    /// A plugin could not compute its dataset.
    NotComputed {
        /// The dataset.
        dataset: DatasetId,
        /// The plugin.
        plugin: PluginId,
        /// Key of what it said, in its own catalogue.
        said: String,
    },
    /// Rows name objects that no master row describes.
    UnknownObjects {
        /// The dataset.
        dataset: DatasetId,
        /// Kind of the objects.
        kind: ObjectKind,
        /// The period.
        period: PeriodId,
        /// How many different ids.
        objects: u64,
        /// How many rows.
        rows: u64,
        /// The first few ids.
        sample: Vec<String>,
    },
    /// Values that could not be computed.
    Undetermined {
        /// The indicator.
        indicator: IndicatorCode,
        /// Kind of the objects.
        kind: ObjectKind,
        /// The period.
        period: PeriodId,
        /// The reason; for missing data the measure.
        reason: GapReason,
        /// How many objects.
        objects: u64,
    },
    /// Two parents of one kind at one time, or another fault among the edges.
    Hierarchy {
        /// What does not add up, as the model says it, in JSON.
        fault: String,
    },
}

/// The reason of undetermined values, without the numbers of one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum GapReason {
    /// No row for a measure.
    NoData {
        /// The measure.
        measure: MeasureName,
    },
    /// Another indicator has no number.
    Input {
        /// That indicator.
        indicator: IndicatorCode,
    },
    /// A division by zero.
    ZeroDenominator,
    /// Too few cases.
    BelowMinimum,
    /// The result does not fit.
    Overflow,
}

impl From<&Gap> for GapReason {
    fn from(gap: &Gap) -> Self {
        match gap {
            Gap::NoData { measure } => Self::NoData { measure: measure.clone() },
            Gap::Input { indicator } => Self::Input { indicator: indicator.clone() },
            Gap::ZeroDenominator => Self::ZeroDenominator,
            Gap::BelowMinimum { .. } => Self::BelowMinimum,
            Gap::Overflow => Self::Overflow,
        }
    }
}
