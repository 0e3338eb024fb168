//! Animals that end their process, or themselves by a panic.

use crate::cage::{Cage, ended, nothing, two_batches, whole, zombies};
use serde_json::json;

#[test]
fn the_tame_one_lives_in_a_worker_without_fault() {
    let Some(cage) = Cage::of("tame") else { return };
    whole(&cage, &cage.live(&json!({})));
    assert_eq!(zombies(), [""; 0]);
}

#[test]
fn a_panic_under_the_guard_is_an_error_of_the_plugin() {
    let Some(cage) = Cage::of("panic-in-call") else { return };
    let life = cage.live(&json!({}));
    nothing(&life);
    ended(&cage, &life, "check", "plugin Panic", "内部出错", "failed inside: panic at");
    let Some(cage) = Cage::of("panic-in-stream") else { return };
    let life = cage.live(&json!({}));
    two_batches(&life);
    ended(&cage, &life, "next", "plugin Panic", "内部出错", "the tiger is out after batch 2");
}

#[test]
fn a_process_that_dies_in_a_call_is_a_crash_by_the_name_of_its_signal() {
    for (name, how) in [("panic-unguarded", "SIGABRT"), ("abort-in-call", "SIGABRT"), ("segfault-in-call", "SIGSEGV")] {
        let Some(cage) = Cage::of(name) else { return };
        let life = cage.live(&json!({}));
        nothing(&life);
        ended(
            &cage,
            &life,
            "check",
            &format!("crashed {how}"),
            &format!("崩溃了（{how}）"),
            &format!("crashed ({how})"),
        );
    }
}

#[test]
fn a_process_that_dies_in_a_stream_leaves_the_batches_before_and_no_more() {
    for (name, how) in [("segfault-in-stream", "SIGSEGV"), ("abort-in-stream", "SIGABRT"), ("killed-group", "SIGKILL")]
    {
        let Some(cage) = Cage::of(name) else { return };
        let life = cage.live(&json!({}));
        two_batches(&life);
        ended(
            &cage,
            &life,
            "next",
            &format!("crashed {how}"),
            &format!("崩溃了（{how}）"),
            &format!("crashed ({how})"),
        );
    }
}

#[test]
fn a_library_that_crashes_while_it_is_opened_takes_only_its_worker_along() {
    let Some(cage) = Cage::of("segfault-in-constructor") else { return };
    let life = cage.live(&json!({}));
    nothing(&life);
    ended(&cage, &life, "load", "crashed SIGSEGV", "崩溃了（SIGSEGV）", "crashed (SIGSEGV)");
}

#[test]
fn an_exit_status_of_0_is_no_proof_that_all_rows_came() {
    let Some(cage) = Cage::of("exit-in-stream") else { return };
    let life = cage.live(&json!({}));
    two_batches(&life);
    ended(&cage, &life, "next", "incomplete", "无法确认数据是否完整", "without proof that its rows are complete");
}

#[test]
fn an_early_end_with_exit_status_0_is_no_answer() {
    for (name, place) in [("exit-in-constructor", "load"), ("exit-in-create", "create"), ("exit-in-read", "read")] {
        let Some(cage) = Cage::of(name) else { return };
        let life = cage.live(&json!({}));
        nothing(&life);
        ended(&cage, &life, place, "incomplete", "中途停止", "the worker ended before its work did");
    }
}

#[test]
fn a_read_goes_on_from_the_last_cursor_and_no_row_comes_twice() {
    let Some(cage) = Cage::of("segfault-in-stream") else { return };
    let first = cage.live(&json!({ "good": 3 }));
    assert_eq!(first.batches.len(), 3);
    // The same crash at a place behind the cursor: the second worker does not come by it again.
    let second = cage.live_from(&json!({ "good": 2 }), &first.state.clone().unwrap());
    assert!(second.end.is_none(), "{:?}", second.end);
    let all: Vec<String> = first.codes.into_iter().chain(second.codes).collect();
    assert_eq!(all, (0..12).map(|number| format!("Z{number}")).collect::<Vec<_>>());
}

#[test]
fn a_crash_of_one_worker_is_nothing_to_another_of_the_same_plugin() {
    let Some(cage) = Cage::of("segfault-in-call") else { return };
    let (first, second) = (cage.instance(&json!({})).unwrap(), cage.instance(&json!({})).unwrap());
    first.check().unwrap_err();
    let catalogue = second.discover(&json!(null)).unwrap();
    assert_eq!(catalogue["streams"][0]["name"], "departments");
    first.discover(&json!(null)).unwrap_err();
    second.finish().unwrap();
    drop(first);
    cage.assert_empty();
}
