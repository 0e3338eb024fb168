//! Text to be read: wrapped to the width, scrolled, with roles for its pieces.

use super::motion::{Motion, moved};
use crate::canvas::Canvas;
use crate::text::{Align, Cells};
use crate::theme::Role;
use ratatui::layout::Rect;
use std::cell::Cell;

/// A paragraph of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text; may be longer than a line.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// Cells that its lines stand further right.
    pub indent: u16,
    /// Rows of a table in place of the text: cells below each other, cut where there is no room, the head first.
    pub table: Vec<Vec<String>>,
}

impl Piece {
    /// A paragraph.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role, indent: 0, table: Vec::new() }
    }

    /// A table with its head.
    pub fn table(rows: Vec<Vec<String>>) -> Self {
        let lines: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
        Self { table: rows, ..Self::new(lines.join("\n"), Role::Text) }
    }

    /// Further right.
    #[must_use]
    pub fn indent(mut self, cells: u16) -> Self {
        self.indent = cells;
        self
    }
}

/// A text to be read.
#[derive(Debug, Clone, Default)]
pub struct TextView {
    pieces: Vec<Piece>,
    top: u64,
    area: Cell<Rect>,
    lines: Cell<u64>,
}

impl TextView {
    /// With this text.
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces, ..Self::default() }
    }

    /// Puts another text in its place, shown from its beginning.
    pub fn set(&mut self, pieces: Vec<Piece>) {
        self.pieces = pieces;
        self.top = 0;
    }

    /// Adds paragraphs at the end.
    pub fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// All its text, for the clipboard.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Scrolls.
    pub fn apply(&mut self, motion: Motion) {
        let height = u64::from(self.area.get().height);
        let most = self.lines.get().saturating_sub(height);
        self.top = moved(self.top.min(most), motion, most + 1, height);
    }

    /// Whether the pointer is over it.
    pub fn contains(&self, column: u16, row: u16) -> bool {
        self.area.get().contains((column, row).into())
    }

    /// Draws what fits.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.area.set(area);
        if area.width < 2 || area.height == 0 {
            return;
        }
        let mut lines: Vec<(u16, String, Role)> = Vec::new();
        for piece in &self.pieces {
            let indent = piece.indent.min(area.width / 2);
            let width = area.width - 1 - indent;
            if !piece.table.is_empty() {
                let rows = aligned(&piece.table, width, canvas.look.cells).into_iter();
                let role = |at: usize| if at == 0 { Role::Header } else { piece.role };
                lines.extend(rows.enumerate().map(|(at, line)| (indent, line, role(at))));
                continue;
            }
            lines.extend(canvas.look.cells.wrap(&piece.text, width).into_iter().map(|line| (indent, line, piece.role)));
        }
        let total = lines.len() as u64;
        self.lines.set(total);
        let height = u64::from(area.height);
        let top = self.top.min(total.saturating_sub(height));
        let skip = usize::try_from(top).unwrap_or(usize::MAX);
        for (y, (indent, line, role)) in (area.top()..area.bottom()).zip(lines.iter().skip(skip)) {
            canvas.put(area.x + indent, y, line, canvas.style(*role), area.width.saturating_sub(*indent));
        }
        super::rule::scroll_bar(canvas, area, top, height, total);
    }
}

/// Cells between two columns of a table.
const GAP: u16 = 2;
/// Narrower than this no column is made.
const LEAST: u16 = 4;

/// Rows with their columns below each other; the widest columns give way until all fit.
fn aligned(rows: &[Vec<String>], width: u16, cells: Cells) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cells.width(cell)).max().unwrap_or(0);
    let mut columns: Vec<u16> = (0..count).map(widest).collect();
    let gaps = GAP.saturating_mul(u16::try_from(count.saturating_sub(1)).unwrap_or(u16::MAX));
    let room = u32::from(width.saturating_sub(gaps));
    while columns.iter().map(|column| u32::from(*column)).sum::<u32>() > room {
        let Some(most) = columns.iter_mut().max().filter(|most| **most > LEAST) else { break };
        *most -= 1;
    }
    let gap = " ".repeat(usize::from(GAP));
    let line = |row: &Vec<String>| {
        let parts = columns.iter().zip(row).map(|(column, cell)| cells.pad(cell, *column, Align::Left));
        parts.collect::<Vec<_>>().join(&gap).trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::aligned;
    use crate::text::Cells;

    #[test]
    fn columns_of_a_table_stand_below_each_other_and_the_widest_gives_way() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["指标", "代码", "值"]), row(["教学仪器设备总值", "MAJ-EQUIPMENT", "12.5"])];
        let wide = aligned(&rows, 60, Cells::default());
        assert_eq!(wide, ["指标              代码           值", "教学仪器设备总值  MAJ-EQUIPMENT  12.5"]);
        for line in aligned(&rows, 24, Cells::default()) {
            assert!(Cells::default().width(&line) <= 24, "{line}");
        }
        assert!(aligned(&rows, 24, Cells::default()).iter().any(|line| line.ends_with("12.5")), "a short number stays");
    }
}
