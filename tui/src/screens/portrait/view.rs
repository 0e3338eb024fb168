//! How it is drawn.

use super::state::Portrait;
use crate::canvas::Canvas;
use crate::screens::indicator::told;
use crate::screens::state::ready;
use crate::screens::warnings::role_of;
use crate::theme::Role;
use crate::widgets::trend::Mark;
use crate::widgets::{Axis, Brush, Column, Curve, Radar, Shown, Trend, Width, divider, titled_rule};
use ratatui::layout::Rect;
use zhengai_wire::objects::{self, PortraitIndicator};

/// From here on, everything stands beside each other.
const WIDE: (u16, u16) = (120, 24);
/// Cells of the radar.
const RADAR: u16 = 52;

/// The columns of the values.
pub(super) fn columns() -> Vec<Column<PortraitIndicator>> {
    vec![
        Column::new("name", "portrait-col-name", |one: &PortraitIndicator, _| one.name.clone())
            .width(Width::Fill(10))
            .order(|a, b| a.name.cmp(&b.name)),
        // An indicator may have values of several periods: rows are told apart by it.
        Column::new("period", "portrait-col-period", |one: &PortraitIndicator, _| Shown::dim(one.period.clone()))
            .width(Width::Fit(12))
            .priority(1),
        Column::new("value", "portrait-col-value", |one: &PortraitIndicator, brush| value(one, brush)).number(),
        Column::new("unit", "portrait-col-unit", |one: &PortraitIndicator, _| Shown::dim(one.unit.clone()))
            .width(Width::Fit(8))
            .priority(7),
        Column::new("verdict", "portrait-col-verdict", |one: &PortraitIndicator, brush| verdict(one, brush))
            .width(Width::Fit(10))
            .priority(2)
            .order(|a, b| a.verdict.cmp(&b.verdict)),
        Column::new("standard", "portrait-col-standard", |one: &PortraitIndicator, brush| standard(one, brush))
            .width(Width::Fit(16))
            .priority(4),
        Column::new("target", "portrait-col-target", |one: &PortraitIndicator, _| {
            one.target.clone().unwrap_or_default()
        })
        .width(Width::Fit(10))
        .priority(5),
        Column::new("percentile", "portrait-col-percentile", |one: &PortraitIndicator, brush| percentile(one, brush))
            .number()
            .priority(3)
            .order(|a, b| standing(a).cmp(&standing(b))),
        Column::new("median", "portrait-col-median", |one: &PortraitIndicator, _| {
            Shown::dim(one.peers.as_ref().map(|peers| peers.median.clone()).unwrap_or_default())
        })
        .number()
        .priority(6),
    ]
}

fn standing(one: &PortraitIndicator) -> Option<u8> {
    one.peers.as_ref()?.percentile
}

/// A value, or the sign and the word of why there is none: 无数据, 不适用, 未到期 and 0 never look alike.
fn value(one: &PortraitIndicator, brush: &Brush<'_>) -> Shown {
    match (&one.value, one.state.as_str()) {
        (Some(value), _) => Shown::from(value.clone()),
        (None, state) => Shown::new(brush.texts.text(&["portrait-state-", state].concat(), &[]), Role::Absent),
    }
}

fn verdict(one: &PortraitIndicator, brush: &Brush<'_>) -> Shown {
    let role = match one.verdict.as_str() {
        "achieved" => Role::Good,
        "met" => Role::Met,
        "unmet" => Role::Bad,
        _ => Role::Absent,
    };
    Shown::new(brush.texts.text(&["portrait-verdict-", &one.verdict].concat(), &[]), role)
}

/// A standard that nobody has checked says so.
fn standard(one: &PortraitIndicator, brush: &Brush<'_>) -> Shown {
    match &one.standard {
        Some(standard) if one.verified => Shown::from(standard.clone()),
        Some(standard) => Shown::new(brush.texts.text("portrait-unverified", &[("when", standard)]), Role::Warn),
        None => Shown::dim(""),
    }
}

fn percentile(one: &PortraitIndicator, brush: &Brush<'_>) -> Shown {
    match standing(one) {
        Some(percent) => Shown::from(brush.texts.text("portrait-percent", &[("percent", &percent.to_string())])),
        None => Shown::dim(""),
    }
}

impl Portrait {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let Some(portrait) = ready(canvas, area, &self.portrait) else { return };
        let head = head(canvas, area, portrait);
        let body = Rect { y: area.y + head, height: area.height - head, ..area };
        if area.width >= WIDE.0 && area.height >= WIDE.1 {
            return self.beside(canvas, body, portrait);
        }
        self.tabs.view(canvas, Rect { x: body.x + 2, width: body.width.saturating_sub(2), ..body });
        let body = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        match self.tabs.at() {
            0 => self.table.view(canvas, body),
            1 => self.curve(canvas, body),
            2 => radar(canvas, body, portrait),
            _ => warnings(canvas, body, portrait),
        }
    }

    fn beside(&self, canvas: &mut Canvas<'_>, area: Rect, portrait: &objects::Portrait) {
        let left = Rect { width: area.width - RADAR - 2, ..area };
        let right = Rect { x: left.right() + 2, width: RADAR, ..area };
        divider(canvas, Rect { x: left.right(), width: 1, ..area });
        let curve = (area.height / 3).clamp(8, 14);
        self.table.view(canvas, Rect { height: left.height - curve, ..left });
        self.curve(canvas, Rect { y: left.bottom() - curve, height: curve, ..left });
        let warned = 8.min(area.height / 3);
        radar(canvas, Rect { height: right.height - warned, ..right }, portrait);
        warnings(canvas, Rect { y: right.bottom() - warned, height: warned, ..right }, portrait);
    }

    /// The curve of the indicator under the cursor, with standard and target.
    fn curve(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(one) = self.table.selected() else { return };
        titled_rule(canvas, Rect { height: 1.min(area.height), ..area }, &one.name, Role::Title);
        let body = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(1),
            height: area.height.saturating_sub(1),
        };
        let numbers: Vec<Option<f64>> =
            one.past.iter().map(|past| past.value.as_deref().and_then(|value| value.parse().ok())).collect();
        if numbers.iter().flatten().count() < 2 {
            let text = canvas.text("portrait-no-curve", &[]);
            canvas.put(body.x + 1, body.y, &text, canvas.style(Role::Dim), body.width);
            return;
        }
        let mark = |key: &str, when: &Option<String>, role: Role| {
            let value = when.as_deref().and_then(limit)?;
            Some(Mark { name: canvas.text(key, &[]), value, role })
        };
        let marks = [
            mark("portrait-col-standard", &one.standard, Role::Third),
            mark("portrait-col-target", &one.target, Role::Second),
        ];
        let decimals = one.value.as_deref().and_then(|value| value.split_once('.')).map_or(0, |(_, rest)| rest.len());
        let trend = Trend {
            labels: one.past.iter().map(|past| past.period.clone()).collect(),
            curves: vec![Curve { name: one.unit.clone(), values: numbers, role: Role::First }],
            marks: marks.into_iter().flatten().collect(),
            breaks: Vec::new(),
            decimals,
        };
        trend.view(canvas, body);
    }
}

/// The number in a condition such as `>= 95`.
fn limit(when: &str) -> Option<f64> {
    when.trim_start_matches(|sign: char| !sign.is_ascii_digit() && sign != '-').trim().parse().ok()
}

/// Name, units, run and peers. Gives the rows used.
fn head(canvas: &mut Canvas<'_>, area: Rect, portrait: &objects::Portrait) -> u16 {
    let (title, dim) = (canvas.style(Role::Title), canvas.style(Role::Dim));
    let object = &portrait.object;
    let row = |at: u16| Rect { x: area.x + 2, y: area.y + at, width: area.width.saturating_sub(2), height: 1 };
    let id = ["  ", &told::object(&object.kind, &object.id, canvas.texts)].concat();
    let units = portrait.units.iter().map(|unit| told::object(&unit.kind, &unit.id, canvas.texts));
    let units = ["  ", &units.collect::<Vec<_>>().join(" > ")].concat();
    canvas.line(row(0), &[(&object.name, title), (&id, dim), (&units, dim)]);
    if area.height < 10 {
        return 1;
    }
    let peers = match &portrait.peers {
        None => canvas.text("portrait-few-peers", &[]),
        Some(peers) => {
            let count = peers.count.to_string();
            match &peers.unit {
                Some(unit) => {
                    let unit = told::object(&unit.kind, &unit.id, canvas.texts);
                    canvas.text("portrait-peers", &[("unit", &unit), ("count", &count)])
                }
                None => canvas.text("portrait-peers-college", &[("count", &count)]),
            }
        }
    };
    let run = canvas.text("portrait-run", &[("run", &portrait.run), ("period", &portrait.period)]);
    canvas.line(row(1), &[(&run, dim), ("  ", dim), (&peers, dim)]);
    2
}

fn radar(canvas: &mut Canvas<'_>, area: Rect, portrait: &objects::Portrait) {
    if portrait.radar.is_empty() {
        let text = canvas.text("portrait-no-radar", &[]);
        canvas.put(area.x + 1, area.y, &text, canvas.style(Role::Dim), area.width);
        return;
    }
    let axis = |axis: &objects::Axis| {
        let counts = (
            f64::from(u32::try_from(axis.good).unwrap_or(u32::MAX)),
            f64::from(u32::try_from(axis.judged).unwrap_or(u32::MAX)),
        );
        Axis {
            name: axis.name.clone(),
            shown: [axis.good.to_string(), axis.judged.to_string()].join("/"),
            value: (axis.judged > 0).then(|| counts.0 / counts.1),
            peers: None,
        }
    };
    let names = [canvas.text("portrait-radar-legend", &[]), String::new()];
    let radar = Radar { axes: portrait.radar.iter().map(axis).collect(), names };
    radar.view(canvas, Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area });
}

fn warnings(canvas: &mut Canvas<'_>, area: Rect, portrait: &objects::Portrait) {
    if area.height == 0 {
        return;
    }
    let title = canvas.text("portrait-warnings", &[("count", &portrait.warnings_total.to_string())]);
    titled_rule(canvas, Rect { height: 1, ..area }, &title, Role::Title);
    for (row, line) in (area.y + 1..area.bottom()).zip(&portrait.warnings) {
        let sign = [canvas.glyphs().warning, " ", &line.level_name, " "].concat();
        let (level, text, dim) =
            (canvas.style(role_of(line.severity)), canvas.style(Role::Text), canvas.style(Role::Dim));
        let because = ["  ", &line.because].concat();
        let place = Rect { x: area.x + 1, y: row, width: area.width.saturating_sub(1), height: 1 };
        canvas.line(place, &[(&sign, level), (&line.rule_name, text), (&because, dim)]);
    }
}

#[cfg(test)]
mod tests {
    use super::limit;

    #[test]
    fn the_number_of_a_condition_is_where_its_line_is_drawn() {
        assert_eq!(limit(">= 95"), Some(95.0));
        assert_eq!(limit("< -0.5"), Some(-0.5));
        assert_eq!(limit("[60, 80]"), None, "an interval has no one line");
    }
}
