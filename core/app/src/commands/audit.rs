//! `audit list|show|verify`.

use crate::cli::AuditCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use anyhow::Result;
use serde_json::json;
use zhengai_wire::audit::{self, AuditCheck, AuditQuery};

pub(crate) async fn run(context: &Context, command: &AuditCommand) -> Result<u8> {
    match command {
        AuditCommand::List { subject, actor, thing, action, since, limit } => {
            let since = since.as_deref().map(|since| context.day(since)).transpose()?;
            let query = AuditQuery {
                subject: subject.clone(),
                actor: actor.clone(),
                thing: thing.clone(),
                action: action.clone(),
                since,
                before: None,
                limit: Some(*limit),
            };
            let mut rows =
                Rows::new(context.columns(&[">seq", "at", "by", "role", "action", "thing", "subject", "reason"]));
            let found = context.client().await?.send(audit::list(&query)).await?;
            for row in found.into_iter().rev() {
                let at = match context.is_table() {
                    true => json!(row.at.format("%Y-%m-%d %H:%M:%S").to_string()),
                    false => json!(row.at),
                };
                rows.rows.push(vec![
                    json!(row.seq),
                    at,
                    json!(row.actor),
                    json!(row.role),
                    json!(row.action),
                    json!(row.thing),
                    json!(row.subject),
                    json!(row.why),
                ]);
            }
            context.print(&rows)?;
            Ok(exit::DONE)
        }
        AuditCommand::Show { seq } => {
            let row = context.client().await?.send(audit::show(*seq)).await?;
            say!("{}", serde_json::to_string_pretty(&row)?);
            Ok(exit::DONE)
        }
        AuditCommand::Verify => verify(context).await,
    }
}

async fn verify(context: &Context) -> Result<u8> {
    let job = context.job(audit::verify()).await?;
    let check: AuditCheck = serde_json::from_value(job.result.unwrap_or_default())?;
    let (seq, cause) = check.broken.as_ref().map(|broken| (broken.seq, broken.cause.clone())).unzip();
    if !context.is_table() {
        let mut rows = Rows::new(context.columns(&[">sound", "hash", ">broken_seq", "cause"]));
        rows.rows.push(vec![json!(check.sound), json!(check.head), json!(seq), json!(cause)]);
        context.print(&rows)?;
    }
    let sound = check.sound.to_string();
    match (seq, cause) {
        (Some(seq), Some(cause)) => {
            let seq = seq.to_string();
            eprintln!("{}", context.fill("audit-broken", &[("seq", &seq), ("cause", &cause), ("sound", &sound)]));
            Ok(exit::DAMAGED)
        }
        _ => {
            context.hint(&context.fill("audit-sound", &[("sound", &sound), ("hash", &check.head)]));
            Ok(exit::DONE)
        }
    }
}
