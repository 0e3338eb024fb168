//! Cycles walk along their template.

use super::Place;
use super::samples::{admin, clock, cycle, id, refused};
use serde_json::{Value, json};
use zhengai_model::fault::Fault;
use zhengai_store::{CycleFilter, CycleState, StepState};

pub(crate) async fn a_cycle_walks_its_steps_and_closes(place: &impl Place) {
    let record = place.open().await;
    let name = id("C1");
    let made = record.cycle_create(&admin(), &cycle("C1")).await.unwrap();
    assert_eq!((made.state, &*made.step, made.template), (CycleState::Open, "target", cycle("C1").template));
    record.cycle_move(&admin(), &name, "work", &json!(["纪要"])).await.unwrap();
    record.cycle_move(&admin(), &name, "target", &Value::Null).await.unwrap();
    let now = record.cycle_move(&admin(), &name, "work", &Value::Null).await.unwrap();
    assert_eq!(now.step, "work");
    let steps = record.cycle_steps(&name).await.unwrap();
    let seen: Vec<_> = steps.iter().map(|step| (&*step.step, step.state, step.round)).collect();
    let want = [("target", StepState::Done, 2), ("work", StepState::Current, 2), ("diagnose", StepState::Pending, 0)];
    assert_eq!(seen, want);
    assert_eq!(steps.first().unwrap().left_at, Some(clock()));
    let closed = record.cycle_close(&admin(), &name, "完成").await.unwrap();
    assert_eq!((closed.state, closed.close_reason.as_deref()), (CycleState::Closed, Some("完成")));
    assert_eq!(closed, record.cycle_get(&name).await.unwrap());
}

pub(crate) async fn steps_that_the_template_does_not_allow_are_refused(place: &impl Place) {
    let record = place.open().await;
    record.cycle_create(&admin(), &cycle("C1")).await.unwrap();
    for step in ["diagnose", "target", "nowhere"] {
        let moved = record.cycle_move(&admin(), &id("C1"), step, &Value::Null).await;
        refused(moved, "step-not-allowed", Fault::Conflict);
    }
    record.cycle_move(&admin(), &id("C1"), "work", &Value::Null).await.unwrap();
    record.cycle_move(&admin(), &id("C1"), "diagnose", &Value::Null).await.unwrap();
    let beyond = record.cycle_move(&admin(), &id("C1"), "target", &Value::Null).await;
    refused(beyond, "step-not-allowed", Fault::Conflict);
}

pub(crate) async fn a_closed_cycle_never_changes(place: &impl Place) {
    let record = place.open().await;
    record.cycle_create(&admin(), &cycle("C1")).await.unwrap();
    refused(record.cycle_close(&admin(), &id("C1"), "  ").await, "reason-missing", Fault::Invalid);
    record.cycle_close(&admin(), &id("C1"), "完成").await.unwrap();
    refused(record.cycle_close(&admin(), &id("C1"), "再关").await, "cycle-closed", Fault::Conflict);
    let moved = record.cycle_move(&admin(), &id("C1"), "work", &Value::Null).await;
    refused(moved, "cycle-closed", Fault::Conflict);
    refused(record.cycle_create(&admin(), &cycle("C1")).await, "exists", Fault::Conflict);
}

pub(crate) async fn a_template_without_steps_makes_no_cycle(place: &impl Place) {
    let record = place.open().await;
    let mut empty = cycle("C1");
    empty.template.steps.clear();
    refused(record.cycle_create(&admin(), &empty).await, "no-steps", Fault::Invalid);
    let open = CycleFilter { state: Some(CycleState::Open), ..CycleFilter::default() };
    assert!(record.cycle_list(&open).await.unwrap().is_empty());
    record.cycle_create(&admin(), &cycle("C2")).await.unwrap();
    assert_eq!(record.cycle_list(&open).await.unwrap().len(), 1);
    let elsewhere = CycleFilter { period: Some(id("AY2024")), ..CycleFilter::default() };
    assert!(record.cycle_list(&elsewhere).await.unwrap().is_empty());
}
