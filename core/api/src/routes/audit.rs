//! The audit.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;
use zhengai_service::audit;
use zhengai_service::words::word;
use zhengai_wire::Job;
use zhengai_wire::audit::{AuditBreak, AuditCheck, AuditQuery, AuditRow};
use zhengai_wire::page::{DEFAULT_LIMIT, MAX_LIMIT};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(show)).routes(routes!(verify))
}

/// Rows of the audit, newest first. Works when definitions and plugins are broken.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", operation_id = "audit_list", params(AuditQuery),
    responses((status = 200, body = Vec<AuditRow>)))]
async fn list(cx: Cx, Query(query): Query<AuditQuery>) -> Answer<Vec<AuditRow>> {
    let default = u32::try_from(DEFAULT_LIMIT).unwrap_or(u32::MAX);
    let most = u32::try_from(MAX_LIMIT).unwrap_or(u32::MAX);
    let wanted = audit::AuditQuery {
        subject: query.subject,
        actor: query.actor,
        thing: query.thing,
        action: query.action,
        before: query.before,
        since: query.since,
        limit: Some(query.limit.unwrap_or(default).min(most)),
    };
    let rows = audit::list(&cx.opening()?, &wanted).await?;
    Ok(Json(rows.into_iter().rev().map(row).collect()))
}

/// One row.
#[utoipa::path(get, path = "/v1/audit/{seq}", tag = "audit", operation_id = "audit_show",
    params(("seq" = u64, Path, description = "Position in the chain")), responses((status = 200, body = AuditRow)))]
async fn show(cx: Cx, Path(seq): Path<u64>) -> Answer<AuditRow> {
    let query = audit::AuditQuery { before: Some(seq.saturating_add(1)), limit: Some(1), ..Default::default() };
    let found = audit::list(&cx.opening()?, &query).await?.into_iter().find(|row| row.seq == seq);
    let missing = || {
        let message = Message::new("service-not-found").with("what", "audit").with("name", seq);
        ApiError::new(Fault::NotFound, message)
    };
    Ok(Json(row(found.ok_or_else(missing)?)))
}

/// Starts a job that recomputes the whole chain.
#[utoipa::path(post, path = "/v1/audit/verify", tag = "audit", operation_id = "audit_verify",
    responses((status = 202, body = Job)))]
async fn verify(cx: Cx) -> Result<(StatusCode, Json<Job>), ApiError> {
    let opening = cx.opening()?;
    cx.start("audit-verify", String::new(), async move |_work| {
        let check = audit::verify(&opening).await?;
        let broken = check.broken.map(|broken| AuditBreak { seq: broken.seq, cause: word(&broken.cause) });
        super::data::result(&AuditCheck { sound: check.sound, head: check.head, broken })
    })
    .await
}

fn row(row: zhengai_service::AuditRow) -> AuditRow {
    AuditRow {
        seq: row.seq,
        at: row.at,
        actor: row.actor.name,
        role: row.actor.role,
        action: row.action,
        thing: row.thing,
        subject: row.subject,
        why: row.why,
        before: row.before,
        after: row.after,
        hash: row.hash,
    }
}
