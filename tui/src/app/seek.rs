//! What the palette finds at the server: objects, indicators, rules, warnings. It is asked when the fingers rest, and only
//! the answer to the last question counts.

use crate::app::carry::FRAME;
use crate::app::cx::say_failure;
use crate::app::load::Answer;
use crate::app::overlay::palette::{Does, Entry, Palette, Search};
use crate::app::screen::{Params, ScreenId};
use crate::app::{App, Timer, tag};
use chrono::TimeDelta;
use zhengai_wire::search::{Found, FoundKind, SearchQuery, search};

/// How long the fingers rest before the server is asked.
const REST: TimeDelta = TimeDelta::milliseconds(120);
/// How many of each kind are shown.
const EACH: u64 = 5;

impl App {
    fn palette(&mut self) -> Option<&mut Palette> {
        self.overlays.iter_mut().find_map(|overlay| overlay.palette())
    }

    /// Other words: what was asked for the old ones is not needed any more.
    pub(super) fn seek_soon(&mut self) {
        self.seek_no_more();
        let Some(palette) = self.palette() else { return };
        // One Latin letter stands in nearly every name.
        if palette.words().len() < 2 {
            return palette.found(Vec::new());
        }
        palette.set_search(Search::Runs);
        self.timers.push(Timer { at: self.now + REST, visit: FRAME, tag: tag::SEEK.to_owned() });
    }

    /// Nobody waits for an answer any more.
    pub(super) fn seek_no_more(&mut self) {
        self.timers.retain(|timer| timer.visit != FRAME || timer.tag != tag::SEEK);
        if let Some(id) = self.seeking.take() {
            self.forget(id);
        }
    }

    /// The fingers rest.
    pub(super) fn seek(&mut self) {
        let Some(palette) = self.palette() else { return };
        let query = SearchQuery { q: palette.words().to_owned(), limit: Some(EACH) };
        self.seeking = Some(self.ask_frame(tag::SEEK, search(&query).into_request()));
    }

    /// What the server found, or why it did not look.
    pub(super) fn sought(&mut self, answer: &Answer) {
        self.seeking = None;
        let found = answer.read::<Vec<Found>>();
        let entries = found.as_ref().map(|found| found.iter().map(|one| self.found(one)).collect::<Vec<_>>());
        let refused = found.as_ref().err().map(|failure| say_failure(failure, &self.texts));
        let Some(palette) = self.palette() else { return };
        palette.found(entries.unwrap_or_default());
        if let Some(why) = refused {
            palette.set_search(Search::Refused(why));
        }
    }

    fn found(&self, found: &Found) -> Entry {
        let (key, screen, params) = match found.kind {
            FoundKind::Object => ("found-object", ScreenId::Portrait, Params::new().with("object", &found.id)),
            FoundKind::Indicator => ("found-indicator", ScreenId::Indicators, Params::new().with("search", &found.id)),
            FoundKind::Rule => ("found-rule", ScreenId::Warnings, Params::new().with("rule", &found.id)),
            FoundKind::Warning => {
                let params = Params::new().with("warning", &found.id);
                let object = found.object.iter().fold(params, |params, object| params.with("object", object));
                ("found-warning", ScreenId::Warnings, object)
            }
        };
        Entry {
            does: Does::Screen(screen, params),
            label: found.name.clone(),
            words: vec![found.about.clone()],
            keys: self.texts.text(key, &[]),
            reason: None,
        }
    }
}
