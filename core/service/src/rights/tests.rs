//! What a scope holds, over a small college: two departments, a major in each, two students.

use super::{ScopeFilter, widened};
use std::collections::BTreeSet;
use std::sync::Arc;
use zhengai_model::hierarchy::{Edge, Hierarchy};
use zhengai_model::layer::Layer;
use zhengai_model::rights::{Place, Scope};

fn place(text: &str) -> Place {
    text.parse().unwrap()
}

fn edge(child: &str, parent: &str) -> Edge {
    let (child, parent) = (place(child), place(parent));
    Edge {
        child_kind: child.kind,
        child: child.id,
        parent_kind: parent.kind,
        parent: parent.id,
        from: None,
        to: None,
        dated: true,
    }
}

fn filter(scopes: &[Scope], personal: &[Scope], person: Option<&str>) -> ScopeFilter {
    let tree = Hierarchy::new([
        edge("major/M1", "department/D1"),
        edge("major/M2", "department/D2"),
        edge("student/S1", "major/M1"),
        edge("student/S2", "major/M2"),
    ]);
    ScopeFilter {
        scopes: scopes.iter().map(widened).collect(),
        personal: personal.iter().map(widened).collect(),
        kinds: ["student", "teacher"].map(|kind| kind.parse().unwrap()).into(),
        person: person.map(place),
        tree: Some(Arc::new(tree)),
        today: "2026-03-01".parse().unwrap(),
    }
}

const ALL: [(Layer, &str); 7] = [
    (Layer::School, "school/X"),
    (Layer::School, "department/D1"),
    (Layer::School, "department/D2"),
    (Layer::Major, "major/M1"),
    (Layer::Major, "major/M2"),
    (Layer::Student, "student/S1"),
    (Layer::Student, "student/S2"),
];

#[track_caller]
fn holds(filter: &ScopeFilter, expected: &[&str]) {
    let held: Vec<&str> =
        ALL.iter().filter(|(layer, text)| filter.holds_place(*layer, &place(text))).map(|(_, text)| *text).collect();
    assert_eq!(held, expected);
}

#[test]
fn a_department_sees_itself_and_all_below_and_nothing_above_or_beside() {
    let own = [Scope::units([place("department/D1")])];
    holds(&filter(&own, &own, None), &["department/D1", "major/M1", "student/S1"]);
}

#[test]
fn results_about_persons_need_the_right_to_read_personal_data_too() {
    let everything = [Scope::everything()];
    let reader = filter(&everything, &[], None);
    holds(&reader, &["school/X", "department/D1", "department/D2", "major/M1", "major/M2"]);
    assert!(reader.hides_persons() && !reader.is_everything());
    let of_one = filter(&everything, &[Scope::units([place("department/D2")])], None);
    holds(&of_one, &["school/X", "department/D1", "department/D2", "major/M1", "major/M2", "student/S2"]);
    assert!(filter(&everything, &everything, None).is_everything());
}

#[test]
fn a_student_sees_the_own_results_without_any_right_on_persons() {
    holds(&filter(&[Scope::own()], &[], Some("student/S1")), &["student/S1"]);
    holds(&filter(&[Scope::own()], &[], None), &[]);
}

#[test]
fn two_roles_add_up_and_neither_widens_the_other() {
    let scopes = [Scope::units([place("department/D1")]), Scope::everything().within(&[Layer::School])];
    holds(&filter(&scopes, &[], None), &["school/X", "department/D1", "department/D2", "major/M1"]);
}

#[test]
fn a_scope_of_the_college_itself_reaches_everything_even_what_no_edge_ties_to_it() {
    let scopes = [Scope::units([place("school/X")])];
    assert!(filter(&scopes, &scopes, None).is_everything());
}

#[test]
fn nobody_without_the_right_sees_anything() {
    let none = filter(&[], &[Scope::everything()], Some("student/S1"));
    holds(&none, &[]);
    assert_eq!(none.units(), Some(BTreeSet::new()));
}

#[test]
fn rows_outside_go_before_anything_is_counted() {
    let own = [Scope::units([place("department/D1")])];
    let mut rows: Vec<(&str, &str)> = vec![("S1", "a"), ("S2", "b"), ("S1", "c"), ("", "no object")];
    filter(&own, &own, None).keep(&mut rows, |row| ("student", "student", row.0));
    assert_eq!(rows, [("S1", "a"), ("S1", "c")]);
}
