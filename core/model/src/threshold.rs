//! Thresholds: 目标值, 标准值, 预警值 and their kin, each with its own operator, scope, dates and source.

mod check;
mod choose;
mod condition;
mod scope;
mod span;
mod text;

pub use check::{
    Contradiction, FloorFault, FloorOverride, ValueSet, check_consistent, check_floor, check_revision, check_thresholds,
};
pub use choose::{ObjectContext, choose, choose_warnings};
pub use condition::{BadCondition, Condition, Interval};
pub use scope::{BadScope, Scope};
pub(crate) use span::Spans;
pub use text::ThresholdText;

use crate::ids::{IndicatorCode, LevelId, ObjectKind};
use chrono::NaiveDate;
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
    /// Narrows the scope to objects whose master row has this value in this field, for example schools of one
    /// category in a national regulation. It does not make the threshold more specific.
    #[serde(default)]
    pub category: Option<Category>,
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

/// A value in a field of the master row of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Field of the master dataset.
    pub field: String,
    /// Its value.
    pub value: String,
}

impl ThresholdKind {
    /// The word used in files and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Process => "process",
            Self::Target => "target",
            Self::Standard => "standard",
            Self::Warning => "warning",
            Self::Recovery => "recovery",
        }
    }
}

impl std::fmt::Display for ThresholdKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Threshold {
    /// Whether it is in force on that day; `to` is the first day on which it no longer is.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on < to)
    }
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

impl InlineValues {
    /// The same as thresholds of the college.
    pub fn thresholds(&self, indicator: &IndicatorCode) -> Vec<Threshold> {
        let kinds = [
            (ThresholdKind::Start, self.start),
            (ThresholdKind::Process, self.process),
            (ThresholdKind::Target, self.target),
            (ThresholdKind::Standard, self.standard),
            (ThresholdKind::Warning, self.warning),
            (ThresholdKind::Recovery, self.recovery),
        ];
        let grains: Vec<Option<ObjectKind>> =
            if self.grains.is_empty() { vec![None] } else { self.grains.iter().cloned().map(Some).collect() };
        let mut thresholds = Vec::new();
        for (kind, when) in kinds {
            let Some(when) = when else { continue };
            for grain in &grains {
                thresholds.push(Threshold {
                    indicator: indicator.clone(),
                    kind,
                    when,
                    grain: grain.clone(),
                    scope: Scope::College,
                    category: None,
                    level: self.level.clone().filter(|_| kind == ThresholdKind::Warning),
                    from: None,
                    to: None,
                    source: self.source.clone(),
                    verified: self.verified,
                });
            }
        }
        thresholds
    }
}

#[cfg(test)]
mod tests;
