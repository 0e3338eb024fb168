//! The animals of the zoo that need Rust: panics. One library serves them all: the test library copies it and writes
//! the animal's name over the mark below.
#![allow(clippy::panic, clippy::expect_used, reason = "these plugins exist to fail")]

use std::sync::Arc;
use zhengai_plugin::arrow::array::{ArrayRef, RecordBatch, StringArray};
use zhengai_plugin::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use zhengai_plugin::serde_json::json;
use zhengai_plugin::{Component, Describe, HostHandle, Instance, Plugin, PluginError, Reader, Result, Value};

/// Where the animal's name stands, followed by dots.
static MARK: [u8; 48] = *b"ZOO-ANIMAL:panic-in-call........................";
const PREFIX: usize = "ZOO-ANIMAL:".len();
const COLUMNS: [&str; 4] = ["部门代码", "部门名称", "部门类别", "学校代码"];
const ROWS: i64 = 3;

/// The name in the mark as it is in this copy of the library.
fn animal() -> String {
    // Without this the compiler would read the mark before it is written over.
    let mark = std::hint::black_box(&MARK);
    String::from_utf8_lossy(&mark[PREFIX..]).trim_end_matches('.').to_owned()
}

/// A plugin that panics.
pub struct Zoo;

impl Plugin for Zoo {
    fn describe(&self) -> Describe {
        let whole = json!({ "type": "integer", "minimum": 0 });
        let config = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": { "good": whole, "batches": whole },
        });
        let can = ["check", "discover", "schema", "read", "call"];
        Describe::new(&format!("zoo-{}", animal()), "1.0.0").component(Component::new("cage").can(&can).config(config))
    }

    fn create(&self, _component: &str, config: Value, host: HostHandle) -> Result<Box<dyn Instance>> {
        let good = config["good"].as_i64().unwrap_or(2);
        let batches = config["batches"].as_i64().unwrap_or(4);
        Ok(Box::new(Cage { good, batches, host }))
    }
}

zhengai_plugin::export_plugin!(Zoo);

/// A panic that meets a frame of C: it cannot unwind, so the process ends, as in a plugin without guards.
extern "C" fn unguarded() {
    panic!("the tiger jumps the fence");
}

struct Cage {
    good: i64,
    batches: i64,
    host: HostHandle,
}

impl Cage {
    fn answer(&self, answer: Value) -> Result<Value> {
        match animal().as_str() {
            "panic-in-call" => panic!("the tiger roars"),
            "panic-unguarded" => unguarded(),
            _ => {}
        }
        Ok(answer)
    }
}

impl Instance for Cage {
    fn check(&mut self) -> Result<Value> {
        self.answer(json!({ "ok": true }))
    }

    fn discover(&mut self, _request: Value) -> Result<Value> {
        let fields: Vec<Value> = COLUMNS.iter().map(|name| json!({ "name": name, "type": "text" })).collect();
        let key = [COLUMNS[0]];
        let stream =
            json!({ "name": "departments", "label": "部门", "key": key, "incremental": true, "fields": fields });
        Ok(json!({ "streams": [stream] }))
    }

    fn schema(&mut self, _stream: Value) -> Result<SchemaRef> {
        Ok(schema())
    }

    fn read(&mut self, request: Value) -> Result<Box<dyn Reader>> {
        let given = request["state"]["batch"].as_i64().unwrap_or(0);
        Ok(Box::new(Rows { good: self.good, batches: self.batches, given, host: self.host.clone() }))
    }

    fn call(&mut self, method: &str, _args: Value) -> Result<Value> {
        match method {
            "feed" => self.answer(json!({ "eaten": true })),
            other => Err(PluginError::unsupported(other)),
        }
    }
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(COLUMNS.map(|name| Field::new(name, DataType::Utf8, true)).to_vec()))
}

struct Rows {
    good: i64,
    batches: i64,
    given: i64,
    host: HostHandle,
}

impl Reader for Rows {
    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.host.check_cancelled()?;
        if self.given >= self.batches {
            return Ok(None);
        }
        if self.given == self.good && animal() == "panic-in-stream" {
            panic!("the tiger is out after batch {}", self.given);
        }
        let numbers = self.given * ROWS..(self.given + 1) * ROWS;
        let column = |cell: &dyn Fn(i64) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(numbers.clone().map(cell)))
        };
        let columns = vec![
            column(&|number| format!("Z{number}")),
            column(&|number| format!("{number}系")),
            column(&|_| "教学单位".to_owned()),
            column(&|_| "S1".to_owned()),
        ];
        self.given += 1;
        Ok(Some(RecordBatch::try_new(schema(), columns)?))
    }

    fn state(&mut self) -> Result<Option<Value>> {
        Ok(Some(json!({ "batch": self.given })))
    }
}
