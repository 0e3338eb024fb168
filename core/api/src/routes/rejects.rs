//! Rejected rows: looking, exporting, mending in place.

use super::data::{outcome, reject_line, result, review, rows_read};
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use std::path::PathBuf;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::college::College;
use zhengai_service::export;
use zhengai_service::rejects as service;
use zhengai_service::{CancelFlag, ServiceError};
use zhengai_wire::rejects::{
    CellChange, MendRequest, MendRest, Mended, RejectExport, RejectLine, RejectQuery, RejectState, SheetFormat,
};
use zhengai_wire::{Job, Page, PageQuery};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(export_file))
        .routes(routes!(check))
        .routes(routes!(mend))
}

/// Rejected rows of a batch in the order of the file.
#[utoipa::path(get, path = "/v1/batches/{id}/rejects", tag = "rejects", operation_id = "rejects_list",
    params(("id" = String, Path, description = "Id of the batch"), RejectQuery),
    responses((status = 200, body = Page<RejectLine>)))]
async fn list(cx: Cx, Path(id): Path<String>, Query(query): Query<RejectQuery>) -> Answer<Page<RejectLine>> {
    let mut rows = cx.read().await?.rejects_shown(&id).await?;
    rows.retain(|row| {
        let rule = query.rule.as_ref().is_none_or(|rule| row.reject.rule == *rule);
        rule && query.state.is_none_or(|state| state == word(&row.state))
    });
    let page = Page::of(rows, PageQuery { offset: query.offset, limit: query.limit });
    let items = page.items.into_iter().map(|row| shown(&cx, row)).collect();
    Ok(Json(Page { items, total: page.total, offset: page.offset }))
}

/// Rejected rows as a file, to be mended and sent back.
#[utoipa::path(get, path = "/v1/batches/{id}/rejects/export", tag = "rejects", operation_id = "rejects_export",
    params(("id" = String, Path, description = "Id of the batch"), RejectExport),
    responses((status = 200, body = Vec<u8>, content_type = "*/*")))]
async fn export_file(cx: Cx, Path(id): Path<String>, Query(query): Query<RejectExport>) -> Result<Response, ApiError> {
    let sheet = cx.read().await?.rejects_sheet(&id, &cx.texts).await?;
    Ok(sheet_file(query.format, &sheet, &id)?)
}

/// Checks corrected rows and keeps nothing.
#[utoipa::path(post, path = "/v1/batches/{id}/rejects/check", tag = "rejects", operation_id = "rejects_check",
    params(("id" = String, Path, description = "Id of the batch")), request_body = MendRequest,
    responses((status = 200, body = Mended)))]
async fn check(cx: Cx, Path(id): Path<String>, Json(request): Json<MendRequest>) -> Answer<Mended> {
    let (order, file) = order(&cx, id, request)?;
    let college = cx.write().await?;
    let cancel = CancelFlag::new();
    let order = with_file(&college, order, file, &cancel)?;
    Ok(Json(mended(&cx, college.mend_check(&order, &cancel).await?)))
}

/// Brings corrected rows in as a batch like any other.
#[utoipa::path(post, path = "/v1/batches/{id}/rejects/mend", tag = "rejects", operation_id = "rejects_mend",
    params(("id" = String, Path, description = "Id of the batch")), request_body = MendRequest,
    responses((status = 202, body = Job), (status = 200, body = Mended, description = "Form of the job's result")))]
async fn mend(
    cx: Cx,
    Path(id): Path<String>,
    Json(request): Json<MendRequest>,
) -> Result<(StatusCode, Json<Job>), ApiError> {
    let (order, file) = order(&cx, id.clone(), request)?;
    cx.start("mend", id.clone(), async move |work| {
        let college = work.write().await?;
        let order = with_file(&college, order, file, &work.cancel)?;
        let progress = |rows: u64| work.progress(rows_read(&work.cx, &id, rows));
        let done = college.mend(&order, &progress, &work.cancel).await?;
        result(&mended(&work.cx, done))
    })
    .await
}

fn order(cx: &Cx, batch: String, request: MendRequest) -> Result<(service::MendRequest, Option<PathBuf>), ApiError> {
    let rows = request.rows.into_iter();
    let order = service::MendRequest {
        batch,
        rows: rows.map(|row| service::MendedRow { line: row.line, cells: row.cells }).collect(),
        rest: match request.rest {
            MendRest::Stays => service::Rest::Stays,
            MendRest::GoesAlong => service::Rest::GoesAlong,
        },
        review: request.review.map(review),
    };
    let file = request.file.map(|file| cx.local_file(&file)).transpose()?;
    Ok((order, file))
}

fn with_file(
    college: &College,
    mut order: service::MendRequest,
    file: Option<PathBuf>,
    cancel: &CancelFlag,
) -> Result<service::MendRequest, ServiceError> {
    if let Some(file) = file {
        order.rows.extend(college.mended_rows(&file, cancel)?);
    }
    Ok(order)
}

fn mended(cx: &Cx, mended: service::Mended) -> Mended {
    let change = |change: service::CellChange| CellChange {
        line: change.line,
        column: change.column,
        before: change.before,
        after: change.after,
    };
    Mended {
        batch: mended.batch.map(|batch| batch.to_string()),
        dataset: mended.dataset.to_string(),
        outcome: outcome(mended.outcome),
        counts: mended.counts.into(),
        still: mended.still.into_iter().map(|reject| reject_line(cx, reject)).collect(),
        changes: mended.changes.into_iter().map(change).collect(),
    }
}

fn word(state: &service::RejectState) -> RejectState {
    match state {
        service::RejectState::Open => RejectState::Open,
        service::RejectState::Waiting(_) => RejectState::Waiting,
        service::RejectState::Mended(_) => RejectState::Mended,
    }
}

fn shown(cx: &Cx, row: service::RejectShown) -> RejectLine {
    let state = word(&row.state);
    let by = match row.state {
        service::RejectState::Open => None,
        service::RejectState::Waiting(batch) | service::RejectState::Mended(batch) => Some(batch.to_string()),
    };
    RejectLine { state, by, ..reject_line(cx, row.reject) }
}

/// A sheet as the answer to a request for a file.
pub(crate) fn sheet_file(format: SheetFormat, sheet: &export::Sheet, name: &str) -> Result<Response, ServiceError> {
    let (writer, end) = match format {
        SheetFormat::Xlsx => (export::SheetFormat::Xlsx, "xlsx"),
        SheetFormat::Csv => (export::SheetFormat::Csv, "csv"),
    };
    let bytes = writer.bytes(sheet)?;
    let attachment = format!("attachment; filename=\"{name}.{end}\"");
    Ok(([(CONTENT_TYPE, format.media().to_owned()), (CONTENT_DISPOSITION, attachment)], bytes).into_response())
}
