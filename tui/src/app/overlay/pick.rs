//! A list to choose from, filtered as one types: Chinese, pinyin, initials, ids.

use super::line::{Line, Shown};
use super::list::Cursor;
use super::{Reaction, sheet, widest};
use crate::app::cx::{Many, Pick};
use crate::app::screen::ScreenEvent;
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::text::{Index, Query};
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use zhengai_text::Texts;

pub(crate) struct PickBox {
    pick: Pick,
    index: Vec<Index>,
    filter: Line,
    /// Places of the choices that the filter leaves, best first.
    left: Vec<usize>,
    cursor: Cursor,
    marked: Vec<String>,
    rows: Cell<Rect>,
}

impl PickBox {
    pub(crate) fn new(pick: Pick, _texts: &Texts) -> Self {
        let index = pick
            .choices
            .iter()
            .map(|choice| Index::of([choice.label.as_str(), choice.id.as_str(), choice.detail.as_str()]))
            .collect();
        let marked = if pick.many == Many::Several { pick.chosen.clone() } else { Vec::new() };
        let mut found = Self {
            index,
            filter: Line::default(),
            left: (0..pick.choices.len()).collect(),
            cursor: Cursor::default(),
            marked,
            rows: Cell::default(),
            pick,
        };
        let first = found.pick.chosen.first();
        if let Some(at) = first.and_then(|id| found.pick.choices.iter().position(|choice| choice.id == *id)) {
            found.cursor.set(at);
        }
        found
    }

    fn narrow(&mut self) {
        let query = Query::of(self.filter.text());
        let mut scored: Vec<(u32, usize)> = self
            .index
            .iter()
            .enumerate()
            .filter_map(|(place, index)| index.answers(&query).map(|score| (score, place)))
            .collect();
        if !self.filter.text().trim().is_empty() {
            scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        }
        self.left = scored.into_iter().map(|(_, place)| place).collect();
        self.cursor.set(0);
    }

    fn current(&self) -> Option<String> {
        let place = self.left.get(self.cursor.at())?;
        self.pick.choices.get(*place).map(|choice| choice.id.clone())
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Enter => return self.give(),
            KeyCode::Char(' ') if self.pick.many == Many::Several => {
                self.mark();
                return Reaction::Stay;
            }
            KeyCode::Char(_) | KeyCode::Home | KeyCode::End => {}
            _ => {
                if let Meaning::Act(action) = meaning {
                    if matches!(action, Action::Submit | Action::Save) {
                        return self.give();
                    }
                    if self.cursor.act(*action, self.left.len()) {
                        return Reaction::Stay;
                    }
                }
            }
        }
        if self.filter.key(key) {
            self.narrow();
            return Reaction::Stay;
        }
        Reaction::Ignored
    }

    fn mark(&mut self) {
        if let Some(id) = self.current() {
            match self.marked.iter().position(|other| *other == id) {
                Some(at) => drop(self.marked.remove(at)),
                None => self.marked.push(id),
            }
            self.cursor.act(Action::Down, self.left.len());
        }
    }

    fn give(&self) -> Reaction {
        let ids = match self.pick.many {
            Many::Several if !self.marked.is_empty() => self.marked.clone(),
            _ => self.current().into_iter().collect(),
        };
        if ids.is_empty() {
            return Reaction::Stay;
        }
        Reaction::Event(ScreenEvent::Picked { tag: self.pick.tag.clone(), ids })
    }

    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        self.filter.paste(text);
        self.narrow();
        Reaction::Stay
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
                    return match self.pick.many {
                        Many::One => self.give(),
                        Many::Several => {
                            self.mark();
                            Reaction::Stay
                        }
                    };
                }
            }
            MouseEventKind::Down(MouseButton::Left) => return Reaction::Close,
            _ => {}
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = canvas.cells();
        let labels = widest(cells, self.pick.choices.iter().map(|choice| choice.label.as_str()), 10, 40);
        let details = widest(cells, self.pick.choices.iter().map(|choice| choice.detail.as_str()), 2, 60);
        let title = cells.width(&self.pick.title);
        let width = (labels + details + 6).max(title + 2).max(30);
        let height = u16::try_from(self.pick.choices.len()).unwrap_or(u16::MAX).saturating_add(1).min(18);
        let inner = sheet(canvas, area, &self.pick.title, width, height);
        if inner.height == 0 {
            return;
        }
        self.filter.view(canvas, Rect { height: 1, ..inner }, Shown::Plain);
        let rows = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        self.rows.set(rows);
        if self.left.is_empty() {
            let (nothing, dim) = (canvas.text("pick-nothing", &[]), canvas.style(Role::Dim));
            canvas.line(rows, &[(&nothing, dim)]);
        }
        let glyphs = canvas.glyphs();
        for (line, row) in self.cursor.window(self.left.len(), usize::from(rows.height)).enumerate() {
            let Some(choice) = self.left.get(row).and_then(|place| self.pick.choices.get(*place)) else { continue };
            let here = row == self.cursor.at();
            let paint = |role: Role, canvas: &Canvas<'_>| {
                let style = canvas.style(role);
                if here { canvas.look.selected(style) } else { style }
            };
            let (text, dim) = (paint(Role::Text, canvas), paint(Role::Dim, canvas));
            let mark = match self.pick.many {
                Many::One if here => glyphs.pointer,
                Many::One => " ",
                Many::Several if self.marked.contains(&choice.id) => glyphs.boxes[1],
                Many::Several => glyphs.boxes[0],
            };
            let y = rows.y + u16::try_from(line).unwrap_or(u16::MAX);
            let area = Rect { y, height: 1, ..rows };
            if here {
                canvas.fill(area, text);
            }
            let used = canvas.put(area.x, y, mark, text, 3) + 1;
            let gap = labels.min(area.width.saturating_sub(used));
            canvas.put(area.x + used, y, &choice.label, text, gap);
            canvas.put(area.x + used + gap, y, &choice.detail, dim, area.width.saturating_sub(used + gap));
        }
    }
}
