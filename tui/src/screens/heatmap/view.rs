//! Drawing the heat map: what is shown in one line, the map, what the cell under the cursor says, what the signs mean.

use super::state::Heat;
use crate::app::State;
use crate::canvas::Canvas;
use crate::screens::indicator::told;
use crate::theme::Role;
use crate::widgets::heat_map::absent;
use crate::widgets::{HeatState, rule};
use ratatui::layout::Rect;
use zhengai_wire::heatmap::{CellState, Order};

pub(super) fn draw(screen: &Heat, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 || area.width < 4 {
        return;
    }
    title(screen, canvas, Rect { height: 1, ..area });
    let failure = screen.page.failure();
    if let Some(failure) = failure {
        let text = canvas.failure(failure);
        let lines = canvas.cells().wrap(&text, area.width.saturating_sub(2));
        for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
            canvas.put(area.x + 1, y, &line, canvas.style(Role::Bad), area.width.saturating_sub(2));
        }
        return;
    }
    if matches!(screen.page.state(), State::Empty | State::Loading) && screen.head.is_none() {
        let text = canvas.text("tui-loading", &[]);
        if area.height > 1 {
            canvas.put(area.x + 2, area.y + 1, &text, canvas.style(Role::Dim), area.width.saturating_sub(2));
        }
        return;
    }
    // What the cell says and what the signs mean need four rows; the map has the rest.
    let below = 4.min(area.height.saturating_sub(4));
    let map = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + below), ..area };
    if screen.rows.total() == Some(0) {
        let text = canvas.text("heatmap-empty", &[]);
        canvas.put(map.x + 2, map.y, &text, canvas.style(Role::Dim), map.width.saturating_sub(2));
    } else {
        screen.map.view(canvas, map, screen);
    }
    let foot = Rect { y: map.bottom(), height: area.bottom().saturating_sub(map.bottom()), ..area };
    if foot.height > 0 {
        rule(canvas, foot);
        let inner = Rect { x: foot.x + 1, y: foot.y + 1, width: foot.width.saturating_sub(2), height: foot.height - 1 };
        detail(screen, canvas, inner);
    }
}

/// Which heat map this is.
fn title(screen: &Heat, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(head) = &screen.head else { return };
    let order = match screen.query.sort.unwrap_or_default() {
        Order::Worst => "heatmap-by-worst",
        Order::Name => "heatmap-by-name",
        Order::Id => "heatmap-by-id",
    };
    let kind = head.kinds.iter().find(|kind| kind.id == head.kind).map_or(head.kind.as_str(), |kind| &kind.label);
    let period = match &screen.query.period {
        Some(id) => head.periods.iter().find(|one| one.id == *id).map_or(id.clone(), |one| one.label.clone()),
        None => canvas.text("heatmap-newest", &[]),
    };
    let mut parts = vec![
        canvas.text(
            "heatmap-size",
            &[
                ("kind", kind),
                ("objects", &head.page.total.to_string()),
                ("indicators", &head.columns.len().to_string()),
            ],
        ),
        canvas.text("heatmap-run", &[("period", &head.run.period_name), ("run", &head.run.id)]),
        period,
        canvas.text(order, &[]),
    ];
    for (key, value) in [("heatmap-unit", &screen.query.unit), ("heatmap-search", &screen.query.search)] {
        if let Some(value) = value {
            parts.insert(1, canvas.text(key, &[("value", &told::named(value, canvas.texts))]));
        }
    }
    let style = canvas.style(Role::Dim);
    canvas.put(area.x + 1, area.y, &parts.join("  "), style, area.width.saturating_sub(2));
}

/// What stands under the cursor, in words.
fn detail(screen: &Heat, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let (Some(object), Some(column), Some(cell)) = (screen.object(), screen.indicator(), screen.value()) else {
        return;
    };
    let name = canvas.text(
        "heatmap-of",
        &[("object", &object.name), ("id", &object.object), ("indicator", &column.name), ("code", &column.code)],
    );
    canvas.put(area.x, area.y, &name, canvas.style(Role::Title), area.width);
    let mut words: Vec<(String, Role)> = Vec::new();
    match (cell.state, &cell.value) {
        (CellState::Number, Some(value)) => {
            words.push((canvas.text("heatmap-value", &[("value", value), ("unit", &column.unit)]), Role::Text));
            let verdict = cell.verdict.as_deref().unwrap_or("unjudged");
            let role = match verdict {
                "achieved" => Role::Good,
                "met" => Role::Met,
                "unmet" => Role::Bad,
                _ => Role::Absent,
            };
            words.push((canvas.text(&format!("verdict-{verdict}"), &[]), role));
        }
        _ => {
            let (_, key) = absent(state(cell.state), canvas.glyphs());
            let key = if cell.state == CellState::None { "heatmap-none" } else { key };
            words.push((canvas.text(key, &[]), Role::Absent));
            words.extend(cell.gap.clone().map(|gap| (gap, Role::Dim)));
        }
    }
    if let Some(id) = &cell.level {
        let levels = screen.head.as_ref().map(|head| head.levels.as_slice()).unwrap_or_default();
        let at = levels.iter().position(|level| level.id == *id);
        let label = at.and_then(|at| levels.get(at)).map_or(id.as_str(), |level| &level.label);
        let text = canvas.text("heatmap-level", &[("sign", canvas.glyphs().warning), ("level", label)]);
        words.push((text, Role::of_severity(at.map_or(0, |at| at + 1), levels.len())));
    }
    if let Some(standard) = &cell.standard {
        words.push((canvas.text("heatmap-standard", &[("standard", standard)]), Role::Dim));
        if !cell.verified {
            words.push((canvas.text("heatmap-unverified", &[]), Role::Warn));
        }
    }
    words.extend(cell.period.clone().map(|period| (period, Role::Dim)));
    let styled: Vec<(String, ratatui::style::Style)> =
        words.into_iter().map(|(text, role)| (format!("{text}  "), canvas.style(role))).collect();
    let pieces: Vec<(&str, ratatui::style::Style)> =
        styled.iter().map(|(text, style)| (text.as_str(), *style)).collect();
    if area.height > 1 {
        canvas.line(Rect { y: area.y + 1, height: 1, ..area }, &pieces);
    }
    if area.height > 2 {
        legend(canvas, Rect { y: area.y + 2, height: 1, ..area });
    }
}

fn state(state: CellState) -> HeatState {
    match state {
        CellState::NoData => HeatState::NoData,
        CellState::Undetermined => HeatState::Undetermined,
        CellState::NotApplicable => HeatState::NotApplicable,
        CellState::NotDue => HeatState::NotDue,
        CellState::Number | CellState::None => HeatState::Loading,
    }
}

/// What the signs mean.
fn legend(canvas: &mut Canvas<'_>, area: Rect) {
    let glyphs = canvas.glyphs();
    let mut parts: Vec<(String, Role)> = Vec::new();
    for (heat, key) in [(4, "heatmap-heat-4"), (3, "heatmap-heat-3"), (2, "verdict-unmet"), (1, "verdict-met")] {
        parts.push((format!("{} {}", glyphs.shade(heat), canvas.text(key, &[])), Role::Heat(heat)));
    }
    for state in [HeatState::NoData, HeatState::Undetermined, HeatState::NotApplicable, HeatState::NotDue] {
        let (glyph, key) = absent(state, glyphs);
        parts.push((format!("{glyph} {}", canvas.text(key, &[])), Role::Absent));
    }
    let mut x = area.x;
    for (text, role) in parts {
        let width = canvas.cells().width(&text);
        if x + width > area.right() {
            break;
        }
        x += canvas.put(x, area.y, &text, canvas.style(role), width) + 2;
    }
}
