//! The desk over canned answers.

use crate::app::{Params, Reply, ScreenId};
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use serde_json::json;
use zhengai_model::fault::Fault;
use zhengai_wire::call::{Method, Request};
use zhengai_wire::{Failure, Problem};

const SQL: &str = "SELECT name, count(*) AS n FROM students GROUP BY name";

fn answer(offset: u64, rows: u64, more: bool) -> serde_json::Value {
    let row = |at: u64| json!([format!("第{at}系"), (at * 7).to_string(), null]);
    json!({
        "columns": [
            {"name": "name", "type": "Utf8View", "numeric": false},
            {"name": "n", "type": "Int64", "numeric": true},
            {"name": "left_on", "type": "Date32", "numeric": false},
        ],
        "rows": (offset..offset + rows).map(row).collect::<Vec<_>>(),
        "offset": offset, "cut": more.then_some("rows"), "versions": {"students": 3}, "millis": 41,
    })
}

fn words() -> serde_json::Value {
    json!({
        "datasets": [{"id": "students", "name": "学生", "fields": [
            {"field": "class_id", "name": "班级代码", "type": "text", "telling": false},
            {"field": "class_name", "name": "班级名称", "type": "text", "telling": false},
        ]}],
        "functions": ["count"], "keywords": ["SELECT"],
    })
}

fn fake() -> Fake {
    Fake::new().get("query/words", &words()).on(Method::Post, "query", &answer(0, 3, false)).on(
        Method::Post,
        "query/plan",
        &json!({"steps": ["Aggregate: count(*)", "  TableScan: students"]}),
    )
}

fn given() -> Params {
    Params::new().with("sql", SQL)
}

#[test]
fn the_desk_looks_as_it_should_empty_with_rows_and_with_a_plan() {
    let fake = fake();
    snapshots!("query-empty", ScreenId::Query, Params::new(), &fake, "");
    snapshots!("query-rows", ScreenId::Query, given(), &fake, "down");
    snapshots!("query-plan", ScreenId::Query, given(), &fake, "alt+p");
}

#[test]
fn a_query_that_is_refused_says_why_where_the_rows_would_be() {
    let detail = "查询台只能读取数据，不允许“DELETE”。";
    let fake = fake().refuse(Method::Post, "query", Fault::Invalid, detail);
    snapshots!("query-refused", ScreenId::Query, Params::new().with("sql", "DELETE FROM students"), &fake, "");
}

#[test]
fn a_fault_in_the_sql_is_marked_where_it_lies_and_the_next_key_writes_there() {
    let mut problem = Problem::new(Fault::NotFound, "warehouse-desk-table", "没有数据集“studens”。");
    (problem.line, problem.column) = (Some(2), Some(6));
    let refuse = move |_: &Request| Err(Failure::Problem(Box::new(problem.clone())));
    let fake = fake().with(Method::Post, "query", refuse.clone()).with(Method::Post, "query/plan", refuse);
    for ask in ["f10", "alt+p"] {
        let mut stage = Stage::open(ScreenId::Query, &Params::new(), &fake);
        stage.press("\"SELECT name\" enter \"FROM studens\"").press(ask);
        let shown = stage.text();
        assert!(shown.contains("没有数据集“studens”"), "{shown}");
        let before = stage.cursor();
        stage.press(&"delete ".repeat("studens".len())).press("\"students\"");
        assert!(stage.text().contains("FROM students"), "{}\n{before:?}", stage.text());
    }
}

#[test]
fn enter_writes_a_line_and_the_submit_key_runs() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Query, &Params::new(), &fake);
    stage.press("\"SELECT 1\" enter \"LIMIT 1\"");
    assert_eq!(stage.acts().len(), 0);
    stage.press("f10");
    assert_eq!(stage.acts(), ["POST /v1/query {\"limit\":200,\"offset\":0,\"sql\":\"SELECT 1\\nLIMIT 1\"}"]);
}

#[test]
fn completion_puts_the_word_in_place_of_what_was_typed() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Query, &Params::new(), &fake);
    stage.press("\"SELECT * FROM stu\" alt+n");
    assert!(stage.text().contains("SELECT * FROM students"), "{}", stage.text());
    stage.press("\" WHERE cl\" alt+n");
    assert!(stage.text().contains("class_name"), "several: a list is offered\n{}", stage.text());
    stage.press("down enter");
    assert!(stage.text().contains("WHERE class_name"), "{}", stage.text());
}

#[test]
fn at_the_end_of_what_is_here_the_next_rows_are_fetched() {
    let fake = fake().with(Method::Post, "query", |request| {
        let offset = request.body.as_ref().and_then(|body| body["offset"].as_u64()).unwrap_or(0);
        Ok(Reply::of(&answer(offset, 200, offset == 0)))
    });
    let mut stage = Stage::open(ScreenId::Query, &given(), &fake);
    stage.press("ctrl+end");
    assert_eq!(stage.acts().len(), 2);
    assert!(stage.text().contains("400"), "{}", stage.text());
    stage.press("ctrl+end");
    assert_eq!(stage.acts().len(), 2, "there is no more");
}

#[test]
fn rows_are_exported_as_they_are_here_without_another_run() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Query, &given(), &fake);
    stage.press("alt+x f10");
    let acts = stage.acts();
    assert_eq!(acts.len(), 2, "the run and the export: {acts:?}");
    assert!(acts[1].starts_with("POST /v1/query/export") && acts[1].contains("第2系"), "{acts:?}");
}

#[test]
fn what_was_typed_last_is_there_again() {
    let fake = fake().draft("query", "SELECT 42");
    let mut stage = Stage::open(ScreenId::Query, &Params::new(), &fake);
    assert!(stage.text().contains("SELECT 42"), "{}", stage.text());
    assert_eq!(stage.acts().len(), 0, "nothing runs by itself");
}
