//! Cycles: templates, creating, where they stand, moving, closing.

use super::runs::told as told_run;
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::ids::PeriodId;
use zhengai_service::cycles::{self, CycleOrder};
use zhengai_service::{CycleFilter, CycleRecord, ServiceError, StepRecord};
use zhengai_wire::cycles::{
    Cycle, CycleClose, CycleDetail, CycleLine, CycleMove, CycleProgress, CycleQuery, CycleState, CycleStep,
    CycleTemplateRow, NewCycle, StepState,
};
use zhengai_wire::{Page, PageQuery};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(templates))
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(advance))
        .routes(routes!(close))
}

/// Templates that packs bring.
#[utoipa::path(get, path = "/v1/cycle-templates", tag = "cycles", operation_id = "cycles_templates",
    responses((status = 200, body = Vec<CycleTemplateRow>)))]
async fn templates(cx: Cx) -> Answer<Vec<CycleTemplateRow>> {
    Ok(Json(cx.read().await?.templates()?.cloned().map(CycleTemplateRow).collect()))
}

/// Cycles, the newest first.
#[utoipa::path(get, path = "/v1/cycles", tag = "cycles", operation_id = "cycles_list", params(CycleQuery),
    responses((status = 200, body = Page<CycleLine>)))]
async fn list(cx: Cx, Query(query): Query<CycleQuery>) -> Answer<Page<CycleLine>> {
    let college = cx.read().await?;
    let period = query.period.map(|text| {
        let bad = |_| ServiceError::BadArgument { what: "period", value: text.clone() };
        PeriodId::new(text.clone()).map_err(bad)
    });
    let state = query.state.map(|state| match state {
        CycleState::Open => zhengai_service::CycleState::Open,
        CycleState::Closed => zhengai_service::CycleState::Closed,
    });
    let found = college.cycles_where(&CycleFilter { period: period.transpose()?, state }).await?;
    let page = Page::of(found, PageQuery { offset: query.offset, limit: query.limit });
    let mut items = Vec::with_capacity(page.items.len());
    for record in page.items {
        let progress = progress(college.cycle_progress(&record).await?);
        items.push(CycleLine { cycle: told(record), progress });
    }
    Ok(Json(Page { items, total: page.total, offset: page.offset }))
}

/// Creates a cycle at the first step of its template.
#[utoipa::path(post, path = "/v1/cycles", tag = "cycles", operation_id = "cycles_create", request_body = NewCycle,
    responses((status = 200, body = Cycle)))]
async fn create(cx: Cx, Json(new): Json<NewCycle>) -> Answer<Cycle> {
    let order = CycleOrder {
        template: new.template,
        period: new.period,
        layers: new.layers,
        objects: new.objects,
        name: new.name,
    };
    Ok(Json(told(cx.write().await?.create_cycle(&order).await?)))
}

/// A cycle with its steps and runs.
#[utoipa::path(get, path = "/v1/cycles/{cycle}", tag = "cycles", operation_id = "cycles_show",
    params(("cycle" = String, Path, description = "Id of the cycle")), responses((status = 200, body = CycleDetail)))]
async fn show(cx: Cx, Path(cycle): Path<String>) -> Answer<CycleDetail> {
    let college = cx.read().await?;
    let (record, steps, runs) = college.cycle_detail(&cycle).await?;
    let progress = progress(college.cycle_progress(&record).await?);
    Ok(Json(CycleDetail {
        next: cycles::next_steps(&record),
        cycle: told(record),
        steps: steps.into_iter().map(step).collect(),
        runs: runs.into_iter().map(told_run).collect(),
        progress,
    }))
}

/// Leaves the present step and enters one that the template lets follow.
#[utoipa::path(post, path = "/v1/cycles/{cycle}/move", tag = "cycles", operation_id = "cycles_move",
    params(("cycle" = String, Path, description = "Id of the cycle")), request_body = CycleMove,
    responses((status = 200, body = Cycle)))]
async fn advance(cx: Cx, Path(cycle): Path<String>, Json(to): Json<CycleMove>) -> Answer<Cycle> {
    Ok(Json(told(cx.write().await?.move_cycle(&cycle, &to.to, &to.evidence).await?)))
}

/// Closes a cycle.
#[utoipa::path(post, path = "/v1/cycles/{cycle}/close", tag = "cycles", operation_id = "cycles_close",
    params(("cycle" = String, Path, description = "Id of the cycle")), request_body = CycleClose,
    responses((status = 200, body = Cycle)))]
async fn close(cx: Cx, Path(cycle): Path<String>, Json(end): Json<CycleClose>) -> Result<Json<Cycle>, ApiError> {
    Ok(Json(told(cx.write().await?.close_cycle(&cycle, &end.why).await?)))
}

fn told(record: CycleRecord) -> Cycle {
    Cycle {
        id: record.id.to_string(),
        name: record.name,
        template: record.template,
        layers: record.layers,
        objects: record.objects,
        period: record.period.to_string(),
        state: match record.state {
            zhengai_service::CycleState::Open => CycleState::Open,
            zhengai_service::CycleState::Closed => CycleState::Closed,
        },
        step: record.step,
        at: record.at,
        by: record.by,
        closed_at: record.closed_at,
        closed_by: record.closed_by,
        close_reason: record.close_reason,
    }
}

fn step(record: StepRecord) -> CycleStep {
    CycleStep {
        step: record.step,
        state: match record.state {
            zhengai_service::StepState::Pending => StepState::Pending,
            zhengai_service::StepState::Current => StepState::Current,
            zhengai_service::StepState::Done => StepState::Done,
        },
        round: record.round,
        entered_at: record.entered_at,
        left_at: record.left_at,
        by: record.by,
        evidence: record.evidence,
    }
}

fn progress(progress: cycles::CycleProgress) -> CycleProgress {
    CycleProgress { done: progress.done, total: progress.total, runs: progress.runs, days_left: progress.days_left }
}
