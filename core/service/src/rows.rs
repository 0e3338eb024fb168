//! Result rows of a run, typed. The stored columns are those of the engine; this is the only place that reads them.

use crate::error::ServiceError;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Decimal128Type, Int16Type, Int32Type, Int64Type};
use rust_decimal::Decimal;
use serde::Serialize;

/// One (indicator, grain, object) of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultRow {
    /// Layer word.
    pub layer: String,
    /// Indicator code.
    pub indicator: String,
    /// Content hash of the definition.
    pub version: String,
    /// Kind of the object.
    pub grain: String,
    /// Object id.
    pub object: String,
    /// Object name.
    pub object_name: String,
    /// Period id.
    pub period: String,
    /// `number`, `undetermined`, `not-applicable` or `not-due`.
    pub state: String,
    /// Why there is no number.
    pub gap: Option<String>,
    /// The value, rounded as declared.
    pub value: Option<Decimal>,
    /// Cases, where the indicator counts them.
    pub n: Option<i64>,
    /// Measures by name, JSON.
    pub measures: Option<String>,
    /// Target in words.
    pub target: Option<String>,
    /// Standard in words.
    pub standard: Option<String>,
    /// Warning value in words.
    pub warning: Option<String>,
    /// Scope of the standard.
    pub threshold_scope: Option<String>,
    /// Source of the standard.
    pub threshold_source: Option<String>,
    /// Whether somebody has verified the thresholds.
    pub verified: bool,
    /// Verdict word.
    pub attainment: String,
    /// Level word, when the warning value is breached.
    pub level: Option<String>,
}

impl ResultRow {
    /// Layer word, kind and id of the object, for [`crate::rights::ScopeFilter::keep`].
    pub fn place(&self) -> (&str, &str, &str) {
        (&self.layer, &self.grain, &self.object)
    }
}

struct Columns<'a> {
    batch: &'a RecordBatch,
}

impl Columns<'_> {
    fn text(&self, name: &str, row: usize) -> Result<Option<String>, ServiceError> {
        let column = self.column(name)?;
        if column.is_null(row) {
            return Ok(None);
        }
        let text = match column.data_type() {
            DataType::Utf8 => column.as_string::<i32>().value(row),
            DataType::LargeUtf8 => column.as_string::<i64>().value(row),
            DataType::Utf8View => column.as_string_view().value(row),
            other => return Err(self.odd(name, other)),
        };
        Ok(Some(text.to_owned()))
    }

    fn always(&self, name: &str, row: usize) -> Result<String, ServiceError> {
        Ok(self.text(name, row)?.unwrap_or_default())
    }

    fn integer(&self, name: &str, row: usize) -> Result<Option<i64>, ServiceError> {
        let column = self.column(name)?;
        if column.is_null(row) {
            return Ok(None);
        }
        match column.data_type() {
            DataType::Int64 => Ok(Some(column.as_primitive::<Int64Type>().value(row))),
            DataType::Int32 => Ok(Some(i64::from(column.as_primitive::<Int32Type>().value(row)))),
            DataType::Int16 => Ok(Some(i64::from(column.as_primitive::<Int16Type>().value(row)))),
            other => Err(self.odd(name, other)),
        }
    }

    fn decimal(&self, name: &str, decimals: u32, row: usize) -> Result<Option<Decimal>, ServiceError> {
        let column = self.column(name)?;
        if column.is_null(row) {
            return Ok(None);
        }
        match column.data_type() {
            DataType::Decimal128(_, scale) => {
                let mantissa = column.as_primitive::<Decimal128Type>().value(row);
                let scale = u32::try_from(*scale).unwrap_or(0);
                let mut number = Decimal::try_from_i128_with_scale(mantissa, scale)
                    .map_err(|_| ServiceError::Internal { what: format!("result value out of range in {name}") })?;
                // The stored scale is wide; the declared digits are what was judged and what is shown.
                number.rescale(decimals);
                Ok(Some(number))
            }
            other => Err(self.odd(name, other)),
        }
    }

    fn flag(&self, name: &str, row: usize) -> Result<bool, ServiceError> {
        let column = self.column(name)?;
        Ok(!column.is_null(row) && column.as_boolean_opt().is_some_and(|flags| flags.value(row)))
    }

    fn column(&self, name: &str) -> Result<&dyn Array, ServiceError> {
        self.batch
            .column_by_name(name)
            .map(AsRef::as_ref)
            .ok_or_else(|| ServiceError::Internal { what: format!("results lack the column {name}") })
    }

    fn odd(&self, name: &str, kind: &DataType) -> ServiceError {
        ServiceError::Internal { what: format!("results have {name} as {kind}") }
    }
}

/// All rows of batches of several runs, each with its run.
pub(crate) fn decode_with_run(batches: &[RecordBatch]) -> Result<Vec<(String, ResultRow)>, ServiceError> {
    let mut runs = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let columns = Columns { batch };
        for row in 0..batch.num_rows() {
            runs.push(columns.always("run", row)?);
        }
    }
    Ok(runs.into_iter().zip(decode(batches)?).collect())
}

/// All rows of the batches, in their order.
pub fn decode(batches: &[RecordBatch]) -> Result<Vec<ResultRow>, ServiceError> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let columns = Columns { batch };
        for row in 0..batch.num_rows() {
            let decimals = columns.integer("decimals", row)?.and_then(|digits| u32::try_from(digits).ok()).unwrap_or(0);
            rows.push(ResultRow {
                layer: columns.always("layer", row)?,
                indicator: columns.always("indicator", row)?,
                version: columns.always("version", row)?,
                grain: columns.always("grain", row)?,
                object: columns.always("object", row)?,
                object_name: columns.always("object_name", row)?,
                period: columns.always("period", row)?,
                state: columns.always("state", row)?,
                gap: columns.text("gap", row)?,
                value: columns.decimal("value", decimals, row)?,
                n: columns.integer("n", row)?,
                measures: columns.text("measures", row)?,
                target: columns.text("target", row)?,
                standard: columns.text("standard", row)?,
                warning: columns.text("warning", row)?,
                threshold_scope: columns.text("threshold_scope", row)?,
                threshold_source: columns.text("threshold_source", row)?,
                verified: columns.flag("verified", row)?,
                attainment: columns.always("attainment", row)?,
                level: columns.text("level", row)?,
            });
        }
    }
    Ok(rows)
}
