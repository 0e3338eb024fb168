//! What can go wrong with a backup, by cause.

use std::io;
use std::path::{Path, PathBuf};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

/// Why a backup or a restore was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file could not be read or written.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The target is there already.
    #[error("{} exists", path.display())]
    Exists {
        /// The target.
        path: PathBuf,
    },
    /// The target lies in what is to be backed up.
    #[error("{} lies inside the data directory", path.display())]
    Inside {
        /// The target.
        path: PathBuf,
    },
    /// The record and the tables contradict each other.
    #[error("{table}: the record knows {wanted}, the table has {found:?}")]
    Contradiction {
        /// Dataset id, or `results`.
        table: String,
        /// The batch or run that the record calls done, or the version that it names.
        wanted: String,
        /// Newest version of the table.
        found: Option<i64>,
    },
    /// A file that a table needs is gone.
    #[error("{table} needs {path}")]
    FileGone {
        /// Dataset id, or `results`.
        table: String,
        /// The file.
        path: PathBuf,
    },
    /// So much changed meanwhile that no state could be held fast.
    #[error("no quiet moment in {attempts} attempts")]
    Unquiet {
        /// How often it was tried.
        attempts: u32,
    },
    /// A file changed while it was read.
    #[error("{} changed while it was read", path.display())]
    Moving {
        /// The file.
        path: PathBuf,
    },
    /// Not an archive of ours.
    #[error("{} is no backup", archive.display())]
    NoBackup {
        /// The file.
        archive: PathBuf,
    },
    /// Written by a program of another age.
    #[error("{} has format {found}", archive.display())]
    Format {
        /// The archive.
        archive: PathBuf,
        /// Its format.
        found: u32,
        /// Version of the program that wrote it.
        program: String,
    },
    /// The archive is not what was written.
    #[error("{}: {entry}: {}", archive.display(), what.as_str())]
    Damaged {
        /// The archive.
        archive: PathBuf,
        /// The entry at fault, or the last one that was read.
        entry: String,
        /// What is wrong with it.
        what: Damage,
    },
    /// The directory to restore into holds something already.
    #[error("{} is not empty", data.display())]
    NotEmpty {
        /// The directory.
        data: PathBuf,
    },
    /// Another process restores into the same directory.
    #[error("{} is being restored", data.display())]
    Busy {
        /// The directory.
        data: PathBuf,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// What is wrong with an entry of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// The archive ends here.
    Cut,
    /// The bytes are not those that were written.
    Changed,
    /// It is listed and not there.
    Missing,
    /// It does not belong there.
    Foreign,
    /// It cannot be read.
    Unreadable,
    /// The log of the table in it has a hole, or names a file that is not there.
    Log,
    /// What was written to the disk is not what the archive holds.
    Written,
}

impl Damage {
    /// The word for catalogues.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Foreign => "foreign",
            Self::Unreadable => "unreadable",
            Self::Log => "log",
            Self::Written => "written",
        }
    }
}

impl BackupError {
    /// An error of a file.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_path_buf(), source }
    }
}

impl Explain for BackupError {
    fn fault(&self) -> Fault {
        match self {
            Self::Io { source, .. } => crate::error::io_fault(source),
            Self::Exists { .. } | Self::NotEmpty { .. } | Self::Contradiction { .. } => Fault::Conflict,
            Self::Inside { .. } | Self::NoBackup { .. } | Self::Format { .. } | Self::Damaged { .. } => Fault::Invalid,
            Self::FileGone { .. } | Self::Unquiet { .. } | Self::Moving { .. } | Self::Busy { .. } => {
                Fault::Unavailable
            }
            Self::Cancelled => Fault::Cancelled,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Io { path, source } => crate::error::io_message(path, source),
            Self::Exists { path } => Message::new("backup-exists").with("path", path.display()),
            Self::Inside { path } => Message::new("backup-inside").with("path", path.display()),
            Self::Contradiction { table, wanted, found } => Message::new("backup-contradiction")
                .with("table", table)
                .with("wanted", wanted)
                .with("found", found.map_or_else(|| "-".to_owned(), |found| found.to_string())),
            Self::FileGone { table, path } => {
                Message::new("backup-file-gone").with("table", table).with("path", path.display())
            }
            Self::Unquiet { attempts } => Message::new("backup-unquiet").with("attempts", attempts),
            Self::Moving { path } => Message::new("backup-moving").with("path", path.display()),
            Self::NoBackup { archive } => Message::new("backup-no-backup").with("archive", archive.display()),
            Self::Format { archive, found, program } => Message::new("backup-format")
                .with("archive", archive.display())
                .with("found", found)
                .with("program", program),
            Self::Damaged { archive, entry, what } => Message::new("backup-damaged")
                .with("archive", archive.display())
                .with("entry", entry)
                .with("what", what.as_str()),
            Self::NotEmpty { data } => Message::new("backup-not-empty").with("data", data.display()),
            Self::Busy { data } => Message::new("backup-busy").with("data", data.display()),
            Self::Cancelled => Message::new("service-cancelled"),
        }
    }
}
