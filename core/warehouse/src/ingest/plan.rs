//! stub
use super::{Guards, PlanRow};
use crate::error::{Result, WarehouseError};
use crate::warehouse::Warehouse;
use zhengai_model::batch::{PlanCounts, Reject, RowFate};
use zhengai_model::dataset::{Dataset, LoadMode};
use zhengai_model::ids::BatchId;

impl Warehouse {
    /// Decides what becomes of every staged row, and of the rows that are there, and keeps the decision.
    ///
    /// A full load that would delete more than the guard allows is refused after its plan is kept, so that
    /// [`Warehouse::plan_sample`] can show what would go.
    pub async fn plan(
        &self,
        _dataset: &Dataset,
        batch: &BatchId,
        _mode: LoadMode,
        _guards: &Guards,
    ) -> Result<PlanCounts> {
        Err(WarehouseError::NotPlanned { batch: batch.clone() })
    }

    /// The first rows of a plan with this fate, in the order of the file (gone rows: in the order of the table).
    pub async fn plan_sample(
        &self,
        _dataset: &Dataset,
        batch: &BatchId,
        _fate: RowFate,
        _limit: usize,
    ) -> Result<Vec<PlanRow>> {
        Err(WarehouseError::NotPlanned { batch: batch.clone() })
    }

    /// Rejected rows of a batch in the order of the file, those of staging and those of the plan. They stay after the batch
    /// is applied or discarded.
    pub async fn rejects(&self, batch: &BatchId, _limit: Option<usize>) -> Result<Vec<Reject>> {
        Err(WarehouseError::NotPlanned { batch: batch.clone() })
    }
}
