//! The calendar of a college, read from data: when the academic year begins, its terms and teaching weeks, project
//! stages, and which kinds of period are declared to contain which. Period ids are computed, never listed.

use super::numbering::{Number, month_start};
use super::{Period, PeriodKind};
use crate::fault::{Explain, Fault};
use crate::ids::PeriodId;
use crate::text::{Message, Names};
use chrono::{Datelike, Days, NaiveDate};
use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A calendar that has been checked: terms cover their academic year without gap or overlap, weeks lie in their term.
#[derive(Debug, Clone)]
pub struct Calendar {
    year_start: MonthDay,
    terms: Vec<TermPattern>,
    years: BTreeMap<i32, Vec<FixedTerm>>,
    declared: Vec<Period>,
    inside: BTreeMap<PeriodKind, BTreeSet<PeriodKind>>,
    labels: IndexMap<PeriodKind, Names>,
    grace: u32,
}

/// `09-01`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct MonthDay {
    month: u32,
    day: u32,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = || format!("`{text}` is not a month and day such as 09-01 (29 February is not allowed)");
        let (month, day) = text.split_once('-').ok_or_else(bad)?;
        let (month, day) = (month.parse().map_err(|_| bad())?, day.parse().map_err(|_| bad())?);
        // A year that is not a leap year, so that the day exists in every year.
        NaiveDate::from_ymd_opt(2025, month, day).ok_or_else(bad)?;
        Ok(Self { month, day })
    }
}

impl MonthDay {
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    #[serde(default)]
    academic_year: Option<AcademicYearFile>,
    #[serde(default, rename = "term")]
    terms: Vec<TermPattern>,
    #[serde(default, rename = "year")]
    years: Vec<YearFile>,
    #[serde(default, rename = "period")]
    periods: Vec<Period>,
    #[serde(default)]
    contains: Option<IndexMap<PeriodKind, Vec<PeriodKind>>>,
    #[serde(default)]
    labels: IndexMap<PeriodKind, Names>,
    #[serde(default)]
    grace_days: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcademicYearFile {
    start: MonthDay,
}

/// A term as it recurs every academic year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermPattern {
    id: String,
    names: Names,
    start: MonthDay,
    first_week: MonthDay,
    weeks: u32,
}

/// The real dates of one academic year, from the school calendar that the college publishes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    id: PeriodId,
    #[serde(rename = "term")]
    terms: Vec<FixedTerm>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FixedTerm {
    id: String,
    names: Names,
    start: NaiveDate,
    first_week: NaiveDate,
    weeks: u32,
}

/// Why a calendar or a use of it is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The file is not what it should be.
    #[error("calendar cannot be read at line {line}: {detail}")]
    Syntax {
        /// Line of the file.
        line: usize,
        /// What the reader says.
        detail: String,
    },
    /// A term does not begin where it must: the first at the start of the academic year, each later than the last.
    #[error("terms of {year} are not in order at {term}")]
    Terms {
        /// The academic year, or `*` for the pattern.
        year: String,
        /// The term at fault.
        term: String,
    },
    /// Teaching weeks reach over the end of their term.
    #[error("teaching weeks of {year}-{term} do not lie in the term")]
    Weeks {
        /// The academic year.
        year: String,
        /// The term.
        term: String,
    },
    /// Two things have the same id, or an id is not a good one.
    #[error("period id {id} is malformed or used twice")]
    Id {
        /// The id.
        id: String,
    },
    /// A declared period ends before it begins.
    #[error("period {id} is empty")]
    Empty {
        /// Its id.
        id: String,
    },
    /// The declared containment goes in a circle.
    #[error("containment of period kinds goes in a circle at {kind:?}")]
    Circle {
        /// A kind on the circle.
        kind: PeriodKind,
    },
    /// Values of one kind of period do not add up to another, because nobody declared it.
    #[error("{inner:?} is not declared to lie inside {outer:?}")]
    NotDeclared {
        /// The coarser kind.
        outer: PeriodKind,
        /// The finer kind.
        inner: PeriodKind,
    },
}

impl Explain for CalendarError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Syntax { line, detail } => {
                Message::new("model-calendar-syntax").with("line", line).with("detail", detail)
            }
            Self::Terms { year, term } => Message::new("model-calendar-terms").with("year", year).with("term", term),
            Self::Weeks { year, term } => Message::new("model-calendar-weeks").with("year", year).with("term", term),
            Self::Id { id } => Message::new("model-calendar-id").with("id", id),
            Self::Empty { id } => Message::new("model-calendar-empty").with("id", id),
            Self::Circle { kind } => Message::new("model-calendar-circle").with("kind", kind),
            Self::NotDeclared { outer, inner } => {
                Message::new("model-calendar-not-declared").with("outer", outer).with("inner", inner)
            }
        }
    }
}

/// What contains what when the calendar file does not say otherwise.
const USUAL: [(PeriodKind, &[PeriodKind]); 6] = [
    (PeriodKind::CalendarYear, &[PeriodKind::Month]),
    (PeriodKind::AcademicYear, &[PeriodKind::Term, PeriodKind::Month]),
    (PeriodKind::Term, &[PeriodKind::TeachingWeek, PeriodKind::Day]),
    (PeriodKind::Month, &[PeriodKind::Day]),
    (PeriodKind::TeachingWeek, &[PeriodKind::Day]),
    (PeriodKind::ProjectStage, &[PeriodKind::Day]),
];

impl Calendar {
    /// Reads and checks a calendar file.
    pub fn from_toml(text: &str) -> Result<Self, CalendarError> {
        let file: CalendarFile = toml::from_str(text).map_err(|error| CalendarError::Syntax {
            line: error.span().map_or(1, |span| crate::pack::place_of(text, span.start).0),
            detail: error.message().to_owned(),
        })?;
        let mut years = BTreeMap::new();
        for year in file.years {
            match Number::parse(&year.id) {
                Some(Number::AcademicYear(number)) if !years.contains_key(&number) => {
                    years.insert(number, year.terms);
                }
                _ => return Err(CalendarError::Id { id: year.id.to_string() }),
            }
        }
        let direct = match file.contains {
            Some(declared) => declared.into_iter().map(|(k, v)| (k, v.into_iter().collect())).collect(),
            None => USUAL.iter().map(|(outer, inner)| (*outer, inner.iter().copied().collect())).collect(),
        };
        let calendar = Self {
            year_start: file.academic_year.map_or(MonthDay { month: 9, day: 1 }, |year| year.start),
            terms: file.terms,
            years,
            declared: file.periods,
            inside: closure(&direct)?,
            labels: file.labels,
            grace: file.grace_days,
        };
        calendar.check()?;
        Ok(calendar)
    }

    /// The period with this id, if the calendar has it.
    pub fn get(&self, id: &PeriodId) -> Option<Period> {
        if let Some(period) = self.declared.iter().find(|period| &period.id == id) {
            return Some(period.clone());
        }
        self.numbered(Number::parse(id)?)
    }

    /// Whether `inner` lies in `outer` and its kind is declared to: only then may values be rolled up. A period
    /// contains itself.
    pub fn contains(&self, outer: &Period, inner: &Period) -> bool {
        outer == inner
            || (self.declares(outer.kind, inner.kind) && outer.start <= inner.start && inner.end <= outer.end)
    }

    /// Whether periods of kind `inner` are declared to lie inside those of kind `outer`.
    pub fn declares(&self, outer: PeriodKind, inner: PeriodKind) -> bool {
        self.inside.get(&outer).is_some_and(|kinds| kinds.contains(&inner))
    }

    /// All periods of a kind that lie in `outer`, in time; an error when that is not declared.
    pub fn children(&self, outer: &Period, kind: PeriodKind) -> Result<Vec<Period>, CalendarError> {
        if outer.kind == kind {
            return Ok(vec![outer.clone()]);
        }
        if !self.declares(outer.kind, kind) {
            return Err(CalendarError::NotDeclared { outer: outer.kind, inner: kind });
        }
        let mut found: Vec<Period> = self.overlapping(kind, outer.start, outer.end);
        found.retain(|period| self.contains(outer, period));
        Ok(found)
    }

    /// The period of the same kind right before.
    pub fn previous(&self, period: &Period) -> Option<Period> {
        match Number::parse(&period.id) {
            Some(number) if !self.is_declared(period) => match number {
                Number::CalendarYear(year) => self.numbered(Number::CalendarYear(year - 1)),
                Number::AcademicYear(year) => self.numbered(Number::AcademicYear(year - 1)),
                Number::Month(year, 1) => self.numbered(Number::Month(year - 1, 12)),
                Number::Month(year, month) => self.numbered(Number::Month(year, month - 1)),
                Number::Day(day) => self.numbered(Number::Day(day.pred_opt()?)),
                Number::Term(..) | Number::Week(..) => {
                    let back = period.start.checked_sub_days(Days::new(370))?;
                    self.overlapping(period.kind, back, period.start).pop()
                }
            },
            _ => self
                .declared
                .iter()
                .filter(|other| other.kind == period.kind && other.end <= period.start)
                .max_by_key(|other| (other.end, other.id.clone()))
                .cloned(),
        }
    }

    /// The same period a year earlier. Declared periods have none, nor has 29 February.
    pub fn last_year(&self, period: &Period) -> Option<Period> {
        if self.is_declared(period) {
            return None;
        }
        self.numbered(match Number::parse(&period.id)? {
            Number::CalendarYear(year) => Number::CalendarYear(year - 1),
            Number::AcademicYear(year) => Number::AcademicYear(year - 1),
            Number::Term(year, term) => Number::Term(year - 1, term),
            Number::Week(year, term, week) => Number::Week(year - 1, term, week),
            Number::Month(year, month) => Number::Month(year - 1, month),
            Number::Day(day) => Number::Day(day.with_year(day.year() - 1)?),
        })
    }

    /// The period of that kind which contains this one, if declared and if there is one.
    pub fn of_kind_containing(&self, period: &Period, kind: PeriodKind) -> Option<Period> {
        let last = period.end.pred_opt()?.max(period.start);
        self.overlapping(kind, period.start, last.succ_opt()?).into_iter().find(|outer| self.contains(outer, period))
    }

    /// The period of that kind in which the day lies.
    pub fn on(&self, kind: PeriodKind, day: NaiveDate) -> Option<Period> {
        self.overlapping(kind, day, day.succ_opt()?).into_iter().next()
    }

    /// All periods of a kind that share a day with `[start, end)`, in time.
    pub fn overlapping(&self, kind: PeriodKind, start: NaiveDate, end: NaiveDate) -> Vec<Period> {
        let mut numbers = Vec::new();
        let years = (start.year() - 1)..=end.year();
        match kind {
            PeriodKind::CalendarYear => numbers.extend(years.map(Number::CalendarYear)),
            PeriodKind::AcademicYear => numbers.extend(years.map(Number::AcademicYear)),
            PeriodKind::Month => {
                numbers.extend(years.flat_map(|year| (1..=12).map(move |month| Number::Month(year, month))));
            }
            PeriodKind::Term => {
                numbers.extend(
                    years.flat_map(|year| {
                        self.fixed_terms(year).into_iter().map(move |term| Number::Term(year, term.id))
                    }),
                );
            }
            PeriodKind::TeachingWeek => numbers.extend(years.flat_map(|year| {
                self.fixed_terms(year)
                    .into_iter()
                    .flat_map(move |term| (1..=term.weeks).map(move |week| Number::Week(year, term.id.clone(), week)))
            })),
            PeriodKind::Day => numbers.extend(start.iter_days().take_while(|day| *day < end).map(Number::Day)),
            PeriodKind::ProjectStage | PeriodKind::Custom => {}
        }
        let mut found: Vec<Period> = numbers.into_iter().filter_map(|number| self.numbered(number)).collect();
        found.extend(self.declared.iter().filter(|period| period.kind == kind).cloned());
        found.retain(|period| period.start < end && start < period.end);
        found.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        found
    }

    /// Days after the end of a period during which late rows still come in.
    pub fn grace_days(&self) -> u32 {
        self.grace
    }

    fn is_declared(&self, period: &Period) -> bool {
        self.declared.iter().any(|declared| declared.id == period.id)
    }

    fn numbered(&self, number: Number) -> Option<Period> {
        let kind = number.kind();
        let (start, end) = match &number {
            Number::CalendarYear(year) => (month_start(*year, 1)?, month_start(year + 1, 1)?),
            Number::AcademicYear(year) => (self.year_start.in_year(*year)?, self.year_start.in_year(year + 1)?),
            Number::Month(year, 12) => (month_start(*year, 12)?, month_start(year + 1, 1)?),
            Number::Month(year, month) => (month_start(*year, *month)?, month_start(*year, month + 1)?),
            Number::Day(day) => (*day, day.succ_opt()?),
            Number::Term(year, id) => self.term(*year, id).map(|(start, end, _)| (start, end))?,
            Number::Week(year, id, week) => {
                let (_, _, term) = self.term(*year, id)?;
                if *week == 0 || *week > term.weeks {
                    return None;
                }
                let start = term.first_week.checked_add_days(Days::new(u64::from(week - 1) * 7))?;
                (start, start.checked_add_days(Days::new(7))?)
            }
        };
        let term_names = match &number {
            Number::Term(year, id) | Number::Week(year, id, _) => self.term(*year, id).map(|(_, _, term)| term.names),
            _ => None,
        };
        let names = number.label(self.labels.get(&kind), term_names.as_ref());
        Some(Period { id: number.id(), kind, names, start, end })
    }

    /// The terms of an academic year with real dates.
    fn fixed_terms(&self, year: i32) -> Vec<FixedTerm> {
        if let Some(terms) = self.years.get(&year) {
            return terms.clone();
        }
        let place = |day: MonthDay| day.in_year(if day >= self.year_start { year } else { year + 1 });
        self.terms
            .iter()
            .filter_map(|term| {
                Some(FixedTerm {
                    id: term.id.clone(),
                    names: term.names.clone(),
                    start: place(term.start)?,
                    first_week: place(term.first_week)?,
                    weeks: term.weeks,
                })
            })
            .collect()
    }

    fn term(&self, year: i32, id: &str) -> Option<(NaiveDate, NaiveDate, FixedTerm)> {
        let terms = self.fixed_terms(year);
        let index = terms.iter().position(|term| term.id == id)?;
        let end = match terms.get(index + 1) {
            Some(next) => next.start,
            None => self.year_start.in_year(year + 1)?,
        };
        let term = terms.into_iter().nth(index)?;
        Some((term.start, end, term))
    }

    fn check(&self) -> Result<(), CalendarError> {
        // The pattern is checked in a leap year and in a common one.
        let sample = [2023, 2024].into_iter().filter(|year| !self.years.contains_key(year));
        for year in sample.chain(self.years.keys().copied()) {
            self.check_terms(year)?;
        }
        let mut seen = BTreeSet::new();
        for period in &self.declared {
            let id = || period.id.to_string();
            if Number::parse(&period.id).is_some() || !seen.insert(period.id.clone()) {
                return Err(CalendarError::Id { id: id() });
            }
            if !matches!(period.kind, PeriodKind::ProjectStage | PeriodKind::Custom) {
                return Err(CalendarError::Id { id: id() });
            }
            if period.end <= period.start {
                return Err(CalendarError::Empty { id: id() });
            }
        }
        Ok(())
    }

    fn check_terms(&self, year: i32) -> Result<(), CalendarError> {
        let label = format!("AY{year}");
        let mut wanted = self.year_start.in_year(year);
        for (index, term) in self.fixed_terms(year).iter().enumerate() {
            let wrong = || CalendarError::Terms { year: label.clone(), term: term.id.clone() };
            let number = Number::parse_term(&term.id).ok_or_else(wrong)?;
            if number as usize != index + 1 {
                return Err(wrong());
            }
            let (start, end, _) = self.term(year, &term.id).ok_or_else(wrong)?;
            if wanted != Some(start) || end <= start {
                return Err(wrong());
            }
            wanted = Some(end);
            let last = term.first_week.checked_add_days(Days::new(u64::from(term.weeks) * 7)).ok_or_else(wrong)?;
            if term.weeks > 99 || term.first_week < start || last > end {
                return Err(CalendarError::Weeks { year: label.clone(), term: term.id.clone() });
            }
        }
        Ok(())
    }
}

type Containment = BTreeMap<PeriodKind, BTreeSet<PeriodKind>>;

/// What lies inside what, directly or through others.
fn closure(direct: &Containment) -> Result<Containment, CalendarError> {
    let mut all = direct.clone();
    loop {
        let mut grown = all.clone();
        for inner in grown.values_mut() {
            let more: Vec<PeriodKind> = inner.iter().filter_map(|kind| all.get(kind)).flatten().copied().collect();
            inner.extend(more);
        }
        if grown == all {
            break;
        }
        all = grown;
    }
    match all.iter().find(|(outer, inner)| inner.contains(outer)) {
        Some((kind, _)) => Err(CalendarError::Circle { kind: *kind }),
        None => Ok(all),
    }
}
