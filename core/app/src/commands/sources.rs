//! `source`: what connectors read, from where, how far.

use crate::cli::{Review, SourceArgs, SourceCommand};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, plain, say};
use anyhow::Result;
use serde_json::{Value, json};
use std::path::Path;
use zhengai_service::college::Access;
use zhengai_service::config;
use zhengai_service::plugins::Switch;
use zhengai_service::sync::{SourceFile, SourceShown};
use zhengai_service::text_file::TextFile;
use zhengai_service::words::word;

/// How times are shown.
const MINUTE: &str = "%Y-%m-%d %H:%M";

pub(crate) async fn run(context: &Context, command: &SourceCommand) -> Result<u8> {
    match command {
        SourceCommand::Add(args) => {
            let college = context.open(Access::Write).await?;
            let added = college.source_add(&file(args)?, &context.cancel).await?;
            let shown = college.source_show(added.source.id.as_str()).await?;
            show(context, &shown)?;
            context.hint(&context.fill("source-added-next", &[("source", &args.name)]));
            college.close().await;
        }
        SourceCommand::Change(args) => {
            let college = context.open(Access::Write).await?;
            college.source_change(&file(args)?, &context.cancel).await?;
            show(context, &college.source_show(&args.name).await?)?;
            college.close().await;
        }
        SourceCommand::List => list(context, &context.open(Access::Read).await?.source_list().await?)?,
        SourceCommand::Show { name } => show(context, &context.open(Access::Read).await?.source_show(name).await?)?,
        SourceCommand::Check { name } => {
            let college = context.open(Access::Read).await?;
            context.listen();
            let report = college.source_check(name, &context.cancel).await?;
            report_of(context, &report)?;
        }
        SourceCommand::Discover { name } => {
            let college = context.open(Access::Read).await?;
            context.listen();
            let catalogue = college.source_discover(name, &context.cancel).await?;
            let mut rows = Rows::new(context.columns(&["stream", "name", "key", "incremental", "fields"]));
            for stream in catalogue.streams {
                let fields: Vec<String> = stream.fields.into_iter().map(|field| field.name).collect();
                rows.rows.push(vec![
                    json!(stream.name),
                    json!(stream.label),
                    json!(stream.key.join(", ")),
                    json!(stream.incremental),
                    json!(fields.join(", ")),
                ]);
            }
            context.print(&rows)?;
        }
        SourceCommand::Enable { name } => switch(context, name, Switch::On).await?,
        SourceCommand::Disable { name } => switch(context, name, Switch::Off).await?,
        SourceCommand::Remove { name, why } => {
            let college = context.open(Access::Write).await?;
            college.source_remove(name, why.as_deref()).await?;
            college.close().await;
            context.hint(&context.fill("source-removed", &[("source", name)]));
        }
    }
    Ok(exit::DONE)
}

async fn switch(context: &Context, name: &str, to: Switch) -> Result<()> {
    let college = context.open(Access::Write).await?;
    college.source_switch(name, to).await?;
    let key = if to == Switch::On { "plugin-switched-on" } else { "source-switched-off" };
    context.hint(&context.fill(key, &[("id", name)]));
    college.close().await;
    Ok(())
}

fn file(args: &SourceArgs) -> Result<SourceFile> {
    let streams = args.streams.as_deref().map(TextFile::read).transpose()?;
    let mappings = streams.as_ref().map(named_mappings).transpose()?.unwrap_or_default();
    Ok(SourceFile {
        name: args.name.clone(),
        plugin: args.plugin.clone(),
        component: args.component.clone(),
        config: TextFile::read(&args.config)?,
        streams,
        mappings,
        review: args.review.map(review),
    })
}

/// The mapping files that a file of streams names. One that cannot be understood names none: the server says why.
fn named_mappings(streams: &TextFile) -> Result<Vec<TextFile>> {
    let folder = streams.path.parent().unwrap_or(Path::new(""));
    let listed: Value = streams.value().unwrap_or_default();
    let listed = listed.get("stream").and_then(Value::as_array).into_iter().flatten();
    let named = listed.filter_map(|stream| stream.get("mapping").and_then(Value::as_str));
    Ok(named.map(|within| TextFile::read(&folder.join(within))).collect::<Result<_, _>>()?)
}

/// The review that was asked for.
pub(crate) fn review(review: Review) -> config::Review {
    match review {
        Review::Hold => config::Review::Hold,
        Review::Auto => config::Review::Auto,
    }
}

fn list(context: &Context, sources: &[SourceShown]) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["source", "plugin", ">streams", "waiting", "state", "at"]));
    for shown in sources {
        let source = &shown.source.source;
        rows.rows.push(vec![
            json!(source.id),
            json!(source.plugin),
            json!(source.streams.len()),
            json!(shown.waiting.join(", ")),
            json!(last(context, shown)),
            json!(shown.last.as_ref().map(|last| last.at.format(MINUTE).to_string())),
        ]);
    }
    context.print(&rows)
}

fn last(context: &Context, shown: &SourceShown) -> String {
    let state = shown.last_state();
    if context.is_table() && !state.is_empty() { context.text(&format!("sync-state-{state}")) } else { state }
}

fn show(context: &Context, shown: &SourceShown) -> Result<()> {
    let source = &shown.source.source;
    if context.is_table() {
        let text = |key: &str| context.text(key);
        let lines = [
            (text("col-source"), source.id.to_string()),
            (text("col-plugin"), format!("{} / {}", source.plugin, source.component)),
            (text("source-config"), source.config.to_string()),
            (text("source-secrets"), shown.secrets().join(", ")),
            (text("source-review"), source.review.clone().unwrap_or_default()),
            (text("source-last"), last(context, shown)),
            (text("col-waiting"), shown.waiting.join(", ")),
        ];
        say!("{}\n", pairs(&lines, context.width()));
    }
    let mut rows = Rows::new(context.columns(&["stream", "dataset", "mode", "cursor", "batch", "at"]));
    for stream in &source.streams {
        let cursor = shown.cursors.iter().find(|cursor| cursor.stream == stream.stream);
        rows.rows.push(vec![
            json!(stream.stream),
            json!(stream.dataset),
            json!(stream.mode.as_ref().map(word)),
            cursor.map_or(Value::Null, |cursor| json!(cursor.state)),
            json!(cursor.map(|cursor| &cursor.batch)),
            json!(cursor.map(|cursor| cursor.at.format(MINUTE).to_string())),
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
