//! The life of a batch.

use super::Place;
use super::samples::{admin, batch, clock, id, refused, to};
use serde_json::json;
use zhengai_model::batch::{BatchState, PlanCounts};
use zhengai_model::fault::Fault;
use zhengai_store::{BatchChange, BatchFilter};

pub(crate) async fn a_batch_goes_from_staging_to_applied(place: &impl Place) {
    let record = place.open().await;
    let name = id("B1");
    let made = record.batch_create(&admin(), &batch("B1")).await.unwrap();
    assert_eq!((made.state, made.counts, made.at), (BatchState::Staging, None, clock()));
    let counts = PlanCounts { read: 5, new: 3, changed: 1, rejected: 1, before: 10, ..PlanCounts::default() };
    let held = BatchChange { counts: Some(counts), detail: Some(json!({"k": 1})), ..to(BatchState::Held) };
    record.batch_change(&admin(), &name, &held).await.unwrap();
    record.batch_change(&admin(), &name, &BatchChange::to(BatchState::Applying)).await.unwrap();
    let applied = BatchChange { table_version: Some(7), ..BatchChange::to(BatchState::Applied) };
    let done = record.batch_change(&admin(), &name, &applied).await.unwrap();
    assert_eq!(done, record.batch_get(&name).await.unwrap());
    assert_eq!((done.state, done.counts, done.table_version), (BatchState::Applied, Some(counts), Some(7)));
    assert_eq!((done.detail, done.reason.as_deref()), (json!({"k": 1}), Some("说明")));
}

pub(crate) async fn moves_that_the_life_of_a_batch_does_not_allow_are_refused(place: &impl Place) {
    use BatchState::{Applied, Applying, Failed, Held, Refused, Staging};
    let record = place.open().await;
    let cases: [(&str, &[BatchState], &[BatchState]); 6] = [
        ("B1", &[], &[Applied]),
        ("B2", &[Held], &[Applied]),
        ("B3", &[Applying], &[Staging, Refused]),
        ("B4", &[Applying, Applied], &[Staging, Held, Applying, Applied, Refused, Failed]),
        ("B5", &[Refused], &[Staging, Held, Applying, Applied, Refused, Failed]),
        ("B6", &[Failed], &[Staging, Held, Applying, Applied, Refused, Failed]),
    ];
    for (name, way, forbidden) in cases {
        record.batch_create(&admin(), &batch(name)).await.unwrap();
        for state in way {
            record.batch_change(&admin(), &id(name), &to(*state)).await.unwrap();
        }
        for state in forbidden {
            refused(record.batch_change(&admin(), &id(name), &to(*state)).await, "wrong-state", Fault::Conflict);
        }
    }
}

pub(crate) async fn a_batch_interrupted_while_applying_can_be_offered_again(place: &impl Place) {
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    for state in [BatchState::Applying, BatchState::Held, BatchState::Applying, BatchState::Applied] {
        record.batch_change(&admin(), &id("B1"), &BatchChange::to(state)).await.unwrap();
    }
}

pub(crate) async fn a_batch_is_not_refused_or_failed_without_a_reason(place: &impl Place) {
    let record = place.open().await;
    record.batch_create(&admin(), &batch("B1")).await.unwrap();
    for state in [BatchState::Refused, BatchState::Failed] {
        let change = record.batch_change(&admin(), &id("B1"), &BatchChange::to(state)).await;
        refused(change, "reason-missing", Fault::Invalid);
    }
}

pub(crate) async fn batches_are_found_by_dataset_and_state(place: &impl Place) {
    let record = place.open().await;
    for name in ["B1", "B2", "B3"] {
        record.batch_create(&admin(), &batch(name)).await.unwrap();
    }
    record.batch_change(&admin(), &id("B2"), &to(BatchState::Held)).await.unwrap();
    let names = |filter: BatchFilter| {
        let record = record.clone();
        async move {
            let found = record.batch_list(&filter).await.unwrap();
            found.iter().map(|batch| batch.id.to_string()).collect::<Vec<_>>()
        }
    };
    let states = vec![BatchState::Held, BatchState::Applied];
    assert_eq!(names(BatchFilter { states, ..BatchFilter::default() }).await, ["B2"]);
    assert_eq!(names(BatchFilter { limit: Some(2), ..BatchFilter::default() }).await, ["B3", "B2"]);
    assert!(names(BatchFilter { dataset: Some(id("grade")), ..BatchFilter::default() }).await.is_empty());
    refused(record.batch_get(&id("B9")).await, "not-found", Fault::NotFound);
    assert_eq!(record.batch_find(&id("B9")).await.unwrap(), None);
}
