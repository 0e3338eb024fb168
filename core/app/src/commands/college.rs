//! `init`, `config`, `completions`.

use crate::cli::{Cli, ConfigCommand, InitArgs};
use crate::context::Context;
use crate::exit;
use crate::help;
use crate::out::{Rows, say};
use anyhow::Result;
use clap::CommandFactory;
use serde_json::json;
use zhengai_service::college::College;
use zhengai_service::config::Config;
use zhengai_wire::system;

pub(crate) fn init(context: &Context, args: &InitArgs) -> Result<u8> {
    let data = context.data();
    College::init(&data, &args.id, args.name.as_deref())?;
    context.hint(&context.fill("init-done", &[("data", &data.root().display().to_string())]));
    Ok(exit::DONE)
}

pub(crate) async fn config(context: &Context, command: &ConfigCommand) -> Result<u8> {
    match command {
        ConfigCommand::Explain | ConfigCommand::List => {
            let mut rows = Rows::new(context.columns(&["key", "value", "origin"]));
            for line in context.client().await?.send(system::config()).await? {
                let origin = if context.is_table() { line.origin_name } else { line.origin };
                rows.rows.push(vec![json!(line.key), json!(line.value), json!(origin)]);
            }
            context.print(&rows)?;
        }
        ConfigCommand::Set { key, value } => {
            let line = context.client().await?.send(system::set(key, value.as_deref())).await?;
            let words = [("key", line.key.as_str()), ("value", &line.value), ("origin", &line.origin_name)];
            context.hint(&context.fill("config-set-done", &words));
        }
        ConfigCommand::Sample => say!("{}", Config::sample(&context.texts).trim_end()),
    }
    Ok(exit::DONE)
}

pub(crate) fn completions(context: &Context, shell: clap_complete::Shell) -> Result<u8> {
    let mut command = help::localised(Cli::command(), &context.texts);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "zhengai", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(exit::DONE)
}
