//! Published figures of real colleges, recomputed: the number printed is the number that the rules give, digit for digit,
//! and so is the verdict. Inputs and sources: domain facts §6, cases A, B and E.

use rust_decimal::Decimal;
use std::collections::BTreeMap;
use zhengai_model::exact::{Exact, round_half_up};
use zhengai_model::expr::{Expr, Inputs, When};
use zhengai_model::ids::{IndicatorCode, MeasureName, ObjectId, ObjectKind};
use zhengai_model::pack::PolicyFile;
use zhengai_model::threshold::{ObjectContext, Threshold, ThresholdKind, choose};
use zhengai_model::value::{Gap, Value};
use zhengai_model::verdict::{Attainment, judge};

struct Given(BTreeMap<String, Exact>);

impl Inputs for Given {
    fn measure(&self, name: &MeasureName) -> Result<Exact, Gap> {
        self.0.get(name.as_str()).copied().ok_or(Gap::NoData { measure: name.clone() })
    }

    fn indicator(&self, code: &IndicatorCode, _: When) -> Result<Exact, Gap> {
        self.0.get(code.as_str()).copied().ok_or(Gap::Input { indicator: code.clone() })
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn given(pairs: &[(&str, &str)]) -> Given {
    Given(pairs.iter().map(|(name, number)| ((*name).to_owned(), Exact::from(decimal(number)))).collect())
}

fn value(expression: &str, inputs: &Given, digits: u32) -> String {
    let exact = Expr::parse(expression).expect("an expression").eval(inputs).expect("a number");
    round_half_up(exact, digits).expect("fits").to_string()
}

/// Case A: a comprehensive college, 2011–12, by both methods.
fn college_of_2012() -> Given {
    given(&[
        ("full_time", "161"),
        ("external", "32"),
        ("FULL-TIME-STUDENTS", "3598"),
        ("EQUIVALENT-STUDENTS", "3639"),
        ("degrees", "54"),
        ("rooms", "52240"),
        ("equipment", "18241700"),
        ("books", "304720"),
        ("megabytes", "153604"),
        ("jiaogao_students", "3583"),
        ("jiaogao_teachers", "175.6"),
        ("jiaogao_full_time", "158"),
    ])
}

#[test]
fn case_a_every_published_figure_of_2012_is_reproduced() {
    let inputs = college_of_2012();
    for (expression, digits, published) in [
        ("full_time + 0.5 * external", 0, "177"),
        ("jiaogao_students / jiaogao_teachers", 2, "20.40"),
        ("@EQUIVALENT-STUDENTS / (full_time + 0.5 * external)", 2, "20.56"),
        ("jiaogao_students / jiaogao_full_time", 2, "22.68"),
        ("@EQUIVALENT-STUDENTS / full_time", 2, "22.60"),
        ("100 * degrees / full_time", 2, "33.54"),
        ("rooms / @FULL-TIME-STUDENTS", 2, "14.52"),
        ("equipment / @EQUIVALENT-STUDENTS", 2, "5012.83"),
        ("books / @EQUIVALENT-STUDENTS", 2, "83.74"),
        ("megabytes / @EQUIVALENT-STUDENTS", 2, "42.21"),
        ("jiaogao_students / jiaogao_teachers", 4, "20.4043"),
        ("@EQUIVALENT-STUDENTS / (full_time + 0.5 * external)", 4, "20.5593"),
        ("rooms / @FULL-TIME-STUDENTS", 4, "14.5192"),
        ("equipment / @EQUIVALENT-STUDENTS", 4, "5012.8332"),
        ("books / @EQUIVALENT-STUDENTS", 4, "83.7373"),
    ] {
        assert_eq!(value(expression, &inputs, digits), published, "{expression}");
    }
}

#[test]
fn case_b_equivalent_students_are_weighted_and_full_time_ones_are_not() {
    let inputs = given(&[
        ("bachelor", "4615"),
        ("vocational", "1532"),
        ("master", "85"),
        ("foreign", "22"),
        ("evening", "34"),
        ("correspondence", "298"),
    ]);
    let equivalent = "bachelor + vocational + 1.5 * master + 3 * foreign + 0.3 * evening + 0.1 * correspondence";
    assert_eq!(value(equivalent, &inputs, 1), "6380.5");
    assert_eq!(value("bachelor + vocational + master + foreign", &inputs, 0), "6254");
}

fn national() -> Vec<Threshold> {
    let file: PolicyFile =
        toml::from_str(include_str!("../../../config/policy/national-2004.toml")).expect("national thresholds");
    file.thresholds
}

fn college(school_type: &str) -> ObjectContext {
    ObjectContext {
        kind: ObjectKind::new("school").expect("a kind"),
        id: ObjectId::new("4121000000").expect("an id"),
        units: Vec::new(),
        groups: vec![("school_type".to_owned(), school_type.to_owned())],
    }
}

/// `(达标, 限制招生)` by the national values of 2004.
fn national_verdict(school_type: &str, code: &str, value: &str) -> (bool, bool) {
    let on = "2016-09-01".parse().expect("a day");
    let thresholds: Vec<Threshold> = national().into_iter().filter(|t| t.indicator.as_str() == code).collect();
    let of = |kind| choose(&thresholds, &college(school_type), kind, on).map(|threshold| threshold.when);
    let level = "serious".parse().expect("a level");
    let (standard, warning) = (of(ThresholdKind::Standard), of(ThresholdKind::Warning));
    assert!(standard.is_some(), "{code} has a national standard for {school_type}");
    let verdict = judge(
        &Value::Number(decimal(value)),
        None,
        standard.as_ref(),
        warning.as_ref().map(|condition| (condition, &level)),
    );
    (verdict.attainment == Attainment::Met, verdict.warning.is_some())
}

#[test]
fn case_a_fails_the_student_teacher_ratio_and_gets_no_card() {
    for (code, value, met) in [
        ("SCH-STUDENT-TEACHER", "20.56", false),
        ("SCH-GRADUATE-DEGREES", "33.54", true),
        ("SCH-TEACHING-AREA", "14.52", true),
        ("SCH-EQUIPMENT-VALUE", "5012.83", true),
        ("SCH-BOOKS", "83.74", true),
    ] {
        assert_eq!(national_verdict("comprehensive", code, value), (met, false), "{code}");
    }
}

#[test]
fn case_e_every_published_verdict_of_2016_is_reproduced() {
    for (code, value, met) in [
        ("SCH-LAND", "78.75", true),
        ("SCH-TEACHING-AREA", "14.13", false),
        ("SCH-DORMITORY-AREA", "4.93", false),
        ("SCH-STUDENT-TEACHER", "19.24", false),
        ("SCH-SENIOR-TITLES", "35.66", true),
        ("SCH-GRADUATE-DEGREES", "55.50", true),
        ("SCH-EQUIPMENT-VALUE", "8210.15", true),
        ("SCH-EQUIPMENT-GROWTH", "3.92", false),
        ("SCH-BOOKS", "50.00", false),
        ("SCH-COMPUTERS", "32", true),
    ] {
        let (is_met, restricted) = national_verdict("engineering", code, value);
        assert_eq!(is_met, met, "{code}");
        assert!(!restricted, "{code}: neither a yellow nor a red card");
    }
}

#[test]
fn a_value_exactly_on_a_national_value_meets_it_and_is_not_restricted() {
    assert_eq!(national_verdict("engineering", "SCH-STUDENT-TEACHER", "18"), (true, false));
    assert_eq!(national_verdict("engineering", "SCH-STUDENT-TEACHER", "22"), (false, false));
    assert_eq!(national_verdict("engineering", "SCH-STUDENT-TEACHER", "22.01"), (false, true));
    assert_eq!(national_verdict("comprehensive", "SCH-BOOKS", "80"), (true, false));
    assert_eq!(national_verdict("comprehensive", "SCH-BOOKS", "79.99"), (false, false));
}

#[test]
fn every_national_value_says_where_it_comes_from() {
    for threshold in national() {
        assert!(threshold.source.contains("教发〔2004〕2号"), "{}", threshold.indicator);
    }
    assert!(national().iter().any(|threshold| threshold.verified));
    let restricted = |t: &&Threshold| t.kind == ThresholdKind::Warning;
    assert!(national().iter().filter(restricted).all(|t| !t.verified), "restriction values of 高职 are unverified");
}
