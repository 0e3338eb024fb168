//! A list and what stands behind the thing under the cursor: beside each other on a wide screen, in turns on a narrow one.

use crate::app::{Load, State};
use crate::canvas::Canvas;
use crate::screens::warnings::{failed, waiting};
use crate::widgets::{DataTable, TextView, divider};
use ratatui::layout::Rect;

/// From this width on both are shown.
const WIDE: u16 = 100;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Focus {
    /// The list.
    #[default]
    List,
    /// What stands behind one.
    Panel,
}

impl Focus {
    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::List => Self::Panel,
            Self::Panel => Self::List,
        }
    }
}

/// Draws both, or the one that has the focus.
pub(crate) fn draw<R, T>(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (table, list): (&DataTable<R>, &Load<T>),
    panel: &TextView,
    focus: Focus,
) {
    if area.width < WIDE {
        return match focus {
            Focus::List => rows(canvas, area, table, list),
            Focus::Panel => panel.view(canvas, area),
        };
    }
    let left = Rect { width: area.width * 3 / 5, ..area };
    rows(canvas, left, table, list);
    divider(canvas, Rect { x: left.right(), width: 1, ..area });
    let x = left.right() + 2;
    panel.view(canvas, Rect { x, width: area.right().saturating_sub(x), ..area });
}

/// The list, or why it is not there.
pub(crate) fn rows<R, T>(canvas: &mut Canvas<'_>, area: Rect, table: &DataTable<R>, list: &Load<T>) {
    match list.state() {
        State::Ready(_) => table.view(canvas, area),
        State::Failed(failure) => failed(canvas, area, failure),
        State::Loading | State::Empty => waiting(canvas, area),
    }
}
