//! Imports: a job that takes a file in.

use super::data::{deletes, imported, result, review, rows_read, text_file};
use crate::state::Api;
use crate::{ApiError, Cx};
use axum::Json;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::ids::DatasetId;
use zhengai_service::ServiceError;
use zhengai_service::import::ImportRequest as Order;
use zhengai_wire::Job;
use zhengai_wire::data::Extent;
use zhengai_wire::imports::{ImportRequest, Imported};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(start))
}

/// Takes a file in. The result of the job is what the import did.
#[utoipa::path(post, path = "/v1/imports", tag = "imports", operation_id = "imports_start", request_body = ImportRequest,
    responses((status = 202, body = Job), (status = 200, body = Imported, description = "Form of the job's result")))]
async fn start(cx: Cx, Json(request): Json<ImportRequest>) -> Result<(StatusCode, Json<Job>), ApiError> {
    let file = cx.local_file(&request.file)?;
    let bad = |_| ServiceError::BadArgument { what: "dataset", value: request.dataset.clone() };
    let dataset = DatasetId::new(request.dataset.clone()).map_err(bad)?;
    let order = Order {
        file,
        dataset,
        mapping: request.mapping.map(text_file),
        sheet: request.sheet,
        mode: request.mode.map(Into::into),
        dry_run: request.extent == Extent::Plan,
        review: request.review.map(review),
        deletes: deletes(request.deletes),
    };
    let name = order.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    cx.start("import", name.clone(), async move |work| {
        let college = work.write().await?;
        let progress = |rows: u64| work.progress(rows_read(&work.cx, &name, rows));
        let done = college.import(&order, &progress, &work.cancel).await?;
        result(&imported(&work.cx, done))
    })
    .await
}
