//! Records and tables that are locked, gone, cut or garbage, two processes on one data directory, a clock that goes back:
//! each is told with place and next step, nothing is damaged, and when the cause is gone everything works.

use super::shim;
use super::story::Truth;
use crate::clubs;
use crate::harness::{College, Ran, ran};
use crate::samples::import;
use rustix::fs::{FlockOperation, fcntl_lock};
use std::path::{Path, PathBuf};

/// Spoils a college, expects each command to be refused so, mends it, and finds it as it was.
fn spoiled(name: &str, spoil: impl Fn(&Path), commands: &[&[&str]], code: i32, words: &[&str]) {
    let college = clubs::diagnosed();
    let before = Truth::of(&college);
    let rows = college.path("clubs.csv").to_string_lossy().into_owned();
    let kept = college.twin();
    spoil(&college.data());
    for command in commands {
        let command: Vec<&str> =
            command.iter().map(|word| if *word == "ROWS" { rows.as_str() } else { word }).collect();
        let ended = college.run(&command);
        assert_eq!(ended.code, Some(code), "{name}, {command:?}: {}\n{}", ended.out, ended.err);
        let english = college.run(&[command.as_slice(), &["--lang", "en"]].concat());
        assert_eq!(english.code, Some(code), "{name}, {command:?}: {}", english.err);
        for word in words {
            assert!(ended.err.contains(word), "{name}, {command:?}: no `{word}` in: {}", ended.err);
        }
        for bad in ["panicked", "⟦", "ERROR", "缺陷"] {
            assert!(!ended.err.contains(bad) && !english.err.contains(bad), "{name}, {command:?}: {}", ended.err);
        }
    }
    std::fs::remove_dir_all(college.data()).expect("removed");
    std::fs::rename(kept.data(), college.data()).expect("put back");
    assert_eq!(Truth::of(&college), before, "{name}");
    let file = college.path("clubs.csv");
    import(&college, &file, "clubs", &[]).good();
}

const IMPORT: &[&str] = &["import", "ROWS", "-d", "clubs", "--quiet"];
const DIAGNOSE: &[&str] = &["diagnose", "--period", "CY2025", "--layer", "school", "--quiet"];
const LIST: &[&str] = &["dataset", "list"];

fn in_log(data: &Path, version: u64) -> PathBuf {
    data.join("warehouse/datasets/clubs/_delta_log").join(format!("{version:020}.json"))
}

fn data_file(data: &Path) -> PathBuf {
    let folder = data.join("warehouse/datasets/clubs/_school=test");
    let mut files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files.next().expect("a data file")
}

#[test]
fn a_record_that_another_process_keeps_locked_is_told_and_works_when_it_is_free() {
    let college = clubs::diagnosed();
    let before = Truth::of(&college);
    let record = college.data().join("record.db");
    let held = std::fs::File::options().read(true).write(true).open(record).expect("a record");
    fcntl_lock(&held, FlockOperation::NonBlockingLockExclusive).expect("nobody else holds it");
    let ended = college.run(LIST).exits(8);
    assert!(["record.db", "占用", "稍后重试"].iter().all(|word| ended.err.contains(word)), "{}", ended.err);
    drop(held);
    assert_eq!(Truth::of(&college), before);
    college.run(LIST).good();
}

#[test]
fn a_record_that_is_gone_or_empty_is_never_made_anew_beside_tables() {
    let words = ["record.db", "不见了或是空的", "没有新建记录", "备份"];
    let gone = |data: &Path| std::fs::remove_file(data.join("record.db")).expect("removed");
    spoiled("gone", gone, &[IMPORT, LIST], 8, &words);
    spoiled("empty", |data| std::fs::write(data.join("record.db"), "").expect("emptied"), &[IMPORT, LIST], 8, &words);
}

#[test]
fn a_record_that_is_cut_or_replaced_by_garbage_is_told_and_left_alone() {
    let cut = |data: &Path| {
        let file = std::fs::File::options().write(true).open(data.join("record.db")).expect("a record");
        file.set_len(20_000).expect("cut");
    };
    spoiled("cut", cut, &[IMPORT, LIST], 8, &["record.db", "已损坏", "备份"]);
    let garbage = |data: &Path| std::fs::write(data.join("record.db"), "学号,姓名\n".repeat(5_000)).expect("written");
    spoiled("garbage", garbage, &[IMPORT, LIST], 3, &["record.db", "不是数据库文件"]);
}

#[test]
fn a_warehouse_that_is_gone_or_older_than_the_record_is_never_made_anew() {
    let gone = |data: &Path| std::fs::remove_dir_all(data.join("warehouse")).expect("removed");
    spoiled("warehouse", gone, &[IMPORT, LIST], 8, &["warehouse/datasets/clubs", "不见了", "备份"]);
    let log = |data: &Path| std::fs::remove_dir_all(data.join("warehouse/datasets/clubs/_delta_log")).expect("removed");
    spoiled("log", log, &[IMPORT, LIST, DIAGNOSE], 8, &["_delta_log", "备份"]);
    let newest = |data: &Path| std::fs::remove_file(in_log(data, 1)).expect("removed");
    spoiled("newest entry", newest, &[IMPORT, LIST, DIAGNOSE], 8, &["00000000000000000001.json", "备份"]);
}

#[test]
fn an_entry_missing_in_the_middle_of_a_log_is_told_and_nothing_is_written() {
    let college = clubs::diagnosed();
    let file = college.file("more.csv", format!("{}C5,新社,9\n", clubs::ROWS));
    import(&college, &file, "clubs", &[]).good();
    let (log, kept) = (in_log(&college.data(), 1), college.path("kept.json"));
    std::fs::rename(&log, &kept).expect("taken away");
    let found = college.run(&["doctor", "--format", "json"]).exits(9).json();
    let gap = found.as_array().expect("a list").iter().find(|one| one["check"] == "log-gap").expect("found");
    assert_eq!(gap["severity"], "broken", "{gap}");
    let more = college.file("yet-more.csv", format!("{}C5,新社,9\nC6,又一社,9\n", clubs::ROWS));
    let ended = import(&college, &more, "clubs", &[]);
    assert!(ended.code != Some(0) && ended.err.contains("clubs"), "{:?}: {}", ended.code, ended.err);
    std::fs::rename(&kept, &log).expect("put back");
    assert_eq!(Truth::of(&college).rows, 4);
    import(&college, &more, "clubs", &[]).good();
    assert_eq!(Truth::of(&college).rows, 5);
}

#[test]
fn a_record_older_than_its_tables_is_told_and_takes_nothing_for_done() {
    let college = clubs::college();
    let (record, old) = (college.data().join("record.db"), college.path("old.db"));
    std::fs::copy(&record, &old).expect("a copy");
    let second = college.file("second.csv", format!("{}C5,新社,9\n", clubs::ROWS));
    import(&college, &second, "clubs", &[]).good();
    std::fs::copy(&old, &record).expect("swapped");
    let before = Truth::of(&college).rows;
    // It would get the id of the batch that the old record never heard of.
    let third = college.file("third.csv", format!("{}C5,新社,9\nC6,又一社,9\n", clubs::ROWS));
    let ended = import(&college, &third, "clubs", &[]);
    assert!(ended.code != Some(0) && ended.err.contains("记录库比数据表旧"), "{:?}: {}", ended.code, ended.err);
    assert_eq!(Truth::of(&college).rows, before);
    let found = college.run(&["doctor", "--format", "json"]).exits(9).json();
    let found = found.as_array().expect("a list");
    assert!(found.iter().any(|one| one["check"] == "unknown-in-table"), "{found:#?}");
}

#[test]
fn damaged_files_of_a_table_are_told_and_nothing_is_written() {
    let garbage = |data: &Path| std::fs::write(in_log(data, 1), "garbage\n").expect("written");
    spoiled("garbage in the log", garbage, &[IMPORT, DIAGNOSE], 8, &["clubs", "备份"]);
    let cut = |data: &Path| {
        let file = std::fs::File::options().write(true).open(data_file(data)).expect("a data file");
        file.set_len(900).expect("cut");
    };
    spoiled("cut data file", cut, &[IMPORT, DIAGNOSE], 8, &["数据文件", "备份"]);
    let gone = |data: &Path| std::fs::remove_file(data_file(data)).expect("removed");
    spoiled("lost data file", gone, &[DIAGNOSE], 8, &["数据文件", "备份"]);
}

#[test]
fn a_lock_file_of_a_dead_process_does_not_block() {
    let college = clubs::college();
    std::fs::write(college.data().join("lock"), "1").expect("left by a crash");
    let file = college.path("clubs.csv");
    import(&college, &file, "clubs", &[]).good();
}

/// Runs a command by a clock that is wrong by so many days.
fn on_day(college: &College, days: i64, words: &[&str]) -> Ran {
    let mut command = college.command(words);
    shim::clock(&mut command, days * 86_400);
    ran(command.output().expect("the binary starts"))
}

#[test]
fn a_clock_that_went_back_is_told_and_order_and_ids_stay_true() {
    let college = clubs::college();
    let rows =
        |name: &str| college.file("more.csv", format!("{}{name},新社,9\n", clubs::ROWS)).to_string_lossy().into_owned();
    let words = |file: String| ["import".to_owned(), file, "--dataset".to_owned(), "clubs".to_owned()];
    for (days, name, told) in [(0, "C5", false), (-3, "C6", true), (-3, "C7", true), (-1, "C8", true), (-3, "C9", true)]
    {
        let words = words(rows(name));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ended = on_day(&college, days, &words).good();
        assert_eq!(ended.err.contains("时钟"), told, "{days} days: {}", ended.err);
    }
    let truth = Truth::of(&college);
    assert_eq!(truth.rows, 8);
    let ids: Vec<&str> = truth.batches.iter().rev().map(|batch| batch.id.as_str()).collect();
    assert_eq!(ids, truth.commits, "the record has the order of the commits");
    assert!(truth.batches.is_sorted_by(|newer, older| newer.at >= older.at), "{:#?}", truth.batches);
    for _ in 0..2 {
        on_day(&college, -3, &["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    }
    let runs = Truth::of(&college).runs;
    assert_eq!((runs.len(), &runs[1].superseded_by), (2, &Some(runs[0].id.clone())));
}
