//! The portrait over a canned answer.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use zhengai_model::layer::Layer;
use zhengai_wire::objects::{Axis, ObjectLine, PeerGroup, Portrait, PortraitIndicator, Standing};
use zhengai_wire::warnings::{Past, UnitStep};

fn indicator(code: &str, name: &str, value: Option<&str>, verdict: &str) -> PortraitIndicator {
    let past = |period: &str, value: Option<&str>| Past {
        run: "R20261120-001".into(),
        period: period.into(),
        value: value.map(str::to_owned),
    };
    PortraitIndicator {
        code: code.into(),
        name: name.into(),
        layer: Layer::Student,
        place: vec!["学生层面".into()],
        unit: "%".into(),
        period: "AY2025-T1".into(),
        state: if value.is_some() { "number" } else { "not-due" }.into(),
        value: value.map(str::to_owned),
        gap: None,
        target: Some(">= 95".into()),
        standard: Some(">= 90".into()),
        warning: Some("< 80".into()),
        verified: false,
        verdict: verdict.into(),
        level: None,
        peers: value.map(|_| Standing { count: 40, median: "91.50".into(), percentile: Some(12) }),
        past: vec![past("AY2024-T1", Some("92.10")), past("AY2024-T2", Some("88.00")), past("AY2025-T1", value)],
    }
}

fn fake() -> Fake {
    let axis = |id: &str, name: &str, good, judged| Axis { id: id.into(), name: name.into(), judged, good };
    let portrait = Portrait {
        object: ObjectLine { kind: "student".into(), id: "S1".into(), name: "李雷".into() },
        units: vec![UnitStep { kind: "class".into(), id: "C1".into() }],
        run: "R20261120-001".into(),
        at: "2026-11-20T08:00:00Z".parse().unwrap(),
        period: "AY2025".into(),
        peers: Some(PeerGroup { unit: Some(UnitStep { kind: "class".into(), id: "C1".into() }), count: 40 }),
        indicators: vec![
            indicator("STU-ATTENDANCE", "到课率", Some("71.00"), "unmet"),
            indicator("STU-CREDIT", "学分达成率", Some("0.00"), "met"),
            indicator("STU-SKILL", "技能证书", None, "not-due"),
        ],
        radar: vec![axis("stu.a", "思想品德", 3, 4), axis("stu.b", "学业", 1, 2), axis("stu.c", "技能", 2, 2)],
        warnings: Vec::new(),
        warnings_total: 0,
    };
    Fake::new().get("objects/student/S1", &portrait).get("why", &serde_json::json!([]))
}

fn about() -> Params {
    Params::new().with("object", "student/S1")
}

#[test]
fn a_value_of_zero_and_one_that_is_not_due_do_not_look_alike() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Portrait, &about(), &fake);
    let text = stage.text();
    assert!(text.contains("0.00") && text.contains("未到期"), "{text}");
}

#[test]
fn the_number_under_the_cursor_is_explained_as_of_its_run() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Portrait, &about(), &fake);
    stage.press("down f9");
    assert_eq!(stage.screen(), Some(ScreenId::Why));
    let asked = stage.last_request();
    assert!(asked.contains("STU-CREDIT") && asked.contains("run=R20261120-001"), "{asked}");
}

#[test]
fn the_portrait_in_all_sizes() {
    crate::snapshots!("portrait", ScreenId::Portrait, about(), &fake(), "down");
}

#[test]
fn the_radar_on_a_narrow_screen() {
    crate::snapshots!("portrait-radar", ScreenId::Portrait, about(), &fake(), "tab tab");
}
