//! A bar for how far something is, with the number beside it.

use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;

/// How far something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gauge {
    /// Done so far.
    pub done: u64,
    /// To be done in all; none when that is not known.
    pub total: Option<u64>,
    /// What the bar means: its colour.
    pub role: Role,
}

impl Gauge {
    /// A gauge.
    pub fn new(done: u64, total: Option<u64>) -> Self {
        Self { done, total, role: Role::Accent }
    }

    /// In the colour of a role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// In hundredths, never more than 100, and 100 only when all is done.
    pub fn percent(&self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((u128::from(self.done.min(total)) * 100 / u128::from(total)) as u64)
    }

    /// Draws bar and number into the first row of an area. Without a total, a part of the bar wanders with the beat.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let label = self.percent().map_or_else(|| self.done.to_string(), |percent| format!("{percent:>3}%"));
        let beside = canvas.look.cells.width(&label);
        let [full, empty] = canvas.glyphs().bar;
        let bar = area.width.saturating_sub(beside + 1);
        let filled = self.percent().map(|percent| u16::try_from(u64::from(bar) * percent / 100).unwrap_or(bar));
        for x in 0..bar {
            let on = match filled {
                Some(filled) => x < filled,
                None => u64::from(x) % u64::from(bar.max(1)) == canvas.beat % u64::from(bar.max(1)),
            };
            let (glyph, role) = if on { (full, self.role) } else { (empty, Role::Rule) };
            canvas.put(area.x + x, area.y, glyph, canvas.style(role), 1);
        }
        let at = if bar == 0 { 0 } else { bar + 1 };
        canvas.put(area.x + at, area.y, &label, canvas.style(Role::Text), area.width.saturating_sub(at));
    }
}

#[cfg(test)]
mod tests {
    use super::Gauge;

    #[test]
    fn a_hundred_percent_is_shown_only_when_all_is_done() {
        for (done, total, percent) in [
            (0, Some(3), Some(0)),
            (999, Some(1000), Some(99)),
            (1000, Some(1000), Some(100)),
            (7, Some(3), Some(100)),
            (7, None, None),
            (0, Some(0), None),
        ] {
            assert_eq!(Gauge::new(done, total).percent(), percent, "{done} {total:?}");
        }
    }
}
