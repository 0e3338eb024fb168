//! The screen over canned answers: frames, and what keys do.

use crate::app::{Params, ScreenId};
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use chrono::{DateTime, Utc};
use zhengai_model::indicator::Indicator;
use zhengai_model::text::Names;
use zhengai_wire::indicators::{
    Catalog, ChangeRow, Diff, IndicatorDetail, IndicatorRow, Origin, PointRow, ReadingRow, ValueRow, VersionRow,
};

fn value(kind: &str, label: &str, when: &str, verified: bool) -> ValueRow {
    ValueRow {
        category: None,
        kind: kind.into(),
        label: label.into(),
        when: when.into(),
        scope: "college".into(),
        grain: None,
        level: None,
        from: None,
        until: None,
        source: "校发〔2025〕1 号".into(),
        verified,
        origin: Origin::Pack { pack: "student".into(), file: "indicators/learning.toml".into() },
        holds: true,
    }
}

fn row(code: &str, zh: &str, en: &str) -> IndicatorRow {
    IndicatorRow {
        code: code.into(),
        name: zh.into(),
        names: Names::new(zh, en),
        layer: "student".into(),
        point: "student.learning".into(),
        point_path: "学业".into(),
        system: None,
        quantity: false,
        weight: Some("40".into()),
        unit: "%".into(),
        direction: "higher".into(),
        grain: "student".into(),
        period: "term".into(),
        values: vec![
            value("target", "目标值", ">= 95", true),
            value("standard", "标准值", ">= 90", false),
            value("warning", "预警值", "< 80", true),
        ],
        origin: Origin::Published,
        version: Some(2),
        draft: None,
        off: false,
    }
}

fn point(id: &str, name: &str, weights: Option<&str>) -> PointRow {
    let parent = id.rsplit_once('.').map(|(above, _)| above.to_owned());
    PointRow { id: id.into(), parent, name: name.into(), weights: weights.map(str::to_owned) }
}

fn catalog() -> Catalog {
    let mut off = row("STU-CARD", "一卡通消费异常", "Unusual card use");
    (off.off, off.weight, off.values, off.version) = (true, None, Vec::new(), None);
    off.origin = Origin::Pack { pack: "student".into(), file: "indicators/card.toml".into() };
    let mut draft = row("STU-PASS", "课程及格率", "Pass rate");
    draft.draft = Some(3);
    Catalog {
        points: vec![point("student", "学生", None), point("student.learning", "学业", Some("80"))],
        indicators: vec![row("STU-ATTENDANCE", "出勤率", "Attendance"), draft, off],
    }
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
}

fn detail() -> IndicatorDetail {
    let definition: Indicator = serde_json::from_value(serde_json::json!({
        "code": "STU-ATTENDANCE", "names": {"zh": "出勤率", "en": "Attendance"}, "layer": "student",
        "point": "student.learning", "unit": "%", "direction": "higher", "grain": "student", "period": "term",
        "decimals": 2, "value": "100 * present / due",
    }))
    .expect("an indicator");
    let row = row("STU-ATTENDANCE", "出勤率", "Attendance");
    let version = |version, note: &str| VersionRow {
        version,
        hash: "ab".repeat(32),
        at: at(),
        by: "王敏".into(),
        note: Some(note.into()),
    };
    IndicatorDetail {
        all_values: row.values.clone(),
        row,
        definition,
        versions: vec![version(2, "改口径"), version(1, "首版")],
        readings: vec![ReadingRow {
            measure: "present".into(),
            dataset: Some("attendance".into()),
            over: None,
            fields: vec!["status".into()],
            text: "count(*) where status = 'present'".into(),
        }],
        reads: Vec::new(),
        read_by: vec!["CLS-ATTENDANCE".into()],
        rules: vec!["STU-ABSENT".into()],
        weights: Some("80".into()),
    }
}

fn fake() -> Fake {
    let diff = Diff {
        code: "STU-ATTENDANCE".into(),
        from: detail().versions.get(1).cloned(),
        to: detail().versions.first().cloned(),
        changes: vec![
            ChangeRow {
                field: "value".into(),
                before: Some("100 * present / all".into()),
                after: Some("100 * present / due".into()),
            },
            ChangeRow {
                field: "measures.present.where".into(),
                before: None,
                after: Some("status = 'present'".into()),
            },
        ],
        comparable: false,
    };
    Fake::new()
        .get("indicators", &catalog())
        .get("indicators/STU-ATTENDANCE", &detail())
        .get("indicators/STU-ATTENDANCE/diff", &diff)
        .get("indicators/*", &detail())
}

#[test]
fn frames() {
    snapshots!("indicators", ScreenId::Indicators, Params::new(), &fake(), "down down");
}

#[test]
fn a_filter_takes_pinyin_initials_and_esc_takes_it_back() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Indicators, &Params::new(), &fake);
    stage.press("f3 \"kcjgl\" f10");
    let shown = stage.text();
    assert!(shown.contains("课程及格率") && !shown.contains("出勤率"), "{shown}");
    stage.press("esc");
    assert!(stage.text().contains("出勤率"));
}

#[test]
fn enter_on_an_indicator_opens_its_editor_and_on_a_point_closes_the_branch() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Indicators, &Params::new(), &fake);
    stage.press("enter");
    let shown = stage.text();
    assert!(!shown.contains("出勤率"), "the branch is closed: {shown}");
    stage.press("enter down down enter");
    assert_eq!(stage.screen(), Some(ScreenId::Indicator));
}

#[test]
fn a_version_that_is_chosen_shows_what_it_changed() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Indicators, &Params::new(), &fake);
    stage.press("down down").wait(500);
    let shown = stage.text();
    assert!(shown.contains("已发布 2 版") || shown.contains("公式"), "{shown}");
    assert!(shown.contains("，学生，学期"), "{shown}");
    stage.press("alt+v");
    let shown = stage.text();
    assert!(shown.contains("改口径"), "{shown}");
    stage.press("enter");
    let shown = stage.text();
    assert!(shown.contains("100 * present / all") || shown.contains("趋势线"), "{shown}");
    stage.resize(120, 50);
    let shown = stage.text();
    assert!(shown.contains("度量 present 条件") && shown.contains("原：（空）"), "{shown}");
    assert!(!shown.contains("measures."), "{shown}");
}

#[test]
fn a_value_for_one_kind_of_college_is_not_shown_as_that_of_the_college() {
    let kind =
        |when: &str, kind: &str| ValueRow { category: Some(kind.into()), ..value("standard", "标准值", when, true) };
    let mut row = row("SCH-RATIO", "生师比", "Student-teacher ratio");
    row.values = vec![kind("<= 18", "school_type=engineering"), kind("<= 16", "school_type=medical")];
    row.values.push(kind("<= 18", "school_type=comprehensive"));
    assert_eq!(row.condition("standard").as_deref(), Some("<= 18 / <= 16"));
    assert_eq!(row.condition("target"), None);
    row.values.push(value("standard", "标准值", "<= 17", true));
    assert_eq!(row.condition("standard").as_deref(), Some("<= 17"));
}
