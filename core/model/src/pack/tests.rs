//! Packs from their files to merged definitions, faults with file and line.

#![allow(clippy::panic, reason = "a test that cannot go on says why")]

use super::*;
use crate::ids::IndicatorCode;

const MANIFEST: &str = "id = \"layer-student\"\nnames = { zh = \"学生\", en = \"students\" }\nversion = \"1.0.0\"\nkind = \"layer\"\nlayer = \"student\"\n";

const DATASET: &str = r#"
id = "students"
names = { zh = "学生", en = "Students" }
layer = "student"
key = ["student_id"]
object = { kind = "student", names = { zh = "学生", en = "student" }, id = "student_id", name = "name" }
field = [
  { name = "student_id", names = { zh = "学号", en = "Number" }, type = "text" },
  { name = "name", names = { zh = "姓名", en = "Name" }, type = "text" },
  { name = "fee", names = { zh = "欠费", en = "Arrears" }, type = "money", unit = "元" },
]
"#;

const INDICATORS: &str = r#"
[[point]]
id = "student.money"
names = { zh = "缴费", en = "fees" }

[[indicator]]
code = "STU-FEE"
names = { zh = "欠费", en = "Arrears" }
layer = "student"
point = "student.money"
unit = "元"
direction = "lower"
grain = "student"
period = "academic-year"
decimals = 2
value = "fee"
measures.fee = { dataset = "students", agg = "sum(fee)" }
values = { target = "<= 0", standard = "<= 100", warning = "> 500", level = "general", source = "test" }
"#;

const LEVELS: &str = "[[level]]\nid = \"general\"\nnames = { zh = \"一般\", en = \"general\" }\n";

fn files(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let base = [
        ("plugin.toml", MANIFEST),
        ("datasets/students.toml", DATASET),
        ("indicators/fees.toml", INDICATORS),
        ("policy/levels.toml", LEVELS),
    ];
    let mut files: Vec<(String, String)> =
        base.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (path, text) in changes {
        files.retain(|(own, _)| own != path);
        files.push(((*path).to_owned(), (*text).to_owned()));
    }
    files
}

fn places(faults: &[PackFault]) -> Vec<String> {
    faults.iter().map(|f| format!("{}:{}:{} {}", f.file, f.line, f.column, f.message.key)).collect()
}

fn refused(changes: &[(&str, &str)]) -> Vec<String> {
    places(&parse_pack(&files(changes)).expect_err("refused"))
}

fn definitions(changes: &[(&str, &str)]) -> Definitions {
    let pack = parse_pack(&files(changes)).unwrap_or_else(|faults| panic!("{:?}", places(&faults)));
    Definitions::merge([pack], []).unwrap_or_else(|faults| panic!("{:?}", places(&faults)))
}

fn checked(from: &str, to: &str) -> Vec<String> {
    assert!(INDICATORS.contains(from), "{from}");
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    places(&definitions(&[("indicators/fees.toml", &INDICATORS.replace(from, to))]).check(today))
}

#[test]
fn a_pack_is_read_whole_in_any_order_of_files() {
    let mut reversed = files(&[]);
    reversed.reverse();
    assert_eq!(parse_pack(&files(&[])), parse_pack(&reversed));
    let pack = parse_pack(&reversed).expect("a pack");
    assert_eq!((pack.datasets.len(), pack.points.len(), pack.indicators.len(), pack.levels.len()), (1, 1, 1, 1));
    let place = pack.places.get(&Subject::IndicatorValue("STU-FEE".into())).expect("a place");
    assert_eq!((place.file.as_str(), place.line, place.column), ("indicators/fees.toml", 16, 10));
}

#[test]
fn an_unknown_key_is_told_with_file_line_and_column() {
    let text = INDICATORS.replace("decimals = 2", "decimals = 2\ndezimals = 3");
    assert_eq!(refused(&[("indicators/fees.toml", &text)]), ["indicators/fees.toml:16:1 model-pack-unknown-key"]);
}

#[test]
fn faults_of_all_files_are_told_at_once() {
    let bad = refused(&[
        ("policy/levels.toml", "[[level]]\nid = \"general\"\n"),
        ("datasets/students.toml", &DATASET.replace("kind = \"student\"", "kind = \"Student\"")),
        ("rules/r.toml", "[[rule]]\nid = \n"),
        ("indikators/x.toml", ""),
    ]);
    assert_eq!(
        bad,
        [
            "datasets/students.toml:6:19 model-pack-syntax",
            "indikators/x.toml:1:1 model-pack-unknown-file",
            "policy/levels.toml:1:1 model-pack-missing-key",
            "rules/r.toml:2:6 model-pack-syntax",
        ]
    );
}

#[test]
fn a_pack_has_exactly_one_manifest() {
    assert_eq!(places(&parse_pack(&[]).expect_err("refused")), ["pack.toml:0:0 model-pack-no-manifest"]);
    assert_eq!(refused(&[("pack.toml", MANIFEST)]), ["plugin.toml:1:1 model-pack-two-manifests"]);
}

#[test]
fn columns_count_characters_and_not_bytes() {
    assert_eq!(place_of("学生 = x", "学生 = ".len()), (1, 6));
    assert_eq!(place_of("a\n学生", 2), (2, 1));
    assert_eq!(place_of("a\n学生", 3), (2, 1));
    assert_eq!(place_of("a", 99), (1, 2));
}

#[test]
fn two_definitions_with_one_id_are_a_fault_of_the_second_pack() {
    let first = parse_pack(&files(&[])).expect("a pack");
    let mut second = first.clone();
    second.manifest.id = crate::ids::PluginId::new("mine").expect("an id");
    let faults = Definitions::merge([first.clone(), second], []).expect_err("refused");
    assert_eq!(
        places(&faults),
        [
            "mine/datasets/students.toml:2:6 model-pack-defined-twice",
            "mine/indicators/fees.toml:7:8 model-pack-defined-twice",
        ]
    );
    let twice = Definitions::merge([first.clone(), first], []).expect_err("refused");
    assert!(twice.iter().any(|fault| fault.message.key == "model-pack-twice"));
}

#[test]
fn good_definitions_have_no_faults() {
    assert_eq!(checked("decimals = 2", "decimals = 2"), Vec::<String>::new());
}

#[test]
fn what_is_named_must_exist_and_is_told_where_it_is_named() {
    let at = |key: &str| vec![format!("layer-student/indicators/fees.toml:7:8 {key}")];
    assert_eq!(checked("point = \"student.money\"", "point = \"student.fees\""), at("model-check-no-point"));
    assert_eq!(checked("grain = \"student\"", "grain = \"class\""), at("model-check-no-kind"));
    assert_eq!(checked("dataset = \"students\"", "dataset = \"pupils\""), at("model-check-no-dataset"));
    assert_eq!(checked("value = \"fee\"", "value = \"fee + @X\""), at("model-check-no-indicator"));
    assert_eq!(checked("level = \"general\"", "level = \"purple\""), at("model-check-no-level"));
    let unknown = checked("value = \"fee\"", "value = \"fees\"");
    assert_eq!(
        unknown,
        [
            "layer-student/indicators/fees.toml:7:8 model-check-no-measure",
            "layer-student/indicators/fees.toml:7:8 model-check-unused-measure",
        ]
    );
}

#[test]
fn a_bad_expression_is_told_at_its_own_character() {
    assert_eq!(
        checked("value = \"fee\"", "value = \"fee +* 2\""),
        ["layer-student/indicators/fees.toml:16:15 model-expr-unexpected"]
    );
}

#[test]
fn units_and_values_that_contradict_are_refused() {
    let at = |key: &str| vec![format!("layer-student/indicators/fees.toml:7:8 {key}")];
    assert_eq!(checked("unit = \"元\"", "unit = \"%\""), at("model-unit-wrong"));
    assert_eq!(checked("unit = \"元\"", "unit = \"万元\""), at("model-unit-scale"));
    assert_eq!(checked("standard = \"<= 100\"", "standard = \"<= -1\""), at("model-threshold-not-nested"));
    assert_eq!(
        checked("direction = \"lower\"", "direction = \"higher\"").len(),
        3,
        "all three operators point the wrong way"
    );
    assert_eq!(checked("decimals = 2", "decimals = 2\nquantity = true"), at("model-check-quantity-judged"));
}

#[test]
fn indicators_that_need_each_other_are_a_circle_and_the_period_before_is_none() {
    let second = |value: &str| {
        let (_, one) = INDICATORS.split_once("[[indicator]]").expect("an indicator");
        let one = one.replace("STU-FEE", "STU-FEE-2").replace("zh = \"欠费\"", "zh = \"欠费二\"");
        INDICATORS.to_owned() + "[[indicator]]" + &one.replace("value = \"fee\"", value)
    };
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let keys = |first: &str, value: &str| -> Vec<String> {
        let text = second(value).replacen("value = \"fee\"", first, 1);
        definitions(&[("indicators/fees.toml", &text)]).check(today).into_iter().map(|f| f.message.key).collect()
    };
    let circle = keys("value = \"fee + @STU-FEE-2\"", "value = \"fee + @STU-FEE\"");
    assert_eq!(circle, ["model-check-circle", "model-check-circle"]);
    let before = keys("value = \"fee + prev(@STU-FEE-2)\"", "value = \"fee + @STU-FEE\"");
    assert_eq!(before, Vec::<String>::new());
    assert_eq!(keys("value = \"fee + @STU-FEE\"", "value = \"fee\""), ["model-check-circle"]);
}

#[test]
fn a_layer_switched_off_makes_what_depends_on_it_inapplicable() {
    let pack = parse_pack(&files(&[])).expect("a pack");
    let code = IndicatorCode::new("STU-FEE").expect("a code");
    let on = Definitions::merge([pack.clone()], []).expect("definitions");
    assert_eq!(on.off(&code), None);
    let off = Definitions::merge([pack], [Layer::Student]).expect("definitions");
    assert_eq!(off.off(&code), Some(Layer::Student));
}

#[test]
fn a_reference_into_a_layer_that_is_not_installed_is_no_fault() {
    let manifest = MANIFEST.to_owned() + "requires = [\"course\"]\n";
    let text = INDICATORS.replace("value = \"fee\"", "value = \"fee + @CRS-FEE\"");
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let whole = definitions(&[("plugin.toml", &manifest), ("indicators/fees.toml", &text)]);
    assert_eq!(places(&whole.check(today)), Vec::<String>::new());
    assert_eq!(whole.off(&IndicatorCode::new("STU-FEE").expect("a code")), Some(Layer::Course));
}

#[test]
fn an_editorial_edit_changes_the_content_hash_and_keeps_the_meaning() {
    let indicator = |from: &str, to: &str| {
        let changed = definitions(&[("indicators/fees.toml", &INDICATORS.replace(from, to))]);
        changed.indicators.values().next().cloned().expect("one")
    };
    let first = indicator("", "");
    let relabelled = indicator("en = \"Arrears\"", "en = \"Fees due\"");
    assert_ne!(indicator_hash(&first), indicator_hash(&relabelled));
    assert_eq!(meaning_hash(&first), meaning_hash(&relabelled));
    for (from, to) in
        [("sum(fee)", "max(fee)"), ("decimals = 2", "decimals = 1"), ("decimals = 2", "decimals = 2\nmeaning = 2")]
    {
        assert_ne!(meaning_hash(&first), meaning_hash(&indicator(from, to)), "{to}");
    }
    assert_eq!(indicator_hash(&first).len(), 64);
}

#[test]
fn thresholds_stand_in_the_order_of_packs_after_those_of_the_indicator() {
    let policy = LEVELS.to_owned()
        + "[[threshold]]\nindicator = \"STU-FEE\"\nkind = \"standard\"\nwhen = \"<= 50\"\nscope = { level = \"college\" }\nsource = \"decision\"\n";
    let merged = definitions(&[("policy/levels.toml", &policy)]);
    let code = IndicatorCode::new("STU-FEE").expect("a code");
    let spelled: Vec<String> =
        merged.thresholds_of(&code).iter().map(|threshold| format!("{} {}", threshold.kind, threshold.when)).collect();
    assert_eq!(spelled, ["target <= 0", "standard <= 100", "warning > 500", "standard <= 50"]);
}
