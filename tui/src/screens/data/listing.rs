//! A table whose rows come from the API piece by piece.

use crate::app::{Answer, Cx, Load};
use crate::canvas::Canvas;
use crate::theme::Role;
use crate::widgets::{Click, DataTable, Motion};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use serde::de::DeserializeOwned;
use zhengai_wire::{Call, Page, PageQuery};

type Ask<W> = Box<dyn Fn(PageQuery) -> Call<Page<W>>>;

/// A table with the question that fills it. `W` is what crosses the wire, `R` what a row is here.
pub(super) struct Listing<W, R> {
    pub(super) table: DataTable<R>,
    load: Load<Page<W>>,
    ask: Ask<W>,
    make: fn(W) -> R,
}

impl<W: Clone + DeserializeOwned, R> Listing<W, R> {
    pub(super) fn new(
        table: DataTable<R>,
        make: fn(W) -> R,
        ask: impl Fn(PageQuery) -> Call<Page<W>> + 'static,
    ) -> Self {
        Self { table, load: Load::default(), ask: Box::new(ask), make }
    }

    /// Asks for rows that are missing in the window.
    pub(super) fn more(&mut self, cx: &mut Cx<'_>) {
        if let Some(piece) = self.table.wanted() {
            cx.load(&mut self.load, (self.ask)(piece));
        }
    }

    /// Asks for all of it anew; the cursor stays where it is.
    pub(super) fn refresh(&mut self, cx: &mut Cx<'_>) {
        let at = self.table.cursor();
        self.table.reset();
        self.load.clear();
        self.table.set_cursor(at);
        self.more(cx);
    }

    /// Takes an answer when it is one of this list, and says whether it was.
    pub(super) fn take(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> bool {
        if !self.load.take(answer) {
            return false;
        }
        match (self.load.failure(), self.load.get().cloned()) {
            (None, Some(page)) => {
                let items = page.items.into_iter().map(self.make).collect();
                self.table.put(Page { items, total: page.total, offset: page.offset });
                self.more(cx);
            }
            _ => self.table.failed(),
        }
        true
    }

    pub(super) fn apply(&mut self, motion: Motion, cx: &mut Cx<'_>) {
        self.table.apply(motion);
        self.more(cx);
    }

    /// Moves by the wheel and by clicks; gives whether the row under the cursor is to be opened.
    pub(super) fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) -> bool {
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

    pub(super) fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.table.view(canvas, area);
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if self.table.pages().total().is_some() || below.height == 0 {
            return;
        }
        let (text, role) = match self.load.failure() {
            Some(failure) => (canvas.failure(failure), Role::Bad),
            None => (canvas.text("data-loading", &[]), Role::Dim),
        };
        let style = canvas.style(role);
        for (line, y) in
            canvas.cells().wrap(&text, area.width.saturating_sub(3)).iter().zip(below.top()..below.bottom())
        {
            canvas.put(area.x + 2, y, line, style, area.width.saturating_sub(2));
        }
    }
}
