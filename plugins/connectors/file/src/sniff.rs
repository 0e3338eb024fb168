//! What a file is, by its content. The name only settles what the content leaves open, and disagreement is told.

use crate::fault;
use crate::notice::Notice;
use crate::ole;
use crate::options::{Format, ReadOptions};
use crate::source::Source;
use crate::xlsx;
use crate::{encoding, options::Limits};
use encoding_rs::Encoding;
use zhengai_plugin::Result;

const ZIP: [u8; 4] = *b"PK\x03\x04";
const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const PARQUET: [u8; 4] = *b"PAR1";
/// Formats that people send by mistake, by their first bytes.
const OTHERS: [(&[u8], &str); 7] = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"SQLite format 3", "SQLite"),
    (b"BZh", "bzip2"),
];

/// The format of a file, and a notice when its name says another.
pub fn sniff(source: &Source, options: &ReadOptions, limits: &Limits) -> Result<(Format, Vec<Notice>)> {
    let head = source.prefix(4096)?;
    if head.is_empty() {
        return Err(fault::empty(&source.place));
    }
    let stated = options.format()?;
    let found = if head.starts_with(&ZIP) {
        xlsx::kind_of_zip(source, limits)?;
        Format::Xlsx
    } else if head.starts_with(&OLE) {
        ole::kind(source, limits)?;
        Format::Xls
    } else if head.starts_with(&PARQUET) {
        Format::Parquet
    } else if let Some((_, name)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(fault::unreadable_format(&source.place, name));
    } else {
        text_format(source, options, &head, stated)?
    };
    if let Some(stated) = stated
        && stated != found
    {
        return Err(fault::format_differs(&source.place, stated.name(), found.name()));
    }
    Ok((found, notices(source, found)))
}

/// Text: JSON lines, delimited, or markup by another name.
fn text_format(source: &Source, options: &ReadOptions, head: &[u8], stated: Option<Format>) -> Result<Format> {
    let wide = head.contains(&0);
    let encoding = match options.encoding()? {
        Some(encoding) => encoding,
        None => Encoding::for_bom(head).map(|(encoding, _)| encoding).unwrap_or(if wide {
            encoding::detect(source, None)?.encoding
        } else {
            encoding_rs::UTF_8
        }),
    };
    let (text, _) = encoding.decode_with_bom_removal(head);
    // Text has no NUL; what has one after decoding is binary.
    if text.contains('\0') {
        return Err(fault::unknown_format(&source.place));
    }
    let start = text.trim_start().to_lowercase();
    if start.starts_with("<?xml") && start.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Err(fault::xml_spreadsheet(&source.place));
    }
    let is_page = start.starts_with("<!doctype html")
        || start.starts_with("mime-version:")
        || start.starts_with('<') && ["<html", "<table", "<meta"].iter().any(|tag| start.contains(tag));
    if is_page {
        return Err(fault::html(&source.place));
    }
    if stated == Some(Format::Csv) || stated == Some(Format::JsonLines) {
        return Ok(stated.unwrap_or(Format::Csv));
    }
    let named_json = matches!(source.extension.as_str(), "jsonl" | "ndjson" | "json");
    let first_line = text.trim_start().lines().next().unwrap_or_default();
    let object = start.starts_with('{') && (named_json || crate::json_line::members(first_line).is_ok());
    if named_json && start.starts_with('[') {
        return Err(fault::unreadable_format(&source.place, "JSON array"));
    }
    Ok(if object || (named_json && !start.is_empty()) { Format::JsonLines } else { Format::Csv })
}

fn notices(source: &Source, found: Format) -> Vec<Notice> {
    let fits: &[&str] = match found {
        Format::Csv => &["csv", "tsv", "txt", "tab", "dat", "prn", ""],
        Format::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
        Format::Xls => &["xls", "xlt", "et"],
        Format::Parquet => &["parquet", "pq"],
        Format::JsonLines => &["jsonl", "ndjson", "json"],
    };
    if fits.contains(&source.extension.as_str()) {
        Vec::new()
    } else {
        vec![Notice::other_format(&source.place, &source.extension, found.name())]
    }
}
