//! How the screen is drawn: what the report is about, then its text.

use super::state::{Reports, layer_key};
use crate::canvas::Canvas;
use crate::screens::state::ready;
use crate::theme::Role;
use crate::widgets::rule;
use ratatui::layout::Rect;

/// Draws it.
pub(super) fn view(screen: &Reports, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height < 4 {
        return;
    }
    screen.tabs.view(canvas, Rect { height: 1, ..area });
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if screen.on_files() {
        return screen.files.view(canvas, area);
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let about = match (&screen.query.object, screen.query.layer) {
        (Some(object), _) => object.clone(),
        (None, Some(layer)) => canvas.text(layer_key(layer), &[]),
        (None, None) => String::new(),
    };
    let run = match (screen.preview.get(), &screen.query.run) {
        (Some(preview), _) => preview.run.clone(),
        (None, Some(run)) => run.clone(),
        (None, None) => canvas.text("reports-newest", &[]),
    };
    // A report on the whole college has nothing that it is about but its kind.
    let what = screen.what(&about);
    let head = if what.is_empty() { run } else { canvas.text("reports-head", &[("what", &what), ("run", &run)]) };
    canvas.put(inner.x, inner.y, &head, canvas.style(Role::Dim), inner.width);
    if screen.preview.is_loading() {
        canvas.right(Rect { height: 1, ..inner }, canvas.spinner(), canvas.style(Role::Accent));
    }
    let mut top = 1;
    if let Some(preview) = screen.preview.get() {
        for (holds, key) in [(preview.synthetic, "reports-synthetic"), (preview.unverified, "reports-unverified")] {
            if holds && top + 2 < area.height {
                let text = canvas.text(key, &[("warning", canvas.glyphs().warning)]);
                canvas.put(inner.x, inner.y + top, &text, canvas.style(Role::Warn), inner.width);
                top += 1;
            }
        }
    }
    rule(canvas, Rect { y: area.y + top, height: 1, ..area });
    let body = Rect { y: area.y + top + 1, height: area.height - top - 1, ..inner };
    if ready(canvas, body, &screen.preview).is_some() {
        screen.text.view(canvas, body);
    }
}
