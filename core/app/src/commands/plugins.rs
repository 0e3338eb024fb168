//! `plugin list|info|enable|disable|trust|untrust`; what authors use stands in `kit`, what settles trust in `locks`.

mod kit;
mod locks;

use crate::cli::PluginCommand;
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, pairs, say};
use anyhow::Result;
use serde_json::json;
use zhengai_model::fault::Explain;
use zhengai_service::college::{Access, College};
use zhengai_service::plugins::{PluginState, Switch, Trust};
use zhengai_service::words::word;

pub(crate) async fn run(context: &Context, command: &PluginCommand) -> Result<u8> {
    match command {
        PluginCommand::List => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&["id", "name", "kind", "version", "state", "runs"]));
            for state in college.plugins().all() {
                let manifest = &state.found.manifest;
                rows.rows.push(vec![
                    json!(manifest.id),
                    json!(context.label(&manifest.names)),
                    json!(word(&manifest.kind)),
                    json!(manifest.version),
                    json!(standing(context, state)),
                    json!(place(context, state)),
                ]);
            }
            context.print(&rows)?;
            for refused in college.plugins().refused() {
                eprintln!("{}", context.texts.say(&refused.message()));
            }
        }
        PluginCommand::Info { id } => info(context, &context.open(Access::Read).await?, id)?,
        PluginCommand::Enable { id } => switch(context, id, Switch::On).await?,
        PluginCommand::Disable { id } => switch(context, id, Switch::Off).await?,
        PluginCommand::Trust { id } => trust(context, id, Trust::Given).await?,
        PluginCommand::Untrust { id } => trust(context, id, Trust::Withdrawn).await?,
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

fn standing(context: &Context, state: &PluginState) -> String {
    let word = match (state.enabled, state.changed) {
        (_, true) => "changed",
        (true, false) if state.quarantine.is_some() => "quarantined",
        (true, false) => "enabled",
        (false, false) => "disabled",
    };
    if context.is_table() { context.text(&format!("plugin-{word}")) } else { word.to_owned() }
}

/// Where the code of a plugin runs; empty for data alone.
fn place(context: &Context, state: &PluginState) -> String {
    let word = match (state.found.library.is_some(), state.ships, state.trusted) {
        (false, ..) => return String::new(),
        (true, true, _) => "inside",
        (true, false, true) => "trusted",
        (true, false, false) => "worker",
    };
    if context.is_table() { context.text(&format!("plugin-runs-{word}")) } else { word.to_owned() }
}

fn info(context: &Context, college: &College, id: &str) -> Result<()> {
    let state = college.plugins().get(id)?;
    let manifest = &state.found.manifest;
    let text = |key: &str| context.text(key);
    let mut lines = vec![
        (text("col-id"), manifest.id.to_string()),
        (text("col-name"), context.label(&manifest.names).to_owned()),
        (text("col-version"), manifest.version.clone()),
        (text("col-kind"), word(&manifest.kind)),
        (text("col-state"), standing(context, state)),
        (text("col-runs"), place(context, state)),
        (text("plugin-folder"), state.found.dir.display().to_string()),
        (text("plugin-abi"), manifest.abi.clone().unwrap_or_default()),
        (text("plugin-sha256"), state.found.sha256.clone().unwrap_or_default()),
        (text("plugin-files-sha256"), state.found.files_sha256.clone()),
        (text("plugin-capabilities"), manifest.capabilities.join(", ")),
        (text("plugin-requires"), manifest.requires.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(", ")),
        (text("plugin-license"), manifest.license.clone().unwrap_or_default()),
    ];
    if let Some(kept_out) = &state.quarantine {
        let day = kept_out.at.date_naive();
        lines.push((text("plugin-quarantine"), format!("{day} {}", context.texts.say(&kept_out.why))));
    }
    if let Some(about) = &manifest.about {
        lines.push((text("plugin-about"), context.label(about).to_owned()));
    }
    if context.is_table() {
        say!("{}", pairs(&lines, context.width()));
    } else {
        let object: serde_json::Map<_, _> = lines.into_iter().map(|(label, value)| (label, json!(value))).collect();
        say!("{}", serde_json::to_string_pretty(&object)?);
    }
    Ok(())
}

async fn switch(context: &Context, id: &str, to: Switch) -> Result<()> {
    let college = context.open(Access::Write).await?;
    college.switch_plugin(id, to).await?;
    let key = if to == Switch::On { "plugin-switched-on" } else { "plugin-switched-off" };
    context.hint(&context.fill(key, &[("id", id)]));
    college.close().await;
    Ok(())
}

async fn trust(context: &Context, id: &str, to: Trust) -> Result<()> {
    let college = context.open(Access::Write).await?;
    college.trust_plugin(id, to).await?;
    let key = if to == Trust::Given { "plugin-trust-given" } else { "plugin-trust-withdrawn" };
    context.hint(&context.fill(key, &[("id", id)]));
    college.close().await;
    Ok(())
}
