//! Which files of a data directory belong into a backup, beside record and tables.

use super::create::Secrets;
use super::error::BackupError;
use crate::home::DataDir;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Folders are followed so deep and no deeper: a link that leads back to itself ends here.
const DEEPEST: usize = 32;

/// Names in a folder, sorted; none when it is not there.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, BackupError> {
    let failed = |source| BackupError::io(folder, source);
    let listed = match std::fs::read_dir(folder) {
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        outcome => outcome.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in listed {
        names.extend(entry.map_err(failed)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Whether a file is on its way to its place: `zhengai.toml#1`.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Permissions as a number.
pub(super) fn mode(meta: &Metadata) -> u32 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        meta.permissions().mode() & 0o777
    }
    #[cfg(not(unix))]
    {
        if meta.permissions().readonly() { 0o444 } else { 0o644 }
    }
}

/// What people put into the data directory: settings, calendar, packs, plugins with lock and keys, the mark of a
/// training college; secrets when they are to come along. Each with its path in the data directory.
pub(super) fn own_files(data: &DataDir, secrets: Secrets) -> Result<Vec<(String, PathBuf)>, BackupError> {
    let root = data.root();
    let mut found = Vec::new();
    for name in ["zhengai.toml", "calendar.toml", "plugins.lock", crate::training::MARK] {
        let path = root.join(name);
        if path.is_file() {
            found.push((name.to_owned(), path));
        }
    }
    let folders = ["packs", "plugins", "keys"].into_iter().chain((secrets == Secrets::Taken).then_some("secrets"));
    for folder in folders {
        below(&root.join(folder), folder, 0, &mut found)?;
    }
    Ok(found)
}

fn below(folder: &Path, within: &str, depth: usize, found: &mut Vec<(String, PathBuf)>) -> Result<(), BackupError> {
    for name in names(folder)? {
        let (path, within) = (folder.join(&name), format!("{within}/{name}"));
        if path.is_dir() {
            if depth < DEEPEST {
                below(&path, &within, depth + 1, found)?;
            }
        } else if path.is_file() && !is_unfinished(&name) {
            found.push((within, path));
        }
    }
    Ok(())
}
