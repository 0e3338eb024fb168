//! `threshold set|list|withdraw`.

use crate::cli::{ThresholdArgs, ThresholdCommand};
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_wire::thresholds::{self, SetThreshold, ThresholdQuery, ThresholdRow};

pub(crate) async fn run(context: &Context, command: &ThresholdCommand) -> Result<u8> {
    match command {
        ThresholdCommand::Set(args) => {
            let order = order(context, args)?;
            let done = context.client().await?.send(thresholds::set(&order)).await?;
            context.print(&table(context, &[done]))?;
        }
        ThresholdCommand::List { indicator } => {
            let query = ThresholdQuery { indicator: indicator.clone() };
            let found = context.client().await?.send(thresholds::list(&query)).await?;
            context.print(&table(context, &found))?;
        }
        ThresholdCommand::Withdraw { id, why } => {
            let done = context.client().await?.send(thresholds::withdraw(*id, why)).await?;
            let id = done.id.to_string();
            context.hint(&context.fill("threshold-withdrawn", &[("id", &id), ("code", &done.indicator)]));
        }
    }
    Ok(exit::DONE)
}

fn order(context: &Context, args: &ThresholdArgs) -> Result<SetThreshold> {
    let day = |text: &Option<String>| text.as_deref().map(|text| context.day(text)).transpose();
    Ok(SetThreshold {
        indicator: args.indicator.clone(),
        kind: args.kind.clone(),
        when: args.value.clone(),
        scope: args.scope.clone(),
        grain: args.grain.clone(),
        level: args.level.clone(),
        from: day(&args.from)?,
        until: day(&args.until)?,
        source: args.source.clone(),
        verified: args.verified,
        leave: args.leave.clone(),
    })
}

fn table(context: &Context, found: &[ThresholdRow]) -> Rows {
    let mut rows = Rows::new(context.columns(&[
        ">id", "code", "name", "kind", "value", "scope", "grain", "level", "from", "until", "source", "verified", "by",
        "leave",
    ]));
    for row in found {
        let kind = if context.is_table() { context.text(&format!("threshold-{}", row.kind)) } else { row.kind.clone() };
        rows.rows.push(vec![
            json!(row.id),
            json!(row.indicator),
            json!(row.name),
            json!(kind),
            json!(row.when),
            json!(row.scope),
            json!(row.grain),
            json!(row.level),
            json!(row.from),
            json!(row.until),
            json!(row.source),
            json!(context.verified_cell(row.verified)),
            json!(row.by),
            json!(row.leave),
        ]);
    }
    rows
}
