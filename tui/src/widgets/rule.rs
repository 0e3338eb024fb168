//! Lines between regions, and the scroll bar. There are no boxes: one line says as much and survives ASCII.

use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;

/// A line over the first row of an area.
pub fn rule(canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let line = canvas.glyphs().rule.repeat(usize::from(area.width));
    canvas.put(area.x, area.y, &line, canvas.style(Role::Rule), area.width);
}

/// A line with the name of the region under it.
pub fn titled_rule(canvas: &mut Canvas<'_>, area: Rect, title: &str, role: Role) {
    if area.height == 0 {
        return;
    }
    rule(canvas, area);
    let shown = format!(" {title} ");
    let room = area.width.saturating_sub(2);
    if room > 4 {
        canvas.put(area.x + 2, area.y, &shown, canvas.style(role), room);
    }
}

/// A line down the first column of an area.
pub fn divider(canvas: &mut Canvas<'_>, area: Rect) {
    if area.width == 0 {
        return;
    }
    for y in area.top()..area.bottom() {
        canvas.put(area.x, y, canvas.glyphs().divider, canvas.style(Role::Rule), 1);
    }
}

/// A scroll bar in the last column of an area, when there is more than it shows.
pub fn scroll_bar(canvas: &mut Canvas<'_>, area: Rect, top: u64, shown: u64, total: u64) {
    if total <= shown || area.height == 0 || area.width == 0 {
        return;
    }
    let height = u64::from(area.height);
    let size = (height * shown / total).clamp(1, height);
    let most = total - shown;
    let at = ((height - size) * top.min(most)).checked_div(most).unwrap_or(0);
    let [thumb, track] = canvas.glyphs().scroll;
    for line in 0..area.height {
        let inside = (at..at + size).contains(&u64::from(line));
        let glyph = if inside { thumb } else { track };
        canvas.put(area.right() - 1, area.y + line, glyph, canvas.style(Role::Rule), 1);
    }
}
