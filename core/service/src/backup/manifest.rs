//! What a backup says of itself: the head that comes first, the manifest that lists every file.

use super::error::BackupError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::Path;
use zhengai_store::DumpSummary;

/// Version of the form of an archive.
pub(super) const FORMAT: u32 = 1;

/// The first entry: enough to know what this is and whether this program can read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of the form.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// Identity of the college.
    pub college: String,
    /// Its name.
    pub name: String,
    /// When it was begun.
    pub at: DateTime<Utc>,
}

impl Head {
    /// Refuses a form that this program does not know.
    pub(super) fn check(&self, archive: &Path) -> Result<(), BackupError> {
        if self.format == FORMAT {
            return Ok(());
        }
        let (archive, program) = (archive.to_path_buf(), self.program.clone());
        Err(BackupError::Format { archive, found: self.format, program })
    }
}

/// The last entry but one: everything that is in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The head again.
    pub head: Head,
    /// When it was finished.
    pub finished: DateTime<Utc>,
    /// Whether secrets are in it.
    pub secrets: bool,
    /// What the record's dump holds.
    pub record: DumpSummary,
    /// Tables and the version of each up to which its log is in the archive.
    pub tables: Vec<Pinned>,
    /// Data files that an earlier version of a table names and that were gone already, by path in the data directory.
    pub absent: Vec<String>,
    /// All other entries, in their order.
    pub files: Vec<Entry>,
}

/// A table at the version up to which a backup has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// Its folder below the warehouse's.
    pub folder: String,
    /// The version; absent when its log is empty.
    pub version: Option<i64>,
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the archive.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its permissions.
    pub mode: u32,
    /// SHA-256, in hex.
    pub sha256: String,
}

impl Manifest {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}
