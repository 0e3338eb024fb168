//! Rows of a connector, whatever their Arrow types, as the columns of text that the warehouse stages. Values are written
//! exactly: decimals with their digits, days and times as ISO text, floats so that reading gives the same number; what is
//! absent stays absent.

use arrow::array::{
    Array, ArrayRef, Float16Array, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use std::sync::Arc;
use zhengai_warehouse::{FAULT, LINE};

/// Turns batches of one read into text.
pub(crate) struct ToText {
    /// Positions of the columns that are data.
    data: Vec<usize>,
    /// Position of the connector's own complaints, when it has them.
    fault: Option<usize>,
    schema: SchemaRef,
    /// Rows so far.
    count: i64,
}

impl ToText {
    /// For rows of this schema. Columns named `_line` and `_fault` are the connector's own and no data.
    pub(crate) fn new(schema: &Schema) -> Self {
        let own = |name: &str| name == LINE || name == FAULT;
        let data: Vec<usize> =
            schema.fields().iter().enumerate().filter(|(_, field)| !own(field.name())).map(|(at, _)| at).collect();
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let mut fields: Vec<Field> = data.iter().map(|at| text(schema.field(*at).name())).collect();
        fields.push(Field::new(LINE, DataType::Int64, false));
        fields.push(text(FAULT));
        Self { data, fault: schema.index_of(FAULT).ok(), schema: Arc::new(Schema::new(fields)), count: 0 }
    }

    /// Headers, without the two system columns.
    pub(crate) fn columns(&self) -> Vec<String> {
        self.data.iter().enumerate().map(|(at, _)| self.schema.field(at).name().clone()).collect()
    }

    /// One batch. Lines count on from the batch before.
    pub(crate) fn convert(&mut self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let rows = batch.num_rows();
        let mut arrays = Vec::with_capacity(self.data.len() + 2);
        for at in &self.data {
            arrays.push(text(batch.column(*at))?);
        }
        let lines = Int64Array::from_iter_values((self.count + 1..).take(rows));
        self.count += i64::try_from(rows).unwrap_or(i64::MAX);
        arrays.push(Arc::new(lines));
        arrays.push(match self.fault {
            Some(at) => text(batch.column(at))?,
            None => new_null_array(&DataType::Utf8, rows),
        });
        RecordBatch::try_new(self.schema.clone(), arrays)
    }
}

/// A column as text.
fn text(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let texts: StringArray = match column.data_type() {
        DataType::Utf8 => return Ok(Arc::clone(column)),
        DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => return cast(column, &DataType::Utf8),
        DataType::Dictionary(_, values) => return text(&cast(column, values)?),
        // `Display` of a float never uses an exponent and is the shortest text that reads back as the same number.
        DataType::Float64 => shown(column.as_any().downcast_ref::<Float64Array>().into_iter().flatten()),
        DataType::Float32 => shown(column.as_any().downcast_ref::<Float32Array>().into_iter().flatten()),
        DataType::Float16 => {
            let values = column.as_any().downcast_ref::<Float16Array>().into_iter().flatten();
            shown(values.map(|value| value.map(|value| value.to_f32())))
        }
        _ => {
            let options = FormatOptions::new()
                .with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.f"))
                .with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.f"))
                .with_datetime_format(Some("%Y-%m-%d"));
            let formatter = ArrayFormatter::try_new(column, &options)?;
            let cell = |row| (!column.is_null(row)).then(|| formatter.value(row).try_to_string()).transpose();
            (0..column.len()).map(cell).collect::<Result<StringArray, ArrowError>>()?
        }
    };
    Ok(Arc::new(texts))
}

fn shown<T: std::fmt::Display>(values: impl Iterator<Item = Option<T>>) -> StringArray {
    values.map(|value| value.map(|value| value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::ToText;
    use arrow::array::{
        ArrayRef, AsArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray, Float32Array,
        Float64Array, Int8Array, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray, StringViewArray,
        Time32SecondArray, TimestampMillisecondArray, TimestampSecondArray, UInt64Array,
    };
    use arrow::datatypes::{Int8Type, Int32Type, Int64Type};
    use std::sync::Arc;

    #[track_caller]
    fn check(column: impl arrow::array::Array + 'static, want: &[Option<&str>]) {
        let column: ArrayRef = Arc::new(column);
        let batch = RecordBatch::try_from_iter([("列", column)]).expect("a batch");
        let mut rows = ToText::new(&batch.schema());
        assert_eq!(rows.columns(), ["列"]);
        let text = rows.convert(&batch).expect("text");
        assert_eq!(text.column(0).as_string::<i32>().iter().collect::<Vec<_>>(), want);
    }

    #[test]
    fn numbers_keep_every_digit_and_gain_none() {
        check(Int8Array::from(vec![Some(-7), None]), &[Some("-7"), None]);
        check(UInt64Array::from(vec![u64::MAX]), &[Some("18446744073709551615")]);
        let money = Decimal128Array::from(vec![Some(123_456), Some(-5), None]).with_precision_and_scale(20, 2);
        check(money.expect("a decimal"), &[Some("1234.56"), Some("-0.05"), None]);
        let huge = [0.1, 1.0, 1e21, 1e-7];
        check(
            Float64Array::from(huge.to_vec()),
            &[Some("0.1"), Some("1"), Some("1000000000000000000000"), Some("0.0000001")],
        );
        check(Float32Array::from(vec![0.1]), &[Some("0.1")]);
    }

    #[test]
    fn days_and_times_are_iso_text_in_the_time_zone_of_the_column() {
        check(Date32Array::from(vec![Some(20_332), None]), &[Some("2025-09-01"), None]);
        check(Date64Array::from(vec![1_756_684_800_000]), &[Some("2025-09-01")]);
        check(TimestampSecondArray::from(vec![1_756_684_800]), &[Some("2025-09-01T00:00:00")]);
        check(TimestampMillisecondArray::from(vec![1_756_684_800_250]), &[Some("2025-09-01T00:00:00.250")]);
        let beijing = TimestampSecondArray::from(vec![1_756_684_800]).with_timezone("+08:00");
        check(beijing, &[Some("2025-09-01T08:00:00")]);
        check(Time32SecondArray::from(vec![28_800]), &[Some("08:00:00")]);
    }

    #[test]
    fn texts_of_every_kind_and_truths_stay_what_they_are() {
        check(StringArray::from(vec![Some("甲"), Some(""), None]), &[Some("甲"), Some(""), None]);
        check(LargeStringArray::from(vec![Some("乙"), None]), &[Some("乙"), None]);
        check(StringViewArray::from(vec![Some("丙"), None]), &[Some("丙"), None]);
        let words: DictionaryArray<Int8Type> = vec![Some("丁"), None, Some("丁")].into_iter().collect();
        check(words, &[Some("丁"), None, Some("丁")]);
        check(BooleanArray::from(vec![Some(true), Some(false), None]), &[Some("true"), Some("false"), None]);
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1), Some(2)]), None]);
        check(list, &[Some("[1, 2]"), None]);
    }

    #[test]
    fn lines_count_on_and_the_connectors_own_complaints_are_no_data() {
        let column: ArrayRef = Arc::new(StringArray::from(vec!["a", "b"]));
        let line: ArrayRef = Arc::new(Int64Array::from(vec![70, 71]));
        let fault: ArrayRef = Arc::new(StringArray::from(vec![None, Some("{\"rule\":\"row.syntax\"}")]));
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("_fault", fault, true),
            ("x", column, true),
            ("_line", line, true),
        ])
        .expect("a batch");
        let mut rows = ToText::new(&batch.schema());
        assert_eq!(rows.columns(), ["x"]);
        rows.convert(&batch).expect("text");
        let second = rows.convert(&batch).expect("text");
        assert_eq!(second.column(1).as_primitive::<Int64Type>().values().to_vec(), [3, 4]);
        let complaints: Vec<_> = second.column(2).as_string::<i32>().iter().collect();
        assert_eq!(complaints, [None, Some("{\"rule\":\"row.syntax\"}")]);
    }
}
