//! What the console begins with. A flag or a variable of the person counts more; what is `auto` is asked of the terminal.

use super::{Config, Key, Kind};
use serde::Deserialize;
use zhengai_model::text::Language;

/// Left to the terminal.
const AUTO: &str = "auto";

pub(super) const KEYS: [Key; 5] = [
    Key { name: "console.language", kind: Kind::Language, default: "" },
    Key {
        name: "console.theme",
        kind: Kind::OneOf(&["dark", "light", "high-contrast", "colour-blind", "mono"]),
        default: "dark",
    },
    Key { name: "console.glyphs", kind: Kind::OneOf(&[AUTO, "unicode", "ascii"]), default: AUTO },
    Key { name: "console.ambiguous", kind: Kind::OneOf(&[AUTO, "narrow", "wide"]), default: AUTO },
    Key { name: "console.mouse", kind: Kind::OneOf(&["on", "off"]), default: "on" },
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileConsole {
    language: Option<String>,
    theme: Option<String>,
    glyphs: Option<String>,
    ambiguous: Option<String>,
    mouse: Option<String>,
}

impl FileConsole {
    pub(super) fn values(self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("console.language", self.language),
            ("console.theme", self.theme),
            ("console.glyphs", self.glyphs),
            ("console.ambiguous", self.ambiguous),
            ("console.mouse", self.mouse),
        ]
    }
}

/// What the console begins with, in the words of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSettings {
    /// Language, when one is set, for the console alone or for all.
    pub language: Option<Language>,
    /// Theme.
    pub theme: String,
    /// Glyphs, unless the terminal is to say.
    pub glyphs: Option<String>,
    /// Width of characters that may be one cell or two, unless the terminal is to say.
    pub ambiguous: Option<String>,
    /// Whether the console takes the mouse.
    pub mouse: bool,
}

impl Config {
    /// What the console begins with.
    pub fn console(&self) -> ConsoleSettings {
        let said = |name: &str| Some(self.text(name).to_owned()).filter(|word| word != AUTO);
        ConsoleSettings {
            language: self.language_of("console.language").or_else(|| self.language()),
            theme: self.text("console.theme").to_owned(),
            glyphs: said("console.glyphs"),
            ambiguous: said("console.ambiguous"),
            mouse: self.text("console.mouse") == "on",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use std::collections::BTreeMap;
    use std::path::Path;
    use zhengai_model::text::Language;

    #[test]
    fn a_flag_counts_more_than_the_environment_and_that_more_than_the_file() {
        let file = "language = \"zh-CN\"\n[console]\ntheme = \"light\"\nglyphs = \"ascii\"\nmouse = \"off\"\n";
        let environment = BTreeMap::from([
            ("ZHENGAI_CONSOLE_THEME".to_owned(), "mono".to_owned()),
            ("ZHENGAI_CONSOLE_GLYPHS".to_owned(), "unicode".to_owned()),
        ]);
        let flags = [("console.theme".to_owned(), "high-contrast".to_owned())];
        let config = Config::of_text(Path::new("zhengai.toml"), file, &environment, &flags).expect("settings");
        let console = config.console();
        assert_eq!(console.theme, "high-contrast");
        assert_eq!(console.glyphs.as_deref(), Some("unicode"));
        assert_eq!((console.language, console.ambiguous, console.mouse), (Some(Language::Chinese), None, false));
        let origins: Vec<(&str, &str)> = config
            .explain()
            .into_iter()
            .filter(|one| one.key.starts_with("console."))
            .map(|one| (one.key, one.origin.as_str()))
            .collect();
        assert_eq!(
            origins,
            [
                ("console.language", "default"),
                ("console.theme", "flag"),
                ("console.glyphs", "environment"),
                ("console.ambiguous", "default"),
                ("console.mouse", "file"),
            ]
        );
    }

    #[test]
    fn a_theme_that_nobody_knows_is_refused_with_its_key() {
        let file = "[console]\ntheme = \"pink\"\n";
        let refused = Config::of_text(Path::new("zhengai.toml"), file, &BTreeMap::new(), &[]);
        assert!(refused.expect_err("no such theme").to_string().contains("console.theme"));
    }
}
