//! OLE containers: what is in one, and the workbook stream of an `.xls`, checked before calamine may allocate for it.

use crate::fault;
use crate::options::Limits;
use crate::source::Source;
use std::io::Read;
use zhengai_plugin::Result;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const LARGEST_SECTOR: u32 = 0xffff_fffa;
const ENTRY: usize = 128;
/// Streams below this size lie in small sectors.
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;
/// More sheets than any person makes.
const MAX_SHEETS: usize = 1024;
/// A BIFF8 sheet has no more.
const MAX_ROWS: u64 = 65_536;
const MAX_COLUMNS: u64 = 256;

/// A container in memory.
pub struct Ole {
    bytes: Vec<u8>,
    sector: usize,
    table: Vec<u32>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The bytes of the file, within the limit.
pub fn load(source: &Source, limits: &Limits) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = source.read()?.take(limits.max_text_bytes + 1).read_to_end(&mut bytes);
    read.map_err(|error| source.explain(&error))?;
    if bytes.len() as u64 > limits.max_text_bytes {
        return Err(fault::too_much_text(&source.place, limits.max_text_bytes));
    }
    Ok(bytes)
}

/// Refuses containers that are no workbook, or an encrypted one.
pub fn kind(source: &Source, limits: &Limits) -> Result<()> {
    let damaged = || fault::bad_workbook(&source.place, "OLE");
    let ole = Ole::parse(load(source, limits)?).ok_or_else(damaged)?;
    let has = |name: &str| ole.entries.iter().any(|entry| entry.name == name);
    if has("EncryptedPackage") {
        Err(fault::encrypted(&source.place))
    } else if has("Workbook") || has("Book") {
        Ok(())
    } else if has("WordDocument") {
        Err(fault::unreadable_format(&source.place, "Word"))
    } else if has("PowerPoint Document") {
        Err(fault::unreadable_format(&source.place, "PowerPoint"))
    } else {
        Err(fault::unknown_format(&source.place))
    }
}

impl Ole {
    /// Reads header, sector table and directory; `None` when they make no sense.
    pub fn parse(bytes: Vec<u8>) -> Option<Self> {
        let shift = u16_at(&bytes, 30)?;
        if !(7..=16).contains(&shift) {
            return None;
        }
        let sector = 1_usize << shift;
        let mut table_sectors: Vec<u32> = Vec::new();
        for index in 0..109 {
            table_sectors.push(u32_at(&bytes, 76 + index * 4)?);
        }
        let mut more = u32_at(&bytes, 68)?;
        let most = bytes.len() / sector + 1;
        let mut steps = 0;
        while more <= LARGEST_SECTOR && steps <= most {
            let at = (more as usize + 1).checked_mul(sector)?;
            for index in 0..sector / 4 - 1 {
                table_sectors.push(u32_at(&bytes, at + index * 4)?);
            }
            more = u32_at(&bytes, at + sector - 4)?;
            steps += 1;
        }
        let mut table = Vec::new();
        for start in table_sectors.into_iter().filter(|start| *start <= LARGEST_SECTOR).take(most) {
            let at = (start as usize + 1).checked_mul(sector)?;
            for index in 0..sector / 4 {
                table.push(u32_at(&bytes, at + index * 4)?);
            }
        }
        let start = u32_at(&bytes, 48)?;
        let mut ole = Self { bytes, sector, table, entries: Vec::new() };
        let directory = ole.chain(start)?;
        ole.entries = directory.chunks_exact(ENTRY).filter_map(Entry::parse).collect();
        Some(ole)
    }

    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut next = start;
        let mut steps = 0;
        while next != END_OF_CHAIN {
            if next > LARGEST_SECTOR || steps > self.table.len() {
                return None;
            }
            let at = (next as usize + 1).checked_mul(self.sector)?;
            let end = (at + self.sector).min(self.bytes.len());
            out.extend_from_slice(self.bytes.get(at..end)?);
            next = *self.table.get(next as usize)?;
            steps += 1;
        }
        Some(out)
    }

    /// A stream that lies in small sectors within the stream of the root.
    fn small_chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        let root = self.chain(self.entries.first()?.start)?;
        let table: Vec<u32> =
            self.chain(u32_at(&self.bytes, 60)?)?.chunks_exact(4).filter_map(|bytes| u32_at(bytes, 0)).collect();
        let mut out = Vec::new();
        let mut next = start;
        while next != END_OF_CHAIN && out.len() < size {
            let at = (next as usize).checked_mul(SMALL_SECTOR)?;
            out.extend_from_slice(root.get(at..(at + SMALL_SECTOR).min(root.len()))?);
            next = *table.get(next as usize)?;
        }
        Some(out)
    }

    /// The workbook stream, the one that calamine takes.
    fn workbook(&self) -> Option<Vec<u8>> {
        let named = |name: &str| self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let entry = named("Workbook").or_else(|| named("Book"))?;
        let size = usize::try_from(entry.size).ok()?;
        let mut stream =
            if size < SMALL_STREAM { self.small_chain(entry.start, size)? } else { self.chain(entry.start)? };
        stream.truncate(size);
        Some(stream)
    }

    /// Whether the workbook stays within what a sheet can have and what memory allows. calamine makes room for what a
    /// sheet says of itself and lays it out as a full rectangle, so one cell far out would cost the whole of it.
    pub fn is_sane(&self, limits: &Limits) -> bool {
        let Some(stream) = self.workbook() else { return false };
        let allowed = limits.max_cells.min(limits.max_unpacked_bytes / 64);
        let mut sheets = Vec::new();
        if !is_sane_part(&stream, 0, allowed, &mut sheets) || sheets.len() > MAX_SHEETS {
            return false;
        }
        sheets.into_iter().all(|start| is_sane_part(&stream, start, allowed, &mut Vec::new()))
    }

    /// The bytes, for calamine.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Walks the records from a position up to the end of that part, and notes where sheets begin.
fn is_sane_part(stream: &[u8], start: usize, allowed: u64, sheets: &mut Vec<usize>) -> bool {
    let mut at = start;
    let mut depth = 0_u32;
    let (mut top, mut bottom, mut left, mut right) = (u64::MAX, 0, u64::MAX, 0);
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let body = stream.get(at + 4..at + 4 + usize::from(length)).unwrap_or_default();
        match kind {
            0x0809 => depth += 1,
            0x000a if depth <= 1 => return true,
            0x000a => depth -= 1,
            0x0085 => sheets.extend(u32_at(body, 0).map(|start| start as usize)),
            0x0200 if !is_sane_extent(body, allowed) => return false,
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                let row = u64::from(u16_at(body, 0).unwrap_or(0));
                let column = u64::from(u16_at(body, 2).unwrap_or(0));
                // A run of numbers says its last column at the end.
                let end = body.len().checked_sub(2).filter(|_| kind == 0x00bd);
                let last = end.and_then(|end| u16_at(body, end)).map_or(column, u64::from).max(column);
                (top, bottom) = (top.min(row), bottom.max(row));
                (left, right) = (left.min(column), right.max(last));
                if right >= MAX_COLUMNS || (bottom - top + 1) * (right - left + 1) > allowed {
                    return false;
                }
            }
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    true
}

/// What a sheet says of its own extent, in the long form or the short one of older versions.
fn is_sane_extent(body: &[u8], allowed: u64) -> bool {
    let short = |at: usize| u16_at(body, at).map(u64::from);
    let long = |at: usize| u32_at(body, at).map(u64::from);
    let extent = match body.len() {
        10 => (short(0), short(2), short(4), short(6)),
        _ => (long(0), long(4), short(8), short(10)),
    };
    let (Some(top), Some(bottom), Some(left), Some(right)) = extent else { return false };
    let left = if left >= MAX_COLUMNS || right < left { 0 } else { left };
    bottom == 0
        || top <= bottom
            && bottom <= MAX_ROWS
            && right <= MAX_COLUMNS
            && (bottom - top) * right.saturating_sub(left) <= allowed
}

impl Entry {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let length = usize::from(u16_at(bytes, 64)?).min(64);
        if length < 2 || bytes.get(66) == Some(&0) {
            return None;
        }
        let units: Vec<u16> = (0..length / 2 - 1).filter_map(|index| u16_at(bytes, index * 2)).collect();
        let size = u64::from(u32_at(bytes, 120)?);
        Some(Self { name: String::from_utf16_lossy(&units), start: u32_at(bytes, 116)?, size })
    }
}
