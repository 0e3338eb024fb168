//! One line of text to type into, with the real cursor where the text goes.

use crate::canvas::Canvas;
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use tui_input::{Input, InputRequest};

/// What the field shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// What is typed.
    Plain,
    /// A mark for each character.
    Masked,
}

/// One line of text.
#[derive(Debug, Default)]
pub(crate) struct Line {
    input: Input,
}

impl Line {
    pub(crate) fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()) }
    }

    pub(crate) fn text(&self) -> &str {
        self.input.value()
    }

    /// Takes a key; says whether it was one for a field.
    pub(crate) fn key(&mut self, key: &KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let request = match key.code {
            KeyCode::Char(letter) if !ctrl && !alt => InputRequest::InsertChar(letter),
            KeyCode::Char('a') if ctrl => InputRequest::GoToStart,
            KeyCode::Char('e') if ctrl => InputRequest::GoToEnd,
            KeyCode::Char('u') if ctrl => InputRequest::DeleteLine,
            KeyCode::Char('w') if ctrl => InputRequest::DeletePrevWord,
            KeyCode::Char('k') if ctrl => InputRequest::DeleteTillEnd,
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Left if ctrl => InputRequest::GoToPrevWord,
            KeyCode::Right if ctrl => InputRequest::GoToNextWord,
            KeyCode::Left if !alt => InputRequest::GoToPrevChar,
            KeyCode::Right if !alt => InputRequest::GoToNextChar,
            KeyCode::Home if !ctrl => InputRequest::GoToStart,
            KeyCode::End if !ctrl => InputRequest::GoToEnd,
            _ => return false,
        };
        self.input.handle(request);
        true
    }

    /// Takes pasted text, in one line.
    pub(crate) fn paste(&mut self, text: &str) {
        for letter in text.trim_end_matches('\n').chars() {
            let letter = if letter.is_control() { ' ' } else { letter };
            self.input.handle(InputRequest::InsertChar(letter));
        }
    }

    /// Draws it in the first row of the area and puts the cursor there.
    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect, shown: Shown) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let style = canvas.style(Role::Input);
        canvas.fill(Rect { height: 1, ..area }, style);
        let masked;
        let (text, before) = match shown {
            Shown::Plain => {
                let at = self.text().char_indices().nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at);
                (self.text(), self.text().get(..at).unwrap_or_default())
            }
            Shown::Masked => {
                masked = "*".repeat(self.text().chars().count());
                (masked.as_str(), masked.get(..self.input.cursor()).unwrap_or_default())
            }
        };
        let cells = canvas.cells();
        // Scrolls by whole characters so that the cursor is always inside.
        let mut start = 0;
        while cells.width(before.get(start..).unwrap_or_default()) >= area.width {
            start += before.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
        let visible = text.get(start..).unwrap_or_default();
        let room = area.width;
        cells.put(canvas.buffer, area.x, area.y, visible, style, room);
        let x = area.x + cells.width(before.get(start..).unwrap_or_default());
        canvas.set_cursor(Position::new(x, area.y));
    }
}
