//! Imports (导入): a file into a dataset, with its plan.

use crate::batches::PlanLine;
use crate::call::Call;
use crate::data::{Counts, Deletes, Extent, FileRef, Mode, NoticeLine, Review, TextFile};
use crate::job::Job;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhengai_model::batch::RowFate;

/// What is to be imported, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Where the rows go.
    pub dataset: String,
    /// The file.
    pub file: FileRef,
    /// A mapping file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<TextFile>,
    /// Sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How rows meet the rows that are there; the dataset's own way when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Do it, or only plan it.
    #[serde(default)]
    pub extent: Extent,
    /// Review; the configured one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Whether a full load may delete more than the set share.
    #[serde(default, skip_serializing_if = "Deletes::is_guarded")]
    pub deletes: Deletes,
}

/// Where an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportOutcome {
    /// Only planned.
    Planned,
    /// Waits for a person.
    Held,
    /// Committed.
    Applied,
}

/// What an import did: the result of its job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// The batch; after a dry run it is gone again.
    pub batch: String,
    /// Where the rows go.
    pub dataset: String,
    /// Where it ended.
    pub outcome: ImportOutcome,
    /// Counts of the plan.
    pub counts: Counts,
    /// What is worth telling about the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeLine>,
    /// First rows of each fate, in a dry run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sample: Vec<FateSample>,
}

/// First rows of a plan with one fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FateSample {
    /// What becomes of them.
    #[schema(value_type = String)]
    pub fate: RowFate,
    /// The rows.
    pub rows: Vec<PlanLine>,
}

/// `POST /v1/imports`: a job whose result is [`Imported`].
pub fn start(request: &ImportRequest) -> Call<Job> {
    Call::post(&["imports"]).body(request)
}
