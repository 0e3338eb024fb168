//! Commands that are twins of what the console and the API show: found, filtered and fetched here as there.

use crate::clubs;
use crate::harness::{Ran, ran};
use crate::samples::{counts, departments, three_departments};
use crate::serve::Serving;
use serde_json::{Value, json};

/// One column of the rows that a command prints.
fn column(rows: &Value, key: &str) -> Vec<String> {
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| row[key].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn search_finds_objects_indicators_and_warnings_by_one_word_and_says_when_there_is_nothing() {
    let college = clubs::diagnosed();
    let indicators = college.json(&["indicator", "list"]);
    let code = indicators.as_array().expect("a list").iter().find(|one| one["layer"] == "school").expect("one");
    let code = code["code"].as_str().expect("a code");
    let found = college.json(&["search", code]);
    assert!(found.as_array().expect("a list").iter().any(|one| one["kind"] == "indicator" && one["id"] == code));
    let one = college.json(&["search", code, "--limit", "1"]);
    let kinds = column(&one, "kind");
    assert_eq!(kinds.iter().filter(|kind| *kind == "indicator").count(), 1, "{one}");
    let nothing = college.run(&["search", "没有", "这样的东西"]).good().says(&["没有 这样的东西"]);
    assert!(!nothing.out.contains("indicator"));
}

#[test]
fn runs_and_batches_are_listed_by_period_layer_state_and_dataset() {
    let college = clubs::diagnosed();
    let runs = |words: &[&str]| column(&college.json(&[&["run", "list"], words].concat()), "period");
    assert_eq!(runs(&["--period", "CY2025", "--state", "finished", "--layer", "school"]), ["CY2025"]);
    for other in [["--period", "CY2024"], ["--state", "failed"], ["--layer", "student"]] {
        assert!(runs(&other).is_empty(), "{other:?}");
    }
    college.run(&["run", "list", "--state", "odd"]).exits(2).says(&["finished"]);
    let held = college.file("held.csv", departments(&["D1,一系,教学单位,S1,2001-09-01"]));
    counts(&college, &held, "departments", &["--review", "hold"]);
    let batches = |words: &[&str]| column(&college.json(&[&["batch", "list"], words].concat()), "dataset");
    assert_eq!(batches(&["--state", "held"]), ["departments"]);
    assert_eq!(batches(&["--state", "applied"]), ["clubs"]);
    assert!(batches(&["--state", "held", "--dataset", "clubs"]).is_empty());
    assert!(batches(&["--source", "jw"]).is_empty());
}

#[test]
fn a_query_can_be_written_from_the_words_that_are_listed() {
    let college = clubs::college();
    let words = college.json(&["query", "--words"]);
    let words = words.as_array().expect("a list");
    let field = words.iter().find(|one| one["kind"] == "column" && one["dataset"] == "clubs").expect("a column");
    let sql = format!("SELECT {} FROM clubs", field["word"].as_str().expect("a name"));
    assert_eq!(college.json(&["query", &sql]).as_array().map(Vec::len), Some(3));
    assert!(words.iter().any(|one| one["kind"] == "function"));
    college.run(&["query", "--words", "SELECT 1"]).exits(2);
}

#[test]
fn a_backup_that_waits_at_a_server_is_listed_fetched_proved_and_removed() {
    let college = three_departments();
    let server = Serving::start(&college, &[]);
    let token = server.token("wang", "administrator");
    let started = server.post("/v1/backups", &token, &json!({}));
    let job = started.json()["id"].as_str().expect("a number").to_owned();
    assert_eq!(server.over(&token, &job)["state"], "done");
    let url = server.url();
    let remote = |words: &[&str]| -> Ran {
        let mut command = college.command(&[&["--server", &url], words].concat());
        ran(command.env("ZHENGAI_TOKEN", &token).output().expect("the binary starts"))
    };
    let listed = remote(&["backup", "list", "--format", "json"]).good().json();
    assert_eq!(listed, college.json(&["backup", "list"]), "here as there");
    let name = column(&listed, "name").pop().expect("one backup");
    let file = college.path("fetched.tar").display().to_string();
    remote(&["backup", "fetch", "other.tar", &file]).exits(4).says(&["备份", "other.tar"]);
    remote(&["backup", "fetch", &name, &file]).good().says(&["backup verify"]);
    remote(&["backup", "fetch", &name, &file]).says(&[&file]).exits(5);
    college.run(&["backup", "verify", &file]).good();
    remote(&["backup", "forget", &name]).good();
    assert_eq!(remote(&["backup", "list", "--format", "json"]).good().json(), json!([]));
}
