//! Backups: made, verified, and fetched by whoever works from afar.

use super::system::bytes_done;
use crate::download::{Download, download};
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use std::fs::File;
use std::io::Read;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::rights::Right;
use zhengai_service::backup::{self, BackupError, BackupRequest, Manifest, Secrets};
use zhengai_service::{ServiceError, rights};
use zhengai_wire::system::{BackupKept, BackupMade, BackupOrder};
use zhengai_wire::{FileRef, Job};

/// Bytes of an archive that are sent at once.
const PIECE: usize = 64 * 1024;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list, make)).routes(routes!(verify)).routes(routes!(fetch, forget))
}

/// Backups that can be fetched, the newest first.
#[utoipa::path(get, path = "/v1/backups", tag = "system", operation_id = "system_backups",
    responses((status = 200, body = Vec<BackupKept>)))]
async fn list(cx: Cx) -> Answer<Vec<BackupKept>> {
    let kept = backup::kept(&cx.opening()?)?.into_iter();
    Ok(Json(kept.map(|one| BackupKept { name: one.name, bytes: one.bytes, at: one.at }).collect()))
}

/// Starts a job that makes a backup: where the order says, or, without a file, where it can be fetched from.
#[utoipa::path(post, path = "/v1/backups", tag = "system", operation_id = "system_backup", request_body = BackupOrder,
    responses((status = 202, body = Job)))]
async fn make(cx: Cx, Json(order): Json<BackupOrder>) -> Result<(StatusCode, Json<Job>), ApiError> {
    let opening = cx.opening()?;
    rights::permit(&opening, Right::ManageSystem)?;
    let waits = order.file == FileRef::default();
    let target = if waits { backup::place(&opening)? } else { cx.local_file(&order.file)? };
    let secrets = match order.secrets.as_deref() {
        Some("taken") => Secrets::Taken,
        _ => Secrets::Left,
    };
    // Of one that is to be fetched, the client needs the name and nobody the place.
    let shown = if waits { target.file_name().map(std::path::Path::new).unwrap_or(&target) } else { &target };
    let name = shown.display().to_string();
    cx.start("backup", name.clone(), async move |work| {
        let request = BackupRequest { target, secrets };
        let progress = |bytes: u64| work.progress(bytes_done(&work.cx, "backup", bytes));
        let made = backup::create(&opening, &request, &progress, &work.cancel).await?;
        super::data::result(&BackupMade { noted: made.noted, ..backup_made(name, &made.manifest) })
    })
    .await
}

/// Starts a job that reads a backup and holds everything in it against everything else.
#[utoipa::path(post, path = "/v1/backups/verify", tag = "system", operation_id = "system_verify_backup",
    request_body = BackupOrder, responses((status = 202, body = Job)))]
async fn verify(cx: Cx, Json(order): Json<BackupOrder>) -> Result<(StatusCode, Json<Job>), ApiError> {
    let opening = cx.opening()?;
    rights::permit(&opening, Right::ManageSystem)?;
    let archive = cx.local_file(&order.file)?;
    let name = archive.display().to_string();
    cx.start("backup-verify", name.clone(), async move |work| {
        let progress = |bytes: u64| work.progress(bytes_done(&work.cx, "verify", bytes));
        let manifest = backup::verify(&archive, opening.clock, &progress, &work.cancel).await?;
        super::data::result(&backup_made(name, &manifest))
    })
    .await
}

/// A backup that was made without naming a file.
#[utoipa::path(get, path = "/v1/backups/{name}", tag = "system", operation_id = "system_fetch_backup",
    params(("name" = String, Path, description = "Name of the backup")),
    responses((status = 200, body = Vec<u8>, content_type = "application/x-tar")))]
async fn fetch(cx: Cx, Path(name): Path<String>) -> Result<Response, ApiError> {
    let path = backup::fetch(&cx.opening()?, &name)?;
    let broken = {
        let path = path.clone();
        move |source| ServiceError::from(BackupError::Io { path: path.clone(), source })
    };
    let mut file = File::open(&path).map_err(&broken)?;
    let pieces = std::iter::from_fn(move || {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece) {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some(Ok(piece))
            }
            Err(error) => Some(Err(broken(error))),
        }
    });
    download(Download { name, media: "application/x-tar", pieces: Box::new(pieces) }).await
}

/// Removes a backup that can be fetched.
#[utoipa::path(delete, path = "/v1/backups/{name}", tag = "system", operation_id = "system_forget_backup",
    params(("name" = String, Path, description = "Name of the backup")),
    responses((status = 200, description = "It is gone.")))]
async fn forget(cx: Cx, Path(name): Path<String>) -> Result<(), ApiError> {
    Ok(backup::forget(&cx.opening()?, &name)?)
}

/// What an archive holds, as the API tells it; the file as whoever asks knows it.
pub fn backup_made(file: String, manifest: &Manifest) -> BackupMade {
    BackupMade {
        file,
        college: manifest.head.college.clone(),
        name: manifest.head.name.clone(),
        at: manifest.head.at,
        files: manifest.files.len() as u64,
        bytes: manifest.bytes(),
        tables: manifest.tables.len() as u64,
        rows: manifest.record.rows(),
        audit_seq: manifest.record.audit.seq,
        audit_hash: manifest.record.audit.hash.clone(),
        secrets: manifest.secrets,
        absent: manifest.absent.len() as u64,
        noted: true,
    }
}
