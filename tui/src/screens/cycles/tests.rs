//! Cycles over canned answers: the list, the timeline, moving, closing, a new one.

use crate::app::{Params, ScreenId};
use crate::screens::tests::year;
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use chrono::{DateTime, Utc};
use zhengai_model::cycle::CycleTemplate;
use zhengai_wire::Page;
use zhengai_wire::call::Method;
use zhengai_wire::cycles::{
    Cycle, CycleDetail, CycleLine, CycleProgress, CycleState, CycleStep, CycleTemplateRow, StepState,
};

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_313_000, 0).expect("a moment")
}

fn template() -> CycleTemplate {
    serde_json::from_value(serde_json::json!({
        "id": "school-year", "names": { "zh": "学年诊改", "en": "School year" }, "period": "academic-year",
        "step": [
            { "id": "goal", "names": { "zh": "目标", "en": "goals" },
              "evidence": [{ "zh": "发展目标", "en": "goals on paper" }] },
            { "id": "implement", "names": { "zh": "实施", "en": "implementation" }, "next": ["monitor", "diagnose"] },
            { "id": "monitor", "names": { "zh": "监测", "en": "monitoring" }, "loop": "small", "next": ["implement"],
              "diagnoses": true },
            { "id": "diagnose", "names": { "zh": "诊断", "en": "diagnosis" }, "diagnoses": true },
        ],
    }))
    .expect("a template")
}

fn cycle(state: CycleState) -> Cycle {
    Cycle {
        id: "C20261101-001".to_owned(),
        name: "2025 学年诊改".to_owned(),
        template: template(),
        layers: Vec::new(),
        objects: serde_json::json!([]),
        period: "AY2025".to_owned(),
        state,
        step: "implement".to_owned(),
        at: moment(),
        by: "李红".to_owned(),
        closed_at: None,
        closed_by: None,
        close_reason: (state == CycleState::Closed).then(|| "完成".to_owned()),
    }
}

fn progress() -> CycleProgress {
    CycleProgress { done: 1, total: 4, runs: 2, days_left: -82 }
}

fn detail(state: CycleState) -> CycleDetail {
    let step = |id: &str, state| CycleStep {
        step: id.to_owned(),
        state,
        round: u64::from(state != StepState::Pending),
        entered_at: (state != StepState::Pending).then(moment),
        left_at: (state == StepState::Done).then(moment),
        by: None,
        evidence: serde_json::Value::Null,
    };
    CycleDetail {
        cycle: cycle(state),
        steps: vec![
            step("goal", StepState::Done),
            step("implement", StepState::Current),
            step("monitor", StepState::Pending),
            step("diagnose", StepState::Pending),
        ],
        runs: Vec::new(),
        progress: progress(),
        next: match state {
            CycleState::Open => vec!["monitor".to_owned(), "diagnose".to_owned()],
            CycleState::Closed => Vec::new(),
        },
    }
}

fn fake() -> Fake {
    let lines = vec![CycleLine { cycle: cycle(CycleState::Open), progress: progress() }];
    Fake::new()
        .get("cycles", &Page { items: lines, total: 1, offset: 0 })
        .get("cycles/*", &detail(CycleState::Open))
        .get("cycle-templates", &vec![CycleTemplateRow(template())])
        .get("periods", &vec![year()])
        .on(Method::Post, "cycles", &cycle(CycleState::Open))
        .on(Method::Post, "cycles/*/move", &cycle(CycleState::Open))
        .on(Method::Post, "cycles/*/close", &cycle(CycleState::Closed))
}

#[test]
fn the_list_leads_to_the_steps_of_a_cycle() {
    snapshots!("cycles_list", ScreenId::Cycles, Params::new(), &fake(), "");
    snapshots!("cycles_detail", ScreenId::Cycles, Params::new(), &fake(), "enter");
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Cycles, &Params::new(), &fake);
    stage.press("enter");
    assert_eq!(stage.last_request(), "GET /v1/cycles/C20261101-001");
    stage.draw_at_every_size().draw_bare_at_every_size();
}

#[test]
fn a_step_that_may_go_two_ways_asks_which_then_for_its_evidence() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Cycles, &Params::new().with("cycle", "C20261101-001"), &fake);
    stage.press("ctrl+n");
    assert!(stage.text().contains("进入哪一步"), "{}", stage.text());
    stage.press("down enter");
    assert!(stage.acts().is_empty());
    stage.press(r#"paste "督导报告" f10"#);
    assert_eq!(stage.acts(), [r#"POST /v1/cycles/C20261101-001/move {"evidence":["督导报告"],"to":"diagnose"}"#]);
}

#[test]
fn a_cycle_is_closed_with_a_reason_after_a_question_and_then_moves_no_more() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Cycles, &Params::new().with("cycle", "C20261101-001"), &fake);
    stage.press(r#"delete paste "已完成" f10"#);
    assert!(stage.acts().is_empty(), "{:?}", stage.acts());
    stage.press("tab enter");
    if stage.acts().is_empty() {
        stage.press("y");
    }
    assert_eq!(stage.acts(), [r#"POST /v1/cycles/C20261101-001/close {"why":"已完成"}"#]);
    let closed = self::fake().get("cycles/*", &detail(CycleState::Closed));
    let mut stage = Stage::open(ScreenId::Cycles, &Params::new().with("cycle", "C20261101-001"), &closed);
    stage.press("ctrl+n");
    assert!(stage.acts().is_empty());
    assert!(stage.text().contains("完成"));
}

#[test]
fn a_new_cycle_is_made_from_its_template_and_opened() {
    snapshots!("cycles_start", ScreenId::Cycles, Params::new().with("new", "new"), &fake(), "");
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Cycles, &Params::new(), &fake);
    stage.press("insert f10");
    assert_eq!(
        stage.acts(),
        [r#"POST /v1/cycles {"layers":[],"objects":[],"period":"AY2025","template":"school-year"}"#]
    );
    assert_eq!(stage.last_request(), "GET /v1/cycles/C20261101-001");
}
