//! Which threshold holds for one object: object > group > unit > college > province > nation, in force on the day.

use super::{Scope, Threshold, ThresholdKind};
use crate::ids::{ObjectId, ObjectKind};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// What is known about the object that a threshold may apply to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectContext {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its id.
    pub id: ObjectId,
    /// The units that it belongs to, nearest first, as [`crate::hierarchy::Hierarchy::ancestors`] gives them. The
    /// object itself need not be among them.
    pub units: Vec<(ObjectKind, ObjectId)>,
    /// Fields and values of its own master row.
    pub groups: Vec<(String, String)>,
}

/// What wins: rank of the scope, a grain of its own, nearness of the unit, later `from`.
type Precedence = (u8, bool, Reverse<usize>, Option<NaiveDate>);

impl ObjectContext {
    fn has(&self, field: &str, value: &str) -> bool {
        self.groups.iter().any(|(own_field, own_value)| own_field == field && own_value == value)
    }

    /// How near the scope is to the object, or `None` when it does not reach it.
    fn reach(&self, scope: &Scope) -> Option<usize> {
        let reached = match scope {
            Scope::Nation | Scope::Province | Scope::College => true,
            Scope::Object { kind, id } => kind == &self.kind && id == &self.id,
            Scope::Group { kind, field, value } => kind == &self.kind && self.has(field, value),
            Scope::Unit { kind, id } if kind == &self.kind && id == &self.id => true,
            Scope::Unit { kind, id } => {
                let place = self.units.iter().position(|(own_kind, own_id)| own_kind == kind && own_id == id);
                return place.map(|place| place + 1);
            }
        };
        reached.then_some(0)
    }

    fn precedence(&self, threshold: &Threshold, kind: ThresholdKind, on: NaiveDate) -> Option<Precedence> {
        let for_grain = threshold.grain.as_ref().is_none_or(|grain| grain == &self.kind);
        let for_category =
            threshold.category.as_ref().is_none_or(|category| self.has(&category.field, &category.value));
        if threshold.kind != kind || !threshold.in_force(on) || !for_grain || !for_category {
            return None;
        }
        let distance = self.reach(&threshold.scope)?;
        Some((threshold.scope.rank(), threshold.grain.is_some(), Reverse(distance), threshold.from))
    }
}

/// The threshold of one kind that holds for the object on a day. All thresholds given are those of one indicator.
/// The most specific scope wins; within one scope a threshold for the very grain, then the nearest unit, then the later
/// `from`, then the one that stands later in the list (lists go from packs over policy to the user).
pub fn choose<'a>(
    thresholds: impl IntoIterator<Item = &'a Threshold>,
    object: &ObjectContext,
    kind: ThresholdKind,
    on: NaiveDate,
) -> Option<&'a Threshold> {
    thresholds
        .into_iter()
        .filter_map(|threshold| Some((object.precedence(threshold, kind, on)?, threshold)))
        .max_by(|a, b| a.0.cmp(&b.0))
        .map(|(_, threshold)| threshold)
}

/// All warning values that hold together: those of the scope that wins, one for each level and side. A college may warn
/// mildly below 90 and severely below 80, or on both sides of an interval.
pub fn choose_warnings<'a>(
    thresholds: impl IntoIterator<Item = &'a Threshold>,
    object: &ObjectContext,
    on: NaiveDate,
) -> Vec<&'a Threshold> {
    let mut reached: Vec<(Precedence, &Threshold)> = thresholds
        .into_iter()
        .filter_map(|threshold| Some((object.precedence(threshold, ThresholdKind::Warning, on)?, threshold)))
        .collect();
    let Some(best) = reached.iter().map(|(precedence, _)| *precedence).max() else { return Vec::new() };
    reached.retain(|(precedence, _)| *precedence == best);
    let mut chosen: Vec<&Threshold> = Vec::new();
    for (_, threshold) in reached.into_iter().rev() {
        let side = |other: &Threshold| (other.level.clone(), std::mem::discriminant(&other.when));
        if !chosen.iter().any(|other| side(other) == side(threshold)) {
            chosen.push(threshold);
        }
    }
    chosen.reverse();
    chosen
}
