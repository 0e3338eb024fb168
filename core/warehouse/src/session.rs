//! Reading: a DataFusion session in which every dataset is a table under its id, at a pinned version.
//!
//! Queries see only the rows of the warehouse's own college, and the columns of the definition plus `_school`, `_batch`
//! and `_line`. Text comes as `Utf8View` (groups and comparisons are faster on it) and `_school` as a dictionary; whoever
//! reads such columns casts them.

use crate::error::{Result, WarehouseError};
use crate::source::SCHOOL;
use crate::table::Table;
use crate::warehouse::Warehouse;
use datafusion::catalog::TableProvider;
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::{SessionConfig, SessionContext, col, lit};
use std::collections::BTreeMap;
use std::sync::Arc;
use zhengai_model::ids::DatasetId;

impl Warehouse {
    /// A session over the newest versions of these datasets, and which versions those are. Datasets without a table are
    /// left out of both.
    pub async fn session(&self, datasets: &[DatasetId]) -> Result<(SessionContext, BTreeMap<DatasetId, i64>)> {
        let context = new_session();
        let mut versions = BTreeMap::new();
        for dataset in datasets {
            if let Some(table) = self.table(dataset, None).await? {
                register(&context, dataset, &table, self.school()).await?;
                versions.insert(dataset.clone(), table.version());
            }
        }
        Ok((context, versions))
    }

    /// A session over exactly these versions, as an earlier session named them.
    pub async fn session_at(&self, versions: &BTreeMap<DatasetId, i64>) -> Result<SessionContext> {
        let context = new_session();
        for (dataset, version) in versions {
            let newest = self.table(dataset, None).await?;
            let Some(newest) = newest else { return Err(WarehouseError::NoTable { dataset: dataset.clone() }) };
            if *version < 0 || *version > newest.version() {
                return Err(WarehouseError::NoVersion { dataset: dataset.clone(), version: *version });
            }
            let table = match *version == newest.version() {
                true => Some(newest),
                false => self.table(dataset, Some(*version)).await?,
            };
            let table = table.ok_or_else(|| WarehouseError::NoTable { dataset: dataset.clone() })?;
            register(&context, dataset, &table, self.school()).await?;
        }
        Ok(context)
    }
}

/// A session with the settings that all queries of the product share.
pub(crate) fn new_session() -> SessionContext {
    SessionContext::new_with_config(SessionConfig::new().with_information_schema(true))
}

/// The rows of a table as DataFusion sees them, all colleges.
pub(crate) async fn provider(context: &SessionContext, table: &Table) -> Result<Arc<dyn TableProvider>> {
    let failed = |source| WarehouseError::query(table.name(), source);
    let session = Arc::new(context.state());
    table.delta().update_datafusion_session(session.as_ref()).map_err(|source| table.failed(source))?;
    table.delta().table_provider().with_session(session).await.map_err(failed)
}

async fn register(context: &SessionContext, dataset: &DatasetId, table: &Table, school: &str) -> Result<()> {
    let failed = |source| WarehouseError::query(dataset.as_str(), source);
    let rows = provider(context, table).await?;
    let source = datafusion::datasource::provider_as_source(rows);
    let plan = LogicalPlanBuilder::scan(dataset.as_str(), source, None)
        .and_then(|scan| scan.filter(col(SCHOOL).eq(lit(school))))
        .and_then(LogicalPlanBuilder::build)
        .map_err(failed)?;
    let view = ViewTable::new(plan, None);
    context.register_table(dataset.as_str(), Arc::new(view)).map_err(failed)?;
    Ok(())
}
