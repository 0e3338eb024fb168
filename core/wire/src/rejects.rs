//! Rejected rows (退回的行): what was rejected and why, and mending them in place.

use crate::call::Call;
use crate::data::{Counts, FileRef, Review};
use crate::imports::ImportOutcome;
use crate::job::Job;
use crate::page::Page;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// What became of a rejected row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RejectState {
    /// Nothing yet.
    Open,
    /// It is in a batch that waits for a person.
    Waiting,
    /// It went in with a later batch.
    Mended,
}

/// Which rejected rows of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RejectQuery {
    /// With this rule: `code.unknown`, `required`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Of which this has become.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub state: Option<RejectState>,
    /// Leave out so many first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectLine {
    /// File name without folder.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Line of the file from 1, header included; row number of a sheet.
    pub line: u64,
    /// Header of the column at fault, when one is.
    pub column: Option<String>,
    /// The rule.
    pub rule: String,
    /// The text that broke it.
    pub value: Option<String>,
    /// Why, for people.
    pub reason: String,
    /// Its cells as they were read.
    pub cells: Vec<RejectCell>,
    /// What became of it.
    pub state: RejectState,
    /// The batch in which it waits or with which it went in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectCell {
    /// Header of its column.
    pub column: String,
    /// Its text.
    pub text: String,
}

/// A rejected row with corrected cells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MendedRow {
    /// Its line in the file.
    pub line: u64,
    /// New texts by header; columns that are not named keep theirs.
    #[serde(default)]
    pub cells: BTreeMap<String, String>,
}

/// Which rows are to be mended, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendRequest {
    /// Rows with corrected cells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<MendedRow>,
    /// A mended export of the rows, in place of `rows`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
    /// What becomes of open rows that are not named.
    #[serde(default)]
    pub rest: MendRest,
    /// Review; the configured one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
}

/// Open rows that a request does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MendRest {
    /// They stay as they are.
    #[default]
    Stays,
    /// They are checked again unchanged.
    GoesAlong,
}

/// A cell that differs from what was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellChange {
    /// Line in the file.
    pub line: u64,
    /// Header of its column.
    pub column: String,
    /// As it was read.
    pub before: String,
    /// As it is now.
    pub after: String,
}

/// What came of mending, or would: the result of its job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mended {
    /// The batch of the rows that passed; absent when none did, and after a mere check.
    pub batch: Option<String>,
    /// Where the rows go.
    pub dataset: String,
    /// Where that batch ended; `planned` after a mere check.
    pub outcome: ImportOutcome,
    /// Counts over all rows named.
    pub counts: Counts,
    /// Rows that still break a rule, with the rule that they break now.
    pub still: Vec<RejectLine>,
    /// Cells that differ from what was read.
    pub changes: Vec<CellChange>,
}

/// In which format rejected rows are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SheetFormat {
    /// A workbook.
    #[default]
    Xlsx,
    /// Text with commas, UTF-8 with a byte order mark.
    Csv,
}

impl SheetFormat {
    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The format that the name of a file asks for; a workbook unless it ends in `.csv`.
    pub fn of_file(name: &str) -> Self {
        match name.rsplit_once('.') {
            Some((_, end)) if end.eq_ignore_ascii_case("csv") => Self::Csv,
            _ => Self::Xlsx,
        }
    }
}

/// Format of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RejectExport {
    /// The format.
    #[serde(default)]
    #[param(inline)]
    pub format: SheetFormat,
}

/// `GET /v1/batches/{id}/rejects`: in the order of the file.
pub fn list(batch: &str, query: &RejectQuery) -> Call<Page<RejectLine>> {
    Call::get(&["batches", batch, "rejects"]).query(query)
}

/// `GET /v1/batches/{id}/rejects/export`: a file with cells, line, column, rule and reason, to be mended and sent back.
pub fn export(batch: &str, query: &RejectExport) -> Call<()> {
    Call::get(&["batches", batch, "rejects", "export"]).query(query)
}

/// `POST /v1/batches/{id}/rejects/check`: checks corrected rows and keeps nothing.
pub fn check(batch: &str, request: &MendRequest) -> Call<Mended> {
    Call::post(&["batches", batch, "rejects", "check"]).body(request)
}

/// `POST /v1/batches/{id}/rejects/mend`: a job whose result is [`Mended`].
pub fn mend(batch: &str, request: &MendRequest) -> Call<Job> {
    Call::post(&["batches", batch, "rejects", "mend"]).body(request)
}
