//! `secret`: values that connectors need and nobody should see. Never from the command line's words, which every user of
//! the computer can read.

use crate::cli::SecretCommand;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use std::io::{IsTerminal, Read};
use zhengai_service::text_file::TextFile;
use zhengai_wire::secrets::{self, SecretValue};

pub(crate) async fn run(context: &Context, command: &SecretCommand) -> Result<u8> {
    match command {
        SecretCommand::Set { name, file } => {
            let value = match file {
                Some(path) => TextFile::read(path)?.text,
                None => typed(context, name)?,
            };
            context.client().await?.send(secrets::set(name, &SecretValue { value })).await?;
            context.hint(&context.fill("secret-kept", &[("secret", name)]));
        }
        SecretCommand::List => {
            let mut rows = Rows::new(context.columns(&["secret", "state", "sources"]));
            for one in context.client().await?.send(secrets::list()).await? {
                let state = if one.set { "set" } else { "missing" };
                let state =
                    if context.is_table() { context.text(&format!("secret-{state}")) } else { state.to_owned() };
                rows.rows.push(vec![json!(one.name), json!(state), json!(one.sources.join(", "))]);
            }
            context.print(&rows)?;
        }
        SecretCommand::Remove { name } => context.client().await?.send(secrets::remove(name)).await?,
    }
    Ok(exit::DONE)
}

/// Everything on standard input.
fn typed(context: &Context, name: &str) -> Result<String> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        context.hint(&context.fill("secret-type", &[("secret", name)]));
    }
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    Ok(text)
}
