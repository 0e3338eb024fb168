//! Rights, scopes and the file of roles that ships.

use super::{Place, Reach, Reaches, Right, RoleFault, Roles, Scope};
use crate::layer::Layer;

fn place(text: &str) -> Place {
    text.parse().unwrap()
}

fn shipped() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/roles.toml");
    std::fs::read_to_string(path).unwrap()
}

fn faults(text: &str) -> Vec<RoleFault> {
    Roles::from_toml(text).unwrap_err().0
}

#[test]
fn every_right_has_one_word_that_leads_back_to_it() {
    for right in Right::ALL {
        assert_eq!(Right::parse(right.as_str()), Some(right));
        assert_eq!(serde_json::to_value(right).unwrap(), right.as_str());
    }
}

#[test]
fn the_roles_that_ship_are_sound_and_the_administrator_may_everything() {
    let roles = Roles::from_toml(&shipped()).unwrap();
    let administrator = roles.role("administrator").unwrap();
    assert_eq!(administrator.rights, Right::ALL.into());
    assert_eq!(roles.with_right(Right::ManageUsers), ["administrator"]);
    assert_eq!(roles.role("person").unwrap().reach, Reaches::Own);
    for role in roles.roles() {
        let changes = role.rights.iter().any(|right| !matches!(right, Right::ReadResults | Right::ReadAudit));
        assert_eq!(changes, !["auditor", "reader", "person"].contains(&role.id.as_str()), "{}", role.id);
    }
}

#[test]
fn a_department_holds_itself_and_everything_below_and_nothing_else() {
    let scope = Scope::units([place("department/D03")]);
    let above = [place("class/C1"), place("department/D03"), place("school/S")];
    assert!(scope.holds(Layer::Student, &place("student/S1"), &above, None));
    assert!(scope.holds(Layer::School, &place("department/D03"), &[place("school/S")], None));
    assert!(!scope.holds(Layer::Student, &place("student/S1"), &[place("department/D04")], None));
    assert!(!scope.holds(Layer::School, &place("school/S"), &[], None), "what lies above is not below");
    assert!(!scope.holds(Layer::Student, &place("class/D03"), &[], None), "the same id of another kind");
}

#[test]
fn a_scope_of_one_layer_holds_no_other() {
    let scope = Scope::everything().within(&[Layer::Teacher]);
    assert!(scope.holds(Layer::Teacher, &place("teacher/T1"), &[], None));
    assert!(!scope.holds(Layer::Student, &place("student/S1"), &[], None));
    assert!(!scope.is_everything() && Scope::everything().is_everything());
}

#[test]
fn own_holds_the_person_only_and_nobody_without_one() {
    let (scope, me) = (Scope::own(), place("teacher/T1"));
    assert!(scope.holds(Layer::Teacher, &me, &[], Some(&me)));
    assert!(!scope.holds(Layer::Teacher, &place("teacher/T2"), std::slice::from_ref(&me), Some(&me)));
    assert!(!scope.holds(Layer::Teacher, &me, &[], None));
}

#[test]
fn an_empty_set_is_nothing_and_never_everything() {
    let nowhere = Scope::units([]);
    assert!(!nowhere.holds(Layer::Student, &place("student/S1"), &[place("school/S")], None));
    let no_layer = Scope::everything().within(&[]);
    assert!(!no_layer.holds(Layer::Student, &place("student/S1"), &[], None));
    assert!(serde_json::from_str::<Scope>("{}").is_err(), "a scope that says nothing is no scope");
}

#[test]
fn a_scope_is_kept_as_it_was() {
    let scope = Scope::units([place("department/D03"), place("major/M/1")]).within(&[Layer::Major]);
    let json = serde_json::to_string(&scope).unwrap();
    assert_eq!(json, r#"{"layers":["major"],"reach":{"units":["department/D03","major/M/1"]}}"#);
    assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
    assert_eq!(serde_json::to_value(Reach::Own).unwrap(), "own");
    for bad in ["D03", "Department/D03", "department/", "/D03"] {
        assert!(bad.parse::<Place>().is_err(), "{bad}");
    }
}

#[test]
fn faults_of_a_file_of_roles_are_told_all_at_once() {
    let text = shipped()
        .replace("id = \"auditor\"", "id = \"reader\"")
        .replace("\"manage-sources\"]", "\"steer\"]")
        .replace("layers = [\"student\"]", "layers = [\"pupil\"]")
        .replace("purposes = [\"student-care\"]\n", "purposes = [\"fun\"]\n");
    let found = faults(&text);
    for wanted in [
        RoleFault::Twice { id: "reader".to_owned() },
        RoleFault::UnknownRight { role: "integrator".to_owned(), right: "steer".to_owned() },
        RoleFault::UnknownLayer { role: "counsellor".to_owned(), layer: "pupil".to_owned() },
        RoleFault::UnknownPurpose { role: "department".to_owned(), purpose: "fun".to_owned() },
    ] {
        assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn a_right_that_nobody_has_and_personal_rows_without_a_purpose_are_faults() {
    let role = "[[role]]\nid = \"R\"\nnames = { zh = \"一\", en = \"\" }\nabout = { zh = \"一\", en = \"a\" }\n\
                reach = \"college\"\nrights = [\"read-personal\"]\n";
    let found = faults(role);
    assert_eq!(found.first(), Some(&RoleFault::BadId { id: "R".to_owned() }));
    assert!(found.contains(&RoleFault::Nameless { id: "R".to_owned() }));
    assert!(found.contains(&RoleFault::Purposeless { role: "R".to_owned() }));
    assert!(found.contains(&RoleFault::Nobody { right: Right::ManageUsers }));
    let powerless = faults(&role.replace("\"read-personal\"", ""));
    assert!(powerless.contains(&RoleFault::Powerless { role: "R".to_owned() }));
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    let found = faults("[[role]]\nid = \"a\"\nshape = 3\n");
    assert!(matches!(found.as_slice(), [RoleFault::Form { line, .. }] if *line > 0), "{found:?}");
}
