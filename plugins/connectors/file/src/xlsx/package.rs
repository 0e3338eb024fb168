//! The zip package: which parts it has, how one is unpacked, and the count that keeps bombs out.

use crate::fault::{self, Place};
use crate::header::Merge;
use crate::options::Limits;
use crate::source::{Source, check_growth};
use flate2::bufread::DeflateDecoder;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use zhengai_plugin::{PluginError, Result};
use zip::{CompressionMethod, ZipArchive};

/// Merged cells below this line cannot belong to a header.
const HEADER_ZONE: u64 = 1000;
/// Longest tag of a merged cell that is understood.
const MERGE_TAG: usize = 256;

#[derive(Debug, Clone)]
struct Entry {
    start: u64,
    packed: u64,
    unpacked: u64,
    stored: bool,
}

/// A package on disk.
pub struct Package {
    source: Source,
    entries: HashMap<String, Entry>,
    limits: Limits,
    checked: u64,
}

impl Package {
    /// Reads the directory of the zip file.
    pub fn open(source: &Source, limits: &Limits) -> Result<Self> {
        let place = &source.place;
        let damaged = |error: &dyn std::fmt::Display| fault::damaged(place, &error.to_string());
        let mut archive = ZipArchive::new(BufReader::new(source.file()?)).map_err(|error| damaged(&error))?;
        let mut entries = HashMap::new();
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
            if file.encrypted() {
                return Err(fault::encrypted(place));
            }
            let stored = match file.compression() {
                CompressionMethod::Stored => true,
                CompressionMethod::Deflated => false,
                // Nothing writes workbooks with other methods; such a part counts as missing.
                _ => continue,
            };
            let (Ok(name), Some(start)) = (file.name(), file.data_start()) else { continue };
            let entry = Entry { start, packed: file.compressed_size(), unpacked: file.size(), stored };
            entries.insert(normal(&name), entry);
        }
        Ok(Self { source: source.clone(), entries, limits: limits.clone(), checked: 0 })
    }

    /// Where errors point.
    pub fn place(&self) -> &Place {
        &self.source.place
    }

    /// Whether it has the part.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&normal(name))
    }

    /// Whether it has a part with such a beginning and end.
    pub fn has_part_like(&self, start: &str, end: &str) -> bool {
        self.entries.keys().any(|name| name.starts_with(start) && name.ends_with(end))
    }

    /// A part, unpacked as it is read; `None` when the package has none of the name. It never yields more bytes than
    /// the limits allow, whatever the directory says.
    pub fn part(&self, name: &str) -> Result<Option<Box<dyn BufRead + Send>>> {
        let Some(entry) = self.entries.get(&normal(name)) else { return Ok(None) };
        let mut file = self.source.file()?;
        file.seek(SeekFrom::Start(entry.start)).map_err(|error| fault::io(self.place(), &error))?;
        let packed = BufReader::with_capacity(1 << 16, file).take(entry.packed);
        let input: Box<dyn Read + Send> =
            if entry.stored { Box::new(packed) } else { Box::new(DeflateDecoder::new(packed)) };
        let counted = Counted {
            input,
            place: self.place().clone(),
            part: name.to_owned(),
            packed: entry.packed,
            unpacked: 0,
            limits: self.limits.clone(),
        };
        Ok(Some(Box::new(BufReader::with_capacity(1 << 16, counted))))
    }

    /// Size of a part as the directory states it.
    pub fn stated_size(&self, name: &str) -> u64 {
        self.entries.get(&normal(name)).map_or(0, |entry| entry.unpacked)
    }

    /// Unpacks a part, counts and forgets it: nothing else may look at a part before. All parts together must stay
    /// within the limit, and no tag or text may be longer than a record. Returns the merged cells near the top, which
    /// stand behind the rows in the file and are needed before them.
    pub fn check(&mut self, name: &str) -> Result<Vec<Merge>> {
        let limit = self.limits.max_unpacked_bytes;
        if self.checked.saturating_add(self.stated_size(name)) > limit {
            return Err(fault::unpacked_too_large(self.place(), name, limit));
        }
        let Some(mut part) = self.part(name)? else { return Ok(Vec::new()) };
        let mut merges = Vec::new();
        let mut window: Vec<u8> = Vec::new();
        let mut total = 0_u64;
        let mut run = 0;
        loop {
            let chunk = part.fill_buf().map_err(|error| self.explain(&error))?;
            if chunk.is_empty() {
                break;
            }
            total += chunk.len() as u64;
            run = memchr::memrchr(b'<', chunk).map_or(run + chunk.len(), |at| chunk.len() - at);
            if run > self.limits.max_line_bytes {
                return Err(fault::too_much_text(self.place(), self.limits.max_line_bytes as u64));
            }
            window.extend_from_slice(chunk);
            let length = chunk.len();
            part.consume(length);
            let kept = collect_merges(&window, &mut merges);
            window.drain(..kept);
        }
        collect_merges(&[window.as_slice(), &[b' '; MERGE_TAG]].concat(), &mut merges);
        self.checked += total;
        if self.checked > limit {
            return Err(fault::unpacked_too_large(self.place(), name, limit));
        }
        Ok(merges)
    }

    /// An error of reading a part as one for people.
    pub fn explain(&self, error: &io::Error) -> PluginError {
        explain(self.place(), error)
    }
}

/// An error of reading a part as one for people: a refusal by [`Counted`] comes through as it is.
pub fn explain(place: &Place, error: &io::Error) -> PluginError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<PluginError>()) {
        Some(refusal) => refusal.clone(),
        None => fault::damaged(place, &error.to_string()),
    }
}

/// Part names differ in case and slashes between writers.
fn normal(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

struct Counted {
    input: Box<dyn Read + Send>,
    place: Place,
    part: String,
    packed: u64,
    unpacked: u64,
    limits: Limits,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.unpacked += count as u64;
        check_growth(&self.place, &self.part, self.packed, self.unpacked, &self.limits).map_err(io::Error::other)?;
        Ok(count)
    }
}

/// Finds `<mergeCell ref="A1:C2"/>` in a window; returns how many bytes of it are settled.
fn collect_merges(window: &[u8], merges: &mut Vec<Merge>) -> usize {
    let settled = window.len().saturating_sub(MERGE_TAG);
    for at in memchr::memmem::find_iter(window, b"mergeCell ") {
        if at >= settled {
            break;
        }
        let before = window.get(at.saturating_sub(16)..at).unwrap_or_default();
        let prefix: Vec<u8> = before.iter().rev().take_while(|byte| **byte != b'<').copied().collect();
        let opens = prefix.len() < before.len()
            && (prefix.is_empty() || prefix.first() == Some(&b':'))
            && prefix.iter().skip(1).all(u8::is_ascii_alphanumeric);
        let tag = window.get(at..at + MERGE_TAG).unwrap_or_default();
        if opens
            && let Some(merge) = parse_merge(tag)
            && merge.top <= HEADER_ZONE
        {
            merges.push(merge);
        }
    }
    settled.saturating_sub(16)
}

fn parse_merge(tag: &[u8]) -> Option<Merge> {
    let tag = String::from_utf8_lossy(tag);
    let tag = tag.split('>').next()?;
    let value = tag.split("ref=").nth(1)?;
    let quote = value.chars().next()?;
    let range = value.get(1..)?.split(quote).next()?;
    let (from, to) = range.split_once(':')?;
    let (left, top) = cell_position(from)?;
    let (right, bottom) = cell_position(to)?;
    (left <= right && top <= bottom && right < 16_384).then_some(Merge { top, bottom, left, right })
}

/// Column from 0 and row from 1 of a reference such as `BC12`.
pub fn cell_position(reference: &str) -> Option<(u32, u64)> {
    let mut column = 0_u32;
    let mut row = 0_u64;
    let mut digits = false;
    for byte in reference.bytes().filter(|byte| *byte != b'$') {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if !digits => {
                column = column.checked_mul(26)?.checked_add(u32::from(byte.to_ascii_uppercase() - b'A') + 1)?;
            }
            b'0'..=b'9' => {
                digits = true;
                row = row.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
            }
            _ => return None,
        }
    }
    (digits && row > 0).then_some((column.checked_sub(1)?, row))
}
