//! Tests of rows between host and worker: what goes in comes out, and no byte that a stranger changes does harm.

use super::{Encoder, RowDecoder, read_piece};
use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Int64Array, ListArray, NullArray, RecordBatch,
    RecordBatchOptions, StringArray,
};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use std::sync::Arc;

fn batch(rows: i64) -> RecordBatch {
    let numbers: ArrayRef = Arc::new((0..rows).map(|n| (n % 3 != 0).then_some(n)).collect::<Int64Array>());
    let texts: ArrayRef = Arc::new((0..rows).map(|n| (n % 2 == 0).then(|| format!("文{n}"))).collect::<StringArray>());
    let words = (0..rows).map(|n| Some(if n % 2 == 0 { "甲" } else { "乙" }));
    let words: ArrayRef = Arc::new(words.collect::<DictionaryArray<Int32Type>>());
    let flags: ArrayRef = Arc::new((0..rows).map(|n| Some(n % 5 == 0)).collect::<BooleanArray>());
    let lists = (0..rows).map(|n| Some(vec![Some(n as i32); (n % 4) as usize]));
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists));
    let money = (0..rows).map(|n| Some(i128::from(n) * 100)).collect::<Decimal128Array>();
    let money: ArrayRef = Arc::new(money.with_precision_and_scale(20, 2).unwrap());
    let nothing: ArrayRef = Arc::new(NullArray::new(rows as usize));
    let columns = [numbers, texts, words, flags, lists, money, nothing];
    let fields =
        columns.iter().enumerate().map(|(n, column)| Field::new(format!("c{n}"), column.data_type().clone(), true));
    let metadata = [("sheet".to_owned(), "表一".to_owned())].into();
    let schema = Arc::new(Schema::new_with_metadata(fields.collect::<Vec<_>>(), metadata));
    RecordBatch::try_new(schema, columns.into()).unwrap()
}

fn piece(bytes: &[u8]) -> Buffer {
    read_piece(&mut &*bytes, bytes.len() as u64, || {}).unwrap()
}

#[test]
fn batches_come_out_as_they_went_in_slices_and_empty_ones_included() {
    let whole = batch(1000);
    let sent = [whole.clone(), whole.slice(7, 100), whole.slice(0, 0), whole.slice(999, 1)];
    let (mut encoder, head) = Encoder::new(&whole.schema()).unwrap();
    let mut decoder = RowDecoder::new(piece(&head)).unwrap();
    assert_eq!(decoder.schema(), whole.schema());
    for batch in sent {
        assert_eq!(decoder.batch(piece(&encoder.batch(&batch).unwrap())).unwrap(), batch);
    }
}

#[test]
fn batches_without_columns_keep_their_rows() {
    let schema: SchemaRef = Arc::new(Schema::empty());
    let rows = RecordBatchOptions::new().with_row_count(Some(7));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), Vec::new(), &rows).unwrap();
    let (mut encoder, head) = Encoder::new(&schema).unwrap();
    let mut decoder = RowDecoder::new(piece(&head)).unwrap();
    for _ in 0..3 {
        assert_eq!(decoder.batch(piece(&encoder.batch(&batch).unwrap())).unwrap().num_rows(), 7);
    }
}

#[test]
fn a_piece_that_is_cut_off_or_holds_two_batches_is_refused() {
    let whole = batch(10);
    let (mut encoder, head) = Encoder::new(&whole.schema()).unwrap();
    let one = encoder.batch(&whole).unwrap();
    for length in 0..one.len() {
        let mut decoder = RowDecoder::new(piece(&head)).unwrap();
        assert!(decoder.batch(piece(&one[..length])).is_err(), "{length}");
    }
    let two = [encoder.batch(&whole).unwrap(), encoder.batch(&whole).unwrap()].concat();
    let mut decoder = RowDecoder::new(piece(&head)).unwrap();
    decoder.batch(piece(&one)).unwrap();
    assert!(decoder.batch(piece(&two)).is_err());
    for length in 0..head.len() - 8 {
        assert!(RowDecoder::new(piece(&head[..length])).is_err(), "{length}");
    }
}

#[test]
fn no_byte_that_is_changed_ends_the_process_or_makes_a_text_that_is_none() {
    let whole = batch(20);
    let (mut encoder, head) = Encoder::new(&whole.schema()).unwrap();
    let body = encoder.batch(&whole).unwrap();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for at in 0..head.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut spoilt = head.clone();
            spoilt[at] ^= change;
            drop(RowDecoder::new(piece(&spoilt)));
        }
    }
    for at in 0..body.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut spoilt = body.clone();
            spoilt[at] ^= change;
            let mut decoder = RowDecoder::new(piece(&head)).unwrap();
            if let Ok(batch) = decoder.batch(piece(&spoilt)) {
                for column in batch.columns() {
                    column.to_data().validate_full().unwrap();
                }
            }
        }
    }
    std::panic::set_hook(hook);
}

#[test]
fn types_that_do_not_cross_the_interface_do_not_cross_here() {
    let field = Field::new("r", DataType::Int32, false);
    let kind = DataType::RunEndEncoded(Arc::new(field), Arc::new(Field::new("values", DataType::Utf8, true)));
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("x", kind, true)]));
    let (_, head) = Encoder::new(&schema).unwrap();
    let refused = RowDecoder::new(piece(&head)).err().unwrap();
    assert!(refused.contains("column `x`"), "{refused}");
}

#[test]
fn a_promise_of_bytes_that_do_not_come_is_an_error_and_no_allocation() {
    let error = read_piece(&mut &b"few"[..], u64::MAX / 2, || {}).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
}
