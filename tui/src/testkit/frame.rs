//! A buffer as text, and its styles as text.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;

/// The rows of a buffer; the second cell of a wide character is left out, so that columns stand as in a terminal.
pub fn frame(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut row = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let Some(cell) = buffer.cell(Position { x, y }) else { break };
            row.push_str(cell.symbol());
            x += cell.symbol().cell_width().max(1);
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// The styles of a buffer: a letter for each cell, and below what the letters mean.
pub fn styles(buffer: &Buffer) -> String {
    let mut known: Vec<(Color, Color, Modifier)> = Vec::new();
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        for x in buffer.area.left()..buffer.area.right() {
            let Some(cell) = buffer.cell(Position { x, y }) else { continue };
            let style = (cell.fg, cell.bg, cell.modifier);
            let at = known.iter().position(|other| *other == style).unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            out.push(letter(at));
        }
        out.push('\n');
    }
    for (at, (front, back, modifier)) in known.iter().enumerate() {
        let _ = writeln!(out, "{} {front} on {back} {modifier:?}", letter(at));
    }
    out
}

fn letter(at: usize) -> char {
    const LETTERS: &[u8] = b".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    LETTERS.get(at).copied().map_or('?', char::from)
}
