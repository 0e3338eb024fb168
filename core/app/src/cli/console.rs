//! Words of `zhengai console`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use zhengai_tui::app::ScreenId;
use zhengai_tui::text::Ambiguous;
use zhengai_tui::theme::{GlyphSet, ThemeName};

#[derive(Debug, Args)]
pub(crate) struct ConsoleArgs {
    #[arg(value_name = "SCREEN", value_parser = screen, default_value = "overview", hide_default_value = true)]
    pub(crate) screen: ScreenId,
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) about: Vec<(String, String)>,
    #[arg(long, value_enum, env = "ZHENGAI_THEME", hide_env = true)]
    pub(crate) theme: Option<ThemeWord>,
    #[arg(long, value_enum, env = "ZHENGAI_GLYPHS", hide_env = true)]
    pub(crate) glyphs: Option<GlyphName>,
    #[arg(long, value_enum, env = "ZHENGAI_AMBIGUOUS", hide_env = true)]
    pub(crate) ambiguous: Option<WidthName>,
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeWord {
    Dark,
    Light,
    HighContrast,
    ColourBlind,
    Mono,
}

impl From<ThemeWord> for ThemeName {
    fn from(word: ThemeWord) -> Self {
        match word {
            ThemeWord::Dark => Self::Dark,
            ThemeWord::Light => Self::Light,
            ThemeWord::HighContrast => Self::HighContrast,
            ThemeWord::ColourBlind => Self::ColourBlind,
            ThemeWord::Mono => Self::Mono,
        }
    }
}

/// Glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GlyphName {
    Unicode,
    Ascii,
}

impl From<GlyphName> for GlyphSet {
    fn from(name: GlyphName) -> Self {
        match name {
            GlyphName::Unicode => Self::Unicode,
            GlyphName::Ascii => Self::Ascii,
        }
    }
}

/// How wide the terminal paints characters that may be one cell or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WidthName {
    Narrow,
    Wide,
}

impl From<WidthName> for Ambiguous {
    fn from(name: WidthName) -> Self {
        match name {
            WidthName::Narrow => Self::Narrow,
            WidthName::Wide => Self::Wide,
        }
    }
}

fn screen(word: &str) -> Result<ScreenId, String> {
    let words: Vec<&str> = ScreenId::ALL.iter().map(|id| id.word()).collect();
    ScreenId::parse(word).ok_or_else(|| words.join(", "))
}

fn pair(word: &str) -> Result<(String, String), String> {
    let (name, value) = word.split_once('=').ok_or_else(|| "NAME=VALUE".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
