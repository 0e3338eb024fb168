//! JSON lines. Columns are the keys of the first lines, in the order they come up; a key that comes up later makes its
//! row a `row.columns` fault that names it, so that nothing is dropped in silence.

use crate::csv::records;
use crate::encoding;
use crate::fault;
use crate::header::check_names;
use crate::json_line::{Member, members};
use crate::options::{Format, Limits, ReadOptions};
use crate::record::RecordReader;
use crate::row::{Row, RowFault};
use crate::source::Source;
use crate::table::{Rows, Table, TableInfo};
use std::collections::{HashMap, VecDeque};
use zhengai_plugin::Result;

/// Lines whose keys make the columns.
const SAMPLE_LINES: usize = 1000;
/// Bytes of them that are kept at most.
const SAMPLE_BYTES: usize = 8 << 20;
/// How much of a bad line is shown.
const SHOWN: usize = 200;

/// Opens a file of JSON lines.
pub fn open(source: &Source, options: &ReadOptions, limits: &Limits) -> Result<Table> {
    let encoding = encoding::detect(source, options.encoding()?)?;
    let mut records = records(source, encoding, limits)?;
    let mut waiting = VecDeque::new();
    let mut columns: Vec<String> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let (mut lines, mut bytes) = (0, 0);
    let mut first_bad = None;
    let mut row = Row::default();
    while lines < SAMPLE_LINES && bytes < SAMPLE_BYTES && records.next_line(&mut row)? {
        if row.is_blank() {
            continue;
        }
        lines += 1;
        bytes += row.text.len();
        match members(&row.cell_text(0)) {
            Ok(members) => {
                for member in members {
                    if !index.contains_key(&member.key) {
                        index.insert(member.key.clone(), columns.len());
                        columns.push(member.key);
                    }
                }
            }
            Err(position) => {
                first_bad.get_or_insert((row.line, position));
            }
        }
        waiting.push_back(row.clone());
    }
    if columns.is_empty() {
        return Err(match first_bad {
            Some((line, position)) => fault::bad_json_lines(&source.place, line, &position.to_string()),
            None => fault::empty(&source.place),
        });
    }
    check_names(&source.place, 1, &columns)?;
    let mut info = TableInfo::new(source.place.clone(), Format::JsonLines, source.gz);
    info.encoding = Some(encoding.name());
    info.columns = columns;
    let line = Row::default();
    Ok(Table { rows: Box::new(JsonRows { records, waiting, index, line }), info })
}

struct JsonRows {
    records: RecordReader,
    waiting: VecDeque<Row>,
    index: HashMap<String, usize>,
    line: Row,
}

impl Rows for JsonRows {
    fn next(&mut self, row: &mut Row) -> Result<bool> {
        loop {
            match self.waiting.pop_front() {
                Some(line) => self.line = line,
                None if self.records.next_line(&mut self.line)? => {}
                None => return Ok(false),
            }
            if !self.line.is_blank() {
                break;
            }
        }
        row.clear();
        row.line = self.line.line;
        row.bad_offset = self.line.bad_offset;
        let text = self.line.cell_text(0);
        match members(&text) {
            Ok(members) => self.place(members, row),
            Err(position) => {
                (0..self.index.len()).for_each(|_| row.push(b""));
                row.fault = Some(RowFault::syntax(text.chars().take(SHOWN).collect(), position));
            }
        }
        Ok(true)
    }

    fn offset(&self) -> u64 {
        self.records.offset()
    }
}

impl JsonRows {
    fn place(&self, members: Vec<Member>, row: &mut Row) {
        let width = self.index.len();
        let mut values: Vec<Option<String>> = vec![None; width];
        let mut stranger = None;
        for member in members {
            match self.index.get(&member.key).and_then(|at| values.get_mut(*at)) {
                Some(value) => *value = member.value,
                None => {
                    stranger.get_or_insert(member);
                }
            }
        }
        for value in &values {
            row.push(value.as_deref().unwrap_or_default().as_bytes());
        }
        row.fault = stranger.map(|member| RowFault {
            column: Some(member.key),
            value: member.value,
            ..RowFault::columns(width, width + 1)
        });
    }
}
