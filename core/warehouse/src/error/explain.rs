//! What to tell a person about an error of the warehouse, by keys of the catalogue.

use super::WarehouseError;
use crate::desk::SqlPlace;
use rust_decimal::Decimal;
use std::error::Error as StdError;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::{DatasetId, FieldName};
use zhengai_model::text::Message;

impl Explain for WarehouseError {
    fn fault(&self) -> Fault {
        match self {
            Self::Io { .. } | Self::Busy { .. } => Fault::Unavailable,
            Self::DiskFull { .. } | Self::DeskTime { .. } | Self::DeskMemory { .. } => Fault::Exhausted,
            Self::Table { .. } | Self::Parquet { .. } | Self::Damaged { .. } => Fault::Unavailable,
            Self::Query { .. } | Self::Columns(_) | Self::SourceContract { .. } => Fault::Internal,
            Self::NotStaged { .. }
            | Self::NoTable { .. }
            | Self::NoVersion { .. }
            | Self::NoResults { .. }
            | Self::DeskTable { .. } => Fault::NotFound,
            Self::NotPlanned { .. }
            | Self::AlreadyApplied { .. }
            | Self::WrongDataset { .. }
            | Self::TypeChanged { .. }
            | Self::ResultColumn { .. }
            | Self::LargeDelete { .. } => Fault::Conflict,
            Self::Source(error) => error.fault(),
            Self::Cancelled => Fault::Cancelled,
            Self::BadName { .. }
            | Self::BadDefinition { .. }
            | Self::EmptyFile { .. }
            | Self::HeaderOnly { .. }
            | Self::DuplicateHeader { .. }
            | Self::AmbiguousColumn { .. }
            | Self::MissingKeyColumn { .. }
            | Self::MissingColumn { .. }
            | Self::MappingDataset { .. }
            | Self::MappingField { .. }
            | Self::MappingColumn { .. }
            | Self::MappingSources { .. }
            | Self::MappingDate { .. }
            | Self::MappingSql { .. }
            | Self::CheckSql { .. }
            | Self::MoneyWithoutUnit { .. }
            | Self::UnitMismatch { .. }
            | Self::ExportFormat { .. }
            | Self::DeskEmpty { .. }
            | Self::DeskParts { .. }
            | Self::DeskText { .. }
            | Self::DeskUnfolds
            | Self::DeskMany { .. }
            | Self::DeskLong { .. }
            | Self::DeskStatement { .. }
            | Self::DeskSql { .. } => Fault::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Io { path, source } if source.kind() == std::io::ErrorKind::ReadOnlyFilesystem => {
                Message::new("warehouse-read-only").with("path", path.display())
            }
            Self::Io { path, source } => {
                Message::new("warehouse-io").with("path", path.display()).with("cause", source)
            }
            Self::DiskFull { path, .. } => Message::new("warehouse-disk-full").with("path", path.display()),
            Self::Table { table, source } => Message::new("warehouse-table").with("table", table).with("cause", source),
            Self::Query { table, source } => {
                Message::new("warehouse-query").with("table", table).with("cause", first_line(source.as_ref()))
            }
            Self::Parquet { path, source } => {
                Message::new("warehouse-parquet").with("path", path.display()).with("cause", source)
            }
            Self::Columns(source) => Message::new("warehouse-columns").with("cause", source),
            Self::Damaged { path, .. } => Message::new("warehouse-damaged").with("path", path.display()),
            Self::BadName { id } => Message::new("warehouse-bad-name").with("id", id),
            Self::NotStaged { batch } => Message::new("warehouse-not-staged").with("batch", batch),
            Self::NotPlanned { batch } => Message::new("warehouse-not-planned").with("batch", batch),
            Self::AlreadyApplied { batch } => Message::new("warehouse-already-applied").with("batch", batch),
            Self::WrongDataset { batch, staged, wanted } => Message::new("warehouse-wrong-dataset")
                .with("batch", batch)
                .with("staged", staged)
                .with("wanted", wanted),
            Self::NoTable { dataset } => Message::new("warehouse-no-table").with("dataset", dataset),
            Self::NoVersion { dataset, version } => {
                Message::new("warehouse-no-version").with("dataset", dataset).with("version", version)
            }
            Self::BadDefinition { dataset, field, rule } => Message::new("warehouse-bad-definition")
                .with("dataset", dataset)
                .with("field", field)
                .with("rule", rule),
            Self::TypeChanged { dataset, field, stored, wanted } => Message::new("warehouse-type-changed")
                .with("dataset", dataset)
                .with("field", field)
                .with("stored", stored)
                .with("wanted", wanted),
            Self::EmptyFile { file } => Message::new("warehouse-file-empty").with("file", file),
            Self::HeaderOnly { file } => Message::new("warehouse-file-header-only").with("file", file),
            Self::DuplicateHeader { file, column } => {
                Message::new("warehouse-file-duplicate-header").with("file", file).with("column", column)
            }
            Self::AmbiguousColumn { file, field, first, second } => Message::new("warehouse-file-ambiguous-column")
                .with("file", file)
                .with("field", field)
                .with("first", first)
                .with("second", second),
            Self::MissingKeyColumn { file, dataset, field, accepted } => {
                missing(Message::new("warehouse-file-missing-key"), file, dataset, field, accepted)
            }
            Self::MissingColumn { file, dataset, field, accepted } => {
                missing(Message::new("warehouse-file-missing-column"), file, dataset, field, accepted)
            }
            Self::MappingDataset { mapping, dataset } => {
                Message::new("warehouse-mapping-dataset").with("mapping", mapping).with("dataset", dataset)
            }
            Self::MappingField { dataset, field, known } => Message::new("warehouse-mapping-field")
                .with("dataset", dataset)
                .with("field", field)
                .with("known", known),
            Self::MappingColumn { file, field, column, known } => Message::new("warehouse-mapping-column")
                .with("file", file)
                .with("field", field)
                .with("column", column)
                .with("known", known),
            Self::MappingSources { field } => Message::new("warehouse-mapping-sources").with("field", field),
            Self::MappingDate { field, pattern } => {
                Message::new("warehouse-mapping-date").with("field", field).with("pattern", pattern)
            }
            Self::MappingSql { field, sql, source } => Message::new("warehouse-mapping-sql")
                .with("field", field)
                .with("sql", sql)
                .with("cause", first_line(source.as_ref())),
            Self::CheckSql { dataset, check, sql, source } => Message::new("warehouse-check-sql")
                .with("dataset", dataset)
                .with("check", check)
                .with("sql", sql)
                .with("cause", first_line(source.as_ref())),
            Self::MoneyWithoutUnit { file, column, field } => {
                Message::new("warehouse-file-money-unit").with("file", file).with("column", column).with("field", field)
            }
            Self::UnitMismatch { file, column, field, unit, wanted } => Message::new("warehouse-file-unit")
                .with("file", file)
                .with("column", column)
                .with("field", field)
                .with("unit", unit)
                .with("wanted", wanted),
            Self::Source(error) => error.message(),
            Self::SourceContract { file, column } => {
                Message::new("warehouse-source-contract").with("file", file).with("column", column)
            }
            Self::Cancelled => Message::new("warehouse-cancelled"),
            Self::LargeDelete { dataset, gone, before, share } => Message::new("warehouse-large-delete")
                .with("dataset", dataset)
                .with("gone", gone)
                .with("before", before)
                .with("percent", (share * Decimal::ONE_HUNDRED).normalize()),
            Self::Busy { dataset, attempts } => {
                Message::new("warehouse-busy").with("dataset", dataset).with("attempts", attempts)
            }
            Self::ResultColumn { column, stored, given } => Message::new("warehouse-result-column")
                .with("column", column)
                .with("stored", stored)
                .with("given", given),
            Self::NoResults { run } => Message::new("warehouse-no-results").with("run", run),
            Self::ExportFormat { path } => Message::new("warehouse-export-format").with("path", path.display()),
            Self::DeskEmpty { example } => {
                Message::new("warehouse-desk-empty").with("dataset", example.as_ref().map_or("none", AsRef::as_ref))
            }
            Self::DeskParts { parts, most } => {
                Message::new("warehouse-desk-parts").with("parts", parts).with("most", most)
            }
            Self::DeskText { bytes, most } => {
                Message::new("warehouse-desk-text").with("bytes", bytes).with("most", most)
            }
            Self::DeskUnfolds => Message::new("warehouse-desk-unfolds"),
            Self::DeskMany { count } => Message::new("warehouse-desk-many").with("count", count),
            Self::DeskLong { bytes, most } => {
                Message::new("warehouse-desk-long").with("bytes", bytes).with("most", most)
            }
            Self::DeskStatement { word } => Message::new("warehouse-desk-statement").with("word", word),
            Self::DeskTable { table, .. } => Message::new("warehouse-desk-table").with("table", table),
            Self::DeskSql { fault, at } => fault.message(*at),
            Self::DeskTime { seconds } => Message::new("warehouse-desk-time").with("seconds", seconds),
            Self::DeskMemory { mib } => Message::new("warehouse-desk-memory").with("mib", mib),
        }
    }
}

impl WarehouseError {
    /// Where in the SQL that somebody wrote the error lies.
    pub fn place(&self) -> Option<SqlPlace> {
        match self {
            Self::DeskSql { at, .. } | Self::DeskTable { at, .. } => *at,
            _ => None,
        }
    }
}

fn missing(message: Message, file: &str, dataset: &DatasetId, field: &FieldName, accepted: &str) -> Message {
    message.with("file", file).with("dataset", dataset).with("field", field).with("accepted", accepted)
}

/// The first line of an SQL error: the rest is a back trace or a list of hints for programmers.
fn first_line(error: &dyn StdError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
