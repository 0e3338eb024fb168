//! The API about itself: its description, and whether it is there.

use crate::state::Api;
use axum::Json;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(openapi)).routes(routes!(health))
}

/// The description of this API.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "meta", security(()),
    responses((status = 200, body = Object, description = "OpenAPI 3.1")))]
async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(crate::openapi::document())
}

/// Whether the server answers; says nothing about the college.
#[utoipa::path(get, path = "/v1/health", tag = "meta", security(()), responses((status = 204, description = "It does.")))]
async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}
