//! Memberships day by day: moves, defaults, mergers and splits.

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn kind(text: &str) -> ObjectKind {
    ObjectKind::new(text).expect("a kind")
}

fn id(text: &str) -> ObjectId {
    ObjectId::new(text).expect("an id")
}

/// `student S1 > class C1 2025-09-01..2026-03-01`; without days it is a default.
fn edge(text: &str) -> Edge {
    let words: Vec<&str> = text.split_whitespace().collect();
    let some = |text: &str| (!text.is_empty()).then(|| day(text));
    let (from, to) = words.get(5).map_or((None, None), |range| {
        let (from, to) = range.split_once("..").expect("a range");
        (some(from), some(to))
    });
    Edge {
        child_kind: kind(words[0]),
        child: id(words[1]),
        parent_kind: kind(words[3]),
        parent: id(words[4]),
        from,
        to,
        dated: words.len() > 5,
    }
}

fn school() -> Hierarchy {
    Hierarchy::new(
        [
            "student S1 > class C1",
            "student S1 > class C1 2025-09-01..2026-03-01",
            "student S1 > class C2 2026-03-01..",
            "student S2 > class C2",
            "class C1 > major M1",
            "class C2 > major M2",
            "major M1 > department D1",
            "major M2 > department D1 ..2026-01-01",
            "major M2 > department D2 2026-01-01..",
            "department D1 > school H",
            "department D2 > school H",
        ]
        .map(edge),
    )
}

fn parent(of: &str, up: &str, on: &str) -> Option<String> {
    let (of_kind, of_id) = of.split_once(' ').expect("kind and id");
    school().parent(&kind(of_kind), &id(of_id), &kind(up), day(on)).map(ToString::to_string)
}

#[test]
fn a_student_belongs_to_the_class_of_the_day() {
    assert_eq!(parent("student S1", "class", "2026-02-28").as_deref(), Some("C1"));
    assert_eq!(parent("student S1", "class", "2026-03-01").as_deref(), Some("C2"));
}

#[test]
fn a_default_holds_where_no_dated_edge_does() {
    assert_eq!(parent("student S1", "class", "2020-01-01").as_deref(), Some("C1"));
    assert_eq!(parent("student S2", "class", "2020-01-01").as_deref(), Some("C2"));
}

#[test]
fn parents_further_up_are_those_of_the_same_day() {
    assert_eq!(parent("student S1", "department", "2025-10-01").as_deref(), Some("D1"));
    assert_eq!(parent("student S1", "department", "2026-03-01").as_deref(), Some("D2"));
    assert_eq!(parent("student S2", "department", "2025-12-31").as_deref(), Some("D1"));
    assert_eq!(parent("student S1", "school", "2026-03-01").as_deref(), Some("H"));
    assert_eq!(parent("student S1", "teacher", "2026-03-01"), None);
    assert_eq!(parent("student S9", "class", "2026-03-01"), None);
}

#[test]
fn a_question_about_the_past_says_which_hierarchy_it_means() {
    let (event, today) = (day("2025-10-01"), day("2026-11-21"));
    let class = |view: View| {
        school().parent(&kind("student"), &id("S1"), &kind("class"), view.day(event, today)).map(ToString::to_string)
    };
    assert_eq!(class(View::AsWas).as_deref(), Some("C1"));
    assert_eq!(class(View::AsIs).as_deref(), Some("C2"));
    assert_eq!(class(View::AsOf(day("2026-02-28"))).as_deref(), Some("C1"));
}

#[test]
fn ancestors_stand_nearest_first() {
    let found = school().ancestors(&kind("student"), &id("S1"), day("2025-10-01"));
    let names: Vec<String> = found.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
    assert_eq!(names, ["class C1", "major M1", "department D1", "school H"]);
}

#[test]
fn a_period_is_cut_where_memberships_change_inside_it() {
    let (start, end) = (day("2025-09-01"), day("2026-09-01"));
    assert_eq!(school().change_dates(start, end), [day("2026-01-01"), day("2026-03-01")]);
    let epochs = school().epochs(start, end);
    assert_eq!(epochs.len(), 3);
    assert_eq!(epochs[0].0, start);
    assert_eq!(epochs[2].1, end);
}

#[test]
fn two_parents_at_once_are_told_and_settled_by_rule() {
    let doubled = Hierarchy::new(
        ["student S1 > class C1 2025-09-01..", "student S1 > class C2 2025-10-01..2025-12-01"].map(edge),
    );
    let class =
        |on: &str| doubled.parent(&kind("student"), &id("S1"), &kind("class"), day(on)).map(ToString::to_string);
    assert_eq!(class("2025-11-01").as_deref(), Some("C2"));
    assert_eq!(class("2025-12-01").as_deref(), Some("C1"));
    assert!(matches!(doubled.faults(), [HierarchyFault::TwoParents { .. }]));
    assert!(school().faults().is_empty());
}

#[test]
fn a_circle_of_kinds_and_an_empty_edge_are_told() {
    let circle = Hierarchy::new(["class C > major M", "major M > class C"].map(edge));
    assert_eq!(circle.faults().len(), 2);
    assert_eq!(circle.parent(&kind("class"), &id("C"), &kind("school"), day("2025-01-01")), None);
    let empty = Hierarchy::new([edge("class C > major M 2025-01-01..2025-01-01")]);
    assert!(matches!(empty.faults(), [HierarchyFault::Empty { .. }]));
    assert_eq!(empty.parent(&kind("class"), &id("C"), &kind("major"), day("2025-01-01")), None);
}

#[test]
fn mergers_and_splits_lead_to_their_successors() {
    let succession =
        |old: &str, new: &str| Succession { kind: kind("major"), old: id(old), new: id(new), on: day("2025-09-01") };
    let merged = Hierarchy::with_successions(
        [],
        vec![succession("A", "C"), succession("B", "C"), succession("C", "D"), succession("C", "E")],
    );
    let names =
        |old: &str| merged.successors(&kind("major"), &id(old)).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names("A"), ["D", "E"]);
    assert_eq!(names("E"), ["E"]);
}

fn any_edges() -> impl Strategy<Value = Vec<Edge>> {
    let one =
        (0_u32..6, 0_u32..4, 0_u64..400, 1_u64..400, any::<bool>()).prop_map(|(child, parent, from, days, dated)| {
            let start = day("2024-01-01") + chrono::Days::new(from);
            Edge {
                child_kind: kind("student"),
                child: id(&format!("S{child}")),
                parent_kind: kind("class"),
                parent: id(&format!("C{parent}")),
                from: dated.then_some(start),
                to: dated.then(|| start + chrono::Days::new(days)),
                dated,
            }
        });
    prop::collection::vec(one, 0..20)
}

proptest! {
    #[test]
    fn the_order_of_edges_changes_neither_answers_nor_fingerprint(edges in any_edges(), offset in 0_u64..800) {
        let (one, other) = (Hierarchy::new(edges.clone()), Hierarchy::new(edges.into_iter().rev()));
        let on = day("2024-01-01") + chrono::Days::new(offset);
        prop_assert_eq!(one.fingerprint(), other.fingerprint());
        prop_assert_eq!(one.faults(), other.faults());
        for student in 0..6 {
            let student = id(&format!("S{student}"));
            let up = |hierarchy: &Hierarchy| hierarchy.parent(&kind("student"), &student, &kind("class"), on).cloned();
            prop_assert_eq!(up(&one), up(&other));
        }
    }

    #[test]
    fn between_two_change_dates_nothing_changes(edges in any_edges()) {
        let hierarchy = Hierarchy::new(edges);
        for (from, to) in hierarchy.epochs(day("2024-01-01"), day("2026-06-01")) {
            let last = to.pred_opt().expect("a day");
            for student in 0..6 {
                let student = id(&format!("S{student}"));
                let up = |on| hierarchy.parent(&kind("student"), &student, &kind("class"), on);
                prop_assert_eq!(up(from), up(last));
            }
        }
    }
}
