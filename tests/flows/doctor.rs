//! The check-up and the audit: what somebody changed, what a crash left, what nobody answers for, each with what to do.

use crate::harness::College;
use crate::samples::{both, departments, import, table, three_departments};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Changes the record behind the program's back, as somebody with the file would.
fn tamper(college: &College, sql: &str) {
    let file = college.data().join("record.db");
    let drop = "DROP TRIGGER IF EXISTS audit_never_changes; DROP TRIGGER IF EXISTS audit_never_shrinks;";
    let sql = format!("{drop} {sql}");
    let tool = Command::new("sqlite3").arg(&file).arg(&sql).output();
    let done = match tool {
        Ok(output) => output,
        Err(_) => {
            let script =
                "import sqlite3,sys\nbook=sqlite3.connect(sys.argv[1])\nbook.executescript(sys.argv[2])\nbook.close()";
            let python = Command::new("python3").args(["-c", script]).arg(&file).arg(&sql).output();
            python.expect("sqlite3 or python3 is installed")
        }
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn findings(college: &College, code: i32) -> Vec<Value> {
    let ran = college.run(&["doctor", "--format", "json"]).exits(code);
    ran.json().as_array().expect("a list").clone()
}

fn about<'a>(found: &'a [Value], check: &str) -> Vec<&'a Value> {
    found.iter().filter(|one| one["check"] == check).collect()
}

/// Data files of a table.
fn data_files(college: &College, dataset: &str) -> Vec<PathBuf> {
    let mut open = vec![college.data().join("warehouse/datasets").join(dataset)];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("_delta_log") {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "parquet") {
                files.push(path);
            }
        }
    }
    files
}

fn write(path: &Path, bytes: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    std::fs::write(path, bytes).expect("a file");
}

#[test]
fn the_audit_of_an_untouched_record_holds_and_lists_who_did_what() {
    let college = three_departments();
    let sound = college.run(&["audit", "verify"]).good();
    assert!(sound.err.contains("审计链完好"), "{}", sound.err);
    let all = college.json(&["audit", "list"]);
    let rows = all.as_array().expect("rows");
    assert_eq!(college.json(&["audit", "verify"])[0]["sound"], rows.len());
    assert!(rows.iter().all(|row| row["by"] == "tester" || row["by"] == "system"), "{all}");
    let batch = rows[0]["subject"].as_str().expect("an id");
    let of_batch = college.json(&["audit", "list", "--subject", batch]);
    assert!(of_batch.as_array().is_some_and(|rows| !rows.is_empty() && rows.iter().all(|row| row["subject"] == batch)));
    assert_eq!(college.json(&["audit", "list", "--actor", "nobody"]), serde_json::json!([]));
    assert_eq!(college.json(&["audit", "list", "--since", "2999-01-01"]), serde_json::json!([]));
    assert_eq!(college.json(&["audit", "list", "--since", "2000-01-01"]), all);
    college.run(&["audit", "list", "--since", "soon"]).exits(3).says(&["soon"]);
}

#[test]
fn a_changed_removed_or_moved_row_of_the_audit_is_named() {
    let swap = "UPDATE audit SET seq = -seq WHERE seq IN (2, 3); UPDATE audit SET seq = 5 + seq WHERE seq < 0;";
    for (sql, seq, chinese, english) in [
        ("UPDATE audit SET actor = '别人' WHERE seq = 2;", "2", "被改动", "was changed"),
        ("DELETE FROM audit WHERE seq = 2;", "2", "被删除", "was removed"),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit);", "3", "被删除", "was removed"),
        (swap, "2", "换到了别的位置", "another row's place"),
    ] {
        let college = three_departments();
        assert_eq!(college.json(&["audit", "verify"])[0]["sound"], 3, "an import leaves three rows");
        tamper(&college, sql);
        both(
            &college,
            &["audit", "verify"],
            9,
            &[&format!("第 {seq} 条"), chinese],
            &[&format!("row {seq} "), english],
        );
        let found = findings(&college, 9);
        assert_eq!(about(&found, "audit-broken")[0]["subject"], seq, "{sql}");
    }
}

#[test]
fn a_healthy_college_has_nothing_broken() {
    let college = three_departments();
    let found = findings(&college, 0);
    assert!(found.iter().all(|one| one["severity"] != "broken"), "{found:?}");
    for one in &found {
        let said = format!("{}{}", one["finding"], one["advice"]);
        assert!(!said.contains('⟦') && one["advice"].as_str().is_some_and(|text| !text.is_empty()), "{one}");
    }
    let english = college.run(&["doctor", "--lang", "en"]).good();
    assert!(english.err.contains("0 broken") && !english.out.contains('⟦'), "{}", english.err);
    College::nowhere().run(&["doctor"]).exits(4);
}

#[test]
fn a_file_that_a_table_needs_and_that_is_gone_is_broken() {
    let college = three_departments();
    let file = data_files(&college, "departments").remove(0);
    std::fs::remove_file(&file).expect("removed");
    let found = findings(&college, 9);
    let missing = about(&found, "file-missing");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(
        missing.len() == 1 && missing[0]["subject"].as_str().is_some_and(|path| path.ends_with(&name)),
        "{found:?}"
    );
    college.run(&["backup", &college.path("b.tar").to_string_lossy()]).exits(8).says(&[&name, "zhengai doctor"]);
    assert!(!college.path("b.tar").exists());
}

#[test]
fn a_hole_in_a_log_and_a_record_older_than_its_tables_are_broken() {
    let college = three_departments();
    let log = college.data().join("warehouse/datasets/departments/_delta_log");
    let first = log.join("00000000000000000000.json");
    let kept = std::fs::read(&first).expect("a log");
    std::fs::remove_file(&first).expect("removed");
    assert_eq!(about(&findings(&college, 9), "log-gap").len(), 1);
    std::fs::write(&first, kept).expect("a log");
    assert!(findings(&college, 0).iter().all(|one| one["severity"] != "broken"));

    let old = std::fs::read(college.data().join("record.db")).expect("a record");
    let more = college.file("more.csv", departments(&["D9,九系,教学单位,S1,"]));
    import(&college, &more, "departments", &[]).good();
    std::fs::write(college.data().join("record.db"), old).expect("a record");
    let found = findings(&college, 9);
    assert_eq!(about(&found, "unknown-in-table").len(), 1, "{found:?}");
}

#[test]
fn what_a_crash_left_is_listed_and_only_fix_removes_it() {
    let college = three_departments();
    let before = table(&college, "departments");
    let kept = data_files(&college, "departments");
    let orphan = college.data().join("warehouse/datasets/departments/_school=test/part-left.parquet");
    let folder = college.data().join("warehouse/staging/B20200101-001");
    write(&orphan, "left by a crash");
    write(&folder.join("rows.parquet"), "left by a crash");
    let found = findings(&college, 0);
    let subject = about(&found, "orphan")[0]["subject"].as_str().expect("a path").to_owned();
    assert!(subject.ends_with("part-left.parquet"), "{found:?}");
    assert_eq!(about(&found, "staging-left")[0]["subject"], "B20200101-001");
    assert!(orphan.exists() && folder.exists(), "a look changes nothing");

    let fixed = college.run(&["doctor", "--fix"]).good();
    assert!(fixed.err.contains("part-left.parquet") && fixed.err.contains("已删除 2 个"), "{}", fixed.err);
    assert!(!orphan.exists() && !folder.exists());
    assert_eq!(data_files(&college, "departments"), kept, "nothing else went");
    assert_eq!(table(&college, "departments"), before);
    let noted = college.json(&["audit", "list", "--subject", "test"]);
    assert_eq!(noted[0]["action"], "doctor.fix");
    college.run(&["doctor", "--fix"]).good();
    assert_eq!(college.json(&["audit", "list", "--subject", "test"]), noted, "nothing to do leaves no row");
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_while_somebody_writes() {
    let college = three_departments();
    let held = crate::interrupted::Held::start(&college);
    let orphan = college.data().join("warehouse/datasets/departments/_school=test/part-fresh.parquet");
    write(&orphan, "being written");
    college.run(&["doctor", "--fix"]).exits(8).says(&["正被另一个"]);
    assert!(orphan.exists());
    college.run(&["doctor"]).good();
    held.end().good();
}

#[test]
fn indicators_without_source_or_owner_and_values_that_contradict_are_found() {
    let college = three_departments();
    let pack = college.data().join("packs/own");
    write(
        &pack.join("pack.toml"),
        "id = \"own\"\nnames = { zh = \"自有\", en = \"own\" }\nversion = \"1.0.0\"\nkind = \"pack\"\n",
    );
    let indicator = |values: &str| {
        format!(
            r#"
[[point]]
id = "own"
names = {{ zh = "自有", en = "own" }}

[[indicator]]
code = "OWN-DEPARTMENTS"
names = {{ zh = "部门数", en = "departments" }}
layer = "school"
point = "own"
unit = "个"
direction = "higher"
grain = "school"
period = "academic-year"
decimals = 0
value = "n"
{values}
[indicator.measures.n]
dataset = "departments"
agg = "count(*)"
"#
        )
    };
    write(&pack.join("indicators/own.toml"), &indicator(""));
    let found = findings(&college, 0);
    for check in ["no-source", "no-owner"] {
        let codes: Vec<&Value> = about(&found, check).iter().map(|one| &one["subject"]).collect();
        assert!(codes.contains(&&Value::from("OWN-DEPARTMENTS")), "{check}: {found:?}");
    }
    let values = "values = { target = \">= 3\", standard = \">= 9\", source = \"试\" }";
    write(&pack.join("indicators/own.toml"), &indicator(values));
    let found = findings(&college, 9);
    let broken = about(&found, "definition");
    assert!(
        broken.iter().any(|one| one["subject"].as_str().is_some_and(|place| place.contains("own.toml"))),
        "{found:?}"
    );
    write(&pack.join("indicators/own.toml"), "nonsense = [");
    let found = findings(&college, 9);
    assert!(about(&found, "definition").iter().any(|one| one["subject"].to_string().contains("own.toml")), "{found:?}");
}

#[test]
fn a_rule_that_fires_for_everybody_or_in_many_runs_for_nobody_is_named() {
    let college = crate::clubs::college();
    let diagnose = |members: &str| {
        let rows = college.file(
            "clubs.csv",
            format!("社团编号,社团名称,人数\nC1,棋社,{members}\nC2,诗社,{members}\nC3,剧社,{members}\n"),
        );
        import(&college, &rows, "clubs", &[]).good();
        college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
        findings(&college, 0)
    };
    // Nobody is below the warning value: not worth a word after one run or two, and worth one after three.
    for (members, never) in [("30", 0), ("31", 0), ("32", 1)] {
        assert_eq!(about(&diagnose(members), "never-fires").len(), never, "{members}");
    }
    let other = crate::clubs::college();
    let rows = other.file("clubs.csv", "社团编号,社团名称,人数\nC1,棋社,1\nC2,诗社,1\nC3,剧社,1\n");
    import(&other, &rows, "clubs", &[]).good();
    other.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    let found = findings(&other, 0);
    assert_eq!(about(&found, "always-fires").len(), 1, "{found:#?}");
}
