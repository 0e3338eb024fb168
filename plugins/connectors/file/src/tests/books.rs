//! Workbooks that no writer would make: XML by hand in a zip file.

use super::{arg, file, read, read_path, refused};
use serde_json::json;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package with one sheet of this XML.
pub(super) fn package(sheet: &[u8]) -> Vec<u8> {
    let root = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = r#"<workbook><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let related = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    zip(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", related.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

pub(super) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(9));
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    package(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes())
}

const HEADER: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="str"><v>b</v></c></row>"#;

#[test]
fn stored_numbers_keep_their_digits() {
    let rows = format!(
        "{HEADER}<row><c><v>123456789012345678</v></c><c><v>1e400</v></c></row>\
         <row><c><v>85.400000000000006</v></c><c><v>1.5E-3</v></c></row>\
         <row><c><v>007</v></c><c><v>-0</v></c></row>"
    );
    let got = read("a.xlsx", &sheet(&rows)).unwrap();
    assert_eq!(got.texts(), [["123456789012345678", "1e400"], ["85.4", "0.0015"], ["7", "0"]]);
    assert_eq!(got.lines, [2, 3, 4]);
}

#[test]
fn references_and_escapes_in_texts_are_resolved() {
    let rows = format!(
        r#"{HEADER}<row r="5"><c t="str"><v>A&amp;B &#20013; _x000D_</v></c><c r="B5" t="inlineStr"><is><r><t>红</t></r><r><t>字</t></r><rPh><t>hong</t></rPh></is></c></row>"#
    );
    let got = read("a.xlsx", &sheet(&rows)).unwrap();
    assert_eq!((got.texts(), got.lines.clone()), (vec![vec!["A&B 中 \r", "红字"]], vec![5]));
}

#[test]
fn a_sheet_that_is_cut_off_is_an_error_and_never_a_short_table() {
    let bytes = package(format!("<worksheet><sheetData>{HEADER}<row><c><v>1</v></c></row>").as_bytes());
    assert_eq!(refused("a.xlsx", &bytes).key, "file-bad-workbook");
}

#[test]
fn a_zip_bomb_is_refused_by_its_ratio() {
    let rows = "<row><c><v>1</v></c></row>".repeat((64 << 20) / 26);
    let xml = format!("<worksheet><sheetData>{HEADER}{rows}</sheetData></worksheet>").into_bytes();
    let bytes = package(&xml);
    assert!(bytes.len() < 1 << 20, "the bomb is small: {}", bytes.len());
    let error = refused("成绩.xlsx", &bytes);
    assert_eq!(error.key, "file-ratio-too-high");
    assert_eq!((arg(&error, "file"), arg(&error, "part")), ("成绩.xlsx", "xl/worksheets/sheet1.xml"));
}

#[test]
fn a_zip_that_lies_about_its_size_is_counted() {
    let row = format!("<row><c><v>{}</v></c></row>", "1234567890".repeat(5));
    let mut bytes = sheet(&(HEADER.to_owned() + &row.repeat(2000)));
    // The sizes in the directory are made small; what is really unpacked is counted.
    for at in 0..bytes.len() - 46 {
        if bytes[at..at + 4] == *b"PK\x01\x02" {
            bytes[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
        }
    }
    let (_folder, path) = file("a.xlsx", &bytes);
    let error = read_path(&path, json!({}), json!({ "max_unpacked_bytes": 50_000 })).unwrap_err();
    assert_eq!(error.key, "file-unpacked-too-large");
}

#[test]
fn a_stated_size_beyond_the_limit_is_refused_before_unpacking() {
    let (_folder, path) = file("a.xlsx", &sheet(&HEADER.repeat(1000)));
    let error = read_path(&path, json!({}), json!({ "max_unpacked_bytes": 10_000 })).unwrap_err();
    assert_eq!((error.key.as_str(), error.class), ("file-unpacked-too-large", zhengai_plugin::ErrorClass::Data));
}

#[test]
fn more_cells_than_allowed_are_refused_with_the_line() {
    let row = "<row><c><v>1</v></c><c><v>2</v></c></row>";
    let (_folder, path) = file("a.xlsx", &sheet(&(HEADER.to_owned() + &row.repeat(200))));
    let error = read_path(&path, json!({}), json!({ "max_cells": 100 })).unwrap_err();
    assert_eq!((error.key.as_str(), arg(&error, "line"), arg(&error, "sheet")), ("file-too-many-cells", "52", "表"));
}

#[test]
fn one_endless_text_in_a_sheet_is_refused() {
    let rows = format!("{HEADER}<row><c t=\"str\"><v>{}</v></c></row>", "x1y2".repeat(100_000));
    let (_folder, path) = file("a.xlsx", &sheet(&rows));
    let error = read_path(&path, json!({}), json!({ "max_line_bytes": 100_000 })).unwrap_err();
    assert_eq!(error.key, "file-too-much-text");
}

#[test]
fn other_zip_files_are_recognised() {
    for (part, name) in
        [("content.xml", "ODS"), ("word/document.xml", "Word"), ("xl/workbook.bin", "XLSB"), ("x.csv", "ZIP")]
    {
        let error = refused("a.xlsx", &zip(&[(part, b"x")]));
        assert_eq!((error.key.as_str(), arg(&error, "found")), ("file-format-unreadable", name));
    }
}
