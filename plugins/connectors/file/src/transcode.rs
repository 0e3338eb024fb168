//! Any encoding in, UTF-8 out, in chunks. Bytes that cannot be decoded become one [`BAD_BYTE`] each time, and their
//! offsets wait in a queue, so that the row they are in can be told apart and all others go on.

use crate::row::BAD_BYTE;
use encoding_rs::{Decoder, DecoderResult, Encoding};
use std::collections::VecDeque;
use std::io::{self, Read};

const CHUNK: usize = 1 << 16;

/// A decoding reader with its own window on the text.
pub struct Transcoder {
    input: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    offset: u64,
    text: Vec<u8>,
    start: usize,
    bad: VecDeque<u64>,
    ended: bool,
}

impl Transcoder {
    /// Reads the input from behind its byte-order mark, which is `skip` bytes long.
    pub fn new(mut input: Box<dyn Read + Send>, encoding: &'static Encoding, skip: usize) -> io::Result<Self> {
        io::copy(&mut input.by_ref().take(skip as u64), &mut io::sink())?;
        Ok(Self {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; CHUNK],
            offset: skip as u64,
            text: Vec::with_capacity(CHUNK * 4),
            start: 0,
            bad: VecDeque::new(),
            ended: false,
        })
    }

    /// Decoded text that is not consumed yet.
    pub fn window(&self) -> &[u8] {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// True when the window holds all that is left.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Offset in the file behind the last byte read.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes bytes from the front of the window; returns the file offset of the first undecodable byte among them.
    pub fn consume(&mut self, count: usize) -> Option<u64> {
        let mut first = None;
        if !self.bad.is_empty() {
            let taken = self.text.get(self.start..self.start + count).unwrap_or_default();
            let marks = memchr::memchr_iter(BAD_BYTE, taken).count();
            for offset in self.bad.drain(..marks.min(self.bad.len())) {
                first.get_or_insert(offset);
            }
        }
        self.start = (self.start + count).min(self.text.len());
        first
    }

    /// Decodes another chunk onto the window.
    pub fn fill(&mut self) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        if self.start > 0 {
            self.text.drain(..self.start);
            self.start = 0;
        }
        let count = loop {
            match self.input.read(&mut self.raw) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        let last = count == 0;
        let mut from = 0;
        loop {
            let written_to = self.text.len();
            let source = self.raw.get(from..count).unwrap_or_default();
            // Three bytes of UTF-8 are the most that two of GBK or UTF-16, or one of anything, can become.
            self.text.resize(written_to + source.len() * 3 + 16, 0);
            let room = self.text.get_mut(written_to..).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(source, room, last);
            self.text.truncate(written_to + written);
            from += read;
            self.offset += read as u64;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, behind) => {
                    let back = u64::from(bad) + u64::from(behind);
                    self.bad.push_back(self.offset.saturating_sub(back));
                    self.text.push(BAD_BYTE);
                }
            }
        }
        self.ended = last;
        Ok(())
    }
}
