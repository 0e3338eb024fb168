//! Moving the record to another database: copied, compared, and only then the configuration points to it. Interrupted
//! at any point the college opens with its old record; what was copied so far is taken up or put aside the next time.

use crate::college::{Access, Opening};
use crate::config::{Origin, RECORD_URL};
use crate::config_edit;
use crate::error::ServiceError;
use crate::export::write_whole;
use crate::home::DataDir;
use crate::lock::WriterLock;
use crate::records;
use serde::Serialize;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use zhengai_model::rights::Right;
use zhengai_store::{Address, Backend, DumpSummary, Note, Record, StoreError};

/// Where a record goes.
#[derive(Debug, Clone)]
pub struct Target {
    /// `postgres://…`, `sqlite:/path`, or `sqlite:` for the file of the data directory.
    pub url: String,
    /// A file with the password, which nobody else may read.
    pub password_file: Option<PathBuf>,
}

/// A record that was moved.
#[derive(Debug, Clone, Serialize)]
pub struct Moved {
    /// Where it was.
    pub from: String,
    /// Where it is now.
    pub to: String,
    /// Rows of all tables, the same on both sides.
    pub rows: u64,
    /// Rows of the audit chain.
    pub audit: u64,
    /// SHA-256 over everything, the same on both sides.
    pub sha256: String,
    /// What remains of the old record, for as long as somebody wants it.
    pub kept: String,
}

/// How a step of a move is told to whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveStep {
    /// The old record is read.
    Read,
    /// The new one is written.
    Write,
    /// Both are compared.
    Compare,
    /// The configuration is switched.
    Switch,
}

impl MoveStep {
    /// The word for catalogues.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Compare => "compare",
            Self::Switch => "switch",
        }
    }
}

/// Moves the record of a college.
///
/// # Errors
/// The target is not empty, differs from what was copied, or cannot be reached; the configuration cannot be changed.
/// The college keeps its old record then.
pub async fn move_record(
    opening: &Opening,
    target: &Target,
    told: &(dyn Fn(MoveStep) + Sync),
) -> Result<Moved, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    if opening.config.origin(RECORD_URL) > Origin::File {
        let origin = opening.config.origin(RECORD_URL).as_str();
        return Err(ServiceError::SettingElsewhere { key: RECORD_URL, origin });
    }
    let _lock = WriterLock::take(opening.data.root())?;
    let new = records::resolve(&opening.data, &target.url, target.password_file.as_deref())?;
    let settings = settings(&opening.data, &new, target)?;
    // Whether the configuration can be changed is asked before anything is copied.
    let text = config_edit::with_record(&opening.data.config_file(), &settings)?;
    let old = records::address(opening)?;
    if old.place() == new.place() {
        return Err(StoreError::NotEmpty { place: new.place().to_owned() }.into());
    }
    let (record, _hold) = records::open(opening, Access::Write).await?;
    if new.backend() == Backend::Postgres {
        records::mark(opening, &record).await?;
    }
    let outcome = copy(opening, &record, &new, told).await;
    record.close().await;
    let summary = outcome?;
    told(MoveStep::Switch);
    settings.keep_password(&opening.data)?;
    write_whole(&opening.data.config_file(), text.as_bytes())?;
    let kept = match old.path() {
        Some(path) => set_aside(opening, &path)?.display().to_string(),
        None => old.place().to_owned(),
    };
    let moved = Moved {
        from: old.place().to_owned(),
        to: new.place().to_owned(),
        rows: summary.rows(),
        audit: summary.audit.seq,
        sha256: summary.sha256,
        kept,
    };
    note(opening, &new, &moved).await?;
    Ok(moved)
}

/// Where a password goes that somebody wrote into an address: a configuration file is read by many.
const SECRET: &str = "secrets/record-password";

/// What the configuration will say, and a password that it must not say.
pub(crate) struct Settings {
    pub(crate) url: Option<String>,
    pub(crate) password_file: Option<String>,
    password: Option<String>,
}

impl Settings {
    /// Puts a password that must not stand in the configuration where it says.
    pub(crate) fn keep_password(&self, data: &DataDir) -> Result<(), ServiceError> {
        match &self.password {
            Some(password) => keep_password(&data.root().join(SECRET), password),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
impl Settings {
    pub(crate) fn new(url: Option<&str>, password_file: Option<&str>) -> Self {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Self { url: own(url), password_file: own(password_file), password: None }
    }
}

/// What the configuration of a data directory says of a record at this address.
pub(crate) fn settings(data: &DataDir, new: &Address, target: &Target) -> Result<Settings, ServiceError> {
    if new.path() == Some(data.record()) {
        return Ok(Settings { url: None, password_file: None, password: None });
    }
    let (url, password) = match new.path() {
        Some(_) => (target.url.clone(), None),
        None => Address::parse(&target.url)?.split_password(),
    };
    let file = target.password_file.as_ref().map(|file| file.display().to_string());
    let kept = password.is_some() && file.is_none();
    let password_file = file.or_else(|| kept.then(|| SECRET.to_owned()));
    Ok(Settings { url: Some(url), password_file, password: password.filter(|_| kept) })
}

async fn copy(
    opening: &Opening,
    record: &Record,
    new: &Address,
    told: &(dyn Fn(MoveStep) + Sync),
) -> Result<DumpSummary, ServiceError> {
    told(MoveStep::Read);
    let path = opening.data.root().join("record.moving");
    let io = |source| ServiceError::Io { path: path.clone(), source };
    let copy = Removed(path.clone());
    let file = private(&path).map_err(io)?;
    let summary = record.dump(BufWriter::new(file)).await?;
    if let Some(path) = new.path().filter(|path| *path == opening.data.record() && path.exists()) {
        // The configuration points elsewhere, so this is what an earlier move left here.
        set_aside(opening, &path)?;
    }
    told(MoveStep::Write);
    let source = BufReader::new(File::open(&path).map_err(io)?);
    match Record::load_at(new, source, opening.clock).await {
        // Perhaps a move that was interrupted after it had copied everything; the comparison tells.
        Err(StoreError::NotEmpty { .. }) | Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    drop(copy);
    told(MoveStep::Compare);
    let loaded = Record::open_at(new, opening.clock).await?;
    let found = loaded.dump(std::io::sink()).await;
    loaded.close().await;
    match found? == summary {
        true => Ok(summary),
        false => Err(StoreError::NotEmpty { place: new.place().to_owned() }.into()),
    }
}

/// Tells the new record where it came from.
async fn note(opening: &Opening, new: &Address, moved: &Moved) -> Result<(), ServiceError> {
    let record = Record::open_at(new, opening.clock).await?;
    let note = Note {
        action: "record.move".to_owned(),
        thing: "setting".to_owned(),
        subject: RECORD_URL.to_owned(),
        why: None,
        detail: serde_json::to_value(moved).ok(),
    };
    let noted = record.audit_note(&opening.actor, &note).await;
    record.close().await;
    Ok(noted?)
}

/// Gives a record file a name under which nobody opens it, with its write-ahead log if there is one.
fn set_aside(opening: &Opening, path: &Path) -> Result<PathBuf, ServiceError> {
    let stamp = (opening.clock)().format("%Y%m%dT%H%M%S");
    let with = |path: &Path, ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let mut kept = with(path, &format!(".kept-{stamp}"));
    let mut number = 1;
    while kept.exists() {
        number += 1;
        kept = with(path, &format!(".kept-{stamp}-{number}"));
    }
    // The log first: a file without its log would be opened as if the log had never been.
    for ending in ["-wal", "-shm", ""] {
        let from = with(path, ending);
        if from.exists() {
            let source = std::fs::rename(&from, with(&kept, ending));
            source.map_err(|source| ServiceError::Io { path: from, source })?;
        }
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let synced = zhengai_warehouse::disk::sync_folder(folder);
    synced.map_err(|source| ServiceError::Io { path: folder.to_path_buf(), source })?;
    Ok(kept)
}

/// A file that only its owner may read.
fn private(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn keep_password(path: &Path, password: &str) -> Result<(), ServiceError> {
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        zhengai_warehouse::disk::create_folders(folder)?;
        let mut file = private(path)?;
        std::io::Write::write_all(&mut file, format!("{password}\n").as_bytes())?;
        file.sync_all()?;
        zhengai_warehouse::disk::sync_folder(folder)
    };
    write().map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })
}

/// A file that goes when it is dropped.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        // The next move begins by removing it.
        let _ = std::fs::remove_file(&self.0);
    }
}
