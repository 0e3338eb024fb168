//! Sources: described, looked at, tried, synced.

use super::data::{deletes, notices, result, review, rows_read, text_file};
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::plugins::Switch;
use zhengai_service::sync as service;
use zhengai_service::words::word;
use zhengai_service::{CancelFlag, SourceRecord, SyncRecord, SyncState};
use zhengai_wire::data::Extent;
use zhengai_wire::sources::{
    Discovered, DiscoveredStream, RemoveQuery, Source, SourceQuery, SourceRequest, SourceStream, SourceSwitch,
    StreamOutcome, StreamSynced, SyncLine, SyncQuery, SyncReach, SyncRequest, SyncStopped, Synced,
};
use zhengai_wire::{Job, Page, PageQuery};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(show, add, change, switch, remove))
        .routes(routes!(check))
        .routes(routes!(discover))
        .routes(routes!(sync))
        .routes(routes!(syncs))
}

/// Sources by name.
#[utoipa::path(get, path = "/v1/sources", tag = "sources", operation_id = "sources_list", params(SourceQuery),
    responses((status = 200, body = Page<Source>)))]
async fn list(cx: Cx, Query(query): Query<SourceQuery>) -> Answer<Page<Source>> {
    let mut sources: Vec<Source> = cx.read().await?.source_list().await?.into_iter().map(source).collect();
    if let Some(search) = &query.search {
        sources.retain(|source| source.id.contains(search.as_str()));
    }
    Ok(Json(Page::of(sources, PageQuery { offset: query.offset, limit: query.limit })))
}

/// A source with how far it was read.
#[utoipa::path(get, path = "/v1/sources/{name}", tag = "sources", operation_id = "sources_show",
    params(("name" = String, Path, description = "Name of the source")), responses((status = 200, body = Source)))]
async fn show(cx: Cx, Path(name): Path<String>) -> Answer<Source> {
    Ok(Json(source(cx.read().await?.source_show(&name).await?)))
}

/// Adds a source. Its connector sees the configuration at once, so that what cannot work is refused here.
#[utoipa::path(post, path = "/v1/sources/{name}", tag = "sources", operation_id = "sources_add",
    params(("name" = String, Path, description = "Name of the source")), request_body = SourceRequest,
    responses((status = 200, body = Source)))]
async fn add(cx: Cx, Path(name): Path<String>, Json(request): Json<SourceRequest>) -> Answer<Source> {
    let college = cx.write().await?;
    let file = described(name, request);
    college.source_add(&file, &CancelFlag::new()).await?;
    Ok(Json(source(college.source_show(&file.name).await?)))
}

/// Describes a source anew; how far its streams were read stays as it is.
#[utoipa::path(put, path = "/v1/sources/{name}", tag = "sources", operation_id = "sources_change",
    params(("name" = String, Path, description = "Name of the source")), request_body = SourceRequest,
    responses((status = 200, body = Source)))]
async fn change(cx: Cx, Path(name): Path<String>, Json(request): Json<SourceRequest>) -> Answer<Source> {
    let college = cx.write().await?;
    let file = described(name, request);
    college.source_change(&file, &CancelFlag::new()).await?;
    Ok(Json(source(college.source_show(&file.name).await?)))
}

/// Lets a source be synced, or keeps it from being synced.
#[utoipa::path(patch, path = "/v1/sources/{name}", tag = "sources", operation_id = "sources_switch",
    params(("name" = String, Path, description = "Name of the source")), request_body = SourceSwitch,
    responses((status = 200, body = Source)))]
async fn switch(cx: Cx, Path(name): Path<String>, Json(to): Json<SourceSwitch>) -> Answer<Source> {
    let college = cx.write().await?;
    college.source_switch(&name, if to.enabled { Switch::On } else { Switch::Off }).await?;
    Ok(Json(source(college.source_show(&name).await?)))
}

/// Removes a source and how far it was read. Its rows and batches stay.
#[utoipa::path(delete, path = "/v1/sources/{name}", tag = "sources", operation_id = "sources_remove",
    params(("name" = String, Path, description = "Name of the source"), RemoveQuery),
    responses((status = 200, description = "It is gone.")))]
async fn remove(cx: Cx, Path(name): Path<String>, Query(query): Query<RemoveQuery>) -> Result<(), ApiError> {
    Ok(cx.write().await?.source_remove(&name, query.why.as_deref()).await?)
}

/// Lets the connector try the configuration. The result of the job is the connector's own report.
#[utoipa::path(post, path = "/v1/sources/{name}/check", tag = "sources", operation_id = "sources_check",
    params(("name" = String, Path, description = "Name of the source")), responses((status = 202, body = Job)))]
async fn check(cx: Cx, Path(name): Path<String>) -> Result<(StatusCode, Json<Job>), ApiError> {
    cx.start("source-check", name.clone(), async move |work| work.read().await?.source_check(&name, &work.cancel).await)
        .await
}

/// What the connector of a source can read.
#[utoipa::path(post, path = "/v1/sources/{name}/discover", tag = "sources", operation_id = "sources_discover",
    params(("name" = String, Path, description = "Name of the source")),
    responses((status = 202, body = Job), (status = 200, body = Discovered, description = "Form of the job's result")))]
async fn discover(cx: Cx, Path(name): Path<String>) -> Result<(StatusCode, Json<Job>), ApiError> {
    cx.start("source-discover", name.clone(), async move |work| {
        let catalogue = work.read().await?.source_discover(&name, &work.cancel).await?;
        let stream = |stream: service::CatalogueStream| DiscoveredStream {
            stream: stream.name,
            name: stream.label,
            key: stream.key,
            incremental: stream.incremental,
            fields: stream.fields.into_iter().map(|field| field.name).collect(),
        };
        result(&Discovered { streams: catalogue.streams.into_iter().map(stream).collect() })
    })
    .await
}

/// Reads a source on from where it stopped.
#[utoipa::path(post, path = "/v1/sources/{name}/sync", tag = "sources", operation_id = "sources_sync",
    params(("name" = String, Path, description = "Name of the source")), request_body = SyncRequest,
    responses((status = 202, body = Job), (status = 200, body = Synced, description = "Form of the job's result")))]
async fn sync(
    cx: Cx,
    Path(name): Path<String>,
    Json(request): Json<SyncRequest>,
) -> Result<(StatusCode, Json<Job>), ApiError> {
    let order = service::SyncRequest {
        source: name.clone(),
        streams: request.streams,
        extent: match request.reach {
            SyncReach::New => service::Extent::New,
            SyncReach::Whole => service::Extent::Whole,
        },
        review: request.review.map(review),
        deletes: deletes(request.deletes),
        dry_run: request.extent == Extent::Plan,
    };
    cx.start("sync", name, async move |work| {
        let college = work.write().await?;
        let progress = |stream: &str, rows: u64| work.progress(rows_read(&work.cx, stream, rows));
        let done = college.sync(&order, &progress, &work.cancel).await?;
        if done.state() == SyncState::Cancelled {
            work.cut_short();
        }
        result(&synced(&work.cx, done))
    })
    .await
}

/// Syncs, the newest first.
#[utoipa::path(get, path = "/v1/syncs", tag = "sources", operation_id = "syncs_list", params(SyncQuery),
    responses((status = 200, body = Page<SyncLine>)))]
async fn syncs(cx: Cx, Query(query): Query<SyncQuery>) -> Answer<Page<SyncLine>> {
    let syncs = cx.read().await?.syncs(query.source.as_deref()).await?;
    let lines = syncs.into_iter().map(sync_line).collect();
    Ok(Json(Page::of(lines, PageQuery { offset: query.offset, limit: query.limit })))
}

fn described(name: String, request: SourceRequest) -> service::SourceFile {
    service::SourceFile {
        name,
        plugin: request.plugin,
        component: request.component,
        config: text_file(request.config),
        streams: request.streams.map(text_file),
        mappings: request.mappings.into_iter().map(text_file).collect(),
        review: request.review.map(review),
    }
}

fn source(shown: service::SourceShown) -> Source {
    let secrets = shown.secrets();
    let service::SourceShown { source: SourceRecord { source, .. }, cursors, waiting, last } = shown;
    let stream = |stream: zhengai_service::SourceStream| {
        let cursor = cursors.iter().find(|cursor| cursor.stream == stream.stream);
        SourceStream {
            stream: stream.stream,
            dataset: stream.dataset.to_string(),
            mode: stream.mode.map(Into::into),
            mapping: stream.mapping.and_then(|mapping| serde_json::to_value(mapping).ok()),
            options: stream.options,
            cursor: cursor.map(|cursor| cursor.state.clone()),
            batch: cursor.map(|cursor| cursor.batch.to_string()),
            at: cursor.map(|cursor| cursor.at),
        }
    };
    Source {
        id: source.id.to_string(),
        plugin: source.plugin.to_string(),
        component: source.component,
        config: source.config,
        secrets,
        review: source.review,
        enabled: source.enabled,
        streams: source.streams.into_iter().map(stream).collect(),
        waiting,
        last: last.map(sync_line),
    }
}

fn sync_line(sync: SyncRecord) -> SyncLine {
    SyncLine {
        state: word(&sync.state),
        id: sync.id,
        source: sync.source.to_string(),
        at: sync.at,
        by: sync.by,
        ended_at: sync.ended_at,
    }
}

fn synced(cx: &Cx, synced: service::Synced) -> Synced {
    let stream = |stream: service::StreamSynced| StreamSynced {
        stream: stream.stream,
        dataset: stream.dataset.to_string(),
        outcome: outcome(stream.outcome),
        batches: stream.batches.iter().map(ToString::to_string).collect(),
        counts: stream.counts.into(),
        retries: stream.retries,
        notices: notices(cx, stream.notices),
        stopped: stream.stopped.map(|why| SyncStopped { fault: why.fault, text: cx.say(&why.message) }),
    };
    Synced {
        id: synced.id,
        source: synced.source.to_string(),
        streams: synced.streams.into_iter().map(stream).collect(),
    }
}

fn outcome(outcome: service::StreamOutcome) -> StreamOutcome {
    match outcome {
        service::StreamOutcome::Finished => StreamOutcome::Finished,
        service::StreamOutcome::Planned => StreamOutcome::Planned,
        service::StreamOutcome::Held => StreamOutcome::Held,
        service::StreamOutcome::Waiting => StreamOutcome::Waiting,
        service::StreamOutcome::Failed => StreamOutcome::Failed,
        service::StreamOutcome::Cancelled => StreamOutcome::Cancelled,
        service::StreamOutcome::Skipped => StreamOutcome::Skipped,
    }
}
