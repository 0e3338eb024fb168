//! A source as a person describes it, and the way between that and the fields of a form.

use crate::widgets::{Field, Form, Item, Kind, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use zhengai_text::Texts;
use zhengai_wire::data::{Mode, Review, TextFile};
use zhengai_wire::plugins::{Component, PluginForm};
use zhengai_wire::sources::{Source, SourceRequest};

/// Member of an object that makes it the name of a secret.
const SECRET: &str = "$secret";
/// Ways in which rows meet those that are there.
const MODES: [Mode; 3] = [Mode::Append, Mode::Upsert, Mode::Full];

/// What is described.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Described {
    /// The name of a new one, as far as it is typed.
    name: String,
    pub(super) plugin: String,
    component: Option<String>,
    config: Value,
    streams: Vec<Stream>,
    review: String,
    /// Fields that hold the name of a secret.
    #[serde(skip)]
    secrets: BTreeSet<String>,
}

/// A stream and where it goes. Texts, as they stand in fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Stream {
    stream: String,
    dataset: String,
    mode: String,
    mapping: String,
    /// No field shows them.
    options: Option<Value>,
}

impl Described {
    /// A source as it is.
    pub(super) fn of(source: &Source) -> Self {
        let streams = source.streams.iter().map(|stream| Stream {
            stream: stream.stream.clone(),
            dataset: stream.dataset.clone(),
            mode: stream.mode.map(word).unwrap_or_default(),
            mapping: stream.mapping.as_ref().map(written).unwrap_or_default(),
            options: stream.options.clone(),
        });
        Self {
            name: source.id.clone(),
            plugin: source.plugin.clone(),
            component: Some(source.component.clone()),
            config: source.config.clone(),
            streams: streams.collect(),
            review: source.review.clone().unwrap_or_default(),
            secrets: BTreeSet::new(),
        }
    }

    /// Nothing yet, of this connector.
    pub(super) fn for_connector(plugin: &str) -> Self {
        Self { plugin: plugin.to_owned(), ..Self::default() }
    }

    pub(super) fn is_secret(&self, field: &str) -> bool {
        self.secrets.contains(field)
    }

    pub(super) fn reads(&self, stream: &str) -> bool {
        self.streams.iter().any(|one| one.stream == stream)
    }

    /// Streams more; each goes into the dataset of its name until somebody says otherwise.
    pub(super) fn add_streams(&mut self, names: &[String]) {
        let of = |name: &String| Stream { stream: name.clone(), dataset: name.clone(), ..Stream::default() };
        self.streams.extend(names.iter().map(of));
    }

    /// Takes the stream away that a field belongs to.
    pub(super) fn drop_stream(&mut self, field: &str) {
        let number = field.strip_prefix("streams.").and_then(|rest| rest.split('.').next());
        if let Some(at) = number.and_then(|at| at.parse::<usize>().ok()).filter(|at| *at < self.streams.len()) {
            self.streams.remove(at);
        }
    }

    /// The form: name, component, what the component asks for, review, streams.
    pub(super) fn form(
        &mut self,
        name: Option<&str>,
        offer: &PluginForm,
        datasets: &[Item],
        secrets: &[&str],
        texts: &Texts,
    ) -> Form {
        let text = |key: &str| texts.text(key, &[]);
        let readers: Vec<&Component> =
            offer.components.iter().filter(|one| one.can.iter().any(|can| can == "read")).collect();
        let chosen = readers.iter().find(|one| Some(&one.name) == self.component.as_ref()).or(readers.first());
        self.component = chosen.map(|one| one.name.clone());
        let own = Field::new("name", text("data-field-name"), Kind::Text).help(text("data-field-name-help"));
        let mut fields = vec![match name {
            Some(name) => own.value(name).fixed(),
            None => own.required().value(&*self.name),
        }];
        fields.push(Field::new("plugin", text("data-col-plugin"), Kind::Text).value(&*self.plugin).fixed());
        if readers.len() > 1 {
            let items = readers.iter().map(|one| Item::new(&one.name, &one.name, "")).collect();
            let value = self.component.clone().unwrap_or_default();
            fields.push(Field::new("component", text("data-field-component"), Kind::Choice(items)).value(value));
        }
        self.secrets.clear();
        let asked = chosen.map(|one| Schema::from_json(&one.config, &self.config, texts.language()).fields);
        for mut field in asked.unwrap_or_default() {
            let pointer = format!("/{}", field.id.replace('.', "/"));
            let named = self.config.pointer(&pointer).and_then(secret);
            field.id = format!("config.{}", field.id);
            if field.kind == Kind::Secret || named.is_some() {
                let known = match secrets {
                    [] => text("data-secret-none"),
                    known => texts.text("data-secret-known", &[("names", &known.join(", "))]),
                };
                field.help = [field.help.as_str(), known.as_str()].join(" ").trim().to_owned();
                field.value = named.unwrap_or_default().to_owned();
                field.kind = Kind::Text;
                self.secrets.insert(field.id.clone());
            }
            fields.push(field);
        }
        fields.push(self.reviewed(texts));
        for (at, stream) in self.streams.iter().enumerate() {
            fields.extend(stream.fields(at, datasets, texts));
        }
        Form::new(Schema::new(fields))
    }

    fn reviewed(&self, texts: &Texts) -> Field {
        let text = |key: &str| texts.text(key, &[]);
        let items = ["", "auto", "hold"].map(|id| {
            let key = if id.is_empty() { "data-review-usual".to_owned() } else { format!("data-review-{id}") };
            Item::new(id, text(&key), "")
        });
        Field::new("review", text("data-field-review"), Kind::Choice(items.into()))
            .help(text("data-field-review-help"))
            .value(&*self.review)
    }

    /// Takes what the form says.
    pub(super) fn take(&mut self, form: &Form) {
        let text = |id: &str| form.text(id).trim().to_owned();
        let mut config = form.values_over(&json!({ "config": self.config }));
        let mut config = config.get_mut("config").map(Value::take).unwrap_or_default();
        if config.is_null() {
            config = Value::Object(Map::new());
        }
        for id in &self.secrets {
            let name = text(id);
            let pointer = format!("/{}", id.trim_start_matches("config.").replace('.', "/"));
            if let Some(value) = config.pointer_mut(&pointer).filter(|_| !name.is_empty()) {
                *value = json!({ SECRET: name });
            }
        }
        self.config = config;
        self.name = text("name");
        if form.fields().iter().any(|field| field.id == "component") {
            self.component = Some(text("component"));
        }
        self.review = text("review");
        for (at, stream) in self.streams.iter_mut().enumerate() {
            let of = |part: &str| form.text(&format!("streams.{at}.{part}"));
            (stream.stream, stream.dataset) = (of("stream").trim().to_owned(), of("dataset"));
            (stream.mode, stream.mapping) = (of("mode"), of("mapping"));
        }
    }

    /// The request; none when a mapping cannot be understood, which then stands under its field.
    pub(super) fn request(&self, form: &mut Form, texts: &Texts) -> Option<SourceRequest> {
        let mut streams = Vec::new();
        for (at, stream) in self.streams.iter().enumerate() {
            match stream.told() {
                Ok(told) => streams.push(told),
                Err(cause) => {
                    let text = texts.text("data-mapping-bad", &[("cause", &cause)]);
                    form.fault(&format!("streams.{at}.mapping"), text);
                }
            }
        }
        if !form.faults().is_empty() {
            return None;
        }
        let file = |name: &str, value: &Value| TextFile { name: name.to_owned(), text: value.to_string() };
        Some(SourceRequest {
            plugin: self.plugin.clone(),
            component: self.component.clone(),
            config: file("config.json", &self.config),
            streams: Some(streams)
                .filter(|all| !all.is_empty())
                .map(|all| file("streams.json", &json!({ "stream": all }))),
            mappings: Vec::new(),
            review: match self.review.as_str() {
                "auto" => Some(Review::Auto),
                "hold" => Some(Review::Hold),
                _ => None,
            },
        })
    }
}

impl Stream {
    fn fields(&self, at: usize, datasets: &[Item], texts: &Texts) -> Vec<Field> {
        let number = (at + 1).to_string();
        let field = |part: &str, kind: Kind| {
            let label = texts.text(&format!("data-field-{part}"), &[("n", &number)]);
            let help = texts.text(&format!("data-field-{part}-help"), &[]);
            Field::new(&format!("streams.{at}.{part}"), label, kind).help(help)
        };
        let usual = Item::new("", texts.text("data-mode-usual", &[]), "");
        let modes = MODES.map(word).map(|mode| Item::new(&mode, texts.text(&format!("data-mode-{mode}"), &[]), ""));
        let modes = std::iter::once(usual).chain(modes).collect();
        vec![
            field("stream", Kind::Text).required().value(&*self.stream),
            field("dataset", Kind::Choice(datasets.to_vec())).required().value(&*self.dataset),
            field("mode", Kind::Choice(modes)).value(&*self.mode),
            field("mapping", Kind::Multiline(3)).value(&*self.mapping),
        ]
    }

    /// As a file of streams says it.
    fn told(&self) -> Result<Value, String> {
        let mut told = json!({ "stream": self.stream, "dataset": self.dataset });
        let mapping = self.mapping.trim();
        if !mapping.is_empty() {
            told["mapping"] = if mapping.starts_with('{') {
                serde_json::from_str(mapping).map_err(|error| error.to_string())?
            } else {
                toml::from_str(mapping).map_err(|error| error.message().to_owned())?
            };
        }
        if !self.mode.is_empty() {
            told["mode"] = Value::from(self.mode.as_str());
        }
        if let Some(options) = &self.options {
            told["options"] = options.clone();
        }
        Ok(told)
    }
}

fn word(mode: Mode) -> String {
    serde_json::to_value(mode).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn secret(value: &Value) -> Option<&str> {
    value.as_object().filter(|object| object.len() == 1)?.get(SECRET)?.as_str()
}

/// A mapping as people write it: TOML without what says nothing.
fn written(mapping: &Value) -> String {
    let mut mapping = mapping.clone();
    prune(&mut mapping);
    toml::to_string(&mapping).unwrap_or_else(|_| mapping.to_string()).trim_end().to_owned()
}

fn prune(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(prune);
        fields.retain(|_, value| match value {
            Value::Null | Value::Bool(false) => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        });
    }
}
