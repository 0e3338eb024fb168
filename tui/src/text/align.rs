//! Bringing text to an exact width; numbers so that their points stand under each other.

use super::Cells;
use serde::{Deserialize, Serialize};

/// Where text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

impl Cells {
    /// The text in exactly `width` cells: cut with the mark, or filled with spaces.
    pub fn pad(self, text: &str, width: u16, align: Align) -> String {
        let kept = self.truncate(text, width);
        let free = usize::from(width.saturating_sub(self.width(&kept)));
        let before = match align {
            Align::Left => 0,
            Align::Centre => free / 2,
            Align::Right => free,
        };
        let mut out = " ".repeat(before);
        out.push_str(&kept);
        out.extend(std::iter::repeat_n(' ', free - before));
        out
    }

    /// A number at the right of exactly `width` cells. One that does not fit is not shortened to another number: `#`
    /// stands in all cells, as in spreadsheets.
    pub fn number(self, text: &str, width: u16) -> String {
        if self.width(text) > width { "#".repeat(usize::from(width)) } else { self.pad(text, width, Align::Right) }
    }

    /// Numbers with spaces behind them, so that their points stand under each other when all end at the right.
    /// What is not a number is left alone.
    pub fn align_points(self, numbers: &mut [String]) {
        let behind = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len() + 1);
        let is_number = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
        let most = numbers.iter().filter(|text| is_number(text)).map(|text| behind(text)).max().unwrap_or(0);
        for text in numbers.iter_mut().filter(|text| is_number(text)) {
            let missing = most - behind(text);
            text.extend(std::iter::repeat_n(' ', missing));
        }
    }
}
