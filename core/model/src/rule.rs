//! Warning rules (预警规则): typed trees in data, never text that is executed.

mod because;
mod evaluate;

pub use because::Because;
pub use evaluate::{Facts, Outcome, Standing, evaluate};

use crate::ids::{IndicatorCode, LevelId, ObjectKind, RuleId};
use crate::layer::Layer;
use crate::text::Names;
use crate::threshold::Condition;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One rule as packs write it. Every indicator with a warning value has an implicit rule `CODE` besides these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Labels.
    pub names: Names,
    /// The layer whose objects it warns about.
    pub layer: Layer,
    /// The kind of object that it looks at.
    pub grain: ObjectKind,
    /// Level of the warning.
    pub level: LevelId,
    /// When it fires.
    pub when: Test,
    /// Most warnings that one run may raise; the most severe are kept, the rest are counted.
    #[serde(default)]
    pub cap: Option<u32>,
    /// Rules on sensitive data and rules without a verified source ship disabled.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Where it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether checked against the source.
    #[serde(default)]
    pub verified: bool,
    /// What the responsible person should do.
    #[serde(default)]
    pub advice: Option<Names>,
}

fn yes() -> bool {
    true
}

/// The tree. TOML: `{ all = [...] }`, `{ value = { indicator = "X", when = ">= 3" } }`, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Test {
    /// All hold.
    All(Vec<Test>),
    /// At least one holds.
    Any(Vec<Test>),
    /// It does not hold. Unknown stays unknown.
    Not(Box<Test>),
    /// The value of an indicator this period.
    Value {
        /// The indicator.
        indicator: IndicatorCode,
        /// The condition that fires.
        when: Condition,
    },
    /// The indicator's own warning value is breached.
    Warning {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// The condition held in so many periods in a row, this one included.
    Consecutive {
        /// The indicator.
        indicator: IndicatorCode,
        /// The condition.
        when: Condition,
        /// How many periods.
        periods: u32,
    },
    /// The condition held in so many of the last periods, this one included.
    Cumulative {
        /// The indicator.
        indicator: IndicatorCode,
        /// The condition.
        when: Condition,
        /// How many times.
        times: u32,
        /// Among how many periods.
        within: u32,
    },
    /// Difference from an earlier period.
    Change {
        /// The indicator.
        indicator: IndicatorCode,
        /// Which earlier period.
        against: Against,
        /// As difference or in percent of the earlier value.
        #[serde(default)]
        relative: Relative,
        /// The condition on the difference.
        when: Condition,
    },
    /// Behind the plan: the value does not satisfy the 过程值 in force.
    Pace {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// Among the worst of its peers.
    Peers {
        /// The indicator.
        indicator: IndicatorCode,
        /// Share of peers from the bad end, for example `0.05`.
        worst: Decimal,
        /// Fewer peers than this: unknown.
        at_least: u32,
    },
    /// There is no number.
    Missing {
        /// The indicator.
        indicator: IndicatorCode,
    },
    /// The dataset's newest accepted batch is older than so many days.
    Stale {
        /// The dataset.
        dataset: crate::ids::DatasetId,
        /// Days.
        days: u32,
    },
    /// Another rule fired for the same object in the last periods.
    History {
        /// The rule.
        rule: RuleId,
        /// How many times before this period.
        times: u32,
        /// In a row right before this period, or anywhere among `within`.
        #[serde(default)]
        consecutive: bool,
        /// Among how many earlier periods.
        within: u32,
    },
    /// A date value (days since an epoch are not needed: the indicator's value is days left) is near or past.
    Due {
        /// Indicator whose value is the number of days left.
        indicator: IndicatorCode,
        /// Fires when so many days or fewer are left.
        within_days: u32,
    },
}

/// Which earlier period a change is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// 环比: the period before.
    Previous,
    /// 同比: the same period a year earlier.
    LastYear,
}

/// How a change is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relative {
    /// In the indicator's unit.
    #[default]
    No,
    /// In percent of the earlier value.
    Percent,
}

impl Test {
    /// Calls `see` for this test and all tests inside it.
    pub fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Test)) {
        see(self);
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.visit(see)),
            Self::Not(test) => test.visit(see),
            _ => {}
        }
    }

    /// The indicator that this very test looks at, not those of tests inside it.
    pub fn indicator(&self) -> Option<&IndicatorCode> {
        match self {
            Self::Value { indicator, .. }
            | Self::Warning { indicator }
            | Self::Consecutive { indicator, .. }
            | Self::Cumulative { indicator, .. }
            | Self::Change { indicator, .. }
            | Self::Pace { indicator }
            | Self::Peers { indicator, .. }
            | Self::Missing { indicator }
            | Self::Due { indicator, .. } => Some(indicator),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Stale { .. } | Self::History { .. } => None,
        }
    }

    /// How many earlier periods it looks back, so that the engine can hand them over.
    pub fn periods_back(&self) -> u32 {
        let mut most = 0;
        self.visit(&mut |test| {
            most = most.max(match test {
                Self::Consecutive { periods, .. } => periods.saturating_sub(1),
                Self::Cumulative { within, .. } => within.saturating_sub(1),
                Self::Change { against: Against::Previous, .. } => 1,
                Self::History { within, times, .. } => *within.max(times),
                _ => 0,
            });
        });
        most
    }
}

impl Rule {
    /// All indicators that it looks at.
    pub fn indicators(&self) -> std::collections::BTreeSet<IndicatorCode> {
        let mut found = std::collections::BTreeSet::new();
        self.when.visit(&mut |test| found.extend(test.indicator().cloned()));
        found
    }
}

#[cfg(test)]
mod tests;
