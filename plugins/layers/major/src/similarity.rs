//! 专业同质度: the other major with which a major shares most of its courses, and which part of its courses that is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table};

/// Courses by major.
type Majors<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// A major and its nearest.
struct Nearest<'a> {
    year: &'a str,
    major: &'a str,
    nearest: &'a str,
    shared: usize,
    courses: usize,
}

/// `curriculum`: one row for each year, major and course.
pub(crate) fn similarity(curriculum: &Table) -> Result<RecordBatch> {
    let (years, majors) = (curriculum.texts("year")?, curriculum.texts("major_code")?);
    let courses = curriculum.texts("course_code")?;
    let mut found: BTreeMap<&str, Majors<'_>> = BTreeMap::new();
    for row in 0..curriculum.len() {
        let majors_of_year = found.entry(years.value(row)).or_default();
        majors_of_year.entry(majors.value(row)).or_default().insert(courses.value(row));
    }
    let rows: Vec<Nearest<'_>> = found.iter().flat_map(|(year, majors)| nearest(year, majors)).collect();
    let texts = |pick: fn(&Nearest<'_>) -> String| Arc::new(StringArray::from_iter_values(rows.iter().map(pick)));
    let count = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let shares = Decimal128Array::from_iter_values(rows.iter().map(Nearest::share));
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("year", texts(|row| row.year.to_owned()) as Arc<dyn Array>, false),
        ("major_code", texts(|row| row.major.to_owned()), false),
        ("nearest_code", texts(|row| row.nearest.to_owned()), false),
        ("shared_courses", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| count(row.shared)))), false),
        ("courses", Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| count(row.courses)))), false),
        ("similarity", Arc::new(shares.with_precision_and_scale(38, 2)?), false),
    ])?)
}

impl Nearest<'_> {
    /// Shared courses in percent of its own, in hundredths, rounded half up.
    fn share(&self) -> i128 {
        let (shared, courses) = (self.shared as i128, self.courses as i128);
        (2 * 10_000 * shared + courses) / (2 * courses)
    }
}

/// The nearest of each major; of equally near ones the first by code. A major alone in its year has none.
fn nearest<'a>(year: &'a str, majors: &Majors<'a>) -> Vec<Nearest<'a>> {
    let mut rows = Vec::with_capacity(majors.len());
    for (major, own) in majors {
        let others = majors.iter().filter(|(other, _)| *other != major);
        let best = others.map(|(other, courses)| (own.intersection(courses).count(), *other));
        if let Some((shared, nearest)) = best.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1))) {
            rows.push(Nearest { year, major, nearest, shared, courses: own.len() });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn majors<'a>(courses: &[(&'a str, &[&'a str])]) -> Majors<'a> {
        courses.iter().map(|(major, courses)| (*major, courses.iter().copied().collect())).collect()
    }

    #[test]
    fn the_nearest_shares_most_and_ties_go_to_the_first_code() {
        let majors = majors(&[("A", &["1", "2", "3"]), ("B", &["1", "2", "9"]), ("C", &["2", "3", "8"])]);
        let rows = nearest("AY2025", &majors);
        assert_eq!(rows.iter().map(|row| row.nearest).collect::<Vec<_>>(), ["B", "A", "A"]);
        assert_eq!(rows[0].share(), 6_667);
    }

    #[test]
    fn similarity_is_measured_by_the_major_s_own_courses() {
        let rows = nearest("AY2025", &majors(&[("A", &["1", "2"]), ("B", &["1", "2", "3", "4"])])).into_iter();
        assert_eq!(rows.map(|row| row.share()).collect::<Vec<_>>(), [10_000, 5_000]);
    }

    #[test]
    fn a_major_alone_has_no_nearest() {
        assert!(nearest("AY2025", &majors(&[("A", &["1"])])).is_empty());
    }
}
