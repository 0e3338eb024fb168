//! Language, theme and glyphs, changed while the console runs. They hold until it is left; what it begins with stands in the
//! settings `console.*`.

use crate::app::carry::FRAME;
use crate::app::cx::{Choice, Pick, Tone};
use crate::app::overlay::Overlay;
use crate::app::screen::Handled;
use crate::app::{App, Reach, tag};
use crate::effect::Effect;
use crate::theme::{GlyphSet, ThemeName};
use std::sync::Arc;
use zhengai_model::text::Language;

/// One thing that can be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dress {
    /// What people read.
    Language(Language),
    /// Colours.
    Theme(ThemeName),
    /// Glyphs.
    Glyphs(GlyphSet),
}

impl Dress {
    /// Everything that there is.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let languages = [Language::Chinese, Language::English].map(Self::Language);
        let themes = ThemeName::ALL.map(Self::Theme);
        let glyphs = [GlyphSet::Unicode, GlyphSet::Ascii].map(Self::Glyphs);
        languages.into_iter().chain(themes).chain(glyphs)
    }

    /// Its word, found in the palette and given back by questions.
    pub(crate) fn word(self) -> String {
        match self {
            Self::Language(language) => ["language ", language.tag()].concat(),
            Self::Theme(theme) => ["theme ", theme.word()].concat(),
            Self::Glyphs(GlyphSet::Unicode) => "glyphs unicode".to_owned(),
            Self::Glyphs(GlyphSet::Ascii) => "glyphs ascii".to_owned(),
        }
    }

    /// Key of its name.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Language(Language::Chinese) => "dress-language-zh",
            Self::Language(Language::English) => "dress-language-en",
            Self::Theme(ThemeName::Dark) => "dress-theme-dark",
            Self::Theme(ThemeName::Light) => "dress-theme-light",
            Self::Theme(ThemeName::HighContrast) => "dress-theme-high-contrast",
            Self::Theme(ThemeName::ColourBlind) => "dress-theme-colour-blind",
            Self::Theme(ThemeName::Mono) => "dress-theme-mono",
            Self::Glyphs(GlyphSet::Unicode) => "dress-glyphs-unicode",
            Self::Glyphs(GlyphSet::Ascii) => "dress-glyphs-ascii",
        }
    }
}

impl App {
    /// Whether it is on.
    pub(super) fn wears(&self, dress: Dress) -> bool {
        match dress {
            Dress::Language(language) => self.texts.language() == language,
            Dress::Theme(theme) => self.look.theme == theme,
            Dress::Glyphs(set) => self.look.glyphs.set == set,
        }
    }

    /// Lets the person choose.
    pub(super) fn ask_dress(&mut self) {
        let worn = self.texts.text("dress-worn", &[]);
        let choice = |dress: Dress| {
            let choice = Choice::new(dress.word(), self.texts.text(dress.label(), &[]));
            if self.wears(dress) { choice.detail(&worn) } else { choice }
        };
        let choices = Dress::all().map(choice).collect();
        let title = self.texts.text("action-appearance", &[]);
        let pick = Pick { tag: tag::DRESS.to_owned(), title, choices, ..Pick::default() };
        self.overlays.push(Overlay::pick(FRAME, pick));
    }

    pub(super) fn dress_by_word(&mut self, word: &str) {
        if let Some(dress) = Dress::all().find(|dress| dress.word() == word) {
            self.dress(dress);
        }
    }

    /// Puts it on.
    pub(super) fn dress(&mut self, dress: Dress) {
        match dress {
            _ if self.wears(dress) => return,
            Dress::Language(language) => self.speak(language),
            Dress::Theme(theme) => self.set_look(self.look.dressed(theme, self.look.glyphs.set)),
            Dress::Glyphs(set) => self.set_look(self.look.dressed(self.look.theme, set)),
        }
        self.effects.push(Effect::Repaint);
    }

    /// The server answers in another language from now on: screens are made anew, but for those with work in them.
    fn speak(&mut self, language: Language) {
        self.texts = Arc::new(crate::i18n::texts(language));
        self.effects.push(Effect::Speak(language));
        if let Reach::There(_) = self.reach {
            self.ask_session();
        }
        let fresh: Vec<u64> =
            self.stack.iter().filter(|entry| !entry.screen.unsaved()).map(|entry| entry.visit).collect();
        if fresh.len() < self.stack.len() {
            let text = self.texts.text("dress-unsaved", &[]);
            self.toast(Tone::Info, text);
        }
        for old in fresh {
            self.drop_visit(old);
            self.last_visit += 1;
            let (visit, build) = (self.last_visit, self.build);
            if let Some(entry) = self.stack.iter_mut().find(|entry| entry.visit == old) {
                entry.visit = visit;
                entry.screen = build(entry.screen.id(), &entry.params);
            }
            self.with(visit, |entry, cx| {
                entry.screen.open(cx);
                Handled::Yes
            });
        }
    }
}
