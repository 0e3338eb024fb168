//! `why`: one number, from its definition to the lines of a file. The shape is that of the explanation which the engine
//! gives and which a program may keep.

use crate::call::Call;
use crate::runs::ResultLine;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use zhengai_model::hierarchy::View;
use zhengai_model::layer::Layer;
use zhengai_model::period::Period;
use zhengai_model::threshold::Threshold;
use zhengai_model::value::Value;
use zhengai_model::verdict::Attainment;

/// How many rows of a measure one answer shows unless the request says otherwise.
pub const DEFAULT_ROWS: u64 = 10;
/// How many rows of a measure one answer may show.
pub const MAX_ROWS: u64 = 1_000;

/// Which number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WhyQuery {
    /// Code of the indicator.
    pub indicator: String,
    /// The object: `student/S1`, or the id alone.
    pub object: String,
    /// The run; the newest finished one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Of this period only; a run may have values of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Rows of each measure to leave out first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many rows of each measure (10; never more than 1 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// One number, explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The run.
    pub run: String,
    /// Fingerprint of everything that the run read.
    pub fingerprint: Option<String>,
    /// The number as it was stored.
    pub result: ResultLine,
    /// Where it comes from.
    pub why: Why,
    /// File (and sheet) of each batch that a row names.
    pub files: BTreeMap<String, String>,
    /// Rows of people, where the one who asks may not see them: why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// The indicator.
    pub indicator: String,
    /// Its name.
    #[serde(default)]
    pub indicator_name: String,
    /// Hash of its definition.
    pub version: String,
    /// Its layer.
    #[schema(value_type = String)]
    pub layer: Layer,
    /// The formula as written.
    pub formula: String,
    /// Where the formula comes from.
    pub basis: Option<String>,
    /// Unit of the value.
    pub unit: String,
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Its name.
    pub object_name: String,
    /// The period with its dates.
    #[schema(value_type = Object)]
    pub period: Period,
    /// Measures in the order of the definition.
    pub measures: Vec<MeasureWhy>,
    /// Other indicators that the formula reads, with their values.
    pub inputs: Vec<InputWhy>,
    /// SQL of the population.
    pub applies: Option<String>,
    /// The value.
    #[schema(value_type = Object)]
    pub value: Value,
    /// Before rounding: a decimal, or a fraction where it has none.
    pub exact: Option<String>,
    /// Digits to which it was rounded, half up, once.
    pub decimals: u8,
    /// The verdict on target and standard.
    #[schema(value_type = String)]
    pub attainment: Attainment,
    /// Level of the breached warning value.
    pub warning: Option<String>,
    /// Thresholds in force.
    pub thresholds: Vec<ThresholdWhy>,
    /// Which hierarchy counted.
    #[schema(value_type = Object)]
    pub view: View,
    /// Units above the object on the last day of the period: kind and id, nearest first.
    pub units: Vec<(String, String)>,
    /// Hash of the hierarchy.
    pub hierarchy: String,
    /// Rules that fired for the object.
    pub rules: Vec<RuleWhy>,
    /// Versions of the datasets.
    pub versions: BTreeMap<String, i64>,
}

/// One measure behind a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MeasureWhy {
    /// Its name in the formula.
    pub name: String,
    /// Its number; nothing when there is none.
    pub value: Option<String>,
    /// Unit of the number, when known.
    pub unit: Option<String>,
    /// The dataset, for measures over rows.
    pub dataset: Option<String>,
    /// The indicator, for measures over values.
    pub over: Option<String>,
    /// The aggregate and filter as compiled.
    pub aggregate: String,
    /// The query that was run.
    pub sql: Option<String>,
    /// Objects whose parts were put together, the largest parts first.
    pub children: Vec<Child>,
    /// How many there are in all.
    pub children_total: u64,
    /// The query for all rows behind the number.
    pub rows_sql: Option<String>,
    /// These rows, as many as were asked for.
    pub rows: Vec<SampleRow>,
    /// When a plugin computed the dataset: imported rows that it was computed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceRows>,
}

/// Rows of an imported dataset that went into a computed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SourceRows {
    /// The imported dataset.
    pub dataset: String,
    /// The query for these rows.
    pub sql: String,
    /// Some of them.
    pub rows: Vec<SampleRow>,
}

/// A part of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Child {
    /// Kind of the object.
    pub kind: String,
    /// The object.
    pub object: String,
    /// Its part.
    pub value: String,
}

/// One row behind a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SampleRow {
    /// The batch that brought it.
    pub batch: String,
    /// Line in the file of the batch.
    pub line: i64,
    /// Field and text, in the order of the dataset.
    pub cells: Vec<(String, Option<String>)>,
}

/// Another indicator that the formula reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InputWhy {
    /// The indicator.
    pub indicator: String,
    /// Kind of the object for which it was read.
    pub kind: String,
    /// The object.
    pub object: String,
    /// The period.
    pub period: String,
    /// Its value.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// A threshold in force, and those that gave way to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ThresholdWhy {
    /// The threshold.
    #[schema(value_type = Object)]
    pub threshold: Threshold,
    /// Its scope in one word.
    pub scope: String,
    /// Whether the value satisfies the condition; nothing without a number.
    pub holds: Option<bool>,
    /// Others of the same kind for the indicator that were not chosen.
    pub beaten: Vec<BeatenThreshold>,
}

/// A threshold that was not chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BeatenThreshold {
    /// The threshold.
    #[schema(value_type = Object)]
    pub threshold: Threshold,
    /// Its scope in one word.
    pub scope: String,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RuleWhy {
    /// The rule.
    pub rule: String,
    /// Its name.
    #[serde(default)]
    pub rule_name: String,
    /// Its level.
    pub level: String,
    /// Name of the level.
    #[serde(default)]
    pub level_name: String,
    /// Why, as the engine recorded it.
    #[schema(value_type = Vec<Object>)]
    pub because: Vec<serde_json::Value>,
    /// The same in words, a sentence each.
    #[serde(default)]
    pub reasons: Vec<String>,
}

/// `GET /v1/why`: one explanation for each value of the run that fits.
pub fn explain(query: &WhyQuery) -> Call<Vec<Explanation>> {
    Call::get(&["why"]).query(query)
}
