//! Days and times as people write them. Five styles are read without being told: `2025-09-01`, `2025/9/1`, `2025.9.1`,
//! `20250901`, `2025年9月1日`. `01/02/2025` is nobody's guess: it needs a pattern in the mapping.

use chrono::format::{Item, StrftimeItems};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use std::borrow::Cow;

/// Pattern word of a mapping for the day numbers of spreadsheets (1900 system).
pub(crate) const SERIAL: &str = "excel";

/// Why a text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateFault {
    /// Not a day or time at all, or one that does not exist.
    NotADate,
    /// Day and month cannot be told apart.
    Ambiguous,
    /// A time of day in a field that holds days.
    HasTime,
}

/// How one column writes its days.
#[derive(Debug, Clone)]
pub(crate) struct DateReader {
    pattern: Option<String>,
}

impl DateReader {
    /// A reader that tries the mapping's pattern first; `None` when the pattern is not one.
    pub(crate) fn new(pattern: Option<&str>) -> Option<Self> {
        let valid = pattern.is_none_or(|pattern| {
            pattern == SERIAL || !StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error))
        });
        valid.then(|| Self { pattern: pattern.map(str::to_owned) })
    }

    /// Reads a day.
    pub(crate) fn date(&self, text: &str) -> Result<NaiveDate, DateFault> {
        let moment = self.moment(text)?;
        if moment.time() == NaiveTime::MIN { Ok(moment.date()) } else { Err(DateFault::HasTime) }
    }

    /// Reads a day with or without time, to the second.
    pub(crate) fn moment(&self, text: &str) -> Result<NaiveDateTime, DateFault> {
        if let Some(pattern) = &self.pattern {
            let found = match pattern.as_str() {
                SERIAL => serial(text),
                pattern => NaiveDateTime::parse_from_str(text, pattern)
                    .ok()
                    .or_else(|| NaiveDate::parse_from_str(text, pattern).ok().map(|day| day.and_time(NaiveTime::MIN))),
            };
            if let Some(moment) = found {
                return Ok(moment);
            }
        }
        usual(&ascii_digits(text))
    }
}

/// The text with full-width digits and separators made plain.
fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = text.chars().map(|letter| match letter {
        '０'..='９' => char::from_u32(letter as u32 - '０' as u32 + '0' as u32).unwrap_or(letter),
        '－' => '-',
        '／' => '/',
        '．' => '.',
        '：' => ':',
        '\u{3000}' => ' ',
        other => other,
    });
    Cow::Owned(plain.collect())
}

fn usual(text: &str) -> Result<NaiveDateTime, DateFault> {
    let (day, time) = match text.find([' ', 'T']) {
        Some(at) => {
            let (day, time) = text.split_at(at);
            (day, Some(time.trim_start_matches([' ', 'T'])))
        }
        None => (text, None),
    };
    let day = usual_day(day)?;
    let time = match time {
        Some(time) => usual_time(time).ok_or(DateFault::NotADate)?,
        None => NaiveTime::MIN,
    };
    Ok(day.and_time(time))
}

fn usual_day(text: &str) -> Result<NaiveDate, DateFault> {
    if text.len() == 8 && text.bytes().all(|letter| letter.is_ascii_digit()) {
        let (year, rest) = text.split_at(4);
        let (month, day) = rest.split_at(2);
        return calendar_day(year, month, day);
    }
    if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月').ok_or(DateFault::NotADate)?;
        let day = day.strip_suffix(['日', '号']).ok_or(DateFault::NotADate)?;
        return calendar_day(year, month, day);
    }
    let separator = text.chars().find(|letter| matches!(letter, '-' | '/' | '.')).ok_or(DateFault::NotADate)?;
    let mut parts = text.split(separator);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day), None) if year.len() == 4 => calendar_day(year, month, day),
        (Some(first), Some(second), Some(year), None)
            if is_small(first) && is_small(second) && is_small(year) | is_year(year) =>
        {
            Err(DateFault::Ambiguous)
        }
        _ => Err(DateFault::NotADate),
    }
}

fn is_small(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit())
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|letter| letter.is_ascii_digit())
}

fn calendar_day(year: &str, month: &str, day: &str) -> Result<NaiveDate, DateFault> {
    if !is_year(year) || year.starts_with('0') || !is_small(month) || !is_small(day) {
        return Err(DateFault::NotADate);
    }
    let number = |text: &str| text.parse::<u32>().map_err(|_| DateFault::NotADate);
    let year = i32::try_from(number(year)?).map_err(|_| DateFault::NotADate)?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).ok_or(DateFault::NotADate)
}

/// `8:05`, `08:05:30`, `08:05:30.000`.
fn usual_time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|letter| letter == b'0') {
        return None;
    }
    let mut parts = clock.split(':');
    let hour = parts.next().filter(|part| is_small(part))?.parse().ok()?;
    let minute = parts.next().filter(|part| part.len() == 2 && is_small(part))?.parse().ok()?;
    let second = match parts.next() {
        Some(part) if part.len() == 2 && is_small(part) => part.parse().ok()?,
        Some(_) => return None,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// A spreadsheet's day number: 1 is 1900-01-01, and 60 is the 29 February 1900 that never was.
fn serial(text: &str) -> Option<NaiveDateTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|letter| letter.is_ascii_digit());
    if !digits(whole) || whole.len() > 6 || !digits(fraction) {
        return None;
    }
    let number: u64 = whole.parse().ok()?;
    let base = match number {
        0 | 60 => return None,
        1..60 => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        _ => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let day = base.checked_add_days(Days::new(number))?;
    // Spreadsheets hold the time of day as a binary fraction; its nearest second is the time that was typed.
    let kept = fraction.get(..fraction.len().min(15))?;
    let above: i64 = kept.parse().ok()?;
    let below = 10_i128.pow(u32::try_from(kept.len()).ok()?);
    let seconds = (i128::from(above) * 86_400 * 2 + below) / (below * 2);
    day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::seconds(i64::try_from(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: Option<&str>, text: &str, expected: Result<&str, DateFault>) {
        let reader = DateReader::new(pattern).expect("a pattern");
        let found = reader.moment(text).map(|moment| moment.to_string());
        assert_eq!(found.as_deref().map_err(|fault| *fault), expected, "{text}");
    }

    #[test]
    fn five_styles_are_read_without_being_told() {
        for text in ["2025-09-01", "2025/9/1", "2025.9.1", "20250901", "2025年9月1日", "２０２５年９月１日"]
        {
            check(None, text, Ok("2025-09-01 00:00:00"));
        }
        check(None, "2025-09-01T08:05:30", Ok("2025-09-01 08:05:30"));
        check(None, "2025/9/1 8:05", Ok("2025-09-01 08:05:00"));
        check(None, "2025-09-01 00:00:00.000", Ok("2025-09-01 00:00:00"));
    }

    #[test]
    fn ambiguous_and_impossible_days_are_refused() {
        check(None, "01/02/2025", Err(DateFault::Ambiguous));
        check(None, "1-2-25", Err(DateFault::Ambiguous));
        for text in
            ["2025-02-29", "2025-13-01", "45901", "明天", "2025-9", "0025-09-01", "2025-09-01 25:00", "2025-09/01"]
        {
            check(None, text, Err(DateFault::NotADate));
        }
    }

    #[test]
    fn a_pattern_of_the_mapping_is_tried_first() {
        check(Some("%d/%m/%Y"), "01/02/2025", Ok("2025-02-01 00:00:00"));
        check(Some("%d/%m/%Y"), "2025-09-01", Ok("2025-09-01 00:00:00"));
        assert!(DateReader::new(Some("%Q!")).is_none());
    }

    #[test]
    fn day_numbers_of_spreadsheets_only_when_the_mapping_says_so() {
        check(Some(SERIAL), "45901", Ok("2025-09-01 00:00:00"));
        check(Some(SERIAL), "45901.5", Ok("2025-09-01 12:00:00"));
        check(Some(SERIAL), "59", Ok("1900-02-28 00:00:00"));
        check(Some(SERIAL), "60", Err(DateFault::NotADate));
        check(Some(SERIAL), "61", Ok("1900-03-01 00:00:00"));
    }

    #[test]
    fn a_time_of_day_is_not_dropped_from_a_day() {
        let reader = DateReader::new(None).expect("no pattern");
        assert_eq!(reader.date("2025-09-01 08:00"), Err(DateFault::HasTime));
        assert_eq!(reader.date("2025-09-01 00:00:00"), Ok(NaiveDate::from_ymd_opt(2025, 9, 1).expect("a day")));
    }
}
