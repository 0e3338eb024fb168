//! Objects × indicators: the number and a shade in each cell; what has no number says why. Only the window is built.

use super::motion::{Motion, window};
use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::Role;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::cell::Cell;

/// Cells that a head may have without the numbers needing them: five Chinese characters.
const HEAD: u16 = 10;

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeatState {
    /// A number, from calm (0) to hot (4).
    Value(u8),
    /// 无数据
    NoData,
    /// 无法判定: there is data, but no number follows from it.
    Undetermined,
    /// 不适用
    NotApplicable,
    /// 未到期
    NotDue,
    /// Nothing is computed here.
    Blank,
    /// The page is not here yet.
    Loading,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatCell {
    /// The number; ignored for the other states.
    pub text: String,
    /// What it says.
    pub state: HeatState,
}

impl HeatCell {
    /// A cell without a number.
    pub fn absent(state: HeatState) -> Self {
        Self { text: String::new(), state }
    }
}

/// Cursor and window of a heat map. The cells come from the caller, by row and column.
#[derive(Debug, Clone, Default)]
pub struct HeatMap {
    row: u64,
    column: u64,
    rows: u64,
    columns: u64,
    top: Cell<u64>,
    left: Cell<u64>,
    area: Cell<Rect>,
    name: Cell<u16>,
    cell: Cell<u16>,
}

/// What is shown, by place.
pub trait HeatSource {
    /// Name of a row.
    fn row(&self, row: u64) -> Option<String>;
    /// Head of a column.
    fn column(&self, column: u64) -> Option<String>;
    /// A cell.
    fn cell(&self, row: u64, column: u64) -> HeatCell;
}

impl HeatMap {
    /// How large the map is; the cursor stays inside.
    pub fn resize(&mut self, rows: u64, columns: u64) {
        (self.rows, self.columns) = (rows, columns);
        self.row = self.row.min(rows.saturating_sub(1));
        self.column = self.column.min(columns.saturating_sub(1));
    }

    /// Row and column of the cursor.
    pub fn cursor(&self) -> (u64, u64) {
        (self.row, self.column)
    }

    /// Puts the cursor.
    pub fn set_cursor(&mut self, row: u64, column: u64) {
        (self.row, self.column) = (row, column);
        self.resize(self.rows, self.columns);
    }

    /// Rows and columns turn places.
    pub fn pivot(&mut self) {
        *self = Self { row: self.column, column: self.row, rows: self.columns, columns: self.rows, ..Self::default() };
    }

    /// Moves the cursor.
    pub fn apply(&mut self, motion: Motion) {
        match motion {
            Motion::Left => self.column = self.column.saturating_sub(1),
            Motion::Right => self.column = (self.column + 1).min(self.columns.saturating_sub(1)),
            _ => {
                let page = u64::from(self.area.get().height.saturating_sub(2));
                self.row = super::motion::moved(self.row, motion, self.rows, page);
            }
        }
    }

    /// Puts the cursor where the mouse points; true when it was there already: open it.
    pub fn click(&mut self, column: u16, row: u16) -> Option<bool> {
        let area = self.area.get();
        let cell = self.cell.get();
        if !area.contains((column, row).into()) || row == area.y || column < area.x + self.name.get() || cell == 0 {
            return None;
        }
        let place = (
            self.top.get() + u64::from(row - area.y - 1),
            self.left.get() + u64::from((column - area.x - self.name.get()) / (cell + 1)),
        );
        if place.0 >= self.rows || place.1 >= self.columns {
            return None;
        }
        let again = place == (self.row, self.column);
        (self.row, self.column) = place;
        Some(again)
    }

    /// First row and how many are shown.
    pub fn window(&self) -> (u64, u64) {
        let height = u64::from(self.area.get().height.saturating_sub(1)).max(30);
        (window(self.top.get(), self.row, self.rows, height), height)
    }

    /// Draws heads, names and cells.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect, source: &dyn HeatSource) {
        self.area.set(area);
        if area.height < 2 || area.width < 12 {
            return;
        }
        let height = u64::from(area.height - 1);
        let top = window(self.top.get(), self.row, self.rows, height);
        self.top.set(top);
        let shown: Vec<u64> = (top..(top + height).min(self.rows)).collect();
        let (name, cell, count) = self.layout(canvas, area, source, &shown);
        let left = window(self.left.get(), self.column, self.columns, count);
        self.left.set(left);
        let columns: Vec<u64> = (left..(left + count).min(self.columns)).collect();
        self.heads(canvas, area, source, &columns, (name, cell));
        for (y, row) in (area.y + 1..area.bottom()).zip(&shown) {
            let on = *row == self.row;
            let label = source.row(*row).unwrap_or_else(|| canvas.look.cells.ellipsis.text().to_owned());
            let style = canvas.style(if on { Role::Accent } else { Role::Text });
            let style = if on { style.add_modifier(Modifier::BOLD) } else { style };
            if on {
                canvas.put(area.x, y, canvas.glyphs().pointer, style, 1);
            }
            let text = canvas.look.cells.pad(&label, name.saturating_sub(3), Align::Left);
            canvas.put(area.x + 2, y, &text, style, name.saturating_sub(2));
            for (x, column) in (area.x + name..).step_by(usize::from(cell) + 1).zip(&columns) {
                let here = Rect { x, y, width: cell, height: 1 };
                self.cell(canvas, here, &source.cell(*row, *column), on && *column == self.column);
            }
        }
        super::rule::scroll_bar(
            canvas,
            Rect { y: area.y + 1, height: area.height - 1, ..area },
            top,
            height,
            self.rows,
        );
    }

    /// Width of the names, of a cell, and how many columns fit.
    fn layout(&self, canvas: &Canvas<'_>, area: Rect, source: &dyn HeatSource, shown: &[u64]) -> (u16, u16, u64) {
        let cells = canvas.look.cells;
        let names = shown.iter().filter_map(|row| source.row(*row)).map(|name| cells.width(&name)).max().unwrap_or(0);
        let name = (names + 3).clamp(9, (area.width / 3).max(9)).max(self.name.get().min(area.width / 3));
        self.name.set(name);
        // The widest number of the rows shown, over as many columns as could fit at all.
        let most = u64::from(area.width / 6).max(1);
        let first = self.left.get().min(self.column).saturating_sub(most);
        let heads = (first..(first + 3 * most).min(self.columns)).filter_map(|column| source.column(column));
        let mut cell = heads.map(|head| cells.width(&head)).max().unwrap_or(0).clamp(7, HEAD);
        for row in shown {
            for column in first..(first + 3 * most).min(self.columns) {
                cell = cell.max(cells.width(&source.cell(*row, column).text) + 2);
            }
        }
        let cell = cell.max(self.cell.get()).min(area.width.saturating_sub(name + 1)).max(3);
        self.cell.set(cell);
        let count = u64::from(area.width.saturating_sub(name + 1) / (cell + 1)).max(1);
        (name, cell, count)
    }

    fn heads(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        source: &dyn HeatSource,
        columns: &[u64],
        (name, cell): (u16, u16),
    ) {
        let plain = canvas.style(Role::Header).add_modifier(Modifier::UNDERLINED);
        canvas.fill(Rect { height: 1, ..area }, plain);
        for (x, column) in (area.x + name..).step_by(usize::from(cell) + 1).zip(columns) {
            let head = source.column(*column).unwrap_or_default();
            let style = if *column == self.column {
                canvas.style(Role::Accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
            } else {
                plain
            };
            let text = canvas.look.cells.pad(&head, cell, Align::Right);
            canvas.put(x, area.y, &text, style, cell);
        }
        let beyond = columns.last().is_some_and(|last| last + 1 < self.columns);
        let glyphs = canvas.glyphs();
        let before = columns.first().is_some_and(|first| *first > 0);
        if before {
            canvas.put(area.x + name.saturating_sub(1), area.y, glyphs.left, canvas.style(Role::Accent), 1);
        }
        if beyond {
            canvas.put(area.right() - 1, area.y, glyphs.right, canvas.style(Role::Accent), 1);
        }
    }

    fn cell(&self, canvas: &mut Canvas<'_>, area: Rect, cell: &HeatCell, on: bool) {
        let glyphs = canvas.glyphs();
        let (text, role) = match cell.state {
            HeatState::Value(heat) => {
                let number = canvas.look.cells.number(&cell.text, area.width.saturating_sub(2));
                (format!("{number} {}", glyphs.shade(heat)), Role::Heat(heat))
            }
            HeatState::Blank => (String::new(), Role::Absent),
            state => {
                let (glyph, key) = absent(state, glyphs);
                let word = canvas.text(key, &[]);
                let both = format!("{word} {glyph}");
                let fits = canvas.look.cells.width(&both) <= area.width;
                (if fits { both } else { glyph.to_owned() }, Role::Absent)
            }
        };
        let mut style = canvas.style(role);
        if on {
            style = style.add_modifier(Modifier::REVERSED | Modifier::BOLD);
        }
        let text = canvas.look.cells.pad(&text, area.width, Align::Right);
        canvas.put(area.x, area.y, &text, style, area.width);
    }
}

/// Glyph and word of a cell without a number.
pub fn absent(state: HeatState, glyphs: &crate::theme::Glyphs) -> (&'static str, &'static str) {
    match state {
        HeatState::NoData => (glyphs.no_data, "tui-no-data"),
        HeatState::Undetermined => (glyphs.undetermined, "tui-undetermined"),
        HeatState::NotApplicable => (glyphs.not_applicable, "tui-not-applicable"),
        HeatState::NotDue => (glyphs.not_due, "tui-not-due"),
        HeatState::Loading | HeatState::Blank | HeatState::Value(_) => ("", "tui-loading"),
    }
}
