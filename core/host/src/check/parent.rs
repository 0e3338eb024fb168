//! The caller's side: one probe for each group of checks, watched from outside.

use super::Settings;
use super::bench::Bench;
use super::groups;
use super::job::{Death, Event, Job, Work};
use super::report::{Check, Group, Outcome};
use super::scratch::Scratch;
use crate::found::Found;
use crate::{HostError, Placement, WORKER_WORD, WorkerSettings};
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;
use zhengai_model::text::Message;

/// So much of what a plugin prints is kept.
const PRINTED: u64 = 64 * 1024;
/// Reads that are killed.
const DEATHS: usize = 3;

/// What is to be seen of a probe from outside.
pub(super) struct Seen {
    pub(super) events: Vec<Event>,
    pub(super) status: Option<ExitStatus>,
    pub(super) printed: Vec<u8>,
    left_behind: Vec<String>,
}

/// What the probes of all groups together showed.
#[derive(Default)]
struct Manners {
    printed: Option<String>,
    children: Vec<String>,
    left_behind: Vec<String>,
    leaks: Vec<String>,
    odd: Vec<String>,
    ended_badly: Option<String>,
}

/// Runs every group that a probe can run.
pub(super) fn run(found: &Found, settings: &Settings, checks: &mut Vec<Check>) -> Result<(), HostError> {
    let mut manners = Manners::default();
    let wanted = |group: &Group| settings.groups.is_empty() || settings.groups.contains(group);
    let before = tree(&found.dir);
    let mut opens = true;
    let mut hangs = false;
    for group in Group::ALL.into_iter().filter(|group| !groups::of(*group).is_empty() && wanted(group)) {
        if !opens || hangs {
            // Whoever hangs would hang in every group, and the author would wait for each.
            let reason = Message::new(if hangs { "check-why-hung-before" } else { "check-why-does-not-open" });
            let skipped = groups::of(group).iter().map(|(id, _)| Check::new(id, group, Outcome::Skip(reason.clone())));
            checks.extend(skipped);
            continue;
        }
        let seen = probe(found, settings, Work::Group(group))?;
        let outcomes = outcomes(group, &seen);
        let failed_to_open = |check: &Check| check.id == "abi.open" && check.outcome.word() == "fail";
        opens = !outcomes.iter().any(failed_to_open);
        let hung = |check: &Check| check.outcome.message().is_some_and(|message| message.key == "check-why-hangs");
        hangs = hangs || outcomes.iter().any(hung) || seen.status.is_none();
        checks.extend(outcomes);
        manners.note(group, &seen);
        if group == Group::Read && opens && !hangs {
            checks.push(Check::new("read.worker", Group::Read, in_worker(found, settings)?));
        }
        if group == Group::Faults && opens && !hangs {
            checks.push(Check::new("faults.kill", Group::Faults, kill(found, settings, &mut manners)?));
        }
    }
    if opens && wanted(&Group::Faults) {
        let outcome = first_of("check-why-leak", &manners.leaks);
        checks.push(Check::new("faults.secrets", Group::Faults, outcome));
    }
    if wanted(&Group::Manners) {
        let changed = if tree(&found.dir) == before { Vec::new() } else { vec![found.dir.display().to_string()] };
        manners.left_behind.extend(changed);
        checks.extend(manners.checks());
    }
    Ok(())
}

fn first_of(key: &str, places: &[String]) -> Outcome {
    match places.first() {
        Some(place) => Outcome::Fail(Message::new(key).with("place", place).with("count", places.len())),
        None => Outcome::GOOD,
    }
}

impl Manners {
    fn note(&mut self, group: Group, seen: &Seen) {
        if !seen.printed.is_empty() && self.printed.is_none() {
            self.printed = Some(super::bench::short(&String::from_utf8_lossy(&seen.printed)));
        }
        self.left_behind.extend(seen.left_behind.iter().cloned());
        let mut ended = false;
        for event in &seen.events {
            match event {
                Event::Leak(place) => self.leaks.push(place.clone()),
                Event::Odd(place) => self.odd.push(place.clone()),
                Event::End(children) => {
                    ended = true;
                    self.children.extend(children.iter().cloned());
                }
                _ => {}
            }
        }
        let well = seen.status.is_some_and(|status| status.success());
        if ended && !well && self.ended_badly.is_none() {
            self.ended_badly = Some(format!("{}: {}", group.word(), how(seen.status)));
        }
    }

    fn checks(&self) -> Vec<Check> {
        let printed = self.printed.as_ref().map(|text| Message::new("check-why-printed").with("text", text));
        let ended = self.ended_badly.as_ref().map(|how| Message::new("check-why-ended-badly").with("how", how));
        let outcome = |message: Option<Message>| message.map_or(Outcome::GOOD, Outcome::Fail);
        [
            ("manners.output", outcome(printed)),
            ("manners.children", first_of("check-why-children", &self.children)),
            ("manners.files", first_of("check-why-left-behind", &self.left_behind)),
            ("manners.texts", first_of("check-why-odd-text", &self.odd)),
            ("manners.exit", outcome(ended)),
        ]
        .map(|(id, outcome)| Check::new(id, Group::Manners, outcome))
        .into()
    }
}

/// What became of each check of a group.
fn outcomes(group: Group, seen: &Seen) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut died: Option<&str> = None;
    for (id, _) in groups::of(group) {
        let done = seen.events.iter().find_map(|event| match event {
            Event::Done(of, outcome) if of == id => Some(outcome.clone()),
            _ => None,
        });
        let started = seen.events.iter().any(|event| matches!(event, Event::Start(of) if of == id));
        let outcome = match (done, died) {
            (Some(outcome), _) => outcome,
            (None, Some(at)) => Outcome::Skip(Message::new("check-why-not-reached").with("check", at)),
            (None, None) => {
                died = Some(id);
                let moment = if started { "check-why-died" } else { "check-why-died-early" };
                Outcome::Fail(Message::new(moment).with("how", how(seen.status)))
            }
        };
        checks.push(Check::new(id, group, outcome));
    }
    checks
}

/// How a process ended, for the author.
pub(super) fn how(status: Option<ExitStatus>) -> String {
    match status {
        None => "still running, stopped from outside".to_owned(),
        Some(status) => match (status.code(), status.signal()) {
            (Some(code), _) => format!("exit code {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => "unknown".to_owned(),
        },
    }
}

/// Kills reads half-way, then lets another process read on.
fn kill(found: &Found, settings: &Settings, manners: &mut Manners) -> Result<Outcome, HostError> {
    let mut deaths: Vec<Death> = Vec::new();
    for round in 0..DEATHS {
        let settings = Settings { seed: settings.seed.wrapping_add(round as u64), ..settings.clone() };
        let seen = probe(found, &settings, Work::Die(round))?;
        manners.left_behind.extend(seen.left_behind.iter().cloned());
        deaths.extend(seen.events.into_iter().filter_map(|event| match event {
            Event::Dying(death) => Some(death),
            _ => None,
        }));
    }
    if deaths.is_empty() {
        return Ok(Outcome::Skip(Message::new("check-why-no-streams")));
    }
    let seen = probe(found, settings, Work::Resume(deaths))?;
    let done = seen.events.iter().find_map(|event| match event {
        Event::Done(_, outcome) => Some(outcome.clone()),
        _ => None,
    });
    Ok(done.unwrap_or_else(|| Outcome::Fail(Message::new("check-why-died").with("how", how(seen.status)))))
}

/// Every source once more, as a college reads it: from a worker, row by row over its pipe.
fn in_worker(found: &Found, settings: &Settings) -> Result<Outcome, HostError> {
    let scratch = Scratch::new()?;
    let job = job(found, settings, &scratch, Work::Group(Group::Read))?;
    let mut worker = WorkerSettings::new(&settings.executable);
    worker.arguments = settings.arguments.iter().cloned().chain([WORKER_WORD.into()]).collect();
    (worker.stall, worker.grace) = (settings.patience, settings.grace);
    worker.access.read = vec![found.dir.clone()];
    worker.access.write = vec![job.scratch.clone()];
    worker.access.network = job.network;
    let mut bench = Bench::new(job, Placement::Worker(worker))?;
    Ok(groups::read::complete(&mut bench))
}

/// Starts a probe, waits for it, and clears up behind it.
pub(super) fn probe(found: &Found, settings: &Settings, work: Work) -> Result<Seen, HostError> {
    let scratch = Scratch::new()?;
    let rounds = match &work {
        Work::Group(group) => groups::of(*group).len() + 2,
        _ => 3,
    };
    let job = job(found, settings, &scratch, work)?;
    let place = scratch.path("job.json");
    let text = serde_json::to_vec(&job).unwrap_or_default();
    std::fs::write(&place, text).map_err(|source| HostError::File { path: place.clone(), source })?;
    let mut child = start(settings, &scratch, place)?;
    let printed = drain(child.stdout.take());
    let complaints = drain(child.stderr.take());
    let group = Pid::from_child(&child);
    let status = wait(child, settings.patience.saturating_mul(rounds as u32));
    // Whatever the plugin left in the probe's group ends here, and with it the pipes.
    let _ = kill_process_group(group, Signal::KILL);
    let printed = printed.recv_timeout(settings.grace).unwrap_or_default();
    let _ = complaints.recv_timeout(settings.grace);
    let text = std::fs::read_to_string(scratch.path("events")).unwrap_or_default();
    let events = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Ok(Seen { events, status, printed, left_behind: scratch.left_behind() })
}

fn job(found: &Found, settings: &Settings, scratch: &Scratch, work: Work) -> Result<Job, HostError> {
    let library = found.library.clone().ok_or_else(|| HostError::NoLibrary { plugin: found.id().clone() })?;
    Ok(Job {
        dir: found.dir.clone(),
        library,
        work,
        seed: settings.seed,
        patience: settings.patience,
        grace: settings.grace,
        network: found.manifest.capabilities.iter().any(|capability| capability == "network"),
        scratch: scratch.path("scratch"),
        events: scratch.path("events"),
    })
}

fn start(settings: &Settings, scratch: &Scratch, job: PathBuf) -> Result<Child, HostError> {
    let mut command = Command::new(&settings.executable);
    command.args(&settings.arguments).arg(super::PROBE_WORD).arg(job).current_dir(scratch.path("cwd")).env_clear();
    command.env("HOME", scratch.path("home")).env("TMPDIR", scratch.path("tmp")).env("LANG", "C.UTF-8");
    command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    command.spawn().map_err(|source| HostError::File { path: settings.executable.clone(), source })
}

/// Waits on a thread of its own, so that a probe that never ends is ended.
fn wait(mut child: Child, most: Duration) -> Option<ExitStatus> {
    let group = Pid::from_child(&child);
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(child.wait().ok()));
    receiver.recv_timeout(most).unwrap_or_else(|_| {
        let _ = kill_process_group(group, Signal::KILL);
        // Reaped by its thread; that it had to be stopped is the answer.
        let _ = receiver.recv_timeout(most);
        None
    })
}

/// Reads a pipe to its end on a thread of its own; beyond the limit it is read and forgotten.
fn drain(pipe: Option<impl Read + Send + 'static>) -> std::sync::mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut pipe) = pipe {
            // A pipe that breaks has ended.
            let _ = pipe.by_ref().take(PRINTED).read_to_end(&mut kept);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        sender.send(kept)
    });
    receiver
}

/// Files of the plugin's folder with size and time: a plugin has nothing to write there. Builds below it are not its own.
fn tree(dir: &std::path::Path) -> Vec<(PathBuf, u64, Option<std::time::SystemTime>)> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut files = Vec::new();
    for entry in entries {
        let name = entry.file_name();
        match entry.metadata() {
            Ok(meta) if meta.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') => {
                files.extend(tree(&entry.path()));
            }
            Ok(meta) if meta.is_file() => files.push((entry.path(), meta.len(), meta.modified().ok())),
            _ => {}
        }
    }
    files.sort();
    files
}
