//! What lies on disk: the log of each table, commit by commit, the files that it names, and the files that nothing names.
//!
//! Read from the log's own JSON and never through a cached snapshot, because backups and check-ups must see what another
//! reader of the folder will see. Nothing is written here except by [`Warehouse::remove_orphans`].

use crate::error::{Result, WarehouseError};
use crate::warehouse::Warehouse;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Folder of the log in a table's folder.
const LOG: &str = "_delta_log";
/// Digits of a version in the name of a log file.
const DIGITS: usize = 20;

/// One commit, as far as files and batches are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its version, counting from 0.
    pub version: i64,
    /// Application transactions: batches, or `run:<college>:<run>` in the results.
    pub transactions: Vec<String>,
    /// Data files that count from here on, below the table's folder, with their bytes.
    pub added: Vec<(String, u64)>,
    /// Data files that no longer count. They stay on disk: earlier versions name them.
    pub removed: Vec<String>,
}

/// The log of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLog {
    /// Dataset id, or `results`.
    pub table: String,
    /// Its folder below the warehouse's, with `/` between the parts.
    pub folder: String,
    /// Commits, the oldest first.
    pub commits: Vec<Commit>,
    /// Checkpoints: version and file name. They repeat what commits say, to make opening fast.
    pub checkpoints: Vec<(i64, String)>,
}

/// A file below a table's folder that no commit names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// Its path below the warehouse's folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written.
    pub modified: SystemTime,
}

/// The folder of one staged batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedFolder {
    /// The name of the batch.
    pub batch: String,
    /// Names of its files.
    pub files: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Line {
    add: Option<Add>,
    remove: Option<Remove>,
    txn: Option<Txn>,
}

#[derive(Deserialize)]
struct Add {
    path: String,
    size: u64,
}

#[derive(Deserialize)]
struct Remove {
    path: String,
}

#[derive(Deserialize)]
struct Txn {
    #[serde(rename = "appId")]
    app_id: String,
}

impl Commit {
    /// Reads the JSON lines of one log file.
    pub fn parse(version: i64, text: &[u8]) -> Result<Self, serde_json::Error> {
        let mut commit = Self { version, transactions: Vec::new(), added: Vec::new(), removed: Vec::new() };
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            let line: Line = serde_json::from_slice(line)?;
            commit.transactions.extend(line.txn.map(|txn| txn.app_id));
            commit.added.extend(line.add.map(|add| (decoded(&add.path), add.size)));
            commit.removed.extend(line.remove.map(|remove| decoded(&remove.path)));
        }
        Ok(commit)
    }

    /// The version that a file of the log folder states in its name; `None` for anything but a commit.
    pub fn version_of(name: &str) -> Option<i64> {
        numbered(name.strip_suffix(".json")?)
    }
}

impl TableLog {
    /// The newest version; `None` while the log is empty.
    pub fn newest(&self) -> Option<i64> {
        self.commits.last().map(|commit| commit.version)
    }

    /// The first version that is not there although a later one is.
    pub fn gap(&self) -> Option<i64> {
        (0_i64..)
            .zip(&self.commits)
            .find(|(expected, commit)| commit.version != *expected)
            .map(|(expected, _)| expected)
    }

    /// The version whose commit carries this transaction.
    pub fn version_with(&self, transaction: &str) -> Option<i64> {
        let carries = |commit: &&Commit| commit.transactions.iter().any(|one| one == transaction);
        self.commits.iter().find(carries).map(|commit| commit.version)
    }

    /// Files of the log up to a version, below the table's folder. The hint at the newest checkpoint is left out: readers
    /// find checkpoints without it, and it may name a later one.
    pub fn log_files(&self, version: i64) -> Vec<String> {
        let commits = self.commits.iter().map(|commit| commit.version).filter(|own| *own <= version);
        let mut files: Vec<String> = commits.map(|own| format!("{LOG}/{own:0DIGITS$}.json")).collect();
        let checkpoints = self.checkpoints.iter().filter(|(own, _)| *own <= version);
        files.extend(checkpoints.map(|(_, name)| format!("{LOG}/{name}")));
        files
    }

    /// Data files that any version up to this one names, with their bytes: earlier runs read earlier versions.
    pub fn data_files(&self, version: i64) -> BTreeMap<&str, u64> {
        let commits = self.commits.iter().filter(|commit| commit.version <= version);
        commits.flat_map(|commit| &commit.added).map(|(path, bytes)| (path.as_str(), *bytes)).collect()
    }

    /// Data files that count at a version, with their bytes.
    pub fn live_files(&self, version: i64) -> BTreeMap<&str, u64> {
        let mut live = BTreeMap::new();
        for commit in self.commits.iter().filter(|commit| commit.version <= version) {
            for path in &commit.removed {
                live.remove(path.as_str());
            }
            live.extend(commit.added.iter().map(|(path, bytes)| (path.as_str(), *bytes)));
        }
        live
    }
}

impl Warehouse {
    /// The logs of all tables, the datasets' first, by name.
    pub fn table_logs(&self) -> Result<Vec<TableLog>> {
        let mut names: Vec<String> = entries(&self.datasets_root())?.into_iter().map(|(name, _)| name).collect();
        names.sort();
        let mut logs = Vec::new();
        for name in names {
            let folder = format!("datasets/{name}");
            logs.extend(self.table_log(&name, folder)?);
        }
        logs.extend(self.table_log("results", "results".to_owned())?);
        Ok(logs)
    }

    fn table_log(&self, table: &str, folder: String) -> Result<Option<TableLog>> {
        let root = self.root().join(&folder).join(LOG);
        if !root.is_dir() {
            return Ok(None);
        }
        let (mut commits, mut checkpoints) = (Vec::new(), Vec::new());
        for (name, path) in entries(&root)? {
            if let Some(version) = Commit::version_of(&name) {
                let text = std::fs::read(&path).map_err(|source| WarehouseError::io(&path, source))?;
                let commit =
                    Commit::parse(version, &text).map_err(|source| WarehouseError::Damaged { path, source })?;
                commits.push(commit);
            } else if let Some((version, rest)) = name.split_at_checked(DIGITS)
                && rest.starts_with(".checkpoint")
                && rest.ends_with(".parquet")
            {
                checkpoints.extend(numbered(version).map(|version| (version, name.clone())));
            }
        }
        commits.sort_by_key(|commit| commit.version);
        checkpoints.sort();
        Ok(Some(TableLog { table: table.to_owned(), folder, commits, checkpoints }))
    }

    /// Files that some version of the table names and that are not on disk, each with the first version that names it and
    /// whether the newest one still does.
    pub fn missing_files(&self, log: &TableLog) -> Vec<(String, i64, bool)> {
        let live = log.newest().map(|newest| log.live_files(newest)).unwrap_or_default();
        let root = self.root().join(&log.folder);
        let named = log.commits.iter().flat_map(|commit| commit.added.iter().map(|(path, _)| (path, commit.version)));
        named
            .filter(|(path, _)| !root.join(path).is_file())
            .map(|(path, version)| (path.clone(), version, live.contains_key(path.as_str())))
            .collect()
    }

    /// Files below a table's folder that no commit names: left by a crash, or being written right now.
    pub fn orphans(&self, log: &TableLog) -> Result<Vec<Orphan>> {
        let named = log.newest().map(|newest| log.data_files(newest)).unwrap_or_default();
        let root = self.root().join(&log.folder);
        let (mut orphans, mut open) = (Vec::new(), vec![String::new()]);
        while let Some(at) = open.pop() {
            for (name, path) in entries(&root.join(&at))? {
                let within = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
                if path.is_dir() {
                    open.push(within);
                } else if !named.contains_key(within.as_str()) && !belongs_to_log(&at, &name) {
                    orphans.extend(look(&path, format!("{}/{within}", log.folder))?);
                }
            }
        }
        orphans.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(orphans)
    }

    /// Removes orphans and gives back those that are gone now. For the one process that holds the lock of the data
    /// directory: a file that another writer is about to commit looks the same.
    pub fn remove_orphans(&self, orphans: &[Orphan]) -> Result<Vec<String>> {
        let mut removed = Vec::new();
        for orphan in orphans {
            let path = self.root().join(&orphan.path);
            // Written to since it was listed: no orphan any more.
            if look(&path, orphan.path.clone())?.as_ref() != Some(orphan) {
                continue;
            }
            std::fs::remove_file(&path).map_err(|source| WarehouseError::io(&path, source))?;
            removed.push(orphan.path.clone());
        }
        Ok(removed)
    }

    /// Folders of staged batches, by name.
    pub fn staged_folders(&self) -> Result<Vec<StagedFolder>> {
        let mut folders = Vec::new();
        for (batch, path) in entries(&self.staging_root())? {
            if path.is_dir() {
                let files = entries(&path)?.into_iter().map(|(name, _)| name).collect();
                folders.push(StagedFolder { batch, files });
            }
        }
        folders.sort_by(|one, other| one.batch.cmp(&other.batch));
        Ok(folders)
    }
}

/// Names and paths in a folder; none when it is not there. Names that are not UTF-8 are not ours.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let failed = |source| WarehouseError::io(folder, source);
    let listed = match std::fs::read_dir(folder) {
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        outcome => outcome.map_err(failed)?,
    };
    let mut found = Vec::new();
    for entry in listed {
        let entry = entry.map_err(failed)?;
        found.extend(entry.file_name().to_str().map(|name| (name.to_owned(), entry.path())));
    }
    Ok(found)
}

/// The file as it is now; `None` when it is gone.
fn look(path: &Path, within: String) -> Result<Option<Orphan>> {
    let found = std::fs::metadata(path).and_then(|meta| Ok((meta.len(), meta.modified()?)));
    match found {
        Ok((bytes, modified)) => Ok(Some(Orphan { path: within, bytes, modified })),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(WarehouseError::io(path, source)),
    }
}

/// What is at home in the log folder, whoever wrote it: commits, checkpoints, checksums, the hint at the last checkpoint.
fn belongs_to_log(folder: &str, name: &str) -> bool {
    let known = name == "_last_checkpoint" || name.get(..DIGITS).is_some_and(|start| numbered(start).is_some());
    let beside = name.contains(".tmp") || name.contains('#') || name.ends_with(".part");
    folder.starts_with(LOG) && (folder != LOG || (known && !beside) || name.ends_with(".crc"))
}

fn numbered(text: &str) -> Option<i64> {
    let digits = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A path of the log, in which anything unusual stands as `%` and two hexadecimal digits.
fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}
