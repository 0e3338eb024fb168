//! Which language to speak: `--lang`, then the locale; Chinese where neither names one of ours.

use std::collections::BTreeMap;
use zhengai_model::text::Language;

/// The language for a command line and an environment. Looked for before parsing, because errors of parsing speak too.
pub(crate) fn language(words: &[String], environment: &BTreeMap<String, String>) -> Language {
    let flag = words.iter().enumerate().find_map(|(index, word)| match word.strip_prefix("--lang") {
        Some("") => words.get(index + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    if let Some(language) = flag.as_deref().and_then(parse) {
        return language;
    }
    ["ZHENGAI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| environment.get(*name))
        .find(|value| !value.is_empty())
        .and_then(|value| parse(value))
        .unwrap_or_default()
}

/// `en`, `en_US.UTF-8`, `zh-CN`, …; `C` and `POSIX` name no language.
fn parse(text: &str) -> Option<Language> {
    let main = text.split(['_', '-', '.', '@']).next().unwrap_or_default();
    match main.to_ascii_lowercase().as_str() {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::language;
    use std::collections::BTreeMap;
    use zhengai_model::text::Language;

    fn of(words: &[&str], environment: &[(&str, &str)]) -> Language {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let environment: BTreeMap<String, String> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        language(&words, &environment)
    }

    #[test]
    fn a_locale_that_names_no_language_of_ours_means_chinese() {
        assert_eq!(of(&[], &[]), Language::Chinese);
        assert_eq!(of(&[], &[("LANG", "C.UTF-8")]), Language::Chinese);
        assert_eq!(of(&[], &[("LANG", "fr_FR.UTF-8")]), Language::Chinese);
    }

    #[test]
    fn the_flag_beats_the_locale_and_the_stronger_variable_beats_the_weaker() {
        assert_eq!(of(&["zhengai", "--lang", "en"], &[("LANG", "zh_CN.UTF-8")]), Language::English);
        assert_eq!(of(&["zhengai", "--lang=zh-CN"], &[("LC_ALL", "en_GB")]), Language::Chinese);
        assert_eq!(of(&[], &[("LC_ALL", "en_GB"), ("LANG", "zh_CN")]), Language::English);
    }
}
