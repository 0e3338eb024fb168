//! `period list|lock|unlock`.

use crate::cli::PeriodCommand;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_service::college::Access;
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, command: &PeriodCommand) -> Result<u8> {
    match command {
        PeriodCommand::List => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&["period", "state", "by", "at", "reason"]));
            for record in college.periods().await? {
                rows.rows.push(vec![
                    json!(record.period),
                    json!(word(&record.state)),
                    json!(record.by),
                    json!(record.updated_at.format("%Y-%m-%d %H:%M").to_string()),
                    json!(record.why),
                ]);
            }
            context.print(&rows)?;
        }
        PeriodCommand::Lock { period, why } => {
            let college = context.open(Access::Write).await?;
            college.lock_period(period, why).await?;
            context.hint(&context.fill("period-locked-done", &[("period", period)]));
            college.close().await;
        }
        PeriodCommand::Unlock { period, why } => {
            let college = context.open(Access::Write).await?;
            college.unlock_period(period, why).await?;
            context.hint(&context.fill("period-unlocked-done", &[("period", period)]));
            college.close().await;
        }
    }
    Ok(exit::DONE)
}
