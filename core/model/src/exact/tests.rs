//! Fractions: arithmetic that fits or says that it does not, and rounding half up.

use super::*;
use proptest::prelude::*;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn check(numerator: i128, denominator: i128, digits: u32, expect: &str) {
    let exact = Exact::new(numerator, denominator).expect("a fraction");
    assert_eq!(round_half_up(exact, digits), Some(decimal(expect)), "{exact:?} to {digits}");
}

#[test]
fn ties_go_away_from_zero_on_both_sides() {
    check(5, 2, 0, "3");
    check(-5, 2, 0, "-3");
    check(25, 100, 1, "0.3");
    check(-25, 100, 1, "-0.3");
    check(249, 1000, 1, "0.2");
    check(35, 10, 0, "4");
    check(45, 10, 0, "5");
}

#[test]
fn thirds_round_once_at_the_end() {
    check(1, 3, 4, "0.3333");
    check(2, 3, 4, "0.6667");
    check(-2, 3, 0, "-1");
    check(0, 7, 2, "0");
}

#[test]
fn what_does_not_fit_is_none_and_never_wrong() {
    let huge = Exact::new(i128::MAX, 1).expect("fits");
    assert_eq!(huge.add(Exact::ONE), None);
    assert_eq!(huge.multiply(Exact::from(2_i64)), None);
    assert_eq!(round_half_up(huge, 0), None);
    assert_eq!(Exact::ONE.divide(Exact::ZERO), None);
    assert_eq!(Exact::new(1, 0), None);
    assert_eq!(Exact::new(i128::MIN, 1), None);
    assert_eq!(round_half_up(Exact::ONE, 29), None);
}

#[test]
fn a_fraction_without_end_is_shown_as_a_fraction() {
    assert_eq!(Exact::new(1, 3).expect("a fraction").to_string(), "1/3");
    assert_eq!(Exact::new(1, 8).expect("a fraction").to_string(), "0.125");
    assert_eq!(Exact::from(decimal("2.50")).to_string(), "2.5");
}

proptest! {
    #[test]
    fn rounding_is_nearest_and_ties_go_away_from_zero(numerator in -1_000_000_000_i64..1_000_000_000, denominator in 1_i64..100_000, digits in 0_u32..8) {
        let exact = Exact::new(i128::from(numerator), i128::from(denominator)).expect("a fraction");
        let rounded = round_half_up(exact, digits).expect("fits");
        let error = exact.subtract(Exact::from(rounded)).expect("fits").abs();
        let half = Exact::new(1, 2 * 10_i128.pow(digits)).expect("a fraction");
        prop_assert!(error <= half);
        if error == half {
            prop_assert!(Exact::from(rounded).abs() > exact.abs());
        }
        prop_assert!(rounded.scale() <= digits);
    }

    #[test]
    fn rounding_is_symmetric(numerator in any::<i64>(), denominator in 1_i64..1_000_000, digits in 0_u32..6) {
        let exact = Exact::new(i128::from(numerator), i128::from(denominator)).expect("a fraction");
        prop_assert_eq!(round_half_up(exact.negate(), digits), round_half_up(exact, digits).map(|rounded| -rounded));
    }

    #[test]
    fn rounding_twice_to_the_same_digits_changes_nothing(mantissa in any::<i64>(), scale in 0_u32..12, digits in 0_u32..6) {
        let exact = Exact::from(Decimal::new(mantissa, scale));
        let once = round_half_up(exact, digits).expect("fits");
        prop_assert_eq!(round_half_up(Exact::from(once), digits), Some(once));
    }

    #[test]
    fn a_decimal_survives_the_way_there_and_back(mantissa in any::<i64>(), scale in 0_u32..=18) {
        let decimal = Decimal::new(mantissa, scale);
        prop_assert_eq!(Exact::from(decimal).to_decimal(), Some(decimal.normalize()));
    }

    #[test]
    fn a_rate_from_summed_parts_equals_the_rate_of_the_whole(parts in prop::collection::vec((0_i64..10_000, 1_i64..10_000), 1..40), cut in 0_usize..40) {
        let sum = |of: &[(i64, i64)]| of.iter().fold((0_i64, 0_i64), |(a, b), (n, d)| (a + n, b + d));
        let rate = |(n, d): (i64, i64)| Exact::from(n).divide(Exact::from(d)).expect("not zero");
        let cut = cut.min(parts.len());
        let (left, right) = (sum(&parts[..cut]), sum(&parts[cut..]));
        prop_assert_eq!(rate(sum(&parts)), rate((left.0 + right.0, left.1 + right.1)));
    }
}
