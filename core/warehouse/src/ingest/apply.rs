//! Applying a batch: new files beside the old ones, then one commit that carries the batch id.
//!
//! A crash before the commit leaves files that nobody reads; a crash after it leaves a staging area that the next try finds
//! to be done. Only files that hold changed or gone rows are written anew.

use super::Applied;
use super::decide::staged_schema;
use super::files::{AppliedFile, PlanFile, StagingArea};
use super::plan::{check_guards, fate_byte, staged_for};
use super::runs::Outside;
use crate::error::Result;
use crate::schema::arrow_schema;
use crate::source::{BATCH, SCHOOL};
use crate::table::commit::{ATTEMPTS, Change, Committed, busy};
use crate::table::read::{FileRows, conform};
use crate::table::write::FileWriter;
use crate::table::{DataFile, Table};
use crate::warehouse::Warehouse;
use arrow::array::{ArrayRef, BooleanArray, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use deltalake::kernel::Add;
use std::collections::BTreeSet;
use std::sync::Arc;
use zhengai_model::batch::RowFate;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{BatchId, DatasetId};

impl Warehouse {
    /// Does what the plan says in one commit. Doing it again, or after a crash, changes nothing. When the table has moved on
    /// since the plan, the batch is planned anew under the same mode and guards.
    pub async fn apply(&self, dataset: &Dataset, batch: &BatchId) -> Result<Applied> {
        let area = self.staging(batch)?;
        if let Some(done) = area.applied()? {
            return Ok(already(done));
        }
        let mut replanned = false;
        for _ in 0..ATTEMPTS {
            let table = self.table_for(dataset).await?;
            if table.has_transaction(batch.as_str()).await? {
                return self.found_applied(&area, &table);
            }
            let stage = staged_for(&area, dataset, batch)?;
            let mut plan = area.plan()?;
            let files = table.school_files(self.school())?;
            if plan.version != table.version() && !(plan.counts.before == 0 && files.is_empty()) {
                plan = self.make_plan(&area, &stage, dataset, Some(&table), plan.mode, &plan.guards)?;
                replanned = true;
            }
            check_guards(dataset, &plan)?;
            let counts = plan.counts;
            let version = match self.carry_out(&area, dataset, &table, &plan, files, batch).await? {
                Committed::Version(version) => version,
                Committed::Overtaken => continue,
            };
            area.mark_applied(&AppliedFile { version, counts })?;
            area.drop_rows()?;
            return Ok(Applied { version, already_applied: false, replanned, counts });
        }
        Err(busy(dataset.id.as_str()))
    }

    /// Throws the staged rows and the plan of a batch away; rejected rows are kept.
    pub async fn discard(&self, batch: &BatchId) -> Result<()> {
        self.staging(batch)?.drop_rows()
    }

    /// Forgets a batch altogether, its rejected rows included: for a plan that was only looked at.
    pub async fn forget(&self, batch: &BatchId) -> Result<()> {
        self.staging(batch)?.remove_all()
    }

    /// Says whether a batch is in the table, or had nothing to add to it, whatever stopped the process that applied it;
    /// `None` when it is not. What a commit leaves to be done is done: the note of it, and the end of its staged rows.
    pub async fn settle(&self, dataset: &DatasetId, batch: &BatchId) -> Result<Option<Applied>> {
        let area = self.staging(batch)?;
        if let Some(done) = area.applied()? {
            area.drop_rows()?;
            return Ok(Some(already(done)));
        }
        match self.table(dataset, None).await? {
            Some(table) if table.has_transaction(batch.as_str()).await? => self.found_applied(&area, &table).map(Some),
            _ => Ok(None),
        }
    }

    /// Throws away what a crash left half staged, and what belongs to no batch of the record, such as a plan that was only
    /// looked at; says which those were. For the one process that holds the lock of the data directory, when it starts.
    pub async fn recover(&self, known: &BTreeSet<BatchId>) -> Result<Vec<BatchId>> {
        let mut dropped = Vec::new();
        for batch in self.staged_batches()? {
            let area = self.staging(&batch)?;
            let complete = area.is_complete() || area.applied()?.is_some();
            if !complete || !known.contains(&batch) {
                area.remove_all()?;
                dropped.push(batch);
            }
        }
        Ok(dropped)
    }

    /// The commit happened, the note of it did not: make up for that.
    fn found_applied(&self, area: &StagingArea, table: &Table) -> Result<Applied> {
        // Whoever made the commit died or failed before its name was on the platter: only now it counts.
        table.sync_log()?;
        let counts = area.plan().map(|plan| plan.counts).unwrap_or_default();
        let done = AppliedFile { version: table.version(), counts };
        area.mark_applied(&done)?;
        area.drop_rows()?;
        Ok(already(done))
    }

    async fn carry_out(
        &self,
        area: &StagingArea,
        dataset: &Dataset,
        table: &Table,
        plan: &PlanFile,
        files: Vec<DataFile>,
        batch: &BatchId,
    ) -> Result<Committed> {
        if plan.counts.new + plan.counts.changed + plan.counts.gone == 0 {
            // Nothing to do: no commit either, so that a repeated import leaves the version, and all that hangs on it, alone.
            return Ok(Committed::Version(table.version()));
        }
        let schema = arrow_schema(dataset);
        let mut writer = FileWriter::new(table, &schema, &[(SCHOOL, self.school())])?;
        let mut removed = Vec::new();
        for file in files {
            let runs = [plan.changed.get(&file.path), plan.gone.get(&file.path)];
            let runs: Vec<&[(u64, u64)]> = runs.into_iter().flatten().map(Vec::as_slice).collect();
            if runs.is_empty() {
                continue;
            }
            let mut outside = Outside::new(runs);
            for rows in FileRows::open(&table.root().join(&file.path), schema.clone())? {
                let rows = rows?;
                writer.write(&filter_record_batch(&rows, &outside.next(rows.num_rows()))?).await?;
            }
            removed.push(file);
        }
        write_staged(area, dataset, batch, &mut writer).await?;
        let added = writer.close().await?;
        let change = Change {
            transaction: batch.as_str(),
            label: batch.as_str(),
            added: added.clone(),
            removed,
            partitions: &[SCHOOL],
        };
        let outcome = table.commit(change).await?;
        if outcome == Committed::Overtaken {
            remove_unused(table, &added);
        }
        Ok(outcome)
    }

    fn staged_batches(&self) -> Result<Vec<BatchId>> {
        let root = self.staging_root();
        let failed = |source| crate::error::WarehouseError::io(&root, source);
        let mut batches = Vec::new();
        for entry in std::fs::read_dir(&root).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            batches.extend(name.to_str().and_then(|name| BatchId::new(name).ok()));
        }
        batches.sort();
        Ok(batches)
    }
}

fn already(done: AppliedFile) -> Applied {
    Applied { version: done.version, already_applied: true, replanned: false, counts: done.counts }
}

/// Writes the staged rows that are new or changed, with the batch that brings them.
async fn write_staged(
    area: &StagingArea,
    dataset: &Dataset,
    batch: &BatchId,
    writer: &mut FileWriter<'_>,
) -> Result<()> {
    let fates = area.read_fates()?;
    let (new, changed) = (fate_byte(RowFate::New), fate_byte(RowFate::Changed));
    let mut fates = fates.into_iter();
    let schema = arrow_schema(dataset);
    for rows in FileRows::open(&area.rows(), staged_schema(dataset))? {
        let rows = rows?;
        let taken = fates.by_ref().take(rows.num_rows()).map(|fate| Some(fate == new || fate == changed));
        let taken: BooleanArray = taken.collect();
        let rows = filter_record_batch(&rows, &taken)?;
        writer.write(&conform(&with_batch(&rows, batch)?, &schema)?).await?;
    }
    Ok(())
}

fn with_batch(rows: &RecordBatch, batch: &BatchId) -> Result<RecordBatch> {
    let mut fields: Vec<Arc<Field>> = rows.schema().fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new(BATCH, DataType::Utf8, true)));
    let mut columns = rows.columns().to_vec();
    let batch: ArrayRef = Arc::new(StringArray::from(vec![batch.as_str(); rows.num_rows()]));
    columns.push(batch);
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

/// Files of a commit that did not come about. That one stays behind does no harm, nobody reads it.
fn remove_unused(table: &Table, files: &[Add]) {
    for file in files {
        let path = table.root().join(&file.path);
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::debug!(%error, path = %path.display(), "left an unused data file");
        }
    }
}
