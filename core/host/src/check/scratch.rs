//! Folders that live as long as a check: one for each probe, so that whatever a plugin leaves behind is seen.

use crate::HostError;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A folder for one probe, removed with everything in it when dropped.
pub(super) struct Scratch(PathBuf);

/// Folders in which a plugin has no business: the working folder, the home, the temporary folder.
const FORBIDDEN: [&str; 3] = ["cwd", "home", "tmp"];

impl Scratch {
    /// A new one.
    pub(super) fn new() -> Result<Self, HostError> {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("zhengai-check-{}-{number}", std::process::id()));
        let failed = |source| HostError::File { path: root.clone(), source };
        std::fs::create_dir(&root).map_err(failed)?;
        let scratch = Self(root.clone());
        for folder in FORBIDDEN.into_iter().chain(["scratch"]) {
            std::fs::create_dir(scratch.path(folder)).map_err(failed)?;
        }
        Ok(scratch)
    }

    /// A place inside it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Files that lie where none should.
    pub(super) fn left_behind(&self) -> Vec<String> {
        FORBIDDEN.iter().flat_map(|folder| inside(&self.path(folder))).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing better can be done about a folder that cannot be removed; it lies among temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn inside(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let folder = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect()
}
