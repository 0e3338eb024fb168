//! Thresholds that people set: setting, listing, withdrawing.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::ThresholdRecord;
use zhengai_service::college::College;
use zhengai_service::thresholds::ThresholdOrder;
use zhengai_wire::thresholds::{SetThreshold, ThresholdQuery, ThresholdRow, Withdraw};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list, set)).routes(routes!(withdraw))
}

/// Thresholds that people set and that are in force.
#[utoipa::path(get, path = "/v1/thresholds", tag = "thresholds", operation_id = "thresholds_list", params(ThresholdQuery),
    responses((status = 200, body = Vec<ThresholdRow>)))]
async fn list(cx: Cx, Query(query): Query<ThresholdQuery>) -> Answer<Vec<ThresholdRow>> {
    let college = cx.read().await?;
    let found = college.set_thresholds(query.indicator.as_deref()).await?;
    Ok(Json(found.into_iter().map(|record| told(&cx, &college, record)).collect()))
}

/// Sets a threshold; floors, contradictions and unknown objects are refused with the rule named.
#[utoipa::path(post, path = "/v1/thresholds", tag = "thresholds", operation_id = "thresholds_set",
    request_body = SetThreshold, responses((status = 200, body = ThresholdRow)))]
async fn set(cx: Cx, Json(asked): Json<SetThreshold>) -> Answer<ThresholdRow> {
    let order = ThresholdOrder {
        indicator: asked.indicator,
        kind: asked.kind,
        when: asked.when,
        scope: asked.scope,
        grain: asked.grain,
        level: asked.level,
        from: asked.from,
        until: asked.until,
        source: asked.source,
        verified: asked.verified,
        leave: asked.leave,
    };
    let college = cx.write().await?;
    let done = college.set_threshold(&order).await?;
    Ok(Json(told(&cx, &college, done)))
}

/// Withdraws a threshold; it stays on record.
#[utoipa::path(post, path = "/v1/thresholds/{id}/withdraw", tag = "thresholds", operation_id = "thresholds_withdraw",
    params(("id" = i64, Path, description = "Number of the threshold")), request_body = Withdraw,
    responses((status = 200, body = ThresholdRow)))]
async fn withdraw(cx: Cx, Path(id): Path<i64>, Json(request): Json<Withdraw>) -> Answer<ThresholdRow> {
    let college = cx.write().await?;
    let done = college.withdraw_threshold(id, &request.why).await?;
    Ok(Json(told(&cx, &college, done)))
}

fn told(cx: &Cx, college: &College, record: ThresholdRecord) -> ThresholdRow {
    let threshold = record.threshold;
    let indicator = college.definitions().indicators.get(&threshold.indicator);
    ThresholdRow {
        id: record.id,
        name: indicator.map(|indicator| cx.label(&indicator.names)),
        indicator: threshold.indicator.to_string(),
        kind: threshold.kind.to_string(),
        when: threshold.when.to_string(),
        scope: threshold.scope.to_string(),
        grain: threshold.grain.map(|grain| grain.to_string()),
        level: threshold.level.map(|level| level.to_string()),
        from: threshold.from,
        until: threshold.to,
        source: threshold.source,
        verified: threshold.verified,
        at: record.at,
        by: record.by,
        leave: record.overrides.map(|leave| leave.why),
    }
}
