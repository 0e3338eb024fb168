//! Sources that are synced again and again, through a connector that does what a script says, in a worker process unless
//! it is trusted: rows and cursor commit together, whatever happens in between.
#![cfg(unix)]

use crate::harness::{College, Ran, ran};
use crate::samples::{DEPARTMENTS, import, table};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SECRET: &str = "correct-horse-battery";

const MANIFEST: &str = r#"
id = "connector-scripted"
names = { zh = "按脚本", en = "Scripted" }
version = "0.1.0"
kind = "connector"
abi = "1.0"
library = "zhengai_connector_scripted"
capabilities = ["discover", "read"]
author = "zhengai"
license = "Apache-2.0 OR MIT"
"#;

/// Settings under which every batch of the connector is one of the college, and no test waits.
pub const SMALL: [&str; 4] = ["--set", "sync.chunk_rows=1", "--set", "sync.first_wait_ms=1"];

/// The library of the connector, built beside the running test.
fn library() -> PathBuf {
    let name = format!("{}zhengai_connector_scripted{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let test = std::env::current_exe().unwrap();
    let near = test.ancestors().skip(1).take(3).flat_map(|dir| [dir.join(&name), dir.join("deps").join(&name)]);
    near.into_iter().find(|path| path.is_file()).expect("build the workspace first")
}

/// Four batches: two departments, then one each.
fn batches() -> Vec<Value> {
    let row = |id: &str| json!([id, format!("{id}系"), "教学单位", "S1", null]);
    vec![
        json!({"rows": [row("D1"), row("D2")]}),
        json!({"rows": [row("D3")]}),
        json!({"rows": [row("D4")]}),
        json!({"rows": [row("D5")]}),
    ]
}

fn stream(batches: &[Value], faults: Value) -> Value {
    let columns: Vec<&str> = DEPARTMENTS.trim().split(',').collect();
    json!({"columns": columns, "batches": batches, "faults": faults})
}

/// A college whose source `jw` has the stream `departments`.
pub struct Bench {
    /// The college.
    pub college: College,
}

impl Bench {
    /// With these streams, and the plugin enabled, not trusted.
    fn new(streams: Value) -> Self {
        let college = College::new();
        let folder = college.data().join("plugins/connector-scripted");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("plugin.toml"), MANIFEST).unwrap();
        let library = library();
        std::fs::copy(&library, folder.join(library.file_name().unwrap())).unwrap();
        let bench = Self { college };
        bench.play(streams);
        bench.college.run(&["plugin", "enable", "connector-scripted"]).good();
        bench
    }

    /// A source with one stream of this name.
    pub fn one(faults: Value) -> Self {
        let bench = Self::new(json!({"departments": stream(&batches(), faults)}));
        bench.add(json!({}), &[]).good();
        bench
    }

    /// From now on the connector does this.
    fn play(&self, streams: Value) {
        self.college.file("script.json", json!({"streams": streams}).to_string());
    }

    /// From now on it has these faults.
    pub fn replay(&self, faults: Value) {
        self.play(json!({"departments": stream(&batches(), faults)}));
    }

    fn add(&self, more: Value, words: &[&str]) -> Ran {
        let mut config = json!({"script": self.college.path("script.json")});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let file = self.college.file("config.json", config.to_string());
        let file = file.to_string_lossy();
        let mut all = vec!["source", "add", "jw", "--plugin", "connector-scripted", "--config", &file];
        all.extend(words);
        self.college.run(&all)
    }

    /// Syncs it.
    pub fn sync(&self, words: &[&str]) -> Ran {
        let mut all = vec!["sync", "jw", "--format", "json"];
        all.extend(SMALL);
        all.extend(words);
        self.college.run(&all)
    }

    /// Rows of the table of departments.
    pub fn rows(&self) -> u64 {
        table(&self.college, "departments").map_or(0, |(rows, _)| rows)
    }

    /// How far the stream was read.
    fn cursor(&self, stream: &str) -> Value {
        let shown = self.college.json(&["source", "show", "jw"]);
        shown.as_array().unwrap().iter().find(|one| one["stream"] == stream).unwrap()["cursor"].clone()
    }
}

/// One stream of what a sync printed.
#[track_caller]
fn of(ran: &Ran, stream: &str) -> Value {
    ran.json().as_array().unwrap().iter().find(|one| one["stream"] == stream).expect("the stream").clone()
}

#[test]
fn a_sync_commits_chunk_by_chunk_and_the_next_one_reads_on_from_there() {
    let bench = Bench::new(json!({"departments": stream(&batches()[..3], json!([]))}));
    bench.add(json!({}), &[]).good();
    let first = of(&bench.sync(&[]).good(), "departments");
    assert_eq!((&first["state"], &first["batches"], &first["new"]), (&json!("finished"), &json!(3), &json!(4)));
    assert_eq!(bench.cursor("departments"), json!({"batch": 3}));
    let nothing = of(&bench.sync(&[]).good(), "departments");
    assert_eq!((&nothing["batches"], &nothing["read"]), (&json!(0), &json!(0)));
    bench.replay(json!([]));
    let second = of(&bench.sync(&[]).good(), "departments");
    assert_eq!((&second["batches"], &second["read"], &second["new"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!((bench.rows(), bench.cursor("departments")), (5, json!({"batch": 4})));
    let syncs = bench.college.json(&["source", "syncs", "jw"]);
    let states: Vec<&Value> = syncs.as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["finished", "finished", "finished"]);
    assert_eq!(bench.college.json(&["source", "syncs", "jw", "--limit", "1"])[0], syncs[0]);
    bench.college.run(&["source", "syncs", "other"]).exits(4).says(&["other"]);
    let batches = bench.college.json(&["batch", "list", "--source", "jw", "--state", "applied"]);
    assert_eq!(batches.as_array().unwrap().len(), 4);
}

#[test]
fn a_chunk_closes_at_the_first_checkpoint_after_enough_rows_and_without_checkpoints_it_is_the_whole() {
    let bench = Bench::one(json!([]));
    let three = of(&bench.sync(&["--set", "sync.chunk_rows=3"]).good(), "departments");
    assert_eq!((&three["batches"], &three["new"]), (&json!(2), &json!(5)));
    let mut whole = stream(&batches(), json!([]));
    whole["states"] = json!(false);
    let bench = Bench::new(json!({"departments": whole}));
    bench.add(json!({}), &[]).good();
    let one = of(&bench.sync(&[]).good(), "departments");
    assert_eq!((&one["batches"], &one["new"]), (&json!(1), &json!(5)));
    assert_eq!(bench.cursor("departments"), Value::Null);
}

#[test]
fn passing_trouble_is_waited_for_and_the_read_resumes_at_the_last_commit() {
    let bench =
        Bench::one(json!([{"from": 0, "at": 2, "does": "transient"}, {"from": 2, "at": 3, "does": "rate-limit"}]));
    let ran = bench.sync(&[]).good().says(&["重新读取"]);
    let done = of(&ran, "departments");
    assert_eq!((&done["state"], &done["retries"], &done["batches"]), (&json!("finished"), &json!(2), &json!(4)));
    assert_eq!((&done["new"], &done["unchanged"], bench.rows()), (&json!(5), &json!(0), 5));
}

#[test]
fn trouble_that_does_not_pass_stops_the_sync_and_leaves_what_was_committed() {
    let bench = Bench::one(json!([{"at": 1, "does": "transient"}]));
    let ran = bench.sync(&["--set", "sync.attempts=3"]).exits(8);
    let done = of(&ran, "departments");
    assert_eq!((&done["state"], &done["retries"], &done["batches"]), (&json!("failed"), &json!(2), &json!(1)));
    assert_eq!((bench.rows(), bench.cursor("departments")), (2, json!({"batch": 1})));
    bench.replay(json!([{"at": 1, "does": "rate-limit", "retry_after_ms": 60_000}]));
    let ran = bench.sync(&["--set", "sync.longest_wait_ms=1000"]).exits(8);
    assert_eq!(of(&ran, "departments")["retries"], 0, "nobody waits longer than was set");
}

/// A source with two streams into one dataset; the first one fails so.
fn two(does: &str) -> Bench {
    let [first, second] = [&batches()[..2], &batches()[2..]].map(<[Value]>::to_vec);
    let bench = Bench::new(json!({
        "a": stream(&first, json!([{"at": 1, "does": does}])),
        "b": stream(&second, json!([])),
    }));
    let streams = "[[stream]]\nstream = \"a\"\ndataset = \"departments\"\nmode = \"upsert\"\n\n\
                   [[stream]]\nstream = \"b\"\ndataset = \"departments\"\n";
    let streams = bench.college.file("streams.toml", streams);
    bench.add(json!({}), &["--streams", &streams.to_string_lossy()]).good();
    bench
}

#[test]
fn bad_data_stops_its_stream_and_the_others_go_on() {
    let bench = two("data");
    let ran = bench.sync(&[]).exits(3);
    assert_eq!((&of(&ran, "a")["state"], &of(&ran, "b")["state"]), (&json!("failed"), &json!("finished")));
    assert_eq!((bench.cursor("a"), bench.cursor("b")), (json!({"batch": 1}), json!({"batch": 2})));
    assert_eq!(bench.rows(), 4, "two of the first stream, two of the second");
}

#[test]
fn what_a_person_must_mend_stops_the_source() {
    let bench = two("auth");
    let ran = bench.sync(&[]).exits(6);
    assert_eq!((&of(&ran, "a")["state"], &of(&ran, "b")["state"]), (&json!("failed"), &json!("skipped")));
    bench.sync(&["--stream", "b"]).good();
    bench.sync(&["--stream", "c"]).exits(4).says(&["数据流", "c"]);
}

#[test]
fn a_worker_that_dies_once_is_started_again_and_costs_nothing_that_was_committed() {
    let bench = Bench::one(json!([{"from": 0, "at": 2, "does": "abort"}]));
    let done = of(&bench.sync(&[]).good(), "departments");
    assert_eq!((&done["state"], &done["retries"], &done["new"]), (&json!("finished"), &json!(1), &json!(5)));
    assert_eq!(bench.rows(), 5);
}

#[test]
fn a_version_that_dies_twice_is_kept_out_until_it_is_enabled_again_and_others_go_on() {
    let bench = Bench::one(json!([{"from": 0, "at": 1, "does": "abort"}, {"from": 1, "at": 2, "does": "abort"}]));
    let ran = bench.sync(&[]).exits(70).says(&["隔离", "plugin enable connector-scripted"]);
    assert_eq!(of(&ran, "departments")["state"], "failed");
    assert_eq!((bench.rows(), bench.cursor("departments")), (3, json!({"batch": 2})));
    bench.replay(json!([]));
    bench.sync(&[]).exits(5).says(&["隔离", "plugin enable connector-scripted"]);
    let state = |bench: &Bench| {
        let all = bench.college.json(&["plugin", "list"]);
        all.as_array().unwrap().iter().find(|one| one["id"] == "connector-scripted").unwrap()["state"].clone()
    };
    assert_eq!(state(&bench), "quarantined");
    let file = bench.college.file("more.csv", format!("{DEPARTMENTS}D9,九系,教学单位,S1,\n"));
    import(&bench.college, &file, "departments", &[]).good();
    bench.college.run(&["plugin", "enable", "connector-scripted"]).good();
    assert_eq!(state(&bench), "enabled");
    bench.sync(&[]).good();
    assert_eq!(bench.rows(), 6);
}

#[test]
fn a_program_that_dies_in_the_middle_of_a_chunk_goes_on_from_the_last_committed_one() {
    let bench = Bench::one(json!([{"from": 0, "at": 2, "does": "abort"}]));
    // A trusted plugin runs in our own process and takes it along: the hardest stop there is.
    bench.college.run(&["plugin", "trust", "connector-scripted"]).good();
    let died = bench.sync(&["--set", "sync.chunk_rows=2"]);
    assert_eq!(died.code, None, "{}", died.err);
    bench.college.run(&["plugin", "untrust", "connector-scripted"]).good();
    assert_eq!((bench.rows(), bench.cursor("departments")), (2, json!({"batch": 1})), "in or out, never half");
    let sources = bench.college.json(&["source", "list"]);
    assert_eq!(sources[0]["state"], "interrupted");
    let done = of(&bench.sync(&["--set", "sync.chunk_rows=2"]).good(), "departments");
    assert_eq!((&done["new"], &done["unchanged"], bench.rows()), (&json!(3), &json!(0), 5));
    let batches = bench.college.json(&["batch", "list"]);
    let states: Vec<&str> = batches.as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["applied", "applied", "failed", "applied"], "newest first; the one at hand is in no table");
}

#[test]
fn a_held_chunk_stops_its_stream_and_approving_it_moves_the_cursor() {
    let bench = Bench::new(json!({"departments": stream(&batches(), json!([]))}));
    bench.add(json!({}), &["--review", "hold"]).good();
    let ran = bench.sync(&[]).good();
    let held = of(&ran, "departments");
    assert_eq!((&held["state"], &held["batches"], bench.rows()), (&json!("held"), &json!(1), 0));
    assert_eq!(bench.cursor("departments"), Value::Null);
    let batch = bench.college.json(&["batch", "list"])[0]["batch"].as_str().unwrap().to_owned();
    let waits = bench.sync(&["--review", "auto"]).exits(1).says(&[&batch, "等待审核"]);
    assert_eq!(of(&waits, "departments")["state"], "waiting");
    bench.college.run(&["source", "remove", "jw"]).exits(5).says(&[&batch]);
    bench.college.run(&["batch", "approve", &batch]).good();
    assert_eq!((bench.rows(), bench.cursor("departments")), (2, json!({"batch": 1})));
    let rest = of(&bench.sync(&["--review", "auto"]).good(), "departments");
    assert_eq!((&rest["read"], bench.rows()), (&json!(3), 5));
    bench.college.run(&["source", "remove", "jw", "--why", "换系统"]).good();
    assert_eq!(bench.rows(), 5, "rows stay");
}

#[test]
fn a_refused_chunk_is_read_again() {
    let bench = Bench::new(json!({"departments": stream(&batches()[..1], json!([]))}));
    bench.add(json!({}), &["--review", "hold"]).good();
    bench.sync(&[]).good();
    let batch = bench.college.json(&["batch", "list"])[0]["batch"].as_str().unwrap().to_owned();
    bench.college.run(&["batch", "reject", &batch, "--why", "不全"]).good();
    let again = of(&bench.sync(&["--review", "auto"]).good(), "departments");
    assert_eq!((&again["read"], bench.rows()), (&json!(2), 2));
}

#[test]
fn a_full_sync_is_swapped_in_only_when_it_has_ended() {
    let bench = Bench::one(json!([]));
    bench.sync(&[]).good();
    let without_d5 = &batches()[..3];
    bench.play(json!({"departments": stream(without_d5, json!([{"from": 0, "at": 2, "does": "data"}]))}));
    bench.sync(&["--full"]).exits(3);
    assert_eq!((bench.rows(), bench.cursor("departments")), (5, json!({"batch": 4})), "as it was");
    bench.play(json!({"departments": stream(without_d5, json!([]))}));
    let done = of(&bench.sync(&["--full", "--allow-deletes"]).good(), "departments");
    assert_eq!((&done["batches"], &done["gone"], &done["unchanged"]), (&json!(1), &json!(1), &json!(4)));
    assert_eq!((bench.rows(), bench.cursor("departments")), (4, json!({"batch": 3})));
}

#[test]
fn a_connector_that_cannot_resume_is_read_from_the_beginning_and_says_so() {
    let bench = Bench::one(json!([]));
    bench.sync(&[]).good();
    let mut stubborn = stream(&batches(), json!([]));
    stubborn["resumes"] = json!(false);
    bench.play(json!({"departments": stubborn}));
    let ran = bench.sync(&[]).good().says(&["从头读取"]);
    let done = of(&ran, "departments");
    assert_eq!((&done["unchanged"], &done["new"], bench.rows()), (&json!(5), &json!(0), 5));
}

#[test]
fn ctrl_c_ends_a_sync_and_what_was_committed_stays() {
    let bench = Bench::one(json!([{"from": 0, "at": 1, "does": "wait"}]));
    let mut words = vec!["sync", "jw"];
    words.extend(SMALL);
    let mut command = bench.college.command(&words);
    command.env("ZHENGAI_LOG", "zhengai_service=info").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("staging") {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "it ended before it staged");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stderr = said.into_bytes();
    ran(output).exits(130).says(&["正在停止"]);
    assert_eq!(bench.college.json(&["source", "list"])[0]["state"], "cancelled");
    bench.replay(json!([]));
    bench.sync(&[]).good();
    assert_eq!(bench.rows(), 5);
}

/// Files below a folder that hold the text.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if std::fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_secret_reaches_the_connector_and_no_log_error_record_or_state() {
    let bench = Bench::new(json!({"departments": stream(&batches(), json!([{"at": 2, "does": "data"}]))}));
    let named = json!({"secret": {"$secret": "jw"}});
    bench.add(named.clone(), &[]).exits(4).says(&["/secret", "secret set jw"]);
    let file = bench.college.file("value.txt", format!("{SECRET}\n"));
    bench.college.run(&["secret", "set", "jw", "--file", &file.to_string_lossy()]).good();
    std::fs::remove_file(&file).unwrap();
    bench.add(named, &[]).good();
    let mut words = vec!["sync", "jw"];
    words.extend(SMALL);
    let output = bench.college.command(&words).env("ZHENGAI_LOG", "trace").output().unwrap();
    let loud = ran(output).exits(3).says(&["logged in with •••", "as the script says, with •••"]);
    assert!(!loud.err.contains(SECRET) && !loud.out.contains(SECRET), "{}", loud.err);
    let mut leaky = stream(&batches(), json!([]));
    leaky["leaks"] = json!(true);
    bench.play(json!({"departments": leaky}));
    let leaks = bench.sync(&[]).exits(70);
    assert!(!leaks.err.contains(SECRET) && !leaks.out.contains(SECRET), "{}", leaks.err);
    assert_eq!(bench.cursor("departments"), json!({"batch": 2}), "a state with a secret in it is never kept");
    assert_eq!(holding(&bench.college.data(), SECRET), [bench.college.data().join("secrets/jw")]);
    let listed = bench.college.json(&["secret", "list"]);
    assert_eq!((&listed[0]["secret"], &listed[0]["sources"]), (&json!("jw"), &json!("jw")));
    bench.college.run(&["secret", "remove", "jw"]).exits(5).says(&["jw"]);
}

#[test]
fn trust_ends_when_any_file_of_the_plugin_changes() {
    let bench = Bench::one(json!([]));
    let runs = |bench: &Bench| {
        let all = bench.college.json(&["plugin", "list"]);
        let one = all.as_array().unwrap().iter().find(|one| one["id"] == "connector-scripted").unwrap().clone();
        (one["state"].as_str().unwrap().to_owned(), one["runs"].as_str().unwrap().to_owned())
    };
    let is = |state: &str, runs: &str| (state.to_owned(), runs.to_owned());
    assert_eq!(runs(&bench), is("enabled", "worker"));
    bench.college.run(&["plugin", "trust", "connector-scripted"]).good();
    assert_eq!(runs(&bench), is("enabled", "trusted"));
    bench.sync(&[]).good();
    let manifest = bench.college.data().join("plugins/connector-scripted/plugin.toml");
    std::fs::write(&manifest, format!("{MANIFEST}\n[about]\nzh = \"改过\"\nen = \"edited\"\n")).unwrap();
    assert_eq!(runs(&bench), is("changed", "worker"));
    bench.sync(&[]).exits(5).says(&["文件已变"]);
    bench.college.run(&["plugin", "enable", "connector-scripted"]).good();
    assert_eq!(runs(&bench), is("enabled", "worker"), "trust was for other files");
    bench.college.run(&["plugin", "trust", "connector-file"]).exits(3).says(&["随程序提供"]);
}

#[test]
fn no_source_is_made_of_the_connector_that_reads_what_is_imported() {
    let college = College::new();
    let config = college.file("config.json", "{}");
    let add = ["source", "add", "files", "--plugin", "connector-file", "--config", &config.to_string_lossy()];
    college.run(&add).exits(3).says(&["connector-file", "导入"]);
    assert_eq!(college.json(&["source", "list"]).as_array().map(Vec::len), Some(0));
}
