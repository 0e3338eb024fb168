//! Names in both languages, and messages by catalogue key. No sentence for a user is ever built here.

use serde::{Deserialize, Serialize};

/// A label in Chinese and English; both are required, so neither language ever shows a blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Chinese, shown by default.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Names {
    /// A pair of labels.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The label in the language, Chinese unless it is English.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// The two languages that are complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// `zh-CN`
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// `en`
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The tag used in catalogues: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// What to tell a person: a key of a Fluent catalogue and its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Message {
    /// Key in the catalogue of the room that says it.
    pub key: String,
    /// Named arguments, in the order given.
    pub args: Vec<(String, String)>,
}

impl Message {
    /// A message without arguments.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: Vec::new() }
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }
}
