//! Delimited text.

use crate::delimiter;
use crate::encoding::{self, Detected};
use crate::fault;
use crate::header::{self, SAMPLE_ROWS, SampleCell, SampleRow, Shape};
use crate::options::{Format, Limits, ReadOptions};
use crate::record::RecordReader;
use crate::row::{Row, is_blank};
use crate::source::Source;
use crate::table::{Rows, Table, TableInfo};
use crate::transcode::Transcoder;
use std::collections::VecDeque;
use zhengai_plugin::Result;

/// Decoded text that the delimiter is looked for in.
const SAMPLE_BYTES: usize = 1 << 16;

/// A reader of records of the file, from its first line.
pub fn records(source: &Source, encoding: Detected, limits: &Limits) -> Result<RecordReader> {
    let input = source.read()?;
    let text = Transcoder::new(input, encoding.encoding, encoding.mark).map_err(|error| source.explain(&error))?;
    Ok(RecordReader::new(text, source.clone(), limits.max_line_bytes))
}

/// Opens a delimited text.
pub fn open(source: &Source, options: &ReadOptions, limits: &Limits) -> Result<Table> {
    let encoding = encoding::detect(source, options.encoding()?)?;
    let mut records = records(source, encoding, limits)?;
    let mut delimiter = options.delimiter()?;
    if let Some(declared) = declared_delimiter(records.peek(8)?) {
        delimiter = delimiter.or(Some(declared));
        records.next_line(&mut Row::default())?;
    }
    let skip = u64::from(options.skip_rows.unwrap_or(0));
    let mut skipped = Row::default();
    while records.line() <= skip && records.next_line(&mut skipped)? {}
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => {
            let sample = records.peek(SAMPLE_BYTES)?;
            let is_all = sample.len() < SAMPLE_BYTES;
            delimiter::detect(sample, is_all)
        }
    };

    let (waiting, sample) = read_sample(&mut records, delimiter)?;
    if sample.is_empty() {
        let place = &source.place;
        let nothing_skipped = skip == 0;
        return Err(if nothing_skipped { fault::empty(place) } else { fault::header_beyond_end(place, skip + 1) });
    }
    let header = header::locate(&source.place, &sample, &[], options, Shape::Text);
    // Names that cannot be decoded are no names, and whatever else is said of them would lead astray.
    let last = header.as_ref().map_or_else(|_| sample.first().map_or(0, |row| row.line), |header| header.last_line);
    let undecodable = waiting.iter().filter(|row| row.line <= last).find_map(|row| Some((row.line, row.bad_offset?)));
    if let Some((line, offset)) = undecodable {
        return Err(fault::header_encoding(&source.place, line, offset, &encoding.name()));
    }
    let header = header?;
    // A header with a blank last cell is as wide as its record says, not as its labels reach.
    let width = waiting.iter().find(|row| row.line == header.last_line).map_or(0, |row| row.cells.len());
    let mut columns = header.columns;
    let mut notices = header.notices;
    if columns.len() < width {
        let added: Vec<String> = (columns.len() + 1..=width).map(|column| format!("#{column}")).collect();
        notices.retain(|notice| notice.rule != "column.unnamed");
        columns.extend(added);
        header::check_names(&source.place, header.line, &columns)?;
        let unnamed: Vec<&str> = columns.iter().filter(|name| name.starts_with('#')).map(String::as_str).collect();
        notices.push(crate::notice::Notice::unnamed(&source.place, &unnamed.join(", ")));
    }
    let mut info = TableInfo::new(source.place.clone(), Format::Csv, source.gz);
    info.encoding = Some(encoding.name());
    info.delimiter = Some(delimiter::name(delimiter));
    info.columns = columns;
    info.header_line = Some(header.line);
    info.notices = notices;
    let waiting = waiting.into_iter().filter(|row| row.line > header.last_line).collect();
    Ok(Table { info, rows: Box::new(CsvRows { records, delimiter, waiting }) })
}

/// The line `sep=;` that Excel understands.
fn declared_delimiter(head: &[u8]) -> Option<u8> {
    match head.strip_prefix(b"sep=")? {
        [delimiter, b'\r' | b'\n', ..] => Some(*delimiter),
        _ => None,
    }
}

/// The first rows that have content, kept for reading, and their cells for finding the header.
fn read_sample(records: &mut RecordReader, delimiter: u8) -> Result<(VecDeque<Row>, Vec<SampleRow>)> {
    let mut waiting = VecDeque::new();
    let mut sample = Vec::new();
    let mut bytes = 0;
    let mut row = Row::default();
    let more =
        |sample: &[SampleRow], waiting: &VecDeque<Row>| sample.len() < SAMPLE_ROWS && waiting.len() < 4 * SAMPLE_ROWS;
    while more(&sample, &waiting) && bytes < 4 * SAMPLE_BYTES && records.next_record(delimiter, &mut row)? {
        bytes += row.text.len();
        if row.is_blank() {
            // Those above the table do not matter; those within it are counted when they are read.
            if !sample.is_empty() {
                waiting.push_back(row.clone());
            }
            continue;
        }
        let mut cells = std::collections::BTreeMap::new();
        for index in (0..row.cells.len()).filter(|index| !is_blank(row.cell(*index))) {
            let text = row.cell_text(index);
            let is_label = header::is_label(&text);
            cells.insert(u32::try_from(index).unwrap_or(u32::MAX), SampleCell { text, is_label });
        }
        sample.push(SampleRow { line: row.line, cells });
        waiting.push_back(row.clone());
    }
    Ok((waiting, sample))
}

struct CsvRows {
    records: RecordReader,
    delimiter: u8,
    waiting: VecDeque<Row>,
}

impl Rows for CsvRows {
    fn next(&mut self, row: &mut Row) -> Result<bool> {
        if let Some(first) = self.waiting.pop_front() {
            *row = first;
            return Ok(true);
        }
        self.records.next_record(self.delimiter, row)
    }

    fn offset(&self) -> u64 {
        self.records.offset()
    }
}
