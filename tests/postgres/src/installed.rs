//! Finding the server binaries, and the user who may run them: PostgreSQL refuses to run as root.

use crate::clean;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian keeps one folder for each major version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// What a cluster is made and asked with.
const TOOLS: [&str; 4] = ["initdb", "pg_ctl", "postgres", "psql"];

/// Users that may stand in for root, the best one first.
const STAND_INS: [&str; 2] = ["postgres", "nobody"];

/// The binaries of one version, and who runs them.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    binaries: PathBuf,
    user: Option<(u32, u32)>,
}

impl Installed {
    /// Looks in the folders of `PATH` first, then where Debian keeps them. The error says what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        folders.extend(versions());
        let whole = |folder: &PathBuf| TOOLS.iter().all(|tool| folder.join(tool).is_file());
        let Some(binaries) = folders.into_iter().find(whole) else {
            let tools = TOOLS.join(", ");
            return Err(format!(
                "no folder of PATH or {VERSIONS}/*/bin holds {tools} (Debian: apt install postgresql)"
            ));
        };
        Ok(Self { binaries, user: stand_in()? })
    }

    /// Their folder.
    pub(crate) fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// User and group that take the place of root.
    pub(crate) fn user(&self) -> Option<(u32, u32)> {
        self.user
    }

    /// A command of the user who runs the server.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = clean(program);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// One of the binaries.
    pub(crate) fn tool(&self, name: &str) -> Command {
        self.command(self.binaries.join(name))
    }
}

/// Folders of the versions, the newest first.
fn versions() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(VERSIONS)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// Nobody, unless this is root.
fn stand_in() -> Result<Option<(u32, u32)>, String> {
    let me = fs::metadata("/proc/self").map_err(|error| format!("/proc/self: {error}"))?;
    if me.uid() != 0 {
        return Ok(None);
    }
    let number = |flag: &str, name: &str| {
        let output = clean("id").args([flag, name]).stdout(std::process::Stdio::piped()).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    let found = STAND_INS.iter().find_map(|name| Some((number("-u", name)?, number("-g", name)?)));
    found.map(Some).ok_or_else(|| {
        format!("PostgreSQL refuses to run as root and there is no user {} to run it", STAND_INS.join(" or "))
    })
}
