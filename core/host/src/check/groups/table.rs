//! Tables of fixtures as rows of Arrow, and rows of Arrow as the values of fixtures.

use crate::Rows;
use crate::check::bench::texts;
use crate::check::fixtures::JsonTable;
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use serde_json::Value;
use std::sync::Arc;

/// Digits after the point of the type `number`.
const SCALE: i8 = 4;

/// Rows of a table in a fixture, or what is wrong with it.
pub(in crate::check) fn rows(table: &JsonTable) -> Result<Rows, String> {
    let mut columns = Vec::new();
    let mut fields = Vec::new();
    for (index, (name, kind)) in table.columns.iter().enumerate() {
        let values: Vec<&Value> = table.rows.iter().map(|row| row.get(index).unwrap_or(&Value::Null)).collect();
        let column = column(kind, &values).ok_or_else(|| format!("column `{name}` is not {kind}"))?;
        fields.push(Field::new(name, column.data_type().clone(), true));
        columns.push(column);
    }
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(table.rows.len()));
    let batch = RecordBatch::try_new_with_options(schema.clone(), columns, &options);
    Ok(Rows::new(schema, vec![batch.map_err(|error| error.to_string())?]))
}

fn column(kind: &str, values: &[&Value]) -> Option<ArrayRef> {
    let nullable = |value: &&Value| value.is_null();
    Some(match kind {
        "text" => {
            let texts: Vec<Option<&str>> = values.iter().map(|value| value.as_str()).collect();
            agree(&texts, values, nullable)?;
            Arc::new(StringArray::from(texts))
        }
        "integer" => {
            let numbers: Vec<Option<i64>> = values.iter().map(|value| value.as_i64()).collect();
            agree(&numbers, values, nullable)?;
            Arc::new(Int64Array::from(numbers))
        }
        "number" => {
            let exact = |value: &&Value| decimal(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            let numbers: Vec<Option<i128>> = values.iter().map(exact).collect();
            agree(&numbers, values, nullable)?;
            Arc::new(Decimal128Array::from(numbers).with_precision_and_scale(38, SCALE).ok()?)
        }
        "boolean" => {
            let flags: Vec<Option<bool>> = values.iter().map(|value| value.as_bool()).collect();
            agree(&flags, values, nullable)?;
            Arc::new(BooleanArray::from(flags))
        }
        "date" => {
            let texts: Vec<Option<&str>> = values.iter().map(|value| value.as_str()).collect();
            agree(&texts, values, nullable)?;
            let days = cast(&StringArray::from(texts.clone()), &DataType::Date32).ok()?;
            let days = days.as_any().downcast_ref::<Date32Array>()?.clone();
            agree(&days.iter().collect::<Vec<_>>(), values, nullable)?;
            Arc::new(days)
        }
        _ => return None,
    })
}

/// Every value that is not NULL was of the type.
fn agree<T>(found: &[Option<T>], values: &[&Value], null: fn(&&Value) -> bool) -> Option<()> {
    found.iter().zip(values).all(|(found, value)| found.is_some() || null(value)).then_some(())
}

/// `12.5` as a multiple of `10^-SCALE`.
fn decimal(text: &str) -> Option<i128> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let places = SCALE as usize;
    if rest.len() > places {
        return None;
    }
    format!("{whole}{rest:0<places$}").parse().ok()
}

/// Rows as texts in the columns of a table, in its order; `None` where a column is missing.
pub(in crate::check) fn in_columns(batches: &[RecordBatch], table: &JsonTable) -> Option<Vec<Vec<String>>> {
    let mut found = Vec::new();
    for batch in batches {
        let schema = batch.schema();
        let places: Vec<usize> =
            table.columns.iter().map(|(name, _)| schema.index_of(name).ok()).collect::<Option<_>>()?;
        for row in texts(batch) {
            found.push(places.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect());
        }
    }
    Some(found)
}

/// The rows of a table as texts; numbers as they would be printed.
pub(in crate::check) fn expected(table: &JsonTable) -> Vec<Vec<String>> {
    let cell = |value: &Value| match value {
        Value::Null => "∅".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    table.rows.iter().map(|row| row.iter().map(cell).collect()).collect()
}

/// Whether two cells are the same: as texts, or as the same exact number.
pub(in crate::check) fn same_cell(left: &str, right: &str) -> bool {
    let trimmed = |text: &str| match text.split_once('.') {
        Some((whole, rest)) => format!("{whole}.{}", rest.trim_end_matches('0')).trim_end_matches('.').to_owned(),
        None => text.to_owned(),
    };
    left == right || (left.parse::<f64>().is_ok() && right.parse::<f64>().is_ok() && trimmed(left) == trimmed(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_of_a_fixture_becomes_rows_and_comes_back_as_it_was() {
        let table = json!({
            "columns": [["id", "text"], ["n", "integer"], ["x", "number"], ["d", "date"], ["b", "boolean"]],
            "rows": [["甲", 1, "12.5", "2026-09-01", true], [null, null, null, null, null]],
        });
        let table: JsonTable = serde_json::from_value(table).expect("a table");
        let batches: Vec<RecordBatch> =
            rows(&table).expect("rows").batches.map(|batch| batch.expect("a batch")).collect();
        let found = in_columns(&batches, &table).expect("columns");
        let wanted = expected(&table);
        assert!(found.iter().flatten().zip(wanted.iter().flatten()).all(|(a, b)| same_cell(a, b)), "{found:?}");
        assert_eq!(found[0][2], "12.5000");
    }

    #[test]
    fn a_value_of_another_type_is_named_by_its_column() {
        let table = json!({ "columns": [["n", "integer"]], "rows": [["x"]] });
        let table: JsonTable = serde_json::from_value(table).expect("a table");
        assert_eq!(rows(&table).err().as_deref(), Some("column `n` is not integer"));
        assert!(!same_cell("1.50", "1.05") && same_cell("1.50", "1.5") && !same_cell("a", "b"));
    }
}
