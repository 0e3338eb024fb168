//! A portrait as a radar in braille: one axis for each dimension, the object over its peers. In ASCII, and where there is
//! no room for a circle, each axis is a bar with its number.

use super::dots::Dots;
use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::{GlyphSet, Role};
use ratatui::layout::Rect;
use std::f64::consts::TAU;

/// One dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its name.
    pub name: String,
    /// The number as it is read.
    pub shown: String,
    /// Of the object, 0 to 1; none where there is no number: no point is drawn there, and the outline is open.
    pub value: Option<f64>,
    /// Of its peers, 0 to 1.
    pub peers: Option<f64>,
}

/// A radar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Radar {
    /// The dimensions, clockwise from the top.
    pub axes: Vec<Axis>,
    /// Name of the object and of its peers, for the legend.
    pub names: [String; 2],
}

impl Radar {
    /// Draws the circle with names around it, or bars.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 || area.width < 8 {
            return;
        }
        let round =
            canvas.glyphs().set == GlyphSet::Unicode && self.axes.len() >= 3 && area.height >= 9 && area.width >= 40;
        let mut x = area.x;
        for (name, role) in self.names.iter().zip([Role::First, Role::Second]).filter(|(name, _)| !name.is_empty()) {
            let room = area.right().saturating_sub(x);
            x += canvas.put(x, area.y, canvas.glyphs().bullet, canvas.style(role), room.min(1));
            x += canvas.put(x + 1, area.y, name, canvas.style(Role::Dim), room.saturating_sub(2)) + 3;
        }
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        if round { self.circle(canvas, body) } else { self.bars(canvas, body) }
    }

    fn circle(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = canvas.look.cells;
        let widest = self.axes.iter().map(|axis| cells.width(&label(axis))).max().unwrap_or(0);
        let side = widest.min(area.width / 3) + 1;
        let plot = Rect {
            x: area.x + side,
            y: area.y + 1,
            width: area.width - 2 * side,
            height: area.height.saturating_sub(2),
        };
        let mut dots = Dots::new(plot.width, plot.height, GlyphSet::Unicode);
        let (columns, rows) = (f64::from(dots.columns()), f64::from(dots.rows()));
        // Cells are twice as high as wide and hold two by four dots: dots are square.
        let radius = (columns.min(rows) / 2.0 - 1.0).max(1.0);
        let middle = (columns / 2.0, rows / 2.0);
        let count = self.axes.len() as f64;
        let point = |at: usize, share: f64| {
            let angle = TAU * at as f64 / count;
            let far = radius * share.clamp(0.0, 1.0);
            ((middle.0 + far * angle.sin()).round() as i32, (middle.1 - far * angle.cos()).round() as i32)
        };
        for at in 0..self.axes.len() {
            let (from, to) = (point(at, 1.0), point((at + 1) % self.axes.len(), 1.0));
            let steps = 24;
            for step in (0..steps).step_by(3) {
                let part = |a: i32, b: i32| a + (b - a) * step / steps;
                dots.dot(part(from.0, to.0), part(from.1, to.1), canvas.style(Role::Rule));
            }
        }
        type Read = fn(&Axis) -> Option<f64>;
        let curves: [(Read, Role); 2] = [(|axis| axis.peers, Role::Second), (|axis| axis.value, Role::First)];
        for (value, role) in curves {
            let style = canvas.style(role);
            for (at, axis) in self.axes.iter().enumerate() {
                let next = (at + 1) % self.axes.len();
                let after = self.axes.get(next).and_then(value);
                match (value(axis), after) {
                    (Some(here), Some(there)) => dots.line(point(at, here), point(next, there), style),
                    (Some(here), None) => dots.line(point(at, here), point(at, here), style),
                    (None, _) => {}
                }
            }
        }
        dots.view(canvas, plot);
        for (at, axis) in self.axes.iter().enumerate() {
            let (x, y) = point(at, 1.0);
            let name = label(axis);
            let wide = cells.width(&name).min(side.saturating_sub(1));
            let column = plot.x + u16::try_from(x.max(0)).unwrap_or(0) / 2;
            let row = plot.y + u16::try_from(y.max(0)).unwrap_or(0) / 4;
            let share = at as f64 / count;
            let role = if axis.value.is_none() { Role::Absent } else { Role::Text };
            let (left, row, room) = if share < 0.02 || (share - 0.5).abs() < 0.02 {
                let full = cells.width(&name).min(area.width);
                let left = column.saturating_sub(full / 2).clamp(area.x, area.right().saturating_sub(full).max(area.x));
                (left, if share < 0.02 { area.y } else { area.bottom() - 1 }, full)
            } else if share < 0.5 {
                (column + 2, row, wide)
            } else {
                (column.saturating_sub(wide + 1).max(area.x), row, wide)
            };
            if area.contains((left, row).into()) {
                canvas.put(left, row, &name, canvas.style(role), room.min(area.right() - left));
            }
        }
    }

    fn bars(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = canvas.look.cells;
        let name = self.axes.iter().map(|axis| cells.width(&axis.name)).max().unwrap_or(0).min(area.width / 3);
        let shown = self.axes.iter().map(|axis| cells.width(&axis.shown)).max().unwrap_or(0).min(area.width / 3);
        let bar = area.width.saturating_sub(name + shown + 2);
        let [full, empty] = canvas.glyphs().bar;
        for (y, axis) in (area.top()..area.bottom()).zip(&self.axes) {
            let text = cells.pad(&axis.name, name, Align::Left);
            canvas.put(area.x, y, &text, canvas.style(Role::Text), name);
            let place = |share: f64| (f64::from(bar) * share.clamp(0.0, 1.0)).round() as u16;
            for x in 0..bar {
                let on = axis.value.is_some_and(|value| x < place(value));
                let (glyph, role) = if on { (full, Role::First) } else { (empty, Role::Rule) };
                canvas.put(
                    area.x + name + 1 + x,
                    y,
                    if axis.value.is_none() { " " } else { glyph },
                    canvas.style(role),
                    1,
                );
            }
            if let Some(peers) = axis.peers.filter(|_| bar > 0) {
                let x = place(peers).min(bar - 1);
                canvas.put(area.x + name + 1 + x, y, canvas.glyphs().divider, canvas.style(Role::Second), 1);
            }
            let role = if axis.value.is_none() { Role::Absent } else { Role::Text };
            let text = cells.pad(&axis.shown, shown, Align::Right);
            canvas.put(area.x + name + bar + 2, y, &text, canvas.style(role), shown);
        }
    }
}

fn label(axis: &Axis) -> String {
    [axis.name.as_str(), axis.shown.as_str()].join(" ")
}
