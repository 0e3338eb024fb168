//! Warnings: lists, counts, causes, one with its history, acts on one or many.

mod query;
pub(crate) mod told;

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use query::{deed, filter, sorted};
use std::collections::BTreeMap;
use told::{causes, detail, group, line, lines, past};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::fault::Fault;
use zhengai_model::rights::Place;
use zhengai_model::text::Message;
use zhengai_service::college::College;
use zhengai_service::warnings::{self as service, Handled};
use zhengai_service::{ServiceError, WarningFilter, WarningId, WarningOrder, WarningSort};
use zhengai_wire::Page;
use zhengai_wire::Problem;
use zhengai_wire::warnings::{
    ActOrder, BulkOrder, BulkOutcome, CauseNode, Group, Grouping, Past, Refused, SparkQuery, WarningDetail,
    WarningLine, WarningQuery,
};

/// How many warnings may be asked for their past at once.
const SPARKS: usize = 200;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(groups))
        .routes(routes!(tree))
        .routes(routes!(sparks))
        .routes(routes!(bulk))
        .routes(routes!(show))
        .routes(routes!(act))
}

/// A number in a path or a query.
fn id(text: &str) -> Result<WarningId, ServiceError> {
    text.parse().map_err(|_| ServiceError::BadArgument { what: "warning", value: text.to_owned() })
}

/// Warnings that fit, in pieces.
#[utoipa::path(get, path = "/v1/warnings", tag = "warnings", params(WarningQuery), responses(
    (status = 200, body = Page<WarningLine>),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn list(cx: Cx, Query(query): Query<WarningQuery>) -> Answer<Page<WarningLine>> {
    let college = cx.read().await?;
    let filter = filter(&college, &cx, &query).await?;
    let (found, total) = college.find_warnings(&filter, sorted(&query)).await?;
    Ok(Json(Page { items: lines(&college, &cx, &found), total, offset: u64::from(filter.offset) }))
}

/// Counts of what fits by what it has in common.
#[utoipa::path(get, path = "/v1/warnings/groups/{by}", tag = "warnings",
    params(("by" = String, Path, description = "rule, unit, severity, assignee or state"), WarningQuery),
    responses((status = 200, body = Vec<Group>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn groups(cx: Cx, Path(by): Path<Grouping>, Query(query): Query<WarningQuery>) -> Answer<Vec<Group>> {
    let college = cx.read().await?;
    let filter = filter(&college, &cx, &query).await?;
    let word = match by {
        Grouping::Rule => service::Grouping::Rule,
        Grouping::Unit => service::Grouping::Unit,
        Grouping::Severity => service::Grouping::Level,
        Grouping::Assignee => service::Grouping::Assignee,
        Grouping::State => service::Grouping::Handling,
    };
    let mut told = Vec::new();
    for found in college.group_warnings(&filter, word).await? {
        let unit = match (by, found.key.as_deref().map(str::parse::<Place>)) {
            (Grouping::Unit, Some(Ok(unit))) => college.name_of(&unit).await?,
            _ => None,
        };
        let group = group(&college, &cx, by, found);
        told.push(Group { name: unit.unwrap_or_else(|| group.name.clone()), ..group });
    }
    Ok(Json(told))
}

/// What fits, under what holds it.
#[utoipa::path(get, path = "/v1/warnings/tree", tag = "warnings", params(WarningQuery), responses(
    (status = 200, body = Vec<CauseNode>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn tree(cx: Cx, Query(query): Query<WarningQuery>) -> Answer<Vec<CauseNode>> {
    let college = cx.read().await?;
    let filter = filter(&college, &cx, &query).await?;
    let found = college.causes_of_warnings(&filter).await?;
    Ok(Json(causes(&college, &cx, found)))
}

/// Past values of the indicators of some warnings.
#[utoipa::path(get, path = "/v1/warnings/sparks", tag = "warnings", params(SparkQuery), responses(
    (status = 200, body = BTreeMap<i64, Vec<Past>>), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn sparks(cx: Cx, Query(query): Query<SparkQuery>) -> Answer<BTreeMap<i64, Vec<Past>>> {
    let college = cx.read().await?;
    let ids = query.ids.split(',').map(str::trim).filter(|one| !one.is_empty()).take(SPARKS);
    let filter =
        WarningFilter { with_closed: true, ids: ids.map(id).collect::<Result<_, _>>()?, ..WarningFilter::default() };
    if filter.ids.is_empty() {
        return Ok(Json(BTreeMap::new()));
    }
    let (found, _) = college.find_warnings(&filter, service::Sorted::default()).await?;
    let values = college.past_of_warnings(&found).await?;
    Ok(Json(values.into_iter().map(|(id, values)| (id.0, values.into_iter().map(past).collect())).collect()))
}

/// One warning with everything behind it.
#[utoipa::path(get, path = "/v1/warnings/{id}", tag = "warnings", params(("id" = String, Path)), responses(
    (status = 200, body = WarningDetail),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn show(cx: Cx, Path(text): Path<String>) -> Answer<WarningDetail> {
    let college = cx.read().await?;
    let (record, events) = college.warning(id(&text)?).await?;
    let mut values = college.past_of_warnings(std::slice::from_ref(&record)).await?;
    let values = values.remove(&record.id).unwrap_or_default();
    Ok(Json(detail(&college, &cx, &record, &events, values)?))
}

/// Does something with one warning.
#[utoipa::path(post, path = "/v1/warnings/{id}/acts", tag = "warnings", params(("id" = String, Path)),
    request_body = ActOrder, responses(
    (status = 200, body = WarningLine), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn act(cx: Cx, Path(text): Path<String>, Json(order): Json<ActOrder>) -> Answer<WarningLine> {
    let deed = deed(&order.act)?;
    let chosen = service::Chosen { id: id(&text)?, revision: order.revision };
    let college = cx.write().await?;
    let done = college.handle_warning(chosen, &deed).await?;
    Ok(Json(line(&college, &cx, &done)))
}

/// Does the same with many, in one change; says what was left and why.
#[utoipa::path(post, path = "/v1/warnings/acts", tag = "warnings", request_body = BulkOrder, responses(
    (status = 200, body = BulkOutcome), (status = 403, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
async fn bulk(cx: Cx, Json(order): Json<BulkOrder>) -> Answer<BulkOutcome> {
    let deed = deed(&order.act)?;
    let college = cx.write().await?;
    let handled = match (&order.chosen, &order.filter) {
        (Some(chosen), None) => {
            let chosen: Vec<service::Chosen> =
                chosen.iter().map(|one| service::Chosen { id: WarningId(one.id), revision: one.revision }).collect();
            college.handle_warnings(&chosen, &deed).await?
        }
        (None, Some(query)) => {
            let mut filter = filter(&college, &cx, query).await?;
            filter.limit = query.limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
            college.handle_filtered(&filter, &deed).await?
        }
        _ => return Err(crate::ApiError::new(Fault::Invalid, Message::new("api-warnings-one-choice"))),
    };
    Ok(Json(outcome(&cx, handled)))
}

fn outcome(cx: &Cx, handled: Handled) -> BulkOutcome {
    BulkOutcome {
        done: handled.done.iter().map(|record| record.id.0).collect(),
        refused: handled.refused.into_iter().map(|(id, why)| Refused { id: id.0, reason: cx.say(&why) }).collect(),
        left: handled.left,
    }
}

/// Open warnings about one object, the most severe first.
pub(crate) async fn of_object(
    college: &College,
    cx: &Cx,
    (kind, object): (&str, &str),
    limit: u32,
) -> Result<(Vec<WarningLine>, u64), crate::ApiError> {
    let about = WarningQuery { object: Some(format!("{kind}/{object}")), ..WarningQuery::default() };
    let filter = WarningFilter { limit: Some(limit), ..filter(college, cx, &about).await? };
    let sorted = service::Sorted { by: WarningSort::Severity, order: WarningOrder::Down };
    let (found, total) = college.find_warnings(&filter, sorted).await?;
    Ok((lines(college, cx, &found), total))
}
