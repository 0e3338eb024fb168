//! `dataset list|show|define`.

use crate::cli::DatasetCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use crate::transfer::{all, text_file};
use anyhow::Result;
use serde_json::json;
use zhengai_service::words::word;
use zhengai_wire::datasets::{self, DatasetDetail, DatasetQuery};

pub(crate) async fn run(context: &Context, command: &DatasetCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        DatasetCommand::List => {
            let mut rows = Rows::new(context.columns(&["id", "name", "layer", ">rows", ">version", "privacy", "note"]));
            let lines = all(&client, |piece| {
                let query = DatasetQuery { offset: piece.offset, limit: piece.limit, ..DatasetQuery::default() };
                datasets::list(&query)
            });
            for line in lines.await? {
                rows.rows.push(vec![
                    json!(line.id),
                    json!(line.name),
                    json!(line.layer.map(|layer| layer.as_str())),
                    json!(line.rows),
                    json!(line.version),
                    json!(word(&line.privacy)),
                    json!(line.computed.then(|| context.text("dataset-computed"))),
                ]);
            }
            context.print(&rows)?;
        }
        DatasetCommand::Show { id } => show(context, &client.send(datasets::show(id)).await?)?,
        DatasetCommand::Define { file } => {
            let defined = client.send(datasets::define(&text_file(file)?)).await?;
            context.hint(&context.fill("dataset-defined", &[("id", &defined.id)]));
        }
    }
    Ok(exit::DONE)
}

fn show(context: &Context, dataset: &DatasetDetail) -> Result<()> {
    if context.is_table() {
        let head = [
            (context.text("col-id"), dataset.line.id.clone()),
            (context.text("col-name"), dataset.line.name.clone()),
            (context.text("dataset-key"), dataset.key.join(", ")),
            (context.text("dataset-load"), word(&dataset.load)),
            (context.text("col-privacy"), word(&dataset.line.privacy)),
        ];
        say!("{}\n", pairs(&head, context.width()));
    }
    let mut rows = Rows::new(context.columns(&["field", "name", "type", "required", "unit", "codes", "aliases"]));
    for field in &dataset.fields {
        let codes: Vec<String> = field.codes.iter().map(|code| format!("{}={}", code.code, code.zh)).collect();
        rows.rows.push(vec![
            json!(field.field),
            json!(field.name),
            json!(word(&field.kind)),
            json!((field.required || field.key).then_some("*")),
            json!(field.unit),
            json!((!codes.is_empty()).then(|| codes.join(" "))),
            json!(field.aliases.join(" ")),
        ]);
    }
    context.print(&rows)?;
    if context.is_table() {
        for check in &dataset.checks {
            say!("{}: {} ({})", check.id, check.text, check.sql);
        }
    }
    Ok(())
}
