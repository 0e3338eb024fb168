//! Animals whose answers are not what they say: descriptions, schemas, batches, texts, cursors, counts.

use crate::cage::{Cage, Life, ended, kind, nothing, two_batches, whole};
use serde_json::json;
use zhengai_host::HostError;

fn lived(name: &str) -> Option<(Cage, Life)> {
    let cage = Cage::of(name)?;
    let life = cage.live(&json!({}));
    Some((cage, life))
}

#[test]
fn a_library_that_is_not_the_plugin_of_its_manifest_is_refused_by_what_is_wrong() {
    for (name, wanted, chinese, english) in [
        ("wrong-abi", "abi", "2.0", "interface version 2.0"),
        ("wrong-id", "other plugin", "connector-file", "the library says connector-file"),
        ("no-entry", "entry", "zg_plugin_open", "does not export zg_plugin_open"),
        ("not-json", "malformed describe", "not JSON", "not JSON"),
    ] {
        let Some((cage, life)) = lived(name) else { return };
        nothing(&life);
        ended(&cage, &life, "load", wanted, chinese, english);
    }
}

#[test]
fn a_batch_that_is_not_what_its_schema_says_is_refused_whole() {
    for (name, rule) in [
        ("more-rows-than-columns", "3 rows where 5 are needed"),
        ("hidden-nulls", "0 nulls are declared, 1 are there"),
        ("extra-column", "5 children where the schema has 4"),
        ("wrong-buffers", "Utf8 with 2 buffers"),
        ("negative-offset", "offset -1"),
        ("falling-offsets", "offset at position 1 out of bounds"),
        ("not-utf8", "UTF"),
    ] {
        let Some((cage, life)) = lived(name) else { return };
        two_batches(&life);
        ended(&cage, &life, "next", "malformed get_next", rule, rule);
    }
}

#[test]
fn a_cursor_that_is_not_json_is_an_error_and_its_batch_is_not_covered() {
    let Some((cage, life)) = lived("state-not-json") else { return };
    assert_eq!(life.state, None);
    ended(&cage, &life, "state", "malformed state", "not JSON", "not JSON");
}

#[test]
fn an_error_with_a_nul_byte_or_without_text_is_still_an_error() {
    let Some((cage, life)) = lived("nul-in-message") else { return };
    two_batches(&life);
    ended(&cage, &life, "next", "plugin Data", "before\0after", "before\0after");
    let Some((cage, life)) = lived("null-last-error") else { return };
    two_batches(&life);
    ended(&cage, &life, "next", "plugin Data", "errno 22", "errno 22");
}

#[test]
fn a_text_of_a_gigabyte_that_is_not_there_is_not_looked_for() {
    let Some((cage, life)) = lived("giant-message") else { return };
    nothing(&life);
    ended(&cage, &life, "check", "plugin Data", "ggg", "ggg");
    let (_, error) = life.end.unwrap();
    assert!(error.failure().unwrap().text.len() <= 16 * 1024);
}

#[test]
fn an_answer_of_200_megabytes_is_refused_by_its_length() {
    let Some((cage, life)) = lived("giant-json") else { return };
    nothing(&life);
    ended(&cage, &life, "check", "malformed check", "209715202 bytes of JSON", "209715202 bytes of JSON");
}

#[test]
fn rubbish_on_the_hosts_descriptors_is_noticed_and_nothing_after_it_is_believed() {
    let Some((cage, life)) = lived("garbled-pipe") else { return };
    two_batches(&life);
    let (at, error) = life.end.as_ref().unwrap();
    assert_eq!((*at, kind(error).as_str()), ("next", "incomplete"), "{error:?}");
    ended(&cage, &life, "next", "incomplete", "无法确认数据是否完整", "without proof that its rows are complete");
}

#[test]
fn closed_descriptors_are_no_end_of_rows() {
    let Some((cage, life)) = lived("closed-descriptors") else { return };
    two_batches(&life);
    let (at, error) = life.end.as_ref().unwrap();
    assert_eq!(*at, "next");
    assert!(matches!(error, HostError::Incomplete { .. } | HostError::Crashed { .. }), "{error:?}");
    cage.assert_empty();
}

#[test]
fn promises_that_only_the_checker_can_disprove_do_no_harm_to_the_host() {
    for name in ["lying-progress", "unknown-key", "two-schemas"] {
        let Some((cage, life)) = lived(name) else { return };
        whole(&cage, &life);
    }
    let Some((cage, life)) = lived("repeated-key") else { return };
    assert!(life.end.is_none());
    assert_eq!(life.codes.len(), 12);
    assert_eq!(life.codes[..3], life.codes[3..6]);
    cage.assert_empty();
    let Some((cage, life)) = lived("state-backwards") else { return };
    assert_eq!((life.codes.len(), life.state), (12, Some(json!({ "batch": 0 }))));
    cage.assert_empty();
}

#[test]
fn progress_beyond_its_total_reaches_the_host_as_it_was_told() {
    let Some((cage, _)) = lived("lying-progress") else { return };
    let told = cage.notes.progress.lock().unwrap().clone();
    assert_eq!(told.first(), Some(&(3000, Some(2))));
}
