//! Definitions that must be refused, each with its place.

use super::case::Case;
use crate::{Cause, EngineFault};

const RATE: &str = include_str!("cases/group_rate.txt");

/// The faults after one edit of a case that compiles.
fn edit(from: &str, to: &str) -> Vec<EngineFault> {
    assert!(RATE.contains(from), "{from}");
    Case::read(&RATE.replace(from, to)).compile().err().unwrap_or_default()
}

#[test]
fn an_unknown_field_in_an_aggregate_is_told_with_its_place() {
    let faults = edit("agg = \"count(*)\"", "agg = \"count(missing)\"");
    let fault = faults.first().unwrap();
    assert!(matches!(&fault.cause, Cause::UnknownField { field, .. } if field == "missing"), "{fault:?}");
    assert_eq!(fault.position, Some(7));
}

#[test]
fn an_unknown_field_in_a_filter_is_told() {
    let faults = edit("where = \"here = 1\"", "where = \"there = 1\"");
    assert!(matches!(&faults[0].cause, Cause::UnknownField { field, .. } if field == "there"), "{faults:?}");
}

#[test]
fn an_average_cannot_be_put_together_from_parts() {
    let faults = edit("agg = \"count(*)\"", "agg = \"avg(here)\"");
    assert!(matches!(&faults[0].cause, Cause::NotMergeable { .. }), "{faults:?}");
}

#[test]
fn two_aggregates_in_one_measure_are_refused() {
    let faults = edit("agg = \"count(*)\"", "agg = \"count(*) + count(*)\"");
    assert!(matches!(&faults[0].cause, Cause::NotMergeable { .. }), "{faults:?}");
}

#[test]
fn text_is_not_a_number() {
    let faults = edit("agg = \"count(*)\"", "agg = \"max(student_id)\"");
    assert!(matches!(&faults[0].cause, Cause::NotANumber { .. }), "{faults:?}");
}

#[test]
fn a_filter_must_be_true_or_false() {
    let faults = edit("where = \"here = 1\"", "where = \"here + 1\"");
    assert!(matches!(&faults[0].cause, Cause::NotACondition { .. }), "{faults:?}");
}

#[test]
fn nonsense_in_sql_is_told() {
    let faults = edit("where = \"here = 1\"", "where = \"here = = 1\"");
    assert!(matches!(&faults[0].cause, Cause::Sql { .. }), "{faults:?}");
}

#[test]
fn sql_cannot_break_out_of_its_place() {
    for text in ["count(*)) FROM attendance --", "count(*); DROP TABLE attendance", "count(*) AS x"] {
        let faults = edit("agg = \"count(*)\"", &format!("agg = \"{text}\""));
        assert!(!faults.is_empty(), "{text}");
    }
}

#[test]
fn a_subquery_in_a_filter_is_refused() {
    let faults = edit("where = \"here = 1\"", "where = \"here in (select here from attendance)\"");
    assert!(!faults.is_empty());
}

#[test]
fn a_cycle_is_reported_by_its_path() {
    let faults = edit("value = \"100 * present / lessons\"", "value = \"100 * present / lessons + @STU-ATT\"");
    let path = faults.iter().find_map(|fault| match &fault.cause {
        Cause::Cycle { path } => Some(path.iter().map(ToString::to_string).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(path, Some(vec!["STU-ATT".to_owned(), "STU-ATT".to_owned()]));
}

#[test]
fn an_unknown_measure_is_told_with_its_position() {
    let faults = edit("value = \"100 * present / lessons\"", "value = \"100 * gone / lessons\"");
    let fault = faults.iter().find(|fault| matches!(fault.cause, Cause::UnknownMeasure(_))).unwrap();
    assert_eq!(fault.position, Some(7));
}

#[test]
fn an_unknown_indicator_is_told() {
    let faults = edit("value = \"100 * present / lessons\"", "value = \"100 * present / lessons + @NOBODY\"");
    assert!(faults.iter().any(|fault| matches!(&fault.cause, Cause::UnknownIndicator(_))), "{faults:?}");
}

#[test]
fn values_that_contradict_each_other_are_refused() {
    let faults = edit("standard = \">= 60\"", "standard = \">= 60\", target = \">= 50\"");
    assert!(faults.iter().any(|fault| matches!(&fault.cause, Cause::Contradiction(_))), "{faults:?}");
}

#[test]
fn every_fault_speaks_from_the_catalogues_of_both_languages() {
    use zhengai_model::fault::Explain;
    let catalogues = [crate::CATALOGUE, zhengai_model::CATALOGUE];
    for (from, to) in [
        ("agg = \"count(*)\"", "agg = \"count(missing)\""),
        ("agg = \"count(*)\"", "agg = \"avg(here)\""),
        ("value = \"100 * present / lessons\"", "value = \"100 * gone / lessons\""),
        ("standard = \">= 60\"", "standard = \">= 60\", target = \">= 50\""),
    ] {
        for fault in edit(from, to) {
            let key = format!("\n{} =", fault.message().key);
            for language in 0..2 {
                assert!(catalogues.iter().any(|texts| format!("\n{}", texts[language].1).contains(&key)), "{key}");
            }
        }
    }
}
