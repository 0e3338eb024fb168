//! What lies over a screen: palette, help, drawer of jobs, questions, labels to jump to. The top one gets the keys first.

mod confirm;
mod drawer;
mod help;
mod jump;
mod line;
mod list;
mod notice;
mod open;
pub(crate) mod palette;
mod pick;
mod prompt;
mod sieve;

use crate::app::Target;
use crate::app::command::CommandId;
use crate::app::cx::{Confirm, Notice, Pick, Prompt};
use crate::app::dress::Dress;
use crate::app::jobs::Jobs;
use crate::app::screen::{Params, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::text::Cells;
use crate::theme::Role;
use chrono::{DateTime, Utc};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Rect;
use zhengai_text::Texts;

/// What an overlay did with an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reaction {
    /// Nothing.
    Ignored,
    /// Something that stays inside.
    Stay,
    /// Other words stand in the palette: the server may know more.
    Typed,
    /// It wants to go away.
    Close,
    /// It goes away and a command is carried out.
    Command(CommandId),
    /// It goes away and a screen is opened.
    Screen(ScreenId, Params),
    /// It goes away and something is as good as clicked.
    Hit(Target),
    /// A text is to be put into the clipboard; it stays.
    Copy(String),
    /// A job is to be cancelled.
    CancelJob(String),
    /// It goes away and language, theme or glyphs are others.
    Dress(Dress),
    /// It goes away and the recording is written.
    Record,
    /// It goes away and whoever asked hears the answer.
    Event(ScreenEvent),
}

/// What lies over a screen, and which visit asked for it.
pub(crate) struct Overlay {
    visit: Option<u64>,
    kind: Kind,
}

enum Kind {
    Palette(palette::Palette),
    Help(help::Help),
    Drawer(drawer::Drawer),
    Confirm(confirm::ConfirmBox),
    Notice(notice::NoticeBox),
    Pick(pick::PickBox),
    Prompt(prompt::PromptBox),
    Jump(jump::Jump),
}

impl Overlay {
    pub(crate) fn confirm(visit: u64, confirm: Confirm) -> Self {
        Self { visit: Some(visit), kind: Kind::Confirm(confirm::ConfirmBox::new(confirm)) }
    }

    pub(crate) fn notice(visit: u64, notice: Notice) -> Self {
        Self { visit: Some(visit), kind: Kind::Notice(notice::NoticeBox::new(notice)) }
    }

    pub(crate) fn pick(visit: u64, pick: Pick) -> Self {
        Self { visit: Some(visit), kind: Kind::Pick(pick::PickBox::new(pick)) }
    }

    pub(crate) fn prompt(visit: u64, prompt: Prompt) -> Self {
        Self { visit: Some(visit), kind: Kind::Prompt(prompt::PromptBox::new(prompt)) }
    }

    /// Which visit asked; 0 is the frame.
    pub(crate) fn visit(&self) -> Option<u64> {
        self.visit
    }

    /// The palette, when it is one.
    pub(crate) fn palette(&mut self) -> Option<&mut palette::Palette> {
        match &mut self.kind {
            Kind::Palette(palette) => Some(palette),
            _ => None,
        }
    }

    /// Whether it shows how time goes by.
    pub(crate) fn shows_time(&self) -> bool {
        matches!(self.kind, Kind::Drawer(_))
    }

    /// Whether what is typed into it must not be recorded.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(&self.kind, Kind::Prompt(prompt) if prompt.is_secret())
    }

    /// The table of the key map with its own keys.
    pub(crate) fn place(&self) -> &'static str {
        ""
    }

    /// A key, with what it means.
    pub(crate) fn key(&mut self, key: &KeyEvent, meaning: &Meaning, jobs: &Jobs) -> Reaction {
        match &mut self.kind {
            Kind::Palette(palette) => palette.key(key, meaning),
            Kind::Help(help) => help.key(key, meaning),
            Kind::Drawer(drawer) => drawer.key(meaning, jobs),
            Kind::Confirm(confirm) => confirm.key(key, meaning),
            Kind::Notice(notice) => notice.key(key, meaning),
            Kind::Pick(pick) => pick.key(key, meaning),
            Kind::Prompt(prompt) => prompt.key(key, meaning),
            Kind::Jump(jump) => jump.key(key),
        }
    }

    /// Text pasted.
    pub(crate) fn paste(&mut self, text: &str) -> Reaction {
        match &mut self.kind {
            Kind::Palette(palette) => palette.paste(text),
            Kind::Pick(pick) => pick.paste(text),
            Kind::Prompt(prompt) => prompt.paste(text),
            Kind::Confirm(confirm) => confirm.paste(text),
            Kind::Help(_) | Kind::Drawer(_) | Kind::Notice(_) | Kind::Jump(_) => Reaction::Ignored,
        }
    }

    /// The mouse.
    pub(crate) fn mouse(&mut self, mouse: &MouseEvent, jobs: &Jobs) -> Reaction {
        match &mut self.kind {
            Kind::Palette(palette) => palette.mouse(mouse),
            Kind::Pick(pick) => pick.mouse(mouse),
            Kind::Help(help) => help.mouse(mouse),
            Kind::Drawer(drawer) => drawer.mouse(mouse, jobs),
            Kind::Notice(notice) => notice.mouse(mouse),
            Kind::Confirm(_) | Kind::Prompt(_) | Kind::Jump(_) => Reaction::Ignored,
        }
    }

    /// Its keys for the last row, each with its name.
    pub(crate) fn hints(&self, texts: &Texts) -> Vec<(Action, String)> {
        let word = |action: Action, key: &str| (action, texts.text(key, &[]));
        match &self.kind {
            Kind::Confirm(confirm) => {
                vec![(Action::Submit, confirm.word().to_owned()), word(Action::Back, "confirm-no")]
            }
            Kind::Prompt(_) => vec![word(Action::Submit, "prompt-give"), word(Action::Back, "overlay-give-up")],
            Kind::Notice(_) => vec![word(Action::Open, "notice-seen"), word(Action::Copy, "action-copy")],
            Kind::Pick(_) | Kind::Palette(_) => {
                vec![word(Action::Open, "overlay-choose"), word(Action::Back, "overlay-close")]
            }
            Kind::Drawer(_) => vec![word(Action::Remove, "overlay-cancel-job"), word(Action::Back, "overlay-close")],
            Kind::Help(_) | Kind::Jump(_) => vec![word(Action::Back, "overlay-close")],
        }
    }

    /// Draws it over the area of the screen.
    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect, jobs: &Jobs, now: DateTime<Utc>) {
        canvas.hide_cursor();
        if !matches!(self.kind, Kind::Jump(_)) {
            // What lies under the sheet steps back.
            let dim = canvas.style(Role::Dim);
            canvas.tint(area, dim);
        }
        match &self.kind {
            Kind::Palette(palette) => palette.view(canvas, area),
            Kind::Help(help) => help.view(canvas, area),
            Kind::Drawer(drawer) => drawer.view(canvas, area, jobs, now),
            Kind::Confirm(confirm) => confirm.view(canvas, area),
            Kind::Notice(notice) => notice.view(canvas, area),
            Kind::Pick(pick) => pick.view(canvas, area),
            Kind::Prompt(prompt) => prompt.view(canvas, area),
            Kind::Jump(jump) => jump.view(canvas),
        }
    }
}

/// A sheet in the middle of the area, cleared, between two rules, with a title; gives what is inside. No box: a rule
/// above and below is enough, and loses nothing in ASCII.
fn sheet(canvas: &mut Canvas<'_>, area: Rect, title: &str, width: u16, height: u16) -> Rect {
    let width = width.saturating_add(2).min(area.width);
    let height = height.saturating_add(3).min(area.height);
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 3;
    let whole = Rect::new(x, y, width, height);
    let ground = canvas.look.ground();
    canvas.fill(whole, ground);
    canvas.rule(Rect { height: 1.min(height), ..whole });
    if height > 1 {
        canvas.rule(Rect { y: whole.bottom() - 1, height: 1, ..whole });
    }
    let inner = Rect {
        x: x + 2.min(width),
        y: y + 1.min(height),
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    };
    let style = canvas.style(Role::Title);
    if inner.height > 0 {
        canvas.put(inner.x, inner.y, title, style, inner.width);
    }
    Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner }
}

/// The widest of some texts, within bounds.
fn widest<'t>(cells: Cells, texts: impl Iterator<Item = &'t str>, least: u16, most: u16) -> u16 {
    texts.map(|text| cells.width(text)).max().unwrap_or(0).saturating_add(2).clamp(least, most)
}
