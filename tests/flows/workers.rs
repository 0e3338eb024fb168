//! What flows over plugins in workers share: sources, syncs, and the processes in which plugins run.

use crate::harness::{College, Ran};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command};

/// Puts a plugin folder into the data directory by `build` and switches it on.
pub fn enabled(college: &College, id: &str, build: impl FnOnce(&Path)) {
    let plugins = college.data().join("plugins");
    std::fs::create_dir_all(&plugins).expect("a folder");
    build(&plugins);
    college.run(&["plugin", "enable", id]).good();
}

/// Adds a source over a plugin with this configuration; its streams bear the names of datasets.
#[track_caller]
pub fn source(college: &College, name: &str, plugin: &str, config: &Value) {
    let file = college.file(&format!("{name}.json"), config.to_string());
    college.run(&["source", "add", name, "--plugin", plugin, "--config", &file.to_string_lossy()]).good();
}

/// Runs a sync; each batch of the connector becomes a batch of the college.
pub fn sync(college: &College, name: &str, more: &[&str]) -> Ran {
    // Settings stand together after the command: clap forgets those before it when there are some behind it too.
    let mut words = vec!["sync", name, "--review", "auto", "--set", "sync.chunk_rows=1"];
    words.extend(more);
    college.run(&words)
}

/// Runs a sync that ends well, and gives what it did with its only stream.
#[track_caller]
pub fn synced(college: &College, name: &str) -> Value {
    sync(college, name, &["--format", "json"]).good().json()[0].clone()
}

/// The cursor of a source's first stream; NULL before the first commit.
#[track_caller]
pub fn cursor(college: &College, name: &str) -> Value {
    college.json(&["source", "show", name])[0]["cursor"].clone()
}

/// The word of a plugin's state.
#[track_caller]
pub fn plugin_state(college: &College, id: &str) -> String {
    let listed = college.json(&["plugin", "list"]);
    let one = listed.as_array().expect("a list").iter().find(|one| one["id"] == id);
    one.unwrap_or_else(|| panic!("no {id} in {listed}"))["state"].as_str().expect("a word").to_owned()
}

/// Processes that have the library of this plugin in memory: number and number of the parent.
pub fn workers_of(id: &str) -> Vec<(u32, u32)> {
    let mark = format!("/memfd:{id} ");
    let numbers = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let has_it =
        |number: &u32| std::fs::read_to_string(format!("/proc/{number}/maps")).is_ok_and(|maps| maps.contains(&mark));
    numbers.filter(has_it).filter_map(|number| Some((number, parent_of(number)?))).collect()
}

fn parent_of(number: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // pid (name) state ppid …; the name may hold anything.
    stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}

/// The worker of this plugin that a running command has started.
pub fn worker_of(command: &Child, id: &str) -> Option<u32> {
    workers_of(id).into_iter().find(|(_, parent)| *parent == command.id()).map(|(number, _)| number)
}

/// Kills a process.
#[track_caller]
pub fn kill(number: u32) {
    let status = Command::new("sh").args(["-c", &format!("kill -KILL {number}")]).status();
    assert!(status.expect("a shell").success(), "kill {number}");
}
