//! 问卷信度: Cronbach's alpha of each survey and kind of respondent, over complete answer sheets only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table};

/// Digits of alpha.
const DIGITS: u8 = 4;

/// Answers of one survey and kind of respondent.
#[derive(Debug, Default)]
struct Survey {
    items: BTreeSet<String>,
    sheets: BTreeMap<String, BTreeMap<String, i128>>,
    last: i32,
}

/// `answers`: one row for each answer sheet and item.
pub(crate) fn reliability(answers: &Table) -> Result<RecordBatch> {
    let (schools, surveys) = (answers.texts("school_code")?, answers.texts("survey")?);
    let (kinds, respondents) = (answers.texts("respondent_kind")?, answers.texts("respondent")?);
    let (items, scores, days) = (answers.texts("item")?, answers.integers("score")?, answers.days("answered")?);
    let mut found: BTreeMap<(&str, &str, &str), Survey> = BTreeMap::new();
    for row in 0..answers.len() {
        let (Some(score), Some(day)) = (scores[row], days[row]) else { continue };
        let survey = found.entry((schools.value(row), surveys.value(row), kinds.value(row))).or_default();
        survey.items.insert(items.value(row).to_owned());
        let sheet = survey.sheets.entry(respondents.value(row).to_owned()).or_default();
        sheet.insert(items.value(row).to_owned(), i128::from(score));
        survey.last = survey.last.max(day);
    }
    let complete: Vec<Vec<Vec<i128>>> = found.values().map(Survey::complete).collect();
    let count = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let texts = |pick: fn(&(&str, &str, &str)) -> String| {
        Arc::new(StringArray::from_iter_values(found.keys().map(pick))) as Arc<dyn Array>
    };
    let alphas = Decimal128Array::from_iter(complete.iter().map(|sheets| alpha(sheets)));
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("survey", texts(|key| key.1.to_owned()), false),
        ("respondent_kind", texts(|key| key.2.to_owned()), false),
        ("school_code", texts(|key| key.0.to_owned()), false),
        ("measured", Arc::new(Date32Array::from_iter_values(found.values().map(|survey| survey.last))), false),
        (
            "respondents",
            Arc::new(Int64Array::from_iter_values(complete.iter().map(|sheets| count(sheets.len())))),
            false,
        ),
        (
            "items",
            Arc::new(Int64Array::from_iter_values(found.values().map(|survey| count(survey.items.len())))),
            false,
        ),
        ("alpha", Arc::new(alphas.with_precision_and_scale(38, 4)?), true),
    ])?)
}

impl Survey {
    /// Scores of the sheets that answer every item, items in one order.
    fn complete(&self) -> Vec<Vec<i128>> {
        let full = self.sheets.values().filter(|sheet| sheet.len() == self.items.len());
        full.map(|sheet| sheet.values().copied().collect()).collect()
    }
}

/// `k / (k - 1) × (1 - Σ variance of items / variance of totals)`, rounded half away from zero; `None` with fewer than
/// two items or where all totals are equal.
fn alpha(sheets: &[Vec<i128>]) -> Option<i128> {
    let items = i128::try_from(sheets.first()?.len()).ok()?;
    let of_items: i128 = (0..sheets.first()?.len()).map(|item| spread(sheets.iter().map(|sheet| sheet[item]))).sum();
    let of_totals = spread(sheets.iter().map(|sheet| sheet.iter().sum()));
    if items < 2 || of_totals == 0 {
        return None;
    }
    let above = 10_i128.pow(DIGITS.into()) * items * (of_totals - of_items);
    let below = (items - 1) * of_totals;
    Some((2 * above + above.signum() * below) / (2 * below))
}

/// `n² ×` the variance: whole numbers stay whole, and the factor cancels out in alpha.
fn spread(values: impl Iterator<Item = i128>) -> i128 {
    let (count, sum, squares) = values.fold((0, 0, 0), |(n, sum, squares), x| (n + 1, sum + x, squares + x * x));
    count * squares - sum * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use zhengai_plugin::arrow::array::AsArray;
    use zhengai_plugin::arrow::datatypes::{Decimal128Type, Int64Type};

    #[test]
    fn items_that_agree_perfectly_give_one() {
        assert_eq!(alpha(&[vec![1, 1], vec![3, 3], vec![5, 5]]), Some(10_000));
    }

    #[test]
    fn a_worked_example_is_reproduced() {
        // Items (1,2,3,4) and (2,2,4,4): variances 5/4 and 1, totals 3,4,7,8 with variance 17/4: 2 × (1 - 9/17) = 16/17.
        assert_eq!(alpha(&[vec![1, 2], vec![2, 2], vec![3, 4], vec![4, 4]]), Some(9_412));
    }

    #[test]
    fn one_item_or_equal_totals_give_no_number() {
        assert_eq!(alpha(&[vec![1], vec![2]]), None);
        assert_eq!(alpha(&[vec![1, 2], vec![2, 1]]), None);
        assert_eq!(alpha(&[]), None);
    }

    #[test]
    fn incomplete_answer_sheets_do_not_count() {
        let text = |texts: &[&str]| Arc::new(StringArray::from(texts.to_vec())) as Arc<dyn Array>;
        let answers = RecordBatch::try_from_iter([
            ("school_code", text(&["S"; 5])),
            ("survey", text(&["Q1"; 5])),
            ("respondent_kind", text(&["student"; 5])),
            ("respondent", text(&["a", "a", "b", "b", "c"])),
            ("item", text(&["x", "y", "x", "y", "x"])),
            ("score", Arc::new(Int64Array::from(vec![1, 1, 5, 5, 3]))),
            ("answered", Arc::new(Date32Array::from(vec![10, 10, 11, 11, 12]))),
        ]);
        let batch = reliability(&Table::new(answers.expect("columns"))).expect("alpha");
        let column = |name: &str| batch.column_by_name(name).expect("a column");
        assert_eq!(column("respondents").as_primitive::<Int64Type>().value(0), 2);
        assert_eq!(column("alpha").as_primitive::<Decimal128Type>().value(0), 10_000);
    }
}
