//! A folder of a worker's own: nobody else may enter it, and it is gone when the worker is. What a host that was killed
//! left behind is removed by the next one: a folder is in use as long as somebody holds its lock.

use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the names of all such folders begin with.
const PREFIX: &str = "zhengai-worker-";

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A private folder, removed with everything in it when dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// A new one among the system's temporary files.
    pub(crate) fn new() -> io::Result<Self> {
        static SWEEP: Once = Once::new();
        let among = std::env::temp_dir().canonicalize()?;
        SWEEP.call_once(|| sweep(&among));
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = among.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            // Another host may have swept it away before it was locked: then there is another number.
            if let Some(lock) = locked(&path) {
                return Ok(Self { path, _lock: lock });
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!(folder = %self.path.display(), %error, "cannot remove the folder of a worker");
        }
    }
}

/// The lock of a folder that nobody holds; `None` when somebody does, or it is not there any more.
fn locked(path: &Path) -> Option<File> {
    let folder = File::open(path).ok()?;
    flock(&folder, FlockOperation::NonBlockingLockExclusive).ok()?;
    let (held, there) = (folder.metadata().ok()?, path.symlink_metadata().ok()?);
    (held.ino() == there.ino() && held.dev() == there.dev()).then_some(folder)
}

/// Removes folders of ours that nobody holds.
fn sweep(among: &Path) {
    let Ok(entries) = among.read_dir() else { return };
    let me = rustix::process::geteuid().as_raw();
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.metadata().is_ok_and(|about| about.is_dir() && about.uid() == me);
        if ours && let Some(_lock) = locked(&entry.path()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Folder, PREFIX, locked, sweep};

    #[test]
    fn a_sweep_removes_what_nobody_holds_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["left", "held"] {
            std::fs::create_dir(dir.path().join(format!("{PREFIX}{name}"))).unwrap();
        }
        std::fs::write(dir.path().join(format!("{PREFIX}left/file")), "x").unwrap();
        std::fs::create_dir(dir.path().join("something-else")).unwrap();
        let held = dir.path().join(format!("{PREFIX}held"));
        let lock = locked(&held).unwrap();
        sweep(dir.path());
        assert!(held.exists() && dir.path().join("something-else").exists());
        assert!(!dir.path().join(format!("{PREFIX}left")).exists());
        drop(lock);
        sweep(dir.path());
        assert!(!held.exists());
    }

    #[test]
    fn a_folder_is_held_as_long_as_it_lives_and_gone_afterwards() {
        let folder = Folder::new().unwrap();
        let path = folder.path().to_owned();
        assert!(locked(&path).is_none());
        drop(folder);
        assert!(!path.exists());
    }
}
