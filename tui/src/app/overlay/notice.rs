//! Something to be read: as long as it is, with one button. Nothing is asked.

use super::{Reaction, sheet, widest};
use crate::app::cx::Notice;
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::theme::Role;
use crate::widgets::{Motion, TextView};
use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;

/// The widest that it gets: longer lines are hard to read.
const WIDEST: u16 = 88;

pub(crate) struct NoticeBox {
    notice: Notice,
    text: TextView,
    button: Cell<Rect>,
}

impl NoticeBox {
    pub(crate) fn new(notice: Notice) -> Self {
        let text = TextView::new(notice.pieces.clone());
        Self { notice, text, button: Cell::default() }
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        if matches!(key.code, KeyCode::Enter | KeyCode::Esc) {
            return Reaction::Close;
        }
        let Meaning::Act(action) = meaning else { return Reaction::Ignored };
        match action {
            Action::Submit | Action::Save | Action::Back => Reaction::Close,
            Action::Copy => Reaction::Copy(self.notice.copy.clone().unwrap_or_else(|| self.text.text())),
            _ => match action.motion() {
                Some(motion) => {
                    self.text.apply(motion);
                    Reaction::Stay
                }
                None => Reaction::Ignored,
            },
        }
    }

    pub(crate) fn mouse(&mut self, mouse: &MouseEvent) -> Reaction {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.text.apply(Motion::WheelUp),
            MouseEventKind::ScrollDown => self.text.apply(Motion::WheelDown),
            MouseEventKind::Down(MouseButton::Left)
                if self.button.get().contains(Position::new(mouse.column, mouse.row)) =>
            {
                return Reaction::Close;
            }
            _ => {}
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = canvas.cells();
        let most = area.width.saturating_sub(2).clamp(1, WIDEST);
        let indented = self.notice.pieces.iter().map(|piece| cells.width(&piece.text).saturating_add(piece.indent));
        let title = widest(cells, [self.notice.title.as_str()].into_iter(), 30, u16::MAX);
        // A column is kept for the bar that says there is more.
        let width = indented.max().unwrap_or(0).saturating_add(3).max(title).min(most);
        let lines: usize = self
            .notice
            .pieces
            .iter()
            .map(|piece| cells.wrap(&piece.text, width.saturating_sub(3 + piece.indent).max(1)).len())
            .sum();
        let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
        let inner = sheet(canvas, area, &self.notice.title, width, height);
        let below = 2.min(inner.height);
        self.text.view(canvas, Rect { height: inner.height - below, ..inner });
        let word = canvas.text("notice-seen", &[]);
        let style = canvas.look.selected(canvas.style(Role::Text));
        let row = Rect { y: inner.bottom().saturating_sub(1), height: below.min(1), ..inner };
        let used = canvas.line(row, &[(canvas.glyphs().pointer, style), (" ", style), (&word, style), (" ", style)]);
        self.button.set(Rect { width: used, ..row });
    }
}
