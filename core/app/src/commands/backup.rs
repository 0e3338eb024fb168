//! `backup FILE`, `backup verify FILE`, `backup list|fetch|forget` for those that stand with a server, `restore FILE`.

use crate::cli::{BackupArgs, BackupCommand, RestoreArgs};
use crate::context::Context;
use crate::out::Rows;
use crate::progress::Bar;
use crate::{exit, files};
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use zhengai_service::ServiceError;
use zhengai_service::backup::{self, BackupError, RestoreRequest};
use zhengai_wire::FileRef;
use zhengai_wire::system::{self, BackupMade, BackupOrder};

pub(crate) async fn run(context: &Context, args: &BackupArgs) -> Result<u8> {
    match (&args.command, &args.file) {
        (Some(BackupCommand::Verify { file }), _) => verify(context, file).await,
        (Some(BackupCommand::List), _) => list(context).await,
        (Some(BackupCommand::Fetch { name, file }), _) => fetch(context, name, file).await,
        (Some(BackupCommand::Forget { name }), _) => {
            context.client().await?.send(system::forget_backup(name)).await?;
            context.hint(&context.fill("backup-forgotten", &[("name", name)]));
            Ok(exit::DONE)
        }
        (None, Some(file)) => create(context, file, args.with_secrets).await,
        (None, None) => Ok(exit::USAGE),
    }
}

async fn create(context: &Context, file: &Path, with_secrets: bool) -> Result<u8> {
    let secrets = if with_secrets { "taken" } else { "left" };
    let target = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let client = context.client().await?;
    // A server elsewhere keeps it until it was fetched.
    let place = if client.is_local() { FileRef::path(target.to_string_lossy()) } else { FileRef::default() };
    if !client.is_local() {
        refuse_existing(&target)?;
    }
    let order = BackupOrder { file: place, secrets: Some(secrets.to_owned()) };
    let job = context.job(system::backup(&order)).await?;
    let made: BackupMade = serde_json::from_value(job.result.unwrap_or_default())?;
    if !client.is_local() {
        files::fetch(&client, &system::fetch_backup(&made.file).into_request()).await?.write(&target).await?;
        client.send(system::forget_backup(&made.file)).await?;
    }
    show(context, "backup-done", file, &made)?;
    context.hint(&context.text(if with_secrets { "backup-with-secrets" } else { "backup-without-secrets" }));
    if !made.noted {
        context.hint(&context.text("backup-not-noted"));
    }
    if made.absent == 0 {
        return Ok(exit::DONE);
    }
    eprintln!("{}", context.fill("backup-absent", &[("count", &made.absent.to_string())]));
    Ok(exit::PARTLY)
}

/// Backups that were made without a file of their own and wait to be fetched.
async fn list(context: &Context) -> Result<u8> {
    let kept = context.client().await?.send(system::backups()).await?;
    let mut rows = Rows::new(context.columns(&["name", ">bytes", "at"]));
    for one in &kept {
        let at = if context.is_table() { json!(one.at.format("%Y-%m-%d %H:%M").to_string()) } else { json!(one.at) };
        rows.rows.push(vec![json!(one.name), json!(one.bytes), at]);
    }
    context.print(&rows)?;
    Ok(exit::DONE)
}

/// Fetches one of them; it stays where it is until somebody says that it may go.
async fn fetch(context: &Context, name: &str, file: &Path) -> Result<u8> {
    let target = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    refuse_existing(&target)?;
    let client = context.client().await?;
    files::fetch(&client, &system::fetch_backup(name).into_request()).await?.write(&target).await?;
    context.hint(&context.fill("backup-fetched", &[("name", name), ("file", &file.display().to_string())]));
    Ok(exit::DONE)
}

/// No backup is written over anything.
fn refuse_existing(target: &Path) -> Result<()> {
    match target.symlink_metadata() {
        Ok(_) => Err(ServiceError::from(BackupError::Exists { path: target.to_path_buf() }).into()),
        Err(_) => Ok(()),
    }
}

async fn verify(context: &Context, file: &Path) -> Result<u8> {
    let client = context.client().await?;
    let order = BackupOrder { file: context.file(&client, file).await?, secrets: None };
    let job = context.job(system::verify_backup(&order)).await?;
    let verified: BackupMade = serde_json::from_value(job.result.unwrap_or_default())?;
    show(context, "backup-verified", file, &verified)?;
    Ok(exit::DONE)
}

pub(crate) async fn restore(context: &Context, args: &RestoreArgs) -> Result<u8> {
    context.listen();
    let data = context.data().root().to_path_buf();
    let request = RestoreRequest { archive: args.file.clone(), record: args.record.clone() };
    let bar = Bar::bytes(context, &context.text("restore-working"));
    let restored = backup::restore(&context.opening()?, &request, &|bytes| bar.at(bytes), &context.cancel).await;
    bar.end();
    let restored = restored?;
    show(context, "restore-done", &data, &zhengai_api::backup_made(String::new(), &restored.manifest))?;
    if restored.record_moved {
        context.hint(&context.text("restore-record-moved"));
    }
    if !restored.manifest.secrets {
        context.hint(&context.text("restore-without-secrets"));
    }
    Ok(exit::DONE)
}

/// What an archive holds: a sentence for people, one row for scripts.
fn show(context: &Context, key: &str, place: &Path, made: &BackupMade) -> Result<()> {
    let place = place.display().to_string();
    if context.is_table() {
        let arguments = [
            ("place", place.as_str()),
            ("college", &made.name),
            ("at", &made.at.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
            ("files", &made.files.to_string()),
            ("bytes", &made.bytes.to_string()),
            ("tables", &made.tables.to_string()),
            ("rows", &made.rows.to_string()),
            ("seq", &made.audit_seq.to_string()),
            ("hash", &made.audit_hash),
        ];
        context.hint(&context.fill(key, &arguments));
        return Ok(());
    }
    let keys = ["file", "college", "at", "files", "bytes", "tables", "rows", "audit_seq", "audit_hash", "secrets"];
    let mut rows = Rows::new(context.columns(&keys));
    rows.rows.push(vec![
        json!(place),
        json!(made.college),
        json!(made.at),
        json!(made.files),
        json!(made.bytes),
        json!(made.tables),
        json!(made.rows),
        json!(made.audit_seq),
        json!(made.audit_hash),
        json!(made.secrets),
    ]);
    context.print(&rows)
}
