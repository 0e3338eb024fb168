//! Help for the screen: every command with its keys, and why those that cannot be done now cannot.

use super::list::Cursor;
use super::{Reaction, sheet};
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

/// A row of the help.
#[derive(Debug, Clone)]
pub(crate) enum Row {
    /// Head of a group.
    Head(String),
    /// A command: keys, name, reason why not.
    Command {
        /// Its keys.
        keys: String,
        /// Its name.
        label: String,
        /// Why it cannot be done now.
        reason: Option<String>,
    },
}

pub(crate) struct Help {
    title: String,
    rows: Vec<Row>,
    cursor: Cursor,
}

impl Help {
    pub(crate) fn new(title: String, rows: Vec<Row>) -> Self {
        Self { title, rows, cursor: Cursor::default() }
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        if matches!(key.code, KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q')) {
            return Reaction::Close;
        }
        match meaning {
            Meaning::Act(Action::Help | Action::Back) => Reaction::Close,
            Meaning::Act(action) if self.cursor.act(*action, self.rows.len()) => Reaction::Stay,
            _ => Reaction::Ignored,
        }
    }

    pub(crate) fn mouse(&mut self, mouse: &MouseEvent) -> Reaction {
        match mouse.kind {
            MouseEventKind::ScrollUp => drop(self.cursor.act(Action::Up, self.rows.len())),
            MouseEventKind::ScrollDown => drop(self.cursor.act(Action::Down, self.rows.len())),
            MouseEventKind::Down(MouseButton::Left) => return Reaction::Close,
            _ => {}
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let height = u16::try_from(self.rows.len()).unwrap_or(u16::MAX);
        let inner = sheet(canvas, area, &self.title, 72.min(area.width), height);
        let cells = canvas.cells();
        let keys_width = self
            .rows
            .iter()
            .map(|row| match row {
                Row::Command { keys, .. } => cells.width(keys),
                Row::Head(_) => 0,
            })
            .max()
            .unwrap_or(0)
            .min(inner.width / 2);
        let (title, accent, text, dim) =
            (canvas.style(Role::Title), canvas.style(Role::Accent), canvas.style(Role::Text), canvas.style(Role::Dim));
        for (line, row) in self.cursor.window(self.rows.len(), usize::from(inner.height)).enumerate() {
            let y = inner.y + u16::try_from(line).unwrap_or(u16::MAX);
            match self.rows.get(row) {
                Some(Row::Head(head)) => drop(canvas.put(inner.x, y, head, title, inner.width)),
                Some(Row::Command { keys, label, reason }) => {
                    canvas.put(inner.x, y, keys, accent, keys_width);
                    let x = inner.x + keys_width + 2;
                    let style = if reason.is_some() { dim } else { text };
                    let used = canvas.put(x, y, label, style, inner.right().saturating_sub(x));
                    if let Some(reason) = reason {
                        let x = x + used + 2;
                        canvas.put(x, y, reason, dim, inner.right().saturating_sub(x));
                    }
                }
                None => {}
            }
        }
    }
}
