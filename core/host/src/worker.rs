//! A worker process for each instance of a plugin that is not trusted: our own executable, started again.
//!
//! Whatever the plugin's code does there (crash, hang, print, lie, eat memory), the host is told what happened and goes
//! on. Control frames and rows cross on two private descriptors; see `docs/decisions/0010-workers.md` for why it is so.

mod child;
mod confine;
mod drain;
mod folder;
mod frame;
pub mod fuzz;
mod link;
mod parent;
mod remote;
mod rows;
mod sealed;
mod spawn;
mod strays;
mod tender;
mod trouble;

use crate::found::Found;
use crate::runner::{Runner, RunningInstance};
use crate::{HostError, NoServices, Services};
use sealed::Sealed;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::ZgOpen;

/// The first argument of an executable that is to be a worker.
pub const WORKER_WORD: &str = "__plugin-worker";

/// The worker's side: the first thing in `main` when the first argument is [`WORKER_WORD`]. It returns when the host
/// has ended it; nothing else may run in this process.
#[must_use]
pub fn worker_main() -> ExitCode {
    ExitCode::from(child::run(None))
}

/// The same for tests whose executable has a `main` of its own: ends the process. An entry stands in for the library.
///
/// # Safety
/// The entry is `zg_plugin_open` as the header says.
#[doc(hidden)]
pub unsafe fn worker_process(linked: Option<ZgOpen>) -> ! {
    std::process::exit(i32::from(child::run(linked)))
}

/// How workers are started and what they may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerSettings {
    /// The executable; its `main` calls [`worker_main`].
    pub executable: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Limits of each worker.
    pub limits: Limits,
    /// A worker that says nothing for so long while somebody waits for it is ended.
    pub stall: Duration,
    /// A worker that was asked to stop or to end is ended after this.
    pub grace: Duration,
    /// Files and network within reach.
    pub access: Access,
}

impl WorkerSettings {
    /// An executable that takes [`WORKER_WORD`] as its first argument, five minutes of silence, five seconds of grace,
    /// the default limits, and no access to anything.
    #[must_use]
    pub fn new(executable: impl Into<PathBuf>) -> Self {
        Self {
            executable: executable.into(),
            arguments: vec![WORKER_WORD.into()],
            limits: Limits::default(),
            stall: Duration::from_secs(5 * 60),
            grace: Duration::from_secs(5),
            access: Access::default(),
        }
    }

    /// This program itself. On Linux that is the code that runs now, even after its file was replaced.
    pub fn this_program() -> std::io::Result<Self> {
        let running = PathBuf::from("/proc/self/exe");
        let known = cfg!(target_os = "linux") && running.exists();
        Ok(Self::new(if known { running } else { std::env::current_exe()? }))
    }

    /// Starts a worker without a plugin, and says what would hold a plugin back on this system.
    pub fn probe(&self) -> Result<Confinement, HostError> {
        let nobody = PluginId::new("probe")
            .map_err(|error| HostError::Manifest { dir: error.to_string().into(), faults: Vec::new() })?;
        let live = parent::Live::start(&nobody, self, None, Arc::new(NoServices))?;
        let confinement = live.confinement().unwrap_or_default();
        live.finish()?;
        Ok(confinement)
    }
}

/// Limits of a worker. They are there to keep the machine usable, not to make plugins frugal, so the defaults are
/// generous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory that the plugin may allocate; 4 GiB.
    pub memory_bytes: u64,
    /// CPU time of the whole process; 4 hours.
    pub cpu_seconds: u64,
    /// Descriptors; 1 024.
    pub open_files: u64,
    /// Size of a file that it writes; 8 GiB.
    pub file_bytes: u64,
    /// Processes and threads of the user, all programs together, which is why there is none by default.
    pub processes: Option<u64>,
    /// Bytes of each of stdout and stderr that reach the log; what is over it is read and counted; 1 MiB.
    pub output_bytes: u64,
    /// Bytes of one batch; 1 GiB.
    pub batch_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 4 << 30,
            cpu_seconds: 4 * 60 * 60,
            open_files: 1024,
            file_bytes: 8 << 30,
            processes: None,
            output_bytes: 1 << 20,
            batch_bytes: 1 << 30,
        }
    }
}

/// What a worker may reach besides its own library, the libraries of the system and a folder of its own. Held by
/// Landlock where the kernel has it; [`Confinement`] tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Files and folders to read.
    pub read: Vec<PathBuf>,
    /// Files and folders to read and write.
    pub write: Vec<PathBuf>,
    /// Whether it may use the network.
    pub network: bool,
}

/// What holds a worker back, as the worker itself found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Version of Landlock in use; 0 where the kernel has none.
    #[serde(default)]
    pub landlock: u32,
    /// Files beyond [`Access`] are out of reach.
    #[serde(default)]
    pub files: bool,
    /// TCP is out of reach; never where [`Access::network`] grants it.
    #[serde(default)]
    pub network: bool,
    /// Limits that the system refused to set.
    #[serde(default)]
    pub unset: Vec<String>,
}

/// Runs a plugin in workers: one for each instance, and a short one to ask who it is.
pub(crate) struct Workers {
    plugin: PluginId,
    library: Option<(Sealed, PathBuf)>,
    settings: WorkerSettings,
}

impl Workers {
    /// For a plugin that was found. Its library is copied; the copy must have the hash that was accepted.
    pub(crate) fn new(found: &Found, settings: WorkerSettings) -> Result<Self, HostError> {
        let (path, sha256) = found.library_with_hash()?;
        let sealed = sealed::seal(found.id(), path, sha256)?;
        Ok(Self { plugin: found.id().clone(), library: Some((sealed, path.to_owned())), settings })
    }

    fn start(&self, services: Arc<dyn Services>) -> Result<parent::Live, HostError> {
        let library = self.library.as_ref().map(|(sealed, path)| (sealed, path.clone()));
        parent::Live::start(&self.plugin, &self.settings, library, services)
    }
}

/// A runner whose workers have the plugin linked in: for tests.
#[doc(hidden)]
#[must_use]
pub fn linked_workers(plugin: PluginId, settings: WorkerSettings) -> Arc<dyn Runner> {
    Arc::new(Workers { plugin, library: None, settings })
}

impl Runner for Workers {
    fn describe(&self) -> Result<Value, HostError> {
        let live = self.start(Arc::new(NoServices))?;
        let described = live.describe()?;
        live.finish()?;
        Ok(described)
    }

    fn create(
        &self,
        component: &str,
        config: &Value,
        services: Arc<dyn Services>,
    ) -> Result<Arc<dyn RunningInstance>, HostError> {
        let live = self.start(services)?;
        live.create(component, config)?;
        Ok(Arc::new(live))
    }
}
