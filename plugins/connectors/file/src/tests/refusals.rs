//! Whole files that are refused: each with its own message that names place and next step.

use super::xls_file::container;
use super::{arg, file, gz, read_path, read_with, refused};
use serde_json::{Value, json};
use zhengai_plugin::ErrorClass;

fn key_of(name: &str, bytes: &[u8]) -> String {
    let error = refused(name, bytes);
    assert_eq!(arg(&error, "file"), name);
    error.key
}

#[test]
fn nothing_at_all_is_empty() {
    assert_eq!(key_of("a.csv", b""), "file-empty");
    assert_eq!(key_of("a.xlsx", b""), "file-empty");
    assert_eq!(key_of("a.csv.gz", &gz(b"")), "file-empty");
    assert_eq!(key_of("a.csv", b"\xef\xbb\xbf\r\n\r\n"), "file-empty");
    assert_eq!(key_of("a.xlsx", &super::sheets::xlsx(|_| {})), "file-empty");
}

#[test]
fn a_missing_file_and_a_folder_are_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let missing = read_path(&folder.path().join("没有.csv"), json!({}), Value::Null).unwrap_err();
    assert_eq!((missing.key.as_str(), missing.class), ("file-not-found", ErrorClass::Config));
    assert_eq!(read_path(folder.path(), json!({}), Value::Null).unwrap_err().key, "file-not-found");
}

#[test]
fn a_duplicate_header_names_its_columns_once_each() {
    let error = refused("a.csv", "学号,姓名,姓名,学号,姓名\n".as_bytes());
    assert_eq!((error.key.as_str(), arg(&error, "columns")), ("file-header-duplicate", "姓名, 学号"));
}

#[test]
fn a_header_in_another_encoding_than_stated_is_told_as_such() {
    let (header, _, _) = encoding_rs::GBK.encode("学号,姓名,院系\n1,2,3\n");
    let (_folder, path) = file("a.csv", &header);
    let error = read_path(&path, json!({ "encoding": "utf-8" }), Value::Null).unwrap_err();
    assert_eq!(
        (error.key.as_str(), arg(&error, "line"), arg(&error, "encoding")),
        ("file-header-encoding", "1", "utf-8")
    );
}

#[test]
fn a_header_that_the_system_uses_is_refused() {
    assert_eq!(key_of("a.csv", b"a,_line\n1,2\n"), "file-header-reserved");
}

#[test]
fn a_line_without_end_is_refused_with_its_number_and_not_held() {
    let mut text = b"a,b\n1,2\n3,".to_vec();
    text.resize(64 << 20, b'x');
    let error = refused("a.csv.gz", &gz(&text));
    assert_eq!((error.key.as_str(), arg(&error, "line")), ("file-record-too-long", "3"));
}

#[test]
fn a_quoted_cell_without_end_is_refused_at_the_limit() {
    let text = format!("a,b\n1,\"{}", "x\n".repeat(50_000));
    let (_folder, path) = file("a.csv", text.as_bytes());
    let error = read_path(&path, json!({}), json!({ "max_line_bytes": 10_000 })).unwrap_err();
    assert_eq!((error.key.as_str(), arg(&error, "line")), ("file-record-too-long", "2"));
}

#[test]
fn an_open_quote_is_refused_with_the_line_of_its_record() {
    let error = refused("a.csv", b"a,b\n1,2\n3,\"x\n4,5\n");
    assert_eq!((error.key.as_str(), arg(&error, "line")), ("file-quote-open", "3"));
}

#[test]
fn an_unknown_encoding_names_byte_and_line() {
    let error = refused("a.csv", b"name,city\nJos\xe9,A\nRen\xe9,B\n");
    assert_eq!((error.key.as_str(), arg(&error, "line"), arg(&error, "offset")), ("file-encoding-unknown", "2", "13"));
}

#[test]
fn an_encrypted_workbook_is_told_from_an_xls() {
    assert_eq!(key_of("a.xlsx", &container("EncryptedPackage", b"x")), "file-encrypted");
    assert_eq!(key_of("a.xls", &container("WordDocument", b"x")), "file-format-unreadable");
    assert_eq!(key_of("a.xls", &container("Something", b"x")), "file-format-unknown");
}

#[test]
fn web_pages_and_xml_by_the_name_of_a_workbook_have_their_own_messages() {
    assert_eq!(key_of("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"), "file-html");
    assert_eq!(key_of("a.xls", b"\xef\xbb\xbf\n<TABLE><tr></tr></TABLE>"), "file-html");
    assert_eq!(key_of("a.xls", b"<!-- x --><style>td{}</style><table></table>"), "file-html");
    assert_eq!(key_of("a.xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"), "file-html");
    let xml = br#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>"#;
    assert_eq!(key_of("a.xls", xml), "file-xml-spreadsheet");
}

#[test]
fn other_kinds_of_files_are_named() {
    let error = refused("a.csv", b"%PDF-1.7\n");
    assert_eq!((error.key.as_str(), arg(&error, "found")), ("file-format-unreadable", "PDF"));
    assert_eq!(key_of("a.csv", &[0, 1, 2, 3, 0, 0, 0, 9]), "file-format-unknown");
    let odd_nuls: Vec<u8> = (0..200_u8).flat_map(|byte| [byte, 0]).collect();
    assert_eq!(key_of("a.csv", &odd_nuls), "file-format-unknown");
    assert_eq!(key_of("a.json", b"[{\"a\": 1}]"), "file-format-unreadable");
    assert_eq!(key_of("a.jsonl", b"hello\n"), "file-bad-jsonl");
}

#[test]
fn a_damaged_gz_is_told_from_a_broken_disk() {
    let mut bytes = gz("学号,姓名\n".repeat(10_000).as_bytes());
    bytes.truncate(bytes.len() / 2);
    assert_eq!(key_of("a.csv.gz", &bytes), "file-damaged");
}

#[test]
fn a_zip_that_is_cut_off_is_damaged() {
    let mut bytes = super::sheets::xlsx(|sheet| {
        sheet.write_string(0, 0, "a").unwrap();
    });
    bytes.truncate(bytes.len() / 2);
    assert_eq!(key_of("a.xlsx", &bytes), "file-damaged");
}

#[test]
fn a_stated_format_that_the_content_is_not_is_refused() {
    let error = read_with("a.csv", b"a,b\n", json!({ "format": "xlsx" })).unwrap_err();
    assert_eq!((error.key.as_str(), arg(&error, "found")), ("file-format-differs", "csv"));
}

#[test]
fn options_that_do_not_exist_are_refused_with_the_choices() {
    for options in [
        json!({ "format": "doc" }),
        json!({ "encoding": "latin1" }),
        json!({ "delimiter": "ab" }),
        json!({ "header_rows": 0 }),
    ] {
        let error = read_with("a.csv", b"a,b\n", options).unwrap_err();
        assert_eq!((error.key.as_str(), error.class), ("file-bad-option", ErrorClass::Config));
        assert!(!arg(&error, "choices").is_empty());
    }
    assert_eq!(read_with("a.csv", b"a,b\n", json!({ "skip": 1 })).unwrap_err().key, "file-bad-request");
}

#[test]
fn a_header_below_the_end_is_refused() {
    let error = read_with("a.csv", b"a,b\n", json!({ "skip_rows": 9 })).unwrap_err();
    assert_eq!((error.key.as_str(), arg(&error, "row")), ("file-header-beyond-end", "10"));
}

#[test]
fn a_gz_bomb_in_a_format_that_must_be_unpacked_is_refused() {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(64 << 20, 0);
    let key = key_of("a.xlsx.gz", &gz(&bytes));
    assert_eq!(key, "file-ratio-too-high");
}
