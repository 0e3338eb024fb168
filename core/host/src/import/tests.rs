//! Arrays and schemas that no honest plugin makes: each is refused by name, none panics. What is honest passes, for
//! every type that crosses the interface.

use super::array::{OwnedArray, take_batch};
use super::take_schema;
use arrow::array::{
    Array, ArrayRef, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    FixedSizeBinaryArray, FixedSizeListArray, Int64Array, LargeListArray, LargeStringArray, ListArray, NullArray,
    RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray, UnionArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use zhengai_plugin_abi::{ArrowArray, ArrowSchema};

fn export_schema(schema: &Schema) -> ArrowSchema {
    let schema = ManuallyDrop::new(FFI_ArrowSchema::try_from(schema).expect("the schema can be exported"));
    // SAFETY: same layout; arrow's copy is never dropped.
    unsafe { std::ptr::read((&raw const schema).cast()) }
}

fn export(batch: &RecordBatch) -> OwnedArray {
    let array = ManuallyDrop::new(FFI_ArrowArray::new(&StructArray::from(batch.clone()).to_data()));
    // SAFETY: same layout; arrow's copy is never dropped.
    OwnedArray(unsafe { std::ptr::read((&raw const array).cast::<ArrowArray>()) })
}

/// Exports a batch, spoils its top and its first column, and takes it back.
fn spoil(batch: &RecordBatch, spoil: impl FnOnce(&mut ArrowArray, &mut ArrowArray)) -> Result<RecordBatch, String> {
    let mut array = export(batch);
    // SAFETY: arrow exported at least one child.
    let child = unsafe { &mut **array.0.children };
    spoil(&mut array.0, child);
    // SAFETY: what was spoiled are numbers and pointers that are checked.
    unsafe { take_batch(array, &batch.schema()) }
}

fn check_refused(batch: &RecordBatch, how: impl FnOnce(&mut ArrowArray, &mut ArrowArray), rule: &str) {
    let refusal = spoil(batch, how).expect_err(rule);
    assert!(refusal.contains(rule), "expected `{rule}`, got `{refusal}`");
}

fn columns(arrays: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(arrays.into_iter().map(|(name, array)| (name, array, true)))
        .expect("the columns are equally long")
}

fn numbers() -> RecordBatch {
    columns(vec![("n", Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])))])
}

fn texts() -> RecordBatch {
    columns(vec![("t", Arc::new(StringArray::from(vec![Some("甲"), None, Some("ab")])))])
}

fn every_type() -> RecordBatch {
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None, Some(vec![])]);
    let large = LargeListArray::from_iter_primitive::<Int64Type, _, _>([None, Some(vec![Some(1)]), Some(vec![])]);
    let fixed = FixedSizeListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None, None], 2);
    let keyed: DictionaryArray<Int32Type> = [Some("x"), None, Some("x")].into_iter().collect();
    let part: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("c")]));
    let inner = StructArray::from(vec![(Arc::new(Field::new("part", DataType::Utf8, true)), part)]);
    let wide = [Some([1_u8, 2]), None, Some([3, 4])].into_iter();
    let wide = FixedSizeBinaryArray::try_from_sparse_iter_with_size(wide, 2).expect("pairs of bytes");
    let long = "a text that is longer than twelve bytes";
    columns(vec![
        ("nothing", Arc::new(NullArray::new(3))),
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ("number", Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]))),
        ("money", Arc::new(Decimal128Array::from(vec![Some(12345), None, Some(-1)]))),
        ("day", Arc::new(Date32Array::from(vec![Some(20000), None, Some(-1)]))),
        ("time", Arc::new(TimestampMicrosecondArray::from(vec![Some(1), None, Some(3)]).with_timezone("+08:00"))),
        ("text", Arc::new(StringArray::from(vec![Some("甲"), None, Some("")]))),
        ("large", Arc::new(LargeStringArray::from(vec![Some("乙"), None, Some("")]))),
        ("view", Arc::new(StringViewArray::from(vec![Some("short"), None, Some(long)]))),
        ("bytes", Arc::new(BinaryViewArray::from(vec![Some(long.as_bytes()), None, Some(b"x".as_slice())]))),
        ("wide", Arc::new(wide)),
        ("list", Arc::new(list)),
        ("long", Arc::new(large)),
        ("fixed", Arc::new(fixed)),
        ("keyed", Arc::new(keyed)),
        ("inner", Arc::new(inner)),
    ])
}

fn round_trip(batch: &RecordBatch) -> RecordBatch {
    // SAFETY: arrow exported it.
    let schema: SchemaRef = Arc::new(unsafe { take_schema(export_schema(&batch.schema())) }.expect("honest schema"));
    assert_eq!(schema, batch.schema());
    // SAFETY: arrow exported it.
    unsafe { take_batch(export(batch), &schema) }.expect("an honest batch")
}

#[test]
fn every_accepted_type_comes_through_whole_sliced_and_empty() {
    let batch = every_type();
    assert_eq!(round_trip(&batch), batch);
    assert_eq!(round_trip(&batch.slice(1, 2)), batch.slice(1, 2));
    assert_eq!(round_trip(&batch.slice(2, 0)).num_rows(), 0);
}

#[test]
fn a_batch_without_columns_keeps_its_rows() {
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(5));
    let schema = Arc::new(Schema::empty());
    let batch = RecordBatch::try_new_with_options(schema, vec![], &options).expect("rows without columns");
    assert_eq!(round_trip(&batch).num_rows(), 5);
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    check_refused(&numbers(), |top, _| top.length = -1, "length -1");
    check_refused(&numbers(), |_, child| child.length = -1, "column `n`: length -1");
    check_refused(&numbers(), |top, _| top.offset = -8, "offset -8");
    check_refused(&numbers(), |top, _| top.length = i64::MAX, "more than");
    check_refused(&numbers(), |top, _| (top.length, top.offset) = (i64::MAX, i64::MAX), "more than");
    check_refused(&numbers(), |_, child| child.length = 2, "2 rows where 3 are needed");
    check_refused(&numbers(), |top, _| top.length = 4, "3 rows where 4 are needed");
    check_refused(&numbers(), |_, child| child.null_count = 9, "9 nulls in 3 rows");
    check_refused(&numbers(), |_, child| child.null_count = -2, "-2 nulls");
    check_refused(&numbers(), |_, child| child.n_buffers = 1, "with 1 buffers");
    check_refused(&numbers(), |_, child| child.n_buffers = -5, "with -5 buffers");
    check_refused(&numbers(), |top, _| top.n_children = 0, "0 children where the schema has 1");
    check_refused(&numbers(), |top, _| top.n_children = i64::MIN, "children where the schema has 1");
}

#[test]
fn pointers_that_are_not_there_are_refused() {
    check_refused(&numbers(), |_, child| child.buffers = std::ptr::null_mut(), "list of buffers");
    check_refused(&numbers(), |top, _| top.children = std::ptr::null_mut(), "list of children");
    let null_first_child = |top: &mut ArrowArray, _: &mut ArrowArray| {
        let children = Box::leak(Box::new([std::ptr::null_mut::<ArrowArray>()]));
        top.children = children.as_mut_ptr();
    };
    check_refused(&numbers(), null_first_child, "the array is NULL");
    check_refused(
        &numbers(),
        |_, child| child.buffers = leak([std::ptr::null(), std::ptr::null()]),
        "without validity",
    );
    let no_values = |_: &mut ArrowArray, child: &mut ArrowArray| {
        child.null_count = 0;
        child.buffers = leak([std::ptr::null(), std::ptr::null()]);
    };
    check_refused(&numbers(), no_values, "without values");
    let misaligned = |_: &mut ArrowArray, child: &mut ArrowArray| {
        // SAFETY: three buffers are there.
        unsafe { *child.buffers.add(1) = (*child.buffers.add(1)).cast::<u8>().add(1).cast() };
    };
    check_refused(&texts(), misaligned, "not aligned");
}

fn leak<const N: usize>(buffers: [*const std::ffi::c_void; N]) -> *mut *const std::ffi::c_void {
    Box::leak(Box::new(buffers)).as_mut_ptr()
}

#[test]
fn missing_values_that_a_count_hides_are_refused_and_uncounted_ones_are_counted() {
    check_refused(&numbers(), |_, child| child.null_count = 0, "0 nulls are declared, 1 are there");
    check_refused(&numbers(), |_, child| child.null_count = 2, "2 nulls are declared, 1 are there");
    let counted = spoil(&numbers(), |_, child| child.null_count = -1).expect("uncounted nulls are allowed");
    assert_eq!(counted, numbers());
    check_refused(&numbers(), |top, _| top.null_count = 1, "1 nulls without validity bits");
}

#[test]
fn offsets_and_bytes_that_do_not_fit_are_refused() {
    let offsets = |values: [i32; 4]| {
        move |_: &mut ArrowArray, child: &mut ArrowArray| {
            let values = Box::leak(Box::new(values));
            // SAFETY: a text has three buffers.
            unsafe { *child.buffers.add(1) = values.as_ptr().cast() };
        }
    };
    check_refused(&texts(), offsets([0, 3, 3, -1]), "the last offset is -1");
    check_refused(&texts(), offsets([0, 4, 3, 5]), "\"t\": ");
    check_refused(&texts(), offsets([-4, 3, 3, 5]), "offset[0] (-4)");
    check_refused(&texts(), offsets([0, 1, 3, 5]), "\"t\": ");
    check_refused(&texts(), offsets([0, 9, 3, 5]), "\"t\": ");
}

#[test]
fn a_dictionary_that_is_missing_or_too_small_is_refused() {
    let keyed: DictionaryArray<Int32Type> = [Some("x"), Some("y")].into_iter().collect();
    let batch = columns(vec![("k", Arc::new(keyed))]);
    check_refused(&batch, |_, child| child.dictionary = std::ptr::null_mut(), "a dictionary is missing");
    // SAFETY: arrow exported a dictionary.
    check_refused(&batch, |_, child| unsafe { (*child.dictionary).length = 1 }, "\"k\": ");
}

#[test]
fn views_beyond_their_bytes_are_refused() {
    let batch = columns(vec![("v", Arc::new(StringViewArray::from(vec!["a text that is longer than twelve bytes"])))]);
    check_refused(&batch, |_, child| child.n_buffers = 2, "with 2 buffers");
    let negative = |_: &mut ArrowArray, child: &mut ArrowArray| {
        let lengths = Box::leak(Box::new([-1_i64]));
        // SAFETY: validity, views, one buffer of data, lengths.
        unsafe { *child.buffers.add(3) = lengths.as_ptr().cast() };
    };
    check_refused(&batch, negative, "-1 bytes");
    let short = |_: &mut ArrowArray, child: &mut ArrowArray| {
        let lengths = Box::leak(Box::new([3_i64]));
        // SAFETY: as above.
        unsafe { *child.buffers.add(3) = lengths.as_ptr().cast() };
    };
    check_refused(&batch, short, "\"v\": ");
}

#[test]
fn a_null_in_a_column_that_has_none_is_refused() {
    let batch = numbers();
    let strict = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
    // SAFETY: arrow exported it.
    let refusal = unsafe { take_batch(export(&batch), &strict) }.expect_err("a null where none may be");
    assert!(refusal.contains('n'), "{refusal}");
}

fn schema_refused(spoil: impl FnOnce(&mut ArrowSchema, &mut ArrowSchema), rule: &str) {
    let mut schema = export_schema(&numbers().schema());
    // SAFETY: arrow exported one child.
    let child = unsafe { &mut **schema.children };
    let kept = (child.format, child.name, child.metadata, child.n_children, schema.format, schema.children);
    let place = std::ptr::from_mut(child);
    spoil(&mut schema, child);
    // arrow's release frees what it finds, so what was spoiled is put back first.
    let release = schema.release.take();
    // SAFETY: what was spoiled are pointers and numbers that are checked.
    let refusal = unsafe { super::schema::check_borrowed(&schema) }.expect_err(rule);
    assert!(refusal.contains(rule), "expected `{rule}`, got `{refusal}`");
    // SAFETY: the child is where it was.
    let child = unsafe { &mut *place };
    (child.format, child.name, child.metadata, child.n_children, schema.format, schema.children) = kept;
    schema.n_children = 1;
    schema.release = release;
    drop(super::schema::OwnedSchema(schema));
}

#[test]
fn schemas_that_cannot_be_are_refused() {
    schema_refused(|_, child| child.format = std::ptr::null(), "format");
    schema_refused(|_, child| child.format = c"\xff".as_ptr(), "format");
    schema_refused(|_, child| child.name = c"\xff\xfe".as_ptr(), "not UTF-8");
    schema_refused(|top, _| top.n_children = -1, "-1 children");
    schema_refused(|top, _| top.children = std::ptr::null_mut(), "list of children");
    schema_refused(|_, child| child.n_children = 3, "`l` with 3 children");
    schema_refused(|_, child| child.format = c"+ud:0,1".as_ptr(), "not accepted");
    schema_refused(|_, child| child.metadata = (&raw const NEGATIVE).cast(), "metadata has -1 entries");
    schema_refused(|_, child| child.metadata = (&raw const NEGATIVE_TEXT).cast(), "a text of -7 bytes");
}

static NEGATIVE: [i32; 1] = [-1];
static NEGATIVE_TEXT: [i32; 2] = [1, -7];

#[test]
fn types_that_do_not_cross_are_refused_by_name() {
    let union = UnionArray::try_new(
        [(0, Arc::new(Field::new("a", DataType::Int64, true)))].into_iter().collect(),
        vec![0].into(),
        None,
        vec![Arc::new(Int64Array::from(vec![1]))],
    );
    let union = union.expect("a union").data_type().clone();
    for kind in [union, DataType::FixedSizeBinary(0), DataType::Decimal128(38, -100)] {
        let schema = export_schema(&Schema::new(vec![Field::new("odd", kind.clone(), true)]));
        // SAFETY: arrow exported it.
        let refusal = unsafe { take_schema(schema) }.expect_err("the type is refused");
        assert!(refusal.contains("not accepted") || refusal.contains("arrow"), "{kind}: {refusal}");
    }
}

#[test]
fn a_schema_that_is_not_of_rows_is_refused() {
    let schema = ManuallyDrop::new(FFI_ArrowSchema::try_from(&DataType::Int64).expect("a type can be exported"));
    // SAFETY: same layout; arrow's copy is never dropped.
    let schema = unsafe { std::ptr::read((&raw const schema).cast::<ArrowSchema>()) };
    // SAFETY: arrow exported it.
    let refusal = unsafe { take_schema(schema) }.expect_err("a number is not rows");
    assert!(refusal.contains("struct schema"), "{refusal}");
    // SAFETY: nothing to point anywhere.
    let refusal = unsafe { take_schema(ArrowSchema::empty()) }.expect_err("a released schema");
    assert!(refusal.contains("released"), "{refusal}");
}
