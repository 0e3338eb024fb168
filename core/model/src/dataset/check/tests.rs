//! Declarations of datasets that hold together, and the faults of those that do not.

#![allow(clippy::panic, reason = "a test that cannot go on says why")]

use super::*;

const GOOD: &str = r#"
id = "projects"
names = { zh = "课题", en = "Projects" }
key = ["project_no"]
time = { field = "started", by = "date" }
object = { kind = "project", names = { zh = "课题", en = "project" }, id = "project_no", name = "title" }
edge = [{ child = "project", child_field = "project_no", parent = "teacher", parent_field = "teacher_no" }]
field = [
  { name = "project_no", names = { zh = "编号", en = "Number" }, type = "text", required = true },
  { name = "title", names = { zh = "名称", en = "Title" }, type = "text" },
  { name = "teacher_no", names = { zh = "工号", en = "Staff number" }, type = "text", references = "teachers.teacher_no" },
  { name = "level", names = { zh = "级别", en = "Level" }, type = "code", codes = "level" },
  { name = "started", names = { zh = "立项日期", en = "Started" }, type = "date", min = "2000-01-01" },
  { name = "funds", names = { zh = "到款", en = "Funds" }, type = "money", unit = "元", min = "0", max = "10" },
]
[codes.level.code]
state = { zh = "国家级", en = "state" }
"#;

fn keys(text: &str) -> Vec<String> {
    let dataset: Dataset = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    check_dataset(&dataset).into_iter().map(|message| message.key).collect()
}

fn check(from: &str, to: &str, expect: &[&str]) {
    assert!(GOOD.contains(from), "{from}");
    assert_eq!(keys(&GOOD.replace(from, to)), expect, "{from} → {to}");
}

#[test]
fn a_good_dataset_has_no_faults() {
    assert_eq!(keys(GOOD), Vec::<String>::new());
}

#[test]
fn key_time_object_and_edge_fields_must_exist() {
    check("key = [\"project_no\"]", "key = []", &["model-dataset-no-key", "model-dataset-object-key"]);
    check("key = [\"project_no\"]", "key = [\"project_no\", \"year\"]", &["model-dataset-no-field"]);
    check("field = \"started\"", "field = \"begun\"", &["model-dataset-no-field"]);
    check("name = \"title\" }", "name = \"label\" }", &["model-dataset-no-field"]);
    check("parent_field = \"teacher_no\"", "parent_field = \"leader\"", &["model-dataset-no-field"]);
    check(
        "parent_field = \"teacher_no\"",
        "parent_field = \"teacher_no\", to = \"started\"",
        &["model-dataset-edge-without-start"],
    );
}

#[test]
fn money_without_a_unit_is_refused() {
    check("type = \"money\", unit = \"元\"", "type = \"money\"", &["model-dataset-money-without-unit"]);
    check("type = \"money\", unit = \"元\"", "type = \"money\", unit = \"人\"", &["model-dataset-money-without-unit"]);
    check("type = \"money\", unit = \"元\"", "type = \"decimal\", unit = \"元\"", &["model-dataset-money-type"]);
}

#[test]
fn a_code_field_needs_a_table_that_is_there() {
    check(", codes = \"level\"", "", &["model-dataset-code-without-table"]);
    check("codes = \"level\"", "codes = \"rank\"", &["model-dataset-no-table"]);
    check("type = \"code\", codes", "type = \"text\", codes", &["model-dataset-table-without-code"]);
}

#[test]
fn bounds_fit_the_type_and_do_not_cross() {
    check("min = \"0\"", "min = \"zero\"", &["model-dataset-bound"]);
    check("min = \"0\"", "min = \"11\"", &["model-dataset-bounds-crossed"]);
    check("min = \"2000-01-01\"", "min = \"2000\"", &["model-dataset-bound"]);
    check("min = \"0\", max = \"10\"", "min = \"9\", max = \"10\"", &[]);
}

#[test]
fn a_header_means_one_field_and_a_name_stands_once() {
    check("zh = \"名称\"", "zh = \"编号\"", &["model-dataset-header-twice"]);
    check(
        "name = \"title\", names = { zh = \"名称\"",
        "name = \"level\", names = { zh = \"名称\"",
        &["model-dataset-field-twice", "model-dataset-header-twice", "model-dataset-no-field"],
    );
}

#[test]
fn time_and_references_have_the_right_shape() {
    check("by = \"date\"", "by = \"period\"", &["model-dataset-time-type"]);
    check("teachers.teacher_no", "teachers", &["model-dataset-reference"]);
}
