//! The child's side: does one job, writes each event down at once, and never outlives its patience.

use super::bench::Bench;
use super::groups;
use super::job::{Event, Job, Work};
use super::report::Outcome;
use crate::Placement;
use rustix::process::{Signal, getpid, kill_process};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use zhengai_model::text::Message;

/// Does what a probe must. The executable's `main` calls it when the first argument is [`super::PROBE_WORD`]; the second
/// is the file with the job.
#[must_use]
pub fn probe_main() -> ExitCode {
    let job = std::env::args_os().skip_while(|word| word != super::PROBE_WORD).nth(1);
    let job = job.and_then(|path| std::fs::read(path).ok()).and_then(|text| serde_json::from_slice::<Job>(&text).ok());
    let Some(job) = job else { return ExitCode::from(2) };
    super::sandbox::confine(&job);
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
    let mut bench = match Bench::new(job, Placement::InProcess) {
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
