//! Cutting text to a budget of cells.

use super::Cells;
use std::borrow::Cow;

impl Cells {
    /// The text, or its beginning and the mark that says something was cut off. Never wider than the budget.
    pub fn truncate(self, text: &str, budget: u16) -> Cow<'_, str> {
        if self.width(text) <= budget {
            return Cow::Borrowed(text);
        }
        let mark = self.mark(budget);
        let mut kept = self.head(text, budget - self.width(mark));
        kept.push_str(mark);
        Cow::Owned(kept)
    }

    /// The text, or its end behind the mark: for paths, where the end says more.
    pub fn truncate_start(self, text: &str, budget: u16) -> Cow<'_, str> {
        if self.width(text) <= budget {
            return Cow::Borrowed(text);
        }
        let mark = self.mark(budget);
        let pieces: Vec<(&str, u16)> = self.pieces(text).collect();
        let mut room = budget - self.width(mark);
        let mut from = pieces.len();
        while let Some((_, width)) = from.checked_sub(1).and_then(|before| pieces.get(before)) {
            if *width > room {
                break;
            }
            room -= width;
            from -= 1;
        }
        let mut kept = mark.to_owned();
        kept.extend(pieces.iter().skip(from).map(|(grapheme, _)| *grapheme));
        Cow::Owned(kept)
    }

    /// As much of the beginning as fits, without a mark.
    pub fn head(self, text: &str, budget: u16) -> String {
        let mut kept = String::new();
        let mut room = budget;
        for (grapheme, width) in self.pieces(text) {
            if width > room {
                break;
            }
            room -= width;
            kept.push_str(grapheme);
        }
        kept
    }

    /// The mark as far as it fits.
    fn mark(self, budget: u16) -> &'static str {
        let mark = self.ellipsis.text();
        match budget {
            0 => "",
            1 if mark.is_ascii() => ".",
            _ => mark,
        }
    }
}
