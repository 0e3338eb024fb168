//! Batches after staging: looking, approving, refusing; rejected rows out as a workbook and, mended, in again.

use crate::college::College;
use crate::error::ServiceError;
use crate::export::Sheet;
use crate::files::Cells;
use crate::import::{Deletes, ImportRequest, Imported, Outcome};
use crate::text::Texts;
use std::collections::BTreeMap;
use std::path::Path;
use zhengai_model::batch::{BatchState, PlanCounts, RowFate};
use zhengai_model::dataset::LoadMode;
use zhengai_model::ids::DatasetId;
use zhengai_model::mapping::{Mapping, ReadOptions};
use zhengai_model::rights::Right;
use zhengai_store::{BatchChange, BatchFilter, BatchRecord};
use zhengai_warehouse::{CancelFlag, PlanRow, Progress};

/// Columns that an export of rejected rows adds on the right. An import passes over headers that begin so.
pub const REASON_PREFIX: &str = "#";

impl College {
    /// Batches of a dataset or all, in one state or any, the newest first.
    pub async fn batches_in(
        &self,
        dataset: Option<&DatasetId>,
        state: Option<BatchState>,
    ) -> Result<Vec<BatchRecord>, ServiceError> {
        self.permit(Right::ReadRows)?;
        let filter = BatchFilter { dataset: dataset.cloned(), states: state.into_iter().collect(), limit: None };
        Ok(self.record.batch_list(&filter).await?)
    }

    /// Batches, the newest first.
    pub async fn batches(&self, dataset: Option<&DatasetId>) -> Result<Vec<BatchRecord>, ServiceError> {
        self.permit(Right::ReadRows)?;
        let filter = BatchFilter { dataset: dataset.cloned(), ..BatchFilter::default() };
        Ok(self.record.batch_list(&filter).await?)
    }

    /// Approves a held batch: plans it again against the table as it is now, and applies it.
    pub async fn approve(&self, id: &str, why: Option<&str>, deletes: Deletes) -> Result<PlanCounts, ServiceError> {
        self.permit(Right::ReviewData)?;
        let batch = self.held(id).await?;
        let dataset = self.dataset(batch.dataset.as_str())?;
        self.refuse_locked(dataset, &batch.id).await?;
        let counts = self.warehouse.plan(dataset, &batch.id, batch.mode, &self.guards(deletes)).await?;
        if let Some(why) = why {
            let change = BatchChange { reason: Some(why.to_owned()), ..BatchChange::to(BatchState::Held) };
            self.record.batch_change(self.actor(), &batch.id, &change).await?;
        }
        self.commit(dataset, &batch.id, counts, None).await
    }

    /// Refuses a held batch; its rejected rows stay.
    pub async fn refuse(&self, id: &str, why: &str) -> Result<(), ServiceError> {
        self.permit(Right::ReviewData)?;
        let batch = self.held(id).await?;
        let change = BatchChange { reason: Some(why.to_owned()), ..BatchChange::to(BatchState::Refused) };
        self.record.batch_change(self.actor(), &batch.id, &change).await?;
        self.warehouse.discard(&batch.id).await?;
        Ok(())
    }

    async fn held(&self, id: &str) -> Result<BatchRecord, ServiceError> {
        let batch = self.batch(id).await?;
        if batch.state != BatchState::Held {
            let state = crate::words::word(&batch.state);
            return Err(ServiceError::WrongState { what: "batch", name: id.to_owned(), state });
        }
        Ok(batch)
    }

    /// Rows of the plan of a batch that waits with this fate, so many after the first `offset`, and how many there are.
    pub async fn plan_rows(
        &self,
        id: &str,
        fate: RowFate,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<PlanRow>, u64), ServiceError> {
        self.permit(Right::ReadRows)?;
        let batch = self.held(id).await?;
        let dataset = self.dataset(batch.dataset.as_str())?;
        self.open_batch(&dataset.id, &batch.id).await?;
        let mut rows = self.warehouse.plan_sample(dataset, &batch.id, fate, offset.saturating_add(limit)).await?;
        rows.drain(..offset.min(rows.len()));
        let counts = batch.counts.unwrap_or_default();
        let total = match fate {
            RowFate::New => counts.new,
            RowFate::Changed => counts.changed,
            RowFate::Gone => counts.gone,
            RowFate::Unchanged => counts.unchanged,
            RowFate::Rejected => 0,
        };
        Ok((rows, total))
    }

    /// Rejected rows as a sheet: the cells as they were read, then line, column, rule and reason. Mended, the same file
    /// goes in again by [`College::replay`] or [`College::mended_rows`].
    pub async fn rejects_sheet(&self, id: &str, texts: &Texts) -> Result<Sheet, ServiceError> {
        self.permit(Right::ReadRows)?;
        let rejects = self.rejects(&self.batch(id).await?).await?;
        let mut header: Vec<String> = Vec::new();
        for reject in &rejects {
            for (name, _) in &reject.cells {
                if !header.contains(name) {
                    header.push(name.clone());
                }
            }
        }
        let width = header.len();
        for key in ["reject-line", "reject-column", "reject-rule", "reject-reason"] {
            header.push(format!("{REASON_PREFIX}{}", texts.text(key, &[])));
        }
        let rows = rejects
            .iter()
            .map(|reject| {
                let cells: BTreeMap<&str, &str> =
                    reject.cells.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                let mut row: Vec<String> = header
                    .iter()
                    .take(width)
                    .map(|name| cells.get(name.as_str()).copied().unwrap_or_default().to_owned())
                    .collect();
                row.push(reject.line.to_string());
                row.push(reject.column.clone().unwrap_or_default());
                row.push(reject.rule.clone());
                row.push(texts.say(&reject.reason));
                row
            })
            .collect();
        let name = texts.text("reject-sheet", &[]);
        Ok(Sheet { name, header, rows, text_only: true })
    }

    /// Imports mended rows under the mapping and dataset of the batch that rejected them.
    pub async fn replay(
        &self,
        id: &str,
        file: &Path,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Imported, ServiceError> {
        self.permit(Right::ImportData)?;
        let batch = self.batch(id).await?;
        let request = ImportRequest {
            file: file.to_path_buf(),
            dataset: batch.dataset.clone(),
            mapping: None,
            sheet: None,
            // A mended part of a file never is the whole truth, whatever the file was.
            mode: Some(match batch.mode {
                LoadMode::Full => LoadMode::Upsert,
                other => other,
            }),
            dry_run: false,
            review: None,
            deletes: Deletes::Guarded,
        };
        let mapping: Option<Mapping> =
            batch.detail.get("mapping").cloned().and_then(|value| serde_json::from_value(value).ok());
        // How the first file was read says nothing about the workbook that we wrote.
        let mapping = mapping.map(|mapping| Mapping { read: ReadOptions::default(), ..mapping });
        self.import_with(&request, mapping, Cells::Exported, progress, cancel).await
    }
}

impl Outcome {
    /// Whether rows are in the dataset now.
    pub fn is_applied(self) -> bool {
        self == Self::Applied
    }
}
