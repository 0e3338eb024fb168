//! A list to choose from, filtered as one types: Chinese, pinyin, initials, ids.

use super::sieve::{Sieve, Touch};
use super::{Reaction, sheet, widest};
use crate::app::cx::{Many, Pick};
use crate::app::screen::ScreenEvent;
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::text::Index;
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::layout::Rect;

pub(crate) struct PickBox {
    pick: Pick,
    sieve: Sieve,
    marked: Vec<String>,
}

impl PickBox {
    pub(crate) fn new(pick: Pick) -> Self {
        let index = pick
            .choices
            .iter()
            .map(|choice| Index::of([choice.label.as_str(), choice.id.as_str(), choice.detail.as_str()]))
            .collect();
        let marked = if pick.many == Many::Several { pick.chosen.clone() } else { Vec::new() };
        let mut sieve = Sieve::new(index);
        let first = pick.chosen.first();
        if let Some(at) = first.and_then(|id| pick.choices.iter().position(|choice| choice.id == *id)) {
            sieve.put(at);
        }
        Self { pick, sieve, marked }
    }

    fn current(&self) -> Option<String> {
        self.sieve.here().and_then(|place| self.pick.choices.get(place)).map(|choice| choice.id.clone())
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Enter => return self.give(),
            KeyCode::Char(' ') if self.pick.many == Many::Several => {
                self.mark();
                return Reaction::Stay;
            }
            KeyCode::Char(_) | KeyCode::Home | KeyCode::End => {}
            _ => {
                if let Meaning::Act(action) = meaning {
                    if matches!(action, Action::Submit | Action::Save) {
                        return self.give();
                    }
                    if self.sieve.act(*action) {
                        return Reaction::Stay;
                    }
                }
            }
        }
        if self.sieve.key(key) { Reaction::Stay } else { Reaction::Ignored }
    }

    fn mark(&mut self) {
        if let Some(id) = self.current() {
            match self.marked.iter().position(|other| *other == id) {
                Some(at) => drop(self.marked.remove(at)),
                None => self.marked.push(id),
            }
            self.sieve.act(Action::Down);
        }
    }

    fn give(&self) -> Reaction {
        let ids = match self.pick.many {
            Many::Several if !self.marked.is_empty() => self.marked.clone(),
            _ => self.current().into_iter().collect(),
        };
        if ids.is_empty() {
            return Reaction::Stay;
        }
        Reaction::Event(ScreenEvent::Picked { tag: self.pick.tag.clone(), ids })
    }

    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        self.sieve.paste(text);
        Reaction::Stay
    }

    pub(crate) fn mouse(&mut self, mouse: &MouseEvent) -> Reaction {
        match (self.sieve.mouse(mouse), self.pick.many) {
            (Touch::Row, Many::One) => return self.give(),
            (Touch::Row, Many::Several) => self.mark(),
            (Touch::Outside, _) => return Reaction::Close,
            (Touch::Nothing, _) => {}
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = canvas.cells();
        let labels = widest(cells, self.pick.choices.iter().map(|choice| choice.label.as_str()), 10, 40);
        let details = widest(cells, self.pick.choices.iter().map(|choice| choice.detail.as_str()), 2, 60);
        let title = cells.width(&self.pick.title);
        let width = (labels + details + 6).max(title + 2).max(30);
        let height = u16::try_from(self.pick.choices.len()).unwrap_or(u16::MAX).saturating_add(1).min(18);
        let inner = sheet(canvas, area, &self.pick.title, width, height);
        if inner.height == 0 {
            return;
        }
        let seen = self.sieve.view(canvas, inner);
        if seen.is_empty() {
            let (nothing, dim) = (canvas.text("pick-nothing", &[]), canvas.style(Role::Dim));
            canvas.line(Rect { y: inner.y + 1, height: inner.height - 1, ..inner }, &[(&nothing, dim)]);
        }
        let glyphs = canvas.glyphs();
        for (area, place, here) in seen {
            let Some(choice) = self.pick.choices.get(place) else { continue };
            let y = area.y;
            let paint = |role: Role, canvas: &Canvas<'_>| {
                let style = canvas.style(role);
                if here { canvas.look.selected(style) } else { style }
            };
            let (text, dim) = (paint(Role::Text, canvas), paint(Role::Dim, canvas));
            let mark = match self.pick.many {
                Many::One if here => glyphs.pointer,
                Many::One => " ",
                Many::Several if self.marked.contains(&choice.id) => glyphs.boxes[1],
                Many::Several => glyphs.boxes[0],
            };
            if here {
                canvas.fill(area, text);
            }
            let used = canvas.put(area.x, y, mark, text, 3) + 1;
            let gap = labels.min(area.width.saturating_sub(used));
            canvas.put(area.x + used, y, &choice.label, text, gap);
            canvas.put(area.x + used + gap, y, &choice.detail, dim, area.width.saturating_sub(used + gap));
        }
    }
}
