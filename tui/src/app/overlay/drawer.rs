//! The drawer of jobs: what runs, how far it is, how long it will take; one key cancels.

use super::list::Cursor;
use super::{Reaction, sheet};
use crate::app::jobs::{Jobs, clock, eta, part, rate};
use crate::canvas::Canvas;
use crate::keymap::{Action, Meaning};
use crate::theme::Role;
use chrono::{DateTime, Utc};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use zhengai_wire::{Job, JobState};

/// Rows of one job: its name, and how far it is.
const ROWS: u16 = 2;
/// Width of a bar.
const BAR: u16 = 24;

#[derive(Default)]
pub(crate) struct Drawer {
    cursor: Cursor,
    rows: Cell<Rect>,
}

impl Drawer {
    pub(crate) fn key(&mut self, meaning: &Meaning, jobs: &Jobs) -> Reaction {
        let all = jobs.all();
        match meaning {
            Meaning::Act(Action::Jobs | Action::Back) => Reaction::Close,
            Meaning::Act(Action::Remove) => match all.get(self.cursor.at()).filter(|job| !job.state.is_over()) {
                Some(job) => Reaction::CancelJob(job.id.clone()),
                None => Reaction::Stay,
            },
            Meaning::Act(action) if self.cursor.act(*action, all.len()) => Reaction::Stay,
            _ => Reaction::Ignored,
        }
    }

    pub(crate) fn mouse(&mut self, mouse: &MouseEvent, jobs: &Jobs) -> Reaction {
        let (rows, count) = (self.rows.get(), jobs.all().len());
        match mouse.kind {
            MouseEventKind::ScrollUp => drop(self.cursor.act(Action::Up, count)),
            MouseEventKind::ScrollDown => drop(self.cursor.act(Action::Down, count)),
            MouseEventKind::Down(MouseButton::Left) if rows.contains(Position::new(mouse.column, mouse.row)) => {
                let row = self.cursor.row(usize::from((mouse.row - rows.y) / ROWS));
                self.cursor.set(row.min(count.saturating_sub(1)));
            }
            MouseEventKind::Down(MouseButton::Left) => return Reaction::Close,
            _ => {}
        }
        Reaction::Stay
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>, area: Rect, jobs: &Jobs, now: DateTime<Utc>) {
        let all = jobs.all();
        let height = u16::try_from(all.len().max(1)).unwrap_or(u16::MAX).saturating_mul(ROWS).saturating_add(1);
        let title = canvas.text("jobs-title", &[]);
        let inner = sheet(canvas, area, &title, 76.min(area.width), height.min(area.height.saturating_sub(3)));
        let dim = canvas.style(Role::Dim);
        if all.is_empty() {
            let none = canvas.text("jobs-none", &[]);
            canvas.line(inner, &[(&none, dim)]);
            return;
        }
        let rows = Rect { height: inner.height.saturating_sub(1), ..inner };
        self.rows.set(rows);
        for (line, place) in self.cursor.window(all.len(), usize::from(rows.height / ROWS)).enumerate() {
            let y = rows.y + u16::try_from(line).unwrap_or(u16::MAX).saturating_mul(ROWS);
            if let Some(job) = all.get(place) {
                row(
                    canvas,
                    Rect { y, height: ROWS.min(rows.bottom().saturating_sub(y)), ..rows },
                    job,
                    now,
                    place == self.cursor.at(),
                );
            }
        }
        let keys = canvas.text("jobs-keys", &[]);
        canvas.put(inner.x, inner.bottom().saturating_sub(1), &keys, dim, inner.width);
    }
}

fn row(canvas: &mut Canvas<'_>, area: Rect, job: &Job, now: DateTime<Utc>, here: bool) {
    let kind_key = format!("job-kind-{}", job.kind);
    let kind = if canvas.texts.has(&kind_key) { canvas.text(&kind_key, &[]) } else { job.kind.clone() };
    let (state_key, role) = match job.state {
        JobState::Queued => ("job-queued", Role::Dim),
        JobState::Running => ("job-running", Role::Accent),
        JobState::Cancelling => ("job-cancelling", Role::Warn),
        JobState::Done => ("job-done", Role::Good),
        JobState::Failed => ("job-failed", Role::Bad),
        JobState::Cancelled => ("job-cancelled", Role::Warn),
    };
    let state = canvas.text(state_key, &[]);
    let select = |style, canvas: &Canvas<'_>| if here { canvas.look.selected(style) } else { style };
    let (text, dim, tone) = (
        select(canvas.style(Role::Text), canvas),
        select(canvas.style(Role::Dim), canvas),
        select(canvas.style(role), canvas),
    );
    if here {
        canvas.fill(Rect { height: 1.min(area.height), ..area }, text);
    }
    let pointer = if here { canvas.glyphs().pointer } else { " " };
    let first = Rect { height: 1.min(area.height), ..area };
    let width = canvas.cells().width(&state);
    let left = Rect { width: first.width.saturating_sub(width + 1), ..first };
    canvas.line(left, &[(pointer, text), (" ", text), (&kind, text), (" ", text), (&job.subject, dim)]);
    canvas.right(first, &state, tone);
    if area.height < 2 {
        return;
    }
    let mut x = area.x + 2;
    let y = area.y + 1;
    let dim = canvas.style(Role::Dim);
    if let Some(problem) = &job.problem {
        let bad = canvas.style(Role::Bad);
        canvas.put(x, y, &problem.detail, bad, area.right().saturating_sub(x));
        return;
    }
    if let Some(part) = part(job) {
        let bar = canvas.glyphs().bar;
        let step = canvas.cells().width(bar[0]).max(1);
        let full = (part * f64::from(BAR)).round() as u16;
        for cell in (0..BAR).step_by(usize::from(step)) {
            let (glyph, role) = if cell < full { (bar[0], Role::Accent) } else { (bar[1], Role::Rule) };
            let style = canvas.style(role);
            canvas.put(x + cell, y, glyph, style, area.right().saturating_sub(x + cell));
        }
        x += BAR + 1;
        let percent = canvas.text("job-percent", &[("percent", &format!("{:.0}", part * 100.0))]);
        x += canvas.put(x, y, &percent, dim, area.right().saturating_sub(x)) + 1;
    }
    let done = job.progress.done.to_string();
    let count = match job.progress.total {
        Some(total) => canvas.text("job-count", &[("done", &done), ("total", &total.to_string())]),
        None => done,
    };
    let mut pieces = vec![job.progress.stage.clone(), count];
    if let Some(rate) = rate(job, now).filter(|rate| *rate >= 1.0) {
        pieces.push(canvas.text("job-rate", &[("rate", &format!("{rate:.0}"))]));
    }
    if let Some(eta) = eta(job, now).filter(|_| !job.state.is_over()) {
        pieces.push(canvas.text("job-eta", &[("time", &clock(eta))]));
    }
    if let (Some(begun), Some(ended)) = (job.started_at, job.ended_at) {
        pieces.push(canvas.text("job-took", &[("time", &clock(ended - begun))]));
    }
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        x += canvas.put(x, y, piece, dim, area.right().saturating_sub(x)) + 2;
    }
}
