//! Runs of the diagnosis: starting them, looking at them, files of their results.

use super::periods::usual;
use crate::download::{Download, download};
use crate::jobs::Work;
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use std::path::PathBuf;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::ids::CycleId;
use zhengai_model::layer::Layer;
use zhengai_model::period::PeriodKind;
use zhengai_service::diagnose::DiagnoseOrder;
use zhengai_service::{DiagnosisProgress, RunFilter, RunRecord, ServiceError, Stage};
use zhengai_wire::job::Progress;
use zhengai_wire::runs::{
    CycleChoice, DiagnoseChoices, DiagnoseOrder as Asked, Diagnosed, ExportQuery, LATEST, LayerChoice, LayerCounts,
    Run, RunDetail, RunLine, RunQuery, RunState,
};
use zhengai_wire::{Job, Page, PageQuery};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(list, start))
        .routes(routes!(choices))
        .routes(routes!(show))
        .routes(routes!(export))
}

/// The id of a run as a path says it; none for the newest finished one.
pub(crate) fn named(run: &str) -> Option<&str> {
    (run != LATEST).then_some(run)
}

/// Runs, the newest first.
#[utoipa::path(get, path = "/v1/runs", tag = "runs", operation_id = "runs_list", params(RunQuery),
    responses((status = 200, body = Page<RunLine>)))]
async fn list(cx: Cx, Query(query): Query<RunQuery>) -> Answer<Page<RunLine>> {
    let college = cx.read().await?;
    let bad = |what: &'static str, value: &str| ServiceError::BadArgument { what, value: value.to_owned() };
    let period = query.period.as_deref().map(|id| college.period(id)).transpose()?.map(|period| period.id);
    let cycle = query.cycle.as_deref().map(|id| CycleId::new(id).map_err(|_| bad("cycle", id))).transpose()?;
    let states = query.state.map(state).into_iter().collect();
    let found = college.runs_where(&RunFilter { period, cycle, states, limit: None }).await?;
    let page = Page::of(found, PageQuery { offset: query.offset, limit: query.limit });
    let items = page.items.into_iter().map(|run| told(run).line()).collect();
    Ok(Json(Page { items, total: page.total, offset: page.offset }))
}

/// What a diagnosis may be about.
#[utoipa::path(get, path = "/v1/runs/choices", tag = "runs", operation_id = "runs_choices",
    responses((status = 200, body = DiagnoseChoices)))]
async fn choices(cx: Cx) -> Answer<DiagnoseChoices> {
    let college = cx.read().await?;
    let enabled = college.enabled_layers();
    let labels = college.layer_labels(&cx.texts);
    let layers = labels.into_iter().filter_map(|(word, label)| {
        let layer = Layer::parse(&word)?;
        Some(LayerChoice { layer, label, enabled: enabled.contains(&layer) })
    });
    let open = college.cycles().await?.into_iter().filter(|cycle| cycle.closed_at.is_none());
    let cycles =
        open.map(|cycle| CycleChoice { id: cycle.id.to_string(), name: cycle.name, period: cycle.period.to_string() });
    Ok(Json(DiagnoseChoices {
        periods: usual(&cx, &college).await?,
        period: college.last_period(PeriodKind::AcademicYear).ok().map(|period| period.id.to_string()),
        layers: layers.collect(),
        cycles: cycles.collect(),
        view: college.config().view().to_owned(),
    }))
}

/// Starts a diagnosis. An equal order that is under way is joined. The job ends with [`Diagnosed`].
#[utoipa::path(post, path = "/v1/runs", tag = "runs", operation_id = "runs_start", request_body = Asked,
    responses((status = 202, body = Job, description = "The job; its result is a Diagnosed.")))]
async fn start(cx: Cx, Json(asked): Json<Asked>) -> Result<(StatusCode, Json<Job>), ApiError> {
    let subject = asked.period.clone();
    cx.start("diagnose", subject, async move |work| {
        let order = DiagnoseOrder {
            period: asked.period,
            layers: asked.layers,
            cycle: asked.cycle,
            view: asked.view,
            today: asked.today,
        };
        let college = work.write().await?;
        let run = college.diagnose(&order, &|progress| tell(&work, progress), &work.cancel).await?;
        Ok(json!(Diagnosed { run: run.id.to_string() }))
    })
    .await
}

/// How far a diagnosis is, in words and numbers.
fn tell(work: &Work, progress: DiagnosisProgress) {
    let (id, key, unit) = match progress.stage {
        Stage::Objects => ("objects", "api-stage-objects", "stages"),
        Stage::Scan => ("scan", "api-stage-scan", "scans"),
        Stage::Evaluate => ("evaluate", "api-stage-evaluate", "indicators"),
        Stage::Rules => ("rules", "api-stage-rules", "rules"),
        Stage::Results => ("results", "api-stage-results", "stages"),
    };
    let met = progress.met;
    let counts = [("rows", met.rows), ("values", met.values), ("undetermined", met.undetermined)];
    work.progress(Progress {
        stage: work.cx.texts.text(key, &[]),
        stage_id: id.to_owned(),
        done: progress.done as u64,
        total: Some(progress.total as u64),
        unit: unit.to_owned(),
        what: None,
        counts: counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect(),
    });
}

/// A run with its counts by layer.
#[utoipa::path(get, path = "/v1/runs/{run}", tag = "runs", operation_id = "runs_show",
    params(("run" = String, Path, description = "Id of the run, or `latest`")),
    responses((status = 200, body = RunDetail)))]
async fn show(cx: Cx, Path(run): Path<String>) -> Answer<RunDetail> {
    let college = cx.read().await?;
    let run = college.run(named(&run)).await?;
    let by_layer = college.layer_counts(&run).await?;
    let mut layers = Vec::new();
    for (layer, label) in college.layer_labels(&cx.texts) {
        let Some(counts) = by_layer.get(&layer).cloned() else { continue };
        let warnings = college.count_layer_warnings(&run, &layer).await?;
        layers.push(LayerCounts { layer, label, counts, warnings });
    }
    Ok(Json(RunDetail { run: told(run), layers }))
}

/// A file of a run's results, streamed.
#[utoipa::path(get, path = "/v1/runs/{run}/export", tag = "runs", operation_id = "runs_export",
    params(("run" = String, Path, description = "Id of the run, or `latest`"), ExportQuery),
    responses((status = 200, body = Vec<u8>, content_type = "*/*",
        description = "The file, with the media type of its kind.")))]
async fn export(cx: Cx, Path(run): Path<String>, Query(query): Query<ExportQuery>) -> Result<Response, ApiError> {
    let college = cx.read().await?;
    let name = PathBuf::from(query.file);
    let file = college.run_file(named(&run), &name).await?;
    let name = name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    download(Download { name, media: file.kind().media_type(), pieces: Box::new(file) }).await
}

fn state(state: RunState) -> zhengai_service::RunState {
    match state {
        RunState::Running => zhengai_service::RunState::Running,
        RunState::Finished => zhengai_service::RunState::Finished,
        RunState::Failed => zhengai_service::RunState::Failed,
    }
}

/// A run as it crosses the wire.
pub(crate) fn told(record: RunRecord) -> Run {
    Run {
        id: record.id.to_string(),
        cycle: record.cycle.map(|cycle| cycle.to_string()),
        period: record.period.to_string(),
        layers: record.layers,
        state: match record.state {
            zhengai_service::RunState::Running => RunState::Running,
            zhengai_service::RunState::Finished => RunState::Finished,
            zhengai_service::RunState::Failed => RunState::Failed,
        },
        request: record.request,
        fingerprint: record.fingerprint,
        summary: record.summary,
        reason: record.reason,
        at: record.at,
        by: record.by,
        ended_at: record.ended_at,
        superseded_by: record.superseded_by.map(|run| run.to_string()),
    }
}
