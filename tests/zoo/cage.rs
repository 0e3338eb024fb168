//! One animal's life in a worker, from its loading to its end, and what is to be asserted of every life.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use zhengai_host::{Found, HostError, Instance, LogLevel, Placement, Plugin, Services, WORKER_WORD, WorkerSettings};
use zhengai_model::fault::Explain;
use zhengai_tests::zoo::{self, Animal, TAME, animal};

/// What an animal said beside its answers.
#[derive(Default)]
pub struct Notes {
    /// Lines of its log.
    pub lines: Mutex<Vec<String>>,
    /// Progress as it was told.
    pub progress: Mutex<Vec<(u64, Option<u64>)>>,
}

impl Services for Notes {
    fn log(&self, _level: LogLevel, target: &str, message: &str, fields: &str) {
        self.lines.lock().unwrap().push(format!("{target} {message} {fields}"));
    }

    fn progress(&self, _stream: &str, done: u64, total: Option<u64>, _unit: &str) {
        self.progress.lock().unwrap().push((done, total));
    }
}

/// An animal in its cage: the folder, and the settings of its workers.
pub struct Cage {
    folder: TempDir,
    /// The plugin's folder.
    pub plugin: PathBuf,
    /// How its workers are started.
    pub settings: WorkerSettings,
    /// What it said.
    pub notes: Arc<Notes>,
    word: String,
}

/// How far a life came.
#[derive(Debug)]
pub struct Life {
    /// Batches with rows.
    pub batches: Vec<usize>,
    /// First cell of each row.
    pub codes: Vec<String>,
    /// The last cursor.
    pub state: Option<Value>,
    /// What ended it: where, and the error; `None` for a life without fault.
    pub end: Option<(&'static str, HostError)>,
}

impl Cage {
    /// Builds the animal; `None` where there is no C compiler.
    pub fn of(name: &str) -> Option<Self> {
        let animal = if name == TAME.name { &TAME } else { animal(name) };
        Self::for_animal(animal)
    }

    /// The same for an animal of the list.
    pub fn for_animal(animal: &Animal) -> Option<Self> {
        zoo::compiler()?;
        let folder = tempfile::tempdir().unwrap();
        let plugin = zoo::build(animal, folder.path());
        Some(Self::around(folder, plugin))
    }

    /// A cage around any plugin folder.
    pub fn around(folder: TempDir, plugin: PathBuf) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let word = format!("zoo-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut settings = WorkerSettings::new(env!("CARGO_BIN_EXE_zoo-worker"));
        settings.arguments = vec![WORKER_WORD.into(), (&word).into()];
        settings.stall = Duration::from_secs(60);
        settings.grace = Duration::from_secs(5);
        Self { folder, plugin, settings, notes: Arc::default(), word }
    }

    /// A path beside the plugin's folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Loads it.
    pub fn load(&self) -> Result<Plugin, HostError> {
        let found = Found::open(&self.plugin)?;
        Plugin::load(&found, Placement::Worker(self.settings.clone()), Some(&found.pin()))
    }

    /// Loads it and makes an instance.
    pub fn instance(&self, config: &Value) -> Result<Instance, (&'static str, HostError)> {
        let plugin = self.load().map_err(|error| ("load", error))?;
        let component = plugin.described().components.first().map_or("cage", |one| &one.name).to_owned();
        plugin.create(&component, config, self.notes.clone()).map_err(|error| ("create", error))
    }

    /// The whole life: load, create, check, discover, read with a cursor after each batch, end.
    pub fn live(&self, config: &Value) -> Life {
        self.live_from(config, &Value::Null)
    }

    /// The same, the read going on from a cursor.
    pub fn live_from(&self, config: &Value, state: &Value) -> Life {
        let mut life = Life { batches: Vec::new(), codes: Vec::new(), state: None, end: None };
        if let Err(end) = self.run(config, state, &mut life) {
            life.end = Some(end);
        }
        life
    }

    fn run(&self, config: &Value, state: &Value, life: &mut Life) -> Result<(), (&'static str, HostError)> {
        let instance = self.instance(config)?;
        instance.check().map_err(|error| ("check", error))?;
        let catalogue = instance.discover(&Value::Null).map_err(|error| ("discover", error))?;
        let request = json!({ "stream": catalogue["streams"][0], "state": state, "options": {} });
        let mut reader = instance.read(&request).map_err(|error| ("read", error))?;
        while let Some(batch) = reader.next() {
            let batch = batch.map_err(|error| ("next", error))?;
            life.state = reader.state().map_err(|error| ("state", error))?;
            let codes = batch.column(0).as_any().downcast_ref::<arrow::array::StringArray>().unwrap();
            life.codes.extend(codes.iter().map(|code| code.unwrap_or("NULL").to_owned()));
            life.batches.push(batch.num_rows());
        }
        drop(reader);
        instance.finish().map_err(|error| ("finish", error))
    }

    /// Command lines of processes that this cage started and that are still there.
    pub fn left_over(&self) -> Vec<(u32, String)> {
        let mut left = Vec::new();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            if line.contains(&self.word) {
                left.push((number, line));
            }
        }
        left
    }

    /// Asserts that nothing is left: no worker, no child of one, no zombie of ours.
    #[track_caller]
    pub fn assert_empty(&self) {
        assert_eq!(self.left_over(), [], "processes are left");
    }
}

/// Dead children of this process that nobody has buried.
pub fn zombies() -> Vec<String> {
    let me = std::process::id().to_string();
    let stats = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = stats.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    stats
        .filter(|stat| {
            // pid (name) state ppid …; the name may hold anything.
            let after: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            matches!(after.as_slice(), ["Z", parent, ..] if *parent == me)
        })
        .collect()
}

/// The error as its variant, the signal, limit or class in it included.
pub fn kind(error: &HostError) -> String {
    match error {
        HostError::Plugin(failure) => format!("plugin {:?}", failure.class),
        HostError::Crashed { how, .. } => format!("crashed {how}"),
        HostError::Incomplete { .. } => "incomplete".to_owned(),
        HostError::Stalled { .. } => "stalled".to_owned(),
        HostError::Limit { what, .. } => format!("limit {what}"),
        HostError::Malformed { call, .. } => format!("malformed {call}"),
        HostError::Abi { .. } => "abi".to_owned(),
        HostError::Entry { .. } => "entry".to_owned(),
        HostError::OtherPlugin { .. } => "other plugin".to_owned(),
        other => format!("{other:?}"),
    }
}

/// What a person reads, in Chinese and in English.
pub fn said(error: &HostError) -> [String; 2] {
    zhengai_host::CATALOGUE.map(|(tag, source)| {
        let mut bundle = FluentBundle::new(vec![tag.parse().unwrap()]);
        bundle.set_use_isolating(false);
        bundle.add_resource(FluentResource::try_new(source.to_owned()).unwrap()).unwrap();
        let message = error.message();
        let pattern = bundle.get_message(&message.key).unwrap_or_else(|| panic!("{}", message.key)).value().unwrap();
        let args: FluentArgs<'_> = message.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned();
        assert!(faults.is_empty(), "{faults:?}");
        text
    })
}

/// Asserts how a life ended: where, by which error, and what both texts say (besides the plugin's id).
#[track_caller]
pub fn ended(cage: &Cage, life: &Life, place: &str, wanted: &str, chinese: &str, english: &str) {
    let (at, error) = life.end.as_ref().unwrap_or_else(|| panic!("nothing went wrong: {life:?}"));
    assert_eq!((*at, kind(error).as_str()), (place, wanted), "{error:?}");
    let id = cage.plugin.file_name().unwrap().to_str().unwrap();
    for (text, part) in said(error).iter().zip([chinese, english]) {
        assert!(text.contains(id) && text.contains(part), "`{part}` is not in: {text}");
    }
    cage.assert_empty();
    let rows: usize = life.batches.iter().sum();
    assert_eq!(rows, life.codes.len());
}

/// Asserts that exactly the two good batches came, covered by their cursor.
#[track_caller]
pub fn two_batches(life: &Life) {
    assert_eq!(life.batches, [3, 3]);
    assert_eq!(life.codes, ["Z0", "Z1", "Z2", "Z3", "Z4", "Z5"]);
    assert_eq!(life.state, Some(json!({ "batch": 2 })));
}

/// Asserts that nothing came.
#[track_caller]
pub fn nothing(life: &Life) {
    assert_eq!((life.batches.len(), &life.state), (0, &None));
}

/// Asserts that a life had no fault and gave all twelve rows.
#[track_caller]
pub fn whole(cage: &Cage, life: &Life) {
    assert!(life.end.is_none(), "{:?}", life.end);
    let all: Vec<String> = (0..12).map(|number| format!("Z{number}")).collect();
    assert_eq!(life.codes, all);
    assert_eq!(life.state, Some(json!({ "batch": 4 })));
    cage.assert_empty();
}

/// The configuration that makes this animal bite.
pub fn usual(plugin: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(plugin.join("tests/config/good.json")).unwrap()).unwrap()
}
