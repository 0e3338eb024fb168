//! Periods people have settled: locking, unlocking, listing.

use crate::college::College;
use crate::error::ServiceError;
use zhengai_model::period::PeriodState;
use zhengai_store::PeriodRecord;

impl College {
    /// Periods with a recorded state.
    pub async fn periods(&self) -> Result<Vec<PeriodRecord>, ServiceError> {
        Ok(self.record.period_list().await?)
    }

    /// Locks a period: rows into it are refused until it is unlocked.
    pub async fn lock_period(&self, id: &str, why: &str) -> Result<PeriodRecord, ServiceError> {
        self.set_period(id, PeriodState::Locked, why).await
    }

    /// Opens a locked period for late rows. A signed one stays closed.
    pub async fn unlock_period(&self, id: &str, why: &str) -> Result<PeriodRecord, ServiceError> {
        self.set_period(id, PeriodState::Grace, why).await
    }

    async fn set_period(&self, id: &str, to: PeriodState, why: &str) -> Result<PeriodRecord, ServiceError> {
        let period = self.period(id)?;
        let settlement = self.record.period_settlement(&period.id).await?;
        let from = settlement.state(&self.calendar, &period, self.opening.today);
        Ok(self.record.period_set(self.actor(), &period.id, from, to, why).await?)
    }
}
