//! Writers of the files that colleges have: CSV in UTF-8 with a byte-order mark or in GBK, and workbooks with a title
//! and merged header rows. Rows stream through; only workbooks, which are small, are held in memory. Nothing here
//! knows what a row means.

use super::DemoError;
use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// One cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Int(i64),
    /// A decimal: unscaled value and digits after the point.
    Dec(i64, u32),
    Date(NaiveDate),
    Blank,
}

/// How dates are written in a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateStyle {
    /// 2025-09-01
    Iso,
    /// 2025/9/1
    Slashes,
    /// 20250901
    Compact,
    /// 2025年9月1日
    Chinese,
}

/// The shape of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// UTF-8 with byte-order mark, commas.
    Utf8Csv(DateStyle),
    /// GBK, commas.
    GbkCsv(DateStyle),
    /// UTF-8 without mark, TABs.
    Tsv(DateStyle),
    /// One header row.
    Workbook,
    /// A title row, then two header rows of which the upper one is merged: a header `上/下` becomes two cells.
    TitledWorkbook,
}

impl Shape {
    /// The name used in the manifest.
    pub(super) fn format(self) -> &'static str {
        match self {
            Self::Utf8Csv(_) => "csv utf-8",
            Self::GbkCsv(_) => "csv gbk",
            Self::Tsv(_) => "tsv utf-8",
            Self::Workbook => "xlsx",
            Self::TitledWorkbook => "xlsx titled",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Utf8Csv(_) | Self::GbkCsv(_) => "csv",
            Self::Tsv(_) => "tsv",
            Self::Workbook | Self::TitledWorkbook => "xlsx",
        }
    }
}

/// A file being written.
pub(super) struct Table {
    /// File name without folder.
    pub(super) file: String,
    pub(super) shape: Shape,
    pub(super) headers: Vec<String>,
    /// Rows written, faulty ones included.
    pub(super) rows: u64,
    path: PathBuf,
    line: u64,
    sink: Sink,
    buffer: String,
}

enum Sink {
    Text { out: BufWriter<File>, delimiter: char, dates: DateStyle, gbk: bool },
    Book { book: Box<Workbook>, dates: Format },
}

/// Sheet name of every workbook.
pub(super) const SHEET: &str = "数据";

impl Table {
    /// Opens the file and writes its header. `title` is used by titled workbooks.
    pub(super) fn create(
        dir: &Path,
        stem: &str,
        shape: Shape,
        title: &str,
        headers: &[&str],
    ) -> Result<Self, DemoError> {
        let file = format!("{stem}.{}", shape.extension());
        let path = dir.join(&file);
        let text = |delimiter, dates, gbk| -> Result<Sink, DemoError> {
            let out = File::create(&path).map_err(|source| DemoError::write(&path, source))?;
            Ok(Sink::Text { out: BufWriter::with_capacity(1 << 18, out), delimiter, dates, gbk })
        };
        let sink = match shape {
            Shape::Utf8Csv(dates) => text(',', dates, false)?,
            Shape::GbkCsv(dates) => text(',', dates, true)?,
            Shape::Tsv(dates) => text('\t', dates, false)?,
            Shape::Workbook | Shape::TitledWorkbook => {
                Sink::Book { book: Box::new(Workbook::new()), dates: Format::new().set_num_format("yyyy-mm-dd") }
            }
        };
        let mut table = Self {
            file,
            shape,
            headers: headers.iter().map(|header| (*header).to_owned()).collect(),
            rows: 0,
            path,
            line: 0,
            sink,
            buffer: String::new(),
        };
        table.header(title)?;
        Ok(table)
    }

    fn header(&mut self, title: &str) -> Result<(), DemoError> {
        let headers = self.headers.clone();
        match &mut self.sink {
            Sink::Text { out, gbk, .. } => {
                if matches!(self.shape, Shape::Utf8Csv(_)) {
                    out.write_all("\u{feff}".as_bytes()).map_err(|source| DemoError::write(&self.path, source))?;
                }
                let _ = gbk;
                let cells: Vec<Cell<'_>> = headers.iter().map(|header| Cell::Text(header)).collect();
                self.put(&cells)?;
                self.rows = 0;
            }
            Sink::Book { book, .. } => {
                let made = ExcelDateTime::from_ymd(2026, 9, 1).map_err(|source| DemoError::book(&self.path, source))?;
                book.set_properties(&DocProperties::new().set_creation_datetime(&made));
                let sheet = book.add_worksheet();
                sheet.set_name(SHEET).map_err(|source| DemoError::book(&self.path, source))?;
                let top = if self.shape == Shape::TitledWorkbook { 3 } else { 1 };
                titled(sheet, title, &headers, top).map_err(|source| DemoError::book(&self.path, source))?;
                self.line = u64::from(top);
            }
        }
        Ok(())
    }

    /// Writes a row and returns its line.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<u64, DemoError> {
        debug_assert_eq!(cells.len(), self.headers.len(), "{}", self.file);
        self.put(cells)
    }

    /// Writes a row that may have another number of cells, and returns its line.
    pub(super) fn ragged(&mut self, cells: &[Cell<'_>]) -> Result<u64, DemoError> {
        self.put(cells)
    }

    fn put(&mut self, cells: &[Cell<'_>]) -> Result<u64, DemoError> {
        self.line += 1;
        self.rows += 1;
        match &mut self.sink {
            Sink::Text { out, delimiter, dates, gbk } => {
                self.buffer.clear();
                for (position, cell) in cells.iter().enumerate() {
                    if position > 0 {
                        self.buffer.push(*delimiter);
                    }
                    write_cell(&mut self.buffer, *cell, *dates, *delimiter);
                }
                self.buffer.push_str("\r\n");
                let written = if *gbk {
                    let (bytes, _, _) = encoding_rs::GBK.encode(&self.buffer);
                    out.write_all(&bytes)
                } else {
                    out.write_all(self.buffer.as_bytes())
                };
                written.map_err(|source| DemoError::write(&self.path, source))?;
            }
            Sink::Book { book, dates } => {
                let row = u32::try_from(self.line - 1).expect("workbooks hold few rows");
                let sheet = book.worksheet_from_index(0).map_err(|source| DemoError::book(&self.path, source))?;
                for (column, cell) in (0u16..).zip(cells) {
                    let done = match cell {
                        Cell::Text(text) => sheet.write_string(row, column, *text).map(|_| ()),
                        Cell::Int(number) => sheet.write_number(row, column, *number as f64).map(|_| ()),
                        Cell::Dec(number, digits) => {
                            let value = *number as f64 / 10f64.powi(i32::try_from(*digits).expect("few digits"));
                            sheet.write_number(row, column, value).map(|_| ())
                        }
                        Cell::Date(day) => excel_date(*day)
                            .and_then(|day| sheet.write_with_format(row, column, &day, dates).map(|_| ())),
                        Cell::Blank => Ok(()),
                    };
                    done.map_err(|source| DemoError::book(&self.path, source))?;
                }
            }
        }
        Ok(self.line)
    }

    /// The sheet that rows are in, for workbooks.
    pub(super) fn sheet(&self) -> Option<&'static str> {
        matches!(self.sink, Sink::Book { .. }).then_some(SHEET)
    }

    /// Flushes or saves the file.
    pub(super) fn finish(self) -> Result<(), DemoError> {
        match self.sink {
            Sink::Text { mut out, .. } => out.flush().map_err(|source| DemoError::write(&self.path, source)),
            Sink::Book { mut book, .. } => book.save(&self.path).map_err(|source| DemoError::book(&self.path, source)),
        }
    }
}

fn excel_date(day: NaiveDate) -> Result<ExcelDateTime, rust_xlsxwriter::XlsxError> {
    use chrono::Datelike;
    let year = u16::try_from(day.year()).expect("a year of this millennium");
    let month = u8::try_from(day.month()).expect("at most 12");
    let day = u8::try_from(day.day()).expect("at most 31");
    ExcelDateTime::from_ymd(year, month, day)
}

fn titled(
    sheet: &mut rust_xlsxwriter::Worksheet,
    title: &str,
    headers: &[String],
    top: u32,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    let head = Format::new().set_bold().set_align(FormatAlign::Center).set_border(FormatBorder::Thin);
    if top == 1 {
        for (column, header) in (0u16..).zip(headers) {
            sheet.write_with_format(0, column, header.as_str(), &head)?;
        }
        return Ok(());
    }
    let last = u16::try_from(headers.len().saturating_sub(1)).expect("few columns");
    let big = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, title, &big)?;
    let mut start = 0usize;
    while start < headers.len() {
        let column = u16::try_from(start).expect("few columns");
        let Some((upper, _)) = headers[start].split_once('/') else {
            sheet.merge_range(1, column, 2, column, &headers[start], &head)?;
            start += 1;
            continue;
        };
        let same = |header: &String| header.split_once('/').is_some_and(|(other, _)| other == upper);
        let end = start + headers[start..].iter().take_while(|header| same(header)).count();
        let final_column = u16::try_from(end - 1).expect("few columns");
        if end - start > 1 {
            sheet.merge_range(1, column, 1, final_column, upper, &head)?;
        } else {
            sheet.write_with_format(1, column, upper, &head)?;
        }
        for (below, header) in (column..).zip(&headers[start..end]) {
            let lower = header.split_once('/').map_or(header.as_str(), |(_, lower)| lower);
            sheet.write_with_format(2, below, lower, &head)?;
        }
        start = end;
    }
    Ok(())
}

fn write_cell(buffer: &mut String, cell: Cell<'_>, dates: DateStyle, delimiter: char) {
    use chrono::Datelike;
    // Writing to a String cannot fail.
    let _ = match cell {
        Cell::Text(text) if text.contains([delimiter, '"', '\n', '\r']) => {
            buffer.push('"');
            buffer.push_str(&text.replace('"', "\"\""));
            buffer.push('"');
            Ok(())
        }
        Cell::Text(text) => {
            buffer.push_str(text);
            Ok(())
        }
        Cell::Int(number) => write!(buffer, "{number}"),
        Cell::Dec(number, 0) => write!(buffer, "{number}"),
        Cell::Dec(number, digits) => {
            let unit = 10u64.pow(digits);
            let sign = if number < 0 { "-" } else { "" };
            let size = number.unsigned_abs();
            let width = digits as usize;
            write!(buffer, "{sign}{}.{:0width$}", size / unit, size % unit)
        }
        Cell::Date(day) => match dates {
            DateStyle::Iso => write!(buffer, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            DateStyle::Slashes => write!(buffer, "{}/{}/{}", day.year(), day.month(), day.day()),
            DateStyle::Compact => write!(buffer, "{:04}{:02}{:02}", day.year(), day.month(), day.day()),
            DateStyle::Chinese => write!(buffer, "{}年{}月{}日", day.year(), day.month(), day.day()),
        },
        Cell::Blank => Ok(()),
    };
}
