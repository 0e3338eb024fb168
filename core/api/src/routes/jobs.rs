//! Jobs: looking, watching, stopping.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Path;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_wire::Job;

/// Shortest time between two events of a job.
const BETWEEN: Duration = Duration::from_millis(200);

/// How often a silent stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(show, cancel)).routes(routes!(events))
}

/// Jobs that this person may see, newest first.
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", operation_id = "jobs_list", responses((status = 200, body = Vec<Job>)))]
async fn list(cx: Cx) -> Answer<Vec<Job>> {
    Ok(Json(cx.api.jobs().list(&cx.actor)))
}

/// One job.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs", operation_id = "jobs_show",
    params(("id" = String, Path, description = "Number of the job")), responses((status = 200, body = Job)))]
async fn show(cx: Cx, Path(id): Path<String>) -> Answer<Job> {
    let job = cx.api.jobs().watch(&id, &cx.actor)?;
    let job = job.borrow().clone();
    Ok(Json(job))
}

/// Asks a job to stop. What it committed stays.
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "jobs", operation_id = "jobs_cancel",
    params(("id" = String, Path, description = "Number of the job")), responses((status = 200, body = Job)))]
async fn cancel(cx: Cx, Path(id): Path<String>) -> Answer<Job> {
    Ok(Json(cx.api.jobs().cancel(&id, &cx.actor)?))
}

/// Server-sent events: the job after each change, at most five times a second, until it is over.
#[utoipa::path(get, path = "/v1/jobs/{id}/events", tag = "jobs", operation_id = "jobs_events",
    params(("id" = String, Path, description = "Number of the job")),
    responses((status = 200, body = String, content_type = "text/event-stream", description = "Events whose data is a Job")))]
async fn events(
    cx: Cx,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let job = cx.api.jobs().watch(&id, &cx.actor)?;
    let stream = futures_util::stream::unfold(Some((job, None)), next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)))
}

/// The next event: at once the first time, afterwards when something changed.
async fn next(
    at: Option<(watch::Receiver<Job>, Option<Instant>)>,
) -> Option<(Result<Event, Infallible>, Option<(watch::Receiver<Job>, Option<Instant>)>)> {
    let (mut job, last) = at?;
    if let Some(last) = last {
        // A job that nobody holds any more has said its last word.
        job.changed().await.ok()?;
        let mut end = job.clone();
        // Nothing more is told before its time, unless it is the end.
        let _ = tokio::time::timeout_at(last + BETWEEN, end.wait_for(|job| job.state.is_over())).await;
    }
    let now = job.borrow_and_update().clone();
    let event = Event::default().json_data(&now).unwrap_or_default();
    let more = (!now.state.is_over()).then(|| (job, Some(Instant::now())));
    Some((Ok(event), more))
}
