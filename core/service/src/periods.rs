//! Periods people have settled: locking, unlocking, listing.

use crate::college::College;
use crate::error::ServiceError;
use zhengai_model::period::{Period, PeriodKind, PeriodState};
use zhengai_model::rights::Right;
use zhengai_store::PeriodRecord;

impl College {
    /// Periods with a recorded state.
    pub async fn periods(&self) -> Result<Vec<PeriodRecord>, ServiceError> {
        self.permit(Right::ReadResults)?;
        Ok(self.record.period_list().await?)
    }

    /// Periods of the calendar, the newest of each kind first, so many of each counted back from the present one; with
    /// how far each is settled today.
    pub async fn calendar_periods(
        &self,
        kinds: &[PeriodKind],
        back: u32,
    ) -> Result<Vec<(Period, PeriodState)>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let mut found = Vec::new();
        for kind in kinds {
            let mut next = self.calendar.on(*kind, self.opening.today);
            for _ in 0..back {
                let Some(period) = next else { break };
                next = self.calendar.previous(&period);
                let settlement = self.record.period_settlement(&period.id).await?;
                let state = settlement.state(&self.calendar, &period, self.opening.today);
                found.push((period, state));
            }
        }
        Ok(found)
    }

    /// Whether a period is over today.
    pub fn is_over(&self, period: &Period) -> bool {
        period.is_over(self.opening.today)
    }

    /// Locks a period: rows into it are refused until it is unlocked.
    pub async fn lock_period(&self, id: &str, why: &str) -> Result<PeriodRecord, ServiceError> {
        self.permit(Right::ManageCycles)?;
        self.set_period(id, PeriodState::Locked, why).await
    }

    /// Opens a locked period for late rows. A signed one stays closed.
    pub async fn unlock_period(&self, id: &str, why: &str) -> Result<PeriodRecord, ServiceError> {
        self.permit(Right::ManageCycles)?;
        self.set_period(id, PeriodState::Grace, why).await
    }

    async fn set_period(&self, id: &str, to: PeriodState, why: &str) -> Result<PeriodRecord, ServiceError> {
        let period = self.period(id)?;
        let settlement = self.record.period_settlement(&period.id).await?;
        let from = settlement.state(&self.calendar, &period, self.opening.today);
        Ok(self.record.period_set(self.actor(), &period.id, from, to, why).await?)
    }
}
