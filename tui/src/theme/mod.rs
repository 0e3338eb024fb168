//! Colours and glyphs. A screen names a [`Role`], never a colour; a state is always a word or a glyph too, so that a
//! terminal without colour loses nothing. Every pair of colours has a contrast of at least 4.5 : 1 (see the tests).

mod colour;
mod glyph;
mod palettes;

pub use colour::{Level, Rgb};
pub use glyph::{GlyphSet, Glyphs};
pub use palettes::ThemeName;

use crate::text::{Ambiguous, Cells, Ellipsis};
use palettes::Palette;
use ratatui::style::{Modifier, Style};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is to be read.
    Text,
    /// What stands beside it: units, times, ids.
    Dim,
    /// Head of a region or a tile.
    Title,
    /// What has the focus, links, keys in hints.
    Accent,
    /// Rules between regions, tracks of bars.
    Rule,
    /// Heads of columns.
    Header,
    /// 达成目标, done, healthy.
    Good,
    /// 达标
    Met,
    /// The mildest level of warnings.
    Mild,
    /// The middle level of warnings, stale, unverified.
    Warn,
    /// The most severe level, 不达标, errors.
    Bad,
    /// 无数据, 不适用, 未到期: there is no number.
    Absent,
    /// First row of the frame and the row of hints.
    Bar,
    /// A text field.
    Input,
    /// A cell of a heat map, from calm (0) to hot (4).
    Heat(u8),
    /// First curve of a chart.
    First,
    /// Second curve of a chart: target, peers.
    Second,
    /// Third curve of a chart: standard.
    Third,
}

/// How many shades a heat map has.
pub const HEATS: u8 = 5;

impl Role {
    /// All roles.
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Text,
            Self::Dim,
            Self::Title,
            Self::Accent,
            Self::Rule,
            Self::Header,
            Self::Good,
            Self::Met,
            Self::Mild,
            Self::Warn,
            Self::Bad,
            Self::Absent,
            Self::Bar,
            Self::Input,
            Self::First,
            Self::Second,
            Self::Third,
        ];
        all.extend((0..HEATS).map(Self::Heat));
        all
    }

    /// The role of a level of warnings: `severity` counts from 1 (mildest) among `levels`.
    pub fn of_severity(severity: usize, levels: usize) -> Self {
        match severity {
            0 => Self::Dim,
            _ if severity >= levels => Self::Bad,
            1 => Self::Mild,
            _ => Self::Warn,
        }
    }
}

/// Everything that depends on the terminal and on taste: colours, glyphs, widths. Made once, passed to every drawing.
#[derive(Debug, Clone)]
pub struct Look {
    /// Which theme.
    pub theme: ThemeName,
    /// How many colours are used.
    pub level: Level,
    /// How many the terminal has.
    terminal: Level,
    /// The glyphs in use.
    pub glyphs: &'static Glyphs,
    /// Measures and paints.
    pub cells: Cells,
    palette: Palette,
}

impl Look {
    /// A look. The theme `mono` has no colours on any terminal.
    pub fn new(theme: ThemeName, level: Level, set: GlyphSet, ambiguous: Ambiguous) -> Self {
        let terminal = level;
        let level = if theme == ThemeName::Mono { Level::None } else { level };
        let ellipsis = if set == GlyphSet::Ascii { Ellipsis::Ascii } else { Ellipsis::Dots };
        Self {
            theme,
            level,
            terminal,
            glyphs: set.glyphs(),
            cells: Cells { ambiguous, ellipsis },
            palette: Palette::of(theme, level),
        }
    }

    /// The same terminal in another theme or with other glyphs.
    #[must_use]
    pub fn dressed(&self, theme: ThemeName, set: GlyphSet) -> Self {
        Self::new(theme, self.terminal, set, self.cells.ambiguous)
    }

    /// The style of a role on the ground of the screen.
    pub fn style(&self, role: Role) -> Style {
        self.palette.style(role)
    }

    /// The same on the row of the cursor.
    pub fn selected(&self, style: Style) -> Style {
        match self.level {
            Level::None => style.add_modifier(Modifier::REVERSED),
            // Sixteen colours have no ground that all of them can be read on: the row of the cursor has one colour.
            Level::Ansi16 => style.patch(self.palette.selection()),
            Level::Ansi256 | Level::True => {
                let ground = self.palette.selection();
                Style { bg: ground.bg, ..style }.add_modifier(Modifier::BOLD)
            }
        }
    }

    /// The ground of an empty screen.
    pub fn ground(&self) -> Style {
        self.palette.style(Role::Text)
    }
}

impl Default for Look {
    fn default() -> Self {
        Self::new(ThemeName::Dark, Level::True, GlyphSet::Unicode, Ambiguous::Narrow)
    }
}

#[cfg(test)]
mod tests;
