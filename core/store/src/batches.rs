//! Batches (批次): what an import was, what its plan said and what became of it. Rows are in the warehouse.

use crate::audit::{Actor, Entry};
use crate::error::{Result, StoreError, Thing};
use crate::record::{Change, Record};
use crate::row::{Row, json, word};
use crate::sources::{CursorMove, move_cursor};
use crate::sql::Sql;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use zhengai_model::batch::{BatchState, PlanCounts};
use zhengai_model::dataset::LoadMode;
use zhengai_model::ids::{BatchId, DatasetId};

/// A batch to be recorded; it starts in [`BatchState::Staging`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// Its id, chosen by the caller.
    pub id: BatchId,
    /// Where its rows go.
    pub dataset: DatasetId,
    /// File name without folder.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// How rows meet the rows that are there.
    pub mode: LoadMode,
    /// Whatever else should be kept: mapping, digest of the file, format …
    pub detail: Value,
}

/// A batch as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchRecord {
    /// Its id.
    pub id: BatchId,
    /// Where its rows go.
    pub dataset: DatasetId,
    /// Where it stands.
    pub state: BatchState,
    /// File name without folder.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// How rows meet the rows that are there.
    pub mode: LoadMode,
    /// Counts of its plan, once there is one.
    pub counts: Option<PlanCounts>,
    /// Version of the dataset's table that holds it, once applied.
    pub table_version: Option<i64>,
    /// Why it was held, refused or failed.
    pub reason: Option<String>,
    /// Whatever else was kept.
    pub detail: Value,
    /// When it was created.
    pub at: DateTime<Utc>,
    /// Who created it.
    pub by: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change of a batch. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchChange {
    /// The new state; may be the present one to add counts or detail.
    pub state: BatchState,
    /// Counts of the plan.
    pub counts: Option<PlanCounts>,
    /// Version of the table after the commit.
    pub table_version: Option<i64>,
    /// Why; required for [`BatchState::Refused`] and [`BatchState::Failed`].
    pub reason: Option<String>,
    /// Replaces the detail.
    pub detail: Option<Value>,
    /// How far the batch brings the stream that it was read from; only together with [`BatchState::Applied`].
    pub cursor: Option<CursorMove>,
}

impl BatchChange {
    /// A change of state and nothing else.
    pub fn to(state: BatchState) -> Self {
        Self { state, counts: None, table_version: None, reason: None, detail: None, cursor: None }
    }
}

/// Which batches to list; the default is all.
#[derive(Debug, Clone, Default)]
pub struct BatchFilter {
    /// Of this dataset.
    pub dataset: Option<DatasetId>,
    /// In one of these states; any when empty.
    pub states: Vec<BatchState>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}

/// Whether a batch may go from one state to the other. Staying lets counts and detail be added while it is not settled.
fn may_become(from: BatchState, to: BatchState) -> bool {
    use BatchState::{Applied, Applying, Failed, Held, Refused, Staging};
    match from {
        Staging => matches!(to, Staging | Held | Applying | Refused | Failed),
        Held => matches!(to, Held | Staging | Applying | Refused | Failed),
        // After a crash in the middle, the table says whether the commit happened; if not, the batch is offered again.
        Applying => matches!(to, Applying | Applied | Held | Failed),
        Applied | Refused | Failed => false,
    }
}

const SELECT: &str = "SELECT id, dataset, state, file, sheet, mode, counts, table_version, reason, detail, at, actor, \
                      updated_at FROM batch";

impl Record {
    /// Records a new batch in state staging.
    pub async fn batch_create(&self, actor: &Actor, batch: &NewBatch) -> Result<BatchRecord> {
        let mut change = self.change(actor).await?;
        let sql = Sql::new(
            "INSERT INTO batch (id, dataset, state, file, sheet, mode, detail, at, actor, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)",
        )
        .text(batch.id.as_str())
        .text(batch.dataset.as_str())
        .text(word(&BatchState::Staging)?)
        .text(&*batch.file)
        .maybe(batch.sheet.as_deref())
        .text(word(&batch.mode)?)
        .text(json(&batch.detail)?)
        .text(change.at())
        .text(change.by());
        change.insert(Thing::Batch, batch.id.as_str(), sql).await?;
        let record = inside(&mut change, &batch.id).await?;
        let entry = Entry::new("batch.create", Thing::Batch, &batch.id).after(&record)?;
        change.commit(entry).await?;
        Ok(record)
    }

    /// Moves a batch to a state, with what is known by then.
    ///
    /// # Errors
    /// [`StoreError::WrongState`] when its life does not allow the move, [`StoreError::ReasonMissing`] when it is
    /// refused or failed without a reason.
    ///
    /// A cursor is written when the new state is [`BatchState::Applied`], in the same transaction, and ignored otherwise.
    pub async fn batch_change(&self, actor: &Actor, id: &BatchId, to: &BatchChange) -> Result<BatchRecord> {
        let mut change = self.change(actor).await?;
        let before = inside(&mut change, id).await?;
        let (from, wanted) = (word(&before.state)?, word(&to.state)?);
        if !may_become(before.state, to.state) {
            return Err(StoreError::WrongState { thing: Thing::Batch, id: id.to_string(), from, to: wanted });
        }
        let action = format!("batch.{wanted}");
        if matches!(to.state, BatchState::Refused | BatchState::Failed) {
            crate::audit::reason(&action, to.reason.as_deref().unwrap_or_default())?;
        }
        let sql = Sql::new(
            "UPDATE batch SET state = $2, counts = coalesce($3, counts), \
             table_version = coalesce($4, table_version), reason = coalesce($5, reason), \
             detail = coalesce($6, detail), updated_at = $7 WHERE id = $1",
        )
        .text(id.as_str())
        .text(wanted)
        .maybe(to.counts.as_ref().map(json).transpose()?)
        .maybe_int(to.table_version)
        .maybe(to.reason.as_deref())
        .maybe(to.detail.as_ref().map(json).transpose()?)
        .text(change.at());
        change.run(sql).await?;
        if let Some(cursor) = to.cursor.as_ref().filter(|_| to.state == BatchState::Applied) {
            move_cursor(&mut change, id, cursor).await?;
        }
        let after = inside(&mut change, id).await?;
        let entry = Entry::new(&action, Thing::Batch, id).why(to.reason.as_deref()).before(&before)?.after(&after)?;
        change.commit(entry).await?;
        Ok(after)
    }

    /// The batch, if there is one with this id.
    pub async fn batch_find(&self, id: &BatchId) -> Result<Option<BatchRecord>> {
        let row = self.row("batch", Sql::new(SELECT).only("id = ", id.as_str())).await?;
        row.as_ref().map(read).transpose()
    }

    /// The batch with this id.
    pub async fn batch_get(&self, id: &BatchId) -> Result<BatchRecord> {
        self.batch_find(id).await?.ok_or_else(|| missing(id))
    }

    /// Ids of all batches that begin so, in no order.
    pub async fn batch_ids(&self, stem: &str) -> Result<Vec<BatchId>> {
        let sql = Sql::new("SELECT id FROM batch").only("id LIKE ", format!("{stem}%"));
        self.rows("batch", sql).await?.iter().map(|row| row.parsed("id")).collect()
    }

    /// Datasets that have a table because a batch was applied to it, with the newest version that a batch made or met.
    pub async fn batch_tables(&self) -> Result<Vec<(DatasetId, Option<i64>)>> {
        let sql = Sql::new("SELECT dataset, max(table_version) AS version FROM batch");
        let sql = sql.only("state = ", word(&BatchState::Applied)?).push(" GROUP BY dataset ORDER BY dataset");
        let rows = self.rows("batch", sql).await?;
        rows.iter().map(|row| Ok((row.parsed("dataset")?, row.maybe_int("version")?))).collect()
    }

    /// Batches, the newest first.
    pub async fn batch_list(&self, filter: &BatchFilter) -> Result<Vec<BatchRecord>> {
        let states = filter.states.iter().map(word).collect::<Result<Vec<_>>>()?;
        let sql = Sql::new(SELECT)
            .only_if("dataset = ", filter.dataset.as_ref().map(DatasetId::as_str))
            .any_of("state", states)
            .push(" ORDER BY at DESC, id DESC")
            .page(filter.limit, 0);
        self.rows("batch", sql).await?.iter().map(read).collect()
    }
}

fn missing(id: &BatchId) -> StoreError {
    StoreError::NotFound { thing: Thing::Batch, id: id.to_string() }
}

async fn inside(change: &mut Change<'_>, id: &BatchId) -> Result<BatchRecord> {
    let row = change.row("batch", Sql::new(SELECT).only("id = ", id.as_str())).await?;
    read(&row.ok_or_else(|| missing(id))?)
}

fn read(row: &Row) -> Result<BatchRecord> {
    Ok(BatchRecord {
        id: row.parsed("id")?,
        dataset: row.parsed("dataset")?,
        state: row.word("state")?,
        file: row.text("file")?,
        sheet: row.maybe("sheet")?,
        mode: row.word("mode")?,
        counts: row.maybe_json("counts")?,
        table_version: row.maybe_int("table_version")?,
        reason: row.maybe("reason")?,
        detail: row.json("detail")?,
        at: row.time("at")?,
        by: row.text("actor")?,
        updated_at: row.time("updated_at")?,
    })
}
