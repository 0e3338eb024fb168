//! SQL over one batch of rows: expressions of a mapping and predicates of checks. They are compiled once and see nothing
//! but the row.

use arrow::array::{Array, ArrayRef, StringArray, new_null_array};
use arrow::compute::{cast, concat};
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::common::DFSchema;
use datafusion::error::DataFusionError;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::SessionContext;
use std::sync::Arc;

/// An expression over rows of one schema.
pub(crate) struct RowSql {
    expression: Arc<dyn PhysicalExpr>,
}

impl RowSql {
    /// Compiles the text, or says what is wrong with it.
    pub(crate) fn new(session: &SessionContext, sql: &str, schema: &Schema) -> Result<Self, DataFusionError> {
        let columns = DFSchema::try_from(schema.clone())?;
        let parsed = session.parse_sql_expr(sql, &columns)?;
        Ok(Self { expression: session.create_physical_expr(parsed, &columns)? })
    }

    /// The type of its values.
    pub(crate) fn kind(&self, schema: &Schema) -> Result<DataType, DataFusionError> {
        self.expression.data_type(schema)
    }

    /// The values for all rows. A row on which the expression fails (a text that is no number, a division by zero) is
    /// handed to `failed` and empty in the result; the others are not harmed.
    pub(crate) fn values(
        &self,
        batch: &RecordBatch,
        mut failed: impl FnMut(usize, String),
    ) -> Result<ArrayRef, ArrowError> {
        match self.evaluate(batch) {
            Ok(values) => Ok(values),
            Err(_) => {
                let mut rows: Vec<ArrayRef> = Vec::with_capacity(batch.num_rows());
                let kind = self.kind(&batch.schema()).unwrap_or(DataType::Utf8);
                for row in 0..batch.num_rows() {
                    match self.evaluate(&batch.slice(row, 1)) {
                        Ok(value) => rows.push(value),
                        Err(error) => {
                            failed(row, error.to_string().lines().next().unwrap_or_default().to_owned());
                            rows.push(new_null_array(&kind, 1));
                        }
                    }
                }
                let rows: Vec<&dyn Array> = rows.iter().map(AsRef::as_ref).collect();
                concat(&rows)
            }
        }
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ArrayRef, DataFusionError> {
        self.expression.evaluate(batch)?.into_array(batch.num_rows())
    }
}

/// Any column as plain text, which is how every reader of cells takes it.
pub(crate) fn as_text(column: &ArrayRef) -> Result<StringArray, ArrowError> {
    let text = if column.data_type() == &DataType::Utf8 { column.clone() } else { cast(column, &DataType::Utf8)? };
    let text = text.as_any().downcast_ref::<StringArray>().cloned();
    text.ok_or_else(|| ArrowError::CastError("a cast to text gave something else".to_owned()))
}
