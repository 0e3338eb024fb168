//! A list and what stands behind the thing under the cursor: beside each other on a wide screen, in turns on a narrow one.

use crate::app::Load;
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::state::ready;
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

/// What an action did here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The cursor of the list moved: the panel is about another thing.
    Row,
    /// The keys go elsewhere, or the panel scrolled.
    Here,
    /// Nothing.
    Missed,
}

/// Moves what has the focus, and the focus itself.
pub(crate) fn turn<R>(action: Action, table: &mut DataTable<R>, panel: &mut TextView, focus: &mut Focus) -> Turn {
    match (action, *focus) {
        (Action::Open, _) => *focus = Focus::Panel,
        (Action::Back, Focus::Panel) => *focus = Focus::List,
        (Action::NextRegion | Action::PreviousRegion, Focus::List) => *focus = Focus::Panel,
        (Action::NextRegion | Action::PreviousRegion, Focus::Panel) => *focus = Focus::List,
        _ => match (action.motion(), *focus) {
            (Some(motion), Focus::List) => {
                table.apply(motion);
                return Turn::Row;
            }
            (Some(motion), Focus::Panel) => panel.apply(motion),
            (None, _) => return Turn::Missed,
        },
    }
    Turn::Here
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
    if ready(canvas, area, list).is_some() {
        table.view(canvas, area);
    }
}
