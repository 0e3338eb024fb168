//! `plugin list|info|enable|disable|trust|untrust`; what authors use stands in `kit`, what settles trust in `locks`.

mod kit;
mod locks;

use crate::cli::PluginCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use zhengai_service::ServiceError;
use zhengai_service::text_file::TextFile;
use zhengai_wire::plugins::{self, Plugin, PluginChange, PluginDetail};

pub(crate) async fn run(context: &Context, command: &PluginCommand) -> Result<u8> {
    match command {
        PluginCommand::List => {
            let list = context.client().await?.send(plugins::list()).await?;
            let mut rows = Rows::new(context.columns(&["id", "name", "kind", "version", "state", "runs"]));
            for plugin in &list.plugins {
                rows.rows.push(vec![
                    json!(plugin.id),
                    json!(plugin.name),
                    json!(plugin.kind),
                    json!(plugin.version),
                    json!(standing(context, plugin)),
                    json!(place(context, plugin)),
                ]);
            }
            context.print(&rows)?;
            for refused in &list.refused {
                eprintln!("{refused}");
            }
        }
        PluginCommand::Info { id } => info(context, &context.client().await?.send(plugins::show(id)).await?)?,
        PluginCommand::Config { id, file } => configure(context, id, file.as_deref()).await?,
        PluginCommand::Enable { id } => switch(context, id, "on").await?,
        PluginCommand::Disable { id } => switch(context, id, "off").await?,
        PluginCommand::Trust { id } => trust(context, id, "given").await?,
        PluginCommand::Untrust { id } => trust(context, id, "withdrawn").await?,
        PluginCommand::New(args) => return kit::new(context, args),
        PluginCommand::Check(args) => return kit::check(context, args),
        PluginCommand::Dev(args) => return kit::dev(context, args),
        PluginCommand::Lock(args) => return locks::lock(context, args).await,
        PluginCommand::Sign(args) => return kit::sign(context, args),
        PluginCommand::Verify(args) => return locks::verify(context, args).await,
        PluginCommand::Key(command) => return locks::key(context, command).await,
    }
    Ok(exit::DONE)
}

fn standing(context: &Context, plugin: &Plugin) -> String {
    if context.is_table() { context.text(&format!("plugin-{}", plugin.state)) } else { plugin.state.clone() }
}

/// Where the code of a plugin runs; empty for data alone.
fn place(context: &Context, plugin: &Plugin) -> String {
    match plugin.runs.as_str() {
        "" => String::new(),
        word if context.is_table() => context.text(&format!("plugin-runs-{word}")),
        word => word.to_owned(),
    }
}

fn info(context: &Context, detail: &PluginDetail) -> Result<()> {
    let plugin = &detail.plugin;
    let text = |key: &str| context.text(key);
    let mut lines = vec![
        (text("col-id"), plugin.id.clone()),
        (text("col-name"), plugin.name.clone()),
        (text("col-version"), plugin.version.clone()),
        (text("col-kind"), plugin.kind.clone()),
        (text("col-state"), standing(context, plugin)),
        (text("col-runs"), place(context, plugin)),
        (text("plugin-folder"), detail.folder.clone()),
        (text("plugin-abi"), detail.abi.clone().unwrap_or_default()),
        (text("plugin-sha256"), detail.sha256.clone().unwrap_or_default()),
        (text("plugin-files-sha256"), detail.files_sha256.clone()),
        (text("plugin-capabilities"), detail.capabilities.join(", ")),
        (text("plugin-requires"), detail.requires.join(", ")),
        (text("plugin-license"), detail.license.clone().unwrap_or_default()),
    ];
    if let Some(kept_out) = &plugin.quarantine {
        lines.push((text("plugin-quarantine"), format!("{} {}", kept_out.at.date_naive(), kept_out.why)));
    }
    if let Some(about) = &plugin.about {
        lines.push((text("plugin-about"), about.clone()));
    }
    if context.is_table() {
        say!("{}", pairs(&lines, context.width()));
    } else {
        let object: serde_json::Map<_, _> = lines.into_iter().map(|(label, value)| (label, json!(value))).collect();
        say!("{}", serde_json::to_string_pretty(&object)?);
    }
    Ok(())
}

/// Shows what a plugin wants to be told and what it was told, or tells it.
async fn configure(context: &Context, id: &str, file: Option<&Path>) -> Result<()> {
    let client = context.client().await?;
    match file {
        Some(path) => {
            let text = TextFile::read(path)?.text;
            let bad = |_| ServiceError::BadArgument { what: "plugin", value: path.display().to_string() };
            let config = Some(serde_json::from_str(&text).map_err(bad)?);
            client.send(plugins::change(id, &PluginChange { config, ..PluginChange::default() })).await?;
            context.hint(&context.fill("plugin-configured", &[("id", id)]));
        }
        None => {
            let form = client.send(plugins::form(id)).await?;
            let config = client.send(plugins::show(id)).await?.config;
            let shown = json!({ "config": config, "components": form.components });
            say!("{}", serde_json::to_string_pretty(&shown)?);
        }
    }
    Ok(())
}

async fn switch(context: &Context, id: &str, to: &str) -> Result<()> {
    let change = PluginChange { switch: Some(to.to_owned()), ..PluginChange::default() };
    context.client().await?.send(plugins::change(id, &change)).await?;
    let key = if to == "on" { "plugin-switched-on" } else { "plugin-switched-off" };
    context.hint(&context.fill(key, &[("id", id)]));
    Ok(())
}

async fn trust(context: &Context, id: &str, to: &str) -> Result<()> {
    let change = PluginChange { trust: Some(to.to_owned()), ..PluginChange::default() };
    context.client().await?.send(plugins::change(id, &change)).await?;
    let key = if to == "given" { "plugin-trust-given" } else { "plugin-trust-withdrawn" };
    context.hint(&context.fill(key, &[("id", id)]));
    Ok(())
}
