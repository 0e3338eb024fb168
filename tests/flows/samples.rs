//! Small files and small questions that several flows share.

use crate::harness::{College, Ran};
use serde_json::Value;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// A header of `departments` that automatic matching understands.
pub const DEPARTMENTS: &str = "部门代码,部门名称,部门类别,学校代码,设立日期\n";

/// A file of departments with these rows.
pub fn departments(rows: &[&str]) -> String {
    format!("{DEPARTMENTS}{}\n", rows.join("\n"))
}

/// A college with three departments.
pub fn three_departments() -> College {
    let college = College::new();
    let rows = ["D1,一系,教学单位,S1,2001-09-01", "D2,二系,教学单位,S1,2001/9/1", "D3,三处,职能部门,S1,"];
    let file = college.file("three.csv", departments(&rows));
    import(&college, &file, "departments", &[]).good();
    college
}

/// Runs an import.
pub fn import(college: &College, file: &Path, dataset: &str, more: &[&str]) -> Ran {
    let path = file.to_string_lossy();
    let mut words = vec!["import", &path, "--dataset", dataset];
    words.extend(more);
    college.run(&words)
}

/// Runs an import that plans or applies something, and reads its counts.
#[track_caller]
pub fn counts(college: &College, file: &Path, dataset: &str, more: &[&str]) -> Value {
    let mut more = more.to_vec();
    more.extend(["--format", "json"]);
    let ran = import(college, file, dataset, &more);
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
    ran.json()[0].clone()
}

/// Rows and version of a dataset's table; nothing when it has none.
#[track_caller]
pub fn table(college: &College, dataset: &str) -> Option<(u64, i64)> {
    let all = college.json(&["dataset", "list"]);
    let one = all.as_array().expect("a list").iter().find(|one| one["id"] == dataset)?.clone();
    Some((one["rows"].as_u64()?, one["version"].as_i64()?))
}

/// Rejected rows of a batch as `(line, column, rule)`.
#[track_caller]
pub fn rejects(college: &College, batch: &str) -> Vec<(u64, String, String)> {
    let rows = college.json(&["batch", "rejects", batch]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| (row["line"].as_u64().expect("a line"), text(&row["column"]), text(&row["rule"]))).collect()
}

/// Runs a command in both languages; each time it must end with this code and say all of this on standard error.
#[track_caller]
pub fn both(college: &College, words: &[&str], code: i32, chinese: &[&str], english: &[&str]) {
    college.run(words).exits(code).says(chinese);
    let mut words = words.to_vec();
    words.extend(["--lang", "en"]);
    college.run(&words).exits(code).says(english);
}

/// The same for an import of a file.
#[track_caller]
pub fn refused(college: &College, file: &Path, dataset: &str, more: &[&str], chinese: &[&str], english: &[&str]) {
    let path = file.to_string_lossy();
    let mut words = vec!["import", &path, "--dataset", dataset];
    words.extend(more);
    both(college, &words, 3, chinese, english);
}

/// Bytes packed by gz.
pub fn gz(parts: &[&[u8]]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for part in parts {
        packed.write_all(part).expect("memory");
    }
    packed.finish().expect("memory")
}

/// A workbook with one sheet whose cells are these.
pub fn workbook(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.set_name(sheet).expect("a name");
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            page.write_string(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("memory")
}

/// A workbook of a few kilobytes whose sheet unpacks to many megabytes.
pub fn zip_bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("memory");
    };
    let types = "http://schemas.openxmlformats.org/package/2006/content-types";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let related = "http://schemas.openxmlformats.org/package/2006/relationships";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    part(
        "[Content_Types].xml",
        &format!(r#"<Types xmlns="{types}"><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>"#),
    );
    part(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="{related}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
        ),
    );
    let row = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "a".repeat(400));
    let rows = row.repeat(60_000);
    part(
        "xl/worksheets/sheet1.xml",
        &format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
    );
    archive.finish().expect("memory").into_inner()
}

/// What an office program writes when a workbook has a password: an OLE container around an encrypted package.
pub fn encrypted() -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    let sectors = 8_u32;
    let mut header = vec![0_u8; SECTOR];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    for (at, value) in [(44, 1), (48, 1), (56, 4096), (60, END), (68, END)] {
        put(at, &u32::to_le_bytes(value));
    }
    (1..109).for_each(|index| put(76 + index * 4, &u32::MAX.to_le_bytes()));
    let mut chain = vec![0xffff_fffd, END];
    chain.extend((0..sectors).map(|index| if index + 1 == sectors { END } else { index + 3 }));
    chain.resize(128, u32::MAX);
    let entry = |name: &str, kind: u8, start: u32, size: u32, child: u32| {
        let mut entry = vec![0_u8; 128];
        let name: Vec<u8> = format!("{name}\0").encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..name.len()].copy_from_slice(&name);
        entry[64] = u8::try_from(name.len()).expect("a short name");
        entry[66] = kind;
        entry[68..76].fill(0xff);
        entry[76..80].copy_from_slice(&child.to_le_bytes());
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, END, 0, 1);
    directory.extend(entry("EncryptedPackage", 2, 2, 4096, u32::MAX));
    directory.resize(SECTOR, 0);
    let chain: Vec<u8> = chain.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, chain, directory, vec![7; 4096]].concat()
}
