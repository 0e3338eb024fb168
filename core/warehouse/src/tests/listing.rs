//! What lies on disk: logs, files of each version, and files that nothing names.

use super::*;
use crate::Commit;
use std::collections::BTreeMap;

const DAY: &str = "2025-09-01";

async fn two_batches() -> House {
    let house = House::new();
    let rows: [&[&str]; 2] = [&[DAY, "S1", "到"], &[DAY, "S2", "到"]];
    house.import(&marks(), "b1", LoadMode::Upsert, mark_rows(&rows)).await;
    house.import(&marks(), "b2", LoadMode::Upsert, mark_rows(&[&[DAY, "S1", "旷"]])).await;
    house
}

#[test]
fn the_log_says_which_batch_made_which_version_and_which_files_count() {
    story(|| async {
        let house = two_batches().await;
        let logs = house.warehouse.table_logs().expect("logs");
        assert_eq!(logs.iter().map(|log| log.folder.as_str()).collect::<Vec<_>>(), ["datasets/mark"]);
        let log = &logs[0];
        assert_eq!((log.newest(), log.gap()), (Some(2), None));
        assert_eq!((log.version_with("b1"), log.version_with("b2"), log.version_with("b3")), (Some(1), Some(2), None));
        let state = house.warehouse.state(&marks().id).await.expect("a state").expect("a table");
        let live = log.live_files(2);
        assert_eq!((live.len(), live.values().sum::<u64>()), (state.files, state.bytes));
        assert_eq!(log.live_files(0), BTreeMap::new());
        let all = log.data_files(2);
        assert!(all.len() > live.len(), "the file that b2 replaced is still named by version 1");
        for path in all.keys() {
            assert!(house.warehouse.root().join("datasets/mark").join(path).is_file(), "{path}");
        }
        assert_eq!(log.log_files(1).len(), 2);
        assert!(log.log_files(1).iter().all(|file| house.warehouse.root().join("datasets/mark").join(file).is_file()));
    });
}

#[test]
fn a_file_that_nothing_names_is_an_orphan_and_only_orphans_are_removed() {
    story(|| async {
        let house = two_batches().await;
        let root = house.warehouse.root().join("datasets/mark");
        let log = house.warehouse.table_logs().expect("logs").remove(0);
        assert_eq!(house.warehouse.orphans(&log).expect("looked"), []);
        std::fs::create_dir_all(root.join("_school=别的")).expect("a folder");
        std::fs::write(root.join("_school=别的/part-1.parquet"), "left").expect("a file");
        std::fs::write(root.join("_delta_log/_commit_1.json.tmp"), "left").expect("a file");
        let orphans = house.warehouse.orphans(&log).expect("looked");
        let paths: Vec<&str> = orphans.iter().map(|orphan| orphan.path.as_str()).collect();
        assert_eq!(paths, ["datasets/mark/_delta_log/_commit_1.json.tmp", "datasets/mark/_school=别的/part-1.parquet"]);
        // One of them is written to after the look: it is somebody's and stays.
        std::fs::write(root.join("_school=别的/part-1.parquet"), "still at it").expect("a file");
        assert_eq!(house.warehouse.remove_orphans(&orphans).expect("removed"), [paths[0]]);
        assert!(root.join("_school=别的/part-1.parquet").exists());
        assert_eq!(house.query(&marks(), "select count(*) from mark").await, ["2"]);
    });
}

#[test]
fn a_missing_file_and_a_missing_version_are_named() {
    story(|| async {
        let house = two_batches().await;
        let root = house.warehouse.root().join("datasets/mark");
        let log = house.warehouse.table_logs().expect("logs").remove(0);
        let live: Vec<String> = log.live_files(2).keys().map(ToString::to_string).collect();
        let old = log.data_files(2).into_keys().find(|path| !live.iter().any(|one| one == path)).expect("replaced");
        for path in [live[0].as_str(), old] {
            std::fs::remove_file(root.join(path)).expect("removed");
        }
        let mut missing = house.warehouse.missing_files(&log);
        missing.sort_by_key(|(_, _, counts)| *counts);
        assert_eq!(
            missing.iter().map(|(path, _, counts)| (path.as_str(), *counts)).collect::<Vec<_>>(),
            [(old, false), (live[0].as_str(), true)]
        );
        std::fs::remove_file(root.join("_delta_log/00000000000000000001.json")).expect("removed");
        assert_eq!(house.warehouse.table_logs().expect("logs")[0].gap(), Some(1));
    });
}

#[test]
fn staged_folders_list_their_files() {
    story(|| async {
        let house = House::new();
        house.stage(&marks(), None, "b1", mark_rows(&[&[DAY, "S1", "到"]])).await.expect("staged");
        let folders = house.warehouse.staged_folders().expect("looked");
        assert_eq!(folders.len(), 1);
        assert_eq!(folders[0].batch, "b1");
        assert!(folders[0].files.contains("rows.parquet") && folders[0].files.contains("stage.json"), "{folders:?}");
    });
}

#[test]
fn a_commit_with_strange_letters_in_its_paths_is_read_as_they_stand_on_disk() {
    let line = br#"{"add":{"path":"_school=a%2520b/%E6%95%B0.parquet","size":7}}
{"txn":{"appId":"b1","version":1}}

{"commitInfo":{}}"#;
    let commit = Commit::parse(3, line).expect("a commit");
    assert_eq!(commit.added, [("_school=a%20b/数.parquet".to_owned(), 7)]);
    assert_eq!(commit.transactions, ["b1"]);
    assert!(Commit::parse(0, b"{\"add\":").is_err());
    assert_eq!(Commit::version_of("00000000000000000012.json"), Some(12));
    assert_eq!(Commit::version_of("00000000000000000012.checkpoint.parquet"), None);
}
