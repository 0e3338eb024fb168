//! stub
use super::{StageRequest, Staged};
use crate::error::{Result, WarehouseError};
use crate::source::{CancelFlag, Progress, SourceRows};
use crate::warehouse::Warehouse;

impl Warehouse {
    /// Reads all rows of a source, turns them into fields, checks each row by itself, and keeps both kinds beside each
    /// other: good rows for the plan, rejected ones with place, rule and reason. Anything staged before under this batch
    /// is thrown away first, unless the batch is applied.
    pub async fn stage(
        &self,
        request: StageRequest<'_>,
        _source: SourceRows,
        _progress: Progress<'_>,
        _cancel: &CancelFlag,
    ) -> Result<Staged> {
        Err(WarehouseError::NotStaged { batch: request.batch.clone() })
    }
}
