//! The only place that measures text. Widths are cells of the terminal, never characters or bytes; what is drawn goes
//! through [`Cells::put`], so that measuring and painting cannot differ. A grapheme is never split, a budget never exceeded.

mod align;
mod cut;
mod wrap;

pub use align::Align;
pub use zhengai_text::find::{Index, Query, best};

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::style::Style;
use std::num::NonZeroU16;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How the terminal paints characters whose width Unicode leaves open (East Asian Ambiguous: `…`, `“`, `①`, `±`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ambiguous {
    /// One cell, as nearly all terminals do.
    #[default]
    Narrow,
    /// Two cells: some terminals under a Chinese locale.
    Wide,
}

/// What stands where text was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ellipsis {
    /// `⋯`, which is one cell wide in every terminal.
    #[default]
    Dots,
    /// `..`
    Ascii,
}

impl Ellipsis {
    /// Its text.
    pub fn text(self) -> &'static str {
        match self {
            Self::Dots => "⋯",
            Self::Ascii => "..",
        }
    }
}

/// Measures, cuts, pads, wraps and paints text for one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cells {
    /// How wide ambiguous characters are.
    pub ambiguous: Ambiguous,
    /// What stands where text was cut off.
    pub ellipsis: Ellipsis,
}

impl Cells {
    /// How many cells a text takes in one line.
    pub fn width(self, text: &str) -> u16 {
        if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
            return u16::try_from(text.len()).unwrap_or(u16::MAX);
        }
        self.pieces(text).fold(0, |sum: u16, (_, width)| sum.saturating_add(width))
    }

    /// The graphemes that are painted, with their widths. Line breaks and tabs become a space; other control characters,
    /// marks that change the direction of text, and graphemes without width are left out.
    pub(crate) fn pieces(self, text: &str) -> impl Iterator<Item = (&str, u16)> {
        text.graphemes(true)
            .filter_map(move |grapheme| match grapheme {
                "\n" | "\r" | "\t" | "\r\n" => Some((" ", 1)),
                _ if grapheme.contains(unpainted) => None,
                _ => Some((grapheme, self.one(grapheme))),
            })
            .filter(|(_, width)| *width > 0)
    }

    /// Width of one grapheme without control characters.
    fn one(self, grapheme: &str) -> u16 {
        let narrow = grapheme.cell_width();
        match self.ambiguous {
            Ambiguous::Narrow => narrow,
            Ambiguous::Wide => narrow.max(u16::try_from(grapheme.width_cjk()).unwrap_or(u16::MAX)),
        }
    }

    /// Paints a text from a cell on, at most `budget` cells and never beyond the buffer; gives the cells used.
    /// What does not fit is left out without a mark: use [`Cells::truncate`] before where a person should see it.
    pub fn put(self, buffer: &mut Buffer, x: u16, y: u16, text: &str, style: Style, budget: u16) -> u16 {
        let area = *buffer.area();
        if y < area.top() || y >= area.bottom() || x < area.left() {
            return 0;
        }
        let room = area.right().saturating_sub(x).min(budget);
        let mut used = 0;
        for (grapheme, width) in self.pieces(text) {
            if used + width > room {
                break;
            }
            let narrow = grapheme.cell_width();
            for offset in 0..width {
                let Some(cell) = buffer.cell_mut((x + used + offset, y)) else { continue };
                if offset == 0 {
                    cell.set_symbol(grapheme).set_style(style);
                    let forced = NonZeroU16::new(width).filter(|_| narrow != width);
                    cell.set_diff_option(forced.map_or(CellDiffOption::None, CellDiffOption::ForcedWidth));
                } else {
                    cell.reset();
                    cell.set_style(style);
                }
            }
            used += width;
        }
        used
    }
}

/// Control characters, and marks that turn the direction of all that follows: a name must not reorder a row.
fn unpainted(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
