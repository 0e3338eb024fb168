//! A host that dies takes its workers with it: this test starts a host of its own, kills it and looks for its worker.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod support;

use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use zhengai_host::{NoServices, Plugin as Loaded};
use zhengai_model::ids::PluginId;
use zhengai_plugin::{Component, Describe, HostHandle, Instance, Plugin, Result, plugin_entry};

/// Marks the process that plays the host.
const HOST_WORD: &str = "__host-that-dies";

struct Quiet;

impl Plugin for Quiet {
    fn describe(&self) -> Describe {
        Describe::new("quiet", "1.0.0").component(Component::new("rows").can(&["call"]))
    }

    fn create(&self, _component: &str, _config: serde_json::Value, _host: HostHandle) -> Result<Box<dyn Instance>> {
        Ok(Box::new(Busy))
    }
}

struct Busy;

impl Instance for Busy {
    fn call(&mut self, method: &str, _args: serde_json::Value) -> Result<serde_json::Value> {
        match method {
            "pid" => Ok(json!(std::process::id())),
            // Never looks up from its work: nothing but its end ends it.
            _ => loop {
                std::hint::spin_loop();
            },
        }
    }
}

plugin_entry!(quiet_entry, Quiet);

/// What a worker of these tests runs; without the word that makes it one there is nothing to do.
#[test]
fn worker_process() {
    if support::is_worker() {
        // SAFETY: the entry is the SDK's.
        unsafe { zhengai_host::worker_process(Some(quiet_entry)) }
    }
}

/// What the host that dies runs; without its word there is nothing to do.
#[test]
fn host_process() {
    if !std::env::args().any(|word| word == HOST_WORD) {
        return;
    }
    let id = PluginId::new("quiet").unwrap();
    let plugin = Loaded::with_runner(id.clone(), zhengai_host::linked_workers(id, support::worker())).unwrap();
    let instance = plugin.create("rows", &json!({}), Arc::new(NoServices)).unwrap();
    println!("worker {}", instance.call("pid", &json!(null)).unwrap());
    instance.call("work", &json!(null)).unwrap();
}

#[test]
fn a_host_that_is_killed_leaves_no_worker_behind() {
    let mut host = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "host_process", "--nocapture", HOST_WORD])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(host.stdout.take().unwrap()).lines().map(|line| line.unwrap());
    let worker = said.filter_map(|line| line.strip_prefix("worker ").map(str::to_owned)).next().unwrap();
    let stat = format!("/proc/{worker}/stat");
    assert!(std::fs::exists(&stat).unwrap());
    host.kill().unwrap();
    host.wait().unwrap();
    let lives = || {
        let text = std::fs::read_to_string(&stat).unwrap_or_default();
        text.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
    };
    let until = Instant::now() + Duration::from_secs(10);
    while lives() && Instant::now() < until {
        std::thread::yield_now();
    }
    assert!(!lives());
}
