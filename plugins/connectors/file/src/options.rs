//! What the host asks for and what it allows: requests, read options, limits. Unknown option names are refused.

use crate::fault;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;
use zhengai_plugin::{PluginError, Result};

/// Bounds that keep memory flat whatever a file claims to be. Configuration of the instance.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many bytes the parts of one workbook, or a compressed file that must be unpacked first, may unpack to.
    pub max_unpacked_bytes: u64,
    /// How many times larger than packed something may become, once it is above 10 MiB.
    pub max_ratio: u64,
    /// How many cells one sheet may have.
    pub max_cells: u64,
    /// How long one record (line) may be, in bytes of UTF-8.
    pub max_line_bytes: usize,
    /// How many bytes the table of shared texts of a workbook, or an XLS workbook, may take in memory.
    pub max_text_bytes: u64,
    /// How many rows a batch has at most.
    pub batch_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_unpacked_bytes: 1 << 30,
            max_ratio: 200,
            max_cells: 100_000_000,
            max_line_bytes: 16 << 20,
            max_text_bytes: 256 << 20,
            batch_rows: 8192,
        }
    }
}

/// Below this size nothing is called a bomb for its ratio alone.
pub const RATIO_FLOOR: u64 = 10 << 20;

impl Limits {
    /// From the configuration of the instance; NULL and `{}` mean the defaults.
    pub fn from_config(config: Value) -> Result<Self> {
        if config.is_null() {
            return Ok(Self::default());
        }
        serde_json::from_value(config).map_err(|error| fault::bad_config(&error.to_string()))
    }
}

/// How to read a file. Absent values are detected; given ones win.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// `csv`, `xlsx`, `xls`, `parquet` or `jsonl`.
    pub format: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be`, `gb18030` or another name of these.
    pub encoding: Option<String>,
    /// One character: `,`, `;`, TAB or `|`.
    pub delimiter: Option<String>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Rows above the header, blank ones counted.
    pub skip_rows: Option<u32>,
    /// Rows that form the header.
    pub header_rows: Option<u32>,
}

/// A request of the host: which file, and how.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// The file.
    pub path: PathBuf,
    /// How to read it.
    #[serde(default)]
    pub options: ReadOptions,
}

impl Request {
    /// From the JSON that crosses the interface.
    pub fn from_json(value: Value) -> Result<Self> {
        let request: Self = serde_json::from_value(value).map_err(|error| fault::bad_request(&error.to_string()))?;
        request.options.delimiter()?;
        request.options.encoding()?;
        request.options.format()?;
        if request.options.header_rows == Some(0) {
            return Err(fault::bad_option("header_rows", "0", "1, 2, 3"));
        }
        Ok(request)
    }
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text.
    Csv,
    /// Office Open XML workbook.
    Xlsx,
    /// The older binary workbook.
    Xls,
    /// Apache Parquet.
    Parquet,
    /// One JSON object per line.
    JsonLines,
}

impl Format {
    /// Its name in options and catalogues.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Parquet => "parquet",
            Self::JsonLines => "jsonl",
        }
    }
}

impl ReadOptions {
    /// The format, when given.
    pub fn format(&self) -> Result<Option<Format>> {
        let Some(text) = self.format.as_deref() else { return Ok(None) };
        Ok(Some(match text.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Format::Csv,
            "xlsx" | "xlsm" => Format::Xlsx,
            "xls" => Format::Xls,
            "parquet" => Format::Parquet,
            "jsonl" | "ndjson" => Format::JsonLines,
            _ => return Err(fault::bad_option("format", text, "csv, xlsx, xls, parquet, jsonl")),
        }))
    }

    /// The encoding, when given.
    pub fn encoding(&self) -> Result<Option<&'static Encoding>> {
        let Some(text) = self.encoding.as_deref() else { return Ok(None) };
        let refuse = || fault::bad_option("encoding", text, "utf-8, utf-16le, utf-16be, gb18030");
        let found = Encoding::for_label(text.as_bytes()).ok_or_else(refuse)?;
        // GBK and GB2312 are read with the decoder of GB18030, which covers them.
        if found == encoding_rs::GBK {
            return Ok(Some(GB18030));
        }
        if [UTF_8, UTF_16LE, UTF_16BE, GB18030].contains(&found) { Ok(Some(found)) } else { Err(refuse()) }
    }

    /// The delimiter, when given.
    pub fn delimiter(&self) -> Result<Option<u8>> {
        let Some(text) = self.delimiter.as_deref() else { return Ok(None) };
        match text {
            "\\t" | "tab" | "TAB" => Ok(Some(b'\t')),
            _ => match text.as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(Some(*byte)),
                _ => Err(PluginError::with(fault::bad_option("delimiter", text, ", ; | TAB"), "field", "delimiter")),
            },
        }
    }
}
