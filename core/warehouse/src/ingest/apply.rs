//! stub
use super::Applied;
use crate::error::{Result, WarehouseError};
use crate::warehouse::Warehouse;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::BatchId;

impl Warehouse {
    /// Does what the plan says in one commit. Doing it again, or after a crash, changes nothing.
    pub async fn apply(&self, _dataset: &Dataset, batch: &BatchId) -> Result<Applied> {
        Err(WarehouseError::NotPlanned { batch: batch.clone() })
    }

    /// Throws the staged rows and the plan of a batch away; rejected rows are kept.
    pub async fn discard(&self, batch: &BatchId) -> Result<()> {
        self.staging(batch)?.drop_rows()
    }

    /// Throws away what a crash left half staged, and says which batches those were. For the one process that holds the
    /// lock of the data directory, when it starts.
    pub async fn recover(&self) -> Result<Vec<BatchId>> {
        Ok(Vec::new())
    }
}
