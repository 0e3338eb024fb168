//! The query desk (查询台): SQL that people write, over the rows that they may see. It reads and nothing else.
//!
//! A statement is a query or the explanation of one; it meets a session that knows the datasets of this person and no
//! other table, no file, no function that makes rows of its own, no disk to spill to. What a person may not see is taken
//! out below the query: a masked column is a mask already where the first expression sees it.

mod answer;
mod fault;
mod statement;

pub use answer::{DeskAnswer, DeskColumn, DeskCut};
pub use fault::{SqlFault, SqlPlace};

use crate::error::{Result, WarehouseError};
use crate::session::provider;
use crate::source::{BATCH, LINE, SCHOOL};
use crate::warehouse::Warehouse;
use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::datasource::{ViewTable, empty::EmptyTable, provider_as_source};
use datafusion::error::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, SQLOptions, SessionConfig, SessionContext, ident, lit};
use statement::{Asked, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{DatasetId, FieldName};

/// What stands in place of a text that a person may not see.
pub const MASK: &str = "•••";

/// Functions that make much out of nothing: a query of one line could take all memory with them.
const SWOLLEN: [&str; 10] = [
    "repeat",
    "lpad",
    "rpad",
    "array_repeat",
    "list_repeat",
    "array_resize",
    "list_resize",
    "range",
    "generate_series",
    "gen_series",
];

/// A dataset as one person may read it.
#[derive(Debug, Clone)]
pub struct Readable<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Fields that are masked: texts show [`MASK`], everything else is empty.
    pub masked: BTreeSet<FieldName>,
}

/// What one query may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskLimits {
    /// Rows of the answer.
    pub rows: usize,
    /// Bytes of the answer's texts.
    pub bytes: usize,
    /// Bytes of memory while it runs.
    pub memory: usize,
    /// How long it may run.
    pub time: Duration,
}

/// A query that was understood and not yet run.
pub struct DeskQuery {
    session: SessionContext,
    plan: LogicalPlan,
    asked: Asked,
    versions: BTreeMap<DatasetId, i64>,
    read: BTreeSet<DatasetId>,
    limits: DeskLimits,
}

impl std::fmt::Debug for DeskQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskQuery").field("read", &self.read).finish_non_exhaustive()
    }
}

impl Warehouse {
    /// Understands a statement over the datasets that a person may read; refuses whatever is not a query over them.
    pub async fn desk(&self, sql: &str, readable: &[Readable<'_>], limits: DeskLimits) -> Result<DeskQuery> {
        let Statement { query, asked } = statement::read(sql)?;
        let session = session(limits)?;
        let state = session.state();
        let (mut versions, mut read) = (BTreeMap::new(), BTreeSet::new());
        for name in state.resolve_table_references(&query).map_err(|error| refused(error, limits))? {
            let known = readable.iter().find(|one| name.schema().is_none() && one.dataset.id.as_str() == name.table());
            let Some(one) = known else {
                let at = fault::place_of(sql, name.table());
                return Err(WarehouseError::DeskTable { table: name.to_string(), at });
            };
            versions.extend(self.lay_out(&session, one).await?);
            read.insert(one.dataset.id.clone());
        }
        let plan = session.state().statement_to_plan(query).await.map_err(|error| refused(error, limits))?;
        let only_reads = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        only_reads.verify_plan(&plan).map_err(|_| WarehouseError::DeskStatement { word: statement::word(sql) })?;
        Ok(DeskQuery { session, plan, asked, versions, read, limits })
    }

    /// Makes the rows of a dataset that a person may see a table of the session; says which version that is.
    async fn lay_out(&self, session: &SessionContext, one: &Readable<'_>) -> Result<Option<(DatasetId, i64)>> {
        let id = &one.dataset.id;
        let failed = |source| WarehouseError::query(id.as_str(), source);
        let Some(table) = self.table(id, None).await? else {
            let none = EmptyTable::new(crate::schema::arrow_schema(one.dataset));
            session.register_table(id.as_str(), Arc::new(none)).map_err(failed)?;
            return Ok(None);
        };
        let rows = provider(session, &table).await?;
        let columns = shown(one, rows.as_ref());
        let plan = LogicalPlanBuilder::scan(id.as_str(), provider_as_source(rows), None)
            .and_then(|scan| scan.filter(ident(SCHOOL).eq(lit(self.school()))))
            .and_then(|rows| rows.project(columns))
            .and_then(LogicalPlanBuilder::build)
            .map_err(failed)?;
        session.register_table(id.as_str(), Arc::new(ViewTable::new(plan, None))).map_err(failed)?;
        Ok(Some((id.clone(), table.version())))
    }
}

/// The columns of a dataset as a person sees them: fields in their order, then the batch and the line of the row.
fn shown(one: &Readable<'_>, rows: &dyn TableProvider) -> Vec<Expr> {
    let stored = rows.schema();
    let mut columns = Vec::new();
    for field in &one.dataset.fields {
        let name = field.name.as_str();
        let Ok(column) = stored.field_with_name(name) else { continue };
        columns.push(match one.masked.contains(&field.name) {
            true => mask(column.data_type()).alias(name),
            false => ident(name),
        });
    }
    columns.extend([BATCH, LINE].into_iter().filter(|name| stored.field_with_name(name).is_ok()).map(ident));
    columns
}

fn mask(kind: &DataType) -> Expr {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => lit(MASK),
        other => Expr::Literal(ScalarValue::try_from(other).unwrap_or(ScalarValue::Null), None),
    }
}

/// A session without anything in it.
fn session(limits: DeskLimits) -> Result<SessionContext> {
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_limit(limits.memory, 1.0)
        .with_disk_manager_builder(disk)
        .build_arc()
        .map_err(|source| WarehouseError::query("session", source))?;
    let config = SessionConfig::new().with_information_schema(false);
    // The planner then says where in the text it stumbled.
    let config = config.set_bool("datafusion.sql_parser.collect_spans", true);
    let session = SessionContext::new_with_config_rt(config, runtime);
    for name in SWOLLEN {
        session.deregister_udf(name);
    }
    let tables: Vec<String> = session.state().table_functions().keys().cloned().collect();
    for name in tables {
        session.deregister_udtf(&name);
    }
    Ok(session)
}

/// Names of the tables that a statement reads, as far as they are bare names; refuses what is no query.
pub fn desk_names(sql: &str) -> Result<BTreeSet<String>> {
    let Statement { query, .. } = statement::read(sql)?;
    let names = SessionContext::new().state().resolve_table_references(&query);
    let names = names.map_err(|error| fault::of(&error))?;
    Ok(names.into_iter().filter(|name| name.schema().is_none()).map(|name| name.table().to_owned()).collect())
}

/// Names of the functions that a query may use, sorted.
pub fn desk_functions() -> Vec<String> {
    let state = SessionContext::new().state();
    let scalar = state.scalar_functions().keys().filter(|name| !SWOLLEN.contains(&name.as_str()));
    let names: BTreeSet<&String> =
        scalar.chain(state.aggregate_functions().keys()).chain(state.window_functions().keys()).collect();
    names.into_iter().cloned().collect()
}

/// An error of a query that a person wrote: mostly theirs to mend.
fn refused(error: DataFusionError, limits: DeskLimits) -> WarehouseError {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => WarehouseError::DeskMemory { mib: limits.memory >> 20 },
        DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_)
        | DataFusionError::ParquetError(_)
        | DataFusionError::External(_)
        | DataFusionError::Internal(_) => WarehouseError::query("desk", error),
        _ => fault::of(&error),
    }
}
