//! `secret`: values that connectors need and nobody should see. Never from the command line's words, which every user of
//! the computer can read.

use crate::cli::SecretCommand;
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use anyhow::Result;
use serde_json::json;
use std::io::{IsTerminal, Read};
use zhengai_service::ServiceError;
use zhengai_service::college::Access;
use zhengai_service::sync::Secret;

pub(crate) async fn run(context: &Context, command: &SecretCommand) -> Result<u8> {
    match command {
        SecretCommand::Set { name, file } => {
            let text = match file {
                Some(path) => {
                    std::fs::read_to_string(path).map_err(|source| ServiceError::Io { path: path.clone(), source })?
                }
                None => typed(context, name)?,
            };
            let college = context.open(Access::Write).await?;
            college.secret_set(name, &Secret::new(&text)).await?;
            college.close().await;
            context.hint(&context.fill("secret-kept", &[("secret", name)]));
        }
        SecretCommand::List => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&["secret", "state", "sources"]));
            for one in college.secrets().await? {
                let state = if one.set { "set" } else { "missing" };
                let state =
                    if context.is_table() { context.text(&format!("secret-{state}")) } else { state.to_owned() };
                rows.rows.push(vec![json!(one.name), json!(state), json!(one.sources.join(", "))]);
            }
            context.print(&rows)?;
        }
        SecretCommand::Remove { name } => {
            let college = context.open(Access::Write).await?;
            college.secret_remove(name).await?;
            college.close().await;
        }
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
