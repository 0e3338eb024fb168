//! Batches of rows: every column as text in file order, then `_line`, then `_fault`.

use crate::row::{BAD_BYTE, Row, RowFault};
use arrow::array::{ArrayRef, BooleanBufferBuilder, Int64Array, RecordBatch, StringArray, StringBuilder};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::Arc;
use zhengai_plugin::Result;

/// Cells of a batch; wide tables get fewer rows.
const CELLS: usize = 1 << 20;
/// Bytes of a batch, about.
const BYTES: usize = 16 << 20;

/// Schema of the batches of a table. An empty cell is NULL, always.
pub fn schema(columns: &[String], metadata: HashMap<String, String>) -> SchemaRef {
    let mut fields: Vec<Field> = columns.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    fields.push(Field::new("_line", DataType::Int64, false));
    fields.push(Field::new("_fault", DataType::Utf8, true));
    Arc::new(Schema::new_with_metadata(fields, metadata))
}

struct Column {
    text: Vec<u8>,
    ends: Vec<i32>,
    valid: BooleanBufferBuilder,
}

impl Column {
    fn new() -> Self {
        Self { text: Vec::new(), ends: vec![0], valid: BooleanBufferBuilder::new(0) }
    }

    fn push(&mut self, cell: &[u8]) {
        self.text.extend_from_slice(cell);
        // A batch is closed at 16 MiB and a record is bounded, so the sum stays far below 2 GiB.
        self.ends.push(i32::try_from(self.text.len()).unwrap_or(i32::MAX));
        self.valid.append(!cell.is_empty());
    }

    fn finish(&mut self) -> Result<ArrayRef> {
        let ends = std::mem::replace(&mut self.ends, vec![0]);
        let text = std::mem::take(&mut self.text);
        let nulls = NullBuffer::new(self.valid.finish());
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
        Ok(Arc::new(StringArray::try_new(offsets, Buffer::from_vec(text), Some(nulls))?))
    }
}

/// Gathers rows.
pub struct BatchBuilder {
    schema: SchemaRef,
    encoding: String,
    columns: Vec<Column>,
    lines: Vec<i64>,
    faults: StringBuilder,
    bytes: usize,
    limit: usize,
}

impl BatchBuilder {
    /// For a table of this schema.
    pub fn new(schema: SchemaRef, batch_rows: usize, encoding: &str) -> Self {
        let count = schema.fields().len().saturating_sub(2);
        Self {
            schema,
            encoding: encoding.to_owned(),
            columns: (0..count).map(|_| Column::new()).collect(),
            lines: Vec::new(),
            faults: StringBuilder::new(),
            bytes: 0,
            limit: batch_rows.min(CELLS / count.max(1)).max(1),
        }
    }

    /// Takes a row. Cells beyond the columns count only when they have content.
    pub fn push(&mut self, row: &mut Row) {
        let width = self.columns.len();
        let found = row.cells.len();
        if found != width && row.fault.is_none() {
            let beyond = (width..found).any(|index| !crate::row::is_blank(row.cell(index)));
            if found < width || beyond {
                row.fault = Some(RowFault::columns(width, found));
            }
        }
        if let Some(offset) = row.bad_offset {
            self.mend(row, offset);
        }
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.push(row.cell(index));
        }
        self.bytes += row.text.len();
        self.lines.push(i64::try_from(row.line).unwrap_or(i64::MAX));
        match &row.fault {
            Some(fault) => self.faults.append_value(fault.to_json()),
            None => self.faults.append_null(),
        }
    }

    /// Names the first column with undecodable bytes and shows them as U+FFFD.
    fn mend(&self, row: &mut Row, offset: u64) {
        let texts: Vec<Vec<u8>> = (0..row.cells.len()).map(|index| row.cell(index).to_vec()).collect();
        let at = texts.iter().position(|text| memchr::memchr(BAD_BYTE, text).is_some());
        row.text.clear();
        row.cells.clear();
        for text in &texts {
            row.push(String::from_utf8_lossy(text).as_bytes());
        }
        let name = at.and_then(|at| self.schema.fields().get(at)).map(|field| field.name().clone());
        let column = name.filter(|_| at.is_some_and(|at| at < self.columns.len()));
        let value = at.map(|at| row.cell_text(at));
        row.fault = Some(RowFault::encoding(column, value, offset, &self.encoding));
    }

    /// True when it is time to hand the batch over.
    pub fn is_full(&self) -> bool {
        self.lines.len() >= self.limit || self.bytes >= BYTES
    }

    /// Rows gathered.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The batch; the builder is empty afterwards.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        let mut arrays = Vec::with_capacity(self.columns.len() + 2);
        for column in &mut self.columns {
            arrays.push(column.finish()?);
        }
        arrays.push(Arc::new(Int64Array::from(std::mem::take(&mut self.lines))));
        arrays.push(Arc::new(self.faults.finish()));
        self.bytes = 0;
        Ok(RecordBatch::try_new(self.schema.clone(), arrays)?)
    }
}
