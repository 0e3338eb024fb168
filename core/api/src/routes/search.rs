//! Finding anything by what a person types.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::Query;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::text::Names;
use zhengai_service::search as service;
use zhengai_wire::Problem;
use zhengai_wire::search::{Found, FoundKind, SearchQuery};

/// How many of each kind a search gives unless it says otherwise, and at most.
const EACH: (u64, u64) = (8, 50);

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(search))
}

/// Objects, indicators, rules and open warnings by name, id, pinyin or initials, the best of each kind first.
#[utoipa::path(get, path = "/v1/search", tag = "objects", params(SearchQuery), responses(
    (status = 200, body = Vec<Found>), (status = 403, body = Problem)))]
async fn search(cx: Cx, Query(query): Query<SearchQuery>) -> Answer<Vec<Found>> {
    let (usual, most) = EACH;
    let each = usize::try_from(query.limit.unwrap_or(usual).min(most)).unwrap_or(usize::MAX);
    let college = cx.read().await?;
    let service::Found { objects, indicators, rules, warnings } = college.search(&query.q, each).await?;
    let definitions = college.definitions();
    let name = |names: Option<&Names>, id: &str| names.map_or_else(|| id.to_owned(), |names| cx.label(names));
    let mut found = Vec::new();
    found.extend(objects.iter().map(|one| Found {
        kind: FoundKind::Object,
        id: one.place.to_string(),
        name: one.name.clone(),
        about: one.place.id.to_string(),
        object: None,
    }));
    found.extend(indicators.iter().map(|code| Found {
        kind: FoundKind::Indicator,
        id: code.to_string(),
        name: name(definitions.indicator(code).map(|one| &one.names), code.as_str()),
        about: code.to_string(),
        object: None,
    }));
    found.extend(rules.iter().map(|id| Found {
        kind: FoundKind::Rule,
        id: id.to_string(),
        name: name(definitions.rules.get(id).map(|one| &one.names), id.as_str()),
        about: id.to_string(),
        object: None,
    }));
    found.extend(warnings.iter().map(|record| {
        let identity = &record.warning.identity;
        Found {
            kind: FoundKind::Warning,
            id: record.id.to_string(),
            name: college.warning_line(record, &cx.texts).rule,
            about: record.object_name.clone(),
            object: Some([identity.kind.as_str(), "/", identity.object.as_str()].concat()),
        }
    }));
    Ok(Json(found))
}
