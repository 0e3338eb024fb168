//! What becomes of every staged row, and which rows of the table it touches: the heart of the plan.
//!
//! Keys and contents are compared by 128-bit hashes. Memory is bounded: large batches are decided in passes, each of which
//! looks at its share of the keys.

use super::files::StagingArea;
use super::keys::Hasher;
use super::prune::KeyBounds;
use super::runs::Runs;
use crate::error::Result;
use crate::schema::{arrow_schema, field_columns};
use crate::source::LINE;
use crate::table::DataFile;
use crate::table::read::{FileRows, project};
use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher as StdHasher};
use std::path::Path;
use zhengai_model::batch::RowFate;
use zhengai_model::dataset::{Dataset, LoadMode};

/// Staged rows that one pass holds in memory, at about 60 bytes each.
const PASS_ROWS: u64 = 4_000_000;
/// Other lines that a conflict names.
const NAMED_LINES: usize = 5;

/// What is to be decided.
pub(crate) struct Question<'a> {
    pub dataset: &'a Dataset,
    pub area: &'a StagingArea,
    /// Staged rows.
    pub rows: u64,
    pub mode: LoadMode,
    /// Files of the table, and its folder.
    pub files: &'a [DataFile],
    pub root: &'a Path,
    /// Keys of rows rejected while staging: a full load does not take them for gone.
    pub mentioned: Vec<u128>,
}

/// The decision.
pub(crate) struct Decision {
    /// One for each staged row.
    pub fates: Vec<RowFate>,
    /// Rows of the table that are replaced, by file.
    pub changed: BTreeMap<String, Vec<(u64, u64)>>,
    /// Rows of the table that go, by file.
    pub gone: BTreeMap<String, Vec<(u64, u64)>>,
    /// Why rows are rejected, in the order of the staged rows.
    pub rejected: Vec<(u64, KeyFault)>,
}

/// Why a row is rejected for its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// The same row came before, on this line.
    Duplicate { first: i64 },
    /// Other rows of the file have the key with other values, on these lines.
    ConflictInFile { others: Vec<i64> },
    /// The table has the key with other values, and the load only adds.
    ConflictInTable,
}

struct Entry {
    key: u128,
    content: u128,
    row: u64,
    line: i64,
}

/// A key that the batch speaks of; `row` is none when no row of that key is taken.
#[derive(Clone, Copy)]
struct Known {
    content: u128,
    row: Option<u64>,
}

type KeyMap = HashMap<u128, Known, BuildHasherDefault<HashIsKey>>;

/// The keys are hashes already.
#[derive(Default)]
struct HashIsKey(u64);

impl StdHasher for HashIsKey {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(place, byte)| *place = *byte);
            self.0 ^= u64::from_le_bytes(word);
        }
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = (key >> 64) as u64;
    }
}

/// Decides.
pub(crate) fn decide(question: &Question<'_>) -> Result<Decision> {
    let rows = usize::try_from(question.rows).unwrap_or(usize::MAX);
    let mut decision = Decision {
        fates: vec![RowFate::New; rows],
        changed: BTreeMap::new(),
        gone: BTreeMap::new(),
        rejected: Vec::new(),
    };
    let mut touched: BTreeMap<String, (Vec<u64>, Vec<u64>)> = BTreeMap::new();
    let passes = u128::from(question.rows.div_ceil(PASS_ROWS).max(1));
    for pass in 0..passes {
        let mine = |key: u128| key % passes == pass;
        let (entries, bounds) = entries(question, mine)?;
        let known = settle(question, entries, mine, &mut decision);
        for file in question.files {
            let skipped = question.mode != LoadMode::Full && bounds.excludes(&file.bounds());
            if !skipped {
                let (changed, gone) = touched.entry(file.path.clone()).or_default();
                meet(question, file, &known, mine, &mut decision, changed, gone)?;
            }
        }
    }
    for (path, (changed, gone)) in touched {
        if !changed.is_empty() {
            decision.changed.insert(path.clone(), Runs::of(changed).into_vec());
        }
        if !gone.is_empty() {
            decision.gone.insert(path, Runs::of(gone).into_vec());
        }
    }
    decision.rejected.sort_by_key(|(row, _)| *row);
    Ok(decision)
}

/// Columns of the staged rows: fields, then `_line`.
pub(crate) fn staged_schema(dataset: &Dataset) -> SchemaRef {
    let mut columns = field_columns(dataset);
    columns.push(Field::new(LINE, DataType::Int64, true));
    SchemaRef::new(Schema::new(columns))
}

/// Names of the key fields.
pub(crate) fn key_names(dataset: &Dataset) -> Vec<&str> {
    dataset.key.iter().map(AsRef::as_ref).collect()
}

/// Names of all fields.
pub(crate) fn field_names(dataset: &Dataset) -> Vec<&str> {
    dataset.fields.iter().map(|field| field.name.as_str()).collect()
}

/// The staged rows of one pass, and the bounds of their keys.
fn entries(question: &Question<'_>, mine: impl Fn(u128) -> bool) -> Result<(Vec<Entry>, KeyBounds)> {
    let schema = staged_schema(question.dataset);
    let keys = Hasher::new(&schema, &key_names(question.dataset))?;
    let contents = Hasher::new(&schema, &field_names(question.dataset))?;
    let mut bounds = KeyBounds::new(question.dataset);
    let mut entries = Vec::new();
    let mut row = 0_u64;
    for batch in FileRows::open(&question.area.rows(), schema)? {
        let batch = batch?;
        bounds.extend(&batch)?;
        let lines = batch.column_by_name(LINE).and_then(|column| column.as_primitive_opt::<Int64Type>()).cloned();
        let key_hashes = keys.hashes(&batch)?;
        let content_hashes = contents.hashes(&batch)?;
        for (index, (key, content)) in key_hashes.into_iter().zip(content_hashes).enumerate() {
            if mine(key) {
                let line = lines.as_ref().map_or(0, |lines| lines.value(index));
                entries.push(Entry { key, content, row, line });
            }
            row += 1;
        }
    }
    Ok((entries, bounds))
}

/// Settles repeats and contradictions within the batch; what remains is one row, or none, for each key.
fn settle(
    question: &Question<'_>,
    mut entries: Vec<Entry>,
    mine: impl Fn(u128) -> bool,
    decision: &mut Decision,
) -> KeyMap {
    entries.sort_unstable_by_key(|entry| (entry.key, entry.row));
    let mut known = KeyMap::with_capacity_and_hasher(entries.len(), BuildHasherDefault::default());
    for group in entries.chunk_by(|left, right| left.key == right.key) {
        let Some((first, repeats)) = group.split_first() else { continue };
        if repeats.iter().all(|entry| entry.content == first.content) {
            known.insert(first.key, Known { content: first.content, row: Some(first.row) });
            for repeat in repeats {
                reject(decision, repeat.row, KeyFault::Duplicate { first: first.line });
            }
        } else {
            known.insert(first.key, Known { content: first.content, row: None });
            for entry in group {
                let others = group.iter().filter(|other| other.row != entry.row).take(NAMED_LINES);
                let others = others.map(|other| other.line).collect();
                reject(decision, entry.row, KeyFault::ConflictInFile { others });
            }
        }
    }
    for key in question.mentioned.iter().filter(|key| mine(**key)) {
        known.entry(*key).or_insert(Known { content: 0, row: None });
    }
    known
}

fn reject(decision: &mut Decision, row: u64, fault: KeyFault) {
    set_fate(decision, row, RowFate::Rejected);
    decision.rejected.push((row, fault));
}

fn set_fate(decision: &mut Decision, row: u64, fate: RowFate) {
    if let Some(place) = usize::try_from(row).ok().and_then(|row| decision.fates.get_mut(row)) {
        *place = fate;
    }
}

/// Lets the batch meet the rows of one file of the table: first by their keys alone, then, where keys agree, by content.
fn meet(
    question: &Question<'_>,
    file: &DataFile,
    known: &KeyMap,
    mine: impl Fn(u128) -> bool,
    decision: &mut Decision,
    changed: &mut Vec<u64>,
    gone: &mut Vec<u64>,
) -> Result<()> {
    let path = question.root.join(&file.path);
    let schema = arrow_schema(question.dataset);
    let key_schema = project(&schema, &key_names(question.dataset));
    let keys = Hasher::new(&key_schema, &key_names(question.dataset))?;
    let mut met: Vec<(u64, Known)> = Vec::new();
    let mut position = 0_u64;
    for batch in FileRows::open(&path, key_schema)? {
        for key in keys.hashes(&batch?)? {
            if mine(key) {
                match known.get(&key) {
                    Some(found) => met.push((position, *found)),
                    None if question.mode == LoadMode::Full => gone.push(position),
                    None => {}
                }
            }
            position += 1;
        }
    }
    met.retain(|(_, found)| found.row.is_some());
    if met.is_empty() {
        return Ok(());
    }
    let field_schema = project(&schema, &field_names(question.dataset));
    let contents = Hasher::new(&field_schema, &field_names(question.dataset))?;
    let runs = Runs::of(met.iter().map(|(position, _)| *position).collect());
    let mut met = met.into_iter();
    for batch in FileRows::open_runs(&path, field_schema, runs.as_slice())? {
        for content in contents.hashes(&batch?)? {
            let Some((position, Known { content: given, row: Some(row) })) = met.next() else { continue };
            if content == given {
                set_fate(decision, row, RowFate::Unchanged);
            } else if question.mode == LoadMode::Append {
                reject(decision, row, KeyFault::ConflictInTable);
            } else {
                set_fate(decision, row, RowFate::Changed);
                changed.push(position);
            }
        }
    }
    Ok(())
}
