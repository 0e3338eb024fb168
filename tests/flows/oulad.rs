//! Real input: the Open University Learning Analytics Dataset, through the packs and mappings of `config/examples/oulad`.
//! Expected numbers are those that others have published and that plain counting over the files gives.

use crate::harness::{College, root};
use serde_json::Value;
use std::collections::HashMap;
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

/// Rows of a result file by indicator, object and period, with what the test asks of them.
struct Results(HashMap<(String, String, String), Found>);

struct Found {
    value: String,
    /// Everything from the measures on, as it stands in the file.
    measures: String,
}

impl Results {
    /// Exports the run and reads the file. Columns before `measures` hold no comma and no quote.
    fn of(college: &College, run: &str) -> Self {
        let file = college.path("results.csv");
        college.run(&["run", "export", run, "--to", &file.to_string_lossy()]).good();
        let text = std::fs::read_to_string(file).expect("the result file");
        let rows = text.lines().filter_map(|line| {
            let cells: Vec<&str> = line.splitn(13, ',').collect();
            let [_, indicator, _, grain, object, _, period, _, _, value, _, _, measures] = cells[..] else {
                return None;
            };
            let found = Found { value: plain(value), measures: measures.to_owned() };
            Some(((indicator.to_owned(), format!("{grain}/{object}"), period.to_owned()), found))
        });
        Self(rows.collect())
    }

    #[track_caller]
    fn find(&self, indicator: &str, object: &str, period: &str) -> &Found {
        let key = (indicator.to_owned(), object.to_owned(), period.to_owned());
        self.0.get(&key).unwrap_or_else(|| panic!("no result {key:?}"))
    }

    fn all(&self, indicator: &str) -> impl Iterator<Item = &Found> {
        self.0.iter().filter(move |((code, _, _), _)| code == indicator).map(|(_, found)| found)
    }

    #[track_caller]
    fn holds(&self, indicator: &str, object: &str, period: &str, value: &str) {
        let found = self.find(indicator, object, period);
        assert_eq!(found.value, plain(value), "{indicator} {object} {period}");
    }

    /// The number behind a value, not the value.
    #[track_caller]
    fn counts(&self, indicator: &str, object: &str, measure: &str, count: &str) {
        let found = self.find(indicator, object, "OULAD");
        let wanted = format!("\"\"{measure}\"\":\"\"{count}\"\"");
        assert!(found.measures.contains(&wanted), "{indicator} {object}: {wanted} is not in {}", found.measures);
    }
}

/// A decimal without zeros that say nothing.
fn plain(number: &str) -> String {
    match number.split_once('.') {
        Some(_) => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => number.to_owned(),
    }
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
    let runs = college.json(&["run", "list"]);
    let results = Results::of(&college, runs[0]["run"].as_str().expect("a run"));
    published(&results);
    counted(&results);
    let shown = college.json(&["result", "--indicator", "OU-LEARNERS", "--object", "school"]);
    assert_eq!(shown[0]["value"], "28785");
}

/// What others have published.
fn published(results: &Results) {
    results.holds("OU-LEARNERS", "school/school", "OULAD", "28785");
    results.holds("OU-CREDITS", "school/school", "OULAD", "79.758691");
    let outcomes = [
        ("OU-PASS", "passed", "12361"),
        ("OU-WITHDRAWN", "withdrawn", "10156"),
        ("OU-FAIL", "failed", "7052"),
        ("OU-DISTINCTION", "distinctions", "3024"),
    ];
    for (indicator, measure, count) in outcomes {
        results.counts(indicator, "school/school", measure, count);
        results.counts(indicator, "school/school", "all_rows", "32593");
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
        results.holds("OU-REGISTRATIONS", &format!("module/{module}"), "OULAD", count);
    }
}

/// What counting over the files by other means gives.
fn counted(results: &Results) {
    let expected = [
        // 91 of 748; the mean of the two presentations' rates would be 12.18.
        ("OU-FAIL", "presentation/AAA-2013J", "OULAD", "11.75"),
        ("OU-FAIL", "presentation/AAA-2014J", "OULAD", "12.60"),
        ("OU-FAIL", "module/AAA", "OULAD", "12.17"),
        ("OU-PASS", "school/school", "OULAD", "37.93"),
        ("OU-WITHDRAWN", "school/school", "OULAD", "31.16"),
        ("OU-DISTINCTION", "school/school", "OULAD", "9.28"),
        ("OU-FAIL", "school/school", "OULAD", "21.64"),
        // 173 of 173 912.
        ("OU-NO-SCORE", "school/school", "OULAD", "0.0995"),
        // Exams without a date and banked scores have no delay.
        ("OU-LATE", "school/school", "OULAD", "29.16"),
        ("OU-LATE", "module/CCC", "OULAD", "66.12"),
        ("OU-LATE", "presentation/BBB-2014J", "OULAD", "12.23"),
        // 531 of 748 over both years; each year by itself.
        ("OU-YEAR-SUCCESS", "module/AAA", "AY2013", "72.58"),
        ("OU-YEAR-SUCCESS", "module/AAA", "AY2014", "69.32"),
        ("OU-CLICKS-EACH", "presentation/AAA-2013J", "OULAD", "1715.59"),
    ];
    for (indicator, object, period, number) in expected {
        results.holds(indicator, object, period, number);
    }
    // A presentation that the cut feed does not reach has no clicks; it does not have 0 of them.
    results.holds("OU-CLICKS-EACH", "presentation/GGG-2014J", "OULAD", "");
    results.counts("OU-LATE", "school/school", "late", "49318");
    results.counts("OU-LATE", "school/school", "dated", "169138");
    results.counts("OU-NO-SCORE", "school/school", "scored", "173739");
    results.counts("OU-CLICKS-EACH", "school/school", "clicks", "3516339");
    results.counts("OU-CLICKS-EACH", "school/school", "learners", "4080");
    let of_learners: Vec<u64> = results.all("OU-LEARNER-CLICKS").filter_map(|found| found.value.parse().ok()).collect();
    assert_eq!((of_learners.len(), of_learners.iter().sum()), (4_080, 3_516_339_u64));
}
