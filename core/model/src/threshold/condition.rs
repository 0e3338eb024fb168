//! Comparisons: the condition that a threshold or a rule puts on a value. Each carries its own operator, so no
//! direction flag ever decides how two things are compared.

use crate::fault::{Explain, Fault};
use crate::text::Message;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A comparison with its own operator. Written `>= 95`, `< 90`, `in [0, 5]`, `in (0, 5]`, `not in [6, 24]`;
/// `≥`, `≤`, 属于 and 不属于 are accepted.
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
    /// 不属于 an interval: a value on an open end is outside.
    Outside(Interval),
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

/// A text that is not a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a condition: write for example `>= 95`, `< 90` `in [0, 5]` or `not in [6, 24]`")]
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
    let outside = ["not in", "不属于"].iter().find_map(|word| text.strip_prefix(word));
    let inside = match outside {
        Some(rest) => rest,
        None => ["in", "属于"].iter().find_map(|word| text.strip_prefix(word))?,
    }
    .trim();
    let low_closed = inside.starts_with('[');
    let high_closed = inside.ends_with(']');
    let body = inside.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let (low, high) = body.split_once(',')?;
    let (low, high) = (number(low)?, number(high)?);
    let interval = Interval { low, low_closed, high, high_closed };
    let holds_something = low < high || (low == high && low_closed && high_closed);
    holds_something.then_some(if outside.is_some() {
        Condition::Outside(interval)
    } else {
        Condition::Within(interval)
    })
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.to_string()
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Above(limit) => write!(f, "> {limit}"),
            Self::AtLeast(limit) => write!(f, ">= {limit}"),
            Self::Below(limit) => write!(f, "< {limit}"),
            Self::AtMost(limit) => write!(f, "<= {limit}"),
            Self::Equal(limit) => write!(f, "= {limit}"),
            Self::Within(interval) => write!(f, "in {interval}"),
            Self::Outside(interval) => write!(f, "not in {interval}"),
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = if self.low_closed { '[' } else { '(' };
        let close = if self.high_closed { ']' } else { ')' };
        write!(f, "{open}{}, {}{close}", self.low, self.high)
    }
}

impl Interval {
    /// Whether the value belongs to it.
    pub fn contains(&self, value: Decimal) -> bool {
        let above = if self.low_closed { self.low <= value } else { self.low < value };
        let below = if self.high_closed { value <= self.high } else { value < self.high };
        above && below
    }
}

impl Condition {
    /// Whether the value satisfies it.
    pub fn holds(&self, value: Decimal) -> bool {
        match self {
            Self::Above(limit) => value > *limit,
            Self::AtLeast(limit) => value >= *limit,
            Self::Below(limit) => value < *limit,
            Self::AtMost(limit) => value <= *limit,
            Self::Equal(limit) => value == *limit,
            Self::Within(interval) => interval.contains(value),
            Self::Outside(interval) => !interval.contains(value),
        }
    }
}

impl std::str::FromStr for Condition {
    type Err = BadCondition;

    fn from_str(text: &str) -> Result<Self, BadCondition> {
        Self::try_from(text.to_owned())
    }
}

impl Explain for BadCondition {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        Message::new("model-bad-condition").with("text", &self.text)
    }
}
