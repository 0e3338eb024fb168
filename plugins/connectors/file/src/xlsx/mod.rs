//! XLSX, read as a stream: the sheet's XML is never held, only the table of shared texts is.
//!
//! calamine is not used here because it turns every number into a binary one before anybody sees its digits; the
//! stored text is needed to keep long whole numbers and to say what was there when a number is none (1e400).

mod package;
mod parts;
mod sheet;

use crate::fault::{self, Place};
use crate::header::Merge;
use crate::options::{Format, Limits};
use crate::source::Source;
use crate::workbook::{SheetRows, Workbook};
use package::Package;
use parts::{SheetPart, Strings, Styles};
use std::sync::Arc;
use zhengai_plugin::Result;

/// Tells an XLSX from other zip files, which each get their own message.
pub fn kind_of_zip(source: &Source, limits: &Limits) -> Result<()> {
    let package = Package::open(&source.seekable(limits)?, limits)?;
    let has = |name: &str| package.has(name);
    if package.has_part_like("xl/workbook", ".xml") || has("xl/workbook.xml") {
        Ok(())
    } else if has("xl/workbook.bin") {
        Err(fault::unreadable_format(&source.place, "XLSB"))
    } else if has("content.xml") {
        Err(fault::unreadable_format(&source.place, "ODS"))
    } else if has("word/document.xml") {
        Err(fault::unreadable_format(&source.place, "Word"))
    } else if has("ppt/presentation.xml") {
        Err(fault::unreadable_format(&source.place, "PowerPoint"))
    } else {
        Err(fault::unreadable_format(&source.place, "ZIP"))
    }
}

/// An opened XLSX workbook.
pub struct XlsxWorkbook {
    package: Package,
    sheets: Vec<SheetPart>,
    strings: Arc<Strings>,
    styles: Arc<Styles>,
    is_1904: bool,
    place: Place,
}

impl XlsxWorkbook {
    /// Reads what the sheets need: their list, shared texts, formats. Everything is unpacked and counted first.
    pub fn open(source: &Source, limits: &Limits) -> Result<Self> {
        let mut package = Package::open(&source.seekable(limits)?, limits)?;
        let book = parts::read_workbook(&mut package)?;
        let strings = Arc::new(match &book.strings {
            Some(part) => parts::read_strings(&mut package, part, limits)?,
            None => Strings::default(),
        });
        let styles = Arc::new(match &book.styles {
            Some(part) => parts::read_styles(&mut package, part)?,
            None => Styles::default(),
        });
        let place = source.place.clone();
        Ok(Self { package, sheets: book.sheets, strings, styles, is_1904: book.is_1904, place })
    }
}

impl Workbook for XlsxWorkbook {
    fn format(&self) -> Format {
        Format::Xlsx
    }

    fn sheets(&self) -> Vec<String> {
        self.sheets.iter().filter(|sheet| sheet.visible).map(|sheet| sheet.name.clone()).collect()
    }

    fn rows(&mut self, sheet: &str) -> Result<(Box<dyn SheetRows>, Vec<Merge>)> {
        let missing = || fault::bad_workbook(&self.place, sheet);
        let part = self.sheets.iter().find(|part| part.name == sheet).ok_or_else(missing)?;
        let merges = self.package.check(&part.path)?;
        let xml = self.package.part(&part.path)?.ok_or_else(missing)?;
        let rows =
            sheet::SheetReader::new(xml, self.strings.clone(), self.styles.clone(), self.is_1904, self.place.clone());
        Ok((Box::new(rows), merges))
    }
}
