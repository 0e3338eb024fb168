//! Two runs beside each other: what differs, why, and whether it went up or down. Runs never change, so the last
//! comparison is kept: leafing through it costs nothing.

use crate::college::College;
use crate::error::ServiceError;
use crate::results::inputs;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_engine::Difference;
use zhengai_model::ids::RunId;
use zhengai_model::layer::Layer;
use zhengai_model::rights::Right;
use zhengai_store::RunRecord;
use zhengai_warehouse::ResultFilter;

/// Differences beyond which a comparison is not kept in memory.
const KEPT: usize = 100_000;

/// How a verdict moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// To a better verdict.
    Better,
    /// To a worse verdict.
    Worse,
    /// The verdict stayed, the value did not.
    Same,
    /// From or to a verdict that is neither better nor worse.
    Other,
    /// Only the later run has it.
    Appeared,
    /// Only the earlier run has it.
    Gone,
}

impl Movement {
    /// How the verdict of a difference moved.
    pub fn of(difference: &Difference) -> Self {
        let (before, after) = match (&difference.before, &difference.after) {
            (None, _) => return Self::Appeared,
            (_, None) => return Self::Gone,
            (Some(before), Some(after)) => (&before.attainment, &after.attainment),
        };
        match (rank(before), rank(after)) {
            _ if before == after => Self::Same,
            (Some(before), Some(after)) if after > before => Self::Better,
            (Some(_), Some(_)) => Self::Worse,
            _ => Self::Other,
        }
    }
}

/// Verdicts that say how good something is, the worst first.
fn rank(attainment: &str) -> Option<usize> {
    ["unmet", "met", "achieved"].iter().position(|word| *word == attainment)
}

/// Which differences.
#[derive(Debug, Clone, Default)]
pub struct CompareQuery {
    /// Of this layer.
    pub layer: Option<Layer>,
    /// Of this indicator.
    pub indicator: Option<String>,
    /// Explained by the cause with this word.
    pub cause: Option<String>,
    /// That moved so.
    pub movement: Option<Movement>,
}

impl CompareQuery {
    fn takes(&self, difference: &Difference) -> bool {
        let cause = |wanted: &String| difference.causes.iter().any(|cause| &crate::words::word(cause) == wanted);
        self.layer.is_none_or(|layer| difference.layer == layer.as_str())
            && self.indicator.as_ref().is_none_or(|code| &difference.indicator == code)
            && self.cause.as_ref().is_none_or(cause)
            && self.movement.is_none_or(|movement| Movement::of(difference) == movement)
    }
}

/// Counts over all differences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CompareSummary {
    /// Differences in all.
    pub differences: u64,
    /// How the verdicts moved.
    pub movements: BTreeMap<Movement, u64>,
    /// How many each cause explains; one difference may have several.
    pub causes: BTreeMap<String, u64>,
    /// How many in each layer.
    pub layers: BTreeMap<String, u64>,
}

impl CompareSummary {
    fn of(differences: &[Difference]) -> Self {
        let mut summary = Self { differences: differences.len() as u64, ..Self::default() };
        for difference in differences {
            *summary.movements.entry(Movement::of(difference)).or_default() += 1;
            *summary.layers.entry(difference.layer.clone()).or_default() += 1;
            for cause in &difference.causes {
                *summary.causes.entry(crate::words::word(cause)).or_default() += 1;
            }
        }
        summary
    }
}

/// Two runs compared.
#[derive(Debug)]
pub struct Compared {
    /// The earlier run.
    pub earlier: RunRecord,
    /// The later run.
    pub later: RunRecord,
    /// Counts over all differences.
    pub summary: CompareSummary,
    all: Arc<Vec<Difference>>,
}

impl Compared {
    /// A piece of the differences that fit, in the order of results, and how many fit in all.
    pub fn piece(&self, query: &CompareQuery, offset: usize, limit: usize) -> (Vec<&Difference>, u64) {
        let fits = || self.all.iter().filter(|difference| query.takes(difference));
        (fits().skip(offset).take(limit).collect(), fits().count() as u64)
    }
}

/// The comparison that somebody is leafing through.
#[derive(Debug, Default)]
pub(crate) struct LastCompared(Mutex<Option<Kept>>);

/// The earlier run, the later one, and what differs.
type Kept = (RunId, RunId, Arc<Vec<Difference>>);

impl LastCompared {
    fn get(&self, earlier: &RunId, later: &RunId) -> Option<Arc<Vec<Difference>>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(one, other, _)| one == earlier && other == later).map(|(_, _, all)| Arc::clone(all))
    }

    fn keep(&self, earlier: &RunId, later: &RunId, all: &Arc<Vec<Difference>>) {
        let kept = (all.len() <= KEPT).then(|| (earlier.clone(), later.clone(), Arc::clone(all)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

impl College {
    /// Differences between two finished runs, each with its causes.
    pub async fn compare(&self, earlier: &str, later: &str) -> Result<Compared, ServiceError> {
        self.permit(Right::ReadResults)?;
        let (earlier, later) = (self.finished(Some(earlier)).await?, self.finished(Some(later)).await?);
        let all = match self.compared.get(&earlier.id, &later.id) {
            Some(all) => all,
            None => {
                let (before, after) = (inputs(&earlier)?, inputs(&later)?);
                let every = ResultFilter::all();
                let old = self.warehouse.results(&earlier.id, &every).await?;
                let new = self.warehouse.results(&later.id, &every).await?;
                let all = Arc::new(zhengai_engine::compare((&before, &old), (&after, &new))?);
                self.compared.keep(&earlier.id, &later.id, &all);
                all
            }
        };
        let scope = self.scope().await?;
        let all = match scope.is_everything() {
            true => all,
            false => {
                let mut part = all.to_vec();
                scope.keep(&mut part, |one| (&one.layer, &one.grain, &one.object));
                Arc::new(part)
            }
        };
        Ok(Compared { summary: CompareSummary::of(&all), earlier, later, all })
    }
}

#[cfg(test)]
mod tests {
    use super::{CompareQuery, CompareSummary, Movement};
    use zhengai_engine::Difference;

    fn difference(object: &str, before: Option<&str>, after: Option<&str>) -> Difference {
        let side = |attainment: Option<&str>| {
            attainment.map(|attainment| serde_json::json!({ "state": "number", "value": "1", "attainment": attainment, "level": null }))
        };
        serde_json::from_value(serde_json::json!({
            "layer": "student", "indicator": "STU-X", "grain": "class", "object": object, "object_name": object,
            "period": "CY2025", "before": side(before), "after": side(after), "causes": ["data"],
        }))
        .expect("a difference")
    }

    #[test]
    fn verdicts_move_up_down_or_sideways_and_results_come_and_go() {
        for (before, after, expected) in [
            (Some("unmet"), Some("met"), Movement::Better),
            (Some("met"), Some("achieved"), Movement::Better),
            (Some("achieved"), Some("unmet"), Movement::Worse),
            (Some("met"), Some("met"), Movement::Same),
            (Some("undetermined"), Some("met"), Movement::Other),
            (Some("unmet"), Some("not-applicable"), Movement::Other),
            (None, Some("unmet"), Movement::Appeared),
            (Some("met"), None, Movement::Gone),
        ] {
            assert_eq!(Movement::of(&difference("C1", before, after)), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_summary_counts_everything_and_a_query_takes_what_it_names() {
        let all = [
            difference("C1", Some("unmet"), Some("met")),
            difference("C2", Some("met"), Some("unmet")),
            difference("C3", None, Some("unmet")),
        ];
        let summary = CompareSummary::of(&all);
        assert_eq!((summary.differences, summary.causes["data"], summary.layers["student"]), (3, 3, 3));
        assert_eq!(summary.movements[&Movement::Worse], 1);
        let worse = CompareQuery { movement: Some(Movement::Worse), ..CompareQuery::default() };
        let taken: Vec<&str> = all.iter().filter(|one| worse.takes(one)).map(|one| one.object.as_str()).collect();
        assert_eq!(taken, ["C2"]);
        let standard = CompareQuery { cause: Some("standard".to_owned()), ..CompareQuery::default() };
        assert!(!all.iter().any(|one| standard.takes(one)));
    }
}
