//! The heat map on a stage.

use crate::app::{Params, Reply, ScreenId};
use crate::testkit::{Fake, Stage};
use serde_json::{Value, json};
use zhengai_model::fault::Fault;
use zhengai_wire::call::{Method, Request};
use zhengai_wire::heatmap::Heatmap;

/// Teachers in all.
const TOTAL: u64 = 5_000;

fn cell(at: u64, column: u64) -> Value {
    match (at % 5, column) {
        (0, 0) => {
            json!({"state": "number", "value": "27", "verdict": "unmet", "level": "serious", "standard": "<= 24", "verified": false, "period": "AY2025-T2"})
        }
        (_, 0) => {
            json!({"state": "number", "value": format!("{}", 9 + at % 7), "verdict": "achieved", "verified": true, "standard": "<= 24", "period": "AY2025-T2"})
        }
        (0, 1) => json!({"state": "no-data", "verdict": "undetermined", "verified": false, "gap": "没有数据行"}),
        (1, 1) => json!({"state": "not-applicable", "verdict": "not-applicable", "verified": false}),
        (2, 1) => json!({"state": "not-due", "verdict": "not-due", "verified": false}),
        (3, 1) => json!({"state": "undetermined", "verdict": "undetermined", "verified": false}),
        (_, 1) => json!({"state": "number", "value": "0", "verdict": "met", "verified": true, "standard": ">= 0"}),
        (3, _) => json!({"state": "none", "verified": false}),
        _ => json!({"state": "number", "value": "1234567.25", "verdict": "unjudged", "verified": true}),
    }
}

fn answer(request: &Request) -> Heatmap {
    let number = |name: &str, otherwise: u64| {
        let found = request.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (offset, limit) = (number("offset", 0), number("limit", 100));
    let items: Vec<Value> = (offset..(offset + limit).min(TOTAL))
        .map(|at| {
            json!({"object": format!("T{at:05}"), "name": format!("教师{at}"), "unmet": 1, "warned": 0,
                "cells": [cell(at, 0), cell(at, 1), cell(at, 2)]})
        })
        .collect();
    let value = json!({
        "run": {"id": "R20261122-004", "period": "AY2025", "period_name": "2025—2026 学年", "ended_at": null},
        "layer": "teacher", "layer_name": "教师层面", "kind": "teacher",
        "kinds": [{"id": "teacher", "label": "教师"}, {"id": "department", "label": "部门"}],
        "periods": [{"id": "AY2025", "label": "2025—2026 学年"}, {"id": "AY2025-T2", "label": "第二学期"}],
        "levels": [{"id": "notice", "label": "提示"}, {"id": "serious", "label": "严重"}],
        "columns": [
            {"code": "TEA-HOURS", "name": "周学时", "unit": "学时", "point": "teacher.load"},
            {"code": "TEA-SUPERVISION", "name": "督导评分均分", "unit": "分", "point": "teacher.teaching"},
            {"code": "TEA-FUNDS", "name": "到账经费", "unit": "元", "point": "teacher.research"},
        ],
        "items": items, "total": TOTAL, "offset": offset,
    });
    serde_json::from_value(value).expect("a heat map")
}

fn fake() -> Fake {
    Fake::new().with(Method::Get, "heatmap", |request| Ok(Reply::of(&answer(request))))
}

fn open(fake: &Fake) -> Stage<'_> {
    Stage::open(ScreenId::Heatmap, &Params::new().with("layer", "teacher"), fake)
}

#[test]
fn it_looks_the_same_in_every_language_size_and_terminal_as_it_did() {
    crate::snapshots!("heatmap", ScreenId::Heatmap, Params::new().with("layer", "teacher"), &fake(), "");
    crate::snapshots!("heatmap-turned", ScreenId::Heatmap, Params::new().with("layer", "teacher"), &fake(), "t down");
}

#[test]
fn zero_and_the_four_ways_to_have_no_number_are_five_different_cells() {
    let fake = fake();
    let mut stage = open(&fake);
    let text = stage.text();
    for (teacher, words) in
        [("教师0", "无数据"), ("教师1", "不适用"), ("教师2", "未到期"), ("教师3", "无法判定"), ("教师4", " 0 ")]
    {
        let row = text.lines().find(|line| line.contains(teacher)).unwrap_or_default();
        assert!(row.contains(words), "{teacher}: {row}");
    }
    assert!(text.contains("未核实"), "{text}");
}

#[test]
fn a_cell_leads_to_its_object_and_to_its_explanation() {
    let fake = fake();
    let mut stage = open(&fake);
    assert_eq!(stage.press("down enter").screen(), Some(ScreenId::Portrait));
    let mut stage = open(&fake);
    assert_eq!(stage.press("f9").screen(), Some(ScreenId::Why));
    let mut stage = open(&fake);
    stage.press("down down down right right f9");
    assert_eq!(stage.screen(), Some(ScreenId::Heatmap), "a cell that is not computed has no explanation");
}

#[test]
fn only_pages_that_are_looked_at_are_asked_for() {
    let fake = fake();
    let mut stage = open(&fake);
    let asked = |stage: &Stage<'_>| stage.requests().iter().filter(|request| request.path.ends_with("heatmap")).count();
    assert_eq!(asked(&stage), 1);
    stage.press("down down pagedown");
    assert_eq!(asked(&stage), 1);
    stage.press("ctrl+end");
    assert_eq!(asked(&stage), 2);
    assert!(stage.last_request().contains("offset=4800"), "{}", stage.last_request());
    assert!(stage.text().contains("教师4999"));
}

#[test]
fn order_period_unit_and_search_go_to_the_server() {
    let fake = fake();
    for (keys, expected) in [
        ("f6", "sort=name"),
        ("f6 f6", "sort=id"),
        (r#"f3 "李" f10"#, "search=%E6%9D%8E"),
        (r#"o "department/D01" f10"#, "unit=department%2FD01"),
        ("p down down enter", "period=AY2025-T2"),
        ("K down enter", "kind=department"),
        ("L down enter", "layer="),
    ] {
        let mut stage = open(&fake);
        stage.press(keys);
        assert!(stage.last_request().contains(expected), "{keys}: {}", stage.last_request());
    }
}

#[test]
fn rows_and_columns_turn_and_turn_back_under_the_same_cell() {
    let fake = fake();
    let mut stage = open(&fake);
    stage.press("down right");
    let before = stage.row("督导评分均分（").expect("the cell in words");
    assert_eq!(stage.press("t").row("督导评分均分（"), Some(before.clone()));
    assert_eq!(stage.press("t").row("督导评分均分（"), Some(before));
}

#[test]
fn clicks_move_the_cursor_and_open() {
    let fake = fake();
    let mut stage = open(&fake);
    assert_eq!(stage.click("无数据").screen(), Some(ScreenId::Heatmap));
    assert_eq!(stage.click("无数据").screen(), Some(ScreenId::Portrait));
}

#[test]
fn a_refusal_is_said_in_full_and_any_size_is_drawn() {
    let refused = Fake::new().refuse(Method::Get, "heatmap", Fault::NotFound, "还没有诊断运行");
    assert!(open(&refused).text().contains("还没有诊断运行"));
    let fake = fake();
    open(&fake).draw_at_every_size().draw_bare_at_every_size();
    open(&fake).press("t").draw_at_every_size();
}
