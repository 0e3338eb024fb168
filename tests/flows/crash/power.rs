//! Power cuts: what was not brought to the platter is gone. The shim's log tells what was; the rest is taken away.
//!
//! Of what the rules of file systems allow, the worst is taken: bytes written since a file was last synced are lost, and so
//! are names whose folder was not synced. Removals and replacements count as done, which the rules allow as well.

use super::shim::{Harm, Step, steps};
use super::story::Story;
use super::walk::{all_steps, each, spread};
use crate::harness::College;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the platter has of a file.
#[derive(Debug, Clone, Copy)]
struct File {
    synced: u64,
    dirty: bool,
}

/// Takes away what steps before `end` did not bring to the platter.
fn cut(college: &College, base: &College, steps: &[Step], end: usize) {
    let mut files: BTreeMap<PathBuf, File> = BTreeMap::new();
    let mut names: Vec<PathBuf> = Vec::new();
    let was_there = |path: &Path| {
        let inside = path.strip_prefix(college.data()).expect("a step below the data directory");
        base.data().join(inside).exists()
    };
    for step in steps.iter().filter(|step| step.number < end) {
        let (path, target) = (step.path.clone(), PathBuf::from(&step.detail));
        match step.call.as_str() {
            "open" if step.detail == "new" => {
                files.insert(path.clone(), File { synced: 0, dirty: false });
                names.push(path);
            }
            "mkdir" => names.push(path),
            "fsync" if path.is_dir() => names.retain(|name| name.parent() != Some(&path)),
            "fsync" => {
                files.insert(path, File { synced: step.detail.parse().expect("a size"), dirty: false });
            }
            "link" => {
                if let Some(file) = files.get(&path).copied() {
                    files.insert(target.clone(), file);
                }
                names.push(target);
            }
            "rename" => {
                if let Some(file) = files.remove(&path) {
                    files.insert(target.clone(), file);
                }
                names.retain(|name| *name != path);
                if !was_there(&target) && !names.contains(&target) {
                    names.push(target);
                }
            }
            "unlink" | "rmdir" => {
                files.remove(&path);
                names.retain(|name| *name != path);
            }
            _ if step.is_write() => {
                let length = |path: &Path| {
                    let inside = path.strip_prefix(college.data()).expect("a step below the data directory");
                    base.data().join(inside).metadata().map_or(0, |found| found.len())
                };
                files.entry(path.clone()).or_insert_with(|| File { synced: length(&path), dirty: false }).dirty = true;
            }
            _ => {}
        }
    }
    for (path, file) in files.iter().filter(|(_, file)| file.dirty) {
        if let Ok(open) = std::fs::File::options().write(true).open(path)
            && open.metadata().expect("a size").len() > file.synced
        {
            open.set_len(file.synced).expect("cut");
        }
    }
    for name in names.iter().rev() {
        // A folder goes with all that is in it.
        if name.is_dir() { std::fs::remove_dir_all(name).expect("gone") } else { drop(std::fs::remove_file(name)) }
    }
    // The index of the write-ahead log lives in memory.
    drop(std::fs::remove_file(college.data().join("record.db-shm")));
}

/// A power cut before and after steps that others rely on, and after the end.
fn walk(story: &Story, limit: usize) {
    let all = all_steps(story);
    let telling = |step: &&Step| matches!(step.call.as_str(), "rename" | "link" | "fsync" | "unlink");
    let mut ends: Vec<usize> = all.iter().filter(telling).flat_map(|step| [step.number, step.number + 1]).collect();
    ends.dedup();
    let mut ends = spread(&ends, limit);
    ends.push(all.len() + 1);
    each(&format!("power cut in {}", story.name), &story.base, &ends, |college, end| {
        let ended = story.run(college, Harm::Kill(*end));
        cut(college, &story.base, &steps(&college.path("log")), *end);
        (story.check)(story, college);
        if ended.code == Some(0) {
            let rows = college.json(&["batch", "list"]);
            let runs = college.json(&["run", "list"]);
            let second = if story.name == "diagnosis" { &runs[1]["state"] } else { &rows[1]["state"] };
            assert!(second == "applied" || second == "finished", "it said that it was done and is {second}");
        }
    });
}

#[test]
fn a_power_cut_during_a_first_import_leaves_it_in_or_out_and_what_was_said_to_be_done_is() {
    walk(&Story::first_import(), 14);
}

#[test]
fn a_power_cut_during_an_import_that_changes_rows_leaves_it_in_or_out() {
    walk(&Story::changing_import(), 14);
}

#[test]
fn a_power_cut_during_a_diagnosis_leaves_it_complete_or_failed() {
    walk(&Story::diagnosis(), 8);
}

#[test]
fn files_are_on_the_platter_before_the_commit_that_names_them_and_the_commit_before_the_record_tells_of_it() {
    for story in [Story::first_import(), Story::diagnosis()] {
        let steps = all_steps(&story);
        let place = |step: &&Step| step.call == "link" && !step.detail.ends_with("00000000000000000000.json");
        let commit = steps.iter().find(place).expect("a commit");
        let data: Vec<&Step> = steps.iter().filter(|step| step.detail.ends_with(".snappy.parquet")).collect();
        assert!(!data.is_empty(), "no data file of {} was put in its place", story.name);
        let synced = |path: &Path, after: usize, before: usize| {
            let found = |step: &&Step| step.call == "fsync" && step.path == path;
            steps.iter().filter(found).any(|step| step.number > after && step.number < before)
        };
        for moved in data {
            let target = Path::new(&moved.detail);
            assert!(synced(&moved.path, 0, moved.number), "{}: bytes before the name", target.display());
            let folder = target.parent().expect("a folder");
            assert!(synced(folder, moved.number, commit.number), "{}: the name before the commit", target.display());
        }
        assert!(synced(&commit.path, 0, commit.number), "the bytes of the commit before its name");
        let record = |step: &&Step| step.number > commit.number && step.path.ends_with("record.db-wal");
        let told = steps.iter().find(record).expect("the record is told");
        let log = Path::new(&commit.detail).parent().expect("a folder");
        assert!(synced(log, commit.number, told.number), "the name of the commit before the record tells of it");
    }
}
