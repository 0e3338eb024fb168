//! Delimited text and JSON lines.

use super::{discover, encode, gz, read, read_path, read_with, utf16};
use encoding_rs::{GB18030, GBK};
use serde_json::json;

const ROSTER: &str = "学号,姓名,专业\n2025001,张三,机电一体化\n2025002,李四,软件技术\n";

fn check_roster(name: &str, bytes: &[u8], encoding: &str) {
    let got = read(name, bytes).unwrap();
    assert_eq!(got.columns, ["学号", "姓名", "专业"]);
    assert_eq!(got.texts(), [["2025001", "张三", "机电一体化"], ["2025002", "李四", "软件技术"]]);
    assert_eq!(got.lines, [2, 3]);
    assert_eq!(got.rules(), ["", ""]);
    assert_eq!(got.metadata["encoding"], encoding);
    assert!(got.notices().is_empty(), "{:?}", got.notices());
}

#[test]
fn utf8_without_mark_is_read() {
    check_roster("名单.csv", ROSTER.as_bytes(), "utf-8");
}

#[test]
fn utf8_mark_is_not_part_of_the_first_header() {
    check_roster("名单.csv", format!("\u{feff}{ROSTER}").as_bytes(), "utf-8");
}

#[test]
fn gbk_is_detected() {
    check_roster("名单.csv", &encode(ROSTER, GBK), "gb18030");
}

#[test]
fn four_byte_gb18030_is_decoded() {
    let text = "学号,姓名\n1,𠮷野\n";
    assert_eq!(read("a.csv", &encode(text, GB18030)).unwrap().texts(), [["1", "𠮷野"]]);
}

#[test]
fn utf16_with_mark_is_detected_in_both_orders() {
    let marked = format!("\u{feff}{ROSTER}");
    check_roster("a.csv", &utf16(&marked, false), "utf-16le");
    check_roster("a.csv", &utf16(&marked, true), "utf-16be");
}

#[test]
fn utf16_without_mark_is_detected_in_both_orders() {
    check_roster("a.csv", &utf16(ROSTER, false), "utf-16le");
    check_roster("a.csv", &utf16(ROSTER, true), "utf-16be");
}

#[test]
fn gz_is_read_by_content_even_without_the_extension() {
    check_roster("名单.csv.gz", &gz(&encode(ROSTER, GBK)), "gb18030");
    check_roster("名单.csv", &gz(ROSTER.as_bytes()), "utf-8");
}

#[test]
fn gbk_that_begins_after_much_ascii_is_detected() {
    let ascii = "1234567,abcdefg,x\n".repeat(10_000);
    let bytes = encode(&format!("id,name,c\n{ascii}9,张三丰,机电\n"), GBK);
    let got = read("a.csv", &bytes).unwrap();
    assert_eq!(got.texts().last().unwrap(), &["9", "张三丰", "机电"]);
    assert_eq!(got.metadata["encoding"], "gb18030");
}

#[test]
fn a_stated_encoding_wins() {
    let got = read_with("a.csv", &encode(ROSTER, GBK), json!({ "encoding": "gbk" })).unwrap();
    assert_eq!(got.columns[0], "学号");
}

#[test]
fn half_a_character_spoils_its_row_only() {
    let mut bytes = "学号,姓名,班级\n1,张三,机电一班\n2,李".as_bytes().to_vec();
    bytes.pop();
    let offset = bytes.len() - 2;
    bytes.extend_from_slice(",软件\n3,王五,软件二班\n".as_bytes());
    let got = read("a.csv", &bytes).unwrap();
    assert_eq!(got.rules(), ["", "row.encoding", ""]);
    let fault = got.faults[1].clone().unwrap();
    assert_eq!(fault["column"], "姓名");
    assert_eq!(fault["args"]["offset"], offset.to_string());
    assert_eq!(got.texts()[1], ["2", "\u{fffd}", "软件"]);
    assert_eq!(got.texts()[2], ["3", "王五", "软件二班"]);
}

#[test]
fn a_file_cut_in_the_middle_of_a_character_spoils_its_last_row() {
    let mut bytes = encode("学号,姓名,专业\n1,张三丰,机电\n2,李四光,软件", GBK);
    bytes.pop();
    let got = read("a.csv", &bytes).unwrap();
    assert_eq!(got.rules(), ["", "row.encoding"]);
    assert_eq!(got.faults[1].clone().unwrap()["column"], "专业");
}

#[test]
fn a_bad_byte_in_a_skipped_line_does_not_shift_the_offsets() {
    let mut bytes = "标题".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xe5\x8d\n");
    bytes.extend_from_slice("学号,姓名,学院\n1,张三,机电工程学院\n2,".as_bytes());
    let offset = bytes.len();
    bytes.extend_from_slice(b"\xff,x\n");
    let got = read_with("a.csv", &bytes, json!({ "skip_rows": 1, "encoding": "utf-8" })).unwrap();
    assert_eq!(got.faults[1].clone().unwrap()["args"]["offset"], offset.to_string());
}

#[test]
fn delimiters_are_detected() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = format!("甲{delimiter}乙{delimiter}丙\n1{delimiter}2.5{delimiter}x\n2{delimiter}3.5{delimiter}y\n");
        let got = read("a.txt", text.as_bytes()).unwrap();
        assert_eq!(got.columns, ["甲", "乙", "丙"]);
        assert_eq!(got.metadata["delimiter"], delimiter);
    }
}

#[test]
fn semicolons_win_over_decimal_commas() {
    let got = read("a.csv", b"a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n").unwrap();
    assert_eq!(got.texts()[0], ["1,5", "2,5", "3,5"]);
}

#[test]
fn a_delimiter_that_is_part_of_a_gbk_character_does_not_split_it() {
    // The second byte of this character is 0x7c, a vertical bar.
    let bytes = encode("名称|代码\n亅亅|1\n", GBK);
    assert!(bytes.iter().filter(|byte| **byte == b'|').count() >= 2);
    assert_eq!(read("a.txt", &bytes).unwrap().texts(), [["亅亅", "1"]]);
}

#[test]
fn one_column_needs_no_delimiter() {
    let got = read("a.csv", "学号\n1\n2\n".as_bytes()).unwrap();
    assert_eq!((got.columns.len(), got.texts().len()), (1, 2));
}

#[test]
fn the_line_that_declares_a_delimiter_is_no_header() {
    let got = read("a.csv", b"sep=;\r\na;b\r\n1;2\r\n").unwrap();
    assert_eq!((got.columns, got.lines), (vec!["a".to_owned(), "b".to_owned()], vec![3]));
}

#[test]
fn quoted_line_ends_and_quotes_are_part_of_the_cell_and_lines_stay_physical() {
    let text = "编号,备注\r\n1,\"第一行\r\n第二行\"\r\n\r\n2,\"他说\"\"好\"\"\"\r\n3,末\r\n";
    let got = read("a.csv", text.as_bytes()).unwrap();
    assert_eq!(got.texts(), [["1", "第一行\r\n第二行"], ["2", "他说\"好\""], ["3", "末"]]);
    assert_eq!(got.lines, [2, 5, 6]);
}

#[test]
fn lone_carriage_returns_end_lines() {
    let got = read("a.csv", b"a,b\r1,2\r3,4").unwrap();
    assert_eq!((got.texts(), got.lines.clone()), (vec![vec!["1", "2"], vec!["3", "4"]], vec![2, 3]));
}

#[test]
fn a_quote_inside_a_cell_is_an_ordinary_character() {
    let got = read("a.csv", b"size,n\n5\" disk,1\n6,2\n").unwrap();
    assert_eq!(got.texts(), [["5\" disk", "1"], ["6", "2"]]);
}

#[test]
fn ragged_rows_are_faults_and_the_others_go_on() {
    let got = read("a.csv", b"a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,\n").unwrap();
    assert_eq!(got.rules(), ["row.columns", "", "row.columns", ""]);
    let fault = got.faults[2].clone().unwrap();
    assert_eq!((&fault["args"]["expected"], &fault["args"]["found"]), (&json!("3"), &json!("4")));
    assert_eq!(got.texts()[0], ["1", "2", ""]);
}

#[test]
fn an_empty_cell_is_null() {
    assert_eq!(read("a.csv", b"a,b\n1,\n").unwrap().rows, [[Some("1".to_owned()), None]]);
}

#[test]
fn formulas_are_left_as_they_are() {
    assert_eq!(read("a.csv", b"a,b\n=1+1,@x\n").unwrap().texts(), [["=1+1", "@x"]]);
}

#[test]
fn header_only_gives_no_rows_and_no_error() {
    let got = read("a.csv", b"a,b\n").unwrap();
    assert_eq!((got.columns.len(), got.rows.len()), (2, 0));
}

#[test]
fn title_lines_above_the_header_are_skipped_and_told() {
    let got = read("a.csv", "2025级学生名单,,\n学号,姓名,性别\n1,张三,男\n".as_bytes()).unwrap();
    assert_eq!(got.columns, ["学号", "姓名", "性别"]);
    assert_eq!((got.lines.clone(), got.notices()), (vec![3], vec!["file.title-rows".to_owned()]));
}

#[test]
fn a_comma_in_one_line_of_a_single_column_does_not_make_that_line_the_header() {
    let got = read("a.csv", "备注\n好\n很好, 真的\n一般\n".as_bytes()).unwrap();
    assert_eq!((got.columns.clone(), got.rules()), (vec!["备注".to_owned()], vec!["", "row.columns", ""]));
}

#[test]
fn stated_header_rows_are_joined() {
    let text = "导出时间,2025-09-01,\n学号,成绩,\n,平时,期末\n1,80,90\n";
    let got = read_with("a.csv", text.as_bytes(), json!({ "skip_rows": 1, "header_rows": 2 })).unwrap();
    assert_eq!(got.columns, ["学号", "成绩/平时", "成绩/期末"]);
    assert_eq!(got.lines, [4]);
}

#[test]
fn blank_header_cells_are_named_by_their_number() {
    let got = read("a.csv", b"a,,c,\n1,2,3,4\n").unwrap();
    assert_eq!(got.columns, ["a", "#2", "c", "#4"]);
    assert_eq!(got.notices(), ["column.unnamed"]);
}

#[test]
fn rows_without_content_are_left_out_and_counted() {
    let got = read("a.csv", b"a,b\n1,2\n,\n3,4\n,\n \n").unwrap();
    assert_eq!((got.lines.clone(), &got.state["blank"]), (vec![2, 4], &json!(3)));
    assert_eq!(got.notices(), ["file.blank-rows"]);
}

#[test]
fn long_files_come_in_batches_that_are_bounded() {
    let text: String = std::iter::once("a,b\n".to_owned()).chain((0..20_000).map(|n| format!("{n},x\n"))).collect();
    let got = read("a.csv", text.as_bytes()).unwrap();
    assert_eq!(got.batches, [8192, 8192, 3616]);
    assert_eq!((got.lines[19_999], got.texts()[19_999][0]), (20_001, "19999"));
}

#[test]
fn wide_files_come_in_smaller_batches() {
    let line = |cell: &dyn Fn(usize) -> String| (0..1024).map(cell).collect::<Vec<_>>().join(",") + "\n";
    let row = line(&|_| "1".to_owned());
    let text = line(&|column| format!("c{column}")) + &row.repeat(1500);
    assert_eq!(read("a.csv", text.as_bytes()).unwrap().batches, [1024, 476]);
}

#[test]
fn a_record_across_many_chunks_is_read_whole() {
    let long = "长".repeat(200_000);
    let text = format!("a,b\n1,\"{long}\n{long}\"\n2,x\n");
    let (_folder, path) = super::file("a.csv", text.as_bytes());
    let got = read_path(&path, json!({}), json!(null)).unwrap();
    assert_eq!(got.rows[0][1].as_ref().unwrap().chars().count(), 400_001);
    assert_eq!(got.lines, [2, 4]);
}

#[test]
fn json_lines_become_columns_in_the_order_of_keys() {
    let text = "{\"学号\": 1, \"姓名\": \"张三\"}\n\n{\"姓名\": \"李四\\n\", \"备注\": null, \"学号\": 12345678901234567890.10}\n";
    let got = read("a.jsonl", text.as_bytes()).unwrap();
    assert_eq!(got.columns, ["学号", "姓名", "备注"]);
    assert_eq!(got.texts(), [["1", "张三", ""], ["12345678901234567890.10", "李四\n", ""]]);
    assert_eq!(got.lines, [1, 3]);
}

#[test]
fn nested_json_stays_json() {
    let got = read("a.jsonl", b"{\"a\": {\"b\": [1, 2]}, \"c\": true}\n").unwrap();
    assert_eq!(got.texts(), [["{\"b\": [1, 2]}", "true"]]);
}

#[test]
fn a_broken_json_line_is_a_fault_and_the_others_go_on() {
    let got = read("a.jsonl", b"{\"a\": 1}\n{\"a\": \n{\"a\": 1, \"a\": 2}\n{\"a\": 3}\n").unwrap();
    assert_eq!(got.rules(), ["", "row.syntax", "row.syntax", ""]);
    assert_eq!(got.texts()[3], ["3"]);
}

#[test]
fn a_key_that_comes_up_late_is_a_fault_that_names_it() {
    let text = "{\"a\": 1}\n".repeat(1000) + "{\"a\": 2, \"b\": \"x\"}\n";
    let got = read("a.jsonl", text.as_bytes()).unwrap();
    let fault = got.faults[1000].clone().unwrap();
    assert_eq!((&fault["rule"], &fault["column"], &fault["value"]), (&json!("row.columns"), &json!("b"), &json!("x")));
}

#[test]
fn discovery_tells_what_was_detected() {
    let found = discover("名单.csv.gz", &gz(&encode("标题,\n学号,姓名\n1,张三\n", GBK))).unwrap();
    let stream = &found["streams"][0];
    assert_eq!(stream["name"], "名单.csv.gz");
    assert_eq!(stream["format"], "csv");
    assert_eq!(stream["compression"], "gz");
    assert_eq!(stream["encoding"], "gb18030");
    assert_eq!(stream["delimiter"], ",");
    assert_eq!(stream["header_line"], 2);
    assert_eq!(stream["columns"], json!(["学号", "姓名"]));
}
