//! What a worker costs: time to the first schema, and rows a second against our own process. Prints a table.
//!
//! `cargo run -p zhengai-host --example worker_speed -- 200` reads about 200 MB in each placement.
#![allow(clippy::unwrap_used, reason = "a measurement stops at the first error")]

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use zhengai_host::{NoServices, Plugin as Loaded, WORKER_WORD, WorkerSettings};
use zhengai_model::ids::PluginId;
use zhengai_plugin::{Component, Describe, HostHandle, Instance, Plugin, Reader, Result, plugin_entry};

const ROWS: usize = 8192;

struct Fast;

impl Plugin for Fast {
    fn describe(&self) -> Describe {
        Describe::new("fast", "1.0.0").component(Component::new("rows").can(&["read"]))
    }

    fn create(&self, _component: &str, _config: Value, _host: HostHandle) -> Result<Box<dyn Instance>> {
        Ok(Box::new(Source))
    }
}

struct Source;

impl Instance for Source {
    fn read(&mut self, request: Value) -> Result<Box<dyn Reader>> {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..ROWS as i64));
        let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..ROWS).map(|n| format!("20230{n:05}-学号"))));
        let columns = vec![Arc::clone(&numbers), numbers, Arc::clone(&texts), texts];
        let batch = RecordBatch::try_new(schema(), columns)?;
        let left = request["megabytes"].as_u64().unwrap_or(0) as usize * 1_000_000 / batch.get_array_memory_size();
        Ok(Box::new(Repeated { batch, left }))
    }
}

fn schema() -> SchemaRef {
    let field = |name: &str, kind| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        field("a", DataType::Int64),
        field("b", DataType::Int64),
        field("c", DataType::Utf8),
        field("d", DataType::Utf8),
    ]))
}

struct Repeated {
    batch: RecordBatch,
    left: usize,
}

impl Reader for Repeated {
    fn schema(&self) -> SchemaRef {
        self.batch.schema()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        Ok(Some(self.batch.clone()))
    }

    fn state(&mut self) -> Result<Option<Value>> {
        Ok(Some(json!({ "left": self.left })))
    }
}

plugin_entry!(fast_entry, Fast);

/// Time to the first schema, time in all, rows.
fn measure(plugin: &Loaded, megabytes: u64) -> (Duration, Duration, usize) {
    let began = Instant::now();
    let instance = plugin.create("rows", &json!({}), Arc::new(NoServices)).unwrap();
    let reader = instance.read(&json!({ "megabytes": megabytes })).unwrap();
    let first = began.elapsed();
    let rows = reader.map(|batch| batch.unwrap().num_rows()).sum();
    instance.finish().unwrap();
    (first, began.elapsed(), rows)
}

fn main() {
    if std::env::args().any(|word| word == WORKER_WORD) {
        // SAFETY: the entry is the SDK's.
        unsafe { zhengai_host::worker_process(Some(fast_entry)) }
    }
    let megabytes = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(200);
    let id = || PluginId::new("fast").unwrap();
    // SAFETY: the entry is the SDK's.
    let own = unsafe { Loaded::from_entry(id(), fast_entry) }.unwrap();
    let settings = WorkerSettings::this_program().unwrap();
    let worker = Loaded::with_runner(id(), zhengai_host::linked_workers(id(), settings)).unwrap();
    println!("{megabytes} MB      first schema      in all      rows/s");
    for _ in 0..3 {
        for (name, plugin) in [("own process", &own), ("worker", &worker)] {
            let (first, all, rows) = measure(plugin, megabytes);
            let speed = rows as f64 / all.as_secs_f64();
            println!("{name:<12} {first:>12.1?} {all:>12.1?} {speed:>12.0}");
        }
    }
}
