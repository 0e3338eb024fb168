//! Tables against their logs, against the record, and against what lies on the disk.

use super::{Check, Finding, Patient};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::batch::BatchState;
use zhengai_model::fault::Explain;
use zhengai_store::{BatchFilter, BatchRecord, RunFilter, StoreError};
use zhengai_warehouse::{TableLog, Warehouse};

/// Files of a staged batch that are of no use once it is settled.
const ROWS: [&str; 2] = ["rows.parquet", "source.parquet"];

pub(super) async fn look(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    let Some(warehouse) = &patient.warehouse else { return };
    for log in &patient.logs {
        on_disk(warehouse, log, found);
    }
    let Some(record) = &patient.record else { return };
    let batches = match record.batch_list(&BatchFilter::default()).await {
        Ok(batches) => batches,
        Err(error) => return found.push(unreadable(record.place(), &error)),
    };
    let runs = match record.run_list(&RunFilter::default()).await {
        Ok(runs) => runs.into_iter().map(|run| run.id.to_string()).collect(),
        Err(error) => return found.push(unreadable(record.place(), &error)),
    };
    applied(patient, found);
    unknown(patient, &batches, &runs, found);
    staging(warehouse, &batches, found);
}

fn unreadable(place: &str, error: &StoreError) -> Finding {
    Finding::new(Check::RecordDamaged, place).says(error.message())
}

fn on_disk(warehouse: &Warehouse, log: &TableLog, found: &mut Vec<Finding>) {
    if let Some(version) = log.gap() {
        found.push(Finding::new(Check::LogGap, &log.table).with("version", version));
    }
    for (path, version, counts) in warehouse.missing_files(log) {
        let check = if counts { Check::FileMissing } else { Check::OldFileMissing };
        let subject = format!("{}/{path}", log.folder);
        found.push(Finding::new(check, subject).with("table", &log.table).with("version", version));
    }
    match warehouse.orphans(log) {
        Ok(orphans) => found.extend(
            orphans.into_iter().map(|orphan| Finding::new(Check::Orphan, orphan.path).with("bytes", orphan.bytes)),
        ),
        Err(error) => found.push(Finding::new(Check::LogUnreadable, &log.table).says(error.message())),
    }
}

/// What the record calls applied is in its table.
fn applied(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    let logs: BTreeMap<&str, &TableLog> = patient.logs.iter().map(|log| (log.table.as_str(), log)).collect();
    for batch in patient.batches.iter().filter(|batch| batch.state == BatchState::Applied) {
        let log = logs.get(batch.dataset.as_str());
        let wrote = batch.counts.is_some_and(|counts| counts.new + counts.changed + counts.gone > 0);
        let there = log.is_some_and(|log| log.version_with(batch.id.as_str()).is_some());
        if batch.table_version > log.and_then(|log| log.newest()) || (wrote && !there) {
            found.push(Finding::new(Check::BatchNotInTable, &batch.id).with("dataset", &batch.dataset));
        }
    }
}

/// Nothing is in a table that the record has never heard of. The record was read after the logs.
fn unknown(patient: &Patient<'_>, batches: &[BatchRecord], runs: &BTreeSet<String>, found: &mut Vec<Finding>) {
    // A batch that the record gave up is not in a table, unless the record is older than the table and gave its id out
    // a second time.
    let given_up = [BatchState::Failed, BatchState::Refused];
    let known: BTreeSet<&str> =
        batches.iter().filter(|batch| !given_up.contains(&batch.state)).map(|batch| batch.id.as_str()).collect();
    for log in &patient.logs {
        for transaction in log.commits.iter().flat_map(|commit| &commit.transactions) {
            let unknown = match log.folder.as_str() {
                "results" => transaction.rsplit(':').next().is_none_or(|run| !runs.contains(run)),
                _ => !known.contains(transaction.as_str()),
            };
            if unknown {
                found.push(Finding::new(Check::UnknownInTable, transaction).with("table", &log.table));
            }
        }
    }
}

fn staging(warehouse: &Warehouse, batches: &[BatchRecord], found: &mut Vec<Finding>) {
    let states: BTreeMap<&str, BatchState> = batches.iter().map(|batch| (batch.id.as_str(), batch.state)).collect();
    let folders = match warehouse.staged_folders() {
        Ok(folders) => folders,
        Err(error) => return found.push(Finding::new(Check::StagingLeft, "staging").says(error.message())),
    };
    for folder in folders {
        let left = match states.get(folder.batch.as_str()) {
            None => true,
            Some(BatchState::Staging | BatchState::Held | BatchState::Applying) => false,
            Some(BatchState::Applied | BatchState::Refused | BatchState::Failed) => {
                ROWS.iter().any(|name| folder.files.contains(*name))
            }
        };
        if left {
            found.push(Finding::new(Check::StagingLeft, folder.batch));
        }
    }
}
