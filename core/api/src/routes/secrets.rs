//! Secrets: names only. A value goes in and never comes back.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::sync::Secret;
use zhengai_wire::secrets::{SecretLine, SecretValue};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(set, remove))
}

/// Secrets by name, those that a source names and nobody has set included.
#[utoipa::path(get, path = "/v1/secrets", tag = "secrets", operation_id = "secrets_list",
    responses((status = 200, body = Vec<SecretLine>)))]
async fn list(cx: Cx) -> Answer<Vec<SecretLine>> {
    let secrets = cx.read().await?.secrets().await?.into_iter();
    Ok(Json(secrets.map(|one| SecretLine { name: one.name, set: one.set, sources: one.sources }).collect()))
}

/// Sets a secret.
#[utoipa::path(put, path = "/v1/secrets/{name}", tag = "secrets", operation_id = "secrets_set",
    params(("name" = String, Path, description = "Name of the secret")), request_body = SecretValue,
    responses((status = 200, description = "It is set.")))]
async fn set(cx: Cx, Path(name): Path<String>, Json(value): Json<SecretValue>) -> Result<(), ApiError> {
    Ok(cx.write().await?.secret_set(&name, &Secret::new(&value.value)).await?)
}

/// Removes a secret that no source names.
#[utoipa::path(delete, path = "/v1/secrets/{name}", tag = "secrets", operation_id = "secrets_remove",
    params(("name" = String, Path, description = "Name of the secret")),
    responses((status = 200, description = "It is gone.")))]
async fn remove(cx: Cx, Path(name): Path<String>) -> Result<(), ApiError> {
    Ok(cx.write().await?.secret_remove(&name).await?)
}
