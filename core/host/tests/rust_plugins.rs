//! Plugins written with the SDK and handed to the host by their entry function: normal work, errors, panics, cancel.
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod support;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use support::both;
use zhengai_host::{
    Component as Known, ErrorClass, HostError, Instance as Running, LogLevel, Placement, Plugin as Loaded, Rows,
    Services,
};
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::PluginId;
use zhengai_plugin::{
    Batches, Component, Describe, HostHandle, Input, Instance, Plugin, PluginError, Reader, Result, plugin_entry,
};

fn schema() -> SchemaRef {
    Arc::new(Schema::new_with_metadata(
        vec![Field::new("n", DataType::Int64, true), Field::new("text", DataType::Utf8, true)],
        [("sheet".to_owned(), "表一".to_owned())].into(),
    ))
}

fn batch(from: i64) -> RecordBatch {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(from), None, Some(from + 2)]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("甲"), Some(""), None]));
    RecordBatch::try_new(schema(), vec![numbers, texts]).unwrap()
}

struct Zoo;

impl Plugin for Zoo {
    fn describe(&self) -> Describe {
        Describe::new("zoo", "1.2.3").component(Component::new("rows").can(&["read", "call"]).transform("double"))
    }

    fn create(&self, _component: &str, config: Value, host: HostHandle) -> Result<Box<dyn Instance>> {
        match config["create"].as_str() {
            Some("panic") => panic!("no cage is free"),
            Some("refuse") => Err(PluginError::config("zoo-no-path", "`path` is missing").with("field", "/path")),
            _ => Ok(Box::new(Cage { host, drops_badly: config["drop"] == "panic" })),
        }
    }
}

struct Cage {
    host: HostHandle,
    drops_badly: bool,
}

impl Drop for Cage {
    fn drop(&mut self) {
        assert!(!self.drops_badly, "the cage falls apart");
    }
}

impl Instance for Cage {
    fn check(&mut self) -> Result<Value> {
        Ok(json!({ "ok": true }))
    }

    fn schema(&mut self, _stream: Value) -> Result<SchemaRef> {
        Ok(schema())
    }

    fn read(&mut self, request: Value) -> Result<Box<dyn Reader>> {
        let manner = request["manner"].as_str().unwrap_or("normal").to_owned();
        if manner == "panic-schema" {
            return Ok(Box::new(NoSchema));
        }
        Ok(Box::new(Counted { manner, given: 0, host: self.host.clone() }))
    }

    fn transform(&mut self, request: Value, inputs: Vec<Input>) -> Result<Box<dyn Reader>> {
        if request["transform"] == "pass" {
            let input = inputs.into_iter().next().unwrap();
            return Ok(Box::new(Passed { input }));
        }
        assert_eq!(request["transform"], "double");
        let mut doubled = Vec::new();
        for input in inputs {
            let whole = input.all()?;
            let numbers = whole.column(0).as_any().downcast_ref::<Int64Array>().unwrap();
            doubled.extend(numbers.iter().map(|number| number.map(|number| number * 2)));
        }
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true)]));
        Ok(Batches::one(RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(doubled))])?))
    }

    fn write(&mut self, _request: Value, input: Input) -> Result<Value> {
        let mut rows = 0;
        for batch in input {
            rows += batch?.num_rows();
        }
        Ok(json!({ "rows": rows }))
    }

    fn call(&mut self, method: &str, args: Value) -> Result<Value> {
        match method {
            "echo" => Ok(args),
            "panic" => panic!("the tiger is out"),
            "panic-odd" => std::panic::panic_any(7_u8),
            "secret" => Ok(json!(self.host.secret(args["name"].as_str().unwrap())?.reveal())),
            "work" => {
                self.host.log(zhengai_plugin::LogLevel::Warn, "cage", "feeding", &json!({ "food": "hay" }));
                self.host.progress("rows", 3, 0, "row");
                self.host.progress("rows", 4, 9, "row");
                Ok(Value::Null)
            }
            "spin" => {
                self.host.progress("spin", 1, 0, "turn");
                loop {
                    self.host.check_cancelled()?;
                    std::thread::yield_now();
                }
            }
            other => Err(PluginError::unsupported(other)),
        }
    }
}

/// Rows of an input as they are, each batch pulled when it is asked for.
struct Passed {
    input: Input,
}

impl Reader for Passed {
    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.input.next().transpose()
    }
}

struct NoSchema;

impl Reader for NoSchema {
    fn schema(&self) -> SchemaRef {
        panic!("there is no schema")
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        Ok(None)
    }
}

struct Counted {
    manner: String,
    given: i64,
    host: HostHandle,
}

impl Reader for Counted {
    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.given += 1;
        match (self.manner.as_str(), self.given) {
            ("panic", 2) => panic!("batch {} bites", self.given),
            ("error", 2) => Err(PluginError::data("zoo-bad-line", "line 7 has a \0 in it").with("line", 7)),
            ("types", 2) => {
                let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Utf8, true)]));
                let texts: ArrayRef = Arc::new(StringArray::from(vec!["x"]));
                Ok(Some(RecordBatch::try_new(schema, vec![texts])?))
            }
            ("wrong-type", 2) => {
                let schema = Arc::new(Schema::new(vec![
                    Field::new("n", DataType::Utf8, true),
                    Field::new("text", DataType::Utf8, true),
                ]));
                let texts: ArrayRef = Arc::new(StringArray::from(vec!["x"]));
                Ok(Some(RecordBatch::try_new(schema, vec![texts.clone(), texts])?))
            }
            ("endless", _) => {
                self.host.check_cancelled()?;
                Ok(Some(batch(self.given)))
            }
            (_, 1..=3) => Ok(Some(batch(self.given))),
            _ => Ok(None),
        }
    }

    fn state(&mut self) -> Result<Option<Value>> {
        Ok(Some(json!({ "batches": self.given })))
    }
}

plugin_entry!(zoo_entry, Zoo);

fn id() -> PluginId {
    PluginId::new("zoo").unwrap()
}

/// What a worker of these tests runs; without the word that makes it one there is nothing to do.
#[test]
fn worker_process() {
    if support::is_worker() {
        // SAFETY: the entry is the SDK's.
        unsafe { zhengai_host::worker_process(Some(zoo_entry)) }
    }
}

fn load(id: PluginId, placement: &Placement) -> std::result::Result<Loaded, HostError> {
    match placement {
        Placement::Worker(settings) => {
            Loaded::with_runner(id.clone(), zhengai_host::linked_workers(id, settings.clone()))
        }
        // SAFETY: the entry is the SDK's.
        _ => unsafe { Loaded::from_entry(id, zoo_entry) },
    }
}

fn zoo(placement: &Placement) -> Loaded {
    load(id(), placement).unwrap()
}

#[derive(Default)]
struct Notes {
    lines: Mutex<Vec<String>>,
    cancelled: AtomicBool,
    started: Mutex<Option<mpsc::Sender<()>>>,
}

impl Services for Notes {
    fn log(&self, level: LogLevel, target: &str, message: &str, fields: &str) {
        self.lines.lock().unwrap().push(format!("{level:?} {target} {message} {fields}"));
    }

    fn progress(&self, stream: &str, done: u64, total: Option<u64>, unit: &str) {
        self.lines.lock().unwrap().push(format!("{stream} {done}/{total:?} {unit}"));
        if let Some(started) = self.started.lock().unwrap().take() {
            started.send(()).unwrap();
        }
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "key").then(|| "s3cret".to_owned())
    }
}

fn cage(placement: &Placement) -> Running {
    zoo(placement).create("rows", &json!({}), Arc::new(Notes::default())).unwrap()
}

fn class(error: &HostError) -> ErrorClass {
    error.failure().unwrap_or_else(|| panic!("{error:?}")).class
}

#[test]
fn a_plugin_is_described_as_it_says() {
    for placement in both() {
        let zoo = zoo(&placement);
        assert_eq!((zoo.described().id.as_str(), zoo.described().version.as_str()), ("zoo", "1.2.3"));
        let expected = Known {
            name: "rows".to_owned(),
            can: ["read", "call", "transform"].map(str::to_owned).to_vec(),
            transforms: vec!["double".to_owned()],
            config: json!({}),
        };
        assert_eq!(zoo.described().components, [expected]);
    }
}

#[test]
fn a_plugin_under_another_id_is_refused() {
    for placement in both() {
        let refused = load(PluginId::new("farm").unwrap(), &placement);
        assert!(matches!(refused, Err(HostError::OtherPlugin { described, .. }) if described == "zoo"));
    }
}

#[test]
fn rows_come_through_as_they_were_with_metadata_and_state() {
    for placement in both() {
        let cage = cage(&placement);
        let mut reader = cage.read(&json!({})).unwrap();
        assert_eq!(reader.schema(), schema());
        let mut batches = Vec::new();
        while let Some(batch) = reader.next() {
            batches.push(batch.unwrap());
            assert_eq!(reader.state().unwrap(), Some(json!({ "batches": batches.len() })));
        }
        assert_eq!(batches, [batch(1), batch(2), batch(3)]);
        drop((reader, cage));
        assert_eq!(batches[0].column(0).null_count(), 1);
    }
}

#[test]
fn calls_carry_json_both_ways_and_what_is_not_there_is_unsupported() {
    for placement in both() {
        let cage = cage(&placement);
        let args = json!({ "名": ["a", 1, null, true], "n": 1.5 });
        assert_eq!(cage.call("echo", &args).unwrap(), args);
        assert_eq!(cage.check().unwrap(), json!({ "ok": true }));
        assert_eq!(cage.schema(&json!({})).unwrap(), schema());
        assert_eq!(class(&cage.discover(&json!({})).unwrap_err()), ErrorClass::Unsupported);
        assert_eq!(class(&cage.call("fly", &Value::Null).unwrap_err()), ErrorClass::Unsupported);
        assert!(cage.call("echo", &args).is_ok());
    }
}

#[test]
fn a_refused_configuration_carries_the_plugins_own_text() {
    for placement in both() {
        let error =
            zoo(&placement).create("rows", &json!({ "create": "refuse" }), Arc::new(Notes::default())).unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.class, failure.plugin.as_str()), (ErrorClass::Config, "zoo"));
        let message = failure.own_message().unwrap();
        assert_eq!(
            (message.key.as_str(), message.args),
            ("zoo-no-path", vec![("field".to_owned(), "/path".to_owned())])
        );
        assert_eq!(error.fault(), Fault::Invalid);
    }
}

#[test]
fn a_panic_in_a_call_is_an_error_and_the_instance_is_not_asked_again() {
    for placement in both() {
        for method in ["panic", "panic-odd"] {
            let cage = cage(&placement);
            let error = cage.call(method, &Value::Null).unwrap_err();
            assert_eq!((class(&error), error.fault()), (ErrorClass::Panic, Fault::Internal));
            assert!(error.failure().unwrap().text.contains("rust_plugins.rs"), "{error}");
            assert!(matches!(cage.call("echo", &Value::Null), Err(HostError::Poisoned { .. })));
        }
        assert!(cage(&placement).call("echo", &Value::Null).is_ok());
    }
}

#[test]
fn a_panic_while_an_instance_is_made_is_an_error() {
    for placement in both() {
        let zoo = zoo(&placement);
        let error = zoo.create("rows", &json!({ "create": "panic" }), Arc::new(Notes::default())).unwrap_err();
        assert_eq!(class(&error), ErrorClass::Panic);
        assert!(error.failure().unwrap().text.contains("no cage is free"));
    }
}

#[test]
fn a_panic_in_a_stream_is_an_error_after_the_batches_before_it() {
    for placement in both() {
        let cage = cage(&placement);
        let mut reader = cage.read(&json!({ "manner": "panic" })).unwrap();
        assert_eq!(reader.next().unwrap().unwrap(), batch(1));
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(class(&error), ErrorClass::Panic);
        assert!(error.failure().unwrap().text.contains("batch 2 bites"));
        assert!(reader.next().is_none());
        assert!(matches!(cage.call("echo", &Value::Null), Err(HostError::Poisoned { .. })));
    }
}

#[test]
fn a_panic_where_the_schema_is_asked_is_an_error() {
    for placement in both() {
        assert_eq!(class(&cage(&placement).read(&json!({ "manner": "panic-schema" })).unwrap_err()), ErrorClass::Panic);
    }
}

#[test]
fn a_panic_while_an_instance_is_dropped_goes_nowhere() {
    for placement in both() {
        let cage = zoo(&placement).create("rows", &json!({ "drop": "panic" }), Arc::new(Notes::default())).unwrap();
        assert!(cage.check().is_ok());
        drop(cage);
    }
}

#[test]
fn an_error_in_a_stream_keeps_its_class_key_and_arguments_and_survives_nul() {
    for placement in both() {
        let cage = cage(&placement);
        let mut reader = cage.read(&json!({ "manner": "error" })).unwrap();
        assert!(reader.next().unwrap().is_ok());
        let error = reader.next().unwrap().unwrap_err();
        let failure = error.failure().unwrap();
        assert_eq!((failure.class, failure.key.as_str()), (ErrorClass::Data, "zoo-bad-line"));
        assert_eq!(failure.args, [("line".to_owned(), "7".to_owned())]);
        assert_eq!(failure.text, "line 7 has a \0 in it");
        assert!(cage.call("echo", &Value::Null).is_ok());
    }
}

#[test]
fn a_batch_of_other_types_than_promised_never_leaves_the_plugin() {
    for placement in both() {
        for (manner, rule) in [("types", "promised 2 columns"), ("wrong-type", "column `n`")] {
            let cage = cage(&placement);
            let mut reader = cage.read(&json!({ "manner": manner })).unwrap();
            assert!(reader.next().unwrap().is_ok());
            let error = reader.next().unwrap().unwrap_err();
            assert_eq!(class(&error), ErrorClass::System);
            assert!(error.failure().unwrap().text.contains(rule), "{error}");
        }
    }
}

#[test]
fn a_transform_reads_its_inputs_and_returns_rows() {
    for placement in both() {
        let inputs = vec![Rows::new(schema(), vec![batch(1), batch(2)]), Rows::new(schema(), vec![])];
        let reader = cage(&placement).transform(&json!({ "transform": "double" }), inputs).unwrap();
        let batches: Vec<RecordBatch> = reader.map(std::result::Result::unwrap).collect();
        let expected = Int64Array::from(vec![Some(2), None, Some(6), Some(4), None, Some(8)]);
        assert_eq!(batches[0].column(0).as_any().downcast_ref::<Int64Array>(), Some(&expected));
    }
}

#[test]
fn an_error_in_the_rows_that_go_out_is_an_error_of_the_call_and_survives_nul() {
    for placement in both() {
        for bad in ["the disk is gone\0", "panic"] {
            let second = move |index: usize| match (index, bad) {
                (0, _) => Ok(batch(1)),
                (_, "panic") => panic!("the host fails"),
                (_, text) => Err(ArrowError::ComputeError(text.to_owned())),
            };
            let rows = Rows { schema: schema(), batches: Box::new((0..2).map(second)) };
            let error = cage(&placement).write(&json!({}), rows).unwrap_err();
            assert_eq!(class(&error), ErrorClass::System);
            assert!(error.failure().unwrap().text.contains("input stream"), "{error}");
        }
        let rows = Rows::new(schema(), vec![batch(1), batch(2)]);
        assert_eq!(cage(&placement).write(&json!({}), rows).unwrap(), json!({ "rows": 6 }));
    }
}

#[test]
fn rows_of_other_types_than_promised_never_leave_the_host() {
    for placement in both() {
        let other = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true)]));
        let error = cage(&placement).write(&json!({}), Rows::new(other, vec![batch(1)])).unwrap_err();
        assert!(error.failure().unwrap().text.contains("other types"), "{error}");
    }
}

#[test]
fn an_instance_reaches_log_progress_and_secrets() {
    for placement in both() {
        let notes = Arc::new(Notes::default());
        let cage = zoo(&placement).create("rows", &json!({}), notes.clone()).unwrap();
        cage.call("work", &Value::Null).unwrap();
        let lines = notes.lines.lock().unwrap().clone();
        assert_eq!(lines, ["Warn cage feeding {\"food\":\"hay\"}", "rows 3/None row", "rows 4/Some(9) row"]);
        assert_eq!(cage.call("secret", &json!({ "name": "key" })).unwrap(), json!("s3cret"));
        assert_eq!(class(&cage.call("secret", &json!({ "name": "other" })).unwrap_err()), ErrorClass::Auth);
    }
}

#[test]
fn a_call_that_spins_is_cancelled_from_another_thread() {
    for placement in both() {
        let (sender, started) = mpsc::channel();
        let notes = Notes { started: Mutex::new(Some(sender)), ..Notes::default() };
        let cage = zoo(&placement).create("rows", &json!({}), Arc::new(notes)).unwrap();
        let handle = cage.cancel_handle();
        let spinning = std::thread::spawn(move || cage.call("spin", &Value::Null));
        started.recv().unwrap();
        handle.cancel();
        let error = spinning.join().unwrap().unwrap_err();
        assert_eq!((class(&error), error.fault()), (ErrorClass::Cancelled, Fault::Cancelled));
        handle.cancel();
    }
}

#[test]
fn a_read_that_is_cancelled_ends_with_an_error_never_as_if_complete() {
    for placement in both() {
        let cage = cage(&placement);
        let mut reader = cage.read(&json!({ "manner": "endless" })).unwrap();
        assert!(reader.next().unwrap().is_ok());
        cage.cancel();
        assert_eq!(class(&reader.next().unwrap().unwrap_err()), ErrorClass::Cancelled);
        assert!(reader.next().is_none());
        assert_eq!(class(&cage.call("echo", &Value::Null).unwrap_err()), ErrorClass::Cancelled);
    }
}

#[test]
fn a_service_that_wants_to_stop_stops_the_plugin() {
    for placement in both() {
        let notes = Arc::new(Notes::default());
        let cage = zoo(&placement).create("rows", &json!({}), notes.clone()).unwrap();
        let mut reader = cage.read(&json!({ "manner": "endless" })).unwrap();
        assert!(reader.next().unwrap().is_ok());
        notes.cancelled.store(true, Ordering::Release);
        assert_eq!(class(&reader.next().unwrap().unwrap_err()), ErrorClass::Cancelled);
    }
}

#[test]
fn a_host_of_another_major_is_refused_by_the_plugin_in_words() {
    let mut table = zhengai_plugin_abi::ZgPlugin::empty();
    let mut error = zhengai_plugin_abi::ZgError::empty();
    // SAFETY: table and error are ours, of the sizes that they say.
    let code = unsafe { zoo_entry(7 << 16, std::ptr::null(), &mut table, &mut error) };
    assert_eq!(code, zhengai_plugin_abi::ZG_E_ABI);
    // SAFETY: the plugin filled the error.
    let text = unsafe { String::from_utf8(error.message.take()).unwrap() };
    assert_eq!(text, "this plugin speaks ABI 1, the host asked for 7.0");
    // SAFETY: as above.
    unsafe { error.detail.discard() };
}

#[test]
fn a_transform_that_pulls_its_rows_one_by_one_leaves_room_for_calls_between() {
    for placement in both() {
        let cage = cage(&placement);
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100_000));
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["一些文字"; 100_000]));
        let large = RecordBatch::try_new(schema(), vec![numbers, texts]).unwrap();
        let inputs = vec![Rows::new(schema(), vec![large.clone(); 10])];
        let mut reader = cage.transform(&json!({ "transform": "pass" }), inputs).unwrap();
        for _ in 0..10 {
            assert_eq!(cage.call("echo", &json!(1)).unwrap(), json!(1));
            assert_eq!(reader.next().unwrap().unwrap(), large);
        }
        assert!(reader.next().is_none());
        drop(reader);
        cage.finish().unwrap();
    }
}

#[test]
fn rows_that_fail_in_the_middle_of_a_transform_fail_the_read() {
    for placement in both() {
        let cage = cage(&placement);
        let made = |index| if index < 3 { Ok(batch(index)) } else { Err(ArrowError::ComputeError("gone".to_owned())) };
        let rows = Rows { schema: schema(), batches: Box::new((0..5).map(made)) };
        let reader = cage.transform(&json!({ "transform": "pass" }), vec![rows]).unwrap();
        let (good, bad): (Vec<_>, Vec<_>) = reader.partition(std::result::Result::is_ok);
        assert_eq!((good.len(), bad.len()), (3, 1));
        assert!(bad[0].as_ref().unwrap_err().to_string().contains("gone"));
    }
}
