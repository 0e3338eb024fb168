//! 教师工作量: what each teacher teaches in a term, and for how many terms in a row it has been too much.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table, policy as policy_row};

/// One teacher in one term.
#[derive(Debug, Default)]
struct Load<'a> {
    sections: i64,
    courses: BTreeSet<&'a str>,
    students: i64,
    weekly_hours: i64,
    hours: i64,
}

/// `sections`: one row for each teaching section. `policy`: weekly hours beyond which a term is overloaded.
pub(crate) fn workload(sections: &Table, policy: &Table) -> Result<RecordBatch> {
    let [most] = policy_row("workload", policy, ["most_weekly_hours"])?;
    let (terms, teachers) = (sections.texts("term")?, sections.texts("teacher_id")?);
    let courses = sections.texts("course_code")?;
    let (students, weekly) = (sections.integers("students")?, sections.integers("weekly_hours")?);
    let hours = sections.integers("hours")?;
    let mut found: BTreeMap<(&str, &str), Load<'_>> = BTreeMap::new();
    for row in 0..sections.len() {
        let load = found.entry((teachers.value(row), terms.value(row))).or_default();
        load.sections += 1;
        load.courses.insert(courses.value(row));
        load.students += students[row].unwrap_or(0);
        load.weekly_hours += weekly[row].unwrap_or(0);
        load.hours += hours[row].unwrap_or(0);
    }
    let runs = runs(&found, most);
    let texts = |pick: fn(&(&str, &str)) -> String| Arc::new(StringArray::from_iter_values(found.keys().map(pick)));
    let numbers = |pick: &dyn Fn(&Load<'_>) -> i64| Arc::new(Int64Array::from_iter_values(found.values().map(pick)));
    let courses = |load: &Load<'_>| i64::try_from(load.courses.len()).unwrap_or(i64::MAX);
    Ok(RecordBatch::try_from_iter([
        ("term", texts(|key| key.1.to_owned()) as Arc<dyn Array>),
        ("teacher_id", texts(|key| key.0.to_owned())),
        ("sections", numbers(&|load| load.sections)),
        ("courses", numbers(&courses)),
        ("students", numbers(&|load| load.students)),
        ("weekly_hours", numbers(&|load| load.weekly_hours)),
        ("hours", numbers(&|load| load.hours)),
        ("overloaded_terms", Arc::new(Int64Array::from(runs))),
    ])?)
}

/// Overloaded terms in a row up to each term. Terms are those in which anybody teaches, so a term off breaks a run.
fn runs(found: &BTreeMap<(&str, &str), Load<'_>>, most: i64) -> Vec<i64> {
    let terms: BTreeSet<&str> = found.keys().map(|key| key.1).collect();
    let places: BTreeMap<&str, usize> = terms.into_iter().enumerate().map(|(place, term)| (term, place)).collect();
    let mut last: Option<(&str, usize, i64)> = None;
    let mut runs = Vec::with_capacity(found.len());
    for ((teacher, term), load) in found {
        let place = places.get(term).copied().unwrap_or_default();
        let before = match last {
            Some((same, before, run)) if same == *teacher && before + 1 == place => run,
            _ => 0,
        };
        let run = if load.weekly_hours > most { before + 1 } else { 0 };
        last = Some((teacher, place, run));
        runs.push(run);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhengai_plugin::arrow::array::AsArray;
    use zhengai_plugin::arrow::datatypes::Int64Type;

    /// (term, teacher, course, weekly hours)
    fn column(rows: &[(&str, &str, &str, i64)], name: &str) -> Vec<i64> {
        let text = |pick: fn(&(&str, &str, &str, i64)) -> String| {
            Arc::new(StringArray::from_iter_values(rows.iter().map(pick))) as Arc<dyn Array>
        };
        let weekly: Arc<dyn Array> = Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.3)));
        let fifty: Arc<dyn Array> = Arc::new(Int64Array::from(vec![50; rows.len()]));
        let sections = RecordBatch::try_from_iter([
            ("term", text(|row| row.0.to_owned())),
            ("teacher_id", text(|row| row.1.to_owned())),
            ("course_code", text(|row| row.2.to_owned())),
            ("students", fifty.clone()),
            ("weekly_hours", weekly),
            ("hours", fifty),
        ]);
        let policy =
            RecordBatch::try_from_iter([("most_weekly_hours", Arc::new(Int64Array::from(vec![20])) as Arc<dyn Array>)]);
        let tables = (Table::new(sections.expect("columns")), Table::new(policy.expect("one row")));
        let batch = workload(&tables.0, &tables.1).expect("workload");
        batch.column_by_name(name).expect("a column").as_primitive::<Int64Type>().iter().flatten().collect()
    }

    #[test]
    fn sections_add_up_and_one_course_counts_once() {
        let rows = [("T1", "a", "C1", 8), ("T1", "a", "C1", 8), ("T1", "a", "C2", 6)];
        assert_eq!(column(&rows, "weekly_hours"), [22]);
        assert_eq!(column(&rows, "courses"), [2]);
        assert_eq!(column(&rows, "sections"), [3]);
    }

    #[test]
    fn exactly_the_limit_is_not_too_much() {
        assert_eq!(column(&[("T1", "a", "C1", 20), ("T2", "a", "C1", 21)], "overloaded_terms"), [0, 1]);
    }

    #[test]
    fn a_light_term_and_a_term_off_break_the_run() {
        let light = [("T1", "a", "C", 24), ("T2", "a", "C", 24), ("T3", "a", "C", 10), ("T4", "a", "C", 24)];
        assert_eq!(column(&light, "overloaded_terms"), [1, 2, 0, 1]);
        let off = [("T1", "a", "C", 24), ("T2", "b", "C", 4), ("T3", "a", "C", 24)];
        assert_eq!(column(&off, "overloaded_terms"), [1, 1, 0]);
    }
}
