//! Values: a number, or a reason why there is none. Zero, 无数据, 不适用 and 未到期 are four different things.

use crate::ids::{IndicatorCode, MeasureName};
use crate::layer::Layer;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The value of an indicator for one object and period, rounded as the indicator declares: what is printed is what
/// was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A number.
    Number(Decimal),
    /// No number, because an input is missing or forbids one.
    Undetermined(Gap),
    /// The indicator makes no sense for this object.
    NotApplicable(NotApplicable),
    /// The period is not over, or the collection date has not come.
    NotDue,
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The word for what it is, as results store it: `number`, `undetermined`, `not-applicable`, `not-due`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Undetermined(_) => "undetermined",
            Self::NotApplicable(_) => "not-applicable",
            Self::NotDue => "not-due",
        }
    }
}

/// Why a value is undetermined (无法判定).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "gap")]
pub enum Gap {
    /// No row for the measure.
    NoData {
        /// The measure that has none.
        measure: MeasureName,
    },
    /// An indicator that this one reads is itself without a number.
    Input {
        /// The indicator read.
        indicator: IndicatorCode,
    },
    /// A division by zero.
    ZeroDenominator,
    /// Too few cases for a rate to mean anything.
    BelowMinimum {
        /// Cases found.
        n: u64,
        /// Cases wanted.
        minimum: u64,
    },
    /// The exact result does not fit.
    Overflow,
}

impl Gap {
    /// Whether there is nothing at all to compute from, as opposed to too little or too much.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::NoData { .. } | Self::ZeroDenominator => true,
            Self::BelowMinimum { n, .. } => *n == 0,
            Self::Input { .. } | Self::Overflow => false,
        }
    }
}

/// Why an indicator does not apply (不适用).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "because")]
pub enum NotApplicable {
    /// The object is outside the indicator's declared population.
    Population,
    /// A layer that it depends on is not enabled.
    LayerDisabled {
        /// The layer that is off.
        layer: Layer,
    },
    /// The object did not exist in the period.
    Closed,
    /// Nothing took place in the period that the indicator could be about.
    Idle {
        /// The measure that is zero.
        measure: MeasureName,
    },
}
