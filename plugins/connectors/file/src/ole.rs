//! OLE containers: what is in one, and the workbook stream of an `.xls`, checked before calamine may allocate for it.

use crate::fault;
use crate::options::Limits;
use crate::source::Source;
use std::io::Read;
use zhengai_plugin::Result;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const LARGEST_SECTOR: u32 = 0xffff_fffa;
const ENTRY: usize = 128;
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

    /// The workbook stream, when it lies in ordinary sectors; a smaller one cannot hold anything large.
    fn workbook(&self) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name == "Workbook" || entry.name == "Book")?;
        if entry.size < 4096 {
            return Some(Vec::new());
        }
        let mut stream = self.chain(entry.start)?;
        stream.truncate(usize::try_from(entry.size).ok()?);
        Some(stream)
    }

    /// Whether the workbook stays within what a sheet can have and what memory allows. calamine lays a sheet out as a
    /// full rectangle, so one cell far out would cost the whole of it.
    pub fn is_sane(&self, limits: &Limits) -> bool {
        let Some(stream) = self.workbook() else { return false };
        let allowed = limits.max_cells.min(limits.max_unpacked_bytes / 64);
        let mut at = 0;
        let (mut top, mut bottom, mut left, mut right) = (u64::MAX, 0, u64::MAX, 0);
        while let (Some(kind), Some(length)) = (u16_at(&stream, at), u16_at(&stream, at + 2)) {
            let body = stream.get(at + 4..at + 4 + usize::from(length)).unwrap_or_default();
            match kind {
                0x0809 => (top, bottom, left, right) = (u64::MAX, 0, u64::MAX, 0),
                0x0200 => {
                    let rows = u32_at(body, 4).unwrap_or(0).saturating_sub(u32_at(body, 0).unwrap_or(0));
                    let columns = u16_at(body, 10).unwrap_or(0).saturating_sub(u16_at(body, 8).unwrap_or(0));
                    if u64::from(rows) > MAX_ROWS
                        || u64::from(columns) > MAX_COLUMNS
                        || u64::from(rows) * u64::from(columns) > allowed
                    {
                        return false;
                    }
                }
                0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                    let row = u64::from(u16_at(body, 0).unwrap_or(0));
                    let column = u64::from(u16_at(body, 2).unwrap_or(0));
                    // A run of numbers says its last column at the end.
                    let last = if kind == 0x00bd && body.len() >= 2 {
                        u64::from(u16_at(body, body.len() - 2).unwrap_or(0))
                    } else {
                        column
                    };
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

    /// The bytes, for calamine.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
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
