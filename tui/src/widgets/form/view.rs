//! Drawing a form: labels at the left where there is room, above where there is none; what is wrong under each field.

use super::{Field, Form, Holder, Kind};
use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::Role;
use crate::widgets::input::Focus;
use ratatui::layout::Rect;

/// Narrower than this, labels stand above their fields.
const BESIDE: u16 = 48;
/// How many completions are shown at once.
const OFFERED: u16 = 6;

impl Form {
    /// Draws as many fields as fit around the one that has the focus.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect, focus: Focus) {
        if area.width < 8 || area.height == 0 {
            return;
        }
        let cells = canvas.look.cells;
        let widest = self.fields.iter().map(|field| cells.width(&named(field)) + 1).max().unwrap_or(0);
        let beside = area.width >= BESIDE;
        let label = if beside { widest.min(area.width / 3) } else { 0 };
        let heights: Vec<u16> =
            (0..self.fields.len()).map(|at| self.height(canvas, at, area.width - label, beside)).collect();
        let first = self.scroll(&heights, area.height);
        let mut areas = vec![Rect::default(); self.fields.len()];
        let mut y = area.y;
        for at in first..self.fields.len() {
            let height = heights.get(at).copied().unwrap_or(1);
            if y >= area.bottom() {
                break;
            }
            let place = Rect { y, height: height.min(area.bottom() - y), ..area };
            let held = self.field(canvas, place, at, label, focus);
            if let Some(kept) = areas.get_mut(at) {
                *kept = held;
            }
            y += height;
        }
        if let Some(at) = areas.get(self.at).copied().filter(|_| self.offer.is_some() && focus == Focus::Here) {
            self.offered(canvas, area, at);
        }
        let below = y > area.bottom() || heights.iter().skip(first).sum::<u16>() > area.height;
        let glyphs = canvas.glyphs();
        if first > 0 {
            canvas.put(area.right() - 1, area.y, glyphs.up, canvas.style(Role::Accent), 1);
        }
        if below {
            canvas.put(area.right() - 1, area.bottom() - 1, glyphs.down, canvas.style(Role::Accent), 1);
        }
        *self.areas.borrow_mut() = areas;
    }

    /// Rows of a field: label above, text, help, fault.
    fn height(&self, canvas: &Canvas<'_>, at: usize, width: u16, beside: bool) -> u16 {
        let Some(field) = self.fields.get(at) else { return 1 };
        let said = self.said(canvas, at, said_width(width, beside));
        let own = match field.kind {
            Kind::Multiline(rows) | Kind::Formula(rows) => rows.max(1),
            _ => 1,
        };
        own + u16::try_from(said.len()).unwrap_or(u16::MAX / 2) + u16::from(!beside)
    }

    /// The lines under a field, as they are drawn: what is wrong, and what it stands for while it has the focus.
    fn said(&self, canvas: &Canvas<'_>, at: usize, width: u16) -> Vec<(String, Role)> {
        let Some(field) = self.fields.get(at) else { return Vec::new() };
        let wrap = |text: &str, role: Role, most: usize| {
            canvas.look.cells.wrap(text, width).into_iter().take(most).map(move |line| (line, role))
        };
        let mut lines = Vec::new();
        if let Some(fault) = self.faults.get(&field.id) {
            lines.extend(wrap(&format!("{} {fault}", canvas.glyphs().no), Role::Bad, 4));
        }
        if at == self.at && !field.help.is_empty() {
            lines.extend(wrap(&field.help, Role::Dim, 2));
        }
        lines
    }

    /// First field to draw so that the one with the focus is seen as a whole.
    fn scroll(&self, heights: &[u16], room: u16) -> usize {
        let mut first = usize::from(*self.first.borrow()).min(self.at);
        while first < self.at {
            let needed: u16 = heights.get(first..=self.at).unwrap_or_default().iter().sum();
            if needed <= room {
                break;
            }
            first += 1;
        }
        *self.first.borrow_mut() = u16::try_from(first).unwrap_or(u16::MAX);
        first
    }

    /// Draws one field; gives where its text stands.
    fn field(&self, canvas: &mut Canvas<'_>, area: Rect, at: usize, label: u16, focus: Focus) -> Rect {
        let (Some(field), Some(holder)) = (self.fields.get(at), self.holders.get(at)) else { return Rect::default() };
        let here = at == self.at && focus == Focus::Here;
        let cells = canvas.look.cells;
        let role = if here { Role::Accent } else { Role::Text };
        let name = named(field);
        let mut y = area.y;
        let (x, width) = if label > 0 {
            let text = cells.pad(&name, label.saturating_sub(1), Align::Left);
            canvas.put(area.x, y, &text, canvas.style(role), label);
            (area.x + label, area.width.saturating_sub(label + 1))
        } else {
            canvas.put(area.x, y, &name, canvas.style(role), area.width);
            y += 1;
            (area.x + 1, area.width.saturating_sub(2))
        };
        let rows = match field.kind {
            Kind::Multiline(rows) | Kind::Formula(rows) => rows.max(1),
            _ => 1,
        };
        let held = Rect { x, y, width, height: rows.min(area.bottom().saturating_sub(y)) };
        match holder {
            _ if held.height == 0 => return held,
            _ if field.fixed => {
                canvas.put(x, y, &holder.text(), canvas.style(Role::Dim), width);
            }
            Holder::Line(input) => input.view(canvas, held, Focus::when(here)),
            Holder::Area(editor) => editor.view(canvas, held, Focus::when(here)),
            Holder::Word(word) => self.word(canvas, held, at, word, Focus::when(here)),
        }
        y += rows;
        let said = self.said(canvas, at, said_width(area.width - label.min(area.width), label > 0));
        for (y, (line, role)) in (y..area.bottom()).zip(said) {
            canvas.put(x, y, &line, canvas.style(role), width);
        }
        held
    }

    fn word(&self, canvas: &mut Canvas<'_>, area: Rect, at: usize, word: &str, focus: Focus) {
        let glyphs = canvas.glyphs();
        let shown = match self.fields.get(at).map(|field| &field.kind) {
            Some(Kind::Switch) => {
                let on = word == "true";
                let [no, yes] = glyphs.boxes;
                let key = if on { "tui-yes" } else { "tui-no" };
                [if on { yes } else { no }, canvas.text(key, &[]).as_str()].join(" ")
            }
            Some(Kind::Choice(items)) => {
                let label = items.iter().find(|item| item.id == word).map_or(word, |item| item.label.as_str());
                [glyphs.left, label, glyphs.right].join(" ")
            }
            _ => word.to_owned(),
        };
        let style = canvas.style(Role::Input);
        let style = if focus == Focus::Here { canvas.look.selected(style) } else { style };
        canvas.fill(Rect { height: 1, ..area }, style);
        canvas.put(area.x, area.y, &shown, style, area.width);
    }

    /// The completions, below the field or above it, whatever has room.
    fn offered(&self, canvas: &mut Canvas<'_>, area: Rect, field: Rect) {
        let Some(offer) = &self.offer else { return };
        let count = u16::try_from(offer.items.len()).unwrap_or(u16::MAX).min(OFFERED);
        let below = area.bottom().saturating_sub(field.bottom());
        let above = field.y.saturating_sub(area.y);
        let (y, height) = if below >= count || below >= above {
            (field.bottom(), count.min(below))
        } else {
            (field.y - count.min(above), count.min(above))
        };
        let top = super::super::motion::window(0, offer.at, offer.items.len() as u64, u64::from(height.max(1)));
        let skip = usize::try_from(top).unwrap_or(0);
        for ((row, at), item) in (y..y + height).zip(top..).zip(offer.items.iter().skip(skip)) {
            let style = canvas.style(Role::Bar);
            let style = if at == offer.at { canvas.look.selected(style) } else { style };
            let line = Rect { x: field.x, y: row, width: field.width, height: 1 };
            canvas.fill(line, style);
            let half = line.width / 2;
            canvas.put(line.x + 1, row, &item.label, style, half.saturating_sub(1));
            let note = canvas.look.cells.pad(&item.note, line.width - half - 1, Align::Right);
            canvas.put(line.x + half, row, &note, style, line.width - half);
        }
    }
}

/// How wide the lines under a field are, of a field so wide.
fn said_width(width: u16, beside: bool) -> u16 {
    width.saturating_sub(if beside { 2 } else { 3 }).max(1)
}

/// The label of a field. That it must be filled is said by a sign, not by a colour.
fn named(field: &Field) -> String {
    if field.required { format!("{} *", field.label) } else { field.label.clone() }
}
