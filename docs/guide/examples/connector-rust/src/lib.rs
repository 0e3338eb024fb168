//! A connector for a folder into which another system exports JSON lines: `NAME.jsonl` is the stream `NAME`, one object a
//! line, all values as text. A read goes on after the last line of the one before.
//!
//! It shows all that a connector needs: a configuration with a schema, a catalogue, rows in batches with a cursor after
//! each, errors that say who must act, progress, and the wish to stop.

mod folder;
mod rows;

use folder::{Folder, Stream};
use zhengai_plugin::arrow::datatypes::SchemaRef;
use zhengai_plugin::serde_json::json;
use zhengai_plugin::{Component, Config, Describe, HostHandle, Instance, Plugin, PluginError, Reader, Result, Value};

struct Exports;

impl Plugin for Exports {
    fn describe(&self) -> Describe {
        let config = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": false,
            "required": ["folder"],
            "properties": {
                "folder": { "type": "string", "minLength": 1, "title": "Folder of the exports" },
                "key": { "type": "string", "minLength": 1, "default": "id", "title": "Field that names a record" },
                "batch_rows": { "type": "integer", "minimum": 1, "maximum": 65536, "default": 1000 },
            },
        });
        let component = Component::new("folder").can(&["check", "discover", "schema", "read"]).config(config);
        Describe::new("connector-exports", env!("CARGO_PKG_VERSION")).component(component)
    }

    fn create(&self, _component: &str, config: Value, host: HostHandle) -> Result<Box<dyn Instance>> {
        let config = Config::new(config, &["folder", "key", "batch_rows"])?;
        Ok(Box::new(Source {
            folder: Folder::new(&config.text("folder")?),
            key: config.text_or("key", "id")?,
            batch_rows: config.whole("batch_rows", 1000, 1..=65536)? as usize,
            host,
        }))
    }
}

zhengai_plugin::export_plugin!(Exports);

/// One configured folder.
struct Source {
    folder: Folder,
    key: String,
    batch_rows: usize,
    host: HostHandle,
}

impl Instance for Source {
    fn check(&mut self) -> Result<Value> {
        Ok(json!({ "ok": true, "streams": self.folder.streams()?.len() }))
    }

    fn discover(&mut self, _request: Value) -> Result<Value> {
        let mut streams = Vec::new();
        for stream in self.folder.streams()? {
            let fields = stream.fields()?;
            let key: Vec<&String> = fields.iter().filter(|field| **field == self.key).collect();
            let fields: Vec<Value> = fields.iter().map(|name| json!({ "name": name, "type": "text" })).collect();
            streams.push(json!({ "name": stream.name, "key": key, "incremental": true, "fields": fields }));
        }
        Ok(json!({ "streams": streams }))
    }

    fn schema(&mut self, stream: Value) -> Result<SchemaRef> {
        Ok(rows::schema(&self.stream(&stream)?.fields()?))
    }

    fn read(&mut self, request: Value) -> Result<Box<dyn Reader>> {
        let stream = self.stream(&request["stream"])?;
        let after = match &request["state"] {
            Value::Null => 0,
            state => state["line"].as_u64().ok_or_else(|| {
                PluginError::config("exports-state", "the state has no `line`").with("pointer", "/state/line")
            })?,
        };
        Ok(Box::new(rows::Lines::open(stream, after, self.batch_rows, self.host.clone())?))
    }
}

impl Source {
    /// The stream that a request names. One that is not there is refused: it is not an empty one.
    fn stream(&self, asked: &Value) -> Result<Stream> {
        let name = asked["name"].as_str().unwrap_or_default();
        self.folder.streams()?.into_iter().find(|stream| stream.name == name).ok_or_else(|| {
            PluginError::config("exports-no-stream", format!("there is no stream `{name}`"))
                .with("pointer", "/stream/name")
                .with("stream", name)
        })
    }
}
