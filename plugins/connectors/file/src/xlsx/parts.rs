//! Parts of a workbook that are read as a whole: list of sheets, shared texts, number formats.

use super::package::{Package, explain};
use crate::fault::{self, Place};
use crate::number::{self, Shown};
use crate::options::Limits;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::collections::HashMap;
use std::io::BufRead;
use zhengai_plugin::{PluginError, Result};

/// A reader of a part.
pub type Xml = Reader<Box<dyn BufRead + Send>>;

/// A part as XML; its end tags are not checked, as spreadsheets themselves do not.
pub fn xml(part: Box<dyn BufRead + Send>) -> Xml {
    let mut xml = Reader::from_reader(part);
    let config = xml.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    xml
}

/// An error of the XML as one for people.
pub fn xml_error(place: &Place, error: &quick_xml::Error) -> PluginError {
    match error {
        quick_xml::Error::Io(error) => explain(place, error),
        other => fault::bad_workbook(place, &other.to_string()),
    }
}

/// An attribute by its name without prefix.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| {
        let key: &str = attribute.key.as_ref();
        key == name || key.strip_suffix(name).is_some_and(|prefix| prefix.ends_with(':'))
    })?;
    Some(unescape(&found.value))
}

fn unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

/// Appends what a reference such as `&amp;` or `&#10;` stands for.
pub fn push_reference(reference: &BytesRef<'_>, text: &mut String) {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => text.push(character),
        _ => match &**reference {
            "amp" => text.push('&'),
            "lt" => text.push('<'),
            "gt" => text.push('>'),
            "quot" => text.push('"'),
            "apos" => text.push('\''),
            _ => {}
        },
    }
}

/// `_x000D_` stands for a control character in the texts of spreadsheets, `_x005F_` for the underscore of such a one.
pub fn decode_escapes(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(2..6).filter(|_| escape.get(6..7) == Some("_"));
        let character = code
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match character {
            Some(character) => {
                out.push(character);
                rest = escape.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = escape.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// A sheet of the workbook.
pub struct SheetPart {
    /// Its name.
    pub name: String,
    /// Its part.
    pub path: String,
    /// False for hidden sheets.
    pub visible: bool,
}

/// What `workbook.xml` and its relations say.
pub struct Book {
    /// Sheets in order.
    pub sheets: Vec<SheetPart>,
    /// Part of the shared texts.
    pub strings: Option<String>,
    /// Part of the formats.
    pub styles: Option<String>,
    /// True when day 0 is 1904-01-01.
    pub is_1904: bool,
}

/// Calls back for every start tag of a part; false when there is no such part.
fn for_each_tag(package: &mut Package, part: &str, mut each: impl FnMut(&str, &BytesStart<'_>)) -> Result<bool> {
    package.check(part)?;
    let Some(input) = package.part(part)? else { return Ok(false) };
    let mut xml = xml(input);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => each(tag.local_name().as_ref(), &tag),
            Ok(Event::Eof) => return Ok(true),
            Ok(_) => {}
            Err(error) => return Err(xml_error(package.place(), &error)),
        }
    }
}

/// Type and target of each relation of a part, by id.
fn relations(package: &mut Package, part: &str) -> Result<HashMap<String, (String, String)>> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let separator = if folder.is_empty() { "" } else { "/" };
    let mut found = HashMap::new();
    for_each_tag(package, &format!("{folder}{separator}_rels/{file}.rels"), |name, tag| {
        if name == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (attribute(tag, "Id"), attribute(tag, "Type"), attribute(tag, "Target"))
        {
            let path = if target.starts_with('/') { target } else { format!("{folder}{separator}{target}") };
            found.insert(id, (kind, resolve(&path)));
        }
    })?;
    Ok(found)
}

/// Takes `.` and `..` out of a path.
fn resolve(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The sheets and where everything lies.
pub fn read_workbook(package: &mut Package) -> Result<Book> {
    let root = relations(package, "")?;
    let main = root
        .values()
        .find(|(kind, _)| kind.ends_with("/officeDocument"))
        .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, target)| target.clone());
    let related = relations(package, &main)?;
    let mut is_1904 = false;
    let mut sheets = Vec::new();
    let found = for_each_tag(package, &main, |name, tag| match name {
        "workbookPr" => {
            is_1904 = attribute(tag, "date1904").is_some_and(|value| value == "1" || value == "true");
        }
        "sheet" => {
            let relation = attribute(tag, "id").and_then(|id| related.get(&id));
            // Charts and macro sheets have no rows.
            if let (Some(name), Some((kind, path))) = (attribute(tag, "name"), relation)
                && kind.ends_with("/worksheet")
            {
                let visible = attribute(tag, "state").is_none_or(|state| state == "visible");
                sheets.push(SheetPart { name, path: path.clone(), visible });
            }
        }
        _ => {}
    })?;
    if !found || sheets.is_empty() {
        return Err(fault::bad_workbook(package.place(), "workbook.xml"));
    }
    let part = |end: &str| related.values().find(|(kind, _)| kind.ends_with(end)).map(|(_, path)| path.clone());
    Ok(Book { sheets, strings: part("/sharedStrings"), styles: part("/styles"), is_1904 })
}

/// Shared texts, one behind the other.
#[derive(Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// A text by its number.
    pub fn get(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(index)?)
    }
}

/// Reads the shared texts, within the limit of memory.
pub fn read_strings(package: &mut Package, part: &str, limits: &Limits) -> Result<Strings> {
    package.check(part)?;
    let mut strings = Strings::default();
    let Some(input) = package.part(part)? else { return Ok(strings) };
    let mut xml = xml(input);
    let mut buffer = Vec::new();
    let mut text = String::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "si" => {
                text.clear();
                read_text(&mut xml, "si", &mut text, package.place())?;
                strings.text.push_str(&decode_escapes(&text));
                strings.ends.push(strings.text.len());
                let taken = strings.text.len() as u64 + strings.ends.len() as u64 * 8;
                if taken > limits.max_text_bytes {
                    return Err(fault::too_much_text(package.place(), limits.max_text_bytes));
                }
            }
            Ok(Event::Eof) => return Ok(strings),
            Ok(_) => {}
            Err(error) => return Err(xml_error(package.place(), &error)),
        }
    }
}

/// Text of all `t` up to the end of an element; pronunciation aids (`rPh`) are not part of it.
pub fn read_text(xml: &mut Xml, end: &str, text: &mut String, place: &Place) -> Result<()> {
    let mut buffer = Vec::new();
    let (mut inside, mut aids) = (false, 0_u32);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "t" => inside = true,
                "rPh" => aids += 1,
                _ => {}
            },
            Ok(Event::End(tag)) => match tag.local_name().as_ref() {
                "t" => inside = false,
                "rPh" => aids = aids.saturating_sub(1),
                name if name == end => return Ok(()),
                _ => {}
            },
            Ok(Event::Text(part)) if inside && aids == 0 => text.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) if inside && aids == 0 => text.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(reference)) if inside && aids == 0 => push_reference(&reference, text),
            Ok(Event::Eof) => return Err(fault::bad_workbook(place, end)),
            Ok(_) => {}
            Err(error) => return Err(xml_error(place, &error)),
        }
    }
}

/// How each cell style shows a number.
#[derive(Default)]
pub struct Styles {
    shown: Vec<Shown>,
}

impl Styles {
    /// By the number of the style.
    pub fn shown(&self, style: usize) -> Shown {
        self.shown.get(style).copied().unwrap_or(Shown::Number)
    }
}

/// Reads the number formats.
pub fn read_styles(package: &mut Package, part: &str) -> Result<Styles> {
    let mut codes: HashMap<u32, Shown> = HashMap::new();
    let mut styles = Styles::default();
    let mut in_cells = false;
    for_each_tag(package, part, |name, tag| match name {
        "numFmt" => {
            let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok());
            if let (Some(id), Some(code)) = (id, attribute(tag, "formatCode")) {
                codes.insert(id, number::shown_by_code(&code));
            }
        }
        "cellXfs" => in_cells = true,
        "cellStyles" | "cellStyleXfs" | "dxfs" => in_cells = false,
        "xf" if in_cells => {
            let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
            styles.shown.push(codes.get(&id).copied().unwrap_or_else(|| number::shown_by_id(id)));
        }
        _ => {}
    })?;
    Ok(styles)
}
