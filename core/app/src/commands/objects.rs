//! `object list|show`.

use crate::cli::ObjectCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_service::ServiceError;
use zhengai_wire::objects::{self, ObjectQuery, Portrait, PortraitQuery};

pub(crate) async fn run(context: &Context, command: &ObjectCommand) -> Result<u8> {
    match command {
        ObjectCommand::List { kind, unit, text, limit } => {
            let query = ObjectQuery {
                kind: kind.clone(),
                unit: unit.clone(),
                text: text.clone(),
                offset: None,
                limit: Some(*limit),
            };
            let found = context.client().await?.send(objects::list(&query)).await?;
            let mut rows = Rows::new(context.columns(&["kind", "object", "object_name"]));
            for object in &found.items {
                rows.rows.push(vec![json!(object.kind), json!(object.id), json!(object.name)]);
            }
            context.print(&rows)?;
            if found.total > found.items.len() as u64 {
                let (shown, all) = (found.items.len().to_string(), found.total.to_string());
                context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
            }
        }
        ObjectCommand::Show { object, run } => {
            let bad = || ServiceError::BadArgument { what: "object", value: object.clone() };
            let (kind, id) = object.split_once('/').ok_or_else(bad)?;
            let query = PortraitQuery { run: run.clone() };
            let portrait = context.client().await?.send(objects::portrait(kind, id, &query)).await?;
            if context.is_table() {
                print(context, &portrait)?;
            } else {
                say!("{}", serde_json::to_string_pretty(&portrait)?);
            }
        }
    }
    Ok(exit::DONE)
}

fn print(context: &Context, portrait: &Portrait) -> Result<()> {
    let units = portrait.units.iter().map(|unit| format!("{}/{}", unit.kind, unit.id)).collect::<Vec<_>>();
    let peers = portrait.peers.as_ref().map(|peers| {
        let unit = peers.unit.as_ref().map(|unit| format!("{}/{}", unit.kind, unit.id));
        let unit = unit.unwrap_or_else(|| context.text("object-college"));
        context.fill("object-peers", &[("unit", &unit), ("count", &peers.count.to_string())])
    });
    let object = &portrait.object;
    let lines = [
        (context.text("col-object"), format!("{} {}/{}", object.name, object.kind, object.id)),
        (context.text("why-hierarchy"), units.join(" > ")),
        (context.text("why-run"), format!("{} {}", portrait.run, portrait.period)),
        (context.text("col-peers"), peers.unwrap_or_else(|| context.text("object-no-peers"))),
    ];
    say!("{}\n", pairs(&lines, context.width()));
    let mut rows = Rows::new(context.columns(&[
        "indicator",
        "name",
        "period",
        ">value",
        "unit",
        "verdict",
        "standard",
        "target",
        ">median",
        ">percentile",
    ]));
    for one in &portrait.indicators {
        let nothing = || one.gap.clone().unwrap_or_else(|| context.text(&format!("state-{}", one.state)));
        let standing = one.peers.as_ref();
        rows.rows.push(vec![
            json!(one.code),
            json!(one.name),
            json!(one.period),
            json!(one.value.clone().unwrap_or_else(nothing)),
            json!(one.unit),
            json!(context.text(&format!("verdict-{}", one.verdict))),
            json!(one.standard),
            json!(one.target),
            json!(standing.map(|standing| &standing.median)),
            json!(standing.and_then(|standing| standing.percentile)),
        ]);
    }
    context.print(&rows)?;
    if !portrait.radar.is_empty() {
        say!();
        let mut rows = Rows::new(context.columns(&["place", "name", ">good", ">judged"]));
        for axis in &portrait.radar {
            rows.rows.push(vec![json!(axis.id), json!(axis.name), json!(axis.good), json!(axis.judged)]);
        }
        context.print(&rows)?;
    }
    if !portrait.warnings.is_empty() {
        say!();
        context.print(&super::warnings::table(context, &portrait.warnings))?;
    }
    Ok(())
}
