//! Why a rule fired, or why it cannot be said: the very numbers that were compared, kept with the warning.

use super::{Against, Relative};
use crate::ids::{DatasetId, IndicatorCode, LevelId, RuleId};
use crate::text::Message;
use crate::threshold::Condition;
use crate::value::Value;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "because")]
pub enum Because {
    /// The value satisfies the condition.
    Value {
        /// The indicator.
        indicator: IndicatorCode,
        /// Its value.
        value: Decimal,
        /// The condition.
        when: Condition,
    },
    /// The value breaches the warning value in force.
    Warning {
        /// The indicator.
        indicator: IndicatorCode,
        /// Its value.
        value: Decimal,
        /// The warning value.
        when: Condition,
        /// Its level.
        level: LevelId,
    },
    /// The condition held in all of these periods, the newest first.
    Consecutive {
        /// The indicator.
        indicator: IndicatorCode,
        /// The values.
        values: Vec<Decimal>,
        /// The condition.
        when: Condition,
    },
    /// The condition held in so many of these periods, the newest first.
    Cumulative {
        /// The indicator.
        indicator: IndicatorCode,
        /// The values for which it held.
        values: Vec<Decimal>,
        /// Among how many periods.
        within: u32,
        /// The condition.
        when: Condition,
    },
    /// The change satisfies the condition.
    Change {
        /// The indicator.
        indicator: IndicatorCode,
        /// Its value now.
        now: Decimal,
        /// Its value then.
        before: Decimal,
        /// The change, in the unit or in percent.
        change: Decimal,
        /// Against which period.
        against: Against,
        /// In the unit or in percent.
        relative: Relative,
        /// The condition.
        when: Condition,
    },
    /// The value is behind the plan.
    Pace {
        /// The indicator.
        indicator: IndicatorCode,
        /// Its value.
        value: Decimal,
        /// The 过程值.
        plan: Condition,
    },
    /// The object is among the worst.
    Peers {
        /// The indicator.
        indicator: IndicatorCode,
        /// Its value.
        value: Decimal,
        /// How many peers are strictly worse.
        worse: u32,
        /// How many there are, the object included.
        of: u32,
        /// The share that counts as worst.
        worst: Decimal,
    },
    /// There is no number where the rule wants to know of it.
    Missing {
        /// The indicator.
        indicator: IndicatorCode,
        /// What there is instead.
        instead: Value,
    },
    /// The dataset is old.
    Stale {
        /// The dataset.
        dataset: DatasetId,
        /// Its age in days; absent when it never had a row.
        age: Option<u32>,
        /// Days allowed.
        days: u32,
    },
    /// The other rule fired before.
    History {
        /// The rule.
        rule: RuleId,
        /// How many times.
        times: u32,
        /// Among how many periods before this one.
        within: u32,
    },
    /// A date is near or past.
    Due {
        /// The indicator.
        indicator: IndicatorCode,
        /// Days left; negative when past.
        left: Decimal,
        /// Days of notice.
        within_days: u32,
    },
    /// The test inside a `not` does not hold.
    Not {
        /// Name of the test.
        test: String,
    },
    /// It cannot be said: an indicator has no number in a period.
    NoNumber {
        /// The indicator.
        indicator: IndicatorCode,
        /// How many periods back; 0 is this one.
        back: u32,
        /// What there is instead; nothing is known when absent.
        instead: Option<Value>,
    },
    /// It cannot be said: there is no value of a year ago.
    NoLastYear {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// It cannot be said: the earlier value is zero, so there is no percentage.
    ZeroBefore {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// It cannot be said: no 过程值 is set.
    NoPlan {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// It cannot be said: no warning value is set.
    NoWarningValue {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// It cannot be said: too few peers.
    FewPeers {
        /// The indicator.
        indicator: IndicatorCode,
        /// How many there are.
        found: u32,
        /// How many are wanted.
        at_least: u32,
    },
    /// It cannot be said: nobody knows whether the other rule fired.
    NoFirings {
        /// The rule.
        rule: RuleId,
        /// How many periods back nothing is known.
        back: u32,
    },
    /// It cannot be said: the numbers do not fit.
    Overflow {
        /// The indicator.
        indicator: IndicatorCode,
    },
}

fn list(values: &[Decimal]) -> String {
    values.iter().map(Decimal::to_string).collect::<Vec<_>>().join(", ")
}

impl Because {
    /// The indicator that it is about, if it is about one.
    pub fn indicator(&self) -> Option<&IndicatorCode> {
        match self {
            Self::Value { indicator, .. }
            | Self::Warning { indicator, .. }
            | Self::Consecutive { indicator, .. }
            | Self::Cumulative { indicator, .. }
            | Self::Change { indicator, .. }
            | Self::Pace { indicator, .. }
            | Self::Peers { indicator, .. }
            | Self::Missing { indicator, .. }
            | Self::Due { indicator, .. }
            | Self::NoNumber { indicator, .. }
            | Self::NoLastYear { indicator }
            | Self::ZeroBefore { indicator }
            | Self::NoPlan { indicator }
            | Self::NoWarningValue { indicator }
            | Self::FewPeers { indicator, .. }
            | Self::Overflow { indicator } => Some(indicator),
            Self::Stale { .. } | Self::History { .. } | Self::Not { .. } | Self::NoFirings { .. } => None,
        }
    }

    /// The number that was compared, and the condition that it was compared with.
    pub fn compared(&self) -> Option<(Decimal, Condition)> {
        match self {
            Self::Value { value, when, .. } | Self::Warning { value, when, .. } => Some((*value, *when)),
            Self::Pace { value, plan, .. } => Some((*value, *plan)),
            Self::Change { change, when, .. } => Some((*change, *when)),
            Self::Consecutive { values, when, .. } | Self::Cumulative { values, when, .. } => {
                values.first().map(|value| (*value, *when))
            }
            _ => None,
        }
    }

    /// What to tell a person.
    pub fn message(&self) -> Message {
        match self {
            Self::Value { indicator, value, when } => {
                Message::new("model-because-value").with("indicator", indicator).with("value", value).with("when", when)
            }
            Self::Warning { indicator, value, when, level } => Message::new("model-because-warning")
                .with("indicator", indicator)
                .with("value", value)
                .with("when", when)
                .with("level", level),
            Self::Consecutive { indicator, values, when } => Message::new("model-because-consecutive")
                .with("indicator", indicator)
                .with("values", list(values))
                .with("periods", values.len())
                .with("when", when),
            Self::Cumulative { indicator, values, within, when } => Message::new("model-because-cumulative")
                .with("indicator", indicator)
                .with("values", list(values))
                .with("times", values.len())
                .with("within", within)
                .with("when", when),
            Self::Change { indicator, now, before, change, against, relative, when } => Message::new(match against {
                Against::Previous => "model-because-change-previous",
                Against::LastYear => "model-because-change-last-year",
            })
            .with("indicator", indicator)
            .with("now", now)
            .with("before", before)
            .with("change", format!("{change}{}", if *relative == Relative::Percent { "%" } else { "" }))
            .with("when", when),
            Self::Pace { indicator, value, plan } => {
                Message::new("model-because-pace").with("indicator", indicator).with("value", value).with("plan", plan)
            }
            Self::Peers { indicator, value, worse, of, worst } => Message::new("model-because-peers")
                .with("indicator", indicator)
                .with("value", value)
                .with("worse", worse)
                .with("of", of)
                .with("worst", worst),
            Self::Missing { indicator, instead } => {
                Message::new("model-because-missing").with("indicator", indicator).with("instead", instead.word())
            }
            Self::Stale { dataset, age: Some(age), days } => {
                Message::new("model-because-stale").with("dataset", dataset).with("age", age).with("days", days)
            }
            Self::Stale { dataset, age: None, .. } => {
                Message::new("model-because-never-loaded").with("dataset", dataset)
            }
            Self::History { rule, times, within } => {
                Message::new("model-because-history").with("rule", rule).with("times", times).with("within", within)
            }
            Self::Due { indicator, left, within_days } if left.is_sign_negative() && !left.is_zero() => {
                Message::new("model-because-overdue")
                    .with("indicator", indicator)
                    .with("past", left.abs())
                    .with("within", within_days)
            }
            Self::Due { indicator, left, within_days } => Message::new("model-because-due")
                .with("indicator", indicator)
                .with("left", left)
                .with("within", within_days),
            Self::Not { test } => Message::new("model-because-not").with("test", test),
            Self::NoNumber { indicator, back, instead } => Message::new("model-because-no-number")
                .with("indicator", indicator)
                .with("back", back)
                .with("instead", instead.as_ref().map_or("unknown", Value::word)),
            Self::NoLastYear { indicator } => Message::new("model-because-no-last-year").with("indicator", indicator),
            Self::ZeroBefore { indicator } => Message::new("model-because-zero-before").with("indicator", indicator),
            Self::NoPlan { indicator } => Message::new("model-because-no-plan").with("indicator", indicator),
            Self::NoWarningValue { indicator } => {
                Message::new("model-because-no-warning-value").with("indicator", indicator)
            }
            Self::FewPeers { indicator, found, at_least } => Message::new("model-because-few-peers")
                .with("indicator", indicator)
                .with("found", found)
                .with("at-least", at_least),
            Self::NoFirings { rule, back } => {
                Message::new("model-because-no-firings").with("rule", rule).with("back", back)
            }
            Self::Overflow { indicator } => Message::new("model-because-overflow").with("indicator", indicator),
        }
    }
}
