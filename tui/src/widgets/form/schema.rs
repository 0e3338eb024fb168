//! What a form asks for: written by a screen, or read from a JSON Schema.

use super::super::picker::Item;
use serde_json::{Map, Value};
use zhengai_model::text::Language;

/// What kind of value a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// A number, exact: kept as text.
    Number,
    /// A whole number.
    Whole,
    /// One of these.
    Choice(Vec<Item>),
    /// Yes or no.
    Switch,
    /// A day: `2026-11-22`.
    Date,
    /// So many lines of text.
    Multiline(u16),
    /// A formula, so many lines, with completion offered by the screen.
    Formula(u16),
    /// Text that is not shown.
    Secret,
    /// Several words with commas between them.
    List,
    /// Any JSON: what no other kind can show. Text that is no JSON stands for itself.
    Json,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the values; dots lead into objects.
    pub id: String,
    /// Its label, as it is read.
    pub label: String,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may not be empty.
    pub required: bool,
    /// One line that explains it, shown while it has the focus.
    pub help: String,
    /// What it holds at first.
    pub value: String,
    /// Whether it is shown and not edited.
    pub fixed: bool,
}

impl Field {
    /// A field that may be empty.
    pub fn new(id: &str, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            id: id.to_owned(),
            label: label.into(),
            kind,
            required: false,
            help: String::new(),
            value: String::new(),
            fixed: false,
        }
    }

    /// May not be empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a line that explains it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Holds this at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Shown, not edited.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }
}

/// The fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// In their order.
    pub fields: Vec<Field>,
}

impl Schema {
    /// These fields.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    /// The fields of a JSON Schema of an object, with the values that it has now. Objects inside become fields with dots.
    /// A `title` may be a text, or a text for each language (`{"zh-CN": …, "en": …}`, `{"zh": …, "en": …}`), and so may a
    /// `description`, whose first sentence stands in for a title that is missing.
    pub fn from_json(schema: &Value, values: &Value, language: Language) -> Self {
        let mut fields = Vec::new();
        collect(schema, values, language, "", &mut fields);
        Self { fields }
    }
}

fn collect(schema: &Value, values: &Value, language: Language, prefix: &str, fields: &mut Vec<Field>) {
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    // What must be given comes first, otherwise the order of the schema.
    let (first, then): (Vec<_>, Vec<_>) = properties.iter().partition(|(name, _)| required.contains(&name.as_str()));
    for (name, property) in first.into_iter().chain(then) {
        let id = if prefix.is_empty() { name.clone() } else { [prefix, name].join(".") };
        let value = values.get(name).unwrap_or(&Value::Null);
        if property.get("properties").is_some() {
            collect(property, value, language, &id, fields);
            continue;
        }
        let shown = if value.is_null() { property.get("default").unwrap_or(&Value::Null) } else { value };
        let (label, help) = named(property, language, &id);
        let mut field = Field::new(&id, label, kind(property)).help(help);
        field.required = required.contains(&name.as_str());
        field.value = text(shown);
        fields.push(field);
    }
}

fn kind(property: &Value) -> Kind {
    let word = |key: &str| property.get(key).and_then(Value::as_str).unwrap_or_default();
    if let Some(choices) = property.get("enum").and_then(Value::as_array) {
        return Kind::Choice(choices.iter().map(text).map(|id| Item::new(id.clone(), id, "")).collect());
    }
    let secret = property.get("writeOnly").and_then(Value::as_bool).unwrap_or(false);
    let words = property.pointer("/items/type").is_none_or(|kind| kind == "string");
    match (word("type"), word("format")) {
        ("boolean", _) => Kind::Switch,
        ("integer", _) => Kind::Whole,
        ("number", _) => Kind::Number,
        (_, "password") => Kind::Secret,
        _ if secret => Kind::Secret,
        ("array", _) if words => Kind::List,
        ("array" | "object" | "", _) => Kind::Json,
        (_, "date") => Kind::Date,
        (_, "multiline" | "textarea") => Kind::Multiline(4),
        _ => Kind::Text,
    }
}

/// What a property is called, and more about it. Where the description is all there is to read, its first sentence is the
/// label, and the key, which documentation uses, is told with the rest.
fn named(property: &Value, language: Language, id: &str) -> (String, String) {
    let filled = |key: &str| said(property.get(key), language).filter(|text| !text.trim().is_empty());
    match (filled("title"), filled("description")) {
        (Some(title), about) => (title, about.unwrap_or_default()),
        (None, None) => (id.to_owned(), String::new()),
        (None, Some(about)) => {
            let label = sentence(&about).to_owned();
            let more = if label.len() + 1 < about.trim().len() { about.trim() } else { "" };
            (label, [id, more].join(" ").trim_end().to_owned())
        }
    }
}

/// The first sentence or line of a text, without the mark at its end.
fn sentence(text: &str) -> &str {
    let text = text.trim();
    let mut marks = text.char_indices().filter(|(_, letter)| matches!(letter, '。' | '；' | ';' | '.' | '\n'));
    // A dot inside a word, as in `query.rows`, ends nothing.
    let ends = |at: usize, mark: char| {
        let rest = text.get(at + mark.len_utf8()..).unwrap_or_default();
        !mark.is_ascii() || rest.is_empty() || rest.starts_with(char::is_whitespace) || mark == '\n'
    };
    let end = marks.find(|(at, mark)| ends(*at, *mark)).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text).trim_end()
}

fn said(value: Option<&Value>, language: Language) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Object(both) => {
            let short = if language == Language::Chinese { "zh" } else { "en" };
            both.get(language.tag()).or(both.get(short))?.as_str().map(str::to_owned)
        }
        _ => None,
    }
}

/// A value as text of a field.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// The value of a field from its text; none when it is empty.
pub(super) fn value(kind: &Kind, text: &str) -> Option<Value> {
    let text = text.trim_end_matches(['\r', '\n']);
    match kind {
        Kind::Switch => Some(Value::Bool(text == "true")),
        _ if text.trim().is_empty() => None,
        Kind::Whole => text.trim().parse::<i64>().map(Value::from).ok().or_else(|| Some(Value::from(text))),
        // Exact decimals travel as they were typed; JSON numbers when they are that.
        Kind::Number => {
            serde_json::from_str::<Value>(text.trim()).ok().filter(Value::is_number).or_else(|| Some(Value::from(text)))
        }
        Kind::Json => serde_json::from_str(text.trim()).ok().or_else(|| Some(Value::from(text))),
        Kind::List => {
            let items = text.split([',', '，', '、']).map(str::trim).filter(|item| !item.is_empty());
            Some(items.map(Value::from).collect())
        }
        _ => Some(Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Schema};
    use serde_json::json;
    use zhengai_model::text::Language;

    #[test]
    fn a_json_schema_becomes_fields_with_what_must_be_given_first() {
        let schema = json!({
            "type": "object",
            "required": ["path"],
            "properties": {
                "encoding": {"type": "string", "enum": ["utf-8", "gb18030"], "default": "utf-8"},
                "path": {"type": "string", "title": {"zh-CN": "路径", "en": "Path"}},
                "login": {"properties": {"password": {"type": "string", "writeOnly": true}}},
                "rows": {"type": "integer"},
            },
        });
        let fields = Schema::from_json(&schema, &json!({"rows": 5}), Language::Chinese).fields;
        let seen: Vec<(&str, &str, &str, bool)> = fields
            .iter()
            .map(|field| (field.id.as_str(), field.label.as_str(), field.value.as_str(), field.required))
            .collect();
        assert_eq!(
            seen,
            [
                ("path", "路径", "", true),
                ("encoding", "encoding", "utf-8", false),
                ("login.password", "login.password", "", false),
                ("rows", "rows", "5", false)
            ]
        );
        assert_eq!(fields.iter().map(|field| field.kind == Kind::Secret).filter(|secret| *secret).count(), 1);
    }
}
