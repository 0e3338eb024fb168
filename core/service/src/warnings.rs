//! Warnings (预警): moved by runs, handled by people. The rules of both are the model's; here they meet the record.

use crate::college::College;
use crate::error::ServiceError;
use crate::rights::ScopeFilter;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use zhengai_engine::{DiagnoseRequest, Diagnosis, Firing};
use zhengai_model::ids::RuleId;
use zhengai_model::rights::Right;
use zhengai_model::verdict::Levels;
use zhengai_model::warning::{
    Action, Evaluation, Identity, Mode, Resolution, Seen, StepPolicy, apply_action, cap, step,
};
use zhengai_store::{Fate, WarningAct, WarningEvent, WarningFilter, WarningId, WarningRecord, WarningWrite};

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
                moved.writes.extend(fired(request, firing, before));
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
                moved.writes.extend(quiet(request, identity, before, seen));
            }
        }
        Ok(moved)
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

    /// Warnings that fit, the newest first.
    pub async fn warnings(&self, filter: &WarningFilter) -> Result<Vec<WarningRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let scope = self.scope().await?;
        if scope.is_everything() {
            return Ok(self.record.warning_list(filter).await?);
        }
        let all = WarningFilter { limit: None, offset: 0, ..filter.clone() };
        let mut found = self.record.warning_list(&all).await?;
        scope.keep(&mut found, place);
        let offset = usize::try_from(filter.offset).unwrap_or(usize::MAX);
        Ok(found.into_iter().skip(offset).take(filter.limit.map_or(usize::MAX, |limit| limit as usize)).collect())
    }

    /// How many fit.
    pub async fn count_warnings(&self, filter: &WarningFilter) -> Result<u64, ServiceError> {
        self.permit(Right::ReadResults)?;
        if self.scope().await?.is_everything() {
            return Ok(self.record.warning_count(filter).await?);
        }
        let all = WarningFilter { limit: None, offset: 0, ..filter.clone() };
        Ok(self.warnings(&all).await?.len() as u64)
    }

    /// How many open warnings of a layer are about periods that a run computed.
    pub async fn count_layer_warnings(&self, run: &zhengai_store::RunRecord, layer: &str) -> Result<u64, ServiceError> {
        self.permit(Right::ReadResults)?;
        let Some(layer) = zhengai_model::layer::Layer::parse(layer) else { return Ok(0) };
        let mut count = 0;
        for period in crate::results::inputs(run)?.periods.into_keys() {
            let filter = WarningFilter { layer: Some(layer), period: Some(period), ..WarningFilter::default() };
            count += self.count_warnings(&filter).await?;
        }
        Ok(count)
    }

    /// One warning with its history.
    pub async fn warning(&self, id: &str) -> Result<(WarningRecord, Vec<WarningEvent>), ServiceError> {
        self.permit(Right::ReadResults)?;
        let number = self.warning_id(id)?;
        let found = self.record.warning_get(number).await?;
        if !self.scope().await?.holds_warning(&found) {
            return Err(ServiceError::NotFound { what: "warning", name: id.to_owned(), near: String::new() });
        }
        Ok((found, self.record.warning_events(number).await?))
    }

    fn warning_id(&self, id: &str) -> Result<WarningId, ServiceError> {
        id.parse().map_err(|_| ServiceError::BadArgument { what: "warning", value: id.to_owned() })
    }

    /// 确认
    pub async fn acknowledge(&self, id: &str) -> Result<WarningRecord, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        self.act(id, "acknowledge", &Action::Acknowledge, None, None).await
    }

    /// 指派
    pub async fn assign(&self, id: &str, to: &str, due: Option<NaiveDate>) -> Result<WarningRecord, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        self.act(id, "assign", &Action::Start, Some((to.to_owned(), due)), None).await
    }

    /// 办结
    pub async fn resolve(&self, id: &str, reason: &str, why: Option<&str>) -> Result<WarningRecord, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        let resolution: Resolution = serde_json::from_value(Value::String(reason.to_owned()))
            .map_err(|_| ServiceError::BadArgument { what: "reason", value: reason.to_owned() })?;
        let why = why.unwrap_or(reason);
        self.act(id, "resolve", &Action::Resolve { resolution, why: why.to_owned() }, None, Some(why)).await
    }

    /// 静默
    pub async fn silence(&self, id: &str, until: NaiveDate, why: &str) -> Result<WarningRecord, ServiceError> {
        self.permit(Right::HandleWarnings)?;
        let by = self.actor().name.clone();
        self.act(id, "silence", &Action::Silence { until, by, why: why.to_owned() }, None, Some(why)).await
    }

    async fn act(
        &self,
        id: &str,
        name: &str,
        action: &Action,
        person: Option<(String, Option<NaiveDate>)>,
        why: Option<&str>,
    ) -> Result<WarningRecord, ServiceError> {
        let seen = self.record.warning_get(self.warning_id(id)?).await?;
        if !self.scope_for(Right::HandleWarnings).await?.holds_warning(&seen) {
            return Err(ServiceError::NotFound { what: "warning", name: id.to_owned(), near: String::new() });
        }
        // Giving a warning to somebody else does not begin it a second time.
        let in_progress = seen.warning.handling == zhengai_model::warning::Handling::InProgress;
        let after = match action {
            Action::Start if in_progress => seen.warning.clone(),
            _ => apply_action(&seen.warning, action, self.opening.today)
                .map_err(|source| ServiceError::Action { warning: id.to_owned(), source })?,
        };
        let (assignee, due) = person.map_or((None, None), |(name, due)| (Some(name), due));
        let act = WarningAct { action: name, after, assignee, due, why };
        Ok(self.record.warning_act(self.actor(), &seen, &act).await?)
    }
}

/// Layer word, kind and id of the object, for [`ScopeFilter::keep`].
pub(crate) fn place(record: &WarningRecord) -> (&str, &str, &str) {
    let identity = &record.warning.identity;
    (record.layer.as_str(), identity.kind.as_str(), identity.object.as_str())
}

impl ScopeFilter {
    /// Whether a warning may be seen.
    pub fn holds_warning(&self, record: &WarningRecord) -> bool {
        let (_, kind, id) = place(record);
        self.holds(record.layer, kind, id)
    }
}

fn identity(firing: &Firing) -> Identity {
    Identity {
        rule: firing.rule.clone(),
        kind: firing.kind.clone(),
        object: firing.object.clone(),
        period: firing.period.clone(),
    }
}

fn fired(request: &DiagnoseRequest, firing: &Firing, before: Option<WarningRecord>) -> Option<WarningWrite> {
    let mode = if firing.period == request.period { Mode::Live } else { Mode::Backfill };
    let evaluation =
        Evaluation { identity: identity(firing), seen: Seen::Bad(firing.level.clone()), today: request.today, mode };
    let transition = step(before.as_ref().map(|record| record.warning.clone()), &evaluation, StepPolicy::default());
    let because = json!(firing.because);
    match (before, &transition.warning) {
        (Some(before), Some(warning)) if before.warning == *warning && before.because == because => None,
        (Some(before), _) => Some(WarningWrite::moved(&before, &transition, because)),
        (None, Some(warning)) => Some(WarningWrite {
            seen: None,
            warning: warning.clone(),
            layer: firing.layer,
            object_name: firing.object_name.clone(),
            because,
            event: transition.event.clone(),
            fate: Fate::Stands,
            mode,
            due: None,
        }),
        (None, None) => None,
    }
}

fn quiet(request: &DiagnoseRequest, identity: Identity, before: WarningRecord, seen: Seen) -> Option<WarningWrite> {
    let evaluation = Evaluation { identity, seen, today: request.today, mode: Mode::Live };
    let transition = step(Some(before.warning.clone()), &evaluation, StepPolicy::default());
    if transition.warning.as_ref() == Some(&before.warning) {
        return None;
    }
    Some(WarningWrite::moved(&before, &transition, before.because.clone()))
}
