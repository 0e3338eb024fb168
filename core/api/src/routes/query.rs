//! The query desk: SQL that reads.

use super::data::window;
use super::rejects::sheet_file;
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::response::Response;
use std::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::rights::Right;
use zhengai_service::desk::{DeskDataset, DeskRequest};
use zhengai_service::export::Sheet;
use zhengai_service::words::word;
use zhengai_service::{CancelFlag, DeskColumn, DeskCut, ServiceError};
use zhengai_wire::query::{
    QueryAnswer, QueryColumn, QueryCut, QueryDataset, QueryExport, QueryField, QueryPlan, QueryRequest, QueryWords,
};

/// Words of SQL that completion offers.
const KEYWORDS: [&str; 36] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "OFFSET",
    "WITH",
    "AS",
    "DISTINCT",
    "JOIN",
    "LEFT JOIN",
    "RIGHT JOIN",
    "FULL JOIN",
    "CROSS JOIN",
    "ON",
    "USING",
    "UNION",
    "UNION ALL",
    "INTERSECT",
    "EXCEPT",
    "AND",
    "OR",
    "NOT",
    "IN",
    "BETWEEN",
    "LIKE",
    "IS NULL",
    "IS NOT NULL",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "EXPLAIN",
];

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(run)).routes(routes!(plan)).routes(routes!(words)).routes(routes!(export))
}

/// Raises a flag when it is dropped: a request whose client went away need not go on.
struct Stops(CancelFlag);

impl Drop for Stops {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Runs a query. Ending the connection stops it.
#[utoipa::path(post, path = "/v1/query", tag = "query", operation_id = "query_run", request_body = QueryRequest,
    responses((status = 200, body = QueryAnswer)))]
async fn run(cx: Cx, Json(request): Json<QueryRequest>) -> Answer<QueryAnswer> {
    let college = cx.read().await?;
    let (offset, rows) = window(request.offset, request.limit)?;
    let stops = Stops(CancelFlag::new());
    let order = DeskRequest { sql: request.sql, offset, rows };
    let began = Instant::now();
    let found = college.query(&order, &stops.0).await?;
    let column = |column: DeskColumn| QueryColumn { name: column.name, kind: column.kind, numeric: column.numeric };
    Ok(Json(QueryAnswer {
        columns: found.answer.columns.into_iter().map(column).collect(),
        rows: found.answer.rows,
        offset: offset as u64,
        cut: found.answer.cut.map(|cut| match cut {
            DeskCut::Rows => QueryCut::Rows,
            DeskCut::Bytes => QueryCut::Bytes,
        }),
        versions: found.answer.versions.into_iter().map(|(id, version)| (id.to_string(), version)).collect(),
        masked: found.masked,
        why_masked: found.why.iter().map(|why| cx.say(why)).collect(),
        millis: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

/// How the rows of a query would be found.
#[utoipa::path(post, path = "/v1/query/plan", tag = "query", operation_id = "query_plan", request_body = QueryRequest,
    responses((status = 200, body = QueryPlan)))]
async fn plan(cx: Cx, Json(request): Json<QueryRequest>) -> Answer<QueryPlan> {
    Ok(Json(QueryPlan { steps: cx.read().await?.query_steps(&request.sql).await? }))
}

/// What may be written into a query.
#[utoipa::path(get, path = "/v1/query/words", tag = "query", operation_id = "query_words",
    responses((status = 200, body = QueryWords)))]
async fn words(cx: Cx) -> Answer<QueryWords> {
    let college = cx.read().await?;
    Ok(Json(QueryWords {
        datasets: college.query_datasets()?.iter().map(|one| dataset(&cx, one)).collect(),
        functions: college.query_functions(),
        keywords: KEYWORDS.map(str::to_owned).to_vec(),
    }))
}

/// The rows sent, as a file. Nothing is run again.
#[utoipa::path(post, path = "/v1/query/export", tag = "query", operation_id = "query_export", request_body = QueryExport,
    responses((status = 200, description = "The file", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/csv")))))]
async fn export(cx: Cx, Json(request): Json<QueryExport>) -> Result<Response, ApiError> {
    cx.read().await?.permit_whole(Right::Query)?;
    if let Some(row) = request.rows.iter().find(|row| row.len() != request.columns.len()) {
        return Err(ServiceError::BadArgument { what: "row-length", value: row.len().to_string() }.into());
    }
    let name = cx.texts.text("api-query-sheet", &[]);
    let rows = request.rows.into_iter();
    let rows = rows.map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
    let sheet = Sheet { name, header: request.columns, rows, text_only: false };
    Ok(sheet_file(request.format, &sheet, "query")?)
}

fn dataset(cx: &Cx, one: &DeskDataset<'_>) -> QueryDataset {
    let fields = one.dataset.fields.iter().map(|field| QueryField {
        field: field.name.to_string(),
        name: cx.label(&field.names),
        kind: word(&field.kind),
        telling: one.telling.contains(&field.name),
    });
    QueryDataset { id: one.dataset.id.to_string(), name: cx.label(&one.dataset.names), fields: fields.collect() }
}
