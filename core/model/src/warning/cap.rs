//! A cap on how many warnings one rule may raise in one run: the most severe are kept, the rest are counted, and both
//! are told.

use super::Identity;
use crate::ids::LevelId;
use crate::verdict::Levels;

/// What a cap let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capped<T> {
    /// Kept, the most severe first, then in the order of identities.
    pub kept: Vec<T>,
    /// How many were held back.
    pub held_back: usize,
}

/// Keeps at most `limit` of what would be raised. `about` says level and identity of each.
pub fn cap<T>(
    raised: Vec<T>,
    limit: Option<u32>,
    levels: &Levels,
    about: impl Fn(&T) -> (LevelId, Identity),
) -> Capped<T> {
    let mut kept = raised;
    kept.sort_by_cached_key(|item| {
        let (level, identity) = about(item);
        (std::cmp::Reverse(levels.severity(&level)), identity)
    });
    let limit = limit.map_or(kept.len(), |limit| limit as usize).min(kept.len());
    let held_back = kept.len() - limit;
    kept.truncate(limit);
    Capped { kept, held_back }
}
