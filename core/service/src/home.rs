//! Where things are: the home folder (plugins and policy beside the binary) and the data directory of a college.

use crate::error::ServiceError;
use std::path::{Path, PathBuf};

/// The folder that ships: `plugins/` and `config/`.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// Finds the home: the folder named (from `ZHENGAI_HOME`), or the one that holds the executable.
    pub fn find(named: Option<PathBuf>, executable: &Path) -> Result<Self, ServiceError> {
        let root = match named {
            Some(root) => root,
            None => executable.parent().unwrap_or(Path::new(".")).to_path_buf(),
        };
        if root.join("plugins").is_dir() && root.join("config").is_dir() {
            Ok(Self { root })
        } else {
            Err(ServiceError::NoHome { looked: root })
        }
    }

    /// Folder of the plugins that ship.
    pub fn plugins(&self) -> PathBuf {
        self.root.join("plugins")
    }

    /// Folder of calendar, policy packs and cycle templates.
    pub fn config(&self) -> PathBuf {
        self.root.join("config")
    }
}

/// The data directory of one college.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// The directory at this path, whether or not it exists.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Its path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration file; its presence makes a directory a college.
    pub fn config_file(&self) -> PathBuf {
        self.root.join("zhengai.toml")
    }

    /// The record, unless the configuration says that it is elsewhere.
    pub fn record(&self) -> PathBuf {
        self.root.join("record.db")
    }

    /// The mark by which a record on a server and this directory know each other.
    pub(crate) fn record_mark(&self) -> PathBuf {
        self.root.join("record.mark")
    }

    /// Tables of rows.
    pub fn warehouse(&self) -> PathBuf {
        self.root.join("warehouse")
    }

    /// Packs of the user, one folder each.
    pub fn packs(&self) -> PathBuf {
        self.root.join("packs")
    }

    /// Plugins of the user, one folder each.
    pub fn plugins(&self) -> PathBuf {
        self.root.join("plugins")
    }

    /// Secrets of the sources, one file each.
    pub fn secrets(&self) -> PathBuf {
        self.root.join("secrets")
    }

    /// Backups that were made for clients elsewhere and wait to be fetched. No backup holds them.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Files that were sent to the server and wait for the request that names them.
    pub fn uploads(&self) -> PathBuf {
        self.root.join("uploads")
    }

    /// Calendar of the college, when it has one of its own.
    pub fn calendar(&self) -> PathBuf {
        self.root.join("calendar.toml")
    }

    /// Roles of the college, when it has its own.
    pub fn roles(&self) -> PathBuf {
        self.root.join("roles.toml")
    }
}
