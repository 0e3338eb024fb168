//! Results as a file that is the same, byte for byte, whenever the results are: sorted rows, fixed spellings, no run id, no
//! time stamp.
//!
//! CSV is UTF-8 with a byte order mark, so that spreadsheets read Chinese, and text that a spreadsheet would take for a
//! formula gets a leading apostrophe.

use crate::error::{Result, WarehouseError};
use crate::results::ResultFilter;
use crate::session::new_session;
use crate::warehouse::Warehouse;
use arrow::array::{Array, ArrayRef, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use datafusion::prelude::{Expr, col};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::path::Path;
use zhengai_model::ids::RunId;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Warehouse {
    /// Writes the results of a run to `path`, as CSV or Parquet by its extension.
    pub async fn export_results(&self, run: &RunId, path: &Path) -> Result<()> {
        let write = match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => csv_file,
            Some("parquet") => parquet_bytes,
            _ => return Err(WarehouseError::ExportFormat { path: path.to_owned() }),
        };
        let rows = self.canonical_results(run).await?;
        let bytes = write(&rows).map_err(|source| WarehouseError::parquet(path, source))?;
        std::fs::write(path, bytes).map_err(|source| WarehouseError::io(path, source))
    }

    /// All results of a run in one batch, ordered by every column in turn, so that equal results are equal batches.
    pub async fn canonical_results(&self, run: &RunId) -> Result<RecordBatch> {
        let batches = self.results(run, &ResultFilter::all()).await?;
        let Some(first) = batches.first() else { return Err(WarehouseError::NoResults { run: run.clone() }) };
        let rows = concat_batches(&first.schema(), &batches)?;
        let failed = |source| WarehouseError::query("results", source);
        let names = rows.schema();
        let by_all = names.fields().iter().map(|field| {
            let column: Expr = col(datafusion::common::Column::new_unqualified(field.name()));
            column.sort(true, true)
        });
        let sorted =
            new_session().read_batch(rows.clone()).and_then(|frame| frame.sort(by_all.collect())).map_err(failed)?;
        let sorted = sorted.collect().await.map_err(failed)?;
        Ok(concat_batches(&rows.schema(), &sorted)?)
    }
}

fn csv_file(rows: &RecordBatch) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let mut out = csv_header(&rows.schema());
    out.extend(csv_lines(rows)?);
    Ok(out)
}

/// How a CSV file of these columns begins: byte order mark and header.
pub fn csv_header(schema: &arrow::datatypes::Schema) -> Vec<u8> {
    let mut out = BYTE_ORDER_MARK.to_vec();
    let header: Vec<Option<String>> = schema.fields().iter().map(|field| Some(safe(field.name()))).collect();
    csv_line(&mut out, &header);
    out
}

/// Rows as lines of CSV.
pub fn csv_lines(rows: &RecordBatch) -> Result<Vec<u8>, arrow::error::ArrowError> {
    let mut out = Vec::new();
    let mut columns: Vec<(bool, StringArray)> = Vec::with_capacity(rows.num_columns());
    for column in rows.columns() {
        let is_text = column.data_type() == &DataType::Utf8;
        let texts: ArrayRef = cast(column, &DataType::Utf8)?;
        let texts = texts.as_any().downcast_ref::<StringArray>().cloned();
        columns.push((is_text, texts.expect("a cast to text gives text")));
    }
    for row in 0..rows.num_rows() {
        let cells: Vec<Option<String>> = columns
            .iter()
            .map(|(is_text, texts)| {
                let cell = texts.is_valid(row).then(|| texts.value(row))?;
                Some(if *is_text { safe(cell) } else { cell.to_owned() })
            })
            .collect();
        csv_line(&mut out, &cells);
    }
    Ok(out)
}

/// Text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// One line; an empty cell is nothing, an empty text is `""`.
fn csv_line(out: &mut Vec<u8>, cells: &[Option<String>]) {
    for (position, cell) in cells.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        if let Some(cell) = cell {
            if cell.is_empty() || cell.contains(['"', ',', '\n', '\r']) {
                out.push(b'"');
                out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                out.push(b'"');
            } else {
                out.extend_from_slice(cell.as_bytes());
            }
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// Rows as a Parquet file.
pub fn parquet_bytes(rows: &RecordBatch) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("zhengai".to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties))?;
    writer.write(rows)?;
    writer.into_inner()
}
