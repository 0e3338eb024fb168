//! Verdicts: attainment and warning are two results that never stand for each other.

use crate::ids::LevelId;
use serde::{Deserialize, Serialize};

/// Whether target and standard are reached (达成目标 / 达标 / 不达标 / 无法判定 / 不适用 / 未到期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attainment {
    /// 达成目标
    Achieved,
    /// 达标: standard met, target not.
    Met,
    /// 不达标
    Unmet,
    /// 无法判定
    Undetermined,
    /// 不适用
    NotApplicable,
    /// 未到期
    NotDue,
    /// No target and no standard is set: there is a value, and nothing to hold it against.
    Unjudged,
}

/// The two independent results for one (indicator, object, period).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Target and standard.
    pub attainment: Attainment,
    /// Level of the warning value's breach, if breached.
    pub warning: Option<LevelId>,
}
