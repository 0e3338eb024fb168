//! Breaking text into lines: between any two Chinese characters, but never before closing or after opening punctuation;
//! between Latin words at spaces.

use super::Cells;

/// No line begins with one of these (避头).
const NO_START: &str = "，。、；：？！）》〉」』】〕〗｝”’…—～％‰℃·,.;:?!)]}%'\"⋯";
/// No line ends with one of these (避尾).
const NO_END: &str = "（《〈「『【〔〖｛“‘([{＃￥$#";

impl Cells {
    /// The text in lines of at most `width` cells. Line breaks of the text stay; an empty text is one empty line.
    /// A character wider than the whole line becomes `?`.
    pub fn wrap(self, text: &str, width: u16) -> Vec<String> {
        if width == 0 {
            return Vec::new();
        }
        text.split('\n').flat_map(|line| self.wrap_line(line, width)).collect()
    }

    fn wrap_line(self, text: &str, width: u16) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut used = 0;
        for atom in self.atoms(text) {
            if used > 0 && used + atom.solid > width {
                lines.push(trimmed(&line));
                line.clear();
                used = 0;
            }
            if used == 0 && atom.pieces.iter().all(|(piece, _)| *piece == " ") && !lines.is_empty() {
                continue;
            }
            for (piece, wide) in atom.pieces {
                let (piece, wide) = if wide > width { ("?", 1) } else { (piece, wide) };
                if used + wide > width {
                    // Spaces at the end of a full line are not carried over.
                    if piece == " " {
                        continue;
                    }
                    lines.push(trimmed(&line));
                    line.clear();
                    used = 0;
                }
                line.push_str(piece);
                used += wide;
            }
        }
        lines.push(trimmed(&line));
        lines
    }

    /// Runs of graphemes that stay together if they fit at all.
    fn atoms(self, text: &str) -> Vec<Atom<'_>> {
        let mut atoms: Vec<Atom<'_>> = Vec::new();
        let mut before: Option<(&str, u16)> = None;
        for piece in self.pieces(text) {
            let breaks = before.is_none_or(|before| may_break(before, piece));
            match atoms.last_mut() {
                Some(atom) if !breaks => atom.push(piece),
                _ => {
                    let mut atom = Atom { pieces: Vec::new(), solid: 0, all: 0 };
                    atom.push(piece);
                    atoms.push(atom);
                }
            }
            before = Some(piece);
        }
        atoms
    }
}

struct Atom<'a> {
    pieces: Vec<(&'a str, u16)>,
    /// Width without spaces at the end.
    solid: u16,
    all: u16,
}

impl<'a> Atom<'a> {
    fn push(&mut self, piece: (&'a str, u16)) {
        self.all = self.all.saturating_add(piece.1);
        if piece.0 != " " {
            self.solid = self.all;
        }
        self.pieces.push(piece);
    }
}

fn may_break(before: (&str, u16), after: (&str, u16)) -> bool {
    if after.0 == " " {
        return false;
    }
    if NO_START.contains(after.0) && before.0 != " " || NO_END.contains(before.0) {
        return false;
    }
    before.0 == " " || before.0 == "/" || before.1 > 1 || after.1 > 1
}

fn trimmed(line: &str) -> String {
    line.trim_end_matches(' ').to_owned()
}
