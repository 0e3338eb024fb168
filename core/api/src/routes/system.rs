//! Configuration and check-up.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::fault::Fault;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_service::config::{self, Explained};
use zhengai_service::words::word;
use zhengai_service::{doctor, rights};
use zhengai_wire::Job;
use zhengai_wire::job::Progress;
use zhengai_wire::system::{DoctorOrder, DoctorReport, Finding, Setting, SettingOrder};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(set)).routes(routes!(examine))
}

/// Settings in force, each with where it comes from.
#[utoipa::path(get, path = "/v1/config", tag = "system", operation_id = "system_config",
    responses((status = 200, body = Vec<Setting>)))]
async fn list(cx: Cx) -> Answer<Vec<Setting>> {
    let opening = cx.opening()?;
    rights::permit(&opening, Right::ManageSystem)?;
    Ok(Json(opening.config.explain().iter().map(|line| setting(&cx, line)).collect()))
}

/// Sets a value in the file of the college, or takes it out so that the default counts again.
#[utoipa::path(put, path = "/v1/config/{key}", tag = "system", operation_id = "system_set",
    params(("key" = String, Path, description = "Dotted key")), request_body = SettingOrder,
    responses((status = 200, body = Setting)))]
async fn set(cx: Cx, Path(key): Path<String>, Json(order): Json<SettingOrder>) -> Answer<Setting> {
    config::set(&cx.opening()?, &key, order.value.as_deref()).await?;
    let now = cx.opening()?.config.explain();
    let line = now.iter().find(|line| line.key == key);
    let missing = || {
        let message = Message::new("service-not-found").with("what", "setting").with("name", &key);
        ApiError::new(Fault::NotFound, message)
    };
    Ok(Json(setting(&cx, line.ok_or_else(missing)?)))
}

/// Starts the check-up; with `fix`, what is provably garbage goes first.
#[utoipa::path(post, path = "/v1/doctor", tag = "system", operation_id = "system_doctor", request_body = DoctorOrder,
    responses((status = 202, body = Job)))]
async fn examine(cx: Cx, Json(order): Json<DoctorOrder>) -> Result<(StatusCode, Json<Job>), ApiError> {
    let opening = cx.opening()?;
    rights::permit(&opening, Right::ManageSystem)?;
    let fix = order.mode.as_deref() == Some("fix");
    cx.start("doctor", String::new(), async move |work| {
        work.progress(bytes_done(&work.cx, "doctor", 0));
        let removed = match fix {
            true => {
                let _turn = work.turn().await?;
                Some(doctor::fix(&opening, &mut |_| ()).await?.removed)
            }
            false => None,
        };
        let findings = doctor::examine(&opening).await?;
        let findings = findings.iter().map(|one| Finding {
            severity: word(&one.severity),
            check: word(&one.check),
            subject: one.subject.clone(),
            finding: work.cx.say(&one.message),
            advice: work.cx.say(&one.advice),
        });
        super::data::result(&DoctorReport { findings: findings.collect(), removed })
    })
    .await
}

fn setting(cx: &Cx, line: &Explained) -> Setting {
    let text = |key: String| cx.say(&Message::new(&key));
    Setting {
        key: line.key.to_owned(),
        value: line.value.clone(),
        origin: line.origin.as_str().to_owned(),
        origin_name: text(format!("config-origin-{}", line.origin.as_str())),
        about: text(format!("config-{}", line.key.replace(['.', '_'], "-"))),
        kind: line.kind.to_owned(),
        default: line.default.to_owned(),
        editable: line.is_editable(),
    }
}

pub(super) fn bytes_done(cx: &Cx, stage: &str, bytes: u64) -> Progress {
    Progress {
        stage: cx.say(&Message::new(&format!("api-stage-{stage}"))),
        stage_id: stage.to_owned(),
        done: bytes,
        unit: "bytes".to_owned(),
        ..Progress::default()
    }
}
