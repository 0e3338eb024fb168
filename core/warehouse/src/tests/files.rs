//! Whole files: which are refused, and what is said about those that are taken.

use super::*;
use crate::WarehouseError as Error;
use crate::{SourceError, SourceRows};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

async fn refused(headers: &[&str], mapping: Option<Mapping>) -> Error {
    let house = House::new();
    let cells = vec!["1"; headers.len()];
    let outcome = house.stage(&students(), mapping.as_ref(), "b1", file(headers, &[&cells])).await;
    let folder = house.path().join("warehouse/staging/b1");
    assert!(!folder.exists(), "nothing of a refused file stays");
    outcome.expect_err("refused")
}

#[test]
fn files_that_cannot_be_taken_are_refused_by_cause() {
    story(|| async {
        let house = House::new();
        let empty = house.stage(&students(), None, "b1", file(&[], &[])).await;
        assert!(matches!(empty, Err(Error::EmptyFile { .. })));
        let bare = house.stage(&students(), None, "b1", file(&["学号", "姓名"], &[])).await;
        assert!(matches!(bare, Err(Error::HeaderOnly { .. })));
        let error = refused(&["学号", "姓名", "姓名"], None).await;
        assert!(matches!(&error, Error::DuplicateHeader { column, .. } if column == "姓名"), "{error:?}");
        let error = refused(&["姓名", "性别"], None).await;
        assert!(matches!(&error, Error::MissingKeyColumn { field, .. } if field.as_str() == "student_id"), "{error:?}");
        let error = refused(&["学号", "性别"], None).await;
        assert!(matches!(&error, Error::MissingColumn { field, .. } if field.as_str() == "name"), "{error:?}");
        let error = refused(&["学号", "student_id", "姓名"], None).await;
        assert!(matches!(&error, Error::AmbiguousColumn { second, .. } if second == "student_id"), "{error:?}");
        let error = refused(&["学号", "姓名", "资助"], None).await;
        assert!(matches!(&error, Error::MoneyWithoutUnit { column, .. } if column == "资助"), "{error:?}");
        assert_eq!(error.fault(), Fault::Invalid);
    });
}

#[test]
fn mappings_that_do_not_fit_are_refused_by_cause() {
    story(|| async {
        let headers = ["学号", "姓名", "资助"];
        let fields = |fields: serde_json::Value| Some(mapping(serde_json::json!({"field": fields})));
        let error = refused(&headers, fields(serde_json::json!({"nickname": {"column": "姓名"}}))).await;
        assert!(matches!(&error, Error::MappingField { field, .. } if field.as_str() == "nickname"), "{error:?}");
        let error = refused(&headers, fields(serde_json::json!({"sex": {"column": "性别"}}))).await;
        assert!(matches!(&error, Error::MappingColumn { column, .. } if column == "性别"), "{error:?}");
        let error = refused(&headers, fields(serde_json::json!({"sex": {"column": "姓名", "value": "男"}}))).await;
        assert!(matches!(&error, Error::MappingSources { .. }), "{error:?}");
        let error = refused(&headers, fields(serde_json::json!({"grant": {"unit": "人"}}))).await;
        assert!(matches!(&error, Error::UnitMismatch { .. }), "{error:?}");
        let error =
            refused(&headers, fields(serde_json::json!({"grant": {"unit": "元"}, "sex": {"sql": "\"没有\" + 1"}})))
                .await;
        assert!(matches!(&error, Error::MappingSql { .. }), "{error:?}");
        let error = refused(
            &headers,
            fields(serde_json::json!({"grant": {"unit": "元"}, "born": {"value": "1", "date": "%!"}})),
        )
        .await;
        assert!(matches!(&error, Error::MappingDate { .. }), "{error:?}");
        let error = refused(&headers, Some(mapping(serde_json::json!({"dataset": "course"})))).await;
        assert!(matches!(&error, Error::MappingDataset { .. }), "{error:?}");
    });
}

#[test]
fn a_source_that_fails_or_is_cancelled_leaves_nothing() {
    story(|| async {
        let house = House::new();
        let broken =
            SourceError { fault: Fault::Unavailable, message: Message::new("file-io"), detail: "gone".to_owned() };
        let mut source = mark_rows(&[&["2025-09-01", "S1", "到"], &["2025-09-01", "S2", "到"]]);
        source.batches = Box::new(source.batches.chain(std::iter::once(Err(broken))));
        let error = house.stage(&marks(), None, "b1", source).await.expect_err("the source failed");
        assert_eq!((error.fault(), error.message().key.as_str()), (Fault::Unavailable, "file-io"));
        assert!(!house.path().join("warehouse/staging/b1").exists());

        let (flag, id, dataset) = (CancelFlag::new(), batch("b2"), marks());
        let raised = flag.clone();
        let request =
            StageRequest { dataset: &dataset, mapping: None, batch: &id, file: "b2.csv".to_owned(), sheet: None };
        let source: SourceRows = mark_rows(&[&["2025-09-01", "S1", "到"], &["2025-09-01", "S2", "到"]]);
        let outcome = house.warehouse.stage(request, source, &move |_| raised.cancel(), &flag).await;
        assert!(matches!(outcome, Err(Error::Cancelled)));
        assert!(!house.path().join("warehouse/staging/b2").exists());
    });
}

#[test]
fn a_sheet_filled_to_its_last_line_is_told() {
    story(|| async {
        let house = House::new();
        let rows = 1_048_575_usize;
        let days = Arc::new(StringArray::from(vec!["2025-09-01"; rows]));
        let ids = Arc::new((0..rows).map(|row| Some(row.to_string())).collect::<StringArray>());
        let lines = Arc::new((0..rows as i64).map(|row| row + 2).collect::<Int64Array>());
        let faults = Arc::new(StringArray::new_null(rows));
        let columns: [(&str, ArrayRef); 4] = [("日期", days), ("学号", ids), (LINE, lines), (FAULT, faults)];
        let whole = RecordBatch::try_from_iter(columns).expect("a batch");
        let columns = vec!["日期".to_owned(), "学号".to_owned()];
        let source = SourceRows { columns: columns.clone(), batches: Box::new(std::iter::once(Ok(whole.clone()))) };
        let staged = house.stage(&marks(), None, "full", source).await.expect("staged");
        assert_eq!(staged.notices.iter().map(|notice| notice.rule.as_str()).collect::<Vec<_>>(), ["file.truncated"]);
        let source = SourceRows { columns, batches: Box::new(std::iter::once(Ok(whole.slice(1, rows - 1)))) };
        let staged = house.stage(&marks(), None, "less", source).await.expect("staged");
        assert!(staged.notices.is_empty());
    });
}
