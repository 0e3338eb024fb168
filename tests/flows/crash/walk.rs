//! SIGKILL at the steps of a command.

use super::shim::{Harm, Step, steps};
use super::story::Story;
use crate::harness::College;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Whether every step is wanted, or a choice that fits into the suite.
pub fn is_full() -> bool {
    std::env::var("ZHENGAI_CRASH_WALK").is_ok_and(|walk| walk == "full")
}

/// At most so many of these, evenly spread; all in a full walk.
pub fn spread<T: Clone>(all: &[T], limit: usize) -> Vec<T> {
    if is_full() || all.len() <= limit {
        return all.to_vec();
    }
    (0..limit).map(|index| all[index * all.len() / limit].clone()).collect()
}

/// Does `one` for each of `all` on twins of a college, on as many threads as there are processors, and tells of all that
/// failed.
pub fn each<T: Sync + std::fmt::Debug>(name: &str, base: &College, all: &[T], one: impl Fn(&College, &T) + Sync) {
    let (next, failed, began) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Instant::now());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(case) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let college = base.twin();
                    let outcome = catch_unwind(AssertUnwindSafe(|| one(&college, case)));
                    if let Err(cause) = outcome {
                        let text = cause.downcast_ref::<String>().cloned();
                        let text = text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                        failed.lock().expect("a list").push(format!("{case:?}: {}", text.unwrap_or_default()));
                    }
                }
            });
        }
    });
    println!("{name}: {} cases in {:.1} s", all.len(), began.elapsed().as_secs_f32());
    let failed = failed.into_inner().expect("a list");
    assert!(failed.is_empty(), "{name}: {} of {} failed\n{}", failed.len(), all.len(), failed.join("\n"));
}

/// The steps of the unharmed command.
pub fn all_steps(story: &Story) -> Vec<Step> {
    let college = story.base.twin();
    story.run(&college, Harm::None).good();
    let steps = steps(&college.path("log"));
    assert!(steps.iter().any(|step| step.call == "link"), "the shim sees nothing: {} steps", steps.len());
    steps
}

/// A kill before each step that changes names, and before and in the middle of so many writes.
pub fn kills(steps: &[Step], writes: usize) -> Vec<Harm> {
    let numbers = |wanted: fn(&Step) -> bool| -> Vec<usize> {
        steps.iter().filter(|step| wanted(step)).map(|step| step.number).collect()
    };
    let mut kills: Vec<Harm> = numbers(Step::changes_names).into_iter().map(Harm::Kill).collect();
    if is_full() {
        kills.extend(numbers(|step| !step.changes_names()).into_iter().map(Harm::Kill));
    }
    kills.extend(spread(&numbers(Step::is_write), writes).into_iter().map(Harm::KillHalf));
    kills
}

fn walk(story: &Story, writes: usize) {
    let kills = kills(&all_steps(story), writes);
    each(story.name, &story.base, &kills, |college, harm| {
        // A command that takes fewer steps than the first time has ended by itself, which is as good.
        let ended = story.run(college, *harm);
        assert!(matches!(ended.code, None | Some(0)), "{}", ended.err);
        (story.check)(story, college);
    });
}

#[test]
fn a_first_import_killed_at_any_step_is_in_or_out_and_can_be_repeated() {
    walk(&Story::first_import(), 12);
}

#[test]
fn an_import_that_changes_rows_killed_at_any_step_is_in_or_out_and_can_be_repeated() {
    walk(&Story::changing_import(), 8);
}

#[test]
fn a_diagnosis_killed_at_any_step_is_complete_or_failed_and_can_be_repeated() {
    walk(&Story::diagnosis(), 8);
}

#[test]
fn an_init_killed_at_any_step_can_be_repeated() {
    let nowhere = College::nowhere();
    let init = |college: &College, harm: Harm| {
        let mut command = college.command(&["init", "--id", "test", "--quiet"]);
        super::shim::shimmed(&mut command, &college.data(), harm, &college.path("log"));
        crate::harness::ran(command.output().expect("the binary starts"))
    };
    let twin = nowhere.twin();
    init(&twin, Harm::None).good();
    let numbers: Vec<usize> = steps(&twin.path("log")).iter().map(|step| step.number).collect();
    each("init", &nowhere, &numbers, |college, number| {
        assert_eq!(init(college, Harm::Kill(*number)).code, None);
        if !college.data().join("zhengai.toml").exists() {
            init(college, Harm::None).good();
        }
        init(college, Harm::None).exits(5);
        college.run(&["dataset", "list"]).good();
    });
}
