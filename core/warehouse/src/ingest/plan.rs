//! The plan of a batch: decided once against one version of the table, kept in the staging area, shown to a person.

use super::Guards;
use super::decide::{Decision, KeyFault, Question, decide, staged_schema};
use super::files::{PlanFile, StageFile, StagingArea, write_whole};
use super::reject::{self, RejectWriter, RowFault};
use super::runs::{Runs, count};
use super::sql::as_text;
use crate::error::{Result, WarehouseError};
use crate::source::LINE;
use crate::table::Table;
use crate::table::read::FileRows;
use crate::warehouse::Warehouse;
use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use rust_decimal::Decimal;
use std::sync::Arc;
use zhengai_model::batch::{PlanCounts, Reject, RowFate};
use zhengai_model::dataset::{Dataset, LoadMode};
use zhengai_model::ids::BatchId;
use zhengai_model::text::Message;

/// The version that a plan names when there was no table.
pub(crate) const NO_TABLE: i64 = -1;

impl Warehouse {
    /// Decides what becomes of every staged row, and of the rows that are there, and keeps the decision. Rows rejected here
    /// (`key.duplicate`, `key.conflict`) join those of staging.
    ///
    /// A full load that would delete more than the guard allows is refused after its plan is kept, so that
    /// [`Warehouse::plan_sample`] can show what would go. Rows whose key stands in a rejected row are not gone.
    pub async fn plan(
        &self,
        dataset: &Dataset,
        batch: &BatchId,
        mode: LoadMode,
        guards: &Guards,
    ) -> Result<PlanCounts> {
        let area = self.staging(batch)?;
        let stage = staged_for(&area, dataset, batch)?;
        let table = self.table(&dataset.id, None).await?;
        let plan = self.make_plan(&area, &stage, dataset, table.as_ref(), mode, guards)?;
        check_guards(dataset, &plan)?;
        Ok(plan.counts)
    }

    /// Rejected rows of a batch in the order of the file, those of staging and those of the plan. They stay after the batch
    /// is applied or discarded.
    pub async fn rejects(&self, batch: &BatchId, limit: Option<usize>) -> Result<Vec<Reject>> {
        let area = self.staging(batch)?;
        let stage = area.stage()?;
        let mut rejects = reject::read(&area.rejects(), &stage, limit)?;
        rejects.extend(reject::read(&area.plan_rejects(), &stage, limit)?);
        rejects.sort_by_key(|reject| reject.line);
        rejects.truncate(limit.unwrap_or(usize::MAX));
        Ok(rejects)
    }

    /// Decides against this version of the table and keeps the plan, without judging it.
    pub(crate) fn make_plan(
        &self,
        area: &StagingArea,
        stage: &StageFile,
        dataset: &Dataset,
        table: Option<&Table>,
        mode: LoadMode,
        guards: &Guards,
    ) -> Result<PlanFile> {
        area.drop_plan()?;
        let files = match table {
            Some(table) => table.school_files(self.school())?,
            None => Vec::new(),
        };
        let before = files.iter().map(|file| file.rows).sum();
        let mentioned = if mode == LoadMode::Full { reject::keys(&area.rejects())? } else { Vec::new() };
        let root = self.dataset_root(&dataset.id);
        let question =
            Question { dataset, area, rows: stage.staged.accepted, mode, files: &files, root: &root, mentioned };
        let decision = decide(&question)?;
        keep_rejects(area, stage, dataset, &decision)?;
        let fates: Vec<u8> = decision.fates.iter().map(|fate| fate_byte(*fate)).collect();
        write_whole(&area.fates(), &fates)?;
        let fated = |wanted: RowFate| decision.fates.iter().filter(|fate| **fate == wanted).count() as u64;
        let counts = PlanCounts {
            read: stage.staged.read,
            new: fated(RowFate::New),
            changed: fated(RowFate::Changed),
            gone: decision.gone.values().map(|runs| count(runs)).sum(),
            unchanged: fated(RowFate::Unchanged),
            rejected: stage.staged.rejected + fated(RowFate::Rejected),
            before,
        };
        let version = table.map_or(NO_TABLE, Table::version);
        let plan = PlanFile { version, mode, guards: *guards, counts, changed: decision.changed, gone: decision.gone };
        area.keep_plan(&plan)?;
        Ok(plan)
    }
}

/// What was staged, when it was staged for this dataset.
pub(crate) fn staged_for(area: &StagingArea, dataset: &Dataset, batch: &BatchId) -> Result<StageFile> {
    let stage = area.stage()?;
    if stage.dataset != dataset.id {
        return Err(WarehouseError::WrongDataset {
            batch: batch.clone(),
            staged: stage.dataset,
            wanted: dataset.id.clone(),
        });
    }
    if !area.rows().is_file() {
        return Err(WarehouseError::NotStaged { batch: batch.clone() });
    }
    Ok(stage)
}

/// Refuses a full load that would delete too much.
pub(crate) fn check_guards(dataset: &Dataset, plan: &PlanFile) -> Result<()> {
    let Some(share) = plan.guards.max_delete_share else { return Ok(()) };
    let PlanCounts { gone, before, .. } = plan.counts;
    if gone > 0 && Decimal::from(gone) > share * Decimal::from(before) {
        return Err(WarehouseError::LargeDelete { dataset: dataset.id.clone(), gone, before, share });
    }
    Ok(())
}

/// A fate as it stands in `fates.bin`.
pub(crate) fn fate_byte(fate: RowFate) -> u8 {
    match fate {
        RowFate::New => 0,
        RowFate::Changed => 1,
        RowFate::Gone => 2,
        RowFate::Unchanged => 3,
        RowFate::Rejected => 4,
    }
}

/// Writes the rows that the plan rejects, with their cells as they were read.
fn keep_rejects(area: &StagingArea, stage: &StageFile, dataset: &Dataset, decision: &Decision) -> Result<()> {
    let mut writer = RejectWriter::new(area.plan_rejects());
    if decision.rejected.is_empty() {
        return writer.close();
    }
    let runs = Runs::of(decision.rejected.iter().map(|(row, _)| *row).collect());
    let mut keys = FileRows::open_runs(&area.rows(), staged_schema(dataset), runs.as_slice())?;
    let mut rejected = decision.rejected.iter();
    for batch in FileRows::open_runs(&area.source(), source_schema(&stage.columns), runs.as_slice())? {
        let batch = batch?;
        let Some(rows) = keys.next().transpose()? else { break };
        let key_columns = dataset.key.iter().filter_map(|name| rows.column_by_name(name.as_str()));
        let key_columns: Vec<StringArray> = key_columns.map(as_text).collect::<Result<_, _>>()?;
        let cells: Vec<&StringArray> = batch.columns().iter().filter_map(|column| column.as_string_opt()).collect();
        let lines = batch.column_by_name(LINE).and_then(|column| column.as_primitive_opt::<Int64Type>());
        for row in 0..batch.num_rows() {
            let Some((_, fault)) = rejected.next() else { break };
            let text =
                |column: &&StringArray| if column.is_valid(row) { column.value(row).to_owned() } else { String::new() };
            let texts: Vec<String> = cells.iter().map(text).collect();
            let named: Vec<(&str, &str)> =
                stage.columns.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
            let key: Vec<String> = key_columns.iter().map(|column| text(&column)).collect();
            let line = lines.map_or(0, |lines| lines.value(row));
            writer.add(line, &key_fault(fault, &key.join(" · ")), &named, None)?;
        }
    }
    writer.close()
}

fn source_schema(columns: &[String]) -> SchemaRef {
    let mut fields: Vec<Field> = columns.iter().map(|column| Field::new(column, DataType::Utf8, true)).collect();
    fields.push(Field::new(LINE, DataType::Int64, true));
    Arc::new(Schema::new(fields))
}

fn key_fault(fault: &KeyFault, key: &str) -> RowFault {
    let (rule, reason) = match fault {
        KeyFault::Duplicate { first } => {
            ("key.duplicate", Message::new("warehouse-reject-key-duplicate").with("first", first))
        }
        KeyFault::ConflictInFile { others } => {
            let lines: Vec<String> = others.iter().map(ToString::to_string).collect();
            ("key.conflict", Message::new("warehouse-reject-key-conflict-file").with("lines", lines.join(", ")))
        }
        KeyFault::ConflictInTable => ("key.conflict", Message::new("warehouse-reject-key-conflict-table")),
    };
    RowFault { column: None, rule: rule.to_owned(), value: Some(key.to_owned()), reason: reason.with("key", key) }
}
