//! What can go wrong in the warehouse, by cause, and what to tell a person about it.
//!
//! Causes that carry an error of the disk, of Delta or of DataFusion keep it as source and never repeat it in their text.

mod explain;

use crate::desk::{SqlFault, SqlPlace};
use crate::source::SourceError;
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use deltalake::DeltaTableError;
use parquet::errors::ParquetError;
use rust_decimal::Decimal;
use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};
use zhengai_model::ids::{BatchId, DatasetId, FieldName, RunId};

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
    /// Nothing was asked at the query desk.
    #[error("no SQL was given")]
    DeskEmpty {
        /// A dataset that could be, where one is known.
        example: Option<DatasetId>,
    },
    /// More than one statement at the query desk.
    #[error("{count} statements instead of one")]
    DeskMany {
        /// How many.
        count: usize,
    },
    /// A text too long for the query desk.
    #[error("the SQL has {bytes} bytes, {most} are read")]
    DeskLong {
        /// Its bytes.
        bytes: usize,
        /// The most that are read.
        most: usize,
    },
    /// More operators, conditions and parts in a statement than people write.
    #[error("the SQL has {parts} parts, {most} are read")]
    DeskParts {
        /// How many.
        parts: usize,
        /// The most that are read.
        most: usize,
    },
    /// A text between quotes that is too long.
    #[error("a text has {bytes} bytes, {most} are read")]
    DeskText {
        /// Its bytes.
        bytes: usize,
        /// The most that are read.
        most: usize,
    },
    /// A query of names that stand for ever more of each other.
    #[error("the query is too large when it is unfolded")]
    DeskUnfolds,
    /// A statement at the query desk that is no query.
    #[error("the statement `{word}` is no query")]
    DeskStatement {
        /// The word that it begins with.
        word: String,
    },
    /// A query names a table that is none of the datasets which this person may read.
    #[error("no dataset `{table}` to be read")]
    DeskTable {
        /// The name.
        table: String,
        /// Where the query names it.
        at: Option<SqlPlace>,
    },
    /// A query that a person wrote cannot be understood or fails on a value.
    #[error("the query fails: {fault}")]
    DeskSql {
        /// What is wrong.
        fault: SqlFault,
        /// Where, as far as that is known.
        at: Option<SqlPlace>,
    },
    /// A query ran longer than it may.
    #[error("the query ran longer than {seconds} s")]
    DeskTime {
        /// How long it may run.
        seconds: u64,
    },
    /// A query needs more memory than it may have.
    #[error("the query needs more than {mib} MiB")]
    DeskMemory {
        /// How much it may have.
        mib: usize,
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
    /// A Parquet file that cannot be read or written.
    pub fn parquet(path: &Path, source: ParquetError) -> Self {
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
