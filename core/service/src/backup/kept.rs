//! Backups that stand in the data directory until somebody fetches them: whoever works from afar has no path to name.

use super::error::BackupError;
use crate::college::Opening;
use crate::error::ServiceError;
use chrono::{DateTime, Utc};
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use zhengai_model::rights::Right;

/// How names of archives end.
const END: &str = ".tar";

/// A backup that can be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Name of its file.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was finished.
    pub at: DateTime<Utc>,
}

/// Where a backup that is to be fetched later is made: named after the moment.
pub fn place(opening: &Opening) -> Result<PathBuf, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let folder = opening.data.backups();
    fs::create_dir_all(&folder).map_err(|source| BackupError::Io { path: folder.clone(), source })?;
    let name = (opening.clock)().format("zhengai-%Y%m%d-%H%M%S%3f").to_string();
    Ok(folder.join([&name, END].concat()))
}

/// Those that can be fetched, the newest first.
pub fn kept(opening: &Opening) -> Result<Vec<Kept>, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let folder = opening.data.backups();
    let io = |source| BackupError::Io { path: folder.clone(), source };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error).into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let about = entry.metadata().map_err(io)?;
        // What is still being made has another name.
        if about.is_file() && name.ends_with(END) {
            let at = about.modified().map_err(io)?.into();
            found.push(Kept { name, bytes: about.len(), at });
        }
    }
    found.sort_by(|one, other| other.name.cmp(&one.name));
    Ok(found)
}

/// The file of one: only names of the list lead to a file.
pub fn fetch(opening: &Opening, name: &str) -> Result<PathBuf, ServiceError> {
    let found = kept(opening)?;
    if !found.iter().any(|one| one.name == name) {
        return Err(ServiceError::not_found("backup", name, found.iter().map(|one| one.name.as_str())));
    }
    Ok(opening.data.backups().join(name))
}

/// Removes one that was fetched, or that nobody wants.
pub fn forget(opening: &Opening, name: &str) -> Result<(), ServiceError> {
    let path = fetch(opening, name)?;
    fs::remove_file(&path).map_err(|source| BackupError::Io { path, source }.into())
}
