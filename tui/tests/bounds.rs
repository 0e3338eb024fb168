//! Bounds that hold on any machine and profile, far above what `docs/console-performance.md` measured: they catch a frame
//! that builds the whole list, a filter that forgot its index, a frame that writes although nothing changed.

#[path = "../benches/long.rs"]
mod long;

use long::{Desk, key, memory, names, percentile};
use std::time::{Duration, Instant};

#[test]
fn a_key_is_on_the_terminal_before_anybody_notices() {
    let mut desk = Desk::new(200, 50);
    let mut times: Vec<Duration> = (0..300).map(|_| desk.key(key("Down"))).collect();
    let half = percentile(&mut times, 50);
    assert!(half < Duration::from_millis(100), "{half:?}");
}

#[test]
fn the_end_of_a_million_costs_what_its_beginning_costs_and_memory_stays_small() {
    let mut desk = Desk::new(200, 50);
    let mut begin: Vec<Duration> = (0..200).map(|_| desk.key(key("PageDown"))).collect();
    desk.key(key("G"));
    let mut end: Vec<Duration> = (0..200).map(|_| desk.key(key("PageUp"))).collect();
    let (begin, end) = (percentile(&mut begin, 50), percentile(&mut end, 50));
    assert!(end < begin * 5 + Duration::from_millis(5), "{begin:?} at the beginning, {end:?} at the end");
    if let Some(memory) = memory() {
        assert!(memory < 120 << 10, "{memory} KiB");
    }
}

#[test]
fn a_frame_in_which_nothing_changed_writes_no_byte() {
    let mut desk = Desk::new(120, 30);
    let written = desk.written;
    desk.flush();
    assert_eq!(desk.written, written);
    assert_eq!(desk.app.due(), None, "nothing wakes a console at rest");
}

#[test]
fn fifty_thousand_names_are_filtered_while_one_types() {
    let index = names(50_000);
    let begun = Instant::now();
    let found = {
        let query = zhengai_tui::text::Query::of("xxgc");
        index.iter().filter(|index| index.answers(&query).is_some()).count()
    };
    let spent = begun.elapsed();
    assert!(found > 0);
    assert!(spent < Duration::from_secs(2), "{spent:?}");
}
