//! Tables: growth, versions that stay readable, colleges side by side.

use super::*;
use crate::WarehouseError as Error;
use std::collections::BTreeMap;
use zhengai_model::dataset::FieldType;

const DAY: &str = "2025-09-01";

#[test]
fn a_definition_that_grew_adds_empty_columns() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"]])).await;
        let mut grown = marks();
        let mut late = grown.fields[2].clone();
        late.name = "minutes".parse().expect("a name");
        late.names.zh = "迟到分钟".to_owned();
        late.kind = FieldType::DateTime;
        grown.fields.push(late);
        house.warehouse.create_dataset(&grown).await.expect("grown");
        let version = house.warehouse.state(&grown.id).await.expect("a state").expect("a table").version;
        house.warehouse.create_dataset(&grown).await.expect("nothing to do");
        assert_eq!(house.warehouse.state(&grown.id).await.expect("a state").expect("a table").version, version);
        let rows: [&[&str]; 2] = [&[DAY, "S1", "到", ""], &[DAY, "S2", "迟", "2025-09-01 08:05"]];
        let source = file(&["日期", "学号", "状态", "迟到分钟"], &rows);
        let counts = house.import(&grown, "b2", LoadMode::Upsert, source).await;
        assert_eq!((counts.unchanged, counts.new), (1, 1), "an empty new field changes nothing");
        let rows = house.query(&grown, "select student_id, minutes from mark order by 1").await;
        assert_eq!(rows, ["S1|", "S2|2025-09-01T08:05:00"]);
        let mut other = grown;
        other.fields[3].kind = FieldType::Integer;
        let refused = house.warehouse.create_dataset(&other).await;
        assert!(matches!(&refused, Err(Error::TypeChanged { field, .. }) if field == "minutes"), "{refused:?}");
    });
}

#[test]
fn a_pinned_version_reads_the_same_after_later_commits() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"], &[DAY, "S2", "到"]])).await;
        let (_, pinned) = house.warehouse.session(&[marks().id]).await.expect("a session");
        for day in 2..16 {
            let day = format!("2025-09-{day:02}");
            house.import(&marks(), &format!("day-{day}"), LoadMode::Append, mark_rows(&[&[&day, "S1", "到"]])).await;
        }
        house.import(&marks(), "all", LoadMode::Full, mark_rows(&[&[DAY, "S2", "旷"]])).await;
        let sql = "select student_id, state from mark order by 1";
        let session = house.warehouse.session_at(&pinned).await.expect("a session");
        let rows = texts(&session.sql(sql).await.expect("a query").collect().await.expect("rows"));
        assert_eq!(rows, ["S1|到", "S2|到"]);
        assert_eq!(house.query(&marks(), sql).await, ["S2|旷"]);
        let missing = BTreeMap::from([(marks().id, 999)]);
        assert!(matches!(house.warehouse.session_at(&missing).await, Err(Error::NoVersion { version: 999, .. })));
    });
}

#[test]
fn old_batches_are_known_after_a_checkpoint() {
    story(|| async {
        let house = House::new();
        for number in 0..25 {
            let student = format!("S{number}");
            house.import(&marks(), &format!("b{number}"), LoadMode::Append, mark_rows(&[&[DAY, &student, "到"]])).await;
        }
        std::fs::remove_dir_all(house.path().join("warehouse/staging/b0")).expect("removed");
        assert!(house.path().join("warehouse/datasets/mark/_delta_log/_last_checkpoint").exists());
        assert!(house.warehouse.is_applied(&marks().id, &batch("b0")).await.expect("asked"));
    });
}

#[test]
fn colleges_in_one_table_do_not_see_each_other() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"]])).await;
        let other = Warehouse::open(&house.path().join("warehouse"), "10002").expect("a warehouse");
        let there = House { folder: house.folder, warehouse: other };
        let counts = there.import(&marks(), "b2", LoadMode::Full, mark_rows(&[&[DAY, "S1", "旷"]])).await;
        assert_eq!((counts.new, counts.gone, counts.before), (1, 0, 0));
        assert_eq!(there.query(&marks(), "select _school, state from mark").await, ["10002|旷"]);
        let first = Warehouse::open(&there.path().join("warehouse"), SCHOOL).expect("a warehouse");
        let (session, _) = first.session(&[marks().id]).await.expect("a session");
        let rows =
            session.sql("select _school, state from mark").await.expect("a query").collect().await.expect("rows");
        assert_eq!(texts(&rows), [format!("{SCHOOL}|到")]);
    });
}

#[test]
fn queries_see_the_types_that_the_session_promises() {
    story(|| async {
        let house = House::new();
        let headers = ["学号", "姓名", "资助(元)", "住校", "最近登录"];
        let rows: [&[&str]; 1] = [&["S1", "甲", "1", "否", "2025-09-01"]];
        house.import(&students(), "b1", LoadMode::Upsert, file(&headers, &rows)).await;
        let (session, versions) = house.warehouse.session(&[marks().id, students().id]).await.expect("a session");
        assert_eq!(versions.len(), 1, "a dataset without a table is left out");
        let sql = "select student_id, born, \"grant\", courses, boarder, seen, _line from student";
        let rows = session.sql(sql).await.expect("a query").collect().await.expect("rows");
        let types: Vec<String> = rows[0].schema().fields().iter().map(|field| field.data_type().to_string()).collect();
        assert_eq!(types, ["Utf8View", "Date32", "Decimal128(28, 2)", "Int64", "Boolean", "Timestamp(µs)", "Int64"]);
    });
}

#[test]
fn names_that_could_leave_the_folder_are_refused() {
    story(|| async {
        let house = House::new();
        let refused = house.warehouse.discard(&batch("..")).await;
        assert!(matches!(refused, Err(Error::BadName { .. })), "{refused:?}");
        assert!(Warehouse::open(house.path(), " ").is_err());
    });
}
