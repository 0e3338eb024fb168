//! The college itself.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::period::PeriodKind;
use zhengai_wire::college::{College, OpenCycle, Person};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(show))
}

/// The college, whoever asks, and the program that answers.
#[utoipa::path(get, path = "/v1/college", tag = "college", responses((status = 200, body = College)))]
async fn show(cx: Cx) -> Answer<College> {
    let college = cx.read().await?;
    let today = college.today();
    let year = college.calendar().on(PeriodKind::AcademicYear, today);
    let cycle = college.cycles().await?.into_iter().find(|cycle| cycle.closed_at.is_none());
    let cycle = cycle.map(|cycle| OpenCycle {
        id: cycle.id.to_string(),
        step: cycle.template.step(&cycle.step).map(|step| cx.label(&step.names)).unwrap_or_default(),
        name: cycle.name,
    });
    Ok(Json(College {
        id: college.config().college_id().to_owned(),
        name: college.config().college_name().to_owned(),
        today,
        year: year.map(|year| cx.label(&year.names)),
        cycle,
        person: Person { name: cx.actor.name.clone(), role: cx.actor.role.clone() },
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}
