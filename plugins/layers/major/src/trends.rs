//! 连续下降年数: for how many years in a row registration and placement of a major have fallen.
//!
//! Shares are compared as fractions, by cross-multiplication: no rounding can invent or hide a fall.

use std::collections::BTreeMap;
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table};

/// Years of one major: (numerator, denominator) by the label of the year.
type Years<'a> = BTreeMap<&'a str, (i128, i128)>;

/// `shares`: one row for each major, year and item (`registration`, `placement`).
pub(crate) fn trends(shares: &Table) -> Result<RecordBatch> {
    let (majors, years, items) = (shares.texts("major_code")?, shares.texts("year")?, shares.texts("item")?);
    let (above, below) = (shares.decimals("numerator", 0)?, shares.decimals("denominator", 0)?);
    let mut found: BTreeMap<&str, [Years<'_>; 2]> = BTreeMap::new();
    for row in 0..shares.len() {
        let slot = usize::from(items.value(row) != "registration");
        let (Some(above), Some(below)) = (above[row], below[row]) else { continue };
        if below > 0 {
            found.entry(majors.value(row)).or_default()[slot].insert(years.value(row), (above, below));
        }
    }
    let mut rows: BTreeMap<(&str, &str), [Option<i64>; 2]> = BTreeMap::new();
    for (major, both) in &found {
        for (slot, years) in both.iter().enumerate() {
            for (year, falls) in falls(years) {
                rows.entry((year, major)).or_default()[slot] = Some(falls);
            }
        }
    }
    let numbers = |slot: usize| Arc::new(Int64Array::from_iter(rows.values().map(|both| both[slot]))) as Arc<dyn Array>;
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("year", Arc::new(StringArray::from_iter_values(rows.keys().map(|key| key.0))) as Arc<dyn Array>, false),
        ("major_code", Arc::new(StringArray::from_iter_values(rows.keys().map(|key| key.1))), false),
        ("registration_falls", numbers(0), true),
        ("placement_falls", numbers(1), true),
    ])?)
}

/// Falls in a row up to each year. A year without data before it starts anew.
fn falls<'a>(years: &Years<'a>) -> Vec<(&'a str, i64)> {
    let mut rows = Vec::with_capacity(years.len());
    let mut last: Option<(Option<i64>, (i128, i128), i64)> = None;
    for (label, share) in years {
        let number = number_of(label);
        let run = match last {
            Some((before, old, run)) if follows(before, number) && share.0 * old.1 < old.0 * share.1 => run + 1,
            _ => 0,
        };
        rows.push((*label, run));
        last = Some((number, *share, run));
    }
    rows
}

/// The year in a label such as `AY2025`.
fn number_of(label: &str) -> Option<i64> {
    label.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().ok()
}

fn follows(before: Option<i64>, after: Option<i64>) -> bool {
    before.zip(after).is_some_and(|(before, after)| after - before == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhengai_plugin::arrow::array::AsArray;
    use zhengai_plugin::arrow::datatypes::Int64Type;

    fn runs(years: &[(&'static str, i128, i128)]) -> Vec<i64> {
        falls(&years.iter().map(|(year, above, below)| (*year, (*above, *below))).collect())
            .into_iter()
            .map(|(_, run)| run)
            .collect()
    }

    #[test]
    fn each_further_fall_counts_and_a_rise_starts_anew() {
        let years =
            [("AY2021", 95, 100), ("AY2022", 90, 100), ("AY2023", 80, 100), ("AY2024", 85, 100), ("AY2025", 84, 100)];
        assert_eq!(runs(&years), [0, 1, 2, 0, 1]);
    }

    #[test]
    fn equal_shares_of_different_size_are_no_fall() {
        assert_eq!(runs(&[("AY2024", 2, 3), ("AY2025", 200, 300)]), [0, 0]);
        assert_eq!(runs(&[("AY2024", 200_001, 300_000), ("AY2025", 2, 3)]), [0, 1]);
    }

    #[test]
    fn a_missing_year_breaks_the_run() {
        assert_eq!(runs(&[("AY2022", 95, 100), ("AY2023", 90, 100), ("AY2025", 80, 100)]), [0, 1, 0]);
    }

    #[test]
    fn the_items_meet_in_one_row_and_what_is_absent_stays_empty() {
        let text = |texts: &[&str]| Arc::new(StringArray::from(texts.to_vec())) as Arc<dyn Array>;
        let number = |numbers: &[i64]| Arc::new(Int64Array::from(numbers.to_vec())) as Arc<dyn Array>;
        let shares = RecordBatch::try_from_iter([
            ("major_code", text(&["M1", "M1", "M1"])),
            ("year", text(&["AY2024", "AY2025", "AY2025"])),
            ("item", text(&["registration", "registration", "placement"])),
            ("numerator", number(&[95, 90, 0])),
            ("denominator", number(&[100, 100, 0])),
        ]);
        let batch = trends(&Table::new(shares.expect("columns"))).expect("trends");
        let column = |name: &str| batch.column_by_name(name).expect("a column").as_primitive::<Int64Type>().clone();
        assert_eq!(column("registration_falls").iter().collect::<Vec<_>>(), [Some(0), Some(1)]);
        assert_eq!(column("placement_falls").iter().collect::<Vec<_>>(), [None, None]);
    }
}
