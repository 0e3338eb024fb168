//! `backup FILE`, `backup verify FILE`, `restore FILE`.

use crate::cli::{BackupArgs, BackupCommand, RestoreArgs};
use crate::context::Context;
use crate::exit;
use crate::out::Rows;
use crate::progress::Bar;
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use zhengai_service::backup::{self, BackupRequest, Manifest, RestoreRequest, Secrets};

pub(crate) async fn run(context: &Context, args: &BackupArgs) -> Result<u8> {
    match (&args.command, &args.file) {
        (Some(BackupCommand::Verify { file }), _) => verify(context, file).await,
        (None, Some(file)) => create(context, file, args.with_secrets).await,
        (None, None) => Ok(exit::USAGE),
    }
}

async fn create(context: &Context, file: &Path, with_secrets: bool) -> Result<u8> {
    context.listen();
    let secrets = if with_secrets { Secrets::Taken } else { Secrets::Left };
    let request = BackupRequest { target: file.to_path_buf(), secrets };
    let bar = Bar::bytes(context, &context.text("backup-working"));
    let made = backup::create(&context.opening()?, &request, &|bytes| bar.at(bytes), &context.cancel).await;
    bar.end();
    let made = made?;
    show(context, "backup-done", file, &made.manifest)?;
    context.hint(&context.text(if with_secrets { "backup-with-secrets" } else { "backup-without-secrets" }));
    if !made.noted {
        context.hint(&context.text("backup-not-noted"));
    }
    if made.manifest.absent.is_empty() {
        return Ok(exit::DONE);
    }
    eprintln!("{}", context.fill("backup-absent", &[("count", &made.manifest.absent.len().to_string())]));
    Ok(exit::PARTLY)
}

async fn verify(context: &Context, file: &Path) -> Result<u8> {
    context.listen();
    let bar = Bar::bytes(context, &context.text("backup-verifying"));
    let verified = backup::verify(file, context.clock(), &|bytes| bar.at(bytes), &context.cancel).await;
    bar.end();
    show(context, "backup-verified", file, &verified?)?;
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
    show(context, "restore-done", &data, &restored.manifest)?;
    if restored.record_moved {
        context.hint(&context.text("restore-record-moved"));
    }
    if !restored.manifest.secrets {
        context.hint(&context.text("restore-without-secrets"));
    }
    Ok(exit::DONE)
}

/// What an archive holds: a sentence for people, one row for scripts.
fn show(context: &Context, key: &str, place: &Path, manifest: &Manifest) -> Result<()> {
    let place = place.display().to_string();
    let files = manifest.files.len();
    if context.is_table() {
        let arguments = [
            ("place", place.as_str()),
            ("college", &manifest.head.name),
            ("at", &manifest.head.at.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
            ("files", &files.to_string()),
            ("bytes", &manifest.bytes().to_string()),
            ("tables", &manifest.tables.len().to_string()),
            ("rows", &manifest.record.rows().to_string()),
            ("seq", &manifest.record.audit.seq.to_string()),
            ("hash", &manifest.record.audit.hash),
        ];
        context.hint(&context.fill(key, &arguments));
        return Ok(());
    }
    let keys = ["file", "college", "at", "files", "bytes", "tables", "rows", "audit_seq", "audit_hash", "secrets"];
    let mut rows = Rows::new(context.columns(&keys));
    rows.rows.push(vec![
        json!(place),
        json!(manifest.head.college),
        json!(manifest.head.at),
        json!(files),
        json!(manifest.bytes()),
        json!(manifest.tables.len()),
        json!(manifest.record.rows()),
        json!(manifest.record.audit.seq),
        json!(manifest.record.audit.hash),
        json!(manifest.secrets),
    ]);
    context.print(&rows)
}
