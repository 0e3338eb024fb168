//! The way in: staging → checks → plan → apply. Each step leaves files that the next one reads, so that a person can
//! look in between and a crash costs at most the step that it hit.

mod apply;
mod cast;
mod check;
mod columns;
mod decide;
mod files;
mod keys;
mod plan;
mod prune;
mod reject;
mod rows;
mod runs;
mod sample;
mod sql;
mod stage;
mod within;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use zhengai_model::batch::{Notice, PlanCounts};
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{BatchId, FieldName};
use zhengai_model::mapping::Mapping;

/// What is to be staged.
#[derive(Debug, Clone)]
pub struct StageRequest<'a> {
    /// Where the rows go.
    pub dataset: &'a Dataset,
    /// How columns become fields; matching by name, label and alias when absent.
    pub mapping: Option<&'a Mapping>,
    /// The batch.
    pub batch: &'a BatchId,
    /// File name without folder, for messages.
    pub file: String,
    /// Sheet of a workbook, for messages.
    pub sheet: Option<String>,
}

/// What staging found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// Rows read.
    pub read: u64,
    /// Rows that satisfy all rules which can be told without looking at the table.
    pub accepted: u64,
    /// Rows that break one.
    pub rejected: u64,
    /// What is worth telling about the whole file.
    pub notices: Vec<Notice>,
}

/// Limits that a plan must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guards {
    /// Largest share (0–1) of the rows there that a full load may delete; absent: any.
    pub max_delete_share: Option<Decimal>,
}

/// How applying ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Version of the table that has the batch.
    pub version: i64,
    /// It had been applied before; nothing was done now.
    pub already_applied: bool,
    /// The table had moved on since the plan, so the batch was planned anew. `counts` are those of the new plan.
    pub replanned: bool,
    /// What the batch did.
    pub counts: PlanCounts,
}

/// One row of a plan, for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Line in the file; absent for rows that are gone.
    pub line: Option<u64>,
    /// The key, in its order.
    pub key: Vec<(FieldName, String)>,
    /// What changes. All fields with a value for a new or gone row, none for an unchanged one.
    pub changes: Vec<FieldChange>,
}

/// One field of a row in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: FieldName,
    /// Text of the value that is there; absent: empty.
    pub before: Option<String>,
    /// Text of the value that comes; absent: empty.
    pub after: Option<String>,
}
