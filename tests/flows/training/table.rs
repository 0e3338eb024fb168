//! The generated files as a person would read them, with the line of every row: an eye of its own beside the connector.

use calamine::{Data, Reader, open_workbook_auto};
use std::collections::BTreeMap;
use std::path::Path;

/// A row: its line in the file (its row in a sheet) and its cells by header.
pub struct Line {
    pub number: u64,
    pub cells: BTreeMap<String, String>,
}

impl Line {
    /// A cell; empty where the row has none.
    pub fn cell(&self, header: &str) -> &str {
        self.cells.get(header).map(String::as_str).unwrap_or_default()
    }
}

/// Rows below the header, which stands on line `header`.
pub fn read(path: &Path, header: usize) -> Vec<Line> {
    let rows = match path.extension().and_then(|ext| ext.to_str()) {
        Some("xlsx") => sheet(path),
        _ => text(path),
    };
    let headers = rows.get(header - 1).expect("a header").clone();
    let below = rows.into_iter().enumerate().skip(header);
    below
        .map(|(index, cells)| Line { number: index as u64 + 1, cells: headers.iter().cloned().zip(cells).collect() })
        .collect()
}

fn text(path: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).expect("a generated file");
    let (text, _, broken) = encoding_rs::UTF_8.decode(&bytes);
    let text = if broken { encoding_rs::GBK.decode(&bytes).0 } else { text };
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn sheet(path: &Path) -> Vec<Vec<String>> {
    let mut book = open_workbook_auto(path).expect("a generated workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
    assert_eq!(range.start().map(|(row, _)| row), Some(0), "a sheet that begins at its first row");
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}
