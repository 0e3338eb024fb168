//! Cards year by year.

use super::*;
use zhengai_plugin::arrow::array::{AsArray, Decimal128Array};
use zhengai_plugin::arrow::datatypes::Int64Type;

fn tenths(values: &[i128]) -> Arc<dyn Array> {
    Arc::new(Decimal128Array::from(values.to_vec()).with_precision_and_scale(28, 1).expect("fits"))
}

/// (year, sense, numerator, denominator, bound), numbers in tenths.
fn parts(rows: &[(i64, &str, i128, i128, i128)]) -> Table {
    let numbers = |pick: fn(&(i64, &str, i128, i128, i128)) -> i128| tenths(&rows.iter().map(pick).collect::<Vec<_>>());
    let days = rows.iter().map(|row| i32::try_from(row.0).expect("small") * 365);
    let batch = RecordBatch::try_from_iter([
        ("school_code", Arc::new(StringArray::from(vec!["S1"; rows.len()])) as Arc<dyn Array>),
        ("as_of", Arc::new(Date32Array::from_iter_values(days))),
        ("year", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0)))),
        ("sense", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1)))),
        ("numerator", numbers(|row| row.2)),
        ("denominator", numbers(|row| row.3)),
        ("bound", numbers(|row| row.4)),
    ]);
    Table::new(batch.expect("columns of one length"))
}

fn clauses(rows: &[(i64, &str, [i128; 7])]) -> Table {
    let names = ["numerator", "denominator", "share", "stock", "stock_above", "flow", "flow_above"];
    let mut columns = vec![
        ("school_code", Arc::new(StringArray::from(vec!["S1"; rows.len()])) as Arc<dyn Array>),
        (
            "as_of",
            Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| i32::try_from(row.0).expect("small") * 365))),
        ),
        ("item", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1)))),
    ];
    for (position, name) in names.into_iter().enumerate() {
        columns.push((name, tenths(&rows.iter().map(|row| row.2[position]).collect::<Vec<_>>())));
    }
    Table::new(RecordBatch::try_from_iter(columns).expect("columns of one length"))
}

fn policy() -> Table {
    let one = |number: i64| Arc::new(Int64Array::from(vec![number])) as Arc<dyn Array>;
    let columns = [("yellow_from", one(1)), ("red_from", one(2)), ("yellow_years", one(3)), ("digits", one(2))];
    Table::new(RecordBatch::try_from_iter(columns).expect("one row"))
}

fn card_of(parts_: &Table) -> Vec<Option<i64>> {
    let batch = cards(parts_, &clauses(&[]), &policy()).expect("cards");
    batch.column_by_name("card").expect("a column").as_primitive::<Int64Type>().iter().collect()
}

const FINE: (&str, i128, i128, i128) = ("least", 100, 10, 50);
const LOW: (&str, i128, i128, i128) = ("least", 40, 10, 50);

fn year(year: i64, row: (&'static str, i128, i128, i128)) -> (i64, &'static str, i128, i128, i128) {
    (year, row.0, row.1, row.2, row.3)
}

#[test]
fn one_breach_is_yellow_and_two_are_red() {
    assert_eq!(card_of(&parts(&[year(50, FINE), year(50, FINE)])), [Some(3)]);
    assert_eq!(card_of(&parts(&[year(50, FINE), year(50, LOW)])), [Some(2)]);
    assert_eq!(card_of(&parts(&[year(50, LOW), year(50, LOW)])), [Some(1)]);
}

#[test]
fn the_third_yellow_year_in_a_row_is_red() {
    assert_eq!(card_of(&parts(&[year(50, LOW), year(51, LOW), year(52, LOW)])), [Some(2), Some(2), Some(1)]);
}

#[test]
fn a_good_year_or_a_year_without_census_breaks_the_row() {
    let good = [year(50, LOW), year(51, LOW), year(52, FINE), year(53, LOW)];
    assert_eq!(card_of(&parts(&good)), [Some(2), Some(2), Some(3), Some(2)]);
    assert_eq!(card_of(&parts(&[year(50, LOW), year(51, LOW), year(53, LOW)])), [Some(2), Some(2), Some(2)]);
}

#[test]
fn an_unknown_indicator_gives_no_card_unless_it_is_red_already() {
    let nothing = ("least", 0, 0, 50);
    assert_eq!(card_of(&parts(&[year(50, nothing), year(50, LOW)])), [None]);
    assert_eq!(card_of(&parts(&[year(50, nothing), year(50, LOW), year(50, LOW)])), [Some(1)]);
}

#[test]
fn the_limit_itself_is_no_breach_and_rounding_comes_first() {
    assert_eq!(card_of(&parts(&[year(50, ("most", 220, 10, 220))])), [Some(3)]);
    // 22.004 is printed as 22.00 and judged as such; 22.005 is printed as 22.01.
    assert_eq!(card_of(&parts(&[year(50, ("most", 220_040, 10_000, 220))])), [Some(3)]);
    assert_eq!(card_of(&parts(&[year(50, ("most", 220_050, 10_000, 220))])), [Some(2)]);
}

#[test]
fn an_exemption_needs_both_of_its_conditions() {
    let census = parts(&[year(50, FINE)]);
    let growth = |stock: i128, flow: i128| {
        let rows = [(50, "new_equipment", [50, 10, 100, stock, 1000, flow, 100])];
        let batch = cards(&census, &clauses(&rows), &policy()).expect("cards");
        let met = batch.column_by_name("equipment_growth").expect("a column").as_boolean().value(0);
        (met, batch.column_by_name("exempted").expect("a column").as_primitive::<Int64Type>().value(0))
    };
    assert_eq!(growth(1001, 101), (true, 1));
    assert_eq!(growth(1001, 100), (false, 0));
    assert_eq!(growth(1000, 101), (false, 0));
}
