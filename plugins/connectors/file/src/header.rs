//! Where the header is and what the columns are called: title rows above it, header rows with merged cells, blank and
//! double names.

use crate::fault::{self, Place};
use crate::notice::Notice;
use crate::options::ReadOptions;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_plugin::Result;

/// How many rows with content are looked at.
pub const SAMPLE_ROWS: usize = 50;
/// How many rows a header may have that is found by its merged cells.
const MAX_HEADER_ROWS: u64 = 6;

/// Names that batches use themselves.
pub const RESERVED: [&str; 2] = ["_line", "_fault"];

/// A cell of the sample, by column from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCell {
    /// Its text, never blank.
    pub text: String,
    /// Whether it could be a label rather than a value.
    pub is_label: bool,
}

/// A row of the sample.
#[derive(Debug, Clone, Default)]
pub struct SampleRow {
    /// Its line.
    pub line: u64,
    /// Cells with content.
    pub cells: BTreeMap<u32, SampleCell>,
}

/// Merged cells: rows as lines from 1, columns from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First line.
    pub top: u64,
    /// Last line.
    pub bottom: u64,
    /// First column.
    pub left: u32,
    /// Last column.
    pub right: u32,
}

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Column of the first name, from 0.
    pub left: u32,
    /// First line of the header.
    pub line: u64,
    /// Last line of the header.
    pub last_line: u64,
    /// Worth telling: skipped rows, unnamed columns.
    pub notices: Vec<Notice>,
}

/// How a format counts columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Delimited text: from the first column to the last one of the header, whatever the rows have.
    Text,
    /// A sheet: wherever there is content.
    Sheet,
}

/// Finds the header in the first rows that have content.
pub fn locate(
    place: &Place,
    sample: &[SampleRow],
    merges: &[Merge],
    options: &ReadOptions,
    shape: Shape,
) -> Result<Header> {
    let expanded = expand(sample, merges);
    let first = match options.skip_rows {
        Some(skip) => expanded
            .iter()
            .position(|row| row.line > u64::from(skip))
            .ok_or_else(|| fault::header_beyond_end(place, u64::from(skip) + 1))?,
        None => guess(&expanded, shape),
    };
    let row = expanded.get(first).ok_or_else(|| fault::empty(place))?;
    let line = row.line;
    let last_line = match options.header_rows {
        Some(rows) => {
            let index = first + usize::try_from(rows).unwrap_or(usize::MAX).saturating_sub(1);
            let missing = || fault::header_beyond_end(place, line + u64::from(rows) - 1);
            expanded.get(index).ok_or_else(missing)?.line
        }
        None => last_header_line(&expanded, merges, line),
    };
    let mut header = name_columns(place, &expanded, merges, line, last_line, shape)?;
    if options.skip_rows.is_none() && first > 0 {
        header.notices.insert(0, Notice::skipped(place, first as u64));
    }
    Ok(header)
}

/// Gives every cell of a merged region the text of its first one.
fn expand(sample: &[SampleRow], merges: &[Merge]) -> Vec<SampleRow> {
    let mut rows = sample.to_vec();
    for merge in merges {
        let Some(cell) =
            sample.iter().find(|row| row.line == merge.top).and_then(|row| row.cells.get(&merge.left)).cloned()
        else {
            continue;
        };
        for row in rows.iter_mut().filter(|row| (merge.top..=merge.bottom).contains(&row.line)) {
            for column in merge.left..=merge.right {
                row.cells.entry(column).or_insert_with(|| cell.clone());
            }
        }
    }
    rows
}

/// The first row that is mostly labels, has more than one, and is about as wide as the table.
fn guess(rows: &[SampleRow], shape: Shape) -> usize {
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    if widest < 2 {
        return 0;
    }
    let distinct = |row: &SampleRow| row.cells.values().map(|cell| cell.text.as_str()).collect::<BTreeSet<_>>().len();
    if shape == Shape::Text {
        // Text has no merged cells; a title is a line with one cell above a table where most lines have more.
        let several = rows.iter().filter(|row| row.cells.len() > 1).count();
        let is_table = several * 2 >= rows.len();
        return rows.iter().position(|row| is_table && row.cells.len() > 1).unwrap_or(0);
    }
    let is_header = |row: &SampleRow| {
        let labels = row.cells.values().filter(|cell| cell.is_label).count();
        let captions = row.cells.values().filter(|cell| cell.text.contains(['：', ':'])).count();
        distinct(row) > 1
            && labels * 2 > row.cells.len()
            && captions * 2 <= row.cells.len()
            && row.cells.len() * 10 >= widest * 6
    };
    rows.iter().position(is_header).or_else(|| rows.iter().position(|row| distinct(row) > 1)).unwrap_or(0)
}

/// Merged cells that begin in the header tell how far it goes: down to their last row, and one further below those that
/// stretch over several columns.
fn last_header_line(rows: &[SampleRow], merges: &[Merge], line: u64) -> u64 {
    let mut last = line;
    loop {
        let mut reach = last;
        for merge in merges.iter().filter(|merge| (line..=last).contains(&merge.top)) {
            reach = reach.max(merge.bottom);
            let below = rows.iter().find(|row| row.line == merge.bottom + 1);
            let labelled = below.is_some_and(|row| {
                (merge.left..=merge.right).any(|column| row.cells.get(&column).is_some_and(|cell| cell.is_label))
            });
            if merge.right > merge.left && merge.bottom == last && labelled {
                reach = reach.max(merge.bottom + 1);
            }
        }
        if reach == last || reach >= line + MAX_HEADER_ROWS {
            return last;
        }
        last = reach;
    }
}

fn name_columns(
    place: &Place,
    rows: &[SampleRow],
    merges: &[Merge],
    line: u64,
    last_line: u64,
    shape: Shape,
) -> Result<Header> {
    let header: Vec<&SampleRow> = rows.iter().filter(|row| (line..=last_line).contains(&row.line)).collect();
    let relevant: Vec<&SampleRow> = match shape {
        Shape::Text => header.clone(),
        Shape::Sheet => rows.iter().filter(|row| row.line >= line).collect(),
    };
    let columns_used = || relevant.iter().flat_map(|row| row.cells.keys().copied());
    let left = if shape == Shape::Text { 0 } else { columns_used().min().unwrap_or(0) };
    let right = columns_used().max().unwrap_or(0);

    let mut names = Vec::new();
    let mut unnamed = Vec::new();
    for column in left..=right {
        let mut parts: Vec<String> = Vec::new();
        for (index, row) in header.iter().enumerate() {
            let is_last = index + 1 == header.len();
            let own = row.cells.get(&column).map(|cell| tidy(&cell.text));
            // Without merged cells (text, or a header stated by hand) an upper label reaches to the right as far as
            // there are labels below it.
            let labelled_below = header.iter().skip(index + 1).any(|below| below.cells.contains_key(&column));
            let inherited = || {
                (!is_last && merges.is_empty() && labelled_below)
                    .then(|| row.cells.range(..column).next_back().map(|(_, cell)| tidy(&cell.text)))
                    .flatten()
            };
            if let Some(part) = own.or_else(inherited)
                && parts.last() != Some(&part)
            {
                parts.push(part);
            }
        }
        if parts.is_empty() {
            unnamed.push(format!("#{}", column + 1));
            names.push(format!("#{}", column + 1));
        } else {
            names.push(parts.join("/"));
        }
    }
    let mut notices = Vec::new();
    if !unnamed.is_empty() {
        notices.push(Notice::unnamed(place, &unnamed.join(", ")));
    }
    check_names(place, line, &names)?;
    Ok(Header { columns: names, left, line, last_line, notices })
}

/// Refuses double and reserved names.
pub fn check_names(place: &Place, line: u64, names: &[String]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let mut double: Vec<&str> = Vec::new();
    for name in names {
        if RESERVED.contains(&name.as_str()) {
            return Err(fault::reserved_header(place, line, name));
        }
        if !seen.insert(name) && !double.contains(&name.as_str()) {
            double.push(name);
        }
    }
    if double.is_empty() { Ok(()) } else { Err(fault::duplicate_header(place, line, &double.join(", "))) }
}

/// A label as a name: trimmed, and a line break inside it gone (a space between Latin words).
pub fn tidy(label: &str) -> String {
    let mut name = String::with_capacity(label.len());
    for part in label.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()) {
        let latin = |side: Option<char>| side.is_some_and(|side| side.is_ascii_alphanumeric());
        if latin(name.chars().next_back()) && latin(part.chars().next()) {
            name.push(' ');
        }
        name.push_str(part);
    }
    name
}

/// Whether a text could be a label: anything but a number; four digits like a year could.
pub fn is_label(text: &str) -> bool {
    let text = text.trim();
    let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    year || text.parse::<f64>().is_err()
}
