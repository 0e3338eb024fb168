//! What screens with a table have in common: moves, marks, columns, the mouse.

use crate::app::{Answer, Choice, Cx, Load, Pick, ScreenEvent};
use crate::keymap::Action;
use crate::theme::Look;
use crate::widgets::{Brush, Click, DataTable, Motion};
use crossterm::event::{MouseButton, MouseEventKind};
use serde::de::DeserializeOwned;
use zhengai_wire::Page;

/// What an event did to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hit {
    /// The cursor moved, or rows were marked.
    Moved,
    /// The order changed: rows that are not all here must be asked for again.
    Sorted,
    /// The row of the cursor is to be opened.
    Open,
    /// Nothing.
    Missed,
}

/// What an answer was to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    /// Rows: what else the window wants may be asked for.
    Rows,
    /// A refusal. What was refused is asked again only when a person does something.
    Refusal,
    /// The answer to another question.
    Nothing,
}

/// Puts the rows of an answer into a table, when it is the answer that the table waits for.
pub(crate) fn take<T: DeserializeOwned, R>(
    load: &mut Load<T>,
    table: &mut DataTable<R>,
    answer: &Answer,
    rows: impl FnOnce(&T) -> Page<R>,
) -> Came {
    if !load.take(answer) {
        return Came::Nothing;
    }
    match (load.failure(), load.get()) {
        (None, Some(value)) => {
            table.put(rows(value));
            Came::Rows
        }
        _ => {
            table.failed();
            Came::Refusal
        }
    }
}

/// Gives an event to a table.
pub(crate) fn drive<R>(table: &mut DataTable<R>, event: &ScreenEvent) -> Hit {
    match event {
        ScreenEvent::Do(Action::Mark) => table.mark(),
        ScreenEvent::Do(Action::MarkUp) => table.mark_to(Motion::Up),
        ScreenEvent::Do(Action::MarkDown) => table.mark_to(Motion::Down),
        ScreenEvent::Do(Action::Columns) => table.toggle_wide(),
        ScreenEvent::Do(Action::Sort) => {
            table.sort_next();
            return Hit::Sorted;
        }
        ScreenEvent::Do(Action::SortTurn) => {
            table.sort_turn();
            return Hit::Sorted;
        }
        ScreenEvent::Do(action) => match action.motion() {
            Some(motion) => table.apply(motion),
            None => return Hit::Missed,
        },
        ScreenEvent::Mouse(mouse) => match mouse.kind {
            MouseEventKind::ScrollUp => table.apply(Motion::WheelUp),
            MouseEventKind::ScrollDown => table.apply(Motion::WheelDown),
            MouseEventKind::Down(MouseButton::Left) => match table.click(mouse.column, mouse.row) {
                Some(Click::Row(_)) => {}
                Some(Click::Again(_)) => return Hit::Open,
                Some(Click::Head(id)) => {
                    table.sort_by(&id);
                    return Hit::Sorted;
                }
                None => return Hit::Missed,
            },
            _ => return Hit::Missed,
        },
        _ => return Hit::Missed,
    }
    Hit::Moved
}

/// Tag of the choice of a row to go to.
pub(crate) const FOUND: &str = "found-row";

/// Lets the person look for a row among those that are here, by whatever stands in it: Chinese, pinyin, initials, ids.
pub(crate) fn find<R>(table: &DataTable<R>, cx: &mut Cx<'_>) {
    let look = Look::default();
    let words = table.words(&Brush { look: &look, texts: cx.texts });
    let chosen = table.key_here().into_iter().collect();
    let choices = words.into_iter().map(|(key, first, rest)| Choice::new(key, first).detail(rest)).collect();
    let whole = table.pages().is_whole();
    let title = cx.text(if whole { "find-title" } else { "find-title-part" }, &[]);
    cx.pick(Pick { tag: FOUND.to_owned(), title, choices, chosen, ..Pick::default() });
}
