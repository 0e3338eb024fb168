//! Finding anything by what a person types (查找): objects, indicators, rules, warnings.

use crate::call::Call;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Words to search for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Name, id, full pinyin or initials; parts of them.
    pub q: String,
    /// At most so many of each kind (8; never more than 50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FoundKind {
    /// An object of a layer: a department, a course, a person.
    Object,
    /// An indicator.
    Indicator,
    /// A written rule.
    Rule,
    /// An open warning.
    Warning,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Its id as the API names it: `student/S1`, a code, the id of a rule, the number of a warning.
    pub id: String,
    /// Its name; of a warning that of its rule.
    pub name: String,
    /// What tells it from others of that name: an id, a code; of a warning the name of its object.
    pub about: String,
    /// Of a warning, the object that it is about: `student/S1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

/// `GET /v1/search`: objects, indicators, rules and warnings by name, id, pinyin or initials, the best of each kind first.
pub fn search(query: &SearchQuery) -> Call<Vec<Found>> {
    Call::get(&["search"]).query(query)
}
