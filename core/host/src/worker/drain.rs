//! What a plugin prints: line by line into the log, with a cap on each line and on everything.

use std::collections::VecDeque;

/// A line is cut here.
const LINE_LIMIT: usize = 8 * 1024;
/// So many last lines are remembered.
const REMEMBERED: usize = 20;

/// One stream of a worker.
#[derive(Debug)]
pub(crate) struct Drain {
    line: Vec<u8>,
    /// Bytes of this line beyond the limit.
    cut: u64,
    /// Bytes that may still be logged.
    room: u64,
    /// Bytes that were not.
    lost: u64,
    last: VecDeque<String>,
}

impl Drain {
    /// At most `room` bytes of it are logged.
    pub(crate) fn new(room: u64) -> Self {
        Self { line: Vec::new(), cut: 0, room, lost: 0, last: VecDeque::new() }
    }

    /// Bytes that were printed; whole lines go to `tell`.
    pub(crate) fn push(&mut self, bytes: &[u8], tell: &mut dyn FnMut(&str)) {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let Some(last) = lines.next_back() else { return };
        for line in lines {
            self.add(line);
            self.tell(tell);
        }
        self.add(last);
    }

    /// The rest, and once how much was left out.
    pub(crate) fn end(&mut self, tell: &mut dyn FnMut(&str)) {
        if !self.line.is_empty() {
            self.tell(tell);
        }
        if self.lost > 0 {
            tell(&format!("… {} more bytes were left out", self.lost));
            self.lost = 0;
        }
    }

    /// Whether one of the last lines holds one of these texts.
    pub(crate) fn said(&self, texts: &[&str]) -> bool {
        self.last.iter().any(|line| texts.iter().any(|text| line.contains(text)))
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = LINE_LIMIT - self.line.len();
        let (kept, rest) = bytes.split_at(bytes.len().min(room));
        self.line.extend_from_slice(kept);
        self.cut += rest.len() as u64;
    }

    fn tell(&mut self, tell: &mut dyn FnMut(&str)) {
        let mut text = String::from_utf8_lossy(&self.line).into_owned();
        text.retain(|char| char == '\t' || !char.is_control());
        let bytes = self.line.len() as u64 + 1;
        let cut = std::mem::take(&mut self.cut);
        self.line.clear();
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(text.clone());
        if bytes > self.room {
            self.room = 0;
            self.lost += bytes + cut;
            return;
        }
        self.room -= bytes;
        if cut > 0 {
            text.push_str(&format!(" … ({cut} more bytes)"));
        }
        if !text.is_empty() {
            tell(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Drain;

    fn told(room: u64, pieces: &[&str]) -> Vec<String> {
        let mut drain = Drain::new(room);
        let mut lines = Vec::new();
        for piece in pieces {
            drain.push(piece.as_bytes(), &mut |line| lines.push(line.to_owned()));
        }
        drain.end(&mut |line| lines.push(line.to_owned()));
        lines
    }

    #[test]
    fn lines_are_told_whole_however_they_arrive() {
        assert_eq!(told(100, &["one\ntw", "o\n", "\nthree"]), ["one", "two", "three"]);
    }

    #[test]
    fn control_characters_do_not_reach_the_log() {
        assert_eq!(told(100, &["a\u{1b}[31mb\r\n"]), ["a[31mb"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_and_says_by_how_much() {
        let long = "x".repeat(9000);
        let lines = told(100_000, &[&long, &long, "\nnext\n"]);
        assert_eq!(lines[0], format!("{} … (9808 more bytes)", "x".repeat(8192)));
        assert_eq!(lines[1], "next");
    }

    #[test]
    fn what_is_over_the_cap_is_counted_and_said_once() {
        assert_eq!(told(10, &["12345\n", "12345\n", "1\n"]), ["12345", "… 8 more bytes were left out"]);
    }

    #[test]
    fn the_last_lines_are_remembered_even_over_the_cap() {
        let mut drain = Drain::new(0);
        drain.push(b"memory allocation of 7 bytes failed\n", &mut |_| {});
        assert!(drain.said(&["memory allocation of"]));
        assert!(!drain.said(&["segmentation"]));
    }
}
