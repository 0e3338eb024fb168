//! `dataset list|show|define`.

use crate::cli::DatasetCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_model::dataset::Dataset;
use zhengai_service::college::Access;
use zhengai_service::text_file::TextFile;
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, command: &DatasetCommand) -> Result<u8> {
    match command {
        DatasetCommand::List => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&["id", "name", "layer", ">rows", ">version", "privacy", "note"]));
            for state in college.datasets().await? {
                let dataset = state.dataset;
                rows.rows.push(vec![
                    json!(dataset.id),
                    json!(context.label(&dataset.names)),
                    json!(dataset.layer.map(|layer| layer.as_str())),
                    json!(state.table.map(|table| table.rows)),
                    json!(state.table.map(|table| table.version)),
                    json!(word(&dataset.privacy)),
                    json!(state.computed.then(|| context.text("dataset-computed"))),
                ]);
            }
            context.print(&rows)?;
        }
        DatasetCommand::Show { id } => {
            let college = context.open(Access::Read).await?;
            show(context, college.dataset(id)?)?;
        }
        DatasetCommand::Define { file } => {
            let college = context.open(Access::Write).await?;
            let dataset = college.define_dataset(&TextFile::read(file)?).await?;
            context.hint(&context.fill("dataset-defined", &[("id", dataset.id.as_str())]));
            college.close().await;
        }
    }
    Ok(exit::DONE)
}

fn show(context: &Context, dataset: &Dataset) -> Result<()> {
    if context.is_table() {
        let key = dataset.key.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
        let head = [
            (context.text("col-id"), dataset.id.to_string()),
            (context.text("col-name"), context.label(&dataset.names).to_owned()),
            (context.text("dataset-key"), key),
            (context.text("dataset-load"), word(&dataset.load)),
            (context.text("col-privacy"), word(&dataset.privacy)),
        ];
        say!("{}\n", pairs(&head, context.width()));
    }
    let mut rows = Rows::new(context.columns(&["field", "name", "type", "required", "unit", "codes", "aliases"]));
    for field in &dataset.fields {
        let codes = field.codes.as_ref().and_then(|table| dataset.code_tables.get(table)).map(|table| {
            table.code.iter().map(|(code, texts)| format!("{code}={}", texts.zh)).collect::<Vec<_>>().join(" ")
        });
        rows.rows.push(vec![
            json!(field.name),
            json!(context.label(&field.names)),
            json!(word(&field.kind)),
            json!((field.required || dataset.key.contains(&field.name)).then_some("*")),
            json!(field.unit),
            json!(codes),
            json!(field.aliases.join(" ")),
        ]);
    }
    context.print(&rows)?;
    if context.is_table() {
        for check in &dataset.checks {
            say!("{}: {} ({})", check.id, context.label(&check.message), check.sql);
        }
    }
    Ok(())
}
