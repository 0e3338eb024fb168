//! What screens and widgets draw on: a buffer with the look, the texts and a few requests to the frame. Everything that is
//! drawn goes through the cells of [`text`](crate::text), so nothing is wider than it was measured.

use crate::app::say_failure;
use crate::text::Cells;
use crate::theme::{Glyphs, Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use zhengai_text::Texts;
use zhengai_wire::Failure;

/// A place that the mouse and the jump mode know by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where.
    pub area: Rect,
    /// Its name, given back in the event.
    pub name: String,
}

/// What is drawn on.
#[derive(Debug)]
pub struct Canvas<'a> {
    /// The cells of the terminal.
    pub buffer: &'a mut Buffer,
    /// Colours, glyphs, widths.
    pub look: &'a Look,
    /// What people read.
    pub texts: &'a Texts,
    /// Counts eighths of a second while something is on its way: the frame of spinners.
    pub beat: u64,
    cursor: Option<Position>,
    targets: Vec<Target>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a buffer.
    pub fn new(buffer: &'a mut Buffer, look: &'a Look, texts: &'a Texts) -> Self {
        Self { buffer, look, texts, beat: 0, cursor: None, targets: Vec::new() }
    }

    /// The whole of it.
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Draws text in one row, at most `budget` cells wide; what is too long ends in an ellipsis. Gives the cells used.
    pub fn put(&mut self, x: u16, y: u16, text: &str, style: Style, budget: u16) -> u16 {
        let area = self.buffer.area;
        if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
            return 0;
        }
        let budget = budget.min(area.right() - x);
        let kept = self.look.cells.truncate(text, budget);
        self.look.cells.put(self.buffer, x, y, &kept, style, budget)
    }

    /// Draws pieces one after another in the first row of the area. Gives the cells used.
    pub fn line(&mut self, area: Rect, pieces: &[(&str, Style)]) -> u16 {
        let mut used = 0;
        if area.height > 0 {
            for (text, style) in pieces {
                used += self.put(area.x + used, area.y, text, *style, area.width.saturating_sub(used));
            }
        }
        used
    }

    /// Draws text so that it ends where the area ends, in its first row. Gives the cells used.
    pub fn right(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        if area.height == 0 {
            return 0;
        }
        let width = self.cells().width(text).min(area.width);
        self.put(area.right() - width, area.y, text, style, width)
    }

    /// Draws a rule over the width of the area, in its first row.
    pub fn rule(&mut self, area: Rect) {
        if area.height == 0 {
            return;
        }
        let (rule, style) = (self.look.glyphs.rule, self.style(Role::Rule));
        let step = self.cells().width(rule).max(1);
        let mut x = area.x;
        while x + step <= area.right() {
            self.put(x, area.y, rule, style, step);
            x += step;
        }
    }

    /// Gives every cell of the area a style and a blank.
    pub fn fill(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Gives every cell of the area a style and leaves what stands there.
    pub fn tint(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    /// Puts the cursor of the terminal where text goes: an input method opens its list there.
    pub fn set_cursor(&mut self, position: Position) {
        if self.buffer.area.contains(position) {
            self.cursor = Some(position);
        }
    }

    /// Where the cursor is.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// No cursor: something lies over the field.
    pub fn hide_cursor(&mut self) {
        self.cursor = None;
    }

    /// Makes an area something that can be clicked and jumped to. Comes back as
    /// [`ScreenEvent::Target`](crate::app::ScreenEvent::Target) with this name.
    pub fn target(&mut self, area: Rect, name: impl Into<String>) {
        self.targets.push(Target { area, name: name.into() });
    }

    /// What can be clicked, as registered so far.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// What can be clicked, as registered so far; leaves none.
    pub fn take_targets(&mut self) -> Vec<Target> {
        std::mem::take(&mut self.targets)
    }

    /// The text of a key.
    pub fn text(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.texts.text(key, arguments)
    }

    /// A failure in words.
    pub fn failure(&self, failure: &Failure) -> String {
        say_failure(failure, self.texts)
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    /// The glyphs in use.
    pub fn glyphs(&self) -> &'static Glyphs {
        self.look.glyphs
    }

    /// Measures and paints.
    pub fn cells(&self) -> Cells {
        self.look.cells
    }

    /// The spinner now.
    pub fn spinner(&self) -> &'static str {
        self.look.glyphs.spin(usize::try_from(self.beat).unwrap_or(0))
    }
}
