//! What differs between two runs, value by value, and which of their inputs explains it.

use crate::diagnosis::Inputs;
use crate::error::EngineError;
use crate::scan::cells;
use arrow::array::RecordBatch;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::ids::IndicatorCode;

/// One value that two runs do not agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The layer.
    pub layer: String,
    /// The indicator.
    pub indicator: String,
    /// Kind of the object.
    pub grain: String,
    /// The object.
    pub object: String,
    /// Its name, as the later run knows it.
    pub object_name: String,
    /// The period of the later value; runs over different periods are compared by their last ones.
    pub period: String,
    /// What the earlier run says, when it says anything.
    pub before: Option<Said>,
    /// What the later run says, when it says anything.
    pub after: Option<Said>,
    /// The inputs that explain it, the weightiest first. Empty only when two engines disagree.
    pub causes: Vec<DifferenceCause>,
}

/// What a run says about one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `number`, `undetermined`, `not-applicable` or `not-due`.
    pub state: String,
    /// The number.
    pub value: Option<Decimal>,
    /// The verdict.
    pub attainment: String,
    /// Level of the breached warning value.
    pub level: Option<String>,
}

/// Why two runs differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceCause {
    /// The runs are about different periods.
    Period,
    /// The indicator, or one that it reads, has another definition.
    Definition,
    /// Its thresholds changed.
    Standard,
    /// The hierarchy or the view of it changed.
    Hierarchy,
    /// The calendar changed, or a period has ended since.
    Calendar,
    /// A dataset that it reads has other rows.
    Data,
    /// A layer was switched on or off.
    Layers,
    /// Earlier runs that it reads say something else.
    History,
    /// The engine itself computes differently.
    Engine,
}

/// A run as far as comparing needs it: its inputs and its results.
pub type Compared<'a> = (&'a Inputs, &'a [RecordBatch]);

/// Indicator, grain and object.
type Place = (String, String, String);

/// Lists all differences, in the order of the results.
pub fn compare(before: Compared<'_>, after: Compared<'_>) -> Result<Vec<Difference>, EngineError> {
    let same_period = before.0.period == after.0.period;
    let (old, new) = (read(before.1, same_period)?, read(after.1, same_period)?);
    let mut causes: BTreeMap<String, BTreeSet<DifferenceCause>> = BTreeMap::new();
    let places: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut differences = Vec::new();
    for place in places {
        let (was, is) = (old.get(place), new.get(place));
        if was.map(|row| &row.said) == is.map(|row| &row.said) {
            continue;
        }
        let Some(row) = is.or(was) else { continue };
        let (_, (indicator, grain, object), _) = place;
        let known = causes.entry(indicator.clone()).or_insert_with(|| inputs_that_differ(before.0, after.0, indicator));
        let value_differs =
            was.map(|row| (&row.said.state, row.said.value)) != is.map(|row| (&row.said.state, row.said.value));
        differences.push(Difference {
            layer: row.layer.clone(),
            indicator: indicator.clone(),
            grain: grain.clone(),
            object: object.clone(),
            object_name: row.object_name.clone(),
            period: row.period.clone(),
            before: was.map(|row| row.said.clone()),
            after: is.map(|row| row.said.clone()),
            // A threshold never changes a value; only a threshold changes a verdict on the same value.
            causes: known
                .iter()
                .copied()
                .filter(|cause| match cause {
                    DifferenceCause::Standard => !value_differs,
                    DifferenceCause::Data => value_differs,
                    _ => true,
                })
                .collect(),
        });
    }
    Ok(differences)
}

fn inputs_that_differ(before: &Inputs, after: &Inputs, indicator: &str) -> BTreeSet<DifferenceCause> {
    let mut causes = BTreeSet::new();
    let Ok(code) = IndicatorCode::new(indicator) else { return causes };
    let mut note = |differs: bool, cause: DifferenceCause| {
        if differs {
            causes.insert(cause);
        }
    };
    let reads = |inputs: &Inputs| inputs.reads.get(&code).cloned().unwrap_or_default();
    let (old, new) = (reads(before), reads(after));
    let codes: BTreeSet<&IndicatorCode> = old.indicators.iter().chain(&new.indicators).chain([&code]).collect();
    let datasets: BTreeSet<_> = old.datasets.iter().chain(&new.datasets).collect();
    note(before.period != after.period, DifferenceCause::Period);
    note(
        codes.iter().any(|code| before.meanings.get(*code) != after.meanings.get(*code))
            || datasets.iter().any(|id| before.dataset_definitions.get(*id) != after.dataset_definitions.get(*id)),
        DifferenceCause::Definition,
    );
    note(before.thresholds.get(&code) != after.thresholds.get(&code), DifferenceCause::Standard);
    note(before.hierarchy != after.hierarchy || before.view != after.view, DifferenceCause::Hierarchy);
    let ended = before.periods.iter().any(|(id, over)| after.periods.get(id).is_some_and(|now| now != over));
    let same_period = before.period == after.period;
    note(ended || (same_period && before.calendar != after.calendar), DifferenceCause::Calendar);
    note(datasets.iter().any(|id| before.datasets.get(*id) != after.datasets.get(*id)), DifferenceCause::Data);
    note(before.disabled != after.disabled, DifferenceCause::Layers);
    note(same_period && before.history != after.history, DifferenceCause::History);
    note(before.engine != after.engine, DifferenceCause::Engine);
    causes
}

struct Row {
    layer: String,
    object_name: String,
    period: String,
    said: Said,
}

/// Rows by layer, place and period; without the period (the last one wins) when the runs are about different ones.
fn read(batches: &[RecordBatch], by_period: bool) -> Result<BTreeMap<(String, Place, String), Row>, EngineError> {
    let mut rows = BTreeMap::new();
    for batch in batches {
        let one = std::slice::from_ref(batch);
        let text = |name: &str| match batch.schema().index_of(name) {
            Ok(column) => cells::texts(one, column),
            Err(source) => Err(EngineError::shape(source)),
        };
        let (layers, indicators, grains) = (text("layer")?, text("indicator")?, text("grain")?);
        let (objects, names, periods) = (text("object")?, text("object_name")?, text("period")?);
        let (states, attainments, levels) = (text("state")?, text("attainment")?, text("level")?);
        let values = cells::numbers(one, batch.schema().index_of("value").map_err(EngineError::shape)?)?;
        let take = |column: &[Option<String>], row: usize| column.get(row).cloned().flatten().unwrap_or_default();
        for row in 0..batch.num_rows() {
            let number = values.values.get(row).copied().flatten();
            let value =
                number.and_then(|number| Decimal::try_from_i128_with_scale(number, u32::from(values.scale)).ok());
            let period = take(&periods, row);
            let key_period = if by_period { period.clone() } else { String::new() };
            let place = (take(&indicators, row), take(&grains, row), take(&objects, row));
            rows.insert(
                (take(&layers, row), place, key_period),
                Row {
                    layer: take(&layers, row),
                    object_name: take(&names, row),
                    period,
                    said: Said {
                        state: take(&states, row),
                        value: value.map(|value| value.normalize()),
                        attainment: take(&attainments, row),
                        level: levels.get(row).cloned().flatten(),
                    },
                },
            );
        }
    }
    Ok(rows)
}
