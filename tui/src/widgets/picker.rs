//! Choosing one of many by typing: Chinese, pinyin, initials, English.

use super::input::{Focus, Input};
use super::motion::{Motion, moved, window};
use crate::canvas::Canvas;
use crate::text::{Align, Index, best};
use crate::theme::Role;
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use std::cell::Cell;

/// One of the many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Given back when chosen.
    pub id: String,
    /// What is shown.
    pub label: String,
    /// What is shown beside it: a code, a unit, a key.
    pub note: String,
    /// Why it cannot be chosen, if so.
    pub disabled: Option<String>,
    index: Index,
}

impl Item {
    /// An item found by its label, its id and its note.
    pub fn new(id: impl Into<String>, label: impl Into<String>, note: impl Into<String>) -> Self {
        let (id, label, note) = (id.into(), label.into(), note.into());
        let index = Index::of([label.as_str(), id.as_str(), note.as_str()]);
        Self { id, label, note, disabled: None, index }
    }

    /// Found by these names too.
    #[must_use]
    pub fn also(mut self, names: &[&str]) -> Self {
        let own = [self.label.clone(), self.id.clone(), self.note.clone()];
        self.index = Index::of(own.iter().map(String::as_str).chain(names.iter().copied()));
        self
    }

    /// Shown, but not to be chosen, and why.
    #[must_use]
    pub fn disabled(mut self, reason: impl Into<String>) -> Self {
        self.disabled = Some(reason.into());
        self
    }
}

/// A field to type into and the items that answer it.
#[derive(Debug, Clone, Default)]
pub struct Picker {
    input: Input,
    items: Vec<Item>,
    found: Vec<usize>,
    at: u64,
    top: Cell<u64>,
    area: Cell<Rect>,
}

impl Picker {
    /// Over these items, in this order while nothing is typed.
    pub fn new(items: Vec<Item>) -> Self {
        let found = (0..items.len()).collect();
        Self { items, found, ..Self::default() }
    }

    /// With the cursor on an item.
    #[must_use]
    pub fn on(mut self, id: &str) -> Self {
        let place = self.found.iter().position(|at| self.items.get(*at).is_some_and(|item| item.id == id));
        self.at = place.unwrap_or(0) as u64;
        self
    }

    /// What was typed.
    pub fn query(&self) -> &str {
        self.input.text()
    }

    /// Other items; what was typed stays.
    pub fn set_items(&mut self, items: Vec<Item>) {
        self.items = items;
        self.filter();
    }

    /// Types. False for a key that types nothing.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        let before = self.input.text().to_owned();
        let taken = self.input.key(key);
        if self.input.text() != before {
            self.filter();
        }
        taken
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.input.paste(text);
        self.filter();
    }

    /// Moves the cursor.
    pub fn apply(&mut self, motion: Motion) {
        let page = u64::from(self.area.get().height.saturating_sub(1));
        self.at = moved(self.at, motion, self.found.len() as u64, page);
    }

    /// The item of the cursor.
    pub fn selected(&self) -> Option<&Item> {
        self.items.get(*self.found.get(usize::try_from(self.at).ok()?)?)
    }

    /// The items that answer what was typed, best first.
    pub fn found(&self) -> impl Iterator<Item = &Item> {
        self.found.iter().filter_map(|at| self.items.get(*at))
    }

    /// Puts the cursor on the item that was clicked; true when it was there already: choose it.
    pub fn click(&mut self, column: u16, row: u16) -> Option<bool> {
        let area = self.area.get();
        if !area.contains((column, row).into()) || row == area.y {
            return None;
        }
        let at = self.top.get() + u64::from(row - area.y - 1);
        if at >= self.found.len() as u64 {
            return None;
        }
        let again = at == self.at;
        self.at = at;
        Some(again)
    }

    fn filter(&mut self) {
        self.found = best(self.input.text(), self.items.iter().map(|item| &item.index));
        self.at = 0;
    }

    /// Draws the field and, below it, what answers.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.area.set(area);
        if area.height == 0 || area.width == 0 {
            return;
        }
        self.input.view(canvas, Rect { height: 1, ..area }, Focus::Here);
        let list = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let count = self.found.len() as u64;
        let height = u64::from(list.height);
        let top = window(self.top.get(), self.at, count, height.max(1));
        self.top.set(top);
        if count == 0 && list.height > 0 {
            let text = canvas.text("tui-picker-none", &[]);
            canvas.put(list.x + 2, list.y, &text, canvas.style(Role::Dim), list.width.saturating_sub(2));
        }
        let skip = usize::try_from(top).unwrap_or(usize::MAX);
        for ((y, at), item) in (list.top()..list.bottom()).zip(top..).zip(self.found().skip(skip)) {
            self.item(canvas, Rect { y, height: 1, ..list }, item, at == self.at);
        }
        super::rule::scroll_bar(canvas, list, top, height, count);
    }

    fn item(&self, canvas: &mut Canvas<'_>, area: Rect, item: &Item, on: bool) {
        let look = canvas.look;
        let style = |role: Role| if on { look.selected(look.style(role)) } else { look.style(role) };
        canvas.fill(area, style(Role::Text));
        if on {
            canvas.put(area.x, area.y, look.glyphs.pointer, style(Role::Accent), 1);
        }
        let room = area.width.saturating_sub(3);
        let note = item.disabled.as_ref().unwrap_or(&item.note);
        let beside = look.cells.width(note).min(room / 2);
        let role = if item.disabled.is_some() { Role::Dim } else { Role::Text };
        canvas.put(area.x + 2, area.y, &item.label, style(role), room.saturating_sub(beside + u16::from(beside > 0)));
        let note = look.cells.pad(note, beside, Align::Right);
        canvas.put(area.x + 2 + room - beside, area.y, &note, style(Role::Dim), beside);
    }
}
