//! Drawing the tree and what is below it.

use super::state::{Below, Indicators, Row};
use crate::app::State;
use crate::canvas::Canvas;
use crate::screens::indicator::told;
use crate::theme::Role;
use crate::widgets::{Brush, Column, Piece, Shown, Width, titled_rule};
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::indicators::{IndicatorDetail, IndicatorRow, Origin, ValueRow};

/// The columns of the tree: the most important first.
pub(super) fn columns() -> Vec<Column<Row>> {
    let value = |kind: &'static str| {
        move |row: &Row, _: &Brush<'_>| {
            let found = row.indicator().and_then(|row| row.condition(kind));
            found.map_or_else(|| Shown::dim(""), Shown::from)
        }
    };
    vec![
        Column::new("name", "indicators-col-name", |row: &Row, _: &Brush<'_>| match row {
            Row::Point(point) => Shown::new(point.name.clone(), Role::Title),
            Row::Indicator(row) => Shown::from(row.name.clone()),
        })
        .width(Width::Fill(20)),
        Column::new("code", "indicators-col-code", |row: &Row, _: &Brush<'_>| {
            Shown::dim(row.indicator().map(|row| row.code.clone()).unwrap_or_default())
        })
        .width(Width::Fit(20))
        .priority(2),
        Column::new("standard", "indicators-col-standard", value("standard")).width(Width::Fit(14)).priority(1),
        Column::new("target", "indicators-col-target", value("target")).width(Width::Fit(14)).priority(1),
        Column::new("warning", "indicators-col-warning", value("warning")).width(Width::Fit(14)).priority(1),
        Column::new("state", "indicators-col-state", |row: &Row, brush: &Brush<'_>| {
            row.indicator().map_or_else(|| Shown::dim(""), |row| state(row, brush.texts))
        })
        .width(Width::Fit(10))
        .priority(3),
        Column::new("weight", "indicators-col-weight", weight).width(Width::Fit(10)).number().priority(5),
        Column::new("layer", "indicators-col-layer", |row: &Row, brush: &Brush<'_>| {
            let layer = row.indicator().map(|row| brush.texts.text(layer_key(&row.layer), &[]));
            Shown::dim(layer.unwrap_or_default())
        })
        .width(Width::Fit(8))
        .priority(6),
        Column::new("version", "indicators-col-version", |row: &Row, _: &Brush<'_>| {
            Shown::dim(row.indicator().and_then(|row| row.version).map(|one| one.to_string()).unwrap_or_default())
        })
        .width(Width::Fit(6))
        .number()
        .priority(4),
        Column::new("source", "indicators-col-source", |row: &Row, brush: &Brush<'_>| {
            row.indicator()
                .and_then(IndicatorRow::deciding)
                .map_or_else(|| Shown::dim(""), |value| source(value, brush.texts))
        })
        .width(Width::Fit(30))
        .priority(7),
    ]
}

/// Weights of an indicator, or their sum at a point; a sum other than 100 is marked by a word.
fn weight(row: &Row, brush: &Brush<'_>) -> Shown {
    match row {
        Row::Indicator(row) => Shown::from(row.weight.clone().unwrap_or_default()),
        Row::Point(point) => match point.weights.as_deref() {
            None => Shown::dim(""),
            Some("100") => Shown::new(brush.texts.text("indicators-sum", &[("sum", "100")]), Role::Good),
            Some(sum) => Shown::new(brush.texts.text("indicators-sum-wrong", &[("sum", sum)]), Role::Warn),
        },
    }
}

fn layer_key(layer: &str) -> &'static str {
    match layer {
        "school" => "indicators-layer-school",
        "major" => "indicators-layer-major",
        "course" => "indicators-layer-course",
        "teacher" => "indicators-layer-teacher",
        _ => "indicators-layer-student",
    }
}

fn source(value: &ValueRow, texts: &Texts) -> Shown {
    if value.verified {
        return Shown::dim(value.source.clone());
    }
    Shown::new(texts.text("indicators-unverified", &[("source", &value.source)]), Role::Warn)
}

fn state(row: &IndicatorRow, texts: &Texts) -> Shown {
    let (key, role) = match (row.off, row.draft, &row.origin) {
        (true, ..) => ("indicators-state-off", Role::Absent),
        (_, Some(_), _) => ("indicators-state-draft", Role::Accent),
        (_, _, Origin::Published) => ("indicators-state-published", Role::Good),
        _ => ("indicators-state-pack", Role::Dim),
    };
    Shown::new(texts.text(key, &[]), role)
}

impl Indicators {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        match self.catalog.state() {
            State::Failed(failure) => {
                let text = canvas.failure(failure);
                canvas.put(area.x + 1, area.y, &text, canvas.style(Role::Bad), area.width.saturating_sub(2));
                return;
            }
            State::Empty | State::Loading => {
                let text = canvas.text("indicators-loading", &[]);
                canvas.put(area.x + 1, area.y, &text, canvas.style(Role::Dim), area.width.saturating_sub(2));
                return;
            }
            State::Ready(_) => {}
        }
        let (tree, below) = regions(area);
        self.tree.view(canvas, tree);
        let Some(below) = below else { return };
        let title = match (&self.below, self.code(), self.search.is_empty()) {
            (Below::Diff, Some(code), _) => canvas.text("indicators-diff-title", &[("code", &code)]),
            (_, _, false) => canvas.text("indicators-filtered", &[("search", &self.search)]),
            (_, Some(code), _) => canvas.text("indicators-detail-title", &[("code", &code)]),
            (_, None, _) => String::new(),
        };
        titled_rule(canvas, Rect { height: 1, ..below }, &title, Role::Title);
        let inner =
            Rect { x: below.x + 1, y: below.y + 1, width: below.width.saturating_sub(2), height: below.height - 1 };
        if self.code().is_some() {
            self.text.view(canvas, inner);
        }
    }

    /// Puts what came into words.
    pub(super) fn tell(&mut self, texts: &Texts) {
        let pieces = match self.below {
            Below::Diff => self.told_diff(texts),
            Below::Detail => self.detail.get().map(|detail| told(detail, texts)).unwrap_or_default(),
        };
        self.text.set(pieces);
    }

    fn told_diff(&self, texts: &Texts) -> Vec<Piece> {
        let Some(diff) = self.diff.get() else { return Vec::new() };
        let name = |version: Option<u64>| match version {
            Some(version) => texts.text("indicators-version-short", &[("version", &version.to_string())]),
            None => texts.text("indicators-version-pack", &[]),
        };
        let (from, to) =
            (name(diff.from.as_ref().map(|one| one.version)), name(diff.to.as_ref().map(|one| one.version)));
        let mut pieces =
            vec![Piece::new(texts.text("indicators-diff-head", &[("from", &from), ("to", &to)]), Role::Title)];
        let key = if diff.comparable { "indicators-comparable" } else { "indicators-break" };
        pieces.push(Piece::new(texts.text(key, &[]), if diff.comparable { Role::Dim } else { Role::Warn }));
        if diff.changes.is_empty() {
            pieces.push(Piece::new(texts.text("indicators-no-changes", &[]), Role::Dim));
        }
        for change in &diff.changes {
            pieces.push(Piece::new(told::label(&change.field, texts), Role::Accent));
            let side = |key: &str, text: &Option<String>, role| {
                let text = told::value(&change.field, text.as_deref(), texts);
                Piece::new(texts.text(key, &[("text", &text)]), role).indent(2)
            };
            pieces.push(side("indicators-before", &change.before, Role::Dim));
            pieces.push(side("indicators-after", &change.after, Role::Text));
        }
        pieces
    }
}

/// Tree above, the rest below; on a screen with little room the tree alone.
fn regions(area: Rect) -> (Rect, Option<Rect>) {
    if area.height < 14 {
        return (area, None);
    }
    let height = (area.height / 3).clamp(6, 16);
    let tree = Rect { height: area.height - height, ..area };
    (tree, Some(Rect { y: tree.bottom(), height, ..area }))
}

fn told(detail: &IndicatorDetail, texts: &Texts) -> Vec<Piece> {
    let row = &detail.row;
    let separator = texts.text("indicators-separator", &[]);
    let period = texts.text(&format!("indicator-word-{}", row.period), &[]);
    let grain = told::kind(&row.grain, texts);
    let words = [("name", row.name.as_str()), ("unit", &row.unit), ("grain", &grain), ("period", &period)];
    let mut pieces = vec![
        Piece::new(texts.text("indicators-head", &words), Role::Title),
        Piece::new(texts.text("indicators-formula", &[("formula", &detail.definition.value)]), Role::Text),
    ];
    for reading in &detail.readings {
        let from = reading.dataset.as_ref().or(reading.over.as_ref()).cloned().unwrap_or_default();
        let words = [("measure", reading.measure.as_str()), ("from", &from), ("text", &reading.text)];
        pieces.push(Piece::new(texts.text("indicators-measure", &words), Role::Dim).indent(2));
    }
    for value in &detail.all_values {
        let scope = match &value.category {
            Some(kind) => format!("{} ({kind})", value.scope),
            None => value.scope.clone(),
        };
        let verified = if value.verified { "indicators-verified" } else { "indicators-not-verified" };
        let verified = texts.text(verified, &[]);
        let words = [
            ("label", value.label.as_str()),
            ("when", &value.when),
            ("scope", &scope),
            ("source", &value.source),
            ("verified", &verified),
        ];
        let role = match (value.holds, value.verified) {
            (false, _) => Role::Absent,
            (true, false) => Role::Warn,
            (true, true) => Role::Text,
        };
        pieces.push(Piece::new(texts.text("indicators-value", &words), role));
    }
    for (key, list) in [
        ("indicators-reads", &detail.reads),
        ("indicators-read-by", &detail.read_by),
        ("indicators-rules", &detail.rules),
    ] {
        if !list.is_empty() {
            pieces.push(Piece::new(texts.text(key, &[("list", &list.join(&separator))]), Role::Dim));
        }
    }
    let count = detail.versions.len().to_string();
    pieces.push(Piece::new(texts.text("indicators-version-count", &[("count", &count)]), Role::Dim));
    pieces
}
