//! A college that outgrows its file: moved to PostgreSQL and back, interrupted on the way, with a server that dies.
#![cfg(unix)]

use crate::harness::{College, ran};
use crate::samples::{DEPARTMENTS, import, table, three_departments};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use zhengai_test_postgres::{GUEST, PASSWORD, Stop, own, shared};

/// The password of a guest as an address has it.
const ESCAPED: &str = "p%40ss%3Aw%2Frd%20%E5%AF%86%231%25%3F";

fn backend(college: &College) -> String {
    college.json(&["record", "show"])["backend"].as_str().expect("a word").to_owned()
}

/// What must not change by a move: batches, and the audit but for what the move itself adds.
fn told(college: &College) -> Value {
    college.json(&["batch", "list"])
}

#[test]
fn a_college_moves_to_postgres_goes_on_there_and_moves_back() {
    let Some(cluster) = shared() else { return };
    let database = cluster.database();
    let college = three_departments();
    let before = told(&college);
    let own = "# 我们的学校\n[college]\nid = \"test\" # 不改\nname = \"测试学院\"\n";
    std::fs::write(college.data().join("zhengai.toml"), own).expect("a file");
    let moved = college.json(&["record", "move", "--to", &database.url()]);
    assert_eq!(
        (moved["audit"].as_u64() > Some(3), moved["sha256"].as_str().map(str::len)),
        (true, Some(64)),
        "{moved}"
    );
    let config = std::fs::read_to_string(college.data().join("zhengai.toml")).expect("a file");
    assert_eq!(config, format!("{own}\n[record]\nurl = \"{}\"\n", database.url()));
    assert!(!college.data().join("record.db").exists());
    assert!(std::path::Path::new(moved["kept"].as_str().expect("a path")).is_file());
    assert_eq!((backend(&college).as_str(), told(&college)), ("postgres", before.clone()));
    assert_eq!(database.sql("SELECT action FROM audit ORDER BY seq DESC LIMIT 1"), "record.move\n");

    let file = college.file("more.csv", format!("{DEPARTMENTS}D4,四系,教学单位,S1,\n"));
    import(&college, &file, "departments", &[]).good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(4));
    let after = told(&college);
    assert_eq!(after.as_array().map(Vec::len), before.as_array().map(|all| all.len() + 1));

    college.run(&["record", "move", "--to", "sqlite:"]).good();
    assert_eq!((backend(&college).as_str(), told(&college)), ("sqlite", after));
    assert_eq!(
        std::fs::read_to_string(college.data().join("zhengai.toml")).expect("a file"),
        format!("{own}\n[record]\n")
    );
    import(&college, &file, "departments", &[]).good();
}

#[test]
fn a_backup_comes_back_into_another_database_and_the_college_goes_on_there() {
    let Some(cluster) = shared() else { return };
    let college = three_departments();
    let before = told(&college);
    let archive = college.path("college.zhengai-backup").to_string_lossy().into_owned();
    college.run(&["backup", &archive]).good();
    let other = College::nowhere();
    let database = cluster.database();
    other.run(&["restore", &archive, "--record", &database.url()]).good();
    assert_eq!((backend(&other).as_str(), told(&other)), ("postgres", before));
    other.run(&["audit", "verify"]).good();
    let file = other.file("more.csv", format!("{DEPARTMENTS}D4,四系,教学单位,S1,\n"));
    import(&other, &file, "departments", &[]).good();
    assert_eq!(table(&other, "departments").map(|(rows, _)| rows), Some(4));
    // The college that was backed up still has its own.
    assert_eq!((backend(&college).as_str(), table(&college, "departments").map(|(rows, _)| rows)), ("sqlite", Some(3)));
    // A database that holds a record already is not written over.
    let third = College::nowhere();
    third.run(&["restore", &archive, "--record", &database.url()]).exits(5);
}

#[test]
fn a_move_that_is_killed_at_any_step_leaves_the_old_record_and_is_made_good_by_the_next() {
    let Some(cluster) = shared() else { return };
    for step in ["正在读取", "正在写入", "正在比对", "正在切换"] {
        let database = cluster.database();
        let college = three_departments();
        let before = told(&college);
        let words = ["record", "move", "--to", &database.url()];
        let mut child = college.command(&words).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut said = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        assert!(said.any(|line| line.is_ok_and(|line| line.contains(step))), "{step}");
        child.kill().expect("it dies");
        child.wait().expect("an end");
        assert_eq!(told(&college), before, "{step}");
        if backend(&college) == "sqlite" {
            college.run(&words).good();
        }
        assert_eq!((backend(&college).as_str(), told(&college)), ("postgres", before), "{step}");
        let left = std::fs::read_dir(college.data()).expect("a folder").flatten();
        let left = left.filter(|entry| entry.file_name().to_string_lossy().contains("moving")).count();
        assert!(left == 0 || step == "正在切换", "{step}");
    }
}

#[test]
fn a_database_that_holds_something_else_is_left_alone_and_the_college_keeps_its_record() {
    let Some(cluster) = shared() else { return };
    let (full, foreign) = (cluster.database(), cluster.database());
    let (first, second) = (three_departments(), three_departments());
    first.run(&["record", "move", "--to", &full.url()]).good();
    foreign.sql("CREATE TABLE book (title text)");
    for (database, says) in [(&full, "已有内容"), (&foreign, "其他程序")] {
        let rows = database.sql("SELECT count(*) FROM pg_class");
        assert!(second.run(&["record", "move", "--to", &database.url()]).says(&[says]).code > Some(2));
        assert_eq!((backend(&second).as_str(), database.sql("SELECT count(*) FROM pg_class")), ("sqlite", rows));
    }
    import(&second, &second.path("three.csv"), "departments", &[]).good();
}

#[test]
fn two_data_directories_do_not_use_one_record_until_one_of_them_claims_it() {
    let Some(cluster) = shared() else { return };
    let database = cluster.database();
    let (first, second) = (College::new(), College::new());
    first.run(&["record", "move", "--to", &database.url()]).good();
    let config = std::fs::read_to_string(first.data().join("zhengai.toml")).expect("a file");
    std::fs::write(second.data().join("zhengai.toml"), config).expect("a file");
    for words in [["batch", "list"], ["plugin", "list"]] {
        second.run(&words).exits(5).says(&["属于另一个数据目录", "record claim"]);
    }
    second.run(&["record", "claim", "--why", "原目录已迁走"]).good();
    second.run(&["batch", "list"]).good();
    first.run(&["batch", "list"]).exits(5).says(&["属于另一个数据目录"]);
}

#[test]
fn a_password_in_an_address_is_put_where_only_its_owner_reads_it_and_shown_nowhere() {
    use std::os::unix::fs::PermissionsExt;
    let Some(cluster) = shared() else { return };
    let database = cluster.database();
    database.sql(&format!("ALTER DATABASE {} OWNER TO {GUEST}", database.name));
    let college = three_departments();
    let url = database.url_of(&format!("{GUEST}:{ESCAPED}"));
    let ran = college.run(&["record", "move", "--to", &url]).good();
    let explained = college.run(&["config", "explain"]).good();
    let config = std::fs::read_to_string(college.data().join("zhengai.toml")).expect("a file");
    for shown in [&ran.out, &ran.err, &explained.out, &config] {
        assert!(!shown.contains("p@ss") && !shown.contains("p%40ss"), "{shown}");
    }
    let secret = college.data().join("secrets/record-password");
    assert_eq!(std::fs::read_to_string(&secret).expect("a file"), format!("{PASSWORD}\n"));
    assert_eq!(std::fs::metadata(&secret).expect("a file").permissions().mode() & 0o777, 0o600);
    assert_eq!(backend(&college), "postgres");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).expect("ours");
    assert!(college.run(&["batch", "list"]).says(&["其他人也能读", "chmod 600"]).code > Some(2));
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("ours");
    std::fs::write(&secret, "falsch\n").expect("ours");
    let refused = college.run(&["batch", "list"]).says(&["不接受该用户或密码", "record.password_file"]);
    assert!(!refused.err.contains("falsch"), "{}", refused.err);
}

#[test]
fn an_address_from_outside_the_file_is_not_changed_by_a_move() {
    let college = three_departments();
    let mut command = college.command(&["record", "move", "--to", "sqlite:other.db"]);
    command.env("ZHENGAI_RECORD_URL", "sqlite:record.db");
    ran(command.output().expect("the binary starts")).says(&["环境变量", "什么都没有改动"]);
    college.run(&["record", "move", "--to", "sqlite:other.db"]).good();
    assert!(college.data().join("other.db").is_file());
    college.run(&["batch", "list"]).good();
}

#[test]
fn a_server_that_dies_in_the_middle_of_a_change_is_named_and_everything_goes_on_when_it_is_back() {
    let Some(cluster) = own() else { return };
    let database = cluster.database();
    let college = three_departments();
    college.run(&["record", "move", "--to", &database.url()]).good();
    let before = told(&college);
    let locked = database.lock("SELECT seq FROM audit_head");
    let file = college.file("more.csv", format!("{DEPARTMENTS}D4,四系,教学单位,S1,\n"));
    let words = ["import", &file.to_string_lossy(), "--dataset", "departments"];
    let mut command = college.command(&words);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    database.wait_for_waiter();
    cluster.stop(Stop::Crash);
    let refused = ran(child.wait_with_output().expect("an end"));
    assert!(refused.says(&["连接中断", "未保存", "恢复后"]).code > Some(2));
    assert!(college.run(&["batch", "list"]).says(&["没有数据库服务器应答", "record.url"]).code > Some(2));
    drop(locked);
    cluster.go();
    assert_eq!(told(&college), before);
    import(&college, &file, "departments", &[]).good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(4));
}

#[test]
fn the_training_college_says_the_same_from_either_database() {
    let Some(cluster) = shared() else { return };
    let database = cluster.database();
    let college = College::nowhere();
    college.run(&["demo", "--students", "300"]).good();
    let run = college.json(&["run", "list"])[0].clone();
    let period = run["period"].as_str().expect("a period").to_owned();
    let today = "2026-01-31";
    let diagnose = || {
        college.run(&["diagnose", "--period", &period, "--today", today]).good();
        let newest = college.json(&["run", "list"])[0]["run"].as_str().expect("an id").to_owned();
        college.json(&["run", "show", &newest])
    };
    // The first run of another day changes the history that the next one reads; from then on nothing changes.
    diagnose();
    let first = diagnose();
    let results = |run: &Value| {
        let run = run["id"].as_str().expect("an id").to_owned();
        college.json(&["result", "--run", &run, "--limit", "100000"])
    };
    let warnings = || college.json(&["warning", "list", "--limit", "100000"]);
    let (before, open) = (results(&first), warnings());
    college.run(&["record", "move", "--to", &database.url()]).good();
    assert_eq!(warnings(), open);
    let second = diagnose();
    assert_eq!(second["fingerprint"], first["fingerprint"]);
    assert_eq!(results(&second), before);
    assert!(before.as_array().is_some_and(|rows| rows.len() > 100));

    let id = open[0]["id"].to_string();
    college.run(&["warning", "ack", &id]).good();
    college.run(&["warning", "assign", &id, "--to", "王老师"]).good();
    college.run(&["warning", "resolve", &id, "--reason", "cured", "--why", "已补课"]).good();
    assert_eq!(warnings().as_array().map(|all| all.len() + 1), open.as_array().map(Vec::len));
    assert_eq!(diagnose()["fingerprint"], first["fingerprint"]);
}
