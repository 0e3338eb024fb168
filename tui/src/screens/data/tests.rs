//! The screen over canned answers.

use crate::app::{Params, ScreenId};
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use chrono::{DateTime, Utc};
use serde_json::json;
use zhengai_wire::call::Method;
use zhengai_wire::{Job, JobState};

fn page(items: serde_json::Value) -> serde_json::Value {
    let total = items.as_array().map_or(0, Vec::len);
    json!({"items": items, "total": total, "offset": 0})
}

fn batch(id: &str, state: &str, rejected: u64) -> serde_json::Value {
    json!({
        "id": id, "dataset": "students", "state": state, "file": "06-学生.csv", "sheet": null, "mode": "upsert",
        "counts": {"read": 605, "new": 600, "changed": 2, "gone": 0, "unchanged": 0, "rejected": rejected, "before": 12},
        "table_version": null, "reason": "rejects", "reason_text": "被拒的行超过设定的比例", "detail": {},
        "at": "2026-11-20T08:30:00Z", "by": "王建国", "updated_at": "2026-11-20T08:31:00Z",
    })
}

fn reject(line: u64, column: &str, value: &str, state: &str) -> serde_json::Value {
    json!({
        "file": "06-学生.csv", "sheet": null, "line": line, "column": column, "rule": "code.unknown", "value": value,
        "reason": "“学籍状态”的值“走读”不在代码表中。", "state": state, "by": (state != "open").then_some("B20261120-009"),
        "cells": [
            {"column": "学号", "text": format!("20250{line}")}, {"column": "姓名", "text": "欧阳修文"},
            {"column": "学籍状态", "text": "走读"}, {"column": "离校日期", "text": ""},
        ],
    })
}

fn fake() -> Fake {
    let sync = |state: &str| {
        json!({
            "id": "S20261120-001", "source": "jw", "state": state, "at": "2026-11-20T02:00:00Z", "by": "system",
            "ended_at": "2026-11-20T02:04:00Z",
        })
    };
    let source = |id: &str, enabled: bool, last: serde_json::Value| {
        json!({
            "id": id, "plugin": "connector-sql", "component": "sql", "config": {}, "review": null, "enabled": enabled,
            "streams": [{"stream": "xs", "dataset": "students", "mode": null, "cursor": null, "batch": null, "at": null}],
            "waiting": if id == "jw" { vec!["B20261120-002"] } else { vec![] }, "last": last,
        })
    };
    let sources = json!([
        source("jw", true, sync("finished")),
        source("card", true, sync("failed")),
        source("moodle", true, json!(null)),
        source("old", false, sync("cancelled")),
    ]);
    let dataset = |id: &str, name: &str, rows: serde_json::Value, computed: bool| {
        json!({
            "id": id, "name": name, "layer": "student", "privacy": "personal", "computed": computed, "rows": rows,
            "version": 3, "bytes": 1024, "fresh_at": "2026-11-20T08:31:00Z", "waiting": 1,
        })
    };
    let plan = json!([
        {"line": 4, "key": [{"field": "student_id", "value": "2025001"}],
         "changes": [{"field": "status", "before": "enrolled", "after": "suspended"}]},
        {"line": 9, "key": [{"field": "student_id", "value": "2025002"}],
         "changes": [{"field": "left_on", "before": null, "after": "2026-06-30"}]},
    ]);
    let detail = json!({
        "line": dataset("students", "学生", json!(600), false), "about": "在校与离校学生，一人一行。",
        "key": ["student_id"], "load": "upsert", "time": null, "checks": [],
        "fields": [
            {"field": "student_id", "name": "学号", "type": "text", "required": true, "key": true, "unit": null,
             "min": null, "max": null, "object": "student", "references": null},
            {"field": "score", "name": "入学成绩", "type": "decimal", "required": false, "key": false, "unit": "分",
             "min": "0", "max": "750", "object": null, "references": null},
        ],
    });
    let period = |id: &str, name: &str, state: &str, settled: serde_json::Value| {
        json!({
            "id": id, "name": name, "kind": "academic-year", "start": "2025-09-01", "end": "2026-09-01", "over": true,
            "state": state, "settled": settled,
        })
    };
    let locked = json!({
        "period": "AY2024", "state": "locked", "why": "已上报省厅", "updated_at": "2026-01-10T01:00:00Z", "by": "李敏",
    });
    Fake::new()
        .get(
            "periods",
            &json!([
                period("AY2025", "2025–2026学年", "grace", json!(null)),
                period("AY2024", "2024–2025学年", "locked", locked.clone()),
            ]),
        )
        .on(Method::Post, "periods/*/lock", &locked)
        .on(Method::Post, "periods/*/unlock", &locked)
        .get(
            "secrets",
            &json!([
                {"name": "jw-key", "set": true, "sources": ["jw"]}, {"name": "moodle", "set": false, "sources": ["moodle"]},
            ]),
        )
        .on(Method::Put, "secrets/*", &json!(null))
        .get("plugins", &json!({"plugins": [connector("connector-sql", "数据库连接器"), connector("connector-file", "文件连接器")]}))
        .get("plugins/*/form", &schema())
        .get("sources/jw", &jw())
        .on(Method::Put, "sources/jw", &jw())
        .on(Method::Post, "sources/kq", &jw())
        .on(Method::Delete, "sources/jw", &json!(null))
        .on(Method::Post, "sources/*/discover", &job("source-discover", "jw"))
        .get("sources", &page(sources))
        .get("syncs", &page(json!([sync("finished"), sync("interrupted")])))
        .get("batches", &page(json!([batch("B20261120-002", "held", 5), batch("B20261120-001", "applied", 0)])))
        .get("batches/*", &batch("B20261120-002", "held", 5))
        .get("batches/*/plan", &page(plan))
        .get(
            "batches/*/rejects",
            &page(json!([reject(602, "学籍状态", "走读", "open"), reject(603, "学籍状态", "走读", "mended")])),
        )
        .get(
            "datasets",
            &page(json!([
                dataset("students", "学生", json!(600), false),
                dataset("streaks", "连续缺勤", json!(null), true),
                dataset("grants", "资助", json!(null), false),
            ])),
        )
        .get("datasets/*", &detail)
        .on(Method::Post, "sources/*/sync", &job("sync", "jw"))
        .on(Method::Post, "sources/*/check", &job("source-check", "jw"))
        .on(Method::Post, "batches/*/approve", &job("approve", "B20261120-002"))
        .on(Method::Post, "batches/*/refuse", &batch("B20261120-002", "refused", 5))
        .on(Method::Post, "batches/*/rejects/mend", &job("mend", "B20261120-002"))
        .on(
            Method::Post,
            "batches/*/rejects/check",
            &json!({
                "batch": null, "dataset": "students", "outcome": "planned", "still": [], "changes": [],
                "counts": {"read": 1, "new": 1, "changed": 0, "gone": 0, "unchanged": 0, "rejected": 0, "before": 600},
            }),
        )
}

fn connector(id: &str, name: &str) -> serde_json::Value {
    json!({
        "id": id, "name": name, "kind": "connector", "version": "1.0.0", "state": "enabled", "state_name": "已启用",
        "runs": "worker", "runs_name": "隔离进程", "ships": false, "fetches": true, "trusted": false, "faults": 0, "lock": "none",
    })
}

/// What the connector asks for.
fn schema() -> serde_json::Value {
    let config = json!({
        "type": "object", "required": ["url"],
        "properties": {
            "url": {"type": "string", "title": {"zh": "地址", "en": "Address"}},
            "password": {"type": "string", "writeOnly": true, "title": {"zh": "密码", "en": "Password"}},
            "page_rows": {"type": "integer", "title": {"zh": "每页行数", "en": "Rows per page"}},
        },
    });
    json!({"components": [{"name": "sql", "can": ["check", "discover", "read"], "config": config}]})
}

/// A source whose configuration has more than its form shows.
fn jw() -> serde_json::Value {
    json!({
        "id": "jw", "plugin": "connector-sql", "component": "sql", "review": "hold", "enabled": true, "waiting": [],
        "config": {"url": "https://jw.example.edu.cn", "password": {"$secret": "jw-key"}, "extra": {"deep": [1]}},
        "secrets": ["jw-key"], "last": null,
        "streams": [{
            "stream": "xs", "dataset": "students", "mode": "upsert", "cursor": null, "batch": null, "at": null,
            "mapping": {"dataset": null, "only": false, "empty": [], "field": {"student_id": {"column": "XH"}}},
            "options": {"page": 3},
        }],
    })
}

fn job(kind: &str, subject: &str) -> Job {
    Job {
        id: "J1".to_owned(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        actor: "王建国".to_owned(),
        state: JobState::Running,
        progress: zhengai_wire::job::Progress::default(),
        queued_at: DateTime::<Utc>::default(),
        started_at: None,
        ended_at: None,
        result: None,
        problem: None,
    }
}

fn workbench(fake: &Fake) -> Stage<'_> {
    Stage::open(ScreenId::Data, &Params::new().with("rejects", "B20261120-002"), fake)
}

#[test]
fn each_tab_looks_as_it_should_at_every_size_in_both_languages() {
    let fake = fake();
    for tab in ["sources", "syncs", "review", "batches", "datasets", "secrets", "periods"] {
        snapshots!(format!("data-{tab}"), ScreenId::Data, Params::new().with("tab", tab), &fake, "down");
    }
}

#[test]
fn a_plan_a_workbench_and_a_dataset_look_as_they_should() {
    let fake = fake();
    let one = |name: &str, id: &str| Params::new().with(name, id);
    snapshots!("data-plan", ScreenId::Data, one("plan", "B20261120-002"), &fake, "tab down");
    snapshots!("data-plan-bad", ScreenId::Data, one("plan", "B20261120-002"), &fake, "shift+tab");
    snapshots!("data-rejects", ScreenId::Data, one("rejects", "B20261120-002"), &fake, "tab");
    snapshots!("data-dataset", ScreenId::Data, one("dataset", "students"), &fake, "down");
}

#[test]
fn the_key_for_what_a_screen_is_for_syncs_a_source_and_asks_before_it_approves_a_batch() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new(), &fake);
    stage.press("f10");
    assert_eq!(stage.acts(), ["POST /v1/sources/jw/sync {\"extent\":\"do\",\"reach\":\"new\"}"]);
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("tab", "review"), &fake);
    stage.press("f10");
    assert_eq!(stage.acts().len(), 0, "a question stands between");
    assert!(stage.text().contains("B20261120-002"), "{}", stage.text());
}

#[test]
fn a_refusal_without_a_reason_is_not_sent() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("tab", "review"), &fake);
    stage.press("delete f10");
    assert_eq!(stage.acts().len(), 0);
    stage.press("delete \"重复\" f10");
    assert_eq!(stage.acts(), ["POST /v1/batches/B20261120-002/refuse {\"why\":\"重复\"}"]);
}

#[test]
fn a_cell_is_mended_in_place_checked_and_kept_as_a_draft_until_it_is_taken_in() {
    let fake = fake();
    let mut stage = workbench(&fake);
    stage.press("f4 ctrl+u \"在读\" f10");
    assert!(stage.text().contains("在读") && stage.text().contains("已修改"), "{}", stage.text());
    stage.press("alt+k");
    let sent = "POST /v1/batches/B20261120-002/rejects/check \
                {\"rest\":\"stays\",\"rows\":[{\"cells\":{\"学籍状态\":\"在读\"},\"line\":602}]}";
    assert_eq!(stage.acts(), [sent]);
    assert!(stage.text().contains("检查通过"), "{}", stage.text());
    let draft = format!("{:?}", stage.effects());
    assert!(draft.contains("rejects-B20261120-002"), "{draft}");
}

#[test]
fn a_row_that_went_in_is_not_edited_again() {
    let fake = fake();
    let mut stage = workbench(&fake);
    stage.press("down f4");
    let before = stage.text();
    stage.press("\"x\"");
    assert_eq!(stage.acts().len(), 0);
    assert!(before.contains("已修正"), "{before}");
}

#[test]
fn edits_of_an_earlier_session_are_there_again() {
    let fake = fake().draft("rejects-B20261120-002", "{\"602\":{\"学籍状态\":\"休学\"}}");
    let stage = workbench(&fake);
    let mut stage = stage;
    assert!(stage.text().contains("休学"), "{}", stage.text());
}

fn sent(stage: &Stage<'_>) -> serde_json::Value {
    let body = stage.requests().iter().rev().find_map(|request| request.body.clone()).expect("a body");
    let text =
        |name: &str| body[name]["text"].as_str().map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    json!({"config": text("config"), "streams": text("streams"), "review": body["review"]})
}

#[test]
fn a_source_is_edited_in_a_form_and_keeps_what_the_form_does_not_show() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("source", "jw"), &fake);
    assert!(stage.text().contains("jw-key") && stage.text().contains("地址"), "{}", stage.text());
    stage.press("ctrl+u \"https://new\" f10");
    let act = stage.acts().pop().unwrap_or_default();
    assert!(act.starts_with("PUT /v1/sources/jw "), "{act}");
    let expected = json!({
        "config": {"url": "https://new", "password": {"$secret": "jw-key"}, "extra": {"deep": [1]}},
        "streams": {"stream": [{
            "stream": "xs", "dataset": "students", "mode": "upsert", "options": {"page": 3},
            "mapping": {"field": {"student_id": {"column": "XH"}}},
        }]},
        "review": "hold",
    });
    assert_eq!(sent(&stage), expected);
}

#[test]
fn a_new_source_asks_for_its_connector_and_without_streams_takes_those_with_names_of_datasets() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new(), &fake);
    stage.press("insert enter");
    assert!(stage.text().contains("connector-sql"), "{}", stage.text());
    stage.press("f10");
    assert_eq!(stage.acts().len(), 0, "a name and an address are missing");
    stage.press("\"kq\" enter \"https://kq\" enter enter \"jw-key\" f10");
    let act = stage.acts().pop().unwrap_or_default();
    assert!(act.starts_with("POST /v1/sources/kq ") && act.contains("$secret") && !act.contains("streams"), "{act}");
}

#[test]
fn a_mapping_that_cannot_be_read_is_told_under_its_field_and_not_sent() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("source", "jw"), &fake);
    stage.press("alt+m shift+tab \"= broken\" f10");
    assert_eq!(stage.acts().len(), 0, "{:?}", stage.acts());
}

#[test]
fn the_value_of_a_secret_is_neither_shown_nor_kept_and_an_empty_one_is_not_sent() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("tab", "secrets"), &fake);
    stage.press("f10");
    assert!(stage.app().secret(), "what is typed is left out of recordings");
    stage.press("f10");
    assert_eq!(stage.acts().len(), 0);
    stage.press("f10 \"hunter2\"");
    assert!(!stage.text().contains("hunter2"), "{}", stage.text());
    stage.press("f10");
    assert_eq!(stage.acts(), ["PUT /v1/secrets/jw-key {\"value\":\"hunter2\"}"]);
    assert!(!stage.text().contains("hunter2") && !format!("{:?}", stage.effects()).contains("hunter2"));
}

#[test]
fn a_source_is_removed_after_a_question_and_a_secret_set_from_its_field() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new(), &fake);
    stage.press("delete");
    assert_eq!(stage.acts().len(), 0);
    stage.press("\"换新系统\" f10");
    let act = stage.acts().pop().unwrap_or_default();
    assert!(act.starts_with("DELETE /v1/sources/jw?why="), "{act}");
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("source", "jw"), &fake);
    stage.press("tab tab alt+t \"geheim\" f10");
    assert_eq!(stage.acts(), ["PUT /v1/secrets/jw-key {\"value\":\"geheim\"}"]);
}

#[test]
fn a_period_is_locked_with_a_reason_and_a_locked_one_opened_again() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("tab", "periods"), &fake);
    stage.press("f10 f10");
    assert_eq!(stage.acts().len(), 0, "no reason, no lock");
    stage.press("f10 \"已上报\" f10");
    assert_eq!(stage.acts(), ["POST /v1/periods/AY2025/lock {\"why\":\"已上报\"}"]);
    stage.press("down f10 \"补报\" f10");
    assert_eq!(stage.acts().pop().as_deref(), Some("POST /v1/periods/AY2024/unlock {\"why\":\"补报\"}"));
}

#[test]
fn the_form_of_a_source_looks_as_it_should() {
    let fake = fake();
    snapshots!("data-source", ScreenId::Data, Params::new().with("source", "jw"), &fake, "tab tab");
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("source", "jw"), &fake);
    stage.draw_at_every_size().draw_bare_at_every_size();
}

#[test]
fn what_was_typed_about_a_source_outlives_a_crash_and_is_thrown_away_on_request() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("source", "jw"), &fake);
    stage.press("ctrl+u \"https://half\"").wait(200);
    let kept = stage.effects().iter().find_map(|effect| match effect {
        crate::effect::Effect::KeepDraft { key, text } if key == "source/jw" => Some(text.clone()),
        _ => None,
    });
    let later = self::fake().draft("source/jw", &kept.expect("kept"));
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("source", "jw"), &later);
    assert!(stage.text().contains("https://half") && stage.text().contains("jw-key"), "{}", stage.text());
    stage.press("alt+z right enter");
    assert!(format!("{:?}", stage.effects()).contains("DropDraft"), "{:?}", stage.effects());
    assert_eq!(stage.acts().len(), 0);
}

#[test]
fn what_a_dry_run_found_is_told_stream_by_stream() {
    let counts = json!({"read": 5, "new": 3, "changed": 1, "gone": 0, "unchanged": 0, "rejected": 1, "before": 9});
    let stream = json!({
        "stream": "xs", "dataset": "students", "outcome": "planned", "batches": [], "counts": counts, "retries": 0,
    });
    let over = Job {
        state: JobState::Done,
        result: Some(json!({"id": null, "source": "jw", "streams": [stream]})),
        ..job("sync", "jw")
    };
    let fake = fake().job("J1", vec![over]);
    let mut stage = Stage::open(ScreenId::Data, &Params::new(), &fake);
    stage.press("alt+p");
    let shown = stage.text();
    assert!(shown.contains("知道了") && !shown.contains("不了"), "a notice has one button: {shown}");
    assert!(shown.contains("没有写入任何数据") && shown.contains("新增 3") && shown.contains("退回 1"), "{shown}");
}

#[test]
fn a_plan_is_asked_for_anew_when_its_batch_was_written_and_then_offers_no_decision() {
    let over = Job { state: JobState::Done, ..job("approve", "B20261120-002") };
    let written = std::rc::Rc::new(std::cell::Cell::new(false));
    let (seen, write) = (written.clone(), written);
    let reply = |value: &serde_json::Value| Ok(crate::app::Reply::of(value));
    let started = job("approve", "B20261120-002");
    let fake = fake()
        .with(Method::Get, "batches/*", move |_| {
            let state = if seen.get() { "applied" } else { "held" };
            reply(&batch("B20261120-002", state, 5))
        })
        .with(Method::Post, "batches/*/approve", move |_| {
            write.set(true);
            Ok(crate::app::Reply::of(&started))
        })
        .job("J1", vec![over]);
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("plan", "B20261120-002"), &fake);
    assert!(stage.text().contains("F10 批准"), "{}", stage.text());
    stage.press("f10 f10");
    assert_eq!(stage.acts().len(), 1);
    let hints = stage.text().lines().last().unwrap_or_default().to_owned();
    assert!(!hints.contains("批准") && !hints.contains("驳回"), "{hints}");
    stage.press("f10 delete");
    assert_eq!(stage.acts().len(), 1, "what is written is not decided on again");
    assert!(stage.text().contains("不在待审核状态"), "{}", stage.text());
}

#[test]
fn the_whole_of_a_planned_row_and_of_a_reason_is_read_before_anything_is_decided() {
    let change =
        |at: u32| json!({"field": format!("field_{at}"), "before": "旧值", "after": format!("很长的新值{at}")});
    let changes: Vec<_> = (0..12).map(change).collect();
    let line = json!({"line": 4, "key": [{"field": "student_id", "value": "2025001"}], "changes": changes});
    let fake = fake().get("batches/*/plan", &page(json!([line])));
    let mut stage = Stage::open(ScreenId::Data, &Params::new().with("plan", "B20261120-002"), &fake);
    assert!(!stage.text().contains("很长的新值9"), "it is cut in the row: {}", stage.text());
    stage.press("enter end");
    assert!(stage.text().contains("field_11：旧值 改为 很长的新值11"), "{}", stage.text());
    stage.press("home");
    assert!(stage.text().contains("student_id") && stage.text().contains("field_0："), "{}", stage.text());
    stage.press("esc");
    assert!(!stage.text().contains("field_11"), "{}", stage.text());
    assert_eq!(stage.acts().len(), 0);
}

#[test]
fn a_long_reason_of_a_rejected_row_is_wrapped_below_it() {
    let reason = "“学籍状态”的值“走读”不在代码表中，可用的代码是在读、休学、退学、保留学籍、毕业、结业、肄业、转学、公派留学、参军入伍，请改成其中之一后再次提交。";
    let mut row = reject(602, "学籍状态", "走读", "open");
    if let Some(text) = row.get_mut("reason") {
        *text = json!(reason);
    }
    let fake = fake().get("batches/*/rejects", &page(json!([row])));
    let mut stage = workbench(&fake);
    let shown = stage.resize(100, 30).text().replace(['\n', ' '], "");
    assert!(shown.contains(reason), "{shown}");
}

#[test]
fn a_row_is_found_by_chinese_pinyin_or_initials_of_anything_in_it() {
    let fake = fake();
    for typed in ["资助", "zizhu", "zz", "grants"] {
        let mut stage = Stage::open(ScreenId::Data, &Params::new().with("tab", "datasets"), &fake);
        stage.press(&format!("f3 {typed:?} enter enter"));
        let asked = stage.requests().iter().any(|request| request.path.ends_with("/datasets/grants"));
        assert!(asked, "{typed}: {}", stage.text());
    }
}

#[test]
fn an_export_says_where_it_went_and_a_removed_source_is_said_to_be_removed() {
    let fake = fake().get("batches/*/rejects/export", &json!("x"));
    let mut stage = workbench(&fake);
    stage.press("alt+x f10");
    assert!(stage.text().contains("/home/wang/B20261120-002.xlsx"), "{}", stage.text());
    let mut stage = Stage::open(ScreenId::Data, &Params::new(), &fake);
    stage.press("delete \"换新系统\" f10");
    assert!(stage.text().contains("已删除") && !stage.text().contains("已保存"), "{}", stage.text());
}
