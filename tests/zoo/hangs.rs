//! Animals that never come back, and what ends them.

use crate::cage::{Cage, ended, kind, nothing, two_batches};
use serde_json::json;
use std::time::{Duration, Instant};

/// Long enough for a loaded machine to answer, short enough to wait for.
const SILENCE: Duration = Duration::from_secs(3);

fn impatient(name: &str) -> Option<Cage> {
    let mut cage = Cage::of(name)?;
    cage.settings.stall = SILENCE;
    cage.settings.grace = Duration::from_secs(1);
    Some(cage)
}

#[test]
fn a_call_that_never_comes_back_is_ended_after_silence() {
    for name in ["hang-in-call", "spin-in-call"] {
        let Some(cage) = impatient(name) else { return };
        let life = cage.live(&json!({}));
        nothing(&life);
        ended(&cage, &life, "check", "stalled", "3 秒没有响应", "no sign of life for 3 seconds");
    }
}

#[test]
fn a_stream_that_never_goes_on_is_ended_after_silence_and_keeps_what_came() {
    let Some(cage) = impatient("hang-in-stream") else { return };
    let life = cage.live(&json!({}));
    two_batches(&life);
    ended(&cage, &life, "next", "stalled", "3 秒没有响应", "no sign of life for 3 seconds");
}

#[test]
fn a_library_that_never_finishes_opening_is_ended_after_silence() {
    let Some(cage) = impatient("hang-in-constructor") else { return };
    let life = cage.live(&json!({}));
    nothing(&life);
    ended(&cage, &life, "load", "stalled", "没有响应", "no sign of life");
}

#[test]
fn a_destroy_that_never_comes_back_is_ended_after_the_grace_and_said() {
    let Some(cage) = impatient("hang-in-destroy") else { return };
    let life = cage.live(&json!({}));
    assert_eq!(life.batches.len(), 4, "the rows came whole before that");
    ended(&cage, &life, "finish", "stalled", "没有响应", "no sign of life");
}

#[test]
fn a_turn_in_circles_ends_at_the_limit_of_computing_time() {
    let Some(mut cage) = Cage::of("spin-in-call") else { return };
    cage.settings.limits.cpu_seconds = 1;
    let life = cage.live(&json!({}));
    nothing(&life);
    ended(&cage, &life, "check", "limit cpu", "运算时间已用完（上限 1 秒）", "used up its computing time (1 seconds)");
}

#[test]
fn a_plugin_that_hangs_is_cancelled_within_its_grace() {
    let Some(mut cage) = Cage::of("hang-in-stream") else { return };
    cage.settings.grace = Duration::from_secs(1);
    let instance = cage.instance(&json!({})).unwrap();
    let mut reader = instance.read(&json!({})).unwrap();
    for _ in 0..2 {
        reader.next().unwrap().unwrap();
    }
    let handle = instance.cancel_handle();
    let reading = std::thread::spawn(move || reader.next().unwrap().unwrap_err());
    let asked = Instant::now();
    handle.cancel();
    let error = reading.join().unwrap();
    assert_eq!(kind(&error), "plugin Cancelled");
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    drop(instance);
    cage.assert_empty();
}

#[test]
fn a_plugin_that_hangs_because_it_is_asked_to_stop_is_ended_all_the_same() {
    let Some(mut cage) = Cage::of("ignores-cancel") else { return };
    cage.settings.grace = Duration::from_secs(1);
    let instance = cage.instance(&json!({ "batches": 1_000_000 })).unwrap();
    let mut reader = instance.read(&json!({})).unwrap();
    reader.next().unwrap().unwrap();
    instance.cancel();
    let error = reader.find_map(Result::err).unwrap();
    assert_eq!(kind(&error), "plugin Cancelled");
    drop((reader, instance));
    cage.assert_empty();
}
