//! The audit (审计): who did what, and whether anybody changed it afterwards.

use crate::college::Opening;
use crate::error::ServiceError;
use crate::records;
use chrono::NaiveDate;
use zhengai_model::rights::Right;
use zhengai_store::{AuditCheck, AuditFilter, AuditRow};

/// Which rows of the audit.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// On the thing with this id: a batch, run, warning, plugin, …
    pub subject: Option<String>,
    /// By this person.
    pub actor: Option<String>,
    /// On this kind of thing: `batch`, `warning`, …
    pub thing: Option<String>,
    /// With this action.
    pub action: Option<String>,
    /// Before this position.
    pub before: Option<u64>,
    /// From this day on, in UTC, as the rows are.
    pub since: Option<NaiveDate>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}

/// Rows of the audit, oldest first. Needs neither definitions nor plugins, so it works when those are broken.
pub async fn list(opening: &Opening, query: &AuditQuery) -> Result<Vec<AuditRow>, ServiceError> {
    crate::rights::permit(opening, Right::ReadAudit)?;
    let record = records::look(opening).await?;
    let filter = AuditFilter {
        subject: query.subject.clone(),
        actor: query.actor.clone(),
        thing: query.thing.clone(),
        action: query.action.clone(),
        limit: query.limit.filter(|_| query.since.is_none() && query.before.is_none()),
        ..AuditFilter::default()
    };
    let rows = record.audit_list(&filter).await;
    record.close().await;
    let mut rows = rows?;
    rows.retain(|row| query.since.is_none_or(|since| row.at.date_naive() >= since));
    rows.retain(|row| query.before.is_none_or(|before| row.seq < before));
    let surplus = query.limit.map_or(0, |limit| rows.len().saturating_sub(limit as usize));
    rows.drain(..surplus);
    Ok(rows)
}

/// Recomputes the whole chain of hashes.
pub async fn verify(opening: &Opening) -> Result<AuditCheck, ServiceError> {
    crate::rights::permit(opening, Right::ReadAudit)?;
    let record = records::look(opening).await?;
    let check = record.audit_verify().await;
    record.close().await;
    Ok(check?)
}
