//! Results of runs: written once, read with filters, exported byte for byte.

use super::*;
use crate::{Direction, ResultFilter, ResultObject, ResultOrder, WarehouseError as Error};
use arrow::array::Decimal128Array;
use zhengai_model::ids::RunId;

fn run(id: &str) -> RunId {
    RunId::new(id).expect("a run id")
}

fn results(objects: &[&str]) -> RecordBatch {
    let text = |value: &str| Arc::new(StringArray::from(vec![value; objects.len()])) as ArrayRef;
    let values = Decimal128Array::from_iter_values((0..objects.len() as i128).map(|value| value * 10_i128.pow(10)));
    let values = values.with_precision_and_scale(38, 10).expect("a decimal");
    let columns: [(&str, ArrayRef); 5] = [
        ("layer", text("student")),
        ("indicator", text("STU-X")),
        ("grain", text("class")),
        ("object", Arc::new(StringArray::from(objects.to_vec()))),
        ("value", Arc::new(values)),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

#[test]
fn a_run_is_written_once_and_read_in_order() {
    story(|| async {
        let house = House::new();
        assert!(matches!(
            house.warehouse.results(&run("r1"), &ResultFilter::all()).await,
            Err(Error::NoResults { .. })
        ));
        house
            .warehouse
            .write_results(&run("r1"), vec![results(&["C2", "C1"]), results(&["C3"])])
            .await
            .expect("written");
        house.warehouse.write_results(&run("r1"), vec![results(&["C9"])]).await.expect("a repeat is harmless");
        house.warehouse.write_results(&run("r2"), vec![results(&["C5"])]).await.expect("written");
        let all = house.warehouse.results(&run("r1"), &ResultFilter::all()).await.expect("results");
        let objects: Vec<String> = texts(&all).iter().map(|row| row.replace(".0000000000", "")).collect();
        assert_eq!(objects, ["student|STU-X|class|C1|1", "student|STU-X|class|C2|0", "student|STU-X|class|C3|0"]);
        let some =
            house.warehouse.results(&run("r1"), &ResultFilter::all().with("object", "C2")).await.expect("results");
        assert_eq!(texts(&some).len(), 1);
        let either = ResultFilter::all().with("layer", "student").with_any("object", ["C1", "C3", "C7"]);
        assert_eq!(texts(&house.warehouse.results(&run("r1"), &either).await.expect("results")).len(), 2);
        let nobody = ResultFilter::all().with_any("object", []);
        assert!(texts(&house.warehouse.results(&run("r1"), &nobody).await.expect("results")).is_empty());
        let none =
            house.warehouse.results(&run("r1"), &ResultFilter::all().with("layer", "课程'")).await.expect("results");
        assert!(texts(&none).is_empty());
    });
}

#[test]
fn a_piece_is_cut_from_the_rows_that_fit_in_the_order_asked_for() {
    story(|| async {
        let house = House::new();
        house.warehouse.write_results(&run("r1"), vec![results(&["C1", "c2%", "C3", "D4"])]).await.expect("written");
        let piece = async |filter: ResultFilter, order: ResultOrder| {
            let (rows, total) =
                house.warehouse.results_piece(&run("r1"), &filter, &order, None).await.expect("a piece");
            let objects: Vec<String> =
                texts(&rows).iter().filter_map(|row| row.split('|').nth(3).map(str::to_owned)).collect();
            (objects.join(" "), total)
        };
        let order = |by: Option<(&str, Direction)>, offset, limit| ResultOrder {
            by: by.map(|(column, from)| (column.to_owned(), from)),
            offset,
            limit,
        };
        let all = ResultFilter::all;
        assert_eq!(piece(all(), order(None, 0, 2)).await, ("C1 C3".to_owned(), 4));
        assert_eq!(piece(all(), order(None, 2, 2)).await, ("D4 c2%".to_owned(), 4));
        assert_eq!(piece(all(), order(None, 9, 2)).await, (String::new(), 4));
        let down = Some(("value", Direction::Down));
        assert_eq!(piece(all(), order(down, 0, 3)).await, ("D4 C3 c2%".to_owned(), 4));
        let part = |text| all().with_part(&["object", "indicator"], text);
        assert_eq!(piece(part("c"), order(None, 0, 9)).await, ("C1 C3 c2%".to_owned(), 3));
        assert_eq!(piece(part("%"), order(None, 0, 9)).await, ("c2%".to_owned(), 1));
        assert_eq!(piece(part("stu-x"), order(None, 0, 1)).await, ("C1".to_owned(), 4));
    });
}

#[test]
fn what_lies_outside_is_neither_counted_nor_shown_however_much_lies_inside() {
    story(|| async {
        let house = House::new();
        let names: Vec<String> = (0..5000).map(|number| format!("C{number:04}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        house.warehouse.write_results(&run("r1"), vec![results(&names)]).await.expect("written");
        let object = |layer: &str, kind: &str, id: &str| [layer.to_owned(), kind.to_owned(), id.to_owned()];
        let within = |objects: Vec<ResultObject>| ResultFilter::all().within(Arc::new(objects.into_iter().collect()));
        let count = async |filter: ResultFilter| {
            let order = ResultOrder { by: None, offset: 0, limit: 1 };
            let (rows, total) =
                house.warehouse.results_piece(&run("r1"), &filter, &order, None).await.expect("a piece");
            let counted = house.warehouse.count_results(&run("r1"), &filter, &["layer"]).await.expect("a count");
            assert_eq!(counted.iter().map(|counted| counted.count).sum::<u64>(), total);
            (texts(&rows).concat(), total)
        };
        let some = names.iter().skip(1).step_by(2).map(|id| object("student", "class", id)).collect();
        let (first, total) = count(within(some)).await;
        assert!(first.contains("C0001"), "{first}");
        assert_eq!(total, 2500);
        // The same id in another layer or of another kind is another object.
        let others = vec![object("major", "class", "C0001"), object("student", "room", "C0001")];
        assert_eq!(count(within(others)).await, (String::new(), 0));
        assert_eq!(count(within(Vec::new())).await, (String::new(), 0));
        let one = within(vec![object("student", "class", "C0007")]);
        assert_eq!(count(one.clone()).await.1, 1);
        assert_eq!(count(one.with("object", "C0008")).await.1, 0);
    });
}

#[test]
fn equal_results_export_to_equal_bytes_and_formulas_are_defused() {
    story(|| async {
        let house = House::new();
        let objects = ["=cmd|' /C calc'!A0", "一班", "b,\"c\""];
        let mut reversed = objects;
        reversed.reverse();
        let values = results(&objects);
        let order: Vec<RecordBatch> = (0..3).rev().map(|row| values.slice(row, 1)).collect();
        house.warehouse.write_results(&run("r1"), vec![values]).await.expect("written");
        house.warehouse.write_results(&run("r2"), order).await.expect("written");
        for extension in ["csv", "parquet"] {
            let (first, second) =
                (house.path().join(format!("1.{extension}")), house.path().join(format!("2.{extension}")));
            house.warehouse.export_results(&run("r1"), &first).await.expect("exported");
            house.warehouse.export_results(&run("r2"), &second).await.expect("exported");
            assert_eq!(std::fs::read(&first).expect("read"), std::fs::read(&second).expect("read"), "{extension}");
        }
        let text = std::fs::read_to_string(house.path().join("1.csv")).expect("read");
        let expected = "\u{feff}layer,indicator,grain,object,value\r\n\
            student,STU-X,class,'=cmd|' /C calc'!A0,0.0000000000\r\n\
            student,STU-X,class,\"b,\"\"c\"\"\",2.0000000000\r\n\
            student,STU-X,class,一班,1.0000000000\r\n";
        assert_eq!(text, expected);
        let wrong = house.warehouse.export_results(&run("r1"), &house.path().join("r.doc")).await;
        assert!(matches!(wrong, Err(Error::ExportFormat { .. })));
    });
}
