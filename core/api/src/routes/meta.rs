//! The API about itself: its description, and whether it is there.

use crate::state::Api;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::sync::LazyLock;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Made once: anybody may ask for it.
static DOCUMENT: LazyLock<String> = LazyLock::new(crate::openapi::document_text);

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(openapi)).routes(routes!(health))
}

/// The description of this API.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "meta", security(()),
    responses((status = 200, body = Object, description = "OpenAPI 3.1")))]
async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}

/// Whether the server answers; says nothing about the college.
#[utoipa::path(get, path = "/v1/health", tag = "meta", security(()), responses((status = 204, description = "It does.")))]
async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}
