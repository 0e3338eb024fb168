//! The table of `docs/console-performance.md`: `cargo bench -p zhengai-tui --bench measure`. Percentiles of single
//! events, which criterion's means would hide.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program that prints numbers")]

mod long;

use long::{Desk, key, memory, names, percentile};
use std::time::{Duration, Instant};

fn main() {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    println!("profile {profile}");
    let before = memory();
    let begun = Instant::now();
    let mut desk = Desk::new(200, 50);
    println!("first frame with its data, 200x50: {:.2} ms", ms(begun.elapsed()));

    let mut keys = press(&mut Desk::new(120, 30), "Down", 2_000);
    report("key to last byte, 120x30", &mut keys);
    let mut keys = press(&mut desk, "Down", 2_000);
    report("key to last byte, 200x50", &mut keys);
    let mut pages = press(&mut desk, "PageDown", 2_000);
    report("page of a million warnings, 200x50", &mut pages);
    let mut draws: Vec<Duration> = (0..1_000).map(|_| desk.draw_anew()).collect();
    report("draw everything, 200x50", &mut draws);

    let mut start: Vec<Duration> = press(&mut Desk::new(200, 50), "PageDown", 500);
    desk.key(key("G"));
    let mut end: Vec<Duration> = press(&mut desk, "PageUp", 500);
    report("scrolling at the beginning of a million", &mut start);
    report("scrolling at the end of a million", &mut end);
    if let (Some(before), Some(after)) = (before, memory()) {
        println!("memory: {} MiB at start, {} MiB after scrolling a million warnings", before >> 10, after >> 10);
    }

    let written = desk.written;
    for _ in 0..1_000 {
        desk.flush();
    }
    println!("bytes of 1000 frames in which nothing changed: {}", desk.written - written);

    let begun = Instant::now();
    let index = names(50_000);
    println!("index of 50 000 names: {:.0} ms", ms(begun.elapsed()));
    for query in ["xx", "xxgc", "信息", "xinxi 就业"] {
        let mut times: Vec<Duration> = (0..50)
            .map(|_| {
                let begun = Instant::now();
                let found = {
                    let query = zhengai_tui::text::Query::of(query);
                    index.iter().filter(|index| index.answers(&query).is_some()).count()
                };
                std::hint::black_box(found);
                begun.elapsed()
            })
            .collect();
        report(&format!("filter 50 000 names by {query:?}"), &mut times);
    }
}

fn press(desk: &mut Desk, word: &str, times: usize) -> Vec<Duration> {
    (0..times).map(|_| desk.key(key(word))).collect()
}

fn report(what: &str, times: &mut [Duration]) {
    let (half, most) = (percentile(times, 50), percentile(times, 99));
    println!("{what}: p50 {:.2} ms, p99 {:.2} ms", ms(half), ms(most));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
