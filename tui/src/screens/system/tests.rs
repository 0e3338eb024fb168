//! The screen driven by key scripts over canned answers.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use zhengai_wire::system::Setting;
use zhengai_wire::users::{Role, Token, User};

fn fake() -> Fake {
    let user = User {
        name: "lihua".into(),
        label: "李华".into(),
        person: None,
        state: "active".into(),
        roles: Vec::new(),
        at: "2026-11-22T05:00:00Z".parse().unwrap(),
        by: "王敏".into(),
        updated_at: "2026-11-22T05:00:00Z".parse().unwrap(),
    };
    let setting = Setting {
        key: "sync.attempts".into(),
        value: "5".into(),
        origin: "default".into(),
        origin_name: "默认".into(),
        about: "同步重试次数".into(),
        kind: "count".into(),
        default: "5".into(),
        editable: true,
    };
    Fake::new()
        .get("users", &vec![user])
        .get("roles", &Vec::<Role>::new())
        .get("tokens", &Vec::<Token>::new())
        .get("config", &vec![setting])
}

#[test]
fn users_and_settings_with_their_origins_stand_behind_tabs() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::System, &Params::new(), &fake);
    let frame = stage.text();
    assert!(frame.contains("lihua") && frame.contains("李华"), "{frame}");
    stage.press("tab tab");
    let frame = stage.text();
    assert!(frame.contains("sync.attempts") && frame.contains("默认"), "{frame}");
    stage.draw_at_every_size();
}
