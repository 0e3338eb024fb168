//! Where rows come from: a DataFusion session with datasets registered under their ids, each pinned at a version.
//!
//! The engine reads through this alone, so that tests hand it tables in memory and the service hands it Delta tables.

use crate::error::EngineError;
use arrow::array::RecordBatch;
use datafusion::prelude::SessionContext;
use std::collections::BTreeMap;
use zhengai_model::ids::DatasetId;
use zhengai_warehouse::Warehouse;

/// A session and the versions of the datasets registered in it. Datasets without a table are absent from `versions`.
#[derive(Clone)]
pub struct Source {
    /// Tables under the ids of their datasets.
    pub session: SessionContext,
    /// Version of each registered dataset.
    pub versions: BTreeMap<DatasetId, i64>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("versions", &self.versions).finish_non_exhaustive()
    }
}

impl Source {
    /// Takes a session over and fixes the dialect of measures in it: literals with a point are exact decimals.
    pub async fn new(session: SessionContext, versions: BTreeMap<DatasetId, i64>) -> Result<Self, EngineError> {
        let source = Self { session, versions };
        source.rows(EXACT_LITERALS).await?;
        Ok(source)
    }

    /// Datasets at the versions given, and at their newest where none is given; those without a table are left out.
    pub async fn pinned(
        warehouse: &Warehouse,
        datasets: &[DatasetId],
        pinned: &BTreeMap<DatasetId, i64>,
    ) -> Result<Self, EngineError> {
        let (_, newest) = warehouse.session(datasets).await?;
        let at = |(id, version): (DatasetId, i64)| {
            let version = pinned.get(&id).copied().unwrap_or(version);
            (id, version)
        };
        let versions: BTreeMap<DatasetId, i64> = newest.into_iter().map(at).collect();
        Self::new(warehouse.session_at(&versions).await?, versions).await
    }

    /// Whether the dataset has a table.
    pub fn has(&self, dataset: &DatasetId) -> bool {
        self.versions.contains_key(dataset)
    }

    /// Runs a query to its end.
    pub async fn rows(&self, sql: &str) -> Result<Vec<RecordBatch>, EngineError> {
        let failed = |source| EngineError::Query { sql: sql.to_owned(), source: Box::new(source) };
        let frame = Box::pin(self.session.sql(sql)).await.map_err(failed)?;
        Box::pin(frame.collect()).await.map_err(failed)
    }
}

/// A `0.5` in a measure is a decimal, never a float.
pub(crate) const EXACT_LITERALS: &str = "SET datafusion.sql_parser.parse_float_as_decimal = true";
