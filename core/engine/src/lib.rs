//! The engine (诊断引擎): indicators compiled to fused scans over datasets, evaluated exactly, judged, explained.
//!
//! It reads through a pinned session of the warehouse and writes nothing. It never reads a clock, never averages rates,
//! never turns missing data into zero, and never uses a floating point number for a value.

mod behind;
mod check;
mod compare;
mod compile;
mod computed;
mod diagnose;
mod diagnosis;
mod error;
mod evaluate;
mod fingerprint;
mod gather;
mod judge;
mod objects;
mod places;
mod plan;
mod rehearse;
mod request;
mod result;
mod rules;
mod scan;
mod source;
mod why;

#[cfg(test)]
mod tests;

pub use check::{CheckReport, Sample};
pub use compare::{Compared, Difference, DifferenceCause, Said, compare};
pub use compile::Compiled;
pub use compile::fault::{Cause, EngineFault, Place};
pub use diagnosis::{Counts, DataGap, Diagnosis, Evaluated, Finding, Firing, GapReason, Inputs, Reads, UnknownFiring};
pub use error::EngineError;
pub use fingerprint::ENGINE_REVISION;
pub use rehearse::{
    Rehearsal, RehearsalDifference, Rehearsed, RehearsedValue, RehearsedWarning, Seat, Shift, ValueDifference,
    WarningDifference,
};
pub use request::{
    CancelFlag, DiagnoseRequest, History, HistoryNeeds, HistoryTable, Met, NoTransforms, Progress, ProgressFn, Stage,
    Transforms,
};
pub use result::{attainment_word, result_schema};
pub use source::Source;
pub use why::{
    BeatenThreshold, Child, InputWhy, MeasureWhy, RuleWhy, SampleRow, SourceRows, ThresholdWhy, Why, WhyRequest,
};

use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::hierarchy::Hierarchy;
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectId, ObjectKind};
use zhengai_model::pack::Definitions;
use zhengai_model::period::{Calendar, Period};
use zhengai_warehouse::Warehouse;

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

/// Objects by kind, each with its name.
pub type ObjectNames = BTreeMap<ObjectKind, Vec<(ObjectId, String)>>;

/// The engine's use cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine;

impl Engine {
    /// Parses, types and orders all definitions; tells every fault at once.
    pub fn compile(definitions: &Definitions, calendar: &Calendar) -> Result<Compiled, Vec<EngineFault>> {
        compile::compile(definitions, calendar)
    }

    /// Whether the master dataset of a kind has this object; `None` where nothing can be said: no master, or no rows yet.
    pub async fn knows(
        warehouse: &Warehouse,
        definitions: &Definitions,
        kind: &ObjectKind,
        object: &ObjectId,
    ) -> Result<Option<bool>, EngineError> {
        objects::knows(warehouse, definitions, kind, object).await
    }

    /// Faults of one indicator and of what it reads; none when it compiles. Reads no data.
    pub fn faults(definitions: &Definitions, calendar: &Calendar, indicator: &IndicatorCode) -> Vec<EngineFault> {
        compile::compile_one(definitions, calendar, indicator).err().unwrap_or_default()
    }

    /// Compiles one indicator with what it reads and computes samples on real data. Publishes nothing.
    pub async fn check(
        warehouse: &Warehouse,
        definitions: &Definitions,
        calendar: &Calendar,
        indicator: &IndicatorCode,
        period: &Period,
        transforms: &dyn Transforms,
    ) -> Result<CheckReport, EngineError> {
        check::check(warehouse, (definitions, calendar), indicator, period, transforms).await
    }

    /// Diagnoses the newest versions of the datasets.
    pub async fn diagnose(
        warehouse: &Warehouse,
        compiled: &Compiled,
        request: &DiagnoseRequest,
        history: &dyn History,
        transforms: &dyn Transforms,
        progress: ProgressFn<'_>,
        cancel: &CancelFlag,
    ) -> Result<Diagnosis, EngineError> {
        let datasets = Self::datasets(compiled, request)?;
        let (session, versions) = warehouse.session(&datasets).await?;
        let source = Source::new(session, versions).await?;
        let listeners = diagnose::Listeners { history, transforms, progress, cancel };
        diagnose::diagnose(compiled, &source, request, listeners).await
    }

    /// Diagnoses a source that has the datasets of [`Engine::datasets`], for example at pinned versions.
    pub async fn diagnose_source(
        source: &Source,
        compiled: &Compiled,
        request: &DiagnoseRequest,
        history: &dyn History,
        transforms: &dyn Transforms,
        progress: ProgressFn<'_>,
        cancel: &CancelFlag,
    ) -> Result<Diagnosis, EngineError> {
        let listeners = diagnose::Listeners { history, transforms, progress, cancel };
        diagnose::diagnose(compiled, source, request, listeners).await
    }

    /// The datasets that a diagnosis reads.
    pub fn datasets(compiled: &Compiled, request: &DiagnoseRequest) -> Result<Vec<DatasetId>, EngineError> {
        let asked = diagnose::period(compiled, &request.period)?;
        let plan = plan::plan(compiled, &asked, &request.layers);
        Ok(diagnose::datasets(compiled, &plan, &diagnose::disabled(compiled, request)))
    }

    /// All objects that the newest master datasets describe, by kind, with id and name, and the versions of these
    /// datasets; nothing when they are those that are known.
    pub async fn objects(
        warehouse: &Warehouse,
        definitions: &Definitions,
        known: Option<&Versions>,
    ) -> Result<Option<(Versions, ObjectNames)>, EngineError> {
        let kinds = definitions.object_kinds();
        let masters: BTreeSet<DatasetId> =
            kinds.values().map(|(dataset, _)| dataset.id.clone()).filter(|id| !definitions.is_computed(id)).collect();
        let (session, versions) = warehouse.session(&masters.into_iter().collect::<Vec<_>>()).await?;
        if known == Some(&versions) {
            return Ok(None);
        }
        let source = Source::new(session, versions).await?;
        let mut named = ObjectNames::new();
        for (kind, (dataset, _)) in kinds {
            let objects = objects::Objects::read(&source, dataset, &BTreeSet::new()).await?;
            named.insert(kind.clone(), objects.ids.into_iter().zip(objects.names).collect());
        }
        Ok(Some((source.versions, named)))
    }

    /// The hierarchy that the newest datasets state, with their versions; nothing when they are those that are known.
    pub async fn hierarchy(
        warehouse: &Warehouse,
        definitions: &Definitions,
        known: Option<&Versions>,
    ) -> Result<Option<(Versions, Hierarchy)>, EngineError> {
        // A dataset may state several edges, and is opened once.
        let stating: BTreeSet<DatasetId> = definitions.edges().map(|(dataset, _)| dataset.id.clone()).collect();
        let (session, versions) = warehouse.session(&stating.into_iter().collect::<Vec<_>>()).await?;
        if known == Some(&versions) {
            return Ok(None);
        }
        let source = Source::new(session, versions).await?;
        let hierarchy = places::hierarchy(&source, definitions.datasets.values()).await?;
        Ok(Some((source.versions, hierarchy)))
    }

    /// Explains one value at the dataset versions of its run.
    pub async fn why(
        warehouse: &Warehouse,
        compiled: &Compiled,
        request: &WhyRequest,
        history: &dyn History,
        transforms: &dyn Transforms,
    ) -> Result<Why, EngineError> {
        let session = warehouse.session_at(&request.versions).await?;
        let source = Source::new(session, request.versions.clone()).await?;
        why::why(&source, compiled, request, history, transforms).await
    }

    /// The same over a source.
    pub async fn why_source(
        source: &Source,
        compiled: &Compiled,
        request: &WhyRequest,
        history: &dyn History,
        transforms: &dyn Transforms,
    ) -> Result<Why, EngineError> {
        why::why(source, compiled, request, history, transforms).await
    }
}

impl Compiled {
    /// What earlier runs will be asked for: fetch it, fill a [`HistoryTable`], hand it to [`Engine::diagnose`]. Nothing
    /// for a period that the calendar does not have.
    pub fn history(&self, request: &DiagnoseRequest) -> HistoryNeeds {
        diagnose::history_needs(self, request).unwrap_or_default()
    }
}

/// Versions of datasets, as a run records them.
pub type Versions = BTreeMap<DatasetId, i64>;
