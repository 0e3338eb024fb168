//! What can go wrong in the engine. Faults of definitions are [`EngineFault`]; trouble while running is [`EngineError`].

use crate::compile::fault::EngineFault;
use datafusion::error::DataFusionError;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::{DatasetId, IndicatorCode, ObjectId, ObjectKind, PeriodId};
use zhengai_model::text::Message;

/// Trouble while a diagnosis runs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A query that the engine wrote did not run.
    #[error("query failed: {sql}")]
    Query {
        /// Its text.
        sql: String,
        /// What DataFusion said.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A batch has another shape than asked for.
    #[error("a batch has an unexpected shape")]
    Shape {
        /// What Arrow said.
        #[source]
        source: Box<arrow::error::ArrowError>,
    },
    /// A column that should hold exact numbers holds something else.
    #[error("expected exact numbers, found {found}")]
    NotExact {
        /// The Arrow type found.
        found: String,
    },
    /// The calendar has no such period.
    #[error("no period {period} in the calendar")]
    UnknownPeriod {
        /// The period asked for.
        period: PeriodId,
    },
    /// No indicator with this code.
    #[error("no indicator {indicator}")]
    UnknownIndicator {
        /// The code asked for.
        indicator: IndicatorCode,
    },
    /// The indicator is not computed for objects of this kind.
    #[error("{indicator} is not computed for {kind}")]
    NotThisGrain {
        /// The indicator.
        indicator: IndicatorCode,
        /// The kind asked for.
        kind: ObjectKind,
    },
    /// No such object in the period.
    #[error("no {kind} {object} in {period}")]
    UnknownObject {
        /// Its kind.
        kind: ObjectKind,
        /// Its id.
        object: ObjectId,
        /// The period.
        period: PeriodId,
    },
    /// The version of a dataset that a run was pinned at is gone.
    #[error("dataset {dataset} is no longer there at version {version}")]
    VersionGone {
        /// The dataset.
        dataset: DatasetId,
        /// The version wanted.
        version: i64,
    },
    /// The warehouse could not be read.
    #[error("the warehouse could not be read")]
    Warehouse {
        /// What it said.
        #[source]
        source: Box<zhengai_warehouse::WarehouseError>,
    },
    /// Definitions do not compile.
    #[error("{} faults in definitions", faults.len())]
    Definitions {
        /// All of them.
        faults: Vec<EngineFault>,
    },
    /// A value does not fit the column of results.
    #[error("value of {indicator} for {object} does not fit the result table")]
    TooLarge {
        /// The indicator.
        indicator: IndicatorCode,
        /// The object.
        object: ObjectId,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl EngineError {
    pub(crate) fn shape(source: arrow::error::ArrowError) -> Self {
        Self::Shape { source: Box::new(source) }
    }
}

impl From<zhengai_warehouse::WarehouseError> for EngineError {
    fn from(source: zhengai_warehouse::WarehouseError) -> Self {
        Self::Warehouse { source: Box::new(source) }
    }
}

/// What is wrong with a file of the warehouse, when that is why a query failed.
fn lost_file(error: &DataFusionError) -> Option<String> {
    match error.find_root() {
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) | DataFusionError::ParquetError(_) => {
            error.find_root().to_string().lines().next().map(str::to_owned)
        }
        _ => None,
    }
}

impl Explain for EngineError {
    fn fault(&self) -> Fault {
        match self {
            Self::Query { source, .. } => match source.find_root() {
                DataFusionError::ResourcesExhausted(_) => Fault::Exhausted,
                _ if lost_file(source).is_some() => Fault::Unavailable,
                _ => Fault::Internal,
            },
            Self::Shape { .. } | Self::NotExact { .. } => Fault::Internal,
            Self::UnknownPeriod { .. }
            | Self::UnknownIndicator { .. }
            | Self::NotThisGrain { .. }
            | Self::UnknownObject { .. }
            | Self::VersionGone { .. } => Fault::NotFound,
            Self::Warehouse { source } => source.fault(),
            Self::Definitions { .. } | Self::TooLarge { .. } => Fault::Invalid,
            Self::Cancelled => Fault::Cancelled,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Query { source, .. } => match lost_file(source) {
                Some(cause) => Message::new("engine-query-file").with("cause", cause),
                None => Message::new("engine-query"),
            },
            Self::Shape { .. } => Message::new("engine-shape"),
            Self::NotExact { found } => Message::new("engine-not-exact").with("found", found),
            Self::UnknownPeriod { period } => Message::new("engine-unknown-period").with("period", period),
            Self::UnknownIndicator { indicator } => {
                Message::new("engine-unknown-indicator").with("indicator", indicator)
            }
            Self::NotThisGrain { indicator, kind } => {
                Message::new("engine-not-this-grain").with("indicator", indicator).with("kind", kind)
            }
            Self::UnknownObject { kind, object, period } => {
                Message::new("engine-unknown-object").with("kind", kind).with("object", object).with("period", period)
            }
            Self::VersionGone { dataset, version } => {
                Message::new("engine-version-gone").with("dataset", dataset).with("version", version)
            }
            Self::Warehouse { source } => source.message(),
            Self::Definitions { faults } => match faults.first() {
                Some(first) => first.message(),
                None => Message::new("engine-definitions"),
            },
            Self::TooLarge { indicator, object } => {
                Message::new("engine-too-large").with("indicator", indicator).with("object", object)
            }
            Self::Cancelled => Message::new("engine-cancelled"),
        }
    }
}
