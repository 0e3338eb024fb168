//! Killed, given up, cancelled: what happens to the rest of the rows, and how soon.

use super::incremental::{rest_differs, same};
use super::settled;
use crate::check::bench::Bench;
use crate::check::job::Death;
use crate::check::report::Outcome;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use zhengai_model::text::Message;

/// So long a plugin may work without asking whether it should stop, before it is told.
const UNASKED: Duration = Duration::from_millis(200);

/// Numbers that look random and are the same for the same seed (splitmix64).
pub(in crate::check) struct Dice(u64);

impl Dice {
    /// Dice of this seed.
    pub(in crate::check) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below the limit, which must not be 0.
    pub(in crate::check) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }
}

/// A read that is asked to stop answers within the grace, and never as if it were complete.
pub(in crate::check) fn cancel(bench: &mut Bench) -> Outcome {
    settled(cancelled(bench))
}

fn cancelled(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let grace = bench.job.grace;
    let mut slowest = 0;
    for source in bench.sources()? {
        let (instance, mut reader) = bench.start(&source, None)?;
        let (sender, receiver) = channel();
        let handle = instance.cancel_handle();
        let first = reader.next().transpose().map_err(|error| bench.failed("read", &error))?;
        let asked = Instant::now();
        bench.witness.stop_inside_the_next_call(handle.clone());
        std::thread::spawn(move || {
            let mut batches = 0_usize;
            let end = loop {
                match reader.next() {
                    Some(Ok(_)) if asked.elapsed() < grace => batches += 1,
                    other => break other,
                }
            };
            let error = matches!(end, Some(Err(_)));
            drop((reader, instance));
            sender.send((error, batches, asked.elapsed()))
        });
        let stream = |key: &str| Outcome::Fail(Message::new(key).with("stream", &source.label));
        // Whoever does not ask is told, from another thread.
        let ended = receiver.recv_timeout(UNASKED).or_else(|_| {
            handle.cancel();
            receiver.recv_timeout(grace + grace)
        });
        bench.witness.go_on();
        match ended {
            Ok((_, _, took)) if took > grace => return Err(stream("check-why-cancel-ignored")),
            // One batch, or none, was all that there was: the end may have been reached before the wish to stop.
            Ok((false, batches, _)) if first.is_some() && batches > 0 => {
                return Err(stream("check-why-cancel-complete"));
            }
            Ok((_, _, took)) => slowest = slowest.max(took.as_millis()),
            Err(_) => return Err(stream("check-why-cancel-ignored")),
        }
    }
    Ok(Outcome::Pass(Some(Message::new("check-note-cancel").with("ms", slowest))))
}

/// Reads that are given up after any batch disturb no later one.
pub(in crate::check) fn abandon(bench: &mut Bench) -> Outcome {
    settled(abandoned(bench))
}

fn abandoned(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let mut dice = Dice::new(bench.job.seed);
    for source in bench.sources()? {
        let whole = bench.take(&source, None)?;
        for _ in 0..3 {
            let (_instance, mut reader) = bench.start(&source, None)?;
            for _ in 0..dice.below(whole.marks.len() + 1) {
                reader.next().transpose().map_err(|error| bench.failed("read", &error))?;
            }
        }
        let again = bench.take(&source, None)?;
        if again.rows != whole.rows {
            let message = Message::new("check-why-rows-differ").with("stream", &source.label);
            return Err(Outcome::Fail(message.with("first", whole.rows.len()).with("second", again.rows.len())));
        }
    }
    Ok(Outcome::GOOD)
}

/// Reads until the batch that the seed chooses; the caller then ends the process.
pub(in crate::check) fn until_death(bench: &mut Bench, round: usize) -> Result<Death, Outcome> {
    let sources = bench.sources()?;
    let number = round % sources.len().max(1);
    let source = sources.get(number).cloned().ok_or(Outcome::GOOD)?;
    let whole = bench.take(&source, None)?;
    let batches = whole.marks.len().saturating_sub(1);
    let stop = if batches == 0 { 0 } else { 1 + Dice::new(bench.job.seed).below(batches) };
    let (instance, mut reader) = bench.start(&source, None)?;
    let (mut rows, mut state) = (0, None);
    for _ in 0..stop {
        if let Some(batch) = reader.next() {
            rows += batch.map_err(|error| bench.failed("read", &error))?.num_rows();
            state = bench.state(&mut reader)?;
        }
    }
    // Neither is dropped: the process ends in the middle of the read.
    std::mem::forget((reader, instance));
    Ok(Death { source: number, rows, state })
}

/// After the deaths, another process gets the whole, and from the last states the rest.
pub(in crate::check) fn after_deaths(bench: &mut Bench, deaths: &[Death]) -> Outcome {
    settled(recovered(bench, deaths))
}

fn recovered(bench: &mut Bench, deaths: &[Death]) -> Result<Outcome, Outcome> {
    let sources = bench.sources()?;
    for death in deaths {
        let Some(source) = sources.get(death.source) else { continue };
        let whole = bench.take(source, None)?;
        if source.incremental() {
            let rest = bench.take(source, death.state.as_ref())?;
            let prefix = if death.state.is_some() { death.rows } else { 0 };
            if !same(&rest.rows, whole.rows.get(prefix..).unwrap_or_default()) {
                return Err(rest_differs(source, prefix, whole.rows.len(), rest.rows.len()));
            }
        }
    }
    let after: Vec<String> = deaths.iter().map(|death| death.rows.to_string()).collect();
    Ok(Outcome::Pass(Some(
        Message::new("check-note-killed").with("count", deaths.len()).with("rows", after.join(", ")),
    )))
}
