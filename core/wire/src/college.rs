//! The college itself, as heads of screens and reports name it.

use crate::call::Call;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A college, whoever asks, and the program that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct College {
    /// Identity, the first partition of every table.
    pub id: String,
    /// Name as reports print it.
    pub name: String,
    /// The day at the college.
    #[schema(value_type = String, format = Date)]
    pub today: chrono::NaiveDate,
    /// The academic year that this day is in, in the language of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// The cycle that is open, the newest when there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<OpenCycle>,
    /// Who asks.
    pub person: Person,
    /// Version of the program that answers.
    pub version: String,
}

/// A cycle that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenCycle {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it is: name of its step, in the language of the request.
    pub step: String,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Name or account.
    pub name: String,
    /// The role in which the person acts.
    pub role: String,
}

/// `GET /v1/college`.
pub fn show() -> Call<College> {
    Call::get(&["college"])
}
