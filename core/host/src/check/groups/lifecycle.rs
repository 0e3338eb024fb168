//! Made and destroyed a thousand times, read a hundred times: memory, descriptors and threads stay where they were.

use super::settled;
use crate::check::bench::Bench;
use crate::check::report::Outcome;
use std::time::Instant;
use zhengai_model::text::Message;

/// Rounds before the measure is taken: caches fill, allocators grow.
const WARM: usize = 200;
const ROUNDS: usize = 1_000;
const READS: usize = 100;
/// Memory that may be more at the end without being called a leak: a kibibyte a round.
const GROWTH_KIB: u64 = 1_024;

/// What a process holds.
#[derive(Debug, Clone, Copy)]
struct Holds {
    kib: u64,
    descriptors: usize,
    threads: usize,
}

impl Holds {
    fn now() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let number = |name: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
        };
        let descriptors = std::fs::read_dir("/proc/self/fd").ok()?.count();
        Some(Self { kib: number("VmRSS:")?, descriptors, threads: usize::try_from(number("Threads:")?).ok()? })
    }

    /// What grew, if anything did.
    fn growth(self, later: Self, rounds: usize) -> Option<Message> {
        let (what, from, to) = if later.kib > self.kib + GROWTH_KIB {
            ("memory, KiB", self.kib, later.kib)
        } else if later.descriptors > self.descriptors {
            ("descriptors", self.descriptors as u64, later.descriptors as u64)
        } else if later.threads > self.threads {
            ("threads", self.threads as u64, later.threads as u64)
        } else {
            return None;
        };
        Some(
            Message::new("check-why-growth")
                .with("what", what)
                .with("from", from)
                .with("to", to)
                .with("rounds", rounds),
        )
    }
}

/// A thousand instances.
pub(in crate::check) fn thousand(bench: &mut Bench) -> Outcome {
    settled(instances(bench))
}

fn instances(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let config = bench.good();
    let started = Instant::now();
    let mut before = None;
    let mut measured = 0;
    for round in 0..WARM + ROUNDS {
        if round == WARM {
            before = Holds::now();
        }
        // A machine that is busy gets through fewer of them; the note says how many.
        if started.elapsed() > bench.job.patience / 2 {
            break;
        }
        drop(bench.create(&config)?);
        measured += usize::from(before.is_some());
    }
    if measured < WARM {
        return Err(Outcome::Skip(Message::new("check-why-too-slow").with("rounds", measured)));
    }
    let note = Message::new("check-note-lifecycle").with("rounds", measured).with("ms", started.elapsed().as_millis());
    Ok(judged(before, measured, note))
}

fn judged(before: Option<Holds>, rounds: usize, note: Message) -> Outcome {
    match (before, Holds::now()) {
        (Some(before), Some(after)) => match before.growth(after, rounds) {
            Some(growth) => Outcome::Fail(growth),
            None => Outcome::Pass(Some(note)),
        },
        _ => Outcome::Skip(Message::new("check-why-other-system")),
    }
}

/// The smallest source, read again and again; half of the reads are given up after their first batch.
pub(in crate::check) fn reads(bench: &mut Bench) -> Outcome {
    settled(many_reads(bench))
}

fn many_reads(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let mut smallest = None;
    for source in bench.sources()? {
        let taken = bench.take(&source, None)?;
        if smallest.as_ref().is_none_or(|(rows, _)| taken.rows.len() < *rows) {
            smallest = Some((taken.rows.len(), source));
        }
    }
    let Some((_, source)) = smallest else { return Err(Outcome::Skip(Message::new("check-why-no-streams"))) };
    let started = Instant::now();
    let mut before = None;
    let (mut done, mut measured) = (0, 0);
    // A slow source is read as often as a third of the patience allows.
    while done < 2 * READS && started.elapsed() < bench.job.patience / 3 {
        if done == READS / 2 {
            before = Holds::now();
        }
        if done % 2 == 0 {
            bench.take(&source, None)?;
        } else {
            let (_instance, mut reader) = bench.start(&source, None)?;
            reader.next().transpose().map_err(|error| bench.failed("read", &error))?;
        }
        done += 1;
        measured += usize::from(before.is_some());
    }
    if before.is_none() {
        return Err(Outcome::Skip(Message::new("check-why-too-slow").with("rounds", done)));
    }
    let note = Message::new("check-note-lifecycle").with("rounds", measured).with("ms", started.elapsed().as_millis());
    Ok(judged(before, measured, note))
}
