//! A trend over periods in braille: curves with gaps where there is no number, levels for target and standard, breaks
//! where the definition changed.

use super::dots::Dots;
use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::Role;
use ratatui::layout::Rect;

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its name, in the legend.
    pub name: String,
    /// A value for each period; none where there is no number: the curve has a gap there, it does not fall to 0.
    pub values: Vec<Option<f64>>,
    /// Its colour.
    pub role: Role,
}

/// A horizontal line: target, standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its name, in the legend.
    pub name: String,
    /// Where.
    pub value: f64,
    /// Its colour.
    pub role: Role,
}

/// A trend.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trend {
    /// Names of the periods, oldest first.
    pub labels: Vec<String>,
    /// The curves.
    pub curves: Vec<Curve>,
    /// Horizontal lines.
    pub marks: Vec<Mark>,
    /// Places before which the definition changed: what lies on both sides cannot be compared.
    pub breaks: Vec<usize>,
    /// Decimals of the numbers at the side.
    pub decimals: usize,
}

impl Trend {
    /// Least and most of all that is shown, apart from each other.
    fn span(&self) -> Option<(f64, f64)> {
        let values = self.curves.iter().flat_map(|curve| curve.values.iter().flatten().copied());
        let all = || values.clone().chain(self.marks.iter().map(|mark| mark.value)).filter(|value| value.is_finite());
        let least = all().fold(f64::INFINITY, f64::min);
        let most = all().fold(f64::NEG_INFINITY, f64::max);
        if !least.is_finite() {
            return None;
        }
        if most - least > f64::EPSILON * most.abs() { Some((least, most)) } else { Some((least - 0.5, most + 0.5)) }
    }

    /// Draws legend, curves and the names of the first and last period.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height < 3 || area.width < 8 {
            return;
        }
        let Some((least, most)) = self.span() else {
            let text = canvas.text("tui-no-data", &[]);
            canvas.put(area.x, area.y, &text, canvas.style(Role::Absent), area.width);
            return;
        };
        self.legend(canvas, Rect { height: 1, ..area });
        let body = Rect { y: area.y + 1, height: area.height - 2, ..area };
        let scale = [format!("{most:.*}", self.decimals), format!("{least:.*}", self.decimals)];
        let side = scale.iter().map(|text| canvas.look.cells.width(text)).max().unwrap_or(0).min(area.width / 3);
        for (text, y) in scale.iter().zip([body.y, body.bottom() - 1]) {
            let text = canvas.look.cells.number(text, side);
            canvas.put(body.x, y, &text, canvas.style(Role::Dim), side);
        }
        let plot = Rect { x: body.x + side + 1, width: body.width.saturating_sub(side + 1), ..body };
        self.plot(canvas, plot, (least, most));
        self.ends(canvas, Rect { y: area.bottom() - 1, height: 1, ..plot });
    }

    fn legend(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut x = area.x;
        let names = self.curves.iter().map(|curve| (curve.name.as_str(), curve.role));
        for (name, role) in names.chain(self.marks.iter().map(|mark| (mark.name.as_str(), mark.role))) {
            let room = area.right().saturating_sub(x);
            let used = canvas.put(x, area.y, canvas.glyphs().bullet, canvas.style(role), room.min(1));
            x += used;
            x += canvas.put(x + 1, area.y, name, canvas.style(Role::Dim), room.saturating_sub(used + 1)) + 3;
        }
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, (least, most): (f64, f64)) {
        let mut dots = Dots::new(area.width, area.height, canvas.glyphs().set);
        let count = self.labels.len().max(self.curves.iter().map(|curve| curve.values.len()).max().unwrap_or(0));
        let (columns, rows) = (f64::from(dots.columns().saturating_sub(1)), f64::from(dots.rows().saturating_sub(1)));
        let across = |at: usize| {
            if count > 1 { (columns * at as f64 / (count - 1) as f64).round() as i32 } else { (columns / 2.0) as i32 }
        };
        let up = |value: f64| (rows * (1.0 - (value - least) / (most - least))).round() as i32;
        for mark in &self.marks {
            let y = up(mark.value);
            for x in (0..i32::from(dots.columns())).step_by(3) {
                dots.dot(x, y, canvas.style(mark.role));
            }
        }
        for broken in self.breaks.iter().filter(|at| **at > 0 && **at < count) {
            let x = (across(*broken) + across(*broken - 1)) / 2;
            for y in (0..i32::from(dots.rows())).step_by(2) {
                dots.dot(x, y, canvas.style(Role::Rule));
            }
        }
        for curve in &self.curves {
            let style = canvas.style(curve.role);
            let mut before: Option<(usize, (i32, i32))> = None;
            for (at, value) in curve.values.iter().enumerate() {
                let Some(value) = value.filter(|value| value.is_finite()) else {
                    before = None;
                    continue;
                };
                let here = (across(at), up(value));
                match before.filter(|_| !self.breaks.contains(&at)) {
                    Some((_, there)) => dots.line(there, here, style),
                    None => dots.dot(here.0, here.1, style),
                }
                before = Some((at, here));
            }
        }
        dots.view(canvas, area);
    }

    fn ends(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (Some(first), Some(last)) = (self.labels.first(), self.labels.last()) else { return };
        let used = canvas.put(area.x, area.y, first, canvas.style(Role::Dim), area.width);
        let room = area.width.saturating_sub(used + 1);
        if self.labels.len() > 1 && room > 0 {
            let text = canvas.look.cells.pad(last, room, Align::Right);
            canvas.put(area.x + used + 1, area.y, &text, canvas.style(Role::Dim), room);
        }
    }
}
