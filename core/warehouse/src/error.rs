//! What can go wrong in the warehouse, by cause, and what to tell a person about it.
//!
//! Causes that carry an error of the disk, of Delta or of DataFusion keep it as source and never repeat it in their text.

use crate::source::SourceError;
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use deltalake::DeltaTableError;
use parquet::errors::ParquetError;
use rust_decimal::Decimal;
use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::{BatchId, DatasetId, FieldName, RunId};
use zhengai_model::text::Message;

/// A result of the warehouse.
pub type Result<T, E = WarehouseError> = std::result::Result<T, E>;

/// Why the warehouse refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// A file or folder could not be read or written.
    #[error("cannot access {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// No room is left on the disk.
    #[error("no space left for {}", path.display())]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// The Delta table of a dataset or of the results could not be read or changed.
    #[error("the Delta table `{table}` failed")]
    Table {
        /// Dataset id, or `results`.
        table: String,
        /// The cause.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// DataFusion could not run a query of ours.
    #[error("a query over `{table}` failed")]
    Query {
        /// What was queried.
        table: String,
        /// The cause.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A Parquet file of the warehouse is damaged or could not be written.
    #[error("the Parquet file {} failed", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: Box<ParquetError>,
    },
    /// Arrow refused an operation that ought to work: a defect.
    #[error("an operation on columns failed")]
    Columns(#[from] ArrowError),
    /// A state file of a batch is damaged.
    #[error("the file {} does not hold what it should", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: serde_json::Error,
    },
    /// A batch id or run id that cannot name a folder.
    #[error("`{id}` cannot be used as a name in the warehouse")]
    BadName {
        /// The id.
        id: String,
    },
    /// The batch has no complete staging area.
    #[error("batch `{batch}` is not staged")]
    NotStaged {
        /// The batch.
        batch: BatchId,
    },
    /// The batch has no plan yet.
    #[error("batch `{batch}` has no plan")]
    NotPlanned {
        /// The batch.
        batch: BatchId,
    },
    /// The batch is in the table already; staging it again would lose what it was.
    #[error("batch `{batch}` is applied already")]
    AlreadyApplied {
        /// The batch.
        batch: BatchId,
    },
    /// The batch was staged for another dataset.
    #[error("batch `{batch}` belongs to dataset `{staged}`, not `{wanted}`")]
    WrongDataset {
        /// The batch.
        batch: BatchId,
        /// Where it belongs.
        staged: DatasetId,
        /// What the caller said.
        wanted: DatasetId,
    },
    /// The dataset has no table yet.
    #[error("dataset `{dataset}` has no table")]
    NoTable {
        /// The dataset.
        dataset: DatasetId,
    },
    /// The asked version of a table does not exist or is no longer readable.
    #[error("dataset `{dataset}` has no version {version}")]
    NoVersion {
        /// The dataset.
        dataset: DatasetId,
        /// The version.
        version: i64,
    },
    /// The definition of a dataset contradicts itself.
    #[error("dataset `{dataset}`, field `{field}`: {rule}")]
    BadDefinition {
        /// The dataset.
        dataset: DatasetId,
        /// The field, code table or check.
        field: String,
        /// The rule that it breaks, a word for the catalogue: `scale`, `codes`, `key`, `bound`.
        rule: &'static str,
    },
    /// A definition gives a stored column another type.
    #[error("dataset `{dataset}`, field `{field}` is stored as {stored} but defined as {wanted}")]
    TypeChanged {
        /// The dataset.
        dataset: DatasetId,
        /// The field.
        field: String,
        /// Stored type.
        stored: String,
        /// Type of the definition.
        wanted: String,
    },
    /// The file has not even a header.
    #[error("file `{file}` is empty")]
    EmptyFile {
        /// The file.
        file: String,
    },
    /// The file has a header and no rows.
    #[error("file `{file}` has a header but no rows")]
    HeaderOnly {
        /// The file.
        file: String,
    },
    /// Two columns have one header.
    #[error("file `{file}` has the header `{column}` twice")]
    DuplicateHeader {
        /// The file.
        file: String,
        /// The header.
        column: String,
    },
    /// Two columns match one field.
    #[error("file `{file}`: both `{first}` and `{second}` match field `{field}`")]
    AmbiguousColumn {
        /// The file.
        file: String,
        /// The field.
        field: FieldName,
        /// The column that comes first.
        first: String,
        /// The other one.
        second: String,
    },
    /// No column for a field of the key.
    #[error("file `{file}` has no column for key field `{field}` of `{dataset}`")]
    MissingKeyColumn {
        /// The file.
        file: String,
        /// The dataset.
        dataset: DatasetId,
        /// The field.
        field: FieldName,
        /// Headers that would be accepted.
        accepted: String,
    },
    /// No column for a required field.
    #[error("file `{file}` has no column for required field `{field}` of `{dataset}`")]
    MissingColumn {
        /// The file.
        file: String,
        /// The dataset.
        dataset: DatasetId,
        /// The field.
        field: FieldName,
        /// Headers that would be accepted.
        accepted: String,
    },
    /// The mapping was written for another dataset.
    #[error("the mapping is for `{mapping}`, the import for `{dataset}`")]
    MappingDataset {
        /// What the mapping says.
        mapping: DatasetId,
        /// What is imported.
        dataset: DatasetId,
    },
    /// The mapping names a field that the dataset lacks.
    #[error("the mapping names field `{field}`, which `{dataset}` lacks")]
    MappingField {
        /// The dataset.
        dataset: DatasetId,
        /// The field.
        field: FieldName,
        /// The fields that there are.
        known: String,
    },
    /// The mapping names a column that the file lacks.
    #[error("the mapping takes field `{field}` from column `{column}`, which file `{file}` lacks")]
    MappingColumn {
        /// The file.
        file: String,
        /// The field.
        field: FieldName,
        /// The column.
        column: String,
        /// The columns that there are.
        known: String,
    },
    /// The mapping gives a field more than one source.
    #[error("the mapping gives field `{field}` more than one of column, value, sql")]
    MappingSources {
        /// The field.
        field: FieldName,
    },
    /// The mapping's date pattern is not one.
    #[error("the mapping's date pattern for field `{field}` is not valid: {pattern}")]
    MappingDate {
        /// The field.
        field: FieldName,
        /// The pattern.
        pattern: String,
    },
    /// An SQL expression of the mapping cannot be understood.
    #[error("the mapping's SQL for field `{field}` is not valid: {sql}")]
    MappingSql {
        /// The field.
        field: FieldName,
        /// The expression.
        sql: String,
        /// The cause.
        #[source]
        source: Box<DataFusionError>,
    },
    /// An SQL predicate of a check cannot be understood.
    #[error("check `{check}` of `{dataset}` is not valid SQL: {sql}")]
    CheckSql {
        /// The dataset.
        dataset: DatasetId,
        /// The check.
        check: String,
        /// The predicate.
        sql: String,
        /// The cause.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A money column comes without a unit.
    #[error("file `{file}`, column `{column}`: money field `{field}` needs a unit")]
    MoneyWithoutUnit {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The field.
        field: FieldName,
    },
    /// The unit of a column cannot be converted to that of its field.
    #[error("file `{file}`, column `{column}`: `{unit}` cannot be converted to `{wanted}` of field `{field}`")]
    UnitMismatch {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The field.
        field: FieldName,
        /// Unit of the column.
        unit: String,
        /// Unit of the field.
        wanted: String,
    },
    /// The connector failed.
    #[error("the source of rows failed")]
    Source(#[from] SourceError),
    /// The connector broke its contract: a column is missing or of another type.
    #[error("the source of file `{file}` broke the contract at column `{column}`")]
    SourceContract {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// A full load would delete more than the share that is allowed.
    #[error("the full load would delete {gone} of {before} rows of `{dataset}`")]
    LargeDelete {
        /// The dataset.
        dataset: DatasetId,
        /// Rows that would go.
        gone: u64,
        /// Rows there.
        before: u64,
        /// The largest share allowed, 0–1.
        share: Decimal,
    },
    /// Others kept committing to the table.
    #[error("dataset `{dataset}` changed {attempts} times while the batch was applied")]
    Busy {
        /// The dataset.
        dataset: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// Result rows have a column that contradicts those stored before.
    #[error("result column `{column}` is stored as {stored} but comes as {given}")]
    ResultColumn {
        /// The column.
        column: String,
        /// Stored type.
        stored: String,
        /// Given type.
        given: String,
    },
    /// The run has no results in the warehouse.
    #[error("run `{run}` has no results")]
    NoResults {
        /// The run.
        run: RunId,
    },
    /// The export's file name says neither CSV nor Parquet.
    #[error("cannot export to {}", path.display())]
    ExportFormat {
        /// The file.
        path: PathBuf,
    },
}

impl WarehouseError {
    /// An error of the disk at a path.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path, source },
            _ => Self::Io { path, source },
        }
    }

    /// An error of a Parquet file; a full disk beneath it is told as such.
    pub(crate) fn parquet(path: &Path, source: ParquetError) -> Self {
        match disk_cause(&source) {
            Some(cause) => Self::io(path, cause),
            None => Self::Parquet { path: path.to_owned(), source: Box::new(source) },
        }
    }

    /// An error of a Delta table at a folder; a full disk beneath it is told as such.
    pub(crate) fn table(table: &str, root: &Path, source: DeltaTableError) -> Self {
        match disk_cause(&source) {
            Some(cause) => Self::io(root, cause),
            None => Self::Table { table: table.to_owned(), source: Box::new(source) },
        }
    }

    /// An error of a query over a table.
    pub(crate) fn query(table: &str, source: DataFusionError) -> Self {
        Self::Query { table: table.to_owned(), source: Box::new(source) }
    }
}

/// The disk error beneath, when the cause is one that a person can mend: full disk, missing right, read-only disk.
fn disk_cause(error: &(dyn StdError + 'static)) -> Option<io::Error> {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(found) = current.downcast_ref::<io::Error>() {
            let telling = matches!(
                found.kind(),
                io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::PermissionDenied
                    | io::ErrorKind::ReadOnlyFilesystem
            );
            if telling {
                return Some(io::Error::new(found.kind(), found.to_string()));
            }
        }
        cause = current.source();
    }
    None
}

impl Explain for WarehouseError {
    fn fault(&self) -> Fault {
        match self {
            Self::Io { .. } | Self::Busy { .. } => Fault::Unavailable,
            Self::DiskFull { .. } => Fault::Exhausted,
            Self::Table { .. } | Self::Parquet { .. } | Self::Damaged { .. } => Fault::Unavailable,
            Self::Query { .. } | Self::Columns(_) | Self::SourceContract { .. } => Fault::Internal,
            Self::NotStaged { .. } | Self::NoTable { .. } | Self::NoVersion { .. } | Self::NoResults { .. } => {
                Fault::NotFound
            }
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
            | Self::ExportFormat { .. } => Fault::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
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
