//! Reading and writing the text form.

use super::*;

fn written() -> Indicator {
    toml::from_str(
        r#"
        code = "STU-PASS"
        names = { zh = "及格率", en = "Pass rate" }
        layer = "student"
        point = "student.learning"
        weight = "40"
        unit = "%"
        direction = "higher"
        grain = "student"
        also = ["class", "major"]
        period = "term"
        decimals = 2
        value = "100 * passed / taken"
        min_n = { measure = "taken", at_least = 5 }
        owners = [{ zh = "教务处", en = "Academic affairs" }]
        values = { target = ">= 95", standard = ">= 90", warning = "< 80", source = "plan", verified = true }
        [measures.taken]
        dataset = "exam_score"
        agg = "count(*)"
        [measures.passed]
        dataset = "exam_score"
        agg = "count(*)"
        where = "score >= 60"
        absent = "zero"
        "#,
    )
    .expect("an indicator")
}

fn pointers(form: &IndicatorText) -> Vec<(String, String)> {
    let faults = form.read().expect_err("faults");
    faults.into_iter().map(|fault| (fault.pointer, fault.message.key)).collect()
}

fn fault(pointer: &str, key: &str) -> (String, String) {
    (pointer.to_owned(), key.to_owned())
}

#[test]
fn a_definition_survives_being_written_out_and_read_again() {
    let indicator = written();
    let form = IndicatorText::of(&indicator);
    assert_eq!(form.read().expect("a definition"), indicator);
    let kept = serde_json::to_string(&form).expect("JSON");
    assert_eq!(serde_json::from_str::<IndicatorText>(&kept).expect("a form"), form);
}

#[test]
fn an_empty_form_names_every_field_that_must_be_given() {
    let found = pointers(&IndicatorText::default());
    let wanted = [
        "/code",
        "/names/zh",
        "/names/en",
        "/layer",
        "/point",
        "/unit",
        "/direction",
        "/grain",
        "/period",
        "/decimals",
        "/value",
    ];
    assert_eq!(found, wanted.map(|pointer| fault(pointer, "model-form-required")));
}

#[test]
fn each_field_that_is_not_good_is_named_and_all_at_once() {
    let mut form = IndicatorText::of(&written());
    form.code = "stu pass".into();
    form.direction = "up".into();
    form.decimals = "two".into();
    form.measures[1].name = form.measures[0].name.clone();
    form.values.target = "95".into();
    form.advice.zh = "补考".into();
    let expected = [
        fault("/code", "model-bad-id"),
        fault("/direction", "model-form-choice"),
        fault("/decimals", "model-form-number"),
        fault("/measures/1/name", "model-form-twice"),
        fault("/values/target", "model-bad-condition"),
        fault("/advice/en", "model-form-required"),
    ];
    assert_eq!(pointers(&form), expected);
}

#[test]
fn values_need_a_source_and_none_are_needed() {
    let mut form = IndicatorText::of(&written());
    form.values.source = " ".into();
    assert_eq!(pointers(&form), [fault("/values/source", "model-form-required")]);
    form.values = ValuesText { source: "kept".into(), ..ValuesText::default() };
    assert_eq!(form.read().expect("a definition").values, None);
}

#[test]
fn a_weight_is_no_part_of_the_content_where_none_is_given() {
    let mut indicator = written();
    indicator.weight = None;
    assert!(!serde_json::to_string(&indicator).expect("JSON").contains("weight"));
}
