//! Stopping in the middle: Ctrl+C, a process that dies, two processes at once. Nothing is half done and nothing lost.
//!
//! The import is held still with SIGSTOP after it has said that it is staging, so that what happens next happens in the
//! middle, however fast or slow the machine is.
#![cfg(unix)]

use crate::harness::{College, Ran, ran};
use crate::samples::{DEPARTMENTS, import, table, three_departments};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

/// Rows enough that staging them takes a while.
const ROWS: u32 = 200_000;

/// An import that has begun to stage its rows and stands still.
pub struct Held {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status();
    assert!(status.expect("a shell").success(), "kill -{name}");
}

impl Held {
    /// Starts the import, waits until it says that it stages, and stops it there.
    pub fn start(college: &College) -> Self {
        let file = many(college).to_string_lossy().into_owned();
        let mut command = college.command(&["import", &file, "-d", "departments"]);
        command.env("ZHENGAI_LOG", "zhengai_service=info").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("staging") {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("text") > 0, "it ended before it staged");
        }
        signal(&child, "STOP");
        Self { child, stderr }
    }

    /// Lets it go on to its end.
    pub fn end(self) -> Ran {
        signal(&self.child, "CONT");
        let Self { child, mut stderr } = self;
        let mut said = String::new();
        stderr.read_to_string(&mut said).expect("text");
        let mut output = child.wait_with_output().expect("an end");
        output.stderr = said.into_bytes();
        ran(output)
    }
}

fn many(college: &College) -> PathBuf {
    let mut text = String::from(DEPARTMENTS);
    for number in 0..ROWS {
        text.push_str(&format!("X{number},某系,教学单位,S1,2001-09-01\n"));
    }
    college.file("many.csv", text)
}

#[test]
fn ctrl_c_in_the_middle_of_an_import_leaves_the_table_as_it_was() {
    let college = three_departments();
    let before = table(&college, "departments");
    let held = Held::start(&college);
    signal(&held.child, "INT");
    held.end().exits(130).says(&["正在停止", "没有提交的什么都没有写入"]);
    assert_eq!(table(&college, "departments"), before);
    let newest = &college.json(&["batch", "list"])[0];
    assert_eq!(newest["state"], "failed", "{newest}");
    let staging = college.data().join("warehouse/staging").join(newest["batch"].as_str().expect("an id"));
    assert!(!staging.exists(), "what was staged is gone");
}

#[test]
fn a_second_writer_is_told_who_writes_while_readers_go_on_and_the_first_one_finishes() {
    let college = three_departments();
    let before = table(&college, "departments");
    let held = Held::start(&college);
    let number = held.child.id().to_string();
    let small = college.file("small.csv", format!("{DEPARTMENTS}D4,四系,教学单位,S1,\n"));
    import(&college, &small, "departments", &[]).exits(8).says(&[&number, "正被另一个", "数据没有改动"]);
    import(&college, &small, "departments", &["--lang", "en"]).exits(8).says(&[&number, "is writing to"]);
    assert_eq!(table(&college, "departments"), before, "reading needs no lock");
    held.end().good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(u64::from(ROWS) + 3));
    import(&college, &small, "departments", &[]).good();
}

#[test]
fn a_process_that_dies_in_the_middle_leaves_nothing_that_the_next_one_cannot_settle() {
    let college = three_departments();
    let before = table(&college, "departments");
    let mut held = Held::start(&college);
    held.child.kill().expect("it dies");
    held.child.wait().expect("an end");
    let small = college.file("small.csv", format!("{DEPARTMENTS}D4,四系,教学单位,S1,\n"));
    import(&college, &small, "departments", &[]).good();
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), before.map(|(rows, _)| rows + 1));
    let batches = college.json(&["batch", "list"]);
    assert_eq!((&batches[0]["state"], &batches[1]["state"]), (&"applied".into(), &"failed".into()), "{batches}");
    let died = batches[1]["batch"].as_str().expect("an id");
    let shown = college.run(&["batch", "show", died]).good();
    assert!(shown.out.contains("程序中断"), "{}", shown.out);
    assert!(!college.data().join("warehouse/staging").join(died).exists());
}
