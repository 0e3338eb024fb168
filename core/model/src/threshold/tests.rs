//! Which threshold holds for an object on a day, and which sets of them contradict.

use super::*;
use crate::ids::ObjectId;
use crate::indicator::Direction;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn condition(text: &str) -> Condition {
    text.parse().expect("a condition")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn kind(text: &str) -> ObjectKind {
    ObjectKind::new(text).expect("a kind")
}

fn id(text: &str) -> ObjectId {
    ObjectId::new(text).expect("an id")
}

fn threshold(kind: ThresholdKind, when: &str, scope: Scope) -> Threshold {
    Threshold {
        indicator: IndicatorCode::new("X").expect("a code"),
        kind,
        when: condition(when),
        grain: None,
        scope,
        category: None,
        level: None,
        from: None,
        to: None,
        source: "test".into(),
        verified: false,
    }
}

fn standard(when: &str, scope: Scope) -> Threshold {
    threshold(ThresholdKind::Standard, when, scope)
}

fn student() -> ObjectContext {
    ObjectContext {
        kind: kind("student"),
        id: id("S1"),
        units: vec![
            (kind("class"), id("C1")),
            (kind("major"), id("M1")),
            (kind("department"), id("D1")),
            (kind("school"), id("H")),
        ],
        groups: vec![("origin".into(), "rural".into())],
    }
}

fn unit(of: &str, id_of: &str) -> Scope {
    Scope::Unit { kind: kind(of), id: id(id_of) }
}

fn group() -> Scope {
    Scope::Group { kind: kind("student"), field: "origin".into(), value: "rural".into() }
}

fn object() -> Scope {
    Scope::Object { kind: kind("student"), id: id("S1") }
}

fn chosen(thresholds: &[Threshold], on: &str) -> Option<String> {
    choose(thresholds, &student(), ThresholdKind::Standard, day(on)).map(|found| found.when.to_string())
}

#[test]
fn a_value_on_the_end_belongs_to_a_closed_end_only() {
    for (text, value, expect) in [
        (">= 60", "60", true),
        ("> 60", "60", false),
        ("<= 60", "60.0", true),
        ("< 60", "60", false),
        ("= 60", "60.00", true),
        ("in [0, 5]", "5", true),
        ("in [0, 5)", "5", false),
        ("in (0, 5]", "0", false),
        ("not in [6, 24]", "6", false),
        ("not in (6, 24)", "6", true),
        ("≥60", "60", true),
        ("属于[0,5]", "0", true),
        ("不属于[0,5]", "5.01", true),
    ] {
        assert_eq!(condition(text).holds(decimal(value)), expect, "{value} {text}");
    }
}

#[test]
fn what_is_not_a_condition_is_refused() {
    for text in ["", "60", ">", ">= x", "in [5, 0]", "in 0, 5", "in (5, 5)", "in [5, 5)", "in [0; 5]", ">= 200:1"] {
        assert!(text.parse::<Condition>().is_err(), "{text}");
    }
}

#[test]
fn the_most_specific_scope_wins_in_the_order_of_the_page() {
    let order = [
        (Scope::Nation, ">= 1"),
        (Scope::Province, ">= 2"),
        (Scope::College, ">= 3"),
        (unit("department", "D1"), ">= 4"),
        (unit("class", "C1"), ">= 5"),
        (group(), ">= 6"),
        (object(), ">= 7"),
    ];
    let mut thresholds = Vec::new();
    for (scope, when) in order {
        thresholds.insert(0, standard(when, scope));
        assert_eq!(chosen(&thresholds, "2025-09-01").as_deref(), Some(when));
    }
}

#[test]
fn scopes_of_others_do_not_reach() {
    let thresholds = [
        standard(">= 1", unit("department", "D2")),
        standard(">= 2", Scope::Object { kind: kind("student"), id: id("S2") }),
        standard(">= 3", Scope::Group { kind: kind("student"), field: "origin".into(), value: "urban".into() }),
        Threshold { grain: Some(kind("class")), ..standard(">= 4", Scope::College) },
    ];
    assert_eq!(chosen(&thresholds, "2025-09-01"), None);
}

#[test]
fn a_threshold_holds_from_its_first_day_to_the_day_before_its_end() {
    let dated =
        Threshold { from: Some(day("2025-09-01")), to: Some(day("2026-09-01")), ..standard(">= 90", Scope::College) };
    let thresholds = [standard(">= 80", Scope::College), dated];
    assert_eq!(chosen(&thresholds, "2025-08-31").as_deref(), Some(">= 80"));
    assert_eq!(chosen(&thresholds, "2025-09-01").as_deref(), Some(">= 90"));
    assert_eq!(chosen(&thresholds, "2026-08-31").as_deref(), Some(">= 90"));
    assert_eq!(chosen(&thresholds, "2026-09-01").as_deref(), Some(">= 80"));
}

#[test]
fn within_one_scope_the_own_grain_wins_and_then_the_later_in_the_list() {
    let own = Threshold { grain: Some(kind("student")), ..standard(">= 2", Scope::College) };
    let thresholds = [own, standard(">= 3", Scope::College)];
    assert_eq!(chosen(&thresholds, "2025-09-01").as_deref(), Some(">= 2"));
    let pack_and_user = [standard(">= 80", Scope::College), standard(">= 85", Scope::College)];
    assert_eq!(chosen(&pack_and_user, "2025-09-01").as_deref(), Some(">= 85"));
}

#[test]
fn a_category_narrows_a_scope_without_making_it_more_specific() {
    let category = |value: &str| Some(Category { field: "origin".into(), value: value.into() });
    let thresholds = [
        Threshold { category: category("urban"), ..standard(">= 1", Scope::Nation) },
        Threshold { category: category("rural"), ..standard(">= 2", Scope::Nation) },
    ];
    assert_eq!(chosen(&thresholds, "2025-09-01").as_deref(), Some(">= 2"));
    let with_college = [thresholds[1].clone(), standard(">= 3", Scope::College)];
    assert_eq!(chosen(&with_college, "2025-09-01").as_deref(), Some(">= 3"));
}

#[test]
fn several_warning_values_of_the_winning_scope_hold_together() {
    let warn = |when: &str, scope: Scope, level: &str| Threshold {
        level: Some(LevelId::new(level).expect("a level")),
        ..threshold(ThresholdKind::Warning, when, scope)
    };
    let thresholds = [
        warn("< 60", Scope::Nation, "serious"),
        warn("< 90", Scope::College, "notice"),
        warn("< 80", Scope::College, "serious"),
        warn("< 78", Scope::College, "serious"),
    ];
    let found: Vec<String> = choose_warnings(&thresholds, &student(), day("2025-09-01"))
        .into_iter()
        .map(|threshold| threshold.when.to_string())
        .collect();
    assert_eq!(found, ["< 90", "< 78"]);
}

fn contradictions(direction: Direction, target: &str, standard: &str, warning: &str) -> usize {
    let some = |text: &str| (!text.is_empty()).then(|| condition(text));
    let values = ValueSet {
        target: some(target),
        standard: some(standard),
        warnings: some(warning).into_iter().collect(),
        ..ValueSet::default()
    };
    check_consistent(direction, &values).len()
}

#[test]
fn for_higher_warning_and_standard_may_not_exceed_the_target() {
    assert_eq!(contradictions(Direction::Higher, ">= 95", ">= 90", "< 85"), 0);
    assert_eq!(contradictions(Direction::Higher, ">= 95", ">= 95", "< 95"), 0);
    assert_eq!(contradictions(Direction::Higher, ">= 90", ">= 95", ""), 1);
    assert_eq!(contradictions(Direction::Higher, ">= 90", "", "< 95"), 1);
    assert_eq!(contradictions(Direction::Higher, ">= 90", "", "<= 90"), 1);
    assert_eq!(contradictions(Direction::Higher, ">= 90", "> 90", ""), 1);
}

#[test]
fn for_lower_it_is_the_other_way_round() {
    assert_eq!(contradictions(Direction::Lower, "<= 16", "<= 18", "> 22"), 0);
    assert_eq!(contradictions(Direction::Lower, "<= 18", "<= 16", ""), 1);
    assert_eq!(contradictions(Direction::Lower, "<= 18", "", "> 17"), 1);
    assert_eq!(contradictions(Direction::Lower, "= 0", "<= 2", "> 3"), 0);
}

#[test]
fn for_within_intervals_nest_and_warnings_stay_outside_the_target() {
    assert_eq!(contradictions(Direction::Within, "in [10, 16]", "in [8, 20]", "not in [6, 24]"), 0);
    assert_eq!(contradictions(Direction::Within, "in [6, 16]", "in [8, 20]", ""), 1);
    assert_eq!(contradictions(Direction::Within, "in [10, 16]", "in [8, 20]", "> 15"), 1);
    assert_eq!(contradictions(Direction::Within, "in [10, 16]", "", "not in [10, 14]"), 1);
}

#[test]
fn an_operator_against_the_direction_is_a_contradiction() {
    assert_eq!(contradictions(Direction::Higher, "<= 90", "", ""), 1);
    assert_eq!(contradictions(Direction::Lower, ">= 90", "", ""), 1);
    assert_eq!(contradictions(Direction::Higher, "", "", "> 90"), 1);
}

#[test]
fn a_recovery_value_may_not_meet_the_warning_value() {
    let values =
        ValueSet { warnings: vec![condition("< 80")], recovery: Some(condition(">= 79")), ..ValueSet::default() };
    assert_eq!(check_consistent(Direction::Higher, &values).len(), 1);
}

#[test]
fn a_college_standard_may_not_be_looser_than_the_nation_or_province() {
    let nation = [standard("<= 18", Scope::Nation), standard("<= 17", Scope::Province)];
    let refused = |when: &str| check_floor(&standard(when, Scope::College), &nation, &[]).len();
    assert_eq!(refused("<= 16"), 0);
    assert_eq!(refused("<= 17"), 0);
    assert_eq!(refused("<= 18"), 1);
    assert_eq!(refused("<= 19"), 2);
}

#[test]
fn a_personal_target_may_not_be_looser_than_the_college_standard() {
    let college = [standard(">= 80", Scope::College)];
    let personal = |when: &str| threshold(ThresholdKind::Target, when, object());
    assert!(check_floor(&personal(">= 75"), &college, &[]).len() == 1);
    assert!(check_floor(&personal(">= 85"), &college, &[]).is_empty());
    assert!(check_floor(&standard(">= 70", unit("department", "D1")), &college, &[]).len() == 1);
}

#[test]
fn a_floor_counts_only_in_force_and_for_the_own_category() {
    let category = |value: &str| Some(Category { field: "school_type".into(), value: value.into() });
    let nation = [
        Threshold { category: category("engineering"), ..standard(">= 16", Scope::Nation) },
        Threshold { category: category("art"), ..standard(">= 18", Scope::Nation) },
        Threshold { to: Some(day("2004-01-01")), ..standard(">= 30", Scope::Nation) },
    ];
    let proposed = Threshold { from: Some(day("2025-01-01")), ..standard(">= 17", Scope::College) };
    let own = [("school_type".to_owned(), "engineering".to_owned())];
    assert!(check_floor(&proposed, &nation, &own).is_empty());
    let looser = Threshold { when: condition(">= 15"), ..proposed };
    assert_eq!(check_floor(&looser, &nation, &own).len(), 1);
}

#[test]
fn a_core_target_is_never_lowered_at_revision() {
    let code = IndicatorCode::new("X").expect("a code");
    assert!(check_revision(&code, &condition(">= 95"), &condition(">= 96")).is_ok());
    assert!(check_revision(&code, &condition(">= 95"), &condition(">= 95")).is_ok());
    assert!(check_revision(&code, &condition(">= 95"), &condition(">= 94")).is_err());
    assert!(check_revision(&code, &condition(">= 95"), &condition("> 94")).is_err());
}

#[test]
fn an_override_excuses_what_it_allows_until_its_day_and_only_with_name_and_reason() {
    let fault = check_floor(&standard("<= 19", Scope::College), &[standard("<= 18", Scope::Nation)], &[]).remove(0);
    let leave = FloorOverride {
        indicator: IndicatorCode::new("X").expect("a code"),
        allowed: condition("<= 19"),
        by: "校长办公会".into(),
        why: "新校区建设期".into(),
        until: day("2027-01-01"),
    };
    assert!(leave.excuses(&fault, day("2026-12-31")));
    assert!(!leave.excuses(&fault, day("2027-01-01")));
    assert!(!FloorOverride { why: " ".into(), ..leave.clone() }.excuses(&fault, day("2026-12-31")));
    assert!(!FloorOverride { allowed: condition("<= 18.5"), ..leave }.excuses(&fault, day("2026-12-31")));
}

#[test]
fn inline_values_become_thresholds_of_the_college() {
    let values: InlineValues = toml::from_str(
        "target = \">= 95\"\nwarning = \"< 90\"\nlevel = \"general\"\ngrains = [\"class\", \"major\"]\nsource = \"plan\"",
    )
    .expect("values");
    let thresholds = values.thresholds(&IndicatorCode::new("X").expect("a code"));
    assert_eq!(thresholds.len(), 4);
    assert!(thresholds.iter().all(|threshold| threshold.scope == Scope::College));
    assert!(thresholds.iter().all(|t| t.level.is_some() == (t.kind == ThresholdKind::Warning)));
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    (-1000_i64..1000, 0_u32..3).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn any_interval() -> impl Strategy<Value = Interval> {
    (any_decimal(), any_decimal(), any::<bool>(), any::<bool>()).prop_filter_map("empty", |(a, b, low, high)| {
        (a < b).then_some(Interval { low: a, low_closed: low, high: b, high_closed: high })
    })
}

fn any_condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        any_decimal().prop_map(Condition::Above),
        any_decimal().prop_map(Condition::AtLeast),
        any_decimal().prop_map(Condition::Below),
        any_decimal().prop_map(Condition::AtMost),
        any_decimal().prop_map(Condition::Equal),
        any_interval().prop_map(Condition::Within),
        any_interval().prop_map(Condition::Outside),
    ]
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop::sample::select(vec![
        Scope::Nation,
        Scope::Province,
        Scope::College,
        unit("department", "D1"),
        unit("class", "C1"),
        group(),
        object(),
    ])
}

proptest! {
    #[test]
    fn a_condition_survives_its_spelling(condition in any_condition()) {
        let text = condition.to_string();
        prop_assert_eq!(text.parse::<Condition>().expect("a condition"), condition);
    }

    #[test]
    fn interval_ends_decide_alone_on_the_ends(interval in any_interval()) {
        prop_assert_eq!(interval.contains(interval.low), interval.low_closed);
        prop_assert_eq!(interval.contains(interval.high), interval.high_closed);
        let middle = (interval.low + interval.high) / Decimal::TWO;
        prop_assert!(interval.contains(middle));
        prop_assert!(!interval.contains(interval.low - Decimal::ONE) && !interval.contains(interval.high + Decimal::ONE));
    }

    #[test]
    fn sets_of_numbers_agree_with_the_numbers(a in any_condition(), b in any_condition(), values in prop::collection::vec(any_decimal(), 1..30)) {
        let (span_a, span_b) = (Spans::of(&a), Spans::of(&b));
        for value in values {
            if span_a.disjoint(&span_b) {
                prop_assert!(!(a.holds(value) && b.holds(value)));
            }
            if span_a.inside(&span_b) {
                prop_assert!(!a.holds(value) || b.holds(value));
            }
        }
        prop_assert!(span_a.inside(&span_a));
        prop_assert!(!span_a.disjoint(&span_a));
    }

    #[test]
    fn precedence_is_total(scopes in prop::collection::vec((any_scope(), 0_u32..3), 1..8)) {
        let thresholds: Vec<Threshold> = scopes
            .iter()
            .enumerate()
            .map(|(index, (scope, years))| Threshold {
                from: Some(day("2020-01-01").checked_add_months(chrono::Months::new(years * 12)).expect("a day")),
                ..standard(&format!(">= {index}"), scope.clone())
            })
            .collect();
        let on = day("2025-09-01");
        let winner = choose(&thresholds, &student(), ThresholdKind::Standard, on).expect("every scope reaches");
        for other in &thresholds {
            prop_assert!(other.scope.rank() <= winner.scope.rank());
        }
        // Taking away everything else leaves the same winner, and the winner alone wins too.
        let kept: Vec<&Threshold> = thresholds.iter().filter(|t| t.scope.rank() == winner.scope.rank()).collect();
        prop_assert_eq!(choose(kept, &student(), ThresholdKind::Standard, on), Some(winner));
        // Between different precedences the order of the list does not matter.
        let reversed: Vec<&Threshold> = thresholds.iter().rev().collect();
        let again = choose(reversed, &student(), ThresholdKind::Standard, on).expect("every scope reaches");
        prop_assert_eq!((again.scope.rank(), again.from), (winner.scope.rank(), winner.from));
    }
}

#[test]
fn a_scope_is_read_as_it_is_written() {
    for text in
        ["nation", "province", "college", "unit:department:D1", "group:major:category=a=b", "object:teacher:T:1"]
    {
        assert_eq!(text.parse::<Scope>().expect(text).to_string(), text);
    }
    for text in
        ["", "colleges", "college:", "unit", "unit:department", "unit::D1", "group:major:category", "object:teacher:"]
    {
        assert!(text.parse::<Scope>().is_err(), "{text}");
    }
}
