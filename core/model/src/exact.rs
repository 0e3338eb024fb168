//! Exact numbers: fractions of whole numbers. Values are computed here and rounded once, at the end. Never a float.

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Zero};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// A fraction in lowest terms. All arithmetic is checked: what does not fit in 128 bits is `None`, never wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact(Ratio<i128>);

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// `numerator / denominator`; `None` when the denominator is zero or a part is the one number without an opposite.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let has_opposite = numerator != i128::MIN && denominator != i128::MIN;
        (denominator != 0 && has_opposite).then(|| Self(Ratio::new(numerator, denominator)))
    }

    /// The numerator in lowest terms; it carries the sign.
    pub fn numerator(self) -> i128 {
        *self.0.numer()
    }

    /// The denominator in lowest terms, always positive.
    pub fn denominator(self) -> i128 {
        *self.0.denom()
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// `self + other`, if it fits.
    #[expect(clippy::should_implement_trait, reason = "checked: the operator could not say that it does not fit")]
    pub fn add(self, other: Self) -> Option<Self> {
        fitting(self.0.checked_add(&other.0))
    }

    /// `self - other`, if it fits.
    pub fn subtract(self, other: Self) -> Option<Self> {
        fitting(self.0.checked_sub(&other.0))
    }

    /// `self × other`, if it fits.
    pub fn multiply(self, other: Self) -> Option<Self> {
        fitting(self.0.checked_mul(&other.0))
    }

    /// `self ÷ other`, if it fits. The caller has made sure that `other` is not zero; if it is, the answer is `None`.
    pub fn divide(self, other: Self) -> Option<Self> {
        if other.is_zero() { None } else { fitting(self.0.checked_div(&other.0)) }
    }

    /// The opposite number.
    #[must_use]
    pub fn negate(self) -> Self {
        Self(-self.0)
    }

    /// The distance from zero.
    #[must_use]
    pub fn abs(self) -> Self {
        if self.numerator() < 0 { self.negate() } else { self }
    }

    /// The same number as a decimal, if it has one with at most 28 digits after the point.
    pub fn to_decimal(self) -> Option<Decimal> {
        (0..=28).find_map(|digits| {
            let rounded = round_half_up(self, digits)?;
            (Self::from(rounded) == self).then(|| rounded.normalize())
        })
    }
}

fn fitting(ratio: Option<Ratio<i128>>) -> Option<Exact> {
    ratio.filter(|ratio| *ratio.numer() != i128::MIN).map(Exact)
}

/// Rounds to so many digits after the point (四舍五入): a tie goes away from zero, so `-2.5` becomes `-3` and opposite
/// numbers stay opposite. `None` when the result has more digits than a decimal can hold.
pub fn round_half_up(exact: Exact, digits: u32) -> Option<Decimal> {
    if digits > Decimal::MAX_SCALE {
        return None;
    }
    let denominator = exact.denominator().unsigned_abs();
    let numerator = exact.numerator().unsigned_abs();
    let mut mantissa = numerator / denominator;
    let mut rest = numerator % denominator;
    for _ in 0..digits {
        rest = rest.checked_mul(10)?;
        mantissa = mantissa.checked_mul(10)?.checked_add(rest / denominator)?;
        rest %= denominator;
    }
    if rest >= denominator - rest {
        mantissa = mantissa.checked_add(1)?;
    }
    let mantissa = i128::try_from(mantissa).ok()?;
    let signed = if exact.numerator() < 0 { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(signed, digits).ok()
}

impl From<Decimal> for Exact {
    fn from(decimal: Decimal) -> Self {
        // A decimal has at most 96 bits of mantissa and 28 digits after the point, so both parts fit.
        Self(Ratio::new(decimal.mantissa(), 10_i128.pow(decimal.scale())))
    }
}

impl From<i64> for Exact {
    fn from(whole: i64) -> Self {
        Self(Ratio::from_integer(i128::from(whole)))
    }
}

impl From<u64> for Exact {
    fn from(whole: u64) -> Self {
        Self(Ratio::from_integer(i128::from(whole)))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl fmt::Display for Exact {
    /// A decimal when it has one, otherwise the fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_decimal() {
            Some(decimal) => write!(f, "{decimal}"),
            None => write!(f, "{}/{}", self.numerator(), self.denominator()),
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator(), self.denominator())
    }
}

#[cfg(test)]
mod tests;
