//! `plugin lock|verify|key`: what a college accepts, and whose signatures it believes.

use crate::cli::{KeyCommand, LockArgs, VerifyArgs};
use crate::context::Context;
use crate::exit;
use crate::out::{Rows, say};
use anyhow::Result;
use serde_json::json;
use zhengai_service::college::Access;
use zhengai_service::pinned::LockDifference;

pub(super) async fn lock(context: &Context, args: &LockArgs) -> Result<u8> {
    if args.check {
        let college = context.open(Access::Read).await?;
        return match college.lock_differences()? {
            None => {
                context.hint(&context.text("plugin-no-lock"));
                Ok(exit::DONE)
            }
            Some(differences) => {
                print(context, &differences)?;
                Ok(if differences.is_empty() { exit::DONE } else { exit::PARTLY })
            }
        };
    }
    let college = context.open(Access::Write).await?;
    let changed = college.lock_plugins().await?;
    print(context, &changed)?;
    context.hint(&context.text("plugin-locked"));
    college.close().await;
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
    match command {
        KeyCommand::List => {
            let college = context.open(Access::Read).await?;
            let mut rows = Rows::new(context.columns(&["id", "key"]));
            rows.rows.extend(college.plugin_keys()?.iter().map(|(name, key)| vec![json!(name), json!(key.text())]));
            context.print(&rows)?;
        }
        KeyCommand::Add { file } => {
            let college = context.open(Access::Write).await?;
            say!("{}", college.add_plugin_key(file).await?.0);
            college.close().await;
        }
        KeyCommand::Remove { key } => {
            let college = context.open(Access::Write).await?;
            college.remove_plugin_key(key).await?;
            college.close().await;
        }
    }
    Ok(exit::DONE)
}
