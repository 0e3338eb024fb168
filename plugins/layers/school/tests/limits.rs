//! The limits that the card transform is handed and the national thresholds are one set of numbers in two files.

use std::path::Path;
use toml::{Table, Value};

fn thresholds() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../config/policy/national-2004.toml");
    let text = std::fs::read_to_string(path).expect("the national policy");
    let table: Table = text.parse().expect("TOML");
    table.get("threshold").and_then(Value::as_array).cloned().expect("thresholds")
}

fn queries() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin.toml");
    std::fs::read_to_string(path).expect("the manifest")
}

/// `22` and `6.5` as SQL decimals.
fn decimal(number: &str) -> String {
    if number.contains('.') { number.to_owned() } else { format!("{number}.0") }
}

#[test]
fn card_limits_are_those_of_the_national_policy() {
    let queries = queries();
    let items = [
        ("SCH-STUDENT-TEACHER", "warning", "'ratio', 'most'"),
        ("SCH-GRADUATE-DEGREES", "warning", "'degree', 'least'"),
        ("SCH-TEACHING-AREA", "warning", "'rooms', 'least'"),
        ("SCH-EQUIPMENT-VALUE", "warning", "'equipment', 'least'"),
        ("SCH-BOOKS", "warning", "'books', 'least'"),
        ("SCH-EQUIPMENT-GROWTH", "standard", "'new_equipment'"),
        ("SCH-BOOK-GROWTH", "standard", "'new_books'"),
    ];
    let mut compared = 0;
    for threshold in thresholds() {
        let text = |key: &str| threshold.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let wanted = |item: &&(&str, &str, &str)| item.0 == text("indicator") && item.1 == text("kind");
        let Some((indicator, _, item)) = items.iter().find(wanted) else { continue };
        let school = threshold.get("category").and_then(|category| category.get("value")).and_then(Value::as_str);
        let number = text("when").split_whitespace().last().map(decimal).expect("a number");
        let row = format!("('{}', {item}, {number})", school.expect("a type of school"));
        assert!(queries.contains(&row), "{indicator}: plugin.toml has no {row}");
        compared += 1;
    }
    assert_eq!(compared, items.len() * 6, "seven values for six types of school");
}
