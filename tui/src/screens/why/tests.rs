//! The overlay over a canned explanation.

use crate::app::{Params, ScreenId, WhyTarget};
use crate::testkit::{Fake, Stage};
use serde_json::json;

fn fake(rows: usize) -> Fake {
    let row = |line: usize| json!({"batch": "B20261121-001", "line": line, "cells": [["student", "S1"], ["present", "0"], ["note", null]]});
    let rows: Vec<_> = (2..rows + 2).map(row).collect();
    let explanation = json!([{
        "run": "R20261120-001",
        "fingerprint": "0123456789abcdef0123",
        "result": {
            "layer": "student", "indicator": "STU-ATTENDANCE", "version": "abcdef0123456789", "grain": "student",
            "object": "S1", "object_name": "李雷", "period": "AY2025-T1", "state": "number", "gap": null,
            "value": "71.00", "n": 120, "measures": null, "target": ">= 95", "standard": ">= 90", "warning": "< 80",
            "threshold_scope": "college", "threshold_source": "学校文件", "verified": false, "attainment": "unmet",
            "level": "serious",
        },
        "why": {
            "indicator": "STU-ATTENDANCE", "indicator_name": "到课率", "version": "abcdef0123456789",
            "layer": "student", "formula": "present / expected", "basis": null, "unit": "%", "kind": "student",
            "object": "S1", "object_name": "李雷",
            "period": {"id": "AY2025-T1", "kind": "term", "names": {"zh": "第一学期", "en": "Term 1"},
                       "start": "2025-09-01", "end": "2026-01-19"},
            "measures": [{"name": "present", "value": "85", "unit": null, "dataset": "attendance", "over": null,
                          "aggregate": "sum(present)", "sql": null, "children": [], "children_total": 0,
                          "rows_sql": "SELECT * FROM attendance", "rows": rows}],
            "inputs": [], "applies": null, "value": serde_json::to_value(
                zhengai_model::value::Value::Number("71.00".parse().unwrap())).unwrap(),
            "exact": "70.8333", "decimals": 2,
            "attainment": serde_json::to_value(zhengai_model::verdict::Attainment::Unmet).unwrap(),
            "warning": "serious", "thresholds": [], "view": "as-was", "units": [["class", "C1"]],
            "hierarchy": "ff", "rules": [], "versions": {"attendance": 3},
        },
        "files": {"B20261121-001": "考勤.csv"},
    }]);
    Fake::new().get("why", &explanation)
}

fn about() -> Params {
    WhyTarget::value("STU-ATTENDANCE", "student/S1").params()
}

#[test]
fn a_number_is_followed_to_file_and_line() {
    let fake = fake(3);
    let mut stage = Stage::open(ScreenId::Why, &about(), &fake);
    let text = stage.text();
    assert!(text.contains("71.00") && text.contains("present / expected"), "{text}");
    stage.press("end");
    assert!(stage.text().contains("考勤.csv:4"), "{}", stage.text());
}

#[test]
fn more_rows_are_asked_for_where_the_first_ones_end() {
    let fake = fake(10);
    let mut stage = Stage::open(ScreenId::Why, &about(), &fake);
    stage.press("m");
    assert!(stage.last_request().contains("offset=10"), "{}", stage.last_request());
    stage.press("M");
    assert!(!stage.last_request().contains("offset"), "{}", stage.last_request());
}

#[test]
fn the_explanation_in_all_sizes() {
    crate::snapshots!("why", ScreenId::Why, about(), &fake(3), "down");
}
