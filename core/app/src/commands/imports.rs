//! `import`: a file into a dataset, with its plan.

use crate::cli::ImportArgs;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use crate::transfer::text_file;
use anyhow::Result;
use serde_json::{Value, json};
use zhengai_service::words::word;
use zhengai_wire::batches::{PlanChange, PlanLine};
use zhengai_wire::data::{Counts, Deletes, Extent};
use zhengai_wire::imports::{ImportOutcome, ImportRequest, Imported};
use zhengai_wire::rejects::RejectQuery;
use zhengai_wire::{Client, imports, rejects};

/// Rejected rows shown right after an import.
const SHOWN: u64 = 10;

pub(crate) async fn run(context: &Context, args: &ImportArgs) -> Result<u8> {
    let client = context.client().await?;
    let request = ImportRequest {
        dataset: args.dataset.clone(),
        file: context.file(&client, &args.file).await?,
        mapping: args.mapping.as_deref().map(text_file).transpose()?,
        sheet: args.sheet.clone(),
        mode: args.mode.map(Into::into),
        extent: if args.dry_run { Extent::Plan } else { Extent::Do },
        review: args.review.map(Into::into),
        deletes: if args.allow_deletes { Deletes::Allowed } else { Deletes::Guarded },
    };
    let job = context.job(imports::start(&request)).await?;
    let imported: Imported = serde_json::from_value(job.result.unwrap_or_default())?;
    show(context, &client, &imported).await?;
    Ok(if imported.counts.rejected > 0 { exit::PARTLY } else { exit::DONE })
}

/// Names of the columns that counts of rows have in every table, in their order.
pub(crate) const COUNTS: [&str; 6] = [">read", ">new", ">changed", ">gone", ">unchanged", ">rejected"];

/// The cells under [`COUNTS`].
pub(crate) fn count_cells(counts: &Counts) -> Vec<Value> {
    let Counts { read, new, changed, gone, unchanged, rejected, .. } = counts;
    [read, new, changed, gone, unchanged, rejected].map(|count| json!(count)).to_vec()
}

/// Counts of a plan as one row.
pub(crate) fn counts(context: &Context, batch: &str, state: &str, counts: &Counts) -> Rows {
    let names = [&["batch", "state"], &COUNTS[..], &[">before"]].concat();
    let mut rows = Rows::new(context.columns(&names));
    rows.rows.push([vec![json!(batch), json!(state)], count_cells(counts), vec![json!(counts.before)]].concat());
    rows
}

/// What an import did, for people and for scripts.
pub(crate) async fn show(context: &Context, client: &Client, imported: &Imported) -> Result<()> {
    let state = word(&imported.outcome);
    let label = if context.is_table() { context.text(&format!("outcome-{state}")) } else { state };
    context.print(&counts(context, &imported.batch, &label, &imported.counts))?;
    for notice in &imported.notices {
        context.hint(&notice.text);
    }
    if !context.is_table() {
        return Ok(());
    }
    for sample in &imported.sample {
        say!("\n{}", context.text(&format!("fate-{}", word(&sample.fate))));
        context.print(&plan_rows(context, &sample.rows))?;
    }
    if imported.counts.rejected > 0 {
        if imported.outcome == ImportOutcome::Planned {
            say!("\n{}", context.text("import-rejects-planned"));
        } else {
            say!();
            let query = RejectQuery { limit: Some(SHOWN), ..RejectQuery::default() };
            let page = client.send(rejects::list(&imported.batch, &query)).await?;
            context.print(&super::batches::reject_rows(context, page.items))?;
            context.hint(&context.fill("import-rejects-next", &[("batch", &imported.batch)]));
        }
    }
    if imported.outcome == ImportOutcome::Held {
        context.hint(&context.fill("import-held-next", &[("batch", &imported.batch)]));
    }
    Ok(())
}

/// Rows of a plan.
pub(crate) fn plan_rows(context: &Context, lines: &[PlanLine]) -> Rows {
    let mut rows = Rows::new(context.columns(&[">line", "key", "change"]));
    for line in lines {
        let key: Vec<String> = line.key.iter().map(|part| format!("{}={}", part.field, part.value)).collect();
        let changes: Vec<String> = line.changes.iter().map(change).collect();
        rows.rows.push(vec![json!(line.line), json!(key.join(" ")), json!(changes.join(" "))]);
    }
    rows
}

fn change(change: &PlanChange) -> String {
    match (&change.before, &change.after) {
        (None, Some(after)) => format!("{}={after}", change.field),
        (before, after) => {
            let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "∅".to_owned());
            format!("{}: {} → {}", change.field, text(before), text(after))
        }
    }
}
