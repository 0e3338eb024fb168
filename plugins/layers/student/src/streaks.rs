//! 连续旷课: the longest run of days with absence, over the days on which the student had lessons.

use std::collections::BTreeMap;
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Date32Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table};

/// One student in one term.
#[derive(Debug, Default, PartialEq, Eq)]
struct Streak {
    absences: i64,
    longest: i64,
    last: Option<i32>,
}

/// `days`: one row for each term, student and day with lessons, in any order, with the lessons missed on it.
pub(crate) fn streaks(days: &Table) -> Result<RecordBatch> {
    let (terms, students) = (days.texts("term")?, days.texts("student_id")?);
    let (dates, missed) = (days.days("attended_on")?, days.integers("absences")?);
    let mut found: BTreeMap<(&str, &str), Vec<(i32, i64)>> = BTreeMap::new();
    for row in 0..days.len() {
        if let Some(day) = dates[row] {
            let lessons = found.entry((terms.value(row), students.value(row))).or_default();
            lessons.push((day, missed[row].unwrap_or(0)));
        }
    }
    let streaks: Vec<Streak> = found.values_mut().map(|days| streak(days)).collect();
    let texts = |pick: fn(&(&str, &str)) -> String| Arc::new(StringArray::from_iter_values(found.keys().map(pick)));
    let numbers = |pick: fn(&Streak) -> i64| Arc::new(Int64Array::from_iter_values(streaks.iter().map(pick)));
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("term", texts(|key| key.0.to_owned()) as Arc<dyn Array>, false),
        ("student_id", texts(|key| key.1.to_owned()), false),
        ("absences", numbers(|streak| streak.absences), false),
        ("longest_days", numbers(|streak| streak.longest), false),
        ("last_absence", Arc::new(Date32Array::from_iter(streaks.iter().map(|streak| streak.last))), true),
    ])?)
}

fn streak(days: &mut [(i32, i64)]) -> Streak {
    days.sort_unstable();
    let mut found = Streak::default();
    let mut run = 0;
    for (day, missed) in days.iter() {
        run = if *missed > 0 { run + 1 } else { 0 };
        found.longest = found.longest.max(run);
        found.absences += missed;
        if *missed > 0 {
            found.last = Some(*day);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_lessons_do_not_break_a_run() {
        // Friday, Monday, Tuesday.
        assert_eq!(streak(&mut [(4, 2), (7, 1), (8, 3)]), Streak { absences: 6, longest: 3, last: Some(8) });
    }

    #[test]
    fn a_day_attended_breaks_it_and_the_longest_run_counts() {
        assert_eq!(streak(&mut [(1, 1), (2, 1), (3, 0), (4, 1)]).longest, 2);
        assert_eq!(streak(&mut [(1, 0), (2, 0)]), Streak::default());
    }

    #[test]
    fn terms_and_students_are_kept_apart_whatever_the_order_of_rows() {
        let text = |texts: &[&str]| Arc::new(StringArray::from(texts.to_vec())) as Arc<dyn Array>;
        let days = RecordBatch::try_from_iter([
            ("term", text(&["T1", "T1", "T2", "T1"])),
            ("student_id", text(&["a", "b", "a", "a"])),
            ("attended_on", Arc::new(Date32Array::from(vec![2, 2, 90, 1]))),
            ("absences", Arc::new(Int64Array::from(vec![1, 1, 1, 1]))),
        ]);
        let table = Table::new(streaks(&Table::new(days.expect("columns"))).expect("streaks"));
        assert_eq!(table.integers("longest_days").expect("runs"), [Some(2), Some(1), Some(1)]);
    }
}
