//! A table whose rows come from the API piece by piece.

use crate::app::{Answer, Cx, Load, ScreenEvent};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::state;
use crate::screens::table::{self, Came, Hit};
use crate::widgets::{Click, DataTable, Motion};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use serde::de::DeserializeOwned;
use zhengai_wire::{Call, Page, PageQuery};

type Ask<W> = Box<dyn Fn(PageQuery) -> Call<Page<W>>>;

/// A table with the question that fills it. `W` is what crosses the wire, `R` what a row is here.
pub(crate) struct Listing<W, R> {
    pub(crate) table: DataTable<R>,
    load: Load<Page<W>>,
    ask: Ask<W>,
    make: fn(W) -> R,
}

impl<W: Clone + DeserializeOwned, R> Listing<W, R> {
    pub(crate) fn new(
        table: DataTable<R>,
        make: fn(W) -> R,
        ask: impl Fn(PageQuery) -> Call<Page<W>> + 'static,
    ) -> Self {
        Self { table, load: Load::default(), ask: Box::new(ask), make }
    }

    /// Asks for rows that are missing in the window.
    pub(crate) fn more(&mut self, cx: &mut Cx<'_>) {
        if let Some(piece) = self.table.wanted() {
            cx.load(&mut self.load, (self.ask)(piece));
        }
    }

    /// Asks for all of it anew; the cursor stays where it is.
    pub(crate) fn refresh(&mut self, cx: &mut Cx<'_>) {
        let at = self.table.cursor();
        self.table.reset();
        self.load.clear();
        self.table.set_cursor(at);
        self.more(cx);
    }

    /// Takes an answer when it is one of this list, and says whether it was.
    pub(crate) fn take(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> bool {
        let make = self.make;
        let rows = |page: &Page<W>| Page {
            items: page.items.iter().cloned().map(make).collect(),
            total: page.total,
            offset: page.offset,
        };
        let came = table::take(&mut self.load, &mut self.table, answer, rows);
        if came == Came::Rows {
            self.more(cx);
        }
        came != Came::Nothing
    }

    pub(crate) fn apply(&mut self, motion: Motion, cx: &mut Cx<'_>) {
        self.table.apply(motion);
        self.more(cx);
    }

    /// What lists do: moves, marks, sorts, copies the keys of its rows, asks anew.
    pub(crate) fn drive(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Hit {
        match event {
            ScreenEvent::Do(Action::Refresh) | ScreenEvent::Resumed => self.refresh(cx),
            ScreenEvent::Do(Action::Copy) => cx.copy(self.table.chosen().join("\n")),
            _ => {
                let hit = table::drive(&mut self.table, event);
                self.more(cx);
                return hit;
            }
        }
        Hit::Moved
    }

    /// Moves by the wheel and by clicks; gives whether the row under the cursor is to be opened.
    pub(crate) fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) -> bool {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.apply(Motion::WheelUp, cx),
            MouseEventKind::ScrollDown => self.apply(Motion::WheelDown, cx),
            MouseEventKind::Down(MouseButton::Left) => {
                return matches!(self.table.click(mouse.column, mouse.row), Some(Click::Again(_)));
            }
            _ => {}
        }
        false
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.table.view(canvas, area);
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if self.table.pages().total().is_some() || below.height == 0 {
            return;
        }
        match self.load.failure() {
            Some(failure) => state::failed(canvas, below, failure),
            None => state::waiting(canvas, below),
        }
    }
}
