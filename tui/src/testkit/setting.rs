//! What a terminal is like: size, language, glyphs, colours.

use crate::text::Ambiguous;
use crate::theme::{GlyphSet, Level, Look, ThemeName};
use zhengai_model::text::Language;

/// The sizes at which every screen is looked at.
pub const SIZES: [(u16, u16); 4] = [(60, 16), (80, 24), (120, 30), (200, 50)];

/// A terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Columns and rows.
    pub size: (u16, u16),
    /// What people read.
    pub language: Language,
    /// Glyphs.
    pub glyphs: GlyphSet,
    /// Colours.
    pub level: Level,
}

impl Default for Setting {
    fn default() -> Self {
        Self { size: (80, 24), language: Language::Chinese, glyphs: GlyphSet::Unicode, level: Level::True }
    }
}

impl Setting {
    /// Of this size.
    pub fn sized(width: u16, height: u16) -> Self {
        Self { size: (width, height), ..Self::default() }
    }

    /// Its look.
    pub fn look(&self) -> Look {
        Look::new(ThemeName::Dark, self.level, self.glyphs, Ambiguous::Narrow)
    }

    /// As a line over a frame.
    pub fn title(&self) -> String {
        let glyphs = if self.glyphs == GlyphSet::Ascii { "ascii" } else { "unicode" };
        [self.language.tag(), glyphs].join(" ")
    }
}
