//! Batches: looking at plans, deciding, replaying.

use super::data::{deletes, imported, plan_line, result, rows_read, window};
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::college::College;
use zhengai_service::{BatchRecord, rejects};
use zhengai_wire::batches::{Approval, Approved, Batch, BatchQuery, PlanLine, PlanQuery, Refusal};
use zhengai_wire::imports::Imported;
use zhengai_wire::{FileRef, Job, Page, PageQuery};

/// Members of a batch's detail that are not for everybody: cells that somebody changed stand in the audit.
const KEPT: &str = "mend";

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(plan))
        .routes(routes!(approve))
        .routes(routes!(refuse))
        .routes(routes!(replay))
}

/// Batches, the newest first.
#[utoipa::path(get, path = "/v1/batches", tag = "batches", operation_id = "batches_list", params(BatchQuery),
    responses((status = 200, body = Page<Batch>)))]
async fn list(cx: Cx, Query(query): Query<BatchQuery>) -> Answer<Page<Batch>> {
    let college = cx.read().await?;
    let dataset = query.dataset.as_ref().map(|id| college.dataset(id)).transpose()?.map(|dataset| &dataset.id);
    let mut batches = college.batches_in(dataset, query.state).await?;
    if let Some(source) = &query.source {
        batches.retain(|batch| batch.detail.get("source").and_then(|name| name.as_str()) == Some(source));
    }
    let page = Page::of(batches, PageQuery { offset: query.offset, limit: query.limit });
    let items = page.items.into_iter().map(|one| batch(&cx, &college, one)).collect();
    Ok(Json(Page { items, total: page.total, offset: page.offset }))
}

/// A batch.
#[utoipa::path(get, path = "/v1/batches/{id}", tag = "batches", operation_id = "batches_show",
    params(("id" = String, Path, description = "Id of the batch")), responses((status = 200, body = Batch)))]
async fn show(cx: Cx, Path(id): Path<String>) -> Answer<Batch> {
    let college = cx.read().await?;
    let found = college.batch(&id).await?;
    Ok(Json(batch(&cx, &college, found)))
}

/// Rows of the plan of a batch that waits.
#[utoipa::path(get, path = "/v1/batches/{id}/plan", tag = "batches", operation_id = "batches_plan",
    params(("id" = String, Path, description = "Id of the batch"), PlanQuery),
    responses((status = 200, body = Page<PlanLine>)))]
async fn plan(cx: Cx, Path(id): Path<String>, Query(query): Query<PlanQuery>) -> Answer<Page<PlanLine>> {
    let (offset, limit) = window(query.offset, query.limit)?;
    let (rows, total) = cx.read().await?.plan_rows(&id, query.fate, offset, limit).await?;
    let items = rows.into_iter().map(plan_line).collect();
    Ok(Json(Page { items, total, offset: offset as u64 }))
}

/// Approves a batch that waits: it is planned against the table as it is now, and applied.
#[utoipa::path(post, path = "/v1/batches/{id}/approve", tag = "batches", operation_id = "batches_approve",
    params(("id" = String, Path, description = "Id of the batch")), request_body = Approval,
    responses((status = 202, body = Job), (status = 200, body = Approved, description = "Form of the job's result")))]
async fn approve(
    cx: Cx,
    Path(id): Path<String>,
    Json(approval): Json<Approval>,
) -> Result<(StatusCode, Json<Job>), ApiError> {
    cx.start("approve", id.clone(), async move |work| {
        let college = work.write().await?;
        let counts = college.approve(&id, approval.why.as_deref(), deletes(approval.deletes)).await?;
        result(&Approved { batch: id, counts: counts.into() })
    })
    .await
}

/// Refuses a batch that waits; its rejected rows stay.
#[utoipa::path(post, path = "/v1/batches/{id}/refuse", tag = "batches", operation_id = "batches_refuse",
    params(("id" = String, Path, description = "Id of the batch")), request_body = Refusal,
    responses((status = 200, body = Batch)))]
async fn refuse(cx: Cx, Path(id): Path<String>, Json(refusal): Json<Refusal>) -> Answer<Batch> {
    let college = cx.write().await?;
    college.refuse(&id, &refusal.why).await?;
    let found = college.batch(&id).await?;
    Ok(Json(batch(&cx, &college, found)))
}

/// Takes a mended file in under the mapping of this batch.
#[utoipa::path(post, path = "/v1/batches/{id}/replay", tag = "batches", operation_id = "batches_replay",
    params(("id" = String, Path, description = "Id of the batch")), request_body = FileRef,
    responses((status = 202, body = Job), (status = 200, body = Imported, description = "Form of the job's result")))]
async fn replay(
    cx: Cx,
    Path(id): Path<String>,
    Json(file): Json<FileRef>,
) -> Result<(StatusCode, Json<Job>), ApiError> {
    let file = cx.local_file(&file)?;
    cx.start("replay", id.clone(), async move |work| {
        let college = work.write().await?;
        let progress = |rows: u64| work.progress(rows_read(&work.cx, &id, rows));
        let done = college.replay(&id, &file, &progress, &work.cancel).await?;
        result(&imported(&work.cx, done))
    })
    .await
}

fn batch(cx: &Cx, college: &College, batch: BatchRecord) -> Batch {
    let reason_text = college.batch_reason(&batch, &cx.texts);
    let mends = rejects::mends(&batch).map(|id| id.to_string());
    let mut detail = batch.detail;
    if let Some(fields) = detail.as_object_mut() {
        fields.remove(KEPT);
    }
    Batch {
        id: batch.id.to_string(),
        dataset: batch.dataset.to_string(),
        state: batch.state,
        file: batch.file,
        sheet: batch.sheet,
        mode: batch.mode.into(),
        counts: batch.counts.map(Into::into),
        table_version: batch.table_version,
        reason: batch.reason,
        reason_text,
        mends,
        detail,
        at: batch.at,
        by: batch.by,
        updated_at: batch.updated_at,
    }
}
