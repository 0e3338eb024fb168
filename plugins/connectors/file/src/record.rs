//! Records of delimited text: quoted fields, quoted line ends, true physical line numbers, and a bound on length, so
//! that a line of a gigabyte is refused and never held.

use crate::fault::{self, Place};
use crate::row::Row;
use crate::source::Source;
use crate::transcode::Transcoder;
use memchr::{memchr, memchr2, memchr3};
use zhengai_plugin::Result;

/// What the slow path found out about the bytes of one record.
enum Parsed {
    /// The record takes this many bytes, line end included.
    Record(usize),
    /// The end of the window came first, inside quotes or not.
    NeedMore(Quote),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Open,
    Closed,
}

/// Reads records one after another.
pub struct RecordReader {
    text: Transcoder,
    source: Source,
    line: u64,
    limit: usize,
}

impl RecordReader {
    /// Starts at line 1.
    pub fn new(text: Transcoder, source: Source, limit: usize) -> Self {
        Self { text, source, line: 1, limit }
    }

    /// The line that the next record starts at.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where errors point.
    pub fn place(&self) -> &Place {
        &self.source.place
    }

    /// Bytes of the file read so far.
    pub fn offset(&self) -> u64 {
        self.text.offset()
    }

    /// Decoded text at the front, as much as there is up to about `length`; nothing is consumed.
    pub fn peek(&mut self, length: usize) -> Result<&[u8]> {
        while self.text.window().len() < length && !self.text.ended() {
            self.fill()?;
        }
        let window = self.text.window();
        Ok(window.get(..length.min(window.len())).unwrap_or_default())
    }

    fn fill(&mut self) -> Result<()> {
        self.text.fill().map_err(|error| self.source.explain(&error))
    }

    /// The next physical line as one cell, without its line end; false at the end of the file.
    pub fn next_line(&mut self, row: &mut Row) -> Result<bool> {
        row.clear();
        row.line = self.line;
        let Some((length, end)) = self.find_line()? else { return Ok(false) };
        row.push(self.text.window().get(..length).unwrap_or_default());
        row.bad_offset = self.text.consume(length + end);
        self.line += 1;
        Ok(true)
    }

    /// The next record, blank lines included (a blank line is one empty cell); false at the end of the file.
    pub fn next_record(&mut self, delimiter: u8, row: &mut Row) -> Result<bool> {
        row.clear();
        row.line = self.line;
        let Some((length, end)) = self.find_line()? else { return Ok(false) };
        let line = self.text.window().get(..length).unwrap_or_default();
        if memchr(b'"', line).is_none() {
            split_plain(line, delimiter, row);
            row.bad_offset = self.text.consume(length + end);
            self.line += 1;
            return Ok(true);
        }
        self.next_quoted_record(delimiter, row)
    }

    fn next_quoted_record(&mut self, delimiter: u8, row: &mut Row) -> Result<bool> {
        loop {
            row.text.clear();
            row.cells.clear();
            let ended = self.text.ended();
            let mut lines = 0;
            match parse_quoted(self.text.window(), delimiter, ended, row, &mut lines) {
                Parsed::Record(length) => {
                    if length > self.limit {
                        return Err(fault::record_too_long(self.place(), row.line, self.limit));
                    }
                    row.bad_offset = self.text.consume(length);
                    self.line += lines;
                    return Ok(true);
                }
                Parsed::NeedMore(Quote::Open) if ended => return Err(fault::quote_open(self.place(), row.line)),
                Parsed::NeedMore(_) => self.double_window(row.line)?,
            }
        }
    }

    /// Doubling keeps the work of parsing again and again in proportion to the length of the record.
    fn double_window(&mut self, line: u64) -> Result<()> {
        let length = self.text.window().len();
        if length > self.limit {
            return Err(fault::record_too_long(self.place(), line, self.limit));
        }
        let wanted = (length * 2).min(self.limit + 1).max(length + 1);
        while self.text.window().len() < wanted && !self.text.ended() {
            self.fill()?;
        }
        Ok(())
    }

    /// Length of the line at the front and of its end; `None` at the end of the file.
    fn find_line(&mut self) -> Result<Option<(usize, usize)>> {
        let mut seen = 0;
        loop {
            let window = self.text.window();
            let ended = self.text.ended();
            if let Some(at) = memchr2(b'\n', b'\r', window.get(seen..).unwrap_or_default()) {
                let length = seen + at;
                if length > self.limit {
                    return Err(fault::record_too_long(self.place(), self.line, self.limit));
                }
                match (window.get(length), window.get(length + 1)) {
                    (Some(b'\r'), Some(b'\n')) => return Ok(Some((length, 2))),
                    (Some(b'\r'), None) if !ended => seen = length,
                    _ => return Ok(Some((length, 1))),
                }
            } else {
                seen = window.len();
                if ended {
                    return Ok((seen > 0).then_some((seen, 0)));
                }
            }
            if seen > self.limit {
                return Err(fault::record_too_long(self.place(), self.line, self.limit));
            }
            self.fill()?;
        }
    }
}

/// Cells of a line without a quote.
fn split_plain(line: &[u8], delimiter: u8, row: &mut Row) {
    row.text.extend_from_slice(line);
    let mut start = 0;
    for at in memchr::memchr_iter(delimiter, line) {
        row.cells.push((start, at));
        start = at + 1;
    }
    row.cells.push((start, line.len()));
}

/// Cells of a record with quotes. A quote opens only at the start of a cell and is doubled inside; what follows a
/// closing quote up to the delimiter belongs to the cell. Elsewhere a quote is an ordinary character.
fn parse_quoted(window: &[u8], delimiter: u8, ended: bool, row: &mut Row, lines: &mut u64) -> Parsed {
    let mut at = 0;
    let mut start = 0;
    *lines = 0;
    loop {
        if window.get(at) == Some(&b'"') {
            at += 1;
            match copy_quoted(window, at, &mut row.text, lines) {
                Some(behind) => at = behind,
                None => return Parsed::NeedMore(Quote::Open),
            }
            if at >= window.len() && !ended {
                return Parsed::NeedMore(Quote::Closed);
            }
        }
        let rest = window.get(at..).unwrap_or_default();
        let Some(length) = memchr3(delimiter, b'\n', b'\r', rest) else {
            if !ended {
                return Parsed::NeedMore(Quote::Closed);
            }
            row.text.extend_from_slice(rest);
            row.cells.push((start, row.text.len()));
            *lines += 1;
            return Parsed::Record(window.len());
        };
        row.text.extend_from_slice(rest.get(..length).unwrap_or_default());
        row.cells.push((start, row.text.len()));
        start = row.text.len();
        at += length + 1;
        match (rest.get(length), window.get(at)) {
            (Some(byte), _) if *byte == delimiter => {}
            (Some(b'\r'), None) if !ended => return Parsed::NeedMore(Quote::Closed),
            (Some(b'\r'), Some(b'\n')) => {
                *lines += 1;
                return Parsed::Record(at + 1);
            }
            _ => {
                *lines += 1;
                return Parsed::Record(at);
            }
        }
    }
}

/// Copies up to the closing quote and counts line ends; the position behind that quote, or `None` when there is none.
fn copy_quoted(window: &[u8], mut at: usize, text: &mut Vec<u8>, lines: &mut u64) -> Option<usize> {
    loop {
        let rest = window.get(at..)?;
        let length = memchr(b'"', rest)?;
        let inside = rest.get(..length)?;
        text.extend_from_slice(inside);
        *lines += count_line_ends(inside);
        at += length + 1;
        if window.get(at) != Some(&b'"') {
            return Some(at);
        }
        text.push(b'"');
        at += 1;
    }
}

/// CR LF, LF and CR each end one line.
fn count_line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n') {
            count += 1;
        }
    }
    count
}

/// One record from the front of a sample: its length, or `None` when the sample ends within it.
pub fn parse_record(sample: &[u8], delimiter: u8, sample_is_all: bool, row: &mut Row) -> Option<usize> {
    let mut lines = 0;
    match parse_quoted(sample, delimiter, sample_is_all, row, &mut lines) {
        Parsed::Record(length) => Some(length),
        Parsed::NeedMore(_) => None,
    }
}
