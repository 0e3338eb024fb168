//! Mending rejected rows in place, and what the query desk then says of them.

use crate::harness::College;
use crate::samples::{DEPARTMENTS, both, counts, departments, table, three_departments};
use serde_json::{Value, json};

/// A college with a batch that rejected lines 2 and 3; the other row went in.
fn rejected() -> (College, String) {
    let college = three_departments();
    let rows = ["D7,七系,公司,S1,2001-09-01", "D8,八系,教学单位,S1,上个月", "D9,九系,教学单位,S1,"];
    let file = college.file("next.csv", departments(&rows));
    let done = counts(&college, &file, "departments", &[]);
    assert_eq!((&done["new"], &done["rejected"]), (&json!(1), &json!(2)));
    let batch = done["batch"].as_str().expect("an id").to_owned();
    (college, batch)
}

const SEVENTH: [&str; 4] = ["--line", "2", "--cell", "部门类别=教学单位"];

fn mend(college: &College, batch: &str, more: &[&str]) -> crate::harness::Ran {
    college.run(&[&["reject", "mend", batch], more, &["--format", "json"]].concat())
}

fn states(college: &College, batch: &str) -> Vec<(u64, String, Value)> {
    let rows = college.json(&["reject", "list", batch]);
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| {
        (row["line"].as_u64().expect("a line"), row["state"].as_str().expect("a word").to_owned(), row["batch"].clone())
    })
    .collect()
}

#[test]
fn a_mended_row_goes_in_with_the_file_and_line_that_it_came_from() {
    let (college, batch) = rejected();
    let tried = mend(&college, &batch, &[&SEVENTH[..], &["--dry-run"]].concat()).good().json();
    assert_eq!((&tried[0]["new"], &tried[0]["batch"]), (&json!(1), &json!("")));
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(4), "a check keeps nothing");
    let done = mend(&college, &batch, &SEVENTH).good().json();
    let by = done[0]["batch"].clone();
    assert_eq!(states(&college, &batch), [(2, "mended".to_owned(), by.clone()), (3, "open".to_owned(), Value::Null)]);
    let shown = college.json(&["batch", "show", by.as_str().expect("an id")]);
    assert_eq!((&shown["file"], &shown["mends"]), (&json!("next.csv"), &json!(batch)));
    assert!(!shown.to_string().contains("公司"), "what was changed is for readers of the audit");
    let found = college.json(&["query", "SELECT name, _batch, _line FROM departments WHERE department_code = 'D7'"]);
    assert_eq!(found, json!([{"name": "七系", "_batch": by, "_line": 2}]));
}

#[test]
fn a_row_that_still_breaks_a_rule_stays_open_and_nothing_is_recorded_of_it() {
    let (college, batch) = rejected();
    let before = college.json(&["batch", "list"]);
    let done = mend(&college, &batch, &["--line", "2", "--cell", "部门类别=商店"]).exits(1).json();
    assert_eq!((&done[0]["rejected"], &done[0]["batch"]), (&json!(1), &json!("")));
    assert_eq!(college.json(&["batch", "list"]), before);
    let changed = [&SEVENTH[..], &["--line", "3"]].concat();
    let done = mend(&college, &batch, &changed).exits(1).json();
    assert_eq!((&done[0]["new"], &done[0]["rejected"]), (&json!(1), &json!(1)), "what passes goes in");
    assert_eq!(states(&college, &batch)[1].1, "open");
}

#[test]
fn a_row_is_mended_once_and_what_is_asked_wrongly_is_told() {
    let (college, batch) = rejected();
    mend(&college, &batch, &SEVENTH).good();
    let words: Vec<&str> = [&["reject", "mend", &batch], &SEVENTH[..]].concat();
    both(&college, &words, 5, &["第 2 行", "已修正"], &["Line 2", "mended before"]);
    let (college, batch) = rejected();
    let line = |line: &'static str, cell: &'static str| ["--line", line, "--cell", cell];
    mend(&college, &batch, &line("9", "部门类别=教学单位")).exits(4).says(&["第 9 行"]);
    mend(&college, &batch, &line("2", "没有这列=1")).exits(3).says(&["没有这列", "部门类别"]);
    mend(&college, &batch, &[&SEVENTH[..], &["--line", "2"]].concat()).exits(3).says(&["写了两次"]);
}

#[test]
fn a_batch_that_waits_is_decided_before_its_rejected_rows_are_mended_and_mended_rows_can_wait_too() {
    let college = three_departments();
    let file = college.file("held.csv", departments(&["D7,七系,公司,S1,", "D9,九系,教学单位,S1,"]));
    let held = counts(&college, &file, "departments", &["--review", "hold"]);
    let batch = held["batch"].as_str().expect("an id").to_owned();
    mend(&college, &batch, &SEVENTH).exits(5).says(&["还没有审定"]);
    college.run(&["batch", "approve", &batch]).good();
    let waits = mend(&college, &batch, &[&SEVENTH[..], &["--review", "hold"]].concat()).good().json();
    let by = waits[0]["batch"].as_str().expect("an id").to_owned();
    assert_eq!(states(&college, &batch)[0].1, "waiting");
    mend(&college, &batch, &SEVENTH).exits(5).says(&[&by]);
    college.run(&["batch", "reject", &by, "--why", "再核对"]).good();
    assert_eq!(states(&college, &batch)[0].1, "open", "a refused mend leaves the row open");
    mend(&college, &batch, &SEVENTH).good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(5));
}

#[test]
fn an_export_mended_as_csv_comes_back_in_either_language() {
    let (college, batch) = rejected();
    let out = college.path("rejects.csv");
    let path = out.to_string_lossy().into_owned();
    college.run(&["batch", "rejects", &batch, "--export", &path, "--lang", "en"]).good();
    let text = std::fs::read_to_string(&out).expect("text");
    assert!(text.starts_with(&format!("\u{feff}{}", DEPARTMENTS.trim_end())), "{text}");
    std::fs::write(&out, text.replace("公司", "教学单位").replace("上个月", "2024-09-01")).expect("written");
    let done = mend(&college, &batch, &[&path]).good().json();
    assert_eq!((&done[0]["new"], &done[0]["rejected"]), (&json!(2), &json!(0)));
    let bare = college.file("bare.csv", departments(&["D7,七系,教学单位,S1,"]));
    mend(&college, &batch, &[&bare.to_string_lossy()]).exits(3).says(&["没有行号列"]);
}

#[test]
fn rows_that_wait_for_another_dataset_pass_when_they_are_checked_again() {
    let college = three_departments();
    let (batch, again) = {
        let file = college.file("bad.csv", departments(&["D7,七系,公司,S1,"]));
        let batch = counts(&college, &file, "departments", &[])["batch"].as_str().expect("an id").to_owned();
        let again = college.run(&["reject", "replay", &batch, "--format", "json"]);
        (batch, again)
    };
    assert_eq!(again.exits(1).json()[0]["rejected"], 1, "nothing changed, so nothing passes");
    assert_eq!(states(&college, &batch)[0].1, "open");
}

#[test]
fn the_query_desk_answers_in_each_format_and_refuses_to_write() {
    let college = three_departments();
    let sql = "SELECT kind, count(*) AS n FROM departments GROUP BY kind ORDER BY n DESC";
    let rows = college.json(&["query", sql]);
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(rows[0]["n"], 2);
    let file = college.file("q.sql", sql);
    let csv = college.run(&["query", "-f", &file.to_string_lossy(), "--format", "csv"]).good();
    assert!(csv.out.starts_with("kind,n\n"), "{}", csv.out);
    let plan = college.run(&["query", "--plan", sql]).good();
    assert!(plan.out.contains("TableScan: departments"), "{}", plan.out);
    let chinese = ["第 2 行第 18 列", "“)”不应出现", "表达式"];
    let english = ["Line 2, column 18", "\")\" cannot stand here", "an expression"];
    both(&college, &["query", "SELECT kind\nFROM departments )"], 3, &chinese[..2], &english[..2]);
    both(&college, &["query", "SELECT kind FROM departments WHERE )"], 3, &chinese[1..], &english[1..]);
    both(&college, &["query", "DELETE FROM departments"], 3, &["DELETE", "只能读取"], &["DELETE", "only reads"]);
    both(&college, &["query", "SELECT * FROM '/etc/passwd'"], 4, &["/etc/passwd"], &["/etc/passwd"]);
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(3));
    let out = college.path("q.xlsx");
    college.run(&["query", sql, "--out", &out.to_string_lossy()]).good().says(&["2 行"]);
    let audit = college.run(&["audit", "list", "--format", "json"]).good();
    assert!(audit.out.contains("query.read"), "{}", audit.out);
}
