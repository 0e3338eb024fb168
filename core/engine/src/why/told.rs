//! What an explanation says. All of it can be stored and shown later.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{DatasetId, IndicatorCode, LevelId, ObjectId, ObjectKind, PeriodId, RuleId};
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;
use zhengai_model::rule::Because;
use zhengai_model::threshold::Threshold;
use zhengai_model::value::Value;
use zhengai_model::verdict::Attainment;

/// The explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Hash of its definition.
    pub version: String,
    /// Its layer.
    pub layer: Layer,
    /// The formula as written.
    pub formula: String,
    /// Where the formula comes from.
    pub basis: Option<String>,
    /// Unit of the value.
    pub unit: String,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its name.
    pub object_name: String,
    /// The period with its dates.
    pub period: Period,
    /// Measures in the order of the definition.
    pub measures: Vec<MeasureWhy>,
    /// Other indicators that the formula reads, with their values.
    pub inputs: Vec<InputWhy>,
    /// SQL of the population, and whether the object satisfies it.
    pub applies: Option<String>,
    /// The value.
    pub value: Value,
    /// Before rounding: a decimal, or a fraction where it has none.
    pub exact: Option<String>,
    /// Digits to which it was rounded, half up, once.
    pub decimals: u8,
    /// The verdict on target and standard.
    pub attainment: Attainment,
    /// Level of the breached warning value.
    pub warning: Option<LevelId>,
    /// Thresholds in force.
    pub thresholds: Vec<ThresholdWhy>,
    /// Which hierarchy counted.
    pub view: View,
    /// Units above the object on the last day of the period.
    pub units: Vec<(ObjectKind, ObjectId)>,
    /// Hash of the hierarchy.
    pub hierarchy: String,
    /// Rules that fired for the object.
    pub rules: Vec<RuleWhy>,
    /// Versions of the datasets.
    pub versions: BTreeMap<DatasetId, i64>,
}

/// One measure behind a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureWhy {
    /// Its name in the formula.
    pub name: String,
    /// Its number; `None` when there is none.
    pub value: Option<String>,
    /// Unit of the number, when known.
    pub unit: Option<String>,
    /// The dataset, for measures over rows.
    pub dataset: Option<DatasetId>,
    /// The indicator, for measures over values.
    pub over: Option<IndicatorCode>,
    /// The aggregate and filter as compiled.
    pub aggregate: String,
    /// The query that was run.
    pub sql: Option<String>,
    /// Objects whose parts were put together, when the grain is coarser than the rows; the largest parts first.
    pub children: Vec<Child>,
    /// How many there are in all.
    pub children_total: usize,
    /// The query for all rows behind the number.
    pub rows_sql: Option<String>,
    /// Some of these rows.
    pub rows: Vec<SampleRow>,
    /// When a plugin computed the dataset: some of the imported rows that it was computed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceRows>,
}

/// Rows of an imported dataset that went into a computed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRows {
    /// The imported dataset.
    pub dataset: DatasetId,
    /// The query for these rows.
    pub sql: String,
    /// Some of them.
    pub rows: Vec<SampleRow>,
}

/// A part of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its part.
    pub value: String,
}

/// One row behind a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleRow {
    /// The batch that brought it.
    pub batch: String,
    /// Line in the file of the batch.
    pub line: i64,
    /// Field and text, in the order of the dataset.
    pub cells: Vec<(String, Option<String>)>,
}

/// Another indicator that the formula reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputWhy {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Kind of the object for which it was read.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// The period.
    pub period: PeriodId,
    /// Its value.
    pub value: Value,
}

/// A threshold in force, and those that gave way to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThresholdWhy {
    /// The threshold.
    pub threshold: Threshold,
    /// Its scope in one word.
    pub scope: String,
    /// Whether the value satisfies the condition; `None` without a number.
    pub holds: Option<bool>,
    /// Others of the same kind for the indicator that were not chosen.
    pub beaten: Vec<BeatenThreshold>,
}

/// A threshold that was not chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeatenThreshold {
    /// The threshold.
    pub threshold: Threshold,
    /// Its scope in one word.
    pub scope: String,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleWhy {
    /// The rule.
    pub rule: RuleId,
    /// Its level.
    pub level: LevelId,
    /// Why.
    pub because: Vec<Because>,
}
