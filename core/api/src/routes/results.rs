//! Results of a run in pieces, and two runs beside each other.

use super::data::window;
use super::runs::{named, told};
use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::Difference;
use zhengai_service::college::College;
use zhengai_service::comparing::{self, CompareQuery as Wanted};
use zhengai_service::results::{Piece, ResultQuery as Asked};
use zhengai_service::rows::ResultRow;
use zhengai_service::words::word;
use zhengai_wire::Page;
use zhengai_wire::runs::{
    CompareQuery, Comparison, ComparisonSummary, DifferenceLine, Movement, ResultLine, ResultQuery, ResultSide, Results,
};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(results)).routes(routes!(compare))
}

/// Results of a run.
#[utoipa::path(get, path = "/v1/runs/{run}/results", tag = "runs", operation_id = "runs_results",
    params(("run" = String, Path, description = "Id of the run, or `latest`"), ResultQuery),
    responses((status = 200, body = Results)))]
async fn results(cx: Cx, Path(run): Path<String>, Query(query): Query<ResultQuery>) -> Answer<Results> {
    let college = cx.read().await?;
    let (offset, limit) = window(query.offset, query.limit)?;
    let asked = Asked {
        run: named(&run).map(str::to_owned),
        layer: query.layer,
        object: query.object,
        indicator: query.indicator,
        verdict: query.verdict,
        search: query.search,
    };
    let found = college.results_piece(&asked, &Piece { sort: query.sort, offset, limit }).await?;
    let items = found.rows.into_iter().map(|row| line(&cx, &college, row)).collect();
    let page = Page { items, total: found.total, offset: offset as u64 };
    Ok(Json(Results { run: found.run.id.to_string(), page }))
}

/// How two runs differ.
#[utoipa::path(get, path = "/v1/runs/{earlier}/compare/{later}", tag = "runs", operation_id = "runs_compare",
    params(("earlier" = String, Path, description = "Id of the earlier run"),
        ("later" = String, Path, description = "Id of the later run"), CompareQuery),
    responses((status = 200, body = Comparison)))]
async fn compare(
    cx: Cx,
    Path((earlier, later)): Path<(String, String)>,
    Query(query): Query<CompareQuery>,
) -> Answer<Comparison> {
    let college = cx.read().await?;
    let compared = college.compare(&earlier, &later).await?;
    let wanted = Wanted {
        layer: query.layer,
        indicator: query.indicator,
        cause: query.cause,
        movement: query.movement.map(asked),
    };
    let (offset, limit) = window(query.offset, query.limit)?;
    let (piece, total) = compared.piece(&wanted, offset, limit);
    let items = piece.into_iter().map(|one| difference(&cx, &college, one)).collect();
    let summary = ComparisonSummary {
        differences: compared.summary.differences,
        movements: compared.summary.movements.iter().map(|(way, count)| (moved(*way), *count)).collect(),
        causes: compared.summary.causes.clone(),
        layers: compared.summary.layers.clone(),
    };
    Ok(Json(Comparison {
        earlier: told(compared.earlier).line(),
        later: told(compared.later).line(),
        summary,
        page: Page { items, total, offset: offset as u64 },
    }))
}

fn name(cx: &Cx, college: &College, code: &str) -> Option<String> {
    college.indicator(code).ok().map(|indicator| cx.label(&indicator.names))
}

/// A result as it crosses the wire.
pub(crate) fn line(cx: &Cx, college: &College, row: ResultRow) -> ResultLine {
    ResultLine {
        indicator_name: name(cx, college, &row.indicator),
        unit: college.indicator(&row.indicator).ok().map(|indicator| indicator.unit.clone()),
        value: row.value.map(|value| value.to_string()),
        layer: row.layer,
        version: row.version,
        indicator: row.indicator,
        grain: row.grain,
        object: row.object,
        object_name: row.object_name,
        period: row.period,
        state: row.state,
        gap: row.gap,
        n: row.n,
        measures: row.measures,
        target: row.target,
        standard: row.standard,
        warning: row.warning,
        threshold_scope: row.threshold_scope,
        threshold_source: row.threshold_source,
        verified: row.verified,
        attainment: row.attainment,
        level: row.level,
    }
}

fn difference(cx: &Cx, college: &College, one: &Difference) -> DifferenceLine {
    let side = |said: &zhengai_service::Said| ResultSide {
        state: said.state.clone(),
        value: said.value.map(|value| value.to_string()),
        attainment: said.attainment.clone(),
        level: said.level.clone(),
    };
    DifferenceLine {
        indicator_name: name(cx, college, &one.indicator),
        layer: one.layer.clone(),
        indicator: one.indicator.clone(),
        grain: one.grain.clone(),
        object: one.object.clone(),
        object_name: one.object_name.clone(),
        period: one.period.clone(),
        before: one.before.as_ref().map(side),
        after: one.after.as_ref().map(side),
        movement: moved(comparing::Movement::of(one)),
        causes: one.causes.iter().map(word).collect(),
    }
}

fn moved(movement: comparing::Movement) -> Movement {
    match movement {
        comparing::Movement::Better => Movement::Better,
        comparing::Movement::Worse => Movement::Worse,
        comparing::Movement::Same => Movement::Same,
        comparing::Movement::Other => Movement::Other,
        comparing::Movement::Appeared => Movement::Appeared,
        comparing::Movement::Gone => Movement::Gone,
    }
}

fn asked(movement: Movement) -> comparing::Movement {
    match movement {
        Movement::Better => comparing::Movement::Better,
        Movement::Worse => comparing::Movement::Worse,
        Movement::Same => comparing::Movement::Same,
        Movement::Other => comparing::Movement::Other,
        Movement::Appeared => comparing::Movement::Appeared,
        Movement::Gone => comparing::Movement::Gone,
    }
}
