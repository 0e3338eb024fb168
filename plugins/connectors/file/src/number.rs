//! Numbers and dates of spreadsheets as canonical text.
//!
//! A spreadsheet computes in binary with 15 significant digits and stores up to 17, so that 85.4 may stand in the file
//! as 85.400000000000006. What a person typed or sees has at most 15: whole numbers keep every digit that is stored,
//! others are written in the shortest decimal that gives the same binary number, and rounded to 15 significant digits
//! when that is longer. Nothing is ever lost below what the spreadsheet itself shows.

/// Canonical text of a stored number; what is not a finite number stays as it is.
pub fn canonical(stored: &str) -> String {
    let text = stored.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole(text, digits);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && is_plain(text) => from_f64(value),
        _ => text.to_owned(),
    }
}

/// Rust also reads `inf` and `nan`; a number has digits.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
}

fn whole(text: &str, digits: &str) -> String {
    let trimmed = digits.trim_start_matches('0');
    match (trimmed.is_empty(), text.starts_with('-')) {
        (true, _) => "0".to_owned(),
        (false, true) => format!("-{trimmed}"),
        (false, false) => trimmed.to_owned(),
    }
}

/// Canonical text of a binary number.
pub fn from_f64(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let shortest = format!("{value:e}");
    let mantissa_digits = shortest.split('e').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    let scientific = if mantissa_digits > 15 { format!("{value:.14e}") } else { shortest };
    plain(&scientific).unwrap_or(scientific)
}

/// Scientific notation without an exponent, as long as that stays readable.
fn plain(scientific: &str) -> Option<String> {
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if exponent.unsigned_abs() > 40 {
        return None;
    }
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (head, tail) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{head}{tail}");
    let digits = digits.trim_end_matches('0');
    let point = i32::try_from(head.len()).ok()? + exponent;
    let zeros = |count: i32| "0".repeat(usize::try_from(count.max(0)).unwrap_or(0));
    let length = i32::try_from(digits.len()).ok()?;
    let text = if point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{digits}{}", zeros(point - length))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).ok()?);
        format!("{whole}.{fraction}")
    };
    Some(format!("{sign}{text}"))
}

/// How the number format of a cell shows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As a number.
    Number,
    /// As a day.
    Date,
    /// As a day and time.
    DateTime,
    /// As a time of day.
    Time,
    /// As hours that may go beyond a day.
    Duration,
}

/// Days from 1970-01-01 to day 0 of the two date systems.
const EPOCH_1900: i64 = -25_569;
const EPOCH_1904: i64 = -24_107;
/// Behind 9999-12-31 there are no dates.
const LAST_DAY: f64 = 2_958_466.0;
const DAY_SECONDS: i64 = 86_400;

/// Text of a serial date; `None` when it is none, and then the number itself is the text.
pub fn date_text(serial: f64, shown: Shown, is_1904: bool) -> Option<String> {
    if !(0.0..LAST_DAY).contains(&serial) {
        return None;
    }
    // To the second, half up: spreadsheets store times as fractions of a day.
    let seconds = (serial * 86_400.0).round() as i64;
    let (day, second) = (seconds.div_euclid(DAY_SECONDS), seconds.rem_euclid(DAY_SECONDS));
    let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    let date = || {
        let days = if is_1904 {
            day + EPOCH_1904
        } else if day == 60 {
            // 1900-02-29, which never was: the old error of Lotus 1-2-3.
            return None;
        } else if day < 60 {
            day + EPOCH_1900 + 1
        } else {
            day + EPOCH_1900
        };
        let (year, month, day) = civil(days);
        Some(format!("{year:04}-{month:02}-{day:02}"))
    };
    match shown {
        Shown::Number => None,
        Shown::Date => date(),
        Shown::DateTime => date().map(|date| format!("{date}T{clock}")),
        Shown::Time => Some(clock),
        Shown::Duration => Some(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)),
    }
}

/// Year, month and day of a count of days from 1970-01-01, in the Gregorian calendar. Years begin in March here, so
/// that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// What a built-in number format shows, by its id; Chinese Excel uses 27 to 36 and 50 to 58 for dates and times.
pub fn shown_by_id(id: u32) -> Shown {
    match id {
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Date,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Shown::Time,
        22 => Shown::DateTime,
        46 => Shown::Duration,
        _ => Shown::Number,
    }
}

/// What a number format shows, by its code, for example `yyyy"年"m"月"d"日"`.
pub fn shown_by_code(code: &str) -> Shown {
    let first = code.split(';').next().unwrap_or_default();
    if first.trim().eq_ignore_ascii_case("general") {
        return Shown::Number;
    }
    let (mut date, mut time, mut month, mut elapsed) = (false, false, false, false);
    let mut chars = first.chars().peekable();
    while let Some(character) = chars.next() {
        match character.to_ascii_lowercase() {
            '"' => {
                chars.by_ref().find(|next| *next == '"');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|next| *next != ']').collect();
                let inside = inside.to_ascii_lowercase();
                elapsed |= !inside.is_empty()
                    && ["h", "m", "s"].iter().any(|unit| inside.trim_matches(|next| unit.starts_with(next)).is_empty());
            }
            'y' | 'd' => date = true,
            'h' | 's' => time = true,
            'm' => month = true,
            'a' => {
                // AM/PM or A/P: a mark of time whose M is no month.
                let mark: String = chars.clone().take(4).collect::<String>().to_ascii_lowercase();
                let length = if mark.starts_with("m/pm") {
                    4
                } else if mark.starts_with("/p") {
                    2
                } else {
                    0
                };
                time |= length > 0;
                (0..length).for_each(|_| {
                    chars.next();
                });
            }
            _ => {}
        }
    }
    match (elapsed, date, time, month) {
        (true, ..) => Shown::Duration,
        (_, true, true, _) => Shown::DateTime,
        (_, true, false, _) | (_, false, false, true) => Shown::Date,
        (_, false, true, _) => Shown::Time,
        _ => Shown::Number,
    }
}
