//! What the query desk bears: the largest statement that is read runs on the smallest stack, and whatever would take all
//! memory or all time is refused before it does.

use super::*;
use crate::{DeskLimits, Readable, WarehouseError};
use std::collections::BTreeSet;
use std::time::Duration;

const LIMITS: DeskLimits = DeskLimits { rows: 100, bytes: 1 << 20, memory: 64 << 20, time: Duration::from_secs(120) };

/// The first cell of the answer, asked on threads as tokio makes them when nobody says how.
fn ask(questions: Vec<String>, limits: DeskLimits) -> Vec<(String, Result<Option<String>>)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let house = House::new();
    let asked = runtime.spawn(async move {
        let marks = marks();
        let rows: [&[&str]; 2] = [&["2025-09-01", "S1", "到"], &["2025-09-02", "S1", "旷"]];
        house.import(&marks, "b1", LoadMode::Upsert, mark_rows(&rows)).await;
        let mut answers = Vec::new();
        for sql in questions {
            let readable = [Readable { dataset: &marks, masked: BTreeSet::new() }];
            let answer = match house.warehouse.desk(&sql, &readable, limits).await {
                Ok(query) => query.run(0, 10, &CancelFlag::new()).await,
                Err(error) => Err(error),
            };
            let first = answer.map(|answer| answer.rows.into_iter().next().and_then(|row| row.into_iter().next()?));
            answers.push((sql, first));
        }
        answers
    });
    runtime.block_on(asked).expect("the process goes on")
}

#[track_caller]
fn check(cases: Vec<(String, Option<&str>)>) {
    let (questions, expected): (Vec<String>, Vec<Option<&str>>) = cases.into_iter().unzip();
    for ((sql, answer), expected) in ask(questions, LIMITS).into_iter().zip(expected) {
        let short: String = sql.chars().take(90).collect();
        let answer = answer.unwrap_or_else(|error| panic!("{short}: {error:?}"));
        assert_eq!(answer.as_deref(), expected, "{short}");
    }
}

#[test]
fn the_largest_statement_of_each_shape_is_planned_and_run_on_the_smallest_stack() {
    let nested = |open: &str, inner: &str, close: &str, deep: usize| {
        format!("SELECT {}{inner}{} FROM mark ORDER BY 1", open.repeat(deep), close.repeat(deep))
    };
    let branches: String = (5..190).map(|line| format!(" WHEN _line = {line} THEN 'x'")).collect();
    let joined = format!("到{}", "x".repeat(40));
    let joins: String = (0..18).map(|at| format!(" CROSS JOIN (VALUES (1)) AS v{at}")).collect();
    let steps: String =
        (1..31).map(|at| format!(", a{at} AS (SELECT n + 1 AS n FROM a{} WHERE n > 0)", at - 1)).collect();
    check(vec![
        (format!("SELECT _line{} FROM mark ORDER BY 1", " + 1".repeat(380)), Some("382")),
        (format!("SELECT state{} FROM mark ORDER BY 1", " || 'x'".repeat(40)), Some(joined.as_str())),
        (format!("SELECT count(*) FROM mark WHERE state = 'z'{}", " OR state = 'y'".repeat(180)), Some("0")),
        (format!("SELECT count(*) FROM mark WHERE state = '到'{}", " AND state <> 'z'".repeat(180)), Some("1")),
        (format!("SELECT CASE{branches} ELSE 'y' END FROM mark"), Some("y")),
        (nested("abs(", "_line", ")", 20), Some("2")),
        (nested("(", "_line", ")", 20), Some("2")),
        (format!("SELECT _line IN (0{}) FROM mark ORDER BY 1 DESC", ", -7".repeat(9_000)), Some("false")),
        (vec!["SELECT 1"; 24].join(" UNION ALL "), Some("1")),
        (format!("SELECT count(*) FROM mark{joins}"), Some("2")),
        (format!("WITH a0 AS (SELECT _line AS n FROM mark){steps} SELECT min(n) FROM a30"), Some("32")),
        ("SELECT 'a' || _line || NULL FROM mark".to_owned(), None),
        ("SELECT day || state FROM mark ORDER BY 1".to_owned(), Some("2025-09-01到")),
        ("SELECT replace(student_id, 'S', 'T') FROM mark ORDER BY 1".to_owned(), Some("T1")),
        ("SELECT overlay(student_id placing 'T' from 1) FROM mark ORDER BY 1".to_owned(), Some("T1")),
    ]);
}

#[test]
fn a_statement_larger_than_that_is_refused_before_it_is_parsed() {
    let questions = vec![
        format!("SELECT 1{}", "+1".repeat(16_000)),
        vec!["SELECT 1"; 3_400].join(" UNION ALL "),
        format!("EXPLAIN SELECT 1{}", " + 1".repeat(8_000)),
        format!("SELECT {}1{}", "abs(".repeat(5_000), ")".repeat(5_000)),
    ];
    for (sql, answer) in ask(questions, LIMITS) {
        let error = answer.expect_err(&sql);
        assert!(matches!(error, WarehouseError::DeskParts { most: 400, .. }), "{error:?}");
    }
}

#[test]
fn names_that_stand_for_ever_more_of_each_other_are_refused_before_they_are_unfolded() {
    let doubled = |first: &str, again: &dyn Fn(usize) -> String, last: &str, steps: usize| {
        let steps: String = (1..=steps).map(|at| format!(", a{at} AS ({})", again(at - 1))).collect();
        format!("WITH a0 AS ({first}){steps} {last}")
    };
    let questions = vec![
        doubled("SELECT state AS d FROM mark", &|at| format!("SELECT d || d AS d FROM a{at}"), "SELECT d FROM a30", 30),
        doubled(
            "SELECT _line AS n FROM mark",
            &|at| format!("SELECT n + n AS n FROM a{at}"),
            "SELECT n FROM a30 WHERE n > 1",
            30,
        ),
        doubled(
            "SELECT day AS d FROM mark",
            &|at| format!("SELECT * FROM a{at} UNION ALL SELECT * FROM a{at}"),
            "SELECT count(*) FROM a10",
            10,
        ),
        doubled(
            "SELECT day AS d FROM mark",
            &|at| format!("SELECT x.d FROM a{at} AS x, a{at} AS y"),
            "SELECT count(*) FROM a25",
            25,
        ),
    ];
    for (sql, answer) in ask(questions, LIMITS) {
        let error = answer.expect_err(&sql);
        assert!(matches!(error, WarehouseError::DeskUnfolds), "{sql}: {error:?}");
    }
}

#[test]
fn texts_that_would_grow_beyond_the_memory_are_refused_before_they_are_made() {
    let long = "x".repeat(1_900);
    let questions = vec![
        format!("SELECT length(replace(replace(replace('xxxx', 'x', '{long}'), 'x', '{long}'), 'x', '{long}'))"),
        format!("SELECT length(replace(replace(replace(student_id, 'S', '{long}'), 'x', '{long}'), 'x', '{long}')) FROM mark"),
        format!("SELECT length(regexp_replace(regexp_replace(regexp_replace(state, '.', '{long}', 'g'), '.', '{long}', 'g'), '.', '{long}', 'g')) FROM mark"),
        "WITH RECURSIVE r AS (SELECT 'xxxxxxxx' AS s, 1 AS n UNION ALL SELECT s || s, n + 1 FROM r WHERE n < 40) \
         SELECT max(length(s)) FROM r"
            .to_owned(),
        "WITH RECURSIVE r AS (SELECT 'xxxxxxxx' AS s, 1 AS n UNION ALL SELECT concat(s, s), n + 1 FROM r WHERE n < 40) \
         SELECT max(length(s)) FROM r"
            .to_owned(),
    ];
    for (sql, answer) in ask(questions, LIMITS) {
        let error = answer.expect_err(&sql);
        assert!(matches!(error, WarehouseError::DeskMemory { .. }), "{error:?}: {sql}");
    }
}

#[test]
fn functions_without_a_bound_are_not_there_under_any_name() {
    let calls = [
        "repeat('x', 9)",
        "lpad('x', 9)",
        "rpad('x', 9)",
        "levenshtein('a', 'b')",
        "range(1, 9)",
        "[1, 2]",
        "make_array(1, 2)",
        "struct(1, 2)",
        "{'a': 1}",
        "MAP {'a': 1}",
        "array_concat(1, 2)",
        "arrow_cast(1, 'Int8')",
        "encode('a', 'hex')",
        "version()",
        "input_file_name()",
        "generate_series(1, 9)",
    ];
    let questions = calls.map(|call| format!("SELECT {call}")).to_vec();
    for (sql, answer) in ask(questions, LIMITS) {
        let error = answer.expect_err(&sql);
        assert!(matches!(error, WarehouseError::DeskSql { .. }), "{sql}: {error:?}");
    }
}

#[test]
fn planning_counts_for_the_time_that_a_query_has() {
    let limits = DeskLimits { time: Duration::from_nanos(1), ..LIMITS };
    for (_, answer) in ask(vec![format!("SELECT 1{}", " + 1".repeat(300))], limits) {
        let error = answer.expect_err("no time");
        assert!(matches!(error, WarehouseError::DeskTime { .. }), "{error:?}");
    }
}
