//! Mending: corrected cells in, a batch out. Rows that still break a rule are told and left open, so a batch of mended
//! rows holds nothing but rows that passed.

use super::{CellChange, MEND, MendDetail, MendError, RejectState};
use crate::college::College;
use crate::config::Review;
use crate::error::ServiceError;
use crate::import::{Deletes, Intake, Outcome, Told};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, new_null_array};
use arrow::datatypes::{DataType, Field, Schema};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhengai_model::batch::{BatchState, Notice, PlanCounts, Reject};
use zhengai_model::dataset::{Dataset, LoadMode};
use zhengai_model::ids::BatchId;
use zhengai_model::mapping::Mapping;
use zhengai_model::rights::Right;
use zhengai_store::BatchRecord;
use zhengai_warehouse::{CancelFlag, FAULT, LINE, Progress, SourceRows};

/// Complaints of connectors, which no look at the cells alone can take back.
const UNREADABLE: [&str; 5] = [
    "warehouse-reject-row-columns",
    "warehouse-reject-row-encoding",
    "warehouse-reject-row-syntax",
    "warehouse-reject-row-unreadable",
    "warehouse-reject-cell-error",
];

/// Which rejected rows are to be mended, and how.
#[derive(Debug, Clone)]
pub struct MendRequest {
    /// The batch that rejected them.
    pub batch: String,
    /// Rows with their corrected cells.
    pub rows: Vec<MendedRow>,
    /// What becomes of open rows that are not named.
    pub rest: Rest,
    /// Review; the configured one when absent.
    pub review: Option<Review>,
}

/// Open rows that a request does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// They stay as they are.
    Stays,
    /// They are checked again unchanged: a rule or the dataset that they refer to may have changed.
    GoesAlong,
}

/// A rejected row with corrected cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedRow {
    /// Its line in the file.
    pub line: u64,
    /// New texts by header; columns that are not named keep theirs.
    pub cells: BTreeMap<String, String>,
}

/// What came of mending.
#[derive(Debug, Clone, Serialize)]
pub struct Mended {
    /// The batch of the rows that passed; absent when none did, and after a mere check.
    pub batch: Option<BatchId>,
    /// Where the rows go.
    pub dataset: zhengai_model::ids::DatasetId,
    /// Where that batch ended; `planned` after a mere check.
    pub outcome: Outcome,
    /// Counts over all rows named; `rejected` are those that still break a rule.
    pub counts: PlanCounts,
    /// Rows that still break a rule, with the rule that they break now.
    pub still: Vec<Reject>,
    /// Cells that differ from those that were read.
    pub changes: Vec<CellChange>,
}

/// Rejected rows with the cells that they are to have.
struct Bench<'a> {
    batch: BatchRecord,
    dataset: &'a Dataset,
    mapping: Option<Mapping>,
    review: Review,
    columns: Vec<String>,
    rows: BTreeMap<u64, Vec<String>>,
    changes: Vec<CellChange>,
    /// Rows that their connector could not read and nobody touched.
    hopeless: Vec<Reject>,
}

/// Mended rows tell nothing beyond themselves.
struct Silent;

impl Told for Silent {
    fn notices(&self) -> Vec<Notice> {
        Vec::new()
    }
}

impl College {
    /// Checks corrected rows without keeping anything.
    pub async fn mend_check(&self, request: &MendRequest, cancel: &CancelFlag) -> Result<Mended, ServiceError> {
        self.permit(Right::ReviewData)?;
        let bench = self.bench(request).await?;
        let (counts, still) = self.try_out(&bench, cancel).await?;
        let (dataset, changes) = (bench.dataset.id.clone(), bench.changes);
        Ok(Mended { batch: None, dataset, outcome: Outcome::Planned, counts, still, changes })
    }

    /// Checks corrected rows and brings those that pass in as one batch, like any other.
    pub async fn mend(
        &self,
        request: &MendRequest,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Mended, ServiceError> {
        self.permit(Right::ReviewData)?;
        let mut bench = self.bench(request).await?;
        let (mut counts, still) = self.try_out(&bench, cancel).await?;
        let dataset = bench.dataset.id.clone();
        let bad: BTreeSet<u64> = still.iter().map(|reject| reject.line).collect();
        bench.rows.retain(|line, _| !bad.contains(line));
        bench.changes.retain(|change| !bad.contains(&change.line));
        if bench.rows.is_empty() {
            return Ok(Mended { batch: None, dataset, outcome: Outcome::Planned, counts, still, changes: Vec::new() });
        }
        let detail = MendDetail {
            of: bench.batch.id.clone(),
            lines: bench.rows.keys().copied().collect(),
            changes: bench.changes.clone(),
        };
        // The changes are part of the batch, so that the audit has them in the transaction that creates it.
        let detail = json!({
            "sha256": bench.batch.detail.get("sha256"), "mapping": bench.mapping, MEND: detail,
        });
        let intake = bench.intake(detail);
        let taken = self.take_in(&intake, bench.source()?, progress, cancel).await?;
        counts = PlanCounts { read: counts.read, rejected: counts.rejected, ..taken.counts };
        Ok(Mended { batch: Some(taken.batch), dataset, outcome: taken.outcome, counts, still, changes: bench.changes })
    }

    /// The rows of a request as they would be, and refusals of what cannot be mended.
    async fn bench(&self, request: &MendRequest) -> Result<Bench<'_>, ServiceError> {
        let batch = self.batch(&request.batch).await?;
        if matches!(batch.state, BatchState::Held | BatchState::Applying | BatchState::Staging) {
            return Err(MendError::Undecided { batch: batch.id }.into());
        }
        let dataset = self.importable(&batch.dataset)?;
        let mapping = batch.detail.get("mapping").cloned().and_then(|value| serde_json::from_value(value).ok());
        let states = self.mends(&batch).await?;
        let rejects = self.rejects(&batch).await?;
        let mut wanted: BTreeMap<u64, &BTreeMap<String, String>> = BTreeMap::new();
        for row in &request.rows {
            if wanted.insert(row.line, &row.cells).is_some() {
                return Err(MendError::Twice { batch: batch.id, line: row.line }.into());
            }
        }
        let known: BTreeSet<u64> = rejects.iter().map(|reject| reject.line).collect();
        if let Some(line) = wanted.keys().find(|line| !known.contains(line)) {
            return Err(MendError::NoLine { batch: batch.id, line: *line }.into());
        }
        let none = BTreeMap::new();
        let columns: Vec<String> =
            rejects.first().map(|one| one.cells.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default();
        let review = request.review.unwrap_or(self.config().review());
        let (rows, changes, hopeless) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut bench = Bench { batch, dataset, mapping, review, columns, rows, changes, hopeless };
        for reject in rejects {
            let state = states.get(&reject.line).unwrap_or(&RejectState::Open);
            let cells = match (wanted.get(&reject.line), request.rest, state) {
                (Some(cells), _, RejectState::Open) => cells,
                (None, Rest::GoesAlong, RejectState::Open) => &none,
                (None, _, _) => continue,
                (Some(_), _, RejectState::Mended(by)) => {
                    let (batch, line, by) = (bench.batch.id, reject.line, by.clone());
                    return Err(MendError::Mended { batch, line, by }.into());
                }
                (Some(_), _, RejectState::Waiting(by)) => {
                    let (batch, line, by) = (bench.batch.id, reject.line, by.clone());
                    return Err(MendError::Waits { batch, line, by }.into());
                }
            };
            bench.lay(reject, cells)?;
        }
        if bench.rows.is_empty() && bench.hopeless.is_empty() {
            return Err(MendError::Nothing { batch: bench.batch.id }.into());
        }
        Ok(bench)
    }

    /// Stages and plans the rows under a batch that is forgotten again; gives its counts and what it rejects.
    async fn try_out(&self, bench: &Bench<'_>, cancel: &CancelFlag) -> Result<(PlanCounts, Vec<Reject>), ServiceError> {
        let hopeless = bench.hopeless.len() as u64;
        if bench.rows.is_empty() {
            let counts = PlanCounts { read: hopeless, rejected: hopeless, ..PlanCounts::default() };
            return Ok((counts, bench.hopeless.clone()));
        }
        let intake = bench.intake(serde_json::Value::Null);
        let tried = self.rehearse(&intake, bench.source()?, None, &|_| (), cancel).await?;
        let (counts, mut still) = (tried.counts, tried.rejects);
        still.extend(bench.hopeless.iter().cloned());
        still.sort_by_key(|reject| reject.line);
        let counts = PlanCounts { read: counts.read + hopeless, rejected: counts.rejected + hopeless, ..counts };
        Ok((counts, still))
    }
}

impl Bench<'_> {
    /// Puts one row on the bench with its corrected cells.
    fn lay(&mut self, reject: Reject, cells: &BTreeMap<String, String>) -> Result<(), MendError> {
        if let Some(column) = cells.keys().find(|column| !reject.cells.iter().any(|(name, _)| name == *column)) {
            let known: Vec<&str> = reject.cells.iter().map(|(name, _)| name.as_str()).collect();
            let (batch, column, known) = (self.batch.id.clone(), column.clone(), known.join(", "));
            return Err(MendError::NoColumn { batch, line: reject.line, column, known });
        }
        let before = self.changes.len();
        let mut row = Vec::with_capacity(reject.cells.len());
        for (column, text) in &reject.cells {
            match cells.get(column).filter(|new| *new != text) {
                Some(new) => {
                    let (line, column) = (reject.line, column.clone());
                    self.changes.push(CellChange { line, column, before: text.clone(), after: new.clone() });
                    row.push(new.clone());
                }
                None => row.push(text.clone()),
            }
        }
        let changed = self.changes.get(before..).unwrap_or_default();
        // A cell that could not be read must itself be written anew; a row that could not, anywhere.
        let touched = match &reject.column {
            Some(column) => changed.iter().any(|change| change.column == *column),
            None => !changed.is_empty(),
        };
        if UNREADABLE.contains(&reject.reason.key.as_str()) && !touched {
            self.changes.truncate(before);
            self.hopeless.push(reject);
        } else {
            self.rows.insert(reject.line, row);
        }
        Ok(())
    }

    /// Like the batch that rejected the rows; but a part of a file never is the whole truth, whatever the file was.
    fn intake(&self, detail: serde_json::Value) -> Intake<'_> {
        Intake {
            dataset: self.dataset,
            mapping: self.mapping.as_ref(),
            name: self.batch.file.clone(),
            sheet: self.batch.sheet.clone(),
            mode: match self.batch.mode {
                LoadMode::Full => LoadMode::Upsert,
                other => other,
            },
            review: self.review,
            deletes: Deletes::Guarded,
            detail,
            told: Arc::new(Silent),
        }
    }

    /// The rows as a connector would hand them over, each with the line that it has in its file.
    fn source(&self) -> Result<SourceRows, ServiceError> {
        let mut fields: Vec<Field> =
            self.columns.iter().map(|column| Field::new(column, DataType::Utf8, true)).collect();
        fields.push(Field::new(LINE, DataType::Int64, false));
        fields.push(Field::new(FAULT, DataType::Utf8, true));
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(fields.len());
        for position in 0..self.columns.len() {
            let cells = self.rows.values().map(|row| row.get(position).filter(|cell| !cell.is_empty()));
            arrays.push(Arc::new(cells.collect::<StringArray>()));
        }
        let lines = self.rows.keys().map(|line| i64::try_from(*line).unwrap_or(i64::MAX));
        arrays.push(Arc::new(Int64Array::from_iter_values(lines)));
        arrays.push(new_null_array(&DataType::Utf8, self.rows.len()));
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .map_err(|error| ServiceError::Internal { what: error.to_string() })?;
        Ok(SourceRows { columns: self.columns.clone(), batches: Box::new(std::iter::once(Ok(batch))) })
    }
}
