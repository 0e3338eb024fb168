//! The training college from an empty folder to its runs, held against its answer key: each planted fault is found, and
//! nothing else is claimed.

mod evidence;
mod idle;
mod set_up;
mod table;

use crate::harness::College;
use set_up::{Row, Trained, trained};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_same_seed_makes_the_same_files() {
    let college = College::nowhere();
    for folder in ["one", "two"] {
        let to = college.path(folder);
        college.run(&["demo", "--students", "300", "--seed", "7", "--files-only", &to.to_string_lossy()]).good();
    }
    let manifest = |folder: &str| std::fs::read(college.path(folder).join("manifest.toml")).expect("a manifest");
    let key = |folder: &str| std::fs::read(college.path(folder).join("answer-key.json")).expect("an answer key");
    assert_eq!(manifest("one"), manifest("two"));
    assert_eq!(key("one"), key("two"));
}

#[test]
fn every_planted_row_is_rejected_at_its_place_by_its_rule_and_no_other_row_is() {
    let trained = trained();
    let place = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        (text("file"), text("sheet"), row["line"].as_u64(), text("column"), text("rule"))
    };
    let expected: BTreeSet<_> = trained.key["rows"].as_array().expect("rows").iter().map(place).collect();
    let mut rejected = Vec::new();
    for batch in trained.college.json(&["batch", "list"]).as_array().expect("batches") {
        assert_eq!(batch["state"], "applied", "{batch}");
        if batch["rejected"].as_u64() != Some(0) {
            let rows = trained.college.json(&["batch", "rejects", batch["batch"].as_str().expect("an id")]);
            rejected.extend(rows.as_array().expect("rejects").iter().map(place));
        }
    }
    assert!(expected.len() > 40);
    assert_eq!(rejected.len(), expected.len(), "a row is rejected twice");
    let rejected: BTreeSet<_> = rejected.into_iter().collect();
    assert_eq!(expected.difference(&rejected).collect::<Vec<_>>(), Vec::<&_>::new(), "not rejected");
    assert_eq!(rejected.difference(&expected).collect::<Vec<_>>(), Vec::<&_>::new(), "not planted");
}

#[test]
fn every_planted_finding_stands_in_the_run_of_its_period() {
    let trained = trained();
    assert!(trained.findings().len() > 30);
    for (place, finding) in trained.findings() {
        let run = trained.run_of(&place.period);
        let row = run.results.get(&place).unwrap_or_else(|| panic!("{} has no result for {place:?}", run.id));
        assert_eq!(finding["attainment"], row.verdict.as_str(), "{place:?} {row:?}");
        assert_eq!(finding["warning"], row.level.is_some(), "{place:?} {row:?}");
        match finding["value"].as_str() {
            Some(value) => assert_eq!(number(value), number(&row.value), "{place:?}"),
            None => assert_eq!(row.verdict, "undetermined", "{place:?} {row:?}"),
        }
    }
}

/// A decimal as digits without what does not matter: `50.00` and `50` are the same.
fn number(text: &str) -> String {
    let whole = text.contains('.').then(|| text.trim_end_matches('0').trim_end_matches('.'));
    whole.unwrap_or(text).to_owned()
}

#[test]
fn nothing_else_is_unmet_or_beyond_its_warning_value_in_any_run() {
    let trained = trained();
    let planted: BTreeSet<_> = trained.findings().into_keys().collect();
    for run in &trained.runs {
        let claimed = run.results.iter().filter(|(_, row)| row.verdict == "unmet" || row.level.is_some());
        let surplus: Vec<_> = claimed.filter(|(place, _)| !planted.contains(*place)).collect();
        assert!(surplus.is_empty(), "{}: {surplus:?}", run.id);
    }
}

#[test]
fn a_period_has_the_same_results_in_every_run_that_covers_it() {
    let trained = trained();
    let mut seen: BTreeMap<_, (&str, &Row)> = BTreeMap::new();
    let mut again = 0;
    for run in &trained.runs {
        for (place, row) in &run.results {
            if let Some((earlier, known)) = seen.insert(place, (&run.id, row)) {
                assert_eq!(known, row, "{place:?} in {earlier} and {}", run.id);
                again += 1;
            }
        }
    }
    assert!(again > 1000, "{again} results are in two runs");
}

#[test]
fn every_expected_firing_is_an_open_warning_and_there_is_no_other() {
    let trained = trained();
    let open: BTreeSet<_> = trained.warnings.iter().map(|warning| set_up::place(warning, "rule", "kind")).collect();
    assert_eq!(open.len(), trained.warnings.len(), "two warnings for one rule, object and period");
    assert!(trained.warnings.iter().all(|warning| warning["condition"] == "active" && warning["handling"] == "new"));
    let mut expected: BTreeSet<_> = trained.firings().into_keys().collect();
    assert!(expected.len() > 10);
    // A breached warning value is a rule named like its indicator.
    let breached = trained.findings().into_iter().filter(|(_, finding)| finding["warning"] == true);
    expected.extend(breached.map(|(place, _)| place));
    assert_eq!(expected.difference(&open).collect::<Vec<_>>(), Vec::<&_>::new(), "no warning");
    assert_eq!(open.difference(&expected).collect::<Vec<_>>(), Vec::<&_>::new(), "not planted");
}

/// Rules that compare with an earlier period can only fire because a run before, or the same one, computed that period.
#[test]
fn the_periods_that_rules_look_back_to_are_covered_by_runs() {
    let trained = trained();
    let mut kinds = BTreeSet::new();
    for (place, firing) in trained.firings() {
        let history = firing["history"].as_str().expect("a word");
        kinds.insert(history);
        let back = match history {
            "none" => continue,
            "previous" => place.period.replace("AY2025-T2", "AY2025-T1"),
            _ => place.period.replace("AY2025", "AY2024"),
        };
        assert_ne!(back, place.period);
        let first = trained.runs.iter().position(|run| run.periods.contains(&back));
        let own = trained.runs.iter().position(|run| run.id == trained.run_of(&place.period).id);
        assert!(first.is_some() && first <= own, "{place:?}: {back} is in run {first:?}, the firing in {own:?}");
    }
    assert_eq!(kinds, BTreeSet::from(["last-year", "none", "previous"]));
}

#[test]
fn a_repeated_run_has_the_same_fingerprint_the_same_bytes_and_moves_no_warning() {
    let Trained { college, runs, today, warnings, .. } = trained();
    let first = runs.iter().find(|run| run.period == "AY2025-T2").expect("a run over the last term");
    college.run(&["diagnose", "--period", &first.period, "--today", today]).good();
    let listed = college.json(&["run", "list"]);
    let second =
        listed.as_array().expect("runs").first().expect("the newest")["run"].as_str().expect("an id").to_owned();
    assert_ne!(second, first.id);
    let shown = college.json(&["run", "show", &second]);
    assert_eq!(shown["fingerprint"], first.fingerprint.as_str());
    assert_eq!(college.json(&["run", "show", &first.id])["superseded_by"], second.as_str());
    let export = |run: &str| {
        let to = college.path(&format!("{run}.parquet"));
        college.run(&["run", "export", run, "--to", &to.to_string_lossy()]).good();
        std::fs::read(to).expect("the exported file")
    };
    let (one, two) = (export(&first.id), export(&second));
    assert!(one.len() > 10_000 && one == two, "{} and {} bytes", one.len(), two.len());
    let compared = college.json(&["run", "compare", &first.id, &second]);
    assert_eq!(compared, serde_json::json!([]));
    assert_eq!(&set_up::warnings(college), warnings);
}
