//! Rejected rows (退回的行): what was rejected and why, what became of each since, and mending them in place: corrected
//! cells are checked again under the mapping and the rules of the batch that rejected them, and what passes goes in as a
//! batch of its own that keeps file and line. The original cells stay where they are; who changed which cell stands in the
//! audit.

mod error;
mod file;
mod mend;

pub use error::MendError;
pub use mend::{MendRequest, Mended, MendedRow, Rest};

use crate::college::College;
use crate::error::ServiceError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::batch::{BatchState, Reject};
use zhengai_model::ids::BatchId;
use zhengai_model::rights::Right;
use zhengai_store::{BatchFilter, BatchRecord};

/// Member of a batch's detail that says which rejected rows it mends.
const MEND: &str = "mend";

/// What a batch of mended rows keeps of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MendDetail {
    /// The batch that rejected the rows.
    of: BatchId,
    /// Their lines.
    lines: BTreeSet<u64>,
    /// Cells that a person changed.
    changes: Vec<CellChange>,
}

/// A cell that a person changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What became of a rejected row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "batch")]
pub enum RejectState {
    /// Nothing yet.
    Open,
    /// It is in a batch that waits for a person.
    Waiting(BatchId),
    /// It went in with this batch.
    Mended(BatchId),
}

/// A rejected row with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectShown {
    /// The row.
    #[serde(flatten)]
    pub reject: Reject,
    /// What became of it.
    #[serde(flatten)]
    pub state: RejectState,
}

impl College {
    /// Rejected rows of a batch in the order of the file, each with what became of it.
    pub async fn rejects_shown(&self, id: &str) -> Result<Vec<RejectShown>, ServiceError> {
        self.permit(Right::ReadRows)?;
        let batch = self.batch(id).await?;
        let rejects = self.rejects(&batch).await?;
        let states = self.mends(&batch).await?;
        let shown = rejects.into_iter().map(|reject| {
            let state = states.get(&reject.line).cloned().unwrap_or(RejectState::Open);
            RejectShown { reject, state }
        });
        Ok(shown.collect())
    }

    /// Rejected rows of a batch in the order of the file, for somebody to look at.
    pub(crate) async fn rejects(&self, batch: &BatchRecord) -> Result<Vec<Reject>, ServiceError> {
        self.open_batch(&batch.dataset, &batch.id).await?;
        Ok(self.warehouse.rejects(&batch.id, None).await?)
    }

    /// Rejected rows that were mended, or are in a batch that waits, by line.
    async fn mends(&self, of: &BatchRecord) -> Result<BTreeMap<u64, RejectState>, ServiceError> {
        let filter = BatchFilter { dataset: Some(of.dataset.clone()), ..BatchFilter::default() };
        let mut states = BTreeMap::new();
        for batch in self.record.batch_list(&filter).await? {
            let Some(mend) = mend_of(&batch).filter(|mend| mend.of == of.id) else { continue };
            let state = match batch.state {
                BatchState::Applied => RejectState::Mended(batch.id.clone()),
                BatchState::Held | BatchState::Applying => RejectState::Waiting(batch.id.clone()),
                // Not even staged to its end, refused, failed: as if it had never been.
                BatchState::Staging | BatchState::Refused | BatchState::Failed => continue,
            };
            let again: BTreeSet<u64> =
                self.warehouse.rejects(&batch.id, None).await?.into_iter().map(|reject| reject.line).collect();
            states.extend(mend.lines.difference(&again).map(|line| (*line, state.clone())));
        }
        Ok(states)
    }
}

/// The rejected rows that a batch mends; `None` for a batch of another kind.
fn mend_of(batch: &BatchRecord) -> Option<MendDetail> {
    serde_json::from_value(batch.detail.get(MEND)?.clone()).ok()
}

/// The batch whose rejected rows a batch mends; `None` for a batch of another kind.
pub fn mends(batch: &BatchRecord) -> Option<BatchId> {
    mend_of(batch).map(|mend| mend.of)
}
