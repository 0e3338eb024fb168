//! Means with criterion: update, draw, filter. `cargo bench -p zhengai-tui --bench console`.
#![allow(missing_docs, clippy::unwrap_used, reason = "benches")]

mod long;

use criterion::{Criterion, criterion_group, criterion_main};
use long::{Desk, key, names};

fn frames(criterion: &mut Criterion) {
    let mut desk = Desk::new(200, 50);
    criterion.bench_function("key to last byte, 200x50", |bench| bench.iter(|| desk.key(key("Down"))));
    criterion.bench_function("draw everything, 200x50", |bench| bench.iter(|| desk.draw_anew()));
    criterion.bench_function("frame in which nothing changed, 200x50", |bench| bench.iter(|| desk.flush()));
}

fn filter(criterion: &mut Criterion) {
    let index = names(50_000);
    criterion.bench_function("filter 50 000 names by initials", |bench| {
        bench.iter(|| {
            let query = zhengai_tui::text::Query::of("xxgc");
            index.iter().filter(|index| index.answers(&query).is_some()).count()
        });
    });
}

criterion_group!(benches, frames, filter);
criterion_main!(benches);
