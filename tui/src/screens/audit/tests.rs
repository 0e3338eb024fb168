//! The screen driven by key scripts over canned answers.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use zhengai_wire::audit::AuditRow;

fn fake() -> Fake {
    let row = |seq: u64, action: &str| AuditRow {
        seq,
        at: "2026-11-22T05:00:00Z".parse().unwrap(),
        actor: "王敏".into(),
        role: "administrator".into(),
        action: action.into(),
        thing: "user".into(),
        subject: "lihua".into(),
        why: Some("离职".into()),
        before: Some(serde_json::json!({ "state": "active" })),
        after: Some(serde_json::json!({ "state": "disabled" })),
        hash: "ab".repeat(32),
    };
    Fake::new().get("audit", &vec![row(2, "user.disable"), row(1, "user.create")])
}

#[test]
fn the_row_under_the_cursor_says_who_what_before_and_after() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Audit, &Params::new(), &fake);
    stage.resize(120, 30);
    let frame = stage.text();
    for wanted in ["user.disable", "王敏", "- active", "+ disabled", "离职"] {
        assert!(frame.contains(wanted), "{wanted} in\n{frame}");
    }
    stage.draw_at_every_size();
}

#[test]
fn frames_of_the_list_and_of_a_row() {
    let fake = fake();
    crate::snapshots!("audit", ScreenId::Audit, Params::new(), &fake, "down");
    crate::snapshots!("audit-row", ScreenId::Audit, Params::new(), &fake, "enter");
}

#[test]
fn what_the_list_is_narrowed_by_is_chosen_from_what_occurs_and_another_value_can_be_written() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Audit, &Params::new(), &fake);
    stage.press("f3 \"操作\" enter \"disable\"");
    assert!(stage.text().contains("user.disable"), "{}", stage.text());
    stage.press("enter");
    assert!(stage.last_request().contains("action=user.disable"), "{}", stage.last_request());
    stage.press("f3 \"caozuo\" enter \"其他\" enter ctrl+u \"batch.create\" f10");
    assert!(stage.last_request().contains("action=batch.create"), "{}", stage.last_request());
}
