//! `reject list|mend|replay`: what a batch rejected, mended in place and taken in.

use crate::cli::{MendArgs, RejectCommand};
use crate::commands::imports;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use crate::transfer::all;
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;
use zhengai_service::ServiceError;
use zhengai_service::words::word;
use zhengai_wire::imports::ImportOutcome;
use zhengai_wire::rejects::{self, MendRequest, MendRest, Mended, MendedRow, RejectQuery, RejectState};

pub(crate) async fn run(context: &Context, command: &RejectCommand) -> Result<u8> {
    match command {
        RejectCommand::List { batch, open, rule } => {
            let state = open.then_some(RejectState::Open);
            list(context, batch, RejectQuery { state, rule: rule.clone(), ..RejectQuery::default() }).await?;
            Ok(exit::DONE)
        }
        RejectCommand::Mend(args) => {
            let request = mending(context, args).await?;
            if args.dry_run {
                let checked = context.client().await?.send(rejects::check(&args.batch, &request)).await?;
                return show(context, &args.batch, &checked);
            }
            mend(context, &args.batch, &request).await
        }
        RejectCommand::Replay { batch, review } => {
            let request =
                MendRequest { rest: MendRest::GoesAlong, review: review.map(Into::into), ..MendRequest::default() };
            mend(context, batch, &request).await
        }
    }
}

async fn list(context: &Context, batch: &str, query: RejectQuery) -> Result<()> {
    let client = context.client().await?;
    let lines = all(&client, |piece| {
        rejects::list(batch, &RejectQuery { offset: piece.offset, limit: piece.limit, ..query.clone() })
    });
    let mut rows =
        Rows::new(context.columns(&[">line", "column", "rule", "value", "reason", "state", "batch", "cells"]));
    for line in lines.await? {
        let state = word(&line.state);
        let state = if context.is_table() { context.text(&format!("reject-{state}")) } else { state };
        let cells: Vec<String> = line.cells.iter().map(|cell| format!("{}={}", cell.column, cell.text)).collect();
        rows.rows.push(vec![
            json!(line.line),
            json!(line.column),
            json!(line.rule),
            json!(line.value),
            json!(line.reason),
            json!(state),
            json!(line.by),
            json!(cells.join(" ")),
        ]);
    }
    context.print(&rows)
}

/// What the words of a command ask for: one line with its new cells, or a mended export.
async fn mending(context: &Context, args: &MendArgs) -> Result<MendRequest> {
    let mut cells = BTreeMap::new();
    for pair in &args.cell {
        let bad = || ServiceError::BadArgument { what: "cell", value: pair.clone() };
        let (column, text) = pair.split_once('=').ok_or_else(bad)?;
        cells.insert(column.to_owned(), text.to_owned());
    }
    let rows = args.line.iter().map(|line| MendedRow { line: *line, cells: cells.clone() }).collect();
    let file = match &args.file {
        Some(path) => Some(context.file(&context.client().await?, path).await?),
        None => None,
    };
    Ok(MendRequest { rows, file, rest: MendRest::Stays, review: args.review.map(Into::into) })
}

async fn mend(context: &Context, batch: &str, request: &MendRequest) -> Result<u8> {
    let job = context.job(rejects::mend(batch, request)).await?;
    let mended: Mended = serde_json::from_value(job.result.unwrap_or_default())?;
    show(context, batch, &mended)
}

/// What came of it: the counts, the cells that changed, and the rows that still break a rule.
fn show(context: &Context, of: &str, mended: &Mended) -> Result<u8> {
    let state = word(&mended.outcome);
    let label = if context.is_table() { context.text(&format!("outcome-{state}")) } else { state };
    let batch = mended.batch.as_deref().unwrap_or_default();
    context.print(&imports::counts(context, batch, &label, &mended.counts))?;
    if context.is_table() && !mended.changes.is_empty() {
        say!();
        let mut rows = Rows::new(context.columns(&[">line", "column", "before", "after"]));
        for change in &mended.changes {
            let (before, after) = (&change.before, &change.after);
            rows.rows.push(vec![json!(change.line), json!(change.column), json!(before), json!(after)]);
        }
        context.print(&rows)?;
    }
    if mended.still.is_empty() {
        if mended.outcome == ImportOutcome::Held {
            context.hint(&context.fill("import-held-next", &[("batch", batch)]));
        }
        return Ok(exit::DONE);
    }
    if context.is_table() {
        say!();
        context.print(&super::batches::reject_rows(context, mended.still.clone()))?;
    }
    let count = mended.still.len().to_string();
    context.hint(&context.fill("reject-still", &[("count", &count), ("batch", of)]));
    Ok(exit::PARTLY)
}
