//! `threshold set|list|withdraw`.

use crate::cli::{ThresholdArgs, ThresholdCommand};
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_service::ThresholdRecord;
use zhengai_service::college::{Access, College};
use zhengai_service::thresholds::ThresholdOrder;

pub(crate) async fn run(context: &Context, command: &ThresholdCommand) -> Result<u8> {
    match command {
        ThresholdCommand::Set(args) => {
            let order = order(context, args)?;
            let college = context.open(Access::Write).await?;
            let done = college.set_threshold(&order).await?;
            context.print(&table(context, &college, &[done]))?;
            college.close().await;
        }
        ThresholdCommand::List { indicator } => {
            let college = context.open(Access::Read).await?;
            let found = college.set_thresholds(indicator.as_deref()).await?;
            context.print(&table(context, &college, &found))?;
        }
        ThresholdCommand::Withdraw { id, why } => {
            let college = context.open(Access::Write).await?;
            let done = college.withdraw_threshold(*id, why).await?;
            let (id, code) = (done.id.to_string(), done.threshold.indicator.to_string());
            context.hint(&context.fill("threshold-withdrawn", &[("id", &id), ("code", &code)]));
            college.close().await;
        }
    }
    Ok(exit::DONE)
}

fn order(context: &Context, args: &ThresholdArgs) -> Result<ThresholdOrder> {
    let day = |text: &Option<String>| text.as_deref().map(|text| context.day(text)).transpose();
    Ok(ThresholdOrder {
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

fn table(context: &Context, college: &College, found: &[ThresholdRecord]) -> Rows {
    let mut rows = Rows::new(context.columns(&[
        ">id", "code", "name", "kind", "value", "scope", "grain", "level", "from", "until", "source", "verified", "by",
        "leave",
    ]));
    for record in found {
        let threshold = &record.threshold;
        let indicator = college.indicator(threshold.indicator.as_str()).ok();
        let kind = threshold.kind.to_string();
        let kind = if context.is_table() { context.text(&format!("threshold-{kind}")) } else { kind };
        rows.rows.push(vec![
            json!(record.id),
            json!(threshold.indicator),
            json!(indicator.map(|indicator| context.label(&indicator.names))),
            json!(kind),
            json!(threshold.when.to_string()),
            json!(threshold.scope.to_string()),
            json!(threshold.grain),
            json!(threshold.level),
            json!(threshold.from),
            json!(threshold.to),
            json!(threshold.source),
            json!(context.verified_cell(threshold.verified)),
            json!(record.by),
            json!(record.overrides.as_ref().map(|leave| leave.why.clone())),
        ]);
    }
    rows
}
