//! Evaluates the tree of a rule for one object and period, in three truth values: fired, quiet, unknown. Missing data
//! is unknown; it never fires a rule that does not ask for it, and never keeps one quiet.

use super::{Against, Because, Relative, Rule, Test};
use crate::exact::{Exact, round_half_up};
use crate::ids::{DatasetId, IndicatorCode, LevelId, RuleId};
use crate::indicator::Direction;
use crate::threshold::Condition;
use crate::value::Value;
use rust_decimal::Decimal;

/// What a rule may know about its object and period. The engine implements it.
pub trait Facts {
    /// The value this period.
    fn value(&self, indicator: &IndicatorCode) -> Value;
    /// The value so many periods before, at least 1; `None` when nothing is known of that period.
    fn earlier(&self, indicator: &IndicatorCode, back: u32) -> Option<Value>;
    /// The value of the same period a year earlier; `None` when nothing is known of it.
    fn last_year(&self, indicator: &IndicatorCode) -> Option<Value>;
    /// The 过程值 in force for the object.
    fn plan(&self, indicator: &IndicatorCode) -> Option<Condition>;
    /// The warning values in force for the object with their levels, mild first.
    fn warnings(&self, indicator: &IndicatorCode) -> Vec<(Condition, LevelId)>;
    /// The numbers of all other objects of the same kind; those without a number are left out.
    fn peers(&self, indicator: &IndicatorCode) -> Vec<Decimal>;
    /// Which way is good: decides which end of the peers is the bad one.
    fn direction(&self, indicator: &IndicatorCode) -> Direction;
    /// How the value stands among the peers. Where objects are many, implementations answer from a sorted column.
    fn standing(&self, indicator: &IndicatorCode, value: Decimal) -> Standing {
        let peers = self.peers(indicator);
        let lower_is_worse = !matches!(self.direction(indicator), Direction::Lower);
        let is_worse = |a: Decimal, b: Decimal| if lower_is_worse { a < b } else { a > b };
        Standing {
            worse: u32::try_from(peers.iter().filter(|peer| is_worse(**peer, value)).count()).unwrap_or(u32::MAX),
            better: u32::try_from(peers.iter().filter(|peer| is_worse(value, **peer)).count()).unwrap_or(u32::MAX),
            peers: u32::try_from(peers.len()).unwrap_or(u32::MAX),
        }
    }
    /// Days since the newest accepted batch of the dataset; `None` when there never was one.
    fn dataset_age(&self, dataset: &DatasetId) -> Option<u32>;
    /// Whether the rule fired for the object so many periods before, at least 1; `None` when nobody knows.
    fn fired(&self, rule: &RuleId, back: u32) -> Option<bool>;
}

/// How a value stands among the numbers of all other objects of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Peers that are strictly worse.
    pub worse: u32,
    /// Peers that are strictly better.
    pub better: u32,
    /// All peers with a number, the object itself not counted.
    pub peers: u32,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It fired, for these reasons.
    Fired(Vec<Because>),
    /// It did not.
    Quiet,
    /// It cannot be said, for these reasons.
    Unknown(Vec<Because>),
}

/// Evaluates a rule. Whether it is enabled is not looked at.
pub fn evaluate(rule: &Rule, facts: &dyn Facts) -> Outcome {
    test(&rule.when, facts)
}

fn test(tree: &Test, facts: &dyn Facts) -> Outcome {
    match tree {
        Test::All(tests) => all(tests, facts),
        Test::Any(tests) => any(tests, facts),
        Test::Not(inner) => match test(inner, facts) {
            Outcome::Fired(_) => Outcome::Quiet,
            Outcome::Quiet => Outcome::Fired(vec![Because::Not { test: inner.word().to_owned() }]),
            unknown @ Outcome::Unknown(_) => unknown,
        },
        Test::Value { indicator, when } => with_number(indicator, facts, |value| {
            fire(when.holds(value), || Because::Value { indicator: indicator.clone(), value, when: *when })
        }),
        Test::Warning { indicator } => warning(indicator, facts),
        Test::Consecutive { indicator, when, periods } => consecutive(indicator, when, *periods, facts),
        Test::Cumulative { indicator, when, times, within } => cumulative(indicator, when, *times, *within, facts),
        Test::Change { indicator, against, relative, when } => change(indicator, *against, *relative, when, facts),
        Test::Pace { indicator } => with_number(indicator, facts, |value| match facts.plan(indicator) {
            Some(plan) => fire(!plan.holds(value), || Because::Pace { indicator: indicator.clone(), value, plan }),
            None => unknown(Because::NoPlan { indicator: indicator.clone() }),
        }),
        Test::Peers { indicator, worst, at_least } => peers(indicator, *worst, *at_least, facts),
        Test::Missing { indicator } => match facts.value(indicator) {
            instead @ Value::Undetermined(_) => {
                Outcome::Fired(vec![Because::Missing { indicator: indicator.clone(), instead }])
            }
            _ => Outcome::Quiet,
        },
        Test::Stale { dataset, days } => {
            let age = facts.dataset_age(dataset);
            fire(age.is_none_or(|age| age > *days), || Because::Stale { dataset: dataset.clone(), age, days: *days })
        }
        Test::History { rule, times, consecutive, within } => history(rule, *times, *consecutive, *within, facts),
        Test::Due { indicator, within_days } => with_number(indicator, facts, |left| {
            let near = left <= Decimal::from(*within_days);
            fire(near, || Because::Due { indicator: indicator.clone(), left, within_days: *within_days })
        }),
    }
}

fn fire(holds: bool, because: impl FnOnce() -> Because) -> Outcome {
    if holds { Outcome::Fired(vec![because()]) } else { Outcome::Quiet }
}

fn unknown(because: Because) -> Outcome {
    Outcome::Unknown(vec![because])
}

fn with_number(indicator: &IndicatorCode, facts: &dyn Facts, then: impl FnOnce(Decimal) -> Outcome) -> Outcome {
    match facts.value(indicator) {
        Value::Number(number) => then(number),
        instead => unknown(Because::NoNumber { indicator: indicator.clone(), back: 0, instead: Some(instead) }),
    }
}

/// One quiet test settles it; otherwise one unknown test leaves it open. Nothing at all does not fire.
fn all(tests: &[Test], facts: &dyn Facts) -> Outcome {
    let (mut reasons, mut gaps) = (Vec::new(), Vec::new());
    for inner in tests {
        match test(inner, facts) {
            Outcome::Quiet => return Outcome::Quiet,
            Outcome::Fired(because) => reasons.extend(because),
            Outcome::Unknown(because) => gaps.extend(because),
        }
    }
    match (gaps.is_empty(), reasons.is_empty()) {
        (false, _) => Outcome::Unknown(gaps),
        (true, false) => Outcome::Fired(reasons),
        (true, true) => Outcome::Quiet,
    }
}

/// One fired test settles it, and all that fired are told; otherwise one unknown test leaves it open.
fn any(tests: &[Test], facts: &dyn Facts) -> Outcome {
    let (mut reasons, mut gaps) = (Vec::new(), Vec::new());
    for inner in tests {
        match test(inner, facts) {
            Outcome::Quiet => {}
            Outcome::Fired(because) => reasons.extend(because),
            Outcome::Unknown(because) => gaps.extend(because),
        }
    }
    match (reasons.is_empty(), gaps.is_empty()) {
        (false, _) => Outcome::Fired(reasons),
        (true, false) => Outcome::Unknown(gaps),
        (true, true) => Outcome::Quiet,
    }
}

fn warning(indicator: &IndicatorCode, facts: &dyn Facts) -> Outcome {
    let warnings = facts.warnings(indicator);
    if warnings.is_empty() {
        return unknown(Because::NoWarningValue { indicator: indicator.clone() });
    }
    with_number(indicator, facts, |value| {
        let breached = warnings.into_iter().rev().find(|(when, _)| when.holds(value));
        match breached {
            Some((when, level)) => {
                Outcome::Fired(vec![Because::Warning { indicator: indicator.clone(), value, when, level }])
            }
            None => Outcome::Quiet,
        }
    })
}

fn value_back(indicator: &IndicatorCode, back: u32, facts: &dyn Facts) -> Result<Decimal, Because> {
    let value = if back == 0 { Some(facts.value(indicator)) } else { facts.earlier(indicator, back) };
    match value {
        Some(Value::Number(number)) => Ok(number),
        instead => Err(Because::NoNumber { indicator: indicator.clone(), back, instead }),
    }
}

fn consecutive(indicator: &IndicatorCode, when: &Condition, periods: u32, facts: &dyn Facts) -> Outcome {
    let (mut values, mut gaps) = (Vec::new(), Vec::new());
    for back in 0..periods {
        match value_back(indicator, back, facts) {
            Ok(value) if when.holds(value) => values.push(value),
            Ok(_) => return Outcome::Quiet,
            Err(gap) => gaps.push(gap),
        }
    }
    if !gaps.is_empty() {
        return Outcome::Unknown(gaps);
    }
    fire(!values.is_empty(), || Because::Consecutive { indicator: indicator.clone(), values, when: *when })
}

fn cumulative(indicator: &IndicatorCode, when: &Condition, times: u32, within: u32, facts: &dyn Facts) -> Outcome {
    let (mut values, mut gaps) = (Vec::new(), Vec::new());
    for back in 0..within {
        match value_back(indicator, back, facts) {
            Ok(value) if when.holds(value) => values.push(value),
            Ok(_) => {}
            Err(gap) => gaps.push(gap),
        }
    }
    count(times, values.len(), gaps.len(), || {
        (
            Because::Cumulative { indicator: indicator.clone(), values: values.clone(), within, when: *when },
            gaps.clone(),
        )
    })
}

/// Enough hits fire whatever is missing; too few even if all that is missing were hits stay quiet.
fn count(times: u32, hits: usize, missing: usize, reasons: impl FnOnce() -> (Because, Vec<Because>)) -> Outcome {
    let wanted = times.max(1) as usize;
    if hits >= wanted {
        return Outcome::Fired(vec![reasons().0]);
    }
    if hits + missing >= wanted { Outcome::Unknown(reasons().1) } else { Outcome::Quiet }
}

fn change(
    indicator: &IndicatorCode,
    against: Against,
    relative: Relative,
    when: &Condition,
    facts: &dyn Facts,
) -> Outcome {
    let now = match value_back(indicator, 0, facts) {
        Ok(now) => now,
        Err(gap) => return unknown(gap),
    };
    let before = match against {
        Against::Previous => value_back(indicator, 1, facts),
        Against::LastYear => match facts.last_year(indicator) {
            Some(Value::Number(number)) => Ok(number),
            _ => Err(Because::NoLastYear { indicator: indicator.clone() }),
        },
    };
    let before = match before {
        Ok(before) => before,
        Err(gap) => return unknown(gap),
    };
    if relative == Relative::Percent && before.is_zero() {
        return unknown(Because::ZeroBefore { indicator: indicator.clone() });
    }
    let Some(exact) = difference(now, before, relative) else {
        return unknown(Because::Overflow { indicator: indicator.clone() });
    };
    // A percentage is judged as it is shown: rounded to two digits.
    let digits = if relative == Relative::Percent { 2 } else { now.scale().max(before.scale()) };
    match round_half_up(exact, digits) {
        Some(change) => fire(when.holds(change), || Because::Change {
            indicator: indicator.clone(),
            now,
            before,
            change,
            against,
            relative,
            when: *when,
        }),
        None => unknown(Because::Overflow { indicator: indicator.clone() }),
    }
}

fn difference(now: Decimal, before: Decimal, relative: Relative) -> Option<Exact> {
    let before = Exact::from(before);
    let difference = Exact::from(now).subtract(before)?;
    match relative {
        Relative::No => Some(difference),
        Relative::Percent => difference.multiply(Exact::from(100_i64))?.divide(before.abs()),
    }
}

/// The object is among the worst share when fewer peers are strictly worse than the share has places; equal values share
/// one fate, and where all are equal nobody is worst.
fn peers(indicator: &IndicatorCode, worst: Decimal, at_least: u32, facts: &dyn Facts) -> Outcome {
    with_number(indicator, facts, |value| {
        let Standing { worse, better, peers: found } = facts.standing(indicator, value);
        if found < at_least.max(1) {
            return unknown(Because::FewPeers { indicator: indicator.clone(), found, at_least });
        }
        let of = found.saturating_add(1);
        let places = worst.checked_mul(Decimal::from(of));
        let among = better > 0 && places.is_some_and(|places| Decimal::from(worse) < places);
        fire(among, || Because::Peers { indicator: indicator.clone(), value, worse, of, worst })
    })
}

fn history(rule: &RuleId, times: u32, consecutive: bool, within: u32, facts: &dyn Facts) -> Outcome {
    let span = if consecutive { times } else { within.max(times) };
    let (mut hits, mut gaps) = (0_usize, Vec::new());
    for back in 1..=span {
        match facts.fired(rule, back) {
            Some(true) => hits += 1,
            Some(false) if consecutive => return Outcome::Quiet,
            Some(false) => {}
            None => gaps.push(Because::NoFirings { rule: rule.clone(), back }),
        }
    }
    count(times, hits, gaps.len(), || {
        let times = u32::try_from(hits).unwrap_or(u32::MAX);
        (Because::History { rule: rule.clone(), times, within: span }, gaps.clone())
    })
}

impl Test {
    /// The word that stands for it in files and messages.
    pub fn word(&self) -> &'static str {
        match self {
            Self::All(_) => "all",
            Self::Any(_) => "any",
            Self::Not(_) => "not",
            Self::Value { .. } => "value",
            Self::Warning { .. } => "warning",
            Self::Consecutive { .. } => "consecutive",
            Self::Cumulative { .. } => "cumulative",
            Self::Change { .. } => "change",
            Self::Pace { .. } => "pace",
            Self::Peers { .. } => "peers",
            Self::Missing { .. } => "missing",
            Self::Stale { .. } => "stale",
            Self::History { .. } => "history",
            Self::Due { .. } => "due",
        }
    }
}
