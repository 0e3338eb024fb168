//! Files of a run's results (导出): made piece by piece, so that whoever sends them holds one piece at a time. Equal
//! fingerprints give equal bytes.

use crate::college::College;
use crate::error::ServiceError;
use crate::export::{Sheet, xlsx_bytes};
use crate::rows::decode;
use arrow::array::RecordBatch;
use std::path::{Path, PathBuf};
use zhengai_model::rights::Right;
use zhengai_warehouse::{WarehouseError, csv_header, csv_lines, parquet_bytes};

/// Rows of one piece.
const ROWS: usize = 4096;

/// Rows that one sheet of a workbook takes beside its header.
const SHEET: usize = 1_048_575;

/// What a file of results is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Text with commas, with a byte order mark.
    Csv,
    /// Parquet.
    Parquet,
    /// An array of objects.
    Json,
    /// A workbook.
    Xlsx,
}

impl FileKind {
    /// The kind that the extension of a name stands for.
    pub fn of(name: &Path) -> Option<Self> {
        match name.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "json" => Some(Self::Json),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A file of results on its way: each item is the next piece.
#[derive(Debug)]
pub struct RunFile {
    kind: FileKind,
    name: PathBuf,
    rows: RecordBatch,
    at: usize,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Begin,
    Rows,
    Over,
}

impl RunFile {
    /// What it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    fn begin(&self) -> Result<Vec<u8>, ServiceError> {
        match self.kind {
            FileKind::Csv => Ok(csv_header(&self.rows.schema())),
            FileKind::Json => Ok(b"[".to_vec()),
            FileKind::Parquet => parquet_bytes(&self.rows)
                .map_err(|source| ServiceError::from(WarehouseError::parquet(&self.name, source))),
            FileKind::Xlsx => self.workbook(),
        }
    }

    fn more(&mut self) -> Result<Vec<u8>, ServiceError> {
        let rows = self.rows.slice(self.at, ROWS.min(self.rows.num_rows() - self.at));
        let first = self.at == 0;
        self.at += rows.num_rows();
        match self.kind {
            FileKind::Csv => csv_lines(&rows).map_err(|source| ServiceError::from(WarehouseError::from(source))),
            _ => {
                let mut out = Vec::new();
                for (number, row) in decode(std::slice::from_ref(&rows))?.into_iter().enumerate() {
                    out.extend_from_slice(if first && number == 0 { b"\n" } else { b",\n" });
                    serde_json::to_writer(&mut out, &row)
                        .map_err(|error| ServiceError::Internal { what: error.to_string() })?;
                }
                Ok(out)
            }
        }
    }

    fn workbook(&self) -> Result<Vec<u8>, ServiceError> {
        if self.rows.num_rows() > SHEET {
            return Err(ServiceError::SheetFull { path: self.name.clone(), rows: self.rows.num_rows(), most: SHEET });
        }
        let schema = self.rows.schema();
        let header = schema.fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
        let mut rows = Vec::with_capacity(self.rows.num_rows());
        for row in decode(std::slice::from_ref(&self.rows))? {
            let value =
                serde_json::to_value(&row).map_err(|error| ServiceError::Internal { what: error.to_string() })?;
            rows.push(header.iter().map(|name| cell(value.get(name))).collect());
        }
        xlsx_bytes(&self.name, &[Sheet { name: "results".to_owned(), header, rows, text_only: false }])
    }
}

fn cell(value: Option<&serde_json::Value>) -> String {
    match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

impl Iterator for RunFile {
    type Item = Result<Vec<u8>, ServiceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = match self.place {
            Place::Over => return None,
            Place::Begin => {
                let streams = matches!(self.kind, FileKind::Csv | FileKind::Json);
                self.place = if streams { Place::Rows } else { Place::Over };
                self.begin()
            }
            Place::Rows if self.at < self.rows.num_rows() => self.more(),
            Place::Rows => {
                self.place = Place::Over;
                match self.kind {
                    FileKind::Json => Ok(b"\n]\n".to_vec()),
                    _ => return None,
                }
            }
        };
        if piece.is_err() {
            self.place = Place::Over;
        }
        Some(piece)
    }
}

impl College {
    /// The file of a run's results, of the kind that the extension of its name stands for.
    pub async fn run_file(&self, run: Option<&str>, name: &Path) -> Result<RunFile, ServiceError> {
        // The file holds everything, byte for byte: it is for those who may read everything.
        self.permit_whole(Right::ReadResults)?;
        self.permit_whole(Right::ReadPersonal)?;
        let run = self.finished(run).await?;
        let kind = FileKind::of(name).ok_or_else(|| WarehouseError::ExportFormat { path: name.to_owned() })?;
        let rows = self.warehouse.canonical_results(&run.id).await?;
        Ok(RunFile { kind, name: name.to_owned(), rows, at: 0, place: Place::Begin })
    }
}
