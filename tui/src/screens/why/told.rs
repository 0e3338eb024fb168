//! One explanation as text.

use crate::screens::indicator::told;
use crate::theme::Role;
use crate::widgets::Piece;
use zhengai_text::Texts;
use zhengai_wire::why::{Explanation, MeasureWhy, SampleRow, ThresholdWhy};

/// Parts of a measure that are listed.
const CHILDREN: usize = 12;
/// Letters of a hash that are shown.
const HASH: usize = 12;

/// The text of an explanation.
pub(super) fn pieces(one: &Explanation, offset: u64, texts: &Texts) -> Vec<Piece> {
    let why = &one.why;
    let say = |key: &str, arguments: &[(&str, &str)]| texts.text(key, arguments);
    let value = match &one.result.value {
        Some(value) => [value.as_str(), " ", &why.unit].concat(),
        None => say(&["why-state-", &one.result.state].concat(), &[]),
    };
    let object = ["  ", &why.object_name, "  ", &told::object(&why.kind, &why.object, texts)].concat();
    let mut pieces = vec![
        Piece::new([why.indicator_name.as_str(), "  ", &value].concat(), Role::Title),
        Piece::new([why.indicator.as_str(), &object].concat(), Role::Dim),
    ];
    let role = match one.result.attainment.as_str() {
        "achieved" => Role::Good,
        "met" => Role::Met,
        "unmet" => Role::Bad,
        _ => Role::Absent,
    };
    pieces.push(Piece::new(say(&["why-verdict-", &one.result.attainment].concat(), &[]), role));
    let fingerprint = one.fingerprint.as_deref().and_then(|hash| hash.get(..HASH)).unwrap_or_default();
    let version = why.version.get(..HASH).unwrap_or_default();
    pieces.push(head("why-definition", texts));
    let mut pair = |key: &str, value: &str| {
        if !value.is_empty() {
            pieces.push(Piece::new(say(key, &[("value", value)]), Role::Text).indent(2));
        }
    };
    pair("why-formula", &why.formula);
    pair("why-version", version);
    pair("why-basis", why.basis.as_deref().unwrap_or_default());
    pair("why-exact", why.exact.as_deref().unwrap_or_default());
    pair("why-applies", why.applies.as_deref().unwrap_or_default());
    pair("why-run", &[one.run.as_str(), " ", fingerprint].concat());
    let ends = why.period.end.pred_opt().unwrap_or(why.period.end);
    pair("why-period", &[why.period.id.to_string(), why.period.start.to_string(), ends.to_string()].join("  "));
    let units: Vec<String> = why.units.iter().map(|(kind, id)| [kind.as_str(), "/", id].concat()).collect();
    pair("why-units", &units.join(" < "));
    if !why.thresholds.is_empty() {
        pieces.push(head("why-thresholds", texts));
        pieces.extend(why.thresholds.iter().flat_map(|one| threshold(one, texts)));
    }
    for input in &why.inputs {
        let value = input.value.number().map_or_else(|| input.value.word().to_owned(), |number| number.to_string());
        let object = told::object(&input.kind, &input.object, texts);
        let text = ["@", &input.indicator, " = ", &value, "  ", &object, "  ", &input.period];
        pieces.push(Piece::new(text.concat(), Role::Text).indent(2));
    }
    pieces.extend(why.measures.iter().flat_map(|one_measure| measure(one, one_measure, offset, texts)));
    for rule in &why.rules {
        pieces.push(head("why-rules", texts));
        let text = [rule.level_name.as_str(), "  ", &rule.rule_name].concat();
        pieces.push(Piece::new(text, Role::Warn).indent(2));
        pieces.extend(rule.reasons.iter().map(|reason| Piece::new(reason.clone(), Role::Text).indent(4)));
    }
    if let Some(masked) = &one.masked {
        pieces.push(Piece::new(masked.clone(), Role::Warn));
    }
    pieces.push(Piece::new("", Role::Text));
    pieces
}

fn head(key: &str, texts: &Texts) -> Piece {
    Piece::new(texts.text(key, &[]), Role::Title)
}

fn threshold(one: &ThresholdWhy, texts: &Texts) -> Vec<Piece> {
    let set = &one.threshold;
    let kind = serde_json::to_value(set.kind).ok();
    let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let warns = kind == "warning";
    // A warning value states when to warn, all others what is wanted.
    let (key, role) = match (one.holds, warns) {
        (Some(true), true) => ("why-breached", Role::Bad),
        (Some(true), false) => ("why-holds", Role::Good),
        (Some(false), false) => ("why-fails", Role::Bad),
        (Some(false), true) => ("why-quiet", Role::Dim),
        (None, _) => ("why-unsaid", Role::Absent),
    };
    let kind = texts.text(&["why-kind-", kind].concat(), &[]);
    let verified = texts.text(if set.verified { "why-verified" } else { "why-unverified" }, &[]);
    let when = set.when.to_string();
    let text = texts.text(
        "why-threshold",
        &[
            ("kind", &kind),
            ("when", &when),
            ("held", &texts.text(key, &[])),
            ("scope", &one.scope),
            ("source", &set.source),
            ("verified", &verified),
        ],
    );
    let mut pieces = vec![Piece::new(text, role).indent(2)];
    for beaten in &one.beaten {
        let when = beaten.threshold.when.to_string();
        let text = texts.text("why-beaten", &[("when", &when), ("scope", &beaten.scope)]);
        pieces.push(Piece::new(text, Role::Dim).indent(4));
    }
    pieces
}

fn measure(one: &Explanation, measure: &MeasureWhy, offset: u64, texts: &Texts) -> Vec<Piece> {
    let value = measure.value.clone().unwrap_or_else(|| texts.text("why-state-undetermined", &[]));
    let unit = measure.unit.as_deref().unwrap_or_default();
    let text = [measure.name.as_str(), " = ", &value, " ", unit, "   ", &measure.aggregate].concat();
    let mut pieces = vec![Piece::new(text, Role::Title)];
    if let Some(sql) = measure.rows_sql.as_ref().or(measure.sql.as_ref()) {
        pieces.push(Piece::new(sql.clone(), Role::Dim).indent(2));
    }
    if measure.children_total > 0 {
        let children = measure.children.iter().take(CHILDREN);
        let parts: Vec<String> = children
            .map(|child| [&told::object(&child.kind, &child.object, texts), "=", &child.value].concat())
            .collect();
        let count = measure.children_total.to_string();
        let text = texts.text("why-children", &[("count", &count), ("parts", &parts.join("  "))]);
        pieces.push(Piece::new(text, Role::Text).indent(2));
    }
    pieces.extend(rows(one, &measure.rows, offset, texts));
    for source in &measure.sources {
        let text = texts.text("why-source", &[("dataset", &source.dataset), ("sql", &source.sql)]);
        pieces.push(Piece::new(text, Role::Dim).indent(2));
        pieces.extend(rows(one, &source.rows, offset, texts));
    }
    pieces
}

fn rows(one: &Explanation, rows: &[SampleRow], offset: u64, texts: &Texts) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if let (true, false) = (offset > 0, rows.is_empty()) {
        let text = texts.text("why-from", &[("from", &(offset + 1).to_string())]);
        pieces.push(Piece::new(text, Role::Dim).indent(2));
    }
    for row in rows {
        let place = match one.files.get(&row.batch) {
            Some(file) => [file.as_str(), ":", &row.line.to_string()].concat(),
            None => texts.text("why-computed", &[]),
        };
        pieces.push(Piece::new(place, Role::Accent).indent(2));
        let cell = |(field, value): &(String, Option<String>)| {
            let nothing = texts.text("why-nothing", &[]);
            [field.as_str(), "=", value.as_deref().unwrap_or(&nothing)].concat()
        };
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        pieces.push(Piece::new(cells.join("  "), Role::Text).indent(4));
    }
    pieces
}
