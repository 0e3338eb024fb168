//! Whether a college that is open still stands for what the record and the files say: definitions, plugins, settings.
//! Rows, runs and warnings are always read as they are; only what was read at opening can grow old.

use crate::college::{College, Opening};
use crate::error::ServiceError;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use zhengai_store::{Record, Thing};

/// What a change of these things makes old.
const DEFINING: [Thing; 4] = [Thing::Plugin, Thing::Indicator, Thing::Dataset, Thing::Threshold];

/// How deep packs and plugins are looked into.
const DEPTH: u8 = 6;

/// What a college had seen when it was opened.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Length of the audit chain up to which nothing of [`DEFINING`] changed.
    length: AtomicU64,
    /// Names, lengths and times of all files that were read.
    files: u64,
}

impl Seen {
    /// What is there now. Taken before the reading begins: a change meanwhile makes the college old, never new.
    pub(crate) async fn now(opening: &Opening, record: &Record) -> Result<Self, ServiceError> {
        Ok(Self { length: AtomicU64::new(record.audit_length().await?), files: files(opening) })
    }
}

impl College {
    /// Whether definitions, plugins and settings are still those that this college was opened with.
    pub async fn is_current(&self) -> Result<bool, ServiceError> {
        if files(&self.opening) != self.seen.files {
            return Ok(false);
        }
        let (known, length) = (self.seen.length.load(Ordering::Relaxed), self.record.audit_length().await?);
        if length == known {
            return Ok(true);
        }
        if self.record.audit_tells_of(known, &DEFINING).await? {
            return Ok(false);
        }
        self.seen.length.fetch_max(length, Ordering::Relaxed);
        Ok(true)
    }
}

/// A number that changes when one of the files does that make up a college's definitions.
fn files(opening: &Opening) -> u64 {
    let data = &opening.data;
    let mut hasher = DefaultHasher::new();
    let roots = [
        data.config_file(),
        data.calendar(),
        data.root().join("roles.toml"),
        data.roles(),
        data.packs(),
        data.plugins(),
    ];
    let home = [opening.home.config(), opening.home.plugins()];
    for path in roots.iter().chain(&home).chain(&opening.packs) {
        stamp(path, DEPTH, &mut hasher);
    }
    hasher.finish()
}

fn stamp(path: &Path, depth: u8, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    // What cannot be looked at now is told of when it is opened; here it only has to differ from what can.
    let Ok(meta) = std::fs::metadata(path) else { return };
    (meta.len(), meta.modified().ok()).hash(hasher);
    if !meta.is_dir() || depth == 0 {
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut inside: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    for path in inside {
        stamp(&path, depth - 1, hasher);
    }
}
