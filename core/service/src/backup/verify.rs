//! Proving an archive without touching a college: every byte, the dump of the record by loading it, every table's log.

use super::archive::{self, DATA, RECORD, Visit};
use super::error::{BackupError, Damage};
use super::manifest::Manifest;
use crate::error::ServiceError;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use zhengai_store::Record;
use zhengai_warehouse::{CancelFlag, Commit, Progress};

/// Reads a whole archive and holds everything in it against everything else. `progress` hears how many bytes of files
/// were read.
pub async fn verify(
    archive: &Path,
    clock: fn() -> DateTime<Utc>,
    progress: Progress<'_>,
    cancel: &CancelFlag,
) -> Result<Manifest, ServiceError> {
    let scratch = Scratch::new()?;
    let dump = scratch.path.join(RECORD);
    let mut look = Look { archive, dump: &dump, commits: BTreeMap::new(), read: 0, progress, cancel };
    let manifest = archive::read(archive, &mut look)?;
    let commits = look.commits;
    check_tables(archive, &manifest, &commits)?;
    let file = File::open(&dump).map_err(|source| BackupError::io(&dump, source))?;
    let url = scratch.path.join("record.db");
    let address = zhengai_store::Address::file(&url)?;
    let summary = Record::load_at(&address, BufReader::new(file), clock).await?;
    if summary != manifest.record {
        return Err(damaged(archive, RECORD, Damage::Changed).into());
    }
    Ok(manifest)
}

fn damaged(archive: &Path, entry: &str, what: Damage) -> BackupError {
    BackupError::Damaged { archive: archive.to_path_buf(), entry: entry.to_owned(), what }
}

/// Commits of each table's folder, by version.
type Commits = BTreeMap<String, BTreeMap<i64, Commit>>;

/// Each log goes from 0 to its version without a hole, and names only files that are in the archive with that size, or
/// that were gone already.
fn check_tables(archive: &Path, manifest: &Manifest, commits: &Commits) -> Result<(), BackupError> {
    let sizes: BTreeMap<&str, u64> = manifest.files.iter().map(|file| (file.path.as_str(), file.bytes)).collect();
    let absent: BTreeSet<&str> = manifest.absent.iter().map(String::as_str).collect();
    for table in &manifest.tables {
        let Some(version) = table.version else { continue };
        let folder = format!("warehouse/{}", table.folder);
        let none = BTreeMap::new();
        let log = commits.get(&folder).unwrap_or(&none);
        for own in 0..=version {
            let place = format!("{DATA}{folder}/_delta_log/{own:020}.json");
            let Some(commit) = log.get(&own) else { return Err(damaged(archive, &place, Damage::Missing)) };
            for (path, bytes) in &commit.added {
                let within = format!("{folder}/{path}");
                let held = sizes.get(format!("{DATA}{within}").as_str());
                if held != Some(bytes) && !absent.contains(within.as_str()) {
                    return Err(damaged(archive, &place, Damage::Log));
                }
            }
        }
        if let Some(beyond) = log.keys().find(|own| **own > version) {
            let place = format!("{DATA}{folder}/_delta_log/{beyond:020}.json");
            return Err(damaged(archive, &place, Damage::Foreign));
        }
    }
    Ok(())
}

/// Looks at what comes by: the dump goes into a file, logs are read, the rest is only hashed.
struct Look<'a> {
    archive: &'a Path,
    dump: &'a Path,
    commits: Commits,
    read: u64,
    progress: Progress<'a>,
    cancel: &'a CancelFlag,
}

impl Visit for Look<'_> {
    fn file(&mut self, (name, bytes, _): (&str, u64, u32), source: &mut dyn Read) -> Result<(), BackupError> {
        if name == RECORD {
            let mut file = File::create(self.dump).map_err(|source| BackupError::io(self.dump, source))?;
            // A file that can be neither read nor written says so; which of the two, its own error tells.
            io::copy(source, &mut file).map_err(|error| match error.raw_os_error() {
                Some(_) => BackupError::io(self.dump, error),
                None => damaged(self.archive, name, Damage::Cut),
            })?;
        }
        let log = name.strip_prefix(DATA).and_then(|within| within.rsplit_once("/_delta_log/"));
        if let Some((folder, file)) = log
            && let Some(version) = Commit::version_of(file)
        {
            let mut text = Vec::new();
            let cut = || damaged(self.archive, name, Damage::Cut);
            let read = source.read_to_end(&mut text).map_err(|_| cut())?;
            if (read as u64) < bytes {
                return Err(cut());
            }
            let commit = Commit::parse(version, &text).map_err(|_| damaged(self.archive, name, Damage::Changed))?;
            self.commits.entry(folder.to_owned()).or_default().insert(version, commit);
        }
        Ok(())
    }

    fn step(&mut self, bytes: u64) -> Result<(), BackupError> {
        self.read += bytes;
        (self.progress)(self.read);
        if self.cancel.is_cancelled() { Err(BackupError::Cancelled) } else { Ok(()) }
    }
}

/// A folder for the while, only for this account: what is in a record is nobody else's business.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, BackupError> {
        for number in 0_u32.. {
            let path = std::env::temp_dir().join(format!("zhengai-verify-{}-{number}", std::process::id()));
            let mut folder = std::fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
            match folder.create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(BackupError::io(&path, source)),
            }
        }
        Err(BackupError::io(&std::env::temp_dir(), io::ErrorKind::AlreadyExists.into()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for temporary files already.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
