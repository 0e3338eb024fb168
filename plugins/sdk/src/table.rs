//! A whole input in memory, its columns by name in the few types that transforms work with, whatever Arrow type the
//! engine chose for them. Numbers stay exact: nothing is read as floating point, no digit is dropped.

use crate::{Input, PluginError, Result};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, new_empty_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};

/// All rows of an input.
#[derive(Debug, Clone)]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    /// Reads an input to its end.
    pub fn read(input: Input) -> Result<Self> {
        Ok(Self { batch: input.all()? })
    }

    /// A table of one batch, for the author's own tests.
    #[must_use]
    pub fn new(batch: RecordBatch) -> Self {
        Self { batch }
    }

    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there is no row. A query that found nothing may come without columns as well.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A column of text.
    pub fn texts(&self, name: &str) -> Result<StringArray> {
        Ok(self.column(name, &DataType::Utf8)?.as_string::<i32>().clone())
    }

    /// A column of whole numbers.
    pub fn integers(&self, name: &str) -> Result<Vec<Option<i64>>> {
        self.exact(name, 0)?;
        Ok(self.column(name, &DataType::Int64)?.as_primitive::<Int64Type>().iter().collect())
    }

    /// A column of whole or decimal numbers as multiples of `10^-scale`. More digits than that are refused.
    pub fn decimals(&self, name: &str, scale: u8) -> Result<Vec<Option<i128>>> {
        self.exact(name, scale)?;
        let kind = DataType::Decimal128(38, i8::try_from(scale).unwrap_or(i8::MAX));
        Ok(self.column(name, &kind)?.as_primitive::<Decimal128Type>().iter().collect())
    }

    /// A column of days, counted from 1970-01-01.
    pub fn days(&self, name: &str) -> Result<Vec<Option<i32>>> {
        Ok(self.column(name, &DataType::Date32)?.as_primitive::<Date32Type>().iter().collect())
    }

    fn column(&self, name: &str, kind: &DataType) -> Result<ArrayRef> {
        match self.batch.column_by_name(name) {
            Some(column) => {
                let strict = CastOptions { safe: false, ..CastOptions::default() };
                cast_with_options(column, kind, &strict).map_err(|_| wrong_type(name, column.data_type()))
            }
            None if self.is_empty() => Ok(new_empty_array(kind)),
            None => {
                let message = format!("the input has no column `{name}`");
                Err(PluginError::data("table-no-column", message).with("column", name))
            }
        }
    }

    /// Refuses what cannot be exact at this scale.
    fn exact(&self, name: &str, scale: u8) -> Result<()> {
        let Some(column) = self.batch.column_by_name(name) else { return Ok(()) };
        match column.data_type() {
            DataType::Null => Ok(()),
            kind if kind.is_integer() => Ok(()),
            DataType::Decimal128(_, own) if *own <= i8::try_from(scale).unwrap_or(i8::MAX) => Ok(()),
            other => Err(wrong_type(name, other)),
        }
    }
}

fn wrong_type(name: &str, found: &DataType) -> PluginError {
    PluginError::data("table-wrong-type", format!("column `{name}` is {found}, which does not fit"))
        .with("column", name)
        .with("found", found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Decimal128Array, Float64Array, Int32Array, StringViewArray};
    use std::sync::Arc;

    fn table(name: &str, column: ArrayRef) -> Table {
        Table::new(RecordBatch::try_from_iter_with_nullable([(name, column, true)]).expect("one column"))
    }

    #[test]
    fn integers_and_decimals_come_in_one_scale() {
        let whole = table("x", Arc::new(Int32Array::from(vec![Some(7), None])));
        assert_eq!(whole.decimals("x", 2).expect("fits"), [Some(700), None]);
        let tenths = Decimal128Array::from(vec![15]).with_precision_and_scale(28, 1).expect("fits");
        assert_eq!(table("x", Arc::new(tenths)).decimals("x", 4).expect("fits"), [Some(15_000)]);
    }

    #[test]
    fn a_number_with_more_digits_than_asked_for_is_refused() {
        let cents = Decimal128Array::from(vec![125]).with_precision_and_scale(28, 2).expect("fits");
        let fault = table("x", Arc::new(cents)).decimals("x", 1).expect_err("one digit too many");
        assert_eq!(fault.key, "table-wrong-type");
    }

    #[test]
    fn floating_point_is_refused() {
        let fault = table("x", Arc::new(Float64Array::from(vec![0.5]))).decimals("x", 4).expect_err("not exact");
        assert_eq!(fault.key, "table-wrong-type");
    }

    #[test]
    fn text_comes_from_whatever_kind_of_text() {
        let texts = table("x", Arc::new(StringViewArray::from(vec!["软件技术"]))).texts("x").expect("text");
        assert_eq!(texts.value(0), "软件技术");
    }

    #[test]
    fn a_missing_column_is_named_unless_there_are_no_rows() {
        let fault = table("x", Arc::new(Int32Array::from(vec![1]))).texts("y").expect_err("no y");
        assert_eq!(fault.args, [("column".to_owned(), "y".to_owned())]);
        let nothing = Table::new(RecordBatch::new_empty(Arc::new(arrow::datatypes::Schema::empty())));
        assert!(nothing.texts("y").expect("nothing at all").is_empty());
    }
}
