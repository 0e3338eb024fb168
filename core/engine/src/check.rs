//! `check`: one indicator before it is published. Faults with their places, and samples on real data.

use crate::compile::compile_one;
use crate::compile::fault::EngineFault;
use crate::diagnose::{Listeners, datasets, recompute};
use crate::error::EngineError;
use crate::plan::{covered, plan_one};
use crate::request::{CancelFlag, DiagnoseRequest, HistoryTable, Transforms};
use crate::source::Source;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use zhengai_model::hierarchy::View;
use zhengai_model::ids::{IndicatorCode, ObjectId, ObjectKind, PeriodId, RunId};
use zhengai_model::pack::Definitions;
use zhengai_model::period::{Calendar, Period};
use zhengai_model::value::Value;
use zhengai_model::verdict::Attainment;
use zhengai_warehouse::Warehouse;

/// What a check found.
#[derive(Debug, Clone)]
pub struct CheckReport {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// Faults; empty when it may be published.
    pub faults: Vec<EngineFault>,
    /// Values of a few objects of each grain, those with a number first.
    pub samples: Vec<Sample>,
    /// Objects for which there is a number.
    pub numbers: u64,
    /// All objects.
    pub objects: u64,
}

/// The value of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// Its name.
    pub object_name: String,
    /// The period.
    pub period: PeriodId,
    /// Measures with their numbers; `None` where there is none.
    pub measures: Vec<(String, Option<String>)>,
    /// The value.
    pub value: Value,
    /// The verdict.
    pub attainment: Attainment,
}

/// Samples for each grain.
const SAMPLES: usize = 5;

pub(crate) async fn check(
    warehouse: &Warehouse,
    (definitions, calendar): (&Definitions, &Calendar),
    code: &IndicatorCode,
    period: &Period,
    transforms: &dyn Transforms,
) -> Result<CheckReport, EngineError> {
    if !definitions.indicators.contains_key(code) {
        return Err(EngineError::UnknownIndicator { indicator: code.clone() });
    }
    let mut report =
        CheckReport { indicator: code.clone(), faults: Vec::new(), samples: Vec::new(), numbers: 0, objects: 0 };
    let compiled = match compile_one(definitions, calendar, code) {
        Ok(compiled) => compiled,
        Err(faults) => {
            report.faults = faults;
            return Ok(report);
        }
    };
    let unknown = || EngineError::UnknownIndicator { indicator: code.clone() };
    let (at, ready) = compiled.ready(code).ok_or_else(unknown)?;
    let Some(own) = covered(calendar, period, ready.definition.period).pop() else { return Ok(report) };
    let plan = plan_one(&compiled, at, &own);
    let wanted = datasets(&compiled, &plan, &definitions.disabled);
    let (session, versions) = warehouse.session(&wanted).await?;
    let source = Source::new(session, versions).await?;
    let request = DiagnoseRequest {
        run: RunId::new("check").map_err(|_| unknown())?,
        period: own.id.clone(),
        layers: BTreeSet::new(),
        // What the formula yields is of interest, whether or not the period is over.
        today: own.end,
        view: View::AsWas,
        disabled: BTreeSet::new(),
    };
    let (history, cancel) = (HistoryTable::default(), CancelFlag::new());
    let listeners = Listeners { history: &history, transforms, progress: &|_| {}, cancel: &cancel };
    let again = recompute(&compiled, &source, plan, &request, listeners).await?;
    for ((step, kind), judged) in again.values.columns.iter().filter(|((step, _), _)| step.indicator == at) {
        let (Some(objects), Some(period)) = (again.prepared.cast.get(kind), again.plan.periods.get(step.period)) else {
            continue;
        };
        let mut found = Vec::new();
        for (object, cell) in judged.cells.iter().enumerate() {
            let (Some(cell), Some(id), Some(label)) = (cell, objects.ids.get(object), objects.names.get(object)) else {
                continue;
            };
            report.objects += 1;
            let has_number = cell.value.number().is_some();
            report.numbers += u64::from(has_number);
            let taken = found.iter().filter(|(number, _)| *number == has_number).count();
            if taken < SAMPLES {
                let measures = judged
                    .measures
                    .iter()
                    .map(|used| (used.name.to_string(), used.read(object).ok().map(|exact| exact.to_string())));
                found.push((
                    has_number,
                    Sample {
                        kind: kind.clone(),
                        object: id.clone(),
                        object_name: label.clone(),
                        period: period.id.clone(),
                        measures: measures.collect(),
                        value: cell.value.clone(),
                        attainment: cell.attainment,
                    },
                ));
            }
        }
        found.sort_by_key(|(has_number, _)| !has_number);
        report.samples.extend(found.into_iter().map(|(_, sample)| sample).take(SAMPLES));
    }
    Ok(report)
}
