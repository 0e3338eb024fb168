//! How a dataset's fields become columns: Arrow types for rows in memory, Delta types for the table.
//!
//! All columns of the table are nullable: what must not be empty is refused row by row at the door, and a field that a
//! later definition adds is empty in older rows.

use crate::error::{Result, WarehouseError};
use crate::source::{BATCH, LINE, SCHOOL};
use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use deltalake::kernel::{DataType as DeltaType, PrimitiveType, StructField};
use std::sync::Arc;
use zhengai_model::dataset::{Dataset, Field, FieldType};

/// Digits that a stored decimal can have in all.
pub(crate) const PRECISION: u8 = 28;
/// Digits after the point when a field does not say.
const DEFAULT_SCALE: u8 = 2;

/// Digits after the point of a decimal or money field.
pub(crate) fn scale(field: &Field) -> u8 {
    field.scale.unwrap_or(DEFAULT_SCALE)
}

/// The Arrow type of a field's column. Date-times are `Timestamp(Microsecond)` without zone, because Delta has no coarser
/// unit; their values are whole seconds.
pub fn field_type(field: &Field) -> DataType {
    match field.kind {
        FieldType::Text | FieldType::Code => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Decimal | FieldType::Money => DataType::Decimal128(PRECISION, scale(field).cast_signed()),
        FieldType::Date => DataType::Date32,
        FieldType::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
        FieldType::Bool => DataType::Boolean,
    }
}

/// The columns of a dataset in memory and in its files: fields in order, then `_batch`, then `_line`. The table adds the
/// partition column `_school`.
pub fn arrow_schema(dataset: &Dataset) -> SchemaRef {
    let mut fields = field_columns(dataset);
    fields.push(ArrowField::new(BATCH, DataType::Utf8, true));
    fields.push(ArrowField::new(LINE, DataType::Int64, true));
    Arc::new(Schema::new(fields))
}

/// The columns of the fields alone.
pub(crate) fn field_columns(dataset: &Dataset) -> Vec<ArrowField> {
    dataset.fields.iter().map(|field| ArrowField::new(field.name.as_str(), field_type(field), true)).collect()
}

/// The columns of a dataset's Delta table, `_school` last.
pub(crate) fn delta_columns(dataset: &Dataset) -> Result<Vec<StructField>> {
    check_definition(dataset)?;
    let mut columns = Vec::with_capacity(dataset.fields.len() + 3);
    for column in arrow_schema(dataset).fields() {
        columns.push(delta_column(column).ok_or_else(|| WarehouseError::BadDefinition {
            dataset: dataset.id.clone(),
            field: column.name().clone(),
            rule: "scale",
        })?);
    }
    columns.push(StructField::nullable(SCHOOL, DeltaType::STRING));
    Ok(columns)
}

/// The Delta column for an Arrow column of a type that the warehouse stores.
pub(crate) fn delta_column(column: &ArrowField) -> Option<StructField> {
    let kind = match column.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DeltaType::STRING,
        DataType::Boolean => DeltaType::BOOLEAN,
        DataType::Int64 | DataType::UInt32 => DeltaType::LONG,
        DataType::Int32 | DataType::UInt16 => DeltaType::INTEGER,
        DataType::Int16 | DataType::UInt8 => DeltaType::SHORT,
        DataType::Int8 => DeltaType::BYTE,
        DataType::Date32 => DeltaType::DATE,
        DataType::Timestamp(_, None) => DeltaType::Primitive(PrimitiveType::TimestampNtz),
        DataType::Decimal128(precision, scale) => DeltaType::decimal(*precision, u8::try_from(*scale).ok()?).ok()?,
        _ => return None,
    };
    Some(StructField::nullable(column.name(), kind))
}

/// Refuses definitions that no table can hold. Packs are checked when they are parsed; datasets made at run time are not.
fn check_definition(dataset: &Dataset) -> Result<()> {
    let bad = |field: &str, rule| WarehouseError::BadDefinition {
        dataset: dataset.id.clone(),
        field: field.to_owned(),
        rule,
    };
    if dataset.key.is_empty() {
        return Err(bad("key", "key"));
    }
    for name in &dataset.key {
        if dataset.field(name).is_none() {
            return Err(bad(name.as_str(), "key"));
        }
    }
    for (position, field) in dataset.fields.iter().enumerate() {
        let twice = dataset.fields.iter().take(position).any(|earlier| earlier.name == field.name);
        if twice || [BATCH, LINE, SCHOOL].contains(&field.name.as_str()) {
            return Err(bad(field.name.as_str(), "name"));
        }
        if matches!(field.kind, FieldType::Decimal | FieldType::Money) && scale(field) > PRECISION {
            return Err(bad(field.name.as_str(), "scale"));
        }
        if field.kind == FieldType::Code {
            let known = field.codes.as_ref().is_some_and(|table| dataset.code_tables.contains_key(table));
            if !known {
                return Err(bad(field.name.as_str(), "codes"));
            }
        }
    }
    Ok(())
}
