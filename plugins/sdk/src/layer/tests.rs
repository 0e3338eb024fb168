//! Layers made of transforms: what they describe, and what they refuse.

use super::*;
use arrow::array::{ArrayRef, Int64Array};

fn batch(name: &str, cells: Vec<Option<i64>>) -> RecordBatch {
    let column: ArrayRef = Arc::new(Int64Array::from(cells));
    RecordBatch::try_from_iter([(name, column)]).expect("one column")
}

fn numbers(name: &str, cells: Vec<Option<i64>>) -> Table {
    Table::new(batch(name, cells))
}

fn layer() -> Layer {
    Layer::new("layer-test", "1.0.0")
        .transform("first", |[rows]| Ok(batch("copy", rows.integers("a")?)))
        .transform("second", |[_, rows]| Ok(batch("copy", rows.integers("b")?)))
}

#[test]
fn a_layer_describes_its_transforms_in_order_under_one_component() {
    let described = layer().describe();
    assert_eq!((described.id.as_str(), described.version.as_str()), ("layer-test", "1.0.0"));
    let [component] = described.components.as_slice() else { panic!("one component: {described:?}") };
    assert_eq!(component.name, "layer");
    assert_eq!(component.transforms, ["first", "second"]);
}

#[test]
fn inputs_reach_the_transform_in_their_order() {
    let tables = [numbers("a", vec![Some(1)]), numbers("b", vec![Some(2)])];
    assert_eq!(layer().run("second", &tables).expect("runs"), batch("copy", vec![Some(2)]));
}

#[test]
fn an_unknown_transform_and_a_missing_input_are_told_apart() {
    assert_eq!(layer().run("nonsense", &[]).expect_err("unknown").key, "layer-unknown-transform");
    let error = layer().run("second", &[numbers("a", vec![Some(1)])]).expect_err("one input too few");
    assert_eq!(error.key, "layer-wrong-inputs");
    assert!(error.args.contains(&("wanted".to_owned(), "2".to_owned())), "{error:?}");
    assert!(error.args.contains(&("found".to_owned(), "1".to_owned())), "{error:?}");
}

#[test]
fn a_policy_without_a_row_or_with_an_empty_cell_is_refused_not_read_as_zero() {
    assert_eq!(policy("t", &numbers("limit", vec![Some(60)]), ["limit"]).expect("one row"), [60]);
    for cells in [vec![], vec![None]] {
        let error = policy("t", &numbers("limit", cells), ["limit"]).expect_err("no limit");
        assert_eq!(error.key, "layer-empty-policy");
    }
}
