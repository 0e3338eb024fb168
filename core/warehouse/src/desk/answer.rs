//! Running a query of the desk: rows as text, cut off where the limits are, stopped when somebody asks.

use super::statement::Asked;
use super::{DeskLimits, DeskQuery, in_time, refused};
use crate::error::{Result, WarehouseError};
use crate::source::CancelFlag;
use arrow::array::Array;
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::SessionContext;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use zhengai_model::ids::DatasetId;

/// How often a running query looks whether it should stop.
const LOOK: Duration = Duration::from_millis(50);

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskColumn {
    /// Its name, as the query says it.
    pub name: String,
    /// Its type in Arrow's words.
    pub kind: String,
    /// Whether its values are numbers, for those who align them.
    pub numeric: bool,
}

/// Why an answer ends before its rows do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskCut {
    /// It has as many rows as were asked for or allowed.
    Rows,
    /// Its texts are as long as allowed.
    Bytes,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskAnswer {
    /// Columns in their order.
    pub columns: Vec<DeskColumn>,
    /// Rows as text; `None` is SQL's NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Set when there are more rows than these.
    pub cut: Option<DeskCut>,
    /// Which version of each dataset was read.
    pub versions: BTreeMap<DatasetId, i64>,
}

impl DeskQuery {
    /// The datasets that the query reads.
    pub fn reads(&self) -> &BTreeSet<DatasetId> {
        &self.read
    }

    /// How the rows would be found, a line for each step, the last step first.
    pub async fn steps(self) -> Result<Vec<String>> {
        let limits = self.limits;
        let work = self.room.run(async move { steps(&self.session, &self.plan, limits) });
        in_time(work, self.time, limits).await
    }

    /// Runs it: so many rows after the first `offset`, never more than the limits allow. An explanation gives its steps.
    pub async fn run(self, offset: usize, rows: usize, cancel: &CancelFlag) -> Result<DeskAnswer> {
        let Self { room, time, session, plan, asked, versions, limits, .. } = self;
        let found = room.run(async move {
            match asked {
                Asked::Plan => explained(&session, &plan, limits),
                Asked::Rows => gather(&session, plan, Window { offset, most: rows.min(limits.rows) }, limits).await,
            }
        });
        let work = async {
            tokio::select! {
                biased;
                () = raised(cancel) => Err(WarehouseError::Cancelled),
                found = found => found,
            }
        };
        Ok(DeskAnswer { versions, ..in_time(work, time, limits).await? })
    }
}

/// Which rows are wanted.
#[derive(Clone, Copy)]
struct Window {
    offset: usize,
    most: usize,
}

fn steps(session: &SessionContext, plan: &LogicalPlan, limits: DeskLimits) -> Result<Vec<String>> {
    let plan = session.state().optimize(plan).map_err(|error| refused(error, limits))?;
    Ok(plan.display_indent().to_string().lines().map(str::to_owned).collect())
}

fn explained(session: &SessionContext, plan: &LogicalPlan, limits: DeskLimits) -> Result<DeskAnswer> {
    let column = DeskColumn { name: "plan".to_owned(), kind: "Utf8".to_owned(), numeric: false };
    let rows = steps(session, plan, limits)?.into_iter().map(|step| vec![Some(step)]).collect();
    Ok(DeskAnswer { columns: vec![column], rows, cut: None, versions: BTreeMap::new() })
}

/// The rows of a plan, without the versions that they are of.
async fn gather(session: &SessionContext, plan: LogicalPlan, window: Window, limits: DeskLimits) -> Result<DeskAnswer> {
    let Window { offset, most } = window;
    let failed = |error| refused(error, limits);
    // One row more than wanted tells whether there are more.
    let plan = LogicalPlanBuilder::from(plan).limit(offset, Some(most + 1));
    let plan = plan.and_then(LogicalPlanBuilder::build).map_err(failed)?;
    let frame = DataFrame::new(session.state(), plan);
    let fields = frame.schema().fields().iter();
    let columns = fields.map(|field| DeskColumn {
        name: field.name().clone(),
        kind: field.data_type().to_string(),
        numeric: field.data_type().is_numeric(),
    });
    let columns = columns.collect();
    let mut stream = frame.execute_stream().await.map_err(failed)?;
    let (mut rows, mut bytes, mut cut) = (Vec::new(), 0, None);
    while let Some(batch) = std::future::poll_fn(|cx| futures_core::Stream::poll_next(stream.as_mut(), cx)).await {
        let room = Room { rows: most - rows.len(), bytes: limits.bytes.saturating_sub(bytes) };
        let (more, size, ended) = texts(&batch.map_err(failed)?, room)?;
        rows.extend(more);
        bytes += size;
        cut = ended;
        if cut.is_some() {
            break;
        }
    }
    Ok(DeskAnswer { columns, rows, cut, versions: BTreeMap::new() })
}
/// How much still fits.
struct Room {
    rows: usize,
    bytes: usize,
}

/// Rows as text; their bytes; and what ended them, when not all of them fit.
type Fitting = (Vec<Vec<Option<String>>>, usize, Option<DeskCut>);

/// The rows of a batch that fit.
fn texts(batch: &RecordBatch, room: Room) -> Result<Fitting> {
    let options =
        FormatOptions::new().with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.f")).with_datetime_format(Some("%Y-%m-%d"));
    let columns = batch.columns().iter();
    let formatters = columns.map(|column| ArrayFormatter::try_new(column, &options)).collect::<Result<Vec<_>, _>>()?;
    // A column of nothing but NULL has no bits that say so.
    let nulls: Vec<_> = batch.columns().iter().map(|column| column.logical_nulls()).collect();
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for row in 0..batch.num_rows() {
        if rows.len() == room.rows {
            return Ok((rows, bytes, Some(DeskCut::Rows)));
        }
        let mut cells = Vec::with_capacity(formatters.len());
        for (nulls, formatter) in nulls.iter().zip(&formatters) {
            let is_null = nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
            let cell = (!is_null).then(|| formatter.value(row).try_to_string()).transpose()?;
            bytes += cell.as_ref().map_or(0, String::len);
            cells.push(cell);
        }
        if bytes > room.bytes {
            return Ok((rows, bytes, Some(DeskCut::Bytes)));
        }
        rows.push(cells);
    }
    Ok((rows, bytes, None))
}

/// Ready when somebody asks to stop.
async fn raised(cancel: &CancelFlag) {
    let mut look = tokio::time::interval(LOOK);
    while !cancel.is_cancelled() {
        look.tick().await;
    }
}
