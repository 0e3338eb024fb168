//! Colours and how many of them a terminal has; contrast by WCAG 2.

use ratatui::style::Color;
use serde::{Deserialize, Serialize};

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// None (`NO_COLOR`, `TERM=dumb`): bold, underline and reverse only.
    None,
    /// The sixteen of ANSI.
    #[serde(rename = "16")]
    Ansi16,
    /// The 256 of xterm.
    #[serde(rename = "256")]
    Ansi256,
    /// All.
    #[default]
    True,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Relative luminance, 0 to 1.
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast of two colours, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The nearest of the colours 16 to 255 of xterm, which terminals do not let users change.
    pub fn indexed(self) -> u8 {
        let distance = |other: Self| {
            let part = |a: u8, b: u8| (i32::from(a) - i32::from(b)).pow(2);
            part(self.0, other.0) + part(self.1, other.1) + part(self.2, other.2)
        };
        (16..=255).min_by_key(|index| distance(Self::of_index(*index))).unwrap_or(16)
    }

    /// A colour of xterm: the cube, the greys, and the sixteen as xterm has them.
    pub fn of_index(index: u8) -> Self {
        const SIXTEEN: [Rgb; 16] = [
            Rgb(0, 0, 0),
            Rgb(205, 0, 0),
            Rgb(0, 205, 0),
            Rgb(205, 205, 0),
            Rgb(0, 0, 238),
            Rgb(205, 0, 205),
            Rgb(0, 205, 205),
            Rgb(229, 229, 229),
            Rgb(127, 127, 127),
            Rgb(255, 0, 0),
            Rgb(0, 255, 0),
            Rgb(255, 255, 0),
            Rgb(92, 92, 255),
            Rgb(255, 0, 255),
            Rgb(0, 255, 255),
            Rgb(255, 255, 255),
        ];
        let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
        match index {
            0..=15 => SIXTEEN.get(usize::from(index)).copied().unwrap_or(Self(0, 0, 0)),
            16..=231 => {
                let cube = index - 16;
                Self(step(cube / 36), step(cube / 6 % 6), step(cube % 6))
            }
            232..=255 => {
                let grey = 8 + 10 * (index - 232);
                Self(grey, grey, grey)
            }
        }
    }

    /// What a colour of ratatui looks like, when that is known.
    pub fn of(colour: Color) -> Option<Self> {
        let index = match colour {
            Color::Rgb(red, green, blue) => return Some(Self(red, green, blue)),
            Color::Indexed(index) => index,
            Color::Reset => return None,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 8,
            Color::LightRed => 9,
            Color::LightGreen => 10,
            Color::LightYellow => 11,
            Color::LightBlue => 12,
            Color::LightMagenta => 13,
            Color::LightCyan => 14,
            Color::White => 15,
        };
        Some(Self::of_index(index))
    }
}
