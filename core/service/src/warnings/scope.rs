//! Which warnings somebody may see, and which somebody may handle: one more condition of every filter, so that nobody
//! counts what he may not see.

use crate::college::College;
use crate::error::ServiceError;
use zhengai_model::rights::Right;
use zhengai_store::{StoreError, Thing, WarningFilter, WarningId, WarningRecord};

impl College {
    /// The filter within what this person may see.
    pub(crate) async fn within(&self, filter: &WarningFilter) -> Result<WarningFilter, ServiceError> {
        self.within_right(filter, Right::ReadResults).await
    }

    /// The filter within what this person may handle.
    pub(crate) async fn reachable(&self, filter: &WarningFilter) -> Result<WarningFilter, ServiceError> {
        self.within_right(&self.within(filter).await?, Right::HandleWarnings).await
    }

    async fn within_right(&self, filter: &WarningFilter, right: Right) -> Result<WarningFilter, ServiceError> {
        let mut filter = filter.clone();
        filter.scope.extend(self.scope_for(right).await?.allowed());
        Ok(filter)
    }

    /// A warning that this person may see; any other is told as if it were not there.
    pub(super) async fn visible_warning(&self, id: WarningId) -> Result<WarningRecord, ServiceError> {
        let filter = WarningFilter { with_closed: true, ids: vec![id], ..WarningFilter::default() };
        self.only(&self.within(&filter).await?, id).await
    }

    /// A warning that this person may handle.
    pub(super) async fn reachable_warning(&self, id: WarningId) -> Result<WarningRecord, ServiceError> {
        let filter = WarningFilter { with_closed: true, ids: vec![id], ..WarningFilter::default() };
        self.only(&self.reachable(&filter).await?, id).await
    }

    async fn only(&self, filter: &WarningFilter, id: WarningId) -> Result<WarningRecord, ServiceError> {
        let found = self.record.warning_list(filter).await?.into_iter().next();
        found.ok_or_else(|| missing(id))
    }
}

/// What is said of a warning that is not there, and of one that this person may not reach.
pub(crate) fn missing(id: impl ToString) -> ServiceError {
    StoreError::NotFound { thing: Thing::Warning, id: id.to_string() }.into()
}
