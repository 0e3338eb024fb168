//! Stands where a screen is not there yet: its name, and the way to the others.

use crate::app::{Answer, Command, Cx, Handled, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;

/// A screen that is not there yet.
pub(crate) struct Placeholder {
    id: ScreenId,
}

impl Placeholder {
    pub(crate) fn new(id: ScreenId) -> Self {
        Self { id }
    }
}

impl Screen for Placeholder {
    fn id(&self) -> ScreenId {
        self.id
    }

    fn open(&mut self, _: &mut Cx<'_>) {}

    fn update(&mut self, _: &ScreenEvent, _: &mut Cx<'_>) -> Handled {
        Handled::No
    }

    fn answer(&mut self, _: &Answer, _: &mut Cx<'_>) {}

    fn commands(&self) -> Vec<Command> {
        Vec::new()
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (text, dim) = (canvas.text("screen-not-yet", &[]), canvas.style(Role::Dim));
        canvas.put(area.x + 1, area.y + 1, &text, dim, area.width.saturating_sub(2));
    }
}
