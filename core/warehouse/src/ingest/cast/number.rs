//! Numbers as people and systems write them, read exactly: no value is ever rounded, guessed or passed through floating
//! point.
//!
//! Accepted: `1234.50`, `1,234.50` (groups of three only), full-width digits and signs, `12.0` for a whole number, `1.5e3`,
//! a leading ¥, a trailing %. Refused: `1,5`, `NaN`, `inf`, `1 234`, `(5)`.

use rust_decimal::Decimal;
use zhengai_model::unit::factor;

/// A number read from text: `unscaled / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    unscaled: i128,
    scale: u32,
    /// The text ended in a percent sign.
    pub percent: bool,
}

/// Why a text is not the number wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberFault {
    /// Not a number at all.
    NotANumber,
    /// Too large to be held.
    Overflow,
    /// More digits after the point than the field keeps.
    Digits,
}

/// An exact factor between two units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conversion {
    multiply: i128,
    divide: i128,
}

impl Conversion {
    /// No change.
    pub(crate) const SAME: Self = Self { multiply: 1, divide: 1 };

    /// The factor from one unit to another, `None` when they measure different things.
    pub(crate) fn between(from: &str, to: &str) -> Option<Self> {
        if from == to {
            return Some(Self::SAME);
        }
        let whole =
            |ratio: Decimal| ratio.is_integer().then(|| ratio.normalize().mantissa()).filter(|value| *value > 0);
        if let Some(multiply) = whole(factor(from, to)?) {
            return Some(Self { multiply, divide: 1 });
        }
        whole(factor(to, from)?).map(|divide| Self { multiply: 1, divide })
    }
}

impl Number {
    /// The value in the other unit as a whole number of `10^-digits`, exactly.
    pub(crate) fn to_scale(self, digits: u8, unit: Conversion) -> Result<i128, NumberFault> {
        let digits = u32::from(digits);
        let scaled = self.unscaled.checked_mul(unit.multiply).ok_or(NumberFault::Overflow)?;
        let (above, below) = if self.scale <= digits {
            let factor = ten_to(digits - self.scale).ok_or(NumberFault::Overflow)?;
            (scaled.checked_mul(factor).ok_or(NumberFault::Overflow)?, unit.divide)
        } else {
            let factor = ten_to(self.scale - digits).and_then(|factor| factor.checked_mul(unit.divide));
            (scaled, factor.ok_or(NumberFault::Digits)?)
        };
        if above % below != 0 {
            return Err(NumberFault::Digits);
        }
        let value = above / below;
        match ten_to(u32::from(crate::schema::PRECISION)) {
            Some(limit) if value.abs() < limit => Ok(value),
            _ => Err(NumberFault::Overflow),
        }
    }
}

fn ten_to(power: u32) -> Option<i128> {
    10_i128.checked_pow(power)
}

/// Reads a number; the text has no blanks at its ends and is not empty.
pub(crate) fn parse(text: &str) -> Result<Number, NumberFault> {
    if text.is_ascii() {
        return parse_ascii(text.as_bytes());
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        plain.push(match letter {
            '０'..='９' => char::from_u32(letter as u32 - '０' as u32 + '0' as u32).ok_or(NumberFault::NotANumber)?,
            '．' => '.',
            '，' => ',',
            '－' | '−' => '-',
            '＋' => '+',
            '％' => '%',
            '¥' | '￥' if plain.is_empty() || plain == "-" => continue,
            letter if letter.is_ascii() => letter,
            _ => return Err(NumberFault::NotANumber),
        });
    }
    parse_ascii(plain.as_bytes())
}

fn parse_ascii(text: &[u8]) -> Result<Number, NumberFault> {
    let (text, percent) = match text {
        [rest @ .., b'%'] => (rest, true),
        text => (text, false),
    };
    let (text, negative) = match text {
        [b'-', rest @ ..] => (rest, true),
        [b'+', rest @ ..] => (rest, false),
        text => (text, false),
    };
    let end = text.iter().position(|letter| matches!(letter, b'e' | b'E')).unwrap_or(text.len());
    let (body, tail) = text.split_at(end);
    let exponent = exponent(tail)?;
    let point = body.iter().position(|letter| *letter == b'.').unwrap_or(body.len());
    let (whole, fraction) = body.split_at(point);
    let fraction = fraction.get(1..).unwrap_or_default();
    if whole.is_empty() && fraction.is_empty() || !well_grouped(whole) || !fraction.iter().all(u8::is_ascii_digit) {
        return Err(NumberFault::NotANumber);
    }
    let kept = fraction.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    let fraction = fraction.get(..kept).unwrap_or_default();
    let mut unscaled: i128 = 0;
    for digit in whole.iter().chain(fraction).filter(|digit| **digit != b',') {
        let next = unscaled.checked_mul(10).and_then(|value| value.checked_add(i128::from(digit - b'0')));
        unscaled = next.ok_or(NumberFault::Overflow)?;
    }
    let scale = i64::try_from(fraction.len()).map_err(|_| NumberFault::Overflow)? - i64::from(exponent);
    let signed = if negative { -unscaled } else { unscaled };
    shifted(signed, scale, percent)
}

/// The number `unscaled / 10^scale` for any scale, negative ones included.
fn shifted(unscaled: i128, scale: i64, percent: bool) -> Result<Number, NumberFault> {
    if unscaled == 0 {
        return Ok(Number { unscaled, scale: 0, percent });
    }
    if let Ok(scale) = u32::try_from(scale) {
        return Ok(Number { unscaled, scale, percent });
    }
    let factor = u32::try_from(-scale).ok().and_then(ten_to);
    let unscaled = factor.and_then(|factor| unscaled.checked_mul(factor)).ok_or(NumberFault::Overflow)?;
    Ok(Number { unscaled, scale: 0, percent })
}

fn exponent(tail: &[u8]) -> Result<i32, NumberFault> {
    let Some((_, digits)) = tail.split_first() else { return Ok(0) };
    let (digits, negative) = match digits {
        [b'-', rest @ ..] => (rest, true),
        [b'+', rest @ ..] => (rest, false),
        digits => (digits, false),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberFault::NotANumber);
    }
    let size = digits.iter().fold(0_i32, |size, digit| size.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
    Ok(if negative { -size } else { size })
}

/// Digits, or digits in groups of three after a first group of one to three.
fn well_grouped(whole: &[u8]) -> bool {
    if !whole.contains(&b',') {
        return whole.iter().all(u8::is_ascii_digit);
    }
    let mut groups = whole.split(|letter| *letter == b',');
    let first =
        groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && group.iter().all(u8::is_ascii_digit));
    first && groups.all(|group| group.len() == 3 && group.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, digits: u8, expected: Result<i128, NumberFault>) {
        let found = parse(text).and_then(|number| number.to_scale(digits, Conversion::SAME));
        assert_eq!(found, expected, "{text} with {digits} digits");
    }

    #[test]
    fn numbers_in_the_ways_people_write_them() {
        check("1234.50", 2, Ok(123_450));
        check("1,234,567.5", 2, Ok(123_456_750));
        check("１２３．５", 1, Ok(1_235));
        check("－７", 0, Ok(-7));
        check("¥1,000", 2, Ok(100_000));
        check("12.0", 0, Ok(12));
        check("1.5e3", 0, Ok(1_500));
        check("15E-1", 1, Ok(15));
        check(".5", 1, Ok(5));
        check("0e999999", 0, Ok(0));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "abc", "NaN", "inf", "1,5", "1,23,456", "1 234", "(5)", "-", ".", "1e", "1e+", "--1", "1.2.3", "0x10",
            "12万",
        ] {
            check(text, 2, Err(NumberFault::NotANumber));
        }
    }

    #[test]
    fn too_large_and_too_fine_are_told_apart() {
        check("1e400", 2, Err(NumberFault::Overflow));
        check("1e99999999999999999999", 2, Err(NumberFault::Overflow));
        check("99999999999999999999999999", 2, Ok(9_999_999_999_999_999_999_999_999_900));
        check("100000000000000000000000000", 2, Err(NumberFault::Overflow));
        check("0.005", 2, Err(NumberFault::Digits));
        check("1e-400", 2, Err(NumberFault::Digits));
        check("0.500000000000000000000000000000000000000000000000", 2, Ok(50));
    }

    #[test]
    fn units_convert_exactly_or_not_at_all() {
        let convert = |text: &str, from: &str, to: &str, digits: u8| {
            let unit = Conversion::between(from, to).expect("kindred units");
            parse(text).and_then(|number| number.to_scale(digits, unit))
        };
        assert_eq!(convert("12.3456", "万元", "元", 2), Ok(12_345_600));
        assert_eq!(convert("12.3456789", "万元", "元", 2), Err(NumberFault::Digits));
        assert_eq!(convert("1234567", "元", "万元", 4), Ok(1_234_567));
        assert_eq!(convert("123456.7", "元", "万元", 4), Err(NumberFault::Digits));
        assert_eq!(convert("30", "分钟", "小时", 1), Ok(5));
        assert_eq!(convert("20", "分钟", "小时", 4), Err(NumberFault::Digits));
        assert_eq!(convert("7", "天", "周", 0), Ok(1));
        assert_eq!(Conversion::between("元", "人"), None);
    }
}
