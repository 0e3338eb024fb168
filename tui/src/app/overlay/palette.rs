//! The command palette: screens, commands and whatever a screen offers, found by Chinese, pinyin, initials or English.

use super::line::{Line, Shown};
use super::list::Cursor;
use super::{Reaction, sheet};
use crate::app::command::CommandId;
use crate::app::screen::{Params, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::text::{Index, Query};
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;

/// What an entry of the palette does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Does {
    /// Opens a screen.
    Screen(ScreenId, Params),
    /// Carries out a command.
    Command(CommandId),
    /// Writes the recording to a file.
    Record,
}

/// An entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// What it does.
    pub(crate) does: Does,
    /// Its name, localised.
    pub(crate) label: String,
    /// What it can be found by besides.
    pub(crate) words: Vec<String>,
    /// Its keys.
    pub(crate) keys: String,
    /// Why it cannot be chosen now, localised.
    pub(crate) reason: Option<String>,
}

pub(crate) struct Palette {
    title: String,
    nothing: String,
    entries: Vec<Entry>,
    index: Vec<Index>,
    query: Line,
    left: Vec<usize>,
    cursor: Cursor,
    rows: Cell<Rect>,
}

impl Palette {
    pub(crate) fn new(title: String, nothing: String, entries: Vec<Entry>) -> Self {
        let index = entries
            .iter()
            .map(|entry| Index::of(std::iter::once(entry.label.as_str()).chain(entry.words.iter().map(String::as_str))))
            .collect();
        let left = (0..entries.len()).collect();
        let (query, cursor, rows) = (Line::default(), Cursor::default(), Cell::default());
        Self { title, nothing, entries, index, query, left, cursor, rows }
    }

    fn narrow(&mut self) {
        let query = Query::of(self.query.text());
        let mut scored: Vec<(u32, usize)> = self
            .index
            .iter()
            .enumerate()
            .filter_map(|(place, index)| index.answers(&query).map(|score| (score, place)))
            .collect();
        if !self.query.text().trim().is_empty() {
            scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        }
        self.left = scored.into_iter().map(|(_, place)| place).collect();
        self.cursor.set(0);
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Enter => return self.choose(),
            KeyCode::Char(_) | KeyCode::Home | KeyCode::End => {}
            _ => {
                if let Meaning::Act(action) = meaning {
                    if *action == Action::Palette {
                        return Reaction::Close;
                    }
                    if self.cursor.act(*action, self.left.len()) {
                        return Reaction::Stay;
                    }
                }
            }
        }
        if *meaning == Meaning::Act(Action::Palette) && !key.modifiers.is_empty() {
            return Reaction::Close;
        }
        if self.query.key(key) {
            self.narrow();
            return Reaction::Stay;
        }
        Reaction::Ignored
    }

    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        self.query.paste(text);
        self.narrow();
        Reaction::Stay
    }

    fn choose(&self) -> Reaction {
        let entry = self.left.get(self.cursor.at()).and_then(|place| self.entries.get(*place));
        match entry.map(|entry| &entry.does) {
            Some(Does::Screen(id, params)) => Reaction::Screen(*id, params.clone()),
            Some(Does::Command(id)) => Reaction::Command(*id),
            Some(Does::Record) => Reaction::Record,
            None => Reaction::Stay,
        }
    }

    pub(crate) fn mouse(&mut self, mouse: &MouseEvent) -> Reaction {
        let rows = self.rows.get();
        match mouse.kind {
            MouseEventKind::ScrollUp => drop(self.cursor.act(Action::Up, self.left.len())),
            MouseEventKind::ScrollDown => drop(self.cursor.act(Action::Down, self.left.len())),
            MouseEventKind::Down(MouseButton::Left) if rows.contains(Position::new(mouse.column, mouse.row)) => {
                let row = self.cursor.row(usize::from(mouse.row - rows.y));
                if row < self.left.len() {
                    self.cursor.set(row);
                    return self.choose();
                }
            }
            MouseEventKind::Down(MouseButton::Left) => return Reaction::Close,
            _ => {}
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = sheet(canvas, area, &self.title, 64.min(area.width), 16);
        if inner.height == 0 {
            return;
        }
        self.query.view(canvas, Rect { height: 1, ..inner }, Shown::Plain);
        let rows = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        self.rows.set(rows);
        if self.left.is_empty() {
            let dim = canvas.style(Role::Dim);
            canvas.line(rows, &[(&self.nothing, dim)]);
        }
        let cells = canvas.cells();
        let pointer = canvas.glyphs().pointer;
        for (line, row) in self.cursor.window(self.left.len(), usize::from(rows.height)).enumerate() {
            let Some(entry) = self.left.get(row).and_then(|place| self.entries.get(*place)) else { continue };
            let here = row == self.cursor.at();
            let role = if entry.reason.is_some() { Role::Dim } else { Role::Text };
            let (text, dim) = (canvas.style(role), canvas.style(Role::Dim));
            let (text, dim) = if here { (canvas.look.selected(text), canvas.look.selected(dim)) } else { (text, dim) };
            let area = Rect { y: rows.y + u16::try_from(line).unwrap_or(u16::MAX), height: 1, ..rows };
            if here {
                canvas.fill(area, text);
            }
            let mark = if here { pointer } else { " " };
            let side = entry.reason.as_ref().unwrap_or(&entry.keys);
            let side_width = cells.width(side).min(area.width / 2);
            let mut x = canvas.put(area.x, area.y, mark, text, 2);
            x += 1;
            x += canvas.put(area.x + x, area.y, &entry.label, text, area.width.saturating_sub(x + side_width + 1));
            let word = entry.words.first().map(String::as_str).unwrap_or_default();
            if x + 2 + cells.width(word) + side_width < area.width {
                canvas.put(area.x + x + 2, area.y, word, dim, area.width - x - 2);
            }
            canvas.right(Rect { x: area.right() - side_width, width: side_width, ..area }, side, dim);
        }
    }
}
