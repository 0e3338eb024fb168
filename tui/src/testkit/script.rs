//! Keys as tests write them: `down down enter "就业率" ctrl+s`. A word is a key (`ctrl+s` or `ctrl-s`), what
//! stands in quotes of either kind is typed.

use crate::keymap::Chord;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key.
    Key(KeyEvent),
    /// Text pasted at once: `paste "…"`.
    Paste(String),
}

/// Steps in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script(pub Vec<Step>);

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// The word that is no key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text.trim_start();
        let mut paste = false;
        while !rest.is_empty() {
            if let Some(quote) = rest.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
                let quoted = rest.get(1..).unwrap_or_default();
                let (typed, after) = quoted.split_once(quote).ok_or_else(|| format!("no closing quote in {text:?}"))?;
                if std::mem::take(&mut paste) {
                    steps.push(Step::Paste(typed.to_owned()));
                } else {
                    steps.extend(
                        typed.chars().map(|letter| Step::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE))),
                    );
                }
                rest = after.trim_start();
                continue;
            }
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            match Chord::parse(word).or_else(|| Chord::parse(&word.replace('-', "+"))) {
                _ if word == "paste" => paste = true,
                Some(chord) => steps.push(Step::Key(chord.event())),
                None => return Err(format!("no key {word:?} in {text:?}")),
            }
            rest = after.trim_start();
        }
        Ok(Self(steps))
    }
}

#[cfg(test)]
mod tests {
    use super::{Script, Step};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn words_are_keys_and_quoted_text_is_typed_or_pasted() {
        let script = Script::parse(r#"down ctrl+s "就" paste "a b" x"#).expect("a script");
        let key = |code, modifiers| Step::Key(KeyEvent::new(code, modifiers));
        assert_eq!(
            script.0,
            [
                key(KeyCode::Down, KeyModifiers::NONE),
                key(KeyCode::Char('s'), KeyModifiers::CONTROL),
                key(KeyCode::Char('就'), KeyModifiers::NONE),
                Step::Paste("a b".to_owned()),
                key(KeyCode::Char('x'), KeyModifiers::NONE),
            ]
        );
        assert!(Script::parse("dwon").is_err());
        assert!(Script::parse("\"open").is_err());
    }
}
