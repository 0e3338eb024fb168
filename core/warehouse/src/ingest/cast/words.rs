//! Text, yes or no, and codes: what a cell's words mean.

use std::collections::HashMap;
use zhengai_model::dataset::CodeTable;

/// A cell without the blanks and marks at its ends that nobody sees.
pub(crate) fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}'))
}

/// Reads yes or no.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "是" | "对" | "有" | "1" | "１" | "√" | "✓" | "Y" | "y" | "T" | "t" => return Some(true),
        "否" | "错" | "无" | "0" | "０" | "×" | "✗" | "N" | "n" | "F" | "f" => return Some(false),
        _ => {}
    }
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

/// Spellings of one code table and the codes that they mean.
#[derive(Debug, Clone)]
pub(crate) struct CodeReader {
    spellings: HashMap<String, String>,
    some: String,
}

/// How many codes a message names before it stops.
const NAMED: usize = 8;

impl CodeReader {
    /// Takes codes, labels and aliases; the code itself wins, and a label that two codes share means neither.
    pub(crate) fn new(table: &CodeTable) -> Self {
        let mut labels: HashMap<String, Option<&str>> = HashMap::new();
        for (code, labelled) in &table.code {
            let own = [labelled.zh.as_str(), labelled.en.as_str()].into_iter();
            for label in own.chain(labelled.aliases.iter().map(String::as_str)) {
                labels
                    .entry(folded(label))
                    .and_modify(|meant| *meant = meant.filter(|meant| *meant == code))
                    .or_insert(Some(code));
            }
        }
        for code in table.code.keys() {
            labels.insert(folded(code), Some(code));
        }
        let spellings = labels.into_iter().filter_map(|(label, code)| Some((label, code?.to_owned()))).collect();
        let some: Vec<&str> = table.code.values().take(NAMED).map(|code| code.zh.as_str()).collect();
        let more = if table.code.len() > NAMED { " …" } else { "" };
        Self { spellings, some: format!("{}{more}", some.join(" ")) }
    }

    /// The code that a text means.
    pub(crate) fn read(&self, text: &str) -> Option<&str> {
        match self.spellings.get(text) {
            Some(code) => Some(code),
            None => self.spellings.get(&folded(text)).map(String::as_str),
        }
    }

    /// Some labels, for messages.
    pub(crate) fn some(&self) -> &str {
        &self.some
    }
}

/// One spelling for letters that differ only in case or width.
pub(crate) fn folded(text: &str) -> String {
    let plain = trimmed(text).chars().map(|letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        other => other,
    });
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_both_languages() {
        for text in ["是", "1", "Y", "TRUE", "Yes", "√"] {
            assert_eq!(yes_or_no(text), Some(true), "{text}");
        }
        for text in ["否", "0", "n", "False", "NO", "×"] {
            assert_eq!(yes_or_no(text), Some(false), "{text}");
        }
        for text in ["2", "maybe", "是的吧", ""] {
            assert_eq!(yes_or_no(text), None, "{text}");
        }
    }

    #[test]
    fn a_label_that_two_codes_share_means_neither() {
        let table: CodeTable = serde_json::from_value(serde_json::json!({
            "code": {
                "M": {"zh": "男", "en": "male", "aliases": ["X"]},
                "F": {"zh": "女", "en": "female", "aliases": ["x", "妇"]},
            }
        }))
        .expect("a code table");
        let reader = CodeReader::new(&table);
        assert_eq!(reader.read("男"), Some("M"));
        assert_eq!(reader.read("f"), Some("F"));
        assert_eq!(reader.read("Ｆemale"), Some("F"));
        assert_eq!(reader.read("妇"), Some("F"));
        assert_eq!(reader.read("x"), None);
        assert_eq!(reader.read("未知"), None);
    }
}
