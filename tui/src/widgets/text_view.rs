//! Text to be read: wrapped to the width, scrolled, with roles for its pieces.

use super::motion::{Motion, moved};
use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;
use std::cell::Cell;

/// A paragraph of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text; may be longer than a line.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// Cells that its lines stand further right.
    pub indent: u16,
}

impl Piece {
    /// A paragraph.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role, indent: 0 }
    }

    /// Further right.
    #[must_use]
    pub fn indent(mut self, cells: u16) -> Self {
        self.indent = cells;
        self
    }
}

/// A text to be read.
#[derive(Debug, Clone, Default)]
pub struct TextView {
    pieces: Vec<Piece>,
    top: u64,
    area: Cell<Rect>,
    lines: Cell<u64>,
}

impl TextView {
    /// With this text.
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces, ..Self::default() }
    }

    /// Puts another text in its place, shown from its beginning.
    pub fn set(&mut self, pieces: Vec<Piece>) {
        self.pieces = pieces;
        self.top = 0;
    }

    /// Adds paragraphs at the end.
    pub fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// All its text, for the clipboard.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Scrolls.
    pub fn apply(&mut self, motion: Motion) {
        let height = u64::from(self.area.get().height);
        let most = self.lines.get().saturating_sub(height);
        self.top = moved(self.top.min(most), motion, most + 1, height);
    }

    /// Whether the pointer is over it.
    pub fn contains(&self, column: u16, row: u16) -> bool {
        self.area.get().contains((column, row).into())
    }

    /// Draws what fits.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.area.set(area);
        if area.width < 2 || area.height == 0 {
            return;
        }
        let mut lines: Vec<(u16, String, Role)> = Vec::new();
        for piece in &self.pieces {
            let indent = piece.indent.min(area.width / 2);
            let width = area.width - 1 - indent;
            lines.extend(canvas.look.cells.wrap(&piece.text, width).into_iter().map(|line| (indent, line, piece.role)));
        }
        let total = lines.len() as u64;
        self.lines.set(total);
        let height = u64::from(area.height);
        let top = self.top.min(total.saturating_sub(height));
        let skip = usize::try_from(top).unwrap_or(usize::MAX);
        for (y, (indent, line, role)) in (area.top()..area.bottom()).zip(lines.iter().skip(skip)) {
            canvas.put(area.x + indent, y, line, canvas.style(*role), area.width.saturating_sub(*indent));
        }
        super::rule::scroll_bar(canvas, area, top, height, total);
    }
}
