//! Reading exact numbers, texts and dates out of Arrow arrays.

use crate::error::EngineError;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use chrono::NaiveDate;

/// Exact numbers with one scale: `values[i] / 10^scale`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Digits after the point.
    pub(crate) scale: u8,
    /// Unscaled numbers; `None` where SQL says NULL.
    pub(crate) values: Vec<Option<i128>>,
}

impl Numbers {
    /// Appends an integer or decimal array.
    pub(crate) fn extend(&mut self, array: &ArrayRef) -> Result<(), EngineError> {
        match array.data_type() {
            DataType::Decimal128(_, scale) => {
                self.scale = u8::try_from(*scale).unwrap_or(0);
                self.values.extend(array.as_primitive::<Decimal128Type>().iter());
            }
            DataType::Null => self.values.extend(std::iter::repeat_n(None, array.len())),
            other if other.is_integer() => {
                let whole = arrow::compute::cast(array, &DataType::Int64).map_err(EngineError::shape)?;
                self.values.extend(whole.as_primitive::<Int64Type>().iter().map(|cell| cell.map(i128::from)));
            }
            other => return Err(EngineError::NotExact { found: other.to_string() }),
        }
        Ok(())
    }
}

/// The column at a position of every batch, cast to text.
pub(crate) fn texts(batches: &[RecordBatch], column: usize) -> Result<Vec<Option<String>>, EngineError> {
    let mut found = Vec::new();
    for batch in batches {
        let array = arrow::compute::cast(batch.column(column), &DataType::Utf8).map_err(EngineError::shape)?;
        found.extend(array.as_string::<i32>().iter().map(|cell| cell.map(str::to_owned)));
    }
    Ok(found)
}

/// The column at a position of every batch, cast to days.
pub(crate) fn dates(batches: &[RecordBatch], column: usize) -> Result<Vec<Option<NaiveDate>>, EngineError> {
    let mut found = Vec::new();
    for batch in batches {
        let array = arrow::compute::cast(batch.column(column), &DataType::Date32).map_err(EngineError::shape)?;
        let days = array.as_primitive::<Date32Type>();
        found.extend(days.iter().map(|cell| cell.and_then(Date32Type::to_naive_date_opt)));
    }
    Ok(found)
}

/// The column at a position of every batch as exact numbers.
pub(crate) fn numbers(batches: &[RecordBatch], column: usize) -> Result<Numbers, EngineError> {
    let mut found = Numbers::default();
    for batch in batches {
        found.extend(batch.column(column))?;
    }
    Ok(found)
}
