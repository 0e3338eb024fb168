//! Starts the process of a worker: descriptors, environment, folder, group.

use super::WorkerSettings;
use super::folder::Folder;
use super::sealed::Sealed;
use command_fds::{CommandFdExt, FdMapping};
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};

/// Descriptor of a worker that carries control frames.
pub(crate) const CONTROL: RawFd = 3;
/// Descriptor of a worker that carries rows.
pub(crate) const DATA: RawFd = 4;
/// Descriptor of a worker that holds its library, where libraries are sealed in memory.
pub(crate) const LIBRARY: RawFd = 5;

/// A process that was started, seen from the host.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) control: UnixStream,
    pub(crate) data: UnixStream,
    /// `None` where the system has no room for one: a full or read-only disk keeps no plugin from running.
    pub(crate) folder: Option<Folder>,
}

/// Starts a worker. It waits for its first frame.
pub(crate) fn start(settings: &WorkerSettings, library: Option<&Sealed>) -> io::Result<Process> {
    let folder = Folder::new()
        .inspect_err(|error| tracing::warn!(%error, "a worker runs without a folder for temporary files"))
        .ok();
    let (control, its_control) = UnixStream::pair()?;
    let (data, its_data) = UnixStream::pair()?;
    let mut descriptors = vec![given(its_control.into(), CONTROL), given(its_data.into(), DATA)];
    if let Some(library) = library.map(Sealed::descriptor).transpose()?.flatten() {
        descriptors.push(given(library, LIBRARY));
    }
    let mut command = Command::new(&settings.executable);
    command.args(&settings.arguments).env_clear().envs([("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")]);
    if let Some(zone) = std::env::var_os("TZ") {
        command.env("TZ", zone);
    }
    match &folder {
        Some(folder) => command.env("TMPDIR", folder.path()).current_dir(folder.path()),
        None => command.current_dir("/"),
    };
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    command.fd_mappings(descriptors).map_err(io::Error::other)?;
    let child = on_a_lasting_thread(move || command.spawn())??;
    Ok(Process { child, control, data, folder })
}

fn given(parent_fd: OwnedFd, child_fd: RawFd) -> FdMapping {
    FdMapping { parent_fd, child_fd }
}

type Job = Box<dyn FnOnce() + Send>;

/// Runs a job on a thread that lives as long as this process. Linux tells a child that its parent died when the
/// *thread* that started it ends, and threads of pools end early.
fn on_a_lasting_thread<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    static JOBS: OnceLock<Mutex<mpsc::Sender<Job>>> = OnceLock::new();
    let gone = |_| io::Error::other("the thread that starts workers is gone");
    let jobs = JOBS.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        let run = move || jobs.into_iter().for_each(|job| job());
        if let Err(error) = std::thread::Builder::new().name("worker-starter".to_owned()).spawn(run) {
            tracing::error!(%error, "cannot start the thread that starts workers");
        }
        Mutex::new(sender)
    });
    let (sender, answer) = mpsc::channel();
    let job: Job = Box::new(move || drop(sender.send(job())));
    jobs.lock().unwrap_or_else(PoisonError::into_inner).send(job).map_err(|_| gone(()))?;
    answer.recv().map_err(|_| gone(()))
}
