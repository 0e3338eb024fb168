//! What stands in place of a value that is not there: it is on its way, or it was refused.

use crate::app::{Load, State};
use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;
use zhengai_wire::Failure;

/// The value, when it is there; otherwise why not is drawn.
pub(crate) fn ready<'l, T>(canvas: &mut Canvas<'_>, area: Rect, load: &'l Load<T>) -> Option<&'l T> {
    match load.state() {
        State::Ready(value) => return Some(value),
        State::Failed(failure) => failed(canvas, area, failure),
        State::Empty | State::Loading => waiting(canvas, area),
    }
    None
}

/// Something is on its way.
pub(crate) fn waiting(canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let text = [canvas.spinner(), " ", &canvas.text("tui-loading", &[])].concat();
    canvas.put(area.x + 2, area.y, &text, canvas.style(Role::Dim), area.width.saturating_sub(2));
}

/// It did not come.
pub(crate) fn failed(canvas: &mut Canvas<'_>, area: Rect, failure: &Failure) {
    let text = [canvas.glyphs().no, " ", &canvas.failure(failure)].concat();
    for (row, line) in (area.y..area.bottom()).zip(canvas.cells().wrap(&text, area.width.saturating_sub(4))) {
        canvas.put(area.x + 2, row, &line, canvas.style(Role::Bad), area.width.saturating_sub(2));
    }
}
