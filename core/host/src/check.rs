//! Conformance of a plugin: what its author must know before a college does.
//!
//! Nothing of the plugin ever runs in the caller's process. What can be said of files is said here (`files`); every
//! other group of checks runs in a process of its own (the caller's executable, started with [`PROBE_WORD`]), which may
//! crash, hang, print or fork: the parent sees it and says so. The checker never needs a college, a data directory or a
//! network, and judges no speed.

mod bench;
mod compare;
mod files;
mod fixtures;
mod groups;
mod job;
mod mutate;
mod parent;
mod preview;
mod probe;
mod report;
mod sandbox;
mod scratch;

pub use preview::{Preview, preview};
pub use probe::probe_main;
pub use report::{Check, Group, Outcome, Report};

use crate::HostError;
use crate::found::Found;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The word that makes the host's executable a probe: its `main` calls [`probe_main`] when this is the first argument.
pub const PROBE_WORD: &str = "__plugin-probe";

/// How to check.
#[derive(Debug, Clone)]
pub struct Settings {
    /// An executable whose `main` knows [`PROBE_WORD`].
    pub executable: PathBuf,
    /// Arguments before the word, for executables that need some.
    pub arguments: Vec<OsString>,
    /// The library, when it does not lie in the plugin's folder.
    pub library: Option<PathBuf>,
    /// Folder of the last release, to be compared with.
    pub against: Option<PathBuf>,
    /// Only these groups; empty means all.
    pub groups: Vec<Group>,
    /// Where the random choices start.
    pub seed: u64,
    /// How long one check may take before it counts as hanging.
    pub patience: Duration,
    /// How long a plugin may go on after it was asked to stop.
    pub grace: Duration,
}

impl Settings {
    /// Everything, with the usual patience.
    #[must_use]
    pub fn new(executable: PathBuf) -> Self {
        Self {
            executable,
            arguments: Vec::new(),
            library: None,
            against: None,
            groups: Vec::new(),
            seed: 2026,
            patience: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}

/// Checks the plugin in a folder. An error means that there was nothing to check or no place to do it; what is wrong
/// with the plugin stands in the report.
pub fn check(dir: &Path, settings: &Settings) -> Result<Report, HostError> {
    let started = Instant::now();
    let dir = dir.canonicalize().map_err(|source| HostError::File { path: dir.to_owned(), source })?;
    let mut report = Report::new(&dir, settings.seed);
    let found = files::check(&dir, settings, &mut report.checks);
    if let Some(found) = found {
        report.plugin = found.manifest.id.to_string();
        report.version = found.manifest.version.clone();
        if found.library.is_some() {
            parent::run(&found, settings, &mut report.checks)?;
        }
        if let Some(against) = &settings.against {
            compare::check(&found, against, settings, &mut report.checks)?;
        }
    }
    if !settings.groups.is_empty() {
        report.checks.retain(|check| settings.groups.contains(&check.group));
    }
    report.took = started.elapsed();
    Ok(report)
}

/// Ids of all checks that a report can hold.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let in_probes = Group::ALL.into_iter().flat_map(|group| groups::of(group).iter().map(|(id, _)| *id));
    in_probes.chain(report::OUTSIDE)
}

/// The plugin as its folder has it, with the library of the settings, of the folder, or of the newest build below it.
pub(crate) fn open(dir: &Path, library: Option<&Path>) -> Result<Found, HostError> {
    let mut found = Found::open(dir)?;
    let Some(own) = found.library.clone() else { return Ok(found) };
    let built =
        library.map(Path::to_owned).or_else(|| (!own.is_file()).then(|| files::newest_build(dir, &own)).flatten());
    if let Some(built) = built {
        let path = built.canonicalize().map_err(|source| HostError::File { path: built.clone(), source })?;
        found.put_library(path)?;
    }
    Ok(found)
}
