//! `plugin lock|verify|key`: what a college accepts, and whose signatures it believes.

use crate::cli::{KeyCommand, LockArgs, VerifyArgs};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use anyhow::Result;
use serde_json::json;
use zhengai_service::college::Access;
use zhengai_wire::plugins::{self, LockDifference};

pub(super) async fn lock(context: &Context, args: &LockArgs) -> Result<u8> {
    let client = context.client().await?;
    if args.check {
        let lock = client.send(plugins::lock()).await?;
        if !lock.locked {
            context.hint(&context.text("plugin-no-lock"));
            return Ok(exit::DONE);
        }
        print(context, &lock.differences)?;
        return Ok(if lock.differences.is_empty() { exit::DONE } else { exit::PARTLY });
    }
    print(context, &client.send(plugins::accept()).await?.differences)?;
    context.hint(&context.text("plugin-locked"));
    Ok(exit::DONE)
}

fn print(context: &Context, differences: &[LockDifference]) -> Result<()> {
    let mut rows = Rows::new(context.columns(&["id", "changed"]));
    rows.rows.extend(differences.iter().map(|one| vec![json!(one.id), json!(one.what.join(", "))]));
    context.print(&rows)
}

pub(super) async fn verify(context: &Context, args: &VerifyArgs) -> Result<u8> {
    let college = context.open(Access::Read).await?;
    let key = college.verify_plugin(&args.dir)?;
    say!("{key}");
    context.hint(&context.fill("plugin-verified", &[("key", &key)]));
    Ok(exit::DONE)
}

pub(super) async fn key(context: &Context, command: &KeyCommand) -> Result<u8> {
    let client = context.client().await?;
    match command {
        KeyCommand::List => {
            let mut rows = Rows::new(context.columns(&["id", "key"]));
            let keys = client.send(plugins::keys()).await?;
            rows.rows.extend(keys.iter().map(|one| vec![json!(one.id), json!(one.key)]));
            context.print(&rows)?;
        }
        KeyCommand::Add { file } => {
            let file = context.file(&client, file).await?;
            say!("{}", client.send(plugins::add_key(&file)).await?.id);
        }
        KeyCommand::Remove { key } => client.send(plugins::remove_key(key)).await?,
    }
    Ok(exit::DONE)
}
