//! What the areas about data share: counts, notices, files that a request names.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhengai_model::batch::PlanCounts;
use zhengai_model::dataset::LoadMode;

/// Counts of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Rows read, rejected ones included.
    pub read: u64,
    /// Rows whose key is not there yet.
    pub new: u64,
    /// Rows whose key is there with other values.
    pub changed: u64,
    /// Rows that are there and that a full load lacks.
    pub gone: u64,
    /// Rows that are there already, as they are.
    pub unchanged: u64,
    /// Rows that break a rule.
    pub rejected: u64,
    /// Rows in the dataset before.
    pub before: u64,
}

impl From<PlanCounts> for Counts {
    fn from(counts: PlanCounts) -> Self {
        let PlanCounts { read, new, changed, gone, unchanged, rejected, before } = counts;
        Self { read, new, changed, gone, unchanged, rejected, before }
    }
}

/// Something worth telling that rejects nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeLine {
    /// Its rule: `file.truncated`, `column.ignored`, …
    pub rule: String,
    /// What to tell a person.
    pub text: String,
}

/// Whether a person looks at a plan before it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Review {
    /// Applied at once when the automatic rules find nothing.
    Auto,
    /// Held until a person approves.
    Hold,
}

/// How rows meet the rows that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// New keys only; another row under a known key is rejected.
    Append,
    /// New keys are added, different rows replace.
    Upsert,
    /// The rows are the whole truth; what they lack is gone.
    Full,
}

impl From<LoadMode> for Mode {
    fn from(mode: LoadMode) -> Self {
        match mode {
            LoadMode::Append => Self::Append,
            LoadMode::Upsert => Self::Upsert,
            LoadMode::Full => Self::Full,
        }
    }
}

impl From<Mode> for LoadMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Append => Self::Append,
            Mode::Upsert => Self::Upsert,
            Mode::Full => Self::Full,
        }
    }
}

/// Whether the guard on large deletes holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Deletes {
    /// No more than the configured share.
    #[default]
    Guarded,
    /// Any: a person has said so.
    Allowed,
}

impl Deletes {
    /// Whether this is what is taken when nothing is said.
    pub fn is_guarded(&self) -> bool {
        *self == Self::Guarded
    }
}

/// Whether anything is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// It is done.
    #[default]
    Do,
    /// It is only told what would be done.
    Plan,
}

/// A small text file of the client's, sent with the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    /// Its name, for messages; `.toml` and `.json` are told apart by it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

pub use crate::upload::FileRef;
