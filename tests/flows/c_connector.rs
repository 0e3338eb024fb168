//! The connector in C that the guide shows, on the real binary: enabled, not trusted, so it runs in a worker; synced, synced
//! again, killed in the middle, resumed. The journal is the card swipes of the training college.
#![cfg(target_os = "linux")]

use crate::harness::{College, ran};
use crate::samples::{both, import, table};
use crate::workers::{cursor, enabled, kill, plugin_state, source, synced, worker_of, workers_of};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use zhengai_tests::{journal, zoo};

/// A college with the connector enabled and the students of the training college.
struct Journalled {
    college: College,
    path: PathBuf,
    /// Lines of the journal that the training college made, without the header.
    lines: Vec<String>,
    written: usize,
}

impl Journalled {
    /// `None` where there is no C compiler.
    fn new() -> Option<Self> {
        zoo::compiler()?;
        let college = College::new();
        let files = college.path("files");
        college.run(&["demo", "--students", "300", "--files-only", &files.to_string_lossy()]).good();
        import(&college, &files.join("06-学生.csv"), "students", &["--review", "auto"]);
        let text = std::fs::read_to_string(files.join("41-一卡通流水.csv")).expect("a file of the training college");
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.replace(',', "\t") + "\n");
        let header = lines.next().expect("a header");
        enabled(&college, journal::ID, |plugins| drop(journal::build(plugins)));
        let path = college.file("swipes.tsv", header);
        let mut made = Self { college, path, lines: lines.collect(), written: 0 };
        // Nothing planted by the training college in what is read here: faults of rows have flows of their own.
        made.lines.retain(|line| line.split('\t').all(|cell| !cell.trim().is_empty()));
        Some(made)
    }

    fn append(&mut self, count: usize) {
        let mut file = std::fs::OpenOptions::new().append(true).open(&self.path).expect("the journal");
        let end = self.written + count;
        file.write_all(self.lines[self.written..end].concat().as_bytes()).expect("room on the disk");
        self.written = end;
    }

    fn config(&self, batch_rows: u32) -> Value {
        let key = ["流水时间", "卡号", "商户类型"];
        json!({ "path": self.path, "name": "card_swipes", "key": key, "batch_rows": batch_rows })
    }

    fn rows(&self) -> u64 {
        table(&self.college, "card_swipes").map_or(0, |(rows, _)| rows)
    }
}

#[test]
fn a_connector_in_c_syncs_through_a_worker_and_then_reads_only_what_was_appended() {
    let Some(mut kept) = Journalled::new() else { return };
    kept.append(60);
    source(&kept.college, "cards", journal::ID, &kept.config(20));
    assert_eq!(cursor(&kept.college, "cards"), Value::Null);
    kept.college.run(&["source", "check", "cards"]).good();
    let first = synced(&kept.college, "cards");
    assert_eq!((&first["read"], &first["new"], &first["batches"]), (&60.into(), &60.into(), &3.into()), "{first}");
    let length = std::fs::metadata(&kept.path).expect("the journal").len();
    assert_eq!(cursor(&kept.college, "cards")["offset"], length);
    kept.append(7);
    let second = synced(&kept.college, "cards");
    assert_eq!((&second["read"], &second["new"]), (&7.into(), &7.into()), "{second}");
    assert_eq!(synced(&kept.college, "cards")["read"], 0);
    assert_eq!(kept.rows(), 67);
    assert_eq!(plugin_state(&kept.college, journal::ID), "enabled");
}

#[test]
fn a_worker_that_is_killed_in_the_middle_is_resumed_from_the_last_commit_and_no_row_comes_twice() {
    let Some(mut kept) = Journalled::new() else { return };
    kept.append(600);
    source(&kept.college, "cards", journal::ID, &kept.config(30));
    let words = ["--set", "sync.chunk_rows=1", "sync", "cards", "--review", "auto", "--format", "json"];
    let mut command = kept.college.command(&words);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    let mut killed = None;
    while killed.is_none() && running.try_wait().expect("a state").is_none() {
        if cursor(&kept.college, "cards") != Value::Null {
            killed = worker_of(&running, journal::ID).inspect(|number| kill(*number));
        }
    }
    let done = ran(running.wait_with_output().expect("an end"));
    killed.expect("the worker was there after the first commit");
    let stream = done.good().says(&["从上次提交的位置", "SIGKILL"]).json()[0].clone();
    assert_eq!((&stream["state"], &stream["retries"]), (&"finished".into(), &1.into()), "{stream}");
    assert_eq!(stream["new"], 600, "{stream}");
    assert_eq!(kept.rows(), 600);
    assert_eq!(plugin_state(&kept.college, journal::ID), "enabled", "one crash is no habit");
}

#[test]
fn a_program_that_is_killed_takes_its_worker_along_and_the_next_sync_goes_on_where_it_stopped() {
    let Some(mut kept) = Journalled::new() else { return };
    kept.append(600);
    source(&kept.college, "cards", journal::ID, &kept.config(30));
    let words = ["--set", "sync.chunk_rows=1", "sync", "cards", "--review", "auto"];
    let mut command = kept.college.command(&words);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    let mut worker = None;
    while running.try_wait().expect("a state").is_none() {
        if cursor(&kept.college, "cards") != Value::Null {
            worker = worker_of(&running, journal::ID);
            running.kill().expect("it dies");
            break;
        }
    }
    running.wait().expect("an end");
    let worker = worker.expect("the worker was there after the first commit");
    // The kernel has told the worker to die; how soon it is gone is the kernel's.
    while workers_of(journal::ID).iter().any(|(number, _)| *number == worker) {
        std::thread::yield_now();
    }
    let before = kept.rows();
    assert!((30..600).contains(&before), "{before}");
    let second = synced(&kept.college, "cards");
    assert_eq!(second["new"], 600 - before, "{second}");
    assert_eq!(kept.rows(), 600);
}

#[test]
fn what_is_wrong_with_the_journal_is_said_in_the_connectors_own_words_in_both_languages() {
    let Some(mut kept) = Journalled::new() else { return };
    kept.append(5);
    source(&kept.college, "cards", journal::ID, &kept.config(2));
    synced(&kept.college, "cards");
    let good = std::fs::read_to_string(&kept.path).expect("text");
    std::fs::write(&kept.path, format!("{good}一行乱写\n")).expect("room on the disk");
    let words = ["sync", "cards", "--review", "auto"];
    both(&kept.college, &words, 3, &["第 7 行", "bad_lines"], &["Line 7", "bad_lines"]);
    std::fs::write(&kept.path, good.replace("流水时间", "时间")).expect("room on the disk");
    both(&kept.college, &words, 3, &["流水时间"], &["流水时间"]);
    std::fs::write(&kept.path, good.replacen("食堂", "第一食堂", 1)).expect("room on the disk");
    both(&kept.college, &words, 3, &["不是上次", "--full"], &["not the one", "--full"]);
    std::fs::remove_file(&kept.path).expect("it was there");
    both(&kept.college, &words, 3, &["没有日志文件"], &["There is no journal"]);
    assert_eq!(kept.rows(), 5);
    assert_eq!(plugin_state(&kept.college, journal::ID), "enabled", "bad data is not the plugin's fault");
    std::fs::write(&kept.path, good).expect("room on the disk");
    assert_eq!(synced(&kept.college, "cards")["read"], 0);
}
