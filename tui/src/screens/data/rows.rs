//! What stands behind a tab: a table whose rows come from the API piece by piece, or all at once.

use crate::app::{Answer, Cx, Load, ScreenEvent, State};
use crate::canvas::Canvas;
use crate::screens::beside;
use crate::screens::listing::Listing;
use crate::screens::table::{self, Hit};
use crate::widgets::{DataTable, Motion};
use crossterm::event::MouseEvent;
use ratatui::layout::Rect;
use serde::de::DeserializeOwned;
use zhengai_wire::Call;

/// A table that fills itself.
pub(super) trait Rows {
    /// Asks for rows that are missing.
    fn more(&mut self, cx: &mut Cx<'_>);
    /// Asks for all of it anew; the cursor stays where it is.
    fn refresh(&mut self, cx: &mut Cx<'_>);
    /// Takes an answer when it is one of this table, and says whether it was.
    fn take(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> bool;
    fn apply(&mut self, motion: Motion, cx: &mut Cx<'_>);
    /// Moves by the wheel and by clicks; gives whether the row under the cursor is to be opened.
    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) -> bool;
    /// Lets the person look for a row.
    fn find(&self, cx: &mut Cx<'_>);
    /// Puts the cursor on the row that was found.
    fn select(&mut self, key: &str);
    fn view(&self, canvas: &mut Canvas<'_>, area: Rect);
}

impl<W: Clone + DeserializeOwned, R> Rows for Listing<W, R> {
    fn more(&mut self, cx: &mut Cx<'_>) {
        Listing::more(self, cx);
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        Listing::refresh(self, cx);
    }

    fn take(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> bool {
        Listing::take(self, answer, cx)
    }

    fn apply(&mut self, motion: Motion, cx: &mut Cx<'_>) {
        Listing::apply(self, motion, cx);
    }

    fn mouse(&mut self, mouse: &MouseEvent, cx: &mut Cx<'_>) -> bool {
        Listing::mouse(self, mouse, cx)
    }

    fn find(&self, cx: &mut Cx<'_>) {
        table::find(&self.table, cx);
    }

    fn select(&mut self, key: &str) {
        self.table.select(key);
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        Listing::view(self, canvas, area);
    }
}

/// A table whose rows come all at once.
pub(super) struct Whole<R> {
    pub(super) table: DataTable<R>,
    load: Load<Vec<R>>,
    ask: fn() -> Call<Vec<R>>,
}

impl<R> Whole<R> {
    pub(super) fn new(table: DataTable<R>, ask: fn() -> Call<Vec<R>>) -> Self {
        Self { table, load: Load::default(), ask }
    }
}

impl<R: Clone + DeserializeOwned> Rows for Whole<R> {
    fn more(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.load.state(), State::Empty) {
            self.refresh(cx);
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.load, (self.ask)());
    }

    fn take(&mut self, answer: &Answer, _: &mut Cx<'_>) -> bool {
        let taken = self.load.take(answer);
        if let Some(rows) = self.load.get().filter(|_| taken) {
            self.table.set_rows(rows.clone());
        }
        taken
    }

    fn apply(&mut self, motion: Motion, _: &mut Cx<'_>) {
        self.table.apply(motion);
    }

    fn mouse(&mut self, mouse: &MouseEvent, _: &mut Cx<'_>) -> bool {
        table::drive(&mut self.table, &ScreenEvent::Mouse(*mouse)) == Hit::Open
    }

    fn find(&self, cx: &mut Cx<'_>) {
        table::find(&self.table, cx);
    }

    fn select(&mut self, key: &str) {
        self.table.select(key);
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        beside::rows(canvas, area, &self.table, &self.load);
    }
}
