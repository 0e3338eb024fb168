//! Periods (期间): what the calendar knows, and how far people have settled them.

use crate::call::Call;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::period::{PeriodKind, PeriodState};

/// Which periods of the calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// Of this kind: `academic-year`, `term`, `calendar-year`, …; those that runs are usually made over when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub kind: Option<PeriodKind>,
    /// So many of each kind, counted back from the present one (4; never more than 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<u32>,
}

/// A period of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodRow {
    /// Its id: `AY2025-T1`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: PeriodKind,
    /// First day.
    pub start: NaiveDate,
    /// First day after it.
    pub end: NaiveDate,
    /// Whether it is over at the college.
    pub over: bool,
    /// How far it is settled today.
    #[schema(value_type = String)]
    pub state: PeriodState,
    /// What a person set for it, with the reason; absent where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<PeriodSettled>,
}

/// The state that a person set for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodSettled {
    /// The period.
    pub period: String,
    /// Its state.
    #[schema(value_type = String)]
    pub state: PeriodState,
    /// Why it was set.
    pub why: Option<String>,
    /// When it was set.
    pub updated_at: DateTime<Utc>,
    /// Who set it.
    pub by: String,
}

/// Why a period is locked or opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodReason {
    /// The reason, kept in the audit log.
    pub why: String,
}

/// `GET /v1/periods`: periods of the calendar, the newest of each kind first.
pub fn list(query: &PeriodQuery) -> Call<Vec<PeriodRow>> {
    Call::get(&["periods"]).query(query)
}

/// `GET /v1/periods/settled`: states that people set, by period.
pub fn settled() -> Call<Vec<PeriodSettled>> {
    Call::get(&["periods", "settled"])
}

/// `POST /v1/periods/{period}/lock`: rows into it are refused until it is unlocked.
pub fn lock(period: &str, why: &str) -> Call<PeriodSettled> {
    Call::post(&["periods", period, "lock"]).body(&PeriodReason { why: why.to_owned() })
}

/// `POST /v1/periods/{period}/unlock`: late rows come in again. A signed period stays closed.
pub fn unlock(period: &str, why: &str) -> Call<PeriodSettled> {
    Call::post(&["periods", period, "unlock"]).body(&PeriodReason { why: why.to_owned() })
}
