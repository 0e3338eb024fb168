//! The paths, one module for each area. A handler reads its request, calls a use case, and says its answer in wire types;
//! it decides nothing.

mod audit;
mod backups;
mod batches;
mod cycles;
mod data;
mod datasets;
mod drafts;
mod heatmap;
mod imports;
mod indicators;
mod jobs;
mod meta;
mod objects;
mod overview;
mod periods;
mod plugins;
mod query;
mod rejects;
mod reports;
mod results;
mod runs;
mod search;
mod secrets;
mod session;
mod sources;
mod system;
mod thresholds;
mod undo;
mod uploads;
mod users;
mod warnings;
mod why;

use crate::cx::Fingerprint;
use crate::etag::{based_on, versions};
use crate::problem::{ApiError, speak};
use crate::promised::parameters;
use crate::state::Api;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
pub use backups::backup_made;
use http::{Method, StatusCode};
use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;

/// Bytes of a JSON request.
const LARGEST_BODY: usize = 8 << 20;

/// All areas. Add yours here, in the order of the alphabet.
pub(crate) fn all() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .merge(audit::routes())
        .merge(batches::routes())
        .merge(cycles::routes())
        .merge(datasets::routes())
        .merge(drafts::routes())
        .merge(heatmap::routes())
        .merge(imports::routes())
        .merge(indicators::routes())
        .merge(jobs::routes())
        .merge(meta::routes())
        .merge(objects::routes())
        .merge(search::routes())
        .merge(overview::routes())
        .merge(periods::routes())
        .merge(plugins::routes())
        .merge(query::routes())
        .merge(rejects::routes())
        .merge(reports::routes())
        .merge(results::routes())
        .merge(runs::routes())
        .merge(secrets::routes())
        .merge(session::routes())
        .merge(sources::routes())
        .merge(thresholds::routes())
        .merge(undo::routes())
        .merge(uploads::routes())
        .merge(warnings::routes())
        .merge(why::routes())
        .merge(system::routes())
        .merge(backups::routes())
        .merge(users::routes())
}

impl Api {
    /// All paths, for this process. Requests must say who asks, see [`crate::Asker`].
    pub fn router(&self) -> Router {
        self.paths().layer(from_fn_with_state(self.clone(), speak)).with_state(self.clone())
    }

    /// All paths, before anybody makes problems of their errors.
    pub(crate) fn paths(&self) -> Router<Self> {
        let (router, _) = all().split_for_parts();
        router
            .fallback(|| async { StatusCode::NOT_FOUND })
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn_with_state(self.clone(), based_on))
            .layer(from_fn(parameters))
            .layer(from_fn(fingerprint))
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .layer(from_fn(versions))
    }
}

/// A defect in a handler ends its request, not the server.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(%words, "a handler panicked");
    ApiError::new(Fault::Internal, Message::new("api-broken").with("problem", "")).into_response()
}

/// Numbers what a request asks for, so that the same job is not started twice.
async fn fingerprint(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let mut hasher = DefaultHasher::new();
    (parts.uri.path(), parts.uri.query(), &body[..]).hash(&mut hasher);
    parts.extensions.insert(Fingerprint(hasher.finish()));
    next.run(Request::from_parts(parts, Body::from(body))).await
}
