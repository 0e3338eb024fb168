//! Things worth telling that refuse nothing.

use crate::fault::Place;
use serde_json::{Map, Value, json};

/// One notice: rule id, key of the catalogue, arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Rule id.
    pub rule: &'static str,
    /// Key in `locales/`.
    pub key: &'static str,
    /// Arguments of the text.
    pub args: Vec<(&'static str, String)>,
}

impl Notice {
    fn new(rule: &'static str, key: &'static str, place: &Place) -> Self {
        Self { rule, key, args: place.args().into_iter().collect() }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The content is another format than the name says.
    pub fn other_format(place: &Place, extension: &str, format: &str) -> Self {
        Self::new("file.format", "file-notice-format", place).with("extension", extension).with("format", format)
    }

    /// Rows above the header were skipped.
    pub fn skipped(place: &Place, rows: u64) -> Self {
        Self::new("file.title-rows", "file-notice-title-rows", place).with("rows", rows)
    }

    /// Columns without a name got one.
    pub fn unnamed(place: &Place, columns: &str) -> Self {
        Self::new("column.unnamed", "file-notice-unnamed", place).with("columns", columns)
    }

    /// Rows without any content were left out.
    pub fn blank_rows(place: &Place, rows: u64) -> Self {
        Self::new("file.blank-rows", "file-notice-blank-rows", place).with("rows", rows)
    }

    /// Rows share a merged cell, which only the first of them has.
    pub fn merged_rows(place: &Place, line: u64) -> Self {
        Self::new("file.merged-rows", "file-notice-merged-rows", place).with("line", line)
    }

    /// The JSON that crosses the interface.
    pub fn to_json(&self) -> Value {
        let args: Map<String, Value> =
            self.args.iter().map(|(name, value)| ((*name).to_owned(), Value::String(value.clone()))).collect();
        json!({ "rule": self.rule, "key": self.key, "args": args })
    }
}
