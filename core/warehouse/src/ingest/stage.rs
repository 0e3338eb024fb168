//! Staging: all rows of a source become fields or rejects. Memory stays flat: one batch of rows at a time.

use super::columns::resolve;
use super::files::{StageFile, StagingArea, close_parquet};
use super::reject::RejectWriter;
use super::rows::RowReader;
use super::{StageRequest, Staged};
use crate::error::{Result, WarehouseError};
use crate::source::{CancelFlag, Progress, SourceRows};
use crate::warehouse::Warehouse;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::fs::File;
use std::path::{Path, PathBuf};
use zhengai_model::batch::Notice;
use zhengai_model::text::Message;

/// Data rows of a sheet that a spreadsheet filled to its last line: the rest may be missing.
const FULL_SHEET: u64 = 1_048_575;

impl Warehouse {
    /// Reads all rows of a source, turns them into fields, checks each row by itself, and keeps both kinds beside each
    /// other: good rows for the plan, rejected ones with place, rule and reason. Anything staged before under this batch
    /// is thrown away first; a batch that is applied is refused.
    ///
    /// A file that as a whole cannot be taken, a source that fails and a raised `cancel` leave nothing behind.
    pub async fn stage(
        &self,
        request: StageRequest<'_>,
        source: SourceRows,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Staged> {
        let area = self.staging(request.batch)?;
        if self.is_applied(&request.dataset.id, request.batch).await? {
            return Err(WarehouseError::AlreadyApplied { batch: request.batch.clone() });
        }
        area.begin()?;
        let outcome = self.stage_into(&area, &request, source, progress, cancel).await;
        if outcome.is_err() {
            area.remove_all()?;
        }
        outcome
    }

    async fn stage_into(
        &self,
        area: &StagingArea,
        request: &StageRequest<'_>,
        source: SourceRows,
        progress: Progress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Staged> {
        let resolved = resolve(request.dataset, request.mapping, &source.columns, &request.file)?;
        let mut notices: Vec<Notice> =
            resolved.ignored.iter().map(|column| column_ignored(&request.file, column)).collect();
        let reader = RowReader::new(self, request, &source.columns, resolved).await?;
        let mut rows = BatchFile::create(area.rows(), reader.row_schema().clone())?;
        let mut originals = BatchFile::create(area.source(), reader.source_schema())?;
        let mut rejects = RejectWriter::new(area.rejects());
        let (mut read, mut accepted, mut rejected) = (0_u64, 0_u64, 0_u64);
        for batch in source.batches {
            if cancel.is_cancelled() {
                return Err(WarehouseError::Cancelled);
            }
            let found = reader.read(&batch?)?;
            rows.write(&found.rows)?;
            originals.write(&found.source)?;
            for row in &found.rejected {
                let cells: Vec<(&str, &str)> =
                    source.columns.iter().map(String::as_str).zip(row.cells.iter().map(String::as_str)).collect();
                rejects.add(row.line, &row.fault, &cells, row.key)?;
            }
            read += found.read as u64;
            accepted += found.rows.num_rows() as u64;
            rejected += found.rejected.len() as u64;
            progress(read);
            tokio::task::yield_now().await;
        }
        if cancel.is_cancelled() {
            return Err(WarehouseError::Cancelled);
        }
        if read == 0 {
            return Err(WarehouseError::HeaderOnly { file: request.file.clone() });
        }
        if read == FULL_SHEET {
            notices.push(truncated(&request.file));
        }
        rows.close()?;
        originals.close()?;
        rejects.close()?;
        let staged = Staged { read, accepted, rejected, notices };
        area.finish_staging(&StageFile {
            dataset: request.dataset.id.clone(),
            file: request.file.clone(),
            sheet: request.sheet.clone(),
            columns: source.columns,
            staged: staged.clone(),
        })?;
        Ok(staged)
    }
}

fn column_ignored(file: &str, column: &str) -> Notice {
    let message = Message::new("warehouse-notice-column-ignored").with("file", file).with("column", column);
    Notice { rule: "column.ignored".to_owned(), message }
}

fn truncated(file: &str) -> Notice {
    let message = Message::new("warehouse-notice-file-truncated").with("file", file).with("rows", FULL_SHEET);
    Notice { rule: "file.truncated".to_owned(), message }
}

/// How files of the staging area are written: read once, soon, so without statistics.
pub(crate) fn file_properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .build()
}

/// A Parquet file of the staging area that is being written.
struct BatchFile {
    path: PathBuf,
    writer: ArrowWriter<File>,
}

impl BatchFile {
    fn create(path: PathBuf, schema: SchemaRef) -> Result<Self> {
        let file = File::create(&path).map_err(|source| WarehouseError::io(&path, source))?;
        let writer = ArrowWriter::try_new(file, schema, Some(file_properties())).map_err(parquet(&path))?;
        Ok(Self { path, writer })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).map_err(parquet(&self.path))
    }

    fn close(self) -> Result<()> {
        close_parquet(&self.path, self.writer)
    }
}

fn parquet(path: &Path) -> impl Fn(parquet::errors::ParquetError) -> WarehouseError + '_ {
    move |source| WarehouseError::parquet(path, source)
}
