//! `why`: one number, from its definition to the lines of a file.

use super::results::line;
use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Query;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::rule::Because;
use zhengai_service::ServiceError;
use zhengai_service::college::College;
use zhengai_service::why as service;
use zhengai_wire::Problem;
use zhengai_wire::why::{DEFAULT_ROWS, Explanation, MAX_ROWS, WhyQuery};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(explain))
}

/// Where a number comes from: formula, measures, thresholds, rows with file and line.
#[utoipa::path(get, path = "/v1/why", tag = "why", params(WhyQuery), responses(
    (status = 200, body = Vec<Explanation>),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn explain(cx: Cx, Query(query): Query<WhyQuery>) -> Answer<Vec<Explanation>> {
    let college = cx.read().await?;
    let offset = usize::try_from(query.offset.unwrap_or(0).min(MAX_ROWS)).unwrap_or(0);
    let rows = usize::try_from(query.rows.unwrap_or(DEFAULT_ROWS).min(MAX_ROWS)).unwrap_or(0);
    let found = college.why(&query.indicator, &query.object, query.run.as_deref(), offset + rows).await?;
    let fits = |one: &service::Explanation| query.period.as_ref().is_none_or(|period| *period == one.row.period);
    let found = found.into_iter().filter(fits);
    Ok(Json(found.map(|one| tell(&college, &cx, one, offset)).collect::<Result<_, _>>()?))
}

fn tell(college: &College, cx: &Cx, one: service::Explanation, offset: usize) -> Result<Explanation, ApiError> {
    let service::Explanation { run, row, mut why, files, masked, .. } = one;
    for measure in &mut why.measures {
        measure.rows.drain(..offset.min(measure.rows.len()));
        for source in &mut measure.sources {
            source.rows.drain(..offset.min(source.rows.len()));
        }
    }
    let because: Vec<Vec<Because>> = why.rules.iter().map(|rule| rule.because.clone()).collect();
    let whole = json!({
        "run": run.id, "fingerprint": run.fingerprint, "result": line(cx, college, row), "why": why, "files": files,
        "masked": masked.map(|why| cx.say(&why)),
    });
    // The wire has the shape of what the engine gives; a difference is a defect that a test finds.
    let odd = |error: serde_json::Error| ServiceError::Internal { what: format!("why: {error}") };
    let mut told: Explanation = serde_json::from_value(whole).map_err(odd)?;
    told.why.indicator_name = college.rule_name(&told.why.indicator, &cx.texts);
    for (rule, because) in told.why.rules.iter_mut().zip(because) {
        rule.rule_name = college.rule_name(&rule.rule, &cx.texts);
        rule.level_name = college.level_name(&rule.level, &cx.texts);
        rule.reasons = because.iter().map(|one| college.because(one, &cx.texts)).collect();
    }
    Ok(told)
}
