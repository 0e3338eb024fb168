//! Text of many lines: remarks, formulas, SQL. The real cursor stands where the text goes; none is painted.

use super::input::Focus;
use crate::canvas::Canvas;
use crate::text::{Ambiguous, Cells};
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, DataCursor, TextArea, WrapMode};
use std::cell::Cell;

/// An editor.
#[derive(Debug)]
pub struct Editor {
    area: TextArea<'static>,
    drawn: Cell<Rect>,
    /// First line and first cell that were drawn, where the terminal paints ambiguous characters two cells wide.
    corner: Cell<Option<(usize, u16)>>,
    placeholder: String,
    /// Line and character that somebody is told about, until the text changes.
    marked: Option<(usize, usize)>,
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
        Self { area, drawn: Cell::default(), corner: Cell::default(), placeholder: String::new(), marked: None }
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

    /// Marks the word at a line and character, both counted from 1, and puts the cursor there. Whatever edits the text takes
    /// the mark away.
    pub fn mark(&mut self, line: u64, column: u64) {
        let place = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let row = place(line).min(self.area.lines().len().saturating_sub(1));
        let letters = self.area.lines().get(row).map_or(0, |line| line.chars().count());
        let at = place(column).min(letters);
        self.marked = Some((row, at));
        self.go(row, at);
    }

    fn go(&mut self, row: usize, column: usize) {
        if let (Ok(row), Ok(column)) = (u16::try_from(row), u16::try_from(column)) {
            self.area.move_cursor(CursorMove::Jump(row, column));
        }
    }

    /// The text of the mark: a word, or the one character that is none.
    fn marked_text(&self) -> Option<((usize, usize), String)> {
        let (row, at) = self.marked?;
        let rest: Vec<char> = self.area.lines().get(row)?.chars().skip(at).collect();
        let word = rest.iter().take_while(|letter| letter.is_alphanumeric() || **letter == '_').count();
        Some(((row, at), rest.into_iter().take(word.max(1)).collect()))
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
        self.marked = None;
        for _ in 0..typed.chars().count() {
            self.area.delete_char();
        }
        self.area.insert_str(text);
    }

    /// Puts text at the cursor.
    pub fn paste(&mut self, text: &str) {
        let clean = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
        let kept: String = clean.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
        self.marked = None;
        self.area.insert_str(kept);
    }

    /// Edits by a key. Enter begins a new line; false for Tab, Esc and function keys.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        let before = self.marked.map(|_| self.text());
        let taken = self.edit(key);
        if before.is_some_and(|before| before != self.text()) {
            self.marked = None;
        }
        taken
    }

    fn edit(&mut self, key: &KeyEvent) -> bool {
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
        if let Some(corner) = self.corner.get() {
            self.jump(corner, (column - drawn.x, row - drawn.y));
            return true;
        }
        let (top, left) = self.area.scroll_offset();
        let place = (usize::from(row - drawn.y) + usize::from(top), usize::from(column - drawn.x) + usize::from(left));
        let DataCursor(row, column) = self.area.screen_to_data(place.0, place.1);
        self.go(row, column);
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
        if canvas.cells().ambiguous == Ambiguous::Wide && !self.area.is_empty() {
            let cursor = self.unwrapped(canvas, area);
            if focus == Focus::Here {
                canvas.set_cursor(cursor);
            }
            return;
        }
        self.corner.set(None);
        (&self.area).render(area, canvas.buffer);
        // The area writes text without a style: the field keeps its own.
        canvas.buffer.set_style(area, style);
        self.underline(canvas, area);
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

impl Editor {
    /// Draws the mark where the area has put its text.
    fn underline(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(((row, column), word)) = self.marked_text() else { return };
        // Only the area knows where it wraps; a copy of it tells by its cursor.
        let mut probe = self.area.clone();
        if let (Ok(row), Ok(column)) = (u16::try_from(row), u16::try_from(column)) {
            probe.move_cursor(CursorMove::Jump(row, column));
        }
        let (at, (top, left)) = (probe.screen_cursor(), self.area.scroll_offset());
        let place = (at.row.checked_sub(usize::from(top)), at.col.checked_sub(usize::from(left)));
        let (Some(Ok(y)), Some(Ok(x))) = (place.0.map(u16::try_from), place.1.map(u16::try_from)) else { return };
        if x < area.width && y < area.height {
            let width = canvas.cells().width(&word).max(1).min(area.width - x);
            canvas.buffer.set_style(Rect { x: area.x + x, y: area.y + y, width, height: 1 }, fault(canvas));
        }
    }

    /// Draws the lines as they are measured here, without wrapping them: the area counts one cell for each ambiguous
    /// character, so its cursor would stand too far left. Gives where the cursor is.
    fn unwrapped(&self, canvas: &mut Canvas<'_>, area: Rect) -> Position {
        let (cells, style) = (canvas.cells(), canvas.style(Role::Input));
        let DataCursor(row, column) = self.area.cursor();
        let lines = self.area.lines();
        let before: String = lines.get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default();
        let at = cells.width(&before);
        let (top, left) = self.corner.get().unwrap_or_default();
        let top = top.min(row).max((row + 1).saturating_sub(usize::from(area.height)));
        let left = left.min(at).max(at.saturating_add(1).saturating_sub(area.width));
        self.corner.set(Some((top, left)));
        for (y, line) in (area.top()..area.bottom()).zip(lines.iter().skip(top)) {
            let mut x = 0;
            for (piece, width) in cells.pieces(line) {
                if x >= left && x.saturating_add(width) <= left.saturating_add(area.width) {
                    cells.put(canvas.buffer, area.x + x - left, y, piece, style, width);
                }
                x = x.saturating_add(width);
            }
        }
        if let Some(((row, column), word)) = self.marked_text()
            && let Some(y) = row.checked_sub(top).and_then(|down| u16::try_from(down).ok()).filter(|y| *y < area.height)
        {
            let before: String = lines.get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default();
            if let Some(x) = cells.width(&before).checked_sub(left).filter(|x| *x < area.width) {
                let width = cells.width(&word).max(1).min(area.width - x);
                let place = Rect { x: area.x + x, y: area.y + y, width, height: 1 };
                canvas.buffer.set_style(place, fault(canvas));
            }
        }
        let down = u16::try_from(row - top).unwrap_or(u16::MAX);
        Position { x: area.x + at - left, y: area.y + down.min(area.height - 1) }
    }

    /// Puts the cursor on the character that was drawn there by [`Editor::unwrapped`].
    fn jump(&mut self, (top, left): (usize, u16), (x, y): (u16, u16)) {
        let cells = Cells { ambiguous: Ambiguous::Wide, ..Cells::default() };
        let row = (top + usize::from(y)).min(self.area.lines().len().saturating_sub(1));
        let line = self.area.lines().get(row).map_or("", String::as_str);
        let ends = line.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let column = ends.take_while(|end| line.get(..*end).is_some_and(|text| cells.width(text) <= left + x)).count();
        self.go(row, column);
    }
}

/// How a mark looks, also without colours.
fn fault(canvas: &Canvas<'_>) -> Style {
    Style { bg: None, ..canvas.style(Role::Bad) }.add_modifier(Modifier::UNDERLINED)
}

/// A key that edits was taken, also when there was nothing to do.
fn done(_: bool) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::{Editor, Focus};
    use crate::canvas::Canvas;
    use crate::text::Ambiguous;
    use crate::theme::{GlyphSet, Level, Look, ThemeName};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Modifier;
    use zhengai_model::text::Language;

    fn cursor(editor: &Editor, ambiguous: Ambiguous, width: u16) -> (u16, u16) {
        let look = Look::new(ThemeName::Dark, Level::True, GlyphSet::Ascii, ambiguous);
        let texts = crate::i18n::texts(Language::Chinese);
        let area = Rect::new(0, 0, width, 3);
        let mut buffer = Buffer::empty(area);
        let mut canvas = Canvas::new(&mut buffer, &look, &texts);
        editor.view(&mut canvas, area, Focus::Here);
        let at = canvas.cursor().expect("a cursor");
        (at.x, at.y)
    }

    #[test]
    fn the_cursor_stands_behind_ambiguous_characters_where_the_terminal_paints_them_wide() {
        let mut editor = Editor::new("去向\n“①”±a");
        assert_eq!(cursor(&editor, Ambiguous::Narrow, 20), (5, 1));
        assert_eq!(cursor(&editor, Ambiguous::Wide, 20), (9, 1), "four of two cells, one of one");
        assert!(editor.click(4, 1));
        assert_eq!(editor.cursor(), "去向\n“①".len(), "a click meets the character that is seen there");
        assert_eq!(cursor(&editor, Ambiguous::Wide, 20), (4, 1));
        editor.set("①②③④⑤⑥⑦⑧⑨⑩");
        assert_eq!(cursor(&editor, Ambiguous::Wide, 8), (7, 0), "a long line scrolls with the cursor");
    }

    #[test]
    fn a_mark_stands_under_the_word_with_the_cursor_until_the_text_changes() {
        let mut editor = Editor::new("SELECT '令' AS 令,\n  dya FROM mark");
        let underlined = |editor: &Editor, ambiguous| {
            let look = Look::new(ThemeName::Dark, Level::True, GlyphSet::Ascii, ambiguous);
            let texts = crate::i18n::texts(Language::Chinese);
            let area = Rect::new(0, 0, 30, 3);
            let mut buffer = Buffer::empty(area);
            editor.view(&mut Canvas::new(&mut buffer, &look, &texts), area, Focus::Here);
            let cells = area.positions().filter(|at| buffer[*at].modifier.contains(Modifier::UNDERLINED));
            cells.map(|at| (at.x, at.y)).collect::<Vec<_>>()
        };
        for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
            editor.mark(2, 3);
            assert_eq!(underlined(&editor, ambiguous), [(2, 1), (3, 1), (4, 1)], "{ambiguous:?}");
            assert_eq!(editor.cursor(), editor.text().len() - "dya FROM mark".len());
            editor.mark(1, 9);
            assert_eq!(underlined(&editor, ambiguous), [(8, 0), (9, 0)], "a word of two cells");
            editor.mark(9, 99);
            assert_eq!(underlined(&editor, ambiguous), [(15, 1)], "behind the text");
        }
        editor.key(&KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
        assert!(!underlined(&editor, Ambiguous::Narrow).is_empty(), "looking around keeps it");
        editor.key(&KeyEvent::new(KeyCode::Char('x'), KeyModifiers::NONE));
        assert!(underlined(&editor, Ambiguous::Narrow).is_empty());
    }

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
