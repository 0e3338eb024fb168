//! Rows of one sheet, as its XML streams by. A formula gives its stored value, and its text is never looked at.

use super::package::cell_position;
use super::parts::{Strings, Styles, Xml, decode_escapes, push_reference, read_text, xml, xml_error};
use crate::fault::{self, Place};
use crate::number::{self, Shown};
use crate::workbook::{CellKind, SheetRow, SheetRows};
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;
use std::sync::Arc;
use zhengai_plugin::Result;

/// The last line that a sheet can have.
const MAX_LINE: u64 = 1_048_576;

/// A sheet that is being read.
pub struct SheetReader {
    xml: Xml,
    strings: Arc<Strings>,
    styles: Arc<Styles>,
    is_1904: bool,
    place: Place,
    buffer: Vec<u8>,
    value: String,
    line: u64,
    inside: bool,
    in_row: bool,
    done: bool,
}

/// Attributes of a cell.
#[derive(Default)]
struct CellTag {
    column: Option<u32>,
    style: usize,
    kind: Kind,
}

/// The `t` of a cell.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Inline,
    Bool,
    Error,
    Date,
}

impl SheetReader {
    /// Over the XML of a sheet.
    pub fn new(
        part: Box<dyn BufRead + Send>,
        strings: Arc<Strings>,
        styles: Arc<Styles>,
        is_1904: bool,
        place: Place,
    ) -> Self {
        Self {
            xml: xml(part),
            strings,
            styles,
            is_1904,
            place,
            buffer: Vec::new(),
            value: String::new(),
            line: 0,
            inside: false,
            in_row: false,
            done: false,
        }
    }

    /// Reads a cell up to its end tag.
    fn read_cell(&mut self, tag: &CellTag, column: u32, row: &mut SheetRow) -> Result<()> {
        self.value.clear();
        let mut in_value = false;
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer) {
                Ok(Event::Start(inner)) => match inner.local_name().as_ref() {
                    "v" => in_value = tag.kind != Kind::Inline,
                    "is" => read_text(&mut self.xml, "is", &mut self.value, &self.place)?,
                    _ => {}
                },
                Ok(Event::End(inner)) => match inner.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Ok(Event::Text(text)) if in_value => self.value.push_str(&text.xml10_content()),
                Ok(Event::CData(text)) if in_value => self.value.push_str(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) if in_value => push_reference(&reference, &mut self.value),
                Ok(Event::Eof) => return Err(fault::bad_workbook(&self.place, "</c>")),
                Ok(_) => {}
                Err(error) => return Err(xml_error(&self.place, &error)),
            }
        }
        self.push_cell(tag, column, row)
    }

    fn push_cell(&self, tag: &CellTag, column: u32, row: &mut SheetRow) -> Result<()> {
        let value = self.value.as_str();
        match tag.kind {
            _ if value.is_empty() => {}
            Kind::Shared => {
                let text = value.trim().parse().ok().and_then(|index| self.strings.get(index));
                let text = text.ok_or_else(|| fault::bad_workbook(&self.place, "sharedStrings.xml"))?;
                row.push(column, CellKind::Text, text);
            }
            Kind::Text | Kind::Inline => row.push(column, CellKind::Text, &decode_escapes(value)),
            Kind::Bool => {
                let text = if value.trim() == "1" || value.trim() == "true" { "true" } else { "false" };
                row.push(column, CellKind::Value, text);
            }
            Kind::Error => row.push(column, CellKind::Error, value.trim()),
            Kind::Date => row.push(column, CellKind::Value, value.trim().trim_end_matches('Z')),
            Kind::Number => {
                let shown = self.styles.shown(tag.style);
                let date = match shown {
                    Shown::Number => None,
                    _ => value.trim().parse().ok().and_then(|serial| number::date_text(serial, shown, self.is_1904)),
                };
                row.push(column, CellKind::Value, &date.unwrap_or_else(|| number::canonical(value)));
            }
        }
        Ok(())
    }
}

impl SheetRows for SheetReader {
    fn next(&mut self, row: &mut SheetRow) -> Result<bool> {
        row.text.clear();
        row.cells.clear();
        let mut next_column = 0;
        if self.done {
            return Ok(false);
        }
        loop {
            self.buffer.clear();
            let event = self.xml.read_event_into(&mut self.buffer).map_err(|error| xml_error(&self.place, &error))?;
            match event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "sheetData" => self.inside = true,
                    "row" if self.inside => {
                        let line = raw(&tag, "r").and_then(|line| line.parse().ok()).unwrap_or(self.line + 1);
                        // A line that comes twice or too late would give two rows one place.
                        if line <= self.line || line > MAX_LINE {
                            return Err(fault::bad_workbook(&self.place, "<row r=…>"));
                        }
                        self.line = line;
                        self.in_row = true;
                        row.line = self.line;
                        next_column = 0;
                    }
                    // Cells without a row would come out under the line of the one before.
                    "c" if self.inside && !self.in_row => return Err(fault::bad_workbook(&self.place, "<row>")),
                    "c" if self.inside => {
                        let cell = cell_tag(&tag);
                        let column = cell.column.unwrap_or(next_column);
                        next_column = column.saturating_add(1);
                        self.read_cell(&cell, column, row)?;
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "row" if self.inside => {
                        self.in_row = false;
                        if !row.cells.is_empty() {
                            return Ok(true);
                        }
                    }
                    "sheetData" => {
                        self.inside = false;
                        self.done = true;
                        return Ok(false);
                    }
                    _ => {}
                },
                // A file that is cut off must not look like one that is complete.
                Event::Eof if self.inside => return Err(fault::bad_workbook(&self.place, "</sheetData>")),
                Event::Eof => return Ok(false),
                _ => {}
            }
        }
    }
}

/// An attribute of a cell or row; their values never hold references or quotes.
fn raw<'a>(tag: &'a BytesStart<'_>, name: &str) -> Option<&'a str> {
    attributes(tag).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn attributes<'a>(tag: &'a BytesStart<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut rest = tag.attributes_raw();
    std::iter::from_fn(move || {
        let (key, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = behind.get(1..)?.split_once(quote)?;
        rest = after;
        Some((key.trim(), value))
    })
}

fn cell_tag(tag: &BytesStart<'_>) -> CellTag {
    let mut cell = CellTag::default();
    for (key, value) in attributes(tag) {
        match key {
            "r" => cell.column = cell_position(value).map(|(column, _)| column).filter(|column| *column < 16_384),
            "s" => cell.style = value.parse().unwrap_or(0),
            "t" => {
                cell.kind = match value {
                    "s" => Kind::Shared,
                    "str" => Kind::Text,
                    "inlineStr" => Kind::Inline,
                    "b" => Kind::Bool,
                    "e" => Kind::Error,
                    "d" => Kind::Date,
                    _ => Kind::Number,
                };
            }
            _ => {}
        }
    }
    cell
}
