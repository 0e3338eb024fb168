//! Conditions as sets of numbers, so that "looser", "nested" and "contradicts" are exact words.

use super::{Condition, Interval};
use rust_decimal::Decimal;

/// One end of a stretch; `None` is infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    at: Decimal,
    closed: bool,
}

/// A stretch of the number line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    low: Option<End>,
    high: Option<End>,
}

impl Stretch {
    fn empty(&self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => low.at > high.at || (low.at == high.at && !(low.closed && high.closed)),
            _ => false,
        }
    }

    fn meet(&self, other: &Self) -> Self {
        let tighter = |a: Option<End>, b: Option<End>, a_wins: fn(Decimal, Decimal) -> bool| match (a, b) {
            (Some(a), Some(b)) if a.at == b.at => Some(End { at: a.at, closed: a.closed && b.closed }),
            (Some(a), Some(b)) => Some(if a_wins(a.at, b.at) { a } else { b }),
            (some, None) | (None, some) => some,
        };
        Self { low: tighter(self.low, other.low, |a, b| a > b), high: tighter(self.high, other.high, |a, b| a < b) }
    }
}

/// The set of numbers that satisfy a condition: one or two stretches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spans(Vec<Stretch>);

impl Spans {
    /// The set of a condition.
    pub(crate) fn of(condition: &Condition) -> Self {
        let end = |at: &Decimal, closed| Some(End { at: *at, closed });
        let above = |at: &Decimal, closed| Stretch { low: end(at, closed), high: None };
        let below = |at: &Decimal, closed| Stretch { low: None, high: end(at, closed) };
        Self(match condition {
            Condition::Above(limit) => vec![above(limit, false)],
            Condition::AtLeast(limit) => vec![above(limit, true)],
            Condition::Below(limit) => vec![below(limit, false)],
            Condition::AtMost(limit) => vec![below(limit, true)],
            Condition::Equal(limit) => vec![Stretch { low: end(limit, true), high: end(limit, true) }],
            Condition::Within(Interval { low, low_closed, high, high_closed }) => {
                vec![Stretch { low: end(low, *low_closed), high: end(high, *high_closed) }]
            }
            Condition::Outside(Interval { low, low_closed, high, high_closed }) => {
                vec![below(low, !low_closed), above(high, !high_closed)]
            }
        })
    }

    /// The numbers that do not belong to it.
    fn complement(&self) -> Self {
        let mut rest = vec![Stretch { low: None, high: None }];
        for stretch in &self.0 {
            let flip = |end: End| Some(End { at: end.at, closed: !end.closed });
            let mut pieces = Vec::new();
            if let Some(low) = stretch.low {
                pieces.push(Stretch { low: None, high: flip(low) });
            }
            if let Some(high) = stretch.high {
                pieces.push(Stretch { low: flip(high), high: None });
            }
            rest = rest.iter().flat_map(|left| pieces.iter().map(|piece| left.meet(piece))).collect();
            rest.retain(|stretch| !stretch.empty());
        }
        Self(rest)
    }

    /// Whether no number belongs to both.
    pub(crate) fn disjoint(&self, other: &Self) -> bool {
        self.0.iter().all(|a| other.0.iter().all(|b| a.meet(b).empty()))
    }

    /// Whether every number of it belongs to the other as well: it is as tight or tighter.
    pub(crate) fn inside(&self, other: &Self) -> bool {
        self.disjoint(&other.complement())
    }

    /// Whether together they leave a number out; the bands of a scale should not.
    pub(crate) fn leave_gap(all: &[Self]) -> bool {
        let joined = Self(all.iter().flat_map(|spans| spans.0.iter().copied()).collect());
        !joined.complement().0.is_empty()
    }
}
