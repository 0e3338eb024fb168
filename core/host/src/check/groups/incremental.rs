//! Reading on from a state: the whole is what came before it and what comes after it, wherever the cut is made.

use super::settled;
use crate::check::bench::{Bench, Source, Taken};
use crate::check::report::Outcome;
use serde_json::Value;
use std::time::Instant;
use zhengai_model::text::Message;

fn sources(bench: &mut Bench) -> Result<Vec<(Source, Taken)>, Outcome> {
    let mut found = Vec::new();
    for source in bench.sources()?.into_iter().filter(Source::incremental) {
        let taken = bench.take(&source, None)?;
        found.push((source, taken));
    }
    match found.is_empty() {
        true => Err(Outcome::Skip(Message::new("check-why-not-incremental"))),
        false => Ok(found),
    }
}

/// A stream that promises to be incremental has a state at its end, and after its batches.
pub(in crate::check) fn state(bench: &mut Bench) -> Outcome {
    settled(sources(bench).and_then(|sources| {
        let mut states = 0;
        for (source, taken) in &sources {
            states += taken.marks.iter().filter(|(_, state)| state.is_some()).count();
            if taken.marks.last().is_none_or(|(_, state)| state.is_none()) {
                return Err(Outcome::Fail(Message::new("check-why-no-state").with("stream", &source.label)));
            }
        }
        Ok(Outcome::Pass(Some(Message::new("check-note-states").with("count", states))))
    }))
}

/// From every state, the rest and nothing but the rest.
pub(in crate::check) fn resume(bench: &mut Bench) -> Outcome {
    settled(resumed(bench))
}

fn resumed(bench: &mut Bench) -> Result<Outcome, Outcome> {
    let started = Instant::now();
    let (mut tried, mut all) = (0, 0);
    for (source, whole) in sources(bench)? {
        for (rows, state) in &whole.marks {
            let Some(state) = state else { continue };
            all += 1;
            // Long sources have many states: as many are tried as half of the patience allows, and the note says so.
            if started.elapsed() > bench.job.patience / 2 {
                continue;
            }
            tried += 1;
            let rest = bench.take(&source, Some(state))?;
            if !same(&rest.rows, whole.rows.get(*rows..).unwrap_or_default()) {
                return Err(rest_differs(&source, *rows, whole.rows.len(), rest.rows.len()));
            }
        }
    }
    Ok(Outcome::Pass(Some(Message::new("check-note-resumed").with("tried", tried).with("all", all))))
}

/// The same rows in any order: what has a key is put in its place by the warehouse.
pub(in crate::check) fn same(left: &[u64], right: &[u64]) -> bool {
    let sorted = |rows: &[u64]| {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows
    };
    left == right || (left.len() == right.len() && sorted(left) == sorted(right))
}

/// Why prefix and rest are not the whole.
pub(in crate::check) fn rest_differs(source: &Source, prefix: usize, whole: usize, rest: usize) -> Outcome {
    let message = Message::new("check-why-rest-differs").with("stream", &source.label).with("prefix", prefix);
    Outcome::Fail(message.with("whole", whole).with("rest", rest))
}

/// From the last state, no rows and no error.
pub(in crate::check) fn end(bench: &mut Bench) -> Outcome {
    settled(nothing_after(bench, |state| state.clone(), "check-why-rows-after-end"))
}

/// From a state that lies in the future (the source was set back, a clock was wrong), no rows and no error.
pub(in crate::check) fn future(bench: &mut Bench) -> Outcome {
    bench.witness.reads_from_future(true);
    let outcome = settled(nothing_after(bench, later, "check-why-rows-from-future"));
    bench.witness.reads_from_future(false);
    outcome
}

fn nothing_after(bench: &mut Bench, change: fn(&Value) -> Value, key: &str) -> Result<Outcome, Outcome> {
    for (source, whole) in sources(bench)? {
        let Some((_, Some(last))) = whole.marks.last() else { continue };
        let state = change(last);
        let rest = bench.take(&source, Some(&state))?;
        if !rest.rows.is_empty() {
            let message = Message::new(key).with("stream", &source.label).with("rows", rest.rows.len());
            return Err(Outcome::Fail(message.with("state", crate::check::bench::short(&state.to_string()))));
        }
    }
    Ok(Outcome::GOOD)
}

/// The state with every number raised and every date moved on: later, as far as anybody can tell who does not know it.
fn later(state: &Value) -> Value {
    match state {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole.saturating_add(1_000_000)),
            (None, Some(real)) => Value::from(real + 1e6),
            (None, None) => state.clone(),
        },
        Value::String(text) => Value::String(later_text(text)),
        Value::Array(items) => items.iter().map(later).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), later(value))).collect(),
        other => other.clone(),
    }
}

/// `2026-…` becomes `9026-…`; text of digits becomes a larger number; other text stays.
fn later_text(text: &str) -> String {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit());
    match (text.get(..4), text.get(4..5), text.get(1..)) {
        (Some(year), Some("-"), Some(rest)) if digits(year) => format!("9{rest}"),
        _ if digits(text) => format!("9{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_dates_and_digits_of_a_state_move_on_and_words_stay() {
        let state = json!({ "after": 7, "day": "2026-09-01T00:00:00", "id": "0042", "page": [1], "word": "x-1" });
        let expected = json!({
            "after": 1_000_007, "day": "9026-09-01T00:00:00", "id": "90042", "page": [1_000_001], "word": "x-1",
        });
        assert_eq!(later(&state), expected);
    }

    #[test]
    fn rows_are_the_same_in_any_order_but_not_when_one_comes_twice() {
        assert!(same(&[1, 2, 3], &[3, 1, 2]));
        assert!(!same(&[1, 2, 2], &[1, 2]));
        assert!(!same(&[1, 2, 2], &[1, 1, 2]));
    }
}
