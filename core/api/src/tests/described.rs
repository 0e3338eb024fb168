//! The description of the API against what is committed, and against the calls that clients make.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Operations that no call of wire makes: they are about the API itself.
const WITHOUT_CALL: [&str; 2] = ["GET /v1/health", "GET /v1/openapi.json"];

fn document() -> Value {
    serde_json::to_value(crate::document()).expect("JSON")
}

/// `GET /v1/jobs/{}` for each operation of the description.
fn operations() -> BTreeSet<String> {
    let document = document();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        for method in item.as_object().expect("operations").keys() {
            found.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    found
}

/// The same for each call in the text of wire: `Call::get(&["jobs", id])`.
fn calls() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/src");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the room") {
        let path = entry.expect("a file").path();
        if path.file_name().is_some_and(|name| name == "call.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        for part in text.split("Call::").skip(1) {
            let Some((method, rest)) = part.split_once("(&[") else { continue };
            if !["get", "post", "put", "patch", "delete"].contains(&method) {
                continue;
            }
            let inside = rest.split(']').next().expect("segments");
            let segments = inside.split(',').map(str::trim).filter(|segment| !segment.is_empty());
            let parts = segments.map(|segment| if segment.starts_with('"') { segment.trim_matches('"') } else { "{}" });
            found.insert(format!("{} /v1/{}", method.to_uppercase(), parts.collect::<Vec<_>>().join("/")));
        }
    }
    found
}

#[test]
fn every_call_of_a_client_is_answered_by_an_operation_and_every_operation_has_its_call() {
    let (operations, calls) = (operations(), calls());
    assert!(calls.len() > 20, "the calls are written in another way now: {calls:?}");
    let unanswered: Vec<_> = calls.difference(&operations).collect();
    assert!(unanswered.is_empty(), "calls without operation: {unanswered:#?}");
    let uncalled: Vec<_> = operations.difference(&calls).filter(|one| !WITHOUT_CALL.contains(&one.as_str())).collect();
    assert!(uncalled.is_empty(), "operations without call: {uncalled:#?}");
}

#[test]
fn every_operation_is_described_with_its_problems_and_a_name_of_its_own() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert!(responses.contains_key("401") && responses.contains_key("500"), "{method} {path}");
            let name = operation["operationId"].as_str().expect("a name").to_owned();
            assert!(names.insert(name.clone()), "two operations are named {name}: {method} {path}");
        }
    }
}

#[test]
fn the_description_in_the_docs_is_the_one_that_the_server_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed.trim_end() == crate::document_text().trim_end(),
        "docs/api/openapi.json is stale: run `cargo run -p zhengai -- api openapi > docs/api/openapi.json`"
    );
}

#[test]
fn every_schema_that_is_named_is_there() {
    let document = document();
    let known = document["components"]["schemas"].as_object().expect("schemas");
    let text = document.to_string();
    let named = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    let missing: BTreeSet<_> = named.filter(|name| !known.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
