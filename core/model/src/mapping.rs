//! A mapping file (映射): how the columns of somebody's file become the fields of a dataset.

use crate::ids::{DatasetId, FieldName};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The mapping of one kind of file to one dataset. Columns that it does not name keep the automatic match by field
/// name, label or alias; `only = true` turns the automatic match off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The dataset it is written for, checked against the command.
    #[serde(default)]
    pub dataset: Option<DatasetId>,
    /// How to read the file; handed to the file connector as it is.
    #[serde(default)]
    pub read: ReadOptions,
    /// Take only the fields named below.
    #[serde(default)]
    pub only: bool,
    /// Cell texts that mean "empty", besides the empty cell itself, for example `NULL` or `—`.
    #[serde(default)]
    pub empty: Vec<String>,
    /// By field of the dataset.
    #[serde(default)]
    pub field: IndexMap<FieldName, FieldMapping>,
}

/// How the file connector reads a file. Absent values are detected.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadOptions {
    /// `csv`, `xlsx`, `xls`, `parquet` or `jsonl`.
    #[serde(default)]
    pub format: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be`, `gb18030` (which covers GBK).
    #[serde(default)]
    pub encoding: Option<String>,
    /// One character: `,`, `;`, TAB or `|`.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Sheet name of a workbook; the first sheet with a header when absent.
    #[serde(default)]
    pub sheet: Option<String>,
    /// How many rows above the header are to be skipped (titles, merged cells).
    #[serde(default)]
    pub skip_rows: Option<u32>,
    /// How many rows form the header; labels of merged upper rows are joined with `/`.
    #[serde(default)]
    pub header_rows: Option<u32>,
}

/// Where the value of one field comes from. Exactly one of `column`, `value`, `sql` is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldMapping {
    /// Header of the source column (rename).
    #[serde(default)]
    pub column: Option<String>,
    /// The same text for every row.
    #[serde(default)]
    pub value: Option<String>,
    /// SQL over the source columns, all text, quoted as `"header"`, and the number of the row's line, `"_line"`.
    #[serde(default)]
    pub sql: Option<String>,
    /// Text taken where the cell is empty.
    #[serde(default)]
    pub default: Option<String>,
    /// Unit of the source values, converted to the field's unit: `万元` to `元`.
    #[serde(default)]
    pub unit: Option<String>,
    /// Date pattern of the source in chrono's notation, for example `%d/%m/%Y`; tried before the usual ones.
    #[serde(default)]
    pub date: Option<String>,
    /// Source text → code or value of the field.
    #[serde(default)]
    pub codes: IndexMap<String, String>,
}
