//! `batch list|show|plan|approve|reject|rejects|replay`.

use crate::cli::BatchCommand;
use crate::commands::imports;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use crate::transfer::{all, save};
use anyhow::Result;
use serde_json::json;
use zhengai_service::words::word;
use zhengai_wire::batches::{self, Approval, Approved, BatchQuery, PlanQuery, Refusal};
use zhengai_wire::data::Deletes;
use zhengai_wire::imports::Imported;
use zhengai_wire::rejects::{self, RejectExport, RejectLine, RejectQuery, SheetFormat};

pub(crate) async fn run(context: &Context, command: &BatchCommand) -> Result<u8> {
    match command {
        BatchCommand::List { dataset, state, source } => {
            let (dataset, source) = (dataset.clone(), source.clone());
            let state = state.map(Into::into);
            list(context, &BatchQuery { dataset, state, source, ..BatchQuery::default() }).await?;
        }
        BatchCommand::Show { batch } => show(context, batch).await?,
        BatchCommand::Plan { batch, fate, limit } => {
            let query = PlanQuery { fate: (*fate).into(), offset: None, limit: Some(*limit) };
            let page = context.client().await?.send(batches::plan(batch, &query)).await?;
            context.print(&imports::plan_rows(context, &page.items))?;
        }
        BatchCommand::Approve { batch, why, allow_deletes } => {
            let deletes = if *allow_deletes { Deletes::Allowed } else { Deletes::Guarded };
            let job = context.job(batches::approve(batch, &Approval { why: why.clone(), deletes })).await?;
            let approved: Approved = serde_json::from_value(job.result.unwrap_or_default())?;
            context.print(&imports::counts(context, batch, &context.text("outcome-applied"), &approved.counts))?;
        }
        BatchCommand::Reject { batch, why } => {
            let refusal = Refusal { why: why.clone() };
            context.client().await?.send(batches::refuse(batch, &refusal)).await?;
            context.hint(&context.fill("batch-refused-done", &[("batch", batch)]));
        }
        BatchCommand::Rejects { batch, export } => {
            let client = context.client().await?;
            match export {
                Some(file) => {
                    let query = RejectQuery { limit: Some(0), ..RejectQuery::default() };
                    let count = client.send(rejects::list(batch, &query)).await?.total;
                    let format = SheetFormat::of_file(&file.to_string_lossy());
                    save(&client, rejects::export(batch, &RejectExport { format }), file).await?;
                    context.saved("batch-exported", usize::try_from(count).unwrap_or(usize::MAX), file);
                }
                None => {
                    let lines = all(&client, |piece| {
                        let query = RejectQuery { offset: piece.offset, limit: piece.limit, ..RejectQuery::default() };
                        rejects::list(batch, &query)
                    });
                    context.print(&reject_rows(context, lines.await?))?;
                }
            }
        }
        BatchCommand::Replay { batch, file } => {
            let client = context.client().await?;
            let file = context.file(&client, file).await?;
            let job = context.job(batches::replay(batch, &file)).await?;
            let imported: Imported = serde_json::from_value(job.result.unwrap_or_default())?;
            imports::show(context, &client, &imported).await?;
            if imported.counts.rejected > 0 {
                return Ok(exit::PARTLY);
            }
        }
    }
    Ok(exit::DONE)
}

async fn list(context: &Context, query: &BatchQuery) -> Result<()> {
    let client = context.client().await?;
    let batches =
        all(&client, |piece| batches::list(&BatchQuery { offset: piece.offset, limit: piece.limit, ..query.clone() }));
    let mut rows = Rows::new(context.columns(&[
        "batch",
        "dataset",
        "state",
        "file",
        ">new",
        ">changed",
        ">gone",
        ">rejected",
        "at",
    ]));
    for batch in batches.await? {
        let counts = batch.counts.unwrap_or_default();
        let state = word(&batch.state);
        let label = if context.is_table() { context.text(&format!("batch-{state}")) } else { state };
        rows.rows.push(vec![
            json!(batch.id),
            json!(batch.dataset),
            json!(label),
            json!(batch.file),
            json!(counts.new),
            json!(counts.changed),
            json!(counts.gone),
            json!(counts.rejected),
            json!(batch.at.format("%Y-%m-%d %H:%M").to_string()),
        ]);
    }
    context.print(&rows)
}

async fn show(context: &Context, id: &str) -> Result<()> {
    let batch = context.client().await?.send(batches::show(id)).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&batch)?);
        return Ok(());
    }
    let state = context.text(&format!("batch-{}", word(&batch.state)));
    let lines = [
        (context.text("col-batch"), batch.id.clone()),
        (context.text("col-dataset"), batch.dataset.clone()),
        (context.text("col-state"), state.clone()),
        (context.text("col-file"), batch.file.clone()),
        (context.text("col-sheet"), batch.sheet.clone().unwrap_or_default()),
        (context.text("dataset-load"), word(&batch.mode)),
        (context.text("col-by"), batch.by.clone()),
        (context.text("col-at"), batch.at.format("%Y-%m-%d %H:%M").to_string()),
        (context.text("col-reason"), batch.reason_text.clone()),
        (context.text("col-version"), batch.table_version.map(|version| version.to_string()).unwrap_or_default()),
    ];
    say!("{}\n", crate::out::pairs(&lines, context.width()));
    if let Some(counts) = &batch.counts {
        context.print(&imports::counts(context, id, &state, counts))?;
    }
    Ok(())
}

/// Rejected rows as every command shows them.
pub(crate) fn reject_rows(context: &Context, lines: Vec<RejectLine>) -> Rows {
    let mut rows = Rows::new(context.columns(&["file", "sheet", ">line", "column", "rule", "value", "reason"]));
    for line in lines {
        rows.rows.push(vec![
            json!(line.file),
            json!(line.sheet),
            json!(line.line),
            json!(line.column),
            json!(line.rule),
            json!(line.value),
            json!(line.reason),
        ]);
    }
    rows
}
