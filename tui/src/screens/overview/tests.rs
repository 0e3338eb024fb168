//! The overview on a stage.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use serde_json::json;
use zhengai_model::fault::Fault;
use zhengai_wire::call::Method;
use zhengai_wire::overview::{self, Overview};

pub(super) fn college() -> Overview {
    let run = json!({"id": "R20261122-004", "period": "AY2025", "period_name": "2025—2026 学年", "ended_at": "2026-11-22T04:57:00Z"});
    let systems = ["command", "generation", "resources", "support", "control", "none"];
    let labels = ["决策指挥", "质量生成", "资源建设", "支持服务", "监督控制", "未归入系统"];
    let tile = |system: &str, met: u64, unmet: u64, warned: u64, rules: &[&str]| {
        let warnings = if warned > 0 { json!({"serious": warned}) } else { json!({}) };
        json!({"system": system, "indicators": 3, "verdicts": {"met": met, "unmet": unmet}, "warnings": warnings, "rules": rules})
    };
    let layer = |word: &str, label: &str, tiles: serde_json::Value| {
        let sum = |name: &str| -> u64 {
            tiles.as_array().into_iter().flatten().filter_map(|tile| tile["verdicts"][name].as_u64()).sum()
        };
        let warned: u64 =
            tiles.as_array().into_iter().flatten().filter_map(|tile| tile["warnings"]["serious"].as_u64()).sum();
        let warnings = if warned > 0 { json!({"serious": warned}) } else { json!({}) };
        json!({"layer": word, "label": label, "enabled": true, "run": run, "systems": tiles,
            "verdicts": {"met": sum("met"), "unmet": sum("unmet")}, "warnings": warnings})
    };
    let point = |period: &str, kind: &str, met: u64| {
        json!({"run": {"id": "R1", "period": period, "period_name": period, "ended_at": null}, "kind": kind,
            "verdicts": {"met": met, "unmet": 1000 - met}, "layers": {"school": {"met": met, "unmet": 990 - met}}, "warnings": {}})
    };
    let value = json!({
        "today": "2026-11-22",
        "levels": [{"id": "notice", "label": "提示"}, {"id": "general", "label": "一般"}, {"id": "serious", "label": "严重"}],
        "systems": systems.iter().zip(labels).map(|(system, label)| json!({"system": system, "label": label})).collect::<Vec<_>>(),
        "layers": [
            layer("school", "学校", json!([tile("command", 10, 0, 0, &[]), tile("resources", 8, 2, 1, &["SCH-LIB"])])),
            layer("major", "专业", json!([tile("generation", 120, 4, 2, &["MAJ-JOB", "MAJ-FAIL"])])),
            layer("course", "课程", json!([tile("generation", 940, 61, 0, &[])])),
            layer("teacher", "教师", json!([tile("generation", 411, 3, 3, &["TEA-HOURS"]), tile("control", 0, 0, 0, &[])])),
            {"layer": "student", "label": "学生", "enabled": true, "run": null, "verdicts": {}, "warnings": {}, "systems": []},
        ],
        "cycles": [{"id": "C1", "name": "2026 年诊断周期", "step": "实施", "done": 3, "total": 8, "runs": 4, "days_left": 39}],
        "trend": [
            point("CY2025", "calendar-year", 940),
            point("AY2024", "academic-year", 951),
            point("AY2025-T1", "term", 120),
            point("AY2025", "academic-year", 957),
        ],
        "freshness": {
            "datasets": 41,
            "fresh_at": "2026-11-22T02:10:00Z",
            "stale": [{"dataset": "attendance", "label": "考勤", "newest": "2026-06-20", "period": "AY2026-M10", "end": "2026-11-01"}],
            "sources": [
                {"source": "jiaowu", "enabled": true, "state": "failed", "at": "2026-11-22T01:00:00Z", "stale": ["考勤"]},
                {"source": "renshi", "enabled": true, "state": "finished", "at": "2026-11-22T01:00:00Z", "stale": []},
            ],
        },
        "waiting": [{"id": "B20261122-042", "dataset": "students", "label": "学生", "file": "学生-补.csv", "rows": 120, "rejected": 3, "at": "2026-11-22T02:10:00Z"}],
        "waiting_total": 1,
    });
    serde_json::from_value(value).expect("an overview")
}

fn fake() -> Fake {
    Fake::new().answer(&overview::show(), &college())
}

fn open(fake: &Fake) -> Stage<'_> {
    Stage::open(ScreenId::Overview, &Params::new(), fake)
}

#[test]
fn it_looks_the_same_in_every_language_size_and_terminal_as_it_did() {
    crate::snapshots!("overview", ScreenId::Overview, Params::new(), &fake(), "");
    crate::snapshots!("overview-tasks", ScreenId::Overview, Params::new(), &fake(), "tab tab down");
}

#[test]
fn a_tile_with_warnings_leads_to_them_and_one_without_to_the_heat_map() {
    let fake = fake();
    for (keys, screen) in [
        ("enter", ScreenId::Warnings),
        ("down enter", ScreenId::Warnings),
        ("down right right enter", ScreenId::Warnings),
        ("down down enter", ScreenId::Heatmap),
        ("right enter", ScreenId::Heatmap),
        ("down down down down enter", ScreenId::Runs),
        ("tab tab enter", ScreenId::Warnings),
        ("tab tab down enter", ScreenId::Data),
        ("m", ScreenId::Heatmap),
        ("alt+r", ScreenId::Runs),
    ] {
        assert_eq!(open(&fake).press(keys).screen(), Some(screen), "{keys}");
    }
}

#[test]
fn the_share_of_a_tile_is_explained_by_how_many_of_which_run_and_leads_to_these_results() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("right right right f9");
    let shown = stage.text();
    assert!(shown.contains("学校") && shown.contains("8 / 10") && shown.contains("R20261122-004"), "{shown}");
    stage.press("enter");
    assert_eq!(stage.screen(), Some(ScreenId::Runs));
    let asked = stage.requests().iter().find(|request| request.path.contains("R20261122-004"));
    assert!(
        asked.is_some_and(|one| one.query.contains("layer=school") && one.query.contains("verdict=unmet")),
        "{asked:?}"
    );
    let mut stage = open(&fake);
    stage.press("down down down down f9");
    assert!(stage.text().contains("光标不在数值上"), "there is no run: {}", stage.text());
}

#[test]
fn the_most_pressing_comes_first_and_says_what_it_is() {
    let fake = fake();
    let mut stage = open(&fake);
    let text = stage.text();
    let place = |words: &str| text.lines().position(|line| line.contains(words)).unwrap_or(usize::MAX);
    assert!(place("“严重”级预警未办结：6 条") < place("jiaowu"), "{text}");
    assert!(place("jiaowu") < place("B20261122-042"), "{text}");
    assert!(place("B20261122-042") < place("“学生”还没有诊断结果"), "{text}");
    assert!(place("“学生”还没有诊断结果") < place("考勤 最近入库"), "{text}");
}

#[test]
fn zero_no_result_and_no_indicator_are_different_tiles() {
    let fake = fake();
    let mut stage = open(&fake);
    let text = stage.text();
    let teacher = text.lines().find(|line| line.contains("教师")).unwrap_or_default();
    assert!(teacher.contains('?') && teacher.contains('/'), "{teacher}");
    let student = text.lines().find(|line| line.contains("学生")).unwrap_or_default();
    assert!(student.contains('∅'), "{student}");
}

#[test]
fn the_trend_compares_periods_of_a_kind_only() {
    let fake = fake();
    let text = open(&fake).text();
    assert!(text.contains("AY2024") && text.contains("AY2025"), "{text}");
    assert!(!text.contains("CY2025") && !text.contains("AY2025-T1"), "{text}");
}

#[test]
fn clicks_do_what_keys_do() {
    let fake = fake();
    assert_eq!(open(&fake).click("96.7%").screen(), Some(ScreenId::Overview));
    let mut stage = open(&fake);
    stage.click("93.9%").click("93.9%");
    assert_eq!(stage.screen(), Some(ScreenId::Heatmap));
}

#[test]
fn a_refusal_is_said_in_full_and_any_size_is_drawn() {
    let refused = Fake::new().refuse(Method::Get, "overview", Fault::Forbidden, "您没有“查看结果”权限");
    assert!(open(&refused).text().contains("查看结果"));
    let fake = fake();
    open(&fake).draw_at_every_size().draw_bare_at_every_size();
    open(&fake).press("tab").draw_at_every_size();
    open(&fake).press("tab tab").draw_at_every_size();
}

#[test]
fn what_changed_is_asked_for_again_when_one_comes_back() {
    let fake = fake();
    let mut stage = open(&fake);
    let before = stage.requests().len();
    stage.press("alt+r esc");
    assert_eq!(stage.screen(), Some(ScreenId::Overview));
    assert!(stage.requests().len() > before);
}

#[test]
fn a_layer_of_which_nothing_is_due_yet_says_so_and_not_that_it_cannot_be_judged() {
    let mut college = college();
    for layer in college.layers.iter_mut().filter(|layer| layer.label == "课程") {
        layer.verdicts = [("not-due".to_owned(), 12)].into();
        layer.systems.clear();
    }
    let fake = Fake::new().answer(&overview::show(), &college);
    let mut stage = open(&fake);
    let row = stage.row("课程").unwrap_or_default();
    let due = crate::testkit::Setting::default().look().glyphs.not_due;
    assert!(row.contains(due) && !row.contains('?'), "{row}");
}
