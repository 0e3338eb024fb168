//! Workers that lie: a process that speaks the frames of a worker by hand and says what is not so. The host believes
//! nothing that it has not counted itself.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod support;

use arrow::array::{Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::writer::StreamWriter;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::os::fd::FromRawFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;
use zhengai_host::{HostError, Instance, NoServices, Plugin, Retry, WORKER_WORD, WorkerSettings};
use zhengai_model::ids::PluginId;

/// The lies, in the words that the worker is started with.
const HONEST: &str = "honest";

/// A worker by hand.
struct Liar {
    control: UnixStream,
    data: UnixStream,
}

impl Liar {
    fn say(&mut self, frame: &Value) {
        let body = frame.to_string();
        self.control.write_all(&(body.len() as u32).to_be_bytes()).unwrap();
        self.control.write_all(body.as_bytes()).unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut length = [0; 4];
        if self.control.read_exact(&mut length).is_err() {
            std::process::exit(0);
        }
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        self.control.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn batch(&mut self, read: &Value, rows: u64, piece: &[u8]) {
        self.say(&json!({ "frame": "batch", "read": read, "rows": rows, "bytes": piece.len(), "cursor": "none" }));
        self.data.write_all(piece).unwrap();
    }

    fn end(&mut self, read: &Value, batches: u64, rows: u64, bytes: usize) {
        let counts = json!({ "frame": "end", "read": read, "batches": batches, "rows": rows, "bytes": bytes,
            "cursor": "none" });
        self.say(&counts);
    }

    fn read(&mut self, lie: &str, read: &Value) {
        let (head, piece) = pieces();
        self.say(&json!({ "frame": "opened", "id": read, "bytes": head.len(), "cursor": "none" }));
        self.data.write_all(&head).unwrap();
        self.batch(read, 3, &piece);
        match lie {
            "one-more-batch" => self.end(read, 2, 3, piece.len()),
            "one-row-less" => self.end(read, 1, 2, piece.len()),
            "other-bytes" => self.end(read, 1, 3, piece.len() + 1),
            "rows-of-a-batch" => self.batch(read, 4, &piece),
            "goodbye-without-end" => {
                self.say(&json!({ "frame": "bye" }));
                std::process::exit(0);
            }
            "killed-between-batches" => {
                rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
            }
            "half-a-batch" => {
                self.say(&json!({ "frame": "batch", "read": read, "rows": 3, "bytes": 1000, "cursor": "none" }));
                self.data.write_all(&piece[..10]).unwrap();
                std::process::exit(0);
            }
            "no-batch" => self.batch(read, 3, &vec![0x5a; piece.len()]),
            "endless-batch" => {
                let bytes = 1_u64 << 50;
                self.say(&json!({ "frame": "batch", "read": read, "rows": 3, "bytes": bytes, "cursor": "none" }));
            }
            "unwanted-answer" => self.say(&json!({ "frame": "answer", "id": 4711, "answer": null })),
            "endless-frame" => self.control.write_all(&[0xff; 4]).unwrap(),
            "half-a-frame" => {
                self.control.write_all(&[0, 0, 0, 100, b'{']).unwrap();
                std::process::exit(0);
            }
            _ => self.end(read, 1, 3, piece.len()),
        }
    }

    fn run(mut self, lie: &str) -> ! {
        let mut made = false;
        loop {
            let frame = self.hear();
            let id = frame["id"].clone();
            match frame["frame"].as_str().unwrap() {
                "open" => self.say(&json!({ "frame": "ready", "confinement": {} })),
                "describe" => {
                    let answer = json!({ "id": "liar", "components": [{ "name": "rows" }] });
                    self.say(&json!({ "frame": "answer", "id": id, "answer": answer }));
                }
                "create" => {
                    made = true;
                    self.say(&json!({ "frame": "answer", "id": id, "answer": null }));
                }
                "read" => self.read(lie, &id),
                "destroy" => {
                    self.say(&json!({ "frame": "bye" }));
                    std::process::exit(i32::from(made && lie == "ends-badly"));
                }
                _ => {}
            }
        }
    }
}

/// A schema and a batch of three rows, as they cross.
fn pieces() -> (Vec<u8>, Vec<u8>) {
    let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true)]));
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).unwrap();
    let head = std::mem::take(writer.get_mut());
    writer.write(&RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(vec![1, 2, 3]))]).unwrap()).unwrap();
    (head, std::mem::take(writer.get_mut()))
}

/// What a worker of these tests runs; without the word that makes it one there is nothing to do.
#[test]
fn worker_process() {
    if support::is_worker() {
        let lie = std::env::args().next_back().unwrap();
        // SAFETY: the host gave these two numbers to this process and to nobody else.
        let liar = unsafe { Liar { control: UnixStream::from_raw_fd(3), data: UnixStream::from_raw_fd(4) } };
        liar.run(&lie);
    }
}

fn liar(lie: &str) -> Instance {
    let (grace, stall) = (Duration::from_secs(2), Duration::from_secs(10));
    let mut settings = WorkerSettings { grace, stall, ..support::worker() };
    settings.arguments.push(lie.into());
    assert_eq!(settings.arguments[3], WORKER_WORD);
    let id = PluginId::new("liar").unwrap();
    let plugin = Plugin::with_runner(id.clone(), zhengai_host::linked_workers(id, settings)).unwrap();
    plugin.create("rows", &json!({}), Arc::new(NoServices)).unwrap()
}

/// Rows before the end or the error.
fn read(instance: &Instance) -> (usize, Option<HostError>) {
    let mut rows = 0;
    for batch in instance.read(&json!({})).unwrap() {
        match batch {
            Ok(batch) => rows += batch.num_rows(),
            Err(error) => return (rows, Some(error)),
        }
    }
    (rows, None)
}

#[test]
fn the_same_worker_is_believed_when_it_does_not_lie() {
    let instance = liar(HONEST);
    let (rows, error) = read(&instance);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(rows, 3);
    instance.finish().unwrap();
}

#[test]
fn a_read_whose_counts_are_not_the_hosts_own_is_not_complete() {
    let lies = [
        ("one-more-batch", "the end says 2 batches, 3 rows"),
        ("one-row-less", "1, 3,"),
        ("other-bytes", "the end says"),
        ("rows-of-a-batch", "a batch of 4 rows has 3"),
        ("goodbye-without-end", "ended before its work did"),
        ("half-a-batch", "ended before its work did"),
        ("half-a-frame", "ended before its work did"),
        ("no-batch", "does not begin as messages do"),
        ("endless-batch", "at most"),
        ("unwanted-answer", "nobody asked"),
        ("endless-frame", "a control frame of 4294967295 bytes"),
    ];
    for (lie, rule) in lies {
        let (rows, error) = read(&liar(lie));
        let error = error.unwrap_or_else(|| panic!("{lie}: believed"));
        assert!(matches!(&error, HostError::Incomplete { rule: told, .. } if told.contains(rule)), "{lie}: {error}");
        assert_eq!(error.retry(), Retry::OnceThenQuarantine);
        assert!(rows <= 3, "{lie}: {rows}");
    }
}

#[test]
fn a_worker_that_is_killed_between_two_batches_has_crashed_though_its_stream_ends_cleanly() {
    let (rows, error) = read(&liar("killed-between-batches"));
    assert_eq!(rows, 3);
    assert!(matches!(error, Some(HostError::Crashed { how, .. }) if how == "SIGKILL"));
}

#[test]
fn an_exit_status_that_is_not_0_spoils_the_end() {
    let instance = liar("ends-badly");
    assert!(read(&instance).1.is_none());
    assert!(matches!(instance.finish(), Err(HostError::Crashed { how, .. }) if how == "exit status 1"));
    let last = liar("ends-badly").read(&json!({})).unwrap();
    let ends: Vec<_> = last.collect();
    assert!(matches!(ends[..], [Ok(_), Err(HostError::Crashed { .. })]), "{ends:?}");
}
