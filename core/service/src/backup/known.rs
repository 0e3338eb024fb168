//! What the record knew at the moment of its dump, and up to which version each table agrees with that.
//!
//! The record is dumped first and the tables are looked at afterwards, so they hold at least what the record calls done,
//! and perhaps more. What they hold beyond it must not come along: the next batch after a restore would get the id of one
//! that the record has never heard of, find its transaction in the table, and be taken for applied.

use super::error::BackupError;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};
use zhengai_model::batch::BatchState;
use zhengai_store::RunState;
use zhengai_warehouse::TableLog;

/// A batch as the dump has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownBatch {
    /// Where its rows go.
    pub dataset: String,
    /// Where it stood.
    pub state: BatchState,
    /// Version of the table that holds it.
    pub version: Option<i64>,
}

/// Batches and runs of a dump, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Batches.
    pub batches: BTreeMap<String, KnownBatch>,
    /// Runs.
    pub runs: BTreeMap<String, RunState>,
}

#[derive(Deserialize)]
struct Head {
    line: String,
    name: Option<String>,
    #[serde(default)]
    columns: Vec<String>,
}

impl Known {
    /// Reads batches and runs out of a dump.
    pub(super) fn read(dump: impl BufRead) -> io::Result<Self> {
        let mut known = Self::default();
        let (mut table, mut columns) = (String::new(), Vec::new());
        for line in dump.lines() {
            let line = line?;
            if line.starts_with('{') {
                let head: Head = serde_json::from_str(&line)?;
                if head.line == "table" {
                    table = head.name.unwrap_or_default();
                    columns = head.columns;
                }
            } else if table == "batch" || table == "run" {
                let cells: Vec<Value> = serde_json::from_str(&line)?;
                let named = columns.iter().map(|column| column.split(' ').next().unwrap_or_default());
                let row: BTreeMap<&str, Value> = named.zip(cells).collect();
                let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let state = row.get("state").cloned().unwrap_or_default();
                if table == "run" {
                    known.runs.insert(text("id"), serde_json::from_value(state)?);
                } else {
                    let version = row.get("table_version").and_then(Value::as_i64);
                    let state = serde_json::from_value(state)?;
                    known.batches.insert(text("id"), KnownBatch { dataset: text("dataset"), state, version });
                }
            }
        }
        Ok(known)
    }

    /// The version up to which a dataset's log says nothing that the record did not know. `half` are batches of which
    /// the commit may have happened without the record hearing of it: they are settled after a restore as after a crash.
    pub(super) fn pin_dataset(&self, log: &TableLog, half: &BTreeSet<String>) -> Result<Option<i64>, BackupError> {
        let own = || self.batches.iter().filter(|(_, batch)| batch.dataset == log.table);
        let mut needed = None;
        for (id, batch) in own().filter(|(_, batch)| batch.state == BatchState::Applied) {
            // A batch that changed nothing made no commit: what it names is the version that it found.
            let version = log.version_with(id).or(batch.version);
            if version > log.newest() {
                let (table, wanted) = (log.table.clone(), id.clone());
                return Err(BackupError::Contradiction { table, wanted, found: log.newest() });
            }
            needed = needed.max(version);
        }
        Ok(extend(log, needed, |transaction| half.contains(transaction)))
    }

    /// The same for the table of results.
    pub(super) fn pin_results(&self, log: &TableLog, college: &str) -> Result<Option<i64>, BackupError> {
        let mut needed = None;
        for (id, _) in self.runs.iter().filter(|(_, state)| **state == RunState::Finished) {
            match log.version_with(&format!("run:{college}:{id}")) {
                Some(version) => needed = needed.max(Some(version)),
                None => {
                    let (table, wanted) = (log.table.clone(), id.clone());
                    return Err(BackupError::Contradiction { table, wanted, found: log.newest() });
                }
            }
        }
        // Results of a run that the record knows and has not finished do no harm: its id is never given out again.
        Ok(extend(log, needed, |transaction| {
            transaction.rsplit(':').next().is_some_and(|run| self.runs.contains_key(run))
        }))
    }
}

/// The newest version from the needed one on before a commit that brings something unknown.
fn extend(log: &TableLog, needed: Option<i64>, known: impl Fn(&str) -> bool) -> Option<i64> {
    let later = log.commits.iter().filter(|commit| needed.is_none_or(|needed| commit.version > needed));
    let agreed = later.take_while(|commit| commit.transactions.iter().all(|one| known(one)));
    agreed.last().map(|commit| commit.version).or(needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhengai_warehouse::Commit;

    const DUMP: &str = r#"{"line":"dump","format":1,"schema":1}
{"line":"table","name":"batch","columns":["id text","dataset text","state text","table_version int"]}
["B1","mark","applied",1]
["B2","mark","applying",null]
["B3","mark","held",null]
{"line":"end","name":"batch","rows":3,"sha256":""}
{"line":"table","name":"meta","columns":["key text","value text"]}
["batch","applied"]
{"line":"table","name":"run","columns":["id text","state text"]}
["R1","finished"]
["R2","running"]
"#;

    fn log(table: &str, transactions: &[Option<&str>]) -> TableLog {
        let commits = (0_i64..).zip(transactions).map(|(version, transaction)| Commit {
            version,
            transactions: transaction.iter().map(ToString::to_string).collect(),
            added: Vec::new(),
            removed: Vec::new(),
        });
        let commits = commits.collect();
        TableLog { table: table.to_owned(), folder: table.to_owned(), commits, checkpoints: Vec::new() }
    }

    fn half() -> BTreeSet<String> {
        BTreeSet::from(["B2".to_owned()])
    }

    fn check(transactions: &[Option<&str>], expect: Option<i64>) {
        let known = Known::read(DUMP.as_bytes()).expect("a dump");
        let found = known.pin_dataset(&log("mark", transactions), &half()).expect("no contradiction");
        assert_eq!(found, expect, "{transactions:?}");
    }

    #[test]
    fn batches_and_runs_are_read_by_the_names_of_their_columns() {
        let known = Known::read(DUMP.as_bytes()).expect("a dump");
        assert_eq!(known.batches.len(), 3);
        assert_eq!(known.batches["B1"].version, Some(1));
        assert_eq!(
            known.runs,
            BTreeMap::from([("R1".to_owned(), RunState::Finished), ("R2".to_owned(), RunState::Running)])
        );
    }

    #[test]
    fn a_table_is_taken_up_to_what_the_record_knew_and_no_further() {
        check(&[None, Some("B1")], Some(1));
        check(&[None, Some("B1"), Some("B2")], Some(2));
        check(&[None, Some("B1"), None, Some("B2"), None], Some(4));
        // Approved after the dump: the record still says held.
        check(&[None, Some("B1"), Some("B3")], Some(1));
        // Imported after the dump: the record has never heard of it, nor of what came on top of it.
        check(&[None, Some("B1"), Some("B9"), Some("B2")], Some(1));
    }

    #[test]
    fn a_record_that_knows_more_than_the_table_is_a_contradiction() {
        let known = Known::read(DUMP.as_bytes()).expect("a dump");
        let found = known.pin_dataset(&log("mark", &[None]), &half());
        assert!(matches!(found, Err(BackupError::Contradiction { .. })), "{found:?}");
        let found = known.pin_results(&log("results", &[None]), "test");
        assert!(matches!(found, Err(BackupError::Contradiction { .. })), "{found:?}");
    }

    #[test]
    fn results_of_runs_that_the_record_has_never_heard_of_stay_out() {
        let known = Known::read(DUMP.as_bytes()).expect("a dump");
        let pin = |transactions: &[Option<&str>]| known.pin_results(&log("results", transactions), "test");
        assert_eq!(pin(&[None, Some("run:test:R1"), Some("run:test:R2")]).expect("agreed"), Some(2));
        assert_eq!(pin(&[None, Some("run:test:R1"), Some("run:test:R3")]).expect("agreed"), Some(1));
    }
}
