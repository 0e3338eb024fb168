//! `import`: a file into a dataset, with its plan.

use crate::cli::ImportArgs;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use crate::progress::Bar;
use anyhow::Result;
use serde_json::json;
use zhengai_model::batch::PlanCounts;
use zhengai_model::ids::DatasetId;
use zhengai_service::ServiceError;
use zhengai_service::college::{Access, College};
use zhengai_service::import::{Deletes, ImportRequest, Imported, Outcome};
use zhengai_service::text_file::TextFile;
use zhengai_service::words::word;

/// Rejected rows shown right after an import.
const SHOWN: usize = 10;

pub(crate) async fn run(context: &Context, args: &ImportArgs) -> Result<u8> {
    let college = context.open(Access::Write).await?;
    let dataset = DatasetId::new(args.dataset.clone())
        .map_err(|_| ServiceError::BadArgument { what: "dataset", value: args.dataset.clone() })?;
    let request = ImportRequest {
        file: args.file.clone(),
        dataset,
        mapping: args.mapping.as_deref().map(TextFile::read).transpose()?,
        sheet: args.sheet.clone(),
        mode: args.mode.map(Into::into),
        dry_run: args.dry_run,
        review: args.review.map(super::sources::review),
        deletes: if args.allow_deletes { Deletes::Allowed } else { Deletes::Guarded },
    };
    let title = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bar = Bar::rows(context, &title, None);
    let imported = college.import(&request, &|rows| bar.at(rows), &context.cancel).await;
    bar.end();
    let imported = imported?;
    show(context, &college, &imported).await?;
    college.close().await;
    Ok(if imported.counts.rejected > 0 { exit::PARTLY } else { exit::DONE })
}

/// Counts of a plan as one row.
pub(crate) fn counts(context: &Context, batch: &str, state: &str, counts: PlanCounts) -> Rows {
    let mut rows = Rows::new(context.columns(&[
        "batch",
        "state",
        ">read",
        ">new",
        ">changed",
        ">gone",
        ">unchanged",
        ">rejected",
        ">before",
    ]));
    rows.rows.push(vec![
        json!(batch),
        json!(state),
        json!(counts.read),
        json!(counts.new),
        json!(counts.changed),
        json!(counts.gone),
        json!(counts.unchanged),
        json!(counts.rejected),
        json!(counts.before),
    ]);
    rows
}

/// What an import did, for people and for scripts.
pub(crate) async fn show(context: &Context, college: &College, imported: &Imported) -> Result<()> {
    let state = word(&imported.outcome);
    let label = if context.is_table() { context.text(&format!("outcome-{state}")) } else { state };
    context.print(&counts(context, imported.batch.as_str(), &label, imported.counts))?;
    for notice in &imported.notices {
        context.hint(&context.texts.say(&notice.message));
    }
    if !context.is_table() {
        return Ok(());
    }
    for (fate, sample) in &imported.sample {
        say!("\n{}", context.text(&format!("fate-{}", word(fate))));
        let mut rows = Rows::new(context.columns(&[">line", "key", "change"]));
        for row in sample {
            let key = row.key.iter().map(|(field, value)| format!("{field}={value}")).collect::<Vec<_>>().join(" ");
            let change = row
                .changes
                .iter()
                .map(|change| match (&change.before, &change.after) {
                    (None, Some(after)) => format!("{}={after}", change.field),
                    (before, after) => format!(
                        "{}: {} → {}",
                        change.field,
                        before.as_deref().unwrap_or("∅"),
                        after.as_deref().unwrap_or("∅")
                    ),
                })
                .collect::<Vec<_>>()
                .join(" ");
            rows.rows.push(vec![json!(row.line), json!(key), json!(change)]);
        }
        context.print(&rows)?;
    }
    if imported.counts.rejected > 0 {
        if imported.outcome == Outcome::Planned {
            say!("\n{}", context.text("import-rejects-planned"));
        } else {
            say!();
            super::batches::rejects(context, college, imported.batch.as_str(), Some(SHOWN)).await?;
            context.hint(&context.fill("import-rejects-next", &[("batch", imported.batch.as_str())]));
        }
    }
    if imported.outcome == Outcome::Held {
        context.hint(&context.fill("import-held-next", &[("batch", imported.batch.as_str())]));
    }
    Ok(())
}
