//! `warning list|show|ack|assign|resolve|silence`.

use crate::cli::WarningCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_model::ids::{LevelId, RuleId};
use zhengai_service::college::{Access, College};
use zhengai_service::words::word;
use zhengai_service::{ServiceError, WarningFilter, WarningRecord};

pub(crate) async fn run(context: &Context, command: &WarningCommand) -> Result<u8> {
    match command {
        WarningCommand::List { all, layer, rule, level, limit } => {
            let college = context.open(Access::Read).await?;
            let filter = WarningFilter {
                with_closed: *all,
                layer: layer.map(Into::into),
                rule: rule.as_deref().map(parse_rule).transpose()?,
                levels: level.as_deref().map(parse_level).transpose()?.into_iter().collect(),
                limit: Some(u32::try_from(*limit).unwrap_or(u32::MAX)),
                ..WarningFilter::default()
            };
            let found = college.warnings(&filter).await?;
            context.print(&table(context, &college, &found))?;
            let count = college.count_warnings(&WarningFilter { limit: None, ..filter }).await?;
            if count > found.len() as u64 {
                let (shown, all) = (found.len().to_string(), count.to_string());
                context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
            }
        }
        WarningCommand::Show { warning } => show(context, warning).await?,
        WarningCommand::Ack { warning } => {
            let college = context.open(Access::Write).await?;
            let mut done = Vec::new();
            for id in warning {
                done.push(college.acknowledge(id).await?);
            }
            context.print(&table(context, &college, &done))?;
            college.close().await;
        }
        WarningCommand::Assign { warning, to, due } => {
            let college = context.open(Access::Write).await?;
            let due = due.as_deref().map(|day| context.day(day)).transpose()?;
            let done = college.assign(warning, to, due).await?;
            context.print(&table(context, &college, &[done]))?;
            college.close().await;
        }
        WarningCommand::Resolve { warning, reason, why } => {
            let college = context.open(Access::Write).await?;
            let done = college.resolve(warning, reason, why.as_deref()).await?;
            context.print(&table(context, &college, &[done]))?;
            college.close().await;
        }
        WarningCommand::Silence { warning, until, why } => {
            let college = context.open(Access::Write).await?;
            let done = college.silence(warning, context.day(until)?, why).await?;
            context.print(&table(context, &college, &[done]))?;
            college.close().await;
        }
    }
    Ok(exit::DONE)
}

fn parse_rule(text: &str) -> Result<RuleId> {
    Ok(RuleId::new(text).map_err(|_| ServiceError::BadArgument { what: "rule", value: text.to_owned() })?)
}

fn parse_level(text: &str) -> Result<LevelId> {
    Ok(LevelId::new(text).map_err(|_| ServiceError::BadArgument { what: "level", value: text.to_owned() })?)
}

fn table(context: &Context, college: &College, found: &[WarningRecord]) -> Rows {
    let mut rows = Rows::new(context.columns(&[
        ">id",
        "level",
        "rule",
        "kind",
        "object",
        "object_name",
        "period",
        "because",
        "condition",
        "handling",
        "assignee",
        "due",
    ]));
    for record in found {
        let line = college.warning_line(record, &context.texts);
        let condition = word(&record.warning.condition);
        let label = if context.is_table() { context.text(&format!("condition-{condition}")) } else { condition };
        rows.rows.push(vec![
            json!(record.id),
            json!(if context.is_table() { line.level } else { line.level_word }),
            json!(if context.is_table() { line.rule } else { record.warning.identity.rule.to_string() }),
            json!(record.warning.identity.kind),
            json!(record.warning.identity.object),
            json!(record.object_name),
            json!(record.warning.identity.period),
            json!(line.because),
            json!(label),
            json!(if context.is_table() { line.handling } else { word(&record.warning.handling) }),
            json!(record.assignee),
            json!(record.due),
        ]);
    }
    rows
}

async fn show(context: &Context, id: &str) -> Result<()> {
    let college = context.open(Access::Read).await?;
    let (record, events) = college.warning(id).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&json!({ "warning": record, "events": events }))?);
        return Ok(());
    }
    let line = college.warning_line(&record, &context.texts);
    let identity = &record.warning.identity;
    let lines = [
        (context.text("col-id"), record.id.to_string()),
        (context.text("col-rule"), format!("{} {}", line.rule, identity.rule)),
        (context.text("col-object"), format!("{} {}/{}", record.object_name, identity.kind, identity.object)),
        (context.text("col-period"), identity.period.to_string()),
        (context.text("col-level"), line.level),
        (context.text("col-because"), line.because),
        (context.text("col-condition"), context.text(&format!("condition-{}", word(&record.warning.condition)))),
        (context.text("col-handling"), line.handling),
        (context.text("col-suppression"), word(&record.warning.suppression)),
        (context.text("col-assignee"), record.assignee.clone().unwrap_or_default()),
        (context.text("col-due"), record.due.map(|day| day.to_string()).unwrap_or_default()),
    ];
    say!("{}\n", pairs(&lines, context.width()));
    let mut rows = Rows::new(context.columns(&["at", "by", "action", "reason", "run"]));
    for event in events {
        rows.rows.push(vec![
            json!(event.at.format("%Y-%m-%d %H:%M").to_string()),
            json!(event.actor.name),
            json!(event.action),
            json!(event.why),
            json!(event.run),
        ]);
    }
    context.print(&rows)
}
