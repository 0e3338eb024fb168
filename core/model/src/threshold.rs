//! Thresholds: 目标值, 标准值, 预警值 and their kin, each with its own operator, scope, dates and source.

use crate::ids::{IndicatorCode, LevelId, ObjectId, ObjectKind};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which of the values a threshold is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThresholdKind {
    /// 初始值
    Start,
    /// 过程值
    Process,
    /// 目标值
    Target,
    /// 标准值
    Standard,
    /// 预警值: the condition states when to warn.
    Warning,
    /// 恢复值: the condition states when a warning may clear; the standard when absent.
    Recovery,
}

/// A comparison with its own operator. Written `>= 95`, `< 90`, `in [0, 5]`, `in (0, 5]`; `≥` and `≤` are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Condition {
    /// `> x`
    Above(Decimal),
    /// `>= x`
    AtLeast(Decimal),
    /// `< x`
    Below(Decimal),
    /// `<= x`
    AtMost(Decimal),
    /// `= x`
    Equal(Decimal),
    /// 属于 an interval
    Within(Interval),
}

/// An interval with open or closed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Lower end.
    pub low: Decimal,
    /// Whether `low` itself belongs to it.
    pub low_closed: bool,
    /// Upper end.
    pub high: Decimal,
    /// Whether `high` itself belongs to it.
    pub high_closed: bool,
}

/// For whom a threshold holds. The most specific one wins: object > group > unit > college > province > nation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "level", deny_unknown_fields)]
pub enum Scope {
    /// 国家
    Nation,
    /// 省
    Province,
    /// 学校
    College,
    /// An organisational unit and everything below it.
    Unit {
        /// Kind of the unit, for example `department`.
        kind: ObjectKind,
        /// Its id.
        id: ObjectId,
    },
    /// All objects of a kind whose master row has this value in this field, for example majors of one category.
    Group {
        /// Kind of the objects.
        kind: ObjectKind,
        /// Field of the master dataset.
        field: String,
        /// Its value.
        value: String,
    },
    /// One object.
    Object {
        /// Its kind.
        kind: ObjectKind,
        /// Its id.
        id: ObjectId,
    },
}

/// One threshold as policy packs and users write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Which value it is.
    pub kind: ThresholdKind,
    /// The comparison.
    pub when: Condition,
    /// The grain for which it holds; every grain of the indicator when absent.
    #[serde(default)]
    pub grain: Option<ObjectKind>,
    /// For whom.
    pub scope: Scope,
    /// Level of the warning, for warning values; the pack's default level when absent.
    #[serde(default)]
    pub level: Option<LevelId>,
    /// First day on which it holds.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// Regulation, plan or decision that it comes from.
    pub source: String,
    /// Whether a person has checked it against the source; otherwise shown as 未核实.
    #[serde(default)]
    pub verified: bool,
}

/// Thresholds written inside an indicator: scope college, no dates, all grains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InlineValues {
    /// 初始值
    #[serde(default)]
    pub start: Option<Condition>,
    /// 过程值
    #[serde(default)]
    pub process: Option<Condition>,
    /// 目标值
    #[serde(default)]
    pub target: Option<Condition>,
    /// 标准值
    #[serde(default)]
    pub standard: Option<Condition>,
    /// 预警值
    #[serde(default)]
    pub warning: Option<Condition>,
    /// 恢复值
    #[serde(default)]
    pub recovery: Option<Condition>,
    /// Level of the warning.
    #[serde(default)]
    pub level: Option<LevelId>,
    /// Grains for which they hold; all when empty.
    #[serde(default)]
    pub grains: Vec<ObjectKind>,
    /// Where they come from.
    pub source: String,
    /// Whether checked against the source.
    #[serde(default)]
    pub verified: bool,
}

/// A text that is not a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a condition: write for example `>= 95`, `< 90` or `in [0, 5]`")]
pub struct BadCondition {
    /// What was given.
    pub text: String,
}

impl TryFrom<String> for Condition {
    type Error = BadCondition;

    fn try_from(text: String) -> Result<Self, BadCondition> {
        parse_condition(text.trim()).ok_or(BadCondition { text })
    }
}

fn parse_condition(text: &str) -> Option<Condition> {
    let number = |rest: &str| rest.trim().parse::<Decimal>().ok();
    for (sign, make) in [
        (">=", Condition::AtLeast as fn(Decimal) -> Condition),
        ("≥", Condition::AtLeast),
        ("<=", Condition::AtMost),
        ("≤", Condition::AtMost),
        (">", Condition::Above),
        ("<", Condition::Below),
        ("=", Condition::Equal),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return number(rest).map(make);
        }
    }
    let inside = text.strip_prefix("in").or_else(|| text.strip_prefix("属于"))?.trim();
    let low_closed = inside.starts_with('[');
    let high_closed = inside.ends_with(']');
    let body = inside.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let (low, high) = body.split_once(',')?;
    let (low, high) = (number(low)?, number(high)?);
    (low <= high).then_some(Condition::Within(Interval { low, low_closed, high, high_closed }))
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.to_string()
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Above(x) => write!(f, "> {x}"),
            Self::AtLeast(x) => write!(f, ">= {x}"),
            Self::Below(x) => write!(f, "< {x}"),
            Self::AtMost(x) => write!(f, "<= {x}"),
            Self::Equal(x) => write!(f, "= {x}"),
            Self::Within(i) => write!(
                f,
                "in {}{}, {}{}",
                if i.low_closed { '[' } else { '(' },
                i.low,
                i.high,
                if i.high_closed { ']' } else { ')' }
            ),
        }
    }
}
