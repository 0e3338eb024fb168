//! A whole console over a fake: every effect is carried out at once, so a script ends in the state that a person would
//! see after waiting.

use super::fake::Fake;
use super::frame::{frame, styles};
use super::script::{Script, Step};
use super::setting::Setting;
use crate::app::{App, Begin, Event, Params, Reply, ScreenId};
use crate::effect::{Downloaded, Effect, Link};
use crate::keymap::Keymap;
use crate::theme::{GlyphSet, Level};
use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_width::UnicodeWidthChar;
use zhengai_model::text::Language;
use zhengai_wire::Request;

/// More requests than a script has reason for: a screen that asks again whenever it is refused.
const ENDLESS: usize = 400;

/// A console on a stage.
pub struct Stage<'a> {
    app: App,
    fake: &'a Fake,
    size: (u16, u16),
    now: DateTime<Utc>,
    requests: Vec<Request>,
    effects: Vec<Effect>,
    drafts: BTreeMap<String, String>,
}

impl<'a> Stage<'a> {
    /// Opens a screen in a terminal, and waits until everything that it asked for is there.
    pub fn new(setting: Setting, screen: ScreenId, params: &Params, fake: &'a Fake) -> Self {
        let here = Link { server: "memory".to_owned(), local: true };
        Self::linked(setting, screen, params, fake, here)
    }

    /// The same in the usual terminal, with a server on another machine.
    pub fn afar(screen: ScreenId, params: &Params, fake: &'a Fake) -> Self {
        let there = Link { server: "https://zg.example.edu.cn".to_owned(), local: false };
        Self::linked(Setting::default(), screen, params, fake, there)
    }

    fn linked(setting: Setting, screen: ScreenId, params: &Params, fake: &'a Fake, link: Link) -> Self {
        // A fixed day, so that frames do not change with the calendar.
        let now = DateTime::from_timestamp(1_795_313_400, 0).unwrap_or_default();
        let begin = Begin {
            look: setting.look(),
            texts: Arc::new(crate::i18n::texts(setting.language)),
            keymap: Keymap::house().unwrap_or_else(|error| unreadable(&error.to_string())),
            build: crate::screens::build,
            screen,
            params: params.clone(),
            size: setting.size,
            now,
        };
        let mut stage = Self {
            app: App::new(begin),
            fake,
            size: setting.size,
            now,
            requests: Vec::new(),
            effects: Vec::new(),
            drafts: BTreeMap::new(),
        };
        let effects = stage.app.begin();
        stage.carry_out(effects);
        stage.happen(Event::Linked(Ok(link)));
        stage
    }

    /// The same in the usual terminal: 80 × 24, Chinese.
    pub fn open(screen: ScreenId, params: &Params, fake: &'a Fake) -> Self {
        Self::new(Setting::default(), screen, params, fake)
    }

    /// The frame.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Which screen is on top.
    pub fn screen(&self) -> Option<ScreenId> {
        self.app.screen().map(crate::app::Screen::id)
    }

    /// Requests sent so far.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// The last request, as `GET /v1/warnings?level=severe`.
    pub fn last_request(&self) -> String {
        self.requests.last().map(said).unwrap_or_default()
    }

    /// Requests that change something, in their order, as text.
    pub fn acts(&self) -> Vec<String> {
        let acts = self.requests.iter().filter(|request| request.method != zhengai_wire::call::Method::Get);
        acts.map(said).collect()
    }

    /// Effects other than requests, in their order.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Plays a script. One that cannot be read is a defect of the test.
    pub fn press(&mut self, script: &str) -> &mut Self {
        let script = Script::parse(script).unwrap_or_else(|cause| unreadable(&cause));
        for step in script.0 {
            // What was drawn decides where clicks and pages go, as in a terminal.
            self.draw();
            match step {
                Step::Key(key) => self.happen(Event::Key(key)),
                Step::Paste(text) => self.happen(Event::Paste(text)),
            }
        }
        self
    }

    /// Clicks on the first place where a text stands.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let place = self.find(text).unwrap_or_else(|| unreadable(&format!("{text:?} is not on the screen")));
        let mouse =
            |kind| Event::Mouse(MouseEvent { kind, column: place.x, row: place.y, modifiers: KeyModifiers::NONE });
        self.happen(mouse(MouseEventKind::Down(MouseButton::Left)));
        self.happen(mouse(MouseEventKind::Up(MouseButton::Left)));
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now += TimeDelta::milliseconds(milliseconds);
        self.happen(Event::Tick);
        self
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.size = (width, height);
        self.happen(Event::Resize { width, height });
        self
    }

    /// Draws at every size from nothing to 40 × 20 and at a few large ones; a panic is a defect of the screen.
    pub fn draw_at_every_size(&mut self) -> &mut Self {
        let small = (0..=40).flat_map(|width| (0..=20).map(move |height| (width, height)));
        let some = [(59, 16), (60, 15), (60, 16), (61, 17), (79, 23), (300, 8), (60, 100), (500, 120)];
        for (width, height) in small.chain(some) {
            self.resize(width, height);
            self.draw();
        }
        self
    }

    /// The same for the screen alone, without the frame that refuses small terminals.
    pub fn draw_bare_at_every_size(&self) -> &Self {
        let texts = crate::i18n::texts(Language::Chinese);
        for (width, height) in (0..=40_u16).flat_map(|width| (0..=20_u16).map(move |height| (width, height))) {
            let area = Rect::new(0, 0, width, height);
            let mut buffer = Buffer::empty(area);
            let mut canvas = crate::canvas::Canvas::new(&mut buffer, self.app.look(), &texts);
            if let Some(screen) = self.app.screen() {
                screen.view(&mut canvas, area);
            }
        }
        self
    }

    /// What the terminal shows.
    pub fn text(&mut self) -> String {
        frame(&self.draw().0)
    }

    /// The row that has a text, if one has.
    pub fn row(&mut self, text: &str) -> Option<String> {
        self.text().lines().find(|row| row.contains(text)).map(str::to_owned)
    }

    /// Where the cursor stands.
    pub fn cursor(&mut self) -> Option<Position> {
        self.draw().1
    }

    /// The styles, a letter for each cell.
    pub fn styles(&mut self) -> String {
        styles(&self.draw().0)
    }

    fn draw(&mut self) -> (Buffer, Option<Position>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.0, self.size.1));
        let drawn = self.app.view(&mut buffer);
        self.app.drawn(&drawn);
        (buffer, drawn.cursor)
    }

    fn find(&mut self, text: &str) -> Option<Position> {
        let (buffer, _) = self.draw();
        let first: String = text.chars().take(1).collect();
        for y in 0..self.size.1 {
            for x in 0..self.size.0 {
                let here = buffer.cell(Position { x, y }).is_some_and(|cell| cell.symbol() == first);
                if !here {
                    continue;
                }
                let row = Rect { x, y, width: self.size.0 - x, height: 1 };
                let mut rest = Buffer::empty(Rect { x: 0, y: 0, ..row });
                for column in 0..row.width {
                    if let (Some(from), Some(to)) = (buffer.cell((x + column, y)), rest.cell_mut((column, 0))) {
                        *to = from.clone();
                    }
                }
                if frame(&rest).starts_with(text) {
                    return Some(Position { x, y });
                }
            }
        }
        None
    }

    fn happen(&mut self, event: Event) {
        self.now += TimeDelta::milliseconds(1);
        let effects = self.app.update(event, self.now);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Call { id, request } => {
                    self.requests.push(request.clone());
                    if self.requests.len() > ENDLESS {
                        unreadable(&format!("the screen asks without end: {}", self.last_request()));
                    }
                    let outcome = self.fake.reply(&request);
                    self.happen(Event::Answer { id, outcome });
                }
                Effect::Watch { job } => {
                    for job in self.fake.events(&job) {
                        self.happen(Event::Job(Box::new(job)));
                    }
                }
                Effect::ReadDraft { id, key, .. } => {
                    let text = self.drafts.get(&key).or(self.fake.kept(&key)).cloned();
                    self.happen(Event::Answer { id, outcome: Ok(Reply::of(&text)) });
                }
                Effect::Download { id, request, to, .. } => {
                    self.requests.push(request.clone());
                    let path = std::path::Path::new("/home/wang").join(to).display().to_string();
                    let came = |reply: Reply| Reply::of(&Downloaded { path, bytes: reply.body.len() as u64 });
                    let outcome = self.fake.reply(&request).map(came);
                    self.happen(Event::Answer { id, outcome });
                }
                Effect::DropDraft { key } => {
                    self.drafts.remove(&key);
                    self.effects.push(Effect::DropDraft { key });
                }
                Effect::KeepDraft { key, text } => {
                    self.drafts.insert(key.clone(), text.clone());
                    self.effects.push(Effect::KeepDraft { key, text });
                }
                other => self.effects.push(other),
            }
        }
    }

    /// What [`snapshots!`](crate::snapshots) compares, for one size.
    pub fn sheet(size: (u16, u16), screen: ScreenId, params: &Params, fake: &'a Fake, script: &str) -> String {
        let mut sheet = String::new();
        for language in [Language::Chinese, Language::English] {
            for glyphs in [GlyphSet::Unicode, GlyphSet::Ascii] {
                let setting = Setting { size, language, glyphs, level: Level::True };
                let mut coloured = Stage::new(setting, screen, params, fake);
                coloured.press(script);
                let text = coloured.text();
                let mut plain = Stage::new(Setting { level: Level::None, ..setting }, screen, params, fake);
                plain.press(script);
                assert_eq!(plain.text(), text, "a terminal without colour shows something else");
                let (buffer, cursor) = plain.draw();
                let coloured_cell = buffer
                    .content()
                    .iter()
                    .find(|cell| [cell.fg, cell.bg].iter().any(|colour| *colour != ratatui::style::Color::Reset));
                assert_eq!(coloured_cell, None, "a terminal without colour is sent one");
                assert_eq!(odd_glyph(&text, glyphs), None, "{} in\n{text}", setting.title());
                sheet.push_str(&format!("── {} ", setting.title()));
                if let Some(cursor) = cursor {
                    sheet.push_str(&format!("cursor {},{} ", cursor.x, cursor.y));
                }
                sheet.push_str("──\n");
                sheet.push_str(&text);
                if size == (80, 24) && language == Language::Chinese && glyphs == GlyphSet::Unicode {
                    sheet.push_str("── styles ──\n");
                    sheet.push_str(&coloured.styles());
                }
            }
        }
        sheet
    }
}

/// A glyph that breaks some terminal: not ASCII in the ASCII set; of open width in the other. Letters of text do not count.
fn odd_glyph(text: &str, set: GlyphSet) -> Option<char> {
    text.chars().find(|letter| {
        let code = u32::from(*letter);
        let symbol = (0x2190..0x2E80).contains(&code);
        match set {
            GlyphSet::Ascii => symbol,
            GlyphSet::Unicode => symbol && letter.width() != letter.width_cjk(),
        }
    })
}

fn said(request: &Request) -> String {
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let body = request.body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
    let method = format!("{:?}", request.method).to_uppercase();
    format!("{method} {}{query}{body}", request.path)
}

#[expect(clippy::panic, reason = "a script that cannot be read is a defect of the test that has it")]
fn unreadable(cause: &str) -> ! {
    panic!("{cause}")
}
