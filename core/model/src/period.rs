//! Periods (期间) and calendars: half-open date ranges defined as data, with declared containment.

mod calendar;
mod locks;
mod numbering;

pub use calendar::{Calendar, CalendarError};
pub use locks::{Acceptance, LateException, LateRefused, Settlement, StateChangeRefused, change_state};

use crate::ids::PeriodId;
use crate::text::Names;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Kinds of period, from long to short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// 自然年 `CY2025`
    CalendarYear,
    /// 学年 `AY2025`: by default from 1 September 2025 to 31 August 2026
    AcademicYear,
    /// 学期 `AY2025-T1`
    Term,
    /// 月 `CY2025-M09`
    Month,
    /// 教学周 `AY2025-T1-W03`
    TeachingWeek,
    /// 日 `D2025-09-01`
    Day,
    /// 项目阶段
    ProjectStage,
    /// Anything else a college declares.
    Custom,
}

/// One period: `start` belongs to it, `end` does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Its id.
    pub id: PeriodId,
    /// Its kind.
    pub kind: PeriodKind,
    /// Labels.
    pub names: Names,
    /// First day.
    pub start: NaiveDate,
    /// First day after it.
    pub end: NaiveDate,
}

/// How far a period is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodState {
    /// Rows come in.
    #[default]
    Open,
    /// Over, late rows still come in.
    Grace,
    /// Late rows need an exception with a name, a reason and an end.
    Locked,
    /// Signed: reported to the province; nothing changes any more.
    Signed,
}

impl Period {
    /// Whether the day lies in it: `start` does, `end` does not.
    pub fn includes(&self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }

    /// Whether it is over on that day.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.end <= today
    }
}

impl PeriodKind {
    /// The word used in files and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CalendarYear => "calendar-year",
            Self::AcademicYear => "academic-year",
            Self::Term => "term",
            Self::Month => "month",
            Self::TeachingWeek => "teaching-week",
            Self::Day => "day",
            Self::ProjectStage => "project-stage",
            Self::Custom => "custom",
        }
    }
}

impl std::fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::fmt::Display for PeriodState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Grace => "grace",
            Self::Locked => "locked",
            Self::Signed => "signed",
        })
    }
}

#[cfg(test)]
mod tests;
