//! What an author relies on in tests without a host: inputs in memory, a detached handle, errors, descriptions.
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

use std::sync::Arc;
use zhengai_plugin::arrow::array::{ArrayRef, Int64Array, RecordBatch};
use zhengai_plugin::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use zhengai_plugin::serde_json::json;
use zhengai_plugin::{
    Batches, Component, Describe, ErrorClass, HostHandle, Input, Instance, LogLevel, PluginError, Value,
};

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true)]))
}

fn batch(numbers: &[i64]) -> RecordBatch {
    let numbers: ArrayRef = Arc::new(Int64Array::from(numbers.to_vec()));
    RecordBatch::try_new(schema(), vec![numbers]).unwrap()
}

#[test]
fn an_input_in_memory_gives_its_batches_or_all_of_them_in_one() {
    let input = || Input::from_batches(schema(), vec![batch(&[1, 2]), batch(&[3])]);
    assert_eq!(input().map(|batch| batch.unwrap().num_rows()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(input().all().unwrap(), batch(&[1, 2, 3]));
    let empty = Input::from_batches(schema(), Vec::new()).all().unwrap();
    assert_eq!((empty.num_rows(), empty.schema()), (0, schema()));
}

#[test]
fn a_reader_over_batches_ends_after_the_last() {
    let mut reader = Batches::one(batch(&[7]));
    assert_eq!(reader.schema(), schema());
    assert_eq!(reader.next().unwrap(), Some(batch(&[7])));
    assert_eq!(reader.next().unwrap(), None);
    assert_eq!(reader.state().unwrap(), None);
}

#[test]
fn a_detached_handle_takes_logs_is_not_cancelled_and_has_no_secrets() {
    let host = HostHandle::detached();
    host.log(LogLevel::Info, "test", "a line", &Value::Null);
    host.progress("stream", 1, 2, "row");
    assert!(host.check_cancelled().is_ok());
    let error = host.secret("key").unwrap_err();
    assert_eq!((error.class, error.args), (ErrorClass::Auth, vec![("secret".to_owned(), "key".to_owned())]));
}

#[test]
fn an_error_carries_key_arguments_and_place_across_the_interface() {
    let error = PluginError::config("file-no-path", "`path` is missing").with("field", "/path").with("count", 3);
    assert_eq!(error.to_detail_json(), json!({ "key": "file-no-path", "args": { "field": "/path", "count": "3" } }));
    let error = PluginError::system("", "no").detail(json!({ "errno": 5 }));
    assert_eq!(error.to_detail_json(), json!({ "detail": { "errno": 5 } }));
    assert_eq!(PluginError::cancelled().to_detail_json(), json!({}));
}

#[test]
fn a_component_says_what_it_can_once() {
    let component = Component::new("layer").transform("one").transform("two");
    assert_eq!((component.can.as_slice(), component.transforms.len()), (["transform".to_owned()].as_slice(), 2));
    let describe = Describe::new("layer-test", "1.0.0").component(component);
    let text = zhengai_plugin::serde_json::to_string(&describe).unwrap();
    assert_eq!(zhengai_plugin::serde_json::from_str::<Describe>(&text).unwrap(), describe);
}

#[test]
fn what_an_instance_does_not_do_is_unsupported() {
    struct Nothing;
    impl Instance for Nothing {}
    let mut nothing = Nothing;
    let classes = [
        nothing.check().unwrap_err().class,
        nothing.discover(Value::Null).unwrap_err().class,
        nothing.schema(Value::Null).unwrap_err().class,
        nothing.read(Value::Null).err().unwrap().class,
        nothing.transform(Value::Null, Vec::new()).err().unwrap().class,
        nothing.call("x", Value::Null).unwrap_err().class,
        nothing.write(Value::Null, Input::from_batches(schema(), Vec::new())).unwrap_err().class,
    ];
    assert_eq!(classes, [ErrorClass::Unsupported; 7]);
}
