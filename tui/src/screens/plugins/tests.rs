//! The screens driven by key scripts over canned answers.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};
use std::collections::BTreeMap;
use zhengai_wire::plugins::{PluginScreen, ScreenAction, ScreenColumn, ScreenHead};

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
