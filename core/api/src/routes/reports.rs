//! Reports: what there is to report on, a look at the text, the file.

use crate::download::{Download, download};
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Query;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::rights::Right;
use zhengai_service::report::{self, SECTIONS};
use zhengai_service::reporting::ReportOrder;
use zhengai_wire::reports::{ReportFormat, ReportKind, ReportPreview, ReportQuery, ReportSubject};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(kinds)).routes(routes!(preview)).routes(routes!(file))
}

/// Kinds of reports and their parts.
#[utoipa::path(get, path = "/v1/reports/kinds", tag = "reports", operation_id = "reports_kinds",
    responses((status = 200, body = Vec<ReportKind>)))]
async fn kinds(cx: Cx) -> Answer<Vec<ReportKind>> {
    cx.read().await?.permit(Right::WriteReports)?;
    let kind = |(subject, key): (ReportSubject, &str)| ReportKind {
        subject,
        name: cx.texts.text(key, &[]),
        sections: SECTIONS.iter().map(|key| cx.texts.text(key, &[])).collect(),
        formats: ReportFormat::ALL.to_vec(),
    };
    let all = [
        (ReportSubject::College, "api-report-college"),
        (ReportSubject::Layer, "api-report-layer"),
        (ReportSubject::Object, "api-report-object"),
    ];
    Ok(Json(all.into_iter().map(kind).collect()))
}

/// The text of a report.
#[utoipa::path(get, path = "/v1/reports/preview", tag = "reports", operation_id = "reports_preview",
    params(ReportQuery), responses((status = 200, body = ReportPreview)))]
async fn preview(cx: Cx, Query(query): Query<ReportQuery>) -> Answer<ReportPreview> {
    let college = cx.read().await?;
    let (run, made) = college.report(&order(query), &cx.texts).await?;
    Ok(Json(ReportPreview {
        run: run.id.to_string(),
        subject: match made.kind.as_str() {
            "layer" => ReportSubject::Layer,
            "object" => ReportSubject::Object,
            _ => ReportSubject::College,
        },
        text: report::markdown(&made, &cx.texts)?,
        title: made.subject,
        unverified: made.unverified,
        synthetic: made.synthetic,
    }))
}

/// A report as a file.
#[utoipa::path(get, path = "/v1/reports/file", tag = "reports", operation_id = "reports_file", params(ReportQuery),
    responses((status = 200, body = Vec<u8>, content_type = "*/*",
        description = "The file, with the media type of its format.")))]
async fn file(cx: Cx, Query(query): Query<ReportQuery>) -> Result<Response, ApiError> {
    let college = cx.read().await?;
    let format = query.format.unwrap_or_default();
    let (run, made) = college.report(&order(query), &cx.texts).await?;
    let name = format!("{}.{}", run.id, format.extension());
    let bytes = match format {
        ReportFormat::Html => report::html(&made, &cx.texts)?.into_bytes(),
        ReportFormat::Md => report::markdown(&made, &cx.texts)?.into_bytes(),
        ReportFormat::Xlsx => zhengai_service::export::xlsx_bytes(name.as_ref(), &report::sheets(&made, &cx.texts))?,
    };
    let pieces = Box::new(std::iter::once(Ok(bytes)));
    download(Download { name, media: format.media_type(), pieces }).await
}

fn order(query: ReportQuery) -> ReportOrder {
    ReportOrder { run: query.run, layer: query.layer, object: query.object }
}
