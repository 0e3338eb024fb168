//! How big the training college is and which days it lives through. No names and no rows here.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Students at college in the diagnosed year: at least [`Options::SMALLEST`].
    pub students: usize,
    /// Equal seeds give equal bytes.
    pub seed: u64,
}

impl Options {
    /// Below this, classes are too small for rates to mean anything.
    pub const SMALLEST: usize = 300;
    /// Above this, student numbers would need another digit.
    pub const LARGEST: usize = 900_000;
}

impl Default for Options {
    fn default() -> Self {
        Self { students: 600, seed: 2026 }
    }
}

/// From this size on the college has the full volume of the benchmark.
const FULL_VOLUME: usize = 10_000;

/// Counts that follow from the options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) students: usize,
    pub(super) majors: usize,
    /// Parallel classes of one major and entry year.
    pub(super) parallel: usize,
    pub(super) full_time: usize,
    pub(super) external: usize,
    /// Electives that exist besides the courses of the programmes.
    pub(super) electives: usize,
    /// Teaching days a week of which attendance is kept.
    pub(super) days_a_week: usize,
    /// Lessons a day of which attendance is kept.
    pub(super) lessons_a_day: usize,
    pub(super) swipes_each: usize,
    pub(super) online_each: usize,
    pub(super) answers_a_section: usize,
    pub(super) survey_sheets: usize,
}

impl Sizes {
    pub(super) fn of(options: Options) -> Self {
        let students = options.students;
        let majors = (students / 500).clamp(4, 60);
        let cohort = students / 3 / majors;
        let parallel = ((cohort + 25) / 50).max(1);
        let classes = majors * parallel * 3;
        let full = students >= FULL_VOLUME;
        Self {
            students,
            majors,
            parallel,
            // Thirty lessons a week for each class, twelve for each teacher.
            full_time: (students / 20).max(classes * 30 / 12),
            // Every major has a few to fall back on.
            external: (students / 45).max(majors * 3),
            electives: students * 33 / 30_000,
            days_a_week: if full { 5 } else { 1 },
            lessons_a_day: if full { 6 } else { 4 },
            swipes_each: if full { 300 } else { 30 },
            online_each: if full { 66 } else { 30 },
            answers_a_section: if full { 8 } else { 20 },
            survey_sheets: if full { 4_700 } else { 240 },
        }
    }
}

/// A term (学期) of an academic year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Term {
    /// The year in whose September the academic year begins.
    pub(super) year: i32,
    /// 1 or 2.
    pub(super) half: u8,
}

/// Weeks of teaching in a term.
pub(super) const WEEKS: u64 = 20;

/// The diagnosed year.
pub(super) const YEAR: i32 = 2025;

/// The terms of which grades and sections are known, oldest first.
pub(super) const TERMS: [Term; 6] = [
    Term { year: 2023, half: 1 },
    Term { year: 2023, half: 2 },
    Term { year: 2024, half: 1 },
    Term { year: 2024, half: 2 },
    Term { year: 2025, half: 1 },
    Term { year: 2025, half: 2 },
];

impl Term {
    pub(super) fn id(self) -> String {
        format!("AY{}-T{}", self.year, self.half)
    }

    /// The Monday on which teaching begins.
    pub(super) fn begins(self) -> NaiveDate {
        let around = if self.half == 1 { date(self.year, 9, 1) } else { date(self.year + 1, 3, 1) };
        (0..7).map(|days| around + Days::new(days)).find(|day| day.weekday() == Weekday::Mon).unwrap_or(around)
    }

    /// A day of teaching: week from 0, weekday from 0 (Monday).
    pub(super) fn day(self, week: usize, weekday: usize) -> NaiveDate {
        self.begins() + Days::new((week * 7 + weekday) as u64)
    }

    /// Which term of study it is for those who entered in `cohort`, if they study then.
    pub(super) fn of_study(self, cohort: i32) -> Option<usize> {
        let number = (self.year - cohort) * 2 + i32::from(self.half);
        usize::try_from(number).ok().filter(|number| (1..=6).contains(number))
    }
}

/// The day of which the college is diagnosed: the year is over, the next has begun.
pub(super) fn today() -> NaiveDate {
    date(YEAR + 1, 9, 10)
}

/// Entry years of the students.
pub(super) const COHORTS: [i32; 3] = [2023, 2024, 2025];

/// A day that exists.
pub(super) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}
