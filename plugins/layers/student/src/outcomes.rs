//! 课程最终结果: what remains of a course after make-up and retake, for each student. The best sitting counts.

use std::collections::BTreeMap;
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table, policy as policy_row};

/// A course of a student; scores and credits in tenths.
#[derive(Debug, Default)]
struct Outcome<'a> {
    term: Option<&'a str>,
    attempts: i64,
    best: Option<i128>,
    credits: i128,
}

/// `grades`: one row for each sitting. `policy`: the least score that passes.
pub(crate) fn outcomes(grades: &Table, policy: &Table) -> Result<RecordBatch> {
    let [pass_from] = policy_row("outcomes", policy, ["pass_from"])?;
    let (students, courses) = (grades.texts("student_id")?, grades.texts("course_code")?);
    let (terms, states) = (grades.texts("term")?, grades.texts("state")?);
    let (scores, credits) = (grades.decimals("score", 1)?, grades.decimals("credits", 1)?);
    let mut found: BTreeMap<(&str, &str), Outcome<'_>> = BTreeMap::new();
    for row in 0..grades.len() {
        let state = states.is_valid(row).then(|| states.value(row));
        // A deferred sitting has not taken place.
        if state == Some("deferred") && scores[row].is_none() {
            continue;
        }
        let outcome = found.entry((students.value(row), courses.value(row))).or_default();
        let term = terms.value(row);
        outcome.term = Some(outcome.term.map_or(term, |first| first.min(term)));
        outcome.attempts += 1;
        // A sitting that was cheated in counts as taken, whatever score stands beside it.
        if state != Some("cheated") {
            outcome.best = outcome.best.max(scores[row]);
        }
        outcome.credits = outcome.credits.max(credits[row].unwrap_or(0));
    }
    let passed = |outcome: &Outcome<'_>| outcome.best.is_some_and(|best| best >= 10 * i128::from(pass_from));
    let texts = |pick: fn(&(&str, &str)) -> String| Arc::new(StringArray::from_iter_values(found.keys().map(pick)));
    let tenths = |array: Decimal128Array| array.with_precision_and_scale(38, 1);
    let attempts = Int64Array::from_iter_values(found.values().map(|outcome| outcome.attempts));
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("student_id", texts(|key| key.0.to_owned()) as Arc<dyn Array>, false),
        ("course_code", texts(|key| key.1.to_owned()), false),
        ("term", Arc::new(StringArray::from_iter(found.values().map(|outcome| outcome.term))), true),
        ("attempts", Arc::new(attempts), false),
        ("score", Arc::new(tenths(found.values().map(|outcome| outcome.best).collect())?), true),
        ("passed", Arc::new(BooleanArray::from_iter(found.values().map(|outcome| Some(passed(outcome))))), false),
        ("credits", Arc::new(tenths(found.values().map(|outcome| Some(outcome.credits)).collect())?), false),
    ])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhengai_plugin::arrow::array::AsArray;

    /// (term, attempt, score in tenths, state)
    type Sitting<'a> = (&'a str, &'a str, Option<i128>, &'a str);

    fn outcome(rows: &[Sitting<'_>]) -> RecordBatch {
        let text = |pick: fn(&Sitting<'_>) -> String| {
            Arc::new(StringArray::from_iter_values(rows.iter().map(pick))) as Arc<dyn Array>
        };
        let tenths =
            |array: Decimal128Array| Arc::new(array.with_precision_and_scale(28, 1).expect("fits")) as Arc<dyn Array>;
        let grades = RecordBatch::try_from_iter_with_nullable([
            ("student_id", text(|_| "S1".to_owned()), false),
            ("course_code", text(|_| "C1".to_owned()), false),
            ("term", text(|row| row.0.to_owned()), false),
            ("attempt", text(|row| row.1.to_owned()), false),
            ("score", tenths(rows.iter().map(|row| row.2).collect()), true),
            ("state", text(|row| row.3.to_owned()), true),
            ("credits", tenths(rows.iter().map(|_| Some(35)).collect()), false),
        ]);
        let sixty: Arc<dyn Array> = Arc::new(Int64Array::from(vec![60]));
        let policy = RecordBatch::try_from_iter([("pass_from", sixty)]);
        outcomes(&Table::new(grades.expect("columns")), &Table::new(policy.expect("one row"))).expect("outcomes")
    }

    fn passed(rows: &[Sitting<'_>]) -> Vec<bool> {
        let batch = outcome(rows);
        batch.column_by_name("passed").expect("a column").as_boolean().iter().flatten().collect()
    }

    #[test]
    fn exactly_sixty_passes_and_a_tenth_less_does_not() {
        assert_eq!(passed(&[("AY2025-T1", "first", Some(600), "normal")]), [true]);
        assert_eq!(passed(&[("AY2025-T1", "first", Some(599), "normal")]), [false]);
    }

    #[test]
    fn the_best_sitting_counts_and_belongs_to_the_first_term() {
        let rows = [
            ("AY2025-T2", "retake", Some(450), "normal"),
            ("AY2025-T1", "first", Some(300), "normal"),
            ("AY2025-T1", "makeup", Some(720), "normal"),
        ];
        let table = Table::new(outcome(&rows));
        assert_eq!(table.decimals("score", 1).expect("scores"), [Some(720)]);
        assert_eq!(table.texts("term").expect("terms").value(0), "AY2025-T1");
        assert_eq!(table.integers("attempts").expect("attempts"), [Some(3)]);
        assert_eq!(table.decimals("credits", 1).expect("credits"), [Some(35)]);
    }

    #[test]
    fn an_exam_missed_is_failed_and_one_deferred_is_no_outcome_yet() {
        assert_eq!(passed(&[("AY2025-T1", "first", None, "absent")]), [false]);
        assert!(passed(&[("AY2025-T1", "first", None, "deferred")]).is_empty());
        let later = [("AY2025-T1", "first", None, "deferred"), ("AY2025-T2", "makeup", Some(650), "normal")];
        assert_eq!(passed(&later), [true]);
    }

    #[test]
    fn a_score_beside_cheating_does_not_pass() {
        assert_eq!(passed(&[("AY2025-T1", "first", Some(900), "cheated")]), [false]);
    }
}
