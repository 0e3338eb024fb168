//! Lists in pieces.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How many items one answer holds unless the request says otherwise.
pub const DEFAULT_LIMIT: u64 = 100;
/// How many items one answer may hold.
pub const MAX_LIMIT: u64 = 10_000;

/// Which piece of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A piece of a list, in an order that does not change between pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// How many stand before the first of these.
    pub offset: u64,
}

impl<T> Page<T> {
    /// The piece of a list that is there as a whole.
    pub fn of(all: Vec<T>, query: PageQuery) -> Self {
        let total = all.len() as u64;
        let offset = query.offset.unwrap_or(0);
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT);
        let skip = usize::try_from(offset).unwrap_or(usize::MAX);
        let take = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { items: all.into_iter().skip(skip).take(take).collect(), total, offset }
    }
}
