//! A list that is narrowed as one types: the field, the rows that are left, the cursor among them.

use super::line::{Line, Shown};
use super::list::Cursor;
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::text::{Index, best};
use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;

/// What the mouse met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// A row; it has the cursor now.
    Row,
    /// Something outside of the list.
    Outside,
    /// Nothing, or the wheel turned.
    Nothing,
}

/// The list.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    index: Vec<Index>,
    /// How many things follow the indexed ones that were narrowed elsewhere.
    narrowed: usize,
    line: Line,
    /// Places of the things that are left, best first.
    left: Vec<usize>,
    cursor: Cursor,
    rows: Cell<Rect>,
}

impl Sieve {
    pub(super) fn new(index: Vec<Index>) -> Self {
        Self { left: (0..index.len()).collect(), index, ..Self::default() }
    }

    /// What was typed.
    pub(super) fn text(&self) -> &str {
        self.line.text()
    }

    /// So many things follow the indexed ones, which answer what was typed already. The cursor stays where it is.
    pub(super) fn follow_with(&mut self, narrowed: usize) {
        self.narrowed = narrowed;
        self.left.retain(|place| *place < self.index.len());
        self.left.extend(self.index.len()..self.index.len() + narrowed);
        self.cursor.set(self.cursor.at().min(self.left.len().saturating_sub(1)));
    }

    /// Place of the thing under the cursor.
    pub(super) fn here(&self) -> Option<usize> {
        self.left.get(self.cursor.at()).copied()
    }

    /// Puts the cursor on a thing.
    pub(super) fn put(&mut self, place: usize) {
        if let Some(at) = self.left.iter().position(|left| *left == place) {
            self.cursor.set(at);
        }
    }

    /// Moves the cursor; says whether the action was a move.
    pub(super) fn act(&mut self, action: Action) -> bool {
        self.cursor.act(action, self.left.len())
    }

    /// Types; says whether the key types anything.
    pub(super) fn key(&mut self, key: &KeyEvent) -> bool {
        let taken = self.line.key(key);
        if taken {
            self.narrow();
        }
        taken
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.line.paste(text);
        self.narrow();
    }

    fn narrow(&mut self) {
        self.left = best(self.line.text(), &self.index);
        self.left.extend(self.index.len()..self.index.len() + self.narrowed);
        self.cursor.set(0);
    }

    pub(super) fn mouse(&mut self, mouse: &MouseEvent) -> Touch {
        let rows = self.rows.get();
        match mouse.kind {
            MouseEventKind::ScrollUp => drop(self.act(Action::Up)),
            MouseEventKind::ScrollDown => drop(self.act(Action::Down)),
            MouseEventKind::Down(MouseButton::Left) if rows.contains(Position::new(mouse.column, mouse.row)) => {
                let row = self.cursor.row(usize::from(mouse.row - rows.y));
                if row < self.left.len() {
                    self.cursor.set(row);
                    return Touch::Row;
                }
            }
            MouseEventKind::Down(MouseButton::Left) => return Touch::Outside,
            _ => {}
        }
        Touch::Nothing
    }

    /// Draws the field; gives the things that are seen below it, each with its row and whether it has the cursor.
    pub(super) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) -> Vec<(Rect, usize, bool)> {
        self.line.view(canvas, Rect { height: 1, ..area }, Shown::Plain);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.rows.set(rows);
        let seen = self.cursor.window(self.left.len(), usize::from(rows.height));
        let places = seen.clone().filter_map(|row| self.left.get(row).map(|place| (row, *place)));
        (rows.y..)
            .zip(places)
            .map(|(y, (row, place))| (Rect { y, height: 1, ..rows }, place, row == self.cursor.at()))
            .collect()
    }
}
