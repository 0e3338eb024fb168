//! Putting a backup back: proved first, built beside its place, checked as it lies on the disk, and moved in at the end.
//! Killed at any point before that, nothing is at the place; the next try begins with an empty hand.

use super::archive::{self, DATA, RECORD, Visit};
use super::error::{BackupError, Damage};
use super::manifest::Manifest;
use super::verify::verify;
use crate::college::Opening;
use crate::config::Config;
use crate::error::ServiceError;
use crate::home::DataDir;
use crate::lock::WriterLock;
use crate::record_move::{self, Target};
use crate::{config_edit, records};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use zhengai_store::{Address, Backend, Record};
use zhengai_warehouse::disk::{create_folders, sync_folder};
use zhengai_warehouse::{CancelFlag, Progress, Warehouse};

/// Name of the lock in a data directory.
const LOCK: &str = "lock";

/// What is to be put back. The data directory of the opening is where it goes; it is empty or not there.
#[derive(Debug, Clone)]
pub struct RestoreRequest {
    /// The archive.
    pub archive: PathBuf,
    /// Address of an empty database for the record; a file in the data directory when absent.
    pub record: Option<String>,
}

/// A college put back.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What was in the archive.
    pub manifest: Manifest,
    /// The settings named another database for the record and name this one now.
    pub record_moved: bool,
}

/// Puts a backup back. `progress` hears how many bytes were read, first of the proof, then of the putting back.
pub async fn restore(
    opening: &Opening,
    request: &RestoreRequest,
    progress: Progress<'_>,
    cancel: &CancelFlag,
) -> Result<Restored, ServiceError> {
    let root = opening.data.root();
    let data = std::path::absolute(root).map_err(|source| BackupError::io(root, source))?;
    refuse_used(&data)?;
    request.record.as_deref().map(Address::parse).transpose()?;
    let manifest = verify(&request.archive, opening.clock, progress, cancel).await?;
    let stage = Stage::take(&data)?;
    let mut put = PutBack { stage: &stage.path, read: manifest.bytes(), progress, cancel };
    if archive::read(&request.archive, &mut put)? != manifest {
        // It was another file a moment ago.
        return Err(BackupError::Moving { path: request.archive.clone() }.into());
    }
    let college = DataDir::at(&stage.path);
    for folder in [college.packs(), college.plugins()] {
        create_folders(&folder).map_err(|source| BackupError::io(&folder, source))?;
    }
    stage.check(&request.archive, &manifest)?;
    check_tables(&college, &request.archive, &manifest)?;
    let target = Target { url: request.record.clone().unwrap_or_default(), password_file: None };
    let address = records::resolve(&college, &target.url, None)?;
    let record_moved = point(&college, &address, &target)?;
    // Settings of the restored college, as nobody's environment or command line changes them.
    let config = Config::load(&college.config_file(), &BTreeMap::new(), &[])?;
    let restored = Opening { data: college, config, ..opening.clone() };
    load(&restored, &address, &request.archive, &manifest).await?;
    stage.move_in(&data)?;
    Ok(Restored { manifest, record_moved })
}

fn refuse_used(data: &Path) -> Result<(), BackupError> {
    match std::fs::read_dir(data) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(BackupError::io(data, source)),
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty { data: data.to_path_buf() }),
        },
    }
}

/// The record out of its dump, with counts, hashes and the audit chain checked, the chain once more as it is read back.
async fn load(restored: &Opening, address: &Address, archive: &Path, manifest: &Manifest) -> Result<(), ServiceError> {
    let dump = restored.data.root().join(RECORD);
    let failed = |source| BackupError::io(&dump, source);
    let file = File::open(&dump).map_err(failed)?;
    let summary = Record::load_at(address, BufReader::new(file), restored.clock).await?;
    let record = Record::open_at(address, restored.clock).await?;
    let check = record.audit_verify().await?;
    let same = check.broken.is_none() && check.sound == summary.audit.seq && check.head == summary.audit.hash;
    if !same || summary != manifest.record {
        let (archive, entry) = (archive.to_path_buf(), RECORD.to_owned());
        return Err(BackupError::Damaged { archive, entry, what: Damage::Written }.into());
    }
    if record.backend() != Backend::Sqlite {
        // The mark in the dump is that of the college that was backed up, which may be alive.
        records::mark(restored, &record).await?;
    }
    record.close().await;
    std::fs::remove_file(&dump).map_err(failed)?;
    Ok(())
}

/// Tables as they lie on the disk now: each at its version, with every file that it names.
fn check_tables(college: &DataDir, archive: &Path, manifest: &Manifest) -> Result<(), ServiceError> {
    let warehouse = Warehouse::open(&college.warehouse(), &manifest.head.college)?;
    let absent: BTreeSet<&str> = manifest.absent.iter().map(String::as_str).collect();
    let damaged = |entry: &str| BackupError::Damaged {
        archive: archive.to_path_buf(),
        entry: entry.to_owned(),
        what: Damage::Written,
    };
    let versions: BTreeMap<&str, i64> =
        manifest.tables.iter().filter_map(|table| Some((table.folder.as_str(), table.version?))).collect();
    let logs = warehouse.table_logs()?;
    for log in &logs {
        let whole = log.gap().is_none() && log.newest() == versions.get(log.folder.as_str()).copied();
        let folder = format!("warehouse/{}", log.folder);
        let missing = warehouse.missing_files(log);
        let lost = missing.iter().find(|(path, ..)| !absent.contains(format!("{folder}/{path}").as_str()));
        if !whole || lost.is_some() {
            return Err(damaged(&folder).into());
        }
    }
    match versions.keys().find(|folder| logs.iter().all(|log| log.folder != **folder)) {
        Some(folder) => Err(damaged(folder).into()),
        None => Ok(()),
    }
}

/// Where the record is stands in the settings. They must not lead the restored college to the database of the old one.
fn point(college: &DataDir, address: &Address, target: &Target) -> Result<bool, ServiceError> {
    let path = college.config_file();
    let before = Config::load(&path, &BTreeMap::new(), &[])?;
    let settings = record_move::settings(college, address, target)?;
    settings.keep_password(college)?;
    let text = config_edit::with_record(&path, &settings)?;
    crate::export::write_whole(&path, text.as_bytes())?;
    let now = settings.url.unwrap_or_default();
    Ok(!before.record_url().is_empty() && before.record_url() != now)
}

/// The folder beside the place in which a college is put together.
struct Stage {
    path: PathBuf,
    lock: WriterLock,
}

impl Stage {
    /// Takes the folder, with nothing in it: what is there was left by a restore that died, for its lock is free.
    fn take(data: &Path) -> Result<Self, ServiceError> {
        let name = data.file_name().unwrap_or_default().to_string_lossy();
        let path = data.with_file_name(format!(".{name}.restoring"));
        create_folders(&path).map_err(|source| BackupError::io(&path, source))?;
        let lock = WriterLock::take(&path).map_err(|error| match error {
            ServiceError::DirectoryBusy { .. } => BackupError::Busy { data: data.to_path_buf() }.into(),
            other => other,
        })?;
        let failed = |source| BackupError::io(&path, source);
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?.path();
            if entry.is_dir() {
                std::fs::remove_dir_all(&entry).map_err(failed)?;
            } else if !entry.ends_with(LOCK) {
                std::fs::remove_file(&entry).map_err(failed)?;
            }
        }
        Ok(Self { path, lock })
    }

    /// Reads every file back from the disk.
    fn check(&self, archive: &Path, manifest: &Manifest) -> Result<(), BackupError> {
        let mut folders = BTreeSet::new();
        for file in &manifest.files {
            let path = place(&self.path, &file.path);
            let mut source = File::open(&path).map_err(|source| BackupError::io(&path, source))?;
            let mut hash = Hash(Sha256::new());
            let bytes = io::copy(&mut source, &mut hash).map_err(|source| BackupError::io(&path, source))?;
            if bytes != file.bytes || archive::hex(hash.0) != file.sha256 {
                let (archive, entry) = (archive.to_path_buf(), file.path.clone());
                return Err(BackupError::Damaged { archive, entry, what: Damage::Written });
            }
            folders.extend(path.ancestors().skip(1).take_while(|up| up.starts_with(&self.path)).map(Path::to_path_buf));
        }
        for folder in folders {
            sync_folder(&folder).map_err(|source| BackupError::io(&folder, source))?;
        }
        Ok(())
    }

    /// The one step that makes the college be there.
    fn move_in(self, data: &Path) -> Result<(), BackupError> {
        let failed = |source| BackupError::io(data, source);
        sync_folder(&self.path).map_err(failed)?;
        drop(self.lock);
        match std::fs::remove_dir(data) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(failed(source)),
            _ => {}
        }
        std::fs::rename(&self.path, data).map_err(failed)?;
        sync_folder(data.parent().unwrap_or(data)).map_err(failed)
    }
}

struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where an entry of the archive lies in the folder.
fn place(stage: &Path, name: &str) -> PathBuf {
    stage.join(name.strip_prefix(DATA).unwrap_or(name))
}

/// Writes what comes by into the folder.
struct PutBack<'a> {
    stage: &'a Path,
    read: u64,
    progress: Progress<'a>,
    cancel: &'a CancelFlag,
}

impl Visit for PutBack<'_> {
    fn file(&mut self, (name, bytes, mode): (&str, u64, u32), source: &mut dyn Read) -> Result<(), BackupError> {
        let path = place(self.stage, name);
        let failed = |source| BackupError::io(&path, source);
        create_folders(path.parent().unwrap_or(self.stage)).map_err(failed)?;
        let mut file = File::options().write(true).create_new(true).open(&path).map_err(failed)?;
        let mut buffer = vec![0; 1 << 18];
        let mut left = bytes;
        while left > 0 {
            let count = source.read(&mut buffer).map_err(failed)?;
            if count == 0 {
                break;
            }
            file.write_all(buffer.get(..count).unwrap_or_default()).map_err(failed)?;
            left = left.saturating_sub(count as u64);
            self.step(count as u64)?;
        }
        permit(&file, mode).map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    fn step(&mut self, bytes: u64) -> Result<(), BackupError> {
        self.read += bytes;
        (self.progress)(self.read);
        if self.cancel.is_cancelled() { Err(BackupError::Cancelled) } else { Ok(()) }
    }
}

fn permit(file: &File, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The owner can always write: an archive taken from a read-only place must not restore into one.
        file.set_permissions(std::fs::Permissions::from_mode(mode | 0o600))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, mode);
        Ok(())
    }
}
