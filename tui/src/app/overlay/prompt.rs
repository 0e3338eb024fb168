//! A question for a text.

use super::line::{Line, Shown};
use super::{Reaction, sheet};
use crate::app::cx::{Length, Prompt};
use crate::app::screen::ScreenEvent;
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

pub(crate) struct PromptBox {
    prompt: Prompt,
    lines: Vec<Line>,
    at: usize,
    focus: Focus,
}

/// What has the focus. `Enter` in the field goes to the button: an input method may have wanted that key for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Field,
    Button,
}

impl PromptBox {
    pub(crate) fn new(prompt: Prompt) -> Self {
        let mut lines: Vec<Line> = prompt.text.split('\n').map(Line::new).collect();
        if prompt.length != Length::Lines {
            lines = vec![Line::new(&prompt.text.replace('\n', " "))];
        }
        let at = lines.len() - 1;
        Self { prompt, lines, at, focus: Focus::Field }
    }

    pub(crate) fn is_secret(&self) -> bool {
        self.prompt.length == Length::Secret
    }

    fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(Line::text).collect();
        lines.join("\n")
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        let several = self.prompt.length == Length::Lines;
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Enter if self.focus == Focus::Button => return self.give(),
            KeyCode::Enter if !several => {
                self.focus = Focus::Button;
                return Reaction::Stay;
            }
            KeyCode::Tab | KeyCode::BackTab => {
                self.focus = if self.focus == Focus::Field { Focus::Button } else { Focus::Field };
                return Reaction::Stay;
            }
            KeyCode::Up | KeyCode::Left if self.focus == Focus::Button => {
                self.focus = Focus::Field;
                return Reaction::Stay;
            }
            KeyCode::Enter => {
                self.at += 1;
                self.lines.insert(self.at, Line::default());
                return Reaction::Stay;
            }
            KeyCode::Up if several => self.at = self.at.saturating_sub(1),
            KeyCode::Down if several => self.at = (self.at + 1).min(self.lines.len() - 1),
            KeyCode::Backspace if self.lines.len() > 1 && self.line().is_some_and(|line| line.text().is_empty()) => {
                self.lines.remove(self.at);
                self.at = self.at.saturating_sub(1);
                return Reaction::Stay;
            }
            _ => {}
        }
        if let Meaning::Act(Action::Save | Action::Submit) = meaning {
            return self.give();
        }
        let at = self.at;
        match self.lines.get_mut(at).map(|line| line.key(key)) {
            Some(true) => {
                self.focus = Focus::Field;
                Reaction::Stay
            }
            _ => Reaction::Ignored,
        }
    }

    fn line(&self) -> Option<&Line> {
        self.lines.get(self.at)
    }

    fn give(&self) -> Reaction {
        Reaction::Event(ScreenEvent::Prompted { tag: self.prompt.tag.clone(), text: self.text() })
    }

    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        let several = self.prompt.length == Length::Lines;
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 && several {
                self.at += 1;
                self.lines.insert(self.at, Line::default());
            }
            let at = self.at;
            if let Some(line) = self.lines.get_mut(at) {
                line.paste(part);
            }
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let most = area.width.saturating_sub(4).min(72);
        let cells = canvas.cells();
        let help = cells.wrap(&self.prompt.help, most.max(1));
        let rows = if self.prompt.length == Length::Lines { self.lines.len().max(4) } else { 1 };
        let extra = if self.prompt.help.is_empty() { 0 } else { help.len() };
        let height = u16::try_from(rows + extra + 1).unwrap_or(u16::MAX);
        let mut inner = sheet(canvas, area, &self.prompt.title, most + 2, height);
        let shown = if self.is_secret() { Shown::Masked } else { Shown::Plain };
        let room = usize::from(inner.height).saturating_sub(extra + 1).max(1);
        let top = (self.at + 1).saturating_sub(room);
        let mut cursor = None;
        for (index, line) in self.lines.iter().enumerate().skip(top).take(room) {
            line.view(canvas, inner, shown);
            if index == self.at {
                cursor = canvas.cursor();
            }
            inner = below(inner);
        }
        canvas.hide_cursor();
        if let Some(cursor) = cursor.filter(|_| self.focus == Focus::Field) {
            canvas.set_cursor(cursor);
        }
        let dim = canvas.style(Role::Dim);
        if extra > 0 {
            for line in &help {
                canvas.line(inner, &[(line, dim)]);
                inner = below(inner);
            }
        }
        let key = if self.prompt.length == Length::Lines { "prompt-keys-lines" } else { "prompt-keys-line" };
        let keys = canvas.text(key, &[]);
        let accent = canvas.style(Role::Accent);
        let (button, pointer) = match self.focus {
            Focus::Field => (accent, " "),
            Focus::Button => (canvas.look.selected(accent), canvas.glyphs().pointer),
        };
        let word = canvas.text("prompt-give", &[]);
        canvas.line(
            inner,
            &[(pointer, button), (" ", button), (&word, button), (" ", button), ("  ", dim), (&keys, dim)],
        );
    }
}

fn below(area: Rect) -> Rect {
    let step = 1.min(area.height);
    Rect { y: area.y + step, height: area.height - step, ..area }
}
