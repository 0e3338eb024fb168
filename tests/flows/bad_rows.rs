//! Rows that cannot be taken: each is kept with its place, rule and reason, and the good rows of the same file come in.

use crate::harness::College;
use crate::samples::{DEPARTMENTS, counts, departments, import, rejects, table};

/// Imports a file and gives its batch, asserting how many rows came in and how many were kept aside.
#[track_caller]
fn partly(college: &College, name: &str, content: &[u8], dataset: &str, good: u64, bad: u64) -> String {
    let file = college.file(name, content);
    let done = counts(college, &file, dataset, &[]);
    assert_eq!((done["new"].as_u64(), done["rejected"].as_u64()), (Some(good), Some(bad)), "{done}");
    done["batch"].as_str().expect("an id").to_owned()
}

/// The reasons of a batch in a language, one text.
fn reasons(college: &College, batch: &str, language: &str) -> String {
    college.run(&["batch", "rejects", batch, "--lang", language]).good().out
}

#[track_caller]
fn explains(college: &College, batch: &str, chinese: &[&str], english: &[&str]) {
    for (language, parts) in [("zh-CN", chinese), ("en", english)] {
        let text = reasons(college, batch, language);
        assert!(!text.contains('⟦'), "{text}");
        for part in parts {
            assert!(text.contains(part), "`{part}` is not in:\n{text}");
        }
    }
}

#[test]
fn a_key_twice_in_a_file_keeps_one_of_equal_rows_and_neither_of_different_ones() {
    let college = College::new();
    let rows = [
        "D1,一系,教学单位,S1,2001-09-01",
        "D1,乙系,教学单位,S1,2001-09-01",
        "D2,二系,教学单位,S1,2001-09-01",
        "D2,二系,教学单位,S1,2001/9/1",
        "D3,三系,教学单位,S1,",
    ];
    let batch = partly(&college, "twice.csv", departments(&rows).as_bytes(), "departments", 2, 3);
    let found = rejects(&college, &batch);
    let places: Vec<(u64, &str)> = found.iter().map(|(line, _, rule)| (*line, rule.as_str())).collect();
    assert_eq!(places, [(2, "key.conflict"), (3, "key.conflict"), (5, "key.duplicate")]);
    explains(&college, &batch, &["D1", "第 3 行", "只保留一行"], &["D1", "3", "keep"]);
    assert_eq!(table(&college, "departments").map(|(rows, _)| rows), Some(2));
}

#[test]
fn numbers_that_are_none_or_too_large_are_kept_as_they_were_written() {
    let college = College::new();
    let file = "学校代码,财政年度,收支类型,经费项目,实际金额(元)\n\
        S1,CY2025,收入,学费收入,12.50\n\
        S1,CY2025,支出,设备采购,十二\n\
        S1,CY2025,支出,日常教学经费,1e400\n\
        S1,CY2025,支出,图书购置,12.345\n\
        S1,CY2025,支出,师资建设,-1\n\
        S1,CY2025,支出,教材,1\n";
    let batch = partly(&college, "budget.csv", file.as_bytes(), "budget", 1, 5);
    let rules: Vec<(u64, String)> = rejects(&college, &batch).into_iter().map(|(line, _, rule)| (line, rule)).collect();
    let expected =
        [(3, "type.decimal"), (4, "number.overflow"), (5, "number.digits"), (6, "range.min"), (7, "code.unknown")];
    assert_eq!(rules, expected.map(|(line, rule)| (line, rule.to_owned())));
    explains(
        &college,
        &batch,
        &["实际金额", "十二", "1e400", "超出可存储的范围", "不舍入", "最小值 0", "教材", "可用的有"],
        &["实际金额", "十二", "1e400", "too large", "12.345", "-1", "教材", "It has"],
    );
}

#[test]
fn dates_in_five_styles_are_the_same_day_and_nonsense_is_none() {
    let college = College::new();
    let styles = ["2001-09-01", "2001/9/1", "2001.9.1", "20010901", "2001年9月1日"];
    let mut rows: Vec<String> =
        (1..).zip(styles).map(|(number, day)| format!("D{number},某系,教学单位,S1,{day}")).collect();
    rows.push("D6,某系,教学单位,S1,上个月".to_owned());
    rows.push("D7,某系,教学单位,S1,2001-02-30".to_owned());
    let text = format!("{DEPARTMENTS}{}\n", rows.join("\n"));
    let batch = partly(&college, "days.csv", text.as_bytes(), "departments", 5, 2);
    let found = rejects(&college, &batch);
    let expected =
        [(7, "设立日期".to_owned(), "type.date".to_owned()), (8, "设立日期".to_owned(), "type.date".to_owned())];
    assert_eq!(found, expected);
    explains(&college, &batch, &["上个月", "2025年9月1日"], &["上个月", "2025-09-01"]);
    let iso: Vec<String> = (1..=5).map(|number| format!("D{number},某系,教学单位,S1,2001-09-01")).collect();
    let iso = college.file("iso.csv", format!("{DEPARTMENTS}{}\n", iso.join("\n")));
    assert_eq!(counts(&college, &iso, "departments", &["--dry-run"])["unchanged"], 5);
}

#[test]
fn half_a_character_is_a_reject_of_its_row_alone() {
    let college = College::new();
    let text = departments(&["D1,一系,教学单位,S1,", "D2,二系,教学单位,S1,", "D3,三系,教学单位,S1,"]);
    let whole = "二系".as_bytes();
    let at = text.as_bytes().windows(whole.len()).position(|window| window == whole).expect("it is there");
    let mut bytes = text.into_bytes();
    bytes.remove(at + whole.len() - 1);
    let batch = partly(&college, "half.csv", &bytes, "departments", 2, 1);
    assert_eq!(rejects(&college, &batch), [(3, "部门名称".to_owned(), "row.encoding".to_owned())]);
    explains(&college, &batch, &["half.csv", "utf-8", "字节", "重新导出"], &["half.csv", "utf-8", "byte"]);
}

#[test]
fn rows_that_the_connector_cannot_read_say_why() {
    let college = College::new();
    let text = departments(&["D1,一系,教学单位,S1,", "D2,二系,教学单位,S1,,,多了", "D3,三系"]);
    let batch = partly(&college, "ragged.csv", text.as_bytes(), "departments", 1, 2);
    let rules: Vec<(u64, String)> = rejects(&college, &batch).into_iter().map(|(line, _, rule)| (line, rule)).collect();
    assert_eq!(rules, [(3, "row.columns".to_owned()), (4, "row.columns".to_owned())]);
    explains(&college, &batch, &["7 个单元格", "表头有 5 个", "分隔符"], &["7 cells", "5"]);

    let lines = "{\"department_code\":\"D4\",\"name\":\"四系\",\"kind\":\"teaching\",\"school_code\":\"S1\"}\n{oops}\n";
    let batch = partly(&college, "lines.jsonl", lines.as_bytes(), "departments", 1, 1);
    assert_eq!(rejects(&college, &batch)[0].2, "row.syntax");
    explains(&college, &batch, &["JSON"], &["JSON"]);

    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.set_name("部门").expect("a name");
    for (column, cell) in (0..).zip(["部门代码", "部门名称", "部门类别", "学校代码"]) {
        page.write_string(0, column, cell).expect("a cell");
    }
    for (column, cell) in (0..).zip(["D5", "五系", "教学单位"]) {
        page.write_string(1, column, cell).expect("a cell");
    }
    page.write_formula(1, 3, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell");
    let bytes = book.save_to_buffer().expect("memory");
    let batch = partly(&college, "broken.xlsx", &bytes, "departments", 0, 1);
    let shown = college.json(&["batch", "rejects", &batch]);
    assert_eq!((&shown[0]["sheet"], &shown[0]["line"]), (&"部门".into(), &2.into()), "{shown}");
    assert_eq!((&shown[0]["rule"], &shown[0]["column"]), (&"cell.error".into(), &"学校代码".into()), "{shown}");
    explains(&college, &batch, &["部门", "#DIV/0!", "公式"], &["#DIV/0!", "formula"]);
}

#[test]
fn what_the_connector_notices_only_at_the_end_is_told_as_well() {
    let college = College::new();
    let text = format!("{DEPARTMENTS}D1,一系,教学单位,S1,\n\n,,,,\nD2,二系,教学单位,S1,\n");
    let file = college.file("gaps.csv", text);
    import(&college, &file, "departments", &[]).good().says(&["gaps.csv", "个空行"]);
    import(&college, &file, "departments", &["--lang", "en"]).good().says(&["gaps.csv", "blank rows"]);
}
