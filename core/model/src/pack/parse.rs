//! Reads the files of a pack. Every key is checked; what is wrong is told with file, line and column, all of it at once.

use super::{CycleFile, IndicatorFile, Manifest, Pack, PolicyFile, RuleFile};
use crate::dataset::Dataset;
use crate::fault::{Explain, Fault};
use crate::text::Message;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

/// A place in a file of a pack, counting from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Path within the pack.
    pub file: String,
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A dataset by id.
    Dataset(String),
    /// A node of the tree by id.
    Point(String),
    /// An indicator by code.
    Indicator(String),
    /// The first character of the value expression of an indicator.
    IndicatorValue(String),
    /// A rule by id.
    Rule(String),
    /// A level by id.
    Level(String),
    /// A threshold by its number among those of the pack, from 0.
    Threshold(usize),
    /// A cycle template by id.
    Cycle(String),
    /// A computed dataset by id.
    Computed(String),
}

/// Something wrong in a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {}", .message.key)]
pub struct PackFault {
    /// Path within the pack; the id of the pack stands before it after merging.
    pub file: String,
    /// Line, from 1; 0 when the fault has no line.
    pub line: usize,
    /// Column, from 1; 0 when the fault has no column.
    pub column: usize,
    /// What is wrong.
    pub message: Message,
}

impl PackFault {
    /// A fault at a place.
    pub fn at(place: &Place, message: Message) -> Self {
        Self { file: place.file.clone(), line: place.line, column: place.column, message }
    }
}

impl Explain for PackFault {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        self.message.clone()
    }
}

/// Line and column, from 1 and in characters, of a byte of a text.
pub fn place_of(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Reads a pack from the texts of its files: `(path within the pack, text)`. Files of other kinds are passed over;
/// a TOML file in an unknown folder is an error, so that no definition is lost by a misspelt folder.
pub fn parse_pack(files: &[(String, String)]) -> Result<Pack, Vec<PackFault>> {
    let mut reader = Reader::default();
    let mut manifest = None;
    let mut sorted: Vec<&(String, String)> = files.iter().collect();
    sorted.sort();
    for (path, text) in sorted {
        let clean = path.replace('\\', "/");
        let file = File { path: clean.strip_prefix("./").unwrap_or(&clean), text };
        match file.folder() {
            _ if !file.path.ends_with(".toml") || file.path == "Cargo.toml" => {}
            // The calendar and the configuration of a college lie beside its packs and are read by others.
            None if matches!(file.path, "calendar.toml" | "zhengai.toml") => {}
            None if matches!(file.path, "plugin.toml" | "pack.toml") => {
                let parsed: Option<Manifest> = reader.parse(&file);
                if manifest.is_some() {
                    reader.fault(&file, 0, Message::new("model-pack-two-manifests"));
                }
                if let Some(places) = reader.quiet::<ManifestPlaces>(&file) {
                    reader.mark(&file, Subject::Computed, places.computed.into_iter().map(|at| at.dataset));
                }
                manifest = manifest.or(parsed);
            }
            Some("datasets") => reader.dataset(&file),
            Some("indicators") => reader.indicators(&file),
            Some("rules") => reader.rules(&file),
            Some("policy") => reader.policy(&file),
            Some("cycles") => reader.cycles(&file),
            Some("src" | "tests" | "locales" | "reports" | "screens") => {}
            _ => reader.fault(&file, 0, Message::new("model-pack-unknown-file")),
        }
    }
    let Some(manifest) = manifest else {
        if reader.faults.is_empty() {
            let place = Place { file: "pack.toml".to_owned(), ..Place::default() };
            reader.faults.push(PackFault::at(&place, Message::new("model-pack-no-manifest")));
        }
        return Err(reader.faults);
    };
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    Ok(Pack { manifest, ..reader.pack })
}

struct File<'a> {
    path: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn folder(&self) -> Option<&str> {
        self.path.split_once('/').map(|(folder, _)| folder)
    }

    fn place(&self, byte: usize) -> Place {
        let (line, column) = place_of(self.text, byte);
        Place { file: self.path.to_owned(), line, column }
    }
}

struct Reader {
    pack: Pack,
    faults: Vec<PackFault>,
}

impl Default for Reader {
    fn default() -> Self {
        Self { pack: Pack::new(nameless()), faults: Vec::new() }
    }
}

/// Stands for the manifest until it has been read.
fn nameless() -> Manifest {
    Manifest::of_data(crate::ids::PluginId::new("nameless").expect("a good id"), crate::text::Names::new("", ""), "")
}

impl Reader {
    fn fault(&mut self, file: &File<'_>, byte: usize, message: Message) {
        self.faults.push(PackFault::at(&file.place(byte), message));
    }

    fn parse<T: DeserializeOwned>(&mut self, file: &File<'_>) -> Option<T> {
        match toml::from_str(file.text) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let byte = error.span().map_or(0, |span| span.start);
                self.fault(file, byte, explain(error.message()));
                None
            }
        }
    }

    /// Reads once more only for places; the strict reading has told all faults.
    fn quiet<T: DeserializeOwned>(&self, file: &File<'_>) -> Option<T> {
        toml::from_str(file.text).ok()
    }

    fn mark(&mut self, file: &File<'_>, subject: fn(String) -> Subject, ids: impl Iterator<Item = Spanned<String>>) {
        for id in ids {
            let place = file.place(id.span().start);
            self.pack.places.entry(subject(id.into_inner())).or_insert(place);
        }
    }

    fn dataset(&mut self, file: &File<'_>) {
        let Some(dataset) = self.parse::<Dataset>(file) else { return };
        if let Some(at) = self.quiet::<IdAt>(file) {
            self.mark(file, Subject::Dataset, std::iter::once(at.id));
        }
        self.pack.datasets.push(dataset);
    }

    fn indicators(&mut self, file: &File<'_>) {
        let Some(parsed) = self.parse::<IndicatorFile>(file) else { return };
        if let Some(places) = self.quiet::<IndicatorPlaces>(file) {
            self.mark(file, Subject::Point, places.points.into_iter().map(|at| at.id));
            for at in places.indicators {
                let code = at.code.get_ref().clone();
                // The span of a string begins at its quotation marks.
                let quoted = file.text.get(at.value.span()).unwrap_or_default();
                let marks = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
                let value = file.place(at.value.span().start + marks);
                self.pack.places.entry(Subject::IndicatorValue(code)).or_insert(value);
                self.mark(file, Subject::Indicator, std::iter::once(at.code));
            }
        }
        self.pack.points.extend(parsed.points);
        self.pack.indicators.extend(parsed.indicators);
    }

    fn rules(&mut self, file: &File<'_>) {
        let Some(parsed) = self.parse::<RuleFile>(file) else { return };
        if let Some(places) = self.quiet::<RulePlaces>(file) {
            self.mark(file, Subject::Rule, places.rules.into_iter().map(|at| at.id));
        }
        self.pack.rules.extend(parsed.rules);
    }

    fn policy(&mut self, file: &File<'_>) {
        let Some(parsed) = self.parse::<PolicyFile>(file) else { return };
        if let Some(places) = self.quiet::<PolicyPlaces>(file) {
            self.mark(file, Subject::Level, places.levels.into_iter().map(|at| at.id));
            for (index, at) in places.thresholds.iter().enumerate() {
                let subject = Subject::Threshold(self.pack.thresholds.len() + index);
                self.pack.places.insert(subject, file.place(at.indicator.span().start));
            }
        }
        self.pack.levels.extend(parsed.levels);
        self.pack.thresholds.extend(parsed.thresholds);
    }

    fn cycles(&mut self, file: &File<'_>) {
        let Some(parsed) = self.parse::<CycleFile>(file) else { return };
        if let Some(places) = self.quiet::<CyclePlaces>(file) {
            self.mark(file, Subject::Cycle, places.cycles.into_iter().map(|at| at.id));
        }
        self.pack.cycles.extend(parsed.cycles);
    }
}

#[derive(Deserialize)]
struct IdAt {
    id: Spanned<String>,
}

#[derive(Deserialize)]
struct CodeAt {
    code: Spanned<String>,
    value: Spanned<String>,
}

#[derive(Deserialize)]
struct ThresholdAt {
    indicator: Spanned<String>,
}

#[derive(Deserialize)]
struct ComputedAt {
    dataset: Spanned<String>,
}

#[derive(Deserialize)]
struct ManifestPlaces {
    #[serde(default)]
    computed: Vec<ComputedAt>,
}

#[derive(Deserialize)]
struct IndicatorPlaces {
    #[serde(default, rename = "point")]
    points: Vec<IdAt>,
    #[serde(default, rename = "indicator")]
    indicators: Vec<CodeAt>,
}

#[derive(Deserialize)]
struct RulePlaces {
    #[serde(default, rename = "rule")]
    rules: Vec<IdAt>,
}

#[derive(Deserialize)]
struct PolicyPlaces {
    #[serde(default, rename = "level")]
    levels: Vec<IdAt>,
    #[serde(default, rename = "threshold")]
    thresholds: Vec<ThresholdAt>,
}

#[derive(Deserialize)]
struct CyclePlaces {
    #[serde(default, rename = "cycle")]
    cycles: Vec<IdAt>,
}

/// The reader's two most frequent complaints get an entry of their own in the catalogue; the rest is quoted.
fn explain(complaint: &str) -> Message {
    let complaint = complaint.trim();
    let quoted: Vec<&str> = complaint.split('`').skip(1).step_by(2).collect();
    match (complaint, quoted.as_slice()) {
        (text, [key, known @ ..]) if text.starts_with("unknown field") => {
            Message::new("model-pack-unknown-key").with("key", key).with("known", known.join(", "))
        }
        (text, [key, ..]) if text.starts_with("missing field") => {
            Message::new("model-pack-missing-key").with("key", key)
        }
        _ => Message::new("model-pack-syntax").with("detail", complaint),
    }
}
