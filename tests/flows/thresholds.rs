//! Thresholds that a college sets: what is refused and by which rule, what a diagnosis makes of them, who may leave a floor.

use crate::clubs;
use crate::harness::College;
use crate::samples::both;
use serde_json::Value;

/// The newest result about a club.
#[track_caller]
fn judged(college: &College, club: &str) -> Value {
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    let rows = college.json(&["result", "--indicator", "CLUB-MEMBERS"]);
    let found = rows.as_array().expect("a list").iter().find(|row| row["object"] == club);
    found.unwrap_or_else(|| panic!("nothing about {club}: {rows}")).clone()
}

fn set<'a>(value: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["threshold", "set", "CLUB-MEMBERS", "standard", value, "--source", "团委决定"];
    words.extend(more);
    words
}

#[test]
fn a_threshold_that_a_college_sets_decides_from_the_next_run_on_until_it_is_withdrawn() {
    let college = clubs::college();
    assert_eq!(judged(&college, "C1")["verdict"], "achieved");
    assert_eq!(judged(&college, "C2")["verdict"], "unmet");
    let row = college.json(&set(">= 35", &["--scope", "object:club:C1"]));
    let id = row[0]["id"].to_string().trim_matches('"').to_owned();
    let row = judged(&college, "C1");
    assert_eq!((&row["standard"], &row["verdict"]), (&">= 35".into(), &"unmet".into()), "{row}");
    assert_eq!(judged(&college, "C2")["standard"], ">= 10", "the others keep theirs");
    let why = college.run(&["why", "CLUB-MEMBERS", "club/C1"]).good().out;
    for part in [">= 35", "object:club:C1", "团委决定", ">= 10（college）"] {
        assert!(why.contains(part), "`{part}` is not in:\n{why}");
    }
    both(&college, &["threshold", "withdraw", &id, "--why", " "], 3, &["理由"], &["reason"]);
    college.run(&["threshold", "withdraw", &id, "--why", "到期"]).good();
    college.run(&["threshold", "withdraw", &id, "--why", "再撤"]).exits(5);
    assert_eq!(college.json(&["threshold", "list"]), serde_json::json!([]));
    assert_eq!(judged(&college, "C1")["verdict"], "achieved");
}

#[test]
fn a_standard_below_the_college_s_is_refused_unless_somebody_answers_for_it_until_a_day() {
    let college = clubs::college();
    let lower = set(">= 2", &["--scope", "object:club:C2"]);
    both(&college, &lower, 3, &["宽于学校标准 >= 10", "社团章程", "--override"], &["looser", ">= 10", "--override"]);
    let over = ["--scope", "object:club:C2", "--override", "新社团", "--until", "2001-01-01"];
    both(&college, &set(">= 2", &over), 3, &["宽于学校标准"], &["looser"]);
    assert_eq!(judged(&college, "C2")["verdict"], "unmet");
    let leave = ["--scope", "object:club:C2", "--override", "新社团", "--until", "2999-01-01"];
    let row = college.json(&set(">= 2", &leave))[0].clone();
    assert_eq!((&row["leave"], &row["until"], &row["by"]), (&"新社团".into(), &"2999-01-01".into(), &"tester".into()));
    assert_eq!(judged(&college, "C2")["verdict"], "met");
    college.run(&set(">= 10", &["--scope", "object:club:C2"])).good();
    let listed = college.json(&["threshold", "list", "CLUB-MEMBERS"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "set again, it takes the place of the first: {listed}");
    assert_eq!(listed[0]["leave"], Value::Null, "{listed}");
}

#[test]
fn a_threshold_that_contradicts_another_or_makes_no_sense_changes_nothing() {
    let college = clubs::college();
    for (words, chinese, english) in [
        (set(">= 25", &[]), "目标值 >= 20", ">= 20"),
        (set("<= 25", &[]), "越高越好", "direction"),
        (set("95", &[]), "“95”", "“95”"),
        (set(">= 15", &["--scope", "nation"]), "国家标准", "nation"),
        (set(">= 15", &["--scope", "club:C1"]), "“club:C1”", "`club:C1`"),
        (set(">= 15", &["--scope", "object:student:S1"]), "student", "student"),
        (set(">= 15", &["--scope", "group:club:colour=red"]), "colour", "colour"),
        (set(">= 15", &["--level", "serious"]), "预警值", "warning values"),
        (set(">= 15", &["--from", "2027-01-01", "--until", "2026-01-01"]), "CLUB-MEMBERS", "CLUB-MEMBERS"),
    ] {
        both(&college, &words, 3, &[chinese], &[english]);
    }
    let unknown = ["threshold", "set", "CLUB-MEMBER", "standard", ">= 15", "--source", "x"];
    both(&college, &unknown, 4, &["CLUB-MEMBERS"], &["CLUB-MEMBERS"]);
    assert_eq!(college.json(&["threshold", "list"]), serde_json::json!([]));
    assert_eq!(judged(&college, "C1")["standard"], ">= 10");
}
