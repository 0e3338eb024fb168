//! Workbooks taken apart, changed and packed again: parts that are missing, double, cut, or say what no program writes.

use super::fuzz_text::config;
use super::sheets::xlsx;
use super::{Got, file, read_path};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;
use zhengai_plugin::Result;
use zip::write::SimpleFileOptions;

/// Parts of a workbook by name.
type Parts = Vec<(String, Vec<u8>)>;

/// Small bounds, so that whatever breaks them is seen.
fn limits() -> Value {
    json!({ "max_unpacked_bytes": 4 << 20, "max_cells": 50_000, "max_text_bytes": 1 << 20, "max_line_bytes": 1 << 24 })
}

/// Workbooks with all kinds of cells.
static BOOKS: LazyLock<Vec<Parts>> = LazyLock::new(|| {
    let day = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let plain = xlsx(|sheet| {
        for row in 0..6_u32 {
            sheet.write_string(row, 0, format!("文字{row}")).unwrap();
            sheet.write_number(row, 1, f64::from(row) / 3.0).unwrap();
            sheet.write_boolean(row, 2, row % 2 == 0).unwrap();
            let date = ExcelDateTime::from_ymd(2025, 9, 1).unwrap();
            sheet.write_datetime_with_format(row, 3, &date, &day).unwrap();
            sheet.write_formula(row, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        }
    });
    let merged = xlsx(|sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 3, "2025 级成绩", &format).unwrap();
        sheet.merge_range(1, 0, 2, 0, "学号", &format).unwrap();
        sheet.merge_range(1, 1, 1, 3, "成绩", &format).unwrap();
        for (column, text) in ["平时", "期中", "期末"].iter().enumerate() {
            sheet.write_string(2, column as u16 + 1, *text).unwrap();
            sheet.write_number(3, column as u16 + 1, 80.5).unwrap();
        }
        sheet.write_string(3, 0, "001").unwrap();
        sheet.write_string(1_000, 5, "远").unwrap();
    });
    let mut book = Workbook::new();
    for name in ["一", "二"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write_string(0, 0, "列").unwrap();
        sheet.write_string(1, 0, name).unwrap();
    }
    let several = book.save_to_buffer().unwrap();
    [plain, merged, several].iter().map(|bytes| parts(bytes)).collect()
});

fn parts(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn pack(parts: &Parts) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // The writer refuses a name that is there already; such archives are made by changing bytes.
        if archive.start_file(name.as_str(), SimpleFileOptions::default()).is_ok() {
            archive.write_all(bytes).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

const WORDS: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "<c r=\"XFD1048576\"><v>1</v></c>",
    "<c r=\"A0\"/>",
    "<c r=\"AAAAAAAAAA1\" t=\"s\"><v>0</v></c>",
    "<c r=\"A99999999999999999999\"><v>1</v></c>",
    " t=\"s\"",
    " t=\"inlineStr\"",
    " t=\"e\"",
    " s=\"99999\"",
    "<v>4294967296</v>",
    "<v>-1</v>",
    "<v>1e308</v>",
    "<v>1e999</v>",
    "<v>NaN</v>",
    "<row r=\"1048577\">",
    "<row r=\"2\">",
    "</row>",
    "<is><t>x</t></is>",
    "<t xml:space=\"preserve\"> </t>",
    "&amp;",
    "&#x0;",
    "&#xD800;",
    "&#1114112;",
    "&lol;",
    "<!DOCTYPE a [<!ENTITY lol \"lol\"><!ENTITY b \"&lol;&lol;\">]>",
    "<!--",
    "]]>",
    "<![CDATA[",
    "<?xml version=\"1.0\"?>",
    "_x0041_",
    "_x000",
    "ref=\"A1:XFD1048576\"",
    "ref=\"B9:A1\"",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<mergeCell ref=\"A2:A1\"/>",
    "count=\"4294967295\"",
    "uniqueCount=\"99999999\"",
    "numFmtId=\"65535\"",
    "formatCode=\"[$-F400]yyyy;;\"",
    "date1904=\"1\"",
    "state=\"hidden\"",
    "Target=\"../../../etc/passwd\"",
    "Target=\"/xl/worksheets/sheet1.xml\"",
    "\u{0}",
    "\u{feff}",
    "列",
];

#[derive(Debug, Clone)]
enum Change {
    Cut(Index, Index, usize),
    Double(Index, Index, usize),
    Put(Index, Index, &'static str),
    Byte(Index, Index, u8),
    Lose(Index),
    Exchange(Index, Index),
    Rename(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let place = || (any::<Index>(), any::<Index>());
    prop_oneof![
        4 => (place(), 1_usize..200).prop_map(|((part, at), length)| Change::Cut(part, at, length)),
        4 => (place(), 1_usize..200).prop_map(|((part, at), length)| Change::Double(part, at, length)),
        10 => (place(), select(WORDS)).prop_map(|((part, at), word)| Change::Put(part, at, word)),
        4 => (place(), any::<u8>()).prop_map(|((part, at), byte)| Change::Byte(part, at, byte)),
        1 => any::<Index>().prop_map(Change::Lose),
        1 => place().prop_map(|(one, other)| Change::Exchange(one, other)),
        1 => (any::<Index>(), select(vec!["xl/workbook.xml", "XL/Workbook.XML", "../x", "xl/worksheets/sheet1.xml", "EncryptedPackage"]))
            .prop_map(|(part, name)| Change::Rename(part, name)),
    ]
}

fn changed(mut parts: Parts, changes: &[Change]) -> Parts {
    for change in changes {
        if parts.is_empty() {
            break;
        }
        match change {
            Change::Lose(part) => drop(parts.remove(part.index(parts.len()))),
            Change::Exchange(one, other) => {
                let (one, other) = (one.index(parts.len()), other.index(parts.len()));
                let bytes = parts[one].1.clone();
                parts[one].1 = std::mem::replace(&mut parts[other].1, bytes);
            }
            Change::Rename(part, name) => {
                let part = part.index(parts.len());
                parts[part].0 = (*name).to_owned();
            }
            Change::Cut(part, at, _)
            | Change::Double(part, at, _)
            | Change::Put(part, at, _)
            | Change::Byte(part, at, _) => {
                let part = part.index(parts.len());
                let bytes = &mut parts[part].1;
                let at = at.index(bytes.len() + 1);
                let end = |length: usize| bytes.len().min(at + length);
                match change {
                    Change::Cut(_, _, length) => drop(bytes.drain(at..end(*length))),
                    Change::Double(_, _, length) => {
                        let doubled = bytes[at..end(*length)].to_vec();
                        bytes.splice(at..at, doubled);
                    }
                    Change::Put(_, _, word) => drop(bytes.splice(at..at, word.bytes())),
                    Change::Byte(_, _, byte) => drop(bytes.splice(at..end(1), [*byte])),
                    _ => {}
                }
            }
        }
    }
    parts
}

fn read(bytes: &[u8]) -> Result<Got> {
    let (_folder, path) = file("a.xlsx", bytes);
    read_path(&path, json!({}), limits())
}

/// The largest memory that this process ever had, in bytes; nothing where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// A table that was read keeps to its shape and its bounds.
fn sound(got: &Got) -> std::result::Result<(), TestCaseError> {
    prop_assert!(got.rows.iter().all(|row| row.len() == got.columns.len()));
    prop_assert!(got.lines.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", got.lines);
    prop_assert!(got.lines.iter().all(|line| (1..=1_048_576).contains(line)), "{:?}", got.lines);
    prop_assert!(got.columns.len() <= 16_384 && got.rows.len() <= 50_000);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_workbook_with_parts_changed_is_read_or_refused(
        book in any::<Index>(),
        changes in prop::collection::vec(change(), 1..8),
    ) {
        let parts = changed(book.get(&BOOKS).clone(), &changes);
        if let Ok(got) = read(&pack(&parts)) {
            sound(&got)?;
        }
        prop_assert!(peak() < 700 << 20, "{} MiB", peak() >> 20);
    }

    #[test]
    fn an_archive_with_bytes_changed_is_read_or_refused(
        book in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), any::<bool>()), 1..8),
    ) {
        let mut bytes = pack(book.get(&BOOKS));
        let directory = bytes.len() / 4;
        for (at, byte, end) in changes {
            // Half of the changes in the directory at the end, where sizes and offsets stand.
            let at = if end { bytes.len() - 1 - at.index(directory) } else { at.index(bytes.len()) };
            bytes[at] = byte;
        }
        if let Ok(got) = read(&bytes) {
            sound(&got)?;
        }
        prop_assert!(peak() < 700 << 20, "{} MiB", peak() >> 20);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases.div_ceil(12), ..config() })]

    #[test]
    fn what_unpacks_beyond_the_bound_is_refused_and_what_stays_below_is_read(
        kilobytes in 0_usize..12_000,
        part in select(vec!["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
    ) {
        let mut parts = BOOKS[0].clone();
        for (name, bytes) in &mut parts {
            if name == part {
                // Blanks behind the declaration: good XML of any length.
                let at = bytes.windows(2).position(|pair| pair == b"?>").map_or(0, |at| at + 2);
                bytes.splice(at..at, std::iter::repeat_n(b' ', kilobytes << 10));
            }
        }
        let got = read(&pack(&parts));
        let bound = 4 << 10;
        if kilobytes > bound {
            prop_assert!(got.is_err(), "{} KiB", kilobytes);
        } else if kilobytes < bound - 100 {
            prop_assert_eq!(got.map(|got| got.rows.len()).map_err(|error| error.to_string()), Ok(5), "{} KiB", kilobytes);
        }
    }
}
