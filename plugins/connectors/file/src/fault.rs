//! Every refusal of this connector, one function per cause. The texts for people are in `locales/`, by key; the English
//! here is for logs. Whether a row is refused (`_fault`) or the whole file (these) is decided by the readers.

use zhengai_plugin::PluginError;

/// Where something went wrong: file, and sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// File name without folder.
    pub file: String,
    /// Sheet, in workbooks.
    pub sheet: Option<String>,
}

impl Place {
    /// A file that has no sheets.
    pub fn file(name: &str) -> Self {
        Self { file: name.to_owned(), sheet: None }
    }

    /// The same file, in a sheet.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Self {
        Self { file: self.file.clone(), sheet: Some(name.to_owned()) }
    }

    /// The three arguments that every text about a place takes.
    pub fn args(&self) -> [(&'static str, String); 3] {
        let scope = if self.sheet.is_some() { "sheet" } else { "file" };
        [("scope", scope.to_owned()), ("file", self.file.clone()), ("sheet", self.sheet.clone().unwrap_or_default())]
    }
}

fn data(place: &Place, key: &str, log: impl std::fmt::Display) -> PluginError {
    let error = PluginError::data(key, format!("{}: {log}", place.file));
    place.args().into_iter().fold(error, |error, (name, value)| error.with(name, value))
}

/// The configuration of the instance is wrong.
pub fn bad_config(reason: &str) -> PluginError {
    PluginError::config("file-bad-config", format!("configuration: {reason}")).with("reason", reason)
}

/// The request is wrong.
pub fn bad_request(reason: &str) -> PluginError {
    PluginError::config("file-bad-request", format!("request: {reason}")).with("reason", reason)
}

/// An option has a value that does not exist.
pub fn bad_option(option: &str, value: &str, choices: &str) -> PluginError {
    PluginError::config("file-bad-option", format!("option {option}: {value:?}"))
        .with("option", option)
        .with("value", value)
        .with("choices", choices)
}

/// The format was stated and the content is something else.
pub fn format_differs(place: &Place, stated: &str, found: &str) -> PluginError {
    PluginError::config("file-format-differs", format!("{}: stated {stated}, found {found}", place.file))
        .with("file", &place.file)
        .with("stated", stated)
        .with("found", found)
}

/// The file is not there.
pub fn not_found(place: &Place, path: &str) -> PluginError {
    PluginError::config("file-not-found", format!("{path}: not found")).with("file", &place.file).with("path", path)
}

/// The file cannot be opened or read.
pub fn io(place: &Place, error: &std::io::Error) -> PluginError {
    PluginError::system("file-io", format!("{}: {error}", place.file))
        .with("file", &place.file)
        .with("reason", error.to_string())
}

/// There is not one byte, or nothing but blank lines.
pub fn empty(place: &Place) -> PluginError {
    data(place, "file-empty", "empty")
}

/// The compressed file is cut off or damaged.
pub fn damaged(place: &Place, reason: &str) -> PluginError {
    data(place, "file-damaged", reason).with("reason", reason)
}

/// Not a format that we read.
pub fn unknown_format(place: &Place) -> PluginError {
    data(place, "file-format-unknown", "unknown format")
}

/// A format that we know and do not read.
pub fn unreadable_format(place: &Place, found: &str) -> PluginError {
    data(place, "file-format-unreadable", format!("{found} is not read")).with("found", found)
}

/// A web page saved as a workbook.
pub fn html(place: &Place) -> PluginError {
    data(place, "file-html", "HTML by another name")
}

/// XML Spreadsheet 2003 by another name.
pub fn xml_spreadsheet(place: &Place) -> PluginError {
    data(place, "file-xml-spreadsheet", "XML Spreadsheet 2003")
}

/// The workbook has a password.
pub fn encrypted(place: &Place) -> PluginError {
    data(place, "file-encrypted", "encrypted workbook")
}

/// It unpacks to more than the limit.
pub fn unpacked_too_large(place: &Place, part: &str, limit: u64) -> PluginError {
    data(place, "file-unpacked-too-large", format!("{part} unpacks to more than {limit} bytes"))
        .with("part", part)
        .with("limit", limit >> 20)
}

/// It unpacks to suspiciously more than it is packed.
pub fn ratio_too_high(place: &Place, part: &str, limit: u64) -> PluginError {
    data(place, "file-ratio-too-high", format!("{part} unpacks to more than {limit} times its size"))
        .with("part", part)
        .with("limit", limit)
}

/// More cells than the limit.
pub fn too_many_cells(place: &Place, line: u64, limit: u64) -> PluginError {
    data(place, "file-too-many-cells", format!("more than {limit} cells")).with("line", line).with("limit", limit)
}

/// More text than the limit.
pub fn too_much_text(place: &Place, limit: u64) -> PluginError {
    data(place, "file-too-much-text", format!("more than {limit} bytes of text")).with("limit", limit >> 20)
}

/// No encoding fits.
pub fn encoding_unknown(place: &Place, offset: u64, line: u64) -> PluginError {
    data(place, "file-encoding-unknown", format!("no encoding fits at byte {offset}"))
        .with("offset", offset)
        .with("line", line)
}

/// A record is longer than the limit.
pub fn record_too_long(place: &Place, line: u64, limit: usize) -> PluginError {
    data(place, "file-record-too-long", format!("record at line {line} is longer than {limit} bytes"))
        .with("line", line)
        .with("limit", limit >> 10)
}

/// A quoted field never ends.
pub fn quote_open(place: &Place, line: u64) -> PluginError {
    data(place, "file-quote-open", format!("quote opened in the record at line {line} is not closed"))
        .with("line", line)
}

/// A header that the encoding cannot decode.
pub fn header_encoding(place: &Place, line: u64, offset: u64, encoding: &str) -> PluginError {
    data(place, "file-header-encoding", format!("the header at line {line} is not {encoding}"))
        .with("line", line)
        .with("offset", offset)
        .with("encoding", encoding)
}

/// Two columns have one name.
pub fn duplicate_header(place: &Place, line: u64, columns: &str) -> PluginError {
    data(place, "file-header-duplicate", format!("duplicate columns {columns}"))
        .with("line", line)
        .with("columns", columns)
}

/// A column has a name that the system uses.
pub fn reserved_header(place: &Place, line: u64, column: &str) -> PluginError {
    data(place, "file-header-reserved", format!("column {column} is reserved"))
        .with("line", line)
        .with("column", column)
}

/// `skip_rows` or `header_rows` go beyond the end.
pub fn header_beyond_end(place: &Place, row: u64) -> PluginError {
    data(place, "file-header-beyond-end", format!("no header at row {row}")).with("row", row)
}

/// No sheet of that name.
pub fn no_sheet(place: &Place, sheet: &str, sheets: &str) -> PluginError {
    PluginError::config("file-no-sheet", format!("{}: no sheet {sheet:?}", place.file))
        .with("file", &place.file)
        .with("sheet", sheet)
        .with("sheets", sheets)
}

/// The workbook cannot be understood.
pub fn bad_workbook(place: &Place, reason: &str) -> PluginError {
    data(place, "file-bad-workbook", reason).with("reason", reason)
}

/// The Parquet file cannot be understood.
pub fn bad_parquet(place: &Place, reason: &str) -> PluginError {
    data(place, "file-bad-parquet", reason).with("reason", reason)
}

/// Not one line is a JSON object.
pub fn bad_json_lines(place: &Place, line: u64, reason: &str) -> PluginError {
    data(place, "file-bad-jsonl", reason).with("line", line).with("reason", reason)
}
