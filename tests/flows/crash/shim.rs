//! The shim (`shim/shim.c`): built once with the system's compiler, told by environment variables what to do.

use crate::harness::root;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A change of the disk, as the shim logs it.
#[derive(Debug, Clone)]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// The call: `open`, `write`, `rename`, `link`, `unlink`, `mkdir`, `fsync`, …
    pub call: String,
    /// What it changes.
    pub path: PathBuf,
    /// Where to, how long.
    pub detail: String,
}

impl Step {
    /// Whether it changes which names there are, or where files end.
    pub fn changes_names(&self) -> bool {
        !self.is_write() && !self.is_sync()
    }

    /// Whether it writes bytes.
    pub fn is_write(&self) -> bool {
        matches!(self.call.as_str(), "write" | "writev" | "copy_file_range" | "sendfile" | "sendfile64")
    }

    /// Whether it only brings to the platter what was written.
    pub fn is_sync(&self) -> bool {
        self.call == "fsync"
    }
}

/// What happens to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// Nothing: its steps are logged.
    None,
    /// SIGKILL before this step.
    Kill(usize),
    /// SIGKILL when half of the bytes of this step are written.
    KillHalf(usize),
    /// From this step on the disk refuses: `ENOSPC`, `EIO` or `EROFS`.
    Refuse(&'static str, usize),
}

/// Puts the shim before a command that works below `data`.
pub fn shimmed(command: &mut Command, data: &Path, harm: Harm, log: &Path) {
    command.env("LD_PRELOAD", library()).env("SHIM_ROOT", data).env("SHIM_LOG", log);
    match harm {
        Harm::None => command,
        Harm::Kill(step) => command.env("SHIM_KILL", step.to_string()),
        Harm::KillHalf(step) => command.env("SHIM_KILL", format!("{step}h")),
        Harm::Refuse(fault, step) => command.env("SHIM_FAIL", format!("{fault}:{step}")),
    };
}

/// Sets the wall clock of a command wrong by so many seconds.
pub fn clock(command: &mut Command, seconds: i64) {
    command.env("LD_PRELOAD", library()).env("SHIM_CLOCK", seconds.to_string());
}

/// The steps in a log.
pub fn steps(log: &Path) -> Vec<Step> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let step = |line: &str| {
        let mut parts = line.split('\t');
        Some(Step {
            number: parts.next()?.parse().ok()?,
            call: parts.next()?.to_owned(),
            path: PathBuf::from(parts.next()?),
            detail: parts.next()?.to_owned(),
        })
    };
    text.lines().map(|line| step(line).unwrap_or_else(|| panic!("no step: {line}"))).collect()
}

/// The library, built when it is first wanted.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let library = folder.path().join("shim.so");
        let mut command = Command::new("cc");
        command.args(["-O1", "-shared", "-fPIC", "-Wall", "-o"]).arg(&library);
        command.arg(root().join("tests/flows/crash/shim/shim.c")).args(["-ldl", "-lpthread"]);
        let built = command.output().expect("a C compiler, which building this project needs as well");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        (folder, library)
    });
    library
}

mod tests {
    use super::*;
    use std::fs::{self, File};
    use std::io::{ErrorKind, IoSlice, Write};
    use std::os::unix::fs::FileExt;
    use std::os::unix::process::ExitStatusExt;
    use std::time::SystemTime;

    /// What the victim below does when the shim looks on: one thing of each kind that the standard library can do.
    const DEEDS: &[&str] = &[
        "mkdir",
        "open",
        "write",
        "writev",
        "ftruncate64",
        "fsync",
        "link",
        "rename",
        "symlinkat",
        "unlink",
        "rmdir",
        "fchmod",
    ];

    /// The process that is watched: this test, run once more by the tests below.
    #[test]
    fn victim() {
        let Some(folder) = std::env::var_os("SHIM_VICTIM").map(PathBuf::from) else { return };
        let path = |name: &str| folder.join(name);
        let deeds = || -> std::io::Result<()> {
            fs::create_dir_all(path("a/b"))?;
            let mut file = File::create(path("a/one"))?;
            file.write_all(b"0123456789")?;
            let both = [IoSlice::new(b"abc"), IoSlice::new(b"def")];
            assert_eq!(file.write_vectored(&both)?, 6);
            file.write_all_at(b"X", 2)?;
            file.set_len(12)?;
            file.sync_all()?;
            file.sync_data()?;
            file.set_permissions(file.metadata()?.permissions())?;
            File::open(path("a"))?.sync_all()?;
            fs::copy(path("a/one"), path("a/two"))?;
            fs::hard_link(path("a/one"), path("a/three"))?;
            std::os::unix::fs::symlink("one", path("a/four"))?;
            fs::rename(path("a/three"), path("a/b/five"))?;
            fs::write(path("a/two"), "short")?;
            fs::remove_file(path("a/four"))?;
            fs::remove_dir_all(path("a/b"))
        };
        let outcome = deeds().map_err(|error| format!("{:?}", error.kind()));
        let year = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs() / 31_556_952;
        println!("victim: {outcome:?} in {}", year + 1970);
    }

    struct Seen {
        folder: tempfile::TempDir,
        killed: bool,
        said: String,
        steps: Vec<Step>,
    }

    impl Seen {
        fn named(&self, path: &str) -> bool {
            self.folder.path().join("data").join(path).symlink_metadata().is_ok()
        }

        fn number(&self, call: &str, path: &str) -> usize {
            let found = self.steps.iter().find(|step| step.call == call && step.path.ends_with(path));
            found.unwrap_or_else(|| panic!("no {call} of {path} in {:#?}", self.steps)).number
        }
    }

    fn watch(harm: Harm, seconds: i64) -> Seen {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        fs::create_dir(&data).expect("a folder");
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command.args(["crash::shim::tests::victim", "--exact", "--nocapture"]).env("SHIM_VICTIM", &data);
        shimmed(&mut command, &data, harm, &log);
        clock(&mut command, seconds);
        let output = command.output().expect("this test starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        Seen { killed: output.status.signal() == Some(9), said, steps: steps(&log), folder }
    }

    #[test]
    fn every_kind_of_change_that_the_standard_library_makes_is_a_step() {
        let seen = watch(Harm::None, 0);
        assert!(seen.said.contains("victim: Ok(())"), "{}", seen.said);
        for deed in DEEDS {
            assert!(seen.steps.iter().any(|step| step.call == *deed), "no {deed} in {:#?}", seen.steps);
        }
        let copied = seen.steps.iter().any(|step| step.is_write() && step.path.ends_with("a/two"));
        assert!(copied, "what std::fs::copy does is not seen: {:#?}", seen.steps);
        let truncated = seen.steps.iter().any(|step| step.call == "open" && step.detail == "truncated");
        assert!(truncated, "{:#?}", seen.steps);
        let numbers: Vec<usize> = seen.steps.iter().map(|step| step.number).collect();
        assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_kill_comes_before_its_step_or_in_the_middle_of_its_bytes() {
        let unharmed = watch(Harm::None, 0);
        for (call, path, there) in [("mkdir", "a/b", false), ("rename", "a/three", true), ("rmdir", "a/b", true)] {
            let seen = watch(Harm::Kill(unharmed.number(call, path)), 0);
            assert!(seen.killed, "{}", seen.said);
            assert_eq!(seen.named(path), there, "{call} {path}");
        }
        let seen = watch(Harm::KillHalf(unharmed.number("write", "a/one")), 0);
        assert!(seen.killed, "{}", seen.said);
        assert_eq!(fs::read(seen.folder.path().join("data/a/one")).expect("written"), b"01234");
    }

    #[test]
    fn a_disk_that_refuses_does_so_from_the_step_on_and_only_what_it_would_refuse() {
        let unharmed = watch(Harm::None, 0);
        let full = watch(Harm::Refuse("ENOSPC", unharmed.number("write", "a/one")), 0);
        assert!(full.said.contains(&format!("{:?}", ErrorKind::StorageFull)), "{}", full.said);
        assert!(full.named("a/one"), "what came before is there");
        let full = watch(Harm::Refuse("ENOSPC", unharmed.number("unlink", "a/four")), 0);
        assert!(full.said.contains("victim: Ok(())"), "a full disk lets files be removed: {}", full.said);
        let locked = watch(Harm::Refuse("EROFS", 1), 0);
        assert!(locked.said.contains(&format!("{:?}", ErrorKind::ReadOnlyFilesystem)), "{}", locked.said);
        assert!(!locked.named("a"));
        let broken = watch(Harm::Refuse("EIO", unharmed.number("fsync", "a/one")), 0);
        assert!(!broken.said.contains("Ok(())") && !broken.named("a/two"), "{}", broken.said);
    }

    #[test]
    fn the_wall_clock_can_be_wrong() {
        let seen = watch(Harm::None, 31_556_952 * 100);
        assert!(seen.said.contains("in 21"), "{}", seen.said);
    }
}
