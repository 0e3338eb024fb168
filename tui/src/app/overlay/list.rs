//! Which row of a list has the cursor, and which rows are seen.

use crate::keymap::Action;
use std::cell::Cell;

/// The cursor of a list.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    at: usize,
    top: Cell<usize>,
    height: Cell<usize>,
}

impl Cursor {
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn set(&mut self, at: usize) {
        self.at = at;
    }

    /// Moves in a list of so many rows; says whether it was a move.
    pub(crate) fn act(&mut self, action: Action, rows: usize) -> bool {
        let page = self.height.get().max(1);
        let last = rows.saturating_sub(1);
        self.at = match action {
            Action::Up => self.at.saturating_sub(1),
            Action::Down => self.at + 1,
            Action::PageUp => self.at.saturating_sub(page),
            Action::PageDown => self.at + page,
            Action::Home | Action::First => 0,
            Action::End | Action::Last => last,
            _ => return false,
        }
        .min(last);
        true
    }

    /// The rows that are seen in a window of this height.
    pub(crate) fn window(&self, rows: usize, height: usize) -> std::ops::Range<usize> {
        let mut top = self.top.get().min(rows.saturating_sub(height));
        if self.at < top {
            top = self.at;
        }
        if height > 0 && self.at >= top + height {
            top = self.at + 1 - height;
        }
        self.top.set(top);
        self.height.set(height);
        top..rows.min(top + height)
    }

    /// The row of a list at this line of its window.
    pub(crate) fn row(&self, line: usize) -> usize {
        self.top.get() + line
    }
}
