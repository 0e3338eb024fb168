//! Animals whose rows are right and whose behaviour beside them is not.

use crate::cage::{Cage, ended, usual, whole};
use serde_json::json;
use std::net::TcpListener;

/// Whether this kernel holds files and network back; says so where it does not.
fn landlock(cage: &Cage) -> bool {
    let held = cage.settings.probe().is_ok_and(|confinement| confinement.files && confinement.network);
    if !held {
        eprintln!("skipped: this kernel has no Landlock that holds files and network back");
    }
    held
}

#[test]
fn megabytes_on_stdout_and_stderr_neither_stop_the_read_nor_fill_the_log() {
    let Some(mut cage) = Cage::of("prints") else { return };
    cage.settings.limits.output_bytes = 64 * 1024;
    whole(&cage, &cage.live(&json!({})));
}

#[test]
fn a_child_that_holds_every_descriptor_open_does_not_hold_the_host() {
    let Some(cage) = Cage::of("fork") else { return };
    whole(&cage, &cage.live(&json!({})));
}

#[test]
fn a_child_in_a_session_of_its_own_does_not_outlive_its_worker() {
    let Some(cage) = Cage::of("daemon") else { return };
    whole(&cage, &cage.live(&json!({})));
}

#[test]
fn a_file_outside_of_what_it_was_given_is_neither_written_nor_read() {
    for (name, path) in [("writes-file", "escaped.txt"), ("reads-file", "private.txt")] {
        let Some(cage) = Cage::of(name) else { return };
        if !landlock(&cage) {
            return;
        }
        let life = cage.live(&usual(&cage.plugin));
        ended(&cage, &life, "check", "plugin System", "Permission denied", path);
    }
    let Some(cage) = Cage::of("writes-file") else { return };
    assert!(!cage.beside("escaped.txt").exists());
}

#[test]
fn what_a_plugin_was_given_it_may_use() {
    let Some(mut cage) = Cage::of("writes-file") else { return };
    cage.settings.access.write = vec![cage.beside("given")];
    std::fs::create_dir(cage.beside("given")).unwrap();
    let path = cage.beside("given/report.txt");
    whole(&cage, &cage.live(&json!({ "path": path })));
    assert!(path.exists());
    let Some(mut cage) = Cage::of("reads-file") else { return };
    cage.settings.access.read = vec![cage.beside("private.txt")];
    whole(&cage, &cage.live(&usual(&cage.plugin)));
}

#[test]
fn the_network_is_out_of_reach_until_it_is_given() {
    let Some(mut cage) = Cage::of("opens-socket") else { return };
    if !landlock(&cage) {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let config = json!({ "port": listener.local_addr().unwrap().port() });
    let life = cage.live(&config);
    ended(&cage, &life, "check", "plugin System", "Permission denied", "Permission denied");
    assert!(listener.accept().is_err(), "nobody came");
    cage.settings.access.network = true;
    whole(&cage, &cage.live(&config));
    assert!(listener.accept().is_ok());
}
