//! Period ids that are computed from numbers: `CY2025`, `AY2025`, `AY2025-T1`, `AY2025-T1-W03`, `CY2025-M09`,
//! `D2025-09-01`. Only the canonical spelling is an id, so that ids sort in time and no period has two.

use super::PeriodKind;
use crate::ids::PeriodId;
use crate::text::Names;
use chrono::{Datelike, NaiveDate};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Number {
    CalendarYear(i32),
    AcademicYear(i32),
    Term(i32, String),
    Week(i32, String, u32),
    Month(i32, u32),
    Day(NaiveDate),
}

impl Number {
    pub(super) fn parse(id: &PeriodId) -> Option<Self> {
        let number = parse(id.as_str())?;
        (number.to_string() == id.as_str()).then_some(number)
    }

    /// `T1` … `T9`
    pub(super) fn parse_term(text: &str) -> Option<u32> {
        let number = text.strip_prefix('T')?.parse().ok()?;
        (1..=9).contains(&number).then_some(number)
    }

    pub(super) fn kind(&self) -> PeriodKind {
        match self {
            Self::CalendarYear(_) => PeriodKind::CalendarYear,
            Self::AcademicYear(_) => PeriodKind::AcademicYear,
            Self::Term(..) => PeriodKind::Term,
            Self::Week(..) => PeriodKind::TeachingWeek,
            Self::Month(..) => PeriodKind::Month,
            Self::Day(_) => PeriodKind::Day,
        }
    }

    pub(super) fn id(&self) -> PeriodId {
        PeriodId::new(self.to_string()).expect("letters, digits and hyphens only")
    }

    /// The label of the calendar's pattern; the id itself where it has none.
    pub(super) fn label(&self, pattern: Option<&Names>, term: Option<&Names>) -> Names {
        let Some(pattern) = pattern else { return Names::new(self.to_string(), self.to_string()) };
        let (year, month, day, week) = match self {
            Self::CalendarYear(year) | Self::AcademicYear(year) | Self::Term(year, _) => (*year, 0, 0, 0),
            Self::Month(year, month) => (*year, *month, 0, 0),
            Self::Week(year, _, week) => (*year, 0, 0, *week),
            Self::Day(day) => (day.year(), day.month(), day.day(), 0),
        };
        let fill = |text: &str, term: &str| {
            text.replace("{year}", &year.to_string())
                .replace("{next}", &(year + 1).to_string())
                .replace("{month}", &month.to_string())
                .replace("{day}", &day.to_string())
                .replace("{week}", &week.to_string())
                .replace("{term}", term)
        };
        Names::new(fill(&pattern.zh, term.map_or("", |n| &n.zh)), fill(&pattern.en, term.map_or("", |n| &n.en)))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CalendarYear(year) => write!(f, "CY{year:04}"),
            Self::AcademicYear(year) => write!(f, "AY{year:04}"),
            Self::Term(year, term) => write!(f, "AY{year:04}-{term}"),
            Self::Week(year, term, week) => write!(f, "AY{year:04}-{term}-W{week:02}"),
            Self::Month(year, month) => write!(f, "CY{year:04}-M{month:02}"),
            Self::Day(day) => write!(f, "D{day}"),
        }
    }
}

fn parse(text: &str) -> Option<Number> {
    if let Some(day) = text.strip_prefix('D') {
        return day.parse().ok().map(Number::Day);
    }
    let mut parts = text.split('-');
    let first = parts.next()?;
    let (second, third) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    if let Some(year) = first.strip_prefix("CY") {
        let year = four_digits(year)?;
        return match (second, third) {
            (None, _) => Some(Number::CalendarYear(year)),
            (Some(month), None) => {
                let month = month.strip_prefix('M')?.parse().ok()?;
                (1..=12).contains(&month).then_some(Number::Month(year, month))
            }
            _ => None,
        };
    }
    let year = four_digits(first.strip_prefix("AY")?)?;
    match (second, third) {
        (None, _) => Some(Number::AcademicYear(year)),
        (Some(term), None) => Number::parse_term(term).map(|_| Number::Term(year, term.to_owned())),
        (Some(term), Some(week)) => {
            Number::parse_term(term)?;
            let week = week.strip_prefix('W')?.parse().ok()?;
            Some(Number::Week(year, term.to_owned(), week))
        }
    }
}

fn four_digits(text: &str) -> Option<i32> {
    (text.len() == 4).then(|| text.parse().ok()).flatten().filter(|year| (1900..=2999).contains(year))
}

pub(super) fn month_start(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)
}
