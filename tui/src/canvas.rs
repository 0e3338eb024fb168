//! What a screen draws on: a buffer with the look, the texts, the place of the cursor and the places that can be clicked.

use crate::theme::{Glyphs, Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use zhengai_text::Texts;

/// A place that the mouse and the jump mode know by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where.
    pub area: Rect,
    /// Its name, given back in the event.
    pub name: String,
}

/// What a screen draws on.
#[derive(Debug)]
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// Colours, glyphs, widths.
    pub look: &'a Look,
    /// Texts of the language.
    pub texts: &'a Texts,
    /// Counts frames of spinners.
    pub beat: u64,
    cursor: Option<Position>,
    targets: Vec<Target>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a buffer.
    pub fn new(buffer: &'a mut Buffer, look: &'a Look, texts: &'a Texts) -> Self {
        Self { buffer, look, texts, beat: 0, cursor: None, targets: Vec::new() }
    }

    /// Writes text, cut with the ellipsis to `budget` cells; gives the cells used.
    pub fn put(&mut self, x: u16, y: u16, text: &str, style: Style, budget: u16) -> u16 {
        let room = self.buffer.area().right().saturating_sub(x).min(budget);
        let kept = self.look.cells.truncate(text, room);
        self.look.cells.put(self.buffer, x, y, &kept, style, room)
    }

    /// Writes pieces of text behind each other into the first row of an area; gives the cells used.
    pub fn line(&mut self, area: Rect, pieces: &[(&str, Style)]) -> u16 {
        let mut used = 0;
        if area.height > 0 {
            for (text, style) in pieces {
                used += self.put(area.x + used, area.y, text, *style, area.width.saturating_sub(used));
            }
        }
        used
    }

    /// Gives all cells of an area a style and no text.
    pub fn fill(&mut self, area: Rect, style: Style) {
        let area = area.intersection(*self.buffer.area());
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    /// The glyphs in use.
    pub fn glyphs(&self) -> &'static Glyphs {
        self.look.glyphs
    }

    /// A text of the catalogue.
    pub fn text(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.texts.text(key, arguments)
    }

    /// Puts the real cursor where text goes: the window of the input method follows it.
    pub fn set_cursor(&mut self, position: Position) {
        self.cursor = Some(position);
    }

    /// Where the cursor is to stand, if anywhere.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Makes an area known by a name to the mouse and to the jump mode.
    pub fn target(&mut self, area: Rect, name: &str) {
        self.targets.push(Target { area, name: name.to_owned() });
    }

    /// The places made known so far.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }
}
