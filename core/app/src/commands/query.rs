//! `query`: SQL over the datasets that reads and nothing else.

use crate::cli::QueryArgs;
use crate::context::Context;
use crate::exit;
use crate::out::{Align, Column, Rows, say};
use crate::transfer::save;
use anyhow::Result;
use serde_json::{Value, json};
use std::io::Read;
use zhengai_service::ServiceError;
use zhengai_service::text_file::TextFile;
use zhengai_wire::query::{self, QueryAnswer, QueryExport, QueryRequest};
use zhengai_wire::rejects::SheetFormat;

pub(crate) async fn run(context: &Context, args: &QueryArgs) -> Result<u8> {
    if args.words {
        return words(context).await;
    }
    let sql = match (&args.sql, &args.file) {
        (_, Some(path)) => TextFile::read(path)?.text,
        (Some(sql), None) if sql == "-" => typed()?,
        (Some(sql), None) => sql.clone(),
        (None, None) => return Err(ServiceError::BadArgument { what: "sql", value: String::new() }.into()),
    };
    let client = context.client().await?;
    let request = QueryRequest { sql, offset: args.offset, limit: Some(args.limit) };
    if args.plan {
        let plan = client.send(query::plan(&request)).await?;
        match context.is_table() {
            true => say!("{}", plan.steps.join("\n")),
            false => say!("{}", serde_json::to_string_pretty(&plan)?),
        }
        return Ok(exit::DONE);
    }
    let answer = client.send(query::run(&request)).await?;
    if let Some(to) = &args.out {
        let export = QueryExport {
            format: SheetFormat::of_file(&to.to_string_lossy()),
            columns: answer.columns.iter().map(|column| column.name.clone()).collect(),
            rows: answer.rows.clone(),
        };
        save(&client, query::export(&export), to).await?;
        context.saved("query-saved", answer.rows.len(), to);
    } else {
        context.print(&rows(context, &answer))?;
    }
    tell(context, &answer);
    Ok(exit::DONE)
}

/// What a query may name: columns of the datasets that this person may read, and functions.
async fn words(context: &Context) -> Result<u8> {
    let found = context.client().await?.send(query::words()).await?;
    let mut rows = Rows::new(context.columns(&["kind", "dataset", "word", "name", "type", "telling"]));
    let kind =
        |word: &str| if context.is_table() { context.text(&format!("query-word-{word}")) } else { word.to_owned() };
    for dataset in &found.datasets {
        for field in &dataset.fields {
            let telling = match context.is_table() {
                true if field.telling => json!(context.text("query-telling")),
                true => json!(null),
                false => json!(field.telling),
            };
            rows.rows.push(vec![
                json!(kind("column")),
                json!(dataset.id),
                json!(field.field),
                json!(field.name),
                json!(field.kind),
                telling,
            ]);
        }
    }
    for function in &found.functions {
        let nothing = || json!(null);
        rows.rows.push(vec![json!(kind("function")), nothing(), json!(function), nothing(), nothing(), nothing()]);
    }
    context.print(&rows)?;
    Ok(exit::DONE)
}

/// The answer as rows. Columns of SQL may share a name, so they are numbered where they do.
fn rows(context: &Context, answer: &QueryAnswer) -> Rows {
    let mut rows = Rows::new(Vec::new());
    for column in &answer.columns {
        let same = rows.columns.iter().filter(|known| known.label == column.name).count();
        let key = if same == 0 { column.name.clone() } else { format!("{}_{}", column.name, same + 1) };
        let align = if column.numeric { Align::Right } else { Align::Left };
        rows.columns.push(Column { key, label: column.name.clone(), align });
    }
    for row in &answer.rows {
        let cells = row.iter().zip(&answer.columns).map(|(cell, column)| match cell {
            None if context.is_table() => json!("∅"),
            None => Value::Null,
            // A number of any size stays what it is: its digits.
            Some(text) if column.numeric => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
            Some(text) => json!(text),
        });
        rows.rows.push(cells.collect());
    }
    rows
}

/// What people should know of an answer besides its rows.
fn tell(context: &Context, answer: &QueryAnswer) {
    let (rows, millis) = (answer.rows.len().to_string(), answer.millis.to_string());
    let key = if answer.cut.is_some() { "query-cut" } else { "query-done" };
    context.hint(&context.fill(key, &[("rows", &rows), ("millis", &millis)]));
    if !answer.masked.is_empty() {
        context.hint(&context.fill("query-masked", &[("fields", &answer.masked.join(", "))]));
        answer.why_masked.iter().for_each(|why| context.hint(why));
    }
}

/// Everything on standard input.
fn typed() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
