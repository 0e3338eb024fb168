//! Defects seen in other systems (domain facts §7.7), each as a test that this one cannot have it. Defect 12 belongs to
//! reports and the larger half of defect 13 to the record; what the model owes to both is here.

use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::path::Path;
use zhengai_model::exact::{Exact, round_half_up};
use zhengai_model::expr::{Expr, Inputs, When};
use zhengai_model::ids::{IndicatorCode, LevelId, MeasureName, RuleId};
use zhengai_model::indicator::{Direction, Indicator};
use zhengai_model::pack::{IndicatorFile, PolicyFile, indicator_hash};
use zhengai_model::rule::{Because, Rule};
use zhengai_model::threshold::{Condition, ValueSet, check_consistent};
use zhengai_model::unit::{self, Unit, UnitFault, Units, check_units};
use zhengai_model::value::{Gap, Value};
use zhengai_model::verdict::{Attainment, Band, Bands, judge};

struct Given(BTreeMap<&'static str, i64>);

impl Inputs for Given {
    fn measure(&self, name: &MeasureName) -> Result<Exact, Gap> {
        self.0.get(name.as_str()).copied().map(Exact::from).ok_or(Gap::NoData { measure: name.clone() })
    }

    fn indicator(&self, code: &IndicatorCode, _: When) -> Result<Exact, Gap> {
        self.0.get(code.as_str()).copied().map(Exact::from).ok_or(Gap::Input { indicator: code.clone() })
    }
}

struct Declared(&'static [(&'static str, &'static str)]);

impl Units for Declared {
    fn measure(&self, name: &MeasureName) -> Unit {
        let found = self.0.iter().find(|(own, _)| *own == name.as_str());
        found.map_or(Unit::Unknown, |(_, unit)| Unit::Known((*unit).to_owned()))
    }

    fn indicator(&self, _: &IndicatorCode) -> Unit {
        Unit::Known("人".to_owned())
    }
}

fn units(expression: &str, declared: &str) -> Result<(), UnitFault> {
    let measured = Declared(&[("books", "册"), ("equipment", "元"), ("grants", "万元"), ("computers", "台")]);
    check_units(&Expr::parse(expression).expect("an expression"), &measured, declared)
}

fn condition(text: &str) -> Condition {
    text.parse().expect("a condition")
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a decimal"))
}

fn indicators(layer: &str) -> Vec<Indicator> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/layers").join(layer).join("indicators");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("indicators") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("UTF-8");
        found.extend(toml::from_str::<IndicatorFile>(&text).expect("indicators").indicators);
    }
    found
}

fn named(layer: &str, code: &str) -> Indicator {
    indicators(layer).into_iter().find(|indicator| indicator.code.as_str() == code).expect(code)
}

#[test]
fn defect_1_the_statutory_ratio_and_the_ratio_of_heads_are_two_indicators_with_two_names() {
    let (statutory, heads) = (named("school", "SCH-STUDENT-TEACHER"), named("school", "SCH-HEADS-PER-TEACHER"));
    assert_ne!(statutory.names, heads.names);
    let reads = |indicator: &Indicator| indicator.reads().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(reads(&statutory), ["SCH-EQUIVALENT-STUDENTS", "SCH-TEACHERS"]);
    assert_eq!(reads(&heads), ["SCH-FULL-TIME-TEACHERS"]);
}

#[test]
fn defect_2_an_amount_per_head_can_never_be_a_percentage() {
    assert_eq!(units("books / @STUDENTS", "册/生"), Ok(()));
    assert!(units("books / @STUDENTS * 100", "%").is_err());
    assert!(units("equipment / @STUDENTS * 100", "%").is_err());
    assert!(units("computers / 100 / @STUDENTS * 100", "%").is_err());
    assert_eq!(units("100 * computers / @STUDENTS", "台/百生"), Ok(()));
}

#[test]
fn defect_3_every_national_amount_per_student_divides_by_a_named_quantity() {
    let national: PolicyFile =
        toml::from_str(include_str!("../../../config/policy/national-2004.toml")).expect("national thresholds");
    let school = indicators("school");
    let quantity = |code: &IndicatorCode| school.iter().any(|one| one.quantity && &one.code == code);
    let per_head: Vec<&Indicator> = school
        .iter()
        .filter(|one| one.unit.ends_with("/生") || one.unit.ends_with("/百生"))
        .filter(|one| national.thresholds.iter().any(|threshold| threshold.indicator == one.code))
        .collect();
    assert!(per_head.len() >= 8, "{}", per_head.len());
    for indicator in per_head {
        let divides = indicator.reads().iter().any(quantity);
        assert!(divides, "{} must divide by 折合在校生数 or 全日制在校生数", indicator.code);
    }
}

#[test]
fn defect_4_registration_by_plan_and_by_admission_do_not_share_a_name() {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for layer in ["school", "major"] {
        for indicator in indicators(layer).into_iter().filter(|one| one.names.zh.contains("报到率")) {
            let first = names.insert(indicator.names.zh.clone(), indicator.code.to_string());
            assert_eq!(first, None, "{}", indicator.names.zh);
        }
    }
    assert!(names.len() >= 2, "{names:?}");
}

#[test]
fn defect_5_sixty_passes_and_no_score_is_lost_between_pass_and_fail() {
    let (pass, fail) = (condition(">= 60"), condition("< 60"));
    for score in ["59.99", "60", "60.00", "60.01", "0", "100"] {
        let score: Decimal = score.parse().expect("a decimal");
        assert!(pass.holds(score) != fail.holds(score), "{score}");
    }
    assert!(pass.holds(Decimal::from(60)));
    let band = |id: &str, when: &str| Band {
        id: id.to_owned(),
        names: zhengai_model::text::Names::new(id, id),
        when: condition(when),
    };
    assert!(Bands::new(vec![band("pass", "> 60"), band("fail", "< 60")]).is_err());
    assert!(Bands::new(vec![band("pass", ">= 60"), band("fail", "< 60")]).is_ok());
}

#[test]
fn defect_6_the_rate_of_a_group_comes_from_summed_parts_and_not_from_rates() {
    let rate = Expr::parse("100 * passed / taken").expect("an expression");
    let of = |passed: i64, taken: i64| {
        let exact = rate.eval(&Given(BTreeMap::from([("passed", passed), ("taken", taken)]))).expect("a number");
        round_half_up(exact, 2).expect("fits")
    };
    let classes = [(9, 10), (30, 60), (1, 1)];
    let whole = classes.iter().fold((0, 0), |(passed, taken), class| (passed + class.0, taken + class.1));
    let rates: Vec<Decimal> = classes.iter().map(|(passed, taken)| of(*passed, *taken)).collect();
    let summed: Decimal = rates.iter().sum();
    assert_eq!(of(whole.0, whole.1).to_string(), "56.34");
    assert_ne!(of(whole.0, whole.1), summed);
    assert_ne!(of(whole.0, whole.1), summed / Decimal::from(3));
}

#[test]
fn defect_7_a_rule_is_a_tree_of_known_words_and_never_text_to_run() {
    let rule = |when: &str| {
        toml::from_str::<Rule>(&format!(
            "id = \"R\"\nnames = {{ zh = \"规则\", en = \"rule\" }}\nlayer = \"student\"\ngrain = \"student\"\nlevel = \"general\"\nwhen = {when}"
        ))
    };
    assert!(rule("\"warn_val > current_val\"").is_err());
    assert!(rule("{ eval = \"1 == 1\" }").is_err());
    assert!(rule("{ value = { indicator = \"X\", when = \">= 3 || true\" } }").is_err());
    assert!(rule("{ value = { indicator = \"X\", when = \">= 3\" } }").is_ok());
    assert!(Expr::parse("system(1)").is_err());
    assert!(Expr::parse("a; b").is_err());
}

#[test]
fn defect_8_what_is_missing_is_undetermined_and_neither_zero_nor_failed() {
    let rate = Expr::parse("100 * passed / taken").expect("an expression");
    let gap = rate.eval(&Given(BTreeMap::from([("passed", 3)]))).expect_err("a gap");
    let standard = condition(">= 60");
    let level: LevelId = "general".parse().expect("a level");
    let verdict = judge(&Value::Undetermined(gap), None, Some(&standard), Some((&condition("< 50"), &level)));
    assert_eq!((verdict.attainment, verdict.warning), (Attainment::Undetermined, None));
    let zero = judge(&number("0"), None, Some(&standard), Some((&condition("< 50"), &level)));
    assert_eq!((zero.attainment, zero.warning), (Attainment::Unmet, Some(level)));
}

#[test]
fn defect_9_each_threshold_compares_with_its_own_operator() {
    let (target, standard, warning) = (condition("< 16"), condition("<= 18"), condition("> 22"));
    let level: LevelId = "general".parse().expect("a level");
    let of = |value: &str| {
        let verdict = judge(&number(value), Some(&target), Some(&standard), Some((&warning, &level)));
        (verdict.attainment, verdict.warning.is_some())
    };
    assert_eq!(of("16"), (Attainment::Met, false));
    assert_eq!(of("18"), (Attainment::Met, false));
    assert_eq!(of("22"), (Attainment::Unmet, false));
    assert_eq!(of("22.01"), (Attainment::Unmet, true));
    let values = ValueSet { target: Some(target), warnings: vec![condition("< 22")], ..ValueSet::default() };
    assert!(!check_consistent(Direction::Lower, &values).is_empty(), "a warning against the direction is refused");
}

#[test]
fn defect_10_a_ratio_is_a_number_and_never_text_with_a_colon() {
    assert!("<= 200:1".parse::<Condition>().is_err());
    assert!(Expr::parse("students : teachers").is_err());
    assert!(condition("<= 18").holds("9.5".parse().expect("a decimal")), "as text 9.5 would be greater than 18");
    assert_eq!(named("school", "SCH-STUDENT-TEACHER").unit, ":1");
}

#[test]
fn defect_11_yuan_and_ten_thousand_yuan_are_converted_and_never_mixed() {
    assert_eq!(unit::factor("万元", "元"), Some(Decimal::from(10_000)));
    assert_eq!(unit::factor("元", "万元"), Some(Decimal::new(1, 4)));
    assert_eq!(unit::factor("元", "人"), None);
    assert!(matches!(units("equipment + grants", "元"), Err(UnitFault::Mixed { .. })));
    assert!(matches!(units("equipment", "万元"), Err(UnitFault::Scale { .. })));
    assert_eq!(units("equipment / 10000 + grants", "万元"), Ok(()));
}

#[test]
fn defect_12_a_reason_carries_the_indicator_that_it_speaks_of() {
    let because = Because::Value {
        indicator: IndicatorCode::new("STU-ATTENDANCE").expect("a code"),
        value: Decimal::from(70),
        when: condition("< 80"),
    };
    let message = because.message();
    assert_eq!(message.args[0], ("indicator".to_owned(), "STU-ATTENDANCE".to_owned()));
    let stored = serde_json::to_string(&because).expect("JSON");
    assert_eq!(serde_json::from_str::<Because>(&stored).expect("the same"), because);
    assert!(RuleId::new("STU-ATTENDANCE").is_ok(), "the implicit rule of an indicator bears its code");
}

#[test]
fn defect_13_a_changed_definition_is_another_version_with_another_hash() {
    let first = named("school", "SCH-STUDENT-TEACHER");
    let mut second = first.clone();
    second.value = "@SCH-FULL-TIME-STUDENTS / @SCH-TEACHERS".to_owned();
    assert_ne!(indicator_hash(&first), indicator_hash(&second));
    assert_eq!(indicator_hash(&first), indicator_hash(&first.clone()));
}
