//! Who asks, and in which college: what stands in the first row of the console.

use crate::call::Call;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who asks, and in which college.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Name of the college, in the language of the request.
    pub institution: String,
    /// The academic year that today lies in: `2026-2027`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub academic_year: Option<String>,
    /// The diagnosis cycle at work, when there is one, in the language of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<String>,
    /// Who asks.
    pub user: String,
    /// Names of the roles of this person, in the language of the request.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Words of the rights of this person.
    #[serde(default)]
    pub rights: Vec<String>,
    /// Version of the server.
    #[serde(default)]
    pub version: String,
}

/// `GET /v1/session`.
pub fn show() -> Call<Session> {
    Call::get(&["session"])
}
