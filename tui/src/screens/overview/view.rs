//! Drawing the overview: three regions beside and below each other on a wide screen, two rows on a usual one, tabs on a
//! narrow one.

use super::state::{Overview, Region};
use crate::app::State;
use crate::canvas::Canvas;
use crate::theme::Role;
use crate::widgets::input::Focus;
use crate::widgets::motion::window;
use crate::widgets::rule::scroll_bar;
use crate::widgets::trend::Mark;
use crate::widgets::{Curve, Gauge, Trend, titled_rule};
use chrono::{DateTime, Utc};
use ratatui::layout::Rect;
use zhengai_wire::overview::{self as wire, share_met};

/// From this size on all regions are shown at once.
const USUAL: (u16, u16) = (78, 19);
/// From this width on the trend stands beside the tiles.
const WIDE: u16 = 118;

pub(super) fn draw(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect) {
    let found = match screen.data.state() {
        State::Ready(found) => found,
        State::Failed(failure) => {
            let text = canvas.failure(failure);
            for (y, line) in (area.top()..area.bottom()).zip(canvas.cells().wrap(&text, area.width.saturating_sub(2))) {
                canvas.put(area.x + 1, y, &line, canvas.style(Role::Bad), area.width.saturating_sub(2));
            }
            return;
        }
        State::Empty | State::Loading => {
            skeleton(canvas, area);
            return;
        }
    };
    screen.list.set(Rect::default());
    screen.chart.set(Rect::default());
    if area.width >= WIDE && area.height >= USUAL.1 {
        wide(screen, canvas, area, found);
    } else if area.width >= USUAL.0 && area.height >= USUAL.1 {
        usual(screen, canvas, area, found);
    } else {
        narrow(screen, canvas, area, found);
    }
}

/// What is seen before the first answer: the shape of what comes.
fn skeleton(canvas: &mut Canvas<'_>, area: Rect) {
    let text = canvas.text("tui-loading", &[]);
    if area.height > 0 {
        canvas.put(area.x + 2, area.y, &text, canvas.style(Role::Dim), area.width.saturating_sub(2));
    }
}

fn wide(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect, found: &wire::Overview) {
    let height = screen.grid.height().min(area.height);
    let width = (area.width * 2 / 3).max(88).min(area.width - 30);
    tiles(screen, canvas, Rect { width, height, ..area }, found);
    let side = Rect { x: area.x + width + 1, width: area.width - width - 1, height, ..area };
    trend(screen, canvas, side, found);
    let below = Rect { y: area.y + height, height: area.height - height, ..area };
    tasks(screen, canvas, below, found);
}

fn usual(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect, found: &wire::Overview) {
    let height = screen.grid.height().min(area.height);
    tiles(screen, canvas, Rect { height, ..area }, found);
    let rest = Rect { y: area.y + height, height: area.height - height, ..area };
    let half = area.width * 2 / 5;
    trend(screen, canvas, Rect { width: half, ..rest }, found);
    tasks(screen, canvas, Rect { x: rest.x + half + 1, width: rest.width - half - 1, ..rest }, found);
}

fn narrow(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect, found: &wire::Overview) {
    screen.tabs.view(canvas, Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area });
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    match screen.region {
        Region::Tiles => tiles(screen, canvas, body, found),
        Region::Trend => trend(screen, canvas, body, found),
        Region::Tasks => tasks(screen, canvas, body, found),
    }
}

fn tiles(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect, found: &wire::Overview) {
    screen.grid.view(canvas, area, found, Focus::when(screen.region == Region::Tiles));
}

/// Head of a region; the one with the focus is marked.
fn head(canvas: &mut Canvas<'_>, area: Rect, key: &str, here: bool) {
    let title = canvas.text(key, &[]);
    let title = if here { [canvas.glyphs().pointer, &title].join(" ") } else { title };
    titled_rule(canvas, area, &title, if here { Role::Accent } else { Role::Title });
}

fn trend(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect, found: &wire::Overview) {
    screen.chart.set(area);
    if area.height == 0 || area.width < 10 {
        return;
    }
    head(canvas, area, "overview-trend", screen.region == Region::Trend);
    let mut y = area.y + 1;
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    for cycle in found.cycles.iter().take(2) {
        if y + 1 >= area.bottom() {
            return;
        }
        let arguments = [
            ("name", cycle.name.as_str()),
            ("step", &cycle.step),
            ("done", &cycle.done.to_string()),
            ("total", &cycle.total.to_string()),
            ("days", &cycle.days_left.abs().to_string()),
        ];
        let key = if cycle.days_left < 0 { "overview-cycle-over" } else { "overview-cycle" };
        let text = canvas.text(key, &arguments);
        canvas.put(inner.x, y, &text, canvas.style(Role::Text), inner.width);
        Gauge::new(cycle.done, Some(cycle.total)).view(canvas, Rect { y: y + 1, height: 1, ..inner });
        y += 2;
    }
    let chart = Rect { y, height: area.bottom().saturating_sub(y), ..inner };
    if chart.height < 3 {
        return;
    }
    let layer = screen.layer();
    let points = comparable(&found.trend, layer.map(|layer| layer.layer.as_str()));
    let share = |verdicts: Option<&wire::Verdicts>| verdicts.and_then(share_met).map(|share| share as f64 / 10.0);
    let mut curves = vec![Curve {
        name: canvas.text("overview-share", &[]),
        values: points.iter().map(|point| share(Some(&point.verdicts))).collect(),
        role: Role::First,
    }];
    if let Some(layer) = layer {
        curves.push(Curve {
            name: layer.label.clone(),
            values: points.iter().map(|point| share(point.layers.get(layer.layer.as_str()))).collect(),
            role: Role::Third,
        });
    }
    let trend = Trend {
        labels: points.iter().map(|point| point.run.period.clone()).collect(),
        curves,
        marks: Vec::<Mark>::new(),
        breaks: Vec::new(),
        decimals: 1,
    };
    trend.view(canvas, chart);
}

/// The points of one line: a term and a year are not compared. Of the kinds of period the one that has most points of the
/// layer, the one with the newest where two have as many.
fn comparable<'a>(points: &'a [wire::TrendPoint], layer: Option<&str>) -> Vec<&'a wire::TrendPoint> {
    let judged = |point: &&wire::TrendPoint| layer.is_none_or(|layer| point.layers.contains_key(layer));
    let of = |kind| points.iter().filter(move |point| point.kind == kind);
    let kind = points.iter().map(|point| point.kind).max_by_key(|kind| of(*kind).filter(judged).count());
    kind.map_or_else(Vec::new, |kind| of(kind).collect())
}

fn tasks(screen: &Overview, canvas: &mut Canvas<'_>, area: Rect, found: &wire::Overview) {
    if area.height == 0 || area.width < 10 {
        return;
    }
    let here = screen.region == Region::Tasks;
    head(canvas, area, "overview-tasks", here);
    let fresh = &found.freshness;
    let age = match (fresh.fresh_at, screen.now) {
        (Some(at), Some(now)) => age(canvas, at, now),
        _ => canvas.text("tui-no-data", &[]),
    };
    let arguments =
        [("datasets", fresh.datasets.to_string()), ("sources", fresh.sources.len().to_string()), ("age", age)];
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let line = canvas.text("overview-fresh", &arguments);
    if area.height > 1 {
        canvas.put(area.x + 1, area.y + 1, &line, canvas.style(Role::Dim), area.width.saturating_sub(2));
    }
    let list = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    screen.list.set(list);
    let total = screen.tasks.len() as u64;
    if total == 0 && list.height > 0 {
        let text = canvas.text("overview-nothing", &[]);
        let glyph = canvas.glyphs().yes;
        let style = canvas.style(Role::Good);
        canvas.line(
            Rect { x: list.x + 1, width: list.width.saturating_sub(1), ..list },
            &[(glyph, style), (" ", style), (&text, style)],
        );
    }
    let top = window(screen.top.get(), screen.at, total, u64::from(list.height.max(1)));
    screen.top.set(top);
    let skip = usize::try_from(top).unwrap_or(0);
    for ((y, at), task) in (list.top()..list.bottom()).zip(top..).zip(screen.tasks.iter().skip(skip)) {
        let look = canvas.look;
        let on = here && at == screen.at;
        let style = |role: Role| if on { look.selected(look.style(role)) } else { look.style(role) };
        canvas.fill(Rect { y, height: 1, ..list }, style(Role::Text));
        let sign = if on { look.glyphs.pointer } else { " " };
        canvas.put(list.x, y, sign, style(Role::Accent), 1);
        canvas.put(list.x + 1, y, look.glyphs.bullet, style(task.role), 1);
        canvas.put(list.x + 3, y, &task.text, style(Role::Text), list.width.saturating_sub(4));
    }
    scroll_bar(canvas, list, top, u64::from(list.height), total);
}

/// How long ago, in words.
fn age(canvas: &Canvas<'_>, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes().max(0);
    let (key, count) = match minutes {
        0 => return canvas.text("overview-now", &[]),
        1..60 => ("overview-minutes", minutes),
        60..1440 => ("overview-hours", minutes / 60),
        _ => ("overview-days", minutes / 1440),
    };
    canvas.text(key, &[("count", &count.to_string())])
}
