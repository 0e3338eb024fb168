//! Refusals: values that contradict each other, and values looser than somebody above allows.

use super::{Condition, ObjectContext, Scope, Spans, Threshold, ThresholdKind};
use crate::fault::{Explain, Fault};
use crate::ids::{IndicatorCode, ObjectId};
use crate::indicator::{Direction, Indicator};
use crate::text::Message;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The values that hold together for one indicator and object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValueSet {
    /// 过程值
    pub process: Option<Condition>,
    /// 目标值
    pub target: Option<Condition>,
    /// 标准值
    pub standard: Option<Condition>,
    /// 预警值, one or several.
    pub warnings: Vec<Condition>,
    /// 恢复值
    pub recovery: Option<Condition>,
}

/// Two values of an indicator that cannot both be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The operator points the wrong way for the indicator's direction.
    #[error("{kind:?} `{when}` points against the direction {direction:?}")]
    Direction {
        /// Which value.
        kind: ThresholdKind,
        /// Its condition.
        when: Condition,
        /// The indicator's direction.
        direction: Direction,
    },
    /// Reaching the target would not mean meeting the standard (or the 过程值): for `higher` it is above the target, for
    /// `lower` below, for `within` not around it.
    #[error("target `{target}` reaches further than {kind:?} `{when}`")]
    NotNested {
        /// `Standard` or `Process`.
        kind: ThresholdKind,
        /// Its condition.
        when: Condition,
        /// The target.
        target: Condition,
    },
    /// A value would reach the target and raise a warning.
    #[error("warning `{warning}` meets target `{target}`")]
    WarningInTarget {
        /// The warning value.
        warning: Condition,
        /// The target.
        target: Condition,
    },
    /// A value would raise and clear a warning at once.
    #[error("recovery `{recovery}` meets warning `{warning}`")]
    RecoveryInWarning {
        /// The recovery value.
        recovery: Condition,
        /// The warning value.
        warning: Condition,
    },
}

impl Explain for Contradiction {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Direction { kind, when, direction } => Message::new("model-threshold-direction")
                .with("kind", kind)
                .with("when", when)
                .with("direction", direction),
            Self::NotNested { kind, when, target } => {
                Message::new("model-threshold-not-nested").with("kind", kind).with("when", when).with("target", target)
            }
            Self::WarningInTarget { warning, target } => {
                Message::new("model-threshold-warning-in-target").with("warning", warning).with("target", target)
            }
            Self::RecoveryInWarning { recovery, warning } => {
                Message::new("model-threshold-recovery-in-warning").with("recovery", recovery).with("warning", warning)
            }
        }
    }
}

/// All contradictions among values that hold together. For `higher`: warning ≤ target and standard ≤ target; for
/// `lower` the other way round; for `within` the intervals nest and warnings keep out of the target.
pub fn check_consistent(direction: Direction, values: &ValueSet) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let goals = [
        (ThresholdKind::Target, values.target),
        (ThresholdKind::Standard, values.standard),
        (ThresholdKind::Process, values.process),
        (ThresholdKind::Recovery, values.recovery),
    ];
    for (kind, when) in goals.into_iter().filter_map(|(kind, when)| Some((kind, when?))) {
        if points_against(direction, &when) {
            found.push(Contradiction::Direction { kind, when, direction });
        }
    }
    for when in &values.warnings {
        if points_along(direction, when) {
            found.push(Contradiction::Direction { kind: ThresholdKind::Warning, when: *when, direction });
        }
    }
    if let Some(target) = values.target {
        let wider = [(ThresholdKind::Standard, values.standard), (ThresholdKind::Process, values.process)];
        for (kind, when) in wider.into_iter().filter_map(|(kind, when)| Some((kind, when?))) {
            if !Spans::of(&target).inside(&Spans::of(&when)) {
                found.push(Contradiction::NotNested { kind, when, target });
            }
        }
        for warning in &values.warnings {
            if !Spans::of(warning).disjoint(&Spans::of(&target)) {
                found.push(Contradiction::WarningInTarget { warning: *warning, target });
            }
        }
    }
    if let Some(recovery) = values.recovery {
        for warning in &values.warnings {
            if !Spans::of(warning).disjoint(&Spans::of(&recovery)) {
                found.push(Contradiction::RecoveryInWarning { recovery, warning: *warning });
            }
        }
    }
    found
}

fn points_against(direction: Direction, goal: &Condition) -> bool {
    match direction {
        Direction::Higher | Direction::Level => matches!(goal, Condition::Below(_) | Condition::AtMost(_)),
        Direction::Lower => matches!(goal, Condition::Above(_) | Condition::AtLeast(_)),
        Direction::Within | Direction::YesNo => false,
    }
}

fn points_along(direction: Direction, warning: &Condition) -> bool {
    match direction {
        Direction::Higher | Direction::Level => matches!(warning, Condition::Above(_) | Condition::AtLeast(_)),
        Direction::Lower => matches!(warning, Condition::Below(_) | Condition::AtMost(_)),
        Direction::Within | Direction::YesNo => false,
    }
}

/// A value looser than a floor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FloorFault {
    /// Looser than a standard of somebody above.
    #[error("`{proposed}` for {indicator} is looser than `{floor}` ({source_text})")]
    Looser {
        /// The indicator.
        indicator: IndicatorCode,
        /// The condition proposed.
        proposed: Condition,
        /// The standard above it.
        floor: Condition,
        /// For whom that standard holds: `nation`, `province` or `college`.
        scope: &'static str,
        /// Where that standard comes from.
        source_text: String,
    },
    /// A plan's core target lowered at revision.
    #[error("core target `{old}` of {indicator} would be lowered to `{new}`")]
    Lowered {
        /// The indicator.
        indicator: IndicatorCode,
        /// The target of the plan.
        old: Condition,
        /// The target proposed.
        new: Condition,
    },
}

impl FloorFault {
    /// Whether all that the standard of the other one allows is allowed by the standard of this one.
    pub fn allows_all_of(&self, other: &Self) -> bool {
        let standard = |fault: &Self| match fault {
            Self::Looser { floor, .. } => Spans::of(floor),
            Self::Lowered { old, .. } => Spans::of(old),
        };
        standard(other).inside(&standard(self))
    }
}

impl Explain for FloorFault {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Looser { indicator, proposed, floor, scope, source_text } => Message::new("model-threshold-looser")
                .with("indicator", indicator)
                .with("proposed", proposed)
                .with("floor", floor)
                .with("scope", scope)
                .with("source", source_text),
            Self::Lowered { indicator, old, new } => {
                Message::new("model-threshold-lowered").with("indicator", indicator).with("old", old).with("new", new)
            }
        }
    }
}

/// All standards above a proposed standard or target than which it is looser: a college's may not be looser than the
/// province's or nation's, a unit's, group's or person's not looser than the college's. Only floors in force at the
/// same time and for the same grain count; of national standards by category, those for `own`: the fields and values of
/// the master row that the proposal is about (the college's own row for a college standard).
pub fn check_floor<'a>(
    proposed: &Threshold,
    existing: impl IntoIterator<Item = &'a Threshold>,
    own: &[(String, String)],
) -> Vec<FloorFault> {
    if !matches!(proposed.kind, ThresholdKind::Standard | ThresholdKind::Target) {
        return Vec::new();
    }
    existing
        .into_iter()
        .filter(|floor| {
            floor.indicator == proposed.indicator
                && floor.kind == ThresholdKind::Standard
                && floor.scope.rank() < proposed.scope.rank()
                && floor.scope.rank() <= Scope::College.rank()
                && (floor.grain.is_none() || proposed.grain.is_none() || floor.grain == proposed.grain)
                && floor.category.as_ref().is_none_or(|category| {
                    proposed.category.as_ref() == Some(category)
                        || own.iter().any(|(field, value)| field == &category.field && value == &category.value)
                })
                && overlap(floor, proposed)
        })
        .filter(|floor| !Spans::of(&proposed.when).inside(&Spans::of(&floor.when)))
        .map(|floor| FloorFault::Looser {
            indicator: proposed.indicator.clone(),
            proposed: proposed.when,
            floor: floor.when,
            scope: floor.scope.word(),
            source_text: floor.source.clone(),
        })
        .collect()
}

fn overlap(a: &Threshold, b: &Threshold) -> bool {
    let before = |end: Option<NaiveDate>, start: Option<NaiveDate>| matches!((end, start), (Some(end), Some(start)) if end <= start);
    !before(a.to, b.from) && !before(b.to, a.from)
}

/// At the revision of a plan a core target may be raised, never lowered.
pub fn check_revision(indicator: &IndicatorCode, old: &Condition, new: &Condition) -> Result<(), Box<FloorFault>> {
    if Spans::of(new).inside(&Spans::of(old)) {
        return Ok(());
    }
    Err(Box::new(FloorFault::Lowered { indicator: indicator.clone(), old: *old, new: *new }))
}

/// Leave to be looser than a floor for a while: by whom, why and until when. The store records it in the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorOverride {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// The condition allowed; nothing looser is.
    pub allowed: Condition,
    /// Who allowed it.
    pub by: String,
    /// Why.
    pub why: String,
    /// First day on which it no longer holds.
    pub until: NaiveDate,
}

impl FloorOverride {
    /// Whether it excuses the fault on that day. An override without a name or a reason excuses nothing.
    pub fn excuses(&self, fault: &FloorFault, today: NaiveDate) -> bool {
        let (indicator, proposed) = match fault {
            FloorFault::Looser { indicator, proposed, .. } => (indicator, proposed),
            FloorFault::Lowered { indicator, new, .. } => (indicator, new),
        };
        let signed = !self.by.trim().is_empty() && !self.why.trim().is_empty();
        signed
            && indicator == &self.indicator
            && today < self.until
            && Spans::of(proposed).inside(&Spans::of(&self.allowed))
    }
}

/// Checks the thresholds of one indicator as they hold on a day for an average object of each scope: all values of one
/// scope and grain are held against each other.
pub fn check_thresholds(indicator: &Indicator, thresholds: &[Threshold], on: NaiveDate) -> Vec<Contradiction> {
    let grains = std::iter::once(&indicator.grain).chain(&indicator.also);
    let mut found = Vec::new();
    for grain in grains {
        let mut scopes: Vec<&Scope> = thresholds.iter().map(|threshold| &threshold.scope).collect();
        scopes.sort();
        scopes.dedup();
        for scope in scopes {
            let own: Vec<&Threshold> = thresholds.iter().filter(|threshold| &threshold.scope == scope).collect();
            let mut categories: Vec<_> = own.iter().map(|threshold| threshold.category.clone()).collect();
            categories.sort();
            categories.dedup();
            for category in categories {
                let object = stand_in(grain.clone(), scope, category.map(|c| (c.field, c.value)));
                let pick = |kind| super::choose(own.iter().copied(), &object, kind, on).map(|found| found.when);
                let values = ValueSet {
                    process: pick(ThresholdKind::Process),
                    target: pick(ThresholdKind::Target),
                    standard: pick(ThresholdKind::Standard),
                    warnings: super::choose_warnings(own.iter().copied(), &object, on)
                        .into_iter()
                        .map(|warning| warning.when)
                        .collect(),
                    recovery: pick(ThresholdKind::Recovery),
                };
                for fault in check_consistent(indicator.direction, &values) {
                    if !found.contains(&fault) {
                        found.push(fault);
                    }
                }
            }
        }
    }
    found
}

/// An object that the scope reaches.
fn stand_in(grain: crate::ids::ObjectKind, scope: &Scope, category: Option<(String, String)>) -> ObjectContext {
    let mut groups: Vec<(String, String)> = category.into_iter().collect();
    let mut units = Vec::new();
    let mut id = ObjectId::new("any").expect("visible text");
    match scope {
        Scope::Unit { kind, id } => units.push((kind.clone(), id.clone())),
        Scope::Group { field, value, .. } => groups.push((field.clone(), value.clone())),
        Scope::Object { id: own, .. } => id = own.clone(),
        _ => {}
    }
    ObjectContext { kind: grain, id, units, groups }
}
