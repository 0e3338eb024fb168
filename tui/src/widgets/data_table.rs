//! The table: a window over a list of any length. It builds only the rows it shows, so a million rows cost what twenty do.

use super::column::{Brush, Column, Slot, Width, Wish, fit, paint, paint_heads};
use super::motion::{Motion, moved, window};
use super::pages::Pages;
use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::Role;
use ratatui::layout::Rect;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use zhengai_wire::{Page, PageQuery};

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Small first.
    Up,
    /// Large first.
    Down,
}

/// What a click met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Click {
    /// A row; it has the cursor now.
    Row(u64),
    /// The row that had the cursor already: open it.
    Again(u64),
    /// The head of a column that sorts: its id.
    Head(String),
}

/// A table.
#[derive(Debug)]
pub struct DataTable<R> {
    columns: Vec<Column<R>>,
    key: fn(&R) -> String,
    pages: Pages<R>,
    at: u64,
    top: Cell<u64>,
    marks: BTreeSet<String>,
    anchor: Option<u64>,
    sorted: Option<(usize, Direction)>,
    wide: bool,
    shift: usize,
    empty: String,
    area: Cell<Rect>,
    slots: RefCell<Vec<Slot>>,
    /// The widest content seen of each column: columns do not jump while one scrolls.
    seen: RefCell<Vec<u16>>,
}

impl<R> DataTable<R> {
    /// A table of these columns; `key` names a row, for marks.
    pub fn new(columns: Vec<Column<R>>, key: fn(&R) -> String) -> Self {
        let seen = RefCell::new(vec![0; columns.len()]);
        Self {
            columns,
            key,
            pages: Pages::default(),
            at: 0,
            top: Cell::new(0),
            marks: BTreeSet::new(),
            anchor: None,
            sorted: None,
            wide: false,
            shift: 0,
            empty: "tui-table-empty".to_owned(),
            area: Cell::default(),
            slots: RefCell::default(),
            seen,
        }
    }

    /// What it says when there are no rows: a key of the catalogue.
    #[must_use]
    pub fn empty(mut self, key: &str) -> Self {
        self.empty = key.to_owned();
        self
    }

    /// Sorted like this at first, as the server does it.
    #[must_use]
    pub fn sorted_by(mut self, id: &str, direction: Direction) -> Self {
        self.sorted = self.columns.iter().position(|column| column.id == id).map(|at| (at, direction));
        self
    }

    /// Other columns, same rows.
    pub fn set_columns(&mut self, columns: Vec<Column<R>>) {
        self.seen = RefCell::new(vec![0; columns.len()]);
        self.columns = columns;
        self.sorted = None;
    }

    /// All rows at once. The cursor stays on the row that it was on, if that is there.
    pub fn set_rows(&mut self, rows: Vec<R>) {
        let key = self.selected().map(self.key);
        self.pages = Pages::whole(rows);
        self.sort_here();
        match key {
            Some(key) => self.select(&key),
            None => self.clamp(),
        }
    }

    /// Takes a page that came.
    pub fn put(&mut self, page: Page<R>) {
        self.pages.put(page);
        self.clamp();
    }

    /// What to ask the server for, so that what is on screen can be shown; nothing while that is on its way.
    pub fn wanted(&mut self) -> Option<PageQuery> {
        let height = u64::from(self.area.get().height).max(50);
        self.pages.wanted(window(self.top.get(), self.at, self.pages.total().unwrap_or(u64::MAX), height), height)
    }

    /// What was asked will not come; see [`Pages::failed`].
    pub fn failed(&mut self) {
        self.pages.failed();
    }

    /// Forgets all rows and marks: another filter, another order.
    pub fn reset(&mut self) {
        self.pages.reset();
        self.marks.clear();
        self.at = 0;
        self.top.set(0);
    }

    /// The rows that are here.
    pub fn pages(&self) -> &Pages<R> {
        &self.pages
    }

    /// The rows that are here, to be changed in place.
    pub fn pages_mut(&mut self) -> &mut Pages<R> {
        &mut self.pages
    }

    /// The row of the cursor, if it is here.
    pub fn selected(&self) -> Option<&R> {
        self.pages.get(self.at)
    }

    /// Key of the row of the cursor, if it is here.
    pub fn key_here(&self) -> Option<String> {
        self.selected().map(self.key)
    }

    /// Place of the cursor.
    pub fn cursor(&self) -> u64 {
        self.at
    }

    /// Puts the cursor on a place.
    pub fn set_cursor(&mut self, at: u64) {
        self.at = at;
        self.clamp();
    }

    /// Puts the cursor on the row with this key, if it is here.
    pub fn select(&mut self, key: &str) {
        if let Some((at, _)) = self.pages.iter().find(|(_, row)| (self.key)(row) == key) {
            self.at = at;
        }
        self.clamp();
    }

    /// The rows that are here in words: key, what stands in the first column, what stands in the others.
    pub fn words(&self, brush: &Brush<'_>) -> Vec<(String, String, String)> {
        let words = |row: &R| {
            let mut shown = self.columns.iter().map(|column| column.show(row, brush).text);
            let first = shown.next().unwrap_or_default();
            let rest: Vec<String> = shown.filter(|text| !text.is_empty()).collect();
            ((self.key)(row), first, rest.join("  "))
        };
        self.pages.iter().map(|(_, row)| words(row)).collect()
    }

    /// Moves the cursor. Left and right move the columns when the table is wide.
    pub fn apply(&mut self, motion: Motion) {
        match motion {
            Motion::Left if self.wide => self.shift = self.shift.saturating_sub(1),
            Motion::Right if self.wide => self.shift = (self.shift + 1).min(self.columns.len().saturating_sub(2)),
            _ => {
                let page = u64::from(self.area.get().height.saturating_sub(1));
                self.at = moved(self.at, motion, self.pages.total().unwrap_or(0), page);
            }
        }
    }

    /// Whether left and right move the columns.
    pub fn is_wide(&self) -> bool {
        self.wide
    }

    /// Shows columns that were left out: left and right then move the columns.
    pub fn toggle_wide(&mut self) {
        self.wide = !self.wide;
        self.shift = 0;
    }

    /// Marks or unmarks the row of the cursor and goes on to the next.
    pub fn mark(&mut self) {
        if let Some(key) = self.selected().map(self.key) {
            if !self.marks.remove(&key) {
                self.marks.insert(key);
            }
            self.anchor = Some(self.at);
            self.apply(Motion::Down);
        }
    }

    /// Moves, and marks all from where marking began.
    pub fn mark_to(&mut self, motion: Motion) {
        let anchor = *self.anchor.get_or_insert(self.at);
        self.apply(motion);
        for at in anchor.min(self.at)..=anchor.max(self.at) {
            if let Some(key) = self.pages.get(at).map(self.key) {
                self.marks.insert(key);
            }
        }
    }

    /// Marks all rows that are here; or none, when all were.
    pub fn mark_all(&mut self) {
        let all: BTreeSet<String> = self.pages.iter().map(|(_, row)| (self.key)(row)).collect();
        self.marks = if self.marks == all { BTreeSet::new() } else { all };
    }

    /// Unmarks all.
    pub fn unmark(&mut self) {
        self.marks.clear();
        self.anchor = None;
    }

    /// Keys of the marked rows.
    pub fn marked(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().map(String::as_str)
    }

    /// Keys of the marked rows, or of the row of the cursor when none is marked.
    pub fn chosen(&self) -> Vec<String> {
        if self.marks.is_empty() {
            self.selected().map(self.key).into_iter().collect()
        } else {
            self.marks.iter().cloned().collect()
        }
    }

    /// Column and direction of the order.
    pub fn sort(&self) -> Option<(&str, Direction)> {
        let (at, direction) = self.sorted?;
        Some((self.columns.get(at)?.id.as_str(), direction))
    }

    /// Sorts by the next column that can be sorted by. The caller asks the server again unless [`Pages::is_whole`].
    pub fn sort_next(&mut self) {
        let sorting: Vec<usize> =
            self.columns.iter().enumerate().filter(|(_, column)| column.sorts).map(|(at, _)| at).collect();
        let next = match self.sorted {
            Some((now, _)) => sorting.iter().find(|at| **at > now).or(sorting.first()),
            None => sorting.first(),
        };
        self.sorted = next.map(|at| (*at, Direction::Up));
        self.sort_here();
    }

    /// Sorts by a column, or turns the order when it is sorted by it.
    pub fn sort_by(&mut self, id: &str) {
        let Some(at) = self.columns.iter().position(|column| column.sorts && column.id == id) else { return };
        match self.sorted {
            Some((now, _)) if now == at => self.sort_turn(),
            _ => {
                self.sorted = Some((at, Direction::Up));
                self.sort_here();
            }
        }
    }

    /// Turns the order.
    pub fn sort_turn(&mut self) {
        if let Some((_, direction)) = &mut self.sorted {
            *direction = if *direction == Direction::Up { Direction::Down } else { Direction::Up };
        }
        self.sort_here();
    }

    fn sort_here(&mut self) {
        let Some((at, direction)) = self.sorted else { return };
        if let Some(order) = self.columns.get(at).and_then(Column::ordering) {
            self.pages.sort(order, direction);
        }
    }

    /// What a click or a touch met. `again` opens.
    pub fn click(&mut self, column: u16, row: u16) -> Option<Click> {
        let area = self.area.get();
        if !area.contains((column, row).into()) {
            return None;
        }
        if row == area.y {
            let slots = self.slots.borrow();
            let slot = slots.iter().find(|slot| (slot.x..=slot.x + slot.width).contains(&(column - area.x)))?;
            let column = self.columns.get(slot.column).filter(|column| column.sorts)?;
            return Some(Click::Head(column.id.clone()));
        }
        let at = self.top.get() + u64::from(row - area.y - 1);
        if at >= self.pages.total().unwrap_or(0) {
            return None;
        }
        let again = self.at == at;
        self.at = at;
        Some(if again { Click::Again(at) } else { Click::Row(at) })
    }

    fn clamp(&mut self) {
        if let Some(total) = self.pages.total() {
            self.at = self.at.min(total.saturating_sub(1));
        }
    }

    /// Draws heads and the window of rows that has the cursor.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.area.set(area);
        if area.width == 0 || area.height == 0 {
            return;
        }
        let height = u64::from(area.height - 1);
        let total = self.pages.total().unwrap_or(0);
        let top = window(self.top.get(), self.at, total, height.max(1));
        self.top.set(top);
        let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
        let brush = Brush { look: canvas.look, texts: canvas.texts };
        let rows: Vec<(u64, Option<&R>)> =
            (top..(top + height).min(total)).map(|at| (at, self.pages.get(at))).collect();
        let shown: Vec<Vec<super::Shown>> = rows
            .iter()
            .map(|(_, row)| row.map_or_else(Vec::new, |row| self.columns.iter().map(|c| c.show(row, &brush)).collect()))
            .collect();
        let (slots, hidden) = self.layout(&brush, &shown, inner.width);
        let sorted = self.sorted.map(|(at, direction)| {
            (at, if direction == Direction::Up { brush.look.glyphs.up } else { brush.look.glyphs.down })
        });
        canvas.fill(
            Rect { height: 1, ..area },
            canvas.style(Role::Header).add_modifier(ratatui::style::Modifier::UNDERLINED),
        );
        paint_heads(canvas, Rect { height: 1, ..inner }, &self.columns, &slots, hidden, sorted);
        for (line, ((at, row), cells)) in (1u16..).zip(rows.iter().zip(&shown)) {
            let place = Rect { y: area.y + line, height: 1, ..area };
            self.row(canvas, place, &slots, (*at, *row), cells);
        }
        if total == 0 && self.pages.total().is_some() && height > 0 {
            let text = canvas.text(&self.empty, &[]);
            canvas.put(inner.x, area.y + 1, &text, canvas.style(Role::Dim), inner.width);
        }
        super::rule::scroll_bar(canvas, Rect { y: area.y + 1, height: area.height - 1, ..area }, top, height, total);
        *self.slots.borrow_mut() = slots.into_iter().map(|slot| Slot { x: slot.x + 2, ..slot }).collect();
    }

    fn row(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        slots: &[Slot],
        (at, row): (u64, Option<&R>),
        shown: &[super::Shown],
    ) {
        let look = canvas.look;
        let on = at == self.at;
        let style = |role: Role| if on { look.selected(look.style(role)) } else { look.style(role) };
        canvas.fill(area, style(Role::Text));
        let Some(row) = row else {
            canvas.put(area.x + 2, area.y, look.cells.ellipsis.text(), style(Role::Dim), area.width.saturating_sub(2));
            return;
        };
        if on {
            canvas.put(area.x, area.y, look.glyphs.pointer, style(Role::Accent), 1);
        }
        if !self.marks.is_empty() && self.marks.contains(&(self.key)(row)) {
            canvas.put(area.x + 1, area.y, look.glyphs.marked, style(Role::Accent), 1);
        }
        let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
        for slot in slots {
            if let (Some(column), Some(cell)) = (self.columns.get(slot.column), shown.get(slot.column)) {
                paint(canvas, inner, *slot, &cell.text, column.align, style(cell.role));
            }
        }
    }

    fn layout(&self, brush: &Brush<'_>, shown: &[Vec<super::Shown>], room: u16) -> (Vec<Slot>, usize) {
        let cells = brush.look.cells;
        let mut seen = self.seen.borrow_mut();
        let mut wishes = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let head =
                cells.width(&column.head(brush)) + u16::from(self.sorted.is_some_and(|(sorted, _)| sorted == at));
            let widest = shown.iter().filter_map(|row| row.get(at)).map(|cell| cells.width(&cell.text)).max();
            let content = widest.unwrap_or(0).max(seen.get(at).copied().unwrap_or(0));
            if let Some(kept) = seen.get_mut(at) {
                *kept = content;
            }
            wishes.push(Wish {
                width: column.width,
                content: content.max(head),
                priority: column.priority,
                number: column.align == Align::Right,
            });
        }
        if !self.wide || self.shift == 0 {
            return fit(&wishes, room);
        }
        // The first column stays; the others begin further right.
        let mut order: Vec<usize> = vec![0];
        order.extend(1 + self.shift..wishes.len());
        let some: Vec<Wish> = order
            .iter()
            .filter_map(|at| wishes.get(*at))
            .enumerate()
            .map(|(place, wish)| Wish { priority: u8::try_from(place).unwrap_or(u8::MAX), ..*wish })
            .collect();
        let (slots, hidden) = fit(&some, room);
        let slots =
            slots.into_iter().filter_map(|slot| Some(Slot { column: *order.get(slot.column)?, ..slot })).collect();
        (slots, hidden + self.shift)
    }
}

/// A width that fits content, for columns made elsewhere.
pub const FIT: Width = Width::Fit(40);
