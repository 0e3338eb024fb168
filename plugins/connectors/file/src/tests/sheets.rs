//! Workbooks: headers, canonical values, faults.

use super::xls_file::{Cell, container, workbook};
use super::{discover, gz, read, read_with, refused};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use serde_json::json;

pub(super) fn xlsx(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("成绩").unwrap();
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn put(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (column, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, column as u16, *text).unwrap();
    }
}

/// One cell below a header, as it is read.
fn value(write: impl FnOnce(&mut Worksheet)) -> String {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["键", "值"]);
        put(sheet, 1, &["k"]);
        write(sheet);
    });
    read("a.xlsx", &bytes).unwrap().texts()[0][1].to_owned()
}

fn number(value_written: f64) -> String {
    value(|sheet| {
        sheet.write_number(1, 1, value_written).unwrap();
    })
}

fn date(serial: f64, code: &str) -> String {
    value(|sheet| {
        sheet.write_number_with_format(1, 1, serial, &Format::new().set_num_format(code)).unwrap();
    })
}

#[test]
fn a_plain_sheet_is_read() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["学号", "姓名"]);
        put(sheet, 1, &["2025001", "张三"]);
        put(sheet, 2, &["2025002", "李 四 "]);
    });
    let got = read("成绩.xlsx", &bytes).unwrap();
    assert_eq!(got.columns, ["学号", "姓名"]);
    assert_eq!(got.texts(), [["2025001", "张三"], ["2025002", "李 四 "]]);
    assert_eq!((got.lines.clone(), got.metadata["sheet"].as_str()), (vec![2, 3], "成绩"));
    assert!(got.notices().is_empty());
}

#[test]
fn numbers_have_no_float_noise() {
    assert_eq!(number(0.1), "0.1");
    assert_eq!(number(0.1 + 0.2), "0.3");
    assert_eq!(number(85.4), "85.4");
    assert_eq!(number(100.0), "100");
    assert_eq!(number(-1.5), "-1.5");
    assert_eq!(number(123_456_789_012.0), "123456789012");
    assert_eq!(number(0.000_012), "0.000012");
}

#[test]
fn dates_follow_the_format_of_the_cell() {
    assert_eq!(date(45_901.0, "yyyy-mm-dd"), "2025-09-01");
    assert_eq!(date(45_901.0, "yyyy\"年\"m\"月\"d\"日\""), "2025-09-01");
    assert_eq!(date(45_901.5, "yyyy/m/d h:mm"), "2025-09-01T12:00:00");
    assert_eq!(date(0.75, "h:mm:ss"), "18:00:00");
    assert_eq!(date(1.5, "[h]:mm:ss"), "36:00:00");
    assert_eq!(date(0.75, "h:mm AM/PM"), "18:00:00");
}

#[test]
fn number_formats_with_letters_in_quotes_or_colours_are_no_dates() {
    assert_eq!(date(12.0, "0\"d\""), "12");
    assert_eq!(date(12.0, "[Red]0.00"), "12");
    assert_eq!(date(0.85, "0%"), "0.85");
}

#[test]
fn the_first_days_of_1900_follow_the_spreadsheet() {
    assert_eq!(date(1.0, "yyyy-mm-dd"), "1900-01-01");
    assert_eq!(date(59.0, "yyyy-mm-dd"), "1900-02-28");
    assert_eq!(date(61.0, "yyyy-mm-dd"), "1900-03-01");
    assert_eq!(date(60.0, "yyyy-mm-dd"), "60");
}

#[test]
fn dates_written_as_dates_come_back() {
    let text = value(|sheet| {
        let format = Format::new().set_num_format_index(14);
        sheet.write_datetime_with_format(1, 1, ExcelDateTime::from_ymd(2024, 2, 29).unwrap(), &format).unwrap();
    });
    assert_eq!(text, "2024-02-29");
}

#[test]
fn truth_values_and_formulas_give_their_values() {
    let truth = value(|sheet| {
        sheet.write_boolean(1, 1, true).unwrap();
    });
    let formula = value(|sheet| {
        sheet.write_formula(1, 1, Formula::new("=A1&\"x\"").set_result("缓存")).unwrap();
    });
    assert_eq!((truth.as_str(), formula.as_str()), ("true", "缓存"));
}

#[test]
fn an_error_value_is_a_fault_of_its_row() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["键", "值"]);
        put(sheet, 1, &["a"]);
        sheet.write_formula(1, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
        put(sheet, 2, &["b", "1"]);
    });
    let got = read("a.xlsx", &bytes).unwrap();
    assert_eq!(got.rules(), ["cell.error", ""]);
    let fault = got.faults[0].clone().unwrap();
    assert_eq!((&fault["column"], &fault["value"]), (&json!("值"), &json!("#N/A")));
}

#[test]
fn a_title_above_and_two_header_rows_with_merged_cells_are_understood() {
    let bytes = xlsx(|sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 4, "2025-2026学年第一学期成绩表", &format).unwrap();
        sheet.merge_range(1, 0, 1, 1, "学院：机电", &format).unwrap();
        sheet.merge_range(1, 2, 1, 4, "打印日期：2025-09-01", &format).unwrap();
        sheet.merge_range(2, 0, 3, 0, "学号", &format).unwrap();
        sheet.merge_range(2, 1, 3, 1, "姓\n名", &format).unwrap();
        sheet.merge_range(2, 2, 2, 4, "成绩", &format).unwrap();
        put(sheet, 3, &["", "", "平时", "期末", "总评"]);
        put(sheet, 4, &["1", "张三"]);
        (2..5).for_each(|column| {
            sheet.write_number(4, column, 80.5).unwrap();
        });
    });
    let got = read("a.xlsx", &bytes).unwrap();
    assert_eq!(got.columns, ["学号", "姓名", "成绩/平时", "成绩/期末", "成绩/总评"]);
    assert_eq!(got.texts(), [["1", "张三", "80.5", "80.5", "80.5"]]);
    assert_eq!((got.lines.clone(), got.metadata["header_line"].as_str()), (vec![5], "3"));
    assert_eq!(got.notices(), ["file.title-rows"]);
}

#[test]
fn text_rows_below_a_plain_header_are_data() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["学号", "姓名", "性别"]);
        put(sheet, 1, &["a", "张三", "男"]);
    });
    assert_eq!(read("a.xlsx", &bytes).unwrap().lines, [2]);
}

#[test]
fn stated_rows_win_over_detection() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["甲", "乙"]);
        put(sheet, 1, &["丙", "丁"]);
        put(sheet, 2, &["1", "2"]);
    });
    let got = read_with("a.xlsx", &bytes, json!({ "skip_rows": 1 })).unwrap();
    assert_eq!((got.columns, got.lines), (vec!["丙".to_owned(), "丁".to_owned()], vec![3]));
    let got = read_with("a.xlsx", &bytes, json!({ "header_rows": 2 })).unwrap();
    assert_eq!(got.columns, ["甲/丙", "乙/丁"]);
}

#[test]
fn cells_merged_over_data_rows_are_told() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["系部", "专业"]);
        put(sheet, 1, &["", "机电"]);
        put(sheet, 2, &["", "数控"]);
        sheet.merge_range(1, 0, 2, 0, "机械系", &Format::new()).unwrap();
    });
    let got = read("a.xlsx", &bytes).unwrap();
    assert_eq!(got.texts(), [["机械系", "机电"], ["", "数控"]]);
    assert_eq!(got.notices(), ["file.merged-rows"]);
}

#[test]
fn a_table_that_begins_off_the_corner_is_found() {
    let bytes = xlsx(|sheet| {
        put(sheet, 3, &["", "", "键", "值"]);
        put(sheet, 4, &["", "", "a", "1"]);
    });
    let got = read("a.xlsx", &bytes).unwrap();
    assert_eq!((got.columns.clone(), got.texts()), (vec!["键".to_owned(), "值".to_owned()], vec![vec!["a", "1"]]));
    assert_eq!(got.lines, [5]);
}

#[test]
fn rows_without_content_are_left_out() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["a", "b"]);
        put(sheet, 1, &["1", "2"]);
        put(sheet, 4, &["3", "4"]);
        (5..9).for_each(|row| {
            sheet.write_blank(row, 0, &Format::new().set_bold()).unwrap();
        });
    });
    assert_eq!(read("a.xlsx", &bytes).unwrap().lines, [2, 5]);
}

#[test]
fn sheets_are_chosen_by_name_and_all_discovered() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("封面").unwrap();
    put(book.add_worksheet().set_name("甲").unwrap(), 0, &["a", "b"]);
    put(book.add_worksheet().set_name("乙").unwrap(), 0, &["c", "d"]);
    put(book.add_worksheet().set_name("丙").unwrap(), 0, &["c", "c"]);
    put(book.add_worksheet().set_name("藏").unwrap().set_hidden(true), 0, &["e", "f"]);
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read("a.xlsx", &bytes).unwrap().columns, ["a", "b"]);
    assert_eq!(read_with("a.xlsx", &bytes, json!({ "sheet": "乙" })).unwrap().columns, ["c", "d"]);
    let error = read_with("a.xlsx", &bytes, json!({ "sheet": "丁" })).unwrap_err();
    assert_eq!((error.key.as_str(), super::arg(&error, "sheets")), ("file-no-sheet", "封面, 甲, 乙, 丙"));
    let found = discover("a.xlsx", &bytes).unwrap();
    let names: Vec<&str> =
        found["streams"].as_array().unwrap().iter().map(|stream| stream["sheet"].as_str().unwrap()).collect();
    assert_eq!(names, ["甲", "乙", "丙"]);
    assert_eq!(found["streams"][2]["error"]["key"], "file-header-duplicate");
}

#[test]
fn a_cell_beyond_the_columns_late_in_the_sheet_is_a_fault() {
    let bytes = xlsx(|sheet| {
        put(sheet, 0, &["a", "b"]);
        (1..80).for_each(|row| put(sheet, row, &["1", "2"]));
        put(sheet, 80, &["1", "2", "", "备注"]);
    });
    let got = read("a.xlsx", &bytes).unwrap();
    let fault = got.faults.last().unwrap().clone().unwrap();
    assert_eq!(
        (&fault["rule"], &fault["column"], &fault["value"]),
        (&json!("row.columns"), &json!("#4"), &json!("备注"))
    );
    assert!(got.faults[..79].iter().all(Option::is_none));
}

#[test]
fn a_duplicate_header_names_columns_sheet_and_line() {
    let bytes = xlsx(|sheet| put(sheet, 0, &["学号", "成绩", "成绩"]));
    let error = refused("a.xlsx", &bytes);
    assert_eq!(error.key, "file-header-duplicate");
    assert_eq!(
        (super::arg(&error, "columns"), super::arg(&error, "sheet"), super::arg(&error, "line")),
        ("成绩", "成绩", "1")
    );
}

#[test]
fn xlsx_in_gz_or_under_another_name_is_read_and_told() {
    let bytes = xlsx(|sheet| put(sheet, 0, &["a", "b"]));
    assert_eq!(read("a.xlsx.gz", &gz(&bytes)).unwrap().columns, ["a", "b"]);
    assert_eq!(read("a.xls", &bytes).unwrap().notices(), ["file.format"]);
    assert_eq!(read("a.csv", &bytes).unwrap().notices(), ["file.format"]);
}

#[test]
fn xls_is_read_and_told_when_named_xlsx() {
    let cells = [
        (0, 0, Cell::Text("学号")),
        (0, 1, Cell::Text("入学日期")),
        (0, 2, Cell::Text("成绩")),
        (1, 0, Cell::Text("2025001")),
        (1, 1, Cell::Date(45_901.0)),
        (1, 2, Cell::Number(85.4)),
    ];
    let bytes = container("Workbook", &workbook("表一", &cells));
    let got = read("a.xls", &bytes).unwrap();
    assert_eq!(got.columns, ["学号", "入学日期", "成绩"]);
    assert_eq!(got.texts(), [["2025001", "2025-09-01", "85.4"]]);
    assert_eq!((got.lines.clone(), got.metadata["sheet"].as_str()), (vec![2], "表一"));
    assert!(got.notices().is_empty());
    assert_eq!(read("a.xlsx", &bytes).unwrap().notices(), ["file.format"]);
}

#[test]
fn an_xls_cell_far_out_is_refused_before_memory_is_taken() {
    let cells = [(0, 0, Cell::Text("a")), (65_535, 65_535, Cell::Number(1.0))];
    assert_eq!(refused("a.xls", &container("Workbook", &workbook("s", &cells))).key, "file-bad-workbook");
}

#[test]
fn an_xls_sheet_that_claims_a_huge_extent_is_refused_before_memory_is_taken() {
    let cells = [(0, 0, Cell::Text("a")), (0, 1, Cell::Extent(4_000_000_000, 60_000))];
    assert_eq!(refused("a.xls", &container("Workbook", &workbook("s", &cells))).key, "file-bad-workbook");
    let cells = [(0, 0, Cell::Text("a")), (0, 1, Cell::Extent(1, 2)), (0, 1, Cell::Text("b"))];
    assert_eq!(read("a.xls", &container("Workbook", &workbook("s", &cells))).unwrap().columns, ["a", "b"]);
}
