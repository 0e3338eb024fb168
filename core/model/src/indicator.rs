//! Indicators (指标): definitions as packs and users write them. Evaluation is in `expr` and in the engine.

mod change;
mod text;

pub use change::{FieldChange, changes, is_comparable};
pub use text::{FieldFault, IndicatorText, Label, MeasureText, ValuesText};

use crate::dataset::Privacy;
use crate::ids::{DatasetId, FieldName, IndicatorCode, MeasureName, ObjectKind, PointId};
use crate::layer::{Layer, System};
use crate::period::PeriodKind;
use crate::text::Names;
use crate::threshold::InlineValues;
use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One indicator, or a named quantity (命名量) when `quantity = true`: computed and shown, never judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its code.
    pub code: IndicatorCode,
    /// Labels.
    pub names: Names,
    /// The layer that it belongs to.
    pub layer: Layer,
    /// Its 质控点: a leaf of the tree.
    pub point: PointId,
    /// The system (五纵) that answers for it.
    #[serde(default)]
    pub system: Option<System>,
    /// A shared quantity such as 折合在校生数.
    #[serde(default)]
    pub quantity: bool,
    /// 权重 in percent among the indicators of its 质控点; those of one point that have weights sum to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Decimal>,
    /// Unit of the value, for example `%`, `元/生`, `人`.
    pub unit: String,
    /// Which way is good.
    pub direction: Direction,
    /// The kind of object for which it is first of all computed.
    pub grain: ObjectKind,
    /// Coarser kinds for which it is computed as well, from summed parts.
    #[serde(default)]
    pub also: Vec<ObjectKind>,
    /// The kind of period for which it is computed.
    pub period: PeriodKind,
    /// 时点 or 时期.
    #[serde(default)]
    pub time: Timing,
    /// Digits after the point of the value.
    pub decimals: u8,
    /// Expression over measures and other indicators (`@CODE`), in the language of `expr`.
    pub value: String,
    /// The measures by name.
    #[serde(default)]
    pub measures: IndexMap<MeasureName, Measure>,
    /// Minimum number of cases.
    #[serde(default)]
    pub min_n: Option<MinimumN>,
    /// SQL over the master dataset of the grain; objects that fail it are 不适用.
    #[serde(default)]
    pub applies: Option<String>,
    /// A measure that counts what must have taken place in the period, such as teaching sections. Where it is a true
    /// zero and there is no value, the object is 不适用 and not 无法判定.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<MeasureName>,
    /// 目标 标准 预警 … with source, for everybody in the college; scoped thresholds come from policy and the user.
    #[serde(default)]
    pub values: Option<InlineValues>,
    /// Who answers for it: department names or roles.
    #[serde(default)]
    pub owners: Vec<Names>,
    /// Where the data come from, for people.
    #[serde(default)]
    pub sources: Vec<Names>,
    /// What to do when it is not met.
    #[serde(default)]
    pub advice: Option<Names>,
    /// Where formula or meaning come from (regulation, plan, paper).
    #[serde(default)]
    pub basis: Option<String>,
    /// Who may see values.
    #[serde(default)]
    pub privacy: Privacy,
    /// Increased by hand when the meaning changes: draws a break in every trend line.
    #[serde(default = "one")]
    pub meaning: u32,
}

fn one() -> u32 {
    1
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Best inside an interval.
    Within,
    /// 是/否: 1 is yes.
    YesNo,
    /// An ordered level, 1 the lowest.
    Level,
}

impl Direction {
    /// The word used in files and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Within => "within",
            Self::YesNo => "yes-no",
            Self::Level => "level",
        }
    }
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// 时点 (stock) or 时期 (flow).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// 时期: rows of the whole period count.
    #[default]
    Flow,
    /// 时点: the state at the end of the period (or the latest snapshot in it) counts.
    Stock,
}

/// One aggregate over one dataset, or over the values of another indicator at a finer grain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The dataset; absent when `over` is given.
    #[serde(default)]
    pub dataset: Option<DatasetId>,
    /// One aggregate in SQL (DataFusion dialect): `count(*)`, `sum(x)`, `min(x)`, `max(x)`, `count(distinct x)`.
    pub agg: String,
    /// SQL filter on rows.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// The field that identifies the object, when the dataset has several that could.
    #[serde(default)]
    pub by: Option<FieldName>,
    /// What it means that an object has no row.
    #[serde(default)]
    pub absent: Absent,
    /// Aggregates the values of this indicator over the child objects: `agg` is then `count`, `sum`, `min` or `max`
    /// of `value`, and `where` a condition on `value`.
    #[serde(default)]
    pub over: Option<IndicatorCode>,
    /// The child kind whose values are aggregated; the grain of the other indicator when absent.
    #[serde(default)]
    pub over_grain: Option<ObjectKind>,
}

/// What it means that a measure finds no row for an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    /// 无数据.
    #[default]
    Missing,
    /// A true zero, provided that the dataset holds any row of the period; otherwise 无数据 all the same.
    Zero,
}

/// At least so many cases, or the value is 无法判定.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumN {
    /// The measure that counts cases.
    pub measure: MeasureName,
    /// The minimum.
    pub at_least: u64,
}

/// A node of the tree 层面 → 维度 → 质控点.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Dotted id; the parent is the id without its last part.
    pub id: PointId,
    /// Labels.
    pub names: Names,
}
