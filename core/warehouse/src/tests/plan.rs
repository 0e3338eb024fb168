//! Plans: which row meets which fate, and what a person is shown.

use super::*;
use crate::WarehouseError as Error;
use rust_decimal::Decimal;
use zhengai_model::batch::RowFate;

const DAY: &str = "2025-09-01";

async fn with_three_marks() -> House {
    let house = House::new();
    let rows: [&[&str]; 3] = [&[DAY, "S1", "到"], &[DAY, "S2", "到"], &[DAY, "S3", "旷"]];
    house.import(&marks(), "first", LoadMode::Upsert, mark_rows(&rows)).await;
    house
}

fn counts(read: u64, new: u64, changed: u64, gone: u64, unchanged: u64, rejected: u64, before: u64) -> PlanCounts {
    PlanCounts { read, new, changed, gone, unchanged, rejected, before }
}

async fn planned(house: &House, name: &str, mode: LoadMode, rows: &[&[&str]]) -> PlanCounts {
    house.stage(&marks(), None, name, mark_rows(rows)).await.expect("staged");
    house.warehouse.plan(&marks(), &batch(name), mode, &NO_GUARDS).await.expect("planned")
}

#[test]
fn an_upsert_tells_new_changed_and_unchanged_apart() {
    story(|| async {
        let house = with_three_marks().await;
        let rows: [&[&str]; 4] = [&[DAY, "S1", "到"], &[DAY, "S2", "迟"], &[DAY, "S4", "到"], &["坏", "S5", "到"]];
        assert_eq!(planned(&house, "b2", LoadMode::Upsert, &rows).await, counts(4, 1, 1, 0, 1, 1, 3));
        let sample = |fate| {
            let house = &house;
            async move { house.warehouse.plan_sample(&marks(), &batch("b2"), fate, 10).await.expect("a sample") }
        };
        let changed = sample(RowFate::Changed).await;
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].line, Some(3));
        assert_eq!(changed[0].key.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), [DAY, "S2"]);
        assert_eq!(changed[0].changes.len(), 1);
        let change = &changed[0].changes[0];
        assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("到"), Some("迟")));
        assert_eq!(sample(RowFate::New).await[0].line, Some(4));
        assert_eq!(sample(RowFate::Unchanged).await[0].changes, []);
        house.warehouse.apply(&marks(), &batch("b2")).await.expect("applied");
        let rows = house.query(&marks(), "select student_id, state, _batch, _line from mark order by 1").await;
        assert_eq!(rows, ["S1|到|first|2", "S2|迟|b2|3", "S3|旷|first|4", "S4|到|b2|4"]);
    });
}

#[test]
fn planning_again_gives_the_same() {
    story(|| async {
        let house = with_three_marks().await;
        let rows: [&[&str]; 3] = [&[DAY, "S2", "迟"], &[DAY, "S2", "旷"], &[DAY, "S4", "到"]];
        let first = planned(&house, "b2", LoadMode::Full, &rows).await;
        let again = house.warehouse.plan(&marks(), &batch("b2"), LoadMode::Full, &NO_GUARDS).await.expect("planned");
        assert_eq!(first, again);
        assert_eq!(house.rejects("b2").await.len(), 2, "rejects of the first plan are not kept beside the second");
    });
}

#[test]
fn repeats_keep_the_first_and_contradictions_keep_none() {
    story(|| async {
        let house = House::new();
        let rows: [&[&str]; 6] = [
            &[DAY, "S1", "到"],
            &[DAY, "S2", "到"],
            &[DAY, "S1", "到"],
            &[DAY, "S2", "旷"],
            &[DAY, "S3", "到"],
            &[DAY, "S1", " 到 "],
        ];
        assert_eq!(planned(&house, "b1", LoadMode::Upsert, &rows).await, counts(6, 2, 0, 0, 0, 4, 0));
        let rejects = house.rejects("b1").await;
        let told: Vec<(u64, &str, &str)> = rejects
            .iter()
            .map(|reject| {
                let args = &reject.reason.args;
                let lines =
                    args.iter().find(|(name, _)| name == "first" || name == "lines").map(|(_, text)| text.as_str());
                (reject.line, reject.rule.as_str(), lines.unwrap_or_default())
            })
            .collect();
        let expected =
            [(3, "key.conflict", "5"), (4, "key.duplicate", "2"), (5, "key.conflict", "3"), (7, "key.duplicate", "2")];
        assert_eq!(told, expected);
        assert_eq!(rejects[3].cells[2], ("状态".to_owned(), " 到 ".to_owned()), "cells are as read");
        assert_eq!(rejects[0].value.as_deref(), Some("2025-09-01 · S2"));
    });
}

#[test]
fn an_append_takes_new_keys_only() {
    story(|| async {
        let house = with_three_marks().await;
        let rows: [&[&str]; 3] = [&[DAY, "S1", "到"], &[DAY, "S2", "旷"], &[DAY, "S4", "到"]];
        assert_eq!(planned(&house, "b2", LoadMode::Append, &rows).await, counts(3, 1, 0, 0, 1, 1, 3));
        let rejects = house.rejects("b2").await;
        assert_eq!((rejects[0].rule.as_str(), rejects[0].line), ("key.conflict", 3));
        assert_eq!(rejects[0].reason.key, "warehouse-reject-key-conflict-table");
        house.warehouse.apply(&marks(), &batch("b2")).await.expect("applied");
        let rows = house.query(&marks(), "select student_id, state from mark order by 1").await;
        assert_eq!(rows, ["S1|到", "S2|到", "S3|旷", "S4|到"]);
    });
}

#[test]
fn a_full_load_deletes_what_the_file_lacks_but_not_what_it_got_wrong() {
    story(|| async {
        let house = with_three_marks().await;
        // S2 stands in the file with two answers: it is not known to be gone.
        let rows: [&[&str]; 3] = [&[DAY, "S1", "到"], &[DAY, "S2", "迟"], &[DAY, "S2", "旷"]];
        assert_eq!(planned(&house, "b2", LoadMode::Full, &rows).await, counts(3, 0, 0, 1, 1, 2, 3));
        let gone = house.warehouse.plan_sample(&marks(), &batch("b2"), RowFate::Gone, 10).await.expect("a sample");
        assert_eq!(gone[0].key[1].1, "S3");
        assert_eq!(gone[0].changes[2].before.as_deref(), Some("旷"));
        house.warehouse.apply(&marks(), &batch("b2")).await.expect("applied");
        let rows = house.query(&marks(), "select student_id, state from mark order by 1").await;
        assert_eq!(rows, ["S1|到", "S2|到"]);
    });
}

#[test]
fn a_full_load_keeps_rows_whose_line_was_rejected_while_staging() {
    story(|| async {
        let house = House::new();
        let student = |id: &'static str, score: &'static str| [id, "甲", score];
        let headers = ["学号", "姓名", "入学成绩"];
        let rows = [student("S1", "500"), student("S2", "400")];
        let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
        house.import(&students(), "b1", LoadMode::Full, file(&headers, &rows)).await;
        let rows = [student("S1", "500"), student("S2", "四百")];
        let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
        let found = house.import(&students(), "b2", LoadMode::Full, file(&headers, &rows)).await;
        assert_eq!(found, counts(2, 0, 0, 0, 1, 1, 2));
    });
}

#[test]
fn a_large_delete_is_refused_and_can_be_looked_at() {
    story(|| async {
        let house = with_three_marks().await;
        house.stage(&marks(), None, "b2", mark_rows(&[&[DAY, "S1", "到"]])).await.expect("staged");
        let guards = Guards { max_delete_share: Some(Decimal::new(50, 2)) };
        let refused = house.warehouse.plan(&marks(), &batch("b2"), LoadMode::Full, &guards).await;
        assert!(matches!(refused, Err(Error::LargeDelete { gone: 2, before: 3, .. })), "{refused:?}");
        let gone = house.warehouse.plan_sample(&marks(), &batch("b2"), RowFate::Gone, 1).await.expect("a sample");
        assert_eq!(gone.len(), 1);
        let applied = house.warehouse.apply(&marks(), &batch("b2")).await;
        assert!(matches!(applied, Err(Error::LargeDelete { .. })), "{applied:?}");
        let wider = Guards { max_delete_share: Some(Decimal::new(70, 2)) };
        house.warehouse.plan(&marks(), &batch("b2"), LoadMode::Full, &wider).await.expect("within the guard");
    });
}
