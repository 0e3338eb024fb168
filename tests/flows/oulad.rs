//! Real input: the Open University Learning Analytics Dataset, through the packs and mappings of `config/examples/oulad`.
//! Expected numbers are those that others have published and that plain counting over the files gives.

use crate::harness::{College, root};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Dataset of the example, file of the release, rows.
const FILES: [(&str, &str, u64); 7] = [
    ("ou_modules", "courses.csv", 22),
    ("ou_presentations", "courses.csv", 22),
    ("ou_assessments", "assessments.csv", 206),
    ("ou_sites", "vle.csv", 6_364),
    ("ou_results", "studentInfo.csv", 32_593),
    ("ou_registrations", "studentRegistration.csv", 32_593),
    ("ou_submissions", "studentAssessment.csv", 173_912),
];

/// The click feed, which ends at the last row of an Excel sheet.
const FEED: (&str, &str) = ("ou_clicks", "studentVle_first_1048575_rows.tsv.gz");
const FULL_SHEET: u64 = 1_048_575;

/// The files, where somebody has put them beside the checkout.
fn files() -> Option<PathBuf> {
    let folder = root().join("../shared/data/oulad");
    folder.is_dir().then_some(folder)
}

/// A college with the example's packs dropped into its data directory and the example's calendar.
fn open_university() -> College {
    let college = College::new();
    let example = root().join("config/examples/oulad");
    for pack in ["oulad-data", "oulad-quality"] {
        copy_tree(&example.join(pack), &college.data().join("packs").join(pack));
    }
    std::fs::copy(example.join("calendar.toml"), college.data().join("calendar.toml")).expect("the calendar");
    college
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder of the example") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Imports a file with the example's mapping; gives the row of the plan and what was said beside it.
#[track_caller]
fn import(college: &College, from: &Path, dataset: &str, file: &str) -> (Value, String) {
    let mapping = root().join(format!("config/examples/oulad/mappings/{dataset}.toml"));
    let (file, mapping) = (from.join(file), mapping);
    let words =
        ["import", &file.to_string_lossy(), "-d", dataset, "-m", &mapping.to_string_lossy(), "--format", "json"];
    let ran = college.run(&words).good();
    (ran.json()[0].clone(), ran.err)
}

/// The value of an indicator for one object in one period, as printed.
#[track_caller]
fn value(college: &College, indicator: &str, object: &str, period: &str) -> String {
    let rows = college.json(&["result", "--indicator", indicator, "--object", object]);
    let row = rows.as_array().expect("rows").iter().find(|row| row["period"] == period);
    row.and_then(|row| row["value"].as_str()).unwrap_or_else(|| panic!("{indicator} {object}: {rows}")).to_owned()
}

/// A measure of an indicator for one object: the number behind the value.
#[track_caller]
fn measure(college: &College, indicator: &str, object: &str, name: &str) -> String {
    let told = college.json(&["why", indicator, object, "--rows", "1"]);
    let measures = told[0]["why"]["measures"].as_array().expect("measures");
    let found = measures.iter().find(|measure| measure["name"] == name).and_then(|measure| measure["value"].as_str());
    found.unwrap_or_else(|| panic!("{indicator} {object} {name}: {told}")).to_owned()
}

#[test]
fn the_published_totals_of_oulad_come_out_exactly() {
    let Some(from) = files() else {
        eprintln!("skipped: no OULAD");
        return;
    };
    let college = open_university();
    for (dataset, file, rows) in FILES {
        let (plan, _) = import(&college, &from, dataset, file);
        assert_eq!((plan["state"].as_str(), plan["new"].as_u64()), (Some("applied"), Some(rows)), "{file}: {plan}");
    }

    // The feed that was cut off waits for a person, and none of its rows is there before the person says so.
    let (plan, said) = import(&college, &from, FEED.0, FEED.1);
    assert_eq!((plan["state"].as_str(), plan["read"].as_u64()), (Some("held"), Some(FULL_SHEET)), "{plan}");
    assert!(said.contains(FEED.1) && said.contains(&FULL_SHEET.to_string()), "no notice of the cut: {said}");
    let batch = plan["batch"].as_str().expect("a batch");
    let held = college.json(&["batch", "show", batch]);
    assert_eq!((held["state"].as_str(), held["reason"].as_str()), (Some("held"), Some("truncated")));
    let clicks = |college: &College| {
        let datasets = college.json(&["dataset", "list"]);
        let found = datasets.as_array().expect("datasets").iter().find(|row| row["id"] == FEED.0).cloned();
        found.expect("the dataset of clicks")["rows"].as_u64()
    };
    assert_ne!(clicks(&college), Some(FULL_SHEET));
    college.run(&["batch", "approve", batch, "--why", "OULAD 的这个版本就到这一行"]).good();
    assert_eq!(clicks(&college), Some(FULL_SHEET), "rows with equal cells count each");

    college.run(&["diagnose", "--period", "OULAD", "--layer", "course", "--layer", "student"]).good();
    published(&college);
    counted(&college);
}

/// What others have published.
fn published(college: &College) {
    assert_eq!(value(college, "OU-LEARNERS", "school", "OULAD"), "28785");
    assert_eq!(value(college, "OU-CREDITS", "school", "OULAD"), "79.758691");
    let outcomes = [
        ("OU-PASS", "passed", "12361"),
        ("OU-WITHDRAWN", "withdrawn", "10156"),
        ("OU-FAIL", "failed", "7052"),
        ("OU-DISTINCTION", "distinctions", "3024"),
    ];
    for (indicator, name, count) in outcomes {
        assert_eq!(measure(college, indicator, "school", name), count, "{indicator}");
        assert_eq!(measure(college, indicator, "school", "all_rows"), "32593", "{indicator}");
    }
    let modules = [
        ("AAA", "748"),
        ("BBB", "7909"),
        ("CCC", "4434"),
        ("DDD", "6272"),
        ("EEE", "2934"),
        ("FFF", "7762"),
        ("GGG", "2534"),
    ];
    for (module, count) in modules {
        assert_eq!(value(college, "OU-REGISTRATIONS", &format!("module/{module}"), "OULAD"), count);
    }
}

/// What counting over the files by other means gives.
fn counted(college: &College) {
    let expected = [
        // 91 of 748; the mean of the two presentations' rates would be 12.18.
        ("OU-FAIL", "presentation/AAA-2013J", "OULAD", "11.75"),
        ("OU-FAIL", "presentation/AAA-2014J", "OULAD", "12.60"),
        ("OU-FAIL", "module/AAA", "OULAD", "12.17"),
        ("OU-PASS", "school", "OULAD", "37.93"),
        ("OU-WITHDRAWN", "school", "OULAD", "31.16"),
        ("OU-DISTINCTION", "school", "OULAD", "9.28"),
        ("OU-FAIL", "school", "OULAD", "21.64"),
        // 173 of 173 912.
        ("OU-NO-SCORE", "school", "OULAD", "0.0995"),
        // 49 318 of 169 138; exams without a date and banked scores are not among them.
        ("OU-LATE", "school", "OULAD", "29.16"),
        ("OU-LATE", "module/CCC", "OULAD", "66.12"),
        ("OU-LATE", "presentation/BBB-2014J", "OULAD", "12.23"),
        // 531 of 748 over both years; each year by itself.
        ("OU-YEAR-SUCCESS", "module/AAA", "AY2013", "72.58"),
        ("OU-YEAR-SUCCESS", "module/AAA", "AY2014", "69.32"),
        ("OU-CLICKS-EACH", "presentation/AAA-2013J", "OULAD", "1715.59"),
        ("OU-LEARNER-CLICKS", "learner/28400", "OULAD", "1435"),
    ];
    for (indicator, object, period, number) in expected {
        assert_eq!(value(college, indicator, object, period), number, "{indicator} {object} {period}");
    }
    assert_eq!(measure(college, "OU-LATE", "school", "late"), "49318");
    assert_eq!(measure(college, "OU-LATE", "school", "dated"), "169138");
    assert_eq!(measure(college, "OU-CLICKS-EACH", "school", "clicks"), "3516339");
}
