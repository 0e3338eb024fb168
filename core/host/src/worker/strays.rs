//! Processes that a plugin started and that left the group of their worker: found by the folder in their environment,
//! which nobody but the worker was started with. A plugin that also hides its environment is not found.

#[cfg(target_os = "linux")]
pub(crate) use system::end;

/// Only groups are known here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn end(_folder: &std::path::Path) -> usize {
    0
}

#[cfg(target_os = "linux")]
mod system {
    use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    /// Processes that start others faster than this many looks find are left to the system's limits.
    const LOOKS: usize = 8;

    /// Kills them; the answer is how many there were.
    pub(crate) fn end(folder: &Path) -> usize {
        let mark = [b"TMPDIR=", folder.as_os_str().as_bytes(), b"\0"].concat();
        let mut ended = 0;
        for _ in 0..LOOKS {
            let found = look(&mark);
            ended += found;
            if found == 0 {
                break;
            }
        }
        ended
    }

    fn look(mark: &[u8]) -> usize {
        let Ok(listed) = std::fs::read_dir("/proc") else { return 0 };
        let numbers = listed.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        numbers.filter_map(Pid::from_raw).filter(|pid| end_one(*pid, mark)).count()
    }

    /// The process is held before its environment is read, so that its number cannot become another's in between. Dead
    /// ones have no environment any more.
    fn end_one(pid: Pid, mark: &[u8]) -> bool {
        let environment = || std::fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default();
        let has_mark = || environment().windows(mark.len()).any(|part| part == mark);
        has_mark()
            && pidfd_open(pid, PidfdFlags::empty())
                .is_ok_and(|held| has_mark() && pidfd_send_signal(held, Signal::KILL).is_ok())
    }
}
