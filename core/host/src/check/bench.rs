//! What the checks of a probe work with: the plugin, its fixtures, its sources, and a witness who hears every text.

use super::fixtures::{Config, Fixtures, Request, secret_names};
use super::job::Job;
use super::report::Outcome;
use crate::found::Found;
use crate::{CancelHandle, ErrorClass, HostError, HostReader, Instance, LogLevel, Placement, Plugin, Services};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use zhengai_model::text::Message;

/// Texts for people and logs are cut here by the host; one that reaches it was never meant for reading.
const TEXT_LIMIT: usize = 16 * 1024;
/// A value shorter than this would be found anywhere.
const SECRET_LEAST: usize = 6;

/// Hears what the plugin says, answers for its secrets.
pub(super) struct Witness {
    secrets: BTreeMap<String, String>,
    heard: Mutex<Heard>,
    /// A state is in use that no read gave: what the plugin makes of its numbers is not held against it.
    future: AtomicBool,
    /// What to stop when the plugin asks whether it should; the number of questions before that one is the host's.
    stop: Mutex<Option<(usize, CancelHandle)>>,
}

/// What should not have been heard.
#[derive(Debug, Default, Clone)]
pub(super) struct Heard {
    pub(super) leaks: BTreeSet<String>,
    pub(super) odd: BTreeSet<String>,
}

impl Witness {
    fn new(fixtures: &Fixtures) -> Self {
        let mut names = Vec::new();
        fixtures.good.iter().for_each(|config| secret_names(&config.value, &mut names));
        let mut secrets: BTreeMap<String, String> =
            names.into_iter().map(|name| (name.clone(), format!("zg-canary-{name}-4f1d9a"))).collect();
        secrets.extend(fixtures.secrets.clone());
        Self { secrets, heard: Mutex::default(), stop: Mutex::default(), future: AtomicBool::new(false) }
    }

    /// Takes note of a text that the plugin gave at a place.
    pub(super) fn hear(&self, place: &str, text: &str) {
        let leaked = self.secrets.values().any(|value| value.len() >= SECRET_LEAST && text.contains(value.as_str()));
        let odd =
            text.len() >= TEXT_LIMIT || text.chars().any(|one| one.is_control() && !matches!(one, '\n' | '\t' | '\r'));
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if leaked {
            heard.leaks.insert(place.to_owned());
        }
        if odd {
            heard.odd.insert(place.to_owned());
        }
    }

    /// Takes note of an answer, which may be long but must keep secrets.
    fn hear_value(&self, place: &str, value: &Value) {
        let text = value.to_string();
        if self.secrets.values().any(|secret| secret.len() >= SECRET_LEAST && text.contains(secret.as_str())) {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).leaks.insert(place.to_owned());
        }
    }

    /// From the second question on, the answer is to stop: the first is the host's own before it calls the plugin, the
    /// second comes from inside the call.
    pub(super) fn stop_inside_the_next_call(&self, handle: CancelHandle) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some((1, handle));
    }

    /// Whether reads go on from a state that no read gave.
    pub(super) fn reads_from_future(&self, future: bool) {
        self.future.store(future, Ordering::Relaxed);
    }

    /// Nothing is to be stopped any more.
    pub(super) fn go_on(&self) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What should not have been heard.
    pub(super) fn heard(&self) -> Heard {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Services for Witness {
    fn log(&self, _level: LogLevel, target: &str, message: &str, fields: &str) {
        for text in [target, message, fields] {
            self.hear("log", text);
        }
    }

    fn progress(&self, stream: &str, done: u64, total: Option<u64>, unit: &str) {
        self.hear("progress", stream);
        self.hear("progress", unit);
        let guessed = self.future.load(Ordering::Relaxed);
        if total.is_some_and(|total| done > total) && !guessed {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.odd.insert(format!("progress, {done} of {}", total.unwrap_or_default()));
        }
    }

    fn cancelled(&self) -> bool {
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        match stop.as_mut() {
            None => false,
            Some((0, handle)) => {
                handle.cancel();
                true
            }
            Some((left, _)) => {
                *left -= 1;
                false
            }
        }
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.secrets.get(name).cloned()
    }
}

/// Something that can be read.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its name, for messages.
    pub(super) label: String,
    /// Configuration of its instance.
    pub(super) config: Config,
    /// The request, without state.
    pub(super) request: Value,
    /// The stream as the catalogue has it; `None` when it is read by a request of its own.
    pub(super) stream: Option<Value>,
}

impl Source {
    /// Whether it promises to read on from a state.
    pub(super) fn incremental(&self) -> bool {
        self.stream.as_ref().and_then(|stream| stream.get("incremental")).and_then(Value::as_bool).unwrap_or(false)
    }

    fn from(&self, state: Option<&Value>) -> Value {
        let mut request = self.request.clone();
        if let Some(members) = request.as_object_mut()
            && self.stream.is_some()
        {
            members.insert("state".to_owned(), state.cloned().unwrap_or(Value::Null));
        }
        request
    }
}

/// Everything that a read gave.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) schema: SchemaRef,
    /// A hash of each row.
    pub(super) rows: Vec<u64>,
    /// How many rows had come after each batch, and the state there.
    pub(super) marks: Vec<(usize, Option<Value>)>,
    /// Time spent in the plugin.
    pub(super) took: Duration,
}

/// The plugin in the probe.
pub(super) struct Bench {
    pub(super) job: Job,
    pub(super) found: Found,
    pub(super) fixtures: Fixtures,
    pub(super) witness: Arc<Witness>,
    placement: Placement,
    plugin: Option<Plugin>,
    sources: Option<Result<Vec<Source>, Outcome>>,
}

impl Bench {
    /// Makes ready; opens nothing yet.
    pub(super) fn new(job: Job, placement: Placement) -> Result<Self, HostError> {
        let found = super::open(&job.dir, Some(&job.library))?;
        let (fixtures, _) = Fixtures::read(&job.dir, &job.scratch);
        let witness = Arc::new(Witness::new(&fixtures));
        Ok(Self { job, found, fixtures, witness, placement, plugin: None, sources: None })
    }

    /// The plugin, loaded.
    pub(super) fn plugin(&mut self) -> Result<Plugin, Outcome> {
        if let Some(plugin) = &self.plugin {
            return Ok(plugin.clone());
        }
        let plugin = Plugin::load(&self.found, self.placement.clone(), None);
        let plugin = plugin.map_err(|error| self.failed("open", &error))?;
        self.plugin = Some(plugin.clone());
        Ok(plugin)
    }

    /// The component that a configuration is for.
    pub(super) fn component(&mut self, config: &Config) -> Result<String, Outcome> {
        let plugin = self.plugin()?;
        let first = || plugin.described().components.first().map(|component| component.name.clone());
        config.component.clone().or_else(first).ok_or_else(|| Outcome::Skip(Message::new("check-why-no-components")))
    }

    /// A good configuration: the first of the fixtures, or an empty one.
    pub(super) fn good(&self) -> Config {
        let empty = || Config { file: String::new(), component: None, value: json!({}) };
        self.fixtures.good.first().cloned().unwrap_or_else(empty)
    }

    /// An instance.
    pub(super) fn create(&mut self, config: &Config) -> Result<Instance, Outcome> {
        self.try_create(config)?.map_err(|error| self.failed("create", &error))
    }

    /// An instance, or what the plugin says against it.
    pub(super) fn try_create(&mut self, config: &Config) -> Result<Result<Instance, HostError>, Outcome> {
        let component = self.component(config)?;
        let made = self.plugin()?.create(&component, &config.value, self.witness.clone());
        if let Err(error) = &made {
            self.hear_error("create", error);
        }
        Ok(made)
    }

    /// The answer of a call, heard by the witness.
    pub(super) fn answer(&self, call: &str, answer: Result<Value, HostError>) -> Result<Value, Outcome> {
        let answer = answer.map_err(|error| self.failed(call, &error))?;
        self.witness.hear_value(call, &answer);
        Ok(answer)
    }

    /// What can be read, with everything that is needed to read it.
    pub(super) fn sources(&mut self) -> Result<Vec<Source>, Outcome> {
        if self.sources.is_none() {
            self.sources = Some(self.find_sources());
        }
        self.sources.clone().unwrap_or_else(|| Ok(Vec::new()))
    }

    fn find_sources(&mut self) -> Result<Vec<Source>, Outcome> {
        if !self.can("read")? {
            return Err(Outcome::Skip(Message::new("check-why-cannot").with("what", "read")));
        }
        let mut sources = Vec::new();
        for (file, request) in self.requests() {
            let config = self.config_of(&request);
            if let Some(read) = request.read {
                sources.push(Source { label: file, config, request: read, stream: None });
                continue;
            }
            let instance = self.create(&config)?;
            let asked = request.discover.unwrap_or_else(|| json!({}));
            let answer = self.answer("discover", instance.discover(&asked))?;
            for stream in answer.get("streams").and_then(Value::as_array).into_iter().flatten() {
                let label = stream.get("name").and_then(Value::as_str).unwrap_or("?").to_owned();
                let options = request.options.clone().unwrap_or_else(|| json!({}));
                let request = json!({ "stream": stream, "state": null, "options": options });
                sources.push(Source { label, config: config.clone(), request, stream: Some(stream.clone()) });
            }
        }
        match sources.is_empty() {
            true => Err(Outcome::Skip(Message::new("check-why-no-streams"))),
            false => Ok(sources),
        }
    }

    /// Requests of the fixtures, or the plainest one.
    pub(super) fn requests(&self) -> Vec<(String, Request)> {
        match self.fixtures.requests.is_empty() {
            true => vec![(String::new(), Request::default())],
            false => self.fixtures.requests.clone(),
        }
    }

    /// The configuration that a request names.
    pub(super) fn config_of(&self, request: &Request) -> Config {
        let named = request.config.as_ref().and_then(|name| self.fixtures.good.iter().find(|good| &good.file == name));
        named.cloned().unwrap_or_else(|| self.good())
    }

    /// Whether some component says that it can do this.
    pub(super) fn can(&mut self, ability: &str) -> Result<bool, Outcome> {
        let plugin = self.plugin()?;
        Ok(plugin.described().components.iter().any(|component| component.can.iter().any(|can| can == ability)))
    }

    /// Starts a read in an instance of its own.
    pub(super) fn start(&mut self, source: &Source, state: Option<&Value>) -> Result<(Instance, HostReader), Outcome> {
        let instance = self.create(&source.config)?;
        let reader = instance.read(&source.from(state)).map_err(|error| self.failed("read", &error))?;
        Ok((instance, reader))
    }

    /// Reads to the end, in an instance of its own.
    pub(super) fn take(&mut self, source: &Source, state: Option<&Value>) -> Result<Taken, Outcome> {
        let started = Instant::now();
        let (_instance, mut reader) = self.start(source, state)?;
        let mut taken = Taken { schema: reader.schema(), rows: Vec::new(), marks: Vec::new(), took: started.elapsed() };
        loop {
            let asked = Instant::now();
            let next = reader.next();
            let state = if matches!(next, Some(Ok(_)) | None) { self.state(&mut reader)? } else { None };
            taken.took += asked.elapsed();
            match next {
                Some(Ok(batch)) => {
                    hash_rows(&batch, &mut taken.rows);
                    taken.marks.push((taken.rows.len(), state));
                }
                Some(Err(error)) => return Err(self.failed("read", &error)),
                None => {
                    taken.marks.push((taken.rows.len(), state));
                    return Ok(taken);
                }
            }
        }
    }

    /// The state of a read, heard by the witness.
    pub(super) fn state(&self, reader: &mut HostReader) -> Result<Option<Value>, Outcome> {
        let state = reader.state().map_err(|error| self.failed("state", &error))?;
        if let Some(state) = &state {
            self.witness.hear_value("state", state);
        }
        Ok(state)
    }

    /// An error of the plugin as the reason why a check failed.
    pub(super) fn failed(&self, call: &str, error: &HostError) -> Outcome {
        self.hear_error(call, error);
        let message = match error.failure().map(|failure| failure.class) {
            Some(ErrorClass::Panic) => Message::new("check-why-panic"),
            Some(class) => Message::new("check-why-error").with("class", word(class)),
            None => Message::new("check-why-broken"),
        };
        Outcome::Fail(message.with("call", call).with("text", short(&error.to_string())))
    }

    pub(super) fn hear_error(&self, call: &str, error: &HostError) {
        let Some(failure) = error.failure() else { return };
        let place = format!("{call}, error");
        self.witness.hear(&place, &failure.text);
        self.witness.hear_value(&place, &failure.detail);
        failure.args.iter().for_each(|(_, value)| self.witness.hear(&place, value));
    }
}

/// The word of a class of errors.
pub(super) fn word(class: ErrorClass) -> String {
    format!("{class:?}").to_lowercase()
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(300).map(|one| if one.is_control() { ' ' } else { one }).collect();
    if text.chars().nth(300).is_some() {
        out.push('…');
    }
    out
}

/// Rows as people would read them.
pub(super) fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let options = FormatOptions::default().with_null("∅");
    let columns: Vec<_> =
        batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options).ok()).collect();
    let cell = |column: &Option<ArrayFormatter<'_>>, row: usize| {
        let mut text = String::new();
        match column {
            Some(column) => write!(text, "{}", column.value(row)).map_or_else(|_| "?".to_owned(), |()| text),
            None => "?".to_owned(),
        }
    };
    (0..batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}

fn hash_rows(batch: &RecordBatch, rows: &mut Vec<u64>) {
    rows.extend(texts(batch).into_iter().map(|row| {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        hasher.finish()
    }));
}
