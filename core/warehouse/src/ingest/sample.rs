//! Single rows of a plan, for a person who wants to see what would happen before it does.

use super::decide::{field_names, key_names, staged_schema};
use super::files::{PlanFile, StagingArea};
use super::keys::Hasher;
use super::plan::{NO_TABLE, fate_byte, staged_for};
use super::runs::{Runs, first};
use super::sql::as_text;
use super::{FieldChange, PlanRow};
use crate::error::{Result, WarehouseError};
use crate::schema::arrow_schema;
use crate::source::LINE;
use crate::table::Table;
use crate::table::read::{FileRows, project};
use crate::warehouse::Warehouse;
use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use std::collections::HashMap;
use zhengai_model::batch::RowFate;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{BatchId, FieldName};

/// One row as text.
struct TextRow {
    line: Option<u64>,
    key: u128,
    key_text: Vec<(FieldName, String)>,
    values: Vec<Option<String>>,
}

impl Warehouse {
    /// The first rows of a plan with this fate: in the order of the file; gone rows in that of the table. Rejected rows
    /// are not among them, [`Warehouse::rejects`] has those.
    pub async fn plan_sample(
        &self,
        dataset: &Dataset,
        batch: &BatchId,
        fate: RowFate,
        limit: usize,
    ) -> Result<Vec<PlanRow>> {
        let area = self.staging(batch)?;
        staged_for(&area, dataset, batch)?;
        let plan = area.plan()?;
        match fate {
            RowFate::Rejected => Ok(Vec::new()),
            RowFate::Gone => {
                let rows = self.table_rows(dataset, &plan, &plan.gone, Wanted::First(limit)).await?;
                Ok(rows.into_iter().map(|row| plan_row(dataset, Some(&row), None)).collect())
            }
            RowFate::New | RowFate::Unchanged => {
                let rows = staged_rows(&area, dataset, fate, limit)?;
                let after = |row: &TextRow| match fate {
                    RowFate::New => plan_row(dataset, None, Some(row)),
                    _ => plan_row(dataset, Some(row), Some(row)),
                };
                Ok(rows.iter().map(after).collect())
            }
            RowFate::Changed => {
                let rows = staged_rows(&area, dataset, fate, limit)?;
                let keys = rows.iter().map(|row| row.key).collect();
                let before = self.table_rows(dataset, &plan, &plan.changed, Wanted::Keys(keys)).await?;
                let before: HashMap<u128, TextRow> = before.into_iter().map(|row| (row.key, row)).collect();
                Ok(rows.iter().map(|row| plan_row(dataset, before.get(&row.key), Some(row))).collect())
            }
        }
    }

    async fn table_rows(
        &self,
        dataset: &Dataset,
        plan: &PlanFile,
        rows: &std::collections::BTreeMap<String, Vec<(u64, u64)>>,
        wanted: Wanted,
    ) -> Result<Vec<TextRow>> {
        let mut found = Vec::new();
        if plan.version == NO_TABLE || rows.is_empty() {
            return Ok(found);
        }
        let table: Option<Table> = self.table(&dataset.id, Some(plan.version)).await?;
        let table = table.ok_or_else(|| WarehouseError::NoTable { dataset: dataset.id.clone() })?;
        let schema = project(&arrow_schema(dataset), &field_names(dataset));
        for (path, runs) in rows {
            let runs = match &wanted {
                Wanted::First(limit) => first(runs, (limit - found.len()) as u64),
                Wanted::Keys(_) => runs.clone(),
            };
            for batch in FileRows::open_runs(&table.root().join(path), schema.clone(), &runs)? {
                let read = text_rows(dataset, &batch?)?;
                found.extend(read.into_iter().filter(|row| match &wanted {
                    Wanted::First(_) => true,
                    Wanted::Keys(keys) => keys.contains(&row.key),
                }));
                if wanted.is_enough(found.len()) {
                    return Ok(found);
                }
            }
        }
        Ok(found)
    }
}

/// Which rows of the table are looked for.
enum Wanted {
    First(usize),
    Keys(std::collections::HashSet<u128>),
}

impl Wanted {
    fn is_enough(&self, found: usize) -> bool {
        match self {
            Self::First(limit) => found >= *limit,
            Self::Keys(keys) => found >= keys.len(),
        }
    }
}

/// The first staged rows with this fate.
fn staged_rows(area: &StagingArea, dataset: &Dataset, fate: RowFate, limit: usize) -> Result<Vec<TextRow>> {
    let fates = area.read_fates()?;
    let wanted = fate_byte(fate);
    let rows = fates.iter().zip(0_u64..).filter(|(found, _)| **found == wanted).map(|(_, row)| row).take(limit);
    let runs = Runs::of(rows.collect());
    let mut found = Vec::new();
    for batch in FileRows::open_runs(&area.rows(), staged_schema(dataset), runs.as_slice())? {
        found.extend(text_rows(dataset, &batch?)?);
    }
    Ok(found)
}

fn text_rows(dataset: &Dataset, batch: &RecordBatch) -> Result<Vec<TextRow>> {
    let keys = Hasher::new(&batch.schema(), &key_names(dataset))?.hashes(batch)?;
    let columns = dataset.fields.iter().filter_map(|field| batch.column_by_name(field.name.as_str()));
    let columns: Vec<StringArray> = columns.map(as_text).collect::<Result<_, _>>()?;
    let lines = batch.column_by_name(LINE).and_then(|column| column.as_primitive_opt::<Int64Type>());
    let mut rows = Vec::with_capacity(batch.num_rows());
    for (row, key) in keys.into_iter().enumerate() {
        let values: Vec<Option<String>> =
            columns.iter().map(|column| column.is_valid(row).then(|| column.value(row).to_owned())).collect();
        let fields = dataset.fields.iter().zip(&values);
        let by_name: HashMap<&FieldName, &Option<String>> = fields.map(|(field, value)| (&field.name, value)).collect();
        let key_text = dataset.key.iter().map(|name| {
            let value = by_name.get(name).and_then(|value| value.as_ref());
            (name.clone(), value.cloned().unwrap_or_default())
        });
        let line = lines.map(|lines| lines.value(row).unsigned_abs());
        rows.push(TextRow { line, key, key_text: key_text.collect(), values });
    }
    Ok(rows)
}

/// What changes from one row to the other; a missing side is empty.
fn plan_row(dataset: &Dataset, before: Option<&TextRow>, after: Option<&TextRow>) -> PlanRow {
    let value = |row: Option<&TextRow>, index: usize| row.and_then(|row| row.values.get(index)).cloned().flatten();
    let changes = dataset.fields.iter().enumerate().filter_map(|(index, field)| {
        let (old, new) = (value(before, index), value(after, index));
        (old != new).then(|| FieldChange { field: field.name.clone(), before: old, after: new })
    });
    PlanRow {
        line: after.and_then(|row| row.line),
        key: after.or(before).map(|row| row.key_text.clone()).unwrap_or_default(),
        changes: changes.collect(),
    }
}
