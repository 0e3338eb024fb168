//! Control frames as strangers may send them: good ones come out as they went in, all others are an error, and memory
//! follows what has arrived and never what is promised.
//!
//! `PROPTEST_CASES=200000 cargo test -p zhengai-host --test fuzz` runs as long as you like.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails says where")]

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use zhengai_host::fuzz::{frames_from_worker, frames_to_worker, rewritten_from_worker, rewritten_to_worker};

/// Cases as `PROPTEST_CASES` says, a quick number otherwise.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 512;
    }
    config
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "\\PC{0,12}", Just("\u{0}\n\"𠮷".to_owned()), Just("x".repeat(70_000))]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Where a read is.
fn cursor() -> impl Strategy<Value = Value> {
    prop_oneof![Just(json!("none")), value().prop_map(|at| json!({ "at": at }))]
}

fn from_worker() -> impl Strategy<Value = Value> {
    let id = any::<u64>;
    prop_oneof![
        (id(), value()).prop_map(|(id, answer)| json!({ "frame": "answer", "id": id, "answer": answer })),
        (id(), id()).prop_map(|(id, bytes)| json!({ "frame": "shape", "id": id, "bytes": bytes })),
        (id(), id(), cursor()).prop_map(|(id, bytes, cursor)| json!({ "frame": "opened", "id": id, "bytes": bytes, "cursor": cursor })),
        (id(), id(), id(), cursor())
            .prop_map(|(read, rows, bytes, cursor)| json!({ "frame": "batch", "read": read, "rows": rows, "bytes": bytes, "cursor": cursor })),
        (id(), id(), id(), id(), cursor()).prop_map(|(read, batches, rows, bytes, cursor)| {
            json!({ "frame": "end", "read": read, "batches": batches, "rows": rows, "bytes": bytes, "cursor": cursor })
        }),
        id().prop_map(|read| json!({ "frame": "dropped", "read": read })),
        id().prop_map(|input| json!({ "frame": "pull", "input": input })),
        (select(vec!["error", "warn", "info", "debug", "trace"]), text(), text(), text()).prop_map(|(level, target, message, fields)| {
            json!({ "frame": "log", "level": level, "target": target, "message": message, "fields": fields })
        }),
        (text(), id(), prop::option::of(id()), text()).prop_map(|(stream, done, total, unit)| {
            json!({ "frame": "progress", "stream": stream, "done": done, "total": total, "unit": unit })
        }),
        (id(), text()).prop_map(|(id, name)| json!({ "frame": "secret", "id": id, "name": name })),
        Just(json!({ "frame": "bye" })),
    ]
}

fn to_worker() -> impl Strategy<Value = Value> {
    let id = any::<u64>;
    prop_oneof![
        id().prop_map(|id| json!({ "frame": "describe", "id": id })),
        (id(), text(), value())
            .prop_map(|(id, name, config)| json!({ "frame": "create", "id": id, "component": name, "config": config })),
        (id(), value()).prop_map(|(id, request)| json!({ "frame": "read", "id": id, "request": request })),
        (id(), value()).prop_map(|(id, stream)| json!({ "frame": "schema", "id": id, "stream": stream })),
        (id(), text(), value())
            .prop_map(|(id, method, args)| json!({ "frame": "call", "id": id, "method": method, "args": args })),
        (id(), value(), prop::collection::vec((id(), id()), 0..3)).prop_map(|(id, request, inputs)| {
            let inputs: Vec<Value> =
                inputs.iter().map(|(input, bytes)| json!({ "input": input, "bytes": bytes })).collect();
            json!({ "frame": "transform", "id": id, "request": request, "inputs": inputs })
        }),
        id().prop_map(|read| json!({ "frame": "more", "read": read })),
        (id(), prop_oneof![Just(json!("end")), id().prop_map(|bytes| json!({ "batch": { "bytes": bytes } }))])
            .prop_map(|(input, fed)| json!({ "frame": "feed", "input": input, "fed": fed })),
        (id(), prop::option::of(text())).prop_map(|(id, value)| json!({ "frame": "secret", "id": id, "value": value })),
        Just(json!({ "frame": "cancel" })),
        Just(json!({ "frame": "destroy" })),
    ]
}

fn framed(frames: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for frame in frames {
        let body = frame.to_string();
        bytes.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend(body.bytes());
    }
    bytes
}

/// The JSON of frames that are known to be whole.
fn unframed(mut bytes: &[u8]) -> Vec<Value> {
    let mut frames = Vec::new();
    while let Some((prefix, rest)) = bytes.split_first_chunk::<4>() {
        let (body, rest) = rest.split_at(u32::from_be_bytes(*prefix) as usize);
        frames.push(serde_json::from_slice(body).unwrap());
        bytes = rest;
    }
    frames
}

/// Bytes cut, doubled, changed and put in; lengths that promise what does not come.
fn changed(mut bytes: Vec<u8>, changes: &[(Index, u8, u8)]) -> Vec<u8> {
    for (at, kind, byte) in changes {
        let at = at.index(bytes.len() + 1);
        let end = bytes.len().min(at + usize::from(*byte));
        match kind % 5 {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            2 => bytes.insert(at, *byte),
            3 => {
                let lie = [*byte, 0xff, 0xff, 0xff];
                bytes.splice(at..at, lie);
            }
            _ if at < bytes.len() => bytes[at] = *byte,
            _ => {}
        }
    }
    bytes
}

/// The largest memory that this process ever had, in bytes; nothing where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn frames_of_a_worker_come_out_as_they_went_in(frames in prop::collection::vec(from_worker(), 0..6)) {
        let bytes = framed(&frames);
        prop_assert_eq!(frames_from_worker(&bytes), Ok(frames.len()));
        prop_assert_eq!(unframed(&rewritten_from_worker(&bytes).unwrap()), frames);
    }

    #[test]
    fn frames_of_a_host_come_out_as_they_went_in(frames in prop::collection::vec(to_worker(), 0..6)) {
        let bytes = framed(&frames);
        prop_assert_eq!(frames_to_worker(&bytes), Ok(frames.len()));
        prop_assert_eq!(unframed(&rewritten_to_worker(&bytes).unwrap()), frames);
    }

    #[test]
    fn changed_frames_are_an_error_or_frames_that_stay_what_they_are(
        frames in prop::collection::vec(prop_oneof![from_worker(), to_worker()], 0..4),
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 1..8),
    ) {
        let bytes = changed(framed(&frames), &changes);
        for rewritten in [rewritten_from_worker, rewritten_to_worker] {
            if let Ok(once) = rewritten(&bytes) {
                prop_assert_eq!(rewritten(&once), Ok(once));
            }
        }
        prop_assert!(peak() < 400 << 20, "{} MiB", peak() >> 20);
    }

    #[test]
    fn any_bytes_are_an_error_or_frames(bytes in prop::collection::vec(any::<u8>(), 0..200), body in text()) {
        let framed = [u32::try_from(body.len()).unwrap().to_be_bytes().as_slice(), body.as_bytes(), &bytes].concat();
        for bytes in [&bytes, &framed] {
            let _ = frames_from_worker(bytes);
            let _ = frames_to_worker(bytes);
        }
    }
}

#[test]
fn a_frame_of_ten_thousand_brackets_is_refused_and_not_followed() {
    for bracket in ["[", "{\"a\":"] {
        let body = format!("{{\"frame\":\"answer\",\"id\":1,\"answer\":{}", bracket.repeat(10_000));
        let bytes = [u32::try_from(body.len()).unwrap().to_be_bytes().as_slice(), body.as_bytes()].concat();
        assert!(frames_from_worker(&bytes).is_err());
    }
}

#[test]
fn a_length_that_promises_four_gigabytes_is_refused_before_anything_comes() {
    let before = peak();
    assert!(frames_from_worker(&[0xff; 4]).is_err());
    assert!(frames_to_worker(&[0x7f, 0xff, 0xff, 0xff, b'{']).is_err());
    assert!(peak() < before + (64 << 20));
}
