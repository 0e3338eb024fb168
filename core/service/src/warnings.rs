//! Warnings (预警): moved by runs, found and handled by people. The rules are the model's; here they meet the record.

mod causes;
mod find;
mod handle;
mod scope;

pub use causes::{Cause, CauseKind};
pub use find::{Grouping, Past, Sorted};
pub use handle::{Chosen, Deed, Handled};
pub(crate) use scope::missing;

use crate::college::College;
use crate::error::ServiceError;
use crate::rights::TOP;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use zhengai_engine::{DiagnoseRequest, Diagnosis, Firing};
use zhengai_model::ids::{LevelId, RuleId};
use zhengai_model::rights::Right;
use zhengai_model::verdict::Levels;
use zhengai_model::warning::{Evaluation, Identity, Mode, Seen, StepPolicy, cap, step};
use zhengai_store::{Fate, WarningFilter, WarningRecord, WarningWrite, unit_path};

/// What a run does to warnings.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// Changes to write.
    pub(crate) writes: Vec<WarningWrite>,
    /// Warnings beyond a rule's cap, by rule.
    pub(crate) held_back: BTreeMap<String, usize>,
}

impl College {
    /// Steps every warning that the run evaluated: fired ones rise or stay, quiet ones clear, unknown ones do neither.
    pub(crate) async fn move_warnings(
        &self,
        request: &DiagnoseRequest,
        diagnosis: &Diagnosis,
    ) -> Result<Moved, ServiceError> {
        let mut open = self.open_warnings(diagnosis).await?;
        let tree = self.tree().await?;
        let units = |firing: &Firing| {
            let on = self.period(firing.period.as_str()).ok().and_then(|period| period.end.pred_opt());
            let on = request.view.day(on.unwrap_or(request.today), request.today);
            let path = tree.path(&firing.kind, &firing.object, on);
            unit_path(path.iter().map(|(kind, id)| (kind, id)).filter(|(kind, _)| kind.as_str() != TOP))
        };
        let mut moved = Moved::default();
        let mut by_rule: BTreeMap<&RuleId, Vec<&Firing>> = BTreeMap::new();
        for firing in &diagnosis.firings {
            by_rule.entry(&firing.rule).or_default().push(firing);
        }
        for (rule, firings) in by_rule {
            let limit = firings.first().and_then(|firing| firing.cap);
            let (known, new): (Vec<&Firing>, Vec<&Firing>) =
                firings.into_iter().partition(|firing| open.contains_key(&identity(firing)));
            // What is open already keeps its place under the cap; only new ones are held back.
            let room = limit.map(|limit| limit.saturating_sub(u32::try_from(known.len()).unwrap_or(u32::MAX)));
            let levels: &Levels = &self.definitions.levels;
            let capped = cap(new, room, levels, |firing| (firing.level.clone(), identity(firing)));
            if capped.held_back > 0 {
                moved.held_back.insert(rule.to_string(), capped.held_back);
            }
            for firing in known.into_iter().chain(capped.kept) {
                let before = open.remove(&identity(firing));
                let ranked = Ranked { severity: self.severity(&firing.level), unit: units(firing) };
                moved.writes.extend(fired(request, firing, before, ranked));
            }
        }
        let unknown: HashSet<Identity> = diagnosis
            .unknown
            .iter()
            .map(|one| Identity {
                rule: one.rule.clone(),
                kind: one.kind.clone(),
                object: one.object.clone(),
                period: one.period.clone(),
            })
            .collect();
        let evaluated: HashSet<_> = diagnosis.evaluated.iter().cloned().collect();
        let mut rest: Vec<(Identity, WarningRecord)> = open.into_iter().collect();
        rest.sort_by(|one, other| one.0.cmp(&other.0));
        for (identity, before) in rest {
            let place = zhengai_engine::Evaluated {
                rule: identity.rule.clone(),
                kind: identity.kind.clone(),
                period: identity.period.clone(),
            };
            if evaluated.contains(&place) {
                let seen = if unknown.contains(&identity) { Seen::NoData } else { Seen::Good };
                let severity = self.severity(&before.warning.level);
                moved.writes.extend(quiet(request, identity, before, seen, severity));
            }
        }
        Ok(moved)
    }

    /// Rank of a level, the most severe highest.
    pub fn severity(&self, level: &LevelId) -> i64 {
        i64::try_from(self.definitions.levels.severity(level)).unwrap_or(0)
    }

    /// Warnings on record of what the run evaluated, by identity.
    async fn open_warnings(&self, diagnosis: &Diagnosis) -> Result<HashMap<Identity, WarningRecord>, ServiceError> {
        let mut rules: BTreeMap<_, BTreeSet<RuleId>> = BTreeMap::new();
        for place in &diagnosis.evaluated {
            rules.entry(place.period.clone()).or_default().insert(place.rule.clone());
        }
        let mut open = HashMap::new();
        for (period, rules) in rules {
            let rules: Vec<RuleId> = rules.into_iter().collect();
            for record in self.record.warning_load(&period, &rules).await? {
                open.insert(record.warning.identity.clone(), record);
            }
        }
        Ok(open)
    }

    /// How many open warnings of a layer are about periods that a run computed.
    pub async fn count_layer_warnings(&self, run: &zhengai_store::RunRecord, layer: &str) -> Result<u64, ServiceError> {
        let Some(layer) = zhengai_model::layer::Layer::parse(layer) else { return Ok(0) };
        self.permit(Right::ReadResults)?;
        let mut count = 0;
        for period in crate::results::inputs(run)?.periods.into_keys() {
            let filter = WarningFilter { layer: Some(layer), period: Some(period), ..WarningFilter::default() };
            count += self.count_warnings(&filter).await?;
        }
        Ok(count)
    }
}

/// Layer word, kind and id of the object, for [`crate::rights::ScopeFilter::keep`].
pub(crate) fn place(record: &WarningRecord) -> (&str, &str, &str) {
    let identity = &record.warning.identity;
    (record.layer.as_str(), identity.kind.as_str(), identity.object.as_str())
}

fn identity(firing: &Firing) -> Identity {
    Identity {
        rule: firing.rule.clone(),
        kind: firing.kind.clone(),
        object: firing.object.clone(),
        period: firing.period.clone(),
    }
}

/// What a list sorts and filters by.
struct Ranked {
    severity: i64,
    unit: String,
}

fn fired(
    request: &DiagnoseRequest,
    firing: &Firing,
    before: Option<WarningRecord>,
    ranked: Ranked,
) -> Option<WarningWrite> {
    let mode = if firing.period == request.period { Mode::Live } else { Mode::Backfill };
    let evaluation =
        Evaluation { identity: identity(firing), seen: Seen::Bad(firing.level.clone()), today: request.today, mode };
    let transition = step(before.as_ref().map(|record| record.warning.clone()), &evaluation, StepPolicy::default());
    let because = json!(firing.because);
    match (before, &transition.warning) {
        (Some(before), Some(warning)) if before.warning == *warning && before.because == because => None,
        (Some(before), _) => {
            let moved = WarningWrite::moved(&before, &transition, because, ranked.severity);
            Some(WarningWrite { unit: ranked.unit, ..moved })
        }
        (None, Some(warning)) => Some(WarningWrite {
            seen: None,
            warning: warning.clone(),
            layer: firing.layer,
            severity: ranked.severity,
            object_name: firing.object_name.clone(),
            unit: ranked.unit,
            because,
            event: transition.event.clone(),
            fate: Fate::Stands,
            mode,
            due: None,
        }),
        (None, None) => None,
    }
}

fn quiet(
    request: &DiagnoseRequest,
    identity: Identity,
    before: WarningRecord,
    seen: Seen,
    severity: i64,
) -> Option<WarningWrite> {
    let evaluation = Evaluation { identity, seen, today: request.today, mode: Mode::Live };
    let transition = step(Some(before.warning.clone()), &evaluation, StepPolicy::default());
    if transition.warning.as_ref() == Some(&before.warning) {
        return None;
    }
    Some(WarningWrite::moved(&before, &transition, before.because.clone(), severity))
}
