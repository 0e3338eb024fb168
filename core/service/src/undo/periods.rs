//! Periods that were locked or opened.

use super::{Later, Reversal, because, read};
use crate::college::College;
use crate::error::ServiceError;
use serde::Deserialize;
use zhengai_model::ids::PeriodId;
use zhengai_model::period::{PeriodState, change_state};
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::AuditRow;

pub(super) struct States;

#[derive(Debug, Deserialize)]
struct Set {
    state: PeriodState,
}

async fn now(college: &College, row: &AuditRow) -> Result<(PeriodId, PeriodState), ServiceError> {
    let period = college.period(&row.subject)?;
    let settlement = college.record.period_settlement(&period.id).await?;
    let state = settlement.state(&college.calendar, &period, college.opening.today);
    Ok((period.id, state))
}

impl Reversal for States {
    fn actions(&self) -> &'static [&'static str] {
        &["period.locked", "period.grace", "period.open"]
    }

    fn right(&self) -> Right {
        Right::ManageCycles
    }

    fn told(&self, rows: &[AuditRow]) -> Message {
        let action = rows.first().map(|row| row.action.replace('.', "-")).unwrap_or_default();
        let subject = rows.first().map(|row| row.subject.as_str()).unwrap_or_default();
        Message::new(&format!("undo-{action}")).with("period", subject)
    }

    fn obstacle<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, Option<Message>> {
        Box::pin(async move {
            for row in rows {
                let left: Set = read(row, row.after.as_ref())?;
                if now(college, row).await?.1 != left.state {
                    return college.changed_since(row).await.map(Some);
                }
            }
            Ok(None)
        })
    }

    fn revert<'a>(&'a self, college: &'a College, rows: &'a [AuditRow]) -> Later<'a, ()> {
        Box::pin(async move {
            for row in rows {
                let was: PeriodState = read(row, row.before.as_ref())?;
                let (period, mut state) = now(college, row).await?;
                // A locked period opens in two steps, as the rules have it.
                let steps = match change_state(&period, state, was) {
                    Ok(_) => vec![was],
                    Err(_) => vec![PeriodState::Grace, was],
                };
                for to in steps {
                    college.record.period_set(college.actor(), &period, state, to, &because(row)).await?;
                    state = to;
                }
            }
            Ok(())
        })
    }
}
