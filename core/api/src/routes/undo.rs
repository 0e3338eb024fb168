//! Undo: the last reversible change of the one who asks.

use crate::state::Api;
use crate::{Answer, Cx};
use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_service::undo::Undoable;
use zhengai_wire::Problem;
use zhengai_wire::undo::{Undo, UndoOrder};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(show, take_back))
}

fn told(cx: &Cx, undoable: &Undoable) -> Undo {
    let first = undoable.rows.first();
    let text = |read: fn(&zhengai_service::AuditRow) -> &String| first.map(read).cloned().unwrap_or_default();
    Undo {
        seq: undoable.seq(),
        at: first.map(|row| row.at).unwrap_or_default(),
        action: text(|row| &row.action),
        thing: text(|row| &row.thing),
        subject: text(|row| &row.subject),
        count: undoable.rows.len() as u64,
        text: cx.say(&undoable.told),
        obstacle: undoable.obstacle.as_ref().map(|why| cx.say(why)),
    }
}

/// The last change that this person could take back; nothing when there is none.
#[utoipa::path(get, path = "/v1/undo", tag = "undo", responses((status = 200, body = Option<Undo>)))]
async fn show(cx: Cx) -> Answer<Option<Undo>> {
    let college = cx.read().await?;
    Ok(Json(college.undoable().await?.map(|undoable| told(&cx, &undoable))))
}

/// Takes the last reversible change of this person back.
#[utoipa::path(post, path = "/v1/undo", tag = "undo", request_body = UndoOrder, responses(
    (status = 200, body = Undo), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
async fn take_back(cx: Cx, Json(order): Json<UndoOrder>) -> Answer<Undo> {
    let college = cx.write().await?;
    let undone = college.undo(order.seq).await?;
    Ok(Json(told(&cx, &undone)))
}
