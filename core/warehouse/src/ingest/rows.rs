//! One batch of source rows on its way to fields: cells picked by header, computed by SQL, read by type, checked.

use super::StageRequest;
use super::cast::{FieldReader, shortened, trimmed};
use super::check::Checks;
use super::columns::{FieldSource, Origin, Resolved};
use super::keys::Hasher;
use super::reject::{Faults, RowFault};
use super::sql::{RowSql, as_text};
use crate::error::{Result, WarehouseError};
use crate::schema::field_columns;
use crate::session::new_session;
use crate::source::{FAULT, LINE};
use crate::warehouse::Warehouse;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, StringArray, new_null_array};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use zhengai_model::text::Message;

/// Turns source rows into rows of a dataset.
pub(crate) struct RowReader {
    file: String,
    headers: Vec<String>,
    source_schema: SchemaRef,
    row_schema: SchemaRef,
    sources: Vec<(FieldSource, Option<RowSql>, FieldReader)>,
    empty: HashSet<String>,
    checks: Checks,
    keys: Hasher,
    key_columns: Vec<usize>,
    places: BTreeMap<String, String>,
}

/// What became of one batch.
pub(crate) struct ReadRows {
    /// Accepted rows: fields, then `_line`.
    pub rows: RecordBatch,
    /// The same rows as they were read: columns of the source, then `_line`.
    pub source: RecordBatch,
    /// Rejected rows.
    pub rejected: Vec<Rejected>,
    /// Rows in all.
    pub read: usize,
}

/// One rejected row.
pub(crate) struct Rejected {
    pub line: i64,
    pub fault: RowFault,
    pub cells: Vec<String>,
    pub key: Option<u128>,
}

/// The connector's own complaint about a row.
#[derive(Deserialize)]
struct SourceFault {
    rule: String,
    #[serde(default)]
    column: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    args: BTreeMap<String, String>,
}

impl RowReader {
    /// Compiles everything that one import needs.
    pub(crate) async fn new(
        warehouse: &Warehouse,
        request: &StageRequest<'_>,
        headers: &[String],
        resolved: Resolved,
    ) -> Result<Self> {
        let dataset = request.dataset;
        let source_schema = source_schema(headers);
        let with_line = with_line(&source_schema);
        let mut columns = field_columns(dataset);
        let checks = Checks::new(warehouse, dataset, &Schema::new(columns.clone())).await?;
        columns.push(Field::new(LINE, DataType::Int64, true));
        let row_schema = Arc::new(Schema::new(columns));
        let session = new_session();
        let mut sources = Vec::with_capacity(dataset.fields.len());
        let mut places = BTreeMap::new();
        for (field, source) in dataset.fields.iter().zip(resolved.fields) {
            let sql = match &source.origin {
                Origin::Sql(sql) => Some(RowSql::new(&session, sql, &with_line).map_err(|cause| {
                    WarehouseError::MappingSql { field: field.name.clone(), sql: sql.clone(), source: Box::new(cause) }
                })?),
                _ => None,
            };
            let rules = request.mapping.and_then(|mapping| mapping.field.get(&field.name));
            let reader = FieldReader::new(dataset, field, source.place.clone(), rules, source.conversion)?;
            places.insert(field.name.to_string(), source.place.clone());
            sources.push((source, sql, reader));
        }
        let key_names: Vec<&str> = dataset.key.iter().map(AsRef::as_ref).collect();
        let key_columns = key_names.iter().map(|name| row_schema.index_of(name)).collect::<Result<Vec<_>, _>>()?;
        let empty = request.mapping.map(|mapping| &mapping.empty).into_iter().flatten();
        Ok(Self {
            file: request.file.clone(),
            headers: headers.to_vec(),
            keys: Hasher::new(&row_schema, &key_names)?,
            source_schema,
            row_schema,
            sources,
            empty: empty.map(|text| trimmed(text).to_owned()).collect(),
            checks,
            key_columns,
            places,
        })
    }

    /// Columns of [`ReadRows::rows`].
    pub(crate) fn row_schema(&self) -> &SchemaRef {
        &self.row_schema
    }

    /// Columns of [`ReadRows::source`].
    pub(crate) fn source_schema(&self) -> SchemaRef {
        with_line(&self.source_schema)
    }

    /// Reads one batch.
    pub(crate) fn read(&self, batch: &RecordBatch) -> Result<ReadRows> {
        let read = batch.num_rows();
        let (cells, lines, complaints) = self.take_apart(batch)?;
        let mut faults = Faults::none(read);
        for row in 0..read {
            if complaints.is_valid(row) {
                faults.note(row, source_fault(complaints.value(row)));
            }
        }
        let mut with_line = cells.clone();
        with_line.push(Arc::new(lines.clone()));
        // SQL of a mapping sees the line as well: rows that repeat by right have no other key.
        let with_line = RecordBatch::try_new(self.source_schema(), with_line)?;
        let source = RecordBatch::try_new(self.source_schema.clone(), cells)?;
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.sources.len() + 1);
        for (origin, sql, reader) in &self.sources {
            let cells = match (&origin.origin, sql) {
                (Origin::Column(position), _) => as_text(source.column(*position))?,
                (Origin::Constant(text), _) => StringArray::from(vec![text.as_str(); read]),
                (_, Some(sql)) => {
                    let mut broken = Vec::new();
                    let values = sql.values(&with_line, |row, error| broken.push((row, error)))?;
                    for (row, error) in broken {
                        faults.note(row, sql_fault(reader.place(), &error));
                    }
                    as_text(&values)?
                }
                _ => as_text(&new_null_array(&DataType::Utf8, read))?,
            };
            columns.push(reader.read(&cells, &self.empty, &mut faults));
        }
        columns.push(Arc::new(lines.clone()));
        let rows = RecordBatch::try_new(self.row_schema.clone(), columns)?;
        let place = |field: &str| self.places.get(field).cloned().unwrap_or_else(|| field.to_owned());
        self.checks.run(&rows, &place, &mut faults)?;
        let rejected = self.rejected(&source, &rows, &lines, &faults)?;
        let source = with_line;
        if faults.count() == 0 {
            return Ok(ReadRows { rows, source, rejected, read });
        }
        let good: BooleanArray = (0..read).map(|row| Some(!faults.has(row))).collect();
        let rows = filter_record_batch(&rows, &good)?;
        let source = filter_record_batch(&source, &good)?;
        Ok(ReadRows { rows, source, rejected, read })
    }

    /// Cells, lines and complaints of a batch that keeps the contract of [`crate::SourceRows`].
    fn take_apart(&self, batch: &RecordBatch) -> Result<(Vec<ArrayRef>, Int64Array, StringArray)> {
        let broken =
            |column: &str| WarehouseError::SourceContract { file: self.file.clone(), column: column.to_owned() };
        let width = self.headers.len();
        if batch.num_columns() != width + 2 {
            return Err(broken(FAULT));
        }
        let mut cells: Vec<ArrayRef> = Vec::with_capacity(width);
        for (header, column) in self.headers.iter().zip(batch.columns()) {
            cells.push(Arc::new(as_text(column).map_err(|_| broken(header))?));
        }
        let lines = batch.column(width).as_primitive_opt::<Int64Type>().ok_or_else(|| broken(LINE))?.clone();
        let complaints = as_text(batch.column(width + 1)).map_err(|_| broken(FAULT))?;
        Ok((cells, lines, complaints))
    }

    fn rejected(
        &self,
        source: &RecordBatch,
        rows: &RecordBatch,
        lines: &Int64Array,
        faults: &Faults,
    ) -> Result<Vec<Rejected>> {
        if faults.count() == 0 {
            return Ok(Vec::new());
        }
        let keys = self.keys.hashes(rows)?;
        let cells: Vec<StringArray> = source.columns().iter().map(as_text).collect::<Result<_, _>>()?;
        let rejected = faults.iter().map(|(row, fault)| {
            let readable = self.key_columns.iter().all(|column| rows.column(*column).is_valid(row));
            let text =
                |column: &StringArray| if column.is_valid(row) { column.value(row).to_owned() } else { String::new() };
            Rejected {
                line: lines.value(row),
                fault: fault.clone(),
                cells: cells.iter().map(text).collect(),
                key: keys.get(row).copied().filter(|_| readable),
            }
        });
        Ok(rejected.collect())
    }
}

/// The columns of the source, then `_line`.
fn with_line(source: &SchemaRef) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = source.fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new(LINE, DataType::Int64, true)));
    Arc::new(Schema::new(fields))
}

/// Headers as columns of text for SQL. Blank headers get a name that no file has.
fn source_schema(headers: &[String]) -> SchemaRef {
    let fields = headers.iter().enumerate().map(|(position, header)| {
        let name = if trimmed(header).is_empty() { format!("_blank_{position}") } else { header.clone() };
        Field::new(name, DataType::Utf8, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn source_fault(complaint: &str) -> RowFault {
    let fault = serde_json::from_str::<SourceFault>(complaint).unwrap_or_else(|_| SourceFault {
        rule: "row.unreadable".to_owned(),
        column: None,
        value: Some(complaint.to_owned()),
        args: BTreeMap::new(),
    });
    let known = ["row.columns", "row.encoding", "row.syntax", "cell.error"].contains(&fault.rule.as_str());
    let key = if known { fault.rule.replace('.', "-") } else { "row-unreadable".to_owned() };
    let value = fault.value.as_deref().map(shortened);
    let mut reason = Message::new(&format!("warehouse-reject-{key}"))
        .with("column", fault.column.as_deref().unwrap_or_default())
        .with("value", value.as_deref().unwrap_or_default())
        .with("rule", &fault.rule);
    for (name, text) in &fault.args {
        reason = reason.with(name, text);
    }
    RowFault { column: fault.column, rule: fault.rule, value, reason }
}

fn sql_fault(place: &str, error: &str) -> RowFault {
    let reason = Message::new("warehouse-reject-mapping-sql").with("column", place).with("error", error);
    RowFault { column: Some(place.to_owned()), rule: "mapping.sql".to_owned(), value: None, reason }
}
