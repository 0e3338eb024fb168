//! 试卷质量: how the first-sitting scores of a section are distributed.
//!
//! Sums are kept beside the shares, so that difficulty and discrimination of a course or department can be recomputed
//! from parts. Whole-number arithmetic throughout; roots are rounded half up.

use std::collections::BTreeMap;
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table, policy as policy_row};

/// The distribution of one section; scores in tenths.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    students: i128,
    points: i128,
    full_points: i128,
    group: Option<Group>,
    /// In hundredths.
    deviation: Option<i128>,
    /// In hundredths.
    skew: Option<i128>,
}

/// The best and the worst of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    full: i128,
    upper: i128,
    lower: i128,
}

/// `scores`: one row for each student and section. `policy`: full score, size of the groups in percent, fewest students.
pub(crate) fn exam_quality(scores: &Table, policy: &Table) -> Result<RecordBatch> {
    let policy = policy_row("exam-quality", policy, ["full_score", "group_percent", "least_students"])?;
    let (sections, terms, points) = (scores.texts("section_id")?, scores.texts("term")?, scores.decimals("score", 1)?);
    let mut found: BTreeMap<(&str, &str), Vec<i128>> = BTreeMap::new();
    for (row, score) in points.into_iter().enumerate() {
        if let Some(score) = score {
            found.entry((sections.value(row), terms.value(row))).or_default().push(score);
        }
    }
    let shapes: Vec<Shape> = found.values_mut().map(|scores| shape(scores, policy)).collect();
    let decimal = |scale: i8, pick: &dyn Fn(&Shape) -> Option<i128>| -> Result<Arc<dyn Array>> {
        Ok(Arc::new(Decimal128Array::from_iter(shapes.iter().map(pick)).with_precision_and_scale(38, scale)?))
    };
    let whole = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
    let sections = StringArray::from_iter_values(found.keys().map(|key| key.0));
    let terms = StringArray::from_iter_values(found.keys().map(|key| key.1));
    let students = Int64Array::from_iter_values(shapes.iter().map(|shape| whole(shape.students)));
    let share = |above: i128, full: i128| (full > 0).then(|| half_up(above * 10_000, full));
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("section_id", Arc::new(sections) as Arc<dyn Array>, false),
        ("term", Arc::new(terms), false),
        ("students", Arc::new(students), false),
        ("points", decimal(1, &|shape| Some(shape.points))?, false),
        ("full_points", decimal(1, &|shape| Some(shape.full_points))?, false),
        ("group_full", decimal(1, &|shape| shape.group.map(|group| group.full))?, true),
        ("upper_points", decimal(1, &|shape| shape.group.map(|group| group.upper))?, true),
        ("lower_points", decimal(1, &|shape| shape.group.map(|group| group.lower))?, true),
        ("difficulty", decimal(4, &|shape| share(shape.points, shape.full_points))?, true),
        ("discrimination", decimal(4, &|shape| shape.group.and_then(|g| share(g.upper - g.lower, g.full)))?, true),
        ("deviation", decimal(2, &|shape| shape.deviation)?, true),
        ("skew", decimal(2, &|shape| shape.skew)?, true),
    ])?)
}

fn shape(scores: &mut [i128], [full_score, percent, least]: [i64; 3]) -> Shape {
    scores.sort_unstable();
    let students = scores.len() as i128;
    let points: i128 = scores.iter().sum();
    let full = 10 * i128::from(full_score);
    let whole = Shape { students, points, full_points: full * students, ..Shape::default() };
    if students < i128::from(least).max(1) {
        return whole;
    }
    let size = usize::try_from(half_up(students * i128::from(percent), 100)).unwrap_or(0).clamp(1, scores.len());
    let upper = scores.iter().rev().take(size).sum();
    let lower = scores.iter().take(size).sum();
    // n² times the variance, and n times twice the distance of mean and median: both whole.
    let spread: i128 = students * scores.iter().map(|score| score * score).sum::<i128>() - points * points;
    let middle = scores[scores.len() / 2] + scores[(scores.len() - 1) / 2];
    let lean = 2 * points - students * middle;
    Shape {
        group: Some(Group { full: full * size as i128, upper, lower }),
        deviation: Some(root_half_up(100 * spread, students * students)),
        // Pearson's second coefficient 3 (mean - median) / deviation, in hundredths.
        skew: (spread > 0).then(|| lean.signum() * root_half_up(90_000 * lean * lean, 4 * spread)),
        ..whole
    }
}

/// A fraction of non-negative numbers, rounded half up; the denominator is positive.
fn half_up(above: i128, below: i128) -> i128 {
    (2 * above + below) / (2 * below)
}

/// The square root of a non-negative fraction, rounded half up.
fn root_half_up(above: i128, below: i128) -> i128 {
    (u128::try_from(4 * above / below).unwrap_or(0).isqrt() as i128 + 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: [i64; 3] = [100, 27, 4];

    fn shape_of(scores: &[i128]) -> Shape {
        shape(&mut scores.iter().map(|score| score * 10).collect::<Vec<_>>(), POLICY)
    }

    #[test]
    fn the_groups_are_the_best_and_worst_27_percent() {
        let found = shape_of(&[50, 60, 70, 75, 80, 80, 85, 90, 95, 100]);
        // 27 % of ten is three.
        assert_eq!(found.group, Some(Group { full: 3_000, upper: 2_850, lower: 1_800 }));
        assert_eq!((found.points, found.full_points), (7_850, 10_000));
    }

    #[test]
    fn a_symmetric_section_does_not_lean() {
        assert_eq!(shape_of(&[60, 70, 80, 90]).skew, Some(0));
    }

    #[test]
    fn a_few_very_low_scores_lean_to_the_left() {
        // Mean 76, median 90, variance 784: 3 × (76 - 90) / 28 = -1.5.
        let found = shape_of(&[90, 90, 90, 90, 20]);
        assert_eq!((found.deviation, found.skew), (Some(2_800), Some(-150)));
    }

    #[test]
    fn equal_scores_have_no_spread_and_no_skew() {
        let found = shape_of(&[80, 80, 80, 80]);
        assert_eq!((found.deviation, found.skew), (Some(0), None));
        assert_eq!(found.group.map(|group| group.upper - group.lower), Some(0));
    }

    #[test]
    fn a_tiny_section_keeps_its_sums_only() {
        let found = shape_of(&[80, 90, 70]);
        assert_eq!((found.students, found.points, found.group, found.skew), (3, 2_400, None, None));
    }

    #[test]
    fn order_of_rows_does_not_matter() {
        assert_eq!(shape_of(&[61, 99, 72, 85, 40]), shape_of(&[40, 61, 72, 85, 99]));
    }
}
