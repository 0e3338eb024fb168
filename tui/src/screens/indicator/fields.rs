//! The fields of the form, and the way between them and the text of a definition.

use crate::app::Cx;
use crate::widgets::{Field, Form, Item, Kind, Schema};
use serde_json::{Value, json};
use zhengai_model::indicator::{IndicatorText, MeasureText};
use zhengai_model::threshold::ThresholdText;
use zhengai_wire::drafts::DraftText;

/// Fields of the definition before its measures.
const HEAD: [&str; 16] = [
    "names.zh",
    "names.en",
    "layer",
    "point",
    "system",
    "quantity",
    "weight",
    "unit",
    "direction",
    "grain",
    "also",
    "period",
    "time",
    "decimals",
    "meaning",
    "value",
];
/// Fields of each measure.
const MEASURE: [&str; 8] = ["name", "dataset", "agg", "where", "by", "absent", "over", "over_grain"];
/// Fields after the measures.
const TAIL: [&str; 20] = [
    "applies",
    "active",
    "min_n_measure",
    "min_n_at_least",
    "values.target",
    "values.standard",
    "values.warning",
    "values.level",
    "values.recovery",
    "values.process",
    "values.start",
    "values.source",
    "values.verified",
    "basis",
    "owners",
    "sources",
    "advice.zh",
    "advice.en",
    "privacy",
    "code",
];
/// Fields of each threshold of a narrower scope.
const THRESHOLD: [&str; 10] =
    ["kind", "when", "scope", "grain", "level", "from", "until", "source", "verified", "leave"];
/// Fields that must be given.
const REQUIRED: [&str; 11] =
    ["names.zh", "names.en", "layer", "point", "unit", "direction", "grain", "period", "decimals", "value", "code"];

/// The form of a draft.
pub(super) fn form(text: &DraftText, cx: &Cx<'_>) -> Form {
    let whole = serde_json::to_value(text).unwrap_or_default();
    let mut fields = Vec::new();
    let mut put = |id: String, base: &str, number: Option<usize>| {
        let at = number.map(|number| (number + 1).to_string()).unwrap_or_default();
        let label = cx.text(&label_key(base), &[("n", &at)]);
        let kind = kind(base, cx);
        let mut field = Field::new(&id, label, kind).value(shown(find(&whole, &id)));
        if REQUIRED.contains(&base) {
            field = field.required();
        }
        if matches!(base, "owners" | "sources") {
            field = field.help(cx.text("indicator-help-labels", &[]));
        }
        if base == "code" {
            field = field.fixed();
        }
        fields.push(field);
    };
    for name in HEAD {
        put(format!("form.{name}"), name, None);
    }
    for number in 0..text.form.measures.len() {
        for part in MEASURE {
            put(format!("form.measures.{number}.{part}"), &format!("measure.{part}"), Some(number));
        }
    }
    for name in TAIL {
        put(format!("form.{name}"), name, None);
    }
    for number in 0..text.thresholds.len() {
        for part in THRESHOLD {
            put(format!("thresholds.{number}.{part}"), &format!("threshold.{part}"), Some(number));
        }
    }
    Form::new(Schema::new(fields))
}

/// What the form says now; parts that no field shows stay as they were.
pub(super) fn text(form: &Form, before: &DraftText) -> DraftText {
    let mut whole = serde_json::to_value(before).unwrap_or_default();
    for (id, text) in form.draft() {
        let mut at = Some(&mut whole);
        for part in id.split('.') {
            at = at.and_then(|value| match value {
                Value::Object(fields) => fields.get_mut(part),
                Value::Array(items) => part.parse::<usize>().ok().and_then(|place| items.get_mut(place)),
                _ => None,
            });
        }
        match at {
            Some(value @ Value::Bool(_)) => *value = Value::Bool(text == "true"),
            Some(value @ Value::Array(_)) if is_labels(&id) => *value = labels(&text),
            Some(value @ Value::Array(_)) => {
                let items = text.split([',', '，', '、']).map(str::trim).filter(|item| !item.is_empty());
                *value = items.map(Value::from).collect();
            }
            Some(value) => *value = Value::from(text),
            None => {}
        }
    }
    serde_json::from_value(whole).unwrap_or_else(|_| before.clone())
}

/// A draft with one measure more.
pub(super) fn with_measure(mut text: DraftText) -> DraftText {
    text.form.measures.push(MeasureText::default());
    text
}

/// A draft with one threshold more.
pub(super) fn with_threshold(mut text: DraftText) -> DraftText {
    text.thresholds.push(ThresholdText { kind: "warning".into(), scope: "college".into(), ..ThresholdText::default() });
    text
}

/// A draft without the measure or threshold that a field belongs to.
pub(super) fn without(mut text: DraftText, id: &str) -> Option<DraftText> {
    let parts: Vec<&str> = id.split('.').collect();
    match parts.as_slice() {
        ["form", "measures", number, ..] => {
            let number: usize = number.parse().ok().filter(|number| *number < text.form.measures.len())?;
            text.form.measures.remove(number);
        }
        ["thresholds", number, ..] => {
            let number: usize = number.parse().ok().filter(|number| *number < text.thresholds.len())?;
            text.thresholds.remove(number);
        }
        _ => return None,
    }
    Some(text)
}

/// JSON pointer of a field as the API knows it.
pub(super) fn pointer(id: &str) -> String {
    format!("/{}", id.strip_prefix("form.").unwrap_or(id).replace('.', "/"))
}

/// The field that a JSON pointer of the API means: the field itself, or the first below it.
pub(super) fn field_of(form: &Form, pointer: &str) -> Option<String> {
    let path = pointer.trim_start_matches('/').replace('/', ".");
    let own = if path.starts_with("thresholds") { path } else { format!("form.{path}") };
    let fields = form.fields();
    let exact = fields.iter().find(|field| field.id == own);
    exact.or_else(|| fields.iter().find(|field| field.id.starts_with(&format!("{own}.")))).map(|field| field.id.clone())
}

/// Whether a field is completed and coloured by the server.
pub(super) fn is_assisted(id: &str) -> bool {
    let last = id.rsplit('.').next().unwrap_or_default();
    matches!(last, "value" | "applies" | "agg" | "where" | "dataset" | "by" | "over" | "over_grain")
        || matches!(id, "form.point" | "form.grain" | "form.active" | "form.min_n_measure" | "form.values.level")
}

/// A draft in which a value that a floor forbids stands as a threshold of the college with leave, and the definition has
/// its value of before again.
pub(super) fn with_leave(mut text: DraftText, field: &str, before: Option<&str>) -> Option<DraftText> {
    let kind = field.strip_prefix("form.values.")?;
    let value = match kind {
        "target" => &mut text.form.values.target,
        "standard" => &mut text.form.values.standard,
        _ => return None,
    };
    let when = std::mem::replace(value, before.unwrap_or_default().to_owned());
    let scope = "college".to_owned();
    text.thresholds.push(ThresholdText { kind: kind.to_owned(), when, scope, ..ThresholdText::default() });
    Some(text)
}

fn is_labels(id: &str) -> bool {
    matches!(id, "form.owners" | "form.sources")
}

/// Names in two languages, one on each line: `教务处 / Academic affairs`.
fn labels(text: &str) -> Value {
    let line = |line: &str| {
        let (zh, en) = line.split_once(['/', '／']).unwrap_or((line, ""));
        json!({ "zh": zh.trim(), "en": en.trim() })
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

fn label_line(label: &Value) -> String {
    let of = |name: &str| label.get(name).and_then(Value::as_str).unwrap_or_default();
    match (of("zh"), of("en")) {
        (zh, "") => zh.to_owned(),
        (zh, en) => [zh, " / ", en].concat(),
    }
}

/// An empty definition of a code.
pub(super) fn blank(code: &str) -> DraftText {
    DraftText { form: IndicatorText { code: code.to_owned(), ..IndicatorText::default() }, thresholds: Vec::new() }
}

fn kind(base: &str, cx: &Cx<'_>) -> Kind {
    let words = words(base);
    if !words.is_empty() {
        let none = Item::new("", cx.text("indicator-choice-none", &[]), "");
        let item = |word: &&str| Item::new(*word, cx.text(&format!("indicator-word-{word}"), &[]), *word);
        return Kind::Choice(std::iter::once(none).chain(words.iter().map(item)).collect());
    }
    match base {
        "quantity" | "values.verified" | "threshold.verified" => Kind::Switch,
        "decimals" | "meaning" | "min_n_at_least" => Kind::Whole,
        "weight" => Kind::Number,
        "also" => Kind::List,
        "owners" | "sources" => Kind::Multiline(2),
        "value" => Kind::Formula(2),
        "measure.where" | "applies" => Kind::Formula(1),
        "threshold.from" | "threshold.until" => Kind::Date,
        _ => Kind::Text,
    }
}

/// The words that a field chooses from; none where it takes anything else.
pub(super) fn words(base: &str) -> &'static [&'static str] {
    match base {
        "layer" => &["school", "major", "course", "teacher", "student"],
        "system" => &["command", "generation", "resources", "support", "control"],
        "direction" => &["higher", "lower", "within", "yes-no", "level"],
        "period" => &["calendar-year", "academic-year", "term", "month", "teaching-week", "day"],
        "time" => &["flow", "stock"],
        "privacy" => &["public", "internal", "personal", "sensitive"],
        "measure.absent" => &["missing", "zero"],
        "threshold.kind" => &["start", "process", "target", "standard", "warning", "recovery"],
        _ => &[],
    }
}

/// Key of the label of a field.
pub(super) fn label_key(base: &str) -> String {
    format!("indicator-field-{}", base.replace(['.', '_'], "-"))
}

fn find<'a>(whole: &'a Value, id: &str) -> Option<&'a Value> {
    id.split('.').try_fold(whole, |at, part| match at {
        Value::Object(fields) => fields.get(part),
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => None,
    })
}

fn shown(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => yes.to_string(),
        Some(Value::Array(items)) if items.iter().any(Value::is_object) => {
            items.iter().map(label_line).collect::<Vec<_>>().join("\n")
        }
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}
