//! The command palette: screens, commands and whatever a screen offers, found by Chinese, pinyin, initials or English.

use super::sieve::{Sieve, Touch};
use super::{Reaction, sheet};
use crate::app::command::CommandId;
use crate::app::dress::Dress;
use crate::app::screen::{Params, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::text::Index;
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::layout::Rect;

/// What an entry of the palette does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Does {
    /// Opens a screen.
    Screen(ScreenId, Params),
    /// Carries out a command.
    Command(CommandId),
    /// Puts on another language, theme or glyphs.
    Dress(Dress),
    /// Writes the recording to a file.
    Record,
}

/// An entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// What it does.
    pub(crate) does: Does,
    /// Its name, localised.
    pub(crate) label: String,
    /// What it can be found by besides.
    pub(crate) words: Vec<String>,
    /// Its keys.
    pub(crate) keys: String,
    /// Why it cannot be chosen now, localised.
    pub(crate) reason: Option<String>,
}

pub(crate) struct Palette {
    title: String,
    nothing: String,
    /// What is known here, then what the server found.
    entries: Vec<Entry>,
    here: usize,
    sieve: Sieve,
    search: Search,
}

/// Where the question to the server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    /// Nothing was asked, or the answer is here.
    Rests,
    /// The answer is not here yet.
    Runs,
    /// It was refused; why, localised.
    Refused(String),
}

impl Palette {
    pub(crate) fn new(title: String, nothing: String, entries: Vec<Entry>) -> Self {
        let index = entries
            .iter()
            .map(|entry| Index::of(std::iter::once(entry.label.as_str()).chain(entry.words.iter().map(String::as_str))))
            .collect();
        Self { title, nothing, here: entries.len(), entries, sieve: Sieve::new(index), search: Search::Rests }
    }

    /// What was typed.
    pub(crate) fn words(&self) -> &str {
        self.sieve.text().trim()
    }

    /// Where the question to the server is.
    pub(crate) fn set_search(&mut self, search: Search) {
        self.search = search;
    }

    /// Takes what the server found, in place of what it found before.
    pub(crate) fn found(&mut self, entries: Vec<Entry>) {
        self.search = Search::Rests;
        self.entries.truncate(self.here);
        self.sieve.follow_with(entries.len());
        self.entries.extend(entries);
    }

    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning) -> Reaction {
        match key.code {
            KeyCode::Esc => return Reaction::Close,
            KeyCode::Enter => return self.choose(),
            KeyCode::Char(_) | KeyCode::Home | KeyCode::End => {}
            _ => {
                if let Meaning::Act(action) = meaning {
                    if *action == Action::Palette {
                        return Reaction::Close;
                    }
                    if self.sieve.act(*action) {
                        return Reaction::Stay;
                    }
                }
            }
        }
        if *meaning == Meaning::Act(Action::Palette) && !key.modifiers.is_empty() {
            return Reaction::Close;
        }
        if self.sieve.key(key) { Reaction::Typed } else { Reaction::Ignored }
    }

    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        self.sieve.paste(text);
        Reaction::Typed
    }

    fn choose(&self) -> Reaction {
        let entry = self.sieve.here().and_then(|place| self.entries.get(place));
        match entry.map(|entry| &entry.does) {
            Some(Does::Screen(id, params)) => Reaction::Screen(*id, params.clone()),
            Some(Does::Command(id)) => Reaction::Command(*id),
            Some(Does::Dress(dress)) => Reaction::Dress(*dress),
            Some(Does::Record) => Reaction::Record,
            None => Reaction::Stay,
        }
    }

    pub(crate) fn mouse(&mut self, mouse: &MouseEvent) -> Reaction {
        match self.sieve.mouse(mouse) {
            Touch::Row => self.choose(),
            Touch::Outside => Reaction::Close,
            Touch::Nothing => Reaction::Stay,
        }
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = sheet(canvas, area, &self.title, 64.min(area.width), 16);
        if inner.height == 0 {
            return;
        }
        let seen = self.sieve.view(canvas, inner);
        if seen.is_empty() {
            let dim = canvas.style(Role::Dim);
            let text = match &self.search {
                Search::Rests => self.nothing.clone(),
                Search::Runs => canvas.text("palette-searching", &[]),
                Search::Refused(why) => why.clone(),
            };
            canvas.line(Rect { y: inner.y + 1, height: inner.height - 1, ..inner }, &[(&text, dim)]);
        }
        let cells = canvas.cells();
        let pointer = canvas.glyphs().pointer;
        for (area, place, here) in seen {
            let Some(entry) = self.entries.get(place) else { continue };
            let role = if entry.reason.is_some() { Role::Dim } else { Role::Text };
            let (text, dim) = (canvas.style(role), canvas.style(Role::Dim));
            let (text, dim) = if here { (canvas.look.selected(text), canvas.look.selected(dim)) } else { (text, dim) };
            if here {
                canvas.fill(area, text);
            }
            let mark = if here { pointer } else { " " };
            let side = entry.reason.as_ref().unwrap_or(&entry.keys);
            let side_width = cells.width(side).min(area.width / 2);
            let mut x = canvas.put(area.x, area.y, mark, text, 2);
            x += 1;
            x += canvas.put(area.x + x, area.y, &entry.label, text, area.width.saturating_sub(x + side_width + 1));
            let word = entry.words.first().map(String::as_str).unwrap_or_default();
            if x + 2 + cells.width(word) + side_width < area.width {
                canvas.put(area.x + x + 2, area.y, word, dim, area.width - x - 2);
            }
            canvas.right(Rect { x: area.right() - side_width, width: side_width, ..area }, side, dim);
        }
    }
}
