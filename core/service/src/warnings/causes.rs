//! Warnings under what holds them: "37 held: the connector of 教务 is stale". Those that nothing holds stand under their
//! rules.

use crate::college::College;
use crate::error::ServiceError;
use std::collections::BTreeMap;
use zhengai_model::rights::Right;
use zhengai_store::{RunFilter, RunState, WarningFilter, WarningGroup, WarningGrouping};

/// What holds warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseKind {
    /// Nothing.
    Open,
    /// Another fault explains them.
    Inhibited,
    /// The cap of a rule: the run raised the most severe ones only.
    Capped,
    /// Somebody silenced them.
    Silenced,
    /// Somebody put them aside.
    Shelved,
}

/// What holds warnings, and the rules of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What kind.
    pub kind: CauseKind,
    /// The fault, or nothing where the kind says all.
    pub key: Option<String>,
    /// How many.
    pub count: u64,
    /// Rank of the most severe level.
    pub severity: i64,
    /// The rules that raised them, by number.
    pub rules: Vec<WarningGroup>,
}

impl College {
    /// What fits, under what holds it: first what nothing holds, then each cause by number.
    pub async fn causes_of_warnings(&self, filter: &WarningFilter) -> Result<Vec<Cause>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let filter = self.within(filter).await?;
        let mut found = Vec::new();
        let words = [("none", CauseKind::Open), ("silenced", CauseKind::Silenced), ("shelved", CauseKind::Shelved)];
        for (word, kind) in words {
            let held = WarningFilter { suppressions: vec![word.to_owned()], ..filter.clone() };
            found.extend(self.cause(kind, None, &held).await?);
        }
        for cause in self.record.warning_groups(&filter, WarningGrouping::Cause).await? {
            let held = WarningFilter { cause: cause.key.clone(), ..filter.clone() };
            found.extend(self.cause(CauseKind::Inhibited, cause.key, &held).await?);
        }
        found.extend(self.capped().await?);
        let (open, mut held): (Vec<Cause>, Vec<Cause>) =
            found.into_iter().partition(|cause| cause.kind == CauseKind::Open);
        held.sort_by(|one, other| (other.count, &one.key).cmp(&(one.count, &other.key)));
        Ok(open.into_iter().chain(held).collect())
    }

    async fn cause(
        &self,
        kind: CauseKind,
        key: Option<String>,
        held: &WarningFilter,
    ) -> Result<Option<Cause>, ServiceError> {
        let mut rules = self.record.warning_groups(held, WarningGrouping::Rule).await?;
        rules.sort_by(|one, other| (other.count, &one.key).cmp(&(one.count, &other.key)));
        let count = rules.iter().map(|rule| rule.count).sum();
        let severity = rules.iter().map(|rule| rule.severity).max().unwrap_or(0);
        Ok((count > 0).then_some(Cause { kind, key, count, severity, rules }))
    }

    /// What the newest finished run held back because of caps: there is no warning of these, only their number.
    async fn capped(&self) -> Result<Option<Cause>, ServiceError> {
        let newest = RunFilter { states: vec![RunState::Finished], limit: Some(1), ..RunFilter::default() };
        let Some(run) = self.record.run_list(&newest).await?.into_iter().next() else { return Ok(None) };
        let held = run.summary.as_ref().and_then(|summary| summary.get("held_back")).cloned().unwrap_or_default();
        let held: BTreeMap<String, u64> = serde_json::from_value(held).unwrap_or_default();
        let rules: Vec<WarningGroup> =
            held.into_iter().map(|(rule, count)| WarningGroup { key: Some(rule), count, severity: 0 }).collect();
        let count = rules.iter().map(|rule| rule.count).sum();
        let (kind, key) = (CauseKind::Capped, Some(run.id.to_string()));
        Ok((count > 0).then_some(Cause { kind, key, count, severity: 0, rules }))
    }
}
