//! A yes-or-no question. `Enter` on the button that does it is not the first thing under the finger: the cursor begins on
//! the other one.

use super::line::{Line, Shown};
use super::{Reaction, sheet, widest};
use crate::app::cx::Confirm;
use crate::app::screen::ScreenEvent;
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::theme::Role;
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Button {
    Yes,
    No,
}

pub(crate) struct ConfirmBox {
    confirm: Confirm,
    code: Line,
    /// Another code was given than the one that is asked for.
    refused: bool,
    button: Button,
}

impl ConfirmBox {
    pub(crate) fn new(confirm: Confirm) -> Self {
        Self { confirm, code: Line::default(), refused: false, button: Button::No }
    }

    /// Word of the button that does it.
    pub(crate) fn word(&self) -> &str {
        &self.confirm.yes
    }

    fn may(&self) -> bool {
        self.confirm.code.as_ref().is_none_or(|code| self.code.text().trim() == code)
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        let action = match meaning {
            Meaning::Act(action) => Some(*action),
            _ => None,
        };
        match action {
            Some(Action::Submit | Action::Save) => return self.give(),
            Some(Action::Open) if crossterm::event::KeyCode::Enter == key.code => {
                return match self.button {
                    Button::Yes => self.give(),
                    Button::No => Reaction::Close,
                };
            }
            Some(Action::Back) if crossterm::event::KeyCode::Esc == key.code => return Reaction::Close,
            Some(Action::NextRegion | Action::PreviousRegion) => {
                self.turn();
                return Reaction::Stay;
            }
            Some(Action::Left | Action::Right | Action::Up | Action::Down) if self.confirm.code.is_none() => {
                self.turn();
                return Reaction::Stay;
            }
            _ => {}
        }
        if self.confirm.code.is_some() && self.code.key(key) {
            self.refused = false;
            return Reaction::Stay;
        }
        Reaction::Ignored
    }

    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        if self.confirm.code.is_some() {
            self.code.paste(text);
        }
        Reaction::Stay
    }

    fn turn(&mut self) {
        self.button = if self.button == Button::No { Button::Yes } else { Button::No };
    }

    /// Does it, or says that the code is another one.
    fn give(&mut self) -> Reaction {
        if self.may() {
            return Reaction::Event(ScreenEvent::Confirmed { tag: self.confirm.tag.clone() });
        }
        self.refused = true;
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = canvas.cells();
        let most = area.width.saturating_sub(4).clamp(1, 72);
        let lines: Vec<String> = self.confirm.lines.iter().flat_map(|line| cells.wrap(line, most)).collect();
        let asked = self.confirm.code.as_ref().map(|code| canvas.text("confirm-code", &[("code", code)]));
        let texts = lines.iter().map(String::as_str).chain([self.confirm.title.as_str()]).chain(asked.as_deref());
        let width = widest(cells, texts, 30, most + 2);
        let extra = if asked.is_some() { 2 } else { 0 };
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2 + extra);
        let mut inner = sheet(canvas, area, &self.confirm.title, width, height);
        let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
        for line in &lines {
            canvas.line(inner, &[(line, text)]);
            inner = below(inner);
        }
        if let Some(asked) = asked {
            canvas.line(inner, &[(&asked, dim)]);
            inner = below(inner);
            self.code.view(canvas, inner, Shown::Plain);
            inner = below(inner);
        }
        if self.refused {
            let (text, bad) = (canvas.text("confirm-other-code", &[]), canvas.style(Role::Bad));
            canvas.line(inner, &[(canvas.glyphs().no, bad), (" ", bad), (&text, bad)]);
        }
        inner = below(inner);
        let (no, yes) = (canvas.text("confirm-no", &[]), self.confirm.yes.clone());
        let pointer = canvas.glyphs().pointer;
        let mut pieces = Vec::new();
        for (button, word) in [(Button::No, &no), (Button::Yes, &yes)] {
            let chosen = self.button == button;
            let style = match (chosen, button) {
                (true, _) => canvas.look.selected(canvas.style(Role::Text)),
                (false, Button::Yes) if !self.may() => dim,
                _ => canvas.style(Role::Accent),
            };
            pieces.push((format!("{} {word} ", if chosen { pointer } else { " " }), style));
        }
        let pieces: Vec<(&str, _)> = pieces.iter().map(|(text, style)| (text.as_str(), *style)).collect();
        canvas.line(inner, &pieces);
    }
}

/// The area without its first row.
fn below(area: Rect) -> Rect {
    let step = 1.min(area.height);
    Rect { y: area.y + step, height: area.height - step, ..area }
}
