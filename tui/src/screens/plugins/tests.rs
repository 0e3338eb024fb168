//! The screens driven by key scripts over canned answers.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use std::collections::BTreeMap;
use zhengai_wire::call::Method;
use zhengai_wire::plugins::{Plugin, PluginDetail, PluginList, PluginScreen, ScreenAction, ScreenColumn, ScreenHead};
use zhengai_wire::{Job, JobState};

fn brought() -> PluginScreen {
    let column = |id: &str, label: &str, align: &str| ScreenColumn {
        id: id.into(),
        label: label.into(),
        align: align.into(),
        priority: 0,
    };
    PluginScreen {
        head: ScreenHead { id: "idle".into(), plugin: "labs".into(), title: "闲置实训室".into() },
        about: "学年使用不足的实训室".into(),
        columns: vec![column("name", "名称", "start"), column("hours", "学时", "end"), column("lab_id", "", "start")],
        actions: vec![ScreenAction {
            label: "画像".into(),
            go: "object".into(),
            params: BTreeMap::from([("object".into(), "lab/{lab_id}".into())]),
        }],
        rows: vec![
            vec![Some("焊接".into()), Some("12".into()), Some("L7".into())],
            vec![Some("数控".into()), None, Some("L8".into())],
        ],
        more: false,
        masked: Vec::new(),
    }
}

#[test]
fn a_screen_of_a_plugin_is_drawn_from_data_and_missing_is_not_zero() {
    let fake = Fake::new().get("screens/labs/idle", &brought());
    let params = Params::new().with("plugin", "labs").with("screen", "idle");
    let mut stage = Stage::open(ScreenId::Plugins, &params, &fake);
    let frame = stage.text();
    for wanted in ["闲置实训室", "焊接", "12", "数控", "无数据"] {
        assert!(frame.contains(wanted), "{wanted} in\n{frame}");
    }
    assert!(!frame.contains("L7"), "a column that only an action needs is not shown");
    stage.draw_at_every_size();
    stage.press("enter");
    assert_eq!(stage.screen(), Some(ScreenId::Portrait));
}

fn plugin() -> Plugin {
    Plugin {
        id: "connector-jiaowu".into(),
        name: "教务系统".into(),
        about: Some("读取教务系统的课程与成绩".into()),
        kind: "connector".into(),
        layer: None,
        version: "1.2.0".into(),
        state: "quarantined".into(),
        state_name: "已隔离停用".into(),
        runs: "worker".into(),
        runs_name: "隔离进程".into(),
        ships: false,
        fetches: true,
        trusted: false,
        faults: 2,
        quarantine: Some(zhengai_wire::plugins::Quarantine {
            at: "2026-11-22T05:00:00Z".parse().unwrap(),
            why: "进程崩溃".into(),
        }),
        lock: "differs".into(),
        lock_differs: vec!["libjiaowu.so".into()],
    }
}

fn fake() -> Fake {
    let detail = PluginDetail {
        plugin: plugin(),
        folder: "plugins/connector-jiaowu".into(),
        abi: Some("1.0".into()),
        sha256: Some("ab".repeat(32)),
        files_sha256: "cd".repeat(32),
        capabilities: vec!["read".into(), "network".into()],
        requires: Vec::new(),
        license: None,
        signature: "没有签名".into(),
        signed: false,
        config: serde_json::json!({ "host": "10.0.0.1" }),
        screens: Vec::new(),
    };
    Fake::new()
        .get("plugins", &PluginList { plugins: vec![plugin()], refused: Vec::new() })
        .get("plugins/connector-jiaowu", &detail)
        .on(Method::Patch, "plugins/connector-jiaowu", &detail)
}

#[test]
fn enabling_a_plugin_that_is_kept_out_asks_the_server_to_lift_its_quarantine() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.press("alt+s");
    let acts = stage.acts();
    assert!(acts.first().is_some_and(|act| act.contains("plugins/connector-jiaowu")), "{acts:?}");
}

#[test]
fn trust_is_asked_for_with_the_id_typed_and_escape_gives_none() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.press("alt+t enter esc");
    assert!(stage.acts().is_empty(), "{:?}", stage.acts());
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.press("alt+t \"connector-x\" f10");
    assert!(stage.acts().is_empty(), "{:?}", stage.acts());
    assert!(stage.text().contains("不相符"), "a wrong id is said to be wrong: {}", stage.text());
    let hints = stage.text().lines().last().unwrap_or_default().to_owned();
    assert!(hints.contains("F10 ") && hints.contains("Esc 不了") && !hints.contains("F2"), "{hints}");
}

fn asks(components: &[(&str, serde_json::Value)]) -> Fake {
    let components: Vec<_> = components
        .iter()
        .map(|(name, config)| serde_json::json!({ "name": name, "can": ["read"], "config": config }))
        .collect();
    fake().get("plugins/connector-jiaowu/form", &serde_json::json!({ "components": components }))
}

#[test]
fn of_several_components_that_ask_for_something_one_is_chosen_and_what_another_asked_for_stays() {
    let text = |description: &str| serde_json::json!({ "type": "string", "description": description });
    let fake = asks(&[
        ("ping", serde_json::json!({ "type": "object" })),
        ("courses", serde_json::json!({ "type": "object", "properties": { "host": text("主机地址。") } })),
        ("grades", serde_json::json!({ "type": "object", "properties": { "year": text("学年") } })),
    ]);
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.press("f4");
    let shown = stage.text();
    assert!(shown.contains("courses") && shown.contains("grades") && !shown.contains("ping"), "{shown}");
    stage.press("down enter");
    let shown = stage.text();
    assert!(shown.contains("组件 grades") && shown.contains("学年") && !shown.contains("主机地址"), "{shown}");
    stage.press("\"2026\" f10");
    let act = stage.acts().into_iter().next_back().unwrap_or_default();
    assert!(act.contains(r#"{"config":{"host":"10.0.0.1","year":"2026"}}"#), "{act}");
}

#[test]
fn the_one_component_that_asks_for_something_gets_its_form_at_once_and_none_says_so() {
    let host = serde_json::json!({ "type": "object", "properties": { "host": { "type": "string", "title": "主机" } } });
    let fake = asks(&[("ping", serde_json::json!({ "type": "object" })), ("courses", host)]);
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.press("f4");
    let shown = stage.text();
    assert!(shown.contains("主机") && shown.contains("10.0.0.1"), "{shown}");
    let fake = asks(&[("ping", serde_json::json!({ "type": "object" }))]);
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.press("f4");
    assert!(stage.text().contains("没有可配置的内容"), "{}", stage.text());
}

#[test]
fn frames_of_the_list_and_of_a_screen_that_a_plugin_brings() {
    let fake = fake();
    crate::snapshots!("plugins", ScreenId::Plugins, Params::new(), &fake, "");
    let fake = Fake::new().get("screens/labs/idle", &brought());
    let params = Params::new().with("plugin", "labs").with("screen", "idle");
    crate::snapshots!("plugins-brought", ScreenId::Plugins, params, &fake, "");
}

#[test]
fn what_a_check_found_is_said_in_words() {
    let check = |id: &str, outcome: &str| serde_json::json!({ "id": id, "outcome": outcome });
    let report = serde_json::json!({
        "passed": false,
        "checks": [check("abi", "pass"), check("crash", "fail"), check("limits", "skip")],
    });
    let job = |state: JobState| Job {
        id: "J4".into(),
        kind: "plugin-check".into(),
        subject: "connector-jiaowu".into(),
        actor: "王敏".into(),
        state,
        progress: zhengai_wire::job::Progress::default(),
        queued_at: "2026-11-22T05:00:00Z".parse().unwrap(),
        started_at: None,
        ended_at: None,
        result: Some(report.clone()),
        problem: None,
    };
    let fake = fake()
        .on(Method::Post, "plugins/connector-jiaowu/check", &job(JobState::Running))
        .job("J4", vec![job(JobState::Done)]);
    let mut stage = Stage::open(ScreenId::Plugins, &Params::new(), &fake);
    stage.resize(120, 60).press("alt+k");
    let shown = stage.text();
    assert!(["通过 abi", "未通过 crash", "略过 limits"].iter().all(|line| shown.contains(line)), "{shown}");
}
