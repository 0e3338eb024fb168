//! `source`: what connectors read, from where, how far.

use crate::cli::{SourceArgs, SourceCommand};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, plain, say};
use crate::transfer::{all, text_file};
use anyhow::Result;
use serde_json::{Value, json};
use std::path::Path;
use zhengai_service::text_file::TextFile;
use zhengai_service::words::word;
use zhengai_wire::sources::{
    self, Discovered, RemoveQuery, Source, SourceQuery, SourceRequest, SourceSwitch, SyncLine, SyncQuery,
};
use zhengai_wire::{Page, data};

/// How times are shown.
const MINUTE: &str = "%Y-%m-%d %H:%M";

pub(crate) async fn run(context: &Context, command: &SourceCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        SourceCommand::Add(args) => {
            show(context, &client.send(sources::add(&args.name, &described(args)?)).await?)?;
            context.hint(&context.fill("source-added-next", &[("source", &args.name)]));
        }
        SourceCommand::Change(args) => {
            show(context, &client.send(sources::change(&args.name, &described(args)?)).await?)?;
        }
        SourceCommand::List => {
            let listed = all(&client, |piece| {
                let query = SourceQuery { offset: piece.offset, limit: piece.limit, ..SourceQuery::default() };
                sources::list(&query)
            });
            list(context, &listed.await?)?;
        }
        SourceCommand::Show { name } => show(context, &client.send(sources::show(name)).await?)?,
        SourceCommand::Check { name } => {
            let job = context.job(sources::check(name)).await?;
            report_of(context, &job.result.unwrap_or_default())?;
        }
        SourceCommand::Discover { name } => {
            let job = context.job(sources::discover(name)).await?;
            let found: Discovered = serde_json::from_value(job.result.unwrap_or_default())?;
            let mut rows = Rows::new(context.columns(&["stream", "name", "key", "incremental", "fields"]));
            for stream in found.streams {
                rows.rows.push(vec![
                    json!(stream.stream),
                    json!(stream.name),
                    json!(stream.key.join(", ")),
                    json!(stream.incremental),
                    json!(stream.fields.join(", ")),
                ]);
            }
            context.print(&rows)?;
        }
        SourceCommand::Syncs { name, limit } => {
            let query = SyncQuery { source: name.clone(), offset: None, limit: Some(*limit) };
            syncs(context, &client.send(sources::syncs(&query)).await?)?;
        }
        SourceCommand::Enable { name } => {
            client.send(sources::switch(name, SourceSwitch { enabled: true })).await?;
            context.hint(&context.fill("plugin-switched-on", &[("id", name)]));
        }
        SourceCommand::Disable { name } => {
            client.send(sources::switch(name, SourceSwitch { enabled: false })).await?;
            context.hint(&context.fill("source-switched-off", &[("id", name)]));
        }
        SourceCommand::Remove { name, why } => {
            client.send(sources::remove(name, &RemoveQuery { why: why.clone() })).await?;
            context.hint(&context.fill("source-removed", &[("source", name)]));
        }
    }
    Ok(exit::DONE)
}

/// A source as its files describe it.
fn described(args: &SourceArgs) -> Result<SourceRequest> {
    let streams = args.streams.as_deref().map(TextFile::read).transpose()?;
    let mappings = streams.as_ref().map(named_mappings).transpose()?.unwrap_or_default();
    let sent = |file: TextFile| data::TextFile { name: file.path.to_string_lossy().into_owned(), text: file.text };
    Ok(SourceRequest {
        plugin: args.plugin.clone(),
        component: args.component.clone(),
        config: text_file(&args.config)?,
        streams: streams.map(sent),
        mappings,
        review: args.review.map(Into::into),
    })
}

/// The mapping files that a file of streams names. One that cannot be understood names none: the server says why.
fn named_mappings(streams: &TextFile) -> Result<Vec<data::TextFile>> {
    let folder = streams.path.parent().unwrap_or(Path::new(""));
    let listed: Value = streams.value().unwrap_or_default();
    let listed = listed.get("stream").and_then(Value::as_array).into_iter().flatten();
    let named = listed.filter_map(|stream| stream.get("mapping").and_then(Value::as_str));
    named.map(|within| text_file(&folder.join(within))).collect()
}

fn list(context: &Context, sources: &[Source]) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["source", "plugin", ">streams", "waiting", "state", "at"]));
    for source in sources {
        rows.rows.push(vec![
            json!(source.id),
            json!(source.plugin),
            json!(source.streams.len()),
            json!(source.waiting.join(", ")),
            json!(last(context, source)),
            json!(source.last.as_ref().map(|last| last.at.format(MINUTE).to_string())),
        ]);
    }
    context.print(&rows)
}

/// How the last sync ended; empty before the first.
fn last(context: &Context, source: &Source) -> String {
    let state = source.last.as_ref().map(|last| last.state.clone()).unwrap_or_default();
    if context.is_table() && !state.is_empty() { context.text(&format!("sync-state-{state}")) } else { state }
}

/// Syncs, the newest first.
fn syncs(context: &Context, found: &Page<SyncLine>) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["sync", "source", "state", "at", "ended_at", "by"]));
    for sync in &found.items {
        let state = &sync.state;
        rows.rows.push(vec![
            json!(sync.id),
            json!(sync.source),
            json!(if context.is_table() { context.text(&format!("sync-state-{state}")) } else { state.clone() }),
            json!(sync.at.format(MINUTE).to_string()),
            json!(sync.ended_at.map(|at| at.format(MINUTE).to_string())),
            json!(sync.by),
        ]);
    }
    context.print(&rows)?;
    let shown = found.items.len() as u64;
    if shown < found.total {
        let (shown, all) = (shown.to_string(), found.total.to_string());
        context.hint(&context.fill("rows-more", &[("shown", &shown), ("all", &all)]));
    }
    Ok(())
}

fn show(context: &Context, source: &Source) -> Result<()> {
    if context.is_table() {
        let text = |key: &str| context.text(key);
        let lines = [
            (text("col-source"), source.id.clone()),
            (text("col-plugin"), format!("{} / {}", source.plugin, source.component)),
            (text("source-config"), source.config.to_string()),
            (text("source-secrets"), source.secrets.join(", ")),
            (text("source-review"), source.review.clone().unwrap_or_default()),
            (text("source-last"), last(context, source)),
            (text("col-waiting"), source.waiting.join(", ")),
        ];
        say!("{}\n", pairs(&lines, context.width()));
    }
    let mut rows = Rows::new(context.columns(&["stream", "dataset", "mode", "cursor", "batch", "at"]));
    for stream in &source.streams {
        rows.rows.push(vec![
            json!(stream.stream),
            json!(stream.dataset),
            json!(stream.mode.as_ref().map(word)),
            stream.cursor.clone().unwrap_or(Value::Null),
            json!(stream.batch),
            json!(stream.at.map(|at| at.format(MINUTE).to_string())),
        ]);
    }
    context.print(&rows)
}

/// The report of a check: a JSON object of the connector's own, one line a member.
fn report_of(context: &Context, report: &Value) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["name", "value"]));
    match report {
        Value::Object(fields) => {
            rows.rows.extend(fields.iter().map(|(name, value)| vec![json!(name), json!(plain(value))]));
        }
        other => rows.rows.push(vec![json!("check"), json!(plain(other))]),
    }
    context.print(&rows)?;
    context.hint(&context.text("source-check-good"));
    Ok(())
}
