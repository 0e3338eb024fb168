//! A raster of dots: two by four in each cell in braille, which is one cell wide in every terminal; one `*` in ASCII.

use crate::canvas::Canvas;
use crate::theme::GlyphSet;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Dots of one cell in braille, by column and row.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// A raster.
#[derive(Debug, Clone)]
pub struct Dots {
    width: u16,
    height: u16,
    set: GlyphSet,
    cells: Vec<u8>,
    styles: Vec<Style>,
}

impl Dots {
    /// A raster over so many cells.
    pub fn new(width: u16, height: u16, set: GlyphSet) -> Self {
        let count = usize::from(width) * usize::from(height);
        Self { width, height, set, cells: vec![0; count], styles: vec![Style::new(); count] }
    }

    /// Dots from left to right.
    pub fn columns(&self) -> u16 {
        if self.set == GlyphSet::Ascii { self.width } else { self.width.saturating_mul(2) }
    }

    /// Dots from top to bottom.
    pub fn rows(&self) -> u16 {
        if self.set == GlyphSet::Ascii { self.height } else { self.height.saturating_mul(4) }
    }

    /// Sets a dot. Outside the raster nothing happens.
    pub fn dot(&mut self, x: i32, y: i32, style: Style) {
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else { return };
        if x >= self.columns() || y >= self.rows() {
            return;
        }
        let (column, row, bit) = match self.set {
            GlyphSet::Ascii => (x, y, 1),
            GlyphSet::Unicode => {
                let bit = BITS.get(usize::from(x % 2)).and_then(|half| half.get(usize::from(y % 4)));
                (x / 2, y / 4, bit.copied().unwrap_or(0))
            }
        };
        let at = usize::from(row) * usize::from(self.width) + usize::from(column);
        if let (Some(cell), Some(kept)) = (self.cells.get_mut(at), self.styles.get_mut(at)) {
            *cell |= bit;
            *kept = style;
        }
    }

    /// A straight line (Bresenham).
    pub fn line(&mut self, from: (i32, i32), to: (i32, i32), style: Style) {
        let (dx, dy) = ((to.0 - from.0).abs(), -(to.1 - from.1).abs());
        let (step_x, step_y) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let (mut x, mut y) = from;
        let mut error = dx + dy;
        loop {
            self.dot(x, y, style);
            if (x, y) == to {
                return;
            }
            let double = 2 * error;
            if double >= dy {
                error += dy;
                x += step_x;
            }
            if double <= dx {
                error += dx;
                y += step_y;
            }
        }
    }

    /// Paints the dots that are set.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        for row in 0..self.height.min(area.height) {
            for column in 0..self.width.min(area.width) {
                let at = usize::from(row) * usize::from(self.width) + usize::from(column);
                let (Some(bits), Some(style)) = (self.cells.get(at), self.styles.get(at)) else { continue };
                if *bits == 0 {
                    continue;
                }
                let mut buffer = [0; 4];
                let glyph = match self.set {
                    GlyphSet::Ascii => "*",
                    GlyphSet::Unicode => {
                        char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' ').encode_utf8(&mut buffer)
                    }
                };
                canvas.put(area.x + column, area.y + row, glyph, *style, 1);
            }
        }
    }
}
