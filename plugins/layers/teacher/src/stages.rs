//! 发展阶段: the highest stage all of whose conditions a teacher meets, and how many are lacking for the next one.

use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table};

/// What stages ask for; facts and bands have these columns in common.
const CONDITIONS: [&str; 4] = ["years", "title", "dual", "role"];

/// Numbers in the order of [`CONDITIONS`].
type Numbers = [i64; CONDITIONS.len()];

/// `facts`: one row for each teacher. `bands`: one row for each stage with the least of each condition.
pub(crate) fn stages(facts: &Table, bands: &Table) -> Result<RecordBatch> {
    let teachers = facts.texts("teacher_id")?;
    let people = numbers(facts)?;
    let mut bands: Vec<(i64, Numbers)> =
        bands.integers("stage")?.into_iter().map(Option::unwrap_or_default).zip(numbers(bands)?).collect();
    bands.sort_unstable();
    let placed: Vec<(i64, i64)> = people.iter().map(|person| place(person, &bands)).collect();
    let column = |values: Vec<i64>| Arc::new(Int64Array::from(values)) as Arc<dyn Array>;
    let names: StringArray = teachers.iter().collect();
    Ok(RecordBatch::try_from_iter([
        ("teacher_id", Arc::new(names) as Arc<dyn Array>),
        ("stage", column(placed.iter().map(|(stage, _)| *stage).collect())),
        ("years", column(people.iter().map(|[years, ..]| *years).collect())),
        ("lacking", column(placed.iter().map(|(_, lacking)| *lacking).collect())),
    ])?)
}

/// The conditions of each row; what is empty counts as nothing at all.
fn numbers(table: &Table) -> Result<Vec<Numbers>> {
    let mut rows = vec![[0; CONDITIONS.len()]; table.len()];
    for (position, name) in CONDITIONS.into_iter().enumerate() {
        for (row, number) in rows.iter_mut().zip(table.integers(name)?) {
            row[position] = number.unwrap_or(0);
        }
    }
    Ok(rows)
}

/// The stage, and how many conditions of the next one are not met. Bands are in the order of their stages.
fn place(person: &Numbers, bands: &[(i64, Numbers)]) -> (i64, i64) {
    let lacking = |least: &Numbers| person.iter().zip(least).filter(|(own, least)| own < least).count();
    let reached = bands.iter().rposition(|(_, least)| lacking(least) == 0);
    let stage = reached.and_then(|at| bands.get(at)).or(bands.first()).map_or(0, |(stage, _)| *stage);
    let next = bands.get(reached.map_or(0, |at| at + 1));
    (stage, next.map_or(0, |(_, least)| i64::try_from(lacking(least)).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANDS: [(i64, Numbers); 4] = [(1, [0, 0, 0, 0]), (2, [3, 1, 0, 0]), (3, [8, 2, 1, 0]), (4, [12, 3, 1, 1])];

    #[test]
    fn a_stage_needs_all_of_its_conditions() {
        assert_eq!(place(&[3, 1, 0, 0], &BANDS), (2, 3));
        assert_eq!(place(&[20, 2, 0, 0], &BANDS), (2, 1));
        assert_eq!(place(&[20, 2, 1, 0], &BANDS), (3, 2));
    }

    #[test]
    fn a_newcomer_is_a_novice_and_an_expert_lacks_nothing() {
        assert_eq!(place(&[0, 0, 0, 0], &BANDS), (1, 2));
        assert_eq!(place(&[12, 3, 1, 1], &BANDS), (4, 0));
    }

    #[test]
    fn the_order_of_bands_does_not_matter() {
        let column = |values: &[i64]| Arc::new(Int64Array::from(values.to_vec())) as Arc<dyn Array>;
        let bands = RecordBatch::try_from_iter([
            ("stage", column(&[2, 1])),
            ("years", column(&[3, 0])),
            ("title", column(&[1, 0])),
            ("dual", column(&[0, 0])),
            ("role", column(&[0, 0])),
        ]);
        let facts = RecordBatch::try_from_iter_with_nullable([
            ("teacher_id", Arc::new(StringArray::from(vec!["t1", "t2"])) as Arc<dyn Array>, false),
            ("years", column(&[5, 5]), false),
            ("title", Arc::new(Int64Array::from(vec![Some(1), None])), true),
            ("dual", column(&[0, 0]), false),
            ("role", column(&[0, 0]), false),
        ]);
        let batch = stages(&Table::new(facts.expect("facts")), &Table::new(bands.expect("bands"))).expect("stages");
        assert_eq!(Table::new(batch).integers("stage").expect("stages"), [Some(2), Some(1)]);
    }
}
