//! The frame: a stack of screens with what lies over them. `update` is pure: it takes an event with its time and gives
//! effects; it reads no clock, opens no file and knows no terminal.

mod act;
mod answers;
mod carry;
pub mod command;
pub mod cx;
mod dress;
pub mod event;
pub(crate) mod jobs;
pub mod load;
mod overlay;
mod route;
pub mod screen;
mod seek;
mod stack;
mod tag;
mod toast;
mod view;

pub use command::{Command, CommandId};
pub use cx::{Ask, Choice, Confirm, Cx, Length, Many, Notice, Pick, Prompt, Tone, say_failure};
pub use event::Event;
pub use load::{Answer, Load, Reply, RequestId, State};
pub use screen::{Handled, Params, Screen, ScreenEvent, ScreenId, WhyTarget};
pub use view::Drawn;

use crate::effect::{Effect, Link, Mouse};
use crate::keymap::{Chord, Keymap};
use crate::theme::Look;
use chrono::{DateTime, TimeDelta, Utc};
use cx::Purpose;
use jobs::Jobs;
use overlay::Overlay;
use ratatui::layout::Rect;
use std::collections::BTreeMap;
use std::sync::Arc;
use toast::Toasts;
use zhengai_text::Texts;
use zhengai_wire::Failure;

/// An answer that takes longer than this shows a spinner.
const PATIENCE: TimeDelta = TimeDelta::milliseconds(250);
/// A spinner turns eight times a second.
const BEAT: TimeDelta = TimeDelta::milliseconds(125);

/// A screen on the stack.
struct Entry {
    /// Number of this visit; answers are brought to it by this.
    visit: u64,
    screen: Box<dyn Screen>,
    params: Params,
}

/// A request that has not been answered.
struct Pending {
    /// The visit that asked; 0 is the frame.
    visit: u64,
    purpose: Purpose,
    tag: String,
    since: DateTime<Utc>,
}

/// A timer of a screen.
struct Timer {
    at: DateTime<Utc>,
    visit: u64,
    tag: String,
}

/// Where the server is, as far as the console knows.
#[derive(Debug, Clone)]
pub enum Reach {
    /// On its way.
    Opening,
    /// There.
    There(Link),
    /// It does not answer.
    Lost(Failure),
}

/// How screens are made. Tests hand in their own.
pub type Build = fn(ScreenId, &Params) -> Box<dyn Screen>;

/// What the frame begins with.
pub struct Begin {
    /// Colours, glyphs, widths.
    pub look: Look,
    /// What people read.
    pub texts: Arc<Texts>,
    /// Which key does what.
    pub keymap: Keymap,
    /// How screens are made.
    pub build: Build,
    /// The first screen.
    pub screen: ScreenId,
    /// What it is about.
    pub params: Params,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The time.
    pub now: DateTime<Utc>,
}

/// The frame.
pub struct App {
    look: Look,
    texts: Arc<Texts>,
    keymap: Keymap,
    build: Build,
    stack: Vec<Entry>,
    forward: Vec<(ScreenId, Params)>,
    overlays: Vec<Overlay>,
    pending: BTreeMap<RequestId, Pending>,
    timers: Vec<Timer>,
    /// The change that somebody was asked about.
    undo_seq: Option<u64>,
    jobs: Jobs,
    toasts: Toasts,
    reach: Reach,
    /// The server that was lost, until it answers again.
    lost_link: Option<Link>,
    /// What the palette waits for.
    seeking: Option<RequestId>,
    /// The end of the last job ends the console.
    jobs_end_quits: bool,
    session: Load<zhengai_wire::session::Session>,
    typed: Vec<Chord>,
    interrupted: Option<DateTime<Utc>>,
    mouse: Mouse,
    targets: Vec<(Rect, Target)>,
    size: (u16, u16),
    last_id: u64,
    last_visit: u64,
    now: DateTime<Utc>,
    begun: DateTime<Utc>,
    dirty: bool,
    effects: Vec<Effect>,
}

/// What a click, or a jump, does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// A command.
    Command(CommandId),
    /// Back to the screen at this depth.
    Crumb(usize),
    /// A target of the screen's own.
    Own(String),
}

impl App {
    /// The frame with its first screen.
    pub fn new(begin: Begin) -> Self {
        let mut app = Self {
            look: begin.look,
            texts: begin.texts,
            keymap: begin.keymap,
            build: begin.build,
            stack: Vec::new(),
            forward: Vec::new(),
            overlays: Vec::new(),
            pending: BTreeMap::new(),
            timers: Vec::new(),
            undo_seq: None,
            jobs: Jobs::default(),
            toasts: Toasts::default(),
            reach: Reach::Opening,
            lost_link: None,
            seeking: None,
            jobs_end_quits: false,
            session: Load::default(),
            typed: Vec::new(),
            interrupted: None,
            mouse: Mouse::Console,
            targets: Vec::new(),
            size: begin.size,
            last_id: 0,
            last_visit: 0,
            now: begin.now,
            begun: begin.now,
            dirty: true,
            effects: Vec::new(),
        };
        if begin.screen != ScreenId::Overview {
            app.push(ScreenId::Overview, Params::new());
        }
        app.push(begin.screen, begin.params);
        app
    }

    /// The effects that are to be carried out before the first event.
    pub fn begin(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Takes an event and gives effects.
    pub fn update(&mut self, event: Event, now: DateTime<Utc>) -> Vec<Effect> {
        self.now = now;
        match event {
            Event::Tick => {}
            _ => self.dirty = true,
        }
        self.handle(event);
        self.settle();
        std::mem::take(&mut self.effects)
    }

    /// Whether anything may look otherwise than when it was drawn last.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// When [`Event::Tick`] is wanted: only while something changes by itself.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let timers = self.timers.iter().map(|timer| timer.at);
        let beat = self.waiting_since().map(|since| {
            let first = since + PATIENCE;
            if self.now < first { first } else { self.now + BEAT }
        });
        let clock = self.overlays.iter().any(Overlay::shows_time).then(|| self.now + TimeDelta::seconds(1));
        let eta = clock.filter(|_| self.jobs.running().next().is_some());
        timers.chain(self.toasts.next_end()).chain(beat).chain(eta).min()
    }

    /// Whether what is typed now must not be recorded.
    pub fn secret(&self) -> bool {
        match self.overlays.last() {
            Some(overlay) => overlay.is_secret(),
            None => self.top().is_some_and(|entry| entry.screen.secret()),
        }
    }

    /// The screen on top.
    pub fn screen(&self) -> Option<&dyn Screen> {
        self.top().map(|entry| entry.screen.as_ref())
    }

    /// How many requests have not been answered.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// Colours, glyphs and widths in use.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// Other colours, glyphs or widths from now on.
    pub fn set_look(&mut self, look: Look) {
        self.look = look;
        self.dirty = true;
    }

    /// Who has the mouse at first.
    pub fn set_mouse(&mut self, mouse: Mouse) {
        self.mouse = mouse;
    }

    /// Since when an answer that somebody looks at is on its way.
    fn waiting_since(&self) -> Option<DateTime<Utc>> {
        let seen: Vec<u64> = self.visible().map(|entry| entry.visit).collect();
        let watched = self.pending.values().filter(|pending| seen.contains(&pending.visit));
        let opening = matches!(self.reach, Reach::Opening).then_some(self.begun);
        watched.map(|pending| pending.since).chain(opening).min()
    }

    /// Eighths of a second since something is waited for; 0 while patience lasts.
    fn beat(&self) -> u64 {
        let Some(since) = self.waiting_since() else { return 0 };
        let waited = (self.now - since - PATIENCE).num_milliseconds();
        u64::try_from(waited / BEAT.num_milliseconds()).unwrap_or(0)
    }

    fn top(&self) -> Option<&Entry> {
        self.stack.last()
    }

    /// The screens that are seen: the top one, and those under it when it is an overlay.
    fn visible(&self) -> impl Iterator<Item = &Entry> {
        let mut under = true;
        self.stack.iter().rev().take_while(move |entry| {
            let shown = under;
            under = entry.screen.id().is_overlay();
            shown
        })
    }

    /// The name of the table in the key map that holds the top screen's own keys.
    fn place(&self) -> &'static str {
        self.top().map_or("", |entry| entry.screen.id().word())
    }
}

#[cfg(test)]
mod tests;
