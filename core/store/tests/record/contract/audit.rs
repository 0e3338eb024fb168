//! The chain: complete, unbroken, and found out when it is not.

use super::Place;
use super::samples::{admin, audit_rows, batch, clock, id, refused, run, to};
use serde_json::json;
use zhengai_model::batch::BatchState;
use zhengai_model::fault::Fault;
use zhengai_store::{Actor, AuditBreak, AuditFilter, BreakCause, Note, Record};

async fn three(record: &Record) {
    for name in ["B1", "B2", "B3"] {
        record.batch_create(&admin(), &batch(name)).await.unwrap();
    }
}

async fn broken(place: &impl Place, sql: &'static str) -> Option<AuditBreak> {
    let record = place.open().await;
    three(&record).await;
    assert_eq!(record.audit_verify().await.unwrap().broken, None);
    place.tamper(sql).await;
    let check = record.audit_verify().await.unwrap();
    if let Some(found) = &check.broken {
        assert_eq!(check.sound + 1, found.seq);
    }
    check.broken
}

pub(crate) async fn a_change_tells_who_when_what_before_and_after(place: &impl Place) {
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    record.batch_change(&admin(), &id("B1"), &to(BatchState::Held)).await.unwrap();
    let rows = record.audit_list(&AuditFilter::default()).await.unwrap();
    let last = rows.last().unwrap();
    assert_eq!((last.seq, last.at, &last.actor), (2, clock(), &admin()));
    assert_eq!((&*last.action, &*last.thing, &*last.subject), ("batch.held", "batch", "B1"));
    assert_eq!(last.why.as_deref(), Some("说明"));
    assert_eq!(last.before.as_ref().unwrap()["state"], "staging");
    assert_eq!(last.after.as_ref().unwrap()["state"], "held");
}

pub(crate) async fn a_refused_change_leaves_no_audit_row_and_nothing_else(place: &impl Place) {
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    refused(record.batch_create(&admin(), &batch("B1")).await, "exists", Fault::Conflict);
    refused(record.batch_change(&admin(), &id("B1"), &to(BatchState::Applied)).await, "wrong-state", Fault::Conflict);
    refused(record.run_fail(&admin(), &id("R9"), "断电").await, "not-found", Fault::NotFound);
    assert_eq!(audit_rows(&record).await, 1);
    assert_eq!(record.batch_get(&id("B1")).await.unwrap().state, BatchState::Staging);
    assert_eq!(record.audit_verify().await.unwrap().broken, None);
}

pub(crate) async fn an_empty_chain_is_sound(place: &impl Place) {
    let check = place.open().await.audit_verify().await.unwrap();
    assert_eq!((check.sound, check.broken), (0, None));
}

pub(crate) async fn a_changed_row_is_found(place: &impl Place) {
    let found = broken(place, "UPDATE audit SET actor = '别人' WHERE seq = 2").await;
    assert_eq!(found, Some(AuditBreak { seq: 2, cause: BreakCause::Changed }));
}

pub(crate) async fn a_changed_reason_is_found(place: &impl Place) {
    let found = broken(place, "UPDATE audit SET why = '' WHERE seq = 1").await;
    assert_eq!(found, Some(AuditBreak { seq: 1, cause: BreakCause::Changed }));
}

pub(crate) async fn a_removed_row_is_found(place: &impl Place) {
    let found = broken(place, "DELETE FROM audit WHERE seq = 2").await;
    assert_eq!(found, Some(AuditBreak { seq: 2, cause: BreakCause::Removed }));
}

pub(crate) async fn a_removed_last_row_is_found(place: &impl Place) {
    let found = broken(place, "DELETE FROM audit WHERE seq = 3").await;
    assert_eq!(found, Some(AuditBreak { seq: 3, cause: BreakCause::Removed }));
}

pub(crate) async fn an_end_that_was_rewritten_is_found(place: &impl Place) {
    // Somebody who recomputes the hashes of the last rows has a chain that agrees with itself and not with its end.
    let found = broken(place, "UPDATE audit_head SET hash = 'rewritten'").await;
    assert_eq!(found, Some(AuditBreak { seq: 3, cause: BreakCause::Changed }));
}

pub(crate) async fn reordered_rows_are_found(place: &impl Place) {
    let swap = "UPDATE audit SET seq = seq + 100 WHERE seq IN (2, 3); UPDATE audit SET seq = 105 - seq WHERE seq > 100";
    assert_eq!(broken(place, swap).await, Some(AuditBreak { seq: 2, cause: BreakCause::Changed }));
}

pub(crate) async fn an_added_row_is_found(place: &impl Place) {
    let add = "INSERT INTO audit SELECT 4, at, actor, role, action, thing, subject, why, before_json, after_json, hash \
               FROM audit WHERE seq = 3";
    assert_eq!(broken(place, add).await, Some(AuditBreak { seq: 4, cause: BreakCause::Added }));
}

pub(crate) async fn writers_at_the_same_time_do_not_corrupt_the_chain(place: &impl Place) {
    // Two records on one place stand for two processes, each with several tasks.
    let (first, second) = (place.open().await, place.open().await);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let record = if number % 2 == 0 { first.clone() } else { second.clone() };
        tasks.spawn(async move {
            let name = format!("B{number}");
            record.batch_create(&admin(), &batch(&name)).await.unwrap();
            record.batch_change(&admin(), &id(&name), &to(BatchState::Held)).await.unwrap();
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let check = second.audit_verify().await.unwrap();
    assert_eq!((check.sound, check.broken), (80, None));
}

pub(crate) async fn a_note_is_a_row_of_its_own(place: &impl Place) {
    let record = place.open().await;
    let note = Note {
        action: "portrait.read".to_owned(),
        thing: "student".to_owned(),
        subject: "S1".to_owned(),
        why: Some("谈话".to_owned()),
        detail: Some(json!({"sections": 3})),
    };
    record.audit_note(&admin(), &note).await.unwrap();
    let rows = record.audit_list(&AuditFilter { thing: Some("student".to_owned()), ..AuditFilter::default() }).await;
    assert_eq!(rows.unwrap().first().unwrap().action, "portrait.read");
    assert_eq!(record.audit_verify().await.unwrap().sound, 1);
}

pub(crate) async fn listing_filters_and_gives_the_newest(place: &impl Place) {
    let record = place.open().await;
    three(&record).await;
    let seqs = |filter: AuditFilter| {
        let record = record.clone();
        async move { record.audit_list(&filter).await.unwrap().iter().map(|row| row.seq).collect::<Vec<_>>() }
    };
    assert_eq!(seqs(AuditFilter { limit: Some(2), ..AuditFilter::default() }).await, [2, 3]);
    assert_eq!(seqs(AuditFilter { after: Some(2), ..AuditFilter::default() }).await, [3]);
    assert_eq!(seqs(AuditFilter { subject: Some("B2".to_owned()), ..AuditFilter::default() }).await, [2]);
    assert!(seqs(AuditFilter { actor: Some("别人".to_owned()), ..AuditFilter::default() }).await.is_empty());
    assert!(seqs(AuditFilter { action: Some("batch.held".to_owned()), ..AuditFilter::default() }).await.is_empty());
}

pub(crate) async fn a_change_by_nobody_is_refused(place: &impl Place) {
    let record = place.open().await;
    for nobody in [Actor::new(" ", "administrator"), Actor::new("王敏", "")] {
        refused(record.run_start(&nobody, &run("R1")).await, "nobody", Fault::Unauthenticated);
    }
    assert_eq!(audit_rows(&record).await, 0);
}

pub(crate) async fn a_reopened_record_goes_on_where_it_stopped(place: &impl Place) {
    let record = place.open().await;
    three(&record).await;
    let before = record.batch_list(&zhengai_store::BatchFilter::default()).await.unwrap();
    record.close().await;
    let record = place.open().await;
    assert_eq!(record.batch_list(&zhengai_store::BatchFilter::default()).await.unwrap(), before);
    record.batch_create(&admin(), &batch("B4")).await.unwrap();
    let check = record.audit_verify().await.unwrap();
    assert_eq!((check.sound, check.broken), (4, None));
}
