//! Batches (批次): what an import would do and did, row by row.

use crate::text::Message;
use serde::{Deserialize, Serialize};

/// What becomes of one row of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowFate {
    /// Its key is not there yet.
    New,
    /// Its key is there with other values.
    Changed,
    /// A row that is there and that a full load lacks.
    Gone,
    /// The same row is there.
    Unchanged,
    /// It breaks a rule.
    Rejected,
}

/// Counts of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Rows read from the source, rejected ones included.
    pub read: u64,
    /// See [`RowFate::New`].
    pub new: u64,
    /// See [`RowFate::Changed`].
    pub changed: u64,
    /// See [`RowFate::Gone`].
    pub gone: u64,
    /// See [`RowFate::Unchanged`].
    pub unchanged: u64,
    /// See [`RowFate::Rejected`].
    pub rejected: u64,
    /// Rows in the dataset before the batch.
    pub before: u64,
}

/// One rejected row: place, rule, reason and the row as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// File name without folder.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Line of the file, counting from 1, header included; row number of a sheet.
    pub line: u64,
    /// Header of the column at fault, when one is.
    pub column: Option<String>,
    /// Rule id: `required`, `type.integer`, `code.unknown`, `key.duplicate`, `range.max`, `check.<id>`, …
    pub rule: String,
    /// The text that broke it.
    pub value: Option<String>,
    /// What to tell a person.
    pub reason: Message,
    /// All cells of the row as read: header and text.
    pub cells: Vec<(String, String)>,
}

/// Something worth telling about a whole file that rejects nothing: a truncation hint, an ignored column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Rule id: `file.truncated`, `column.ignored`, …
    pub rule: String,
    /// What to tell a person.
    pub message: Message,
}

/// The life of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchState {
    /// Rows are being staged.
    Staging,
    /// A plan exists and a person must look.
    Held,
    /// The Delta commit is under way; after a crash the table's transaction tells whether it happened.
    Applying,
    /// Committed.
    Applied,
    /// A person said no.
    Refused,
    /// Could not be staged or applied; the reason is in the record.
    Failed,
}
