//! The words of a formula as somebody types it, whether or not they make sense together: for colouring, and for knowing
//! which word the cursor is in. Serves the language of values and the SQL of measures alike.

use serde::{Deserialize, Serialize};

/// What a word looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordKind {
    /// Digits.
    Number,
    /// A name: measure, field, function or keyword.
    Name,
    /// `@CODE`, complete or not.
    Code,
    /// `'text'`, closed or not.
    Quoted,
    /// An operator, a bracket or a comma.
    Sign,
    /// Anything else.
    Other,
}

/// One word with its place, in characters from 0; `end` is behind its last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Where it begins.
    pub start: usize,
    /// Where it is over.
    pub end: usize,
    /// What it looks like.
    pub kind: WordKind,
    /// Its letters.
    pub text: String,
}

/// All words of a text, in order; blanks lie between them.
pub fn words(text: &str) -> Vec<Word> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&first) = characters.get(at) {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, end) = word(&characters, at, first);
        found.push(Word { start: at, end, kind, text: characters.get(at..end).unwrap_or_default().iter().collect() });
        at = end;
    }
    found
}

/// The word that ends at the cursor or has it inside: what a completion would replace. Signs and closed quotes are
/// behind the cursor already.
pub fn word_at(words: &[Word], cursor: usize) -> Option<&Word> {
    words.iter().find(|word| {
        let wanted = matches!(word.kind, WordKind::Name | WordKind::Code | WordKind::Quoted);
        wanted && word.start < cursor && cursor <= word.end
    })
}

fn word(characters: &[char], at: usize, first: char) -> (WordKind, usize) {
    let run = |from: usize, belongs: fn(char) -> bool| {
        from + characters.iter().skip(from).take_while(|letter| belongs(**letter)).count()
    };
    match first {
        '0'..='9' => (WordKind::Number, run(at, |letter| letter.is_ascii_digit() || letter == '.')),
        '@' => (WordKind::Code, run(at + 1, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))),
        '\'' => {
            let inside = run(at + 1, |letter| letter != '\'');
            (WordKind::Quoted, if inside < characters.len() { inside + 1 } else { inside })
        }
        letter if letter.is_alphabetic() || letter == '_' => {
            (WordKind::Name, run(at, |letter| letter.is_alphanumeric() || letter == '_'))
        }
        '<' | '>' | '!' | '=' => {
            let second = characters.get(at + 1);
            let wide = matches!((first, second), (_, Some('=')) | ('<', Some('>')));
            (WordKind::Sign, at + 1 + usize::from(wide))
        }
        '+' | '-' | '−' | '*' | '×' | '/' | '÷' | '(' | ')' | ',' | '≥' | '≤' | '≠' | '.' => {
            (WordKind::Sign, at + 1)
        }
        _ => (WordKind::Other, at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{WordKind, word_at, words};

    fn kinds(text: &str) -> Vec<(&'static str, String)> {
        let name = |kind| match kind {
            WordKind::Number => "number",
            WordKind::Name => "name",
            WordKind::Code => "code",
            WordKind::Quoted => "quoted",
            WordKind::Sign => "sign",
            WordKind::Other => "other",
        };
        words(text).into_iter().map(|word| (name(word.kind), word.text)).collect()
    }

    #[test]
    fn every_word_has_its_kind_and_half_typed_ones_too() {
        let expected = [
            ("number", "100"),
            ("sign", "*"),
            ("name", "passed"),
            ("sign", "/"),
            ("code", "@STU-T"),
            ("sign", ">="),
            ("quoted", "'未结束"),
        ];
        let expected = expected.map(|(kind, text)| (kind, text.to_owned()));
        assert_eq!(kinds("100*passed / @STU-T >='未结束"), expected);
        assert_eq!(kinds("@"), [("code", "@".to_owned())]);
        assert_eq!(kinds("？#"), [("other", "？".to_owned()), ("other", "#".to_owned())]);
    }

    #[test]
    fn the_words_of_a_text_cover_everything_but_blanks() {
        let text = "round(100 * 通过 / max(taken, 1), 2) <> 'a''b' AND x.y != -3";
        let covered: String = words(text).into_iter().map(|word| word.text).collect();
        assert_eq!(covered, text.replace(' ', ""));
    }

    #[test]
    fn the_word_at_the_cursor_is_the_one_being_typed() {
        let words = words("100 * pas / @ST");
        let at = |cursor| word_at(&words, cursor).map(|word| word.text.as_str());
        assert_eq!(at(9), Some("pas"));
        assert_eq!(at(7), Some("pas"));
        assert_eq!(at(6), None, "before its first letter nothing is typed yet");
        assert_eq!(at(15), Some("@ST"));
        assert_eq!(at(3), None, "a number is not completed");
    }
}
