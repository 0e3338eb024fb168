//! Text of many lines: remarks, formulas, SQL. The real cursor stands where the text goes; none is painted.

use super::input::Focus;
use crate::canvas::Canvas;
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, DataCursor, TextArea, WrapMode};
use std::cell::Cell;

/// An editor.
#[derive(Debug)]
pub struct Editor {
    area: TextArea<'static>,
    drawn: Cell<Rect>,
    placeholder: String,
}

impl Default for Editor {
    fn default() -> Self {
        Self::new("")
    }
}

impl Editor {
    /// With this text; the cursor stands at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_style(Style::new());
        area.set_cursor_line_style(Style::new());
        area.set_max_histories(500);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, drawn: Cell::default(), placeholder: String::new() }
    }

    /// What stands there while it is empty: the text itself.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = text.into();
        self
    }

    /// The text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Puts another text in its place.
    pub fn set(&mut self, text: &str) {
        let placeholder = std::mem::take(&mut self.placeholder);
        *self = Self::new(text).placeholder(placeholder);
    }

    /// Bytes before the cursor, over all lines.
    pub fn cursor(&self) -> usize {
        let DataCursor(row, column) = self.area.cursor();
        let before: usize = self.area.lines().iter().take(row).map(|line| line.len() + 1).sum();
        let line = self.area.lines().get(row).map_or("", String::as_str);
        before + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
    }

    /// Puts text in place of the bytes between `from` and the cursor, in the line of the cursor: what a completion does.
    pub fn replace_before(&mut self, from: usize, text: &str) {
        let all = self.text();
        let Some(typed) = all.get(from..self.cursor()) else { return };
        for _ in 0..typed.chars().count() {
            self.area.delete_char();
        }
        self.area.insert_str(text);
    }

    /// Puts text at the cursor.
    pub fn paste(&mut self, text: &str) {
        let clean = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
        let kept: String = clean.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
        self.area.insert_str(kept);
    }

    /// Edits by a key. Enter begins a new line; false for Tab, Esc and function keys.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let go = match key.code {
            KeyCode::Char('z') if control => return done(self.area.undo()),
            KeyCode::Char('y') if control => return done(self.area.redo()),
            KeyCode::Char('k') if control => return done(self.area.delete_line_by_end()),
            KeyCode::Char('u') if control => return done(self.area.delete_line_by_head()),
            KeyCode::Char('w') if control => return done(self.area.delete_word()),
            KeyCode::Backspace if control || alt => return done(self.area.delete_word()),
            KeyCode::Char('a') if control => CursorMove::Head,
            KeyCode::Char('e') if control => CursorMove::End,
            KeyCode::Char(letter) if !control && !alt && !letter.is_control() => {
                self.area.insert_char(letter);
                return true;
            }
            KeyCode::Enter if !control && !alt => {
                self.area.insert_newline();
                return true;
            }
            KeyCode::Backspace => return done(self.area.delete_char()),
            KeyCode::Delete => return done(self.area.delete_next_char()),
            KeyCode::Left if control => CursorMove::WordBack,
            KeyCode::Right if control => CursorMove::WordForward,
            KeyCode::Left if !alt => CursorMove::Back,
            KeyCode::Right if !alt => CursorMove::Forward,
            KeyCode::Up => CursorMove::Up,
            KeyCode::Down => CursorMove::Down,
            KeyCode::Home if control => CursorMove::Top,
            KeyCode::End if control => CursorMove::Bottom,
            KeyCode::Home => CursorMove::Head,
            KeyCode::End => CursorMove::End,
            KeyCode::PageUp => CursorMove::ParagraphBack,
            KeyCode::PageDown => CursorMove::ParagraphForward,
            _ => return false,
        };
        self.area.move_cursor(go);
        true
    }

    /// Whether the cursor stands in the first line: up leaves the editor.
    pub fn is_at_top(&self) -> bool {
        self.area.cursor().0 == 0
    }

    /// Whether the cursor stands in the last line: down leaves the editor.
    pub fn is_at_bottom(&self) -> bool {
        self.area.cursor().0 + 1 >= self.area.lines().len()
    }

    /// Puts the cursor where the mouse points; false when it points elsewhere.
    pub fn click(&mut self, column: u16, row: u16) -> bool {
        let drawn = self.drawn.get();
        if !drawn.contains((column, row).into()) {
            return false;
        }
        let (top, left) = self.area.scroll_offset();
        let place = (usize::from(row - drawn.y) + usize::from(top), usize::from(column - drawn.x) + usize::from(left));
        let DataCursor(row, column) = self.area.screen_to_data(place.0, place.1);
        if let (Ok(row), Ok(column)) = (u16::try_from(row), u16::try_from(column)) {
            self.area.move_cursor(CursorMove::Jump(row, column));
        }
        true
    }

    /// Draws it; with the focus, the real cursor is put there.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect, focus: Focus) {
        self.drawn.set(area);
        if area.width == 0 || area.height == 0 {
            return;
        }
        let style = canvas.style(Role::Input);
        canvas.fill(area, style);
        (&self.area).render(area, canvas.buffer);
        // The area writes text without a style: the field keeps its own.
        canvas.buffer.set_style(area, style);
        if self.area.is_empty() && !self.placeholder.is_empty() {
            let dim = Style { bg: style.bg, ..canvas.style(Role::Dim) };
            canvas.put(area.x, area.y, &self.placeholder, dim, area.width);
        }
        if focus == Focus::Here {
            let cursor = self.area.screen_cursor();
            let (top, left) = self.area.scroll_offset();
            let row = u16::try_from(cursor.row).unwrap_or(u16::MAX).saturating_sub(top);
            let column = u16::try_from(cursor.col).unwrap_or(u16::MAX).saturating_sub(left);
            canvas
                .set_cursor(Position { x: area.x + column.min(area.width - 1), y: area.y + row.min(area.height - 1) });
        }
    }
}

/// A key that edits was taken, also when there was nothing to do.
fn done(_: bool) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::Editor;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn enter_begins_a_line_and_a_completion_replaces_what_was_typed_in_the_second_line() {
        let mut editor = Editor::new("从");
        for letter in "学生".chars() {
            editor.key(&KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
        }
        editor.key(&KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
        editor.paste("就业\r\n统");
        assert_eq!(editor.text(), "从学生\n就业\n统");
        let from = editor.text().len() - "统".len();
        editor.replace_before(from, "统计");
        assert_eq!(editor.text(), "从学生\n就业\n统计");
        assert_eq!(editor.cursor(), editor.text().len());
    }
}
