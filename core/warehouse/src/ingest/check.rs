//! Rules that look beyond one cell: predicates of the dataset over a row, and values that must exist in another dataset.

use super::cast::shortened;
use super::reject::{Faults, RowFault};
use super::sql::{RowSql, as_text};
use crate::error::{Result, WarehouseError};
use crate::session::new_session;
use crate::table::read::{FileRows, project};
use crate::warehouse::Warehouse;
use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Field as ArrowField, Schema};
use arrow::record_batch::RecordBatch;
use std::collections::HashSet;
use zhengai_model::dataset::{Dataset, Field, RowCheck};
use zhengai_model::ids::{DatasetId, FieldName};
use zhengai_model::text::Message;

/// The checks of a dataset, compiled.
pub(crate) struct Checks {
    predicates: Vec<(RowCheck, RowSql)>,
    references: Vec<Reference>,
}

/// A field whose values must exist in another dataset.
struct Reference {
    field: String,
    dataset: DatasetId,
    known: HashSet<String>,
}

impl Checks {
    /// Compiles the predicates over rows of `schema` and reads the values that references may take.
    pub(crate) async fn new(warehouse: &Warehouse, dataset: &Dataset, schema: &Schema) -> Result<Self> {
        let session = new_session();
        let mut predicates = Vec::new();
        for check in &dataset.checks {
            let failed = |source| WarehouseError::CheckSql {
                dataset: dataset.id.clone(),
                check: check.id.clone(),
                sql: check.sql.clone(),
                source: Box::new(source),
            };
            let predicate = RowSql::new(&session, &check.sql, schema).map_err(failed)?;
            let kind = predicate.kind(schema).map_err(failed)?;
            if !matches!(kind, DataType::Boolean | DataType::Null) {
                let rule = format!("a check must be a condition, this is {kind}");
                return Err(failed(datafusion::error::DataFusionError::Plan(rule)));
            }
            predicates.push((check.clone(), predicate));
        }
        let mut references = Vec::new();
        for field in &dataset.fields {
            if let Some(reference) = reference(warehouse, dataset, field).await? {
                references.push(reference);
            }
        }
        Ok(Self { predicates, references })
    }

    /// Notes the rows that break a rule. Rows with a fault of their cells are passed over.
    pub(crate) fn run(&self, rows: &RecordBatch, places: &dyn Fn(&str) -> String, faults: &mut Faults) -> Result<()> {
        for (check, predicate) in &self.predicates {
            let mut broken: Vec<(usize, String)> = Vec::new();
            let holds = predicate.values(rows, |row, error| broken.push((row, error)))?;
            for (row, error) in broken {
                faults.note(row, violated(check, &error));
            }
            if let Some(holds) = holds.as_boolean_opt() {
                for row in 0..holds.len() {
                    if holds.is_valid(row) && !holds.value(row) {
                        faults.note(row, violated(check, ""));
                    }
                }
            }
        }
        for reference in &self.references {
            let Some(column) = rows.column_by_name(&reference.field) else { continue };
            let texts = as_text(column)?;
            for row in 0..texts.len() {
                if texts.is_valid(row) && !reference.known.contains(texts.value(row)) {
                    faults.note(row, reference.fault(texts.value(row), places(&reference.field)));
                }
            }
        }
        Ok(())
    }
}

fn violated(check: &RowCheck, error: &str) -> RowFault {
    let reason = Message::new("warehouse-reject-check")
        .with("check", &check.id)
        .with("zh", &check.message.zh)
        .with("en", &check.message.en)
        .with("error", error);
    RowFault { column: None, rule: format!("check.{}", check.id), value: None, reason }
}

impl Reference {
    fn fault(&self, value: &str, place: String) -> RowFault {
        let reason = Message::new("warehouse-reject-reference-missing")
            .with("column", &place)
            .with("value", shortened(value))
            .with("dataset", &self.dataset);
        RowFault { column: Some(place), rule: "reference.missing".to_owned(), value: Some(shortened(value)), reason }
    }
}

/// The values that a field may take, when it refers to a dataset that has rows. A dataset that refers to itself is not
/// checked here: its rows may refer to each other.
async fn reference(warehouse: &Warehouse, dataset: &Dataset, field: &Field) -> Result<Option<Reference>> {
    let Some(text) = &field.references else { return Ok(None) };
    let bad = || WarehouseError::BadDefinition {
        dataset: dataset.id.clone(),
        field: field.name.to_string(),
        rule: "references",
    };
    let (target, column) = text.split_once('.').ok_or_else(bad)?;
    let target = DatasetId::new(target).map_err(|_| bad())?;
    let column = FieldName::new(column).map_err(|_| bad())?;
    if target == dataset.id {
        return Ok(None);
    }
    let known = warehouse.values_of(&target, &column).await?;
    if known.is_empty() {
        return Ok(None);
    }
    Ok(Some(Reference { field: field.name.to_string(), dataset: target, known }))
}

impl Warehouse {
    /// The different values of one column, as text; none when there is no table or no such column.
    async fn values_of(&self, dataset: &DatasetId, column: &FieldName) -> Result<HashSet<String>> {
        let mut values = HashSet::new();
        let Some(table) = self.table(dataset, None).await? else { return Ok(values) };
        if table.snapshot()?.schema().field(column.as_str()).is_none() {
            return Ok(values);
        }
        // Read as text whatever the column's type is: that is how references are compared.
        let text = Schema::new(vec![ArrowField::new(column.as_str(), DataType::Utf8, true)]);
        let schema = project(&text, &[column.as_str()]);
        for file in table.school_files(self.school())? {
            for batch in FileRows::open(&table.root().join(&file.path), schema.clone())? {
                let batch = batch?;
                let texts = as_text(batch.column(0))?;
                for value in texts.iter().flatten() {
                    if !values.contains(value) {
                        values.insert(value.to_owned());
                    }
                }
            }
        }
        Ok(values)
    }
}
