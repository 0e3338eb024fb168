//! From a file to a decision: plans, reviews, load modes, and rejected rows out, mended, and in again.

use crate::harness::Ran;
use crate::samples::{DEPARTMENTS, both, counts, departments, import, rejects, table, three_departments};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::path::Path;

fn id(value: &serde_json::Value) -> String {
    value["batch"].as_str().expect("an id").to_owned()
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let college = three_departments();
    let before = table(&college, "departments");
    let listed = college.json(&["batch", "list"]);
    let file = college
        .file("next.csv", departments(&["D1,甲系,教学单位,S1,2001-09-01", "D4,四系,教学单位,S1,", "D5,五系,公司,S1,"]));
    let shown = import(&college, &file, "departments", &["--dry-run", "--mode", "full", "--allow-deletes"]).exits(1);
    for part in ["计划（未写入）", "name: 一系 → 甲系", "department_code=D4", "消失", "department_code=D2", "--dry-run"]
    {
        assert!(shown.out.contains(part), "`{part}` is not in:\n{}", shown.out);
    }
    assert_eq!(table(&college, "departments"), before);
    assert_eq!(college.json(&["batch", "list"]), listed);
}

#[test]
fn the_same_file_again_is_no_new_version() {
    let college = three_departments();
    let before = table(&college, "departments");
    let done = counts(&college, &college.path("three.csv"), "departments", &[]);
    assert_eq!((&done["new"], &done["changed"], &done["unchanged"]), (&0.into(), &0.into(), &3.into()));
    assert_eq!(table(&college, "departments"), before);
}

#[test]
fn a_held_batch_waits_for_a_person_who_approves_it_once() {
    let college = three_departments();
    let before = table(&college, "departments");
    let file = college.file("next.csv", departments(&["D4,四系,教学单位,S1,"]));
    let held = counts(&college, &file, "departments", &["--review", "hold"]);
    assert_eq!(held["state"], "held");
    assert_eq!(table(&college, "departments"), before);
    let batch = id(&held);
    college.run(&["batch", "approve", &batch, "--why", "看过了"]).good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(4));
    let after = table(&college, "departments");
    both(
        &college,
        &["batch", "approve", &batch],
        5,
        &[&batch, "已入库", "待审核"],
        &[&batch, "applied", "waits for review"],
    );
    both(&college, &["batch", "reject", &batch, "--why", "晚了"], 5, &[&batch, "已入库"], &[&batch, "applied"]);
    assert_eq!(table(&college, "departments"), after);
}

#[test]
fn a_refused_batch_changes_nothing_and_keeps_its_rejected_rows() {
    let college = three_departments();
    let before = table(&college, "departments");
    let file = college.file("next.csv", departments(&["D4,四系,教学单位,S1,", "D5,五系,公司,S1,"]));
    let batch = id(&counts(&college, &file, "departments", &["--review", "hold"]));
    college.run(&["batch", "reject", &batch, "--why", "口径不对"]).good();
    assert_eq!(table(&college, "departments"), before);
    assert_eq!(rejects(&college, &batch), [(3, "部门类别".to_owned(), "code.unknown".to_owned())]);
    let shown = college.run(&["batch", "show", &batch]).good();
    assert!(shown.out.contains("口径不对") && shown.out.contains("已退回"), "{}", shown.out);
    both(&college, &["batch", "show", "B20990101-001"], 4, &["批次", "B20990101-001"], &["batch", "B20990101-001"]);
}

#[test]
fn review_can_be_set_to_hold_and_many_rejects_hold_a_batch_too() {
    let college = three_departments();
    let file = college.file("next.csv", departments(&["D4,四系,教学单位,S1,", "D5,五系,公司,S1,"]));
    let held = counts(&college, &file, "departments", &["--set", "import.hold_reject_share=0.3"]);
    assert_eq!(held["state"], "held");
    let shown = college.run(&["batch", "show", &id(&held)]).good();
    assert!(shown.out.contains("超过设定的比例"), "{}", shown.out);
    let set = college.data().join("zhengai.toml");
    let text = std::fs::read_to_string(&set).expect("the settings") + "\n[import]\nreview = \"hold\"\n";
    std::fs::write(&set, text).expect("the settings");
    assert_eq!(counts(&college, &file, "departments", &[])["state"], "held");
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(3));
}

#[test]
fn a_full_load_that_would_delete_much_needs_a_word_from_a_person() {
    let college = three_departments();
    let before = table(&college, "departments");
    let file = college.file("one.csv", departments(&["D1,一系,教学单位,S1,2001-09-01"]));
    let path = file.to_string_lossy();
    both(
        &college,
        &["import", &path, "-d", "departments", "--mode", "full"],
        5,
        &["departments", "2 行", "现有 3 行", "20%", "--allow-deletes"],
        &["departments", "2 of the 3 rows", "20%", "--allow-deletes"],
    );
    assert_eq!(table(&college, "departments"), before);
    let done = counts(&college, &file, "departments", &["--mode", "full", "--allow-deletes"]);
    assert_eq!((&done["gone"], &done["unchanged"]), (&2.into(), &1.into()));
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(1));
}

#[test]
fn append_takes_new_keys_only_and_upsert_changes_known_ones() {
    let college = three_departments();
    let file = college.file(
        "next.csv",
        departments(&["D1,甲系,教学单位,S1,2001-09-01", "D2,二系,教学单位,S1,2001-09-01", "D4,四系,教学单位,S1,"]),
    );
    let appended = counts(&college, &file, "departments", &["--mode", "append"]);
    assert_eq!((&appended["new"], &appended["changed"], &appended["unchanged"]), (&1.into(), &0.into(), &1.into()));
    assert_eq!(
        rejects(&college, &id(&appended)).iter().map(|one| (one.0, one.2.as_str())).collect::<Vec<_>>(),
        [(2, "key.conflict")]
    );
    let merged = counts(&college, &file, "departments", &["--mode", "upsert"]);
    assert_eq!((&merged["new"], &merged["changed"], &merged["unchanged"]), (&0.into(), &1.into(), &2.into()));
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(4), "upsert deletes nothing");
}

fn cells(path: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    let text = |cell: &Data| {
        assert!(matches!(cell, Data::String(_) | Data::Empty), "every cell is text: {cell:?}");
        cell.to_string()
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

fn write(path: &Path, rows: &[Vec<String>]) {
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    std::fs::write(path, crate::samples::workbook("拒绝", &rows)).expect("a file");
}

#[test]
fn rejected_rows_go_out_as_text_are_mended_and_come_in_again() {
    let college = three_departments();
    let rows = ["0012,=1+1,公司,S1,2001-09-01", "D4,四系,教学单位,S1,上个月", "D5,五系,教学单位,S1,"];
    let file = college.file("next.csv", departments(&rows));
    let batch = id(&counts(&college, &file, "departments", &[]));
    let out = college.path("rejects.xlsx");
    let path = out.to_string_lossy().into_owned();
    college.run(&["batch", "rejects", &batch, "--export", &path]).good().says(&["2 行", &path]);

    let mut sheet = cells(&out);
    assert_eq!(sheet[0][..5].join(",") + "\n", DEPARTMENTS);
    assert!(sheet[0][5..].iter().all(|header| header.starts_with('#')), "{:?}", sheet[0]);
    assert_eq!(sheet[1][..2], ["0012", "'=1+1"], "no cell may become a formula, no zero may be lost");
    assert_eq!(sheet[1][5], "2");
    assert!(sheet[1][8].contains("公司") && sheet[2][8].contains("上个月"), "{sheet:?}");

    sheet[1][2] = "教学单位".to_owned();
    sheet[2][4] = "2024-09-01".to_owned();
    write(&out, &sheet);
    let replayed: Ran = college.run(&["batch", "replay", &batch, &path, "--format", "json"]).good();
    assert_eq!(replayed.json()[0]["new"], 2, "{}", replayed.out);
    assert!(!replayed.err.contains('#'), "the columns with reasons are passed over in silence: {}", replayed.err);
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(6));
    let same = college.file("same.csv", departments(&["0012,=1+1,教学单位,S1,2001-09-01"]));
    assert_eq!(counts(&college, &same, "departments", &["--dry-run"])["unchanged"], 1, "no import changes a cell");
    let again = college.run(&["batch", "replay", &batch, &path, "--format", "json"]).good();
    assert_eq!(again.json()[0]["unchanged"], 2);
}

#[test]
fn rows_replayed_from_a_full_load_delete_nothing() {
    let college = three_departments();
    let rows = ["D1,一系,教学单位,S1,2001-09-01", "D2,二系,教学单位,S1,2001-09-01", "D3,三处,公司,S1,"];
    let file = college.file("full.csv", departments(&rows));
    let done = counts(&college, &file, "departments", &["--mode", "full"]);
    assert_eq!(done["gone"], 0, "a rejected row is not a row that is gone: {done}");
    let out = college.path("rejects.xlsx");
    let path = out.to_string_lossy().into_owned();
    college.run(&["batch", "rejects", &id(&done), "--export", &path]).good();
    let mut sheet = cells(&out);
    sheet[1][2] = "职能部门".to_owned();
    sheet[1][1] = "三部".to_owned();
    write(&out, &sheet);
    let replayed = college.run(&["batch", "replay", &id(&done), &path, "--format", "json"]).good().json();
    assert_eq!((&replayed[0]["changed"], &replayed[0]["gone"]), (&1.into(), &0.into()));
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(3));
}
