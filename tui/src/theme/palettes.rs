//! The themes as tables of colours. The ground is painted too, so that contrast does not depend on the user's own.

use super::Role;
use super::colour::{Level, Rgb};
use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Serialize};

/// The themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// Light text on a dark ground.
    #[default]
    Dark,
    /// Dark text on a light ground.
    Light,
    /// Black and white, few strong colours, at least 7 : 1.
    HighContrast,
    /// Blue to orange instead of green to red: told apart with protanopia, deuteranopia and tritanopia.
    ColourBlind,
    /// No colours: bold, underline, reverse.
    Mono,
}

impl ThemeName {
    /// All themes.
    pub const ALL: [Self; 5] = [Self::Dark, Self::Light, Self::HighContrast, Self::ColourBlind, Self::Mono];

    /// Its word in configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::ColourBlind => "colour-blind",
            Self::Mono => "mono",
        }
    }

    /// The theme of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

/// The colours of a theme.
struct Colours {
    ground: Rgb,
    text: Rgb,
    dim: Rgb,
    title: Rgb,
    accent: Rgb,
    rule: Rgb,
    good: Rgb,
    met: Rgb,
    mild: Rgb,
    warn: Rgb,
    bad: Rgb,
    absent: Rgb,
    bar: Rgb,
    input: Rgb,
    selection: Rgb,
    curves: [Rgb; 3],
    heats: [Rgb; 5],
}

const DARK: Colours = Colours {
    ground: Rgb(0x14, 0x17, 0x1c),
    text: Rgb(0xd7, 0xda, 0xe0),
    dim: Rgb(0xaf, 0xb5, 0xbf),
    title: Rgb(0xff, 0xff, 0xff),
    accent: Rgb(0x8c, 0xcb, 0xff),
    rule: Rgb(0xa8, 0xae, 0xb9),
    good: Rgb(0x7f, 0xd9, 0x9a),
    met: Rgb(0xc2, 0xd9, 0x7a),
    mild: Rgb(0xff, 0xe0, 0x8a),
    warn: Rgb(0xff, 0xbd, 0x66),
    bad: Rgb(0xff, 0x9d, 0x94),
    absent: Rgb(0xb4, 0xa8, 0xd8),
    bar: Rgb(0x26, 0x2d, 0x39),
    input: Rgb(0x22, 0x28, 0x33),
    selection: Rgb(0x2b, 0x3b, 0x55),
    curves: [Rgb(0x8c, 0xcb, 0xff), Rgb(0x7f, 0xd9, 0x9a), Rgb(0xff, 0xbd, 0x66)],
    heats: [
        Rgb(0x14, 0x17, 0x1c),
        Rgb(0x2a, 0x2a, 0x22),
        Rgb(0x45, 0x35, 0x1c),
        Rgb(0x5e, 0x30, 0x1c),
        Rgb(0x7a, 0x22, 0x22),
    ],
};

const LIGHT: Colours = Colours {
    ground: Rgb(0xff, 0xff, 0xff),
    text: Rgb(0x1f, 0x23, 0x28),
    dim: Rgb(0x4d, 0x55, 0x5f),
    title: Rgb(0x00, 0x00, 0x00),
    accent: Rgb(0x08, 0x4b, 0x9e),
    rule: Rgb(0x4d, 0x55, 0x5f),
    good: Rgb(0x0b, 0x5c, 0x2b),
    met: Rgb(0x45, 0x56, 0x00),
    mild: Rgb(0x6b, 0x4f, 0x00),
    warn: Rgb(0x7a, 0x2e, 0x00),
    bad: Rgb(0xa3, 0x0f, 0x1c),
    absent: Rgb(0x5f, 0x00, 0x87),
    bar: Rgb(0xe4, 0xe8, 0xee),
    input: Rgb(0xee, 0xf1, 0xf5),
    selection: Rgb(0xd3, 0xe4, 0xf9),
    curves: [Rgb(0x08, 0x4b, 0x9e), Rgb(0x0b, 0x5c, 0x2b), Rgb(0x7a, 0x2e, 0x00)],
    heats: [
        Rgb(0xff, 0xff, 0xff),
        Rgb(0xff, 0xf4, 0xd6),
        Rgb(0xff, 0xe1, 0xb0),
        Rgb(0xff, 0xcb, 0xa4),
        Rgb(0xff, 0xb8, 0xb0),
    ],
};

const HIGH_CONTRAST: Colours = Colours {
    ground: Rgb(0, 0, 0),
    text: Rgb(0xff, 0xff, 0xff),
    dim: Rgb(0xe0, 0xe0, 0xe0),
    title: Rgb(0xff, 0xff, 0xff),
    accent: Rgb(0x66, 0xff, 0xff),
    rule: Rgb(0xff, 0xff, 0xff),
    good: Rgb(0x7d, 0xff, 0x7d),
    met: Rgb(0xd6, 0xff, 0x7d),
    mild: Rgb(0xff, 0xff, 0x80),
    warn: Rgb(0xff, 0xd2, 0x66),
    bad: Rgb(0xff, 0xbf, 0xbf),
    absent: Rgb(0xe2, 0xc8, 0xff),
    bar: Rgb(0x00, 0x00, 0x60),
    input: Rgb(0x20, 0x20, 0x20),
    selection: Rgb(0x00, 0x00, 0x5f),
    curves: [Rgb(0x66, 0xff, 0xff), Rgb(0x7d, 0xff, 0x7d), Rgb(0xff, 0xd2, 0x66)],
    heats: [Rgb(0, 0, 0), Rgb(0x24, 0x1c, 0x00), Rgb(0x40, 0x2a, 0x00), Rgb(0x52, 0x1c, 0x00), Rgb(0x66, 0x00, 0x00)],
};

/// Grounds, text and greys of the dark theme; the colours of meaning after Okabe and Ito.
const COLOUR_BLIND: Colours = Colours {
    accent: Rgb(0x9a, 0xd1, 0xf5),
    good: Rgb(0x6c, 0xbf, 0xf2),
    met: Rgb(0xa8, 0xd4, 0xee),
    mild: Rgb(0xf5, 0xe9, 0x60),
    warn: Rgb(0xf0, 0xb8, 0x3c),
    bad: Rgb(0xff, 0xa0, 0x60),
    absent: Rgb(0xe3, 0xb2, 0xd0),
    curves: [Rgb(0x6c, 0xbf, 0xf2), Rgb(0xf5, 0xe9, 0x60), Rgb(0xff, 0xa0, 0x60)],
    heats: [
        Rgb(0x14, 0x17, 0x1c),
        Rgb(0x20, 0x2c, 0x38),
        Rgb(0x3a, 0x36, 0x20),
        Rgb(0x5a, 0x3c, 0x10),
        Rgb(0x7a, 0x3a, 0x00),
    ],
    ..DARK
};

/// The sixteen: foregrounds that can be read on the ground, by the colours that xterm gives them.
struct Sixteen {
    ground: Color,
    text: Color,
    dim: Color,
    title: Color,
    accent: Color,
    good: Color,
    met: Color,
    mild: Color,
    warn: Color,
    bad: Color,
    absent: Color,
}

const SIXTEEN_DARK: Sixteen = Sixteen {
    ground: Color::Black,
    text: Color::Gray,
    dim: Color::DarkGray,
    title: Color::White,
    accent: Color::LightCyan,
    good: Color::LightGreen,
    met: Color::Green,
    mild: Color::LightYellow,
    warn: Color::Yellow,
    bad: Color::LightRed,
    absent: Color::LightMagenta,
};

const SIXTEEN_CONTRAST: Sixteen = Sixteen { text: Color::White, dim: Color::Gray, ..SIXTEEN_DARK };

const SIXTEEN_BLIND: Sixteen =
    Sixteen { good: Color::LightCyan, met: Color::Cyan, bad: Color::LightMagenta, absent: Color::Gray, ..SIXTEEN_DARK };

/// On white only black, blue and red can be read: words and glyphs carry the rest.
const SIXTEEN_LIGHT: Sixteen = Sixteen {
    ground: Color::White,
    text: Color::Black,
    dim: Color::Black,
    title: Color::Black,
    accent: Color::Blue,
    good: Color::Blue,
    met: Color::Blue,
    mild: Color::Black,
    warn: Color::Red,
    bad: Color::Red,
    absent: Color::Black,
};

/// The styles of a theme on a terminal.
#[derive(Debug, Clone)]
pub(super) struct Palette {
    level: Level,
    styles: Vec<(Role, Style)>,
    selection: Style,
}

impl Palette {
    pub(super) fn of(theme: ThemeName, level: Level) -> Self {
        let mut palette = Self { level, styles: Vec::new(), selection: Style::new() };
        match level {
            Level::None => palette.selection = Style::new().add_modifier(Modifier::REVERSED),
            Level::Ansi16 => {
                let colours = sixteen(theme);
                palette.selection = Style::new().fg(colours.ground).bg(colours.text);
            }
            Level::Ansi256 | Level::True => {
                palette.selection = Style::new().bg(shown(colours(theme).selection, level));
            }
        }
        palette.styles = Role::all().into_iter().map(|role| (role, palette.make(theme, role))).collect();
        palette
    }

    pub(super) fn style(&self, role: Role) -> Style {
        let role = if let Role::Heat(heat) = role { Role::Heat(heat.min(super::HEATS - 1)) } else { role };
        self.styles.iter().find(|(other, _)| *other == role).map_or_else(Style::new, |(_, style)| *style)
    }

    pub(super) fn selection(&self) -> Style {
        self.selection
    }

    fn make(&self, theme: ThemeName, role: Role) -> Style {
        let style = match self.level {
            Level::None => Style::new(),
            Level::Ansi16 => sixteen(theme).style(role),
            Level::Ansi256 | Level::True => colours(theme).style(role, self.level),
        };
        match (role, self.level) {
            (Role::Title | Role::Bad, _) | (Role::Header, _) | (Role::Accent, Level::None) => {
                style.add_modifier(Modifier::BOLD)
            }
            (Role::Bar, Level::None) => style.add_modifier(Modifier::REVERSED),
            (Role::Input, Level::None | Level::Ansi16) => style.add_modifier(Modifier::UNDERLINED),
            _ => style,
        }
    }
}

fn colours(theme: ThemeName) -> &'static Colours {
    match theme {
        ThemeName::Dark | ThemeName::Mono => &DARK,
        ThemeName::Light => &LIGHT,
        ThemeName::HighContrast => &HIGH_CONTRAST,
        ThemeName::ColourBlind => &COLOUR_BLIND,
    }
}

fn sixteen(theme: ThemeName) -> &'static Sixteen {
    match theme {
        ThemeName::Dark | ThemeName::Mono => &SIXTEEN_DARK,
        ThemeName::Light => &SIXTEEN_LIGHT,
        ThemeName::HighContrast => &SIXTEEN_CONTRAST,
        ThemeName::ColourBlind => &SIXTEEN_BLIND,
    }
}

fn shown(colour: Rgb, level: Level) -> Color {
    match level {
        Level::Ansi256 => Color::Indexed(colour.indexed()),
        _ => Color::Rgb(colour.0, colour.1, colour.2),
    }
}

impl Colours {
    fn style(&self, role: Role, level: Level) -> Style {
        let (front, back) = match role {
            Role::Text => (self.text, self.ground),
            Role::Dim => (self.dim, self.ground),
            Role::Title => (self.title, self.ground),
            Role::Accent => (self.accent, self.ground),
            Role::Rule => (self.rule, self.ground),
            Role::Header => (self.dim, self.ground),
            Role::Good => (self.good, self.ground),
            Role::Met => (self.met, self.ground),
            Role::Mild => (self.mild, self.ground),
            Role::Warn => (self.warn, self.ground),
            Role::Bad => (self.bad, self.ground),
            Role::Absent => (self.absent, self.ground),
            Role::Bar => (self.text, self.bar),
            Role::Input => (self.text, self.input),
            Role::Heat(heat) => (self.title, self.heats.get(usize::from(heat)).copied().unwrap_or(self.ground)),
            Role::First => (self.curves[0], self.ground),
            Role::Second => (self.curves[1], self.ground),
            Role::Third => (self.curves[2], self.ground),
        };
        Style::new().fg(shown(front, level)).bg(shown(back, level))
    }
}

impl Sixteen {
    fn style(&self, role: Role) -> Style {
        let (front, back) = match role {
            Role::Text | Role::Input => (self.text, self.ground),
            Role::Dim | Role::Header | Role::Rule => (self.dim, self.ground),
            Role::Title | Role::Heat(0) => (self.title, self.ground),
            Role::Accent | Role::First => (self.accent, self.ground),
            Role::Good | Role::Second => (self.good, self.ground),
            Role::Met => (self.met, self.ground),
            Role::Mild | Role::Heat(1 | 2) => (self.mild, self.ground),
            Role::Warn | Role::Heat(3) | Role::Third => (self.warn, self.ground),
            Role::Bad | Role::Heat(_) => (self.bad, self.ground),
            Role::Absent => (self.absent, self.ground),
            Role::Bar => (self.ground, self.text),
        };
        Style::new().fg(front).bg(back)
    }
}
