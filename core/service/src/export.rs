//! Writing tables for people: CSV and XLSX in which no cell can become a formula. Imports never change a cell; exports
//! put an apostrophe before texts that a spreadsheet would execute.

use crate::error::ServiceError;
use rust_xlsxwriter::{Format, FormatAlign, Workbook};
use std::borrow::Cow;
use std::path::Path;
use zhengai_warehouse::disk;
pub use zhengai_warehouse::disk::Staged;

/// The cell's text, made harmless: a leading `=`, `+`, `-`, `@`, TAB or CR gets an apostrophe before it, unless the
/// whole cell is a plain number (OWASP, CSV injection).
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    if is_guarded(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`safe_cell`] made harmless, as it was.
pub fn own_cell(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_guarded(rest)).unwrap_or(text)
}

/// A text that stands behind such an apostrophe already gets a second one, so that each has its way back.
fn is_guarded(text: &str) -> bool {
    match text.strip_prefix('\'') {
        Some(rest) => is_guarded(rest),
        None => text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<rust_decimal::Decimal>().is_err(),
    }
}

/// One sheet to write: name, header, rows of text.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Name of the sheet.
    pub name: String,
    /// Header cells.
    pub header: Vec<String>,
    /// Rows; texts that are plain numbers are written as numbers unless `text_only`.
    pub rows: Vec<Vec<String>>,
    /// Write every cell as text: identifiers keep their leading zeros.
    pub text_only: bool,
}

/// How a sheet becomes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFormat {
    /// A workbook.
    Xlsx,
    /// Text with commas: UTF-8 with a byte order mark, so that spreadsheets read Chinese.
    Csv,
}

impl SheetFormat {
    /// The format that the name of a file asks for: a workbook unless it ends in `.csv`.
    pub fn of(path: &Path) -> Self {
        match path.extension() {
            Some(end) if end.eq_ignore_ascii_case("csv") => Self::Csv,
            _ => Self::Xlsx,
        }
    }

    /// The bytes of a file with one sheet.
    pub fn bytes(self, sheet: &Sheet) -> Result<Vec<u8>, ServiceError> {
        match self {
            Self::Xlsx => xlsx_bytes(Path::new(&sheet.name), std::slice::from_ref(sheet)),
            Self::Csv => csv_bytes(sheet),
        }
    }
}

/// Writes a workbook, first beside the target and then moved over it, so that a failure leaves no half file.
pub fn write_xlsx(path: &Path, sheets: &[Sheet]) -> Result<(), ServiceError> {
    write_whole(path, &xlsx_bytes(path, sheets)?)
}

fn csv_bytes(sheet: &Sheet) -> Result<Vec<u8>, ServiceError> {
    let internal = |error: csv::Error| ServiceError::Internal { what: error.to_string() };
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    for row in std::iter::once(&sheet.header).chain(&sheet.rows) {
        writer.write_record(row.iter().map(|cell| safe_cell(cell).into_owned())).map_err(internal)?;
    }
    writer.into_inner().map_err(|error| ServiceError::Internal { what: error.to_string() })
}

/// A workbook; `path` is its name in messages.
pub fn xlsx_bytes(path: &Path, sheets: &[Sheet]) -> Result<Vec<u8>, ServiceError> {
    let failed = |source: rust_xlsxwriter::XlsxError| ServiceError::Workbook { path: path.to_path_buf(), source };
    let mut workbook = Workbook::new();
    let head = Format::new().set_bold().set_align(FormatAlign::Center).set_text_wrap();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet.name).map_err(failed)?;
        for (column, text) in (0u16..).zip(&sheet.header) {
            worksheet.write_string_with_format(0, column, text.as_str(), &head).map_err(failed)?;
        }
        for (row, cells) in (1u32..).zip(&sheet.rows) {
            for (column, text) in (0u16..).zip(cells) {
                // A string cell is never evaluated in XLSX; the apostrophe guards the way from there to CSV.
                match text.parse::<f64>() {
                    Ok(number) if !sheet.text_only && number.is_finite() && text.len() <= 15 => {
                        worksheet.write_number(row, column, number).map_err(failed)?;
                    }
                    _ => {
                        worksheet.write_string(row, column, safe_cell(text)).map_err(failed)?;
                    }
                }
            }
        }
        worksheet.set_freeze_panes(1, 0).map_err(failed)?;
        worksheet.autofit();
    }
    workbook.save_to_buffer().map_err(failed)
}

/// Writes a file whole or not at all, and so that it survives a power cut.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ServiceError> {
    disk::write_whole(path, bytes).map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::{own_cell, safe_cell};

    #[test]
    fn cells_that_a_spreadsheet_would_execute_get_an_apostrophe_and_numbers_do_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("\t=1", "'\t=1"),
            ("-3.5", "-3.5"),
            ("+86", "+86"),
            ("-", "'-"),
            ("张三", "张三"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("", ""),
        ] {
            assert_eq!(safe_cell(cell), expected);
            assert_eq!(own_cell(expected), cell);
        }
    }
}
