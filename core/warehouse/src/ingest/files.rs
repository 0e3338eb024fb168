//! The folder of one batch: which files it has, and which of them survive what.
//!
//! `stage.json` is written last, so its presence means that staging is complete; `plan.json` likewise for a plan.

use super::{Guards, Staged};
use crate::disk;
use crate::error::{Result, WarehouseError};
use crate::warehouse::Warehouse;
use parquet::arrow::ArrowWriter;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use zhengai_model::batch::PlanCounts;
use zhengai_model::dataset::LoadMode;
use zhengai_model::ids::{BatchId, DatasetId};

/// The staging folder of a batch.
#[derive(Debug, Clone)]
pub(crate) struct StagingArea {
    batch: BatchId,
    folder: PathBuf,
}

/// `stage.json`: what was staged, from where.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageFile {
    /// Where the rows go.
    pub dataset: DatasetId,
    /// File name without folder.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Headers of the source in file order.
    pub columns: Vec<String>,
    /// Counts and notices.
    pub staged: Staged,
}

/// `plan.json`: what is to be done, decided against one version of the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanFile {
    /// Version of the table that was looked at.
    pub version: i64,
    /// How the batch meets the table.
    pub mode: LoadMode,
    /// Limits handed in by the caller.
    pub guards: Guards,
    /// The result.
    pub counts: PlanCounts,
    /// Rows of the table that are replaced, by data file: runs of (first row, number of rows).
    pub changed: BTreeMap<String, Vec<(u64, u64)>>,
    /// Rows of the table that go, likewise.
    pub gone: BTreeMap<String, Vec<(u64, u64)>>,
}

/// `applied.json`: the batch is in the table, or had nothing to do there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppliedFile {
    /// Version of the table that has it.
    pub version: i64,
    /// What it did.
    pub counts: PlanCounts,
}

impl Warehouse {
    /// The staging folder of a batch.
    pub(crate) fn staging(&self, batch: &BatchId) -> Result<StagingArea> {
        if batch.as_str().starts_with('.') {
            return Err(WarehouseError::BadName { id: batch.to_string() });
        }
        Ok(StagingArea { batch: batch.clone(), folder: self.staging_root().join(batch.as_str()) })
    }
}

impl StagingArea {
    /// Accepted rows as fields of the dataset, with `_line`.
    pub(crate) fn rows(&self) -> PathBuf {
        self.folder.join("rows.parquet")
    }

    /// The same rows as they were read, one for one.
    pub(crate) fn source(&self) -> PathBuf {
        self.folder.join("source.parquet")
    }

    /// Rows rejected while staging.
    pub(crate) fn rejects(&self) -> PathBuf {
        self.folder.join("rejects.parquet")
    }

    /// Rows rejected by the plan.
    pub(crate) fn plan_rejects(&self) -> PathBuf {
        self.folder.join("plan-rejects.parquet")
    }

    /// The fate of each staged row, one byte each.
    pub(crate) fn fates(&self) -> PathBuf {
        self.folder.join("fates.bin")
    }

    fn stage_file(&self) -> PathBuf {
        self.folder.join("stage.json")
    }

    fn plan_file(&self) -> PathBuf {
        self.folder.join("plan.json")
    }

    fn applied_file(&self) -> PathBuf {
        self.folder.join("applied.json")
    }

    /// Whether staging has finished.
    pub(crate) fn is_complete(&self) -> bool {
        self.stage_file().is_file()
    }

    /// An empty folder, whatever was there.
    pub(crate) fn begin(&self) -> Result<()> {
        self.remove_all()?;
        disk::create_folders(&self.folder).map_err(|source| WarehouseError::io(&self.folder, source))
    }

    /// Removes the folder with everything in it.
    pub(crate) fn remove_all(&self) -> Result<()> {
        match std::fs::remove_dir_all(&self.folder) {
            Err(source) if source.kind() != ErrorKind::NotFound => Err(WarehouseError::io(&self.folder, source)),
            _ => Ok(()),
        }
    }

    /// Marks staging as complete.
    pub(crate) fn finish_staging(&self, stage: &StageFile) -> Result<()> {
        write_json(&self.stage_file(), stage)
    }

    /// What was staged.
    pub(crate) fn stage(&self) -> Result<StageFile> {
        read_json(&self.stage_file())?.ok_or_else(|| WarehouseError::NotStaged { batch: self.batch.clone() })
    }

    /// Keeps a plan.
    pub(crate) fn keep_plan(&self, plan: &PlanFile) -> Result<()> {
        write_json(&self.plan_file(), plan)
    }

    /// Forgets the plan, before another is made.
    pub(crate) fn drop_plan(&self) -> Result<()> {
        for path in [self.plan_file(), self.fates(), self.plan_rejects()] {
            remove(&path)?;
        }
        Ok(())
    }

    /// The plan.
    pub(crate) fn plan(&self) -> Result<PlanFile> {
        read_json(&self.plan_file())?.ok_or_else(|| WarehouseError::NotPlanned { batch: self.batch.clone() })
    }

    /// The fate of each staged row, as the plan has it.
    pub(crate) fn read_fates(&self) -> Result<Vec<u8>> {
        let path = self.fates();
        match std::fs::read(&path) {
            Err(source) if source.kind() == ErrorKind::NotFound => {
                Err(WarehouseError::NotPlanned { batch: self.batch.clone() })
            }
            outcome => outcome.map_err(|source| WarehouseError::io(&path, source)),
        }
    }

    /// Notes that the batch is in the table.
    pub(crate) fn mark_applied(&self, applied: &AppliedFile) -> Result<()> {
        disk::create_folders(&self.folder).map_err(|source| WarehouseError::io(&self.folder, source))?;
        write_json(&self.applied_file(), applied)
    }

    /// Whether and how the batch was applied, as far as the folder knows.
    pub(crate) fn applied(&self) -> Result<Option<AppliedFile>> {
        read_json(&self.applied_file())
    }

    /// Removes accepted rows and the plan; rejects and the note of what was staged stay.
    pub(crate) fn drop_rows(&self) -> Result<()> {
        for path in [self.plan_file(), self.fates(), self.source(), self.rows()] {
            remove(&path)?;
        }
        Ok(())
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(WarehouseError::io(path, source)),
        _ => Ok(()),
    }
}

/// Writes a file of the staging area, whole or not at all. It is the last of what it completes: its folder goes to the
/// platter with it, and so do the names of files written before it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    disk::write_whole(path, bytes).map_err(|source| WarehouseError::io(path, source))
}

/// The end of a Parquet file of the staging area: the footer, and all of it on the platter.
pub(crate) fn close_parquet(path: &Path, mut writer: ArrowWriter<File>) -> Result<()> {
    // `into_inner` would tell of a full disk in words only.
    writer.finish().map_err(|source| WarehouseError::parquet(path, source))?;
    writer.inner().sync_all().map_err(|source| WarehouseError::io(path, source))
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let bytes =
        serde_json::to_vec(value).map_err(|source| WarehouseError::Damaged { path: path.to_owned(), source })?;
    write_whole(path, &bytes)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let bytes = match std::fs::read(path) {
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(None),
        outcome => outcome.map_err(|source| WarehouseError::io(path, source))?,
    };
    match serde_json::from_slice(&bytes) {
        Ok(value) => Ok(Some(value)),
        Err(source) => Err(WarehouseError::Damaged { path: path.to_owned(), source }),
    }
}
