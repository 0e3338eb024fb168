//! Rejected rows as a file for people, and the mended file back.

use super::{MendError, MendedRow};
use crate::batches::REASON_PREFIX;
use crate::college::College;
use crate::error::ServiceError;
use crate::files::{self, Cells};
use crate::text;
use arrow::array::{Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use std::path::Path;
use zhengai_model::rights::Right;
use zhengai_model::text::Language;
use zhengai_warehouse::CancelFlag;

impl College {
    /// Reads a mended export of rejected rows: its lines, and the cells of each.
    pub fn mended_rows(&self, path: &Path, cancel: &CancelFlag) -> Result<Vec<MendedRow>, ServiceError> {
        self.permit(Right::ReviewData)?;
        let source = files::open_file(self, path, None, None, Cells::Exported, cancel)?;
        let columns = source.rows.columns;
        let numbers = columns.iter().position(|column| line_headers().contains(column));
        let numbers = numbers.ok_or_else(|| MendError::NoLines { path: path.to_path_buf() })?;
        let mut rows = Vec::new();
        for batch in source.rows.batches {
            let batch = batch.map_err(zhengai_warehouse::WarehouseError::from)?;
            let mut texts = Vec::with_capacity(columns.len());
            for column in batch.columns().iter().take(columns.len()) {
                let text = cast(column, &DataType::Utf8).map_err(zhengai_warehouse::WarehouseError::from)?;
                texts.push(
                    text.as_any().downcast_ref::<StringArray>().cloned().unwrap_or_else(|| StringArray::new_null(0)),
                );
            }
            for row in 0..batch.num_rows() {
                let cell = |column: &StringArray| match row < column.len() && column.is_valid(row) {
                    true => column.value(row).to_owned(),
                    false => String::new(),
                };
                let number = texts.get(numbers).map(cell).unwrap_or_default();
                let line = number.trim().parse();
                let line = line.map_err(|_| MendError::BadLine { path: path.to_path_buf(), text: number })?;
                let named = columns.iter().zip(&texts).filter(|(name, _)| !name.starts_with(REASON_PREFIX));
                let cells = named.map(|(name, column)| (name.clone(), cell(column))).collect();
                rows.push(MendedRow { line, cells });
            }
        }
        Ok(rows)
    }
}

/// The header over the numbers of lines, as each language writes it: the reader's may be another than the writer's.
fn line_headers() -> Vec<String> {
    let header = |language| format!("{REASON_PREFIX}{}", text::texts(language).text("reject-line", &[]));
    [Language::Chinese, Language::English].map(header).to_vec()
}
