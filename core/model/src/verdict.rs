//! Verdicts: attainment and warning are two results that never stand for each other.

use crate::ids::LevelId;
use crate::text::Names;
use crate::threshold::{Condition, Spans};
use crate::value::Value;
use rust_decimal::Decimal;
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

/// Judges a value against target, standard and one warning value. What is missing is never a failure: no number is
/// 无法判定, 不适用 or 未到期, and warns of nothing.
pub fn judge(
    value: &Value,
    target: Option<&Condition>,
    standard: Option<&Condition>,
    warning: Option<(&Condition, &LevelId)>,
) -> Verdict {
    Verdict {
        attainment: attainment(value, target, standard),
        warning: value.number().and_then(|number| {
            warning.filter(|(condition, _)| condition.holds(number)).map(|(_, level)| level.clone())
        }),
    }
}

/// The same with several warning values: the most severe one that is breached counts.
pub fn judge_all(
    value: &Value,
    target: Option<&Condition>,
    standard: Option<&Condition>,
    warnings: &[(Condition, LevelId)],
    levels: &Levels,
) -> Verdict {
    let breached = value.number().and_then(|number| {
        warnings
            .iter()
            .filter(|(condition, _)| condition.holds(number))
            .max_by_key(|(_, level)| levels.severity(level))
            .map(|(_, level)| level.clone())
    });
    Verdict { attainment: attainment(value, target, standard), warning: breached }
}

fn attainment(value: &Value, target: Option<&Condition>, standard: Option<&Condition>) -> Attainment {
    let number = match value {
        Value::Number(number) => *number,
        Value::Undetermined(_) => return Attainment::Undetermined,
        Value::NotApplicable(_) => return Attainment::NotApplicable,
        Value::NotDue => return Attainment::NotDue,
    };
    let reached = target.map(|condition| condition.holds(number));
    let met = standard.map(|condition| condition.holds(number));
    match (reached, met) {
        (None, None) => Attainment::Unjudged,
        (Some(true), None | Some(true)) => Attainment::Achieved,
        (_, Some(true)) => Attainment::Met,
        _ => Attainment::Unmet,
    }
}

/// The warning levels of a college, from mild to severe: policy data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels {
    levels: Vec<crate::pack::Level>,
}

impl Levels {
    /// Levels in their order of severity. The first of two with one id counts.
    pub fn new(levels: impl IntoIterator<Item = crate::pack::Level>) -> Self {
        let mut kept: Vec<crate::pack::Level> = Vec::new();
        for level in levels {
            if !kept.iter().any(|other| other.id == level.id) {
                kept.push(level);
            }
        }
        Self { levels: kept }
    }

    /// All levels, mild first.
    pub fn all(&self) -> &[crate::pack::Level] {
        &self.levels
    }

    /// How severe a level is: 1 for the mildest, 0 for one that nobody defined.
    pub fn severity(&self, id: &LevelId) -> usize {
        self.levels.iter().position(|level| &level.id == id).map_or(0, |place| place + 1)
    }

    /// Its labels.
    pub fn names(&self, id: &LevelId) -> Option<&Names> {
        self.levels.iter().find(|level| &level.id == id).map(|level| &level.names)
    }

    /// Whether it is defined.
    pub fn contains(&self, id: &LevelId) -> bool {
        self.severity(id) > 0
    }

    /// The level of warning values that name none: the one marked `default`, otherwise the mildest.
    pub fn usual(&self) -> Option<&LevelId> {
        self.levels.iter().find(|level| level.default).or(self.levels.first()).map(|level| &level.id)
    }
}

/// One band of a scale: 合格 / 限制, 红 / 黄 / 绿, A–E.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its id within the scale.
    pub id: String,
    /// Labels.
    pub names: Names,
    /// The values that belong to it, with open or closed ends.
    pub when: Condition,
}

/// Ordered bands, best first: the general form of every verdict. No value belongs to two of them, and each belongs to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bands {
    bands: Vec<Band>,
}

/// Why bands are not a scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BandsError {
    /// Some value would belong to both.
    #[error("bands `{first}` and `{second}` overlap")]
    Overlap {
        /// One band.
        first: String,
        /// The other.
        second: String,
    },
    /// Some value would belong to none.
    #[error("the bands leave a gap")]
    Gap,
}

impl crate::fault::Explain for BandsError {
    fn fault(&self) -> crate::fault::Fault {
        crate::fault::Fault::Invalid
    }

    fn message(&self) -> crate::text::Message {
        match self {
            Self::Overlap { first, second } => {
                crate::text::Message::new("model-bands-overlap").with("first", first).with("second", second)
            }
            Self::Gap => crate::text::Message::new("model-bands-gap"),
        }
    }
}

impl Bands {
    /// Checks that every value belongs to exactly one band.
    pub fn new(bands: Vec<Band>) -> Result<Self, BandsError> {
        let spans: Vec<Spans> = bands.iter().map(|band| Spans::of(&band.when)).collect();
        for (index, (band, span)) in bands.iter().zip(&spans).enumerate() {
            for (other, other_span) in bands.iter().zip(&spans).skip(index + 1) {
                if !span.disjoint(other_span) {
                    return Err(BandsError::Overlap { first: band.id.clone(), second: other.id.clone() });
                }
            }
        }
        if Spans::leave_gap(&spans) {
            return Err(BandsError::Gap);
        }
        Ok(Self { bands })
    }

    /// All bands, best first.
    pub fn all(&self) -> &[Band] {
        &self.bands
    }

    /// The band of a value; none when there is no number.
    pub fn of(&self, value: &Value) -> Option<&Band> {
        let number: Decimal = value.number()?;
        self.bands.iter().find(|band| band.when.holds(number))
    }
}

#[cfg(test)]
mod tests;
