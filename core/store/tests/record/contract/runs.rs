//! Runs are written once.

use super::Place;
use super::samples::{admin, audit_rows, clock, cycle, finding, finish, id, raise, refused, run, warning};
use serde_json::json;
use zhengai_model::fault::Fault;
use zhengai_store::{FindingFilter, NewRun, RunFilter, RunOutcome, RunState, WarningFilter};

pub(crate) async fn a_run_finishes_with_findings_and_warnings_in_one_audit_row(place: &impl Place) {
    let record = place.open().await;
    let name = id("R1");
    record.run_start(&admin(), &run("R1")).await.unwrap();
    let summary = json!({"met": 1});
    let findings: Vec<_> = (0..450).map(|number| finding(&format!("S{number}"))).collect();
    let warnings = [raise(warning("S1")), raise(warning("S2"))];
    let outcome = RunOutcome { fingerprint: "abc", summary: &summary, findings: &findings, warnings: &warnings };
    let (done, saved) = record.run_finish(&admin(), &name, outcome).await.unwrap();
    assert_eq!((done.state, done.fingerprint.as_deref()), (RunState::Finished, Some("abc")));
    assert_eq!((done.summary, done.ended_at), (Some(summary), Some(clock())));
    assert_eq!((saved.raised, saved.moved), (2, 0));
    let found = record.finding_list(&name, &FindingFilter::default()).await.unwrap();
    assert_eq!(found.iter().map(|found| found.finding.clone()).collect::<Vec<_>>(), findings);
    assert_eq!(found.iter().map(|found| found.seq).collect::<Vec<_>>(), (1..=450).collect::<Vec<_>>());
    let page = FindingFilter { limit: Some(2), offset: 1, ..FindingFilter::default() };
    assert_eq!(record.finding_list(&name, &page).await.unwrap().first().unwrap().seq, 2);
    let one = FindingFilter { object: Some(id("S7")), ..FindingFilter::default() };
    assert_eq!(record.finding_list(&name, &one).await.unwrap().len(), 1);
    let rows = record.audit_list(&zhengai_store::AuditFilter::default()).await.unwrap();
    assert_eq!(rows.len(), 2);
    let after = rows.last().unwrap().after.clone().unwrap();
    assert_eq!((&after["findings"], &after["warnings"]["raised"]), (&json!(450), &json!(2)));
    assert_eq!(after["warnings"]["digest"], json!(saved.digest));
}

pub(crate) async fn a_settled_run_never_changes(place: &impl Place) {
    let record = place.open().await;
    record.run_start(&admin(), &run("R1")).await.unwrap();
    record.run_start(&admin(), &run("R2")).await.unwrap();
    finish(&record, "R1").await;
    record.run_fail(&admin(), &id("R2"), "断电").await.unwrap();
    let (before, rows) = (record.run_list(&RunFilter::default()).await.unwrap(), audit_rows(&record).await);
    let summary = json!({});
    let again = RunOutcome { fingerprint: "other", summary: &summary, findings: &[finding("S9")], warnings: &[] };
    for name in ["R1", "R2"] {
        refused(record.run_finish(&admin(), &id(name), again).await, "run-settled", Fault::Conflict);
        refused(record.run_fail(&admin(), &id(name), "断电").await, "run-settled", Fault::Conflict);
        refused(record.warning_save(&admin(), &id(name), &[]).await, "run-settled", Fault::Conflict);
        refused(record.run_start(&admin(), &run(name)).await, "exists", Fault::Conflict);
    }
    assert_eq!(record.run_list(&RunFilter::default()).await.unwrap(), before);
    assert_eq!(record.finding_list(&id("R1"), &FindingFilter::default()).await.unwrap().len(), 1);
    assert_eq!(audit_rows(&record).await, rows);
}

pub(crate) async fn a_run_that_cannot_save_a_warning_keeps_nothing_of_its_outcome(place: &impl Place) {
    let record = place.open().await;
    record.run_start(&admin(), &run("R1")).await.unwrap();
    let summary = json!({});
    let twice = [raise(warning("S1")), raise(warning("S1"))];
    let outcome = RunOutcome { fingerprint: "f", summary: &summary, findings: &[finding("S1")], warnings: &twice };
    refused(record.run_finish(&admin(), &id("R1"), outcome).await, "warning-open", Fault::Conflict);
    assert_eq!(record.run_get(&id("R1")).await.unwrap().state, RunState::Running);
    assert!(record.finding_list(&id("R1"), &FindingFilter::default()).await.unwrap().is_empty());
    assert!(record.warning_list(&WarningFilter::default()).await.unwrap().is_empty());
    assert_eq!(audit_rows(&record).await, 1);
}

pub(crate) async fn only_a_finished_run_of_the_same_period_supersedes_and_only_once(place: &impl Place) {
    let record = place.open().await;
    for name in ["R1", "R2", "R3", "R4"] {
        record.run_start(&admin(), &run(name)).await.unwrap();
    }
    record.run_start(&admin(), &NewRun { period: id("AY2025-T2"), ..run("R5") }).await.unwrap();
    for name in ["R1", "R2", "R3", "R5"] {
        finish(&record, name).await;
    }
    for (old, new) in [("R1", "R1"), ("R1", "R4"), ("R4", "R1"), ("R1", "R5")] {
        let supersede = record.run_supersede(&admin(), &id(old), &id(new)).await;
        refused(supersede, "cannot-supersede", Fault::Conflict);
    }
    let before = record.run_get(&id("R1")).await.unwrap();
    let after = record.run_supersede(&admin(), &id("R1"), &id("R2")).await.unwrap();
    assert_eq!(after.superseded_by, Some(id("R2")));
    assert_eq!(zhengai_store::RunRecord { superseded_by: None, ..after }, before);
    for (old, new) in [("R1", "R3"), ("R2", "R1"), ("R3", "R1")] {
        let supersede = record.run_supersede(&admin(), &id(old), &id(new)).await;
        refused(supersede, "cannot-supersede", Fault::Conflict);
    }
}

pub(crate) async fn a_run_needs_an_open_cycle_when_it_names_one(place: &impl Place) {
    let record = place.open().await;
    let within = |name: &str| NewRun { cycle: Some(id("C1")), ..run(name) };
    refused(record.run_start(&admin(), &within("R1")).await, "not-found", Fault::NotFound);
    record.cycle_create(&admin(), &cycle("C1")).await.unwrap();
    record.run_start(&admin(), &within("R1")).await.unwrap();
    record.cycle_close(&admin(), &id("C1"), "完成").await.unwrap();
    refused(record.run_start(&admin(), &within("R2")).await, "cycle-closed", Fault::Conflict);
    finish(&record, "R1").await;
    let runs = record.run_list(&RunFilter { cycle: Some(id("C1")), ..RunFilter::default() }).await.unwrap();
    assert_eq!(runs.len(), 1);
}

pub(crate) async fn runs_are_found_by_period_and_state(place: &impl Place) {
    let record = place.open().await;
    record.run_start(&admin(), &run("R1")).await.unwrap();
    record.run_start(&admin(), &NewRun { period: id("AY2025-T2"), ..run("R2") }).await.unwrap();
    finish(&record, "R1").await;
    let running = RunFilter { states: vec![RunState::Running], ..RunFilter::default() };
    assert_eq!(record.run_list(&running).await.unwrap().first().unwrap().id, id("R2"));
    let term = RunFilter { period: Some(id("AY2025-T1")), limit: Some(5), ..RunFilter::default() };
    assert_eq!(record.run_list(&term).await.unwrap().len(), 1);
    refused(record.run_get(&id("R9")).await, "not-found", Fault::NotFound);
}
