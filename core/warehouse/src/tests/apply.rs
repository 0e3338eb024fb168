//! Applying: once, after crashes, after others; what a killed process leaves behind.

use super::*;
use crate::WarehouseError as Error;
use crate::schema::arrow_schema;
use crate::source::SCHOOL as SCHOOL_COLUMN;
use crate::table::commit::{Change, Committed};
use crate::table::write::FileWriter;
use std::collections::BTreeSet;

const DAY: &str = "2025-09-01";

#[test]
fn applying_twice_is_one_commit() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"]])).await;
        let state = house.warehouse.state(&marks().id).await.expect("a state").expect("a table");
        assert_eq!((state.rows, state.files), (1, 1));
        let again = house.warehouse.apply(&marks(), &batch("b1")).await.expect("applied");
        assert!(again.already_applied);
        assert_eq!(house.warehouse.state(&marks().id).await.expect("a state"), Some(state));
        let restaged = house.stage(&marks(), None, "b1", mark_rows(&[&[DAY, "S1", "旷"]])).await;
        assert!(matches!(restaged, Err(Error::AlreadyApplied { .. })), "{restaged:?}");
    });
}

#[test]
fn a_commit_that_the_caller_never_heard_of_is_found() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"]])).await;
        // As after a kill between the commit and its note: the staging area is there again, the note is not.
        std::fs::remove_dir_all(house.path().join("warehouse/staging/b1")).expect("removed");
        assert!(house.warehouse.is_applied(&marks().id, &batch("b1")).await.expect("asked"));
        let again = house.warehouse.apply(&marks(), &batch("b1")).await.expect("applied");
        assert!(again.already_applied);
        assert_eq!(house.query(&marks(), "select count(*) from mark").await, ["1"]);
    });
}

#[test]
fn files_without_a_commit_are_not_visible() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"]])).await;
        let table = house.warehouse.table_for(&marks()).await.expect("a table");
        let schema = arrow_schema(&marks());
        let mut writer = FileWriter::new(&table, &schema, &[(SCHOOL_COLUMN, SCHOOL)]).expect("a writer");
        let files = table.school_files(SCHOOL).expect("files");
        let path = table.root().join(&files[0].path);
        for rows in crate::table::read::FileRows::open(&path, schema.clone()).expect("opened") {
            writer.write(&rows.expect("rows")).await.expect("written");
        }
        let added = writer.close().await.expect("closed");
        assert_eq!(added.len(), 1);
        assert_eq!(house.query(&marks(), "select count(*) from mark").await, ["1"]);
        let rows: [&[&str]; 1] = [&[DAY, "S2", "到"]];
        house.import(&marks(), "b2", LoadMode::Upsert, mark_rows(&rows)).await;
        assert_eq!(house.query(&marks(), "select count(*) from mark").await, ["2"]);
    });
}

#[test]
fn a_batch_planned_before_another_was_applied_is_planned_anew() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b0", LoadMode::Upsert, mark_rows(&[&[DAY, "S0", "到"]])).await;
        for (name, state) in [("b1", "到"), ("b2", "旷")] {
            house.stage(&marks(), None, name, mark_rows(&[&[DAY, "S1", state]])).await.expect("staged");
            let counts =
                house.warehouse.plan(&marks(), &batch(name), LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
            assert_eq!((counts.new, counts.changed), (1, 0));
        }
        let first = house.warehouse.apply(&marks(), &batch("b1")).await.expect("applied");
        assert!(!first.replanned);
        let second = house.warehouse.apply(&marks(), &batch("b2")).await.expect("applied");
        assert!(second.replanned);
        assert_eq!((second.counts.new, second.counts.changed), (0, 1));
        assert_eq!(house.query(&marks(), "select student_id, state from mark order by 1").await, ["S0|到", "S1|旷"]);
    });
}

#[test]
fn a_commit_on_an_old_version_is_overtaken_not_merged() {
    story(|| async {
        let house = House::new();
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "到"]])).await;
        let old = house.warehouse.table_for(&marks()).await.expect("a table");
        house.import(&marks(), "b2", LoadMode::Upsert, mark_rows(&[&[DAY, "S2", "到"]])).await;
        let change = Change {
            transaction: "b3",
            label: "b3",
            added: Vec::new(),
            removed: Vec::new(),
            partitions: &[SCHOOL_COLUMN],
        };
        assert_eq!(old.commit(change).await.expect("an answer"), Committed::Overtaken);
        assert!(!house.warehouse.is_applied(&marks().id, &batch("b3")).await.expect("asked"));
    });
}

#[test]
fn a_batch_with_nothing_new_leaves_the_version_alone() {
    story(|| async {
        let house = House::new();
        let rows: [&[&str]; 1] = [&[DAY, "S1", "到"]];
        house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&rows)).await;
        let before = house.warehouse.state(&marks().id).await.expect("a state");
        let counts = house.import(&marks(), "b2", LoadMode::Upsert, mark_rows(&rows)).await;
        assert_eq!((counts.unchanged, counts.new), (1, 0));
        assert_eq!(house.warehouse.state(&marks().id).await.expect("a state"), before);
        assert!(house.warehouse.is_applied(&marks().id, &batch("b2")).await.expect("asked"));
    });
}

#[test]
fn discarding_keeps_rejects_and_refuses_to_apply() {
    story(|| async {
        let house = House::new();
        let rows: [&[&str]; 2] = [&[DAY, "S1", "到"], &["坏", "S2", "到"]];
        house.stage(&marks(), None, "b1", mark_rows(&rows)).await.expect("staged");
        house.warehouse.plan(&marks(), &batch("b1"), LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
        house.warehouse.discard(&batch("b1")).await.expect("discarded");
        assert_eq!(house.rejects("b1").await.len(), 1);
        assert!(matches!(house.warehouse.apply(&marks(), &batch("b1")).await, Err(Error::NotStaged { .. })));
        assert!(!house.warehouse.is_applied(&marks().id, &batch("b1")).await.expect("asked"));
    });
}

#[test]
fn half_staged_batches_and_those_that_no_record_knows_are_thrown_away_at_recovery() {
    story(|| async {
        let house = House::new();
        for name in ["whole", "half", "looked-at"] {
            house.stage(&marks(), None, name, mark_rows(&[&[DAY, "S1", "到"]])).await.expect("staged");
        }
        std::fs::remove_file(house.path().join("warehouse/staging/half/stage.json")).expect("removed");
        assert!(matches!(house.warehouse.rejects(&batch("half"), None).await, Err(Error::NotStaged { .. })));
        let known = BTreeSet::from([batch("whole"), batch("half")]);
        assert_eq!(house.warehouse.recover(&known).await.expect("recovered"), [batch("half"), batch("looked-at")]);
        assert!(house.path().join("warehouse/staging/whole/rows.parquet").exists());
        assert_eq!(house.warehouse.recover(&known).await.expect("recovered"), []);
    });
}

#[test]
fn a_commit_whose_note_a_crash_prevented_is_found_and_its_staged_rows_go() {
    story(|| async {
        let house = House::new();
        let (dataset, b1) = (marks().id, batch("b1"));
        house.stage(&marks(), None, "b1", mark_rows(&[&[DAY, "S1", "到"]])).await.expect("staged");
        house.warehouse.plan(&marks(), &b1, LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
        assert_eq!(house.warehouse.settle(&dataset, &b1).await.expect("asked"), None);
        let staging = house.path().join("warehouse/staging/b1");
        let kept = ["rows.parquet", "source.parquet", "fates.bin", "plan.json"]
            .map(|name| (staging.join(name), std::fs::read(staging.join(name)).expect("staged")));
        let applied = house.warehouse.apply(&marks(), &b1).await.expect("applied");
        std::fs::remove_file(staging.join("applied.json")).expect("the note");
        for (path, bytes) in &kept {
            std::fs::write(path, bytes).expect("as before the commit");
        }
        let found = house.warehouse.settle(&dataset, &b1).await.expect("asked").expect("in the table");
        assert_eq!((found.version, found.counts, found.already_applied), (applied.version, applied.counts, true));
        assert!(kept.iter().all(|(path, _)| !path.exists()), "no rows stay behind");
    });
}
