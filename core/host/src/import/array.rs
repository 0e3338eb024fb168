//! Batches from a plugin: lengths, buffers and children checked before arrow builds anything, contents after.

use super::schema::DEPTH_LIMIT;
use super::{Refusal, arrow_step};
use arrow::array::{RecordBatch, RecordBatchOptions, StructArray, new_empty_array};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use arrow::util::bit_chunk_iterator::UnalignedBitChunk;
use std::mem::ManuallyDrop;
use zhengai_plugin_abi::ArrowArray;

/// More rows in one array, its skipped ones included, are refused: sizes in bytes must stay far from overflow.
const ROW_LIMIT: i64 = 1 << 32;
/// More bytes in one buffer are refused.
const BYTE_LIMIT: i64 = 1 << 40;
/// More buffers in one array are refused.
const BUFFER_LIMIT: i64 = 1 << 20;

/// An array that is released when dropped.
pub(super) struct OwnedArray(pub(super) ArrowArray);

impl Drop for OwnedArray {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: still set, so it was not released; dropped once.
            unsafe { release(&mut self.0) };
        }
    }
}

/// Takes a batch of the schema that a plugin filled and that is not released.
///
/// # Safety
/// Pointers in it that are not NULL point to what the Arrow specification says for the lengths in it.
pub(super) unsafe fn take_batch(owned: OwnedArray, schema: &SchemaRef) -> Result<RecordBatch, Refusal> {
    let kind = DataType::Struct(schema.fields().clone());
    // SAFETY: the caller's promise.
    unsafe { check(&owned.0, &kind, 0) }?;
    if owned.0.null_count > 0 {
        return Err("a row of a batch is null".to_owned());
    }
    if owned.0.length == 0 {
        // arrow takes the bytes of an empty text column as empty, and then refuses the offsets of an empty slice.
        let columns = schema.fields().iter().map(|field| new_empty_array(field.data_type())).collect();
        let rows = RecordBatchOptions::new().with_row_count(Some(0));
        return RecordBatch::try_new_with_options(schema.clone(), columns, &rows).map_err(|error| error.to_string());
    }
    let owned = ManuallyDrop::new(owned);
    // SAFETY: arrow's struct has the layout of the specification's; it takes over and ours is not dropped.
    let array = unsafe { std::ptr::read((&raw const owned.0).cast::<FFI_ArrowArray>()) };
    arrow_step("the batch", || {
        // SAFETY: checked above as far as that is possible, and by the caller's promise.
        let data = unsafe { from_ffi_and_data_type(array, kind) }.map_err(|error| error.to_string())?;
        data.validate_full().map_err(|error| error.to_string())?;
        let rows = RecordBatchOptions::new().with_row_count(Some(data.len()));
        let (_, columns, _) = StructArray::from(data).into_parts();
        RecordBatch::try_new_with_options(schema.clone(), columns, &rows).map_err(|error| error.to_string())
    })
}

/// # Safety
/// As for [`take_batch`].
unsafe fn check(array: &ArrowArray, kind: &DataType, depth: usize) -> Result<(), Refusal> {
    if depth > DEPTH_LIMIT {
        return Err(format!("arrays are nested deeper than {DEPTH_LIMIT}"));
    }
    let rows = rows_of(array)?;
    let has_validity = !matches!(kind, DataType::Null);
    check_buffer_count(array, kind)?;
    // SAFETY: as many buffers as the type needs were counted; the rest by the caller's promise.
    unsafe {
        if has_validity {
            check_validity(array, rows)?;
        }
        check_buffers(array, kind, rows)?;
        check_dictionary(array, kind, depth)?;
        check_children(array, kind, rows, depth)
    }
}

/// Rows that the buffers must hold: those of the array and those that it skips.
fn rows_of(array: &ArrowArray) -> Result<i64, Refusal> {
    let ArrowArray { length, offset, null_count, .. } = array;
    if *length < 0 || *offset < 0 {
        return Err(format!("length {length}, offset {offset}"));
    }
    if *null_count < -1 || null_count > length {
        return Err(format!("{null_count} nulls in {length} rows"));
    }
    let rows = length.checked_add(*offset).filter(|rows| *rows <= ROW_LIMIT);
    rows.ok_or_else(|| format!("length {length}, offset {offset}: more than {ROW_LIMIT} rows"))
}

fn check_buffer_count(array: &ArrowArray, kind: &DataType) -> Result<(), Refusal> {
    let right = match kind {
        DataType::Null => array.n_buffers == 0,
        DataType::Struct(_) | DataType::FixedSizeList(..) => array.n_buffers == 1,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary => array.n_buffers == 3,
        DataType::Utf8View | DataType::BinaryView => (3..=BUFFER_LIMIT).contains(&array.n_buffers),
        _ => array.n_buffers == 2,
    };
    if !right {
        return Err(format!("{kind} with {} buffers", array.n_buffers));
    }
    if array.n_buffers > 0 && (array.buffers.is_null() || !array.buffers.is_aligned()) {
        return Err("the list of buffers is NULL or not aligned".to_owned());
    }
    Ok(())
}

/// The address of a buffer.
///
/// # Safety
/// The array has more buffers than `index`, and their list was checked.
unsafe fn buffer(array: &ArrowArray, index: usize) -> *const u8 {
    // SAFETY: the caller's promise.
    unsafe { array.buffers.add(index).read() }.cast()
}

/// A null count that is too low would turn missing values into zeros, so it is counted.
///
/// # Safety
/// As for [`take_batch`]; there is a first buffer.
unsafe fn check_validity(array: &ArrowArray, rows: i64) -> Result<(), Refusal> {
    // SAFETY: the caller's promise.
    let bits = unsafe { buffer(array, 0) };
    if bits.is_null() {
        return if array.null_count > 0 {
            Err(format!("{} nulls without validity bits", array.null_count))
        } else {
            Ok(())
        };
    }
    if array.null_count < 0 || array.length == 0 {
        return Ok(());
    }
    // SAFETY: validity bits cover all rows, by the caller's promise.
    let bytes = unsafe { std::slice::from_raw_parts(bits, (rows as usize).div_ceil(8)) };
    let valid = UnalignedBitChunk::new(bytes, array.offset as usize, array.length as usize).count_ones() as i64;
    if array.length - valid == array.null_count {
        Ok(())
    } else {
        Err(format!("{} nulls are declared, {} are there", array.null_count, array.length - valid))
    }
}

/// # Safety
/// As for [`take_batch`]; the buffers were counted.
unsafe fn check_buffers(array: &ArrowArray, kind: &DataType, rows: i64) -> Result<(), Refusal> {
    match kind {
        DataType::Null | DataType::Struct(_) | DataType::FixedSizeList(..) => Ok(()),
        // SAFETY: the caller's promise.
        DataType::Utf8 | DataType::Binary => unsafe { check_bytes(array, rows, Offsets::Small) },
        // SAFETY: the caller's promise.
        DataType::LargeUtf8 | DataType::LargeBinary => unsafe { check_bytes(array, rows, Offsets::Large) },
        // SAFETY: the caller's promise.
        DataType::List(_) | DataType::Map(..) => unsafe { last_offset(array, rows, Offsets::Small) }.map(|_| ()),
        // SAFETY: the caller's promise.
        DataType::LargeList(_) => unsafe { last_offset(array, rows, Offsets::Large) }.map(|_| ()),
        // SAFETY: the caller's promise.
        DataType::Utf8View | DataType::BinaryView => unsafe { check_views(array, rows) },
        _ => {
            // SAFETY: the caller's promise.
            if rows > 0 && unsafe { buffer(array, 1) }.is_null() {
                return Err(format!("{rows} rows of {kind} without values"));
            }
            Ok(())
        }
    }
}

#[derive(Clone, Copy)]
enum Offsets {
    Small,
    Large,
}

/// The last offset: the only one that is read before contents are validated.
///
/// # Safety
/// As for [`take_batch`]; the buffers were counted, and the second holds offsets.
unsafe fn last_offset(array: &ArrowArray, rows: i64, width: Offsets) -> Result<i64, Refusal> {
    // SAFETY: the caller's promise.
    let offsets = unsafe { buffer(array, 1) };
    let aligned = match width {
        Offsets::Small => offsets.cast::<i32>().is_aligned(),
        Offsets::Large => offsets.cast::<i64>().is_aligned(),
    };
    if offsets.is_null() || !aligned {
        return Err("offsets are NULL or not aligned".to_owned());
    }
    let last = rows as usize;
    let last = match width {
        // SAFETY: not NULL, aligned, and one more than there are rows, by the caller's promise.
        Offsets::Small => i64::from(unsafe { offsets.cast::<i32>().add(last).read() }),
        // SAFETY: as above.
        Offsets::Large => unsafe { offsets.cast::<i64>().add(last).read() },
    };
    if (0..=BYTE_LIMIT).contains(&last) { Ok(last) } else { Err(format!("the last offset is {last}")) }
}

/// # Safety
/// As for [`last_offset`]; the third buffer holds bytes.
unsafe fn check_bytes(array: &ArrowArray, rows: i64, width: Offsets) -> Result<(), Refusal> {
    // SAFETY: the caller's promise.
    let (last, bytes) = unsafe { (last_offset(array, rows, width)?, buffer(array, 2)) };
    if last > 0 && array.length > 0 && bytes.is_null() {
        return Err(format!("{last} bytes of text without bytes"));
    }
    Ok(())
}

/// # Safety
/// As for [`take_batch`]; the buffers were counted, and are those of views.
unsafe fn check_views(array: &ArrowArray, rows: i64) -> Result<(), Refusal> {
    let data_buffers = (array.n_buffers - 3) as usize;
    // SAFETY: the caller's promise.
    let (views, lengths) = unsafe { (buffer(array, 1), buffer(array, array.n_buffers as usize - 1)) };
    let lengths = lengths.cast::<i64>();
    if (rows > 0 && views.is_null()) || (data_buffers > 0 && (lengths.is_null() || !lengths.is_aligned())) {
        return Err("views or their lengths are NULL or not aligned".to_owned());
    }
    for index in 0..data_buffers {
        // SAFETY: not NULL, aligned, one for each buffer of data, by the caller's promise.
        let (length, bytes) = unsafe { (lengths.add(index).read(), buffer(array, index + 2)) };
        if !(0..=BYTE_LIMIT).contains(&length) || (length > 0 && bytes.is_null()) {
            return Err(format!("a buffer of views has {length} bytes"));
        }
    }
    Ok(())
}

/// # Safety
/// As for [`take_batch`].
unsafe fn check_dictionary(array: &ArrowArray, kind: &DataType, depth: usize) -> Result<(), Refusal> {
    // SAFETY: NULL or an array, by the caller's promise.
    match (kind, unsafe { array.dictionary.as_ref() }) {
        // SAFETY: the caller's promise.
        (DataType::Dictionary(_, values), Some(dictionary)) => unsafe { check(dictionary, values, depth + 1) },
        (DataType::Dictionary(..), None) => Err("a dictionary is missing".to_owned()),
        (_, Some(_)) => Err(format!("{kind} with a dictionary")),
        (_, None) => Ok(()),
    }
}

/// # Safety
/// As for [`take_batch`].
unsafe fn check_children(array: &ArrowArray, kind: &DataType, rows: i64, depth: usize) -> Result<(), Refusal> {
    let one;
    let fields = match kind {
        DataType::Struct(fields) => fields.as_ref(),
        DataType::List(child)
        | DataType::LargeList(child)
        | DataType::FixedSizeList(child, _)
        | DataType::Map(child, _) => {
            one = [child.clone()];
            &one
        }
        _ => &[],
    };
    if array.n_children != fields.len() as i64 {
        return Err(format!("{} children where the schema has {}", array.n_children, fields.len()));
    }
    if !fields.is_empty() && (array.children.is_null() || !array.children.is_aligned()) {
        return Err("the list of children is NULL or not aligned".to_owned());
    }
    let least = match kind {
        DataType::Struct(_) => rows,
        DataType::FixedSizeList(_, width) => rows.saturating_mul(i64::from(*width)),
        _ => 0,
    };
    for (index, field) in fields.iter().enumerate() {
        let place = |rule: String| format!("column `{}`: {rule}", field.name());
        // SAFETY: not NULL, aligned, one for each child, by the caller's promise.
        let child = unsafe { array.children.add(index).read().as_ref() };
        let child = child.ok_or_else(|| place("the array is NULL".to_owned()))?;
        // SAFETY: the caller's promise.
        unsafe { check(child, field.data_type(), depth + 1) }.map_err(place)?;
        if child.length < least {
            return Err(place(format!("{} rows where {least} are needed", child.length)));
        }
    }
    Ok(())
}
