//! Periods: what the calendar knows, and locking.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::period::PeriodKind;
use zhengai_service::PeriodRecord;
use zhengai_service::college::College;
use zhengai_wire::periods::{PeriodQuery, PeriodReason, PeriodRow, PeriodSettled};

/// Periods of each kind in a list, unless the request says otherwise, and at most.
const BACK: (u32, u32) = (4, 60);

/// Kinds that runs are usually made over.
const USUAL: [PeriodKind; 3] = [PeriodKind::AcademicYear, PeriodKind::Term, PeriodKind::CalendarYear];

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(settled))
        .routes(routes!(lock))
        .routes(routes!(unlock))
}

/// Periods of the calendar, the newest of each kind first.
#[utoipa::path(get, path = "/v1/periods", tag = "periods", operation_id = "periods_list", params(PeriodQuery),
    responses((status = 200, body = Vec<PeriodRow>)))]
async fn list(cx: Cx, Query(query): Query<PeriodQuery>) -> Answer<Vec<PeriodRow>> {
    let college = cx.read().await?;
    let kinds = query.kind.map_or_else(|| USUAL.to_vec(), |kind| vec![kind]);
    let back = query.back.unwrap_or(BACK.0).min(BACK.1);
    Ok(Json(rows(&cx, &college, &kinds, back).await?))
}

/// What a diagnosis is usually about.
pub(crate) async fn usual(cx: &Cx, college: &College) -> Result<Vec<PeriodRow>, crate::ApiError> {
    rows(cx, college, &USUAL, BACK.0).await
}

async fn rows(cx: &Cx, college: &College, kinds: &[PeriodKind], back: u32) -> Result<Vec<PeriodRow>, crate::ApiError> {
    let found = college.calendar_periods(kinds, back).await?;
    let settled: Vec<PeriodSettled> = college.periods().await?.into_iter().map(told).collect();
    let row = |(period, state): (zhengai_model::period::Period, _)| PeriodRow {
        over: college.is_over(&period),
        name: cx.label(&period.names),
        id: period.id.to_string(),
        kind: period.kind,
        start: period.start,
        end: period.end,
        settled: settled.iter().find(|one| one.period == period.id.to_string()).cloned(),
        state,
    };
    Ok(found.into_iter().map(row).collect())
}

/// States that people set, by period.
#[utoipa::path(get, path = "/v1/periods/settled", tag = "periods", operation_id = "periods_settled",
    responses((status = 200, body = Vec<PeriodSettled>)))]
async fn settled(cx: Cx) -> Answer<Vec<PeriodSettled>> {
    Ok(Json(cx.read().await?.periods().await?.into_iter().map(told).collect()))
}

/// Refuses rows into a period until it is unlocked.
#[utoipa::path(post, path = "/v1/periods/{period}/lock", tag = "periods", operation_id = "periods_lock",
    params(("period" = String, Path, description = "Id of the period")), request_body = PeriodReason,
    responses((status = 200, body = PeriodSettled)))]
async fn lock(cx: Cx, Path(period): Path<String>, Json(reason): Json<PeriodReason>) -> Answer<PeriodSettled> {
    Ok(Json(told(cx.write().await?.lock_period(&period, &reason.why).await?)))
}

/// Lets late rows in again.
#[utoipa::path(post, path = "/v1/periods/{period}/unlock", tag = "periods", operation_id = "periods_unlock",
    params(("period" = String, Path, description = "Id of the period")), request_body = PeriodReason,
    responses((status = 200, body = PeriodSettled)))]
async fn unlock(cx: Cx, Path(period): Path<String>, Json(reason): Json<PeriodReason>) -> Answer<PeriodSettled> {
    Ok(Json(told(cx.write().await?.unlock_period(&period, &reason.why).await?)))
}

fn told(record: PeriodRecord) -> PeriodSettled {
    PeriodSettled {
        period: record.period.to_string(),
        state: record.state,
        why: record.why,
        updated_at: record.updated_at,
        by: record.by,
    }
}
