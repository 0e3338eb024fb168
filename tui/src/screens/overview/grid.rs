//! The tiles: a row of two lines for each layer, a column for all systems and one for each. In a tile: the share of values
//! that meet their standard, the open warnings and what is 不达标.

use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::{Glyphs, Role};
use crate::widgets::Motion;
use crate::widgets::input::Focus;
use crate::widgets::motion::{moved, window};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use std::cell::Cell;
use std::collections::BTreeMap;
use zhengai_wire::overview::{LayerTile, Level, Overview, Verdicts, share_met};

/// Cells of a tile.
const TILE: u16 = 11;
/// Lines of a tile.
const LINES: u16 = 2;

/// Cursor and place of the tiles.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) row: usize,
    pub(super) column: usize,
    rows: usize,
    columns: usize,
    left: Cell<u64>,
    top: Cell<u64>,
    area: Cell<Rect>,
    names: Cell<u16>,
}

/// What a tile shows.
struct Tile<'a> {
    verdicts: &'a Verdicts,
    warnings: &'a BTreeMap<String, u64>,
}

impl Grid {
    /// Rows of the whole grid with its heads.
    pub(super) fn height(&self) -> u16 {
        1 + LINES * u16::try_from(self.rows).unwrap_or(u16::MAX / LINES - 1)
    }

    pub(super) fn resize(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns) = (rows, columns);
        self.row = self.row.min(rows.saturating_sub(1));
        self.column = self.column.min(columns.saturating_sub(1));
    }

    pub(super) fn apply(&mut self, motion: Motion) {
        match motion {
            Motion::Left => self.column = self.column.saturating_sub(1),
            Motion::Right => self.column = (self.column + 1).min(self.columns.saturating_sub(1)),
            _ => {
                let row = moved(self.row as u64, motion, self.rows as u64, 4);
                self.row = usize::try_from(row).unwrap_or(0);
            }
        }
    }

    /// Puts the cursor on the tile that was clicked; true when it stood there.
    pub(super) fn click(&mut self, (x, y): (u16, u16)) -> Option<bool> {
        let area = self.area.get();
        let first = area.x + self.names.get();
        if !area.contains((x, y).into()) || y == area.y || x < first {
            return None;
        }
        let at = |base: u64, step: u16| usize::try_from(base + u64::from(step)).unwrap_or(usize::MAX);
        let place = (at(self.top.get(), (y - area.y - 1) / LINES), at(self.left.get(), (x - first) / TILE));
        if place.0 >= self.rows || place.1 >= self.columns {
            return None;
        }
        let again = place == (self.row, self.column);
        (self.row, self.column) = place;
        Some(again)
    }

    pub(super) fn view(&self, canvas: &mut Canvas<'_>, area: Rect, found: &Overview, focus: Focus) {
        self.area.set(area);
        if area.height < 2 || area.width < 20 {
            return;
        }
        let cells = canvas.look.cells;
        let period = |layer: &LayerTile| layer.run.as_ref().map_or(0, |run| cells.width(&run.period));
        let widest = found.layers.iter().map(|layer| cells.width(&layer.label).max(period(layer))).max().unwrap_or(0);
        let names = (widest + 3).min(area.width / 3);
        self.names.set(names);
        let fits = u64::from((area.width - names) / TILE).max(1);
        let left = window(self.left.get(), self.column as u64, self.columns as u64, fits);
        self.left.set(left);
        let lines = u64::from((area.height - 1) / LINES);
        let top = window(self.top.get(), self.row as u64, self.rows as u64, lines.max(1));
        self.top.set(top);
        let columns: Vec<usize> =
            (left..(left + fits).min(self.columns as u64)).filter_map(|column| usize::try_from(column).ok()).collect();
        self.heads(canvas, area, found, &columns, (names, focus));
        let skip = usize::try_from(top).unwrap_or(0);
        let rows = found.layers.iter().enumerate().skip(skip);
        for (y, (row, layer)) in (area.y + 1..area.bottom()).step_by(usize::from(LINES)).zip(rows) {
            let height = LINES.min(area.bottom() - y);
            let on = row == self.row && focus == Focus::Here;
            name(canvas, Rect { y, height, width: names, ..area }, layer, on);
            for (place, column) in columns.iter().enumerate() {
                let x = area.x + names + TILE * u16::try_from(place).unwrap_or(0);
                let here = Rect { x, y, width: TILE.min(area.right().saturating_sub(x)), height };
                let system = column.checked_sub(1).and_then(|at| found.systems.get(at));
                let tile = match system {
                    None => Some(Tile { verdicts: &layer.verdicts, warnings: &layer.warnings }),
                    Some(system) => layer
                        .systems
                        .iter()
                        .find(|tile| tile.system == system.system)
                        .map(|tile| Tile { verdicts: &tile.verdicts, warnings: &tile.warnings }),
                };
                let on = on && *column == self.column;
                draw_tile(canvas, here, tile, &found.levels, on);
            }
        }
    }

    fn heads(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        found: &Overview,
        columns: &[usize],
        (names, focus): (u16, Focus),
    ) {
        let plain = canvas.style(Role::Header).add_modifier(Modifier::UNDERLINED);
        canvas.fill(Rect { height: 1, ..area }, plain);
        for (place, column) in columns.iter().enumerate() {
            let x = area.x + names + TILE * u16::try_from(place).unwrap_or(0);
            let on = *column == self.column && focus == Focus::Here;
            let accent = canvas.style(Role::Accent).add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
            let style = if on { accent } else { plain };
            let label = match column.checked_sub(1).and_then(|at| found.systems.get(at)) {
                Some(system) => system.label.clone(),
                None => canvas.text("overview-all", &[]),
            };
            let text = canvas.look.cells.pad(&label, TILE - 1, Align::Right);
            canvas.put(x, area.y, &text, style, TILE.min(area.right().saturating_sub(x)));
        }
        let last = columns.last().is_some_and(|last| last + 1 < self.columns);
        if last {
            canvas.put(area.right() - 1, area.y, canvas.glyphs().right, canvas.style(Role::Accent), 1);
        }
        if columns.first().is_some_and(|first| *first > 0) {
            canvas.put(area.x + names.saturating_sub(1), area.y, canvas.glyphs().left, canvas.style(Role::Accent), 1);
        }
    }
}

fn name(canvas: &mut Canvas<'_>, area: Rect, layer: &LayerTile, on: bool) {
    let role = if on { Role::Accent } else { Role::Title };
    if on {
        canvas.put(area.x, area.y, canvas.glyphs().pointer, canvas.style(Role::Accent), 1);
    }
    canvas.put(area.x + 2, area.y, &layer.label, canvas.style(role), area.width.saturating_sub(2));
    let below = match (&layer.run, layer.enabled) {
        (_, false) => canvas.text("overview-off", &[]),
        (Some(run), true) => run.period.clone(),
        (None, true) => String::new(),
    };
    if area.height > 1 {
        let style = canvas.style(Role::Dim);
        // Cells: the name of a period may be wider than the layer's.
        canvas.put(area.x + 2, area.y + 1, &below, style, area.width.saturating_sub(2));
    }
}

fn draw_tile(canvas: &mut Canvas<'_>, area: Rect, tile: Option<Tile<'_>>, levels: &[Level], on: bool) {
    let glyphs = canvas.glyphs();
    let look = canvas.look;
    let marked = |style: Style| if on { look.selected(style) } else { style };
    let inner = area.width.saturating_sub(1);
    let blank = marked(canvas.style(Role::Text));
    for line in 0..area.height {
        canvas.fill(Rect { y: area.y + line, x: area.x + 1, width: inner, height: 1 }, blank);
    }
    let (share, role) = match &tile {
        None => (glyphs.not_applicable.to_owned(), Role::Absent),
        Some(tile) if tile.verdicts.is_empty() => (glyphs.no_data.to_owned(), Role::Absent),
        Some(tile) => match share_met(tile.verdicts) {
            Some(share) => {
                let role = if share == 1000 { Role::Good } else { Role::Text };
                (format!("{}.{}%", share / 10, share % 10), role)
            }
            // Nothing is judged: the sign is that of the only reason, if there is one only.
            None => (only_reason(tile.verdicts, glyphs).to_owned(), Role::Absent),
        },
    };
    canvas.right(Rect { width: inner, ..area }, &share, marked(canvas.style(role)));
    let Some(tile) = tile.filter(|_| area.height > 1) else { return };
    let unmet = tile.verdicts.get("unmet").copied().unwrap_or(0);
    let warned: u64 = tile.warnings.values().sum();
    let worst = levels.iter().rposition(|level| tile.warnings.get(&level.id).is_some_and(|count| *count > 0));
    let role = worst.map_or(Role::Dim, |at| Role::of_severity(at + 1, levels.len()));
    let mut parts: Vec<(String, Role)> = Vec::new();
    if unmet > 0 {
        parts.push((format!("{}{}", glyphs.no, short(unmet)), Role::Bad));
    }
    if warned > 0 {
        parts.push((format!("{}{}", glyphs.warning, short(warned)), role));
    }
    let width: u16 = parts.iter().map(|(text, _)| look.cells.width(text) + 1).sum();
    let mut x = (area.x + inner).saturating_sub(width.saturating_sub(1)).max(area.x + 1);
    for (text, role) in parts {
        let style = marked(canvas.style(role));
        x += canvas.put(x, area.y + 1, &text, style, (area.x + inner).saturating_sub(x)) + 1;
    }
}

/// The sign of what all results are, when none was held against a standard.
fn only_reason(verdicts: &Verdicts, glyphs: &Glyphs) -> &'static str {
    let mut words = verdicts.iter().filter(|(_, count)| **count > 0).map(|(word, _)| word.as_str());
    match (words.next(), words.next()) {
        (Some("not-due"), None) => glyphs.not_due,
        (Some("not-applicable"), None) => glyphs.not_applicable,
        _ => glyphs.undetermined,
    }
}

/// A count in at most four cells, rounded down and said so: `12k` is twelve thousand and some.
fn short(count: u64) -> String {
    match count {
        0..=9_999 => count.to_string(),
        10_000..=999_999 => format!("{}k+", count / 1_000),
        _ => format!("{}M+", count / 1_000_000),
    }
}
