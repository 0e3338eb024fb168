//! Builds a plugin where it lies, and waits for its files to change.

use super::io;
use crate::error::ServiceError;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use zhengai_host::Found;
use zhengai_warehouse::CancelFlag;

/// Editors save in several steps; what comes within this time is one change.
const SETTLE: Duration = Duration::from_millis(300);
/// How often somebody who waits looks whether to stop.
const LOOK: Duration = Duration::from_millis(200);

/// How a build ended.
#[derive(Debug, Clone)]
pub enum Built {
    /// The library lies beside the manifest.
    Ready,
    /// There is nothing to build: definitions, or a library from elsewhere.
    Nothing,
    /// The tool failed; what it said.
    Failed(String),
}

/// Builds a plugin with cargo or make, whichever its folder is made for, and puts the library beside the manifest.
pub fn build(dir: &Path) -> Result<Built, ServiceError> {
    let (program, words): (&str, &[&str]) = if dir.join("Cargo.toml").is_file() {
        ("cargo", &["build", "--quiet"])
    } else if dir.join("Makefile").is_file() {
        ("make", &["--silent"])
    } else {
        return Ok(Built::Nothing);
    };
    let mut command = Command::new(program);
    command.args(words).current_dir(dir);
    let output = command.output().map_err(|source| io(Path::new(program), source))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Ok(Built::Failed(String::from_utf8_lossy(&said).into_owned()));
    }
    if program == "cargo" {
        put_beside(dir)?;
    }
    Ok(Built::Ready)
}

/// Copies the newest debug build beside the manifest, under another name first: a library in use is never written into.
fn put_beside(dir: &Path) -> Result<(), ServiceError> {
    let Some(library) = Found::open(dir)?.library else { return Ok(()) };
    let Some(name) = library.file_name() else { return Ok(()) };
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| dir.join("target"), PathBuf::from);
    let built = target.join("debug").join(name);
    let draft = dir.join(".library.new");
    std::fs::copy(&built, &draft).map_err(|source| io(&built, source))?;
    std::fs::rename(&draft, &library).map_err(|source| io(&library, source))
}

/// Tells when files of a plugin change. What builds write does not count.
pub struct Watch {
    events: Receiver<()>,
    // Stops telling when it is dropped.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches a plugin's folder from now on: a change made while somebody builds is told by the next [`Watch::changed`].
    pub fn start(dir: &Path) -> Result<Self, ServiceError> {
        let dir = dir.canonicalize().map_err(|source| io(dir, source))?;
        let (sender, events) = channel();
        let failed = |error: notify::Error| io(&dir, std::io::Error::other(error));
        let root = dir.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let ours = event.is_ok_and(|event| {
                !event.kind.is_access()
                    && event.paths.iter().any(|path| is_source(path.strip_prefix(&root).unwrap_or(path)))
            });
            if ours {
                // Nobody listens any more only when the watch is ending.
                let _ = sender.send(());
            }
        })
        .map_err(failed)?;
        watcher.watch(&dir, RecursiveMode::Recursive).map_err(failed)?;
        Ok(Self { events, _watcher: watcher })
    }

    /// Waits for the next change; `false` when the flag was raised first.
    pub fn changed(&self, cancel: &CancelFlag) -> bool {
        while !cancel.is_cancelled() {
            match self.events.recv_timeout(LOOK) {
                Ok(()) => {
                    while self.events.recv_timeout(SETTLE).is_ok() {}
                    return true;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        false
    }
}

/// Whether a file within the plugin's folder is its author's and not a build's.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let built = [".so", ".dylib", ".dll", ".o", ".lock", "~"].iter().any(|end| name.ends_with(end));
    !built && !name.starts_with('.') && !path.components().any(|part| part.as_os_str() == "target")
}

#[cfg(test)]
mod tests {
    use super::is_source;
    use std::path::Path;

    #[test]
    fn what_builds_and_editors_write_is_no_change_of_the_author() {
        for path in ["src/lib.rs", "plugin.toml", "connector.c", "tests/config/good.json"] {
            assert!(is_source(Path::new(path)), "{path}");
        }
        for path in ["target/debug/x.d", "libx.so", "a.o", ".lib.rs.swp", "lib.rs~", "Cargo.lock", ".library.new"] {
            assert!(!is_source(Path::new(path)), "{path}");
        }
    }
}
