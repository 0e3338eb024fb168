//! What XLSX and XLS have in common: sheets of rows with cells here and there, and how a table is made of one.

use crate::fault::{self, Place};
use crate::header::{self, Header, Merge, SAMPLE_ROWS, SampleCell, SampleRow, Shape};
use crate::notice::Notice;
use crate::options::{Format, Limits, ReadOptions};
use crate::row::{Row, RowFault, is_blank};
use crate::table::{Rows, Table, TableInfo};
use std::collections::{BTreeMap, VecDeque};
use zhengai_plugin::{PluginError, Result};

/// What kind of value a cell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Text.
    Text,
    /// Number, date, truth value.
    Value,
    /// An error such as `#N/A`.
    Error,
}

/// A cell: its column from 0, and where its text lies in the row's.
#[derive(Debug, Clone, Copy)]
pub struct SheetCell {
    /// Column, from 0.
    pub column: u32,
    /// Start of its text.
    pub start: usize,
    /// End of its text.
    pub end: usize,
    /// Its kind.
    pub kind: CellKind,
}

/// A row of a sheet, used again and again.
#[derive(Debug, Clone, Default)]
pub struct SheetRow {
    /// Row number, from 1.
    pub line: u64,
    /// Canonical text of all cells.
    pub text: String,
    /// Cells with content.
    pub cells: Vec<SheetCell>,
}

impl SheetRow {
    /// Appends a cell that has content.
    pub fn push(&mut self, column: u32, kind: CellKind, text: &str) {
        if !text.is_empty() {
            let start = self.text.len();
            self.text.push_str(text);
            self.cells.push(SheetCell { column, start, end: self.text.len(), kind });
        }
    }

    fn cell(&self, cell: &SheetCell) -> &str {
        self.text.get(cell.start..cell.end).unwrap_or_default()
    }

    fn is_blank(&self) -> bool {
        is_blank(self.text.as_bytes())
    }
}

/// Rows of one sheet.
pub trait SheetRows: Send {
    /// Fills the row with the next one that has cells; false at the end.
    fn next(&mut self, row: &mut SheetRow) -> Result<bool>;
}

/// A workbook.
pub trait Workbook {
    /// Its format.
    fn format(&self) -> Format;
    /// Names of its sheets, in order, without hidden ones.
    fn sheets(&self) -> Vec<String>;
    /// Rows and merged cells of a sheet.
    fn rows(&mut self, sheet: &str) -> Result<(Box<dyn SheetRows>, Vec<Merge>)>;
}

/// What a workbook is opened with.
pub struct Opening<'a> {
    /// The file.
    pub place: Place,
    /// Whether it is gz.
    pub gz: bool,
    /// How to read it.
    pub options: &'a ReadOptions,
    /// Bounds.
    pub limits: &'a Limits,
}

impl Opening<'_> {
    /// The sheet named in the options, or the first one with content.
    pub fn open(&self, workbook: &mut dyn Workbook) -> Result<Table> {
        let sheets = workbook.sheets();
        if let Some(wanted) = &self.options.sheet {
            let Some(name) = sheets.iter().find(|name| name.trim() == wanted.trim()) else {
                return Err(fault::no_sheet(&self.place, wanted, &sheets.join(", ")));
            };
            return self.table(workbook, name)?.ok_or_else(|| fault::empty(&self.place.sheet(name)));
        }
        for name in &sheets {
            if let Some(table) = self.table(workbook, name)? {
                return Ok(table);
            }
        }
        Err(fault::empty(&self.place))
    }

    /// All sheets with content; what is wrong with one does not hide the others.
    pub fn discover(&self, workbook: &mut dyn Workbook) -> Vec<(String, Result<TableInfo, PluginError>)> {
        let mut found = Vec::new();
        for name in workbook.sheets() {
            match self.table(workbook, &name) {
                Ok(Some(table)) => found.push((name, Ok(table.info))),
                Ok(None) => {}
                Err(error) => found.push((name, Err(error))),
            }
        }
        found
    }

    /// The table of a sheet; `None` when it is empty.
    fn table(&self, workbook: &mut dyn Workbook, sheet: &str) -> Result<Option<Table>> {
        let place = self.place.sheet(sheet);
        let (mut rows, merges) = workbook.rows(sheet).map_err(|error| in_sheet(error, &place))?;
        let mut waiting = VecDeque::new();
        let mut sample = Vec::new();
        let mut row = SheetRow::default();
        while sample.len() < SAMPLE_ROWS && rows.next(&mut row)? {
            if !row.is_blank() {
                sample.push(sample_row(&row));
                waiting.push_back(row.clone());
            }
        }
        if sample.is_empty() {
            return Ok(None);
        }
        let header = header::locate(&place, &sample, &merges, self.options, Shape::Sheet)?;
        let mut info = TableInfo::new(place.clone(), workbook.format(), self.gz);
        info.columns = header.columns.clone();
        info.header_line = Some(header.line);
        info.notices.extend(header.notices.iter().cloned());
        // Only the first cell of a merged region has the value, and whether it was meant for all of its rows nobody
        // can tell: an amount merged over three rows is one amount.
        if let Some(merge) = merges.iter().find(|merge| merge.top > header.last_line && merge.bottom > merge.top) {
            info.notices.push(Notice::merged_rows(&place, merge.top));
        }
        waiting.retain(|row: &SheetRow| row.line > header.last_line);
        let rows = TableRows {
            rows,
            waiting,
            header,
            place,
            cells: 0,
            max_cells: self.limits.max_cells,
            current: SheetRow::default(),
        };
        Ok(Some(Table { info, rows: Box::new(rows) }))
    }
}

/// Errors from below a sheet know only the file.
fn in_sheet(error: PluginError, place: &Place) -> PluginError {
    let mut error = error;
    for (name, value) in place.args() {
        if let Some(arg) = error.args.iter_mut().find(|(arg, _)| arg == name) {
            arg.1 = value;
        }
    }
    error
}

fn sample_row(row: &SheetRow) -> SampleRow {
    let mut cells = BTreeMap::new();
    for cell in &row.cells {
        let text = row.cell(cell);
        if !is_blank(text.as_bytes()) {
            let is_label = cell.kind == CellKind::Text && header::is_label(text)
                || cell.kind == CellKind::Value && text.len() == 4 && header::is_label(text);
            cells.insert(cell.column, SampleCell { text: text.to_owned(), is_label });
        }
    }
    SampleRow { line: row.line, cells }
}

struct TableRows {
    rows: Box<dyn SheetRows>,
    waiting: VecDeque<SheetRow>,
    header: Header,
    place: Place,
    cells: u64,
    max_cells: u64,
    current: SheetRow,
}

impl Rows for TableRows {
    fn next(&mut self, row: &mut Row) -> Result<bool> {
        match self.waiting.pop_front() {
            Some(first) => self.current = first,
            None => {
                if !self.rows.next(&mut self.current).map_err(|error| in_sheet(error, &self.place))? {
                    return Ok(false);
                }
            }
        }
        self.cells += self.current.cells.len() as u64;
        if self.cells > self.max_cells {
            return Err(fault::too_many_cells(&self.place, self.current.line, self.max_cells));
        }
        self.fill(row);
        Ok(true)
    }
}

impl TableRows {
    /// Puts every cell under its column; a cell outside the columns is too many for the row.
    fn fill(&self, row: &mut Row) {
        row.clear();
        row.line = self.current.line;
        row.text.extend_from_slice(self.current.text.as_bytes());
        let width = self.header.columns.len();
        row.cells.resize(width, (0, 0));
        let mut outside = None;
        for cell in &self.current.cells {
            let index = cell.column.checked_sub(self.header.left).and_then(|index| usize::try_from(index).ok());
            match index.and_then(|index| row.cells.get_mut(index)) {
                Some(slot) => *slot = (cell.start, cell.end),
                None if is_blank(self.current.cell(cell).as_bytes()) => {}
                None => {
                    outside.get_or_insert(cell);
                }
            }
            if cell.kind == CellKind::Error && row.fault.is_none() {
                let name = index.and_then(|index| self.header.columns.get(index));
                let name = name.cloned().unwrap_or_else(|| format!("#{}", cell.column + 1));
                row.fault = Some(RowFault::cell_error(name, self.current.cell(cell).to_owned()));
            }
        }
        if let Some(cell) = outside {
            let found = usize::try_from(cell.column.saturating_sub(self.header.left)).unwrap_or(0) + 1;
            row.fault = Some(RowFault {
                column: Some(format!("#{}", cell.column + 1)),
                value: Some(self.current.cell(cell).to_owned()),
                ..RowFault::columns(width, found)
            });
        }
    }
}

/// A notice list that says what the content really is goes before what the header says.
pub fn prepend(info: &mut TableInfo, notices: &[Notice]) {
    info.notices.splice(0..0, notices.iter().cloned());
}
