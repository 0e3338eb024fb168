//! Backup and restore (备份与恢复): one archive with everything that a college is, made while people work, proved before
//! it is believed, and put back whole or not at all.

mod archive;
mod create;
mod error;
mod kept;
mod known;
mod manifest;
mod restore;
mod tree;
mod verify;

pub use create::{Backup, BackupRequest, Secrets, create};
pub use error::{BackupError, Damage};
pub use kept::{Kept, fetch, forget, kept, place};
pub use manifest::{Entry, Head, Manifest, Pinned};
pub use restore::{RestoreRequest, Restored, restore};
pub use verify::verify;
