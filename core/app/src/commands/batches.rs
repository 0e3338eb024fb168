//! `batch list|show|approve|reject|rejects|replay`.

use crate::cli::BatchCommand;
use crate::commands::imports;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use crate::progress::Bar;
use anyhow::Result;
use serde_json::json;
use zhengai_model::ids::DatasetId;
use zhengai_service::ServiceError;
use zhengai_service::college::{Access, College};
use zhengai_service::export::{SheetFormat, write_whole};
use zhengai_service::import::Deletes;
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, command: &BatchCommand) -> Result<u8> {
    match command {
        BatchCommand::List { dataset } => list(context, dataset.as_deref()).await?,
        BatchCommand::Show { batch } => show(context, batch).await?,
        BatchCommand::Approve { batch, why, allow_deletes } => {
            let college = context.open(Access::Write).await?;
            let deletes = if *allow_deletes { Deletes::Allowed } else { Deletes::Guarded };
            let counts = college.approve(batch, why.as_deref(), deletes).await?;
            context.print(&imports::counts(context, batch, &context.text("outcome-applied"), counts))?;
            college.close().await;
        }
        BatchCommand::Reject { batch, why } => {
            let college = context.open(Access::Write).await?;
            college.refuse(batch, why).await?;
            context.hint(&context.fill("batch-refused-done", &[("batch", batch)]));
            college.close().await;
        }
        BatchCommand::Rejects { batch, export } => {
            let college = context.open(Access::Read).await?;
            match export {
                Some(file) => {
                    let sheet = college.rejects_sheet(batch, &context.texts).await?;
                    write_whole(file, &SheetFormat::of(file).bytes(&sheet)?)?;
                    let count = sheet.rows.len().to_string();
                    let file = file.display().to_string();
                    context.hint(&context.fill("batch-exported", &[("count", &count), ("file", &file)]));
                }
                None => rejects(context, &college, batch, None).await?,
            }
        }
        BatchCommand::Replay { batch, file } => {
            let college = context.open(Access::Write).await?;
            let bar = Bar::rows(context, batch, None);
            let imported = college.replay(batch, file, &|rows| bar.at(rows), &context.cancel).await;
            bar.end();
            let imported = imported?;
            imports::show(context, &college, &imported).await?;
            college.close().await;
            if imported.counts.rejected > 0 {
                return Ok(exit::PARTLY);
            }
        }
    }
    Ok(exit::DONE)
}

async fn list(context: &Context, dataset: Option<&str>) -> Result<()> {
    let college = context.open(Access::Read).await?;
    let dataset = match dataset {
        Some(id) => {
            Some(DatasetId::new(id).map_err(|_| ServiceError::BadArgument { what: "dataset", value: id.to_owned() })?)
        }
        None => None,
    };
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
    for batch in college.batches(dataset.as_ref()).await? {
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
    let college = context.open(Access::Read).await?;
    let batch = college.batch(id).await?;
    if !context.is_table() {
        say!("{}", serde_json::to_string_pretty(&batch)?);
        return Ok(());
    }
    let lines = [
        (context.text("col-batch"), batch.id.to_string()),
        (context.text("col-dataset"), batch.dataset.to_string()),
        (context.text("col-state"), context.text(&format!("batch-{}", word(&batch.state)))),
        (context.text("col-file"), batch.file.clone()),
        (context.text("col-sheet"), batch.sheet.clone().unwrap_or_default()),
        (context.text("dataset-load"), word(&batch.mode)),
        (context.text("col-by"), batch.by.clone()),
        (context.text("col-at"), batch.at.format("%Y-%m-%d %H:%M").to_string()),
        (context.text("col-reason"), college.batch_reason(&batch, &context.texts)),
        (context.text("col-version"), batch.table_version.map(|version| version.to_string()).unwrap_or_default()),
    ];
    say!("{}\n", crate::out::pairs(&lines, context.width()));
    if let Some(counts) = batch.counts {
        context.print(&imports::counts(
            context,
            id,
            &context.text(&format!("batch-{}", word(&batch.state))),
            counts,
        ))?;
    }
    Ok(())
}

/// Prints rejected rows.
pub(crate) async fn rejects(context: &Context, college: &College, batch: &str, limit: Option<usize>) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["file", "sheet", ">line", "column", "rule", "value", "reason"]));
    for reject in college.rejects(batch, limit).await? {
        rows.rows.push(vec![
            json!(reject.file),
            json!(reject.sheet),
            json!(reject.line),
            json!(reject.column),
            json!(reject.rule),
            json!(reject.value),
            json!(context.texts.say(&reject.reason)),
        ]);
    }
    context.print(&rows)
}
