//! The one way in (导入): rows → staging → checks → plan → review → one commit, for a file and for a stream of a source
//! alike. Nothing is half done: whatever stops it, the batch is in or out, and rejected rows are kept with place and
//! reason.

use crate::batches::REASON_PREFIX;
use crate::college::{College, next_id, stem};
use crate::config::Review;
use crate::error::ServiceError;
use crate::files::{self, Cells};
use crate::text::Texts;
use crate::text_file::TextFile;
use rust_decimal::Decimal;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use zhengai_model::batch::{BatchState, Notice, PlanCounts, Reject, RowFate};
use zhengai_model::dataset::{Dataset, LoadMode};
use zhengai_model::fault::Explain;
use zhengai_model::ids::{BatchId, DatasetId, PeriodId, SourceId};
use zhengai_model::mapping::Mapping;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::{BatchChange, BatchRecord, CursorMove, NewBatch};
use zhengai_warehouse::{CancelFlag, Guards, PlanRow, Progress, SourceRows, StageRequest};

/// Rows shown of each fate in a dry run.
const SAMPLE: usize = 5;

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The file.
    pub file: PathBuf,
    /// Where its rows go.
    pub dataset: DatasetId,
    /// A mapping file.
    pub mapping: Option<TextFile>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// How rows meet the rows that are there; the dataset's own way when absent.
    pub mode: Option<LoadMode>,
    /// Plan only.
    pub dry_run: bool,
    /// Review; the configured one when absent.
    pub review: Option<Review>,
    /// Lets a full load delete more than the set share.
    pub deletes: Deletes,
}

/// Whether the guard on large deletes holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletes {
    /// No more than the configured share.
    Guarded,
    /// Any: a person has said so.
    Allowed,
}

/// What an import did.
#[derive(Debug, Clone, Serialize)]
pub struct Imported {
    /// The batch; in a dry run it is gone again.
    pub batch: BatchId,
    /// Where the rows go.
    pub dataset: DatasetId,
    /// Where it ended.
    pub outcome: Outcome,
    /// Counts of the plan.
    pub counts: PlanCounts,
    /// What is worth telling about the file.
    pub notices: Vec<Notice>,
    /// Rows of the plan by fate, in a dry run.
    pub sample: Vec<(RowFate, Vec<PlanRow>)>,
}

/// Where an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Only planned.
    Planned,
    /// Waits for a person.
    Held,
    /// Committed.
    Applied,
}

/// Where rows go and what is known of them before the first one is read.
pub(crate) struct Intake<'a> {
    /// Where they go.
    pub(crate) dataset: &'a Dataset,
    /// How columns become fields.
    pub(crate) mapping: Option<&'a Mapping>,
    /// File or stream, for messages and the record.
    pub(crate) name: String,
    /// Sheet of a workbook.
    pub(crate) sheet: Option<String>,
    /// How they meet the rows that are there.
    pub(crate) mode: LoadMode,
    /// Whether a person looks first.
    pub(crate) review: Review,
    /// Whether the guard on large deletes holds.
    pub(crate) deletes: Deletes,
    /// Kept with the batch.
    pub(crate) detail: serde_json::Value,
    /// What is known only after the last row.
    pub(crate) told: Arc<dyn Told>,
}

/// Rows of a plan by fate, and rejected ones.
type Seen = (Vec<(RowFate, Vec<PlanRow>)>, Vec<Reject>);

/// What rows would have done.
pub(crate) struct Rehearsed {
    /// The batch that they were, gone again.
    pub(crate) batch: BatchId,
    /// Counts of its plan.
    pub(crate) counts: PlanCounts,
    /// What is worth telling.
    pub(crate) notices: Vec<Notice>,
    /// First rows of each fate.
    pub(crate) sample: Vec<(RowFate, Vec<PlanRow>)>,
    /// Rejected rows, as many as were wanted.
    pub(crate) rejects: Vec<Reject>,
}

/// What a source tells only when its last row was read.
pub(crate) trait Told: Send + Sync {
    /// What is worth telling about it.
    fn notices(&self) -> Vec<Notice>;

    /// The connector's state that covers all rows, null when it has none; `None` for a source without a cursor.
    fn cursor(&self) -> Option<serde_json::Value> {
        None
    }
}

/// Member of a batch's detail that holds the cursor; beside it stand `source` and `stream`.
const STATE: &str = "state";

fn with_cursor(mut detail: serde_json::Value, state: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = detail.as_object_mut() {
        fields.insert(STATE.to_owned(), state);
    }
    detail
}

/// How far a batch brings the stream that its rows came from; `None` for a file.
pub(crate) fn cursor_of(batch: &BatchRecord) -> Option<CursorMove> {
    let state = batch.detail.get(STATE)?.clone();
    let (source, stream) = stream_of(batch)?;
    Some(CursorMove { source, stream, state: (!state.is_null()).then_some(state) })
}

/// The source and the stream that a batch was read from; `None` for a file.
pub(crate) fn stream_of(batch: &BatchRecord) -> Option<(SourceId, String)> {
    let word = |key: &str| batch.detail.get(key).and_then(serde_json::Value::as_str);
    Some((SourceId::new(word("source")?).ok()?, word("stream")?.to_owned()))
}

impl College {
    /// Imports a file.
    pub async fn import(
        &self,
        request: &ImportRequest,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Imported, ServiceError> {
        self.permit(Right::ImportData)?;
        self.import_with(request, read_mapping(request)?, Cells::Source, progress, cancel).await
    }

    /// The same with a mapping at hand.
    pub(crate) async fn import_with(
        &self,
        request: &ImportRequest,
        mapping: Option<Mapping>,
        cells: Cells,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Imported, ServiceError> {
        let dataset = self.importable(&request.dataset)?;
        let source = files::open_file(self, &request.file, mapping.as_ref(), request.sheet.as_deref(), cells, cancel)?;
        let intake = Intake {
            dataset,
            mapping: mapping.as_ref(),
            told: Arc::new(source.told.clone()),
            name: source.file.clone(),
            sheet: source.sheet.clone(),
            mode: request.mode.unwrap_or(dataset.load),
            review: request.review.unwrap_or(self.config().review()),
            deletes: request.deletes,
            detail: serde_json::json!({ "sha256": source.digest, "read": source.read, "mapping": mapping }),
        };
        if !request.dry_run {
            return self.take_in(&intake, source.rows, progress, cancel).await;
        }
        self.plan_only(&intake, source.rows, progress, cancel).await
    }

    /// What rows would do, as the outcome of an import.
    pub(crate) async fn plan_only(
        &self,
        intake: &Intake<'_>,
        rows: SourceRows,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Imported, ServiceError> {
        let Rehearsed { batch, counts, mut notices, mut sample, .. } =
            self.rehearse(intake, rows, Some(0), progress, cancel).await?;
        // Beside the rows that come, a plan shows those that are there.
        if !sample.is_empty() {
            match self.open_batch(&intake.dataset.id, &batch).await {
                Err(ServiceError::Hidden { why }) => {
                    sample.clear();
                    notices.push(Notice { rule: "sample.hidden".to_owned(), message: why });
                }
                other => other?,
            }
        }
        Ok(Imported { batch, dataset: intake.dataset.id.clone(), outcome: Outcome::Planned, counts, notices, sample })
    }

    /// Stages and plans rows under a batch that is forgotten again, once it was looked at; so many rejected rows of it at
    /// most.
    pub(crate) async fn rehearse(
        &self,
        intake: &Intake<'_>,
        rows: SourceRows,
        rejects: Option<usize>,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Rehearsed, ServiceError> {
        let batch = self.next_batch().await?;
        let planned = self.stage_and_plan(intake, rows, &batch, progress, cancel).await;
        let seen = match &planned {
            Ok(_) => self.look(intake.dataset, &batch, rejects).await,
            Err(_) => Ok((Vec::new(), Vec::new())),
        };
        self.warehouse.forget(&batch).await?;
        let (counts, notices) = planned?;
        let (sample, rejects) = seen?;
        Ok(Rehearsed { batch, counts, notices, sample, rejects })
    }

    async fn look(&self, dataset: &Dataset, batch: &BatchId, rejects: Option<usize>) -> Result<Seen, ServiceError> {
        Ok((self.sample(dataset, batch).await?, self.warehouse.rejects(batch, rejects).await?))
    }

    /// Takes rows in as one batch: recorded, staged, planned, reviewed, and applied unless a person should look.
    pub(crate) async fn take_in(
        &self,
        intake: &Intake<'_>,
        rows: SourceRows,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Imported, ServiceError> {
        let batch = self.next_batch().await?;
        let new = NewBatch {
            id: batch.clone(),
            dataset: intake.dataset.id.clone(),
            file: intake.name.clone(),
            sheet: intake.sheet.clone(),
            mode: intake.mode,
            detail: intake.detail.clone(),
        };
        self.record.batch_create(self.actor(), &new).await?;
        match self.stage_and_plan(intake, rows, &batch, progress, cancel).await {
            Ok((counts, notices)) => self.review(intake, batch, counts, notices).await,
            Err(error) => {
                if let Err(second) = self.give_up(&batch, &error).await {
                    // The record is on the same disk, as a rule; the next writer finds the batch interrupted.
                    tracing::warn!(error = %second, %batch, "the batch could not be given up");
                }
                Err(error)
            }
        }
    }

    /// The dataset, unless a plugin computes it.
    pub(crate) fn importable(&self, id: &DatasetId) -> Result<&Dataset, ServiceError> {
        let dataset = self.dataset(id.as_str())?;
        if self.definitions.is_computed(id) {
            return Err(ServiceError::ComputedDataset { dataset: id.to_string() });
        }
        Ok(dataset)
    }

    async fn next_batch(&self) -> Result<BatchId, ServiceError> {
        let stem = stem('B', self.opening.today);
        let known = self.record.batch_ids(&stem).await?.into_iter().map(|batch| batch.to_string());
        BatchId::new(next_id(&stem, known)).map_err(|error| ServiceError::Internal { what: error.to_string() })
    }

    async fn stage_and_plan(
        &self,
        intake: &Intake<'_>,
        rows: SourceRows,
        batch: &BatchId,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<(PlanCounts, Vec<Notice>), ServiceError> {
        let Intake { dataset, mapping, name, sheet, .. } = intake;
        self.warehouse.create_dataset(dataset).await?;
        let stage = StageRequest { dataset, mapping: *mapping, batch, file: name.clone(), sheet: sheet.clone() };
        tracing::info!(%batch, file = name, "staging");
        let staged = self.warehouse.stage(stage, rows, progress, cancel).await?;
        self.refuse_locked(dataset, batch).await?;
        let counts = self.warehouse.plan(dataset, batch, intake.mode, &self.guards(intake.deletes)).await?;
        let mut notices = intake.told.notices();
        // Columns with reasons that an export of rejected rows added are passed over in silence; unnamed columns, which
        // begin so too, the connector has told already.
        let added = |notice: &Notice| {
            let column = notice.message.args.iter().find(|(name, _)| name == "column");
            notice.rule == "column.ignored" && column.is_some_and(|(_, column)| column.starts_with(REASON_PREFIX))
        };
        notices.extend(staged.notices.into_iter().filter(|notice| !added(notice)));
        Ok((counts, notices))
    }

    pub(crate) fn guards(&self, deletes: Deletes) -> Guards {
        let share = self.config().max_delete_share();
        Guards { max_delete_share: (deletes == Deletes::Guarded).then_some(share) }
    }

    /// Rows into a period that people have locked or signed are refused, all of them.
    pub(crate) async fn refuse_locked(&self, dataset: &Dataset, batch: &BatchId) -> Result<(), ServiceError> {
        for locked in self.record.period_list().await? {
            let settlement = self.record.period_settlement(&locked.period).await?;
            let Some(period) = self.calendar.get(&locked.period) else { continue };
            let today = self.opening.today;
            if settlement.accept(&self.calendar, &period, &dataset.id, today).is_ok() {
                continue;
            }
            let inside = |id: &str| {
                let inner = PeriodId::new(id).ok().and_then(|id| self.calendar.get(&id));
                inner.is_some_and(|inner| inner.id == period.id || self.calendar.contains(&period, &inner))
            };
            let rows = self.warehouse.staged_within(dataset, batch, &period, &inside).await?;
            if rows > 0 {
                let state = serde_json::to_value(locked.state).ok().and_then(|word| word.as_str().map(str::to_owned));
                return Err(ServiceError::PeriodLocked {
                    period: locked.period.to_string(),
                    state: state.unwrap_or_default(),
                    rows,
                });
            }
        }
        Ok(())
    }

    async fn sample(&self, dataset: &Dataset, batch: &BatchId) -> Result<Vec<(RowFate, Vec<PlanRow>)>, ServiceError> {
        let mut sample = Vec::new();
        for fate in [RowFate::New, RowFate::Changed, RowFate::Gone] {
            let rows = self.warehouse.plan_sample(dataset, batch, fate, SAMPLE).await?;
            if !rows.is_empty() {
                sample.push((fate, rows));
            }
        }
        Ok(sample)
    }

    /// Automatic review: holds what a person should see, applies the rest. What the source tells only at its end, its
    /// cursor above all, is recorded here, before anything is committed.
    async fn review(
        &self,
        intake: &Intake<'_>,
        batch: BatchId,
        counts: PlanCounts,
        notices: Vec<Notice>,
    ) -> Result<Imported, ServiceError> {
        let reason = if intake.review == Review::Hold {
            Some("review")
        } else if share(counts.rejected, counts.read) > self.config().hold_reject_share() {
            Some("rejects")
        } else if notices.iter().any(|notice| notice.rule == "file.truncated") {
            Some("truncated")
        } else {
            None
        };
        let dataset = intake.dataset.id.clone();
        let detail = intake.told.cursor().map(|state| with_cursor(intake.detail.clone(), state));
        if let Some(reason) = reason {
            let change = BatchChange {
                counts: Some(counts),
                reason: Some(reason.to_owned()),
                detail,
                ..BatchChange::to(BatchState::Held)
            };
            self.record.batch_change(self.actor(), &batch, &change).await?;
            return Ok(Imported { batch, dataset, outcome: Outcome::Held, counts, notices, sample: Vec::new() });
        }
        let counts = self.commit(intake.dataset, &batch, counts, detail).await?;
        Ok(Imported { batch, dataset, outcome: Outcome::Applied, counts, notices, sample: Vec::new() })
    }

    /// The commit, between two rows of the record that let a crash be settled. The second one moves the cursor of the
    /// stream that the rows came from.
    pub(crate) async fn commit(
        &self,
        dataset: &Dataset,
        batch: &BatchId,
        counts: PlanCounts,
        detail: Option<serde_json::Value>,
    ) -> Result<PlanCounts, ServiceError> {
        let applying = BatchChange { counts: Some(counts), detail, ..BatchChange::to(BatchState::Applying) };
        let applying = self.record.batch_change(self.actor(), batch, &applying).await?;
        let applied = match self.warehouse.apply(dataset, batch).await {
            Ok(applied) => applied,
            // The commit may be there although what came after it failed. When even that cannot be told, the batch stays
            // between the two, and the next writer settles it.
            Err(error) => match self.warehouse.settle(&dataset.id, batch).await {
                Ok(Some(applied)) => applied,
                Ok(None) => return self.hold(batch, error.into()).await,
                Err(_) => return Err(error.into()),
            },
        };
        let change = BatchChange {
            counts: Some(applied.counts),
            table_version: Some(applied.version),
            cursor: cursor_of(&applying),
            ..BatchChange::to(BatchState::Applied)
        };
        self.record.batch_change(self.actor(), batch, &change).await?;
        Ok(applied.counts)
    }

    /// What could not be committed stays planned: a person may try again when the disk is there again.
    async fn hold(&self, batch: &BatchId, error: ServiceError) -> Result<PlanCounts, ServiceError> {
        let change = BatchChange { reason: Some(error.message().key), ..BatchChange::to(BatchState::Held) };
        if let Err(second) = self.record.batch_change(self.actor(), batch, &change).await {
            tracing::warn!(error = %second, %batch, "the batch could not be held");
        }
        Err(error)
    }

    async fn give_up(&self, batch: &BatchId, error: &ServiceError) -> Result<(), ServiceError> {
        let message = error.message();
        let mut detail = self.record.batch_find(batch).await?.map(|record| record.detail).unwrap_or_default();
        if let Some(fields) = detail.as_object_mut() {
            fields.insert("failed".to_owned(), serde_json::json!(message));
        }
        let change =
            BatchChange { reason: Some(message.key), detail: Some(detail), ..BatchChange::to(BatchState::Failed) };
        self.record.batch_change(self.actor(), batch, &change).await?;
        self.warehouse.discard(batch).await?;
        Ok(())
    }

    /// Why a batch is in its state, in words: what failed, what it waits for, or what a person wrote.
    pub fn batch_reason(&self, batch: &BatchRecord, texts: &Texts) -> String {
        let failed =
            batch.detail.get("failed").cloned().and_then(|value| serde_json::from_value::<Message>(value).ok());
        let reason = batch.reason.clone().unwrap_or_default();
        match failed.filter(|message| texts.has(&message.key)) {
            Some(message) => texts.say(&message),
            None => {
                let key = format!("batch-reason-{reason}");
                if texts.has(&key) { texts.text(&key, &[]) } else { reason }
            }
        }
    }

    /// The record of a batch.
    pub async fn batch(&self, id: &str) -> Result<BatchRecord, ServiceError> {
        self.permit(Right::ReadRows)?;
        let wanted = BatchId::new(id).map_err(|_| ServiceError::BadArgument { what: "batch", value: id.to_owned() })?;
        match self.record.batch_find(&wanted).await? {
            Some(batch) => Ok(batch),
            None => {
                let known = self.batches(None).await?;
                Err(ServiceError::not_found("batch", id, known.iter().map(|batch| batch.id.as_str())))
            }
        }
    }
}

fn share(part: u64, all: u64) -> Decimal {
    if all == 0 { Decimal::ZERO } else { Decimal::from(part) / Decimal::from(all) }
}

fn read_mapping(request: &ImportRequest) -> Result<Option<Mapping>, ServiceError> {
    let Some(file) = &request.mapping else { return Ok(None) };
    let mapping: Mapping = file.toml()?;
    if let Some(other) = mapping.dataset.as_ref().filter(|other| **other != request.dataset) {
        let (mapping, dataset) = (other.to_string(), request.dataset.to_string());
        return Err(ServiceError::MappingForOther { mapping, dataset });
    }
    Ok(Some(mapping))
}
