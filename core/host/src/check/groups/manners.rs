//! How the plugin behaves as a part of a process that is not its own.

use super::settled;
use crate::check::bench::Bench;
use crate::check::report::Outcome;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use std::collections::BTreeMap;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use zhengai_model::text::Message;

/// Files of ours that are open while the plugin works.
const GUARDS: usize = 24;

/// Descriptors of the host stay open and stay what they are; those of the plugin are closed with its instances.
pub(in crate::check) fn descriptors(bench: &mut Bench) -> Outcome {
    settled(kept(bench))
}

fn kept(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let place = bench.job.scratch.join("guards");
    let open = |_| File::create(&place).map(ManuallyDrop::new);
    // Never dropped: a descriptor that the plugin closed may be somebody else's by then.
    let guards: Vec<ManuallyDrop<File>> = (0..GUARDS).map(open).collect::<Result<_, _>>().unwrap_or_default();
    work(bench)?;
    let before = open_descriptors();
    work(bench)?;
    let after = open_descriptors();
    let gone = guards
        .iter()
        .map(|guard| guard.as_raw_fd())
        .find(|number| before.get(number).is_none_or(|path| path != &place));
    if let Some(number) = gone {
        return Err(Outcome::Fail(Message::new("check-why-descriptor-closed").with("number", number)));
    }
    if std::fs::metadata(&place).is_ok_and(|written| written.len() > 0) {
        return Err(Outcome::Fail(Message::new("check-why-descriptor-written")));
    }
    let lost = before.iter().find(|(number, _)| !after.contains_key(number));
    if let Some((number, _)) = lost {
        return Err(Outcome::Fail(Message::new("check-why-descriptor-closed").with("number", number)));
    }
    match after.iter().find(|(number, _)| !before.contains_key(number)) {
        Some((_, path)) => Err(Outcome::Fail(Message::new("check-why-descriptor-left").with("path", path.display()))),
        None => Ok(Outcome::GOOD),
    }
}

/// Everything that the fixtures allow, once: made, checked, read.
fn work(bench: &mut Bench) -> Result<(), Outcome> {
    let config = bench.good();
    drop(bench.create(&config)?);
    for source in bench.sources().unwrap_or_default() {
        bench.take(&source, None)?;
    }
    Ok(())
}

fn open_descriptors() -> BTreeMap<i32, PathBuf> {
    let entries = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let listed = entries.filter_map(|entry| {
        let number = entry.file_name().to_str()?.parse().ok()?;
        Some((number, std::fs::read_link(entry.path()).ok()?))
    });
    // The one through which this very list is read does not count.
    listed.filter(|(_, path)| !path.starts_with("/proc/")).collect()
}

/// Working folder, environment and signals of the process are as they were before.
pub(in crate::check) fn process(bench: &mut Bench) -> Outcome {
    settled(untouched(bench))
}

fn untouched(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let before = State::now();
    work(bench)?;
    let after = State::now();
    let changed = [
        ("working directory", before.folder != after.folder),
        ("environment", before.environment != after.environment),
        ("signal handlers", before.signals != after.signals),
    ];
    match changed.iter().find(|(_, changed)| *changed) {
        Some((what, _)) => Err(Outcome::Fail(Message::new("check-why-process-changed").with("what", what))),
        None => Ok(Outcome::GOOD),
    }
}

struct State {
    folder: Option<PathBuf>,
    environment: Vec<(std::ffi::OsString, std::ffi::OsString)>,
    signals: Vec<String>,
}

impl State {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let of_signals = |line: &&str| ["SigIgn:", "SigCgt:", "SigBlk:"].iter().any(|name| line.starts_with(name));
        Self {
            folder: std::env::current_dir().ok(),
            environment: std::env::vars_os().collect(),
            signals: status.lines().filter(of_signals).map(str::to_owned).collect(),
        }
    }
}

/// Processes that the plugin left, by name: children of this process, orphans included. They are ended here, because
/// nobody else knows them.
pub(in crate::check) fn children() -> Vec<String> {
    let mut left = Vec::new();
    loop {
        let now = living_children();
        if now.is_empty() {
            return left;
        }
        for (number, name) in now {
            left.push(name);
            let Some(child) = Pid::from_raw(number) else { continue };
            let _ = kill_process(child, Signal::KILL);
            // Waited for, so that it is gone and its own children are ours in the next round.
            let _ = waitpid(Some(child), WaitOptions::empty());
        }
    }
}

fn living_children() -> Vec<(i32, String)> {
    let own = std::process::id().to_string();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    stats
        .filter_map(|stat| {
            // `pid (name) state ppid …`; the name may hold anything.
            let (head, tail) = stat.rsplit_once(')')?;
            let (number, name) = head.split_once(" (")?;
            let parent = tail.split_whitespace().nth(1)?;
            (parent == own).then(|| Some((number.parse().ok()?, name.to_owned()))).flatten()
        })
        .collect()
}
