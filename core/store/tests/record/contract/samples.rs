//! Small things that the contract needs again and again.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::fmt::Debug;
use zhengai_model::batch::BatchState;
use zhengai_model::cycle::CycleTemplate;
use zhengai_model::dataset::LoadMode;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::RunId;
use zhengai_model::layer::Layer;
use zhengai_model::warning::{ConditionState, Event, Handling, Identity, Mode, Suppression, Warning};
use zhengai_store::{
    Actor, AuditFilter, BatchChange, Fate, Finding, NewBatch, NewCycle, NewRun, Record, RunOutcome, StoreError,
    WarningWrite,
};

pub(crate) fn clock() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn id<T: TryFrom<String, Error: Debug>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap()
}

pub(crate) fn admin() -> Actor {
    Actor::new("王敏", "administrator")
}

pub(crate) fn batch(name: &str) -> NewBatch {
    NewBatch {
        id: id(name),
        dataset: id("attendance"),
        file: "考勤.csv".to_owned(),
        sheet: None,
        mode: LoadMode::Upsert,
        detail: json!({"sha256": "00"}),
    }
}

pub(crate) fn to(state: BatchState) -> BatchChange {
    BatchChange { reason: Some("说明".to_owned()), ..BatchChange::to(state) }
}

pub(crate) fn run(name: &str) -> NewRun {
    NewRun {
        id: id(name),
        cycle: None,
        period: id("AY2025-T1"),
        layers: vec![Layer::Student, Layer::Course],
        request: json!({"view": "as-was"}),
    }
}

pub(crate) async fn finish(record: &Record, name: &str) {
    let summary = json!({"results": 2});
    let outcome = RunOutcome { fingerprint: "f", summary: &summary, findings: &[finding("S1")], warnings: &[] };
    record.run_finish(&admin(), &id(name), outcome).await.unwrap();
}

pub(crate) fn finding(object: &str) -> Finding {
    Finding {
        what: "unmet".to_owned(),
        layer: Layer::Student,
        indicator: Some(id("STU-ATTENDANCE")),
        kind: id("student"),
        object: id(object),
        object_name: "李雷".to_owned(),
        level: None,
        detail: json!({"value": "88.10"}),
    }
}

pub(crate) fn template() -> CycleTemplate {
    serde_json::from_value(json!({
        "id": "spiral", "names": {"zh": "螺旋", "en": "Spiral"}, "period": "term",
        "step": [
            {"id": "target", "names": {"zh": "目标", "en": "Target"}},
            {"id": "work", "names": {"zh": "实施", "en": "Work"}, "next": ["diagnose", "target"], "diagnoses": true},
            {"id": "diagnose", "names": {"zh": "诊断", "en": "Diagnose"}},
        ],
    }))
    .unwrap()
}

pub(crate) fn cycle(name: &str) -> NewCycle {
    NewCycle {
        id: id(name),
        name: "2025 秋".to_owned(),
        template: template(),
        layers: vec![Layer::Student],
        objects: serde_json::Value::Null,
        period: id("AY2025-T1"),
    }
}

pub(crate) fn warning(object: &str) -> Warning {
    Warning {
        identity: Identity {
            rule: id("STU-ATTENDANCE"),
            kind: id("student"),
            object: id(object),
            period: id("AY2025-T1"),
        },
        condition: ConditionState::Active,
        good_in_a_row: 0,
        bad_in_a_row: 1,
        handling: Handling::New,
        resolution: None,
        suppression: Suppression::None,
        level: id("serious"),
    }
}

pub(crate) fn raise(warning: Warning) -> WarningWrite {
    WarningWrite {
        seen: None,
        warning,
        layer: Layer::Student,
        severity: 2,
        object_name: "李雷".to_owned(),
        unit: ">department/D1>".to_owned(),
        because: json!([{"value": "71.00"}]),
        event: Some(Event::Raised),
        fate: Fate::Stands,
        mode: Mode::Live,
        due: Some(day("2026-03-15")),
    }
}

/// A run under way with these warnings raised in it.
pub(crate) async fn raised(record: &Record, objects: &[&str]) -> RunId {
    let run = run("R1");
    record.run_start(&admin(), &run).await.unwrap();
    let writes: Vec<_> = objects.iter().map(|object| raise(warning(object))).collect();
    record.warning_save(&admin(), &run.id, &writes).await.unwrap();
    run.id
}

pub(crate) async fn audit_rows(record: &Record) -> usize {
    record.audit_list(&AuditFilter::default()).await.unwrap().len()
}

/// Holds that the call was refused with this code and class, and that nothing of it was kept in the audit.
#[track_caller]
pub(crate) fn refused<T: Debug>(result: Result<T, StoreError>, code: &str, fault: Fault) {
    let error = match result {
        Ok(value) => panic!("{code} expected, got {value:?}"),
        Err(error) => error,
    };
    assert_eq!((error.code(), error.fault()), (code, fault), "{error}");
}
