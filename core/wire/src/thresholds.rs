//! Thresholds that people set (目标值 标准值 预警值 …).

use crate::call::Call;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which thresholds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ThresholdQuery {
    /// Of this indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
}

/// A threshold as a person asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetThreshold {
    /// Code of the indicator.
    pub indicator: String,
    /// `start`, `process`, `target`, `standard`, `warning`, `recovery`.
    pub kind: String,
    /// The condition: `>= 95`.
    pub when: String,
    /// For whom: `college`, `unit:department:D1`, `group:major:FIELD=VALUE`, `object:teacher:T1`.
    pub scope: String,
    /// For this grain only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<String>,
    /// Level of a warning value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<NaiveDate>,
    /// Decision or plan that it comes from.
    pub source: String,
    /// Whether somebody has checked it against the source.
    #[serde(default)]
    pub verified: bool,
    /// Why it may be looser than a floor until its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<String>,
}

/// A threshold that was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThresholdRow {
    /// Its number.
    pub id: i64,
    /// The indicator.
    pub indicator: String,
    /// Name of the indicator, in the language of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `target`, `standard`, `warning`, …
    pub kind: String,
    /// The condition.
    pub when: String,
    /// For whom.
    pub scope: String,
    /// For this grain only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<String>,
    /// Level of a warning value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<NaiveDate>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<NaiveDate>,
    /// Where it comes from.
    pub source: String,
    /// Whether checked against the source; otherwise 未核实.
    pub verified: bool,
    /// When it was set.
    pub at: DateTime<Utc>,
    /// Who set it.
    pub by: String,
    /// Leave to be looser than a floor: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<String>,
}

/// Why a threshold is withdrawn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Why.
    pub why: String,
}

/// `GET /v1/thresholds`.
pub fn list(query: &ThresholdQuery) -> Call<Vec<ThresholdRow>> {
    Call::get(&["thresholds"]).query(query)
}

/// `POST /v1/thresholds`.
pub fn set(threshold: &SetThreshold) -> Call<ThresholdRow> {
    Call::post(&["thresholds"]).body(threshold)
}

/// `POST /v1/thresholds/{id}/withdraw`.
pub fn withdraw(id: i64, why: &str) -> Call<ThresholdRow> {
    Call::post(&["thresholds", &id.to_string(), "withdraw"]).body(&Withdraw { why: why.to_owned() })
}
