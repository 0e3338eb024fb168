//! A trend in a few cells of a table.

use crate::theme::{GlyphSet, Glyphs};

/// The last values as text of one cell each: low to high between the least and the most of them; a value that is not
/// there is a space, never the lowest.
pub fn spark(values: &[Option<f64>], width: u16, glyphs: &Glyphs) -> String {
    let width = usize::from(width);
    let shown = values.get(values.len().saturating_sub(width)..).unwrap_or_default();
    let present = || shown.iter().flatten().copied().filter(|value| value.is_finite());
    let least = present().fold(f64::INFINITY, f64::min);
    let most = present().fold(f64::NEG_INFINITY, f64::max);
    let mut out = " ".repeat(width - shown.len());
    let top = glyphs.levels.len() - 1;
    for value in shown {
        let level = value.filter(|value| value.is_finite()).map(|value| {
            let share = if most > least { (value - least) / (most - least) } else { 0.5 };
            // In 0..=top by construction.
            (share * top as f64).round() as usize
        });
        let gap = if glyphs.set == GlyphSet::Unicode { "\u{2800}" } else { " " };
        out.push_str(level.and_then(|level| glyphs.levels.get(level)).copied().unwrap_or(gap));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::spark;
    use crate::theme::GlyphSet;

    #[test]
    fn a_gap_is_not_a_low_value_and_a_level_line_is_in_the_middle() {
        let ascii = GlyphSet::Ascii.glyphs();
        assert_eq!(spark(&[Some(0.0), None, Some(1.0)], 3, ascii), "_ #");
        assert_eq!(spark(&[Some(5.0), Some(5.0)], 4, ascii), "  ==");
        assert_eq!(spark(&[Some(1.0), Some(2.0), Some(3.0)], 2, ascii), "_#", "the last ones count");
        assert_eq!(spark(&[], 2, ascii), "  ");
        assert_eq!(spark(&[Some(f64::NAN)], 1, ascii), " ");
    }
}
