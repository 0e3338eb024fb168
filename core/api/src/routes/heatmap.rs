//! The heat map.

use super::overview::{level_names, run_name};
use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::Query;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::ids::ObjectKind;
use zhengai_service::college::College;
use zhengai_service::heat_map::{HeatOrder, HeatQuery};
use zhengai_service::rows::ResultRow;
use zhengai_wire::Page;
use zhengai_wire::heatmap::{Cell, CellState, HeatColumn, HeatRow, Heatmap, HeatmapQuery, KindName, Order, PeriodName};
use zhengai_wire::page::{DEFAULT_LIMIT, MAX_LIMIT};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(show))
}

/// Objects × indicators of a layer, a page of objects at a time, within the reader's scope.
#[utoipa::path(get, path = "/v1/heatmap", tag = "heatmap", operation_id = "heatmap_show", params(HeatmapQuery),
    responses((status = 200, body = Heatmap)))]
async fn show(cx: Cx, Query(asked): Query<HeatmapQuery>) -> Answer<Heatmap> {
    let college = cx.read().await?;
    let offset = asked.offset.unwrap_or(0);
    let small = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let indicators = asked.indicators.as_deref().unwrap_or_default().split(',').map(str::trim);
    let query = HeatQuery {
        run: asked.run,
        layer: asked.layer,
        kind: asked.kind,
        period: asked.period,
        unit: asked.unit,
        search: asked.search,
        indicators: indicators.filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        order: match asked.sort.unwrap_or_default() {
            Order::Worst => HeatOrder::Worst,
            Order::Name => HeatOrder::Name,
            Order::Id => HeatOrder::Id,
        },
        offset: small(offset),
        limit: small(asked.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)),
    };
    let map = college.heat_map(&query).await?;
    let layer_name = college.layer_labels(&cx.texts).into_iter().find(|(word, _)| word == query.layer.as_str());
    let columns = map.columns.iter().map(|indicator| HeatColumn {
        code: indicator.code.to_string(),
        name: cx.label(&indicator.names),
        unit: indicator.unit.clone(),
        point: indicator.point.to_string(),
    });
    let periods = map.periods.iter().map(|id| PeriodName {
        id: id.to_string(),
        label: college.calendar().get(id).map_or_else(|| id.to_string(), |period| cx.label(&period.names)),
    });
    let items = map.rows.into_iter().map(|row| HeatRow {
        object: row.object,
        name: row.name,
        unmet: row.unmet,
        warned: row.warned,
        cells: row.cells.into_iter().map(|result| cell(&cx, result)).collect(),
    });
    Ok(Json(Heatmap {
        run: run_name(&cx, &college, &map.run),
        layer: query.layer,
        layer_name: layer_name.map_or_else(|| query.layer.to_string(), |(_, label)| label),
        kinds: map.kinds.iter().map(|kind| kind_name(&cx, &college, kind)).collect(),
        kind: map.kind.to_string(),
        periods: periods.collect(),
        levels: level_names(&cx, &college),
        columns: columns.collect(),
        page: Page { items: items.collect(), total: map.total, offset },
    }))
}

/// A kind of object under the name of the dataset that lists its objects.
fn kind_name(cx: &Cx, college: &College, kind: &ObjectKind) -> KindName {
    let kinds = college.definitions().object_kinds();
    let label = kinds.get(kind).map(|(dataset, _)| cx.label(&dataset.names));
    KindName { id: kind.to_string(), label: label.unwrap_or_else(|| kind.to_string()) }
}

fn cell(cx: &Cx, result: Option<ResultRow>) -> Cell {
    let Some(row) = result else {
        return Cell {
            state: CellState::None,
            value: None,
            verdict: None,
            level: None,
            standard: None,
            verified: false,
            gap: None,
            period: None,
        };
    };
    let reason = row.gap.as_deref().map(|gap| gap.split([':', ' ', '{']).next().unwrap_or(gap));
    let state = match (row.state.as_str(), reason) {
        ("number", _) => CellState::Number,
        ("not-applicable", _) => CellState::NotApplicable,
        ("not-due", _) => CellState::NotDue,
        (_, Some("no-data")) => CellState::NoData,
        _ => CellState::Undetermined,
    };
    Cell {
        state,
        value: row.value.map(|value| value.to_string()),
        verdict: Some(row.attainment),
        level: row.level,
        standard: row.standard,
        verified: row.verified,
        gap: reason.map(|reason| cx.texts.text(&format!("gap-{reason}"), &[])),
        period: Some(row.period),
    }
}
