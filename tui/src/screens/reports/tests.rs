//! Reports over canned answers: the text, another kind, the file.

use super::state::paragraphs;
use crate::app::{Params, ScreenId};
use crate::snapshots;
use crate::testkit::{Fake, Stage};
use crate::theme::Role;
use crate::widgets::Piece;
use zhengai_model::fault::Fault;
use zhengai_wire::Page;
use zhengai_wire::call::Method;
use zhengai_wire::reports::{ReportFormat, ReportKind, ReportPreview, ReportSubject};
use zhengai_wire::runs::RunLine;

const TEXT: &str = "# 示例职业技术学院 诊断报告\n\n> 数据是合成的\n\n## 基本情况\n\n- 期间: 2025–2026 学年\n\n\
    | 层面 | 达标 |\n| --- | ---: |\n| 学校 | 10 |\n";

fn fake() -> Fake {
    let kind = |subject, name: &str| ReportKind {
        subject,
        name: name.to_owned(),
        sections: vec!["基本情况".to_owned()],
        formats: ReportFormat::ALL.to_vec(),
    };
    let preview = ReportPreview {
        run: "R20261122-002".to_owned(),
        subject: ReportSubject::College,
        title: "示例职业技术学院".to_owned(),
        text: TEXT.to_owned(),
        unverified: true,
        synthetic: true,
    };
    Fake::new()
        .get(
            "reports/kinds",
            &vec![
                kind(ReportSubject::College, "学校诊断报告"),
                kind(ReportSubject::Layer, "层面诊断报告"),
                kind(ReportSubject::Object, "对象诊断报告"),
            ],
        )
        .get("reports/preview", &preview)
        .get("reports/file", &4096)
        .get("runs", &Page::<RunLine> { items: Vec::new(), total: 0, offset: 0 })
}

#[test]
fn the_text_of_the_report_is_read_at_every_size() {
    snapshots!("reports", ScreenId::Reports, Params::new(), &fake(), "");
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Reports, &Params::new(), &fake);
    assert!(stage.text().contains("未核实"), "{}", stage.text());
    stage.draw_at_every_size().draw_bare_at_every_size();
}

#[test]
fn the_head_says_kind_subject_and_run_with_nothing_astray_where_one_is_missing() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Reports, &Params::new(), &fake);
    let row = stage.row("R20261122-002").unwrap_or_default();
    assert_eq!(row.trim(), "学校诊断报告，R20261122-002");
    stage.press("ctrl+t down enter down enter");
    let row = stage.row("R20261122-002").unwrap_or_default();
    assert_eq!(row.trim(), "层面诊断报告 专业，R20261122-002");
}

#[test]
fn another_kind_asks_which_layer_and_makes_its_text_anew() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Reports, &Params::new(), &fake);
    stage.press("ctrl+t down enter");
    assert!(stage.text().contains("哪个层面"), "{}", stage.text());
    stage.press("down enter");
    assert_eq!(stage.last_request(), "GET /v1/reports/preview?layer=major");
}

#[test]
fn the_file_is_of_the_run_that_was_read_and_of_the_format_of_its_name() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Reports, &Params::new(), &fake);
    stage.press("ctrl+s down enter f10");
    assert_eq!(stage.last_request(), "GET /v1/reports/file?run=R20261122-002&format=xlsx");
    assert!(stage.text().contains("R20261122-002.xlsx"), "{}", stage.text());
}

#[test]
fn files_that_were_written_are_listed_with_their_place_and_remembered() {
    let fake = fake();
    let mut stage = Stage::open(ScreenId::Reports, &Params::new(), &fake);
    stage.press("tab");
    assert!(stage.text().contains("还没有从这台电脑写过报告"), "{}", stage.text());
    stage.press("tab ctrl+s enter f10 tab");
    let row = stage.row("完成").expect("the file");
    assert!(row.contains("/home/wang/R20261122"), "{row}");
    let kept = format!("{:?}", stage.effects());
    assert!(kept.contains("KeepDraft") && kept.contains("/home/wang/R20261122-002.html"), "{kept}");
    stage.press("enter");
    assert_eq!(stage.last_request(), "GET /v1/reports/preview?run=R20261122-002");
}

#[test]
fn a_file_that_could_not_be_written_says_why_in_the_list() {
    let fake = fake().refuse(Method::Get, "reports/file", Fault::Unavailable, "没有报告模板");
    let mut stage = Stage::open(ScreenId::Reports, &Params::new(), &fake);
    stage.press("ctrl+s enter f10 tab");
    let row = stage.row("没有报告模板").expect("the reason");
    assert!(row.contains("失败"), "{row}");
}

#[test]
fn the_list_of_files_of_an_earlier_day_is_there_again() {
    let kept = r#"[{"file":"/srv/报告/R1.xlsx","about":"学校诊断报告","run":"R1","period":"AY2025","at":"2026-11-20T01:00:00Z",
        "bytes":20480,"stage":"written"},{"file":"/root/R2.html","about":"专业","run":"R2","period":"AY2025",
        "at":"2026-11-19T01:00:00Z","bytes":0,"stage":{"failed":"磁盘已满"}}]"#;
    let fake = fake().draft("reports", kept);
    snapshots!("reports-files", ScreenId::Reports, Params::new(), &fake, "tab");
}

#[test]
fn heads_stand_out_and_rules_of_tables_are_left_out() {
    let pieces = paragraphs(TEXT);
    assert_eq!(pieces.first(), Some(&Piece::new("示例职业技术学院 诊断报告", Role::Title)));
    assert!(pieces.contains(&Piece::new("数据是合成的", Role::Warn)));
    assert!(pieces.contains(&Piece::new("- 期间: 2025–2026 学年", Role::Text).indent(2)));
    assert!(!pieces.iter().any(|piece| piece.text.contains("---")));
}

#[test]
fn tables_of_a_report_are_rows_of_cells_and_no_mark_is_left() {
    let text =
        "**专业层面**\n\n|  | 指标 | 代码 |\n| --- | --- | ---: |\n| ✗ | 设备**总值** | `MAJ-EQUIPMENT` |\n\n之后";
    let pieces = paragraphs(text);
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let tables: Vec<_> =
        pieces.iter().filter(|piece| !piece.table.is_empty()).map(|piece| piece.table.clone()).collect();
    assert_eq!(tables, [vec![row(["", "指标", "代码"]), row(["✗", "设备总值", "MAJ-EQUIPMENT"])]]);
    assert!(pieces.contains(&Piece::new("专业层面", Role::Text)) && pieces.contains(&Piece::new("之后", Role::Text)));
    assert!(!pieces.iter().any(|piece| piece.text.contains(['*', '`', '|'])), "{pieces:?}");
}
