//! SIGKILL at the steps of a sync and of a backup.

use super::shim::{Harm, shimmed, steps};
use super::story::{Log, Truth};
use super::walk::{each, kills, spread};
use crate::clubs;
use crate::harness::{College, Ran, ran};
use crate::samples::{counts, departments, table, three_departments};
use crate::sync::{Bench, SMALL};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use zhengai_model::batch::BatchState;

/// Steps of each command at which the suite kills it; a full walk takes all.
const KILLS: usize = 20;

/// Runs a command with this harm to what it does in a folder.
fn run(college: &College, words: &[&str], folder: &Path, harm: Harm) -> Ran {
    let mut command = college.command(words);
    shimmed(&mut command, folder, harm, &college.path("log"));
    ran(command.output().expect("the binary starts"))
}

#[test]
fn a_sync_killed_at_any_step_goes_on_behind_the_last_row_that_is_in() {
    let bench = Bench::one(json!([]));
    let words = [&["sync", "jw", "--format", "json"], SMALL.as_slice()].concat();
    let twin = bench.college.twin();
    run(&twin, &words, &twin.data(), Harm::None).good();
    let kills = spread(&kills(&steps(&twin.path("log")), KILLS), KILLS);
    each("sync", &bench.college, &kills, |college, harm| {
        let ended = run(college, &words, &college.data(), *harm);
        assert!(matches!(ended.code, None | Some(0)), "{}", ended.err);
        run(college, &words, &college.data(), Harm::None).good();
        let log = Log::read(&college.data().join("warehouse/datasets/departments"));
        let once: BTreeSet<&String> = log.commits.iter().collect();
        assert_eq!((log.rows, once.len()), (5, log.commits.len()), "{:?}", log.commits);
        let truth = Truth::of(college);
        let applied: Vec<_> = truth.batches.iter().filter(|batch| batch.state == BatchState::Applied).collect();
        let settled = |state| matches!(state, BatchState::Applied | BatchState::Failed);
        assert!(truth.batches.iter().all(|batch| settled(batch.state)), "{:#?}", truth.batches);
        let new: u64 = applied.iter().filter_map(|batch| batch.counts).map(|counts| counts.new).sum();
        assert_eq!(new, 5, "each row came once: {applied:#?}");
        let shown = college.json(&["source", "show", "jw"]);
        assert_eq!(shown[0]["cursor"], json!({"batch": 4}));
    });
}

#[test]
fn a_backup_killed_at_any_step_is_whole_or_not_there_and_harms_nothing() {
    let base = clubs::diagnosed();
    std::fs::create_dir(base.path("kept")).expect("a folder");
    let target = |college: &College| college.path("kept").join("college.tar");
    let backup = |college: &College, harm: Harm| {
        let file = target(college);
        run(college, &["backup", &file.to_string_lossy(), "--quiet"], &college.path("kept"), harm)
    };
    let before = Truth::of(&base);
    let twin = base.twin();
    backup(&twin, Harm::None).good();
    let kills = spread(&kills(&steps(&twin.path("log")), KILLS), KILLS);
    each("backup", &base, &kills, |college, harm| {
        let ended = backup(college, *harm);
        assert!(matches!(ended.code, None | Some(0)), "{}", ended.err);
        let file = target(college);
        if !file.exists() {
            backup(college, Harm::None).good();
        }
        college.run(&["backup", "verify", &file.to_string_lossy(), "--quiet"]).good();
        assert_eq!(Truth::of(college), before);
    });
}

#[test]
fn a_mend_killed_at_any_step_leaves_the_row_open_or_in_and_never_twice() {
    let base = three_departments();
    let file = base.file("bad.csv", departments(&["D7,七系,公司,S1,2001-09-01"]));
    let batch = counts(&base, &file, "departments", &[])["batch"].as_str().expect("an id").to_owned();
    let words = ["reject", "mend", &batch, "--line", "2", "--cell", "部门类别=教学单位", "--format", "json"];
    let twin = base.twin();
    run(&twin, &words, &twin.data(), Harm::None).good();
    let kills = spread(&kills(&steps(&twin.path("log")), KILLS), KILLS);
    each("mend", &base, &kills, |college, harm| {
        let ended = run(college, &words, &college.data(), *harm);
        assert!(matches!(ended.code, None | Some(0)), "{}", ended.err);
        let again = run(college, &words, &college.data(), Harm::None);
        if again.code == Some(5) {
            // It is in already, or waits to be approved where the kill came between the two rows of the record.
            let held = college.json(&["batch", "list"]);
            let held = held.as_array().expect("a list").iter().find(|batch| batch["state"] == "held").cloned();
            if let Some(held) = held {
                college.run(&["batch", "approve", held["batch"].as_str().expect("an id")]).good();
            }
        } else {
            again.good();
        }
        assert_eq!(table(college, "departments").map(|(rows, _)| rows), Some(4));
        let found = college.json(&["query", "SELECT _line FROM departments WHERE department_code = 'D7'"]);
        assert_eq!(found, json!([{"_line": 2}]), "the row is there once, with its line");
    });
}
