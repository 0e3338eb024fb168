//! The query desk (查询台): SQL that people write, over the rows that they may see. It reads and nothing else.
//!
//! A statement is a query or the explanation of one; it meets a session that knows the datasets of this person and no
//! other table, no file, no function that makes rows of its own, no disk to spill to. What a person may not see is taken
//! out below the query: a masked column is a mask already where the first expression sees it.

mod answer;
mod fault;
mod functions;
mod guard;
mod measure;
mod room;
mod statement;

pub use answer::{DeskAnswer, DeskColumn, DeskCut};
pub use fault::{SqlFault, SqlPlace};
pub use functions::desk_functions;

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
use room::Room;
use statement::{Asked, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{DatasetId, FieldName};

/// What stands in place of a text that a person may not see.
pub const MASK: &str = "•••";

/// Rows that one step takes at once. Fewer than usual: what one step makes of them is in memory before it is counted.
const ROWS_AT_ONCE: usize = 1_024;

/// The part of a query's memory that the texts of one call of a function may take.
const SHARE: usize = 4;

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
    room: Room,
    /// What is left of its time after the planning.
    time: Duration,
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
        let (room, began) = (Room::open()?, Instant::now());
        let (state, word) = (session.state(), statement::word(sql));
        let planning = room.run(async move {
            let plan = state.statement_to_plan(query).await.map_err(|error| refused(error, limits))?;
            let only_reads = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
            only_reads.verify_plan(&plan).map_err(|_| WarehouseError::DeskStatement { word })?;
            measure::plan(&plan)?;
            Ok(plan)
        });
        let plan = in_time(planning, limits.time, limits).await?;
        let time = limits.time.saturating_sub(began.elapsed());
        Ok(DeskQuery { room, time, session, plan, asked, versions, read, limits })
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

/// What some work gives, unless it takes longer than it may.
async fn in_time<T>(work: impl Future<Output = Result<T>>, time: Duration, limits: DeskLimits) -> Result<T> {
    let late = || WarehouseError::DeskTime { seconds: limits.time.as_secs() };
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| Err(late()))
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
    let config = config.set_bool("datafusion.sql_parser.collect_spans", true).with_batch_size(ROWS_AT_ONCE);
    let state = functions::state(limits.memory / SHARE).with_config(config).with_runtime_env(runtime);
    Ok(SessionContext::new_with_state(state.build()))
}

/// Names of the tables that a statement reads, as far as they are bare names; refuses what is no query.
pub fn desk_names(sql: &str) -> Result<BTreeSet<String>> {
    let Statement { query, .. } = statement::read(sql)?;
    let names = SessionContext::new().state().resolve_table_references(&query);
    let names = names.map_err(|error| fault::of(&error))?;
    Ok(names.into_iter().filter(|name| name.schema().is_none()).map(|name| name.table().to_owned()).collect())
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
