//! `period list|lock|unlock`.

use crate::cli::PeriodCommand;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_wire::periods;

pub(crate) async fn run(context: &Context, command: &PeriodCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        PeriodCommand::List => {
            let mut rows = Rows::new(context.columns(&["period", "state", "by", "at", "reason"]));
            for record in client.send(periods::settled()).await? {
                rows.rows.push(vec![
                    json!(record.period),
                    json!(record.state),
                    json!(record.by),
                    json!(record.updated_at.format("%Y-%m-%d %H:%M").to_string()),
                    json!(record.why),
                ]);
            }
            context.print(&rows)?;
        }
        PeriodCommand::Lock { period, why } => {
            client.send(periods::lock(period, why)).await?;
            context.hint(&context.fill("period-locked-done", &[("period", period)]));
        }
        PeriodCommand::Unlock { period, why } => {
            client.send(periods::unlock(period, why)).await?;
            context.hint(&context.fill("period-unlocked-done", &[("period", period)]));
        }
    }
    Ok(exit::DONE)
}
