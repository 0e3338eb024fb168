//! `undo`: takes the last reversible change back, or shows it.

use crate::cli::UndoArgs;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use zhengai_wire::undo::{self, Undo, UndoOrder};

pub(crate) async fn run(context: &Context, args: &UndoArgs) -> Result<u8> {
    let client = context.client().await?;
    if args.show {
        let found = client.send(undo::show()).await?;
        if found.is_none() {
            context.hint(&context.text("undo-none"));
        }
        context.print(&table(context, found.as_slice()))?;
        return Ok(exit::DONE);
    }
    let undone = client.send(undo::take_back(&UndoOrder { seq: args.seq })).await?;
    context.hint(&context.fill("undo-done", &[("what", &undone.text)]));
    context.print(&table(context, &[undone]))?;
    Ok(exit::DONE)
}

fn table(context: &Context, found: &[Undo]) -> Rows {
    let mut rows = Rows::new(context.columns(&[">seq", "at", "action", "name", ">count", "reason"]));
    for undo in found {
        rows.rows.push(vec![
            json!(undo.seq),
            json!(undo.at.format("%Y-%m-%d %H:%M").to_string()),
            json!(undo.action),
            json!(undo.text),
            json!(undo.count),
            json!(undo.obstacle),
        ]);
    }
    rows
}
