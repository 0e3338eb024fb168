//! One training college of the default size and seed for the whole process, with everything that several flows read.

use crate::harness::College;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The college and what it said.
pub struct Trained {
    pub college: College,
    pub key: Value,
    /// The day of the diagnoses.
    pub today: String,
    /// Runs of the set-up, the oldest first.
    pub runs: Vec<Run>,
    /// Open warnings after the set-up.
    pub warnings: Vec<Value>,
}

/// One run.
pub struct Run {
    pub id: String,
    pub period: String,
    /// All periods of which it has values.
    pub periods: BTreeSet<String>,
    pub fingerprint: String,
    pub results: BTreeMap<Place, Row>,
}

/// What a value, finding or warning is about; `name` is an indicator or a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub name: String,
    pub kind: String,
    pub object: String,
    pub period: String,
}

/// What a run says about a place.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub value: String,
    pub verdict: String,
    /// Why there is no value.
    pub gap: String,
    pub level: Option<String>,
}

impl Trained {
    /// A generated file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.college.data().join("files").join(name)
    }

    /// Findings of the key.
    pub fn findings(&self) -> BTreeMap<Place, &Value> {
        self.keyed("findings", "indicator")
    }

    /// Firings of the key.
    pub fn firings(&self) -> BTreeMap<Place, &Value> {
        self.keyed("firings", "rule")
    }

    fn keyed(&self, part: &str, name: &str) -> BTreeMap<Place, &Value> {
        let all = self.key[part].as_array().expect("a part of the key");
        let keyed: BTreeMap<_, _> = all.iter().map(|one| (place(one, name, "kind"), one)).collect();
        assert_eq!(keyed.len(), all.len(), "{part} has an entry twice");
        keyed
    }

    /// The run over a period, or the first one that covers it.
    pub fn run_of(&self, period: &str) -> &Run {
        let own = self.runs.iter().find(|run| run.period == period);
        let covering = || self.runs.iter().find(|run| run.periods.contains(period));
        own.or_else(covering).unwrap_or_else(|| panic!("no run has values of {period}"))
    }
}

/// The college.
pub fn trained() -> &'static Trained {
    static TRAINED: OnceLock<Trained> = OnceLock::new();
    TRAINED.get_or_init(set_up)
}

fn set_up() -> Trained {
    let college = College::nowhere();
    college.run(&["demo"]).good();
    let files = college.data().join("files");
    let key = std::fs::read_to_string(files.join("answer-key.json")).expect("an answer key");
    let manifest = std::fs::read_to_string(files.join("manifest.toml")).expect("a manifest");
    let today = manifest.lines().find_map(|line| line.strip_prefix("today = ")).expect("a day").trim_matches('"');
    let listed = college.json(&["run", "list"]);
    let mut runs: Vec<Run> =
        listed.as_array().expect("runs").iter().map(|row| run(&college, &text(row, "run"))).collect();
    runs.reverse();
    Trained {
        key: serde_json::from_str(&key).expect("a key in JSON"),
        today: today.to_owned(),
        runs,
        warnings: warnings(&college),
        college,
    }
}

/// All open warnings.
pub fn warnings(college: &College) -> Vec<Value> {
    let listed = college.json(&["warning", "list", "--limit", "1000000"]);
    listed.as_array().expect("warnings").clone()
}

fn run(college: &College, id: &str) -> Run {
    let shown = college.json(&["run", "show", id]);
    assert_eq!(shown["state"], "finished", "{id}");
    let periods = shown["summary"]["inputs"]["periods"].as_object().expect("periods");
    let listed = college.json(&["result", "--run", id, "--limit", "10000000"]);
    let mut results = BTreeMap::new();
    for one in listed.as_array().expect("results") {
        let row = Row {
            value: text(one, "value"),
            verdict: text(one, "verdict"),
            gap: text(one, "gap"),
            level: one["level"].as_str().map(str::to_owned),
        };
        let place = place(one, "indicator", "grain");
        assert!(results.insert(place, row).is_none(), "{id} has a result twice: {one}");
    }
    Run {
        id: id.to_owned(),
        period: text(&shown, "period"),
        periods: periods.keys().cloned().collect(),
        fingerprint: text(&shown, "fingerprint"),
        results,
    }
}

/// What a JSON object is about.
pub fn place(one: &Value, name: &str, kind: &str) -> Place {
    Place { name: text(one, name), kind: text(one, kind), object: text(one, "object"), period: text(one, "period") }
}

fn text(one: &Value, name: &str) -> String {
    one[name].as_str().map(str::to_owned).unwrap_or_default()
}
