//! Changes of a definition in the words of its form: the label of the field, and the value as the form shows it.

use super::fields::{label_key, words};
use zhengai_text::Texts;

/// The label of a field that the model names: `values.standard`, `measures.taken.where`, `owners.1.zh`. A field that no
/// catalogue knows keeps its name.
pub(in crate::screens) fn label(field: &str, texts: &Texts) -> String {
    let say = |base: &str, number: &str| {
        let key = label_key(base);
        texts.has(&key).then(|| texts.text(&key, &[("n", number)]))
    };
    let part = |list: &str| field.strip_prefix(list).and_then(|rest| rest.rsplit_once('.'));
    let found = match (part("measures."), part("owners."), part("sources.")) {
        (Some((name, part)), ..) => say(&["measure.", part].concat(), name),
        (_, Some(line), _) => say("owners", "").map(|label| of_line(&label, line, texts)),
        (.., Some(line)) => say("sources", "").map(|label| of_line(&label, line, texts)),
        _ => say(field, ""),
    };
    found.unwrap_or_else(|| field.to_owned())
}

/// One language of a line of names.
fn of_line(label: &str, (line, language): (&str, &str), texts: &Texts) -> String {
    let key = if language == "en" { "indicator-line-en" } else { "indicator-line-zh" };
    texts.text(key, &[("field", label), ("n", line)])
}

/// A value as the form shows it: choices and switches by their words, nothing as what it is.
pub(in crate::screens) fn value(field: &str, value: Option<&str>, texts: &Texts) -> String {
    let value = value.unwrap_or_default();
    let base = match field.strip_prefix("measures.").and_then(|rest| rest.rsplit_once('.')) {
        Some((_, part)) => ["measure.", part].concat(),
        None => field.to_owned(),
    };
    match (base.as_str(), value) {
        // A switch that is off stands in no list of what is there.
        ("quantity" | "values.verified", "") => texts.text("tui-no", &[]),
        ("quantity" | "values.verified", "true") => texts.text("tui-yes", &[]),
        (_, "") => texts.text("indicator-empty", &[]),
        ("grain" | "measure.over_grain", word) => kind(word, texts),
        ("also" | "values.grains", words) => {
            let kinds: Vec<String> = words.split(", ").map(|word| kind(word, texts)).collect();
            kinds.join(&texts.text("indicators-separator", &[]))
        }
        (base, word) if words(base).contains(&word) => texts.text(&["indicator-word-", word].concat(), &[]),
        (_, text) => text.to_owned(),
    }
}

/// A kind of object by its word; a kind that only a college knows keeps its name.
pub(in crate::screens) fn kind(kind: &str, texts: &Texts) -> String {
    let key = ["indicator-kind-", kind].concat();
    if texts.has(&key) { texts.text(&key, &[]) } else { kind.to_owned() }
}

/// An object by its kind's word and its id.
pub(in crate::screens) fn object(kind: &str, id: &str, texts: &Texts) -> String {
    [self::kind(kind, texts).as_str(), "/", id].concat()
}

/// An object as the API names objects, `kind/id`, with its kind in words; an id alone stays.
pub(in crate::screens) fn named(object: &str, texts: &Texts) -> String {
    object.split_once('/').map_or_else(|| object.to_owned(), |(kind, id)| self::object(kind, id, texts))
}

/// A change in one line.
pub(super) fn change(field: &str, before: Option<&str>, after: Option<&str>, texts: &Texts) -> String {
    let (before, after) = (value(field, before, texts), value(field, after, texts));
    texts.text("indicator-change", &[("field", &label(field, texts)), ("before", &before), ("after", &after)])
}

#[cfg(test)]
mod tests {
    use super::{change, label};
    use zhengai_model::indicator::{IndicatorText, Label, MeasureText, changes};
    use zhengai_model::text::Language;

    #[test]
    fn every_field_that_can_change_has_a_label_in_both_languages() {
        let all = |text: &str| Label { zh: text.into(), en: text.into() };
        let mut whole = serde_json::to_value(IndicatorText {
            measures: vec![MeasureText { name: "taken".into(), ..MeasureText::default() }],
            names: all("x"),
            advice: all("x"),
            owners: vec![all("x")],
            sources: vec![all("x")],
            ..IndicatorText::default()
        })
        .expect("JSON");
        fill(&mut whole);
        let after: IndicatorText = serde_json::from_value(whole).expect("a definition");
        let fields: Vec<String> = changes(&IndicatorText::default(), &after).into_iter().map(|one| one.field).collect();
        for language in [Language::Chinese, Language::English] {
            let texts = crate::i18n::texts(language);
            for field in &fields {
                let label = label(field, &texts);
                assert!(label != *field && !label.contains('⟦'), "{field}: {label}");
            }
        }
        assert!(fields.iter().any(|field| field == "measures.taken.where") && fields.len() > 35, "{fields:?}");
    }

    /// Puts something into every text, switch and list.
    fn fill(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(parts) => {
                parts.iter_mut().filter(|(name, _)| *name != "name").for_each(|(_, part)| fill(part));
            }
            serde_json::Value::Array(items) if items.is_empty() => items.push("x".into()),
            serde_json::Value::Array(items) => items.iter_mut().for_each(fill),
            serde_json::Value::Bool(yes) => *yes = true,
            other => *other = "x".into(),
        }
    }

    #[track_caller]
    fn check(field: &str, before: Option<&str>, after: Option<&str>, chinese: &str, english: &str) {
        let said = |language| change(field, before, after, &crate::i18n::texts(language));
        assert_eq!((said(Language::Chinese).as_str(), said(Language::English).as_str()), (chinese, english));
    }

    #[test]
    fn a_change_is_told_as_the_form_says_it() {
        check(
            "values.standard",
            Some(">= 90"),
            Some(">= 85"),
            "标准值：>= 90 改为 >= 85",
            "Standard: >= 90 becomes >= 85",
        );
        check(
            "direction",
            Some("higher"),
            Some("lower"),
            "方向：越高越好 改为 越低越好",
            "Direction: Higher is better becomes Lower is better",
        );
        check(
            "measures.a.absent",
            None,
            Some("zero"),
            "度量 a 没有行时：（空） 改为 零",
            "Measure a no rows mean: (empty) becomes Zero",
        );
        check("values.verified", None, Some("true"), "已与来源核对：否 改为 是", "Verified: no becomes yes");
        check(
            "owners.2.en",
            Some("Academic affairs"),
            None,
            "责任部门第 2 行英文：Academic affairs 改为 （空）",
            "Owners, line 2, English: Academic affairs becomes (empty)",
        );
        check(
            "also",
            Some("class"),
            Some("class, department, dormitory"),
            "汇总到：班级 改为 班级、部门、dormitory",
            "Rolled up to: Class becomes Class, Department, dormitory",
        );
        // A text that looks like a word of a choice is none.
        check("basis", None, Some("higher"), "依据：（空） 改为 higher", "Basis: (empty) becomes higher");
    }
}
