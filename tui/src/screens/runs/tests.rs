//! Runs over canned answers: lists, a new diagnosis, one at work, results, two compared.

use crate::app::{Params, ScreenId};
use crate::screens::tests::year;
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use zhengai_model::layer::Layer;
use zhengai_wire::call::Method;
use zhengai_wire::job::Progress;
use zhengai_wire::runs::{
    Comparison, ComparisonSummary, CycleChoice, DiagnoseChoices, Diagnosed, DifferenceLine, LayerChoice, Movement,
    ResultLine, ResultSide, Results, RunLine, RunState,
};
use zhengai_wire::{Job, JobState, Page};

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_313_000, 0).expect("a moment")
}

fn run(id: &str, period: &str, state: RunState) -> RunLine {
    let counts = [("achieved", 13_961), ("met", 7315), ("unmet", 19), ("undetermined", 1819)];
    let counts: BTreeMap<String, u64> = counts.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect();
    RunLine {
        id: id.to_owned(),
        cycle: None,
        period: period.to_owned(),
        layers: vec![Layer::School, Layer::Student],
        state,
        view: "as-was".to_owned(),
        fingerprint: Some("0797ff58b8d3cbbf".to_owned()),
        counts: if state == RunState::Finished { counts } else { BTreeMap::new() },
        reason: (state == RunState::Failed).then(|| "interrupted".to_owned()),
        at: moment(),
        by: "王建国".to_owned(),
        ended_at: None,
        superseded_by: None,
    }
}

fn result(object: &str, name: &str, value: Option<&str>, attainment: &str) -> ResultLine {
    ResultLine {
        layer: "student".to_owned(),
        indicator: "STU-ABSENCE-RUN".to_owned(),
        indicator_name: Some("最长连续旷课天数".to_owned()),
        unit: Some("天".to_owned()),
        version: String::new(),
        grain: "student".to_owned(),
        object: object.to_owned(),
        object_name: name.to_owned(),
        period: "AY2025".to_owned(),
        state: match (value, attainment) {
            (Some(_), _) => "number",
            (None, "unjudged") => "undetermined",
            (None, other) => other,
        }
        .to_owned(),
        gap: None,
        value: value.map(str::to_owned),
        n: None,
        measures: None,
        target: Some("= 0".to_owned()),
        standard: Some("<= 2".to_owned()),
        warning: None,
        threshold_scope: None,
        threshold_source: None,
        verified: false,
        attainment: attainment.to_owned(),
        level: None,
    }
}

fn side(value: &str, attainment: &str) -> ResultSide {
    ResultSide {
        state: "number".to_owned(),
        value: Some(value.to_owned()),
        attainment: attainment.to_owned(),
        level: None,
    }
}

fn comparison() -> Comparison {
    let difference = DifferenceLine {
        layer: "school".to_owned(),
        indicator: "SCH-EMPLOY".to_owned(),
        indicator_name: Some("毕业去向落实率".to_owned()),
        grain: "school".to_owned(),
        object: "SCHOOL".to_owned(),
        object_name: "示例职业技术学院".to_owned(),
        period: "AY2025".to_owned(),
        before: Some(side("91.2", "unmet")),
        after: Some(side("95.4", "met")),
        movement: Movement::Better,
        causes: vec!["data".to_owned(), "definition".to_owned()],
    };
    Comparison {
        earlier: run("R20261121-001", "AY2024", RunState::Finished),
        later: run("R20261122-002", "AY2025", RunState::Finished),
        summary: ComparisonSummary {
            differences: 3,
            movements: [(Movement::Better, 2), (Movement::Worse, 1)].into_iter().collect(),
            causes: [("data".to_owned(), 3)].into_iter().collect(),
            layers: BTreeMap::new(),
        },
        page: Page { items: vec![difference], total: 1, offset: 0 },
    }
}

fn job(state: JobState, stage: &str, done: u64) -> Job {
    Job {
        id: "J1".to_owned(),
        kind: "diagnose".to_owned(),
        subject: "AY2025".to_owned(),
        actor: "王建国".to_owned(),
        state,
        progress: Progress {
            stage: "计算与判定".to_owned(),
            stage_id: stage.to_owned(),
            done,
            total: Some(120),
            unit: "indicators".to_owned(),
            what: None,
            counts: [("rows", 1_204_550), ("values", 20_411), ("undetermined", 311)]
                .into_iter()
                .map(|(word, count)| (word.to_owned(), count))
                .collect(),
        },
        queued_at: moment(),
        started_at: Some(moment()),
        ended_at: state.is_over().then(|| moment() + TimeDelta::seconds(75)),
        result: (state == JobState::Done)
            .then(|| serde_json::to_value(Diagnosed { run: "R20261122-002".to_owned() }).expect("JSON")),
        problem: None,
    }
}

fn fake() -> Fake {
    let runs = vec![
        run("R20261122-002", "AY2025", RunState::Finished),
        run("R20261122-001", "AY2025-T2", RunState::Failed),
        run("R20261121-001", "AY2024", RunState::Finished),
    ];
    let rows = vec![
        result("2024000306", "吴刚健", Some("12"), "unmet"),
        result("2025000404", "田嘉家", Some("0"), "achieved"),
        result("2025000462", "吕紫倩", None, "undetermined"),
        result("2024000365", "傅雪", None, "not-applicable"),
        result("2023000001", "曹超博", None, "not-due"),
    ];
    let results =
        Results { run: "R20261122-002".to_owned(), page: Page { total: rows.len() as u64, items: rows, offset: 0 } };
    let choices = DiagnoseChoices {
        periods: vec![year()],
        period: Some("AY2025".to_owned()),
        layers: Layer::ALL
            .into_iter()
            .map(|layer| LayerChoice { layer, label: layer.as_str().to_owned(), enabled: layer != Layer::Course })
            .collect(),
        cycles: vec![CycleChoice {
            id: "C20261101-001".to_owned(),
            name: "年度诊改".to_owned(),
            period: "AY2025".to_owned(),
        }],
        view: "as-was".to_owned(),
    };
    Fake::new()
        .get("runs", &Page { total: runs.len() as u64, items: runs, offset: 0 })
        .get("runs/*/results", &results)
        .get("runs/*/compare/*", &comparison())
        .get("runs/*/export", &0)
        .get("runs/choices", &choices)
        .on(Method::Post, "runs", &job(JobState::Running, "scan", 3))
        .on(Method::Delete, "jobs/*", &job(JobState::Cancelling, "evaluate", 60))
        .get("jobs/*", &job(JobState::Running, "evaluate", 60))
}

#[test]
fn the_list_tells_states_and_counts_at_every_size() {
    snapshots!("runs_list", ScreenId::Runs, Params::new(), &fake(), "down");
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &Params::new(), &fake);
    stage.draw_at_every_size().draw_bare_at_every_size();
}

#[test]
fn two_marked_runs_are_compared_the_earlier_first_and_one_is_not() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &Params::new(), &fake);
    stage.press("space alt+b");
    assert!(!stage.last_request().contains("compare"), "one run has nothing to be compared with");
    stage.press("down space alt+b");
    assert!(
        stage.last_request().starts_with("GET /v1/runs/R20261121-001/compare/R20261122-002"),
        "{}",
        stage.last_request()
    );
    assert!(stage.text().contains("毕业去向落实率"));
}

#[test]
fn a_run_without_results_says_so_and_a_finished_one_opens() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &Params::new(), &fake);
    stage.press("down enter");
    assert!(stage.text().contains("没有结果可看"), "{}", stage.text());
    stage.press("up enter");
    assert!(stage.last_request().starts_with("GET /v1/runs/R20261122-002/results"));
}

#[test]
fn a_diagnosis_started_again_takes_period_layers_and_view_with_it() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &Params::new(), &fake);
    stage.press("ctrl+n");
    snapshots!("runs_start", ScreenId::Runs, Params::new().with("new", "new"), &self::fake(), "");
    stage.press("f10");
    assert_eq!(stage.acts(), [r#"POST /v1/runs {"layers":["school","student"],"period":"AY2025","view":"as-was"}"#]);
    assert!(stage.text().contains("诊断 AY2025"), "{}", stage.text());
}

#[test]
fn a_layer_that_is_none_is_told_under_its_field_and_nothing_is_started() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &Params::new().with("new", "new"), &fake);
    stage.press(r#"tab "，幼儿" f10"#);
    assert!(stage.acts().is_empty());
    assert!(stage.text().contains("没有“"), "{}", stage.text());
}

#[test]
fn one_at_work_shows_stage_counts_and_time_left_and_is_cancelled_after_a_question() {
    let params = Params::new().with("job", "J1");
    snapshots!("runs_live", ScreenId::Runs, params.clone(), &fake(), "");
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &params, &fake);
    let text = stage.text();
    for part in ["计算与判定", "1204550", "311", "50%"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    stage.press("delete");
    assert!(stage.acts().is_empty(), "{:?}", stage.acts());
    stage.press("y");
    if stage.acts().is_empty() {
        stage.press("tab enter");
    }
    assert_eq!(stage.acts(), ["DELETE /v1/jobs/J1"]);
}

#[test]
fn one_that_is_done_leads_to_its_results() {
    let fake = fake().get("jobs/*", &job(JobState::Done, "results", 1));
    let mut stage = Stage::open(ScreenId::Runs, &Params::new().with("job", "J1"), &fake);
    stage.press("enter");
    assert!(stage.last_request().starts_with("GET /v1/runs/R20261122-002/results"), "{}", stage.last_request());
}

#[test]
fn results_are_filtered_ordered_and_explained() {
    let params = Params::new().with("run", "R20261122-002");
    snapshots!("runs_results", ScreenId::Runs, params.clone(), &fake(), "");
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Runs, &params, &fake);
    let text = stage.text();
    for part in ["不达标", "达成目标", "无法判定", "不适用", "未到期"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    stage.press("f6");
    assert!(stage.last_request().contains("sort="), "{}", stage.last_request());
    let target = stage.app().screen().and_then(crate::app::Screen::cell).expect("a number");
    assert_eq!((target.indicator.as_str(), target.object.as_str()), ("STU-ABSENCE-RUN", "student/2024000306"));
    assert_eq!(target.run.as_deref(), Some("R20261122-002"));
}

#[test]
fn two_runs_beside_each_other_say_what_moved_and_why() {
    let params = Params::new().with("earlier", "R20261121-001").with("later", "R20261122-002");
    snapshots!("runs_compare", ScreenId::Runs, params, &fake(), "");
}

#[test]
fn what_the_server_refuses_is_said_in_its_words() {
    let fake = Fake::new().refuse(Method::Get, "runs", zhengai_model::fault::Fault::Forbidden, "没有查看结果的权限");
    let mut stage = Stage::open(ScreenId::Runs, &Params::new(), &fake);
    assert!(stage.text().contains("没有查看结果的权限"));
}
