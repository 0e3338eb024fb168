//! Finding warnings: pages with their total, counts by what they have in common, past values, one with its history.

use crate::college::College;
use crate::error::ServiceError;
use crate::results::inputs;
use crate::rows::decode_with_run;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::ids::{IndicatorCode, RuleId};
use zhengai_model::rights::Right;
use zhengai_model::rule::Because;
use zhengai_store::{
    RunFilter, RunRecord, RunState, WarningEvent, WarningFilter, WarningGroup, WarningGrouping, WarningId,
    WarningOrder, WarningRecord, WarningSort,
};
use zhengai_warehouse::ResultFilter;

/// How many runs past values are taken from.
const RUNS: usize = 12;

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sorted {
    /// By what.
    pub by: WarningSort,
    /// Which end comes first.
    pub order: WarningOrder,
}

/// What warnings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// The rule.
    Rule,
    /// The coarsest unit.
    Unit,
    /// The level.
    Level,
    /// Who should act.
    Assignee,
    /// The state of handling.
    Handling,
}

/// A value of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The run.
    pub run: String,
    /// The period.
    pub period: String,
    /// The value; nothing where there was no number.
    pub value: Option<String>,
}

/// The newest value of each period, with the place of its run.
type ByPeriod = BTreeMap<String, (usize, Past)>;

impl College {
    /// Warnings that fit, with their number before the page was cut.
    pub async fn find_warnings(
        &self,
        filter: &WarningFilter,
        sorted: Sorted,
    ) -> Result<(Vec<WarningRecord>, u64), ServiceError> {
        self.permit(Right::ReadResults)?;
        let filter = self.within(filter).await?;
        let found = self.record.warning_page(&filter, sorted.by, sorted.order).await?;
        let whole = filter.offset == 0 && filter.limit.is_none_or(|limit| found.len() < limit as usize);
        let total = if whole { found.len() as u64 } else { self.record.warning_count(&filter).await? };
        Ok((found, total))
    }

    /// How many fit.
    pub async fn count_warnings(&self, filter: &WarningFilter) -> Result<u64, ServiceError> {
        self.permit(Right::ReadResults)?;
        Ok(self.record.warning_count(&self.within(filter).await?).await?)
    }

    /// What fits, counted by what it has in common, the largest group first.
    pub async fn group_warnings(
        &self,
        filter: &WarningFilter,
        by: Grouping,
    ) -> Result<Vec<WarningGroup>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let filter = self.within(filter).await?;
        let word = match by {
            Grouping::Rule => WarningGrouping::Rule,
            Grouping::Unit => WarningGrouping::Unit,
            Grouping::Level => WarningGrouping::Level,
            Grouping::Assignee => WarningGrouping::Assignee,
            Grouping::Handling => WarningGrouping::Handling,
        };
        let mut groups = self.record.warning_groups(&filter, word).await?;
        if by == Grouping::Unit {
            groups = by_coarsest(groups);
        }
        match by {
            Grouping::Level => groups.sort_by_key(|group| std::cmp::Reverse(group.severity)),
            _ => groups.sort_by(|one, other| (other.count, &one.key).cmp(&(one.count, &other.key))),
        }
        Ok(groups)
    }

    /// One warning with its history.
    pub async fn warning(&self, id: WarningId) -> Result<(WarningRecord, Vec<WarningEvent>), ServiceError> {
        self.permit(Right::ReadResults)?;
        let record = self.visible_warning(id).await?;
        Ok((record, self.record.warning_events(id).await?))
    }

    /// The indicator that a warning is about, when it is about one.
    pub fn indicator_of(&self, record: &WarningRecord) -> Option<IndicatorCode> {
        let rule = &record.warning.identity.rule;
        if let Ok(code) = IndicatorCode::new(rule.as_str())
            && self.definitions.indicator(&code).is_some()
        {
            return Some(code);
        }
        let because: Vec<Because> = serde_json::from_value(record.because.clone()).unwrap_or_default();
        because.iter().find_map(|one| one.indicator().cloned())
    }

    /// Rules that look at an indicator: its own implicit one and those written for it.
    pub fn rules_about(&self, indicator: &str) -> Result<Vec<RuleId>, ServiceError> {
        let code = &self.indicator(indicator)?.code;
        let written = self.definitions.rules.values().filter(|rule| rule.indicators().contains(code));
        Ok(RuleId::new(code.as_str()).into_iter().chain(written.map(|rule| rule.id.clone())).collect())
    }

    /// Values of the indicators of some warnings in earlier runs and periods, oldest first: of each period the newest
    /// finished run that computed it.
    pub async fn past_of_warnings(
        &self,
        records: &[WarningRecord],
    ) -> Result<BTreeMap<WarningId, Vec<Past>>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let wanted: Vec<(&WarningRecord, String)> = records
            .iter()
            .filter_map(|record| self.indicator_of(record).map(|code| (record, code.to_string())))
            .collect();
        let codes: BTreeSet<&str> = wanted.iter().map(|(_, code)| code.as_str()).collect();
        let objects: BTreeSet<&str> =
            wanted.iter().map(|(record, _)| record.warning.identity.object.as_str()).collect();
        let mut past: BTreeMap<WarningId, Vec<Past>> = BTreeMap::new();
        if wanted.is_empty() {
            return Ok(past);
        }
        let filter = ResultFilter::all().with_any("indicator", codes).with_any("object", objects);
        let values = self.past_values(&filter).await?;
        for (record, code) in wanted {
            let identity = &record.warning.identity;
            let key = (code, identity.kind.to_string(), identity.object.to_string());
            if let Some(own) = values.get(&key) {
                past.insert(record.id, own.clone());
            }
        }
        Ok(past)
    }

    /// Values that fit in the newest finished runs, by indicator, kind and object, oldest period first.
    pub(crate) async fn past_values(
        &self,
        filter: &ResultFilter,
    ) -> Result<BTreeMap<(String, String, String), Vec<Past>>, ServiceError> {
        let finished = RunFilter { states: vec![RunState::Finished], ..RunFilter::default() };
        let runs = newest_of_each_period(self.record.run_list(&finished).await?)?;
        let ids: Vec<_> = runs.iter().map(|run| run.id.clone()).collect();
        let mut newest: BTreeMap<(String, String, String), ByPeriod> = BTreeMap::new();
        for (run, row) in decode_with_run(&self.warehouse.results_of(&ids, filter).await?)? {
            let Some(rank) = ids.iter().position(|id| id.as_str() == run) else { continue };
            let value = row.value.map(|value| value.to_string());
            let periods = newest.entry((row.indicator, row.grain, row.object)).or_default();
            let known = periods.get(&row.period).is_some_and(|(known, _)| *known <= rank);
            if !known {
                periods.insert(row.period.clone(), (rank, Past { run, period: row.period, value }));
            }
        }
        let start = |past: &Past| self.period(&past.period).ok().map(|period| period.start);
        let in_order = |periods: BTreeMap<String, (usize, Past)>| {
            let mut values: Vec<Past> = periods.into_values().map(|(_, past)| past).collect();
            values.sort_by(|one, other| (start(one), &one.period).cmp(&(start(other), &other.period)));
            values
        };
        Ok(newest.into_iter().map(|(key, periods)| (key, in_order(periods))).collect())
    }
}

/// The newest runs, of those over the same periods the newest only, newest first.
fn newest_of_each_period(runs: Vec<RunRecord>) -> Result<Vec<RunRecord>, ServiceError> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for run in runs {
        let periods: Vec<_> = inputs(&run)?.periods.into_keys().collect();
        if seen.insert((periods, run.layers.clone())) {
            kept.push(run);
        }
        if kept.len() == RUNS {
            break;
        }
    }
    Ok(kept)
}

/// Groups by whole paths of units, put together by the first step of the path.
fn by_coarsest(groups: Vec<WarningGroup>) -> Vec<WarningGroup> {
    let mut together: BTreeMap<Option<String>, WarningGroup> = BTreeMap::new();
    for group in groups {
        let path = group.key.as_deref().unwrap_or_default();
        let key = path.split('>').find(|step| !step.is_empty()).map(str::to_owned);
        let sum = together.entry(key.clone()).or_insert(WarningGroup { key, count: 0, severity: group.severity });
        sum.count += group.count;
        sum.severity = sum.severity.max(group.severity);
    }
    together.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{WarningGroup, by_coarsest};

    #[test]
    fn classes_of_one_department_are_counted_together_and_the_college_for_itself() {
        let group = |key: &str, count, severity| WarningGroup { key: Some(key.to_owned()), count, severity };
        let paths = [group(">department/D1>class/C1>", 2, 1), group(">department/D1>", 3, 3), group("", 1, 2)];
        let told: Vec<_> =
            by_coarsest(paths.into()).into_iter().map(|group| (group.key, group.count, group.severity)).collect();
        assert_eq!(told, [(None, 1, 2), (Some("department/D1".to_owned()), 5, 3)]);
    }
}
