//! Who asks, and in which college.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::period::PeriodKind;
use zhengai_model::rights::Right;
use zhengai_wire::session::Session;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(show))
}

/// Who asks, in which college, and the program that answers.
#[utoipa::path(get, path = "/v1/session", tag = "session", operation_id = "session_show",
    responses((status = 200, body = Session)))]
async fn show(cx: Cx) -> Answer<Session> {
    let college = cx.read().await?;
    let year = college.calendar().on(PeriodKind::AcademicYear, college.today());
    let cycles = match cx.actor.may(Right::ReadResults) {
        true => college.cycles().await?,
        false => Vec::new(),
    };
    let cycle = cycles.into_iter().find(|cycle| cycle.closed_at.is_none());
    let rights = Right::ALL.into_iter().filter(|right| cx.actor.may(*right));
    Ok(Json(Session {
        institution: college.config().college_name().to_owned(),
        academic_year: year.map(|year| cx.label(&year.names)),
        cycle: cycle.map(|cycle| cycle.name),
        user: cx.actor.name.clone(),
        roles: vec![cx.actor.role.clone()],
        rights: rights.map(|right| right.to_string()).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}
