//! Reports from rows made here: counts, comparison, blanks for people, strict templates, both languages.

use super::{IndicatorText, ReportInput, Subject, build, html, markdown, sheets};
use crate::rows::ResultRow;
use crate::text::{Texts, texts};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use zhengai_model::layer::Layer;
use zhengai_model::text::Language;

fn row(object: &str, value: Option<i64>, attainment: &str) -> ResultRow {
    ResultRow {
        layer: "student".to_owned(),
        indicator: "STU-A".to_owned(),
        version: "v".to_owned(),
        grain: "student".to_owned(),
        object: object.to_owned(),
        object_name: format!("学生{object}"),
        period: "AY2025".to_owned(),
        state: if value.is_some() { "number" } else { "undetermined" }.to_owned(),
        gap: value.is_none().then(|| "no-data".to_owned()),
        value: value.map(Decimal::from),
        n: None,
        measures: None,
        target: Some(">= 90".to_owned()),
        standard: Some(">= 60".to_owned()),
        warning: None,
        threshold_scope: Some("college".to_owned()),
        threshold_source: Some("示范".to_owned()),
        verified: false,
        attainment: attainment.to_owned(),
        level: None,
    }
}

fn texts_of() -> BTreeMap<String, IndicatorText> {
    let text = IndicatorText {
        name: "到课率 <b>|".to_owned(),
        point: "学习 / 出勤".to_owned(),
        unit: "%".to_owned(),
        advice: "约谈".to_owned(),
        grain: "student".to_owned(),
        higher_is_better: true,
        quantity: false,
        yes_no: false,
    };
    BTreeMap::from([("STU-A".to_owned(), text)])
}

fn rows() -> Vec<ResultRow> {
    vec![
        row("1", Some(95), "achieved"),
        row("2", Some(70), "met"),
        row("3", Some(20), "unmet"),
        row("4", Some(10), "unmet"),
        row("5", None, "undetermined"),
    ]
}

fn report(language: Language, subject: &Subject, previous: Option<&[ResultRow]>) -> (super::Report, Texts) {
    let texts = texts(language);
    let indicators = texts_of();
    let rows = rows();
    let report = build(ReportInput {
        texts: &texts,
        subject,
        college: "示范学院",
        facts: Vec::new(),
        period: "AY2025".to_owned(),
        periods: BTreeMap::new(),
        indicators: &indicators,
        layers: vec![("student".to_owned(), "学生".to_owned())],
        rows: &rows,
        previous: previous.map(|rows| ("R0".to_owned(), rows)),
        sources: Vec::new(),
        warnings: Vec::new(),
        more_warnings: 0,
        provenance: Vec::new(),
        synthetic: true,
    });
    (report, texts)
}

#[test]
fn counts_are_those_of_the_rows_and_missing_is_neither_met_nor_unmet() {
    let (report, _) = report(Language::Chinese, &Subject::College, None);
    let counts = &report.counts.first().expect("a layer");
    assert_eq!((counts.achieved, counts.met, counts.unmet, counts.undetermined), (1, 1, 2, 1));
    let line = &report.sections[0].points[0];
    assert_eq!(line.met_share, "50.0");
    assert_eq!(line.value, "20 (10 – 95)");
}

#[test]
fn the_worst_object_comes_first_and_advice_stands_by_its_own_indicator() {
    let (report, _) = report(Language::Chinese, &Subject::Layer(Layer::Student), None);
    let problem = &report.sections[0].problems[0];
    assert_eq!(problem.worst.iter().map(|object| object.id.as_str()).collect::<Vec<_>>(), ["4", "3"]);
    assert_eq!((problem.code.as_str(), problem.advice.as_str()), ("STU-A", "约谈"));
}

#[test]
fn changes_against_the_earlier_run_carry_their_sign() {
    let mut earlier = rows();
    earlier[2] = row("3", Some(99), "achieved");
    let (report, _) = report(Language::Chinese, &Subject::College, Some(&earlier));
    assert_eq!(report.counts.first().expect("a layer").unmet_change, "+1");
    assert_eq!(report.compared_with, "R0");
}

#[test]
fn pages_render_in_both_languages_without_a_blank_key_and_escape_names() {
    for language in [Language::Chinese, Language::English] {
        let (report, texts) = report(language, &Subject::College, None);
        let page = html(&report, &texts).expect("strict template");
        assert!(!page.contains('⟦'), "a key without text");
        assert!(page.contains("到课率 &lt;b&gt;|") && !page.contains("到课率 <b>"));
        assert!(!page.contains("<script"));
        let text = markdown(&report, &texts).expect("strict template");
        assert!(!text.contains('⟦') && text.contains("到课率 <b>\\|"));
        assert!(sheets(&report, &texts).iter().all(|sheet| sheet.header.iter().all(|cell| !cell.contains('⟦'))));
    }
}

#[test]
fn causes_measures_and_effect_are_left_for_people() {
    let (report, texts) = report(Language::Chinese, &Subject::College, None);
    let text = markdown(&report, &texts).expect("strict template");
    assert!(text.contains("- 原因分析:\n- 改进措施:\n- 改进成效: （由责任人在改进后填写）"), "{text}");
}

#[test]
fn unverified_thresholds_and_synthetic_data_say_so() {
    let (report, texts) = report(Language::Chinese, &Subject::College, None);
    let page = html(&report, &texts).expect("strict template");
    assert!(page.contains("未核实") && page.contains("合成"));
}
