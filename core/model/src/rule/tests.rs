//! Rules that fire, stay quiet, or do not know.

#![allow(clippy::panic, reason = "a test that cannot go on says why")]

use super::*;
use crate::ids::{DatasetId, MeasureName};
use crate::indicator::Direction;
use crate::value::{Gap, Value};
use std::collections::BTreeMap;

/// Facts about one student: values now first, then back in time.
#[derive(Default)]
struct Given {
    values: BTreeMap<&'static str, Vec<Option<&'static str>>>,
    last_year: BTreeMap<&'static str, &'static str>,
    plans: BTreeMap<&'static str, &'static str>,
    warnings: Vec<(&'static str, &'static str)>,
    peers: Vec<i64>,
    lower_is_better: bool,
    ages: BTreeMap<&'static str, u32>,
    firings: Vec<Option<bool>>,
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a decimal"))
}

fn gap() -> Value {
    Value::Undetermined(Gap::NoData { measure: MeasureName::new("n").expect("a name") })
}

impl Facts for Given {
    fn value(&self, indicator: &IndicatorCode) -> Value {
        self.earlier(indicator, 0).unwrap_or_else(gap)
    }

    fn earlier(&self, indicator: &IndicatorCode, back: u32) -> Option<Value> {
        let values = self.values.get(indicator.as_str())?;
        values.get(back as usize).map(|value| value.map_or_else(gap, number))
    }

    fn last_year(&self, indicator: &IndicatorCode) -> Option<Value> {
        self.last_year.get(indicator.as_str()).map(|text| number(text))
    }

    fn plan(&self, indicator: &IndicatorCode) -> Option<Condition> {
        self.plans.get(indicator.as_str()).map(|text| text.parse().expect("a condition"))
    }

    fn warnings(&self, _: &IndicatorCode) -> Vec<(Condition, LevelId)> {
        let pair =
            |(when, level): &(&str, &str)| (when.parse().expect("a condition"), LevelId::new(*level).expect("a level"));
        self.warnings.iter().map(pair).collect()
    }

    fn peers(&self, _: &IndicatorCode) -> Vec<Decimal> {
        self.peers.iter().copied().map(Decimal::from).collect()
    }

    fn direction(&self, _: &IndicatorCode) -> Direction {
        if self.lower_is_better { Direction::Lower } else { Direction::Higher }
    }

    fn dataset_age(&self, dataset: &DatasetId) -> Option<u32> {
        self.ages.get(dataset.as_str()).copied()
    }

    fn fired(&self, _: &RuleId, back: u32) -> Option<bool> {
        self.firings.get(back as usize - 1).copied().flatten()
    }
}

fn values(pairs: &[(&'static str, &[Option<&'static str>])]) -> Given {
    Given { values: pairs.iter().map(|(code, values)| (*code, values.to_vec())).collect(), ..Given::default() }
}

fn now(code: &'static str, value: &'static str) -> Given {
    values(&[(code, &[Some(value)])])
}

fn rule(when: &str) -> Rule {
    let text = format!(
        "id = \"R\"\nnames = {{ zh = \"规则\", en = \"rule\" }}\nlayer = \"student\"\ngrain = \"student\"\nlevel = \"general\"\nwhen = {when}"
    );
    toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn check(when: &str, facts: &Given, expect: &str) {
    let outcome = evaluate(&rule(when), facts);
    let word = match &outcome {
        Outcome::Fired(_) => "fired",
        Outcome::Quiet => "quiet",
        Outcome::Unknown(_) => "unknown",
    };
    assert_eq!(word, expect, "{when}: {outcome:?}");
}

const COURSES: &str = "{ value = { indicator = \"FAILED-COURSES\", when = \">= 3\" } }";
const CREDITS: &str = "{ value = { indicator = \"FAILED-CREDITS\", when = \"in [7, 16)\" } }";

#[test]
fn three_failed_courses_or_seven_failed_credits_fire() {
    let either = format!("{{ any = [{COURSES}, {CREDITS}] }}");
    let facts = |courses, credits| values(&[("FAILED-COURSES", &[courses]), ("FAILED-CREDITS", &[credits])]);
    check(&either, &facts(Some("3"), Some("0")), "fired");
    check(&either, &facts(Some("2"), Some("7")), "fired");
    check(&either, &facts(Some("2"), Some("6.9")), "quiet");
    check(&either, &facts(Some("0"), Some("16")), "quiet");
    check(&either, &facts(Some("3"), None), "fired");
    check(&either, &facts(Some("0"), None), "unknown");
}

#[test]
fn all_is_settled_by_one_quiet_test_and_not_by_missing_data() {
    let both = format!("{{ all = [{COURSES}, {CREDITS}] }}");
    let facts = |courses, credits| values(&[("FAILED-COURSES", &[courses]), ("FAILED-CREDITS", &[credits])]);
    check(&both, &facts(Some("3"), Some("7")), "fired");
    check(&both, &facts(Some("0"), None), "quiet");
    check(&both, &facts(Some("3"), None), "unknown");
    check("{ all = [] }", &Given::default(), "quiet");
    check("{ any = [] }", &Given::default(), "quiet");
}

#[test]
fn not_unknown_is_unknown() {
    let not = format!("{{ not = {COURSES} }}");
    check(&not, &now("FAILED-COURSES", "0"), "fired");
    check(&not, &now("FAILED-COURSES", "3"), "quiet");
    check(&not, &Given::default(), "unknown");
}

#[test]
fn a_firing_tells_every_reason_with_its_numbers() {
    let facts = values(&[("FAILED-COURSES", &[Some("4")]), ("FAILED-CREDITS", &[Some("9.5")])]);
    let Outcome::Fired(because) = evaluate(&rule(&format!("{{ any = [{COURSES}, {CREDITS}] }}")), &facts) else {
        panic!("quiet");
    };
    assert_eq!(because.len(), 2);
    assert!(matches!(&because[0], Because::Value { value, .. } if *value == Decimal::from(4)));
    assert_eq!(because[1].message().key, "model-because-value");
}

#[test]
fn consecutive_periods_include_this_one_and_allow_no_gap() {
    let when = "{ consecutive = { indicator = \"X\", when = \"< 60\", periods = 3 } }";
    check(when, &values(&[("X", &[Some("50"), Some("55"), Some("59")])]), "fired");
    check(when, &values(&[("X", &[Some("50"), Some("60"), Some("59")])]), "quiet");
    check(when, &values(&[("X", &[Some("50"), None, Some("59")])]), "unknown");
    check(when, &values(&[("X", &[Some("50"), None, Some("61")])]), "quiet");
    check(when, &values(&[("X", &[Some("50"), Some("50")])]), "unknown");
}

#[test]
fn cumulative_periods_count_what_is_known() {
    let when = "{ cumulative = { indicator = \"X\", when = \"< 60\", times = 2, within = 4 } }";
    check(when, &values(&[("X", &[Some("50"), None, Some("55"), None])]), "fired");
    check(when, &values(&[("X", &[Some("50"), None, Some("70"), Some("70")])]), "unknown");
    check(when, &values(&[("X", &[Some("70"), None, Some("70"), Some("70")])]), "quiet");
}

#[test]
fn a_change_is_measured_in_the_unit_or_in_percent() {
    let previous = "{ change = { indicator = \"X\", against = \"previous\", when = \"<= -5\" } }";
    check(previous, &values(&[("X", &[Some("90"), Some("95")])]), "fired");
    check(previous, &values(&[("X", &[Some("90.1"), Some("95")])]), "quiet");
    check(previous, &values(&[("X", &[Some("90")])]), "unknown");
    let percent =
        "{ change = { indicator = \"X\", against = \"last-year\", relative = \"percent\", when = \"< -33.33\" } }";
    let yearly = |value: &'static str, before: &'static str| Given {
        last_year: BTreeMap::from([("X", before)]),
        ..now("X", value)
    };
    // 2/3 of the earlier value is a change of -33.333… percent, shown and judged as -33.33.
    check(percent, &yearly("2", "3"), "quiet");
    check(percent, &yearly("1.99", "3"), "fired");
    check(percent, &yearly("1", "0"), "unknown");
    check(percent, &now("X", "1"), "unknown");
}

#[test]
fn pace_is_behind_when_the_process_value_is_not_reached() {
    let when = "{ pace = { indicator = \"X\" } }";
    let planned = |value: &'static str| Given { plans: BTreeMap::from([("X", ">= 40")]), ..now("X", value) };
    check(when, &planned("39.9"), "fired");
    check(when, &planned("40"), "quiet");
    check(when, &now("X", "10"), "unknown");
}

#[test]
fn the_warning_value_in_force_is_what_breaches() {
    let when = "{ warning = { indicator = \"X\" } }";
    let set =
        |value: &'static str| Given { warnings: vec![("< 90", "notice"), ("< 80", "serious")], ..now("X", value) };
    check(when, &set("90"), "quiet");
    check(when, &now("X", "10"), "unknown");
    let Outcome::Fired(because) = evaluate(&rule(when), &set("79")) else { panic!("quiet") };
    assert!(matches!(&because[..], [Because::Warning { level, .. }] if level.as_str() == "serious"));
}

#[test]
fn the_worst_of_its_peers_fires_and_a_tie_of_all_does_not() {
    let when = "{ peers = { indicator = \"X\", worst = \"0.1\", at_least = 5 } }";
    let among = |value: &'static str, peers: &[i64]| Given { peers: peers.to_vec(), ..now("X", value) };
    let nine = [60, 70, 75, 80, 85, 88, 90, 92, 95];
    check(when, &among("50", &nine), "fired");
    check(when, &among("65", &nine), "quiet");
    check(when, &among("50", &[50; 9]), "quiet");
    check(when, &among("50", &[60, 70]), "unknown");
    let lower = Given { lower_is_better: true, ..among("99", &nine) };
    check(when, &lower, "fired");
}

#[test]
fn missing_fires_on_a_gap_and_not_on_what_is_not_due() {
    let when = "{ missing = { indicator = \"X\" } }";
    check(when, &Given::default(), "fired");
    check(when, &now("X", "0"), "quiet");
}

#[test]
fn stale_fires_after_its_days_and_when_nothing_ever_came() {
    let when = "{ stale = { dataset = \"attendance\", days = 7 } }";
    let aged = |days| Given { ages: BTreeMap::from([("attendance", days)]), ..Given::default() };
    check(when, &aged(7), "quiet");
    check(when, &aged(8), "fired");
    check(when, &Given::default(), "fired");
}

#[test]
fn yellow_twice_running_or_three_times_in_all_escalates() {
    let running = "{ history = { rule = \"YELLOW\", times = 2, consecutive = true, within = 2 } }";
    let fired = |firings: &[Option<bool>]| Given { firings: firings.to_vec(), ..Given::default() };
    check(running, &fired(&[Some(true), Some(true)]), "fired");
    check(running, &fired(&[Some(true), Some(false)]), "quiet");
    check(running, &fired(&[Some(true)]), "unknown");
    let total = "{ history = { rule = \"YELLOW\", times = 3, within = 6 } }";
    check(total, &fired(&[Some(true), Some(false), Some(true), None, Some(true), Some(false)]), "fired");
    check(total, &fired(&[Some(false); 6]), "quiet");
    check(total, &fired(&[Some(true), Some(true), Some(false), Some(false), Some(false), None]), "unknown");
}

#[test]
fn a_date_that_is_near_or_past_is_due() {
    let when = "{ due = { indicator = \"DAYS-LEFT\", within_days = 7 } }";
    check(when, &now("DAYS-LEFT", "8"), "quiet");
    check(when, &now("DAYS-LEFT", "7"), "fired");
    check(when, &now("DAYS-LEFT", "-3"), "fired");
    let Outcome::Fired(because) = evaluate(&rule(when), &now("DAYS-LEFT", "-3")) else { panic!("quiet") };
    assert_eq!(because[0].message().key, "model-because-overdue");
}

#[test]
fn a_rule_tells_what_it_reads_and_how_far_back() {
    let when = format!(
        "{{ all = [{COURSES}, {{ consecutive = {{ indicator = \"X\", when = \"< 60\", periods = 3 }} }}, {{ history = {{ rule = \"Y\", times = 2, within = 4 }} }}] }}"
    );
    let rule = rule(&when);
    let codes: Vec<String> = rule.indicators().iter().map(ToString::to_string).collect();
    assert_eq!(codes, ["FAILED-COURSES", "X"]);
    assert_eq!(rule.when.periods_back(), 4);
}

#[test]
fn an_unknown_word_in_a_rule_is_refused() {
    for when in ["{ eval = \"x > 3\" }", "{ value = { indicator = \"X\", when = \">= 3\", or = 1 } }"] {
        let text = format!(
            "id = \"R\"\nnames = {{ zh = \"规则\", en = \"rule\" }}\nlayer = \"student\"\ngrain = \"student\"\nlevel = \"general\"\nwhen = {when}"
        );
        assert!(toml::from_str::<Rule>(&text).is_err(), "{when}");
    }
}
