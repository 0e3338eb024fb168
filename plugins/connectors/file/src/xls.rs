//! XLS (BIFF) through calamine: a sheet has at most 65 536 rows, so it is read as a whole, once its extent was checked.
//! Whatever calamine makes of a damaged file, a panic included, becomes an error for people.

use crate::fault::{self, Place};
use crate::header::Merge;
use crate::number::{self, Shown};
use crate::ole::{self, Ole};
use crate::options::{Format, Limits};
use crate::source::Source;
use crate::workbook::{CellKind, SheetRow, SheetRows, Workbook};
use calamine::{Data, Range, Reader as _, SheetVisible, Xls, XlsError};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zhengai_plugin::Result;

/// An opened XLS workbook.
pub struct XlsWorkbook {
    book: Xls<Cursor<Vec<u8>>>,
    place: Place,
}

impl XlsWorkbook {
    /// Reads the workbook.
    pub fn open(source: &Source, limits: &Limits) -> Result<Self> {
        let place = source.place.clone();
        let damaged = |reason: &str| fault::bad_workbook(&place, reason);
        let ole = Ole::parse(ole::load(source, limits)?).ok_or_else(|| damaged("OLE"))?;
        if !ole.is_sane(limits) {
            return Err(damaged("BIFF"));
        }
        let bytes = ole.into_bytes();
        match catch_unwind(AssertUnwindSafe(|| Xls::new(Cursor::new(bytes)))) {
            Ok(Ok(book)) => Ok(Self { book, place }),
            Ok(Err(XlsError::Password)) => Err(fault::encrypted(&place)),
            Ok(Err(error)) => Err(damaged(&error.to_string())),
            Err(_) => Err(damaged("BIFF")),
        }
    }
}

impl Workbook for XlsWorkbook {
    fn format(&self) -> Format {
        Format::Xls
    }

    fn sheets(&self) -> Vec<String> {
        let sheets = self.book.sheets_metadata();
        sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone()).collect()
    }

    fn rows(&mut self, sheet: &str) -> Result<(Box<dyn SheetRows>, Vec<Merge>)> {
        let damaged = |reason: &str| fault::bad_workbook(&self.place, reason);
        let range = self.book.worksheet_range(sheet).map_err(|error| damaged(&error.to_string()))?;
        let merges = self.book.merge_cells_by_sheet_name(sheet).map_err(|error| damaged(&error.to_string()))?;
        let merges = merges
            .into_iter()
            .map(|merge| Merge {
                top: u64::from(merge.start.0) + 1,
                bottom: u64::from(merge.end.0) + 1,
                left: merge.start.1,
                right: merge.end.1,
            })
            .collect();
        Ok((Box::new(XlsRows { range, next: 0, is_1904: self.book.has_1904_epoch() }), merges))
    }
}

struct XlsRows {
    range: Range<Data>,
    next: usize,
    is_1904: bool,
}

impl SheetRows for XlsRows {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool> {
        let (top, left) = self.range.start().unwrap_or((0, 0));
        while self.next < self.range.height() {
            row.text.clear();
            row.cells.clear();
            row.line = u64::from(top) + self.next as u64 + 1;
            for offset in 0..self.range.width() {
                if let Some(data) = self.range.get((self.next, offset)) {
                    let column = left + u32::try_from(offset).unwrap_or(u32::MAX);
                    push(row, column, data, self.is_1904);
                }
            }
            self.next += 1;
            if !row.cells.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn push(row: &mut SheetRow, column: u32, data: &Data, is_1904: bool) {
    match data {
        Data::Empty => {}
        Data::String(text) => row.push(column, CellKind::Text, text),
        Data::Int(value) => row.push(column, CellKind::Value, &value.to_string()),
        Data::Float(value) => row.push(column, CellKind::Value, &number::from_f64(*value)),
        Data::Bool(value) => row.push(column, CellKind::Value, if *value { "true" } else { "false" }),
        Data::DateTimeIso(text) | Data::DurationIso(text) => row.push(column, CellKind::Value, text),
        Data::Error(error) => row.push(column, CellKind::Error, &error.to_string()),
        Data::DateTime(value) => {
            let serial = value.as_f64();
            // calamine tells a date or time from a number, but not which of the two the format shows.
            let shown = if value.is_duration() {
                Shown::Duration
            } else if serial.fract() == 0.0 {
                Shown::Date
            } else if serial < 1.0 {
                Shown::Time
            } else {
                Shown::DateTime
            };
            let text = number::date_text(serial, shown, is_1904).unwrap_or_else(|| number::from_f64(serial));
            row.push(column, CellKind::Value, &text);
        }
    }
}
