//! A connector that does what a file says: rows, checkpoints and failures, batch by batch. For tests of syncing.
//!
//! The configuration is `{"script": "/path", "secret"?: {"$secret": "name"}}`. The script is
//! `{"streams": {"name": {"columns": […], "batches": [{"rows": [[…], …], "state"?: false}], "faults": […]}}}`. The state
//! after a batch is the number of batches before it in the script, so that resuming skips them. A fault is
//! `{"from": n, "at": m, "does": "…", "retry_after_ms"?: n}`: it happens in a read that began at batch `n`, instead of
//! batch `m`. A read that begins elsewhere is not touched by it, which is how a failure passes.

use std::sync::Arc;
use zhengai_plugin::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use zhengai_plugin::serde_json::{self, json};
use zhengai_plugin::{
    Component, Describe, ErrorClass, HostHandle, Instance, LogLevel, Plugin, PluginError, Reader, Result, Value,
};

struct Scripted;

impl Plugin for Scripted {
    fn describe(&self) -> Describe {
        let config = json!({
            "type": "object",
            "required": ["script"],
            "properties": {"script": {"type": "string", "format": "path"}, "secret": {}},
            "additionalProperties": false,
        });
        let component = Component::new("scripted").can(&["check", "discover", "read"]).config(config);
        Describe::new("connector-scripted", env!("CARGO_PKG_VERSION")).component(component)
    }

    fn create(&self, _component: &str, config: Value, host: HostHandle) -> Result<Box<dyn Instance>> {
        let path = config["script"].as_str().unwrap_or_default();
        let script: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let secret = match config["secret"]["$secret"].as_str() {
            Some(name) => Some(host.secret(name)?.reveal().to_owned()),
            None => None,
        };
        Ok(Box::new(Play { script, secret, host }))
    }
}

struct Play {
    script: Value,
    secret: Option<String>,
    host: HostHandle,
}

impl Instance for Play {
    fn check(&mut self) -> Result<Value> {
        Ok(json!({ "streams": self.script["streams"].as_object().map_or(0, |streams| streams.len()) }))
    }

    fn discover(&mut self, _request: Value) -> Result<Value> {
        let streams = self.script["streams"].as_object().cloned().unwrap_or_default();
        let streams: Vec<Value> = streams
            .iter()
            .map(|(name, stream)| {
                let columns = stream["columns"].as_array().cloned().unwrap_or_default();
                let fields: Vec<Value> = columns.into_iter().map(|column| json!({ "name": column })).collect();
                json!({ "name": name, "incremental": true, "fields": fields })
            })
            .collect();
        Ok(json!({ "streams": streams }))
    }

    fn read(&mut self, request: Value) -> Result<Box<dyn Reader>> {
        let name = request["stream"]["name"].as_str().unwrap_or_default();
        let stream = self.script["streams"][name].clone();
        if stream["resumes"] == json!(false) && !request["state"].is_null() {
            return Err(PluginError::unsupported("resume"));
        }
        let from = request["state"]["batch"].as_u64().unwrap_or(0);
        if let Some(secret) = &self.secret {
            // What a careless author would do; the host keeps it out of its log.
            self.host.log(LogLevel::Error, "scripted", &format!("logged in with {secret}"), &Value::Null);
        }
        let columns = stream["columns"].as_array().cloned().unwrap_or_default();
        let mut fields: Vec<Field> = columns
            .iter()
            .map(|column| Field::new(column.as_str().unwrap_or_default(), DataType::Utf8, true))
            .collect();
        // One column that is no text, for the host to write as text.
        fields.push(Field::new("batch", DataType::Int64, false));
        let schema = Arc::new(Schema::new(fields));
        Ok(Box::new(Run { stream, schema, from, at: from, secret: self.secret.clone(), host: self.host.clone() }))
    }
}

struct Run {
    stream: Value,
    schema: SchemaRef,
    /// Where this read began.
    from: u64,
    /// The next batch.
    at: u64,
    secret: Option<String>,
    host: HostHandle,
}

impl Run {
    fn batch(&self, number: u64) -> &Value {
        usize::try_from(number).map_or(&Value::Null, |number| &self.stream["batches"][number])
    }

    /// What the script wants to happen here instead of a batch.
    fn misfortune(&self) -> Result<()> {
        let faults = self.stream["faults"].as_array().cloned().unwrap_or_default();
        let fault = faults.iter().find(|fault| {
            let here = |key: &str, number: u64| fault[key].is_null() || fault[key].as_u64() == Some(number);
            here("from", self.from) && here("at", self.at)
        });
        let Some(fault) = fault else { return Ok(()) };
        let class = match fault["does"].as_str().unwrap_or_default() {
            "abort" => std::process::abort(),
            "transient" => ErrorClass::Transient,
            "rate-limit" => ErrorClass::RateLimit,
            "data" => ErrorClass::Data,
            "auth" => ErrorClass::Auth,
            "wait" => {
                while !self.host.is_cancelled() {
                    std::thread::yield_now();
                }
                ErrorClass::Cancelled
            }
            _ => ErrorClass::System,
        };
        let after = fault["retry_after_ms"].as_u64().and_then(|after| u32::try_from(after).ok()).unwrap_or(0);
        let text = format!("as the script says, with {}", self.secret.as_deref().unwrap_or("nothing"));
        Err(PluginError::new(class, "", text).retry_after_ms(after))
    }
}

impl Reader for Run {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.misfortune()?;
        let Some(rows) = self.batch(self.at)["rows"].as_array() else { return Ok(None) };
        let width = self.schema.fields().len() - 1;
        let mut columns: Vec<ArrayRef> = (0..width)
            .map(|column| -> ArrayRef {
                Arc::new(rows.iter().map(|row| row[column].as_str()).collect::<StringArray>())
            })
            .collect();
        let number = i64::try_from(self.at).unwrap_or(i64::MAX);
        columns.push(Arc::new(Int64Array::from(vec![number; rows.len()])));
        let batch = RecordBatch::try_new(self.schema.clone(), columns)?;
        self.at += 1;
        Ok(Some(batch))
    }

    fn state(&mut self) -> Result<Option<Value>> {
        if self.stream["states"] == json!(false) {
            return Ok(None);
        }
        if self.stream["leaks"] == json!(true) {
            return Ok(Some(json!({ "batch": self.at, "token": self.secret })));
        }
        Ok(Some(json!({ "batch": self.at })))
    }
}

zhengai_plugin::export_plugin!(Scripted);
