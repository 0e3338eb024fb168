//! One Delta table on disk: opening it at a version, creating it, letting it grow, listing its files.

pub(crate) mod commit;
pub(crate) mod read;
mod store;
pub(crate) mod write;

use crate::disk;
use crate::error::{Result, WarehouseError};
use crate::source::SCHOOL;
use crate::table::store::Disk;
use deltalake::kernel::{LogicalFileView, StructField};
use deltalake::logstore::{StorageConfig, logstore_with};
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::SaveMode;
use deltalake::{DeltaTable, DeltaTableBuilder, DeltaTableError, ensure_table_uri};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Properties of every table. Old versions stay readable for good: a diagnosis run names the versions that it read.
const PROPERTIES: [(&str, &str); 4] = [
    ("delta.checkpointInterval", "20"),
    ("delta.enableExpiredLogCleanup", "false"),
    ("delta.logRetentionDuration", "interval 36500 days"),
    ("delta.deletedFileRetentionDuration", "interval 36500 days"),
];

/// A Delta table opened at one version.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    name: String,
    root: PathBuf,
    delta: DeltaTable,
}

/// A data file of one version of a table.
#[derive(Clone)]
pub(crate) struct DataFile {
    /// Path below the table's folder, as it stands on disk.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows, when the log says.
    pub rows: u64,
    view: LogicalFileView,
}

impl DataFile {
    /// Smallest and largest value of a column as the log states them, in JSON.
    pub(crate) fn bounds(&self) -> Bounds {
        let stats = self.view.stats().and_then(|text| serde_json::from_str::<Value>(&text).ok()).unwrap_or(Value::Null);
        Bounds(stats)
    }

    /// The view that the log gives of this file.
    pub(crate) fn view(&self) -> &LogicalFileView {
        &self.view
    }
}

/// Statistics of one file.
pub(crate) struct Bounds(Value);

impl Bounds {
    /// Smallest and largest value of a column.
    pub(crate) fn of(&self, column: &str) -> Option<(&Value, &Value)> {
        let low = self.0.get("minValues")?.get(column)?;
        let high = self.0.get("maxValues")?.get(column)?;
        Some((low, high))
    }
}

impl Table {
    /// Opens the newest version, or the given one; `None` when there is no table in the folder.
    pub(crate) async fn open(name: &str, root: &Path, version: Option<i64>) -> Result<Option<Self>> {
        if !root.join("_delta_log").is_dir() {
            return Ok(None);
        }
        let failed = |source| WarehouseError::table(name, root, source);
        let url = ensure_table_uri(path_text(root)?).map_err(failed)?;
        let mut builder = DeltaTableBuilder::from_url(url.clone())
            .map_err(failed)?
            .with_storage_backend(Arc::new(Disk::default()), url);
        if let Some(version) = version {
            builder = builder.with_version(version.unsigned_abs());
        }
        match builder.load().await {
            Ok(delta) => Ok(Some(Self { name: name.to_owned(), root: root.to_owned(), delta })),
            // A crash between making the folder and writing version 0 leaves a log folder without a log.
            Err(DeltaTableError::NotATable(_)) if version.is_none() => Ok(None),
            Err(source) => Err(failed(source)),
        }
    }

    /// Opens the table, making it first when it is not there, and adds columns that it lacks.
    pub(crate) async fn create(name: &str, root: &Path, columns: &[StructField], partitions: &[&str]) -> Result<Self> {
        let failed = |source| WarehouseError::table(name, root, source);
        if let Some(table) = Self::open(name, root, None).await? {
            return table.grow(columns).await;
        }
        disk::create_folders(root).map_err(|source| WarehouseError::io(root, source))?;
        let url = ensure_table_uri(path_text(root)?).map_err(failed)?;
        let log = logstore_with(Arc::new(Disk::default()), &url, StorageConfig::default()).map_err(failed)?;
        let delta = CreateBuilder::new()
            .with_log_store(log)
            .with_table_name(name)
            .with_save_mode(SaveMode::Ignore)
            .with_columns(columns.iter().cloned())
            .with_partition_columns(partitions.iter().copied())
            .with_configuration(PROPERTIES.map(|(key, value)| (key, Some(value))))
            .await
            .map_err(failed)?;
        Ok(Self { name: name.to_owned(), root: root.to_owned(), delta })
    }

    /// The same table with the columns that it lacks; a column of another type is refused by the caller beforehand.
    async fn grow(self, columns: &[StructField]) -> Result<Self> {
        let known = self.snapshot()?.schema();
        let added: Vec<StructField> =
            columns.iter().filter(|column| known.field(column.name()).is_none()).cloned().collect();
        if added.is_empty() {
            return Ok(self);
        }
        let Self { name, root, delta } = self;
        let delta = delta
            .add_columns()
            .with_fields(added)
            .await
            .map_err(|source| WarehouseError::table(&name, &root, source))?;
        Ok(Self { name, root, delta })
    }

    /// The opened version.
    pub(crate) fn version(&self) -> i64 {
        self.delta.version().map_or(0, u64::cast_signed)
    }

    /// The table's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The table's name, for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The handle of the Delta library.
    pub(crate) fn delta(&self) -> &DeltaTable {
        &self.delta
    }

    /// The state of the opened version.
    pub(crate) fn snapshot(&self) -> Result<&deltalake::table::state::DeltaTableState> {
        self.delta.snapshot().map_err(|source| self.failed(source))
    }

    /// Files whose partition values are all the given ones, sorted by path.
    pub(crate) fn files(&self, partition: &[(&str, &str)]) -> Result<Vec<DataFile>> {
        let mut files = Vec::new();
        for view in self.snapshot()?.log_data().iter() {
            let values = view.partition_values_map();
            let wanted = partition
                .iter()
                .all(|(column, value)| values.get(*column).is_some_and(|stored| stored.as_deref() == Some(*value)));
            if wanted {
                files.push(DataFile {
                    path: view.path().into_owned(),
                    bytes: u64::try_from(view.size()).unwrap_or_default(),
                    rows: view.num_records().unwrap_or_default() as u64,
                    view,
                });
            }
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(files)
    }

    /// Files of one college.
    pub(crate) fn school_files(&self, school: &str) -> Result<Vec<DataFile>> {
        self.files(&[(SCHOOL, school)])
    }

    /// Whether a commit with this application transaction is in the opened version.
    pub(crate) async fn has_transaction(&self, transaction: &str) -> Result<bool> {
        let log = self.delta.log_store();
        let found = self
            .snapshot()?
            .transaction_version(log.as_ref(), transaction)
            .await
            .map_err(|source| self.failed(source))?;
        Ok(found.is_some())
    }

    /// Makes the entries of the log that can be seen survive a power cut.
    pub(crate) fn sync_log(&self) -> Result<()> {
        let log = self.root.join("_delta_log");
        disk::sync_folder(&log).map_err(|source| WarehouseError::io(&log, source))
    }

    /// An error of this table.
    pub(crate) fn failed(&self, source: DeltaTableError) -> WarehouseError {
        WarehouseError::table(&self.name, &self.root, source)
    }
}

/// A folder as text, which is what the Delta library wants.
fn path_text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| {
        WarehouseError::io(path, std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path is not UTF-8"))
    })
}
