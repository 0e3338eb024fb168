//! The screen driven by key scripts over canned answers.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use std::collections::BTreeMap;
use zhengai_model::layer::Layer;
use zhengai_wire::Page;
use zhengai_wire::call::Method;
use zhengai_wire::undo::Undo;
use zhengai_wire::warnings::{
    BulkOutcome, CauseKind, CauseNode, Event, Group, Past, Refused, UnitStep, WarningDetail, WarningLine,
};

fn line(id: i64) -> WarningLine {
    let (level, name, severity) = if id % 3 == 0 { ("serious", "严重", 3) } else { ("general", "一般", 2) };
    WarningLine {
        id,
        revision: 0,
        level: level.into(),
        level_name: name.into(),
        severity,
        rule: "STU-ATTENDANCE".into(),
        rule_name: "到课率".into(),
        indicator: Some("STU-ATTENDANCE".into()),
        kind: "student".into(),
        object: format!("S{id:05}"),
        object_name: format!("李雷{id}"),
        units: vec![
            UnitStep { kind: "department".into(), id: "D01".into() },
            UnitStep { kind: "class".into(), id: "C0101".into() },
        ],
        period: "AY2025-T1".into(),
        layer: Layer::Student,
        because: "到课率 71.00，低于预警值 80".into(),
        value: Some("71.00".into()),
        threshold: Some("< 80".into()),
        condition: "active".into(),
        handling: "new".into(),
        resolution: None,
        suppression: "none".into(),
        silent_until: None,
        cause: None,
        assignee: (id % 2 == 0).then(|| "张老师".to_owned()),
        due: None,
        overdue: false,
        open: true,
        at: "2026-11-20T08:00:00Z".parse().unwrap(),
        updated_at: "2026-11-20T08:00:00Z".parse().unwrap(),
    }
}

fn past() -> Vec<Past> {
    let value = |period: &str, value: Option<&str>| Past {
        run: "R20261120-001".into(),
        period: period.into(),
        value: value.map(str::to_owned),
    };
    vec![value("AY2024-T1", Some("92.10")), value("AY2024-T2", None), value("AY2025-T1", Some("71.00"))]
}

fn detail(id: i64) -> WarningDetail {
    let event = |action: &str, why: Option<&str>| Event {
        at: "2026-11-20T08:00:00Z".parse().unwrap(),
        by: "王敏".into(),
        role: "administrator".into(),
        action: action.into(),
        why: why.map(str::to_owned),
        run: None,
    };
    WarningDetail {
        line: line(id),
        reasons: vec!["到课率 71.00，低于预警值 80".into()],
        events: vec![event("raised", None), event("comment", Some("已联系家长"))],
        past: past(),
        first_run: "R20261120-001".into(),
        last_run: "R20261120-001".into(),
        record: serde_json::Value::Null,
    }
}

fn fake() -> Fake {
    let items: Vec<WarningLine> = (1..=40).rev().map(line).collect();
    let sparks: BTreeMap<i64, Vec<Past>> = items.iter().map(|line| (line.id, past())).collect();
    let mut acknowledged = line(40);
    (acknowledged.handling, acknowledged.revision) = ("acknowledged".into(), 1);
    let group = |key: &str, name: &str, count, severity| Group {
        key: Some(key.into()),
        name: name.into(),
        count,
        severity,
        level_name: name.into(),
    };
    let rule = CauseNode {
        kind: CauseKind::Inhibited,
        key: "STU-ATTENDANCE".into(),
        name: "到课率".into(),
        count: 37,
        severity: 2,
        children: Vec::new(),
    };
    let cause = CauseNode {
        kind: CauseKind::Inhibited,
        key: "教务系统未更新".into(),
        name: "被抑制：教务系统未更新".into(),
        count: 37,
        severity: 2,
        children: vec![rule],
    };
    let undo = Undo {
        seq: 7,
        at: "2026-11-20T08:00:00Z".parse().unwrap(),
        action: "warning.acknowledge".into(),
        thing: "warning".into(),
        subject: "40".into(),
        count: 1,
        text: "确认预警 40".into(),
        obstacle: None,
    };
    let outcome =
        BulkOutcome { done: vec![40, 39], refused: vec![Refused { id: 38, reason: "已办结".into() }], left: 0 };
    let mut fake = Fake::new()
        .get("warnings", &Page { total: items.len() as u64, items, offset: 0 })
        .get("warnings/sparks", &sparks)
        .get("warnings/groups/severity", &vec![group("serious", "严重", 13, 3), group("general", "一般", 27, 2)])
        .get("warnings/tree", &vec![cause])
        .on(Method::Post, "warnings/40/acts", &acknowledged)
        .on(Method::Post, "warnings/acts", &outcome)
        .get("undo", &Some(undo.clone()))
        .on(Method::Post, "undo", &undo);
    for id in 1..=40 {
        fake = fake.get(&format!("warnings/{id}"), &detail(id));
    }
    fake
}

fn open(fake: &Fake) -> Stage<'_> {
    Stage::open(ScreenId::Warnings, &Params::new(), fake)
}

#[test]
fn acknowledging_says_which_revision_was_seen_and_can_be_taken_back() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("a");
    assert_eq!(stage.acts(), [r#"POST /v1/warnings/40/acts {"do":"acknowledge","revision":0}"#]);
    stage.press("ctrl+z");
    assert!(stage.row("确认预警 40").is_some(), "what is taken back is shown: {}", stage.text());
    stage.press("tab enter");
    assert_eq!(stage.acts()[1..], [r#"POST /v1/undo {"seq":7}"#]);
}

#[test]
fn a_warning_that_was_searched_for_is_shown_at_once() {
    let fake = fake();
    let stage = Stage::open(ScreenId::Warnings, &Params::new().with("warning", "12"), &fake);
    let shown: Vec<&str> = stage.requests().iter().map(|request| request.path.as_str()).collect();
    assert!(shown.contains(&"/v1/warnings/12") && !shown.contains(&"/v1/warnings/40"), "{shown:?}");
}

#[test]
fn marked_warnings_are_one_request_and_what_was_left_is_told() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("space space space alt+a");
    let acts = stage.acts();
    assert_eq!(acts.len(), 1);
    assert!(acts[0].starts_with("POST /v1/warnings/acts") && acts[0].contains(r#""id":39"#), "{acts:?}");
    assert!(stage.text().contains("已办结"));
}

#[test]
fn assigning_asks_for_a_person_and_a_day_and_refuses_what_is_no_day() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press(r#"alt+s "wang" f10 "soon" f10"#);
    assert!(stage.acts().is_empty());
    assert!(stage.text().contains("soon"), "what was typed stays to be mended: {}", stage.text());
    stage.press(r#"ctrl+u "2026-12-01" f10"#);
    assert!(stage.acts()[0].contains(r#""due":"2026-12-01""#), "{:?}", stage.acts());
    stage.press(r#"alt+q "2020-01-01" f10"#);
    assert!(stage.text().contains("已经过去"), "{}", stage.text());
    stage.press(r#"ctrl+u "2027-01-01" f10 "检修" f10"#);
    assert!(stage.acts()[1].contains(r#""until":"2027-01-01""#), "{:?}", stage.acts());
}

#[test]
fn a_group_that_is_opened_becomes_the_filter() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("b enter");
    assert!(stage.requests().iter().any(|request| request.query.contains("level=serious")));
}

#[test]
fn back_from_the_warnings_of_a_cause_or_group_leads_to_the_view_that_it_was_opened_in() {
    let fake = fake();
    let mut stage = open(&fake);
    for keys in ["t", "b"] {
        stage.press(keys);
        let view = stage.text();
        stage.press("enter");
        assert_ne!(stage.text(), view, "{keys}");
        stage.press("esc");
        assert_eq!(stage.text(), view, "{keys}");
        stage.press("esc");
        assert_eq!(stage.screen(), Some(ScreenId::Warnings));
    }
    let query = stage.requests().iter().rev().find(|request| request.path == "/v1/warnings").map(|one| &one.query);
    assert!(query.is_some_and(|query| !query.contains("level=") && !query.contains("cause=")), "{query:?}");
}

#[test]
fn what_the_list_is_narrowed_by_is_said_in_words() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("alt+f \"静默\" enter");
    let head = stage.row("提醒").unwrap_or_default();
    assert!(head.contains("已静默、被抑制、已搁置") && !head.contains("silenced"), "{head}");
    stage.press("alt+f \"未指派\" enter");
    let head = stage.row("责任人 ").unwrap_or_default();
    assert!(head.contains("责任人 无") && !head.contains("责任人 -"), "{head}");
    let params =
        Params::new().with("rule", "STU-ATTENDANCE,X-1").with("layer", "student").with("unit", "department/D01");
    let mut stage = Stage::open(ScreenId::Warnings, &params, &fake);
    let head = stage.row("规则").unwrap_or_default();
    assert!(!head.contains("STU-ATTENDANCE") && head.contains("、X-1") && head.contains("学生层面"), "{head}");
    assert!(head.contains("部门/D01") && !head.contains("department"), "{head}");
}

#[test]
fn the_number_under_the_cursor_is_explained() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("f9");
    assert_eq!(stage.screen(), Some(ScreenId::Why));
}

#[test]
fn the_list_in_all_sizes() {
    crate::snapshots!("warnings", ScreenId::Warnings, Params::new(), &fake(), "down");
}

#[test]
fn the_causes_in_all_sizes() {
    crate::snapshots!("warnings-tree", ScreenId::Warnings, Params::new(), &fake(), "t");
}
