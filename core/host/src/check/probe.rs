//! The child's side: does one job, writes each event down at once, and never outlives its patience.

use super::bench::Bench;
use super::groups;
use super::job::{Event, Job, Work};
use super::report::Outcome;
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use zhengai_model::text::Message;

/// What a plugin may take at most while it is checked: whoever needs more is not fit for a worker.
const MEMORY: u64 = 4 << 30;

/// Does what a probe must. The executable's `main` calls it when the first argument is [`super::PROBE_WORD`]; the second
/// is the file with the job.
#[must_use]
pub fn probe_main() -> ExitCode {
    let job = std::env::args_os().skip_while(|word| word != super::PROBE_WORD).nth(1);
    let job = job.and_then(|path| std::fs::read(path).ok()).and_then(|text| serde_json::from_slice::<Job>(&text).ok());
    let Some(job) = job else { return ExitCode::from(2) };
    confine();
    let (events, patience) = (job.events.clone(), job.patience);
    let (sender, receiver) = channel();
    let worker = std::thread::Builder::new().name("checks".to_owned()).spawn(move || work(job, &sender));
    let Ok(worker) = worker else { return ExitCode::from(2) };
    let mut running: Option<String> = None;
    loop {
        match receiver.recv_timeout(patience) {
            Ok(event) => {
                running = match &event {
                    Event::Start(id) => Some(id.clone()),
                    _ => running,
                };
                write(&events, &event);
                match event {
                    Event::Dying(_) => die(),
                    Event::End(_) => break,
                    _ => {}
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let reason = Message::new("check-why-hangs").with("seconds", patience.as_secs());
                write(&events, &Event::Done(running.unwrap_or_default(), Outcome::Fail(reason)));
                die();
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let _ = worker.join();
    ExitCode::SUCCESS
}

fn work(job: Job, events: &Sender<Event>) {
    let tell = |event| {
        // Nobody listens any more only when this process is ending.
        let _ = events.send(event);
    };
    let work = job.work.clone();
    let mut bench = match Bench::new(job) {
        Ok(bench) => bench,
        Err(error) => {
            tell(Event::Odd(error.to_string()));
            return;
        }
    };
    match work {
        Work::Group(group) => {
            for (id, check) in groups::of(group) {
                tell(Event::Start((*id).to_owned()));
                let outcome = check(&mut bench);
                tell(Event::Done((*id).to_owned(), outcome));
            }
        }
        Work::Die(source) => {
            if let Ok(death) = groups::faults::until_death(&mut bench, source) {
                tell(Event::Dying(death));
                // The watching thread ends the process at this event, in the middle of the read.
                std::thread::park();
            }
        }
        Work::Resume(deaths) => {
            tell(Event::Start("faults.kill".to_owned()));
            let outcome = groups::faults::after_deaths(&mut bench, &deaths);
            tell(Event::Done("faults.kill".to_owned(), outcome));
        }
        Work::Survey => tell(Event::Surveyed(groups::catalogue::survey(&mut bench))),
        Work::Preview(rows) => {
            tell(Event::Start("read.complete".to_owned()));
            match groups::read::first_rows(&mut bench, rows) {
                Ok(streams) => {
                    streams.into_iter().for_each(|stream| tell(Event::Rows(stream)));
                    tell(Event::Done("read.complete".to_owned(), Outcome::GOOD));
                }
                Err(outcome) => tell(Event::Done("read.complete".to_owned(), outcome)),
            }
        }
    }
    let heard = bench.witness.heard();
    drop(bench);
    heard.leaks.into_iter().for_each(|place| tell(Event::Leak(place)));
    heard.odd.into_iter().for_each(|place| tell(Event::Odd(place)));
    tell(Event::End(groups::manners::children()));
}

/// Limits that hold even for a plugin that goes astray; what cannot be set is no reason not to check.
fn confine() {
    let limit = |resource, most| {
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    };
    limit(Resource::Core, 0);
    limit(Resource::As, MEMORY);
    #[cfg(target_os = "linux")]
    {
        let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
        // Children that lose their parent come to us, so that they are seen.
        let _ = rustix::process::set_child_subreaper(Some(getpid()));
    }
}

/// Ends at once, as if somebody had pulled the plug: nothing of the plugin runs any more.
fn die() -> ! {
    let _ = kill_process(getpid(), Signal::KILL);
    std::process::abort()
}

fn write(events: &Path, event: &Event) {
    let Ok(mut line) = serde_json::to_vec(event) else { return };
    line.push(b'\n');
    if let Ok(mut file) = OpenOptions::new().append(true).create(true).open(events) {
        // Where events cannot be written, the parent sees that the end is missing.
        let _ = file.write_all(&line);
    }
}
