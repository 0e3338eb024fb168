//! Parquet.

use super::{discover, gz, read, refused};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampSecondArray,
};
use parquet::arrow::ArrowWriter;
use std::sync::Arc;

fn parquet() -> Vec<u8> {
    let decimals = Decimal128Array::from(vec![Some(150), None]).with_precision_and_scale(10, 2).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("学号", Arc::new(StringArray::from(vec![Some("1"), Some("")]))),
        ("数", Arc::new(Int64Array::from(vec![i64::MAX, -1]))),
        ("分", Arc::new(Float64Array::from(vec![0.1, 90.0]))),
        ("钱", Arc::new(decimals)),
        ("日", Arc::new(Date32Array::from(vec![20_332, 0]))),
        ("时", Arc::new(TimestampSecondArray::from(vec![1_756_728_000, 0]))),
        ("是", Arc::new(BooleanArray::from(vec![true, false]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn values_come_as_exact_text_with_row_numbers_as_lines() {
    let got = read("a.parquet", &parquet()).unwrap();
    assert_eq!(got.columns, ["学号", "数", "分", "钱", "日", "时", "是"]);
    assert_eq!(
        got.texts()[0],
        ["1", "9223372036854775807", "0.1", "1.50", "2025-09-01", "2025-09-01T12:00:00", "true"]
    );
    assert_eq!(got.texts()[1], ["", "-1", "90", "", "1970-01-01", "1970-01-01T00:00:00", "false"]);
    assert_eq!(got.rows[1][0], None);
    assert_eq!(got.lines, [1, 2]);
}

#[test]
fn parquet_in_gz_is_unpacked_first() {
    assert_eq!(read("a.parquet.gz", &gz(&parquet())).unwrap().rows.len(), 2);
}

#[test]
fn discovery_knows_the_number_of_rows() {
    assert_eq!(discover("a.parquet", &parquet()).unwrap()["streams"][0]["rows"], 2);
}

#[test]
fn a_damaged_parquet_has_its_own_message() {
    let mut bytes = parquet();
    bytes.truncate(bytes.len() / 2);
    assert_eq!(refused("a.parquet", &bytes).key, "file-bad-parquet");
}
