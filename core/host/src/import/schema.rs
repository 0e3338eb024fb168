//! Schemas from a plugin: every pointer, text and number checked before arrow reads them.

use super::{Refusal, arrow_step};
use arrow::datatypes::{DataType, Schema};
use arrow::ffi::FFI_ArrowSchema;
use std::ffi::{CStr, c_char};
use zhengai_plugin_abi::ArrowSchema;

/// Deeper types are refused.
pub(super) const DEPTH_LIMIT: usize = 32;
/// More columns, or children of one type, are refused.
const CHILD_LIMIT: i64 = 16_384;
/// More bytes in one metadata text, or more entries, are refused.
const METADATA_LIMIT: i32 = 16 * 1024 * 1024;
const METADATA_ENTRIES: i32 = 4_096;
/// Wider fixed-size values are refused: sizes in bytes must stay far from overflow.
const WIDTH_LIMIT: i32 = 1024 * 1024;

/// A schema that is released when dropped.
pub(super) struct OwnedSchema(pub(super) ArrowSchema);

impl Drop for OwnedSchema {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: still set, so it was not released; dropped once.
            unsafe { release(&mut self.0) };
        }
    }
}

/// Takes a schema that a plugin filled.
///
/// # Safety
/// Pointers in it that are not NULL point to what the Arrow specification says.
pub(crate) unsafe fn take_schema(raw: ArrowSchema) -> Result<Schema, Refusal> {
    let owned = OwnedSchema(raw);
    if owned.0.release.is_none() {
        return Err("the schema is released".to_owned());
    }
    // SAFETY: the caller's promise.
    unsafe { check(&owned.0, 0) }?;
    let format = cstr(owned.0.format).unwrap_or_default();
    if format != "+s" {
        return Err(format!("a stream has a struct schema (+s), this one is `{format}`"));
    }
    // SAFETY: arrow's struct has the layout of the specification's; it is borrowed, not taken.
    let borrowed = unsafe { &*(&raw const owned.0).cast::<FFI_ArrowSchema>() };
    let schema = arrow_step("the schema", || Schema::try_from(borrowed).map_err(|error| error.to_string()))?;
    accept_schema(&schema)?;
    Ok(schema)
}

/// Refuses types that do not cross the interface.
pub(crate) fn accept_schema(schema: &Schema) -> Result<(), Refusal> {
    for field in schema.fields() {
        check_type(field.data_type()).map_err(|rule| format!("column `{}`: {rule}", field.name()))?;
    }
    Ok(())
}

/// The checks alone, for tests that spoil a schema which must be mended before it is released.
///
/// # Safety
/// As for [`take_schema`].
#[cfg(test)]
pub(super) unsafe fn check_borrowed(schema: &ArrowSchema) -> Result<(), Refusal> {
    // SAFETY: the caller's promise.
    unsafe { check(schema, 0) }
}

fn cstr<'a>(text: *const c_char) -> Option<&'a str> {
    // SAFETY: checked for NULL; a text of the specification ends with NUL and lives as long as its schema, which the
    // callers in this file do not outlive.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().ok()).flatten()
}

/// # Safety
/// As for [`take_schema`].
unsafe fn check(schema: &ArrowSchema, depth: usize) -> Result<(), Refusal> {
    if depth > DEPTH_LIMIT {
        return Err(format!("types are nested deeper than {DEPTH_LIMIT}"));
    }
    let format = cstr(schema.format).ok_or("a format is NULL or not UTF-8")?;
    let name = if schema.name.is_null() { "" } else { cstr(schema.name).ok_or("a field's name is not UTF-8")? };
    let place = |rule: String| if name.is_empty() { rule } else { format!("field `{name}`: {rule}") };
    // SAFETY: the caller's promise.
    unsafe { check_metadata(schema.metadata) }.map_err(place)?;
    let children = match format {
        "+s" => None,
        "+l" | "+L" | "+m" => Some(1),
        nested if nested.starts_with("+w:") => Some(1),
        nested if nested.starts_with('+') => return Err(place(format!("the type `{nested}` is not accepted"))),
        _ => Some(0),
    };
    if !(0..=CHILD_LIMIT).contains(&schema.n_children) || children.is_some_and(|count| count != schema.n_children) {
        return Err(place(format!("`{format}` with {} children", schema.n_children)));
    }
    if schema.n_children > 0 && schema.children.is_null() {
        return Err(place("the list of children is NULL".to_owned()));
    }
    for index in 0..schema.n_children as usize {
        // SAFETY: not NULL, and of `n_children` entries, by the caller's promise.
        let child = unsafe { schema.children.add(index).read().as_ref() };
        let child = child.ok_or_else(|| place(format!("child {index} is NULL")))?;
        // SAFETY: the caller's promise.
        unsafe { check(child, depth + 1) }.map_err(place)?;
    }
    // SAFETY: NULL or a schema, by the caller's promise.
    match unsafe { schema.dictionary.as_ref() } {
        Some(_) if !matches!(format, "c" | "C" | "s" | "S" | "i" | "I" | "l" | "L") => {
            Err(place(format!("`{format}` cannot be the key of a dictionary")))
        }
        // SAFETY: the caller's promise.
        Some(values) => unsafe { check(values, depth + 1) }.map_err(place),
        None => Ok(()),
    }
}

/// # Safety
/// `metadata` is NULL, or at least as long as the lengths in it say.
unsafe fn check_metadata(metadata: *const c_char) -> Result<(), Refusal> {
    if metadata.is_null() {
        return Ok(());
    }
    let bytes = metadata.cast::<u8>();
    let mut at = 0usize;
    let mut number = |skip: usize| {
        at += skip;
        // SAFETY: the caller's promise; every length so far was checked before it was skipped.
        let read = unsafe { bytes.add(at).cast::<[u8; 4]>().read_unaligned() };
        at += 4;
        i32::from_ne_bytes(read)
    };
    let entries = number(0);
    if !(0..=METADATA_ENTRIES).contains(&entries) {
        return Err(format!("metadata has {entries} entries"));
    }
    let mut skip = 0usize;
    for _ in 0..entries * 2 {
        let length = number(skip);
        if !(0..=METADATA_LIMIT).contains(&length) {
            return Err(format!("metadata has a text of {length} bytes"));
        }
        skip = length as usize;
    }
    Ok(())
}

/// Types that cross the interface; others are refused by name rather than met later.
fn check_type(kind: &DataType) -> Result<(), Refusal> {
    let refused = || Err(format!("the type {kind} is not accepted"));
    match kind {
        DataType::Union(..) | DataType::RunEndEncoded(..) | DataType::ListView(_) | DataType::LargeListView(_) => {
            refused()
        }
        DataType::FixedSizeBinary(width) if !(1..=WIDTH_LIMIT).contains(width) => refused(),
        DataType::FixedSizeList(_, width) if !(1..=WIDTH_LIMIT).contains(width) => refused(),
        DataType::Decimal32(precision, scale) if !fits(*precision, *scale, 9) => refused(),
        DataType::Decimal64(precision, scale) if !fits(*precision, *scale, 18) => refused(),
        DataType::Decimal128(precision, scale) if !fits(*precision, *scale, 38) => refused(),
        DataType::Decimal256(precision, scale) if !fits(*precision, *scale, 76) => refused(),
        DataType::List(child) | DataType::LargeList(child) | DataType::FixedSizeList(child, _) => {
            check_type(child.data_type())
        }
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(pair) if pair.len() == 2 && !entries.is_nullable() => {
                pair.iter().try_for_each(|part| check_type(part.data_type()))
            }
            _ => refused(),
        },
        DataType::Struct(fields) => fields.iter().try_for_each(|part| check_type(part.data_type())),
        DataType::Dictionary(_, values) => match values.as_ref() {
            DataType::Dictionary(..) => refused(),
            values => check_type(values),
        },
        _ => Ok(()),
    }
}

fn fits(precision: u8, scale: i8, most: u8) -> bool {
    (1..=most).contains(&precision) && scale.unsigned_abs() <= most && i16::from(scale) <= i16::from(precision)
}
