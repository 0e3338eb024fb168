//! Secrets (密钥): names only. A value goes in and never comes back.

use crate::call::Call;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A secret and who needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecretLine {
    /// Its name.
    pub name: String,
    /// Whether there is a value.
    pub set: bool,
    /// Sources whose configuration names it.
    pub sources: Vec<String>,
}

/// The value of a secret, on its way in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretValue {
    /// The value; a line break at its end is no part of it.
    pub value: String,
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(…)")
    }
}

/// `GET /v1/secrets`: by name, those that a source names and nobody has set included.
pub fn list() -> Call<Vec<SecretLine>> {
    Call::get(&["secrets"])
}

/// `PUT /v1/secrets/{name}`.
pub fn set(name: &str, value: &SecretValue) -> Call<()> {
    Call::put(&["secrets", name]).body(value)
}

/// `DELETE /v1/secrets/{name}`: one that no source names.
pub fn remove(name: &str) -> Call<()> {
    Call::delete(&["secrets", name])
}
