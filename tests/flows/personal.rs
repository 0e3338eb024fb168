//! Rows of batches about persons: who may look at a plan or at rejected rows, for what, and that each look is audited.

use crate::harness::{College, Ran, ran};
use crate::samples::counts;
use crate::serve::Serving;

const STUDENTS: &str =
    "学号,姓名,班级编号,入学日期,学籍状态\nS1,李雷,C1,2025-09-01,在读\nS2,韩梅梅,C1,2025-09-01,云游\n";

/// A college whose students wait for review, one of them rejected; the batch.
fn waiting() -> (College, String) {
    let college = College::new();
    let classes = college.file("classes.csv", "班级编号,班级名称,专业代码,入学年份\nC1,一班,M1,2025\n");
    counts(&college, &classes, "classes", &[]);
    let file = college.file("students.csv", STUDENTS);
    let held = counts(&college, &file, "students", &["--review", "hold"]);
    assert_eq!((&held["new"], &held["rejected"]), (&1.into(), &1.into()), "{held}");
    let batch = held["batch"].as_str().expect("an id").to_owned();
    (college, batch)
}

fn remote(college: &College, server: &Serving<'_>, token: &str, words: &[&str]) -> Ran {
    let url = server.url();
    let mut command = college.command(&[&["--server", &url], words].concat());
    ran(command.env("ZHENGAI_TOKEN", token).output().expect("the binary starts"))
}

#[test]
fn a_purpose_that_nobody_defined_is_refused_with_those_that_are_here_and_over_the_network() {
    let (college, batch) = waiting();
    let server = Serving::start(&college, &[]);
    let officer = server.token("wang", "quality-officer");
    let plan = ["batch", "plan", &batch, "--fate", "new", "--purpose", "bogus"];
    college.run(&plan).exits(3).says(&["bogus", "student-care", "operation"]);
    remote(&college, &server, &officer, &plan).exits(3).says(&["bogus", "student-care", "operation"]);
    let asked = server.ask("GET", "/v1/session", &officer, &[("x-purpose", "bogus")], &serde_json::Value::Null);
    assert_eq!((asked.status, &asked.json()["key"]), (422, &"service-unknown-purpose".into()), "{}", asked.body);
    let long = "student-care".repeat(9);
    let asked = server.ask("GET", "/v1/session", &officer, &[("x-purpose", &long)], &serde_json::Value::Null);
    assert_eq!(asked.status, 422, "a purpose that is too long is not overheard");
    assert!(looks(&college, &batch, "tester").is_empty());
    college.run(&["batch", "plan", &batch, "--fate", "new", "--purpose", "quality-check"]).good();
    assert_eq!(looks(&college, &batch, "tester"), ["quality-check"]);
}

/// Looks at the batch that somebody has had, each with the purpose that was named.
fn looks(college: &College, batch: &str, who: &str) -> Vec<String> {
    let rows = college.json(&["audit", "list", "--action", "personal.read", "--subject", batch, "--actor", who]);
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| row["reason"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn rows_of_a_batch_about_persons_are_refused_without_right_or_purpose_and_each_look_is_audited() {
    let (college, batch) = waiting();
    let server = Serving::start(&college, &[]);
    let (officer, integrator) = (server.token("wang", "quality-officer"), server.token("li", "integrator"));
    let out = college.path("rejects.csv").to_string_lossy().into_owned();
    let plan = ["batch", "plan", &batch, "--fate", "new"];
    let rejects = ["batch", "rejects", &batch];
    let export = ["batch", "rejects", &batch, "--export", &out];
    let dry = ["reject", "mend", &batch, "--line", "3", "--cell", "学籍状态=在读", "--dry-run"];
    for words in [&plan[..], &rejects, &export] {
        remote(&college, &server, &integrator, words).exits(6).says(&["个人数据的权限", "quality-officer"]);
        let told = remote(&college, &server, &officer, words).exits(6).says(&["用途", "--purpose", "quality-check"]);
        assert!(!told.out.contains("李雷") && !told.out.contains("韩梅梅"), "{}", told.out);
        let other = [words, &["--purpose", "counselling"]].concat();
        remote(&college, &server, &officer, &other).exits(6).says(&["counselling"]);
    }
    assert!(looks(&college, &batch, "wang").is_empty(), "what was refused was not looked at");

    let good = |words: &[&str]| remote(&college, &server, &officer, &[words, &["--purpose", "quality-check"]].concat());
    assert!(good(&plan).good().out.contains("李雷"));
    assert_eq!(looks(&college, &batch, "wang"), ["quality-check"]);
    assert!(good(&rejects).good().out.contains("云游"));
    good(&export).good();
    assert!(std::fs::read_to_string(&out).expect("a file").contains("韩梅梅"));
    let before = looks(&college, &batch, "wang");
    assert!(before.len() >= 3 && before.iter().all(|why| why == "quality-check"), "{before:?}");

    college.run(&["batch", "approve", &batch]).good();
    remote(&college, &server, &officer, &dry).exits(6).says(&["--purpose"]);
    good(&dry).good();
    assert_eq!(looks(&college, &batch, "wang").len(), before.len() + 1);
    college.run(&["audit", "verify"]).good();
}

#[test]
fn a_plan_only_import_shows_rows_about_persons_to_those_who_may_see_them() {
    let (college, batch) = waiting();
    college.run(&["batch", "approve", &batch]).good();
    let server = Serving::start(&college, &[]);
    let token = server.token("li", "integrator");
    let file = college.file("next.csv", STUDENTS.replace("2025-09-01,在读", "2024-09-01,在读"));
    let path = file.to_string_lossy();
    let words = ["import", &path, "--dataset", "students", "--dry-run"];
    let told = remote(&college, &server, &token, &words);
    assert!(!told.out.contains("2025-09-01"), "the row that is there is shown: {}", told.out);
    assert!(told.err.contains("个人数据的权限"), "{}\n{}", told.out, told.err);
    assert!(college.run(&words).out.contains("2025-09-01"));
}
