//! The commands that are walked, and what must hold after any of them was stopped anywhere.

use crate::clubs;
use crate::harness::{College, Ran, ran};
use crate::samples::import;
use chrono::Utc;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use zhengai_model::batch::BatchState;
use zhengai_store::{BatchFilter, BatchRecord, Record, RunFilter, RunRecord, RunState, WarningFilter};

use super::shim::{Harm, shimmed};

/// A command on a college, and what must hold when it was stopped and repeated.
pub struct Story {
    /// For messages.
    pub name: &'static str,
    /// The college before the command.
    pub base: College,
    /// The command.
    pub words: fn(&College) -> Vec<String>,
    /// What an unharmed run leaves.
    pub unharmed: Truth,
    /// Repeats the command and checks.
    pub check: fn(&Story, &College),
}

impl Story {
    fn new(name: &'static str, base: College, words: fn(&College) -> Vec<String>, check: fn(&Story, &College)) -> Self {
        let twin = base.twin();
        run(&twin, words, Harm::None).good();
        let unharmed = Truth::of(&twin);
        Self { name, base, words, unharmed, check }
    }

    /// The first import into a new college: the record and the table come into being.
    pub fn first_import() -> Self {
        let base = College::new();
        clubs::pack(&base.data().join("packs/clubs"));
        base.file("clubs.csv", clubs::ROWS);
        Self::new("first import", base, import_words, import_holds)
    }

    /// An import that changes a row, adds one and leaves the rest: a data file is written anew.
    pub fn changing_import() -> Self {
        let base = clubs::college();
        base.file("clubs.csv", format!("{}C4,画社,8\n", clubs::ROWS.replace("诗社,3", "诗社,4")));
        Self::new("changing import", base, import_words, import_holds)
    }

    /// A diagnosis that takes the place of an earlier one.
    pub fn diagnosis() -> Self {
        let base = clubs::diagnosed();
        let rows = base.file("clubs.csv", clubs::ROWS.replace("棋社,30", "棋社,2"));
        import(&base, &rows, "clubs", &[]).good();
        Self::new("diagnosis", base, diagnose_words, diagnosis_holds)
    }

    /// Runs the command with this harm; the steps are in the college's `log`.
    pub fn run(&self, college: &College, harm: Harm) -> Ran {
        run(college, self.words, harm)
    }
}

fn run(college: &College, words: fn(&College) -> Vec<String>, harm: Harm) -> Ran {
    let words = words(college);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = college.command(&words);
    shimmed(&mut command, &college.data(), harm, &college.path("log"));
    ran(command.output().expect("the binary starts"))
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn import_words(college: &College) -> Vec<String> {
    let file = college.path("clubs.csv");
    owned(&["import", &file.to_string_lossy(), "--dataset", "clubs", "--quiet", "--format", "json"])
}

fn diagnose_words(_: &College) -> Vec<String> {
    owned(&["diagnose", "--period", "CY2025", "--layer", "school", "--quiet"])
}

/// What the record and the tables say, read without the product's commands.
#[derive(Debug, PartialEq)]
pub struct Truth {
    /// Batches, the newest first.
    pub batches: Vec<BatchRecord>,
    /// Runs, the newest first.
    pub runs: Vec<RunRecord>,
    /// Open warnings: rule, object, period, level, condition.
    pub warnings: BTreeSet<String>,
    /// Rows in the table of clubs.
    pub rows: u64,
    /// Commits of batches and runs, in the order of the tables' logs.
    pub commits: Vec<String>,
}

impl Truth {
    /// Of a college on which nobody works. The audit chain must hold.
    pub fn of(college: &College) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (batches, runs, warnings) = runtime.block_on(async {
            let record = Record::open_file(&college.data().join("record.db"), Utc::now).await.expect("a record");
            let batches = record.batch_list(&BatchFilter::default()).await.expect("batches");
            let runs = record.run_list(&RunFilter::default()).await.expect("runs");
            let warnings = record.warning_list(&WarningFilter::default()).await.expect("warnings");
            let audit = record.audit_verify().await.expect("a chain");
            assert_eq!(audit.broken, None);
            assert!(audit.sound > 0);
            record.close().await;
            (batches, runs, warnings)
        });
        let warning =
            |one: &zhengai_store::WarningRecord| format!("{:?} {:?}", one.warning.identity, one.warning.condition);
        let clubs = Log::read(&college.data().join("warehouse/datasets/clubs"));
        let results = Log::read(&college.data().join("warehouse/results"));
        Self {
            batches,
            runs,
            warnings: warnings.iter().map(warning).collect(),
            rows: clubs.rows,
            commits: [clubs.commits, results.commits].concat(),
        }
    }
}

/// The log of a Delta table, read as the protocol has it.
pub struct Log {
    /// Rows of the newest version.
    pub rows: u64,
    /// Transactions, in order.
    pub commits: Vec<String>,
}

impl Log {
    /// Reads it; an error in it is the end of the test.
    pub fn read(table: &Path) -> Self {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(table.join("_delta_log"))
            .map(|folder| folder.map(|entry| entry.expect("an entry").path()).collect())
            .unwrap_or_default();
        entries.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        entries.sort();
        let (mut rows, mut commits) = (std::collections::BTreeMap::new(), Vec::new());
        for entry in entries {
            let text = std::fs::read_to_string(&entry).expect("a log entry");
            for action in text.lines().map(|line| serde_json::from_str::<Value>(line).expect("an action")) {
                let path = |action: &Value| action["path"].as_str().expect("a path").to_owned();
                if let Some(added) = action.get("add") {
                    let file = table.join(path(added));
                    assert!(file.is_file(), "{} is in the log and not on disk", file.display());
                    let stats: Value =
                        serde_json::from_str(added["stats"].as_str().expect("statistics")).expect("JSON");
                    rows.insert(path(added), stats["numRecords"].as_u64().expect("a count"));
                } else if let Some(removed) = action.get("remove") {
                    assert!(rows.remove(&path(removed)).is_some(), "{removed} removed and never there");
                } else if let Some(commit) = action.get("txn") {
                    commits.push(commit["appId"].as_str().expect("an id").to_owned());
                }
            }
        }
        Self { rows: rows.values().sum(), commits }
    }
}

/// The batch of a stopped import is in or out; a repeat brings the rest, and nothing twice.
fn import_holds(story: &Story, college: &College) {
    let again = run(college, story.words, Harm::None).good().json()[0].clone();
    let truth = Truth::of(college);
    let old: usize = story.unharmed.batches.len() - 1;
    let new = &truth.batches[..truth.batches.len() - old];
    let [newest, stopped @ ..] = new else { panic!("no batch at all") };
    assert_eq!((again["batch"].as_str(), newest.state), (Some(newest.id.as_str()), BatchState::Applied));
    assert!(stopped.len() <= 1, "{stopped:#?}");
    let state = stopped.first().map(|batch| batch.state);
    let is_in = match state {
        Some(BatchState::Applied) => true,
        None | Some(BatchState::Failed | BatchState::Held) => false,
        other => panic!("left in {other:?}"),
    };
    let counts = newest.counts.expect("counts");
    if is_in {
        let counts = (counts.new, counts.changed, counts.gone, counts.unchanged);
        assert_eq!(counts, (0, 0, 0, story.unharmed.rows), "the stopped batch was in");
    } else {
        assert_eq!(Some(counts), story.unharmed.batches[0].counts, "the stopped batch was out");
    }
    assert_eq!(truth.rows, story.unharmed.rows);
    assert_eq!(truth.warnings, story.unharmed.warnings);
    let committed = if is_in { &stopped[0].id } else { &newest.id };
    let last = truth.commits.iter().rfind(|commit| commit.starts_with('B'));
    assert_eq!(last.map(String::as_str), Some(committed.as_str()));
    assert_eq!(truth.commits.len(), story.unharmed.commits.len(), "each commit once: {:?}", truth.commits);
    nothing_lies_about(college, &truth);
    if state == Some(BatchState::Held) {
        college.run(&["batch", "approve", stopped[0].id.as_str(), "--quiet"]).good();
        assert_eq!(Truth::of(college).rows, story.unharmed.rows, "the held batch brings nothing that is there");
    }
}

/// Staged rows are personal data: none stay once their batch is settled.
fn nothing_lies_about(college: &College, truth: &Truth) {
    for entry in std::fs::read_dir(college.data().join("warehouse/staging")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let batch = truth.batches.iter().find(|batch| path.ends_with(batch.id.as_str()));
        let batch = batch.unwrap_or_else(|| panic!("{} belongs to no batch", path.display()));
        for rows in ["rows.parquet", "source.parquet", "plan.json", "fates.bin"] {
            let kept = path.join(rows).exists();
            assert!(!kept || batch.state == BatchState::Held, "{:?} keeps {rows}", batch.state);
        }
    }
}

/// A stopped run is complete or has failed; a repeat finds what an unharmed run finds, and takes its place.
fn diagnosis_holds(story: &Story, college: &College) {
    run(college, story.words, Harm::None).good();
    let truth = Truth::of(college);
    let wanted = &story.unharmed.runs[0];
    let [newest, rest @ ..] = truth.runs.as_slice() else { panic!("no run at all") };
    assert_eq!(
        (newest.state, &newest.fingerprint, &newest.summary),
        (wanted.state, &wanted.fingerprint, &wanted.summary)
    );
    let stopped = &rest[..rest.len() + 1 - story.unharmed.runs.len()];
    assert!(stopped.len() <= 1, "{stopped:#?}");
    for run in rest {
        match run.state {
            RunState::Finished => assert!(run.superseded_by.is_some(), "two runs in force: {:#?}", truth.runs),
            RunState::Failed => assert!(stopped.contains(run), "{run:#?}"),
            RunState::Running => panic!("still running: {run:#?}"),
        }
    }
    if let Some(run) = stopped.iter().find(|run| run.state == RunState::Finished) {
        assert_eq!((&run.fingerprint, &run.summary), (&wanted.fingerprint, &wanted.summary));
    }
    for run in truth.runs.iter().filter(|run| run.state == RunState::Finished) {
        let commits = truth.commits.iter().filter(|commit| **commit == format!("run:test:{}", run.id)).count();
        assert_eq!(commits, 1, "results of {}: {:?}", run.id, truth.commits);
    }
    assert_eq!(truth.warnings, story.unharmed.warnings);
    let rows = |college: &College, run: &RunRecord| {
        college.run(&["result", "--run", run.id.as_str(), "--format", "csv", "--quiet"]).good().out
    };
    if let Some(run) = stopped.iter().find(|run| run.state == RunState::Finished) {
        assert_eq!(rows(college, run), rows(college, newest), "a finished run has all of its results");
    }
}
