//! What can be said about a form without asking anybody.

use super::{Form, Kind};
use chrono::NaiveDate;
use zhengai_text::Texts;

impl Form {
    /// Looks at all fields; the first with a fault gets the focus. True when nothing is wrong.
    pub fn check(&mut self, texts: &Texts) -> bool {
        let ids: Vec<String> = self.fields.iter().map(|field| field.id.clone()).collect();
        for id in &ids {
            self.check_field(id, texts);
        }
        let first = self.fields.iter().position(|field| self.faults.contains_key(&field.id));
        if let Some(at) = first {
            self.at = at;
        }
        first.is_none()
    }

    /// Looks at one field, as cheaply as at each key.
    pub fn check_field(&mut self, id: &str, texts: &Texts) {
        let Some(field) = self.fields.iter().find(|field| field.id == id) else { return };
        let text = self.text(id);
        let text = text.trim();
        let key = match &field.kind {
            _ if text.is_empty() => field.required.then_some("tui-form-required"),
            Kind::Number => (!is_number(text)).then_some("tui-form-number"),
            Kind::Whole => text.parse::<i64>().is_err().then_some("tui-form-whole"),
            Kind::Date => NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err().then_some("tui-form-date"),
            Kind::Choice(items) => (!items.iter().any(|item| item.id == text)).then_some("tui-form-choice"),
            _ => None,
        };
        let fault = key.map(|key| texts.text(key, &[])).unwrap_or_default();
        self.fault(id, fault);
    }
}

/// A decimal number as people write it: a sign, digits, one point.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction) && !(whole.is_empty() && fraction.is_empty()) && !fraction.is_empty()
}
