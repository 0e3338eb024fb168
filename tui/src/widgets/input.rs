//! One line of text to be edited, with the real cursor: the window of the input method stands where the text goes.

use crate::canvas::Canvas;
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use tui_input::{Input as Line, InputRequest};
use unicode_segmentation::UnicodeSegmentation;

/// How many changes can be undone.
const UNDO: usize = 100;

/// One line of text.
#[derive(Debug, Clone, Default)]
pub struct Input {
    line: Line,
    secret: bool,
    placeholder: String,
    past: Vec<(String, usize)>,
    future: Vec<(String, usize)>,
    area: Cell<Rect>,
    scroll: Cell<u16>,
}

impl Input {
    /// A line with this text; the cursor stands behind it.
    pub fn new(text: impl Into<String>) -> Self {
        Self { line: Line::new(text.into()), ..Self::default() }
    }

    /// What stands there while it is empty: the text itself.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = text.into();
        self
    }

    /// Shows `*` for each character.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.line.value()
    }

    /// Puts another text in its place; the cursor stands behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        self.remember();
        self.line = Line::new(text.into());
    }

    /// Bytes before the cursor.
    pub fn cursor(&self) -> usize {
        self.text().char_indices().nth(self.line.cursor()).map_or(self.text().len(), |(at, _)| at)
    }

    /// Puts text in place of the bytes between `from` and the cursor: what a completion does.
    pub fn replace_before(&mut self, from: usize, text: &str) {
        self.remember();
        let to = self.cursor();
        let (Some(head), Some(tail)) = (self.text().get(..from.min(to)), self.text().get(to..)) else { return };
        let cursor = head.chars().count() + text.chars().count();
        self.line = Line::new(format!("{head}{text}{tail}")).with_cursor(cursor);
    }

    /// Edits by a key. False for a key that edits nothing: Enter, Tab, Esc, arrows up and down, function keys.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let request = match key.code {
            KeyCode::Char('z') if control => return self.undo(),
            KeyCode::Char('y') if control => return self.redo(),
            KeyCode::Char('a') if control => InputRequest::GoToStart,
            KeyCode::Char('e') if control => InputRequest::GoToEnd,
            KeyCode::Char('w') if control => InputRequest::DeletePrevWord,
            KeyCode::Char('u') if control => InputRequest::DeleteFromStart,
            KeyCode::Char('k') if control => InputRequest::DeleteTillEnd,
            KeyCode::Char(letter) if !control && !alt && !letter.is_control() => InputRequest::InsertChar(letter),
            KeyCode::Backspace if alt || control => InputRequest::DeletePrevWord,
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete if control => InputRequest::DeleteNextWord,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Left if control => InputRequest::GoToPrevWord,
            KeyCode::Left if !alt => InputRequest::GoToPrevChar,
            KeyCode::Right if control => InputRequest::GoToNextWord,
            KeyCode::Right if !alt => InputRequest::GoToNextChar,
            KeyCode::Home => InputRequest::GoToStart,
            KeyCode::End => InputRequest::GoToEnd,
            _ => return false,
        };
        let before = (self.text().to_owned(), self.line.cursor());
        if self.line.handle(request).is_some_and(|changed| changed.value) {
            self.push(before);
        }
        true
    }

    /// Takes pasted text; line breaks become spaces.
    pub fn paste(&mut self, text: &str) {
        self.remember();
        let flat: String = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
        for letter in flat.chars().filter(|letter| !letter.is_control()) {
            self.line.handle(InputRequest::InsertChar(letter));
        }
    }

    /// Puts the cursor where the mouse points; false when it points elsewhere.
    pub fn click(&mut self, column: u16, row: u16) -> bool {
        let area = self.area.get();
        if !area.contains((column, row).into()) {
            return false;
        }
        let wanted = column - area.x + self.scroll.get();
        let cells = crate::text::Cells::default();
        let mut used = 0;
        let mut at = 0;
        for grapheme in self.text().graphemes(true) {
            if used + cells.width(grapheme) > wanted {
                break;
            }
            used += cells.width(grapheme);
            at += grapheme.chars().count();
        }
        self.line.handle(InputRequest::SetCursor(at));
        true
    }

    fn undo(&mut self) -> bool {
        if let Some((text, cursor)) = self.past.pop() {
            self.future.push((self.text().to_owned(), self.line.cursor()));
            self.line = Line::new(text).with_cursor(cursor);
        }
        true
    }

    fn redo(&mut self) -> bool {
        if let Some((text, cursor)) = self.future.pop() {
            self.past.push((self.text().to_owned(), self.line.cursor()));
            self.line = Line::new(text).with_cursor(cursor);
        }
        true
    }

    fn remember(&mut self) {
        self.push((self.text().to_owned(), self.line.cursor()));
    }

    fn push(&mut self, before: (String, usize)) {
        self.future.clear();
        self.past.push(before);
        if self.past.len() > UNDO {
            self.past.remove(0);
        }
    }

    /// Draws it into the first row of an area; with the focus, the real cursor is put there.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect, focus: Focus) {
        let area = Rect { height: area.height.min(1), ..area };
        self.area.set(area);
        if area.width == 0 || area.height == 0 {
            return;
        }
        let style = canvas.style(Role::Input);
        canvas.fill(area, style);
        let cells = canvas.look.cells;
        let shown = if self.secret { "*".repeat(self.text().graphemes(true).count()) } else { self.text().to_owned() };
        let head = if self.secret {
            "*".repeat(self.text().get(..self.cursor()).unwrap_or_default().graphemes(true).count())
        } else {
            self.text().get(..self.cursor()).unwrap_or_default().to_owned()
        };
        if focus == Focus::Away && !shown.is_empty() {
            // A text that nobody types into is read from its beginning.
            self.scroll.set(0);
            canvas.put(area.x, area.y, &shown, style, area.width);
            return;
        }
        let before = cells.width(&head);
        // The cursor needs a cell of its own at the end.
        let mut scroll = self.scroll.get().min(before);
        if before - scroll >= area.width {
            scroll = before + 1 - area.width;
        }
        scroll = if cells.width(&shown) < area.width { 0 } else { scroll };
        // A wide character that the left edge would cut is scrolled out as a whole.
        let mut skipped = 0;
        let mut from = 0;
        for grapheme in shown.graphemes(true) {
            if skipped >= scroll {
                break;
            }
            skipped += cells.width(grapheme);
            from += grapheme.len();
        }
        self.scroll.set(skipped);
        let rest = shown.get(from..).unwrap_or_default();
        cells.put(canvas.buffer, area.x, area.y, rest, style, area.width);
        if shown.is_empty() && !self.placeholder.is_empty() {
            let dim = style.patch(ratatui::style::Style { bg: style.bg, ..canvas.style(Role::Dim) });
            canvas.put(area.x, area.y, &self.placeholder, dim, area.width);
        }
        if focus == Focus::Here {
            let x = area.x + before.saturating_sub(skipped).min(area.width - 1);
            canvas.set_cursor(Position { x, y: area.y });
        }
    }
}

/// Whether a widget has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// Keys go to it.
    Here,
    /// Keys go elsewhere.
    #[default]
    Away,
}

impl Focus {
    /// Here when it is so.
    pub fn when(here: bool) -> Self {
        if here { Self::Here } else { Self::Away }
    }
}

#[cfg(test)]
mod tests {
    use super::Input;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    fn press(input: &mut Input, keys: &str) {
        for letter in keys.chars() {
            input.key(&KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
        }
    }

    #[test]
    fn chinese_is_typed_pasted_deleted_by_character_and_comes_back_by_undo() {
        let mut input = Input::default();
        press(&mut input, "就业率");
        input.key(&KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE));
        assert_eq!(input.text(), "就业");
        input.paste("质量\r\n报告\n");
        assert_eq!(input.text(), "就业质量 报告");
        input.key(&KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL));
        assert_eq!(input.text(), "就业");
        input.key(&KeyEvent::new(KeyCode::Char('y'), KeyModifiers::CONTROL));
        assert_eq!(input.text(), "就业质量 报告");
    }

    #[test]
    fn enter_and_function_keys_are_left_to_whoever_holds_the_field() {
        let mut input = Input::default();
        for code in [KeyCode::Enter, KeyCode::Tab, KeyCode::Esc, KeyCode::F(10), KeyCode::Up] {
            assert!(!input.key(&KeyEvent::new(code, KeyModifiers::NONE)), "{code:?}");
        }
    }

    #[test]
    fn a_completion_takes_the_place_of_what_was_typed_of_it() {
        let mut input = Input::new("sum(学生.学)");
        input.key(&KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
        let from = "sum(学生.".len();
        input.replace_before(from, "学号");
        assert_eq!(input.text(), "sum(学生.学号)");
        assert_eq!(input.cursor(), "sum(学生.学号".len());
    }
}
