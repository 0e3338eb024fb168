//! Datasets: looking, and defining at run time.

use super::data::text_file;
use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::dataset::{Dataset, Field};
use zhengai_service::datasets::DatasetState;
use zhengai_wire::data::TextFile;
use zhengai_wire::datasets::{CheckLine, CodeLine, DatasetDetail, DatasetLine, DatasetQuery, FieldLine};
use zhengai_wire::{Page, PageQuery};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list, define)).routes(routes!(show))
}

/// Datasets by id.
#[utoipa::path(get, path = "/v1/datasets", tag = "datasets", operation_id = "datasets_list", params(DatasetQuery),
    responses((status = 200, body = Page<DatasetLine>)))]
async fn list(cx: Cx, Query(query): Query<DatasetQuery>) -> Answer<Page<DatasetLine>> {
    let college = cx.read().await?;
    let mut lines: Vec<DatasetLine> = college.datasets().await?.into_iter().map(|state| line(&cx, &state)).collect();
    let wanted = query.search.as_deref().unwrap_or_default().to_lowercase();
    lines.retain(|line| {
        let found = line.id.to_lowercase().contains(&wanted) || line.name.to_lowercase().contains(&wanted);
        found && query.layer.is_none_or(|layer| line.layer == Some(layer))
    });
    Ok(Json(Page::of(lines, PageQuery { offset: query.offset, limit: query.limit })))
}

/// A dataset with its fields.
#[utoipa::path(get, path = "/v1/datasets/{id}", tag = "datasets", operation_id = "datasets_show",
    params(("id" = String, Path, description = "Id of the dataset")), responses((status = 200, body = DatasetDetail)))]
async fn show(cx: Cx, Path(id): Path<String>) -> Answer<DatasetDetail> {
    let college = cx.read().await?;
    let state = college.dataset_state(&id).await?;
    let dataset = state.dataset;
    let checks = dataset.checks.iter().map(|check| CheckLine {
        id: check.id.clone(),
        text: cx.label(&check.message),
        sql: check.sql.clone(),
    });
    Ok(Json(DatasetDetail {
        line: line(&cx, &state),
        about: dataset.about.as_ref().map(|about| cx.label(about)),
        key: dataset.key.iter().map(ToString::to_string).collect(),
        load: dataset.load.into(),
        time: dataset.time.as_ref().map(|time| time.field.to_string()),
        fields: dataset.fields.iter().map(|one| field(&cx, dataset, one)).collect(),
        checks: checks.collect(),
    }))
}

/// Defines a dataset from a TOML file, or extends one.
#[utoipa::path(post, path = "/v1/datasets", tag = "datasets", operation_id = "datasets_define", request_body = TextFile,
    responses((status = 200, body = DatasetLine)))]
async fn define(cx: Cx, Json(file): Json<TextFile>) -> Answer<DatasetLine> {
    let college = cx.write().await?;
    let dataset = college.define_dataset(&text_file(file)).await?;
    let state = college.state_of(&dataset).await?;
    Ok(Json(line(&cx, &state)))
}

fn line(cx: &Cx, state: &DatasetState<'_>) -> DatasetLine {
    let DatasetState { dataset, computed, table, fresh_at, waiting } = *state;
    DatasetLine {
        id: dataset.id.to_string(),
        name: cx.label(&dataset.names),
        layer: dataset.layer,
        privacy: dataset.privacy,
        computed,
        rows: table.map(|table| table.rows),
        version: table.map(|table| table.version),
        bytes: table.map(|table| table.bytes),
        fresh_at,
        waiting,
    }
}

fn field(cx: &Cx, dataset: &Dataset, field: &Field) -> FieldLine {
    let codes = field.codes.as_ref().and_then(|table| dataset.code_tables.get(table));
    let code = |(code, names): (&String, &zhengai_model::dataset::Code)| CodeLine {
        code: code.clone(),
        zh: names.zh.clone(),
        en: names.en.clone(),
    };
    FieldLine {
        field: field.name.to_string(),
        name: cx.label(&field.names),
        kind: field.kind,
        required: field.required,
        key: dataset.key.contains(&field.name),
        unit: field.unit.clone(),
        codes: codes.map(|table| table.code.iter().map(code).collect()).unwrap_or_default(),
        aliases: field.aliases.clone(),
        min: field.min.clone(),
        max: field.max.clone(),
        object: field.object.as_ref().map(ToString::to_string),
        references: field.references.clone(),
    }
}
