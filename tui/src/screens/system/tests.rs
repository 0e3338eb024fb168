//! The screen driven by key scripts over canned answers.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use zhengai_wire::call::Method;
use zhengai_wire::system::Setting;
use zhengai_wire::users::{NewToken, Role, Token, User};
use zhengai_wire::{Job, JobState};

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
    Fake::new()
        .get("users", &vec![user])
        .get("roles", &vec![role()])
        .get("tokens", &Vec::<Token>::new())
        .get("config", &vec![setting()])
        .on(Method::Post, "tokens", &made())
        .on(Method::Put, "users/lihua/roles/department", &serde_json::json!({}))
}

fn setting() -> Setting {
    Setting {
        key: "sync.attempts".into(),
        value: "5".into(),
        origin: "default".into(),
        origin_name: "默认".into(),
        about: "同步重试次数".into(),
        kind: "count".into(),
        default: "5".into(),
        editable: true,
    }
}

fn role() -> Role {
    Role {
        id: "department".into(),
        name: "院系".into(),
        about: "本单位及其下级".into(),
        reach: "units".into(),
        layers: Vec::new(),
        rights: Vec::new(),
        purposes: Vec::new(),
    }
}

fn made() -> NewToken {
    let token = Token {
        id: "T1a2b3c4d".into(),
        user: "lihua".into(),
        note: "笔记本".into(),
        state: "good".into(),
        at: "2026-11-22T05:00:00Z".parse().unwrap(),
        by: "王敏".into(),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        revoked_by: None,
    };
    NewToken { token, secret: "zhg_0123456789abcdef".into() }
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

#[test]
fn the_text_of_a_new_token_is_shown_once_and_never_again() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::System, &Params::new(), &fake);
    stage.press(r#"alt+t "laptop" f10"#);
    assert_eq!(stage.acts().len(), 1, "{:?}", stage.acts());
    let frame = stage.text();
    assert!(frame.contains("zhg_0123456789abcdef") && frame.contains("知道了") && !frame.contains("不了"), "{frame}");
    let copied =
        |stage: &Stage<'_>| format!("{:?}", stage.effects()).contains("Copy { text: \"zhg_0123456789abcdef\" }");
    assert!(!copied(&stage));
    stage.press("alt+c");
    assert!(copied(&stage) && stage.text().contains("zhg_0123456789abcdef"), "{}", stage.text());
    stage.press("esc");
    assert!(!stage.text().contains("zhg_"), "{}", stage.text());
    stage.press("tab");
    assert!(!stage.text().contains("zhg_"), "{}", stage.text());
}

#[test]
fn a_role_is_given_with_its_units() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::System, &Params::new(), &fake);
    stage.press(r#"alt+r enter "department/D03" f10"#);
    let acts = stage.acts();
    assert!(acts.first().is_some_and(|act| act.contains("users/lihua/roles/department")), "{acts:?}");
}

#[test]
fn frames_of_users_and_settings() {
    let fake = fake();
    crate::snapshots!("system", ScreenId::System, Params::new(), &fake, "");
    crate::snapshots!("system-config", ScreenId::System, Params::new(), &fake, "tab tab");
}

#[test]
fn a_backup_of_a_server_elsewhere_is_fetched_to_this_machine_and_not_left_there() {
    let job = |state: JobState| Job {
        id: "J7".into(),
        kind: "backup".into(),
        subject: "zhengai-20261122.tar".into(),
        actor: "王敏".into(),
        state,
        progress: zhengai_wire::job::Progress::default(),
        queued_at: "2026-11-22T05:00:00Z".parse().unwrap(),
        started_at: None,
        ended_at: None,
        result: Some(serde_json::json!({
            "file": "zhengai-20261122.tar", "college": "c", "name": "n", "at": "2026-11-22T05:00:00Z", "files": 3,
            "bytes": 9, "tables": 1, "rows": 2, "audit_seq": 4, "audit_hash": "ab", "secrets": false, "absent": 0,
            "noted": true,
        })),
        problem: None,
    };
    let fake = fake()
        .on(Method::Post, "backups", &job(JobState::Running))
        .job("J7", vec![job(JobState::Done)])
        .get("backups/zhengai-20261122.tar", &"archive")
        .on(Method::Delete, "backups/zhengai-20261122.tar", &serde_json::json!(null));
    let mut stage = Stage::afar(ScreenId::System, &Params::new(), &fake);
    stage.press(r#"alt+b "today.tar" f10"#);
    assert_eq!(stage.acts(), ["POST /v1/backups {\"file\":{}}", "DELETE /v1/backups/zhengai-20261122.tar"]);
    assert!(stage.text().contains("/home/wang/today.tar"), "{}", stage.text());
}

#[test]
fn a_setting_and_a_finding_are_read_as_a_whole() {
    let long = "同步一次失败后再试几次；每次之间的间隔翻倍，最长不超过十分钟，改动从下一次同步开始生效，正在进行的同步不受影响。";
    let finding = serde_json::json!({
        "check": "space", "severity": "broken", "subject": "warehouse",
        "finding": "仓库所在磁盘只剩百分之三的空间，再导入一次就可能写不下，导入会停在中途并回到之前的状态。",
        "advice": "清理不再需要的备份，或者把数据目录移到更大的磁盘，然后重新体检。",
    });
    let job = |state: JobState| Job {
        id: "J8".into(),
        kind: "doctor".into(),
        subject: String::new(),
        actor: "王敏".into(),
        state,
        progress: zhengai_wire::job::Progress::default(),
        queued_at: "2026-11-22T05:00:00Z".parse().unwrap(),
        started_at: None,
        ended_at: None,
        result: Some(serde_json::json!({"findings": [finding]})),
        problem: None,
    };
    let mut settings = vec![setting()];
    settings.iter_mut().for_each(|one| one.about = long.into());
    let fake = fake()
        .get("config", &settings)
        .on(Method::Post, "doctor", &job(JobState::Running))
        .job("J8", vec![job(JobState::Done)]);
    let mut stage = Stage::open(ScreenId::System, &Params::new(), &fake);
    let whole = |stage: &mut Stage<'_>, text: &str| stage.text().replace(['\n', ' '], "").contains(text);
    stage.press("tab tab");
    assert!(!whole(&mut stage, "正在进行的同步不受影响"), "{}", stage.text());
    stage.press("enter");
    assert!(whole(&mut stage, "正在进行的同步不受影响"), "{}", stage.text());
    stage.press("enter tab alt+d");
    assert!(!whole(&mut stage, "然后重新体检"), "{}", stage.text());
    stage.press("enter");
    assert!(whole(&mut stage, "回到之前的状态") && whole(&mut stage, "然后重新体检"), "{}", stage.text());
}
