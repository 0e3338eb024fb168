//! Objects: finding them, and the portrait of one.

use super::warnings::{of_object, told};
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::ids::{IndicatorCode, ObjectKind};
use zhengai_model::layer::Layer;
use zhengai_model::rights::Place;
use zhengai_service::college::College;
use zhengai_service::objects::{Named, ObjectFilter};
use zhengai_service::portrait::Drawn;
use zhengai_service::{ServiceError, portrait};
use zhengai_wire::objects::{
    Axis, ObjectLine, ObjectQuery, PeerGroup, Portrait, PortraitIndicator, PortraitQuery, Standing,
};
use zhengai_wire::page::PageQuery;
use zhengai_wire::warnings::UnitStep;
use zhengai_wire::{Page, Problem};

/// Warnings that a portrait lists.
const WARNINGS: u32 = 50;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(show))
}

fn place(text: &str) -> Result<Place, ServiceError> {
    text.parse().map_err(|_| ServiceError::BadArgument { what: "object", value: text.to_owned() })
}

fn line(named: &Named) -> ObjectLine {
    ObjectLine { kind: named.place.kind.to_string(), id: named.place.id.to_string(), name: named.name.clone() }
}

fn step(place: &Place) -> UnitStep {
    UnitStep { kind: place.kind.to_string(), id: place.id.to_string() }
}

/// Objects that fit, in pieces.
#[utoipa::path(get, path = "/v1/objects", tag = "objects", params(ObjectQuery), responses(
    (status = 200, body = Page<ObjectLine>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn list(cx: Cx, Query(query): Query<ObjectQuery>) -> Answer<Page<ObjectLine>> {
    let bad = |kind: &str| ServiceError::BadArgument { what: "kind", value: kind.to_owned() };
    let college = cx.read().await?;
    let kinds = college.definitions().object_kinds();
    let kind = |text: &str| {
        let kind = ObjectKind::new(text).ok().filter(|kind| kinds.contains_key(kind) || kind.as_str() == "school");
        kind.ok_or_else(|| bad(text))
    };
    let filter = ObjectFilter {
        kind: query.kind.as_deref().map(kind).transpose()?,
        unit: query.unit.as_deref().map(place).transpose()?,
        words: query.text.clone(),
    };
    let found = college.objects(&filter).await?;
    let page = PageQuery { offset: query.offset, limit: query.limit };
    Ok(Json(Page::of(found.iter().map(line).collect(), page)))
}

/// The portrait of one object. Looking at a person is audited.
#[utoipa::path(get, path = "/v1/objects/{kind}/{id}", tag = "objects",
    params(("kind" = String, Path), ("id" = String, Path), PortraitQuery), responses(
    (status = 200, body = Portrait),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn show(
    cx: Cx,
    Path((kind, id)): Path<(String, String)>,
    Query(query): Query<PortraitQuery>,
) -> Answer<Portrait> {
    let college = cx.read().await?;
    let drawn = college.portrait(&place(&format!("{kind}/{id}"))?, query.run.as_deref()).await?;
    Ok(Json(tell(&college, &cx, drawn).await?))
}

async fn tell(college: &College, cx: &Cx, drawn: portrait::Portrait) -> Result<Portrait, ApiError> {
    let (kind, id) = (drawn.place.kind.to_string(), drawn.place.id.to_string());
    let (warnings, warnings_total) = of_object(college, cx, (&kind, &id), WARNINGS).await?;
    let axis =
        |axis: portrait::Axis| Axis { name: cx.label(&axis.names), id: axis.id, judged: axis.judged, good: axis.good };
    Ok(Portrait {
        object: ObjectLine { kind, id, name: drawn.name },
        units: drawn.units.iter().map(step).collect(),
        run: drawn.run.id.to_string(),
        at: drawn.run.at,
        period: drawn.run.period.to_string(),
        peers: drawn.peers.map(|(unit, count)| PeerGroup { unit: unit.as_ref().map(step), count: count as u64 }),
        indicators: drawn.indicators.into_iter().map(|one| indicator(college, cx, one)).collect(),
        radar: drawn.radar.into_iter().map(axis).collect(),
        warnings,
        warnings_total,
    })
}

fn indicator(college: &College, cx: &Cx, drawn: Drawn) -> PortraitIndicator {
    let Drawn { row, standing, past } = drawn;
    let definitions = college.definitions();
    let known = IndicatorCode::new(row.indicator.clone()).ok().and_then(|code| definitions.indicator(&code));
    let steps = known.map(|known| known.point.as_str().match_indices('.').map(|(at, _)| at).collect::<Vec<_>>());
    let place = known.zip(steps).map(|(known, steps)| {
        let point = known.point.as_str();
        let ids = steps.into_iter().chain([point.len()]).filter_map(|end| point.get(..end));
        let name = |id: &str| {
            let found = definitions.points.values().find(|point| point.id.as_str() == id);
            found.map_or_else(|| id.to_owned(), |point| cx.label(&point.names))
        };
        ids.map(name).collect()
    });
    PortraitIndicator {
        name: known.map_or_else(|| row.indicator.clone(), |known| cx.label(&known.names)),
        layer: Layer::parse(&row.layer).unwrap_or(Layer::School),
        place: place.unwrap_or_default(),
        unit: known.map(|known| known.unit.clone()).unwrap_or_default(),
        code: row.indicator,
        period: row.period,
        state: row.state,
        value: row.value.map(|value| value.to_string()),
        // A gap may say of what after a colon: `no-data:cases`.
        gap: row.gap.map(|gap| cx.texts.text(&format!("gap-{}", gap.split(':').next().unwrap_or(&gap)), &[])),
        target: row.target,
        standard: row.standard,
        warning: row.warning,
        verified: row.verified,
        verdict: row.attainment,
        level: row.level,
        peers: standing.map(|one| Standing {
            count: one.count as u64,
            median: one.median.to_string(),
            percentile: one.percentile,
        }),
        past: past.into_iter().map(told::past).collect(),
    }
}
