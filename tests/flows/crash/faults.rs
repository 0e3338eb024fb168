//! Disks that are full, broken or read-only, from any step on: a clear error, the right exit code, no damage; when the
//! cause is gone a repeat brings the truth of an unharmed run.

use super::shim::{Harm, Step};
use super::story::{Story, Truth};
use super::walk::{all_steps, each, spread};
use crate::clubs;
use crate::harness::{College, Ran, ran};
use std::path::Path;
use std::process::Command;

/// Spoils the disk from steps on at which it changes, and expects this exit code and one of these words.
fn spoil(story: &Story, fault: &'static str, code: i32, words: &[&str], limit: usize) {
    let steps = all_steps(story);
    // SQLite takes any refusal to enlarge its index in memory for a full disk.
    let ours = |step: &&Step| !step.is_sync() && (fault == "ENOSPC" || !step.path.ends_with("record.db-shm"));
    let changes: Vec<usize> = steps.iter().filter(ours).map(|step| step.number).collect();
    let telling = |step: &&Step| step.is_write() && step.path.ends_with("record.db-wal");
    let told = steps.iter().filter(telling).map(|step| step.number).max().unwrap_or(0);
    each(&format!("{fault} in {}", story.name), &story.base, &spread(&changes, limit), |college, step| {
        let ended = story.run(college, Harm::Refuse(fault, *step));
        // What is refused at the end, when all is told and only the log of the record is folded away, harms nothing.
        if ended.code == Some(0) && *step >= told {
            return (story.check)(story, college);
        }
        // SQLite does not say why it could not make a file of its own.
        let refused = steps.iter().find(|one| one.number >= *step && !one.is_sync() && one.call != "unlink");
        match refused.is_some_and(|one| one.call == "open" && one.path.to_string_lossy().contains("record.db")) {
            true => clear(&ended, 8, &["打不开记录", "不可写"], &college.data()),
            false => clear(&ended, code, words, &college.data()),
        }
        (story.check)(story, college);
    });
}

/// The error names the place, the cause and what to do, and is no defect of ours.
#[track_caller]
fn clear(ended: &Ran, code: i32, words: &[&str], data: &Path) {
    assert_eq!(ended.code, Some(code), "{}", ended.err);
    assert!(words.iter().any(|word| ended.err.contains(word)), "none of {words:?} in: {}", ended.err);
    assert!(ended.err.contains(&*data.to_string_lossy()), "no place: {}", ended.err);
    for bad in ["panicked", "⟦", "缺陷", "ERROR"] {
        assert!(!ended.err.contains(bad), "{bad}: {}", ended.err);
    }
}

#[test]
fn a_disk_that_is_full_from_any_step_of_an_import_on_is_told_and_harms_nothing() {
    let words = ["磁盘空间不足", "磁盘已满", "所在磁盘空间不足"];
    spoil(&Story::first_import(), "ENOSPC", 7, &words, 16);
    spoil(&Story::changing_import(), "ENOSPC", 7, &words, 8);
}

#[test]
fn a_disk_that_is_full_from_any_step_of_a_diagnosis_on_is_told_and_harms_nothing() {
    spoil(&Story::diagnosis(), "ENOSPC", 7, &["磁盘空间不足", "磁盘已满"], 8);
}

#[test]
fn a_disk_that_becomes_read_only_at_any_step_is_told_and_harms_nothing() {
    let words = ["只读", "不可写", "打不开记录"];
    spoil(&Story::changing_import(), "EROFS", 8, &words, 10);
    spoil(&Story::diagnosis(), "EROFS", 8, &words, 6);
}

#[test]
fn a_disk_that_breaks_at_any_step_is_told_and_harms_nothing() {
    let words = ["无法读写", "打不开记录"];
    spoil(&Story::changing_import(), "EIO", 8, &words, 10);
    spoil(&Story::diagnosis(), "EIO", 8, &words, 6);
}

/// Runs a script in a mount namespace of its own, where it may mount; nothing when this is not allowed.
fn mounted(college: &College, script: &str) -> Option<Ran> {
    let command = college.command(&[]);
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "sh", "-c", &format!("set -e\n{script}")]).env_clear();
    shell.envs(command.get_envs().filter_map(|(key, value)| Some((key, value?))));
    shell.env("DATA", college.data()).env("ROWS", college.path("clubs.csv")).env("BIN", command.get_program());
    let tried = Command::new("unshare").args(["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        println!("SKIPPED: this user may not mount, so no real disk was filled or made read-only");
        return None;
    }
    Some(ran(shell.output().expect("a shell")))
}

const IMPORT: &str = "\"$BIN\" --data \"$DATA\" import \"$ROWS\" -d clubs --quiet";

#[test]
fn a_real_disk_that_is_full_is_told_and_takes_the_import_once_there_is_room() {
    let college = College::new();
    clubs::pack(&college.data().join("packs/clubs"));
    college.file("clubs.csv", clubs::ROWS);
    let script = format!(
        "cp -a \"$DATA\" \"$DATA.copy\"; mount -t tmpfs -o size=2m none \"$DATA\"; cp -a \"$DATA.copy/.\" \"$DATA\"
         {IMPORT}
         dd if=/dev/zero of=\"$DATA/filler\" bs=4k 2>/dev/null || true
         {IMPORT} || echo \"full: $?\"
         \"$BIN\" --data \"$DATA\" dataset list --quiet >/dev/null || echo \"reading: $?\"
         rm \"$DATA/filler\"
         {IMPORT}
         rm -r \"$DATA.copy\"; cp -a \"$DATA\" \"$DATA.copy\""
    );
    let Some(ended) = mounted(&college, &script) else { return };
    assert!(ended.out.contains("full: 7"), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("磁盘"), "{}", ended.err);
    ended.good();
    let kept = College::nowhere();
    std::fs::rename(college.path("data.copy"), kept.data()).expect("what was on the disk");
    assert_eq!(Truth::of(&kept).rows, 3);
}

#[test]
fn a_real_disk_that_is_read_only_is_told_and_takes_the_import_once_it_may_be_written() {
    let college = clubs::college();
    let before = Truth::of(&college);
    let script = format!(
        "mount --bind \"$DATA\" \"$DATA\"; mount -o remount,ro,bind \"$DATA\"
         {IMPORT} || echo \"locked: $?\""
    );
    let Some(ended) = mounted(&college, &script) else { return };
    assert!(ended.out.contains("locked: 8"), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("只读"), "{}", ended.err);
    assert_eq!(Truth::of(&college), before);
    let file = college.path("clubs.csv");
    crate::samples::import(&college, &file, "clubs", &[]).good();
}
