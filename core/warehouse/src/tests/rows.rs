//! Single rows: what is accepted, what is rejected, under which rule.

use super::*;
use zhengai_model::ids::FieldName;

const HEADERS: [&str; 9] = ["学号", "姓名", "性别", "出生日期", "入学成绩", "资助(万元)", "课程数", "住校", "最近登录"];
const GOOD: [&str; 9] = ["S1", " 王芳 ", "女", "2007年3月5日", "512.50", "0.35", "12.0", "是", "2025/9/1 8:05"];

/// The rule, column and line of a row that differs from a good one in one cell.
async fn rejected(cell: usize, text: &str) -> (String, Option<String>, u64) {
    let house = House::new();
    let mut row = GOOD;
    row[cell] = text;
    house.stage(&students(), None, "b1", file(&HEADERS, &[&GOOD, &row])).await.expect("staged");
    let rejects = house.rejects("b1").await;
    assert_eq!(rejects.len(), 1, "{text}");
    let reject = &rejects[0];
    assert_eq!(reject.file, "b1.csv");
    assert_eq!(reject.cells.len(), HEADERS.len());
    assert_eq!(reject.cells[cell], (HEADERS[cell].to_owned(), text.to_owned()));
    assert!(
        crate::CATALOGUE.iter().all(|(_, text)| text.contains(&format!("\n{} =", reject.reason.key))),
        "{reject:?}"
    );
    (reject.rule.clone(), reject.column.clone(), reject.line)
}

#[test]
fn a_good_row_is_stored_with_types_units_and_codes() {
    story(|| async {
        let house = House::new();
        house.import(&students(), "b1", LoadMode::Upsert, file(&HEADERS, &[&GOOD])).await;
        let rows = house.query(&students(), "select * from student").await;
        let line = "S1|王芳|2|2007-03-05|512.5|3500.00|12|true|2025-09-01T08:05:00|b1|2|绵阳职院";
        assert_eq!(rows, [line]);
    });
}

#[test]
fn each_row_rule_rejects_with_place_and_reason() {
    story(|| async {
        let cases: [(usize, &str, &str); 17] = [
            (0, "", "required"),
            (1, "　", "required"),
            (2, "中性", "code.unknown"),
            (3, "明天", "type.date"),
            (3, "01/02/2025", "type.date"),
            (3, "2007-02-30", "type.date"),
            (3, "1899-12-31", "range.min"),
            (4, "五百", "type.decimal"),
            (4, "NaN", "type.decimal"),
            (4, "1e400", "number.overflow"),
            (4, "751", "range.max"),
            (4, "-1", "range.min"),
            (4, "512.55", "number.digits"),
            (6, "12.5", "type.integer"),
            (6, "99999999999999999999", "number.overflow"),
            (7, "也许", "type.bool"),
            (8, "2025-09-01 25:00", "type.datetime"),
        ];
        for (cell, text, rule) in cases {
            let found = rejected(cell, text).await;
            assert_eq!(found, (rule.to_owned(), Some(HEADERS[cell].to_owned()), 3), "{text}");
        }
        assert_eq!(rejected(5, "0.123456789").await.0, "number.digits");
    });
}

#[test]
fn a_check_rejects_and_an_empty_value_satisfies_it() {
    story(|| async {
        let house = House::new();
        let mut no_courses = GOOD;
        no_courses[6] = "0";
        let mut unknown = GOOD;
        unknown[0] = "S2";
        unknown[6] = "";
        let staged =
            house.stage(&students(), None, "b1", file(&HEADERS, &[&no_courses, &unknown])).await.expect("staged");
        assert_eq!((staged.read, staged.accepted, staged.rejected), (2, 1, 1));
        let rejects = house.rejects("b1").await;
        assert_eq!(rejects[0].rule, "check.boarder-courses");
        assert!(rejects[0].reason.args.contains(&("zh".to_owned(), "住校生应有课程".to_owned())));
    });
}

#[test]
fn what_the_connector_could_not_read_is_rejected_under_its_rule() {
    story(|| async {
        let house = House::new();
        let faults = [
            (0, r#"{"rule":"row.columns","args":{"expected":"3","found":"2"}}"#),
            (
                1,
                r#"{"rule":"row.encoding","column":"学号","value":"S\ufffd","args":{"offset":"17","encoding":"gb18030"}}"#,
            ),
        ];
        let rows: [&[&str]; 3] =
            [&["2025-09-01", "S1", "到"], &["2025-09-01", "S2", "到"], &["2025-09-01", "S3", "到"]];
        let source = file_with_faults(&["日期", "学号", "状态"], &rows, &faults);
        let staged = house.stage(&marks(), None, "b1", source).await.expect("staged");
        assert_eq!((staged.accepted, staged.rejected), (1, 2));
        let rejects = house.rejects("b1").await;
        assert_eq!((rejects[0].rule.as_str(), rejects[0].line), ("row.columns", 2));
        assert_eq!((rejects[1].rule.as_str(), rejects[1].column.as_deref()), ("row.encoding", Some("学号")));
        assert!(rejects[0].reason.args.contains(&("found".to_owned(), "2".to_owned())));
    });
}

#[test]
fn a_reference_must_exist_once_the_other_dataset_has_rows() {
    story(|| async {
        let house = House::new();
        let mut marks = marks();
        marks.fields[1].references = Some("student.student_id".to_owned());
        let rows: [&[&str]; 2] = [&["2025-09-01", "S1", "到"], &["2025-09-01", "S9", "到"]];
        let staged = house.stage(&marks, None, "early", mark_rows(&rows)).await.expect("staged");
        assert_eq!(staged.rejected, 0, "nothing to compare with yet");
        house.import(&students(), "b1", LoadMode::Upsert, file(&HEADERS, &[&GOOD])).await;
        let staged = house.stage(&marks, None, "late", mark_rows(&rows)).await.expect("staged");
        assert_eq!((staged.accepted, staged.rejected), (1, 1));
        let rejects = house.rejects("late").await;
        assert_eq!((rejects[0].rule.as_str(), rejects[0].value.as_deref()), ("reference.missing", Some("S9")));
    });
}

#[test]
fn rows_that_repeat_by_right_are_kept_apart_by_their_line() {
    story(|| async {
        let house = House::new();
        let mut clicks = marks();
        clicks.fields.push(clicks.fields[1].clone());
        clicks.fields[3].name = FieldName::new("line").expect("a field name");
        clicks.key = vec![clicks.fields[3].name.clone()];
        let by_line = mapping(serde_json::json!({ "field": { "line": { "sql": "\"_line\"" } } }));
        let rows: [&[&str]; 3] =
            [&["2025-09-01", "S1", "到"], &["2025-09-01", "S1", "到"], &["2025-09-01", "S1", "到"]];
        let staged = house.stage(&clicks, Some(&by_line), "b1", mark_rows(&rows)).await.expect("staged");
        assert_eq!((staged.accepted, staged.rejected), (3, 0));
        house.warehouse.plan(&clicks, &batch("b1"), LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
        house.warehouse.apply(&clicks, &batch("b1")).await.expect("applied");
        assert_eq!(house.query(&clicks, "select line from mark order by 1").await, ["2", "3", "4"]);
        // The same file again changes nothing.
        house.stage(&clicks, Some(&by_line), "b2", mark_rows(&rows)).await.expect("staged");
        let again = house.warehouse.plan(&clicks, &batch("b2"), LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
        assert_eq!((again.new, again.unchanged), (0, 3));
    });
}

#[test]
fn a_mapping_renames_computes_defaults_and_translates() {
    story(|| async {
        let house = House::new();
        let mapping = mapping(serde_json::json!({
            "dataset": "student",
            "only": true,
            "empty": ["NULL", "—"],
            "field": {
                "student_id": {"sql": "\"前缀\" || '-' || \"编号\""},
                "name": {"column": "学生"},
                "sex": {"column": "gender", "codes": {"M": "男", "F": "2"}},
                "born": {"column": "birthday", "date": "%d/%m/%Y"},
                "score": {"sql": "cast(\"总分\" as decimal(10, 1)) / 2"},
                "grant": {"column": "资助", "unit": "万元", "default": "0"},
                "courses": {"value": "7"}
            }
        }));
        let headers = ["前缀", "编号", "学生", "gender", "birthday", "总分", "资助", "备注"];
        let rows: [&[&str]; 3] = [
            &["A", "1", "甲", "M", "05/03/2007", "900", "NULL", "x"],
            &["A", "2", "乙", "F", "2007-03-06", "901", "1.5", ""],
            &["A", "3", "丙", "F", "05/03/2007", "不详", "1", ""],
        ];
        let staged = house.stage(&students(), Some(&mapping), "b1", file(&headers, &rows)).await.expect("staged");
        assert_eq!((staged.accepted, staged.rejected), (2, 1));
        assert_eq!(staged.notices.len(), 1, "one column is ignored: {:?}", staged.notices);
        assert_eq!(house.rejects("b1").await[0].rule, "mapping.sql");
        house.warehouse.plan(&students(), &batch("b1"), LoadMode::Upsert, &NO_GUARDS).await.expect("planned");
        house.warehouse.apply(&students(), &batch("b1")).await.expect("applied");
        let sql = "select student_id, name, sex, born, score, \"grant\", courses, boarder from student order by 1";
        let rows = house.query(&students(), sql).await;
        assert_eq!(rows, ["A-1|甲|1|2007-03-05|450.0|0.00|7|", "A-2|乙|2|2007-03-06|450.5|15000.00|7|"]);
    });
}
