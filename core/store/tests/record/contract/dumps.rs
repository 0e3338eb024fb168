//! The whole record as text: the same from either database, checked when it is loaded, all or nothing.

use super::samples::{admin, batch, clock, cycle, day, finding, id, raise, refused, run, warning};
use super::{Place, definitions, periods, sources, users};
use crate::sqlite::SqlitePlace;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use zhengai_model::fault::Fault;
use zhengai_model::period::PeriodState::{Grace, Locked};
use zhengai_store::{BatchFilter, DumpSummary, NewSync, Record, RunOutcome};

/// A dump of the first schema, written by the program of that time.
const FIRST: &[u8] = include_bytes!("../fixtures/dump-20261121220000.jsonl");

/// Something in every table; keys whose order depends on how texts are compared; texts that careless code breaks.
pub(crate) async fn fill(record: &Record) {
    let admin = admin();
    for name in ["b-2", "B1", "a1", "B_3"] {
        let new =
            zhengai_store::NewBatch { file: "引号\" 反斜杠\\ 换行\n 表情😀.csv".to_owned(), ..batch(name) };
        record.batch_create(&admin, &new).await.unwrap();
    }
    for key in ["school.code", "校名", "Ä", "z", "Z"] {
        record.meta_set(&admin, key, "10001").await.unwrap();
    }
    record.indicator_publish(&admin, &definitions::indicator("出勤率"), "h1", None).await.unwrap();
    record.threshold_set(&admin, &definitions::threshold(">= 80"), "校级标准", None).await.unwrap();
    record.dataset_define(&admin, &definitions::dataset("社团")).await.unwrap();
    record.draft_save(&admin, &definitions::draft(), None, &json!({"value": "a /"}), None).await.unwrap();
    record.plugin_set(&admin, &definitions::choice()).await.unwrap();
    record.source_create(&admin, &sources::source("jw")).await.unwrap();
    sources::applied(record, "B9", sources::cursor(Some(json!({"after": 7})))).await;
    let sync = NewSync { id: "S1".to_owned(), source: id("jw") };
    record.sync_start(&admin, &sync).await.unwrap();
    users::with_a_token(record).await;
    record.cycle_create(&admin, &cycle("C1")).await.unwrap();
    record.period_set(&admin, &id("AY2024-T2"), Grace, Locked, "截止").await.unwrap();
    record.exception_grant(&admin, &periods::exception("2026-03-10"), day("2026-03-01")).await.unwrap();
    for name in ["R1", "R2"] {
        record.run_start(&admin, &run(name)).await.unwrap();
        let writes = if name == "R1" { vec![raise(warning("S1")), raise(warning("张三"))] } else { Vec::new() };
        let (findings, summary) = ([finding("S1"), finding("s1")], json!({"results": 2}));
        let outcome = RunOutcome { fingerprint: "f", summary: &summary, findings: &findings, warnings: &writes };
        record.run_finish(&admin, &id(name), outcome).await.unwrap();
    }
    // A row that refers to one that comes later in the dump.
    record.run_supersede(&admin, &id("R1"), &id("R2")).await.unwrap();
}

async fn dumped(record: &Record) -> (Vec<u8>, DumpSummary) {
    let mut bytes = Vec::new();
    let summary = record.dump(&mut bytes).await.unwrap();
    (bytes, summary)
}

async fn loaded(place: &impl Place, bytes: &[u8]) -> DumpSummary {
    Record::load_at(&place.address(), bytes, clock).await.unwrap()
}

pub(crate) async fn a_dump_is_the_same_from_either_database(place: &impl Place) {
    let record = place.open().await;
    fill(&record).await;
    let (bytes, summary) = dumped(&record).await;
    let empty: BTreeSet<&str> = summary.tables.iter().filter(|t| t.rows == 0).map(|t| &*t.name).collect();
    assert_eq!(empty, BTreeSet::new(), "`fill` puts something into every table");
    let (file, again) = (SqlitePlace::fresh(), place.sibling());
    assert_eq!(loaded(&file, &bytes).await, summary);
    let (from_file, _) = dumped(&file.open().await).await;
    assert_eq!(String::from_utf8(from_file.clone()).unwrap(), String::from_utf8(bytes.clone()).unwrap());
    assert_eq!(loaded(&again, &from_file).await, summary);
    let copy = again.open().await;
    assert_eq!(dumped(&copy).await, (bytes, summary.clone()));
    // The copy is a record like any other: it lists the same and goes on where the other stopped.
    let all = BatchFilter::default();
    assert_eq!(copy.batch_list(&all).await.unwrap(), record.batch_list(&all).await.unwrap());
    copy.batch_create(&admin(), &batch("B10")).await.unwrap();
    let check = copy.audit_verify().await.unwrap();
    assert_eq!((check.sound, check.broken), (summary.audit.seq + 1, None));
}

pub(crate) async fn a_dump_is_one_state_while_others_write(place: &impl Place) {
    let record = place.open().await;
    fill(&record).await;
    let writer = record.clone();
    let writing = tokio::spawn(async move {
        for number in 100..160 {
            writer.batch_create(&admin(), &batch(&format!("B{number}"))).await.unwrap();
        }
    });
    while !writing.is_finished() {
        let (bytes, summary) = dumped(&record).await;
        assert_eq!(loaded(&SqlitePlace::fresh(), &bytes).await, summary);
    }
    writing.await.unwrap();
}

pub(crate) async fn a_dump_goes_into_an_empty_record_only(place: &impl Place) {
    let record = place.open().await;
    fill(&record).await;
    let (bytes, summary) = dumped(&record).await;
    let again = Record::load_at(&place.address(), bytes.as_slice(), clock).await;
    refused(again, "not-empty", Fault::Conflict);
    assert_eq!(dumped(&record).await.1, summary, "it is as it was");
    let empty = place.sibling();
    empty.open().await.close().await;
    assert_eq!(loaded(&empty, &bytes).await, summary, "an empty record is fine");
}

/// Lines as they are, one replaced.
fn with_line(bytes: &[u8], at: impl Fn(&str) -> bool, change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.lines().any(&at));
    text.lines().map(|line| if at(line) { change(line) } else { format!("{line}\n") }).collect::<String>().into_bytes()
}

pub(crate) async fn a_dump_that_was_touched_is_refused_and_leaves_nothing(place: &impl Place) {
    let record = place.open().await;
    fill(&record).await;
    let (bytes, _) = dumped(&record).await;
    let target = place.sibling();
    let text = std::str::from_utf8(&bytes).unwrap();
    let meta = |line: &str| line.starts_with("[\"school.code\"");
    let last = text.lines().last().unwrap().len() + 1;
    let touched = [
        ("form", b"PK\x03\x04\n".to_vec()),
        ("form", with_line(&bytes, |line| line.contains("\"format\":1"), |line| line.replace(":1,", ":9,") + "\n")),
        (
            "schema",
            with_line(
                &bytes,
                |line| line.contains("\"format\":1"),
                |_| "{\"line\":\"dump\",\"format\":1,\"schema\":7}\n".to_owned(),
            ),
        ),
        ("hash", with_line(&bytes, meta, |line| line.replace("10001", "10002") + "\n")),
        ("count", with_line(&bytes, meta, |_| String::new())),
        ("count", with_line(&bytes, meta, |line| format!("{line}\n{}\n", line.replace("school", "x")))),
        ("table", with_line(&bytes, meta, |_| "[1,2]\n".to_owned())),
        ("line", with_line(&bytes, meta, |_| "[\"school\n".to_owned())),
        ("chain", forged(text)),
        ("cut", bytes[..bytes.len() - last].to_vec()),
        ("cut", bytes[..bytes.len() - 1].to_vec()),
        ("line", [bytes.as_slice(), b"{}\n"].concat()),
    ];
    for (rule, dump) in touched {
        let error = Record::load_at(&target.address(), dump.as_slice(), clock).await.unwrap_err();
        assert!(error.to_string().ends_with(rule), "{rule}: {error}");
        refused(Err::<(), _>(error), "bad-dump", Fault::Invalid);
    }
    loaded(&target, &bytes).await;
}

/// Somebody who changes an audit row and mends every count and hash of the dump still breaks the chain.
fn forged(text: &str) -> Vec<u8> {
    let (mut whole, mut part) = (Sha256::new(), Sha256::new());
    let mut out = String::new();
    for line in text.lines() {
        let mut line = line.replace("王敏", "别人");
        if line.starts_with("{\"line\":\"table\"") {
            part = Sha256::new();
        }
        for (mark, hash) in [("{\"line\":\"end\"", &part), ("{\"line\":\"total\"", &whole)] {
            if line.starts_with(mark) {
                let at = line.find("\"sha256\":\"").unwrap() + 10;
                let hex: String = hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
                line.replace_range(at..at + 64, &hex);
            }
        }
        line.push('\n');
        whole.update(&line);
        part.update(&line);
        out.push_str(&line);
    }
    out.into_bytes()
}

pub(crate) async fn a_dump_of_an_older_program_is_brought_to_the_newest_schema(place: &impl Place) {
    let summary = loaded(place, FIRST).await;
    assert_eq!(summary.schema, 20_261_121_220_000);
    let record = place.open().await;
    assert_eq!(record.audit_verify().await.unwrap().sound, summary.audit.seq);
    assert!(dumped(&record).await.1.schema > summary.schema);
    let kept = record.plugin_list().await.unwrap();
    assert_eq!(kept.first().map(|record| record.choice.enabled), Some(true), "what it held is there");
}

pub(crate) async fn a_dump_of_a_newer_program_is_refused(place: &impl Place) {
    let newer = b"{\"line\":\"dump\",\"format\":1,\"schema\":99990101000000}\n";
    let refusal = Record::load_at(&place.address(), newer.as_slice(), clock).await;
    refused(refusal, "newer", Fault::Conflict);
}
