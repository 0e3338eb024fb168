//! The warehouse itself: where things are on disk, and the datasets in it.

use crate::disk;
use crate::error::{Result, WarehouseError};
use crate::schema::delta_columns;
use crate::source::SCHOOL;
use crate::table::Table;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{BatchId, DatasetId};

/// The warehouse of one college. Cheap to clone; clones share nothing but the folder.
#[derive(Debug, Clone)]
pub struct Warehouse {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    school: String,
}

/// What is in the table of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableState {
    /// Newest version; each accepted batch and each change of columns makes one.
    pub version: i64,
    /// Rows of this college.
    pub rows: u64,
    /// Data files of this college.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
}

impl Warehouse {
    /// Opens the warehouse in `root` for the college with this code, making the folders that are not there.
    pub fn open(root: &Path, school: &str) -> Result<Self> {
        if school.is_empty() || school.trim() != school || school.chars().any(char::is_control) {
            return Err(WarehouseError::BadName { id: school.to_owned() });
        }
        for folder in ["datasets", "staging"] {
            let path = root.join(folder);
            disk::create_folders(&path).map_err(|source| WarehouseError::io(&path, source))?;
        }
        let root = std::fs::canonicalize(root).map_err(|source| WarehouseError::io(root, source))?;
        Ok(Self { inner: Arc::new(Inner { root, school: school.to_owned() }) })
    }

    /// Code of the college whose rows are read and written.
    pub fn school(&self) -> &str {
        &self.inner.school
    }

    /// Makes the table of a dataset, or adds the columns that its definition gained. Doing it again changes nothing.
    pub async fn create_dataset(&self, dataset: &Dataset) -> Result<()> {
        self.table_for(dataset).await.map(drop)
    }

    /// What is in the table of a dataset; `None` when it has none.
    pub async fn state(&self, dataset: &DatasetId) -> Result<Option<TableState>> {
        self.table_state(self.table(dataset, None).await?)
    }

    /// What was in the table of a dataset at a version; `None` when it has none.
    pub async fn state_at(&self, dataset: &DatasetId, version: i64) -> Result<Option<TableState>> {
        self.table_state(self.table(dataset, Some(version)).await?)
    }

    fn table_state(&self, table: Option<Table>) -> Result<Option<TableState>> {
        let Some(table) = table else { return Ok(None) };
        let files = table.school_files(self.school())?;
        Ok(Some(TableState {
            version: table.version(),
            rows: files.iter().map(|file| file.rows).sum(),
            files: files.len(),
            bytes: files.iter().map(|file| file.bytes).sum(),
        }))
    }

    /// Whether a batch is in the dataset, or had nothing to add to it.
    pub async fn is_applied(&self, dataset: &DatasetId, batch: &BatchId) -> Result<bool> {
        if self.staging(batch)?.applied()?.is_some() {
            return Ok(true);
        }
        match self.table(dataset, None).await? {
            Some(table) => table.has_transaction(batch.as_str()).await,
            None => Ok(false),
        }
    }

    /// The table of a dataset, newest or at a version.
    pub(crate) async fn table(&self, dataset: &DatasetId, version: Option<i64>) -> Result<Option<Table>> {
        Table::open(dataset.as_str(), &self.dataset_root(dataset), version).await
    }

    /// The table of a dataset with all columns of its definition.
    pub(crate) async fn table_for(&self, dataset: &Dataset) -> Result<Table> {
        let columns = delta_columns(dataset)?;
        if let Some(table) = self.table(&dataset.id, None).await? {
            refuse_type_changes(dataset, &table)?;
        }
        Table::create(dataset.id.as_str(), &self.dataset_root(&dataset.id), &columns, &[SCHOOL]).await
    }

    /// The folder of the warehouse.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// Folder of the datasets' tables.
    pub(crate) fn datasets_root(&self) -> PathBuf {
        self.inner.root.join("datasets")
    }

    /// Folder of a dataset's table.
    pub(crate) fn dataset_root(&self, dataset: &DatasetId) -> PathBuf {
        self.datasets_root().join(dataset.as_str())
    }

    /// Folder of the results table.
    pub(crate) fn results_root(&self) -> PathBuf {
        self.inner.root.join("results")
    }

    /// Folder in which batches are staged.
    pub(crate) fn staging_root(&self) -> PathBuf {
        self.inner.root.join("staging")
    }
}

/// A stored column keeps its type for good: rows of older batches have it.
fn refuse_type_changes(dataset: &Dataset, table: &Table) -> Result<()> {
    let stored = table.snapshot()?.schema();
    for column in delta_columns(dataset)? {
        if let Some(known) = stored.field(column.name())
            && known.data_type() != column.data_type()
        {
            return Err(WarehouseError::TypeChanged {
                dataset: dataset.id.clone(),
                field: column.name().clone(),
                stored: known.data_type().to_string(),
                wanted: column.data_type().to_string(),
            });
        }
    }
    Ok(())
}
