//! What did not take place is 不适用 and says so; 无法判定 is left to what ought to be there and is not.

use super::set_up::trained;
use super::table::read;
use std::collections::BTreeSet;

const TERM: &str = "AY2025-T2";

#[test]
fn a_course_that_is_not_taught_in_the_term_is_not_applicable_and_a_taught_one_is_judged() {
    let trained = trained();
    let sections = read(&trained.file("09-教学班.csv"), 1);
    // A row that was planted to be rejected teaches nothing.
    let planted: BTreeSet<u64> = trained.key["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["file"] == "09-教学班.csv")
        .filter_map(|row| row["line"].as_u64())
        .collect();
    let good = sections.iter().filter(|section| !planted.contains(&section.number));
    let of_term = good.filter(|section| section.cell("学年学期") == TERM);
    let taught: BTreeSet<&str> = of_term.map(|section| section.cell("课程号")).collect();
    let mut counts = (0, 0);
    for (place, row) in &trained.run_of(TERM).results {
        if place.name != "CRS-PASS" || place.kind != "course" || place.period != TERM {
            continue;
        }
        if taught.contains(place.object.as_str()) {
            counts.0 += 1;
            assert!(!row.value.is_empty(), "{place:?} {row:?}");
        } else {
            counts.1 += 1;
            assert_eq!((row.verdict.as_str(), row.gap.as_str()), ("not-applicable", "idle:sections"), "{place:?}");
        }
    }
    assert!(counts.0 > 10 && counts.1 > 10, "{counts:?}");
}

#[test]
fn a_department_without_students_has_no_rates_of_students() {
    let trained = trained();
    let run = trained.run_of(TERM);
    let of_units = run
        .results
        .iter()
        .filter(|(place, _)| place.name == "STU-FIRST-PASS" && place.kind == "department" && place.period == TERM);
    let (judged, idle): (Vec<_>, Vec<_>) = of_units.partition(|(_, row)| !row.value.is_empty());
    assert!(!judged.is_empty() && !idle.is_empty());
    for (place, row) in idle {
        assert_eq!((row.verdict.as_str(), row.gap.as_str()), ("not-applicable", "idle:members"), "{place:?}");
    }
}
