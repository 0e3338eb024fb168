//! Values against target, standard and warning line, boundaries included.

use super::*;
use crate::ids::MeasureName;
use crate::pack::Level;
use crate::value::{Gap, NotApplicable};

fn condition(text: &str) -> Condition {
    text.parse().expect("a condition")
}

fn level(text: &str) -> LevelId {
    LevelId::new(text).expect("a level")
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a decimal"))
}

fn levels() -> Levels {
    let one = |id: &str, default| Level { id: level(id), names: Names::new(id, id), default };
    Levels::new([one("notice", false), one("general", true), one("serious", false)])
}

fn check(value: &str, target: Option<&str>, standard: Option<&str>, expect: Attainment) {
    let (target, standard) = (target.map(condition), standard.map(condition));
    let verdict = judge(&number(value), target.as_ref(), standard.as_ref(), None);
    assert_eq!(verdict.attainment, expect, "{value}");
}

#[test]
fn the_standard_decides_on_pass_and_the_target_on_achievement() {
    let (target, standard) = (Some("= 100"), Some(">= 98"));
    check("100", target, standard, Attainment::Achieved);
    check("99", target, standard, Attainment::Met);
    check("98", target, standard, Attainment::Met);
    check("97.99", target, standard, Attainment::Unmet);
}

#[test]
fn one_value_alone_is_enough_and_none_judges_nothing() {
    check("90", Some(">= 90"), None, Attainment::Achieved);
    check("89", Some(">= 90"), None, Attainment::Unmet);
    check("90", None, Some(">= 90"), Attainment::Met);
    check("89", None, Some(">= 90"), Attainment::Unmet);
    check("89", None, None, Attainment::Unjudged);
}

#[test]
fn what_has_no_number_is_neither_unmet_nor_warned() {
    let gap = Gap::NoData { measure: MeasureName::new("n").expect("a name") };
    let warning = condition("< 90");
    for (value, expect) in [
        (Value::Undetermined(gap), Attainment::Undetermined),
        (Value::Undetermined(Gap::ZeroDenominator), Attainment::Undetermined),
        (Value::NotApplicable(NotApplicable::Population), Attainment::NotApplicable),
        (Value::NotDue, Attainment::NotDue),
    ] {
        let verdict = judge(&value, None, Some(&condition(">= 90")), Some((&warning, &level("general"))));
        assert_eq!(verdict, Verdict { attainment: expect, warning: None });
    }
}

#[test]
fn attainment_and_warning_never_stand_for_each_other() {
    let (standard, warning) = (condition(">= 60"), condition("< 80"));
    let verdict = judge(&number("70"), None, Some(&standard), Some((&warning, &level("notice"))));
    assert_eq!(verdict, Verdict { attainment: Attainment::Met, warning: Some(level("notice")) });
    let verdict = judge(&number("50"), None, Some(&standard), None);
    assert_eq!(verdict, Verdict { attainment: Attainment::Unmet, warning: None });
}

#[test]
fn of_several_breached_warning_values_the_most_severe_counts() {
    let warnings = [
        (condition("< 70"), level("serious")),
        (condition("< 90"), level("notice")),
        (condition("< 80"), level("general")),
    ];
    let warned = |value: &str| judge_all(&number(value), None, None, &warnings, &levels()).warning;
    assert_eq!(warned("95"), None);
    assert_eq!(warned("85"), Some(level("notice")));
    assert_eq!(warned("75"), Some(level("general")));
    assert_eq!(warned("69.99"), Some(level("serious")));
}

#[test]
fn levels_are_ordered_as_the_policy_lists_them() {
    let levels = levels();
    assert!(levels.severity(&level("serious")) > levels.severity(&level("notice")));
    assert_eq!(levels.severity(&level("purple")), 0);
    assert_eq!(levels.usual(), Some(&level("general")));
}

fn band(id: &str, when: &str) -> Band {
    Band { id: id.into(), names: Names::new(id, id), when: condition(when) }
}

#[test]
fn every_value_belongs_to_exactly_one_band() {
    let bands =
        Bands::new(vec![band("green", "<= 18"), band("yellow", "in (18, 22]"), band("red", "> 22")]).expect("a scale");
    let of = |value: &str| bands.of(&number(value)).map(|band| band.id.clone());
    assert_eq!(of("18").as_deref(), Some("green"));
    assert_eq!(of("18.01").as_deref(), Some("yellow"));
    assert_eq!(of("22").as_deref(), Some("yellow"));
    assert_eq!(of("22.01").as_deref(), Some("red"));
    assert_eq!(bands.of(&Value::NotDue), None);
}

#[test]
fn bands_that_overlap_or_leave_a_gap_are_no_scale() {
    let overlap = Bands::new(vec![band("pass", ">= 60"), band("fail", "<= 60")]);
    assert!(matches!(overlap, Err(BandsError::Overlap { .. })));
    let gap = Bands::new(vec![band("pass", "> 60"), band("fail", "< 60")]);
    assert_eq!(gap, Err(BandsError::Gap));
    assert_eq!(Bands::new(Vec::new()), Err(BandsError::Gap));
}
