//! Files sent before a request names them.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::body::Body;
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::rights::Right;
use zhengai_wire::Upload;

/// Rights of which one is needed: those of the requests that name a file.
const RIGHTS: [Right; 4] = [Right::ImportData, Right::ReviewData, Right::ManagePlugins, Right::ManageSystem];

pub(crate) fn routes() -> OpenApiRouter<Api> {
    // One path, two meanings of its last part: a name to put, a number to discard.
    OpenApiRouter::default().routes(routes!(put, discard))
}

/// Sends a file. It waits a day for the request that names it.
#[utoipa::path(put, path = "/v1/uploads/{name}", tag = "uploads", operation_id = "uploads_put",
    params(("name" = String, Path, description = "Name of the file, without folders")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload)))]
async fn put(cx: Cx, Path(name): Path<String>, body: Body) -> Answer<Upload> {
    cx.read().await?.permit_any(&RIGHTS)?;
    Ok(Json(cx.api.uploads().take(&name, body, &cx.actor).await?))
}

/// Throws a file away that was sent.
#[utoipa::path(delete, path = "/v1/uploads/{name}", tag = "uploads", operation_id = "uploads_discard",
    params(("name" = String, Path, description = "Number of the upload")), responses((status = 200, description = "It is gone.")))]
async fn discard(cx: Cx, Path(id): Path<String>) -> Result<(), ApiError> {
    cx.api.uploads().discard(&id, &cx.actor)
}
