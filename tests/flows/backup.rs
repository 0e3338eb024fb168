//! Backup and restore: what comes back is what was there, byte for byte; what is damaged is refused with its place; what
//! is interrupted leaves nothing that looks finished.
#![cfg(unix)]

use crate::harness::{College, Ran, ran};
use crate::interrupted::Held;
use crate::samples::{DEPARTMENTS, both, counts, departments, import, table, three_departments};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A backup of the college beside its data directory.
fn backed_up(college: &College, more: &[&str]) -> PathBuf {
    let archive = college.path("college.tar");
    let file = text(&archive);
    let mut words = vec!["backup", &file];
    words.extend(more);
    college.run(&words).good();
    archive
}

/// The backup put back in a place of its own.
fn restored(archive: &Path) -> College {
    let college = College::nowhere();
    college.run(&["restore", &text(archive)]).good();
    college
}

/// Names in the folder around the data directory.
fn around(college: &College) -> Vec<String> {
    let entries = std::fs::read_dir(college.path("")).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Bytes of a file that makes an archive larger than any other file of a small college.
const LARGE: usize = 4 << 20;

/// A small college with one large file in it.
fn with_large_file() -> College {
    let college = three_departments();
    let keys = college.data().join("keys");
    std::fs::create_dir_all(&keys).expect("a folder");
    std::fs::write(keys.join("large.pub"), vec![b'k'; LARGE]).expect("a file");
    college
}

/// The command in a shell that lets no file grow beyond half of the large one; `trap` says what the shell does about the
/// signal that comes with it.
fn limited(college: &College, words: &[&str], trap: &str) -> Ran {
    let blocks = LARGE / 2 / 512;
    let inner = college.command(words);
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{trap} ulimit -f {blocks}; exec \"$0\" \"$@\""));
    shell.arg(inner.get_program()).args(inner.get_args()).env_clear();
    shell.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    ran(shell.output().expect("a shell"))
}

#[test]
fn a_restored_college_says_byte_for_byte_what_the_original_says() {
    let college = College::nowhere();
    college.run(&["demo", "--students", "300", "--quiet"]).good();
    let archive = backed_up(&college, &[]);
    let verified = college.run(&["backup", "verify", &text(&archive)]).good();
    assert!(verified.err.contains("完好"), "{}", verified.err);
    let again = restored(&archive);
    let runs = college.json(&["run", "list"]);
    let exported = |college: &College, run: &str| {
        let file = college.path(&format!("{run}.csv"));
        college.run(&["run", "export", run, "--to", &text(&file)]).good();
        std::fs::read(&file).expect("an export")
    };
    for run in runs.as_array().expect("runs") {
        let id = run["run"].as_str().expect("an id");
        let original = exported(&college, id);
        assert!(original.len() > 1000, "{id}");
        assert!(original == exported(&again, id), "results of {id} differ");
    }
    let warnings = college.json(&["warning", "list", "--limit", "100000"]);
    let first = warnings.as_array().and_then(|list| list.first()).expect("a warning").clone();
    let shown = first["id"].as_str().map(str::to_owned);
    let shown = shown.unwrap_or_else(|| first["id"].to_string());
    for words in [
        vec!["batch", "list"],
        vec!["dataset", "list"],
        vec!["run", "list"],
        vec!["warning", "list", "--limit", "100000"],
        vec!["warning", "show", &shown],
        vec!["audit", "list", "--limit", "100000"],
        vec!["audit", "verify"],
    ] {
        assert_eq!(college.json(&words), again.json(&words), "{words:?}");
    }
    let rows = college.json(&["result", "--limit", "1"]);
    let (indicator, object) =
        (rows[0]["indicator"].as_str().expect("a code"), rows[0]["object"].as_str().expect("an id"));
    assert_eq!(college.run(&["why", indicator, object]).good().out, again.run(&["why", indicator, object]).good().out);
    let healthy = again.run(&["doctor"]).good();
    assert!(healthy.err.contains("损坏 0 项"), "{}", healthy.err);
}

#[test]
fn a_backup_beside_a_running_import_holds_what_was_done_and_the_import_goes_on() {
    let college = three_departments();
    let held = Held::start(&college);
    let archive = backed_up(&college, &[]);
    held.end().good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(200_003));
    college.run(&["backup", "verify", &text(&archive)]).good();

    let again = restored(&archive);
    assert_eq!(table(&again, "departments").map(|(rows, _)| rows), Some(3));
    let small = again.file("small.csv", format!("{DEPARTMENTS}D4,四系,教学单位,S1,\n"));
    import(&again, &small, "departments", &[]).good();
    assert_eq!(table(&again, "departments").map(|(rows, _)| rows), Some(4), "the next batch is not taken for another");
    let batches = again.json(&["batch", "list"]);
    let states: Vec<&str> =
        batches.as_array().expect("batches").iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states, ["applied", "failed", "applied"], "{batches}");
    again.run(&["audit", "verify"]).good();
}

#[test]
fn a_held_batch_is_still_waiting_after_a_restore_and_its_rejected_rows_are_there() {
    let college = three_departments();
    let file = college.file("next.csv", departments(&["D4,四系,教学单位,S1,", "D5,五系,公司,S1,"]));
    let batch =
        counts(&college, &file, "departments", &["--review", "hold"])["batch"].as_str().expect("an id").to_owned();
    let again = restored(&backed_up(&college, &[]));
    assert_eq!(again.json(&["batch", "rejects", &batch]), college.json(&["batch", "rejects", &batch]));
    again.run(&["batch", "approve", &batch]).good();
    assert_eq!(table(&again, "departments").map(|(rows, _)| rows), Some(4));
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(3));
}

#[test]
fn secrets_come_along_only_when_asked_for_and_stay_private() {
    let college = three_departments();
    let folder = college.data().join("secrets");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("platform"), "top-secret-word").expect("a file");
    std::fs::set_permissions(folder.join("platform"), PermissionsExt::from_mode(0o600)).expect("permissions");
    let contains = |archive: &Path| {
        let bytes = std::fs::read(archive).expect("an archive");
        bytes.windows(15).any(|window| window == b"top-secret-word")
    };
    let left = backed_up(&college, &[]);
    assert!(!contains(&left));
    assert!(!restored(&left).data().join("secrets/platform").exists());
    std::fs::remove_file(&left).expect("removed");
    let taken = backed_up(&college, &["--with-secrets"]);
    assert!(contains(&taken));
    let again = restored(&taken);
    let meta = std::fs::metadata(again.data().join("secrets/platform")).expect("a secret");
    assert_eq!(meta.permissions().mode() & 0o777, 0o600);
}

#[test]
fn every_flipped_bit_is_found_and_the_damaged_entry_is_named() {
    let college = three_departments();
    let archive = backed_up(&college, &[]);
    let whole = std::fs::read(&archive).expect("an archive");
    let damaged = college.path("damaged.tar");
    let file = text(&damaged);
    let target = College::nowhere();
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step).chain([whole.len() - 1, whole.len() - 1500]) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&damaged, bytes).expect("a file");
        let found = college.run(&["backup", "verify", &file]).exits(3);
        assert!(found.err.contains("已损坏") || found.err.contains("不是本平台的备份"), "byte {at}: {}", found.err);
    }
    let record = whole.windows(20).position(|window| window == b"{\"line\":\"table\",\"nam").expect("the dump");
    let mut bytes = whole.clone();
    bytes[record + 40] ^= 1;
    std::fs::write(&damaged, bytes).expect("a file");
    both(
        &college,
        &["backup", "verify", &file],
        3,
        &["record.jsonl", "与写入时不一致"],
        &["record.jsonl", "is not what was written"],
    );
    target.run(&["restore", &file]).exits(3).says(&["record.jsonl", "没有恢复任何内容"]);
    assert_eq!(around(&target), Vec::<String>::new(), "nothing at the place and nothing beside it");
}

#[test]
fn a_cut_archive_is_refused_with_the_place_where_it_breaks_off() {
    let college = three_departments();
    let archive = backed_up(&college, &[]);
    let whole = std::fs::read(&archive).expect("an archive");
    let cut = college.path("cut.tar");
    let file = text(&cut);
    for length in [whole.len() - 1, whole.len() - 1024, whole.len() - 1025, whole.len() / 2, 5000] {
        std::fs::write(&cut, &whole[..length]).expect("a file");
        let found = college.run(&["backup", "verify", &file]).exits(3);
        assert!(found.err.contains("中断") || found.err.contains("已损坏"), "{length}: {}", found.err);
    }
    let found = college.run(&["backup", "verify", &file, "--lang", "en"]).exits(3);
    assert!(found.err.contains("breaks off"), "{}", found.err);
    for (bytes, name) in [(Vec::new(), "empty.tar"), (vec![7; 4096], "noise.tar")] {
        let other = text(&college.file(name, bytes));
        both(&college, &["backup", "verify", &other], 3, &["不是本平台的备份"], &["is no backup"]);
    }
}

#[test]
fn nothing_that_exists_is_overwritten() {
    let college = three_departments();
    let archive = backed_up(&college, &[]);
    let file = text(&archive);
    let before = std::fs::read(&archive).expect("an archive");
    both(&college, &["backup", &file], 5, &["已存在", &file], &["exists already", &file]);
    assert_eq!(std::fs::read(&archive).expect("an archive"), before);
    let inside = text(&college.data().join("own.tar"));
    both(&college, &["backup", &inside], 3, &["在数据目录里面"], &["inside the data directory"]);
    both(&college, &["restore", &file], 5, &["不是空目录"], &["is not empty"]);
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(3));
    both(&college, &["backup", "verify", &text(&college.path("none.tar"))], 4, &["none.tar"], &["none.tar"]);
}

#[test]
fn a_backup_that_finds_no_room_says_so_and_leaves_nothing() {
    let college = with_large_file();
    let before = around(&college);
    let file = text(&college.path("college.tar"));
    let ended = limited(&college, &["backup", &file], "trap '' XFSZ;");
    assert_eq!(ended.code, Some(7), "{}", ended.err);
    assert!(ended.err.contains("college.tar"), "{}", ended.err);
    assert_eq!(around(&college), before);
}

#[test]
fn a_killed_backup_leaves_no_archive_and_a_killed_restore_no_college() {
    let college = with_large_file();
    let file = text(&college.path("college.tar"));
    let ended = limited(&college, &["backup", &file], "");
    assert_eq!(ended.code, None, "the signal ends it: {}", ended.err);
    assert!(!college.path("college.tar").exists());
    let archive = backed_up(&college, &[]);

    let again = College::nowhere();
    let ended = limited(&again, &["restore", &text(&archive)], "");
    assert_eq!(ended.code, None, "the signal ends it: {}", ended.err);
    assert!(!again.data().exists());
    // What the dead one left beside the place is in nobody's way.
    again.run(&["restore", &text(&archive)]).good();
    assert_eq!(around(&again), ["data"]);
    assert_eq!(table(&again, "departments").map(|(rows, _)| rows), Some(3));
}

#[test]
fn restoring_into_an_empty_directory_and_reading_the_archive_by_any_tar_work() {
    let college = three_departments();
    let archive = backed_up(&college, &[]);
    let again = College::nowhere();
    std::fs::create_dir(again.data()).expect("a folder");
    again.run(&["restore", &text(&archive)]).good();
    let listed = Command::new("tar").arg("tf").arg(&archive).output().expect("tar");
    assert!(listed.status.success());
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let kinds: BTreeMap<&str, bool> =
        ["zhengai-backup.json", "record.jsonl", "data/zhengai.toml", "manifest.json", "SHA256"]
            .into_iter()
            .map(|name| (name, names.lines().any(|line| line == name)))
            .collect();
    assert!(kinds.values().all(|there| *there), "{kinds:?}");
    assert_eq!(names.lines().last(), Some("SHA256"));
}
