//! One row on its way from a file to a batch: text, where its cells lie, its line, and what is wrong with it.

use serde_json::{Map, Value, json};

/// Stands for bytes that could not be decoded. It cannot occur in UTF-8, so it is safe as a mark in decoded text.
pub const BAD_BYTE: u8 = 0xff;

/// Why a row cannot be taken as it is. The host rejects the row under this rule and goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// `row.columns`, `row.encoding`, `row.syntax` or `cell.error`.
    pub rule: &'static str,
    /// Name of the column at fault.
    pub column: Option<String>,
    /// The text that broke the rule.
    pub value: Option<String>,
    /// Arguments of the rule's text.
    pub args: Vec<(&'static str, String)>,
}

impl RowFault {
    /// Another number of cells than the header has.
    pub fn columns(expected: usize, found: usize) -> Self {
        Self {
            rule: "row.columns",
            column: None,
            value: None,
            args: vec![("expected", expected.to_string()), ("found", found.to_string())],
        }
    }

    /// Bytes that the encoding does not have.
    pub fn encoding(column: Option<String>, value: Option<String>, offset: u64, encoding: &str) -> Self {
        Self {
            rule: "row.encoding",
            column,
            value,
            args: vec![("offset", offset.to_string()), ("encoding", encoding.to_owned())],
        }
    }

    /// A line that is not a JSON object.
    pub fn syntax(value: String, position: usize) -> Self {
        Self { rule: "row.syntax", column: None, value: Some(value), args: vec![("position", position.to_string())] }
    }

    /// A cell whose value is an error of the spreadsheet.
    pub fn cell_error(column: String, value: String) -> Self {
        Self { rule: "cell.error", column: Some(column), value: Some(value), args: Vec::new() }
    }

    /// The text of `_fault`.
    pub fn to_json(&self) -> String {
        let args: Map<String, Value> =
            self.args.iter().map(|(name, value)| ((*name).to_owned(), Value::String(value.clone()))).collect();
        let mut object = Map::new();
        object.insert("rule".to_owned(), json!(self.rule));
        if let Some(column) = &self.column {
            object.insert("column".to_owned(), json!(column));
        }
        if let Some(value) = &self.value {
            object.insert("value".to_owned(), json!(value));
        }
        object.insert("args".to_owned(), Value::Object(args));
        Value::Object(object).to_string()
    }
}

/// A row that is used again and again: no allocation per row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Line of the file, from 1; row number of a sheet.
    pub line: u64,
    /// Bytes that the cells lie in; UTF-8 but for [`BAD_BYTE`].
    pub text: Vec<u8>,
    /// Start and end of each cell.
    pub cells: Vec<(usize, usize)>,
    /// Offset in the file of the first byte that could not be decoded.
    pub bad_offset: Option<u64>,
    /// What is wrong with it.
    pub fault: Option<RowFault>,
}

impl Row {
    /// Makes it empty.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.bad_offset = None;
        self.fault = None;
    }

    /// Appends a cell.
    pub fn push(&mut self, cell: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(cell);
        self.cells.push((start, self.text.len()));
    }

    /// Bytes of a cell; empty when it has none.
    pub fn cell(&self, index: usize) -> &[u8] {
        self.cells.get(index).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }

    /// Text of a cell; bytes that could not be decoded show as U+FFFD.
    pub fn cell_text(&self, index: usize) -> String {
        String::from_utf8_lossy(self.cell(index)).into_owned()
    }

    /// True when no cell has content.
    pub fn is_blank(&self) -> bool {
        (0..self.cells.len()).all(|index| is_blank(self.cell(index)))
    }
}

/// True for nothing but white space.
pub fn is_blank(bytes: &[u8]) -> bool {
    // Almost every cell is settled by its first byte.
    match bytes.first() {
        None => true,
        Some(byte) if byte.is_ascii() && !byte.is_ascii_whitespace() => false,
        Some(_) => std::str::from_utf8(bytes).is_ok_and(|text| text.trim().is_empty()),
    }
}
