//! Plugins written in C against the header, compiled by the system's compiler and loaded as libraries: good manners
//! and bad ones. Where there is no C compiler the tests say that they skip.
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use support::both;
use tempfile::TempDir;
use zhengai_host::{ErrorClass, Found, HostError, Instance, NoServices, Placement, Plugin};

const MANIFEST: &str = r#"
id = "zoo"
names = { zh = "动物园", en = "Zoo" }
version = "1.0.0"
kind = "connector"
abi = "1.0"
library = "zoo"
"#;

/// Compiles a source into the library of a plugin folder; `None` where there is no compiler.
fn build(dir: &Path, source: &Path, case: &str) -> Option<PathBuf> {
    std::fs::write(dir.join("plugin.toml"), MANIFEST).unwrap();
    std::fs::write(dir.join("zhengai_plugin.h"), zhengai_plugin_abi::HEADER).unwrap();
    let name = format!("{}zoo{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = dir.join(name);
    // A library that is open is replaced, never written into.
    let _ = std::fs::remove_file(&library);
    let mut command = Command::new("cc");
    command.args(["-std=c11", "-Wall", "-Werror", "-shared", "-fPIC", "-o"]).arg(&library);
    command.arg(format!("-DCASE={case}")).arg("-I").arg(dir).arg(source);
    match command.status() {
        Err(_) => {
            eprintln!("skipped: there is no `cc` on this machine");
            None
        }
        Ok(status) => {
            assert!(status.success(), "the fixture does not compile");
            Some(library)
        }
    }
}

/// What a worker of these tests runs; without the word that makes it one there is nothing to do.
#[test]
fn worker_process() {
    if support::is_worker() {
        // SAFETY: there is no entry: the library is loaded.
        unsafe { zhengai_host::worker_process(None) }
    }
}

fn zoo(case: &str, placement: &Placement) -> Option<(TempDir, Result<Plugin, HostError>)> {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoo.c");
    build(dir.path(), &source, case)?;
    let found = Found::open(dir.path()).unwrap();
    let plugin = Plugin::load(&found, placement.clone(), Some(&found.pin()));
    Some((dir, plugin))
}

fn instance(case: &str, placement: &Placement) -> Option<(TempDir, Instance)> {
    let (dir, plugin) = zoo(case, placement)?;
    Some((dir, plugin.unwrap().create("cage", &json!({}), Arc::new(NoServices)).unwrap()))
}

/// Reads until the end or an error.
fn read(instance: &Instance) -> (usize, Option<HostError>) {
    let reader = match instance.read(&json!({})) {
        Ok(reader) => reader,
        Err(error) => return (0, Some(error)),
    };
    let mut rows = 0;
    for batch in reader {
        match batch {
            Ok(batch) => rows += batch.num_rows(),
            Err(error) => return (rows, Some(error)),
        }
    }
    (rows, None)
}

fn refused(case: &str, what: &str) {
    for placement in both() {
        let Some((_dir, plugin)) = zoo(case, &placement) else { return };
        let error = plugin.expect_err(case);
        assert!(error.to_string().contains(what), "{case}: {error}");
    }
}

fn broken(case: &str, what: &str) {
    for placement in both() {
        let Some((_dir, instance)) = instance(case, &placement) else { return };
        let (rows, error) = read(&instance);
        let error = error.expect(case);
        assert_eq!(rows, 0, "{case}");
        assert!(matches!(error, HostError::Malformed { .. }), "{case}: {error}");
        assert!(error.to_string().contains(what), "{case}: {error}");
    }
}

#[test]
fn a_plugin_in_c_is_read_to_its_end_with_state_after_each_batch() {
    for placement in both() {
        let Some((_dir, instance)) = instance("NORMAL", &placement) else { return };
        let mut reader = instance.read(&json!({})).unwrap();
        assert_eq!(reader.schema().field(0).name(), "n");
        assert_eq!(reader.state().unwrap(), None);
        let first = reader.next().unwrap().unwrap();
        assert_eq!((first.num_rows(), first.column(0).null_count()), (3, 1));
        assert_eq!(reader.state().unwrap(), Some(json!({ "batches": 1 })));
        assert!(reader.next().unwrap().is_ok());
        assert!(reader.next().is_none());
        assert_eq!(reader.state().unwrap(), Some(json!({ "batches": 2 })));
    }
}

#[test]
fn every_stream_and_every_batch_is_released_once() {
    for case in ["NORMAL", "KEEPS_RELEASE", "NEGATIVE_LENGTH"] {
        let Some((_dir, instance)) = instance(case, &Placement::InProcess) else { return };
        let batches: Vec<_> = instance.read(&json!({})).unwrap().collect();
        let released = instance.call("released", &Value::Null).unwrap();
        assert_eq!(released["streams"], 1, "{case}");
        let good = batches.iter().filter(|batch| batch.is_ok()).count();
        assert_eq!(released["arrays"], if good == 0 { 1 } else { 0 }, "{case}");
        drop(batches);
        let released = instance.call("released", &Value::Null).unwrap();
        assert_eq!(released["arrays"], good.max(1), "{case}");
    }
}

#[test]
fn a_failing_stream_without_text_is_an_error_of_the_errno() {
    for placement in both() {
        for case in ["NULL_LAST_ERROR", "NO_LAST_ERROR"] {
            let Some((_dir, instance)) = instance(case, &placement) else { return };
            let (rows, error) = read(&instance);
            let error = error.unwrap();
            let failure = error.failure().unwrap();
            assert_eq!((rows, failure.class, failure.text.as_str()), (0, ErrorClass::Data, "errno 22"));
        }
    }
}

#[test]
fn an_error_in_the_middle_is_an_error_and_then_the_end() {
    for placement in both() {
        let Some((_dir, instance)) = instance("ERROR_MID_STREAM", &placement) else { return };
        let mut reader = instance.read(&json!({})).unwrap();
        assert!(reader.next().unwrap().is_ok());
        let error = reader.next().unwrap().unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.class, failure.text.as_str()), (ErrorClass::Timeout, "the line went dead"));
        assert!(reader.next().is_none());
    }
}

#[test]
fn details_of_a_failing_stream_carry_the_plugins_own_text() {
    for placement in both() {
        let Some((_dir, instance)) = instance("ERROR_DETAIL", &placement) else { return };
        let (rows, error) = read(&instance);
        let error = error.unwrap();
        let failure = error.failure().unwrap();
        assert_eq!((rows, failure.class, failure.retry_after_ms), (3, ErrorClass::RateLimit, 1500));
        let message = failure.own_message().unwrap();
        assert_eq!(message.key, "zoo-slow");
        assert_eq!(message.args, [("limit".to_owned(), "7".to_owned()), ("who".to_owned(), "zoo".to_owned())]);
        assert_eq!(failure.detail, json!({ "pointer": "/a" }));
    }
}

#[test]
fn a_plugin_of_another_interface_is_refused() {
    for placement in both() {
        for (case, spoken) in [("BAD_ABI", "this plugin speaks ABI 7"), ("NEWER_MAJOR", "2.0")] {
            let Some((_dir, plugin)) = zoo(case, &placement) else { return };
            match plugin {
                Err(HostError::Abi { abi, .. }) => assert_eq!(abi, spoken),
                other => panic!("{case}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_table_that_cannot_be_is_refused() {
    refused("SIZE_TOO_SMALL", "struct_size is 8");
    refused("SIZE_TOO_LARGE", "struct_size is 168");
    refused("NO_DESTROY", "must be there");
    refused("NOT_JSON", "not JSON");
}

#[test]
fn a_library_that_says_it_is_another_plugin_is_refused() {
    for placement in both() {
        let Some((_dir, plugin)) = zoo("OTHER_ID", &placement) else { return };
        assert!(matches!(plugin, Err(HostError::OtherPlugin { described, .. }) if described == "someone-else"));
    }
}

#[test]
fn an_older_table_without_newer_members_answers_unsupported() {
    for placement in both() {
        let Some((_dir, instance)) = instance("OLD_TABLE", &placement) else { return };
        for error in [
            instance.check().unwrap_err(),
            instance.discover(&json!({})).unwrap_err(),
            instance.read(&json!({})).unwrap_err(),
            instance.call("released", &Value::Null).unwrap_err(),
        ] {
            assert_eq!(error.failure().unwrap().class, ErrorClass::Unsupported);
        }
        instance.cancel();
    }
}

#[test]
fn an_older_reader_without_state_is_read_and_has_no_checkpoint() {
    for placement in both() {
        let Some((_dir, instance)) = instance("OLD_READER", &placement) else { return };
        let mut reader = instance.read(&json!({})).unwrap();
        assert_eq!(reader.by_ref().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 6);
        assert_eq!(reader.state().unwrap(), None);
    }
}

#[test]
fn batches_that_lie_about_themselves_are_errors() {
    broken("NEGATIVE_LENGTH", "length -3");
    broken("EXTRA_CHILD", "2 children where the schema has 1");
    broken("WRONG_NULL_COUNT", "0 nulls are declared, 1 are there");
    broken("RELEASED_STREAM", "released");
    broken("UNKNOWN_TYPE", "?");
}

#[test]
fn a_code_that_nobody_knows_is_a_system_error() {
    for placement in both() {
        let Some((_dir, instance)) = instance("UNKNOWN_CODE", &placement) else { return };
        let (_, error) = read(&instance);
        let error = error.unwrap();
        assert_eq!(
            (error.failure().unwrap().class, error.failure().unwrap().text.as_str()),
            (ErrorClass::System, "odd")
        );
    }
}

#[test]
fn no_instance_without_an_error_is_refused() {
    for placement in both() {
        let Some((_dir, plugin)) = zoo("NO_INSTANCE", &placement) else { return };
        let error = plugin.unwrap().create("cage", &json!({}), Arc::new(NoServices)).unwrap_err();
        assert!(matches!(error, HostError::Malformed { call: "create", .. }));
    }
}

#[test]
fn a_component_that_was_not_described_is_not_created() {
    for placement in both() {
        let Some((_dir, plugin)) = zoo("NORMAL", &placement) else { return };
        let error = plugin.unwrap().create("tent", &json!({}), Arc::new(NoServices)).unwrap_err();
        assert!(matches!(error, HostError::NoComponent { component, .. } if component == "tent"));
    }
}

#[test]
fn a_library_without_the_entry_and_one_that_is_no_library_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("empty.c");
    std::fs::write(&source, "int nothing;\n").unwrap();
    let Some(library) = build(dir.path(), &source, "0") else { return };
    for placement in both() {
        let loaded = Plugin::load(&Found::open(dir.path()).unwrap(), placement, None);
        assert!(matches!(loaded, Err(HostError::Entry { .. })));
    }

    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("plugin.toml"), MANIFEST).unwrap();
    std::fs::write(other.path().join(library.file_name().unwrap()), "not a library").unwrap();
    let found = Found::open(other.path()).unwrap();
    for placement in both() {
        assert!(matches!(Plugin::load(&found, placement, None), Err(HostError::Open { .. })));
    }
}

#[test]
fn a_library_that_is_replaced_after_it_was_opened_needs_a_restart() {
    let Some((dir, plugin)) = zoo("NORMAL", &Placement::InProcess) else { return };
    assert!(plugin.is_ok());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoo.c");
    build(dir.path(), &source, "UNKNOWN_CODE").unwrap();
    let found = Found::open(dir.path()).unwrap();
    let error = Plugin::load(&found, Placement::InProcess, Some(&found.pin())).unwrap_err();
    assert!(matches!(error, HostError::NeedsRestart { .. }), "{error}");
}

#[test]
fn a_library_with_a_symbol_that_nobody_has_is_refused_when_it_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("broken.c");
    let text = "int nobody_has_this(void);\nint zg_plugin_open(void) { return nobody_has_this(); }\n";
    std::fs::write(&source, text).unwrap();
    let Some(_) = build(dir.path(), &source, "0") else { return };
    if cfg!(target_os = "macos") {
        return; // Its linker refuses the library already.
    }
    for placement in both() {
        let error = Plugin::load(&Found::open(dir.path()).unwrap(), placement, None).unwrap_err();
        assert!(matches!(error, HostError::Open { .. }));
    }
}

#[test]
fn a_library_that_changed_since_it_was_found_or_accepted_is_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/zoo.c");
    let Some(library) = build(dir.path(), &source, "NORMAL") else { return };
    let found = Found::open(dir.path()).unwrap();
    let pin = found.pin();
    let mut bytes = std::fs::read(&library).unwrap();
    bytes.push(0);
    std::fs::remove_file(&library).unwrap();
    std::fs::write(&library, bytes).unwrap();
    let again = Found::open(dir.path()).unwrap();
    for placement in both() {
        assert!(matches!(
            Plugin::load(&found, placement.clone(), None),
            Err(HostError::Changed { what: "library", .. })
        ));
        assert!(matches!(
            Plugin::load(&again, placement.clone(), Some(&pin)),
            Err(HostError::Changed { what: "library", .. })
        ));
        assert!(Plugin::load(&again, placement, Some(&again.pin())).is_ok());
    }
}
