//! Delimited text against a reader of a few lines that is plain enough to be believed, and good files with bytes changed.
//!
//! `PROPTEST_CASES=100000 cargo test -p zhengai-connector-file fuzz_` runs as long as you like.

use super::{Got, arg, discover, encode, gz, read_with, utf16};
use encoding_rs::GB18030;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;
use zhengai_plugin::{PluginError, Result};

/// Cases as `PROPTEST_CASES` says, a quick number otherwise.
pub(super) fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, max_shrink_iters: 4096, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 192;
    }
    config
}

/// Records with the line that each begins at, or the line of the record whose quote is never closed.
fn reference(text: &str, delimiter: char) -> std::result::Result<Vec<(i64, Vec<String>)>, i64> {
    let letters: Vec<char> = text.chars().collect();
    let (mut at, mut line) = (0, 1);
    let mut records = Vec::new();
    while at < letters.len() {
        let (begun, mut cells) = (line, Vec::new());
        loop {
            let mut cell = String::new();
            if letters.get(at) == Some(&'"') {
                at += 1;
                loop {
                    match (letters.get(at), letters.get(at + 1)) {
                        (None, _) => return Err(begun),
                        (Some('"'), Some('"')) => {
                            cell.push('"');
                            at += 1;
                        }
                        (Some('"'), _) => break,
                        (Some(letter), next) => {
                            cell.push(*letter);
                            line += i64::from(*letter == '\n' || (*letter == '\r' && next != Some(&'\n')));
                        }
                    }
                    at += 1;
                }
                at += 1;
            }
            while let Some(letter) = letters.get(at).filter(|letter| !['\n', '\r', delimiter].contains(letter)) {
                cell.push(*letter);
                at += 1;
            }
            cells.push(cell);
            if letters.get(at) != Some(&delimiter) {
                break;
            }
            at += 1;
        }
        let end = if letters.get(at) == Some(&'\r') && letters.get(at + 1) == Some(&'\n') { 2 } else { 1 };
        at += end;
        line += 1;
        records.push((begun, cells));
    }
    Ok(records)
}

fn piece() -> impl Strategy<Value = String> {
    let letters = select(vec![
        "a", "1", "\"", "\"\"", "\n", "\r", "\r\n", ",", ";", "\t", "|", " ", "　", "张", "學", "€", "𠮷", "'", "=1+1",
        "\"a,b\"", ",\"", "\",", "\"\n\"", "#", "\u{fffd}", "\u{85}", "\u{2028}", "sep=;\n",
    ]);
    prop_oneof![
        6 => letters.prop_map(str::to_owned),
        1 => "[\u{4e00}-\u{9fa5}]{1,20}",
        1 => (select(vec!["x", "长", "\"\"", ",", "\n"]), 1_usize..40_000).prop_map(|(text, times)| text.repeat(times)),
    ]
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        15 => prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat()),
        1 => (prop::collection::vec(piece(), 1..12), 2_usize..6).prop_map(|(pieces, times)| pieces.concat().repeat(times)),
    ]
}

#[derive(Debug, Clone, Copy)]
enum Coding {
    Utf8,
    Marked,
    Utf16 { big: bool },
    Gb,
}

fn bytes(text: &str, coding: Coding) -> (Vec<u8>, &'static str) {
    let marked = || format!("\u{feff}{text}");
    match coding {
        Coding::Utf8 => (text.as_bytes().to_vec(), "utf-8"),
        Coding::Marked => (marked().into_bytes(), "utf-8"),
        Coding::Utf16 { big } => (utf16(&marked(), big), if big { "utf-16be" } else { "utf-16le" }),
        Coding::Gb => (encode(text, GB18030), "gb18030"),
    }
}

fn coding() -> impl Strategy<Value = Coding> {
    prop_oneof![
        Just(Coding::Utf8),
        Just(Coding::Marked),
        any::<bool>().prop_map(|big| Coding::Utf16 { big }),
        Just(Coding::Gb)
    ]
}

/// Plain, packed, or packed in two members.
fn packed(bytes: Vec<u8>, how: Option<Option<Index>>) -> Vec<u8> {
    match how {
        None => bytes,
        Some(None) => gz(&bytes),
        Some(Some(at)) => {
            let (one, other) = bytes.split_at(at.index(bytes.len()));
            [gz(one), gz(other)].concat()
        }
    }
}

/// What the connector made of a text is what the reference makes of it.
fn agree(text: &str, delimiter: char, got: Result<Got>) -> std::result::Result<(), TestCaseError> {
    let records = match (reference(text, delimiter), &got) {
        (Ok(records), Ok(_)) => records,
        (Err(line), Err(error)) => {
            let told = (error.key.as_str(), arg(error, "line").to_owned());
            prop_assert_eq!(told, ("file-quote-open", line.to_string()));
            return Ok(());
        }
        (expected, _) => {
            let found = got.as_ref().map(|got| got.lines.len()).map_err(PluginError::to_string);
            return Err(TestCaseError::fail(format!(
                "expected {:?}, found {found:?}",
                expected.map(|records| records.len())
            )));
        }
    };
    let Ok(got) = got else { return Ok(()) };
    let blank = |cell: &String| cell.trim().is_empty();
    let rows: Vec<_> = records.into_iter().skip(1).filter(|(_, cells)| !cells.iter().all(blank)).collect();
    prop_assert_eq!(&got.lines, &rows.iter().map(|(line, _)| *line).collect::<Vec<_>>());
    for ((row, fault), (line, cells)) in got.rows.iter().zip(&got.faults).zip(&rows) {
        let wanted: Vec<&str> = (0..3).map(|column| cells.get(column).map_or("", String::as_str)).collect();
        let found: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or("")).collect();
        prop_assert_eq!(found, wanted, "line {}", line);
        let ragged = cells.len() < 3 || cells.iter().skip(3).any(|cell| !blank(cell));
        let rule = fault.as_ref().map(|fault| fault["rule"].as_str().unwrap_or_default());
        prop_assert_eq!(rule, ragged.then_some("row.columns"), "line {}", line);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_cut_into_the_rows_that_a_simple_reader_finds(
        body in body(),
        delimiter in select(vec![',', ';', '\t', '|']),
        coding in coding(),
        stated in any::<bool>(),
        how in prop::option::of(prop::option::of(any::<Index>())),
    ) {
        let text = format!("编号{delimiter}名称{delimiter}备注\r\n{body}");
        let (bytes, name) = bytes(&text, coding);
        let mut options = json!({ "format": "csv", "delimiter": delimiter.to_string(), "skip_rows": 0, "header_rows": 1 });
        // GB18030 without a word about it may look like UTF-8 where a text is short; the others are told by their mark.
        if stated || matches!(coding, Coding::Gb) {
            options["encoding"] = json!(name);
        }
        agree(&text, delimiter, read_with("a.csv", &packed(bytes, how), options))?;
    }

    #[test]
    fn good_files_with_bytes_changed_are_read_or_refused_and_every_place_lies_inside(
        rows in 1_usize..40,
        coding in coding(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), 0_usize..4), 0..12),
        how in prop::option::of(Just(None)),
    ) {
        let text: String = (0..rows).map(|row| format!("{row},张三{row},\"一班\"\"{row}\n\"\r\n")).collect();
        let (mut bytes, _) = bytes(&format!("学号,姓名,班级\n{text}"), coding);
        for (at, byte, length) in changes {
            let at = at.index(bytes.len());
            let end = bytes.len().min(at + length);
            bytes.splice(at..end, [byte]);
        }
        let size = bytes.len();
        let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
        let plain = how.is_none();
        let bytes = packed(bytes, how);
        let found = discover("a.csv", &bytes);
        match read_with("a.csv", &bytes, json!({})) {
            Ok(got) => {
                prop_assert!(got.lines.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(got.lines.iter().all(|line| (1..=lines as i64).contains(line)), "{:?} of {}", got.lines, lines);
                prop_assert_eq!(&found.expect("what can be read can be discovered")["streams"][0]["columns"], &json!(got.columns));
                for fault in got.faults.iter().flatten() {
                    if let Some(offset) = fault["args"]["offset"].as_str().filter(|_| plain) {
                        prop_assert!(offset.parse::<usize>().expect("a number") < size, "{} of {}", offset, size);
                    }
                }
            }
            Err(error) => {
                if let Ok(line) = arg(&error, "line").parse::<usize>() {
                    prop_assert!((1..=lines).contains(&line), "{} of {}", error, lines);
                }
                if let Some(offset) = arg(&error, "offset").parse::<usize>().ok().filter(|_| plain) {
                    prop_assert!(offset <= size, "{} of {}", error, size);
                }
            }
        }
    }

    #[test]
    fn a_packed_file_with_bytes_changed_is_read_or_refused(
        rows in 1_usize..200,
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6),
        cut in any::<Index>(),
    ) {
        let text: String = (0..rows).map(|row| format!("{row},张三{row}\n")).collect();
        let mut bytes = gz(format!("学号,姓名\n{text}").as_bytes());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + bytes.len() / 2);
        let _ = read_with("a.csv.gz", &bytes, json!({}));
        let _ = discover("a.csv.gz", &bytes);
    }
}

/// What once was cut otherwise than it ought to be, or could be.
#[test]
fn texts_that_are_easily_cut_wrong() {
    for text in [
        "编号,名称,备注\r\n\"a\"\"",
        "编号,名称,备注\r\n\"a\r",
        "编号,名称,备注\r\n\"a\"\r\r\n\"",
        "编号,名称,备注\r\n1,\"x\ry\"z,\"\"\"\"\r\n,,\r\n2,,,",
        "编号,名称,备注\r\n1,2,3,　\r4,5,6,7",
    ] {
        let options = json!({ "format": "csv", "delimiter": ",", "skip_rows": 0, "header_rows": 1 });
        agree(text, ',', read_with("a.csv", text.as_bytes(), options)).expect(text);
    }
}
