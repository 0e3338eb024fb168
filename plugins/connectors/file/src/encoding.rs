//! Which encoding a text file has: byte-order mark, then NULs (UTF-16), then UTF-8, then GB18030 (which covers GBK).
//!
//! A file with one damaged character is still that encoding: the damaged row is rejected, not the file. So a candidate
//! is accepted when its multi-byte characters outnumber its errors by far; strictly valid candidates come first.

use crate::fault;
use crate::source::Source;
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::Read;
use zhengai_plugin::Result;

/// How much is looked at from the first byte that is not ASCII.
const WINDOW: usize = 1 << 16;
/// How far that first byte is searched.
const ASCII_LIMIT: u64 = 1 << 28;
/// Whole characters per error that a slightly damaged file must have.
const GOOD_PER_ERROR: usize = 4;

/// An encoding and the length of the byte-order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Bytes to skip.
    pub mark: usize,
}

impl Detected {
    /// Its name in options and catalogues.
    pub fn name(&self) -> String {
        self.encoding.name().to_lowercase()
    }
}

/// The encoding of a file; a stated one wins, and then only its mark is looked for.
pub fn detect(source: &Source, stated: Option<&'static Encoding>) -> Result<Detected> {
    let head = source.prefix(4096)?;
    let (encoding, mark) = match Encoding::for_bom(&head) {
        Some((encoding, mark)) => (Some(encoding), mark),
        None => (None, 0),
    };
    if let Some(stated) = stated {
        return Ok(Detected { encoding: stated, mark: if encoding == Some(stated) { mark } else { 0 } });
    }
    if let Some(encoding) = encoding {
        return Ok(Detected { encoding, mark });
    }
    if let Some(encoding) = utf16_without_mark(&head) {
        return Ok(Detected { encoding, mark: 0 });
    }
    let found = first_foreign_window(source)?;
    if found.window.is_empty() {
        return Ok(Detected { encoding: UTF_8, mark: 0 });
    }
    let utf8 = trial(UTF_8, &found.window);
    let gb = trial(GB18030, &found.window);
    let encoding = match (utf8.first_error, gb.first_error) {
        (None, _) => Some(UTF_8),
        _ if utf8.mostly_good() => Some(UTF_8),
        (_, None) => Some(GB18030),
        _ if gb.mostly_good() => Some(GB18030),
        _ => None,
    };
    match encoding {
        Some(encoding) => Ok(Detected { encoding, mark: 0 }),
        None => {
            let within = utf8.first_error.unwrap_or(0).max(gb.first_error.unwrap_or(0));
            let before = found.window.get(..within).unwrap_or_default();
            let line = found.line + memchr::memchr_iter(b'\n', before).count() as u64;
            Err(fault::encoding_unknown(&source.place, found.offset + within as u64, line))
        }
    }
}

/// UTF-16 shows by NULs: delimiters, digits and line ends have one in each pair.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let even = head.iter().step_by(2).filter(|byte| **byte == 0).count();
    let odd = head.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
    if odd > 4 * even {
        Some(UTF_16LE)
    } else if even > 4 * odd {
        Some(UTF_16BE)
    } else {
        None
    }
}

struct Foreign {
    window: Vec<u8>,
    offset: u64,
    line: u64,
}

/// The bytes from the first one that is not ASCII, with its offset and line.
fn first_foreign_window(source: &Source) -> Result<Foreign> {
    let mut input = source.read()?;
    let mut chunk = vec![0; WINDOW];
    let (mut offset, mut line) = (0_u64, 1_u64);
    while offset < ASCII_LIMIT {
        let count = match input.read(&mut chunk) {
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(source.explain(&error)),
        };
        let bytes = chunk.get(..count).unwrap_or_default();
        if count == 0 {
            break;
        }
        if bytes.is_ascii() {
            offset += count as u64;
            line += memchr::memchr_iter(b'\n', bytes).count() as u64;
            continue;
        }
        let at = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        let (before, rest) = bytes.split_at(at);
        line += memchr::memchr_iter(b'\n', before).count() as u64;
        let mut window = rest.to_vec();
        let missing = WINDOW.saturating_sub(window.len()) as u64;
        input.take(missing).read_to_end(&mut window).map_err(|error| source.explain(&error))?;
        return Ok(Foreign { window, offset: offset + at as u64, line });
    }
    Ok(Foreign { window: Vec::new(), offset, line })
}

struct Trial {
    first_error: Option<usize>,
    errors: usize,
    good: usize,
}

impl Trial {
    fn mostly_good(&self) -> bool {
        self.good >= GOOD_PER_ERROR * self.errors
    }
}

/// Decodes a window that may be cut in the middle of a character, and counts.
fn trial(encoding: &'static Encoding, window: &[u8]) -> Trial {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut trial = Trial { first_error: None, errors: 0, good: 0 };
    let mut out = vec![0; window.len() * 3 + 16];
    let mut from = 0;
    loop {
        let source = window.get(from..).unwrap_or_default();
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(source, &mut out, false);
        from += read;
        // Characters of three bytes and more in UTF-8: CJK. Two-byte ones come up by chance in GBK read as UTF-8.
        trial.good += out.get(..written).unwrap_or_default().iter().filter(|byte| **byte >= 0xe0).count();
        match result {
            DecoderResult::InputEmpty => return trial,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, behind) => {
                trial.errors += 1;
                trial.first_error.get_or_insert(from.saturating_sub(usize::from(bad) + usize::from(behind)));
            }
        }
    }
}
